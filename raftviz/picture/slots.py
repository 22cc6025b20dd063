"""Room for words, outside everything that a message can cover.

Each server and client has a slot as large as the longest words it can ever need, pushed outwards
until it is clear of the ways of all messages, of all signs and of all other slots.
"""

from math import hypot

import attrs

from raftviz.checks.properties import PROPERTIES
from raftviz.picture.geometry import Box, Line, text_width
from raftviz.picture.places import Layout, Slot, Spot, arc_room
from raftviz.raft.names import Address


def slots(plan: Layout) -> dict[Address, Slot]:
    """A slot for every server and client."""
    spots: dict[Address, Spot] = {**plan.clients, **plan.servers}
    hull = _hull(plan)
    placed: dict[Address, Slot] = {}
    for address, spot in spots.items():
        stacked = address > 0 and (abs(spot.nx) > 0.5 or len(plan.servers) > 7)
        wide, high = _room(plan, address, stacked=stacked)
        away = plan.rim(address) + (arc_room(plan.radius) if address > 0 else 5)
        taken = [other.box for other in placed.values()]
        tries = []
        for lean in _LEANS:
            slot = _beside(spot, away, wide, high, lean=lean, stacked=stacked)
            pushed = 0
            while pushed < 80 and not _is_free(plan, slot.box, hull, taken):
                slot = attrs.evolve(slot, box=slot.box.moved(3 * spot.nx, 3 * spot.ny))
                pushed += 1
            tries.append((pushed, slot))
            if pushed < 4:
                break
        placed[address] = min(tries, key=lambda found: found[0])[1]
    return placed


def two_lines(words: str) -> list[str]:
    """A property's name on two lines, as narrow as they can be."""
    parts = words.split()
    halves = [(" ".join(parts[:cut]), " ".join(parts[cut:])) for cut in range(1, len(parts) + 1)]
    return [line for line in min(halves, key=lambda pair: max(map(len, pair))) if line]


_TITLES = tuple(one.title for one in PROPERTIES)
_HALF_TITLES = tuple(line for title in _TITLES for line in two_lines(title))
"""What may stand beside a server when something is broken."""

_LEANS = (1.6, 2.6, 9.0)
"""How far to their own side words stand: more, where that lets them stay nearer."""


def _room(plan: Layout, address: Address, *, stacked: bool) -> tuple[float, float]:
    """Width and height of the longest words that a server or client can need."""
    font, line = plan.font, line_height(plan.font)
    if address < 0:
        return text_width("x=1234 · try 2", font), line
    pips = len(plan.servers) * pip_pitch(plan)
    if stacked:
        words = max(text_width(words, font, bold=True) for words in (*_HALF_TITLES, "3 of 5 votes"))
        return max(words, text_width("disk: 99 entries", font), pips), 2 * line + 1.3 * font
    words = max(
        text_width(words, font, bold=True) for words in (*_TITLES, "candidate · 2 of 3 votes")
    )
    return max(words, pips), line + 1.3 * font


def line_height(font: float) -> float:
    """From one line of words to the next."""
    return 1.32 * font


def pip_pitch(plan: Layout) -> float:
    """From one vote's pip to the next."""
    return plan.font * (1.36 if len(plan.servers) <= 7 else 1.12)


def _beside(
    spot: Spot, away: float, wide: float, high: float, *, lean: float, stacked: bool
) -> Slot:
    """A slot that begins ``away`` from a place, outwards."""
    x, y = spot.x + spot.nx * away, spot.y + spot.ny * away
    sx, sy = (max(-1.0, min(1.0, lean * part)) for part in (spot.nx, spot.ny))
    box = Box(x + (sx - 1) * wide / 2, y + (sy - 1) * high / 2, wide, high)
    align = 0 if abs(sx) < 0.6 else -1 if sx > 0 else 1
    return Slot(box, align, stacked, hang=max(0.0, min(1.0, 0.5 - 0.8 * spot.ny)))


def _hull(plan: Layout) -> list[tuple[Line, float, float]]:
    """The outermost ways of messages, each with what a message there covers to its sides."""
    around: list[tuple[Address, Spot]] = sorted(
        [*plan.servers.items(), *plan.clients.items()],
        key=lambda item: _turn(item[1].x / plan.ring.a, item[1].y / plan.ring.b),
    )
    lines = []
    for (one, p), (other, q) in zip(around, (*around[1:], around[0]), strict=True):
        wide = 2.3 if one < 0 or other < 0 else 1.5
        clear = plan.message * wide + plan.lane, plan.message * 1.35 + plan.lane
        lines.append((Line(p.x, p.y, q.x, q.y), *clear))
    return lines


def _turn(x: float, y: float) -> float:
    """Grows with the direction of (x, y) round the circle."""
    part = x / (abs(x) + abs(y)) if x or y else 0.0
    return part if y < 0 else 2 - part


def _is_free(
    plan: Layout, box: Box, hull: list[tuple[Line, float, float]], taken: list[Box]
) -> bool:
    if any(box.touches(other) for other in taken):
        return False
    if any(box.grown(wide, high).is_crossed_by(*line) for line, wide, high in hull):
        return False
    around = [(spot, plan.radius + arc_room(plan.radius) - 3) for spot in plan.servers.values()]
    around += [(spot, plan.client + 4) for spot in plan.clients.values()]
    return not any(_gap(box, spot) < away for spot, away in around)


def _gap(box: Box, spot: Spot) -> float:
    dx = max(box.x - spot.x, 0.0, spot.x - box.x - box.w)
    dy = max(box.y - spot.y, 0.0, spot.y - box.y - box.h)
    return hypot(dx, dy)
