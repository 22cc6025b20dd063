"""Painting a ClusterPicture: what stays is kept as pixmaps, what moves is painted afresh.

The order, from below: ring, links and walls (one opaque pixmap); clients' links; messages; what was
lost; clients and servers above them, so that no message ever hides a name; words.
"""

from collections.abc import Hashable
from math import cos, hypot, pi, sin

import attrs
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap, QStaticText

from raftviz.picture.geometry import Line
from raftviz.picture.primitives import (
    ClusterPicture,
    JumpSign,
    Label,
    LinkLine,
    LostSign,
    PickedLink,
    PickedMessage,
    Pip,
    ServerFace,
    ServerSign,
)
from raftviz.picture.theme import Theme, blend
from raftviz.qt import signs
from raftviz.qt.sprites import Atlas, Swarm

_MOST_KEPT = 400
"""Kept pixmaps and words; when there are more, terms have gone by and they are made anew."""


class Painter:
    """Paints pictures in one theme, font and device pixel ratio. Make another when one changes."""

    def __init__(self, theme: Theme, family: str, ratio: float) -> None:
        self.theme = theme
        self.family = family
        self.ratio = ratio
        self.atlas = Atlas(theme, family, ratio)
        self.swarm = Swarm(self.atlas)
        self._ground: QPixmap | None = None
        self._ground_of: Hashable = None
        self._faces: dict[Hashable, QPixmap] = {}
        self._texts: dict[tuple[str, int, bool], tuple[QStaticText, QSize]] = {}

    def paint(self, p: QPainter, picture: ClusterPicture) -> None:
        """Paint everything."""
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.drawPixmap(QPointF(0, 0), self._ground_for(picture))
        self._client_links(p, picture)
        self._link_mark(p, picture)
        for jump in picture.jumps:
            self._jump(p, jump)
        self._message_lights(p, picture)
        self.swarm.paint(p, picture.messages, tags=picture.tags)
        for lost in picture.lost:
            self._lost(p, lost)
        self._message_mark(p, picture)
        for client in picture.clients:
            p.translate(client.x, client.y)
            signs.client(p, client.half, client.name, self.theme, self.family)
            p.translate(-client.x, -client.y)
            if client.selected:
                self._halo(p, client.x, client.y, client.half * 1.35)
        for server in picture.servers:
            self._server(p, server)
        for pip in picture.pips:
            self._pixmap(p, pip.x, pip.y, self._pip(pip))
        for label in picture.labels:
            self._label(p, label)

    # The ground

    def _ground_for(self, picture: ClusterPicture) -> QPixmap:
        """Ring, links and walls: kept until one of them changes."""
        between = tuple(link for link in picture.links if link.source > 0)
        of = (picture.width, picture.height, picture.ring, between, picture.walls)
        if self._ground is None or of != self._ground_of:
            self._ground_of = of
            self._ground = QPixmap(QSize(*self._device(picture.width, picture.height)))
            self._ground.setDevicePixelRatio(self.ratio)
            self._ground.fill(QColor(self.theme.surface))
            with QPainter(self._ground) as p:
                p.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._paint_ground(p, picture, between)
        return self._ground

    def _device(self, width: float, height: float) -> tuple[int, int]:
        return round(width * self.ratio), round(height * self.ratio)

    def _paint_ground(
        self, p: QPainter, picture: ClusterPicture, between: tuple[LinkLine, ...]
    ) -> None:
        ring, theme = picture.ring, self.theme
        p.setBrush(Qt.BrushStyle.NoBrush)
        if ring.band > 0:
            p.setPen(QColor(theme.ring) if ring.band < 2 else signs.pen(theme.ring, ring.band))
            p.drawEllipse(QPointF(ring.x, ring.y), ring.a, ring.b)
        many = len(between) > 70
        # A thousand links would be a grey disc: they fade to a breath of a net.
        colour = blend(theme.link, theme.surface, 0.72) if many else theme.link
        for wall in picture.walls:
            p.setPen(signs.pen(theme.surface, 13))
            p.drawLine(*_ends(wall))
        p.setPen(signs.pen(colour, 0.7 if many else 1.4))
        for link in between:
            for piece in link.pieces:
                p.drawLine(*_ends(piece))
        for wall in picture.walls:
            dashes = signs.pen(theme.muted, 3.0)
            dashes.setDashPattern([3, 2.4])
            p.setPen(dashes)
            p.drawLine(*_ends(wall))
        self._cuts(p, picture, between, many=many)

    def _cuts(
        self, p: QPainter, picture: ClusterPicture, between: tuple[LinkLine, ...], *, many: bool
    ) -> None:
        if many and picture.walls:
            return  # the wall says it; a thousand marks would hide it
        size = max(6.0, min(20.0, 0.26 * picture.servers[0].radius))
        for link in between:
            if link.cut is not None:
                p.save()
                p.translate(link.cut.x, link.cut.y)
                signs.cut(p, link.cut, size, self.theme)
                p.restore()

    def _client_links(self, p: QPainter, picture: ClusterPicture) -> None:
        p.setPen(signs.pen(self.theme.link, 1.4, Qt.PenStyle.DashLine))
        for link in picture.links:
            if link.source < 0:
                p.drawLine(*_ends(link.line))

    # What is selected

    def _link_mark(self, p: QPainter, picture: ClusterPicture) -> None:
        chosen = picture.selected
        if isinstance(chosen, PickedLink):
            p.setPen(signs.pen(self.theme.accent, 2.5))
            for link in picture.links:
                if (link.source, link.target) == (chosen.source, chosen.target):
                    p.drawLine(*_ends(link.line))

    def _message_mark(self, p: QPainter, picture: ClusterPicture) -> None:
        chosen = picture.selected
        if isinstance(chosen, PickedMessage):
            sign = picture.message(chosen.flight_id)
            if sign is not None:
                face = sign.way.face
                self._halo(p, sign.x, sign.y, max(face.half_w, face.half_h) + 4)

    def _message_lights(self, p: QPainter, picture: ClusterPicture) -> None:
        """A soft light behind messages and clients that somebody speaks of or points at elsewhere."""
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(self.theme.accent_soft))
        for picked in picture.highlighted:
            if isinstance(picked, PickedMessage):
                sign = picture.message(picked.flight_id)
                if sign is not None:
                    face = sign.way.face
                    radius = max(face.half_w, face.half_h) + 8
                    p.drawEllipse(QPointF(sign.x, sign.y), radius, radius)
        for client in picture.clients:
            if client.highlighted:
                p.drawEllipse(QPointF(client.x, client.y), 2.2 * client.half, 2.2 * client.half)

    def _halo(self, p: QPainter, x: float, y: float, radius: float) -> None:
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(signs.pen(self.theme.accent, 2.6))
        p.drawEllipse(QPointF(x, y), radius, radius)

    # Signs

    def _lost(self, p: QPainter, lost: LostSign) -> None:
        """The sign falls and fades; the cross stays where the message was lost."""
        face, size = lost.way.face, lost.way.face.size
        cell = self.atlas.sign(face, tag=True)
        wide, high = cell.w / self.ratio, cell.h / self.ratio
        p.setOpacity(0.75 * lost.left)
        place = QRectF(lost.x - wide / 2, lost.y - high / 2, wide, high)
        p.drawPixmap(place, self.atlas.pixmap, QRectF(*cell))
        p.setOpacity(min(1.0, 2.2 * lost.left))
        p.save()
        p.translate(lost.cross_x, lost.cross_y)
        mark = signs.cross(0.5 * size)
        p.strokePath(mark, signs.pen(self.theme.surface, 0.42 * size))
        p.strokePath(mark, signs.pen(self.theme.text, 0.2 * size))
        p.restore()
        p.setOpacity(1.0)

    def _jump(self, p: QPainter, jump: JumpSign) -> None:
        """A dashed line over the part of the way that a message jumped, from a ring to a head."""
        size = jump.way.face.size
        colour = self.theme.term(jump.way.face.term).line
        p.setOpacity(min(1.0, 2.2 * jump.left))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(signs.pen(colour, 0.16 * size))
        p.drawEllipse(QPointF(jump.x, jump.y), 0.5 * size, 0.5 * size)
        ux, uy = jump.way.ux, jump.way.uy
        if hypot(jump.end_x - jump.x, jump.end_y - jump.y) > 1.6 * size:
            begin = QPointF(jump.x + 0.5 * size * ux, jump.y + 0.5 * size * uy)
            end = QPointF(jump.end_x - 0.8 * size * ux, jump.end_y - 0.8 * size * uy)
            dashes = signs.pen(colour, 0.16 * size)
            dashes.setDashPattern([2.6, 2.2])
            p.setPen(dashes)
            p.drawLine(begin, end)
            side = QPointF(-uy * 0.45 * size, ux * 0.45 * size)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(colour))
            p.drawConvexPolygon([QPointF(jump.end_x, jump.end_y), end + side, end - side])
        p.setOpacity(1.0)

    def _server(self, p: QPainter, sign: ServerSign) -> None:
        radius = sign.radius
        if sign.highlighted:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(self.theme.accent_soft))
            p.drawEllipse(QPointF(sign.x, sign.y), radius + 15, radius + 15)
        if sign.timer is not None:
            self._timer(p, sign, sign.timer)
        self._pixmap(p, sign.x, sign.y, self._face(sign.face))  # above the arc: marks on its rim
        if sign.selected:
            self._halo(p, sign.x, sign.y, radius + max(7.0, 0.2 * radius))

    def _timer(self, p: QPainter, sign: ServerSign, left: float) -> None:
        """The arc that is left of the timer, from the top clockwise, with a knob at its end."""
        radius, thick = sign.radius + max(2.5, 0.115 * sign.radius), max(1.4, 0.062 * sign.radius)
        leads = sign.face.role == "leader"
        colour = self.theme.term(sign.face.term).line if leads else self.theme.timer
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(signs.pen(colour, thick))
        box = QRectF(sign.x - radius, sign.y - radius, 2 * radius, 2 * radius)
        p.drawArc(box, 90 * 16, -round(left * 360 * 16))
        turn = 2 * pi * left
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(colour))
        knob = QPointF(sign.x + radius * sin(turn), sign.y - radius * cos(turn))
        p.drawEllipse(knob, 1.45 * thick, 1.45 * thick)

    def _face(self, face: ServerFace) -> QPixmap:
        kept = self._faces.get(face)
        if kept is None:
            kept = self._canvas(_reach(face.radius))
            with self._middle(kept) as p:
                signs.server(p, face, self.theme, self.family)
            self._keep(face, kept)
        return kept

    def _pip(self, pip: Pip) -> QPixmap:
        alike = attrs.evolve(pip, candidate=0, voter=0, x=0.0, y=0.0)
        kept = self._faces.get(alike)
        if kept is None:
            kept = self._canvas(pip.radius + 1.5)
            with self._middle(kept) as p:
                signs.vote_pip(p, pip, self.theme)
            self._keep(alike, kept)
        return kept

    def _keep(self, key: Hashable, pixmap: QPixmap) -> None:
        if len(self._faces) >= _MOST_KEPT:
            self._faces.clear()
        self._faces[key] = pixmap

    def _canvas(self, half: float) -> QPixmap:
        # An even number of device pixels: the middle is then the corner of four of them.
        side = 2 * round(half * self.ratio + 0.5)
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def _middle(self, pixmap: QPixmap) -> QPainter:
        p = QPainter(pixmap)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.translate(pixmap.width() / 2, pixmap.height() / 2)
        p.scale(self.ratio, self.ratio)
        return p

    def _pixmap(self, p: QPainter, x: float, y: float, pixmap: QPixmap) -> None:
        """A kept pixmap round a point, on whole device pixels, so that its text stays crisp."""
        side = pixmap.width() / self.ratio
        left = round((x - side / 2) * self.ratio) / self.ratio
        top = round((y - side / 2) * self.ratio) / self.ratio
        p.drawPixmap(QRectF(left, top, side, side), pixmap, QRectF(pixmap.rect()))

    # Words

    def _label(self, p: QPainter, label: Label) -> None:
        colour = {"text": self.theme.text, "muted": self.theme.muted, "broken": self.theme.broken}
        text, size = self._text(label)
        spare = label.box.w - size.width()
        x = label.box.x + spare * (label.align + 1) / 2
        p.setFont(signs.font_of(self.family, label.size, bold=label.bold))
        p.setPen(QColor(colour[label.tone]))
        p.drawStaticText(QPointF(x, label.box.y + (label.box.h - size.height()) / 2), text)

    def _text(self, label: Label) -> tuple[QStaticText, QSize]:
        key = (label.text, round(label.size), label.bold)
        kept = self._texts.get(key)
        if kept is None:
            if len(self._texts) >= _MOST_KEPT:
                self._texts.clear()
            text = QStaticText(label.text)
            text.setTextFormat(Qt.TextFormat.PlainText)
            font = signs.font_of(self.family, label.size, bold=label.bold)
            text.prepare(font=font)
            metrics = QFontMetricsF(font)
            size = QSize(round(metrics.horizontalAdvance(label.text)), round(metrics.height()))
            kept = self._texts[key] = (text, size)
        return kept


def _reach(radius: float) -> float:
    """From the middle of a server's sign to the edge of its pixmap: marks stand on its rim."""
    return 1.32 * radius + 3


def _ends(line: Line) -> tuple[QPointF, QPointF]:
    return QPointF(line.x1, line.y1), QPointF(line.x2, line.y2)
