"""The arcs of the servers' timers as fragments of the atlas.

An arc that is a little shorter in each frame would be stroked anew each time, which costs more than
all else in a frame. So the whole ring is a sprite, and an arc is as much of it as is left: whole
quarters, and of the last one the part up to a straight cut, which lies under the arc's knob.
"""

from itertools import accumulate
from math import cos, pi, sin

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter

from raftviz.picture.primitives import ServerFace, ServerSign
from raftviz.qt.atlas import Atlas, Cell, fragment
from raftviz.qt.signs import pen
from raftviz.raft.values import value

_QUARTERS = (
    (1, 0, "left", "top"),
    (1, 1, "top", "right"),
    (0, 1, "right", "bottom"),
    (0, 0, "bottom", "left"),
)
"""Clockwise from the top: which half of the ring's sprite, across and down, and at which side of it
a part of the quarter lies: less than half of it, or more."""


class Arcs:
    """All arcs. What does not depend on time is kept for each server."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self._dials: dict[int, _Dial] = {}

    def lay_out(self, sign: ServerSign, left: float) -> list[float]:
        """What is left (1 … 0) of a timer, from the top clockwise, and a knob at its end."""
        dial = self._dials.get(sign.id)
        if (
            dial is None
            or dial.face is not sign.face
            or (dial.x, dial.y) != (sign.x, sign.y)
            or dial.generation != self.atlas.generation
        ):
            dial = self._dials[sign.id] = _dial(sign, self.atlas)
        return dial.arc(left)


@value(eq=False)
class _Dial:
    """The ring round one server. ``wholes[n]`` are the fragments of its first ``n`` quarters."""

    face: ServerFace
    generation: int
    x: float
    y: float
    radius: float
    ratio: float
    ring: Cell
    knob: Cell
    wholes: list[list[float]]

    def arc(self, left: float) -> list[float]:
        whole, part = divmod(min(max(left, 0.0), 1.0) * 4, 1)
        values = list(self.wholes[int(whole)])
        if part:
            values += self.placed(self.strip(int(whole), part))
        turn, ratio = 2 * pi * left, self.ratio
        x, y = self.x + self.radius * sin(turn), self.y - self.radius * cos(turn)
        values += fragment(x, y, self.knob, ratio)
        return values

    def strip(self, quarter: int, part: float) -> Cell:
        """The part of the ring's sprite that holds a part (0 … 1) of a quarter."""
        x, y, half, _ = self.quarter(quarter)
        _, _, early, late = _QUARTERS[quarter]
        radius, angle, side = self.radius * self.ratio, part * pi / 2, early if part < 0.5 else late
        size = round(radius * sin(angle) if part < 0.5 else half - radius * cos(angle))
        if side in ("left", "right"):
            return Cell(x if side == "left" else x + half - size, y, size, half)
        return Cell(x, y if side == "top" else y + half - size, half, size)

    def quarter(self, number: int) -> Cell:
        half = self.ring.w // 2
        across, down, _, _ = _QUARTERS[number]
        return Cell(self.ring.x + across * half, self.ring.y + down * half, half, half)

    def placed(self, cell: Cell) -> tuple[float, ...]:
        """A part of the ring's sprite where it belongs, on whole device pixels."""
        ring, ratio = self.ring, self.ratio
        x = round(self.x * ratio) + cell.x - ring.x + (cell.w - ring.w) / 2
        y = round(self.y * ratio) + cell.y - ring.y + (cell.h - ring.h) / 2
        return fragment(x / ratio, y / ratio, cell, ratio)


def _dial(sign: ServerSign, atlas: Atlas) -> _Dial:
    radius, thick = sign.radius + max(2.5, 0.115 * sign.radius), max(1.4, 0.062 * sign.radius)
    leads = sign.face.role == "leader"
    colour = atlas.theme.term(sign.face.term).line if leads else atlas.theme.timer
    ring, knob = _ring(atlas, colour, radius, thick), _knob(atlas, colour, 1.45 * thick)
    wholes: list[list[float]] = []
    dial = _Dial(
        sign.face, atlas.generation, sign.x, sign.y, radius, atlas.ratio, ring, knob, wholes
    )
    quarters = (list(dial.placed(dial.quarter(number))) for number in range(4))
    wholes += accumulate(quarters, initial=[])
    return dial


def _ring(atlas: Atlas, colour: str, radius: float, thick: float) -> Cell:
    def paint(p: QPainter) -> None:
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(pen(colour, thick))
        p.drawEllipse(QPointF(0, 0), radius, radius)

    side = 2 * radius + thick + 2
    return atlas.sprite(("ring", colour, radius), side, side, paint)


def _knob(atlas: Atlas, colour: str, radius: float) -> Cell:
    def paint(p: QPainter) -> None:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(colour))
        p.drawEllipse(QPointF(0, 0), radius, radius)

    return atlas.sprite(("knob", colour, radius), 2 * radius + 2, 2 * radius + 2, paint)
