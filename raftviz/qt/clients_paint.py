"""Painting clients' operations: rows, bars from call to answer, the axis and the cursor."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPolygonF

from raftviz.picture.operations import Operation
from raftviz.picture.operations_chart import Bar, Chart, Crowd
from raftviz.picture.timeline_scale import Lanes, Tick, TimeScale, ticks
from raftviz.qt.timeline_signs import paint_axis, paint_cursor
from raftviz.qt.timeline_style import Style, pen
from raftviz.raft.names import name
from raftviz.raft.values import value

WAITS_PX = 10.0
"""How far the torn end of a waiting operation reaches beyond the newest instant."""


@value(eq=False)
class Rows:
    """Where the rows are: ``pitch`` apart from ``top`` on, moved up by ``scroll``."""

    top: float
    pitch: float
    height: float
    scroll: float

    def y(self, row: int) -> float:
        """The middle of a row."""
        return self.top + (row + 0.5) * self.pitch - self.scroll

    def row_at(self, y: float) -> int:
        """The row at ``y``; may be beyond the last."""
        return int((y - self.top + self.scroll) // self.pitch)


def rows_of(style: Style, height: float, scroll: float) -> Rows:
    """The rows in a view of this height, its axis not counted."""
    top = 14 * style.unit
    return Rows(top, 28 * style.unit, max(height - top - style.axis, 1.0), scroll)


def paint_chart(
    painter: QPainter,
    seen: Chart,
    rows: Rows,
    scale: TimeScale,
    style: Style,
    selected: Operation | None,
) -> None:
    """All rows; the painter's x is 0 at the left edge of time."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen(style.theme.ring))
    for row in range(len(seen.clients)):
        painter.drawLine(QLineF(0, rows.y(row), scale.width, rows.y(row)))
    for crowd in seen.crowds:
        _paint_crowd(painter, crowd, rows, style)
    for bar in seen.bars:
        paint_bar(painter, bar, rows, style, selected=bar.operation is selected)


def paint_bar(painter: QPainter, bar: Bar, rows: Rows, style: Style, *, selected: bool) -> None:
    """One operation: solid when answered, dashed and torn open while it waits."""
    theme, unit, operation = style.theme, style.unit, bar.operation
    high = 18 * unit
    box = QRectF(bar.x0, rows.y(bar.row) - high / 2, max(bar.x1 - bar.x0, 3.0), high)
    broken = operation.unexplained
    line = theme.broken if broken else theme.muted if bar.waits else theme.accent
    ground = theme.broken_soft if broken else theme.surface if bar.waits else theme.accent_soft
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if bar.waits:
        _paint_open(painter, box, line, unit)
    else:
        painter.setPen(pen(line, 1.3 * unit))
        painter.drawRoundedRect(box, 4, 4)
    if selected:
        painter.setPen(pen(theme.text, 2.0 * unit))
        painter.drawRoundedRect(box.adjusted(-2.5, -2.5, 2.5, 2.5), 6, 6)
    _paint_tries(painter, bar, box, style)
    _paint_words(painter, bar, box, style)


def _paint_open(painter: QPainter, box: QRectF, line: str, unit: float) -> None:
    """No right edge: three dashes run on."""
    painter.setPen(pen(line, 1.3 * unit, 3.0, 2.0))
    end = box.right() + WAITS_PX
    painter.drawLine(QLineF(box.left() + 3, box.top(), end, box.top()))
    painter.drawLine(QLineF(box.left() + 3, box.bottom(), end, box.bottom()))
    painter.setPen(pen(line, 1.6 * unit))
    painter.drawLine(QLineF(box.left(), box.top(), box.left(), box.bottom()))


def _paint_tries(painter: QPainter, bar: Bar, box: QRectF, style: Style) -> None:
    """Where it was sent again: a small flag that points on, above the bar."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.theme.text))
    side = 5 * style.unit
    for x in bar.tries:
        tip = QPointF(x + side, box.top() - 1)
        points = [
            QPointF(x, box.top() - 1 - side * 0.7),
            tip,
            QPointF(x, box.top() - 1 + side * 0.7),
        ]
        painter.drawPolygon(QPolygonF(points))
        painter.fillRect(
            QRectF(x - 0.7, box.top() - 4, 1.4, box.height() + 4), QColor(style.theme.text)
        )


def _paint_words(painter: QPainter, bar: Bar, box: QRectF, style: Style) -> None:
    """What was asked, and what was told if there is room; never into another bar."""
    theme, operation = style.theme, bar.operation
    painter.setFont(style.small)
    metrics = QFontMetricsF(style.small)
    result = "" if bar.waits else f" → {operation.result or '–'}"
    room = box.adjusted(5, 0, -4, 0)
    room.setLeft(max(room.left(), 4.0))  # what began out of sight is told where it comes into sight
    for text in (f"{operation.text}{result}", operation.text):
        if metrics.horizontalAdvance(text) <= room.width():
            painter.setPen(QColor(theme.broken if operation.unexplained else theme.text))
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(room, align, text)
            return


def _paint_crowd(painter: QPainter, crowd: Crowd, rows: Rows, style: Style) -> None:
    high, theme = 18 * style.unit, style.theme
    box = QRectF(crowd.x0, rows.y(crowd.row) - high / 2, max(crowd.x1 - crowd.x0, 4.0), high)
    painter.setPen(pen(theme.accent, 1.0))
    painter.setBrush(QColor(theme.accent_soft))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(QBrush(QColor(theme.accent), Qt.BrushStyle.Dense6Pattern))
    painter.drawRoundedRect(box, 4, 4)
    text = f"{crowd.count:,} operations · zoom in to see each"
    painter.setFont(style.small)
    width = QFontMetricsF(style.small).horizontalAdvance(text) + 12
    if width < box.width():
        label = QRectF(0, 0, width, high - 2)
        label.moveCenter(QPointF(max(box.left(), 0) + width / 2 + 6, box.center().y()))
        painter.fillRect(label, QColor(theme.accent_soft))
        painter.setPen(QColor(theme.text))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)


def paint_ahead(
    painter: QPainter, rows: Rows, scale: TimeScale, style: Style, head_us: int
) -> None:
    """What is not simulated yet is another ground."""
    ahead = max(scale.x(head_us), 0.0)
    if ahead < scale.width:
        ground = QRectF(ahead, rows.top, scale.width - ahead, rows.height)
        painter.fillRect(ground, QColor(style.theme.raised))


@value
class _Axis:
    scale: TimeScale
    lanes: Lanes
    ticks: tuple[Tick, ...]


def paint_time(
    painter: QPainter, rows: Rows, scale: TimeScale, style: Style, cursor_us: int
) -> None:
    """The axis and the cursor, as on the timeline."""
    lanes = Lanes(1, rows.top, rows.height, 1.0)
    axis = _Axis(scale, lanes, ticks(scale, 84 * style.unit))
    paint_axis(painter, axis, style, cursor_us)
    paint_cursor(painter, axis, style, cursor_us)


def paint_clients(painter: QPainter, seen: Chart, rows: Rows, style: Style) -> None:
    """The clients' names beside their rows."""
    painter.fillRect(QRectF(0, 0, style.gutter, 10_000), QColor(style.theme.surface))
    painter.setFont(style.bold)
    painter.setPen(QColor(style.theme.text))
    metrics = QFontMetricsF(style.bold)
    align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for row, client in enumerate(seen.clients):
        box = QRectF(0, rows.y(row) - metrics.height() / 2, style.gutter - 10, metrics.height())
        painter.drawText(box, align, name(client))
