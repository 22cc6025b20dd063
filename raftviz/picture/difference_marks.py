"""Where differences stand on the timelines of two lines: columns that are read once, as they come."""

from collections.abc import Iterator

import numpy as np

from raftviz.compare.comparison import Comparison, Kind
from raftviz.picture.timeline_columns import Columns
from raftviz.picture.timeline_scale import Lanes, TimeScale
from raftviz.sim.events import Delivered, Lost
from raftviz.sim.history import Record

_APART_PX = 18.0
"""Signs on one lane that stand closer would cover the chart: the first speaks for them."""

_BESIDE = 0.34
"""How far from the middle of its lane a sign stands, in lanes: words stand in and above it."""


class DifferenceMarks:
    """One side's differences: ``time`` in µs and ``lane``, 0 for the world's."""

    def __init__(self, comparison: Comparison, kind: Kind) -> None:
        self._comparison = comparison
        self._kind = kind
        self._columns = Columns("time", "lane", "index")
        self._read = 0
        self._taken_back = comparison.taken_back

    def is_of(self, comparison: Comparison) -> bool:
        """Whether it marks these differences."""
        return self._comparison is comparison

    def extend(self) -> None:
        """Read what is new."""
        comparison = self._comparison
        if comparison.taken_back != self._taken_back:
            self._columns = Columns("time", "lane", "index")
            self._read, self._taken_back = 0, comparison.taken_back
        for index in range(self._read, len(comparison)):
            left, right = comparison.records(index)
            record = left if self._kind is Kind.LEFT else right
            if record is not None and index:  # the parting has a sign of its own
                self._columns.append(record.time_us, _lane(record), index)
        self._read = len(comparison)

    @property
    def parting_us(self) -> int | None:
        """When the two part; None if they have not."""
        return self._comparison.time_us(0) if self._read else None

    @property
    def has_parting(self) -> bool:
        """Whether what parts the two happened on this side."""
        return bool(self._read and self._comparison[0].kind & self._kind)

    def places(self, scale: TimeScale, lanes: Lanes) -> Iterator[tuple[float, float]]:
        """Where signs stand in view, in pixels: as many as can be told apart."""
        times = self._columns.column("time")
        low = int(np.searchsorted(times, scale.start_us))
        high = int(np.searchsorted(times, scale.end_us, side="right"))
        x = (times[low:high] - scale.start_us) / scale.us_per_px
        cells = (x / _APART_PX).astype(np.int64)
        rows = self._columns.column("lane")[low:high]
        _, first = np.unique(rows * (1 << 32) + cells, return_index=True)
        for at in first.tolist():
            yield float(x[at]), _y(lanes, int(rows[at]))

    def __len__(self) -> int:
        return len(self._columns)


def _lane(record: Record) -> int:
    """The lane of who noticed: a lost message is missed by whom it was for."""
    if record.part > 0:
        return record.part
    event = record.event
    if isinstance(event, Delivered | Lost):
        return max(0, event.flight.target)
    return 0


def _y(lanes: Lanes, lane: int) -> float:
    """Below the lane; above the last one, as words about branches stand at the foot."""
    if lane <= 0:
        return lanes.y(0) + _BESIDE * lanes.strip
    return lanes.y(lane) + _BESIDE * lanes.pitch * (-1 if lane == lanes.servers else 1)
