"""The servers' state machines side by side: what each has executed, and where they differ.

The one that has executed most is the yardstick. Another that has executed less is *behind*: given the
entries that it lacks, it would be the same. If it would not, it *differs*, which in Raft never happens.
"""

from collections.abc import Iterable, Mapping
from enum import Enum

import attrs

from raftviz.picture.branch_index import EventIndex
from raftviz.picture.logs import hosts_at
from raftviz.raft.log import Entry
from raftviz.raft.machine import Replica
from raftviz.raft.names import Address
from raftviz.raft.server import Leader, Server
from raftviz.raft.values import value
from raftviz.sim.history import Branch, Moment, Record
from raftviz.sim.host import Host, Status

MOST_REPLAYED = 100
"""Entries that are executed once more, to tell who is behind from who differs."""

KINDS = {"map": "a map from keys to values", "counter": "a counter", "lock": "a lock"}
"""What each kind of machine is, in words."""


class Compared(Enum):
    """A state machine beside the yardstick."""

    SAME = "same"
    BEHIND = "behind"
    DIFFERS = "differs"
    DOWN = "down"
    """Its memory is gone; what is shown is the snapshot on its disk."""
    UNTOLD = "untold"
    """A recording does not tell what it holds, or what it has executed."""


@value(eq=False)
class MachineRow:
    """One server's state machine. ``values`` are its state, ``sessions`` what it remembers of clients.

    ``was`` tells what the last application changed, each name with its value before, None for none;
    ``applied_at`` is the number of that event, and ``just_now`` says that it is the very last one.
    ``stale`` names are other than the yardstick's because the server is behind, ``wrong`` ones
    although it is not.
    """

    server: int
    status: Status
    leads: bool
    last_applied: int
    commit_index: int
    snapshot_index: int
    values: Mapping[str, str]
    sessions: Mapping[Address, tuple[int, str]]
    compared: Compared
    behind: int = 0
    stale: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()
    entry: Entry | None = None
    was: Mapping[str, str | None] = attrs.field(factory=dict)
    applied_at: int | None = None
    just_now: bool = False


