"""A short number for a run of events: two runs that differ have different ones.

``trace_hash`` puts every event in words, which takes longer than simulating it. A fingerprint takes of
each event what is a number anyway (when, what kind, what it changed, why, how many messages it
sent), and at the places where it is read the servers' states besides. That is quick enough to be
written with every saved session, and to be compared whenever one is opened.
"""

import struct
from collections.abc import Iterator
from hashlib import blake2b

from raftviz.raft.values import value
from raftviz.sim.events import Acted, Delivered, Lost, Noted, TimedOut, Woke, Wrote
from raftviz.sim.history import Branch, History, Record
from raftviz.sim.trace import server_text

_KINDS: dict[type, int] = {
    kind: number
    for number, kind in enumerate((Delivered, Lost, TimedOut, Wrote, Woke, Acted, Noted))
}

_AT_A_TIME = 250
"""Events that are taken before somebody who waits hears of it: a part of a millisecond."""


@value
class Mark:
    """The fingerprint of the first so many ``events``."""

    events: int
    fingerprint: str


class Fingerprint:
    """The fingerprint of a branch's events from ``start`` on, as far as they were taken."""

    def __init__(self, history: History, branch: Branch, start: int) -> None:
        self._history = history
        self._branch = branch
        self._start = start
        self._hash = blake2b(digest_size=8)
        self.events = 0
        """How many were taken."""
        self.marks: list[Mark] = []
        """The fingerprints on the way, after 100, 200, 500, 1,000, 2,000, … events."""

    def taking(self, events: int) -> Iterator[None]:
        """Take up to the first so many, pausing now and then."""
        while self.events < events:
            mark = _next_mark(self.events)
            stop = min(events, mark, self.events + _AT_A_TIME)
            start = self._start
            self._hash.update(_packed(self._branch, start + self.events, start + stop))
            self.events = stop
            if stop == mark:
                self.marks.append(self.mark())
            yield

    def mark(self) -> Mark:
        """The fingerprint of what was taken, with the servers' states behind it."""
        whole, count = self._hash.copy(), self._start + self.events
        for number in self._history.start.hosts:
            server = self._history.host_at(self._branch, number, count).server
            values = sorted(server.replica.values.items())
            whole.update(f"{server_text(server)} {values}\n".encode())
        return Mark(self.events, whole.hexdigest())


def _next_mark(events: int) -> int:
    """The first of 100, 200, 500, 1,000, 2,000, 5,000, … above ``events``."""
    power = 100
    while True:
        for mark in (power, 2 * power, 5 * power):
            if mark > events:
                return mark
        power *= 10


def _packed(branch: Branch, first: int, last: int) -> bytes:
    numbers: list[int] = []
    for record in branch.records(first, last):
        numbers += _numbers(record)
    return struct.pack(f"<{len(numbers)}q", *numbers)


def _numbers(record: Record) -> tuple[int, ...]:
    kind = _KINDS[type(record.event)]
    return (record.time_us, kind, record.part, record.cause, len(record.flights))
