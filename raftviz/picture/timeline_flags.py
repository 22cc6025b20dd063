"""Bookmarks above the lanes of a timeline, and the name of what begins there: one row of words."""

from collections.abc import Sequence

from raftviz.picture.geometry import Box
from raftviz.picture.marked import Marked
from raftviz.picture.timeline_company import Beginning
from raftviz.picture.timeline_scale import Lanes, TimeScale
from raftviz.picture.timeline_tracks import Measure
from raftviz.raft.values import value

_TOGETHER_PX = 12.0
_LABEL_PX = 14.0
"""From a flag's pole to its name: the cursor's handle has room between them."""

_LONGEST_PX = 190.0
_FAR_PX = 220.0
# All at the usual font size, as ``Lanes.unit`` has it.


@value
class FlagSign:
    """Bookmarks at ``x``: a flag, and the first one's name if ``label`` has room for it."""

    x: float
    marked: tuple[Marked, ...]
    text: str
    label: Box | None

    def box(self, lanes: Lanes) -> Box:
        """The sign itself."""
        wide = (_TOGETHER_PX - 1) * lanes.unit
        return Box(self.x - 1, lanes.top - lanes.flags, wide, lanes.flags)


@value
class BeginLabel:
    """Words at the place where the shown branch begins."""

    x: float
    text: str
    label: Box
    colour: int


@value
class FlagRow:
    """All that stands in the row."""

    flags: tuple[FlagSign, ...] = ()
    begins: tuple[BeginLabel, ...] = ()


def flag_row(
    marked: Sequence[Marked],
    beginnings: Sequence[Beginning],
    scale: TimeScale,
    lanes: Lanes,
    measure: Measure,
) -> FlagRow:
    """What stands in the row above the lanes; flags come before words about beginnings."""
    if not lanes.flags:
        return FlagRow()
    groups, aside = _groups(marked, scale, lanes.unit), _LABEL_PX * lanes.unit
    flags = []
    for at, (x, together) in enumerate(groups):
        end = groups[at + 1][0] if at + 1 < len(groups) else float("inf")
        more = f" +{len(together) - 1}" if len(together) > 1 else ""
        text = f"{together[0].name}{more}"
        label = _box(x + aside, text, lanes, measure)
        fits = label.x + label.w <= end - 3
        flags.append(FlagSign(x, tuple(together), text, label if fits else None))
    taken = [flag.box(lanes) for flag in flags] + [flag.label for flag in flags if flag.label]
    begins = []
    for beginning in beginnings:
        x = scale.x(beginning.time_us)
        text = f"{beginning.branch.name} begins here"
        label = _box(x + aside, text, lanes, measure)
        in_view = -_FAR_PX * lanes.unit <= x <= scale.width
        if in_view and not any(label.grown(3, 0).touches(box) for box in taken):
            taken.append(label)
            begins.append(BeginLabel(x, text, label, beginning.branch.label.colour))
    return FlagRow(tuple(flags), tuple(begins))


def _groups(
    marked: Sequence[Marked], scale: TimeScale, unit: float
) -> list[tuple[float, list[Marked]]]:
    """Bookmarks in view, those together whose flags would overlap."""
    groups: list[tuple[float, list[Marked]]] = []
    for one in marked:
        x = scale.x(one.time_us)
        if not -_FAR_PX * unit <= x <= scale.width + 2:
            continue
        if groups and x - groups[-1][0] < _TOGETHER_PX * unit:
            groups[-1][1].append(one)
        else:
            groups.append((x, [one]))
    return groups


def _box(x: float, text: str, lanes: Lanes, measure: Measure) -> Box:
    return Box(
        x, lanes.top - lanes.flags, min(measure(text), _LONGEST_PX * lanes.unit), lanes.flags - 1
    )


def flag_at(row: FlagRow, lanes: Lanes, x: float, y: float) -> FlagSign | None:
    """The flag that is pointed at, by its sign or its name."""
    for flag in row.flags:
        if flag.box(lanes).grown(2, 0).contains(x, y) or (flag.label and flag.label.contains(x, y)):
            return flag
    return None
