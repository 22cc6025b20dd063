"""The signs of what differs, on sheets that lie over a picture, logs and a timeline.

They are told where things are by what they lie over, and paint whenever it does.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from raftviz.compare.states import differing_entries
from raftviz.picture.difference_marks import DifferenceMarks
from raftviz.picture.theme import LIGHT, Theme
from raftviz.picture.timeline_scale import Lanes, TimeScale
from raftviz.qt.canvas import ClusterCanvas
from raftviz.qt.guard import guarded
from raftviz.qt.kept import KeptPaintings
from raftviz.qt.logs import LogsView
from raftviz.qt.overlay import Overlay
from raftviz.qt.timeline import TimelineView
from raftviz.qt.timeline_style import Style, pen
from raftviz.raft.log import Log

_FAR_PX = 400.0
"""Words of what lies that far to the left may still reach into view."""

_CORNER = 9.0
"""Pixels around the corner of an entry that its sign may take."""

_BADGE = 9.0
"""Half the width of a server's badge, in pixels."""


def paint_unequal(painter: QPainter, at: QPointF, size: float, colour: QColor) -> None:
    """The sign ≠, ``size`` pixels wide, drawn by hand: fonts differ in it."""
    half = size / 2
    painter.setPen(pen(colour, max(1.4, size * 0.19)))
    painter.drawLines(
        [
            QLineF(at.x() - half, at.y() - 0.3 * half, at.x() + half, at.y() - 0.3 * half),
            QLineF(at.x() - half, at.y() + 0.4 * half, at.x() + half, at.y() + 0.4 * half),
            QLineF(at.x() - 0.55 * half, at.y() + half, at.x() + 0.55 * half, at.y() - 0.9 * half),
        ]
    )


class Marks(Overlay):
    """A sheet with signs; what is below is clicked through it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.theme = LIGHT
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.cover()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self.theme = theme
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """All signs."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint(painter)

    def paint(self, painter: QPainter) -> None:
        """What a kind of sheet shows."""
        raise NotImplementedError


