"""How the timeline's things are drawn: sizes that follow the font, pens for each kind of message."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPen

from raftviz.picture.theme import Theme, blend
from raftviz.picture.timeline_codes import Kind
from raftviz.picture.timeline_scale import Lanes
from raftviz.raft.values import value

_USUAL_FONT_PX = 12.0
_MOST_ROWS = 6
"""Rows for other branches; who has more of them looks at the tree."""


@value
class Stroke:
    """A message's line: ``width`` in px, ``strength`` 0 … 1 of the term's colour, what it ends in.

    Answers are dashed. ``end`` is ``"arrow"``, ``"bar"`` for a refusal, or nothing.
    """

    width: float
    strength: float
    dashed: bool
    end: str


STROKES = {
    Kind.HEARTBEAT: Stroke(1.0, 0.55, dashed=False, end=""),
    Kind.HEARTBEAT_ANSWER: Stroke(1.0, 0.42, dashed=True, end=""),
    Kind.ENTRIES: Stroke(1.8, 1.0, dashed=False, end="arrow"),
    Kind.ENTRIES_ANSWER: Stroke(1.3, 0.85, dashed=True, end="arrow"),
    Kind.ENTRIES_REFUSED: Stroke(1.3, 0.85, dashed=True, end="bar"),
    Kind.VOTE_REQUEST: Stroke(1.8, 1.0, dashed=False, end="arrow"),
    Kind.VOTE_GRANTED: Stroke(1.5, 1.0, dashed=True, end="arrow"),
    Kind.VOTE_REFUSED: Stroke(1.5, 1.0, dashed=True, end="bar"),
    Kind.CLIENT_REQUEST: Stroke(1.2, 1.0, dashed=False, end="arrow"),
    Kind.CLIENT_ANSWER: Stroke(1.2, 1.0, dashed=True, end="arrow"),
    Kind.OTHER: Stroke(1.6, 1.0, dashed=False, end="arrow"),
}


@value(eq=False)
class Style:
    """A theme and the sizes that go with a font. ``unit`` is 1 at the usual font size."""

    theme: Theme
    unit: float
    font: QFont
    small: QFont
    bold: QFont
    titled: bool

    @classmethod
    def of(cls, theme: Theme, font: QFont, *, titled: bool) -> "Style":
        """The style for a widget's font."""
        pixels = QFontInfo(font).pixelSize()
        small, bold = QFont(font), QFont(font)
        small.setPixelSize(max(9, round(pixels * 0.84)))
        bold.setPixelSize(max(9, round(pixels * 0.95)))
        bold.setBold(True)
        return cls(theme, pixels / _USUAL_FONT_PX, font, small, bold, titled)

    @property
    def gutter(self) -> float:
        """The width of the servers' names."""
        return QFontMetricsF(self.bold).horizontalAdvance("clients") + 16 * self.unit

    @property
    def header(self) -> float:
        """The height of the title's row."""
        return 26 * self.unit if self.titled else 6 * self.unit

    @property
    def axis(self) -> float:
        """The height of the time axis at the bottom."""
        return 21 * self.unit

    def lanes(self, servers: int, height: float, *, flags: bool = False, others: int = 0) -> Lanes:
        """The lanes in a widget of this height, with a row for flags and rows for other branches.

        Others get as many rows as leave each server a lane that can be read well, or else one; none
        where lanes would become so narrow that they cannot be told apart.
        """
        unit, row = self.unit, 14 * self.unit
        above = 15 * unit if flags else 0.0
        inner = max(height - self.header - self.axis - above, 40.0)
        spare = inner - (22 + 18 * servers) * unit
        crowded = inner - row < (22 + 10 * servers) * unit
        rows = 0 if crowded else min(others, _MOST_ROWS, max(1, int(spare // row)))
        below = (rows + 0.25) * row if rows else 0.0
        inner = max(inner - below, 40.0)
        top = self.header + above
        return Lanes(servers, top, inner, min(22 * unit, inner / 4), above, rows, row, unit)

    def band_px(self, lanes: Lanes, part: float) -> float:
        """The thickness of a band: ``part`` of a leader's, which is never thicker than its lane."""
        return max(2.0, min(13 * self.unit, lanes.pitch * 0.5) * part)

    def line_colour(self, term: int, strength: float = 1.0) -> QColor:
        """A term's colour for lines, quieter towards 0."""
        colour = self.theme.term(term).line
        return QColor(blend(self.theme.surface, colour, strength))

    def message_pen(self, kind: Kind, term: int, *, plain: bool) -> QPen:
        """The pen of a message; ``plain`` when there are too many for dashes."""
        stroke = STROKES[kind]
        pen = QPen(self.line_colour(term, stroke.strength))
        pen.setWidthF(1.0 if plain else stroke.width * max(1.0, self.unit))
        if stroke.dashed and not plain:
            pen.setDashPattern([3.0, 2.5])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen


def pen(colour: str | QColor, width: float = 1.0, *dashes: float) -> QPen:
    """A pen with flat caps; ``dashes`` in widths."""
    made = QPen(QColor(colour), width)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashes:
        made.setDashPattern(list(dashes))
    return made
