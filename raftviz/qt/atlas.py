"""The atlas: every sign that is in use, painted once, side by side on one pixmap.

Thousands of signs are then one call of ``drawPixmapFragments``. An atlas belongs to one theme, font
and device pixel ratio; when one of them changes, make another.
"""

from array import array
from collections.abc import Callable, Hashable
from math import ceil
from typing import Any, NamedTuple

import shiboken6
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen, QPixmap

from raftviz.picture.primitives import MessageFace
from raftviz.picture.theme import Theme
from raftviz.qt.message_signs import message

_Fragment = QPainter.PixmapFragment

_WIDE = 1024
_MOST_HIGH = 4096


class Cell(NamedTuple):
    """A sprite's place in the atlas, in device pixels."""

    x: int
    y: int
    w: int
    h: int


class Atlas:
    """Sprites by what they look like. Painted when first asked for.

    ``generation`` counts how often it was started anew: cells from before are void then.
    """

    def __init__(self, theme: Theme, family: str, ratio: float) -> None:
        self.theme = theme
        self.family = family
        self.ratio = ratio
        self.pixmap = self._blank(256)
        self.generation = 0
        self._cells: dict[Hashable, Cell] = {}
        self._x = self._y = self._row = 0

    def _blank(self, high: int) -> QPixmap:
        pixmap = QPixmap(_WIDE, high)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def sprite(
        self, key: Hashable, wide: float, high: float, paint: Callable[[QPainter], None]
    ) -> Cell:
        """The sprite of ``key``; ``paint`` draws it round (0, 0), in logical pixels.

        An even number of device pixels each way: the middle is the corner of four of them.
        """
        cell = self._cells.get(key)
        if cell is None:
            cell = self._place(2 * ceil(wide * self.ratio / 2), 2 * ceil(high * self.ratio / 2))
            with self._painter(cell) as p:
                paint(p)
            self._cells[key] = cell
        return cell

    def sign(self, face: MessageFace, *, tag: bool) -> Cell:
        """The sprite of a message."""

        def paint(p: QPainter) -> None:
            message(p, face, self.theme, self.family, tag=tag)

        return self.sprite((face, tag), 2 * face.half_w + 3, 2 * face.half_h + 3, paint)

    def tail(self, term: int, ux: float, uy: float, length: float, width: float) -> Cell:
        """The tail of a message that flies in the direction (ux, uy), in its term's colour.

        There is a sprite for each direction: turning one sprite costs thirty times as much.
        """
        line = self.theme.term(term).line

        def paint(p: QPainter) -> None:
            head = QPointF(ux * length / 2, uy * length / 2)
            colour, fading = QColor(line), QLinearGradient(-head, head)
            for part, alpha in ((0.0, 0), (0.55, 150), (1.0, 230)):
                colour.setAlpha(alpha)
                fading.setColorAt(part, colour)
            p.setPen(QPen(QBrush(fading), width))
            p.drawLine(-head, head)

        key = ("tail", line, round(40 * ux), round(40 * uy), length)
        wide, high = abs(ux) * length + width + 2, abs(uy) * length + width + 2
        return self.sprite(key, wide, high, paint)

    def _place(self, w: int, h: int) -> Cell:
        """Free room for a sprite; the atlas grows downwards, and starts anew when it is too large."""
        if self._x + w + 1 > _WIDE:
            self._x, self._y, self._row = 0, self._y + self._row + 1, 0
        if self._y + h > _MOST_HIGH:
            self._cells.clear()
            self._x = self._y = self._row = 0
            self.pixmap = self._blank(256)
            self.generation += 1
        if self._y + h > self.pixmap.height():
            self._grow(max(2 * self.pixmap.height(), self._y + h))
        cell = Cell(self._x, self._y, w, h)
        self._x += w + 1
        self._row = max(self._row, h)
        return cell

    def _grow(self, high: int) -> None:
        larger = self._blank(high)
        with QPainter(larger) as p:
            p.drawPixmap(QPointF(0, 0), self.pixmap)
        self.pixmap = larger

    def _painter(self, cell: Cell) -> QPainter:
        """A painter whose (0, 0) is the middle of a cell, in logical pixels."""
        p = QPainter(self.pixmap)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setClipRect(QRectF(*cell))
        p.translate(cell.x + cell.w / 2, cell.y + cell.h / 2)
        p.scale(self.ratio, self.ratio)
        return p


DOUBLES = 10
"""Of one fragment: x, y (of the middle), source left, top, width, height, scale x, y, rotation, opacity."""


def fragment(
    x: float, y: float, cell: Cell, ratio: float, opacity: float = 1.0
) -> tuple[float, ...]:
    """A sprite with its middle at a point, as ``draw_fragments`` takes it."""
    return x, y, *cell, 1 / ratio, 1 / ratio, 0.0, opacity


def draw_fragments(p: QPainter, values: "array[float]", pixmap: QPixmap) -> None:
    """Paint parts of a pixmap, ``DOUBLES`` each, as in Qt's ``PixmapFragment``.

    PySide takes the first of the fragments in a C array: it is shown the head of ours.
    """
    if values:
        head: Any = shiboken6.Shiboken.wrapInstance(values.buffer_info()[0], _Fragment)
        p.drawPixmapFragments(head, len(values) // DOUBLES, pixmap)
