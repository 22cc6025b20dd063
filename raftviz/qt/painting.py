"""Painting a ClusterPicture: what stays is kept as pixmaps, what moves is put together from sprites.

The order, from below: the ground with its links and walls; messages; what was lost; clients, timers'
arcs and words; servers above all, so that no message ever hides a name.
"""

from array import array
from collections.abc import Callable, Hashable
from math import ceil, hypot

import attrs
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from raftviz.picture.primitives import (
    ClientSign,
    ClusterPicture,
    JumpSign,
    Label,
    LostSign,
    PickedMessage,
    PickedVote,
    Pip,
    RulesMark,
    ServerFace,
    ServerSign,
)
from raftviz.picture.theme import Theme
from raftviz.qt import signs
from raftviz.qt.arcs import Arcs
from raftviz.qt.atlas import Atlas, draw_fragments, fragment
from raftviz.qt.ground import Ground
from raftviz.qt.swarm import Swarm
from raftviz.raft.values import value

_MOST_KEPT = 400
"""Kept pixmaps of servers; when there are more, terms have gone by and they are made anew."""


@value(eq=False)
class _Placed:
    """What a server looked like in the last frame, and where."""

    face: ServerFace
    x: float
    y: float
    left_top: QPointF
    pixmap: QPixmap


class Painter:
    """Paints pictures in one theme, font and device pixel ratio. Make another when one changes."""

    def __init__(self, theme: Theme, family: str, ratio: float) -> None:
        self.theme = theme
        self.family = family
        self.ratio = ratio
        self.atlas = Atlas(theme, family, ratio)
        self.ground = Ground(theme, ratio)
        self.swarm = Swarm(self.atlas)
        self.arcs = Arcs(self.atlas)
        self._faces: dict[ServerFace, QPixmap] = {}
        self._placed: dict[int, _Placed] = {}
        self._resting: list[float] = []
        self._resting_of: tuple[object, ...] = ()

    def paint(self, p: QPainter, picture: ClusterPicture) -> None:
        """Paint everything."""
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.ground.paint(p, picture)
        for jump in picture.jumps:
            self._jump(p, jump)
        self._message_lights(p, picture)
        generation = self.atlas.generation
        layers = self._lay_out(picture)
        if generation != self.atlas.generation:
            # The atlas was started anew while it was asked: what was looked up before is void.
            layers = self._lay_out(picture)
        for fragments in layers:
            draw_fragments(p, fragments, self.atlas.pixmap)
        for server in picture.servers:
            self._face(p, server)

    def _lay_out(self, picture: ClusterPicture) -> tuple["array[float]", "array[float]"]:
        swarm = self.swarm.lay_out(picture.messages, tags=picture.tags)
        others: list[float] = []
        for lost in picture.lost:
            others += self._lost(lost)
        others += self._chosen(picture)
        for server in picture.servers:
            if server.highlighted:
                others += self._glow(server)
            if server.timer is not None:
                others += self.arcs.lay_out(server, server.timer)
            if server.selected:
                reach = server.radius + max(7.0, 0.2 * server.radius)
                others += self._halo(server.x, server.y, reach)
        others += self._rest(picture)
        return swarm, array("d", others)

    def _chosen(self, picture: ClusterPicture) -> tuple[float, ...]:
        """A halo around the selected message or vote."""
        if isinstance(picture.selected, PickedMessage):
            sign = picture.message(picture.selected.flight_id)
            if sign is not None:
                face = sign.way.face
                return self._halo(sign.x, sign.y, max(face.half_w, face.half_h) + 4)
        elif isinstance(picture.selected, PickedVote):
            for pip in picture.pips:
                if PickedVote(pip.candidate, pip.voter, pip.term) == picture.selected:
                    return self._halo(pip.x, pip.y, pip.radius + 3)
        return ()

    def _rest(self, picture: ClusterPicture) -> list[float]:
        """Clients, votes and words: the same until the next event."""
        of = (picture.clients, picture.pips, picture.labels, picture.rules, self.atlas.generation)
        if of != self._resting_of:
            self._resting = []
            for client in picture.clients:
                self._resting += self._client(client)
                if client.selected:
                    self._resting += self._halo(client.x, client.y, client.half * 1.35)
            for pip in picture.pips:
                self._resting += self._pip(pip)
            for label in picture.labels:
                self._resting += self._label(label)
            if picture.rules is not None:
                self._resting += self._rules(picture.rules)
            self._resting_of = of
        return self._resting

    # Signs

    def _lost(self, lost: LostSign) -> tuple[float, ...]:
        """The sign falls and fades; the cross stays where the message was lost."""
        face, size = lost.way.face, lost.way.face.size
        cell = self.atlas.sign(face, tag=True)
        falls = fragment(lost.x, lost.y, cell, self.ratio, 0.75 * lost.left)

        def paint(p: QPainter) -> None:
            mark = signs.cross(0.5 * size)
            p.strokePath(mark, signs.pen(self.theme.surface, 0.42 * size))
            p.strokePath(mark, signs.pen(self.theme.text, 0.2 * size))

        cross = self.atlas.sprite(("cross", size), 1.5 * size, 1.5 * size, paint)
        opacity = min(1.0, 2.2 * lost.left)
        return *falls, *fragment(lost.cross_x, lost.cross_y, cross, self.ratio, opacity)

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

    def _message_lights(self, p: QPainter, picture: ClusterPicture) -> None:
        """A soft light behind messages and clients that somebody speaks of or points at elsewhere."""
        if not picture.highlighted:
            return
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

    def _halo(self, x: float, y: float, radius: float) -> tuple[float, ...]:
        def paint(p: QPainter) -> None:
            p.setPen(signs.pen(self.theme.accent, 2.6))
            p.drawEllipse(QPointF(0, 0), radius, radius)

        side = 2 * radius + 5
        return fragment(x, y, self.atlas.sprite(("halo", radius), side, side, paint), self.ratio)

    def _glow(self, server: ServerSign) -> tuple[float, ...]:
        radius = server.radius + 15

        def paint(p: QPainter) -> None:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(self.theme.accent_soft))
            p.drawEllipse(QPointF(0, 0), radius, radius)

        cell = self.atlas.sprite(("glow", radius), 2 * radius + 2, 2 * radius + 2, paint)
        return fragment(server.x, server.y, cell, self.ratio)

    def _client(self, client: ClientSign) -> tuple[float, ...]:
        def paint(p: QPainter) -> None:
            signs.client(p, client.half, client.name, self.theme, self.family)

        side = 2 * client.half + 4
        cell = self.atlas.sprite(("client", client.half, client.name), side, side, paint)
        return fragment(client.x, client.y, cell, self.ratio)

    def _pip(self, pip: Pip) -> tuple[float, ...]:
        alike = attrs.evolve(pip, candidate=0, voter=0, x=0.0, y=0.0)

        def paint(p: QPainter) -> None:
            signs.vote_pip(p, pip, self.theme)

        side = 2 * pip.radius + 3
        return self._crisp(pip.x, pip.y, alike, (side, side), paint)

    def _label(self, label: Label) -> tuple[float, ...]:
        tone = {"text": self.theme.text, "muted": self.theme.muted, "broken": self.theme.broken}
        font = signs.font_of(self.family, label.size, bold=label.bold)
        metrics = QFontMetricsF(font)
        wide, high = metrics.horizontalAdvance(label.text), metrics.height()

        def paint(p: QPainter) -> None:
            p.setFont(font)
            p.setPen(QColor(tone[label.tone]))
            p.drawText(QPointF(-round(wide / 2), metrics.ascent() - round(high / 2)), label.text)

        x = label.box.x + (label.box.w - wide) * (label.align + 1) / 2 + wide / 2
        y = label.box.y + label.box.h / 2
        key = (label.text, font.pixelSize(), label.bold, label.tone)
        return self._crisp(x, y, key, (wide + 2, high + 2), paint)

    def _rules(self, mark: RulesMark) -> tuple[float, ...]:
        box = mark.box

        def paint(p: QPainter) -> None:
            signs.rules_mark(p, mark, self.theme, self.family)

        x, y = box.x + box.w / 2, box.y + box.h / 2
        return self._crisp(x, y, ("rules", mark.words, box.w), (box.w + 4, box.h + 4), paint)

    def _crisp(
        self,
        x: float,
        y: float,
        key: Hashable,
        size: tuple[float, float],
        paint: Callable[[QPainter], None],
    ) -> tuple[float, ...]:
        """A sprite that stands still, on whole device pixels, so that its text stays crisp."""
        ratio = self.ratio
        cell = self.atlas.sprite(key, *size, paint)
        return fragment(round(x * ratio) / ratio, round(y * ratio) / ratio, cell, ratio)

    # Servers: few, large, and each in as many looks as it has terms and roles, so not in the atlas

    def _face(self, p: QPainter, server: ServerSign) -> None:
        place = self._placed.get(server.id)
        if (
            place is None
            or place.face is not server.face
            or (place.x, place.y) != (server.x, server.y)
        ):
            place = self._placed[server.id] = self._place(server)
        p.drawPixmap(place.left_top, place.pixmap)

    def _place(self, server: ServerSign) -> "_Placed":
        """Its face, painted if nobody has looked so yet, on whole device pixels."""
        kept = self._faces.get(server.face)
        if kept is None:
            if len(self._faces) >= _MOST_KEPT:
                self._faces.clear()
            kept = self._faces[server.face] = self._painted(server.face)
        half, ratio = kept.width() // 2, self.ratio
        left, top = round(server.x * ratio) - half, round(server.y * ratio) - half
        left_top = QPointF(left / ratio, top / ratio)
        return _Placed(server.face, server.x, server.y, left_top, kept)

    def _painted(self, face: ServerFace) -> QPixmap:
        # An even number of device pixels: the middle is then the corner of four of them.
        side = 2 * ceil((1.32 * face.radius + 3) * self.ratio)  # marks stand on the sign's rim
        pixmap = QPixmap(side, side)
        pixmap.setDevicePixelRatio(self.ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as p:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            p.translate(side / 2 / self.ratio, side / 2 / self.ratio)
            signs.server(p, face, self.theme, self.family)
        return pixmap
