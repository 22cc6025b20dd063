"""The tree of branches as geometry: a row each, all on one axis of time.

What only changes when somebody edits is read once, in ``TreeIndex``; the picture of a frame is a
few numbers for each row.
"""

from collections.abc import Sequence

from raftviz.checks.properties import Violation
from raftviz.picture.branch_scale import BranchScale, branch_scale
from raftviz.picture.family import Family, Track, end_us, family_of
from raftviz.picture.geometry import Box
from raftviz.picture.marked import Marked, marked_words
from raftviz.picture.timeline_scale import Tick, ms_text
from raftviz.raft.values import value
from raftviz.sim.history import Branch, History

_GRAIN = 4
"""Parts of a pixel: who moves by less has not moved."""

_TOGETHER_PX = 9.0
"""Bookmarks that stand closer than this share a flag."""


Shape = tuple[object, ...]
"""All that edits can change of a history and its bookmarks; equal if nothing was edited."""


def shape_of(history: History, marked: Sequence[Marked], violations: int) -> Shape:
    """What decides whether an index is still good."""
    seen = tuple((b.number, b.name, b.label.note, b.label.colour) for b in history.visible)
    return len(history.branches), seen, id(marked), violations


class TreeIndex:
    """The family of a history's branches, and where bookmarks and broken rules are on it."""

    def __init__(
        self, history: History, marked: Sequence[Marked] = (), violations: Sequence[Violation] = ()
    ) -> None:
        self.history = history
        self.shape = shape_of(history, marked, len(violations))
        self._kept = marked  # its id is part of the shape and must not become another's
        self.family: Family = family_of(history)
        self.rows = {branch.number: at for at, branch in enumerate(self.family.branches)}
        self.marked: dict[int, list[Marked]] = {}
        for one in sorted(marked, key=lambda one: one.time_us):
            owner = self.family.owner(one.branch, one.count, one.time_us)
            if owner is not None:
                self.marked.setdefault(owner.number, []).append(one)
        self.drawn: dict[int, tuple[tuple[object, ...], TreeRow]] = {}
        """The rows as they were drawn last, by the numbers of their branches, and what they show."""
        self.broken: dict[int, list[Violation]] = {}
        for violation in violations:
            where = history.branches[violation.branch], violation.event + 1
            owner = self.family.owner(*where, violation.time_us)
            if owner is not None:
                self.broken.setdefault(owner.number, []).append(violation)

    @property
    def parting_us(self) -> int | None:
        """When the first branch parts; None while there is one only."""
        return min((track.time_us for track in self.family.tracks[1:]), default=None)


@value
class TreeSizes:
    """Pixels: the height of a row and of the axis, the width of the names, a margin, a unit."""

    row: float
    axis: float
    names: float
    margin: float
    unit: float


@value
class Segment:
    """A piece of a track; not ``own`` where it runs through what nobody has a name for."""

    x0: float
    x1: float
    own: bool


@value
class TreeFlag:
    """Bookmarks at one place of a track."""

    x: float
    y: float
    marked: tuple[Marked, ...]


@value
class TreeBreak:
    """A broken rule on a track."""

    x: float
    y: float
    title: str


@value
class TreeRow:
    """One branch. ``turn`` is the y of the track from which it turns off at its first x."""

    branch: Branch
    box: Box
    name: str
    name_box: Box
    detail: str
    detail_box: Box
    note: str
    colour: int
    y: float
    segments: tuple[Segment, ...]
    turn: float | None
    here: bool
    flags: tuple[TreeFlag, ...]
    broken: tuple[TreeBreak, ...]

    @property
    def x0(self) -> float:
        """Where the track begins."""
        return self.segments[0].x0

    @property
    def x1(self) -> float:
        """Where the track ends."""
        return self.segments[-1].x1


@value
class TreePicture:
    """The whole tree, as high as it is; a view shows a part of it below the axis."""

    width: float
    height: float
    scale: BranchScale
    rows: tuple[TreeRow, ...]
    ticks: tuple[Tick, ...]
    cursor_x: float


def tree_picture(
    index: TreeIndex, here: Branch, time_us: float, width: float, sizes: TreeSizes
) -> TreePicture:
    """The tree when ``here`` is looked at, at an instant; y is 0 at the first row's top."""
    tracks = index.family.tracks
    ends = [float(end_us(track.branch)) for track in tracks]
    if here.number in index.rows:
        at = index.rows[here.number]
        ends[at] = max(ends[at], time_us)
    left = sizes.margin + sizes.names + 10 * sizes.unit
    right = max(width - sizes.margin, left + 40 * sizes.unit)
    scale = branch_scale(left, right, index.parting_us, max(ends))
    rows = tuple(
        _row_again(index, at, end, scale, sizes, width, here=track.branch is here)
        for at, (track, end) in enumerate(zip(tracks, ends, strict=True))
    )
    return TreePicture(
        width,
        len(rows) * sizes.row,
        scale,
        rows,
        scale.ticks(48 * sizes.unit),
        round(scale.x(time_us) * _GRAIN) / _GRAIN,
    )


