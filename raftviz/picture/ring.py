"""Where everything stands: servers on an ellipse, their words outside it, clients in the gaps.

All links and all ways of messages run inside the convex hull of the servers and clients. Words
stand outside that hull, each in a slot that is kept free for the longest words its owner can ever
need; so no message and no link ever covers a word, and no word jumps when a role changes.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import cos, hypot, pi, sin
from typing import NamedTuple

import attrs

from raftviz.picture.primitives import Box, Line, Ring, text_width
from raftviz.raft.names import Address

MOST_WITH_WORDS = 12
"""Beyond so many servers there is no room for words, and their signs show a number for a term."""

_MARGIN = 14.0


def _arc(radius: float) -> float:
    """From a server's outline to where its timer's arc is over, with a little air."""
    return 0.21 * radius + 7.0


class Spot(NamedTuple):
    """A place and the direction that leads out of the ring from there."""

    x: float
    y: float
    nx: float
    ny: float


@attrs.frozen
class Slot:
    """Room for words: ``stacked`` on several lines beside a server, or in one above or below.

    ``hang`` says where in it few words stand: 0 at its top, 1 at its bottom, near their owner.
    """

    box: Box
    align: int
    stacked: bool
    hang: float


@attrs.frozen(eq=False)
class Layout:
    """All places of one picture. ``message`` is half a message's size, ``font`` the words' size."""

    width: float
    height: float
    ring: Ring
    radius: float
    client: float
    message: float
    font: float
    servers: dict[int, Spot]
    slots: dict[Address, Slot]
    clients: dict[Address, Spot]

    @property
    def crowded(self) -> bool:
        """Whether there are too many servers for words."""
        return len(self.servers) > MOST_WITH_WORDS

    @property
    def lane(self) -> float:
        """How far to its right of the link a message keeps, so that two can pass."""
        return 0.5 * self.message

    def spot(self, address: Address) -> Spot:
        """Where a server or a client stands."""
        return self.servers[address] if address > 0 else self.clients[address]

    def rim(self, address: Address) -> float:
        """How far from its middle a server's or a client's sign ends."""
        return self.radius if address > 0 else self.client


@lru_cache(maxsize=16)
def layout(
    size: tuple[float, float],
    servers: tuple[int, ...],
    clients: tuple[Address, ...] = (),
    text_scale: float = 1.0,
) -> Layout:
    """The places for these servers and clients in a widget of this size.

    The ring grows until all, words included, fills the widget. There is always room for C1, so
    that nothing moves when it appears.
    """
    width, height = max(120.0, size[0]), max(100.0, size[1])
    wanted = clients or (-1,)
    a, b = width / 3, height / 3
    plan = _plan(width, height, a, b, servers, wanted, text_scale)
    for _ in range(8):
        left, top, right, bottom = _bounds(plan)
        a += (width - 2 * _MARGIN - (right - left)) / 2
        b += (height - 2 * _MARGIN - (bottom - top)) / 2
        b = max(24.0, min(b, 1.1 * max(24.0, a)))
        a = max(24.0, min(a, 1.75 * b))
        plan = _plan(width, height, a, b, servers, wanted, text_scale)
    left, top, right, bottom = _bounds(plan)
    return _shifted(plan, (width - left - right) / 2, (height - top - bottom) / 2, clients)


def _plan(
    width: float,
    height: float,
    a: float,
    b: float,
    servers: tuple[int, ...],
    clients: tuple[Address, ...],
    text_scale: float,
) -> Layout:
    """A layout round (0, 0) with these half axes."""
    spots = _stand(servers, a, b)
    size = min(height, 0.72 * width)
    radius, message = _sizes(size, tuple(spots.values()))
    font = max(10.0, min(28.0, size / 45)) * text_scale
    guests = _guests(clients, len(servers), a, b, radius)
    plan = Layout(
        width,
        height,
        Ring(0.0, 0.0, a, b, 0.42 * radius if len(servers) > 2 else 0.0),
        radius,
        0.5 * radius if len(servers) <= MOST_WITH_WORDS else max(radius, 9.0),
        message,
        font,
        spots,
        {},
        guests,
    )
    return plan if plan.crowded else attrs.evolve(plan, slots=_slots(plan))


def _stand(servers: tuple[int, ...], a: float, b: float) -> dict[int, Spot]:
    """Equal distances along the ellipse, clockwise from the top; two stand left and right."""
    if len(servers) == 1:
        return {servers[0]: Spot(0.0, 0.0, 0.0, -1.0)}
    start = -pi if len(servers) == 2 else -pi / 2
    angles = _equal_steps(a, b, len(servers), start)
    return {server: _spot(a, b, angle) for server, angle in zip(servers, angles, strict=True)}


def _spot(a: float, b: float, angle: float) -> Spot:
    nx, ny = cos(angle) / a, sin(angle) / b
    length = hypot(nx, ny)
    return Spot(a * cos(angle), b * sin(angle), nx / length, ny / length)


def _equal_steps(a: float, b: float, count: int, start: float) -> list[float]:
    """The angles at which ``count`` points divide an ellipse into arcs of equal length."""
    steps = 360
    angles = [start + 2 * pi * i / steps for i in range(steps + 1)]
    points = [(a * cos(angle), b * sin(angle)) for angle in angles]
    total, lengths = 0.0, [0.0]
    for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
        total += hypot(x2 - x1, y2 - y1)
        lengths.append(total)
    found, at = [], 0
    for i in range(count):
        while lengths[at + 1] < total * i / count - 1e-9:
            at += 1
        part = (total * i / count - lengths[at]) / (lengths[at + 1] - lengths[at])
        found.append(angles[at] + part * 2 * pi / steps)
    return found


_SHARE = {1: 0.15, 2: 0.12, 3: 0.1, 4: 0.09}
"""A server's radius as a part of the widget's size: few servers can be larger."""


def _sizes(size: float, spots: Sequence[Spot]) -> tuple[float, float]:
    """The radius of a server and half the size of a message."""
    radius = _SHARE.get(len(spots), 0.085) * size
    if len(spots) > 2:
        pairs = zip(spots, (*spots[1:], spots[0]), strict=True)
        gap = min(hypot(p.x - q.x, p.y - q.y) for p, q in pairs)
        radius = min(radius, 0.29 * gap)
        if len(spots) <= 9:
            # The links of its two neighbours must pass clear of the words inside a sign.
            radius = min(radius, _inside(spots) / (0.62 + 0.3 * 1.4 + 0.15))
    return max(5.0, radius), max(2.6, min(24.0, 0.3 * radius))


def _inside(spots: Sequence[Spot]) -> float:
    """The least distance of a server from the link between the servers beside it."""
    around = zip((spots[-1], *spots[:-1]), spots, (*spots[1:], spots[0]), strict=True)
    return min(Line(p.x, p.y, q.x, q.y).distance(s.x, s.y) for p, s, q in around)


def _guests(
    clients: tuple[Address, ...], servers: int, a: float, b: float, radius: float
) -> dict[Address, Spot]:
    """Clients stand in the gaps between servers, the lowest gap first, a little outside the ring.

    Not further out than where the tangents at their neighbours meet: the hull stays convex.
    """
    if servers == 1:
        a = b = 3.1 * radius
    elif servers == 2:
        b = max(0.8 * b, 2.6 * radius)
    start = -pi if servers == 2 else -pi / 2
    angles = _equal_steps(a, b, 2 * max(2, servers), start)[1::2] if servers > 1 else [pi / 2]
    angles.sort(key=lambda angle: (-round(sin(angle), 6), cos(angle)))
    out = 1.0 if servers <= 2 else min(1.16, 0.985 / cos(pi / servers))
    rounds = -(-len(clients) // len(angles))
    spots = {}
    for i, client in enumerate(clients):
        turn = (i // len(angles) - (rounds - 1) / 2) * (1.0 if servers == 1 else 0.5 / servers)
        spot = _spot(a, b, angles[i % len(angles)] + turn)
        if servers > MOST_WITH_WORDS:  # no words to keep clear of: right outside the servers
            away = 1.3 * radius + max(radius, 9.0)
            spots[client] = spot._replace(x=spot.x + away * spot.nx, y=spot.y + away * spot.ny)
        else:
            spots[client] = spot._replace(x=spot.x * out, y=spot.y * out)
    return spots


# Room for words


def _slots(plan: Layout) -> dict[Address, Slot]:
    spots: dict[Address, Spot] = {**plan.servers, **plan.clients}
    hull = _hull(plan)
    slots: dict[Address, Slot] = {}
    for address, spot in spots.items():
        stacked = address > 0 and (abs(spot.nx) > 0.5 or len(plan.servers) > 7)
        wide, high = _room(plan, address, stacked=stacked)
        slot = _beside(spot, plan.rim(address) + (_arc(plan.radius) if address > 0 else 5), wide, high, stacked)
        taken = [other.box for other in slots.values()]
        for _ in range(80):
            if _is_free(plan, slot.box, hull, taken):
                break
            slot = attrs.evolve(slot, box=slot.box.moved(3 * spot.nx, 3 * spot.ny))
        slots[address] = slot
    return slots


def _room(plan: Layout, address: Address, *, stacked: bool) -> tuple[float, float]:
    """Width and height of the longest words that a server or client can need."""
    font, line = plan.font, line_height(plan.font)
    if address < 0:
        return text_width("x=1234 · try 2", font), line
    pips = len(plan.servers) * pip_pitch(plan)
    if stacked:
        words = max(text_width(words, font, bold=True) for words in ("completeness", "3 of 5 votes"))
        return max(words, text_width("disk: 99 entries", font), pips), 2 * line + 1.3 * font
    words = text_width("candidate · 2 of 3 votes", font, bold=True)
    return max(words, pips), line + 1.3 * font


def line_height(font: float) -> float:
    """From one line of words to the next."""
    return 1.32 * font


def pip_pitch(plan: Layout) -> float:
    """From one vote's pip to the next."""
    return plan.font * (1.36 if len(plan.servers) <= 7 else 1.12)


