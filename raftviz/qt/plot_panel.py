"""One plot: a title, an axis of its own, a line or dots, and the cursor; drawn by pyqtgraph."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt

from raftviz.picture.theme import LIGHT, Theme
from raftviz.picture.timeline_columns import Floats
from raftviz.picture.timeline_scale import ms_text
from raftviz.qt.guard import guarded

_AXIS_PX = 44

_NO_TICKS: list[tuple[float, float]] = []
_NO_WORDS: list[str] = []


class _Axis(pg.AxisItem):
    """An axis that never speaks of half a term."""

    def __init__(self, box: pg.ViewBox, *, whole: bool) -> None:
        super().__init__("left", linkView=box)
        self._whole = whole
        self.setWidth(_AXIS_PX)
        self.enableAutoSIPrefix(enable=False)

    @guarded(default=_NO_TICKS)
    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """Where ticks may stand, coarse first."""
        levels = super().tickSpacing(low, high, size)
        return [level for level in levels if level[0] >= 1] if self._whole else levels


class _TimeAxis(pg.AxisItem):
    """Milliseconds, as the timeline writes them."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__("bottom", linkView=box)
        self.enableAutoSIPrefix(enable=False)

    @guarded(default=_NO_WORDS)
    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """What stands at the ticks."""
        del scale
        return [ms_text(value * 1_000, 0 if spacing >= 1 else 2) for value in values]


class Panel:
    """A part of a layout of pyqtgraph: ``cell`` is to be put there. Times are in ms."""

    def __init__(self, title: str, *, whole: bool) -> None:
        self.title = title
        self._theme: Theme = LIGHT
        self.cell = pg.GraphicsLayout()
        self.cell.setContentsMargins(2, 2, 8, 2)
        self.cell.setSpacing(0)
        self._label = pg.LabelItem(title, justify="left")
        self.cell.addItem(self._label, row=0, col=1)
        self.box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self.box.setDefaultPadding(0)
        self._axis, self._time = _Axis(self.box, whole=whole), _TimeAxis(self.box)
        for item, at in ((self._axis, (1, 0)), (self.box, (1, 1)), (self._time, (2, 1))):
            self.cell.addItem(item, row=at[0], col=at[1])
        self._lines: dict[str, pg.PlotDataItem] = {}
        self.cursor = pg.InfiniteLine(0.0, angle=90)
        self.cursor.setZValue(10)
        self.box.addItem(self.cursor)

    # What is shown

    def draw(self, name: str, x: Floats, y: Floats) -> None:
        """A line by its name, or ``"dots"``; every point of it anew."""
        line = self._lines.get(name)
        if line is None:
            line = self._lines[name] = pg.PlotDataItem(connect="finite")
            if name != "dots":
                line.setDownsampling(auto=True, method="peak")
                line.setClipToView(True)
            self._dress_line(name, line)
            self.box.addItem(line)
        line.setData(x, y)

    def drop(self, name: str) -> None:
        """No such line any more."""
        line = self._lines.pop(name, None)
        if line is not None:
            self.box.removeItem(line)

    def clear(self) -> None:
        """No lines at all."""
        for name in self.names():
            self.drop(name)

    def names(self) -> set[str]:
        """The lines there are."""
        return set(self._lines)

    def points(self) -> int:
        """How many points the longest line has."""
        return max((len(line.getOriginalDataset()[0]) for line in self._lines.values()), default=0)

    def look(self, first_ms: float, last_ms: float) -> None:
        """Show this part of time, and as much upwards as it takes."""
        low, high = np.inf, -np.inf
        for line in self._lines.values():
            x, y = line.getOriginalDataset()
            if x is None or not line.isVisible():
                continue
            seen = y[
                max(0, int(np.searchsorted(x, first_ms)) - 1) : int(np.searchsorted(x, last_ms)) + 1
            ]
            if len(seen):
                low, high = min(low, float(seen.min())), max(high, float(seen.max()))
        if not np.isfinite(low):
            low, high = 0.0, 1.0
        room = max(high - low, 1.0) * 0.12
        self.box.setRange(xRange=(first_ms, last_ms), yRange=(low - room, high + room), padding=0)

    def dress(self, theme: Theme, size: str, *, times: bool) -> None:
        """Colours and sizes of words; ``times`` whether the axis of time has its numbers."""
        self._theme = theme
        for axis in (self._axis, self._time):
            axis.setPen(pg.mkPen(theme.link))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setStyle(tickLength=3, tickTextOffset=3)
        self._time.setStyle(showValues=times)
        self._time.setHeight(None if times else 5)
        self._label.setText(self.title, color=theme.text, size=size, bold=True)
        self.cursor.setPen(pg.mkPen(theme.accent, width=1))
        for name, line in self._lines.items():
            self._dress_line(name, line)

    def _dress_line(self, name: str, line: pg.PlotDataItem) -> None:
        theme = self._theme
        if name == "dots":
            line.setPen(None)
            line.setSymbol("o")
            line.setSymbolSize(5)
            line.setSymbolPen(pg.mkPen(theme.accent))
            line.setSymbolBrush(pg.mkBrush(theme.accent_soft))
        elif name == "low":
            line.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DotLine))
        elif name == "one":
            line.setPen(pg.mkPen(theme.text, width=1, style=Qt.PenStyle.DashLine))
        else:
            line.setPen(pg.mkPen(theme.accent, width=1))

    def time_at(self, at: QPointF) -> float | None:
        """The instant (ms) at a point of the scene; None outside the plot."""
        if not self.box.sceneBoundingRect().contains(at):
            return None
        return float(self.box.mapSceneToView(at).x())
