"""Why an event differs: the earlier difference that made it so, and from there back to the parting.

An event follows from what it found and from what came in. What came in was sent, and something may
have become of it on its way; what it found was left by an earlier event. Wherever that differs in
the two lines, an earlier difference made it differ, until one arrives at what somebody did, or at
how the two began.
"""

from enum import Enum

from raftviz.compare.comparison import Comparison, Kind
from raftviz.compare.content import kindred_flights
from raftviz.compare.fields import RULES, Field, differing, value_of
from raftviz.raft.names import Address
from raftviz.raft.values import value
from raftviz.sim.acts import OnMessage
from raftviz.sim.events import Acted, Delivered, Lost, TimedOut, Woke, Wrote
from raftviz.sim.history import FLIGHTS_PER_EVENT, NETWORK, Part, Record
from raftviz.sim.network import Flight


class Why(Enum):
    """How a difference follows from an earlier one."""

    ACT = "act"
    """It does not: somebody did it, in one line only."""
    START = "start"
    """It follows from how the two lines began: they have other settings, or other pasts."""
    SENT = "sent"
    """That event sent the message, or sent it with other content."""
    FATE = "fate"
    """That act decided what became of the message on its way."""
    LINK = "link"
    """Since that act the message's link treats messages otherwise."""
    STATE = "state"
    """Since that event the server, client or network holds something else in ``field``."""


@value
class Link:
    """Why a difference is one, and the index of the earlier one it follows from, if any.

    For ``STATE``: the part of the world and the field in which the two lines differed.
    """

    why: Why
    to: int | None = None
    part: Address = NETWORK
    field: Field | None = None


def chain(comparison: Comparison, index: int) -> list[tuple[int, Link]]:
    """A difference and why, the one it follows from and why, and so on back to the parting."""
    found: list[tuple[int, Link]] = []
    at: int | None = index
    while at is not None:
        link = cause(comparison, at)
        found.append((at, link))
        at = link.to
    return found


def cause(comparison: Comparison, index: int) -> Link:
    """Why a difference is one. What it follows from always comes before it."""
    left, right = comparison.records(index)
    if (left is None) != (right is None):
        only = left or right
        if only is not None and isinstance(only.event, Acted):
            return Link(Why.ACT)
    return _by_what_came_in(comparison, index) or _by_what_it_found(comparison, index)


def cause_of_field(comparison: Comparison, before: int, part: Address, field: Field) -> Link:
    """Why a part of the world differs in a field behind the first ``before`` differences."""
    for index in comparison.about(part, before):
        for record in comparison.records(index):
            if (
                record is not None
                and record.part == part
                and value_of(record.before, field) != value_of(record.after, field)
            ):
                return Link(Why.STATE, index, part, field)
    return Link(Why.START, None, part, field)


# What came in


def _by_what_came_in(comparison: Comparison, index: int) -> Link | None:
    """Why a message came, or what stands in it; None if that is no difference, or not the point."""
    left, right = comparison.records(index)
    f, g = _flight_of(left), _flight_of(right)
    if f is None and g is None:
        return None
    side = Kind.LEFT if f is not None else Kind.RIGHT
    flight = f or g
    assert flight is not None
    if f is not None and g is not None:
        if f.message != g.message:
            return _sending(comparison, index, side, flight)
        if _ending_of(left) == _ending_of(right):
            return None  # the same came in: what differs is what it found
        twin: Flight | None = g
    else:
        twin = twin_of(comparison, side, flight)
    if twin is None:
        return _sending(comparison, index, side, flight)
    return _fate(comparison, index, side, flight, twin)


def _flight_of(record: Record | None) -> Flight | None:
    event = record.event if record is not None else None
    return event.flight if isinstance(event, Delivered | Lost) else None


def _ending_of(record: Record | None) -> tuple[object, ...]:
    event = record.event if record is not None else None
    if isinstance(event, Delivered):
        return (Delivered, event.waits)
    return (Lost, event.why) if isinstance(event, Lost) else ()


def twin_of(comparison: Comparison, side: Kind, flight: Flight) -> Flight | None:
    """The message of the other line that goes with one of this line; None if none was sent."""
    number = flight.id // FLIGHTS_PER_EVENT
    if number < comparison.shared:
        return flight
    there = comparison.partner(side, number)
    if there is None:
        return None
    alike = [f for f in _put(comparison, side, number) if kindred_flights(f, flight)]
    place = [f.id for f in alike].index(flight.id)
    twins = [f for f in _put(comparison, side.other, there) if kindred_flights(f, flight)]
    return twins[place] if place < len(twins) else None


