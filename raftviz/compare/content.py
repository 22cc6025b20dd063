"""When two events of two lines are the same: by what happened, to whom, when, and what it changed.

The numbers of events and the ids of messages shift from line to line and say nothing. What an event
changed is compared, not all that it found: an acknowledgement of S3 is the same event in both lines
even while the leader waits for one of S2 in one of them.
"""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

import attrs

from raftviz.raft.log import Entry, Log
from raftviz.raft.server import Leader, Persistent, Role, Server
from raftviz.sim.acts import Act, OnMessage
from raftviz.sim.events import Acted, Delivered, Event, Lost
from raftviz.sim.history import Record
from raftviz.sim.host import Disk, Host, Write
from raftviz.sim.network import Flight


def is_same(a: Record, b: Record) -> bool:
    """Whether the same happened, with the same input and the same outcome.

    Asked only about events of one instant.
    """
    if a.part != b.part or not _same_event(a.event, b.event):
        return False
    if (a.flights or b.flights) and not _same_sends(a.flights, b.flights):
        return False
    a0, a1, b0, b1 = a.before, a.after, b.before, b.after
    if (
        isinstance(a0, Host)
        and isinstance(a1, Host)
        and isinstance(b0, Host)
        and isinstance(b1, Host)
    ):
        return _same_in_host(a0, a1, b0, b1)
    if a0 is None or b0 is None:
        return a0 is b0 and a1 == b1
    return _same_in_all(a0, a1, b0, b1)


def is_kindred(a: Record, b: Record) -> bool:
    """Whether the same came up at one instant, though its content or its outcome may differ.

    Keyed chance lets a message that was sent at the same instant on the same link arrive at the
    same instant, whatever stands in it.
    """
    x, y = a.event, b.event
    if isinstance(x, Delivered | Lost):
        if not isinstance(y, Delivered | Lost):
            return False
        return kindred_flights(x.flight, y.flight)
    if isinstance(x, Acted):
        return isinstance(y, Acted) and bare(x.act) == bare(y.act)
    return type(x) is type(y) and a.part == b.part


def kindred_flights(f: Flight, g: Flight) -> bool:
    """Whether two messages of one kind were sent at one instant on one link."""
    return f is g or (
        f.sent_us == g.sent_us
        and f.source == g.source
        and f.target == g.target
        and type(f.message) is type(g.message)
    )


def bare(act: Act) -> Act:
    """An act without the id of the message it is about, which its words name as well."""
    if isinstance(act, OnMessage):
        return attrs.evolve(act, choice=attrs.evolve(act.choice, id=None))
    return act


def _same_event(x: Event, y: Event) -> bool:
    if type(x) is Delivered and type(y) is Delivered:
        return x.waits is y.waits and _same_flight(x.flight, y.flight)
    if type(x) is Lost and type(y) is Lost:
        return x.why == y.why and _same_flight(x.flight, y.flight)
    if type(x) is Acted and type(y) is Acted:
        return x.note == y.note and bare(x.act) == bare(y.act)
    return x == y


def _same_flight(f: Flight, g: Flight) -> bool:
    return f is g or (
        f.source == g.source
        and f.target == g.target
        and f.sent_us == g.sent_us
        and f.message == g.message
    )


def _same_sends(fs: tuple[Flight, ...], gs: tuple[Flight, ...]) -> bool:
    """Whether the same messages left. What becomes of them is told when it does."""
    if len(fs) != len(gs):
        return False
    for f, g in zip(fs, gs, strict=True):
        if f.target != g.target or f.source != g.source or f.message != g.message:
            return False
    return True


# What an event changed. Each of these is given what stood before and after in both lines, and asks
# whether both changed it to the same or neither did. What an event leaves alone is the very same
# object afterwards, which ``is`` tells at once, and most is left alone.


def _alike(a0: object, a1: object, b0: object, b1: object) -> bool:
    """Whether a value changed in both lines, to the same, or in neither."""
    if a0 is a1 and b0 is b1:
        return True
    return (b0 == b1) if a0 == a1 else (b0 != b1 and a1 == b1)


def _same_in_all(a0: Any, a1: Any, b0: Any, b1: Any) -> bool:
    """Values of one class, field by field."""
    if a0 is a1 and b0 is b1:
        return True
    return all(
        _alike(getattr(a0, name), getattr(a1, name), getattr(b0, name), getattr(b1, name))
        for name in (field.name for field in attrs.fields(type(a1)))
    )


def _same_in_host(a0: Host, a1: Host, b0: Host, b1: Host) -> bool:
    s0, s1, t0, t1 = a0.server, a1.server, b0.server, b1.server
    d0, d1, e0, e1 = a0.disk, a1.disk, b0.disk, b1.disk
    return (
        ((s0 is s1 and t0 is t1) or _same_in_server(s0, s1, t0, t1))
        and ((d0 is d1 and e0 is e1) or _same_in_disk(d0, d1, e0, e1))
        and _alike(a0.timer_us, a1.timer_us, b0.timer_us, b1.timer_us)
        and _same_in_rest(a0, a1, b0, b1)
    )


def _same_in_rest(a0: Host, a1: Host, b0: Host, b1: Host) -> bool:
    """What seldom changes."""
    if _rest(a0) == _rest(a1) and _rest(b0) == _rest(b1):
        return True
    return (
        _alike(a0.status, a1.status, b0.status, b1.status)
        and _alike(mail(a0), mail(a1), mail(b0), mail(b1))
        and _alike(a0.batch_us, a1.batch_us, b0.batch_us, b1.batch_us)
        and _alike(a0.refuses, a1.refuses, b0.refuses, b1.refuses)
    )


