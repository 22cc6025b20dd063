"""Links, where they are cut, and the walls that a partition puts between its groups."""

from functools import lru_cache
from itertools import combinations
from math import hypot

from raftviz.picture.geometry import Line
from raftviz.picture.places import Layout
from raftviz.picture.primitives import ClusterPicture, CutMark, LinkLine
from raftviz.raft.names import Address
from raftviz.sim.network import Link, Network, Quality

Groups = tuple[frozenset[int], ...]


def rim_to_rim(plan: Layout, source: Address, target: Address, shift: float = 0.0) -> Line:
    """The straight line between two signs' outlines, moved ``shift`` to its right."""
    p, q = plan.spot(source), plan.spot(target)
    length = hypot(q.x - p.x, q.y - p.y) or 1.0
    ux, uy = (q.x - p.x) / length, (q.y - p.y) / length
    near, far = plan.rim(source), plan.rim(target)
    if near + far > 0.9 * length:
        near = far = 0.45 * length
    return Line(
        p.x + ux * near - uy * shift,
        p.y + uy * near + ux * shift,
        q.x - ux * far - uy * shift,
        q.y - uy * far + ux * shift,
    )


def links(plan: Layout, network: Network) -> tuple[LinkLine, ...]:
    """All links between servers, with what cuts leave of them."""
    return _links(plan, network.cuts, network.groups)


@lru_cache(maxsize=8)
def _links(plan: Layout, cuts: frozenset[Link], groups: Groups) -> tuple[LinkLine, ...]:
    network = Network(Quality((0, 0)), cuts=cuts, groups=groups)
    pairs = combinations(sorted(plan.servers), 2)
    return tuple(_link(plan, network, source, target) for source, target in pairs)


def _link(plan: Layout, network: Network, source: int, target: int) -> LinkLine:
    line = rim_to_rim(plan, source, target)
    there, back = network.is_cut(source, target), network.is_cut(target, source)
    if not (there or back):
        return LinkLine(source, target, line, (line,))
    part = cut_part(plan, network, source, target)
    x, y = line.at(part)
    length = hypot(line.x2 - line.x1, line.y2 - line.y1) or 1.0
    turn = 1 if there else -1
    ux, uy = turn * (line.x2 - line.x1) / length, turn * (line.y2 - line.y1) / length
    mark = CutMark(x, y, ux, uy, both=there and back)
    if not mark.both:
        return LinkLine(source, target, line, (line,), mark)
    gap = min(0.4, 0.9 * plan.message / length)
    first, second = line.at(max(0.0, part - gap)), line.at(min(1.0, part + gap))
    pieces = (Line(line.x1, line.y1, *first), Line(*second, line.x2, line.y2))
    return LinkLine(source, target, line, pieces, mark)


def cut_part(plan: Layout, network: Network, source: Address, target: Address) -> float:
    """The part of the way from ``source`` at which a cut link ends: at the wall, or half-way."""
    if not network.groups or source < 0 or target < 0:
        return 0.5
    line = rim_to_rim(plan, source, target)
    met = [line.crossing(wall) for wall in walls(plan, network.groups)]
    parts = [part for part in met if part is not None]
    return min(parts, key=lambda part: abs(part - 0.5), default=0.5)


@lru_cache(maxsize=32)
def walls(plan: Layout, groups: Groups) -> tuple[Line, ...]:
    """The lines between the groups of a partition.

    Two groups that stand together are parted by one line, and more of them by spokes. Where a
    group stands in several places, each place is cut off by a line of its own, except the largest
    group's: every link between groups then crosses a line.
    """
    if not groups:
        return ()
    order = list(plan.servers)
    home = [next((i for i, g in enumerate(groups) if server in g), -server) for server in order]
    count = len(order)
    edges = [i for i in range(count) if home[i] != home[(i + 1) % count]]
    if count == 2 and edges:
        return (_across(plan, order[0], order[1]),)
    if len(edges) < 2:
        return ()
    gates = {i: _gate(plan, order[i], order[(i + 1) % count]) for i in edges}
    if len(edges) == len(set(home)) > 2:
        middle = (plan.ring.x, plan.ring.y)
        return tuple(Line(*middle, *_reach_out(plan, *middle, *gates[i])) for i in edges)
    largest = max(set(home), key=lambda group: (home.count(group), -home.index(group)))
    found: list[Line] = []
    for i, j in zip(edges, (*edges[1:], edges[0]), strict=True):
        # From edge i to edge j stand the servers i + 1 … j, going round.
        if home[j] != largest:
            run = [order[(i + 1 + k) % count] for k in range((j - i) % count)]
            found += _wall(plan, gates[i], gates[j], run)
    return tuple(found)


