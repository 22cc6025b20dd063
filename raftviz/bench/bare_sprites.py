"""The least that a frame of the cluster's picture can cost, to compare ours with.

Each frame a bare widget fills its ground with one colour, moves every sprite and paints them all
with one ``drawPixmapFragments``. It has as many sprites as our picture of the same moment, each where
ours stands and as large: for a message its sign (with its term's number on it) and its tail, if the
picture gives it one; a server with the ring that its timer runs round; a client; a vote's pip; a line
of words. It does not do what a picture is besides: links and walls, arcs that shrink, letters, and
finding out what there is and where it stands.
"""

from array import array
from collections.abc import Iterator
from itertools import cycle
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from raftviz.picture.geometry import Box
from raftviz.picture.places import arc_room
from raftviz.picture.primitives import ClusterPicture, MessageSign
from raftviz.qt.atlas import draw_fragments
from raftviz.qt.guard import guarded


class BareSprites(QWidget):
    """As many sprites as a picture has, of the same sizes, and nothing else."""

    def __init__(self, picture: ClusterPicture, size: QSize) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.resize(size)
        boxes = list(boxes_of(picture))
        self.count = len(boxes)
        self._pixmap, places = _discs(sorted({(ceil(box.w), ceil(box.h)) for box in boxes}))
        # x, y, source rectangle, scale x and y, rotation, opacity: as Qt's PixmapFragment has them.
        self._values = array("d")
        for box in boxes:
            wide, high = ceil(box.w), ceil(box.h)
            middle = (box.x + box.w / 2, box.y + box.h / 2)
            left_top = places[wide, high]
            self._values.extend((*middle, *left_top, wide, high, 1.0, 1.0, 0.0, 1.0))
        self._ways = cycle([self._shifted(by) for by in (0, 1, 2, 1)])

    def _shifted(self, by: int) -> "array[float]":
        return array("d", (x + by for x in self._values[::10]))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """One frame."""
        self._values[::10] = next(self._ways)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), Qt.GlobalColor.white)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_fragments(painter, self._values, self._pixmap)


def boxes_of(picture: ClusterPicture) -> Iterator[Box]:
    """Where each sprite of a picture stands: a sign, a tail, a server, a client, a pip, a label."""
    for sign in picture.messages:
        yield sign.box
        if sign.tail:
            yield _tail_box(sign)
    yield from (lost.box for lost in picture.lost)
    for server in picture.servers:
        yield _square(server.x, server.y, server.radius + arc_room(server.radius))
    yield from (_square(client.x, client.y, client.half) for client in picture.clients)
    yield from (_square(pip.x, pip.y, pip.radius) for pip in picture.pips)
    yield from (label.box for label in picture.labels)


def _tail_box(sign: MessageSign) -> Box:
    way = sign.way
    wide, high = abs(way.ux) * sign.tail, abs(way.uy) * sign.tail
    left = sign.x if way.ux < 0 else sign.x - wide
    top = sign.y if way.uy < 0 else sign.y - high
    return Box(left, top, wide, high).grown(0.18 * way.face.size, 0.18 * way.face.size)


def _square(x: float, y: float, half: float) -> Box:
    return Box(x - half, y - half, 2 * half, 2 * half)


def _discs(
    sizes: list[tuple[int, int]],
) -> tuple[QPixmap, dict[tuple[int, int], tuple[int, int]]]:
    """An opaque oval of each size on one pixmap, and where each stands."""
    pixmap = QPixmap(max(w for w, _ in sizes), sum(h for _, h in sizes))
    pixmap.fill(Qt.GlobalColor.transparent)
    places, top = {}, 0
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.darkCyan)
        for wide, high in sizes:
            painter.drawEllipse(QRectF(0, top, wide, high))
            places[wide, high] = (0, top)
            top += high
    return pixmap, places