class ServerMarks(Marks):
    """A badge on each server that is not the same on the other side."""

    def __init__(self, canvas: ClusterCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._servers: frozenset[int] = frozenset()

    def set_servers(self, servers: frozenset[int]) -> None:
        """Mark these."""
        if servers != self._servers:
            self._servers = servers
            self.update()

    def paint(self, painter: QPainter) -> None:
        """See ``Marks``."""
        for middle, radius in self.places():
            painter.setPen(pen(self.theme.accent, 1.6))
            painter.setBrush(QColor(self.theme.surface))
            painter.drawEllipse(middle, radius, radius)
            paint_unequal(painter, middle, 1.05 * radius, QColor(self.theme.text))

    def places(self) -> Iterator[tuple[QPointF, float]]:
        """Where the badges are, and how large: on the servers' rims, at the upper left."""
        picture = self._canvas.picture
        for sign in picture.servers if picture is not None else ():
            if sign.id in self._servers:
                away = 0.8 * sign.radius
                yield QPointF(sign.x - away, sign.y - away), min(_BADGE, 0.45 * sign.radius)


class EntryMarks(Marks):
    """A frame and a sign on each log entry that the other side has not, or has otherwise."""

    def __init__(self, logs: LogsView) -> None:
        super().__init__(logs.viewport())
        self._logs = logs
        self._others: Mapping[int, Log] = {}
        self._kept = KeptPaintings()

    def set_theme(self, theme: Theme) -> None:
        """See ``Marks``."""
        self._kept = KeptPaintings()
        super().set_theme(theme)

    def set_others(self, others: Mapping[int, Log]) -> None:
        """The logs of the other side, by server."""
        self._others = others
        self.update()

    def paint(self, painter: QPainter) -> None:
        """See ``Marks``."""
        grid = self._logs.grid
        painter.setClipRect(QRectF(grid.left - 6, grid.top - 8, grid.width, grid.height))
        for box, is_here in self.places():
            # The sign stands on the corner, where nothing is: in the cell it would cover the term.
            room = box.adjusted(-_CORNER, -_CORNER, 0, 0)
            self._kept.paint(painter, room, is_here, partial(self._paint_entry, is_here=is_here))

    def _paint_entry(self, painter: QPainter, room: QRectF, *, is_here: bool) -> None:
        unit = self.fontMetrics().height() / 15
        box = room.adjusted(_CORNER, _CORNER, 0, 0)
        painter.setPen(pen(self.theme.accent, 2.0 * unit, *(() if is_here else (2.0, 2.0))))
        painter.drawRoundedRect(box, 4, 4)
        if not is_here:
            painter.setFont(self.font())
            painter.setPen(QColor(self.theme.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "none")
        corner = QPointF(box.left() + 2 * unit, box.top() - unit)
        painter.setPen(pen(self.theme.accent, 1.2 * unit))
        painter.setBrush(QColor(self.theme.surface))
        painter.drawEllipse(corner, 5.5 * unit, 5.5 * unit)
        paint_unequal(painter, corner, 5.5 * unit, QColor(self.theme.text))

    def places(self) -> Iterator[tuple[QRectF, bool]]:
        """The cells in view that differ, and whether there is an entry on this side."""
        table, grid = self._logs.table, self._logs.grid
        if table is None:
            return
        first, last = grid.columns
        for at in grid.rows(len(table.rows)):
            row = table.rows[at]
            other = self._others.get(row.server)
            if other is None:
                continue
            until = min(last, max(row.log.last_index, other.last_index))
            for index in differing_entries(row.log, other, first, until):
                box = QRectF(
                    grid.x(index) + 1.5,
                    grid.y(at) + 1,
                    grid.column - 3,
                    grid.pitch - grid.marks - 1,
                )
                yield box, index <= row.log.last_index


class EventMarks:
    """On a timeline: where the two part, and a sign at each event of this side that differs."""

    def __init__(self, timeline: TimelineView) -> None:
        self._timeline = timeline
        self._marks: DifferenceMarks | None = None
        self._words = ""
        self._style: Style | None = None
        self._kept = KeptPaintings()
        timeline.set_marks(self.paint)

    def set_marks(self, marks: DifferenceMarks, words: str) -> None:
        """The differences of this side, and what to say where the two part."""
        self._marks, self._words = marks, words
        self._timeline.update()

    def paint(self, painter: QPainter, scale: TimeScale, lanes: Lanes, style: Style) -> None:
        """All signs; called by the timeline."""
        marks, theme = self._marks, style.theme
        if marks is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if style is not self._style:
            self._style, self._kept = style, KeptPaintings()
        side = 11 * style.unit
        for x, y in marks.places(scale, lanes):
            box = QRectF(x - side / 2, y - side / 2, side, side)
            self._kept.paint(painter, box, "sign", partial(_paint_sign, theme=theme))
        x = scale.x(marks.parting_us) if marks.parting_us is not None else -1e9
        if -_FAR_PX <= x <= scale.width:
            _paint_parting(painter, x, lanes, style)
            if self._words:
                _paint_words(painter, self._words, x, scale.width, lanes, style)


def _paint_sign(painter: QPainter, box: QRectF, *, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.surface))
    painter.drawEllipse(box)
    paint_unequal(painter, box.center(), 0.6 * box.width(), QColor(theme.text))


def _paint_parting(painter: QPainter, x: float, lanes: Lanes, style: Style) -> None:
    """A double line, and a badge beside it: on its other side stand the words of the act."""
    top, bottom = lanes.y(0), lanes.top + lanes.height
    painter.setPen(pen(style.theme.accent, 1.4 * style.unit))
    for side in (-1.8, 1.8):
        painter.drawLine(QLineF(x + side, top, x + side, bottom))
    radius = 7.5 * style.unit
    at = QPointF(x - radius - 4 * style.unit, top)
    painter.setPen(pen(style.theme.accent, 1.6 * style.unit))
    painter.setBrush(QColor(style.theme.surface))
    painter.drawEllipse(at, radius, radius)
    paint_unequal(painter, at, 1.05 * radius, QColor(style.theme.text))


def _paint_words(
    painter: QPainter, words: str, x: float, width: float, lanes: Lanes, style: Style
) -> None:
    metrics = QFontMetricsF(style.bold)
    left = x + 10 * style.unit
    words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(40.0, width - left - 6))
    wide, high = metrics.horizontalAdvance(words) + 4, metrics.height()
    box = QRectF(left, lanes.y(0) - high / 2, wide, high)
    painter.setFont(style.bold)
    painter.fillRect(box, QColor(style.theme.surface))
    painter.setPen(QColor(style.theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