def _gate(plan: Layout, one: int, other: int) -> tuple[float, float]:
    """The middle between two neighbours: a wall that parts them goes through it."""
    p, q = plan.servers[one], plan.servers[other]
    return (p.x + q.x) / 2, (p.y + q.y) / 2


def _wall(
    plan: Layout, gate: tuple[float, float], other: tuple[float, float], run: list[int]
) -> list[Line]:
    """A line through two gates and a little further; bent where it would touch a server's sign."""
    first, last = _reach_out(plan, *other, *gate), _reach_out(plan, *gate, *other)
    straight = Line(*gate, *other)
    spots = [plan.servers[server] for server in run]
    near = min(straight.distance(spot.x, spot.y) for spot in spots)
    if near >= 1.4 * plan.radius:
        return [Line(*first, *last)]
    x, y = straight.at(0.5)
    middle_x = sum(spot.x for spot in spots) / len(spots)
    middle_y = sum(spot.y for spot in spots) / len(spots)
    ux, uy = _direction(middle_x, middle_y, x, y)
    deep = 1.6 * plan.radius - near
    bend = x + ux * deep, y + uy * deep
    return [
        Line(*_reach_out(plan, *bend, *gate), *bend),
        Line(*bend, *_reach_out(plan, *bend, *other)),
    ]


def _reach_out(
    plan: Layout, from_x: float, from_y: float, x: float, y: float
) -> tuple[float, float]:
    """A point behind a gate: beyond the ring if the wall leaves it straight, but before a client.

    A wall that leaves it slantwise would soon run into the server beside the gate.
    """
    ux, uy = _direction(from_x, from_y, x, y)
    rx, ry = _direction(plan.ring.x, plan.ring.y, x, y)
    straight = max(0.0, ux * rx + uy * ry)
    ring = 1.07 / hypot(rx / plan.ring.a, ry / plan.ring.b)
    room = max(1.35 * plan.radius, ring - hypot(x - plan.ring.x, y - plan.ring.y))
    out = 0.45 * plan.radius + straight**4 * (room - 0.45 * plan.radius)
    for client in plan.clients.values():
        while out > 0 and hypot(x + ux * out - client.x, y + uy * out - client.y) < (
            1.4 * plan.client + 6
        ):
            out -= 2
    out = max(0.0, out)
    return x + ux * out, y + uy * out


def _direction(x1: float, y1: float, x2: float, y2: float) -> tuple[float, float]:
    length = hypot(x2 - x1, y2 - y1) or 1.0
    return (x2 - x1) / length, (y2 - y1) / length


def _across(plan: Layout, one: int, other: int) -> Line:
    p, q = plan.servers[one], plan.servers[other]
    x, y, reach = (p.x + q.x) / 2, (p.y + q.y) / 2, 1.6 * plan.radius
    return Line(x, y - reach, x, y + reach)


def divided(picture: ClusterPicture, line: Line) -> tuple[tuple[int, ...], ...]:
    """The two groups of servers on the two sides of a drawn line; none if it crosses no link."""
    if not any(link.line.crossing(line) is not None for link in picture.links if link.source > 0):
        return ()
    sides: dict[bool, list[int]] = {True: [], False: []}
    for server in picture.servers:
        sides[line.side(server.x, server.y) > 0].append(server.id)
    if not (sides[True] and sides[False]):
        return ()
    return tuple(sorted((tuple(sorted(sides[True])), tuple(sorted(sides[False])))))
