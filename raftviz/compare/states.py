"""What differs at one instant: which servers and clients, in which fields, which log entries."""

from collections.abc import Iterator

from raftviz.compare.fields import Field, differing, entry_at, value_of
from raftviz.raft.log import Log
from raftviz.raft.names import Address
from raftviz.raft.values import value
from raftviz.sim.history import NETWORK, Moment, Part
from raftviz.sim.host import Host


@value
class FieldDifference:
    """A field and what it holds in each line."""

    field: Field
    left: object
    right: object


@value
class PartDifference:
    """A server, a client or the network that is not the same in both lines."""

    part: Address
    fields: tuple[FieldDifference, ...]


def part_differences(left: Moment, right: Moment) -> tuple[PartDifference, ...]:
    """All that differs between two moments: servers in order, then the network, then clients."""
    parts = {*left.history.start.hosts, *right.history.start.hosts}
    clients = {
        part
        for moment in (left, right)
        for part in {*moment.history.start.clients, *moment.branch.parts(moment.count)}
        if part < 0
    }
    found = (_compared(left, right, p) for p in (*sorted(parts), NETWORK, *sorted(clients)[::-1]))
    return tuple(difference for difference in found if difference is not None)


def _compared(left: Moment, right: Moment, part: Address) -> PartDifference | None:
    a, b = (_part_at(moment, part) for moment in (left, right))
    fields = tuple(
        FieldDifference(field, value_of(a, field), value_of(b, field)) for field in differing(a, b)
    )
    return PartDifference(part, fields) if fields else None


def _part_at(moment: Moment, part: Address) -> Part | None:
    return moment.history.part_at(moment.branch, part, moment.count)


def differing_entries(a: Log, b: Log, first: int, last: int) -> Iterator[int]:
    """The indexes from ``first`` to ``last`` at which two logs hold something else.

    What one of them has in its snapshot is taken to be there.
    """
    begin = max(first, a.snapshot_index + 1, b.snapshot_index + 1)
    for index in range(max(begin, a.agrees_until(b) + 1), last + 1):
        if entry_at(a, index) != entry_at(b, index):
            yield index


def logs_of(left: Moment, right: Moment, server: int) -> tuple[Log, Log] | None:
    """A server's log at both moments; None unless both have this server."""
    hosts = [_part_at(moment, server) for moment in (left, right)]
    logs = [host.server.log for host in hosts if isinstance(host, Host)]
    return (logs[0], logs[1]) if len(logs) == 2 else None
