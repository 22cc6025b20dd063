"""What a view knows of a branch besides the records themselves: each record is read once.

An index reads a branch as it grows, a slice at a time if there is much to catch up with. What
happened before a branch began is its parent's business, and is asked there.
"""

from abc import abstractmethod
from array import array
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, Self, TypeVar

from raftviz.sim.history import Branch, Record
from raftviz.sim.units import NEVER


class BranchIndex:
    """Reads the records of one branch, each once and in order.

    ``read`` is how many of the branch's events are known. The parent is read first, at least as far
    as to where this branch begins.
    """

    def __init__(self, branch: Branch, parent: Self | None) -> None:
        self.branch = branch
        self.parent = parent
        self.read = branch.fork
        self._begun = False

    def extend(self, most: int = NEVER) -> bool:
        """Read on, about ``most`` records at the most; whether all there are have been read."""
        if not self._begun:
            parent = self.parent
            if parent is not None and parent.read < self.branch.fork:
                parent.extend(most)
                if parent.read < self.branch.fork:
                    return False
            self._begun = True
            self._begin()
        first, last = self.read, min(len(self.branch), self.read + most)
        for number, record in enumerate(self.branch.records(first, last), first):
            self._note(number, record)
        self.read = last
        return last == len(self.branch)

    def _begin(self) -> None:
        """The parent has been read up to the fork, or there is none."""

    @abstractmethod
    def _note(self, number: int, record: Record) -> None:
        """Read one record."""


class EventIndex(BranchIndex):
    """The numbers of a branch's events by what they have to do with: their *keys*."""

    def __init__(
        self,
        branch: Branch,
        parent: "EventIndex | None",
        keys: Callable[[Record], Iterable[Hashable]],
    ) -> None:
        super().__init__(branch, parent)
        self._keys = keys
        self._events: dict[Hashable, array[int]] = {}

    def _note(self, number: int, record: Record) -> None:
        for key in self._keys(record):
            events = self._events.get(key)
            if events is None:
                events = self._events[key] = array("q")
            events.append(number)

    def last(self, key: Hashable, count: int) -> int | None:
        """The last of the first ``count`` events that has to do with ``key``; None if none has."""
        events = self._events.get(key)
        at = bisect_left(events, count) if events else 0
        if events and at:
            return events[at - 1]
        return None if self.parent is None else self.parent.last(key, min(count, self.branch.fork))

    def following(self, key: Hashable, count: int) -> int | None:
        """The first event behind the first ``count`` that has to do with ``key``, if one is known."""
        fork = self.branch.fork
        if self.parent is not None and count < fork:
            found = self.parent.following(key, count)
            if found is not None and found < fork:
                return found
        events = self._events.get(key)
        at = bisect_left(events, count) if events else 0
        return events[at] if events and at < len(events) else None

    def how_many(self, key: Hashable, count: int) -> int:
        """How many of the first ``count`` events have to do with ``key``."""
        events = self._events.get(key)
        own = bisect_left(events, count) if events else 0
        if self.parent is None:
            return own
        return own + self.parent.how_many(key, min(count, self.branch.fork))


Index = TypeVar("Index", bound=BranchIndex)


class Indexes(Generic[Index]):
    """An index for each branch that somebody looked at, and for those that it grew from."""

    def __init__(self, make: Callable[[Branch, Index | None], Index]) -> None:
        self._make = make
        self._known: dict[int, Index] = {}

    def of(self, branch: Branch) -> Index:
        """The index of a branch, as far as it was read."""
        known = self._known.get(branch.number)
        if known is None or known.branch is not branch:
            parent = self.of(branch.parent) if branch.parent is not None else None
            known = self._known[branch.number] = self._make(branch, parent)
        return known
