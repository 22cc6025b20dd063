"""Two lines, read side by side: which of their events are the same, and which are not.

Each event is looked at once, as both lines come to its instant; while both are played on, reading
goes on where it stopped. What is not simulated yet in one of them is no difference.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from enum import IntFlag
from itertools import islice, repeat

import attrs

from raftviz.compare.aligning import aligned
from raftviz.compare.content import is_same
from raftviz.raft.names import Address
from raftviz.raft.values import value
from raftviz.sim.history import Branch, History, Record

_CHUNK = 4_096
"""Events of each line that are looked at in one go."""


@value
class Line:
    """One of the two: a branch of a history."""

    history: History
    branch: Branch


class Kind(IntFlag):
    """Where an event that differs happened; in both, it had another content or outcome."""

    LEFT = 1
    RIGHT = 2
    BOTH = 3

    @property
    def other(self) -> "Kind":
        """The other side of one side."""
        return Kind.RIGHT if self is Kind.LEFT else Kind.LEFT


@value
class Difference:
    """An event of one line that the other lacks, or that has another content or outcome there.

    ``left`` and ``right``: its number in each line; in the line that lacks it, the number of the
    event that comes next there.
    """

    kind: Kind
    left: int
    right: int

    def at(self, side: Kind) -> int:
        """Its number in one line, or that of what comes next there."""
        return self.left if side is Kind.LEFT else self.right


class Comparison:
    """Everything that is different, in the order in which it happened, as far as it was read.

    A sequence of differences; kept in columns, because two futures may differ in every event.
    """

    def __init__(self, left: Line, right: Line) -> None:
        self.left = left
        self.right = right
        one = left.history is right.history
        self.shared = left.branch.shared_with(right.branch) if one else 0
        """How many events are the very same records in both."""
        self.read_us = -1
        """The instant up to which all is read."""
        self.taken_back = 0
        """How often something that was read had to be read anew: differences may be others then."""
        self._left_at = self._right_at = self.shared
        self._kinds = bytearray()
        self._lefts: array[int] = array("q")
        self._rights: array[int] = array("q")
        # By number, from ``shared`` on: the event of the other line that it was paired with, or -1.
        self._right_of: array[int] = array("q")
        self._left_of: array[int] = array("q")
        # By what they changed; sorted when somebody asks.
        self._by_part: dict[Address, array[int]] = {}
        self._sorted = 0

    def is_of(self, left: Branch, right: Branch) -> bool:
        """Whether it compares these two."""
        return self.left.branch is left and self.right.branch is right

    def __len__(self) -> int:
        return len(self._kinds)

    def __getitem__(self, index: int) -> Difference:
        """The difference with this index, in the order in which they happened."""
        return Difference(Kind(self._kinds[index]), self._lefts[index], self._rights[index])

    @property
    def settings_differ(self) -> tuple[str, ...]:
        """The settings in which the two clusters differed before anything happened, by name."""
        left, right = self.left.history.settings, self.right.history.settings
        if left is right:
            return ()
        names = (field.name for field in attrs.fields(type(left)))
        return tuple(name for name in names if getattr(left, name) != getattr(right, name))

    def line(self, side: Kind) -> Line:
        """The line on one side."""
        return self.left if side is Kind.LEFT else self.right

    def time_us(self, index: int) -> int:
        """When a difference happened."""
        left, right = self.records(index)
        record = left or right
        assert record is not None
        return record.time_us

    def records(self, index: int) -> tuple[Record | None, Record | None]:
        """What happened in the left line and in the right one."""
        kind, left, right = self._kinds[index], self._lefts[index], self._rights[index]
        return (
            self.left.branch[left] if kind & Kind.LEFT else None,
            self.right.branch[right] if kind & Kind.RIGHT else None,
        )

    # Reading

    def read(self, until_us: int, most: int = 1 << 60) -> bool:
        """Read on to ``until_us``, about ``most`` events; whether all is read.

        All that happens up to ``until_us`` must have been simulated in both lines. What was added
        since is taken in, even at an instant that was read already.
        """
        self._take_back()
        while until_us > self.read_us and most > 0:
            before = self._left_at + self._right_at
            self._read_chunk(until_us, min(most, _CHUNK))
            most -= max(1, self._left_at + self._right_at - before)
        return until_us <= self.read_us

    def _take_back(self) -> None:
        """Forget what was read of the instants since the first at which something was added."""
        ends = ((self.left.branch, self._left_at), (self.right.branch, self._right_at))
        added = [branch[at].time_us for branch, at in ends if at < len(branch)]
        first_us = min(added, default=self.read_us + 1)
        if first_us > self.read_us:
            return
        self.taken_back += 1
        self.read_us = first_us - 1
        counts = (line.branch.count_at(self.read_us) for line in (self.left, self.right))
        self._left_at, self._right_at = (max(self.shared, count) for count in counts)
        kept = self.place(self._left_at, self._right_at)
        for column in (self._kinds, self._lefts, self._rights):
            del column[kept:]
        for indexes in self._by_part.values():
            del indexes[bisect_left(indexes, kept) :]
        self._sorted = min(self._sorted, kept)
        del self._right_of[self._left_at - self.shared :]
        del self._left_of[self._right_at - self.shared :]

    def _read_chunk(self, until_us: int, size: int) -> None:
        ends = ((self.left.branch, self._left_at), (self.right.branch, self._right_at))
        last_us = self.read_us
        while last_us == self.read_us:
            last_us = until_us
            for branch, at in ends:
                if at + size < len(branch):  # whole instants only
                    last_us = min(last_us, branch[at + size].time_us - 1)
            last_us = max(last_us, self.read_us)
            size *= 2
        a, b = (list(branch.records(at, branch.count_at(last_us))) for branch, at in ends)
        self._pair(a, b)
        self.read_us = last_us

    def _pair(self, a: Sequence[Record], b: Sequence[Record]) -> None:
        """Go through the instants of both in order."""
        i = j = 0
        while i < len(a) and j < len(b):
            x, y = a[i], b[j]
            if x.time_us < y.time_us:
                to_i, to_j = _end(a, i, y.time_us - 1), j
                self._note(Kind.LEFT, to_i - i)
            elif y.time_us < x.time_us:
                to_i, to_j = i, _end(b, j, x.time_us - 1)
                self._note(Kind.RIGHT, to_j - j)
            elif count := _same_run(a, b, i, j):
                to_i, to_j = i + count, j + count
                self._note_same(count)
            else:
                to_i, to_j = _end(a, i, x.time_us), _end(b, j, x.time_us)
                self._differ(a[i:to_i], b[j:to_j])
            i, j = to_i, to_j
        self._note(Kind.LEFT, len(a) - i)
        self._note(Kind.RIGHT, len(b) - j)

    def _differ(self, a: Sequence[Record], b: Sequence[Record]) -> None:
        """What is left of one instant, beginning with a difference."""
        for step in aligned(a, b):
            if step.same:
                self._note_same(1)
            else:
                self._note(Kind(step.left + 2 * step.right))

    def _note_same(self, count: int) -> None:
        left, right = self._left_at, self._right_at
        self._right_of.extend(range(right, right + count))
        self._left_of.extend(range(left, left + count))
        self._left_at, self._right_at = left + count, right + count

    def _note(self, kind: Kind, count: int = 1) -> None:
        """So many differences of one kind that follow each other."""
        left, right = self._left_at, self._right_at
        lefts = range(left, left + count) if kind & Kind.LEFT else repeat(left, count)
        rights = range(right, right + count) if kind & Kind.RIGHT else repeat(right, count)
        self._kinds.extend(repeat(kind, count))
        self._lefts.extend(lefts)
        self._rights.extend(rights)
        if kind & Kind.LEFT:
            self._right_of.extend(repeat(right if kind & Kind.RIGHT else -1, count))
            self._left_at += count
        if kind & Kind.RIGHT:
            self._left_of.extend(repeat(left if kind & Kind.LEFT else -1, count))
            self._right_at += count

    # Finding

    def place(self, left: int, right: int) -> int:
        """How many differences lie before a position, which is behind so many events of each line."""

        def lies_behind(index: int) -> bool:
            kind = self._kinds[index]
            return not (
                self._lefts[index] < left if kind & Kind.LEFT else self._rights[index] < right
            )

        return bisect_left(range(len(self)), x=True, key=lies_behind)

    def of_event(self, side: Kind, number: int) -> int | None:
        """The difference that an event of one line is, if it is one."""
        # Differences of the other line alone come before the event that is next in this one.
        numbers = self._lefts if side is Kind.LEFT else self._rights
        index = bisect_right(numbers, number) - 1
        if index < 0 or numbers[index] != number or not self._kinds[index] & side:
            return None
        return index

    def partner(self, side: Kind, number: int) -> int | None:
        """The other line's event that goes with an event of one: the same, or a kindred one."""
        if number < self.shared:
            return number
        partners = self._right_of if side is Kind.LEFT else self._left_of
        at = number - self.shared
        return partners[at] if at < len(partners) and partners[at] >= 0 else None

    def about(self, part: Address, before: int) -> Iterator[int]:
        """The differences that changed a part, from the last one before ``before`` backwards."""
        self._sort_by_part()
        indexes = self._by_part.get(part, ())
        for at in range(bisect_left(indexes, before) - 1, -1, -1):
            yield indexes[at]

    def _sort_by_part(self) -> None:
        for index in range(self._sorted, len(self)):
            for part in {record.part for record in self.records(index) if record is not None}:
                self._by_part.setdefault(part, array("q")).append(index)
        self._sorted = len(self)


def _same_run(a: Sequence[Record], b: Sequence[Record], i: int, j: int) -> int:
    """How many events, from ``i`` and ``j`` on, are the same in both: they belong together."""
    count = 0
    for x, y in zip(islice(a, i, None), islice(b, j, None), strict=False):
        if x.time_us != y.time_us or not is_same(x, y):
            break
        count += 1
    return count


def _end(records: Sequence[Record], first: int, time_us: int) -> int:
    """The first of ``records``, from ``first`` on, that is later than ``time_us``."""
    while first < len(records) and records[first].time_us <= time_us:
        first += 1
    return first
