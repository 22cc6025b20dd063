"""Where everything stands: servers on an ellipse, their words outside it, clients in the gaps.

All links and all ways of messages run inside the convex hull of the servers and clients. Words
stand outside that hull, each in a slot that is kept free for the longest words its owner can ever
need; so no message and no link ever covers a word, and no word jumps when a role changes.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from math import cos, hypot, pi, sin
from typing import NamedTuple

import attrs

from raftviz.picture.geometry import Box, Line
from raftviz.picture.places import MOST_WITH_WORDS, Layout, Spot, arc_room
from raftviz.picture.primitives import Ring
from raftviz.picture.slots import slots
from raftviz.raft.names import Address

_MARGIN = 14.0
_FLAT = (1.75, 2.8)
"""How many times as wide as high a ring is at most: as a rule, and where a flat strip has more room
for larger servers."""
_NEAR = 0.05
"""A ring that would grow by less than so many pixels is large enough."""


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
    frame = _Frame(max(120.0, size[0]), max(100.0, size[1]), servers, clients or (-1,), text_scale)
    plans = [_grown(frame, flat) for flat in _FLAT]
    # Of rings with servers as large, the wider: messages have longer ways, which are easier to follow.
    plan = max(plans, key=lambda plan: (round(plan.radius), plan.ring.a))
    left, top, right, bottom = _bounds(plan)
    dx, dy = (frame.width - left - right) / 2, (frame.height - top - bottom) / 2
    return _shifted(plan, dx, dy, clients)


def _grown(frame: "_Frame", flat: float) -> Layout:
    """The largest layout whose ring is at most ``flat`` times as wide as it is high."""
    a, b = frame.width / 3, frame.height / 3
    plan = _plan(frame, a, b)
    for _ in range(8):
        before = a, b
        left, top, right, bottom = _bounds(plan)
        a += (frame.width - 2 * _MARGIN - (right - left)) / 2
        b += (frame.height - 2 * _MARGIN - (bottom - top)) / 2
        b = max(24.0, min(b, 1.1 * max(24.0, a)))
        a = max(24.0, min(a, flat * b))
        if max(abs(a - before[0]), abs(b - before[1])) < _NEAR:
            break
        plan = _plan(frame, a, b)
    return plan


class _Frame(NamedTuple):
    """What a layout is asked for."""

    width: float
    height: float
    servers: tuple[int, ...]
    clients: tuple[Address, ...]
    text_scale: float


def _plan(frame: _Frame, a: float, b: float) -> Layout:
    """A layout round (0, 0) with these half axes."""
    count = len(frame.servers)
    spots = _stand(frame.servers, a, b)
    size = min(frame.height, 0.72 * frame.width)
    radius, message = _sizes(size, tuple(spots.values()))
    plan = Layout(
        frame.width,
        frame.height,
        Ring(0.0, 0.0, a, b, 0.42 * radius if count > 2 else 0.0),
        radius,
        0.5 * radius if count <= MOST_WITH_WORDS else max(radius, 9.0),
        message,
        max(12.0, min(28.0, size / 44)) * frame.text_scale,
        spots,
        {},
        _guests(frame.clients, count, a, b, radius),
    )
    return plan if plan.crowded else attrs.evolve(plan, slots=slots(plan))


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
    across, down = _chords(start)
    lengths = list(
        accumulate(map(hypot, [a * x for x in across], [b * y for y in down]), initial=0.0)
    )
    total, found, at = lengths[-1], [], 0
    for i in range(count):
        while lengths[at + 1] < total * i / count - 1e-9:
            at += 1
        part = (total * i / count - lengths[at]) / (lengths[at + 1] - lengths[at])
        found.append(start + 2 * pi * (at + part) / _STEPS)
    return found


_STEPS = 360


@lru_cache(maxsize=4)
def _chords(start: float) -> tuple[list[float], list[float]]:
    """From point to point round a circle of radius 1, in small steps: across and down."""
    angles = [start + 2 * pi * i / _STEPS for i in range(_STEPS + 1)]
    return (
        [cos(there) - cos(here) for here, there in pairwise(angles)],
        [sin(there) - sin(here) for here, there in pairwise(angles)],
    )


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
            # The links of its two neighbours must pass clear of the words inside a sign; where signs
            # would be too small to read, it is enough that they miss its middle.
            clear = 0.62 + 0.3 * 1.4 + 0.15 if len(spots) < 8 else 0.85
            radius = min(radius, _inside(spots) / clear)
    return max(5.0, radius), max(2.6, min(24.0, 0.3 * radius))


def _inside(spots: Sequence[Spot]) -> float:
    """The least distance of a server from the link between the servers beside it."""
    around = zip((spots[-1], *spots[:-1]), spots, (*spots[1:], spots[0]), strict=True)
    return min(Line(p.x, p.y, q.x, q.y).distance(s.x, s.y) for p, s, q in around)


def _guests(
    clients: tuple[Address, ...], servers: int, a: float, b: float, radius: float
) -> dict[Address, Spot]:
    """Clients stand in the gaps between servers, the lowest gap first, a little outside the ring.

    Far enough that the messages between their two neighbours pass in front of them, and otherwise
    not beyond where the tangents at those meet, which leaves the most room for words.
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
    step = min(1.0, 5.5 / rounds) if servers == 1 else 0.5 / servers
    spots = {}
    for i, client in enumerate(clients):
        turn = (i // len(angles) - (rounds - 1) / 2) * step
        spot = _spot(a, b, angles[i % len(angles)] + turn)
        if servers > MOST_WITH_WORDS:  # no words to keep clear of: right outside the servers
            away = 1.3 * radius + max(radius, 9.0)
            spots[client] = spot._replace(x=spot.x + away * spot.nx, y=spot.y + away * spot.ny)
        else:
            clear = cos(pi / servers) + (0.92 * radius + 4) / hypot(spot.x, spot.y)
            far = out if servers <= 2 else max(out, clear)
            spots[client] = spot._replace(x=spot.x * far, y=spot.y * far)
    return spots


def _bounds(plan: Layout) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all that the layout holds."""
    boxes = [slot.box for slot in plan.slots.values()]
    for spots, rim in (
        (plan.servers, plan.radius + arc_room(plan.radius)),
        (plan.clients, plan.client),
    ):
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

    moved_slots = {
        address: attrs.evolve(slot, box=slot.box.moved(dx, dy))
        for address, slot in plan.slots.items()
        if address > 0 or address in clients
    }
    return attrs.evolve(
        plan,
        ring=attrs.evolve(plan.ring, x=dx, y=dy),
        servers={server: moved(spot) for server, spot in plan.servers.items()},
        clients={client: moved(plan.clients[client]) for client in clients},
        slots=moved_slots,
    )
