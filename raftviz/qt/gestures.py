"""What the canvas paints above the picture while somebody acts on it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from raftviz.picture.geometry import Line
from raftviz.picture.theme import Theme
from raftviz.qt import signs
from raftviz.raft.names import name

_FONT = 14.0


def paint_stroke(
    p: QPainter,
    stroke: Line,
    *,
    groups: tuple[tuple[int, ...], ...],
    size: QSize,
    theme: Theme,
    family: str,
) -> None:
    """The stroke that is being drawn, and which groups it would make."""
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    start, end = QPointF(stroke.x1, stroke.y1), QPointF(stroke.x2, stroke.y2)
    if groups:
        # The whole line decides on which side a server is; the stroke is only a part of it.
        way = end - start
        far = (size.width() + size.height()) / max(1.0, way.manhattanLength())
        p.setPen(signs.pen(theme.accent, 1.2, Qt.PenStyle.DotLine))
        p.drawLine(start - way * far, end + way * far)
    dashes = signs.pen(theme.accent, 3.2)
    dashes.setDashPattern([3, 2.2])
    p.setPen(dashes)
    p.drawLine(start, end)
    if groups:
        words = "   |   ".join(" ".join(name(server) for server in group) for group in groups)
        _pill(p, words, theme, family)


def _pill(p: QPainter, words: str, theme: Theme, family: str) -> None:
    font = signs.font_of(family, _FONT, bold=True)
    wide = QFontMetricsF(font).horizontalAdvance(words) + 28
    box = QRectF(12, 12, wide, 2.1 * _FONT)
    p.setPen(QColor(theme.accent))
    p.setBrush(QColor(theme.accent_soft))
    p.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    signs.words(p, words, box.center().x(), box.center().y(), font, theme.text)


def paint_focus(p: QPainter, size: QSize, theme: Theme) -> None:
    """A frame: the keys speak to the cluster now."""
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(signs.pen(theme.accent, 2))
    p.drawRoundedRect(QRectF(2, 2, size.width() - 4, size.height() - 4), 8, 8)