def _beside(spot: Spot, away: float, wide: float, high: float, stacked: bool) -> Slot:
    """A slot that begins ``away`` from a place, outwards."""
    x, y = spot.x + spot.nx * away, spot.y + spot.ny * away
    sx, sy = (max(-1.0, min(1.0, 1.6 * part)) for part in (spot.nx, spot.ny))
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
    around = [(spot, plan.radius + _arc(plan.radius) - 3) for spot in plan.servers.values()]
    around += [(spot, plan.client + 4) for spot in plan.clients.values()]
    return not any(_gap(box, spot) < away for spot, away in around)


def _gap(box: Box, spot: Spot) -> float:
    dx = max(box.x - spot.x, 0.0, spot.x - box.x - box.w)
    dy = max(box.y - spot.y, 0.0, spot.y - box.y - box.h)
    return hypot(dx, dy)


def _bounds(plan: Layout) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all that the layout holds."""
    boxes = [slot.box for slot in plan.slots.values()]
    for spots, rim in ((plan.servers, plan.radius + _arc(plan.radius)), (plan.clients, plan.client)):
        boxes += [Box(s.x - rim, s.y - rim, 2 * rim, 2 * rim) for s in spots.values()]
    return (
        min(box.x for box in boxes),
        min(box.y for box in boxes),
        max(box.x + box.w for box in boxes),
        max(box.y + box.h for box in boxes),
    )


def _shifted(plan: Layout, dx: float, dy: float, clients: tuple[Address, ...]) -> Layout:
    """The layout where it belongs, without the client that is not there yet."""

    def moved(spot: Spot) -> Spot:
        return spot._replace(x=spot.x + dx, y=spot.y + dy)

    slots = {
        address: attrs.evolve(slot, box=slot.box.moved(dx, dy))
        for address, slot in plan.slots.items()
        if address > 0 or address in clients
    }
    return attrs.evolve(
        plan,
        ring=attrs.evolve(plan.ring, x=dx, y=dy),
        servers={server: moved(spot) for server, spot in plan.servers.items()},
        clients={client: moved(plan.clients[client]) for client in clients},
        slots=slots,
    )
