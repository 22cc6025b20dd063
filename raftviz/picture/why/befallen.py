"""What befell a message on its way, and what an act was about: cuts, crashes, acts, chance."""

from collections.abc import Iterator

from raftviz.picture.event_words import message_words
from raftviz.picture.why.here import Here, Link
from raftviz.raft.names import name
from raftviz.sim import acts
from raftviz.sim.acts import Act
from raftviz.sim.events import Acted, Delivered, Lost
from raftviz.sim.history import FLIGHTS_PER_EVENT, Record
from raftviz.sim.network import Flight, Network

_WORDS = {
    acts.Drop: "you dropped it",
    acts.Deliver: "you let it through",
    acts.Delay: "you delayed it",
    acts.Duplicate: "you doubled it",
    acts.Hold: "you held it",
    acts.Release: "you let it go on",
    acts.Resume: "it had waited until you resumed the server",
    acts.Heal: "you healed the network before it was stopped",
    acts.Restore: "you restored the link before it was stopped",
    acts.Partition: "you cut the network in two",
    acts.Cut: "you cut the link",
}


def message(here: Here, flight: Flight) -> Iterator[Link]:
    """What somebody did to a message between its start and its end, and why it was lost."""
    for number, _ in here.threads.tracks.backwards(("detour", flight.id), here.number):
        yield Link(number, act_words(here.threads.branch[number]))
    if here.number and here.record.time_us == here.threads.branch[here.number - 1].time_us:
        previous = here.threads.branch[here.number - 1]
        if _is_about(previous, flight):
            yield Link(here.number - 1, act_words(previous))
    event = here.record.event
    if isinstance(event, Lost):
        yield from _lost(here, flight, event.why)
    elif isinstance(event, Delivered) and event.waits:
        yield from _stopped(here, flight.target)


def _is_about(record: Record, flight: Flight) -> bool:
    event = record.event
    return (
        isinstance(event, Acted)
        and isinstance(event.act, acts.OnMessage)
        and not event.note
        and event.act.choice.id == flight.id
    )


def act_words(record: Record) -> str:
    """What an act did to a message on its way."""
    act = record.event.act if isinstance(record.event, Acted) else None
    return _WORDS.get(type(act), "something was done to it on its way")


def _lost(here: Here, flight: Flight, why: str) -> Iterator[Link]:
    if why == "crashed":
        yield from _stopped(here, flight.target)
    elif why == "cut":
        event = _cut_since(here, flight)
        yield Link(event, "the link was cut")
    elif why == "loss":
        yield from _by_chance(here, flight)


def _cut_since(here: Here, flight: Flight) -> int:
    """The act that cut the link, as it was when the message was stopped."""
    for event, _ in here.threads.tracks.backwards("network", here.number):
        record = here.threads.branch[event]
        if _is_cut(record.after, flight) and not _is_cut(record.before, flight):
            return event
    return -1


def _is_cut(network: object, flight: Flight) -> bool:
    return isinstance(network, Network) and network.is_cut(flight.source, flight.target)


def _by_chance(here: Here, flight: Flight) -> Iterator[Link]:
    """How likely it was, and who made it so."""
    branch = here.threads.branch
    for event, _ in here.threads.tracks.backwards("network", flight.cause):
        record = branch[event]
        if _loss(record.after, flight) != _loss(record.before, flight):
            yield Link(event, f"this link loses {_loss(record.after, flight):.0%} of its messages")
            return
    loss = _loss(here.threads.history.start.network, flight)
    yield Link(-1, f"this link loses {loss:.0%} of its messages, and chance took this one")


def _loss(network: object, flight: Flight) -> float:
    if not isinstance(network, Network):
        return 0.0
    return network.quality_of(flight.source, flight.target).loss


def act(here: Here, done: Act) -> Iterator[Link]:
    """What an act was about: the message that it names, the crash that a restart ends."""
    if isinstance(done, acts.OnMessage) and done.choice.id is not None:
        flight = _named(here, done.choice.id)
        if flight is not None:
            sent = f"{name(flight.source)} sent {message_words(flight.message)}"
            yield Link(flight.cause, f"{sent} to {name(flight.target)}")
    elif isinstance(done, acts.Restart | acts.Resume):
        yield from _stopped(here, here.record.part)


def _stopped(here: Here, server: int) -> Iterator[Link]:
    stopped = here.stopped(server, here.number)
    if stopped is not None:
        event, status = stopped
        yield Link(event, f"{name(server)} was {status.value} since then")


def _named(here: Here, flight_id: int) -> Flight | None:
    number = flight_id // FLIGHTS_PER_EVENT
    if number >= here.number:
        return None
    return next((f for f in here.threads.branch[number].flights if f.id == flight_id), None)