def _row_again(
    index: TreeIndex,
    at: int,
    end: float,
    scale: BranchScale,
    sizes: TreeSizes,
    width: float,
    *,
    here: bool,
) -> TreeRow:
    """The row as it was drawn last, unless something on it can be seen to have moved."""
    number = index.family.tracks[at].branch.number
    shown = (round(scale.x(end) * _GRAIN), scale, sizes, width, here)
    known = index.drawn.get(number)
    if known is None or known[0] != shown:
        row = _row(index, at, end, scale, sizes, width, here=here)
        known = index.drawn[number] = (shown, row)
    return known[1]


def _row(
    index: TreeIndex,
    at: int,
    end: float,
    scale: BranchScale,
    sizes: TreeSizes,
    width: float,
    *,
    here: bool,
) -> TreeRow:
    track = index.family.tracks[at]
    branch = track.branch
    top = at * sizes.row
    y = top + sizes.row / 2
    left, room = sizes.margin + 20 * sizes.unit, sizes.names - 20 * sizes.unit
    half = sizes.row / 2
    return TreeRow(
        branch,
        Box(0, top, width, sizes.row),
        branch.name,
        Box(left, top + 0.12 * sizes.row, room, half - 0.12 * sizes.row),
        detail_words(index.family, at),
        Box(left, top + half, room, half - 0.1 * sizes.row),
        branch.label.note,
        branch.label.colour,
        y,
        tuple(
            Segment(scale.x(piece.start_us), scale.x(min(piece.end_us, end)), piece.own)
            for piece in track.pieces
        ),
        (track.parent + 0.5) * sizes.row if track.parent >= 0 else None,
        here,
        _flags(index.marked.get(branch.number, ()), scale, y),
        tuple(
            TreeBreak(scale.x(v.time_us), y, v.property.title)
            for v in index.broken.get(branch.number, ())[:50]
        ),
    )


def _flags(marked: Sequence[Marked], scale: BranchScale, y: float) -> tuple[TreeFlag, ...]:
    """Flags from left to right; bookmarks that stand together share one."""
    groups: list[tuple[float, list[Marked]]] = []
    for one in marked:
        x = scale.x(one.time_us)
        if groups and x - groups[-1][0] < _TOGETHER_PX:
            groups[-1][1].append(one)
        else:
            groups.append((x, [one]))
    return tuple(TreeFlag(x, y, tuple(together)) for x, together in groups)


# Pointing


TreeHit = TreeRow | TreeFlag
"""A branch, or bookmarks on its track."""


def tree_hit(picture: TreePicture, x: float, y: float, sizes: TreeSizes) -> TreeHit | None:
    """What is pointed at, if anything."""
    at = int(y // sizes.row)
    if not 0 <= at < len(picture.rows) or y < 0:
        return None
    row = picture.rows[at]
    for flag in row.flags:
        if -3 <= x - flag.x <= 10 * sizes.unit and abs(y - row.y + 8 * sizes.unit) <= sizes.row / 3:
            return flag
    return row


# Words


def detail_words(family: Family, at: int) -> str:
    """The line below a name: the note's first line, or else where the branch comes from."""
    track = family.tracks[at]
    note = track.branch.label.note.strip()
    return note.splitlines()[0] if note else _origin(family, track)


def _origin(family: Family, track: Track) -> str:
    if track.parent < 0:
        return "from the beginning"
    elder = family.tracks[track.parent].branch
    return f"from “{elder.name}” at {ms_text(track.time_us)} ms"


def row_words(index: TreeIndex, branch: Branch) -> str:
    """A branch in a few lines: its name, where from, how far, its note, what broke."""
    at = index.rows[branch.number]
    track = index.family.tracks[at]
    origin = _origin(index.family, track)
    last = f"{len(branch):,} events, up to {ms_text(end_us(branch))} ms"
    lines = [f"“{branch.name}”", f"{origin[0].upper()}{origin[1:]}; {last}"]
    if branch.label.note:
        lines.append(branch.label.note)
    titles = dict.fromkeys(v.property.title for v in index.broken.get(branch.number, ()))
    lines += [f"{title} is broken" for title in titles]
    return "\n".join(lines)


def flag_words(flag: TreeFlag) -> str:
    """The bookmarks of a flag."""
    return marked_words(flag.marked)
