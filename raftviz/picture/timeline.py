"""The space-time diagram of a branch as geometry: bands, arrows, marks and ticks in pixels.

Only what is in view is looked at: a slice of the index's sorted columns. Above ``DENSE_ABOVE`` legs
in view single arrows could not be told apart, and their density is given instead.
"""

import numpy as np

from raftviz.picture.geometry import text_width
from raftviz.picture.timeline_codes import Fate, RoleCode
from raftviz.picture.timeline_columns import Columns, Floats, Ints
from raftviz.picture.timeline_company import Company, company_of
from raftviz.picture.timeline_flags import FlagRow, flag_row
from raftviz.picture.timeline_index import WHOLE_WAY, TimelineIndex
from raftviz.picture.timeline_scale import Lanes, Tick, TimeScale, ticks
from raftviz.picture.timeline_tracks import Measure, SideTracks, side_tracks
from raftviz.raft.values import value
from raftviz.sim.units import NEVER

DENSE_ABOVE = 3_000
"""Legs in view; two or three in each column of pixels already hide one another."""

_FINEST_BAND_PX = 2.0
_FINEST_MARK_PX = 4.0
_MOST_BANDS = 400


@value(eq=False)
class Arrows:
    """Messages in view, one a row: from (x0, y0) where it left to (x1, y1) as far as it got.

    ``rows`` are rows of the index's legs; ``kind``, ``term``, ``fate``, ``held`` are as there.
    """

    rows: Ints
    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    kind: Ints
    term: Ints
    fate: Ints
    held: Ints

    def __len__(self) -> int:
        return len(self.rows)


@value(eq=False)
class Density:
    """How much traffic there is: ``weight[gap, column]`` for columns of ``column_px`` pixels.

    ``gap`` 0 is between the world's lane and the first server's. ``term[column]`` is the highest
    term of any message so far.
    """

    weight: Floats
    term: Ints
    column_px: float
    legs: int


@value
class Band:
    """A piece of a server's life from ``x0`` to ``x1``; ``event`` began it (-1: was so).

    ``goes_on`` when it is in the term and of the standing of the band before it, as a follower.
    """

    lane: int
    x0: float
    x1: float
    term: int
    role: int
    status: int
    event: int
    start_us: int
    goes_on: bool


@value
class Mark:
    """An act, at ``x`` on a lane."""

    x: float
    lane: int
    event: int


@value
class Fork:
    """Where a branch leaves another. ``own`` when it is the shown branch that begins there."""

    x: float
    name: str
    own: bool
    colour: int


@value(eq=False)
class TimelinePicture:
    """All that is in view. Either ``arrows`` or ``density`` is given; ``legs`` are in view.

    Behind the head nothing has happened yet, or nothing is ``recorded``.
    """

    scale: TimeScale
    lanes: Lanes
    head_x: float
    legs: int
    arrows: Arrows | None
    density: Density | None
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    forks: tuple[Fork, ...]
    tracks: SideTracks
    flags: FlagRow
    ticks: tuple[Tick, ...]
    recorded: bool = False


def _estimated(text: str) -> float:
    return text_width(text, 11.0)


def timeline_picture(
    index: TimelineIndex,
    scale: TimeScale,
    lanes: Lanes,
    head_us: int,
    *,
    tick_px: float = 90.0,
    column_px: float = 1.0,
    fresh_us: float = -NEVER,
    company: Company | None = None,
    measure: Measure = _estimated,
) -> TimelinePicture:
    """What is to be seen of ``index`` in ``scale`` when it is simulated up to ``head_us``.

    Arrows that had ended before ``fresh_us`` are left out: whoever asks has painted them already.
    """
    company = company or company_of(index.history, index.branch)
    rows = legs_in(index, scale.start_us, scale.end_us, head_us)
    count = len(rows)
    dense = count > DENSE_ABOVE
    if not dense and fresh_us > scale.start_us:
        rows = rows[index.legs.column("end")[rows] >= fresh_us]
    return TimelinePicture(
        scale,
        lanes,
        scale.x(head_us),
        count,
        None if dense else arrows(index, rows, scale, lanes, head_us),
        density(index, scale, head_us, column_px) if dense else None,
        tuple(
            band
            for server, spans in index.spans.items()
            for band in _bands(spans, server, scale, head_us)
        ),
        _marks(index, scale),
        _forks(company, scale),
        side_tracks(company.others, scale, lanes, measure),
        flag_row(company.marked, company.beginnings, scale, lanes, measure),
        ticks(scale, tick_px),
        index.history.is_recording,
    )


def legs_in(index: TimelineIndex, first_us: float, last_us: float, head_us: int) -> Ints:
    """The rows of legs that are on their way at some time from ``first_us`` to ``last_us``."""
    since = index.legs.column("since")
    low = int(np.searchsorted(since, first_us - index.longest_us))
    high = int(np.searchsorted(since, min(last_us, head_us), side="right"))
    end = index.legs.column("end")
    rows = np.flatnonzero(end[low:high] >= first_us) + low
    before = [row for row in index.held if row < low and end[row] >= first_us]
    return np.concatenate([np.array(before, dtype=np.int64), rows]) if before else rows