def _put(comparison: Comparison, side: Kind, number: int) -> list[Flight]:
    """The messages that an event put on their way; an act also lists those it sent another way."""
    flights = comparison.line(side).branch[number].flights
    return [f for f in flights if f.id // FLIGHTS_PER_EVENT == number]


def _sending(comparison: Comparison, index: int, side: Kind, flight: Flight) -> Link | None:
    sender = comparison.of_event(side, flight.id // FLIGHTS_PER_EVENT)
    return Link(Why.SENT, sender) if sender is not None and sender < index else None


def _fate(
    comparison: Comparison, index: int, side: Kind, flight: Flight, twin: Flight
) -> Link | None:
    """Why a message that was sent in both lines ended otherwise."""
    sent = comparison[index].at(side), comparison[index].at(side.other)
    first = flight.id // FLIGHTS_PER_EVENT, twin.id // FLIGHTS_PER_EVENT
    ids = {side: flight.id, side.other: twin.id}
    begin = comparison.place(*(first if side is Kind.LEFT else first[::-1]))
    for earlier in range(index - 1, begin - 1, -1):
        records = comparison.records(earlier)
        for where, record in zip((Kind.LEFT, Kind.RIGHT), records, strict=True):
            if record is not None and _acts_on(record, ids[where]):
                return Link(Why.FATE, earlier)
    receiver = _found(comparison, sent, side, flight.target)
    if Field("status") in differing(*receiver):
        return cause_of_field(comparison, index, flight.target, Field("status"))
    for field in differing(*_found(comparison, first, side, NETWORK)):
        if field == RULES:
            continue  # no link asks for them
        link = cause_of_field(comparison, begin, NETWORK, field)
        return Link(Why.LINK, link.to, NETWORK, field)
    return _sending(comparison, index, side, flight)


def _acts_on(record: Record, flight_id: int) -> bool:
    """Whether an event is an act on a message in flight: on it alone, or on its link or receiver."""
    event = record.event
    if not isinstance(event, Acted):
        return False
    if isinstance(event.act, OnMessage):
        return not event.note and event.act.choice.id == flight_id
    return any(flight.id == flight_id for flight in record.flights)


# What it found


def _found(
    comparison: Comparison, counts: tuple[int, int], side: Kind, part: Address
) -> tuple[Part | None, Part | None]:
    """A part of the world in the line of ``side`` and in the other, behind so many events each."""
    lines = comparison.line(side), comparison.line(side.other)
    here, there = (
        line.history.part_at(line.branch, part, count)
        for line, count in zip(lines, counts, strict=True)
    )
    return here, there


def _by_what_it_found(comparison: Comparison, index: int) -> Link:
    difference = comparison[index]
    counts = difference.left, difference.right
    records = comparison.records(index)
    for record in records:
        if record is not None:
            found = _found(comparison, counts, Kind.LEFT, record.part)
            fields = differing(*found)
            if fields:
                field = _telling(record, fields)
                return cause_of_field(comparison, index, record.part, field)
    if RULES in differing(*_found(comparison, counts, Kind.LEFT, NETWORK)):
        return cause_of_field(comparison, index, NETWORK, RULES)
    if comparison.left.history is not comparison.right.history and not index:
        return Link(Why.START)
    return _by_anything(comparison, index)


def _telling(record: Record, fields: tuple[Field, ...]) -> Field:
    """Of the fields that differ, the one that most likely made this event differ."""
    if isinstance(record.event, Woke) and record.event.address < 0:
        for field in fields:
            if value_of(record.before, field) == record.time_us:
                return field
    first = _FIRST.get(type(record.event), ())
    return next((field for name in first for field in fields if field.name == name), fields[0])


_FIRST: dict[type, tuple[str, ...]] = {
    TimedOut: ("status", "times out"),
    Wrote: ("status", "writes", "disk full"),
    Woke: ("status", "sends its batch"),
}
"""What an event that comes by itself depends on before all else."""


def _by_anything(comparison: Comparison, index: int) -> Link:
    """Words may mean somebody else in each line (“the leader”): what differs anywhere counts."""
    difference = comparison[index]
    counts = difference.left, difference.right
    parts = {*comparison.left.history.start.hosts, *comparison.right.history.start.hosts, NETWORK}
    for line, count in zip((comparison.left, comparison.right), counts, strict=True):
        parts |= line.branch.parts(count)
    links = [
        cause_of_field(comparison, index, part, fields[0])
        for part in sorted(parts)
        if (fields := differing(*_found(comparison, counts, Kind.LEFT, part)))
    ]
    latest = max(links, key=lambda link: -1 if link.to is None else link.to, default=None)
    if latest is not None:
        return latest
    # Only what is in flight differs, or the rules of a world that was given others by hand.
    return Link(Why.STATE, index - 1) if index else Link(Why.START)
