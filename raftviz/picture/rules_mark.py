"""The mark on the picture while rules are broken on purpose: what it says, and where it stands."""

from collections.abc import Iterator

from raftviz.picture.geometry import Box, text_width
from raftviz.picture.places import Layout
from raftviz.picture.primitives import RulesMark

_MARGIN = 10.0


def mark(plan: Layout, on: tuple[str, ...]) -> RulesMark | None:
    """The mark for the variants that are on; None for none.

    It stands in the first corner that servers, clients and words leave free.
    """
    if not on:
        return None
    words = f"Broken rule: {on[0]}" if len(on) == 1 else f"{len(on)} broken rules"
    size = min(plan.font, 15.0)
    high = 2.0 * size
    wide = text_width(words, size, bold=True) + 2.9 * size
    boxes = tuple(_corners(plan, wide, high))
    taken = tuple(_taken(plan))
    free = (box for box in boxes if not any(box.touches(other) for other in taken))
    return RulesMark(words, next(free, boxes[0]), size)


def _corners(plan: Layout, wide: float, high: float) -> Iterator[Box]:
    right, low = plan.width - wide - _MARGIN, plan.height - high - _MARGIN
    yield Box(_MARGIN, _MARGIN, wide, high)
    yield Box(right, _MARGIN, wide, high)
    yield Box(_MARGIN, low, wide, high)
    yield Box(right, low, wide, high)


def _taken(plan: Layout) -> Iterator[Box]:
    for spots, reach in ((plan.servers, plan.radius), (plan.clients, plan.client)):
        for spot in spots.values():
            yield Box(spot.x - reach, spot.y - reach, 2 * reach, 2 * reach)
    yield from (slot.box for slot in plan.slots.values())
