"""A message as a page: what it is for, who sent it and why, what became of it and what that did."""

from collections.abc import Iterator

from raftviz.picture.event_words import message_words
from raftviz.picture.primitives import (
    Picked,
    PickedClient,
    PickedMessage,
    PickedServer,
)
from raftviz.picture.timeline_hit import message_title
from raftviz.picture.why.befallen import act_words
from raftviz.picture.why.page import Page, Step, Told, step_to
from raftviz.picture.why.threads import Threads
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    ClientResponse,
    InstallSnapshotRequest,
    InstallSnapshotResponse,
    Message,
    NotLeader,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.names import name
from raftviz.sim.events import Delivered, Lost
from raftviz.sim.history import FLIGHTS_PER_EVENT, Branch, Moment
from raftviz.sim.network import Flight

_MEANING: dict[type[Message], Told] = {
    RequestVoteRequest: Told(
        "A candidate asks for a vote, and says how far its log reaches.",
        ("§5.2", "§5.4.1"),
        "start-election",
    ),
    RequestVoteResponse: Told("The answer to a candidate.", ("§5.2",), "count-votes"),
    AppendEntriesRequest: Told(
        "A leader sends what the follower lacks, and says where it is to follow.",
        ("§5.3",),
        "send-entries",
    ),
    AppendEntriesResponse: Told(
        "A follower says up to where it holds the leader's entries, or that it does not agree.",
        ("§5.3",),
        "count-copies",
    ),
    InstallSnapshotRequest: Told(
        "A leader sends a piece of its snapshot: it no longer has the entries.",
        ("§7",),
        "send-chunks",
    ),
    InstallSnapshotResponse: Told(
        "A follower says how much of the snapshot it has.", ("Figure 13",), "store-chunk"
    ),
    ClientRequest: Told("A client asks for a command to be executed.", ("§8",), "ask-leader"),
    ClientResponse: Told(
        "The command is committed and executed, and this is its result.",
        ("§8",),
        "answer-committed",
    ),
    NotLeader: Told("Only the leader takes requests.", ("§8",), "name-leader"),
}

_HEARTBEAT = Told(
    "A leader says that it leads, so that nobody starts an election.", ("§5.2",), "heartbeat"
)


def flight_of(branch: Branch, flight_id: int) -> Flight | None:
    """A message as it was sent; None if this branch has no such message."""
    number = flight_id // FLIGHTS_PER_EVENT
    if not 0 <= number < len(branch):
        return None
    return next((f for f in branch[number].flights if f.id == flight_id), None)


def endings_of(threads: Threads, flight: Flight) -> list[int]:
    """The events that ended a message; mail that waited for a paused server arrives twice."""
    branch = threads.branch
    return [n for n in threads.consequences(flight.cause) if branch[n].ended == flight.id]


def message_page(threads: Threads, moment: Moment, picked: PickedMessage) -> Page | None:
    """What led to a message, and what it did."""
    branch = moment.branch
    flight = flight_of(branch, picked.flight_id)
    if flight is None:
        return None
    endings = endings_of(threads, flight)
    return Page(
        picked,
        message_title(flight),
        f"a message, {_state(moment, endings)}",
        (_meaning(flight.message),),
        tuple(_led(threads, moment, flight)),
        tuple(_caused(threads, moment, endings)),
        flight.cause,
        frozenset({picked, _end(flight.source), _end(flight.target)}),
    )


def _state(moment: Moment, endings: list[int]) -> str:
    past = [event for event in endings if event < moment.count]
    event = moment.branch[past[-1]].event if past else None
    if isinstance(event, Lost):
        return "lost"
    if isinstance(event, Delivered):
        return "waiting for its receiver" if event.waits else "arrived"
    return "in flight"


def _meaning(message: Message) -> Told:
    if isinstance(message, AppendEntriesRequest) and not message.entries:
        return _HEARTBEAT
    return _MEANING[type(message)]


def _led(threads: Threads, moment: Moment, flight: Flight) -> Iterator[Step]:
    branch = moment.branch
    sent = f"{name(flight.source)} sent {message_words(flight.message)}"
    yield step_to(branch, flight.cause, sent, moment.count)
    detours = list(threads.tracks.backwards(("detour", flight.id), len(branch)))
    for event, _ in reversed(detours):
        yield step_to(branch, event, act_words(branch[event]), moment.count)


def _caused(threads: Threads, moment: Moment, endings: list[int]) -> Iterator[Step]:
    branch = moment.branch
    if not endings:
        yield Step("It is still on its way")
    for event in endings:
        yield step_to(branch, event, "", moment.count)
    for event in endings:
        for further in threads.consequences(event):
            yield step_to(branch, further, "", moment.count)


def _end(address: int) -> Picked:
    return PickedServer(address) if address > 0 else PickedClient(address)
