"""Clients: each has one request at a time, follows the hint to the leader, and retries (§8)."""

import attrs

from raftviz.raft.because import Because, Reason
from raftviz.raft.log import Command
from raftviz.raft.messages import ClientResponse, Message, NotLeader
from raftviz.raft.names import Address, name
from raftviz.raft.values import NOTHING, value
from raftviz.sim.settings import Settings
from raftviz.sim.units import NEVER, ms


@value
class Operation:
    """A request that is not answered yet. ``asked`` is the server it was last sent to."""

    command: Command
    invoked_us: int
    asked: int
    attempts: int = 1


@value
class Client:
    """A client. It remembers who led when it last heard, and asks that server first.

    ``wake_us`` is when it loses patience with the server it asked; ``next_us`` when it sends its
    next request by itself, every ``every_us``.
    """

    id: Address
    serial: int = 0
    operation: Operation | None = None
    leader: int = 0
    wake_us: int = NEVER
    every_us: int = 0
    next_us: int = NEVER
    answered: int = 0
    last_result: str = ""

    @property
    def unknown(self) -> frozenset[str]:
        """What of it is not known, by name. Only a recording can leave something out."""
        return NOTHING

    @property
    def alarm_us(self) -> int:
        """The next instant at which the client does something by itself."""
        return min(self.wake_us, self.next_us)


ASK = Reason("client_asks", "§8", "{me} asks {other}: {command}.")
FOLLOW_HINT = Reason(
    "client_follows", "§8", "{me} was told that {other} leads, and asks there: {command}."
)
WAIT_FOR_LEADER = Reason(
    "client_waits", "§8", "{me} found no leader. It waits a little and asks another server."
)
RETRY = Reason(
    "client_retries",
    "§8",
    "{me} had no answer and cannot know whether its command was executed. It asks {other} again, "
    "with the same serial number, so that {command} is executed once.",
)
DONE = Reason("client_done", "§8", "{me} was told: {command} is committed and executed.")
OLD_ANSWER = Reason("client_done", "§8", "{me} was answered twice and ignores the second answer.")
SKIP = Reason("client_asks", "§8", "{me} still waits for an answer and sends nothing new.")

_MOMENT_US = ms(50)
"""How long a client waits when nobody leads: about a third of the shortest usual election."""


def ask(
    client: Client, command: Command, server: int, now_us: int, timeout_us: int
) -> tuple[Client, tuple[Because, ...]]:
    """Send a new request to ``server``."""
    after = attrs.evolve(
        client,
        serial=command.serial,
        operation=Operation(command, now_us, server),
        wake_us=now_us + timeout_us,
    )
    return after, (_because(ASK, after),)


def some_command(machine: str, key: str, number: int, client: Address) -> str:
    """A command that means something to this kind of machine, and tells apart who sent it when."""
    if machine == "counter":
        return f"+{number}"
    if machine == "lock":
        return f"{'lock' if number % 2 else 'unlock'} {name(client)}"
    return f"{key}={number}"


def send_next(
    client: Client, key: str, anyone: int, now_us: int, settings: Settings
) -> tuple[Client, tuple[Because, ...]]:
    """The client's own rhythm: a new request, unless the last one is still unanswered."""
    client = attrs.evolve(client, next_us=now_us + client.every_us)
    if client.operation is not None:
        return client, (Because(SKIP, {"me": client.id}),)
    serial = client.serial + 1
    text = some_command(settings.options.machine, key, serial, client.id)
    command = Command(text, client.id, serial)
    return ask(client, command, client.leader or anyone, now_us, settings.client_timeout_us)


def lose_patience(
    client: Client, servers: int, now_us: int, settings: Settings
) -> tuple[Client, tuple[Because, ...]]:
    """No answer in time: ask the next server, with the same serial number."""
    operation = client.operation
    assert operation is not None
    asked = client.leader or operation.asked % servers + 1
    return _send_again(client, asked, RETRY, now_us, settings.client_timeout_us)


def hear(
    client: Client, message: Message, now_us: int, settings: Settings
) -> tuple[Client, tuple[Because, ...]]:
    """An answer: done, or somebody else leads."""
    operation = client.operation
    serial = message.serial if isinstance(message, ClientResponse | NotLeader) else 0
    if operation is None or serial != operation.command.serial:
        return client, (Because(OLD_ANSWER, {"me": client.id}),)
    if isinstance(message, ClientResponse):
        because = (Because(DONE, {"me": client.id, "command": operation.command.text}),)
        done = attrs.evolve(
            client,
            operation=None,
            leader=operation.asked,
            wake_us=NEVER,
            answered=client.answered + 1,
            last_result=message.result,
        )
        return done, because
    assert isinstance(message, NotLeader)
    if message.leader_id and message.leader_id != operation.asked:
        return _send_again(
            attrs.evolve(client, leader=message.leader_id),
            message.leader_id,
            FOLLOW_HINT,
            now_us,
            settings.client_timeout_us,
        )
    waiting = attrs.evolve(client, leader=0, wake_us=now_us + _MOMENT_US)
    return waiting, (Because(WAIT_FOR_LEADER, {"me": client.id}),)


def _send_again(
    client: Client, server: int, reason: Reason, now_us: int, timeout_us: int
) -> tuple[Client, tuple[Because, ...]]:
    operation = client.operation
    assert operation is not None
    after = attrs.evolve(
        client,
        operation=attrs.evolve(operation, asked=server, attempts=operation.attempts + 1),
        # The hint is used once: if it leads nowhere, the next attempt goes round the servers.
        leader=0 if reason is RETRY else client.leader,
        wake_us=now_us + timeout_us,
    )
    return after, (_because(reason, after),)


def _because(reason: Reason, client: Client) -> Because:
    operation = client.operation
    assert operation is not None
    values = {"me": client.id, "other": operation.asked, "command": operation.command.text}
    return Because(reason, values)


def is_sent_anew(before: Client, operation: Operation) -> bool:
    """Whether ``operation`` is a new request or a new attempt, and so is sent now."""
    known = before.operation
    return (
        known is None or known.command != operation.command or known.attempts != operation.attempts
    )
