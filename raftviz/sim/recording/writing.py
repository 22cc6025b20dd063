"""A history as JSON Lines: a header, what there was at the start, then branch by branch each event once."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from raftviz.sim.acts import OnMessage
from raftviz.sim.client import Client
from raftviz.sim.events import Acted, Delivered, Event, Lost, Noted, TimedOut, Woke, Wrote
from raftviz.sim.history import FLIGHTS_PER_EVENT, NETWORK, Branch, History, Part, Record
from raftviz.sim.host import Host
from raftviz.sim.network import Flight, Held, Network
from raftviz.sim.recording.drafts import Recall
from raftviz.sim.recording.entries import Entries
from raftviz.sim.recording.fields import Json
from raftviz.sim.recording.hosts_out import host_out
from raftviz.sim.recording.messages import Messages, message_out
from raftviz.sim.recording.names import Names
from raftviz.sim.recording.others import client_out, network_out, when
from raftviz.sim.recording.reasons import reason_out
from raftviz.sim.recording.schema import NETWORK_NAME, SCHEMA, VERSION
from raftviz.sim.recording.settings import settings_out
from raftviz.sim.recording.start import unknown_host
from raftviz.sim.vocabulary import act_to_text

Told = dict[str, Json]

_ENTRIES_A_LINE = 10_000
"""So many entries of a log that a server begins with are told at once."""


class Stretch(NamedTuple):
    """The own events of a branch up to ``end``, as the recording with this number."""

    number: int
    branch: Branch
    end: int


def stretches(history: History) -> list[Stretch]:
    """What is told: the branches that are seen, and of hidden ones what those begin with."""
    ends: dict[int, int] = {}
    for branch in history.visible:
        ends[branch.number] = len(branch)
        line = branch
        while line.parent is not None:
            ends[line.parent.number] = max(ends.get(line.parent.number, 0), line.fork)
            line = line.parent
    told = [branch for branch in history.branches if branch.number in ends]
    return [Stretch(at, branch, ends[branch.number]) for at, branch in enumerate(told)]


def event_count(history: History) -> int:
    """How many events are told."""
    return sum(end - branch.fork for _, branch, end in stretches(history))


def recording_lines(history: History, title: str = "") -> Iterator[str]:
    """The lines of the recording of a history, without their ends."""
    writer = _Writer(history)
    yield _line(writer.header(title))
    for told in writer.start():
        yield _line(told)
    for stretch in writer.stretches:
        for told in writer.stretch(stretch):
            yield _line(told)


def _line(told: Told) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


class _Writer:
    def __init__(self, history: History) -> None:
        self.history = history
        self.recording = history.recording
        self.stretches = stretches(history)
        called = self.recording.names if self.recording else {}
        size = len(history.start.hosts)
        plain = Names.of_size(size).servers
        self.names = Names(called.get(at, name) for at, name in enumerate(plain, 1))
        entries = Entries(self.names, {})
        blank = history.settings.options.blank
        messages = Messages(self.names, entries)
        self.recall = Recall(self.names, entries, messages, blank)
        self._numbers = {stretch.branch.number: stretch.number for stretch in self.stretches}

    def header(self, title: str) -> Told:
        untold = self.recording.untold if self.recording else ()
        told: Told = {"schema": SCHEMA, "version": VERSION}
        if title:
            told["title"] = title
        told["servers"] = list(self.names.servers)
        told["events"] = sum(end - branch.fork for _, branch, end in self.stretches)
        if self.recording is None or self.recording.complete:
            told["complete"] = True
        settings = settings_out(self.history.settings, untold)
        if settings:
            told["settings"] = settings
        return told

    # The start

    def start(self) -> Iterator[Told]:
        start = self.history.start
        for server, host in start.hosts.items():
            blank = unknown_host(server, self.recall.blank)
            told = host_out(blank, host, self.recall)
            yield from self._start_of_host(server, told)
        for address, client in start.clients.items():
            yield _start(self.names.of(address), client_out(client, self.names))
        yield _start(NETWORK_NAME, network_out(start.network, self.names))

    def _start_of_host(self, server: int, told: Told) -> Iterator[Told]:
        """A log of many entries is told in several lines, each of bounded length."""
        name = self.names.of(server)
        log: Told = told.get("log") or {}
        entries = log.get("entries", [])
        if len(entries) <= _ENTRIES_A_LINE:
            if told:
                yield _start(name, told)
            return
        for first in range(0, len(entries), _ENTRIES_A_LINE):
            part = {
                "from": log["from"] + first,
                "entries": entries[first : first + _ENTRIES_A_LINE],
            }
            if not first:
                part = {**log, **part}
            yield _start(name, {"log": part})
        rest = {field: value for field, value in told.items() if field != "log"}
        yield _start(name, rest)

    # Branches and events

    def stretch(self, stretch: Stretch) -> Iterator[Told]:
        number, branch, end = stretch
        label = branch.label
        told: Told = {"kind": "branch", "branch": number, "name": label.name}
        if label.note:
            told["note"] = label.note
        told["colour"] = label.colour
        if branch.hidden:
            told["hidden"] = True
        if branch.parent is not None:
            told["parent"] = self._numbers[branch.parent.number]
            told["fork"] = branch.fork
            told["time_us"] = branch.forked_us
        yield told
        for at, record in enumerate(branch.records(branch.fork, end), branch.fork):
            yield self._event(at, number, record)

    def _event(self, number: int, branch: int, record: Record) -> Told:
        event, part = record.event, record.part
        told: Told = {
            "kind": KINDS[type(event)],
            "number": number,
            "branch": branch,
            "time_us": record.time_us,
            "part": self.names.of(part) if part != NETWORK else NETWORK_NAME,
        }
        if record.cause >= 0:
            told["cause"] = record.cause
        told |= self._what(event)
        state = self._state(record.before, record.after)
        if state:
            told["state"] = state
        if record.flights:
            told["sends"] = [
                self._sent(flight, number, record.time_us) for flight in record.flights
            ]
        if record.because:
            told["reasons"] = [reason_out(because) for because in record.because]
        return told

    def _what(self, event: Event) -> Told:
        match event:
            case Delivered(flight=flight, waits=waits):
                told: Told = {"message": self._message(flight)}
                return {**told, "waits": True} if waits else told
            case Lost(flight=flight, why=why):
                return {"message": self._message(flight), "why": why}
            case Wrote(failed=True):
                return {"failed": True}
            case Acted(act=act, note=note):
                said: Told = {"act": act_to_text(act)}
                if isinstance(act, OnMessage) and act.choice.id is not None:
                    said["message"] = {"id": act.choice.id}
                return {**said, "in_vain": note} if note else said
            case Noted(text=text) if text:
                return {"text": text}
        return {}

    def _state(self, before: Part | None, after: Part) -> Told:
        if isinstance(after, Host):
            assert isinstance(before, Host)  # hosts are there from the start
            return host_out(before, after, self.recall)
        if before is after or before == after:
            return {}
        if isinstance(after, Client):
            return client_out(after, self.names)
        assert isinstance(after, Network)  # what is left
        return network_out(after, self.names)

    # Messages

    def _message(self, flight: Flight) -> Told:
        """A message that ends: which it was; all of it if its sending is not told."""
        ends = {"from": self.names.of(flight.source), "to": self.names.of(flight.target)}
        if "sent_us" in flight.unknown:
            return {**ends, **self._fields(flight)}
        return {"id": flight.id, "type": self._fields(flight)["type"], **ends}

    def _fields(self, flight: Flight) -> Told:
        told = message_out(flight.message, flight.source, self.names)
        return {field: value for field, value in told.items() if field not in flight.unknown}

    def _sent(self, flight: Flight, number: int, time_us: int) -> Told:
        """A message put on its way; or only its way, if it is another one from now on."""
        told: Told = {"id": flight.id}
        if flight.id // FLIGHTS_PER_EVENT == number:
            told["from"], told["to"] = self.names.of(flight.source), self.names.of(flight.target)
            told |= self._fields(flight)
            if flight.sent_us != time_us:
                told["sent_us"] = flight.sent_us
            if flight.cause != number:
                told["cause"] = flight.cause
        return {**told, **_way(flight)}


def _way(flight: Flight) -> Told:
    """How a message goes on; and how it would, if it were not held."""
    told: Told = {"arrives_us": when(flight.arrives_us)}
    if flight.lost_us is not None:
        told["lost_us"] = flight.lost_us
    if flight.lost_why:
        told["why"] = flight.lost_why
    if flight.since_us >= 0:
        told["since_us"], told["progress"] = flight.since_us, flight.progress
    if isinstance(flight, Held):
        told["held"] = _way(flight.caught)
    return told


KINDS: dict[type, str] = {
    Delivered: "deliver",
    Lost: "lose",
    TimedOut: "timeout",
    Wrote: "write",
    Woke: "wake",
    Acted: "act",
    Noted: "note",
}
"""What an event is called."""


def _start(name: str, state: Told) -> Told:
    return {"kind": "start", "part": name, "state": state}
