"""The signs of branches: each colour has a shape of its own; and flags for bookmarks."""

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from raftviz.picture.theme import Shape, Theme, branch_colour


def shape_path(shape: Shape, x: float, y: float, radius: float) -> QPainterPath:
    """The outline of a colour's shape about a point, all of the same weight."""
    path = QPainterPath()
    if shape == "square":
        path.addRect(QRectF(x - 0.86 * radius, y - 0.86 * radius, 1.72 * radius, 1.72 * radius))
    elif shape == "triangle":
        path.addPolygon(_polygon(x, y, radius, (0, -1.1), (1.05, 0.8), (-1.05, 0.8)))
        path.closeSubpath()
    elif shape == "diamond":
        path.addPolygon(_polygon(x, y, radius, (0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)))
        path.closeSubpath()
    else:
        path.addEllipse(QPointF(x, y), radius, radius)
    if shape == "ring":
        path.addEllipse(QPointF(x, y), 0.5 * radius, 0.5 * radius)
    return path


def _polygon(x: float, y: float, radius: float, *corners: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x + dx * radius, y + dy * radius) for dx, dy in corners])


def paint_shape(
    painter: QPainter, theme: Theme, place: int, x: float, y: float, radius: float
) -> None:
    """The sign of the branch whose label has this place in the palette."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.branch(place)))
    painter.drawPath(shape_path(branch_colour(place).shape, x, y, radius))


def paint_flag(
    painter: QPainter, theme: Theme, x: float, y: float, size: float, *, several: bool
) -> None:
    """A pennant on a pole that stands on (x, y); two of them for several bookmarks."""
    painter.setPen(QPen(QColor(theme.accent), max(1.2, 0.13 * size)))
    painter.drawLine(QLineF(x, y, x, y - 1.3 * size))
    painter.setBrush(QColor(theme.accent))
    for offset in (0.3, 0.0) if several else (0.0,):
        left = x + offset * size
        corners = ((0, -1.3), (0.95, -0.95), (0, -0.6))
        points = [QPointF(left + dx * size, y + dy * size) for dx, dy in corners]
        painter.setPen(QPen(QColor(theme.surface), 0.8) if several else Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF(points))


def branch_icon(theme: Theme, place: int, size: int = 16) -> QIcon:
    """The sign as an icon for menus and buttons."""
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0):
        pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_shape(painter, theme, place, size / 2, size / 2, 0.32 * size)
        made.addPixmap(pixmap)
    return made
