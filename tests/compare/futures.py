"""Two futures of one past, and a slow and simple way to say what of them is the same."""

from collections.abc import Sequence

import attrs

from raftviz.compare.comparison import Comparison, Line
from raftviz.raft.server import Leader, Server
from raftviz.sim.acts import OnMessage
from raftviz.sim.chance import Chance
from raftviz.sim.events import Acted, Delivered, Lost
from raftviz.sim.history import Record
from raftviz.sim.host import Host
from raftviz.sim.network import Flight
from raftviz.sim.random_acts import Visitor, random_settings
from raftviz.sim.world import World, begin
from tests.sim.worlds import do, led_by, run


def beside(world: World, *acts: str, later_ms: float = 1_000) -> tuple[World, Comparison]:
    """The future in which ``acts`` are done now beside the one without; both played on."""
    other = World.at(world.history, world.branch, time_us=world.time_us, new_branch="with acts")
    if acts:
        do(other, *acts)
    for each in (world, other):
        run(each, later_ms)
    return other, compared(world, other)


def compared(a: World, b: World) -> Comparison:
    """A comparison of two worlds as far as both have come."""
    comparison = Comparison(Line(a.history, a.branch), Line(b.history, b.branch))
    assert comparison.read(min(a.time_us, b.time_us))
    return comparison


def busy(seed: int = 1, *acts: str, every_ms: int = 20) -> World:
    """A cluster that S1 leads, with requests and messages in flight."""
    world = led_by(1, seed=seed)
    do(world, f"requests every {every_ms}ms", *acts)
    run(world, 2 * every_ms)
    while not world.flights:
        world.step()
    return world


def visited_twice(seed: int, before: int, left: int, right: int) -> tuple[World, World]:
    """A world at which somebody has been, and two futures in which they do different things."""
    world = World.at(begin(random_settings(seed)))
    Visitor(world).visit(before)
    other = World.at(world.history, world.branch, time_us=world.time_us, new_branch="other")
    Visitor(world, Chance(seed + 1)).visit(left)
    Visitor(other, Chance(seed + 2)).visit(right)
    until = max(world.time_us, other.time_us) + 50_000
    for each in (world, other):
        each.run_until(until)
    return world, other


# What an event is, without numbers and ids


def content(record: Record) -> object:
    """All that an event is: what came in, what it sent, what it changed to what."""
    event = record.event
    if isinstance(event, Delivered | Lost):
        told: object = attrs.evolve(event, flight=_bare(event.flight))
    elif isinstance(event, Acted) and isinstance(event.act, OnMessage):
        told = attrs.evolve(
            event, act=attrs.evolve(event.act, choice=attrs.evolve(event.act.choice, id=None))
        )
    else:
        told = event
    sent = [(flight.source, flight.target, flight.message) for flight in record.flights]
    return record.time_us, told, record.part, sent, _changes(record)


def _bare(flight: Flight) -> Flight:
    return Flight(0, flight.source, flight.target, flight.message, 0, flight.sent_us, 0)


def _changes(record: Record) -> object:
    before, after = record.before, record.after
    if not isinstance(before, Host) or not isinstance(after, Host):
        if before is None:
            return after
        return _changed(attrs.asdict(before, recurse=False), attrs.asdict(after, recurse=False))
    changed = _changed(_known(before), _known(after))
    # What a snapshot replaces is not told entry by entry.
    for log, where in ((after.server.log, ""), (after.disk.durable.log, " on disk")):
        for index in range(log.snapshot_index + 1):
            changed.pop(f"entry {index}{where}", None)
    return changed


def _changed(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    return {key: after.get(key) for key in {*before, *after} if before.get(key) != after.get(key)}


def _known(host: Host) -> dict[str, object]:
    """All that a host holds, entry by entry."""
    server, durable = host.server, host.disk.durable
    known: dict[str, object] = {
        "timer": host.timer_us,
        "status": host.status,
        "mail": [(f.source, f.target, f.sent_us, f.message) for f in host.backlog],
        "batch": host.batch_us,
        "refuses": host.refuses,
        "image": host.disk.image,
        "full": host.disk.full,
        "fails": host.disk.fails,
        "writes": [
            (
                w.done_us,
                w.messages,
                w.persistent.current_term,
                w.persistent.voted_for,
                w.persistent.log.last_index,
                w.persistent.log.last_term,
            )
            for w in host.disk.writes
        ],
        "term": server.current_term,
        "vote": server.voted_for,
        "commit": server.commit_index,
        "snapshot": server.snapshot,
        "fails once": server.replica.fails,
        "role": type(server.role),
        "term on disk": durable.current_term,
        "vote on disk": durable.voted_for,
        "snapshot on disk": durable.snapshot,
        "log begins": (server.log.snapshot_index, durable.log.snapshot_index),
        **_applied(server),
        **{f"entry {entry.index}": entry for entry in server.log},
        **{f"entry {entry.index} on disk": entry for entry in durable.log},
    }
    if isinstance(server.role, Leader):
        known["batched"] = server.role.batched
        for name in ("next_index", "match_index", "flow"):
            known |= {f"{name} {s}": row for s, row in getattr(server.role, name).items()}
    else:
        known |= attrs.asdict(server.role, recurse=False)
    return known


def _applied(server: Server) -> dict[str, object]:
    return {
        f"applied {index}": server.log[index]
        for index in range(server.log.snapshot_index + 1, server.last_applied + 1)
    } | {"applied": server.last_applied}


def most_in_common(a: Sequence[object], b: Sequence[object]) -> int:
    """How many of two sequences are the same in order, at best."""
    row = [0] * (len(b) + 1)
    for x in a:
        new = [0]
        for j, y in enumerate(b):
            new.append(row[j] + 1 if x == y else max(row[j + 1], new[j]))
        row = new
    return row[-1]
