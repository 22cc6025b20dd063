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
    found = (part_difference(part, a, b) for part, a, b in parts_at(left, right))
    return tuple(difference for difference in found if difference is not None)


def parts_at(left: Moment, right: Moment) -> Iterator[tuple[Address, Part | None, Part | None]]:
    """Every part of the world as it is at both moments, None where there is no such part."""
    servers = {*left.history.start.hosts, *right.history.start.hosts}
    clients = {
        part
        for moment in (left, right)
        for part in {*moment.history.start.clients, *moment.branch.parts(moment.count)}
        if part < 0
    }
    for part in (*sorted(servers), NETWORK, *sorted(clients, reverse=True)):
        a, b = (
            moment.history.part_at(moment.branch, part, moment.count) for moment in (left, right)
        )
        yield part, a, b


def part_difference(part: Address, a: Part | None, b: Part | None) -> PartDifference | None:
    """In what two states of a part differ; None if they do not."""
    fields = tuple(
        FieldDifference(field, value_of(a, field), value_of(b, field)) for field in differing(a, b)
    )
    return PartDifference(part, fields) if fields else None


def differing_entries(a: Log, b: Log, first: int, last: int) -> Iterator[int]:
    """The indexes from ``first`` to ``last`` at which two logs hold something else.

    What one of them has in its snapshot is taken to be there.
    """
    begin = max(first, a.snapshot_index + 1, b.snapshot_index + 1)
    for index in range(max(begin, a.agrees_until(b) + 1), last + 1):
        if entry_at(a, index) != entry_at(b, index):
            yield index


def logs_of(a: Part | None, b: Part | None) -> tuple[Log, Log] | None:
    """The logs of two states of a server; None unless both are there."""
    if isinstance(a, Host) and isinstance(b, Host):
        return a.server.log, b.server.log
    return None
