"""Boxes, lines and the width of words: the little geometry that a picture needs.

Lengths are in logical pixels, y grows downwards.
"""

from functools import lru_cache
from typing import NamedTuple


class Box(NamedTuple):
    """An upright rectangle: its left upper corner, width and height."""

    x: float
    y: float
    w: float
    h: float

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies in the box or on its edge."""
        return self.x <= x <= self.x + self.w and self.y <= y <= self.y + self.h

    def touches(self, other: "Box") -> bool:
        """Whether the two boxes share more than an edge."""
        return (
            self.x < other.x + other.w
            and other.x < self.x + self.w
            and self.y < other.y + other.h
            and other.y < self.y + self.h
        )

    def grown(self, by_x: float, by_y: float) -> "Box":
        """The box with a margin on all sides."""
        return Box(self.x - by_x, self.y - by_y, self.w + 2 * by_x, self.h + 2 * by_y)

    def moved(self, dx: float, dy: float) -> "Box":
        """The box somewhere else."""
        return Box(self.x + dx, self.y + dy, self.w, self.h)

    def is_crossed_by(self, x1: float, y1: float, x2: float, y2: float) -> bool:
        """Whether any part of a segment lies inside (Liang and Barsky's clipping)."""
        dx, dy = x2 - x1, y2 - y1
        low, high = 0.0, 1.0
        for step, room in (
            (-dx, x1 - self.x),
            (dx, self.x + self.w - x1),
            (-dy, y1 - self.y),
            (dy, self.y + self.h - y1),
        ):
            if step == 0:
                if room < 0:
                    return False
            elif step < 0:
                low = max(low, room / step)
            else:
                high = min(high, room / step)
        return low < high


class Line(NamedTuple):
    """A straight line from one point to another."""

    x1: float
    y1: float
    x2: float
    y2: float

    def at(self, part: float) -> tuple[float, float]:
        """The point at ``part`` (0 … 1) of the way."""
        return self.x1 + (self.x2 - self.x1) * part, self.y1 + (self.y2 - self.y1) * part

    def distance(self, x: float, y: float) -> float:
        """How far a point is from the nearest point of the line."""
        dx, dy = self.x2 - self.x1, self.y2 - self.y1
        length = dx * dx + dy * dy
        part = ((x - self.x1) * dx + (y - self.y1) * dy) / length if length else 0.0
        nx, ny = self.at(min(1.0, max(0.0, part)))
        return float(((x - nx) ** 2 + (y - ny) ** 2) ** 0.5)

    def crossing(self, other: "Line") -> float | None:
        """The part of this line's way at which it meets the other; None when it does not."""
        dx, dy = self.x2 - self.x1, self.y2 - self.y1
        ex, ey = other.x2 - other.x1, other.y2 - other.y1
        across = dx * ey - dy * ex
        if across == 0:
            return None
        fx, fy = other.x1 - self.x1, other.y1 - self.y1
        mine, theirs = (fx * ey - fy * ex) / across, (fx * dy - fy * dx) / across
        return mine if 0 <= mine <= 1 and 0 <= theirs <= 1 else None

    def side(self, x: float, y: float) -> float:
        """Positive on one side of the line, however long, and negative on the other."""
        return (self.x2 - self.x1) * (y - self.y1) - (self.y2 - self.y1) * (x - self.x1)


_WIDTHS = {
    **dict.fromkeys("ijlI.,:;'|·!()[] ", 0.34),
    **dict.fromkeys("frt", 0.41),
    **dict.fromkeys("cszxvy", 0.6),
    **dict.fromkeys("mwMW@%✓→…", 1.0),
}
_USUAL, _CAPITAL = 0.645, 0.78


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """An upper estimate of how wide words are in a usual sans-serif font of ``size`` pixels.

    The picture must not ask a font (that would be Qt); a wide one, DejaVu Sans, is the measure.
    """
    ems = sum(_WIDTHS.get(c, _CAPITAL if c.isupper() else _USUAL) for c in text)
    return ems * size * (1.11 if bold else 1.0) + 2.0
