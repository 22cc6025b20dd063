"""The log of one server: immutable to whoever holds it, shared by all who ever held a part of it.

Every event of a run keeps the log as it was. Copying a log for each appended entry would make a
run's memory grow with the square of its length, so a ``Log`` is a *view* of a growing array: the
array's cells are written once and never changed, a view says how far it reaches. Appending to the
longest view extends the array in place; appending to any other view (after a truncation, or in
another branch of the history) copies first. Truncating only makes a shorter view.
"""

from collections.abc import Iterable, Iterator, Sequence

from raftviz.raft.values import value


@value
class Command:
    """What a client asks the state machine to do.

    ``text`` is in the machine's own language (``x=1``). ``client`` and ``serial`` identify the
    request across retries (dissertation §6.3); client 0 means that nobody waits for an answer.
    """

    text: str
    client: int = 0
    serial: int = 0


@value
class Entry:
    """A log entry: its 1-based index, the term of the leader that created it, and a command.

    A ``None`` command is the no-op that a leader appends at the start of its term (§8).
    """

    index: int
    term: int
    command: Command | None = None


class Log:
    """The entries ``snapshot_index + 1 … last_index``; what lies below is in a snapshot (§7).

    An empty log has ``last_index`` 0 and ``last_term`` 0, as the paper counts.
    """

    __slots__ = ("_array", "_base", "last_index", "last_term", "snapshot_index", "snapshot_term")

    _array: list[Entry]
    _base: int
    """Index of the entry just before ``_array[0]``; at most ``snapshot_index``."""

    def __init__(
        self, entries: Iterable[Entry] = (), snapshot_index: int = 0, snapshot_term: int = 0
    ) -> None:
        array = list(entries)
        for index, entry in enumerate(array, snapshot_index + 1):
            if entry.index != index:
                raise ValueError(f"entry {entry.index} stands where {index} belongs")
        last_term = array[-1].term if array else snapshot_term
        self._set(array, snapshot_index, snapshot_index + len(array), last_term)
        self.snapshot_index = snapshot_index
        self.snapshot_term = snapshot_term

    def _set(self, array: list[Entry], base: int, last_index: int, last_term: int) -> None:
        self._array = array
        self._base = base
        self.last_index = last_index
        self.last_term = last_term

    def _view(self, array: list[Entry], base: int, last_index: int, last_term: int) -> "Log":
        log = Log.__new__(Log)
        log._set(array, base, last_index, last_term)
        log.snapshot_index = self.snapshot_index
        log.snapshot_term = self.snapshot_term
        return log

    @classmethod
    def of_terms(cls, *terms: int) -> "Log":
        """A log whose entries have these terms and commands nobody asked for, as in Figure 7."""
        return cls(Entry(i, term, Command(f"x={i}")) for i, term in enumerate(terms, 1))

    # Reading

    def __len__(self) -> int:
        """How many entries the log still holds (those in a snapshot are not counted)."""
        return self.last_index - self.snapshot_index

    def __getitem__(self, index: int) -> Entry:
        """The entry at a 1-based index. Raises IndexError outside what the log holds."""
        if not self.snapshot_index < index <= self.last_index:
            raise IndexError(f"the log has no entry {index}")
        return self._array[index - self._base - 1]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.slice(self.snapshot_index + 1, self.last_index))

    def slice(self, first: int, last: int) -> tuple[Entry, ...]:
        """The entries ``first … last``, both included, as far as the log holds them."""
        low = max(first, self.snapshot_index + 1) - self._base - 1
        high = min(last, self.last_index) - self._base
        return tuple(self._array[low:high]) if low < high else ()

    def recall(self, first: int, last: int) -> tuple[Entry, ...]:
        """Like ``slice``, and also what a snapshot replaced, as far as it is still at hand.

        For whoever watches: an entry can be stored, applied and compacted away in one step.
        """
        low = max(first - self._base - 1, 0)
        high = min(last, self.last_index) - self._base
        return tuple(self._array[low:high]) if low < high else ()

    def term_at(self, index: int) -> int | None:
        """The term of the entry at ``index``; None where the log cannot know.

        The term at the snapshot boundary is known (0 at index 0), below and beyond it is not.
        """
        if index == self.last_index:
            return self.last_term
        if self.snapshot_index < index < self.last_index:
            return self._array[index - self._base - 1].term
        return self.snapshot_term if index == self.snapshot_index else None

    def first_index_of_term_at(self, index: int) -> int:
        """The first index of the run of equal terms that the entry at ``index`` belongs to."""
        term = self.term_at(index)
        while index - 1 > self.snapshot_index and self.term_at(index - 1) == term:
            index -= 1
        return index

    def last_index_of_term(self, term: int) -> int | None:
        """The last index that holds an entry of ``term``; None when there is none."""
        index = self.last_index
        while index >= self.snapshot_index and index > 0:
            at = self.term_at(index)
            if at == term:
                return index
            if at is None or at < term:
                return None
            index -= 1
        return None

    # Changing: each returns a new view

    def append(self, entries: Sequence[Entry]) -> "Log":
        """This log and ``entries`` behind it. Raises ValueError when the first does not follow."""
        if not entries:
            return self
        if entries[0].index != self.last_index + 1:
            raise ValueError(f"entry {entries[0].index} cannot follow {self.last_index}")
        array, base = self._array, self._base
        if len(array) != self.last_index - base:
            # Somebody else continued from here (a branch, or what was truncated): do not disturb.
            array = array[self.snapshot_index - base : self.last_index - base]
            base = self.snapshot_index
        array.extend(entries)
        return self._view(array, base, self.last_index + len(entries), entries[-1].term)

    def truncate_from(self, index: int) -> "Log":
        """This log without the entry at ``index`` and all that follow it."""
        if index > self.last_index:
            return self
        if index <= self.snapshot_index:
            raise ValueError(f"entry {index} is in a snapshot and cannot be taken back")
        term = self.term_at(index - 1)
        assert term is not None  # index - 1 is at or above the snapshot boundary
        return self._view(self._array, self._base, index - 1, term)

    def compact(self, index: int) -> "Log":
        """This log without what a snapshot up to ``index`` replaces (§7).

        Raises ValueError unless the log holds the entry at ``index``.
        """
        if index == self.snapshot_index:
            return self
        term = self.term_at(index)
        if term is None or index < self.snapshot_index:
            raise ValueError(f"the log cannot be compacted up to {index}")
        log = self._view(self._array, self._base, self.last_index, self.last_term)
        log.snapshot_index = index
        log.snapshot_term = term
        return log

    # Comparing

    def agrees_until(self, other: "Log") -> int:
        """The highest index up to which both logs hold the same entries (or a snapshot)."""
        low = max(self.snapshot_index, other.snapshot_index)
        high = min(self.last_index, other.last_index)
        if (self._array is other._array and self._base == other._base) or high <= low:
            return high
        while low < high:  # bisect: equality of list slices runs at C speed
            middle = (low + high + 1) // 2
            if self.slice(low + 1, middle) == other.slice(low + 1, middle):
                low = middle
            else:
                high = middle - 1
        return low

    def is_prefix_of(self, other: "Log") -> bool:
        """Whether ``other`` holds everything this log holds."""
        return self.last_index <= other.last_index and self.agrees_until(other) == self.last_index

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Log):
            return NotImplemented
        return self is other or (
            self.snapshot_index == other.snapshot_index
            and self.snapshot_term == other.snapshot_term
            and self.last_index == other.last_index
            and self.agrees_until(other) == self.last_index
        )

    def __hash__(self) -> int:
        return hash((self.snapshot_index, self.last_index, self.last_term))

    def __repr__(self) -> str:
        kept = ", ".join(f"{entry.index}:{entry.term}" for entry in self.slice(1, 8))
        more = ", …" if len(self) > 8 else ""
        return f"Log({kept}{more} up to {self.last_index})"
