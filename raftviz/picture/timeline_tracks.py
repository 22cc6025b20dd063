"""The other branches below the lanes of a timeline: slim tracks, as many as have room.

Each turns off where it parts from the shown branch, and has its name on it. No name, no track and
no turn-off lies on another.
"""

from collections.abc import Callable, Sequence

import attrs

from raftviz.picture.geometry import Box
from raftviz.picture.timeline_company import Other
from raftviz.picture.timeline_scale import Lanes, TimeScale, ms_text
from raftviz.raft.values import value
from raftviz.sim.history import Branch

Measure = Callable[[str], float]
"""How wide a word is, in pixels."""

_LONGEST_PX = 230.0
_APART_PX = 7.0
_SIGN_PX = 13.0
"""Room for the branch's sign before its name."""


@value
class SideTrack:
    """Another branch from ``x0``, where it turns off, to ``x1``, its end; ``label`` holds its name."""

    other: Other
    x0: float
    x1: float
    y: float
    label: Box

    @property
    def branch(self) -> Branch:
        """The branch itself."""
        return self.other.branch

    @property
    def name(self) -> str:
        """What stands in the label, as far as it has room."""
        return self.branch.name

    @property
    def colour(self) -> int:
        """Its place in the palette of branches."""
        return self.branch.label.colour


@value
class SideTracks:
    """The tracks that have room; ``more`` others are in view, or would be elsewhere in time."""

    tracks: tuple[SideTrack, ...] = ()
    more: int = 0


@attrs.define
class _Row:
    """What is taken in a row: stretches by tracks and names, points by those that turn off below."""

    y: float
    stretches: list[tuple[float, float]]
    points: list[float]

    def has_room(self, start: float, end: float) -> bool:
        return all(end <= left or right <= start for left, right in self.stretches) and not any(
            start + 1 < point < end for point in self.points
        )

    def lets_through(self, x: float) -> bool:
        return not any(left + _APART_PX < x < right for left, right in self.stretches)


def side_tracks(
    others: Sequence[Other], scale: TimeScale, lanes: Lanes, measure: Measure
) -> SideTracks:
    """The tracks of others, those first that share most with the shown branch."""
    rows = [_Row(y, [], []) for y in lanes.track_rows]
    if not rows:
        return SideTracks(more=len(others))
    placed = []
    for other in others:
        x0, x1 = scale.x(other.time_us), scale.x(other.end_us)
        if x1 < 0 or x0 > scale.width:
            continue
        track = _place(other, (x0, max(x0, x1)), rows, scale, lanes, measure)
        if track is not None:
            placed.append(track)
    return SideTracks(tuple(placed), len(others) - len(placed))


def _place(
    other: Other,
    span: tuple[float, float],
    rows: list[_Row],
    scale: TimeScale,
    lanes: Lanes,
    measure: Measure,
) -> SideTrack | None:
    x0, x1 = span
    unit = lanes.unit
    wide = min(measure(other.branch.name) + _SIGN_PX * unit, _LONGEST_PX * unit, scale.width)
    left = min(max(x0, 0.0) + _APART_PX * unit, scale.width - wide)
    start = min(x0, left) - _APART_PX
    end = max(x1, left + wide) + _APART_PX
    for at, row in enumerate(rows):
        if row.has_room(start, end):
            row.stretches.append((start, end))
            for above in rows[:at]:
                above.points.append(x0)  # before the view it disturbs nobody
            high = lanes.row - 1
            label = Box(left, row.y - high / 2, wide, high)
            return SideTrack(other, x0, x1, row.y, label)
        if x0 >= 0 and not row.lets_through(x0):
            return None
    return None


def track_at(tracks: SideTracks, x: float, y: float, reach: float) -> SideTrack | None:
    """The track that is pointed at, by its line or its name."""
    for track in tracks.tracks:
        if track.label.contains(x, y):
            return track
        if abs(y - track.y) <= reach and track.x0 - reach <= x <= track.x1 + reach:
            return track
    return None


def track_words(other: Other) -> str:
    """Another branch in a few lines."""
    parts = "leaves" if other.leaves else "goes on without this one"
    branch = other.branch
    lines = [
        f"“{branch.name}” {parts} at {ms_text(other.time_us)} ms",
        f"{len(branch):,} events, up to {ms_text(other.end_us)} ms",
        branch.label.note,
        "Click to look at it",
    ]
    return "\n".join(line for line in lines if line)
