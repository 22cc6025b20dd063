"""The ground of the cluster's picture: all that stays from frame to frame, on one opaque pixmap.

Ring, links and walls change when somebody cuts a link; clients' links with every request. So there
are two layers, and a frame costs a copy of the upper one. The pixmap is no larger than the box that
holds them all: round it, a plain colour is quicker.
"""

from collections.abc import Iterable, Iterator
from math import ceil

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from raftviz.picture.geometry import Line
from raftviz.picture.primitives import ClusterPicture, LinkLine, PickedLink
from raftviz.picture.theme import Theme, blend
from raftviz.qt import signs

_WIDEST = 14.0
"""No line reaches further from its middle than so many pixels, marks of cuts included."""


class Ground:
    """Kept until what it shows changes."""

    def __init__(self, theme: Theme, ratio: float) -> None:
        self.theme = theme
        self.ratio = ratio
        self._surface = QColor(theme.surface)
        self._box = QRect()
        self._margins: list[QRect] = []
        self._below = self._above = QPixmap()
        self._below_of: tuple[object, ...] = ()
        self._above_of: tuple[object, ...] = ()

    def paint(self, p: QPainter, picture: ClusterPicture) -> None:
        """The ground of a picture, over all of it."""
        chosen = picture.selected if isinstance(picture.selected, PickedLink) else None
        of = (picture.links, picture.walls, picture.ring, picture.width, picture.height, chosen)
        if of != self._above_of:
            self._renew(picture)
            self._above_of = of
        for margin in self._margins:
            p.fillRect(margin, self._surface)
        p.drawPixmap(self._box.topLeft(), self._above)

    def _renew(self, picture: ClusterPicture) -> None:
        between = tuple([link for link in picture.links if link.source > 0])
        mine = [link.line for link in picture.links if link.source < 0]
        box = _box_of(picture)
        of = (between, picture.walls, picture.ring, box, picture.width, picture.height)
        if of != self._below_of:
            self._below_of = of
            self._box = box
            self._margins = _margins(ceil(picture.width), ceil(picture.height), box)
            self._below = self._painted(picture, between)
        if not mine and not isinstance(picture.selected, PickedLink):
            self._above = self._below
            return
        if self._above.size() != self._below.size() or self._above is self._below:
            self._above = self._blank()
        with self._painter(self._above) as p:
            p.drawPixmap(self._box.topLeft(), self._below)
            p.setPen(signs.pen(self.theme.link, 1.4, Qt.PenStyle.DashLine))
            _lines(p, mine)
            p.setPen(signs.pen(self.theme.accent, 2.5))
            _lines(p, _chosen(picture))

    def _blank(self) -> QPixmap:
        pixmap = QPixmap(self._box.size() * self.ratio)
        pixmap.setDevicePixelRatio(self.ratio)
        return pixmap

    def _painter(self, pixmap: QPixmap) -> QPainter:
        p = QPainter(pixmap)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.translate(-self._box.topLeft())
        return p

    def _painted(self, picture: ClusterPicture, between: tuple[LinkLine, ...]) -> QPixmap:
        below = self._blank()
        below.fill(self._surface)
        with self._painter(below) as p:
            self._paint(p, picture, between)
        return below

    def _paint(self, p: QPainter, picture: ClusterPicture, between: tuple[LinkLine, ...]) -> None:
        ring, theme = picture.ring, self.theme
        p.setBrush(Qt.BrushStyle.NoBrush)
        if ring.band > 0:
            p.setPen(QColor(theme.ring) if ring.band < 2 else signs.pen(theme.ring, ring.band))
            p.drawEllipse(QPointF(ring.x, ring.y), ring.a, ring.b)
        many = len(between) > 70
        # A thousand links would be a grey disc: they fade to a breath of a net.
        colour = blend(theme.link, theme.surface, 0.72) if many else theme.link
        p.setPen(signs.pen(theme.surface, 13))
        _lines(p, picture.walls)
        p.setPen(signs.pen(colour, 0.7 if many else 1.4 * theme.stroke))
        _lines(p, (piece for link in between for piece in link.pieces))
        dashes = signs.pen(theme.muted, 3.0)
        dashes.setDashPattern([3, 2.4])
        p.setPen(dashes)
        _lines(p, picture.walls)
        if not (many and picture.walls):  # the wall says it; a thousand marks would hide it
            self._cuts(p, picture, between)

    def _cuts(self, p: QPainter, picture: ClusterPicture, between: tuple[LinkLine, ...]) -> None:
        size = max(6.0, min(20.0, 0.26 * picture.servers[0].radius))
        for link in between:
            if link.cut is not None:
                p.save()
                p.translate(link.cut.x, link.cut.y)
                signs.cut(p, link.cut, size, self.theme)
                p.restore()


def _box_of(picture: ClusterPicture) -> QRect:
    """A box that holds ring, links and walls, and the clients' links that there may be."""
    ring = picture.ring
    a, b = ring.a + ring.band / 2, ring.b + ring.band / 2
    xs, ys = [ring.x - a, ring.x + a], [ring.y - b, ring.y + b]
    xs += [server.x for server in picture.servers] + [client.x for client in picture.clients]
    ys += [server.y for server in picture.servers] + [client.y for client in picture.clients]
    for wall in picture.walls:
        xs += wall.x1, wall.x2
        ys += wall.y1, wall.y2
    left, top = min(xs) - _WIDEST, min(ys) - _WIDEST
    box = QRectF(left, top, max(xs) + _WIDEST - left, max(ys) + _WIDEST - top).toAlignedRect()
    return box.intersected(QRect(0, 0, round(picture.width), round(picture.height)))


def _margins(width: int, height: int, box: QRect) -> list[QRect]:
    """What is left of the picture round a box, and a little more on all sides.

    At 1.5 device pixels a pixel an edge can lie in the middle of one, which nobody would paint fully.
    """
    left, top = box.left() + 2, box.top() + 2
    right, bottom = box.right() - 2, box.bottom() - 2
    return [
        QRect(0, 0, width + 1, top),
        QRect(0, bottom, width + 1, height - bottom + 1),
        QRect(0, top, left, bottom - top),
        QRect(right, top, width - right + 1, bottom - top),
    ]


def _chosen(picture: ClusterPicture) -> Iterator[Line]:
    chosen = picture.selected
    if isinstance(chosen, PickedLink):
        ends = (chosen.source, chosen.target)
        yield from (link.line for link in picture.links if (link.source, link.target) == ends)


def _lines(p: QPainter, lines: Iterable[Line]) -> None:
    for line in lines:
        p.drawLine(QPointF(line.x1, line.y1), QPointF(line.x2, line.y2))
