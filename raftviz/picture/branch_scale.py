"""The axis of the tree of branches: all of time, with what all branches share folded to a part."""

from raftviz.picture.timeline_scale import Tick, TimeScale, ticks
from raftviz.raft.values import value

_FOLDED = 0.22
"""The part of the width that a long common beginning is folded to."""

_LONG = 0.4
"""A common beginning is long if it is more than this part of all."""

_SHORTEST_US = 50_000
_STEP = 1.25
"""The axis grows in steps, so that not everything moves in every frame of a run that plays."""


@value
class BranchScale:
    """From time to x: straight up to ``fold_us`` at ``fold_x``, and straight from there on."""

    left: float
    right: float
    fold_us: float
    fold_x: float
    end_us: float

    def x(self, time_us: float) -> float:
        """Where an instant stands."""
        if time_us < self.fold_us:
            return self.left + (self.fold_x - self.left) * max(time_us, 0.0) / self.fold_us
        part = (time_us - self.fold_us) / (self.end_us - self.fold_us)
        return min(self.fold_x + (self.right - self.fold_x) * part, self.right)

    def time_us(self, x: float) -> float:
        """The instant that stands there."""
        if x < self.fold_x:
            return self.fold_us * max(x - self.left, 0.0) / (self.fold_x - self.left)
        part = (x - self.fold_x) / max(self.right - self.fold_x, 1.0)
        return self.fold_us + (self.end_us - self.fold_us) * min(part, 1.0)

    @property
    def is_folded(self) -> bool:
        """Whether the beginning is drawn closer than the rest."""
        return self.fold_us > 0

    def ticks(self, apart_px: float) -> tuple[Tick, ...]:
        """The ticks of the part that is not folded, and the beginning of time."""
        width = max(self.right - self.fold_x, 1.0)
        shown = TimeScale(self.fold_us, (self.end_us - self.fold_us) / width, width)
        found = ticks(shown, apart_px)
        clear = [t for t in found if self.x(t.time_us) - self.left >= apart_px or not t.time_us]
        begins = () if clear and clear[0].time_us == 0 else (Tick(0, "0"),)
        return (*begins, *clear)


def branch_scale(left: float, right: float, parting_us: int | None, end_us: float) -> BranchScale:
    """The axis between two x for branches that part first at ``parting_us``, if they ever do."""
    if parting_us is None:
        return BranchScale(left, right, 0.0, left, _stepped(end_us))
    apart = max(end_us - parting_us, _SHORTEST_US)
    last = parting_us + _stepped(apart)
    if parting_us < _LONG * last:
        return BranchScale(left, right, 0.0, left, last)
    fold_us = parting_us - 0.15 * (last - parting_us)
    if fold_us <= 0:
        return BranchScale(left, right, 0.0, left, last)
    return BranchScale(left, right, fold_us, left + _FOLDED * (right - left), last)


def _stepped(span_us: float) -> float:
    """The least of a row of lengths that holds ``span_us``, with a little room behind it."""
    length = float(_SHORTEST_US)
    while length < span_us * 1.03:
        length *= _STEP
    return length
