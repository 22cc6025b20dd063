"""Messages on their way, as the lines tell of them: sent, sent on another way, and at their end."""

from typing import NamedTuple

import attrs

from raftviz.raft.messages import message_name
from raftviz.raft.names import Address, name
from raftviz.sim.history import FLIGHTS_PER_EVENT
from raftviz.sim.network import Flight, Held
from raftviz.sim.partly import PartlyKnownFlight
from raftviz.sim.recording.drafts import Recall
from raftviz.sim.recording.fields import (
    Json,
    Wrong,
    fraction,
    get,
    integer,
    items,
    known_keys,
    line_of_text,
    mapping,
    need,
    shown,
    text,
)
from raftviz.sim.recording.messages import OF_MESSAGES
from raftviz.sim.recording.scanning import Ending, Foresight
from raftviz.sim.recording.schema import MAX_NAME, MAX_NUMBER, MAX_TIME_US
from raftviz.sim.recording.tracks import Track

Told = dict[str, Json]

_WAY = frozenset({"arrives_us", "lost_us", "why", "since_us", "progress", "held"})
_ENVELOPE = frozenset({"id", "from", "to", "sent_us", "cause"})
_SENT = _WAY | _ENVELOPE | OF_MESSAGES
_ENDS = frozenset({"id", "type", "from", "to"})
_ENDED = frozenset({"id", "from", "to"}) | OF_MESSAGES


class _Way(NamedTuple):
    """How a message goes on: the last fields of a ``Flight``, in their order."""

    arrives_us: int
    lost_us: int | None = None
    lost_why: str = ""
    since_us: int = -1
    progress: float = 0.0


