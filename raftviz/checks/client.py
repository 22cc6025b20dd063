"""What a client may count on once it was told "done" (§8)."""

from raftviz.checks.ledger import Fact, Ledger
from raftviz.checks.machines import repeated
from raftviz.checks.seen import Broken, Seen
from raftviz.raft.log import Command, Entry
from raftviz.raft.machine import Replica
from raftviz.raft.messages import ClientResponse
from raftviz.raft.names import name
from raftviz.sim.client import Client
from raftviz.sim.events import Delivered
from raftviz.sim.history import Record


def acknowledged_not_lost(seen: Seen) -> Broken | None:
    """What a client was told is done is committed, stays so, and was executed once.

    Whenever a server tells a client that a command is done, that command stands in an entry which
    some server knows to be committed. No server ever applies another entry in that entry's place.
    No server's state ever shows a command of a client a second time, though it may stand in the
    log twice. And what a client hears as the result is what its command led to when it was first
    executed.

    That an answer which was lost is repeated, and a command with no answer may be done or not, is
    as it should be.
    """
    for flight in seen.flights:
        message = flight.message
        if (
            isinstance(message, ClientResponse)
            and not _is_committed(seen, flight.target, message.serial)
            and not any(host.unknown & _OF_COMMITS for host in seen.ledger.hosts.values())
        ):
            return Broken(
                f"{name(seen.new.id)} tells {name(flight.target)} that its command "
                f"{message.serial} is done, but nobody knows it to be committed.",
                frozenset({seen.new.id}),
                seen.record.cause,
                key=(flight.target, message.serial),
            )
    return None


_OF_COMMITS = frozenset({"commit_index", "log", "entries", "clients"})
"""What must be known of all servers to say that nobody has committed a client's command."""


def _is_committed(seen: Seen, client: int, serial: int) -> bool:
    known = seen.find(("command", client, serial))
    if known is None:
        return False
    seen.first(("told", client, serial), known.value)
    return True


def stays_acknowledged(seen: Seen) -> Broken | None:
    """``acknowledged_not_lost`` where a server applies entries."""
    known = seen.conflict
    if known is not None:
        assert isinstance(known.value, Entry)  # what was applied
        command = known.value.command
        if command is not None:
            return _is_lost(seen, known, command)
    if seen.contradicted and (text := repeated(seen)):
        assert seen.replayed is not None  # what contradicts it
        return Broken(
            f"{name(seen.new.id)} executed {text} a second time: its client had asked twice, "
            "having had no answer.",
            frozenset({seen.new.id}),
            seen.replayed.event if seen.replayed.event < seen.number else -1,
            seen.new.last_applied,
        )
    return None


def _is_lost(seen: Seen, known: Fact, command: Command) -> Broken | None:
    told = seen.find(("told", command.client, command.serial))
    if told is None:
        return None
    assert isinstance(told.value, int)
    return Broken(
        f"{name(told.server)} told {name(command.client)} that {command.text} is done, and "
        f"{name(known.server)} applied it; {name(seen.new.id)} applied something else instead.",
        frozenset({told.server, known.server, seen.new.id}),
        told.event,
        told.value,
    )


def heard(ledger: Ledger, record: Record, before: Client, after: Client) -> Broken | None:
    """``acknowledged_not_lost`` for a client that was just told "done"."""
    operation, event = before.operation, record.event
    if operation is None or not isinstance(event, Delivered):
        return None
    command = operation.command
    known, result = _first_result(ledger, command)
    if known is None or result == after.last_result:
        return None
    server = event.flight.source
    return Broken(
        f"{name(server)} told {name(after.id)} that {command.text} gave “{after.last_result}”, "
        f"but it gave “{result}” when {name(known.server)} executed it.",
        frozenset({server, known.server}),
        event.flight.cause,
        key=(after.id, command.serial),
    )


def _first_result(ledger: Ledger, command: Command) -> tuple[Fact | None, str]:
    """What a command gave when it was first executed, and who executed it; None if nobody has."""
    where = ledger.find(("command", command.client, command.serial))
    applied = ledger.find(("applied", where.value)) if where is not None else None
    if applied is None:
        return None, ""
    assert isinstance(applied.value, Entry)
    known = ledger.find(("replica", applied.value.index, applied.value.term))
    if known is None:
        return None, ""
    assert isinstance(known.value, Replica)
    serial, result = known.value.sessions.get(command.client, (0, ""))
    return (known, result) if serial == command.serial else (None, "")