def arrows(
    index: TimelineIndex, rows: Ints, scale: TimeScale, lanes: Lanes, head_us: int
) -> Arrows:
    """The arrows of these legs, none drawn further than ``head_us``."""
    take = {field: index.legs.column(field)[rows] for field in index.legs.fields}
    since, until = take["since"], np.minimum(take["end"], head_us)
    span = np.maximum(take["arrives"] - since, 1)
    begun: Floats = take["part"] / float(WHOLE_WAY)
    covered = np.clip(begun + (1.0 - begun) * (until - since) / span, 0.0, 1.0)
    arrived = (take["fate"] == Fate.ARRIVED) | (take["fate"] == Fate.WAITS)
    covered = np.where(arrived, 1.0, covered)
    lane_y = np.array([lanes.y(lane) for lane in range(lanes.servers + 1)], dtype=np.float64)
    source, target = lane_y[take["source"]], lane_y[take["target"]]
    return Arrows(
        rows,
        _x(since, scale),
        source + (target - source) * begun,
        _x(until, scale),
        source + (target - source) * covered,
        take["kind"],
        take["term"],
        take["fate"],
        take["held"],
    )


def _x(times_us: Ints, scale: TimeScale) -> Floats:
    return (times_us.astype(np.float64) - scale.start_us) / scale.us_per_px


def density(
    index: TimelineIndex, scale: TimeScale, head_us: int, column_px: float = 1.0
) -> Density:
    """The traffic in each column of pixels; its cost does not grow with the number of legs."""
    since, cover = index.legs.column("since"), index.cover()
    columns = int(np.ceil(scale.width / column_px))
    edges = scale.start_us + np.arange(columns + 1) * (column_px * scale.us_per_px)
    at = np.searchsorted(since, edges)
    middle = np.clip((at[:-1] + at[1:]) // 2, 0, max(len(since) - 1, 0))
    # Clients' messages have no term: the highest so far speaks for them.
    term = np.maximum.accumulate(index.legs.column("term"))
    high = int(np.searchsorted(since, head_us, side="right"))
    return Density(
        cover[:, at[1:]] - cover[:, at[:-1]],
        term[middle],
        column_px,
        int(min(at[-1], high) - at[0]),
    )


def _bands(spans: Columns, lane: int, scale: TimeScale, head_us: int) -> list[Band]:
    starts = spans.column("start")
    low = max(0, int(np.searchsorted(starts, scale.start_us, side="right")) - 1)
    high = int(np.searchsorted(starts, min(scale.end_us, head_us), side="right"))
    rows = np.arange(low, high)
    if len(rows) > _MOST_BANDS:  # so many that most are narrower than a pixel: those seen there
        step = scale.us_per_px * _FINEST_BAND_PX
        seen = np.arange(max(scale.start_us, 0.0), min(scale.end_us, head_us), step)
        rows = np.unique(np.searchsorted(starts, seen, side="right") - 1)
    begins = starts[rows].tolist()
    table = zip(
        rows.tolist(),
        begins,
        [*begins[1:], head_us if high == len(starts) else int(starts[high])],
        strict=True,
    )
    term, role, status, event = (
        spans.column(field) for field in ("term", "role", "status", "event")
    )
    return [
        Band(
            lane,
            scale.x(start),
            scale.x(min(end, head_us)),
            int(term[row]),
            int(role[row]),
            int(status[row]),
            int(event[row]),
            start,
            bool(
                row
                and role[row] == RoleCode.FOLLOWER
                and term[row] == term[row - 1]
                and status[row] == status[row - 1]
            ),
        )
        for row, start, end in table
        if end > start
    ]


def _marks(index: TimelineIndex, scale: TimeScale) -> tuple[Mark, ...]:
    times = index.marks.column("time")
    margin = 400 * scale.us_per_px  # the words of an act to the left reach into view
    low = int(np.searchsorted(times, scale.start_us - margin))
    high = int(np.searchsorted(times, scale.end_us, side="right"))
    lanes, events = index.marks.column("lane"), index.marks.column("event")
    seen: dict[tuple[int, int], Mark] = {}
    for row in range(low, high) if high - low <= _MOST_BANDS else range(low, high, 7):
        x = scale.x(float(times[row]))
        lane = int(lanes[row])
        seen.setdefault((lane, round(x / _FINEST_MARK_PX)), Mark(x, lane, int(events[row])))
    return tuple(seen.values())


def _forks(company: Company, scale: TimeScale) -> tuple[Fork, ...]:
    """Where the shown branch began, and where others leave it; one for all that leave together."""
    found = [
        Fork(scale.x(one.time_us), one.branch.name, own=True, colour=one.branch.label.colour)
        for one in company.beginnings
    ]
    found += [
        Fork(scale.x(o.time_us), o.branch.name, own=False, colour=o.branch.label.colour)
        for o in company.others
        if o.leaves
    ]
    seen: dict[int, Fork] = {}
    for fork in found:
        if 0 <= fork.x <= scale.width:
            seen.setdefault(round(fork.x / _FINEST_MARK_PX), fork)
    return tuple(sorted(seen.values(), key=lambda fork: fork.x))
