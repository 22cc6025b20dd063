"""The few icons of the window, drawn here as paths so that they take any colour and size."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

_GRID = 24.0
"""All paths are drawn on a grid of 24 by 24."""


def _triangle(path: QPainterPath, tip: float, back: float) -> None:
    path.addPolygon([QPointF(back, 5), QPointF(tip, 12), QPointF(back, 19)])
    path.closeSubpath()


def _play() -> QPainterPath:
    path = QPainterPath()
    _triangle(path, 19, 7)
    return path


def _pause() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(6, 5, 4.4, 14), 1, 1)
    path.addRoundedRect(QRectF(13.6, 5, 4.4, 14), 1, 1)
    return path


def _step() -> QPainterPath:
    path = QPainterPath()
    _triangle(path, 17, 8)
    return path


def _step_back() -> QPainterPath:
    path = QPainterPath()
    _triangle(path, 7, 16)
    return path


def _end() -> QPainterPath:
    path = QPainterPath()
    _triangle(path, 15, 5)
    path.addRect(QRectF(16.5, 5, 2.5, 14))
    return path


def _home() -> QPainterPath:
    path = QPainterPath()
    _triangle(path, 9, 19)
    path.addRect(QRectF(5, 5, 2.5, 14))
    return path


def _cross() -> QPainterPath:
    path = QPainterPath(QPointF(6, 6))
    path.lineTo(18, 18)
    path.moveTo(18, 6)
    path.lineTo(6, 18)
    return path


def _plus() -> QPainterPath:
    path = QPainterPath(QPointF(12, 5))
    path.lineTo(12, 19)
    path.moveTo(5, 12)
    path.lineTo(19, 12)
    return path


def _split() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(5.5, 12), 2.5, 2.5)
    path.addEllipse(QPointF(18.5, 12), 2.5, 2.5)
    for y in (3.0, 9.0, 15.0):
        path.moveTo(12, y)
        path.lineTo(12, y + 5)
    return path


def _heal() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(5.5, 12), 2.5, 2.5)
    path.addEllipse(QPointF(18.5, 12), 2.5, 2.5)
    path.moveTo(8, 12)
    path.lineTo(16, 12)
    return path


def _prompt() -> QPainterPath:
    path = QPainterPath(QPointF(5, 7))
    path.lineTo(10, 12)
    path.lineTo(5, 17)
    path.moveTo(12, 17)
    path.lineTo(19, 17)
    return path


def _branch() -> QPainterPath:
    path = QPainterPath(QPointF(5, 7))
    path.lineTo(19, 7)
    path.moveTo(8, 7)
    path.cubicTo(12, 7, 9, 17, 14, 17)
    path.lineTo(19, 17)
    return path


def _bookmark() -> QPainterPath:
    path = QPainterPath(QPointF(7, 20))
    path.lineTo(7, 5)
    path.lineTo(18, 8.5)
    path.lineTo(7, 12)
    return path


_FILLED: dict[str, Callable[[], QPainterPath]] = {
    "play": _play,
    "pause": _pause,
    "step": _step,
    "step-back": _step_back,
    "end": _end,
    "home": _home,
}
_STROKED: dict[str, Callable[[], QPainterPath]] = {
    "crash": _cross,
    "request": _plus,
    "partition": _split,
    "heal": _heal,
    "prompt": _prompt,
    "branch": _branch,
    "bookmark": _bookmark,
}

NAMES = frozenset({*_FILLED, *_STROKED})
"""All icons there are."""


def icon(name: str, colour: str, size: int = 20) -> QIcon:
    """An icon in one colour, crisp at one, one and a half and two pixels a point."""
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0):
        pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(pixmap.width() / _GRID, pixmap.height() / _GRID)
            if name in _FILLED:
                painter.fillPath(_FILLED[name](), QColor(colour))
            else:
                pen = QPen(QColor(colour), 2.2)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawPath(_STROKED[name]())
        pixmap.setDevicePixelRatio(ratio)
        made.addPixmap(pixmap)
    return made
