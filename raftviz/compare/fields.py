"""The state of a host, a client or the network, field by field, under the names that people know."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import attrs

from raftviz.compare.content import mail, writes_of
from raftviz.raft.log import Entry, Log
from raftviz.raft.server import Candidate, Follower, Leader, role_name
from raftviz.raft.values import NOTHING
from raftviz.sim.client import Client
from raftviz.sim.history import Part
from raftviz.sim.host import Host
from raftviz.sim.network import Network


class Field(NamedTuple):
    """One thing that a part of the world knows.

    ``of``: the follower that a leader keeps it about, or the index of an ``entry``.
    """

    name: str
    of: int = 0


ENTRY = "entry"
"""The field of a single log entry; ``log`` is the whole."""

RULES = Field("variants")
"""Which rules are broken on purpose: a field of the network, and a cause of what servers do."""


def value_of(part: Part | None, field: Field) -> object:
    """What a part of the world holds in a field; None where it has no such field."""
    if isinstance(part, Host):
        if field.name == ENTRY:
            return entry_at(part.server.log, field.of)
        rows = _ROWS.get(field.name)
        if rows is not None:
            role = part.server.role
            return rows(role).get(field.of) if isinstance(role, Leader) else None
        read = _OF_HOST.get(field.name)
        return read(part) if read is not None else None
    if isinstance(part, Client | Network):
        return getattr(part, field.name, None)
    return None


def entry_at(log: Log, index: int) -> Entry | None:
    """The entry at an index; None where a log has none, or has it in its snapshot."""
    return log[index] if log.snapshot_index < index <= log.last_index else None


def differing(a: Part | None, b: Part | None) -> tuple[Field, ...]:
    """The fields in which two states of one part differ, the most telling first.

    What a recording does not tell is no difference.
    """
    if a is b:
        return ()
    unknown = getattr(a, "unknown", NOTHING) | getattr(b, "unknown", NOTHING)
    return tuple(
        field
        for field in _fields(a, b)
        if value_of(a, field) != value_of(b, field)
        and _UNKNOWN_AS.get(field.name, field.name) not in unknown
    )


_UNKNOWN_AS = {
    "refusals": "votes",
    "flow": "next_index",
    "batched": "next_index",
    "state machine": "machine",
    "times out": "timer",
    "term on disk": "durable",
    "vote on disk": "durable",
    "log on disk": "durable",
    "snapshot on disk": "durable",
    "writes": "durable",
    "serial": "operation",
    "wake_us": "operation",
}
"""Under which name a recording says that it does not tell a field, where that is another."""


def _fields(a: Part | None, b: Part | None) -> Iterator[Field]:
    some = a if a is not None else b
    if not isinstance(some, Host):
        if some is not None:
            names = [each.name for each in attrs.fields(type(some))]
            first = [name for name in _CLIENT_FIRST if name in names]
            yield from map(Field, dict.fromkeys((*first, *names)))
        return
    for name in _OF_HOST:
        if name == "commit_index":  # the leader's view comes before what follows from it
            for rows in _ROWS:
                for follower in sorted(_followers(a) | _followers(b)):
                    yield Field(rows, follower)
        yield Field(name)


def _followers(part: Part | None) -> set[int]:
    role = part.server.role if isinstance(part, Host) else None
    return set(role.next_index) if isinstance(role, Leader) else set()


_CLIENT_FIRST = ("operation", "leader", "serial", "wake_us", "next_us", "cuts", "groups")

_ROWS: dict[str, Callable[[Leader], Mapping[int, object]]] = {
    "match_index": lambda role: role.match_index,
    "next_index": lambda role: role.next_index,
    "flow": lambda role: role.flow,
}


def _of_candidate(host: Host, field: str) -> object:
    role = host.server.role
    return getattr(role, field) if isinstance(role, Candidate) else None


def _of_follower(host: Host) -> object:
    role = host.server.role
    return role.incoming if isinstance(role, Follower) else None


def _of_leader(host: Host) -> object:
    role = host.server.role
    return role.batched if isinstance(role, Leader) else None


_OF_HOST: dict[str, Callable[[Host], object]] = {
    "status": lambda host: host.status,
    "current_term": lambda host: host.server.current_term,
    "role": lambda host: role_name(host.server),
    "voted_for": lambda host: host.server.voted_for,
    "leader": lambda host: host.server.leader_id,
    "votes": lambda host: _of_candidate(host, "granted"),
    "refusals": lambda host: _of_candidate(host, "refused"),
    "log": lambda host: host.server.log,
    "commit_index": lambda host: host.server.commit_index,
    "last_applied": lambda host: host.server.last_applied,
    "state machine": lambda host: host.server.replica,
    "snapshot": lambda host: host.server.snapshot,
    "incoming": _of_follower,
    "batched": _of_leader,
    "times out": lambda host: host.timer_us,
    "term on disk": lambda host: host.disk.durable.current_term,
    "vote on disk": lambda host: host.disk.durable.voted_for,
    "log on disk": lambda host: host.disk.durable.log,
    "snapshot on disk": lambda host: host.disk.durable.snapshot,
    "writes": lambda host: writes_of(host.disk),
    "disk full": lambda host: host.disk.full,
    "next write fails": lambda host: host.disk.fails,
    "bytes on disk": lambda host: host.disk.image,
    "waiting mail": mail,
    "sends its batch": lambda host: host.batch_us,
    "refuses to start": lambda host: host.refuses,
}
"""In the order in which one thing follows from another."""