@value(eq=False)
class MachinesTable:
    """All of them. ``names`` and ``clients`` are what any of them holds; ``yardstick`` 0 for nobody."""

    kind: str
    yardstick: int
    names: tuple[str, ...]
    clients: tuple[Address, ...]
    rows: tuple[MachineRow, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nobody has executed anything, as far as is told."""
        return not any(row.last_applied or row.compared is Compared.UNTOLD for row in self.rows)


# Applications: events in which a server executes entries, or takes over a snapshot


def applications(branch: Branch, parent: EventIndex | None) -> EventIndex:
    """The index of a branch's applications, by the servers' numbers."""
    return EventIndex(branch, parent, _applied_on)


def _applied_on(record: Record) -> Iterable[int]:
    before, after = record.before, record.after
    if isinstance(before, Host) and isinstance(after, Host) and after.is_up:
        was, now = before.server, after.server
        if was is not now and (
            was.last_applied != now.last_applied or was.replica is not now.replica
        ):
            return (record.part,)
    return ()


# The table


def machines_table(moment: Moment, index: EventIndex) -> MachinesTable:
    """All state machines at a moment; ``index`` are the applications of its branch."""
    hosts = hosts_at(moment)
    best = _yardstick(hosts)
    rows = tuple(_row(host, best, moment, index) for host in hosts.values())
    return MachinesTable(
        moment.history.settings.options.machine,
        best.id if best else 0,
        tuple(sorted({name for row in rows for name in (*row.values, *row.was)})),
        tuple(sorted({client for row in rows for client in row.sessions}, reverse=True)),
        rows,
    )


def _yardstick(hosts: Mapping[int, Host]) -> Server | None:
    """Who has executed most; of equals the leader, then the first."""
    running = [
        host.server
        for host in hosts.values()
        if host.status is not Status.CRASHED and not host.unknown & _TOLD
    ]
    return max(
        running, key=lambda s: (s.last_applied, isinstance(s.role, Leader), -s.id), default=None
    )


_TOLD = frozenset({"machine", "last_applied"})
"""What must be known of a server to show its state machine."""


def _row(host: Host, best: Server | None, moment: Moment, index: EventIndex) -> MachineRow:
    server = host.server
    row = MachineRow(
        host.id,
        host.status,
        isinstance(server.role, Leader) and host.status is not Status.CRASHED,
        server.last_applied,
        server.commit_index,
        server.log.snapshot_index,
        server.replica.values,
        server.replica.sessions,
        Compared.DOWN,
    )
    if host.status is not Status.CRASHED and host.unknown & _TOLD:
        return attrs.evolve(row, compared=Compared.UNTOLD)
    if host.status is Status.CRASHED or best is None:
        return row
    row = _compared(row, server, best, replay="language" not in host.unknown)
    number = index.last(host.id, moment.count)
    if number is None:
        return row
    return attrs.evolve(
        row,
        entry=_entry(server),
        was=_changed(moment.branch[number]),
        applied_at=number,
        just_now=number == moment.count - 1,
    )


def _entry(server: Server) -> Entry | None:
    """The entry that was applied last; None where nothing is, or only a snapshot."""
    found = server.log.recall(server.last_applied, server.last_applied)
    return found[0] if found else None


def _changed(record: Record) -> dict[str, str | None]:
    """What an application changed, with the values before."""
    assert isinstance(record.before, Host)
    assert isinstance(record.after, Host)
    was, now = record.before.server.replica.values, record.after.server.replica.values
    return {name: was.get(name) for name in (*was, *now) if was.get(name) != now.get(name)}


def _compared(row: MachineRow, server: Server, best: Server, *, replay: bool) -> MachineRow:
    """The row beside the yardstick; ``replay`` says that we understand the commands."""
    mine, theirs = server.replica, best.replica
    lacks = best.last_applied - server.last_applied
    caught_up: Replica | None = mine
    if lacks:
        caught_up = _caught_up(server, best, lacks) if replay else None
    if caught_up is not None and not _same(caught_up, theirs):
        wrong = _unlike(caught_up, theirs)
        return attrs.evolve(row, compared=Compared.DIFFERS, behind=lacks, wrong=wrong)
    if lacks:
        stale = _unlike(mine, theirs)
        return attrs.evolve(row, compared=Compared.BEHIND, behind=lacks, stale=stale)
    return attrs.evolve(row, compared=Compared.SAME)


def _caught_up(server: Server, best: Server, lacks: int) -> Replica | None:
    """The replica as the entries that it lacks would make it; None if that cannot be told."""
    entries = best.log.recall(server.last_applied + 1, best.last_applied)
    if lacks > MOST_REPLAYED or len(entries) < lacks:
        return None
    replica = attrs.evolve(server.replica, fails=False)
    for entry in entries:
        if entry.command is not None:
            replica, _ = replica.apply(entry.command)
    return replica


def _same(one: Replica, other: Replica) -> bool:
    return one.values == other.values and one.sessions == other.sessions


def _unlike(one: Replica, other: Replica) -> frozenset[str]:
    """The names that have another value, or only one of them a value."""
    names = {*one.values, *other.values}
    return frozenset(name for name in names if one.values.get(name) != other.values.get(name))


# Words


def standing_words(row: MachineRow) -> str:
    """How a server stands beside the others, in few words."""
    match row.compared:
        case Compared.DOWN:
            return "down"
        case Compared.UNTOLD:
            return "not told"
        case Compared.DIFFERS:
            return "differs"
        case Compared.BEHIND:
            return f"{row.behind} behind"
    return "paused" if row.status is Status.PAUSED else ""


def value_words(row: MachineRow, name: str) -> str:
    """A value as it stands in its cell, with what it was before if that has just changed."""
    if row.compared is Compared.UNTOLD:
        return "?"
    value = row.values.get(name)
    shown = "–" if value is None else value
    if name in row.was and row.compared is not Compared.DOWN:
        before = row.was[name]
        return f"{'–' if before is None else before} → {shown}"
    return shown


def cell_words(row: MachineRow, name: str, yardstick: int) -> str:
    """All there is to say about one value."""
    me, value = f"S{row.server}", row.values.get(name)
    if row.compared is Compared.UNTOLD:
        return f"The recording does not tell what {me} holds."
    if row.compared is Compared.DOWN:
        kept = f"{name} = {value} in the snapshot" if value is not None else "nothing of it"
        return f"{me} is down and its memory is gone. Its disk holds {kept}."
    lines = [f"{me}: {name} = {value}" if value is not None else f"{me}: {name} has no value"]
    if name in row.was and row.entry is not None:
        before = row.was[name]
        was = "it had no value before" if before is None else f"before, it was {before}"
        lines.append(f"changed last, with entry {row.entry.index}; {was}")
    if name in row.stale:
        lines.append(f"S{yardstick} is {row.behind} entries further on")
    if name in row.wrong:
        lines.append(f"S{yardstick} has another value after the same entries")
    return "\n".join(lines)
