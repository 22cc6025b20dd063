"""Small paintings that are painted once and then copied, as long as they show the same."""

from collections.abc import Callable, Hashable
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

_MOST = 1_000
"""When there are more, what is in view has changed often: they are made anew."""

_EDGE = 2.0
"""Pixels that strokes may reach beyond their box."""


class KeptPaintings:
    """Paintings by what they show; all of one style. Make another when that changes."""

    def __init__(self) -> None:
        self._pixmaps: dict[Hashable, QPixmap] = {}

    def paint(
        self,
        painter: QPainter,
        box: QRectF,
        key: Hashable,
        paint: Callable[[QPainter, QRectF], None],
    ) -> None:
        """What ``key`` stands for, in a box, on whole device pixels; ``paint`` is asked only once."""
        ratio = painter.device().devicePixelRatio()
        size = (round(box.width() * ratio), round(box.height() * ratio))
        kept = self._pixmaps.get((key, size, ratio))
        if kept is None:
            if len(self._pixmaps) >= _MOST:
                self._pixmaps.clear()
            kept = self._pixmaps[key, size, ratio] = _painted(size, ratio, paint)
        left, top = round((box.x() - _EDGE) * ratio), round((box.y() - _EDGE) * ratio)
        painter.drawPixmap(QPointF(left / ratio, top / ratio), kept)


def _painted(
    size: tuple[int, int], ratio: float, paint: Callable[[QPainter, QRectF], None]
) -> QPixmap:
    edge = 2 * ceil(_EDGE * ratio)
    pixmap = QPixmap(size[0] + edge, size[1] + edge)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter, QRectF(_EDGE, _EDGE, size[0] / ratio, size[1] / ratio))
    return pixmap
