"""Painting the terms' numbers on the timeline's lanes."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from raftviz.picture.timeline_pills import Pill
from raftviz.qt.kept import KeptPaintings
from raftviz.qt.timeline_style import Style, pen


def paint_terms(
    painter: QPainter, pills: Sequence[Pill], style: Style, kept: KeptPaintings
) -> None:
    """The numbers on their colours; each is painted once and then copied."""
    for pill in pills:
        box = QRectF(pill.box.x, pill.box.y, pill.box.w, pill.box.h)
        key = (pill.text, pill.term, pill.plain)
        kept.paint(painter, box, key, partial(_paint_pill, pill=pill, style=style))


def _paint_pill(painter: QPainter, box: QRectF, *, pill: Pill, style: Style) -> None:
    colours = style.theme.term(pill.term)
    painter.setPen(pen(style.theme.muted if pill.plain else colours.line, 1.0))
    painter.setBrush(QColor(style.theme.surface if pill.plain else colours.fill))
    path = QPainterPath()
    path.addRoundedRect(box, box.height() / 2.6, box.height() / 2.6)
    painter.drawPath(path)
    painter.setFont(style.small)
    painter.setPen(QColor(style.theme.text if pill.plain else colours.on_fill))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, pill.text)
