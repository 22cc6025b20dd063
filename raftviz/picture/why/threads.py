"""What every event of a branch came from and led to, read once, record by record.

Backwards is worked out when it is asked for, from the record and the tracks; forwards is kept,
because nobody can see in a record what came of it. Both are one relation: an event is among what
another led to exactly when that one is among what led to it.
"""

from array import array

from raftviz.picture.branch_index import BranchIndex, Indexes
from raftviz.picture.why.links import links_of, plain_cause
from raftviz.picture.why.noting import note
from raftviz.picture.why.tracks import Tracks
from raftviz.sim.history import Branch, History, Record

_NONE = -1


class Threads(BranchIndex):
    """One branch, read as far as ``extend`` has been asked to."""

    def __init__(self, history: History, branch: Branch, parent: "Threads | None" = None) -> None:
        super().__init__(branch, parent)
        self.history = history
        self.tracks: Tracks = Tracks(parent.tracks if parent else None, branch.fork)
        # What came of an event, as chains: its newest consequence, and from each the one before.
        self._newest = array("l")
        self._newest_above: dict[int, int] = {}
        self._what = array("l")
        self._before = array("l")

    def _note(self, number: int, record: Record) -> None:
        note(self.tracks, number, record)
        self._newest.append(_NONE)
        cause = plain_cause(self, number, record)
        if cause is not None:
            self._join(cause, number)
            return
        for link in links_of(self, number, record):
            if link.event >= 0:
                self._join(link.event, number)

    def _join(self, earlier: int, number: int) -> None:
        at, own = len(self._what), earlier - self.branch.fork
        self._what.append(number)
        if own >= 0:
            self._before.append(self._newest[own])
            self._newest[own] = at
        else:
            self._before.append(self._newest_above.get(earlier, _NONE))
            self._newest_above[earlier] = at

    def _newest_of(self, number: int) -> int:
        own = number - self.branch.fork
        if own < 0:
            return self._newest_above.get(number, _NONE)
        return self._newest[own] if own < len(self._newest) else _NONE

    def consequences(self, number: int) -> list[int]:
        """The events that this one led to, in their order."""
        found: list[int] = []
        threads: Threads | None = self
        bound = self.read
        while threads is not None:
            at = threads._newest_of(number)
            while at != _NONE:
                if threads._what[at] < bound:
                    found.append(threads._what[at])
                at = threads._before[at]
            bound = min(bound, threads.branch.fork)
            threads = threads.parent
        found.reverse()
        return found


def all_threads(history: History) -> Indexes[Threads]:
    """The threads of every branch of a history, made as they are asked for."""
    return Indexes(lambda branch, parent: Threads(history, branch, parent))