_rest = attrgetter("status", "backlog", "batch_us", "refuses")


def mail(host: Host) -> tuple[object, ...]:
    """What waits for a paused server, without the ids."""
    return tuple((f.source, f.sent_us, f.message) for f in host.backlog)


def _same_in_server(a0: Server, a1: Server, b0: Server, b1: Server) -> bool:
    return (
        _same_in_role(a0.role, a1.role, b0.role, b1.role)
        and _same_in_log(a0.log, a1.log, b0.log, b1.log)
        and _same_in_numbers(a0, a1, b0, b1)
        and _same_in_replica(a0, a1, b0, b1)
        and _alike(a0.snapshot, a1.snapshot, b0.snapshot, b1.snapshot)
    )


def _same_in_numbers(a0: Server, a1: Server, b0: Server, b1: Server) -> bool:
    before, after = _numbers(a0), _numbers(a1)
    then, there = _numbers(b0), _numbers(b1)
    if before == then and after == there:
        return True
    return all(map(_alike, before, after, then, there))


_numbers = attrgetter("current_term", "voted_for", "commit_index", "last_applied")


def _same_in_log(a0: Log, a1: Log, b0: Log, b1: Log) -> bool:
    """Whether the same entries were taken away and the same added."""
    if a0 is a1 and b0 is b1:
        return True
    kept_a, kept_b = a0.agrees_until(a1), b0.agrees_until(b1)
    return (
        _alike(a0.snapshot_index, a1.snapshot_index, b0.snapshot_index, b1.snapshot_index)
        and a1.slice(kept_a + 1, a1.last_index) == b1.slice(kept_b + 1, b1.last_index)
        and a0.slice(kept_a + 1, a0.last_index) == b0.slice(kept_b + 1, b0.last_index)
    )


def _same_in_role(a0: Role, a1: Role, b0: Role, b1: Role) -> bool:
    if a0 is a1 and b0 is b1:
        return True
    if type(a0) is Leader and type(a1) is Leader and type(b0) is Leader and type(b1) is Leader:
        return (
            _same_in_rows(a0.match_index, a1.match_index, b0.match_index, b1.match_index)
            and _same_in_rows(a0.next_index, a1.next_index, b0.next_index, b1.next_index)
            and _same_in_rows(a0.flow, a1.flow, b0.flow, b1.flow)
            and _alike(a0.batched, a1.batched, b0.batched, b1.batched)
        )
    if type(a0) is type(a1) is type(b0) is type(b1):
        return _same_in_all(a0, a1, b0, b1)
    if a0 == a1 and b0 == b1:
        return True
    return type(a0) is type(b0) and _alike(a0, a1, b0, b1)


def _same_in_rows(
    a0: Mapping[int, object],
    a1: Mapping[int, object],
    b0: Mapping[int, object],
    b1: Mapping[int, object],
) -> bool:
    """A leader's view: a row for each follower."""
    if a0 is a1 and b0 is b1:
        return True
    if not a0.keys() == a1.keys() == b0.keys() == b1.keys():
        return _alike(a0, a1, b0, b1)
    for key, after in a1.items():
        if (after is not a0[key] or b1[key] is not b0[key]) and not _alike(
            a0[key], after, b0[key], b1[key]
        ):
            return False
    return True


def _same_in_replica(a0: Server, a1: Server, b0: Server, b1: Server) -> bool:
    """Whether the same entries were applied."""
    p0, p1, q0, q1 = a0.replica, a1.replica, b0.replica, b1.replica
    if p0 is p1 and q0 is q1:
        return True
    return _applied(a0, a1) == _applied(b0, b1) and _alike(p0.fails, p1.fails, q0.fails, q1.fails)


def _applied(before: Server, after: Server) -> tuple[Entry, ...]:
    return after.log.slice(before.last_applied + 1, after.last_applied)


def _same_in_disk(a0: Disk, a1: Disk, b0: Disk, b1: Disk) -> bool:
    if a0 is a1 and b0 is b1:
        return True
    return (
        _same_in_durable(a0.durable, a1.durable, b0.durable, b1.durable)
        and (
            (a0.writes is a1.writes and b0.writes is b1.writes)
            or _alike(writes_of(a0), writes_of(a1), writes_of(b0), writes_of(b1))
        )
        and _alike(a0.image, a1.image, b0.image, b1.image)
        and _alike(a0.full, a1.full, b0.full, b1.full)
        and _alike(a0.fails, a1.fails, b0.fails, b1.fails)
    )


def _same_in_durable(a0: Persistent, a1: Persistent, b0: Persistent, b1: Persistent) -> bool:
    if a0 is a1 and b0 is b1:
        return True
    return (
        _alike(a0.current_term, a1.current_term, b0.current_term, b1.current_term)
        and _alike(a0.voted_for, a1.voted_for, b0.voted_for, b1.voted_for)
        and _same_in_log(a0.log, a1.log, b0.log, b1.log)
        and _alike(a0.snapshot, a1.snapshot, b0.snapshot, b1.snapshot)
    )


def writes_of(disk: Disk) -> tuple[object, ...]:
    """The writes under way: when each is done, what it makes durable, what leaves then."""
    return tuple(map(_write, disk.writes))


def _write(write: Write) -> object:
    kept = write.persistent
    return (
        write.done_us,
        kept.current_term,
        kept.voted_for,
        kept.log.last_index,
        kept.log.last_term,
        write.messages,
    )
