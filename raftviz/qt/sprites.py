"""The atlas: every message sign that is in use, painted once, side by side on one pixmap.

Thousands of messages are then one call of ``drawPixmapFragments``. An atlas belongs to one theme,
font and device pixel ratio; when one of them changes, make another.
"""

from array import array
from math import ceil
from typing import Any, NamedTuple

import shiboken6
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen, QPixmap

from raftviz.picture.flying import TAIL
from raftviz.picture.primitives import MessageFace, Messages, Way
from raftviz.picture.theme import Theme
from raftviz.qt.message_signs import message

Fragment = QPainter.PixmapFragment

_WIDE = 1024
_MOST_HIGH = 4096


class Cell(NamedTuple):
    """A sprite's place in the atlas, in device pixels."""

    x: int
    y: int
    w: int
    h: int


class Atlas:
    """Sprites by what they look like. Painted when first asked for."""

    def __init__(self, theme: Theme, family: str, ratio: float) -> None:
        self.theme = theme
        self.family = family
        self.ratio = ratio
        self.pixmap = self._blank(256)
        self.generation = 0
        self._cells: dict[object, Cell] = {}
        self._x = self._y = self._row = 0

    def _blank(self, high: int) -> QPixmap:
        pixmap = QPixmap(_WIDE, high)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def sign(self, face: MessageFace, *, tag: bool) -> Cell:
        """The sprite of a message."""
        cell = self._cells.get((face, tag))
        if cell is None:
            cell = self._place(2 * face.half_w + 3, 2 * face.half_h + 3)
            with self._painter(cell) as p:
                message(p, face, self.theme, self.family, tag=tag)
            self._cells[face, tag] = cell
        return cell

    def tail(self, term: int, ux: float, uy: float, length: float, width: float) -> Cell:
        """The tail of a message that flies in the direction (ux, uy), in its term's colour.

        There is a sprite for each direction: turning one sprite costs thirty times as much.
        """
        key = ("tail", self.theme.term(term).line, round(40 * ux), round(40 * uy), length)
        cell = self._cells.get(key)
        if cell is None:
            cell = self._place(abs(ux) * length + width + 2, abs(uy) * length + width + 2)
            head = QPointF(ux * length / 2, uy * length / 2)
            colour = QColor(self.theme.term(term).line)
            fading = QLinearGradient(-head, head)
            for part, alpha in ((0.0, 0), (0.55, 150), (1.0, 230)):
                colour.setAlpha(alpha)
                fading.setColorAt(part, colour)
            with self._painter(cell) as p:
                p.setPen(QPen(QBrush(fading), width))
                p.drawLine(-head, head)
            self._cells[key] = cell
        return cell

    def _place(self, wide: float, high: float) -> Cell:
        """Free room for a sprite; the atlas grows downwards, and starts anew when it is too large."""
        w, h = ceil(wide * self.ratio), ceil(high * self.ratio)
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


_Still = tuple[float, float, float, float, float, float, float, float]
"""What stays the same of a fragment: source rectangle, scales, rotation and opacity."""


class Swarm:
    """The fragments of all messages on screen. Between frames only their places change.

    PySide's ``drawPixmapFragments`` takes the first of the fragments in a C array. So they are laid
    out in an array of doubles, ten for each in the order of Qt's struct, and Qt is shown its head.
    """

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self._kept: dict[int, tuple[Way, _Still, Cell | None]] = {}
        self._generation = atlas.generation

    def paint(self, p: QPainter, messages: Messages, *, tags: bool) -> None:
        """Paint tails first and signs above them, all in one call."""
        values = self._lay_out(messages, tags=tags)
        if self._generation != self.atlas.generation:
            # The atlas was started anew while it was asked: what was looked up before is void.
            self._generation = self.atlas.generation
            self._kept.clear()
            values = self._lay_out(messages, tags=tags)
        if values:
            draw_fragments(p, array("d", values), self.atlas.pixmap)

    def _lay_out(self, messages: Messages, *, tags: bool) -> list[float]:
        known, now = self._kept, {}
        ratio = self.atlas.ratio
        tails: list[float] = []
        heads: list[float] = []
        columns = (messages.ways, messages.xs, messages.ys, messages.tails)
        for way, x, y, tail in zip(*columns, strict=True):
            number = way.flight_id
            kept = known.get(number)
            if kept is None or kept[0] is not way:
                kept = self._looks(way, tags=tags)
            now[number] = kept
            heads += (x, y, *kept[1])
            if tail > 1.0 and kept[2] is not None:
                tails += _tail_at(way, x, y, tail, kept[2], ratio)
        self._kept = now
        tails += heads
        return tails

    def _looks(self, way: Way, *, tags: bool) -> tuple[Way, _Still, Cell | None]:
        scale = 1.0 / self.atlas.ratio
        head: _Still = (*self.atlas.sign(way.face, tag=tags), scale, scale, 0.0, 1.0)
        if not tags:
            return way, head, None
        size = way.face.size
        cell = self.atlas.tail(way.face.term, way.ux, way.uy, TAIL * size, 0.36 * size)
        return way, head, cell


def _tail_at(
    way: Way, x: float, y: float, tail: float, cell: Cell, ratio: float
) -> tuple[float, ...]:
    """A tail's fragment: its middle lies half its length behind the sign.

    A message that has not come far shows only the front part of the sprite.
    """
    left, top, wide, high = cell
    missing = (TAIL * way.face.size - tail) * ratio
    if missing > 0.5:
        less_x, less_y = int(abs(way.ux) * missing), int(abs(way.uy) * missing)
        left, top = left + (less_x if way.ux > 0 else 0), top + (less_y if way.uy > 0 else 0)
        wide, high = wide - less_x, high - less_y
    x, y = x - way.ux * tail / 2, y - way.uy * tail / 2
    return x, y, left, top, wide, high, 1 / ratio, 1 / ratio, 0.0, 1.0


_PER_FRAGMENT = 10


def draw_fragments(p: QPainter, values: "array[float]", pixmap: QPixmap) -> None:
    """Paint parts of a pixmap: ten doubles each, as in Qt's ``PixmapFragment``.

    x, y (of the middle), source left, top, width, height, scale x, y, rotation, opacity.
    """
    head: Any = shiboken6.Shiboken.wrapInstance(values.buffer_info()[0], Fragment)
    p.drawPixmapFragments(head, len(values) // _PER_FRAGMENT, pixmap)
