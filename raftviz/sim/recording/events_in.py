"""One event of a recording: what happened, to whom, what is told of it, and which messages it sent."""

from collections.abc import Callable
from typing import NamedTuple

import attrs

from raftviz.raft.because import Because
from raftviz.raft.names import Address
from raftviz.sim.acts import OnMessage
from raftviz.sim.events import Acted, Delivered, Event, Lost, Noted, TimedOut, Woke, Wrote
from raftviz.sim.history import NETWORK, Part
from raftviz.sim.host import Host
from raftviz.sim.recording.drafts import Recall
from raftviz.sim.recording.fields import (
    Json,
    Wrong,
    each,
    get,
    integer,
    known_keys,
    line_of_text,
    mapping,
    need,
    shown,
    truth,
)
from raftviz.sim.recording.flights_in import FlightReader
from raftviz.sim.recording.hosts_in import host_in, seen_up
from raftviz.sim.recording.others import client_in, network_in
from raftviz.sim.recording.reasons import Reasons
from raftviz.sim.recording.schema import NETWORK_NAME
from raftviz.sim.recording.start import unknown_client
from raftviz.sim.recording.tracks import Track
from raftviz.sim.script_error import ScriptError
from raftviz.sim.units import ms
from raftviz.sim.vocabulary import act_from_text

Told = dict[str, Json]

_ALL = ("kind", "number", "branch", "time_us", "part", "cause", "state", "sends", "reasons")
_OWN: dict[str, tuple[str, ...]] = {
    "deliver": ("message", "waits"),
    "lose": ("message", "why"),
    "timeout": (),
    "write": ("failed",),
    "wake": (),
    "act": ("act", "in_vain", "message"),
    "note": ("text",),
}
EVENTS = {kind: frozenset((*_ALL, *own)) for kind, own in _OWN.items()}
"""The kinds of events, and the fields that each can have."""


class _Happened(NamedTuple):
    """An event, what it happened to, and what caused it as far as that is clear by itself."""

    event: Event
    part: Address
    cause: int = -1
    running: bool = False
    """Whether it only happens to servers that run."""


class EventReader:
    """Reads events into a track."""

    def __init__(self, recall: Recall, flights: FlightReader, servers: int) -> None:
        self._recall = recall
        self._flights = flights
        self._servers = servers
        self._reasons = Reasons()
        self._readers: dict[str, Callable[[Track, Told], _Happened]] = {
            "deliver": self._deliver,
            "lose": self._lose,
            "timeout": self._timeout,
            "write": self._write,
            "wake": self._wake,
            "act": self._act,
            "note": self._note,
        }

    def read(self, track: Track, told: Told, time_us: int) -> None:
        """Append the event that a line tells of. Raises Wrong."""
        kind = told["kind"]
        fields = EVENTS[kind]
        if not fields.issuperset(told):
            known_keys(told, fields)
        number = get(told, "number", integer, track.next_number)
        if number < track.next_number:
            wrong = f"event {number} comes too late: {track.next_number} is the next one"
            raise Wrong(wrong, "number")
        if time_us < track.time_us:
            when = f"{track.time_us / ms(1):,.3f} ms"
            raise Wrong(f"the times run back: it is {when} already", "time_us")
        track.pass_time(time_us)
        happened = self._readers[kind](track, told)
        after = self._after(track, happened, told)
        cause = get(told, "cause", lambda it: self._cause(track, it), happened.cause)
        sends = told.get("sends", [])
        flights = self._flights.sent(track, sends, happened.part) if sends != [] else ()
        because: tuple[Because, ...] = get(
            told, "reasons", lambda it: each(it, self._reasons.reason), ()
        )
        track.append(number, happened.event, cause, happened.part, after, because, flights)

    def _cause(self, track: Track, value: Json) -> int:
        return -1 if value is None else track.event(integer(value))

    # What happened

    def _deliver(self, track: Track, told: Told) -> _Happened:
        flight = self._flights.ended(track, told)
        part = get(told, "part", self._recall.names.address, flight.target)
        if part != flight.target:
            who = self._recall.names.of(flight.target)
            raise Wrong(f"this message is for {who}, not for {shown(told['part'])}", "part")
        waits = get(told, "waits", truth, default=False)
        running = part > 0 and not waits
        return _Happened(Delivered(flight, waits), part, flight.cause, running)

    def _lose(self, track: Track, told: Told) -> _Happened:
        flight = self._flights.ended(track, told)
        why = get(told, "why", line_of_text, "loss")
        if told.get("part", NETWORK_NAME) != NETWORK_NAME:
            raise Wrong("a message is lost in the network, and nothing changes", "part")
        return _Happened(Lost(flight, why), NETWORK, flight.cause)

    def _timeout(self, _: Track, told: Told) -> _Happened:
        server = need(told, "part", self._recall.names.server)
        return _Happened(TimedOut(server), server, running=True)

    def _write(self, _: Track, told: Told) -> _Happened:
        server = need(told, "part", self._recall.names.server)
        failed = get(told, "failed", truth, default=False)
        return _Happened(Wrote(server, failed), server, running=True)

    def _wake(self, _: Track, told: Told) -> _Happened:
        part = need(told, "part", self._recall.names.address)
        return _Happened(Woke(part), part, running=part > 0)

    def _act(self, _: Track, told: Told) -> _Happened:
        words = need(told, "act", line_of_text)
        try:
            act = act_from_text(words, self._servers)
        except ScriptError as error:
            raise Wrong(f"this is no act: {error.message}", "act") from None
        if isinstance(act, OnMessage):
            message = get(told, "message", mapping, {})
            known_keys(message, frozenset({"id"}))
            choice = attrs.evolve(act.choice, id=get(message, "id", integer, None))
            act = attrs.evolve(act, choice=choice)
        in_vain = get(told, "in_vain", line_of_text, "")
        return _Happened(Acted(act, in_vain), get(told, "part", self._part, NETWORK))

    def _note(self, _: Track, told: Told) -> _Happened:
        part = need(told, "part", self._recall.names.address)
        return _Happened(Noted(part, get(told, "text", line_of_text, "")), part)

    def _part(self, value: Json) -> Address:
        return NETWORK if value == NETWORK_NAME else self._recall.names.address(value)

    # What is told of the part

    def _after(self, track: Track, happened: _Happened, told: Told) -> Part:
        part, names = happened.part, self._recall.names
        state = told.get("state", {})
        try:
            if part == NETWORK:
                return network_in(track.network, state, names) if state else track.network
            if part < 0:
                client = track.clients.get(part) or unknown_client(part)
                return client_in(client, state, names, self._recall.clock)
            return self._host_after(track.hosts[part], happened, state)
        except Wrong as wrong:
            raise wrong.under("state") from None

    def _host_after(self, host: Host, happened: _Happened, state: Json) -> Host:
        if happened.running:
            host = seen_up(host)
        if not state:
            mapping(state)
            return host
        self._recall.arrived = (
            happened.event.flight if isinstance(happened.event, Delivered) else None
        )
        return host_in(host, state, self._recall)
