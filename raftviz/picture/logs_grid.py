"""Where cells are in the grid of logs, and what is to be said about them."""

from math import ceil, floor

from raftviz.picture.logs import LogRow, LogsTable, cells, entry_text
from raftviz.picture.unknown import UNKNOWN, known
from raftviz.raft.log import Entry
from raftviz.raft.names import name
from raftviz.raft.values import value
from raftviz.sim.host import Status


@value
class LogGrid:
    """The grid in pixels: ``left`` and ``top`` hold names and indexes, ``scroll`` moves the rest.

    A row is ``pitch`` high, of which ``marks`` at its foot are for next_index and match_index.
    """

    left: float
    top: float
    column: float
    pitch: float
    marks: float
    width: float
    height: float
    scroll_x: float = 0.0
    scroll_y: float = 0.0

    def x(self, index: int) -> float:
        """The left edge of the column of an index."""
        return self.left + (index - 1) * self.column - self.scroll_x

    def y(self, row: int) -> float:
        """The top edge of a row; rows count from 0."""
        return self.top + row * self.pitch - self.scroll_y

    @property
    def columns(self) -> tuple[int, int]:
        """The first and the last index in view."""
        first = floor(self.scroll_x / self.column) + 1
        last = floor((self.scroll_x + self.width - self.left) / self.column) + 1
        return max(1, first), last

    def rows(self, count: int) -> range:
        """The rows in view, of ``count``."""
        first = max(0, floor(self.scroll_y / self.pitch))
        last = floor((self.scroll_y + self.height - self.top) / self.pitch)
        return range(first, min(count - 1, last) + 1)

    def farthest(self, last_index: int) -> int:
        """How far to scroll to see all, and one column for what comes next, from a whole column."""
        beyond = self.left + (last_index + 1) * self.column + 8 - self.width
        return max(0, ceil(ceil(beyond / self.column) * self.column))

    def index_at(self, x: float) -> int:
        """The index of the column at ``x``; 0 in the names."""
        return 0 if x < self.left else floor((x - self.left + self.scroll_x) / self.column) + 1

    def row_at(self, y: float, count: int) -> int | None:
        """The row at ``y``, of ``count``."""
        row = floor((y - self.top + self.scroll_y) / self.pitch)
        return row if y >= self.top and 0 <= row < count else None

    def is_mark(self, y: float) -> bool:
        """Whether ``y`` is in the foot of a row, where the leader's view of it stands."""
        return (y - self.top + self.scroll_y) % self.pitch > self.pitch - self.marks


# Words


def cell_words(table: LogsTable, row: LogRow, index: int) -> str:
    """All there is to say about one entry; empty where there is none."""
    if "log" in row.unknown:
        return f"what stands in the log of {name(row.server)} is not told"
    if 0 < index <= row.log.snapshot_index and "entries" in row.unknown:
        return f"the entries of {name(row.server)} up to {row.log.snapshot_index} are not told"
    if 0 < index <= row.log.snapshot_index:
        return f"{name(row.server)} holds a snapshot of everything up to entry {row.log.snapshot_index}"
    for cell in cells(row, index, index):
        lines = []
        if cell.entry is not None:
            lines.append(
                f"{_title(cell.entry)}: {_committed(table, cell.entry)}; {_disk(row, cell.durable)}"
            )
            if cell.conflicts:
                lines.append(_conflict(table, row, cell.entry))
            if cell.committed and not cell.applied:
                lines.append(f"{name(row.server)} has not applied it yet")
        if cell.gone is not None:
            lines.append(f"{_title(cell.gone)}: just now taken from the log of {name(row.server)}")
        return "\n".join(lines)
    return ""


def _conflict(table: LogsTable, row: LogRow, entry: Entry) -> str:
    leader, log = name(table.leader), row.leads_with
    term = log.term_at(entry.index) if log is not None else None
    if term is None:
        return f"{leader}, who leads, has no entry {entry.index}: this one goes when another comes"
    return f"{leader}, who leads, has an entry of term {term} there, which will replace it"


def _title(entry: Entry) -> str:
    return f"entry {entry.index}, term {entry.term}, {entry_text(entry)}"


def _committed(table: LogsTable, entry: Entry) -> str:
    """The servers that know this very entry to be committed."""
    knowing = [
        name(row.server)
        for row in table.rows
        if entry.index <= row.commit_index
        and row.log.snapshot_index < entry.index <= row.log.last_index
        and row.log[entry.index] == entry
    ]
    if knowing:
        return f"committed on {' '.join(knowing)}"
    told = all("commit_index" not in row.unknown for row in table.rows)
    return "not committed on any server" if told else "nobody is known to have committed it"


def _disk(row: LogRow, durable: bool) -> str:  # noqa: FBT001 - one word for one of two
    if "durable" in row.unknown:
        return "whether it is on disk is not told"
    return "on disk" if durable else "not on this server's disk yet: a crash now would lose it"


def mark_words(table: LogsTable, row: LogRow, index: int) -> str:
    """What the leader believes of a follower, where its marks stand."""
    if not table.leader or index not in (row.next_index, row.match_index):
        return ""
    match, following = (
        UNKNOWN if mark is None else mark for mark in (row.match_index, row.next_index)
    )
    seen = f"as {name(table.leader)} sees {name(row.server)}"
    return f"{seen}: match_index {match}, next_index {following}"


def row_words(row: LogRow) -> str:
    """A server in one line."""
    standing = {Status.CRASHED: "crashed; this is what its disk holds", Status.PAUSED: "paused"}
    what = standing.get(row.status, "leader" if row.leads else "up")
    if "durable" in row.unknown:
        what = what.partition(";")[0]
    if "status" in row.unknown:
        what = "not heard of"
    term, last = known(row, "current_term", row.term), known(row, "log", row.log.last_index)
    commit = known(row, "commit_index", row.commit_index)
    applied = f"commit_index {commit}, last_applied {known(row, 'last_applied', row.last_applied)}"
    return f"{name(row.server)}: {what}; term {term}, last entry {last}, {applied}"
