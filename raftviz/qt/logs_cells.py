"""Painting one entry of a log. What an entry looks like is painted once and then copied."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from raftviz.picture.logs import Cell, LogRow, entry_text
from raftviz.picture.theme import blend
from raftviz.qt.kept import KeptPaintings
from raftviz.qt.logs_style import LogStyle
from raftviz.qt.timeline_style import pen
from raftviz.sim.host import Status


def paint_cell(
    painter: QPainter, row: LogRow, cell: Cell, box: QRectF, style: LogStyle, kept: KeptPaintings
) -> None:
    """An entry in its box, with what was taken away there just now beside it."""
    if cell.gone is not None or cell.entry is None:
        _paint_cell(painter, row, cell, box, style)
        return
    down = row.status is Status.CRASHED
    key = (
        entry_text(cell.entry),
        cell.entry.term,
        cell.committed,
        cell.applied,
        cell.durable,
        cell.conflicts,
        down,
    )
    kept.paint(painter, box, key, lambda p, room: _paint_cell(p, row, cell, room, style))


def _paint_cell(painter: QPainter, row: LogRow, cell: Cell, box: QRectF, style: LogStyle) -> None:
    if cell.entry is None:
        _paint_gone(painter, cell, box, style)
        return
    theme, unit = style.theme, style.unit
    colours = theme.term(cell.entry.term)
    down = row.status is Status.CRASHED
    ink = colours.on_solid if cell.committed else colours.on_fill
    ground = colours.solid if cell.committed else blend(theme.surface, colours.fill, 0.55)
    if down:
        ground, ink = blend(theme.surface, ground, 0.4), theme.muted
    line = blend(theme.surface, colours.line, 0.6) if down else colours.line
    painter.setPen(pen(line, 1.4 * unit, *(() if cell.committed else (2.5, 2.0))))
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, 4 * unit, 4 * unit)
    room = box
    if cell.gone is not None:
        half = box.width() / 2
        _paint_gone(painter, cell, QRectF(box.left(), box.top(), half - 1, box.height()), style)
        room = box.adjusted(half - 6 * unit, 0, 0, 0)
    _paint_text(painter, cell, room, style, QColor(ink), narrow=cell.gone is not None)
    if not cell.durable:
        _paint_not_durable(painter, box, style)
    if cell.conflicts:
        _paint_conflict(painter, box, style)
    if cell.committed and not cell.applied:
        painter.setPen(pen(ink, 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(box.right() - 5 * unit, box.bottom() - 5 * unit), 2.2, 2.2)


def _paint_text(
    painter: QPainter, cell: Cell, box: QRectF, style: LogStyle, ink: QColor, *, narrow: bool
) -> None:
    assert cell.entry is not None
    unit = style.unit
    text = entry_text(cell.entry)
    painter.setPen(ink)
    left = 4 * unit
    if not narrow:
        painter.setFont(style.tiny)
        term = f"t{cell.entry.term}"
        painter.drawText(
            box.adjusted(left, 0, 0, 0),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            term,
        )
        left += QFontMetricsF(style.tiny).horizontalAdvance(term)
    painter.setFont(style.code)
    metrics = QFontMetricsF(style.code)
    room = box.adjusted(left + 1, 0, -3 * unit, 0)
    if metrics.horizontalAdvance(text) > room.width():
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


def _paint_conflict(painter: QPainter, box: QRectF, style: LogStyle) -> None:
    """Not what the leader has: two strokes that are equal, and a third that denies it."""
    unit, theme = style.unit, style.theme
    middle = QPointF(box.right() - 6.5 * unit, box.bottom() - 6 * unit)
    painter.setPen(pen(theme.text, 1.0))
    painter.setBrush(QColor(theme.surface))
    painter.drawEllipse(middle, 5 * unit, 5 * unit)
    painter.setPen(pen(theme.text, 1.3 * unit))
    for y in (-1.3 * unit, 1.3 * unit):
        painter.drawLine(middle + QPointF(-2.6 * unit, y), middle + QPointF(2.6 * unit, y))
    painter.drawLine(
        middle + QPointF(-1.7 * unit, 3.0 * unit), middle + QPointF(1.7 * unit, -3.0 * unit)
    )


def _paint_not_durable(painter: QPainter, box: QRectF, style: LogStyle) -> None:
    side = 7 * style.unit
    corner = box.topRight()
    painter.setPen(pen(style.theme.surface, 1.0))
    painter.setBrush(QColor(style.theme.text))
    points = [corner + QPointF(-side, 0), corner, corner + QPointF(0, side)]
    painter.drawPolygon(QPolygonF(points))


def _paint_gone(painter: QPainter, cell: Cell, box: QRectF, style: LogStyle) -> None:
    """An entry that was taken away just now: struck through."""
    if cell.gone is None:
        return
    theme, unit = style.theme, style.unit
    painter.setPen(pen(theme.muted, 1.2, 1.5, 2.0))
    painter.setBrush(QColor(theme.surface))
    painter.drawRoundedRect(box, 4 * unit, 4 * unit)
    painter.setFont(style.code)
    painter.setPen(QColor(theme.muted))
    metrics = QFontMetricsF(style.code)
    text = metrics.elidedText(entry_text(cell.gone), Qt.TextElideMode.ElideRight, box.width() - 2)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.setPen(pen(theme.text, 1.6 * unit))
    y = box.center().y()
    painter.drawLine(QLineF(box.left() + 3, y, box.right() - 3, y))
