"""What is painted of a branch, kept as long as it stays the same; no widget and no events.

A frame of a playing run that neither grew nor scrolled costs a copy of one pixmap and the cursor.
"""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap

from raftviz.picture.timeline import Band, Mark, TimelinePicture, arrows, timeline_picture
from raftviz.picture.timeline_hit import (
    Hit,
    Pointer,
    band_at,
    band_words,
    hit,
    leg_words,
    mark_tip,
    mark_words,
)
from raftviz.picture.timeline_index import TimelineIndex
from raftviz.picture.timeline_scale import TimeScale
from raftviz.qt.timeline_paint import paint_chart
from raftviz.qt.timeline_signs import (
    Violation,
    paint_axis,
    paint_cursor,
    paint_header,
    paint_names,
    paint_signs,
    paint_words,
)
from raftviz.qt.timeline_style import Style, pen
from raftviz.sim.acts import Crash
from raftviz.sim.events import Acted

HINT = "drag to rewind · scroll to zoom · click an arrow for its message · double-click to see all"


class TimelineSheet:
    """One branch up to ``head_us`` in one scale, style, height (px) and pixel ratio."""

    def __init__(
        self,
        index: TimelineIndex,
        head_us: int,
        *,
        scale: TimeScale,
        style: Style,
        height: int,
        ratio: float,
        violations: Sequence[Violation],
    ) -> None:
        self.index = index
        self.read = len(index)
        self.branches = len(index.history.branches)
        self.head_us = head_us
        self.style = style
        self.height = height
        self.ratio = ratio
        self.picture: TimelinePicture = timeline_picture(
            index,
            scale,
            style.lanes(index.servers, height),
            head_us,
            tick_px=84 * style.unit,
            column_px=1 / ratio,
        )
        self._violations = violations
        self._words = self._told()
        self._chart: QPixmap | None = None

    def paint(self, painter: QPainter, cursor_us: int, hovered: Hit | None) -> None:
        """The whole view, with the cursor and what is pointed at."""
        style, picture = self.style, self.picture
        width = style.gutter + picture.scale.width
        painter.save()
        painter.setClipRect(QRectF(style.gutter, 0, picture.scale.width, self.height))
        painter.translate(style.gutter, 0)
        painter.drawPixmap(0, 0, self._kept_chart())
        if isinstance(hovered, int):
            self._paint_leg(painter, hovered)
        paint_axis(painter, picture, style, cursor_us)
        paint_cursor(painter, picture, style, cursor_us)
        paint_words(painter, picture, style, self._words, self._violations)
        painter.restore()
        paint_names(painter, picture, style, clients=self.index.has_clients)
        paint_header(painter, style, width, self.hint)

    @property
    def hint(self) -> str:
        """What can be done, or how to see more."""
        if self.picture.density is None:
            return HINT
        count = f"{self.picture.density.legs:,}".replace(",", "\u2009")
        return f"{count} messages in view, darker where there are more · zoom in to see each"

    def hit(self, x: float, y: float) -> Hit | None:
        """What can be picked at a place in the widget."""
        return hit(self.index, self.picture, self.head_us, self._pointer(x, y))

    def words(self, x: float, y: float) -> str:
        """What is to be said about what stands at a place: what can be picked, or a lane's band."""
        found = self.hit(x, y)
        if found is None:
            found = band_at(self.picture, self._pointer(x, y))
        match found:
            case Mark() as mark:
                return mark_tip(self.index, mark)
            case Band() as band:
                return band_words(self.index, band)
            case int(row):
                return leg_words(self.index, row, self.head_us)
            case _:
                return ""

    def time_us(self, x: float) -> float:
        """The instant at a place in the widget."""
        return self.picture.scale.time_us(x - self.style.gutter)

    def _pointer(self, x: float, y: float) -> Pointer:
        return Pointer(x - self.style.gutter, y, 5.0 * self.style.unit)

    def _kept_chart(self) -> QPixmap:
        if self._chart is None:
            size = QSize(round(self.picture.scale.width), self.height) * self.ratio
            self._chart = QPixmap(size)
            self._chart.setDevicePixelRatio(self.ratio)
            self._chart.fill(QColor(self.style.theme.surface))
            with QPainter(self._chart) as painter:
                paint_chart(painter, self.picture, self.style)
                paint_signs(painter, self.picture, self.style, self._words, self._violations)
        return self._chart

    def _told(self) -> dict[int, tuple[str, bool]]:
        words = {}
        for mark in self.picture.marks:
            event = self.index.branch[mark.event].event
            stops = isinstance(event, Acted) and isinstance(event.act, Crash) and not event.note
            words[mark.event] = (mark_words(self.index, mark), stops)
        return words

    def _paint_leg(self, painter: QPainter, row: int) -> None:
        picture = self.picture
        leg = arrows(self.index, np.array([row]), picture.scale, picture.lanes, self.head_us)
        line = QLineF(float(leg.x0[0]), float(leg.y0[0]), float(leg.x1[0]), float(leg.y1[0]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
        painter.setPen(pen(self.style.theme.text, 2.6 * self.style.unit))
        painter.drawLine(line)
