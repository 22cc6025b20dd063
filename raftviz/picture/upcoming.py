"""What may happen next, in words, and the acts that let it happen, hold it up or prevent it.

The student plays the adversary: they pick any of these, in any order. Each is something that an
asynchronous network, a clock that runs fast or slow, or a slow disk may do, and nothing else is.
"""

from collections.abc import Iterator

from raftviz.picture.event_words import message_words
from raftviz.picture.primitives import Picked, PickedClient, PickedMessage, PickedServer
from raftviz.raft.messages import message_name
from raftviz.raft.names import name
from raftviz.raft.server import Candidate, Leader
from raftviz.raft.values import value
from raftviz.sim import acts
from raftviz.sim.client import Client
from raftviz.sim.history import Moment, State
from raftviz.sim.host import Host, Status
from raftviz.sim.network import Flight, Held
from raftviz.sim.targets import choice_of
from raftviz.sim.units import NEVER, in_ms
from raftviz.sim.upcoming import Kind, Upcoming, upcoming


@value(eq=False)
class Next:
    """All that may happen next at a moment, in order; each row in words when it is asked for."""

    state: State
    rows: tuple[Upcoming, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, address: int) -> "Next":
        """What concerns one server or client."""
        return Next(self.state, tuple(row for row in self.rows if row.concerns(address)))

    def first(self) -> Upcoming | None:
        """What happens next by itself; None when nothing does."""
        return self.rows[0] if self.rows and self.rows[0].due_us < NEVER else None


def what_is_next(moment: Moment) -> Next:
    """All that may happen next at ``moment``."""
    state = moment.state
    return Next(state, tuple(upcoming(state)))


# In words


def sentence(state: State, row: Upcoming) -> str:
    """What happens when it is let happen now, in a plain sentence."""
    if row.flight is not None:
        return _arrival(state, row.flight)
    if row.kind is Kind.CLIENT:
        return _client(state.clients[row.who])
    host = state.hosts[row.who]
    if row.kind is Kind.TIMER:
        return _timer(host)
    if row.kind is Kind.BATCH:
        return f"{name(host.id)} sends the commands that it has gathered."
    return _write(host)


def _arrival(state: State, flight: Flight) -> str:
    words, source, target = message_words(flight.message), name(flight.source), name(flight.target)
    status = state.hosts[flight.target].status if flight.target > 0 else Status.UP
    if status is Status.CRASHED:
        return f"{words[0].upper()}{words[1:]} from {source} finds {target} down and is lost."
    if status is Status.PAUSED:
        return f"{words[0].upper()}{words[1:]} from {source} waits for {target}, which is paused."
    return f"{target} {'receives' if flight.target > 0 else 'gets'} {words} from {source}."


def _timer(host: Host) -> str:
    server = host.server
    if isinstance(server.role, Leader):
        return f"{name(host.id)}'s timer runs out: it sends heartbeats."
    again = "another" if isinstance(server.role, Candidate) else "an"
    return f"{name(host.id)} times out and begins {again} election, for term {server.current_term + 1}."


def _write(host: Host) -> str:
    if host.disk.fails:
        return f"{name(host.id)}'s disk fails to write, and tries again."
    waiting = len(host.disk.writes[0].messages)
    if not waiting:
        return f"{name(host.id)}'s disk finishes a write."
    messages = "one message leaves" if waiting == 1 else f"{waiting} messages leave"
    return f"{name(host.id)}'s disk finishes a write: {messages}."


def _client(client: Client) -> str:
    if client.wake_us > client.next_us:
        return f"{name(client.id)} sends its next request."
    operation = client.operation
    command = operation.command.text if operation else "its request"
    return f"{name(client.id)} waits no longer and asks again: {command}."


def due_words(row: Upcoming, time_us: float) -> str:
    """When it happens by itself: “in 3.2 ms”, “now”, “lost in 3.2 ms”, “held”."""
    if isinstance(row.flight, Held):
        return "held"
    if row.due_us >= NEVER:
        return "when you say so"
    left = row.due_us - time_us
    words = "now" if left <= 0 else f"in {in_ms(round(left)):,.1f} ms"
    lost = row.flight is not None and row.flight.lost_us is not None
    return f"lost {words}" if lost else words


def about(row: Upcoming) -> str:
    """What it is, in the words of the paper: “RequestVote S1 → S3, term 2”, “timer of S2”."""
    flight = row.flight
    if flight is not None:
        term = getattr(flight.message, "term", 0)
        ends = f"{name(flight.source)} → {name(flight.target)}"
        return f"{message_name(flight.message)} {ends}{f', term {term}' if term else ''}"
    what = {Kind.WRITE: "disk", Kind.TIMER: "timer", Kind.BATCH: "batch", Kind.CLIENT: "client"}
    return f"{what[row.kind]} of {name(row.who)}" if row.who > 0 else f"client {name(row.who)}"


# What can be done


def picked(row: Upcoming) -> Picked:
    """What it is about, as one points at it on the canvas."""
    if row.flight is not None:
        return PickedMessage(row.flight.id)
    return PickedServer(row.who) if row.who > 0 else PickedClient(row.who)


def lights(row: Upcoming) -> frozenset[Picked]:
    """What lights up on the canvas while somebody points at it: a message and its receiver."""
    if row.flight is None:
        return frozenset({picked(row)})
    target = row.flight.target
    return frozenset({picked(row), PickedServer(target) if target > 0 else PickedClient(target)})


def letting(row: Upcoming) -> acts.Act:
    """The act that lets it happen now."""
    match row.kind:
        case Kind.ARRIVAL:
            assert row.flight is not None
            return acts.Deliver(choice_of(row.flight))
        case Kind.TIMER:
            return acts.Timeout(row.who)
        case Kind.WRITE:
            return acts.FinishWrite(row.who)
        case Kind.BATCH:
            return acts.SendBatch(row.who)
    return acts.Wake(-row.who)


def choices(row: Upcoming) -> Iterator[acts.Act]:
    """Everything that can be done about it; to let it happen comes first."""
    yield letting(row)
    if row.flight is not None:
        choice = choice_of(row.flight)
        yield acts.Release(choice) if isinstance(row.flight, Held) else acts.Hold(choice)
        yield acts.Drop(choice)
        yield acts.Duplicate(choice)
