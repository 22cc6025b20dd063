"""The servers' logs side by side, as they are at a moment; only asked-for columns are made.

A table holds a row a server and refers to the logs as they are; ``cells`` reads a slice of one row.
So a log of 100,000 entries costs no more than one of ten.
"""

from collections.abc import Mapping

import attrs

from raftviz.raft.log import Entry, Log
from raftviz.raft.server import Leader, Server
from raftviz.raft.values import NOTHING, value
from raftviz.sim.history import Moment, Record
from raftviz.sim.host import Host, Status

NOOP = "no-op"
"""How an entry without a command is written."""


@value
class LogRow:
    """One server's row. Logs are compared by identity: an equal one would be dear to tell.

    ``next_index`` and ``match_index`` are the leader's view of it, or None.

    ``log`` is what the server holds, or its disk if it is down. ``gone`` is the log it held before
    the last event, if entries behind ``gone_after`` were taken away by it. ``leads_with`` is the
    leader's log, if another server leads. ``unknown`` is what a recording does not tell of it.
    """

    server: int
    status: Status
    term: int
    leads: bool
    log: Log = attrs.field(eq=id)
    durable: Log = attrs.field(eq=id)
    commit_index: int
    last_applied: int
    next_index: int | None = None
    match_index: int | None = None
    gone: Log | None = attrs.field(default=None, eq=id)
    gone_after: int = 0
    unknown: frozenset[str] = NOTHING
    leads_with: Log | None = attrs.field(default=None, eq=id)


@value
class LogsTable:
    """All rows. ``leader`` is the server whose view is shown, 0 if nobody leads.

    ``commit_index`` is the leader's, or else the highest that a running server knows of
    (``commit_server``). ``last_index`` is the last column that holds anything.
    """

    rows: tuple[LogRow, ...]
    leader: int
    commit_index: int
    commit_server: int
    last_index: int

    @property
    def is_told(self) -> bool:
        """Whether all logs are known, as far as they reach."""
        return not any("log" in row.unknown for row in self.rows)


@value
class Cell:
    """One entry of one row; ``gone`` is the entry that stood here before the last event.

    ``conflicts``: the leader has another entry there, or none.
    """

    index: int
    entry: Entry | None
    committed: bool
    applied: bool
    durable: bool
    gone: Entry | None = None
    conflicts: bool = False


def hosts_at(moment: Moment) -> dict[int, Host]:
    """All servers' hosts at a moment."""
    history = moment.history
    return {
        server: history.host_at(moment.branch, server, moment.count)
        for server in sorted(history.start.hosts)
    }


def logs_table(moment: Moment, selected: int = 0) -> LogsTable:
    """The logs at a moment, seen by the selected server if it leads, else by the latest leader."""
    return table_of(hosts_at(moment), moment.last, selected)


def table_of(hosts: Mapping[int, Host], last: Record | None, selected: int = 0) -> LogsTable:
    """The logs of these hosts; ``last`` is the event that just happened."""
    leader = _leader(hosts, selected)
    leads = hosts[leader].server if leader else None
    rows = tuple(_row(host, leads, last) for host in hosts.values())
    running = [
        host
        for host in hosts.values()
        if host.status is not Status.CRASHED and "commit_index" not in host.unknown
    ]
    commit = hosts[leader] if leader and hosts[leader] in running else max(
        running, key=lambda host: host.server.commit_index, default=None
    )  # fmt: skip
    ends = [max(row.log.last_index, (row.next_index or 1) - 1) for row in rows]
    ends += [row.gone.last_index for row in rows if row.gone is not None]
    return LogsTable(
        rows,
        leader,
        commit.server.commit_index if commit else 0,
        commit.id if commit else 0,
        max(ends, default=0),
    )


def _leader(hosts: Mapping[int, Host], selected: int) -> int:
    leaders = [h for h in hosts.values() if h.is_up and isinstance(h.server.role, Leader)]
    chosen = max(leaders, key=lambda h: (h.id == selected, h.server.current_term), default=None)
    return chosen.id if chosen else 0


def _row(host: Host, leads: Server | None, last: Record | None) -> LogRow:
    server = host.server
    view = leads.role if leads is not None and isinstance(leads.role, Leader) else None
    gone, gone_after = _gone(host, last)
    return LogRow(
        host.id,
        host.status,
        server.current_term,
        isinstance(server.role, Leader) and host.status is not Status.CRASHED,
        _held(host),
        _durable(host),
        server.commit_index,
        server.last_applied if "last_applied" not in host.unknown else server.commit_index,
        view.next_index.get(host.id) if view else None,
        view.match_index.get(host.id) if view else None,
        gone,
        gone_after,
        host.unknown,
        leads.log if leads is not None and leads.id != host.id else None,
    )


def _held(host: Host) -> Log:
    return _durable(host) if host.status is Status.CRASHED else host.server.log


def _durable(host: Host) -> Log:
    """What is on its disk; nothing is said against what is not known to be elsewhere."""
    return host.server.log if "durable" in host.unknown else host.disk.durable.log


def _gone(host: Host, last: Record | None) -> tuple[Log | None, int]:
    """The log as it was, if the last event took entries of this host away, and what stayed."""
    if last is None or last.part != host.id or not isinstance(last.before, Host):
        return None, 0
    before, after = _held(last.before), _held(host)
    if before is after or before.last_index <= after.snapshot_index:
        return None, 0
    stayed = max(before.agrees_until(after), after.snapshot_index)
    return (before, stayed) if stayed < before.last_index else (None, 0)


def cells(row: LogRow, first: int, last: int) -> tuple[Cell, ...]:
    """The cells of the columns ``first … last`` that hold anything; not those in a snapshot."""
    first = max(first, row.log.snapshot_index + 1)
    until = row.log.last_index if row.gone is None else max(row.log.last_index, row.gone.last_index)
    return tuple(_cell(row, index) for index in range(first, min(last, until) + 1))


def _cell(row: LogRow, index: int) -> Cell:
    entry = row.log[index] if index <= row.log.last_index else None
    return Cell(
        index,
        entry,
        index <= row.commit_index,
        index <= row.last_applied,
        entry is not None and _holds(row.durable, entry),
        row.gone[index] if row.gone and row.gone_after < index <= row.gone.last_index else None,
        entry is not None and _conflicts(row, entry),
    )


def _conflicts(row: LogRow, entry: Entry) -> bool:
    """Whether the leader has another entry there: one of another term, or none (§5.3)."""
    log = row.leads_with
    if log is None or entry.index <= log.snapshot_index:
        return False
    return log.term_at(entry.index) != entry.term


def _holds(log: Log, entry: Entry) -> bool:
    if entry.index <= log.snapshot_index:
        return True
    if entry.index > log.last_index:
        return False
    held = log[entry.index]
    return held is entry or held == entry


def entry_text(entry: Entry) -> str:
    """An entry's command as it stands in a cell."""
    return entry.command.text if entry.command is not None else NOOP
