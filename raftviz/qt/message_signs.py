"""Every message's sign. Its shape says its type, its colour and a small number its term."""

from math import cos, pi, sin

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from raftviz.picture.flying import HELD_BARS
from raftviz.picture.primitives import MessageFace, Shape
from raftviz.picture.theme import TermColour, Theme, blend
from raftviz.qt.signs import cross, font_of, pen, tick, words
from raftviz.raft.values import value


def message(p: QPainter, face: MessageFace, theme: Theme, family: str, *, tag: bool) -> None:
    """Draw a message round (0, 0), with its term's number beside it if ``tag``."""
    drawing = _Drawing(p, face, theme, family, theme.term(face.term))
    shift = -0.3 * face.size if tag and face.term > 0 else 0.0
    if shift:
        drawing.tag(shift)
    p.save()
    p.translate(shift, 0)
    p.setPen(QPen(QColor(drawing.colours.line), max(1.1, 0.11 * face.size) * theme.stroke))
    getattr(drawing, _DRAWN_BY.get(face.shape, face.shape))()
    p.restore()
    if face.held:
        drawing.bars()


_DRAWN_BY: dict[Shape, str] = {"minus": "plus", "ask": "bubble", "done": "bubble", "hint": "bubble"}
"""Shapes that share a drawing; every other shape is drawn by the method of its name."""

_TAG_X: dict[Shape, float] = {
    "ballot": 0.92,
    "granted": 0.9,
    "refused": 0.9,
    "stack": 1.05,
    "dot": 0.5,
    "plus": 0.66,
    "minus": 0.66,
    "box": 0.92,
}
"""Where the term's number begins, in half message sizes from the sign's middle."""


@value
class _Drawing:
    p: QPainter
    face: MessageFace
    theme: Theme
    family: str
    colours: TermColour

    def tag(self, shift: float) -> None:
        """The term's number, lower right, with a halo that keeps it readable on links."""
        face, path = self.face, QPainterPath()
        font = font_of(self.family, max(8.0, 0.8 * face.size), bold=True)
        x, y = _TAG_X[face.shape] * face.size + shift, face.half_h - 0.12 * face.size
        path.addText(x, y, font, str(face.term))
        self.p.strokePath(path, pen(self.theme.surface, max(2.0, 0.3 * face.size)))
        self.p.fillPath(path, QColor(self.theme.text))

    def bars(self) -> None:
        """Two bars between which a held message stands, with a halo that keeps them apart."""
        m = self.face.size
        for side in (-1, 1):
            x = side * (self.face.half_w - 0.22 * m)
            bar = QLineF(x, -0.85 * m, x, 0.85 * m)
            for colour, width in ((self.theme.surface, 0.5), (self.theme.text, 0.24)):
                self.p.setPen(pen(colour, width * m))
                self.p.drawLine(bar)

    def ballot(self) -> None:
        m = self.face.size
        self.p.setBrush(QColor(self.theme.surface))
        self.p.drawRoundedRect(QRectF(-0.78 * m, -0.9 * m, 1.56 * m, 1.8 * m), 0.22 * m, 0.22 * m)
        if self.face.text:
            words(
                self.p,
                self.face.text,
                0,
                0,
                font_of(self.family, 1.25 * m, bold=True),
                self.theme.text,
            )

    def granted(self) -> None:
        m = self.face.size
        self.p.setBrush(QColor(self.colours.solid))
        self.p.drawEllipse(QPointF(0, 0), 0.82 * m, 0.82 * m)
        self.p.setPen(pen(self.colours.on_solid, 0.22 * m))
        self.p.setBrush(Qt.BrushStyle.NoBrush)
        self.p.drawPath(tick(0.68 * m))

    def refused(self) -> None:
        m = self.face.size
        self.p.setBrush(QColor(self.theme.surface))
        self.p.drawEllipse(QPointF(0, 0), 0.82 * m, 0.82 * m)
        self.p.setPen(pen(self.theme.text, 0.2 * m))
        self.p.drawPath(cross(0.34 * m))

    def stack(self) -> None:
        m = self.face.size
        for i in (2, 1, 0):
            self.p.setBrush(
                QColor(
                    self.colours.solid
                    if i == 0
                    else blend(self.colours.solid, self.theme.surface, 0.35 * i)
                )
            )
            card = QRectF(-0.82 * m + 0.17 * i * m, -0.62 * m - 0.17 * i * m, 1.5 * m, 1.36 * m)
            self.p.drawRoundedRect(card, 0.18 * m, 0.18 * m)
        if self.face.text:
            size = 1.05 * m if len(self.face.text) < 3 else 0.66 * m
            words(
                self.p,
                self.face.text,
                -0.07 * m,
                0.06 * m,
                font_of(self.family, size, bold=True),
                self.colours.on_solid,
            )

    def dot(self) -> None:
        self.p.setBrush(QColor(self.colours.solid))
        self.p.drawEllipse(QPointF(0, 0), 0.46 * self.face.size, 0.46 * self.face.size)

    def plus(self) -> None:
        m = self.face.size
        self.p.setBrush(QColor(self.theme.surface))
        self.p.drawEllipse(QPointF(0, 0), 0.62 * m, 0.62 * m)
        self.p.setPen(pen(self.theme.text, 0.19 * m))
        self.p.drawLine(QPointF(-0.3 * m, 0), QPointF(0.3 * m, 0))
        if self.face.shape == "plus":
            self.p.drawLine(QPointF(0, -0.3 * m), QPointF(0, 0.3 * m))

    def box(self) -> None:
        """A box seen from a corner."""
        m, corners = 0.92 * self.face.size, []
        for i in range(6):
            angle = pi / 6 + i * pi / 3
            corners.append(QPointF(m * cos(angle), m * sin(angle)))
        self.p.setBrush(QColor(self.colours.solid))
        self.p.drawConvexPolygon(corners)
        if self.colours.line == self.colours.solid:  # edges that are to be seen in the dark as well
            self.p.setPen(QPen(QColor(self.colours.on_solid), max(1.1, 0.11 * self.face.size)))
        for corner in corners[1::2]:
            self.p.drawLine(
                QPointF(0, 0), QPointF(corner.x(), corner.y()) if corner.y() > -m / 2 else corner
            )

    def bubble(self) -> None:
        """What clients and servers tell each other: words in a pill."""
        m, wide = self.face.size, self.face.half_w - 0.08 * self.face.size
        if self.face.held:
            wide -= HELD_BARS * m
        high = min(0.84 * m, self.face.half_h)
        done = self.face.shape == "done"
        self.p.setPen(
            QPen(QColor(self.theme.good if done else self.theme.muted), max(1.2, 0.11 * m))
        )
        self.p.setBrush(QColor(self.theme.good if done else self.theme.raised))
        self.p.drawRoundedRect(QRectF(-wide, -high, 2 * wide, 2 * high), high, high)
        if done:
            self.p.setPen(pen(self.theme.surface, 0.22 * m))
            self.p.setBrush(Qt.BrushStyle.NoBrush)
            self.p.drawPath(tick(0.68 * m))
        elif self.face.text:
            words(self.p, self.face.text, 0, 0, font_of(self.family, 0.95 * m), self.theme.text)
