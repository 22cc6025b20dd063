"""The plots side by side, under mouse and keys; drawn by pyqtgraph."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from raftviz.picture.measures import Measures, bin_for, stairs
from raftviz.picture.plots import PLOTS, columns_for, whole_us, words_at
from raftviz.picture.theme import LIGHT, Theme
from raftviz.picture.time_window import TimeWindow
from raftviz.qt.guard import guarded
from raftviz.qt.plot_panel import Panel

_ZOOM_PER_NOTCH, _NOTCH = 1.25, 120.0
_MOST_DOTS = 500
"""Commits; more are drawn as a line, which is a hundred times as quick."""

_ZOOMS = {Qt.Key.Key_Plus: 1.6, Qt.Key.Key_Equal: 1.6, Qt.Key.Key_Minus: 1 / 1.6}

# Qt deletes what belongs to the window; pyqtgraph would do so once more as Python ends.
pg.setConfigOptions(exitCleanup=False)


class PlotsCanvas(pg.GraphicsLayoutWidget):
    """All plots on one axis of time, with one cursor."""

    seek_wanted = Signal("qlonglong")  # type: ignore[arg-type]  # a time in µs outgrows 32 bits
    """Somebody wants to look at this instant, in µs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = LIGHT
        self._measures: Measures | None = None
        self._drawn: tuple[object, ...] = ()
        self._looked: tuple[object, ...] = ()
        self._head_us = self._now_us = 0
        self._server = 0
        self._window: TimeWindow | None = None
        self._columns = 0
        self._pressed = False
        self.panels = [Panel(plot.title, whole=plot.whole) for plot in PLOTS]
        self.ci.setContentsMargins(4, 0, 4, 2)
        self.ci.setSpacing(0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Plots")
        self.setToolTip(" ")  # words_at says what
        self._arrange()

    # What is shown

    def show_measures(
        self, measures: Measures, now_us: int, head_us: int, server: int, *, thrifty: bool
    ) -> None:
        """Show a branch with the cursor at an instant; ``thrifty``: only move the cursor."""
        self._now_us, self._head_us, self._server = now_us, max(head_us, now_us), server
        drawn = (measures, measures.read, server, whole_us(self._head_us))
        if self._measures is not measures or (drawn != self._drawn and not thrifty):
            self._measures, self._drawn = measures, drawn
            self._draw()
        if self._window is not None:
            self._window.show(now_us, self._head_us)
        self._look()
        self._move_cursor()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._theme = theme
        self.setBackground(QColor(theme.surface))
        self._dress()

    def begin_anew(self) -> None:
        """Another history: show all of it."""
        self._window, self._measures, self._drawn = None, None, ()

    def fit_all(self) -> None:
        """Show everything from the beginning to the simulated end."""
        self._window = None
        self._look()

    def _draw(self) -> None:
        measures = self._measures
        assert measures is not None
        until = max(self._head_us, 1)
        for plot, panel in zip(PLOTS, self.panels, strict=True):
            if plot.measure and plot.measure not in measures.told:
                panel.clear()
            elif plot.measure:
                panel.draw("high", *stairs(measures.extreme("high", plot.measure), until))
                panel.draw("low", *stairs(measures.extreme("low", plot.measure), until))
                if self._server in measures.servers:
                    panel.draw(
                        "one", *stairs(measures.of_server(self._server, plot.measure), until)
                    )
                else:
                    panel.drop("one")
            elif plot.id == "flying":
                panel.draw("high", *stairs(measures.in_flight(), until))
            elif plot.id == "latency":
                when, took = measures.latencies()
                dots = len(when) <= _MOST_DOTS
                panel.drop("high" if dots else "dots")
                panel.draw("dots" if dots else "high", when / 1_000, took)
            else:
                edges, rates = measures.throughput(bin_for(until), until)
                panel.draw("high", np.repeat(edges, 2)[1:-1] / 1_000, np.repeat(rates, 2))

    def _look(self) -> None:
        """Show the part of time that is in view, if it or a line in it is another."""
        looked = (self.span_ms, self._drawn, self.size())
        if looked == self._looked:
            return
        self._looked = looked
        for panel in self.panels:
            panel.look(*self.span_ms)
        self._move_cursor()

    def _move_cursor(self) -> None:
        """To the nearest pixel: a cursor that moves by less would be painted in vain."""
        first, last = self.span_ms
        pixel = max(last - first, 0.001) / max(self.panels[0].box.width(), 1.0)
        at = round(self._now_us / 1_000 / pixel) * pixel
        for panel in self.panels:
            if panel.cursor.value() != at:
                panel.cursor.setPos(at)

    @property
    def span_ms(self) -> tuple[float, float]:
        """The part of time in view, from … to, in ms."""
        if self._window is None:
            return 0.0, whole_us(self._head_us) / 1_000
        scale = self._window.scale
        return scale.start_us / 1_000, scale.end_us / 1_000

    def _dress(self) -> None:
        size = f"{self.font().pointSizeF():.1f}pt"
        rows = len(self.panels) // max(self._columns, 1)
        for at, panel in enumerate(self.panels):
            panel.dress(self._theme, size, times=at // self._columns == rows - 1)

    def _arrange(self) -> None:
        columns = columns_for(self.width(), self.height())
        if columns == self._columns:
            return
        self._columns = columns
        for panel in self.panels:
            if panel.cell in self.ci.items:
                self.ci.removeItem(panel.cell)
        for at, panel in enumerate(self.panels):
            self.ci.addItem(panel.cell, row=at // columns, col=at % columns)
        self._dress()

    # What a person does

    def _panel_at(self, at: QPointF) -> tuple[int, float] | None:
        """The number of the plot under a point of the view, and the instant (µs) there."""
        scene = self.mapToScene(at.toPoint())
        for number, panel in enumerate(self.panels):
            time_ms = panel.time_at(scene)
            if time_ms is not None:
                return number, time_ms * 1_000
        return None

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the cursor there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = True
            self._seek(event.position())

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the cursor."""
        if self._pressed:
            self._seek(event.position())

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        """The end of a drag."""
        self._pressed = False

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        """See all."""
        self.fit_all()

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; with shift, or sideways, pan."""
        turned, found = event.angleDelta(), self._panel_at(event.position())
        if found is None:
            return
        sideways = abs(turned.x()) > abs(turned.y())
        if sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            notches = (turned.x() if sideways else turned.y()) / _NOTCH
            window = self._own_window()
            window.pan(-notches * 0.12 * window.scale.width)
        elif turned.y():
            self._zoom(_ZOOM_PER_NOTCH ** (turned.y() / _NOTCH), found[1])
        self._look()
        event.accept()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus zoom about the cursor."""
        factor = _ZOOMS.get(Qt.Key(event.key()))
        if factor is None:
            event.ignore()
            return
        self._zoom(factor, self._now_us)
        self._look()

    def _zoom(self, factor: float, time_us: float) -> None:
        window = self._own_window()
        window.zoom(factor, window.scale.x(time_us))

    def _own_window(self) -> TimeWindow:
        """From now on somebody chooses what part of time is in view."""
        if self._window is None:
            width = self.panels[0].box.width()
            self._window = TimeWindow(width)
            self._window.show(self._now_us, self._head_us)
            self._window.look_at(0.0, whole_us(self._head_us))
        return self._window

    def _seek(self, at: QPointF) -> None:
        found = self._panel_at(at)
        if found is not None:
            self.seek_wanted.emit(min(max(round(found[1]), 0), self._head_us))

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """Keys of the window stay the window's: a scene would take them all for its own."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.ignore()
            return False
        return bool(super().event(event))

    @guarded(default=False)
    def viewportEvent(self, event: QEvent) -> bool:
        """Say what is pointed at."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return bool(super().viewportEvent(event))

    def words_at(self, at: QPointF) -> str:
        """What is to be said about a point of the view; empty outside the plots."""
        found = self._panel_at(at)
        if found is None or self._measures is None:
            return ""
        time_us = min(max(round(found[1]), 0), self._head_us)
        return words_at(PLOTS[found[0]], self._measures, time_us, self._server)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Plots side by side or below each other, as the place is wide or high."""
        super().resizeEvent(event)
        if hasattr(self, "panels"):  # pyqtgraph resizes itself while it is made
            self._arrange()
            # As wide as each other, whatever stands at their axes.
            for column in range(len(self.panels)):
                wide = (self.width() - 10) / self._columns if column < self._columns else 0
                self.ci.layout.setColumnFixedWidth(column, wide)
            self._look()

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Sizes follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "panels"):
            self._dress()