class FlightReader:
    """Reads messages. ``branch`` is that of the line that is being read."""

    def __init__(self, recall: Recall, foresight: Foresight) -> None:
        self._recall = recall
        self._foresight = foresight
        self._nameless = 0
        self.branch: Json = 0
        self.read = 0
        """How many have been read."""

    # Sending

    def sent(self, track: Track, value: Json, sender: Address) -> tuple[Flight, ...]:
        """The messages that an event puts on their way, or on another way."""
        found = items(value)
        self.read += len(found)
        if len(found) >= FLIGHTS_PER_EVENT:
            raise Wrong(f"at most {FLIGHTS_PER_EVENT - 1:,} messages are sent at once", "sends")
        flights: list[Flight] = []
        for at, item in enumerate(found):
            try:
                flights.append(self._one(track, mapping(item), sender, flights))
            except Wrong as wrong:
                raise wrong.under("sends", at) from None
        return tuple(flights)

    def _one(self, track: Track, told: Told, sender: Address, others: list[Flight]) -> Flight:
        if not _SENT.issuperset(told):
            known_keys(told, _SENT)
        name = get(told, "id", _id, None)
        known = self._known(track, name, sender)
        if known is None:
            flight = self._new(track, told, sender, others)
        else:
            flight = self._on_another_way(track, known, told)
        self._nameless += name is None
        track.launch(("nameless", self._nameless) if name is None else name, flight)
        if flight.lost_why == "untold" and flight.lost_us is not None:
            track.give_up(flight, flight.lost_us)
        return flight

    def _known(self, track: Track, name: Json, sender: Address) -> Flight | None:
        """The message of this name, if it is on its way already or waits at a paused server."""
        if name in track.sent:
            return track.on_its_way(name)
        host = track.hosts.get(sender)
        waiting = host.backlog if host is not None else ()
        return next((flight for flight in waiting if flight.id == name), None)

    def _on_another_way(self, track: Track, flight: Flight, told: Told) -> Flight:
        if any(key in _SENT - _WAY - {"id"} for key in told):
            raise Wrong("a message of this id is on its way already", "id")
        free = flight.caught if isinstance(flight, Held) else flight
        way = self._way(told, track.time_us)
        if "held" not in told:
            return attrs.evolve(free, **way._asdict())
        caught = need(told, "held", lambda it: self._way(_way_of(it), free.sent_us))
        if isinstance(free, PartlyKnownFlight):
            raise Wrong("a message that is held is wholly known", "held")
        free = attrs.evolve(free, **caught._asdict())
        first = (free.id, free.source, free.target, free.message, free.cause, free.sent_us)
        return Held(*first, *way, caught=free)

    def _new(self, track: Track, told: Told, sender: Address, others: list[Flight]) -> Flight:
        names, place = self._recall.names, len(track)
        source = get(told, "from", names.address, sender)
        target = need(told, "to", names.address)
        _check_ends(track, source, target, sender)
        message, unknown = self._recall.messages.message(_fields(told), source)
        if "held" in told:
            raise Wrong("only a message that is on its way can be held", "held")
        sent_us = get(told, "sent_us", self._recall.clock.instant, track.time_us)
        if sent_us > track.time_us:
            raise Wrong("it is sent later than now", "sent_us")
        cause = place
        if "cause" in told:
            cause = need(told, "cause", lambda it: track.event(integer(it)))
        name = told.get("id")
        number = _flight_id(name, place, others)
        is_told = "arrives_us" in told or "lost_us" in told
        way = self._way(told, sent_us) if is_told else self._foreseen(name, sent_us)
        rest = (number, source, target, message, cause, sent_us, *way)
        return PartlyKnownFlight(*rest, unknown) if unknown else Flight(*rest)

    def _way(self, told: Told, since_us: int) -> _Way:
        """The way that is told."""
        arrives_us = need(told, "arrives_us", self._recall.clock.alarm)
        lost_us = get(told, "lost_us", self._recall.clock.instant, None)
        if arrives_us < since_us:
            raise Wrong("a message cannot arrive before it is sent", "arrives_us")
        if lost_us is not None and lost_us < since_us:
            raise Wrong("a message cannot be lost before it is sent", "lost_us")
        why = get(told, "why", line_of_text, "" if lost_us is None else "loss")
        if "since_us" not in told:
            return _Way(arrives_us, lost_us, why)
        way_from, progress = (
            get(told, "since_us", self._recall.clock.instant, -1),
            get(told, "progress", fraction, 0.0),
        )
        return _Way(arrives_us, lost_us, why, way_from, progress)

    def _foreseen(self, name: Json, sent_us: int) -> _Way:
        """The way of a message whose end may be told later; else nobody knows."""
        ending = self._foresight.ending_of(self.branch, name)
        end_us = (
            sent_us + self._foresight.patience if ending is None else self._end(ending, sent_us)
        )
        why = "untold" if ending is None else ending.why
        if why in ("", "crashed"):  # it came as far as its receiver
            return _Way(end_us)
        # Nobody tells where it was lost: half-way.
        return _Way(min(2 * end_us - sent_us, MAX_TIME_US), min(end_us, MAX_TIME_US), why)

    def _end(self, ending: Ending, sent_us: int) -> int:
        try:
            return max(self._recall.clock.instant(ending.time_us), sent_us)
        except Wrong:
            return sent_us  # the line that tells of it will be refused

    # Ending

    def ended(self, track: Track, told: Told) -> Flight:
        """The message that an event ends, as it was at its end."""
        message = need(told, "message", mapping)
        try:
            if not _ENDED.issuperset(message):
                known_keys(message, _ENDED)
            if "id" not in message:
                return self._of_unknown_origin(track, message)
            flight = need(message, "id", track.on_its_way)
            self._check(flight, message)
        except Wrong as wrong:
            raise wrong.under("message") from None
        track.end(flight)
        why = told.get("why", "loss") if told["kind"] == "lose" else ""
        now = track.time_us
        if why in ("", "crashed"):
            if flight.arrives_us == now and flight.lost_us is None:
                return flight
            return attrs.evolve(flight, arrives_us=now, lost_us=None, lost_why="")
        if flight.lost_us == now and flight.lost_why == why:
            return flight
        return attrs.evolve(flight, lost_us=now, lost_why=why if isinstance(why, str) else "loss")

    def _check(self, flight: Flight, message: Told) -> None:
        """What is told of a message again must be as it was told first."""
        names = self._recall.names
        source, target = names.of(flight.source), names.of(flight.target)
        for key, known in (
            ("from", source),
            ("to", target),
            ("type", message_name(flight.message)),
        ):
            if message.get(key, known) != known:
                said = shown(message[key])
                raise Wrong(f"the message of this id has “{key}”: “{known}”, not {said}", key)
        if len(message) <= len(_ENDS) and _ENDS.issuperset(message):
            return
        again, unknown = self._recall.messages.message(
            {"type": message_name(flight.message), **_fields(message)}, flight.source
        )
        if not unknown and not flight.unknown and again != flight.message:
            raise Wrong("this is not what was sent under this id")

    def _of_unknown_origin(self, track: Track, told: Told) -> Flight:
        """A message of which only the arrival is told."""
        names = self._recall.names
        source, target = need(told, "from", names.address), need(told, "to", names.address)
        _check_ends(track, source, target)
        message, unknown = self._recall.messages.message(_fields(told), source)
        number = len(track) * FLIGHTS_PER_EVENT + FLIGHTS_PER_EVENT - 1
        now = track.time_us
        rest = (number, source, target, message, -1, now, *_Way(now))
        return PartlyKnownFlight(*rest, unknown | {"sent_us"})


def _way_of(value: Json) -> Told:
    told = mapping(value)
    known_keys(told, _WAY - {"held"})
    return told


def _fields(told: Told) -> Told:
    return {key: item for key, item in told.items() if key in OF_MESSAGES}


def _check_ends(track: Track, source: Address, target: Address, speaker: Address = 0) -> None:
    if source == target or (source <= 0 and target <= 0):
        raise Wrong("a message goes from one server to another, or to or from a client")
    for end in (source, target):
        if end < 0 and end != speaker and end not in track.clients:
            raise Wrong(f"nothing was told of {name(end)} before, though all is told here")


def _id(value: Json) -> Json:
    if type(value) is int:
        return integer(value, 0, MAX_NUMBER)
    return text(value, MAX_NAME)


def _flight_id(name: Json, place: int, others: list[Flight]) -> int:
    """A message's number here: its name if that is one of ours, else the next of this event."""
    taken = {flight.id for flight in others}
    if type(name) is int and name // FLIGHTS_PER_EVENT == place and name not in taken:
        return name
    number = place * FLIGHTS_PER_EVENT
    while number in taken:
        number += 1
    return number
