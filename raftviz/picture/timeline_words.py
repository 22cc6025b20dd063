"""Words on the lanes of a timeline: what was done and what broke, none on top of another."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from raftviz.picture.geometry import Box
from raftviz.picture.timeline_pills import Pill
from raftviz.picture.timeline_scale import Lanes, TimeScale
from raftviz.picture.timeline_tracks import Measure
from raftviz.raft.values import value

Violation = tuple[int, Sequence[int], str]
"""A broken rule: when (µs), the servers that contradict each other, the property's name."""

_FAR_PX = 400.0
"""Words of what lies that far to the left may still reach into view."""

_STRETCH_PX = 16.0


@value
class Word:
    """A sentence at its place."""

    text: str
    box: Box
    tone: Literal["text", "broken"] = "text"


@value
class WordSizes:
    """How wide words are, how high, and one pixel at the usual font size."""

    measure: Measure
    height: float
    unit: float


@value
class Saying:
    """What is to be said at ``x`` on a lane."""

    x: float
    lane: int
    text: str
    tone: Literal["text", "broken"] = "text"


def sayings(
    marks: Sequence[tuple[float, int, int]],
    told: Mapping[int, str],
    violations: Sequence[Violation],
    scale: TimeScale,
) -> list[Saying]:
    """The acts as (x, lane, event), in the words they are ``told`` in, and what broke."""
    broken = [Saying(scale.x(v[0]), 0, f"{v[2]} broken", "broken") for v in violations]
    return broken + [Saying(x, lane, told[event]) for x, lane, event in marks]


def placed_words(
    said: Sequence[Saying],
    lanes: Lanes,
    width: float,
    sizes: WordSizes,
    pills: Sequence[Pill] = (),
) -> tuple[Word, ...]:
    """As many words as can stand without overlapping one another or a band's label.

    Words about the world come first, then those on the upper lanes.
    """
    taken = _Taken([pill.box for pill in pills])
    placed: list[Word] = []
    waiting = sorted(said, key=lambda one: (one.lane, one.x, one.text))
    for saying in waiting:
        if not -_FAR_PX < saying.x < width:
            continue
        wide = sizes.measure(saying.text)
        places = _places(saying, wide, lanes, sizes, pills)
        kept_in = (_kept_in(place, saying, width, sizes) for place in places)
        box = next(filter(taken.leaves, kept_in), None)
        if box is not None:
            taken.add(box)
            placed.append(Word(saying.text, box, saying.tone))
    return tuple(one for one in placed if one.box.x + one.box.w >= 0)


class _Taken:
    """Boxes that nothing else may touch, found by the stretch of y they are in."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._by_stretch: dict[int, list[Box]] = {}
        for box in boxes:
            self.add(box, margin=1)

    def add(self, box: Box, margin: float = 6) -> None:
        grown = box.grown(margin, 0)
        for stretch in self._stretches(box):
            self._by_stretch.setdefault(stretch, []).append(grown)

    def leaves(self, box: Box) -> bool:
        """Whether there is room for a box."""
        near = (self._by_stretch.get(stretch, ()) for stretch in self._stretches(box))
        return not any(box.touches(other) for some in near for other in some)

    @staticmethod
    def _stretches(box: Box) -> range:
        return range(int(box.y // _STRETCH_PX), int((box.y + box.h) // _STRETCH_PX) + 1)


def _kept_in(box: Box, saying: Saying, width: float, sizes: WordSizes) -> Box:
    """A place, or the one before its mark if its end would be cut off at the right."""
    before = saying.x - 8 * sizes.unit - box.w
    return box if box.x + box.w <= width or before < 0 else Box(before, box.y, box.w, box.h)


def _places(
    saying: Saying, wide: float, lanes: Lanes, sizes: WordSizes, pills: Sequence[Pill]
) -> Iterator[Box]:
    """Where a word might stand, the best place first."""
    unit, high = sizes.unit, sizes.height
    y, start = lanes.y(saying.lane), saying.x + 8 * unit
    if not saying.lane:
        yield Box(start, y - high / 2, wide, high)
        return
    yield Box(start, y - high - 6 * unit, wide, high)
    behind = [
        pill.box.x + pill.box.w
        for pill in pills
        if pill.lane == saying.lane and 0 <= pill.box.x - saying.x <= 16 * unit
    ]
    yield Box(max([start, *behind]) + 4 * unit, y - high / 2, wide, high)
    yield Box(start, y + 6 * unit, wide, high)
