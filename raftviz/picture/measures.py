"""What can be measured of a branch over time: terms, commit indexes, logs, messages, commits.

Everything is kept as columns of numbers that grow as the branch does; each record is read once. A
*step* is a value that holds until the next row.
"""

import attrs
import numpy as np

from raftviz.picture.branch_index import BranchIndex
from raftviz.picture.timeline_columns import Columns, Floats, Ints
from raftviz.raft.server import Leader
from raftviz.sim.history import Branch, History, Record
from raftviz.sim.host import Host, Status
from raftviz.sim.units import US_PER_S

MEASURES = ("term", "commit_index", "last_index")
"""What is measured of each server: the last one is the length of its log, snapshots counted in."""

_FIELDS = {"term": "current_term", "commit_index": "commit_index", "last_index": "log"}
"""What must be known of a server to measure it."""

_ALL = tuple(f"{end}_{measure}" for measure in MEASURES for end in ("low", "high"))

_MOST_BINS = 300
"""Of commits a second: more are thinner than what tells them apart."""

_Values = tuple[int, int, int]


@attrs.frozen(eq=False)
class Steps:
    """A value over time: ``values[i]`` holds from ``times_us[i]`` on, the last one until now."""

    times_us: Ints
    values: Ints


class Measures(BranchIndex):
    """The columns of one branch.

    ``servers[s]``: a row when one of ``MEASURES`` of s changes, none while it is down. ``all``: the
    lowest and the highest of those that run. ``flying``: messages in flight. ``commits``: a row an
    entry when somebody first knows it to be committed, with how long that took (µs) since a leader
    appended it. Each has ``event`` and ``time`` in µs. ``told`` are the measures that are known of
    any server at all: a recording may leave some out.
    """

    def __init__(self, history: History, branch: Branch, parent: "Measures | None") -> None:
        super().__init__(branch, parent)
        self._start = history.start.hosts
        self.servers: dict[int, Columns] = {}
        self.all = Columns("event", "time", *_ALL)
        self.flying = Columns("event", "time", "count")
        self.appends = Columns("event", "time", "index", "term")
        self.commits = Columns("event", "time", "index", "took")
        self.told: set[str] = set()
        self._now: dict[int, _Values | None] = {}
        self._flights: set[int] = set()
        self._committed = 0
        self._waiting: dict[tuple[int, int], int] = {}

    def _begin(self) -> None:
        parent, fork = self.parent, self.branch.fork
        if parent is None:
            self._begin_fresh()
            return
        assert isinstance(parent, Measures)
        self.all, self.flying, self.appends, self.commits = (
            _until(columns, fork)
            for columns in (parent.all, parent.flying, parent.appends, parent.commits)
        )
        self.servers = {server: _until(own, fork) for server, own in parent.servers.items()}
        self.told = set(parent.told)
        self._now = {server: _last_values(own) for server, own in self.servers.items()}
        self._flights = set(self.branch.flights(fork))
        self._committed = int(self.all.column("high_commit_index").max())
        rows = zip(
            *(self.appends.column(field).tolist() for field in ("index", "term", "time")),
            strict=True,
        )
        self._waiting = {(i, term): at for i, term, at in rows if i > self._committed}

    def _begin_fresh(self) -> None:
        for server, host in self._start.items():
            self.servers[server] = Columns("event", "time", "up", *MEASURES)
            self._note_server(server, host, -1, 0)
        self.flying.append(-1, 0, 0)
        self._committed = int(self.all.column("high_commit_index").max())

    # Reading

    def _note(self, number: int, record: Record) -> None:
        before, after, now = record.before, record.after, record.time_us
        if isinstance(after, Host):
            self._note_server(record.part, after, number, now)
            if isinstance(before, Host) and before.server is not after.server:
                self._note_entries(before, after, number, now)
        if record.flights or record.ended is not None:
            self._note_flights(record, number)

    def _note_server(self, server: int, host: Host, number: int, now: int) -> None:
        if len(self.told) < len(MEASURES):
            self.told |= {m for m in MEASURES if _FIELDS[m] not in host.unknown}
        values = None if host.status is Status.CRASHED else _measured(host)
        if server in self._now and values == self._now[server]:
            return
        self._now[server] = values
        if values is None:
            self.servers[server].append(number, now, 0, *_on_disk(host))
        else:
            self.servers[server].append(number, now, 1, *values)
        running = [known for known in self._now.values() if known is not None]
        if running:
            ends = [f(column) for column in zip(*running, strict=True) for f in (min, max)]
            self.all.append(number, now, *ends)

    def _note_entries(self, before: Host, after: Host, number: int, now: int) -> None:
        """What a leader appended, and what was committed for the first time."""
        was, server = before.server, after.server
        if isinstance(server.role, Leader) and server.log.last_index > was.log.last_index:
            for entry in server.log.recall(was.log.last_index + 1, server.log.last_index):
                self._waiting[entry.index, entry.term] = now
                self.appends.append(number, now, entry.index, entry.term)
        if server.commit_index > self._committed and after.status is not Status.CRASHED:
            for entry in server.log.recall(self._committed + 1, server.commit_index):
                began = self._waiting.pop((entry.index, entry.term), None)
                if began is not None:
                    self.commits.append(number, now, entry.index, now - began)
            self._committed = server.commit_index

    def _note_flights(self, record: Record, number: int) -> None:
        flights, before = self._flights, len(self._flights)
        flights.update(flight.id for flight in record.flights)
        if record.ended is not None:
            flights.discard(record.ended)
        if len(flights) != before:
            self.flying.append(number, record.time_us, len(flights))

    # Asking

    def extreme(self, end: str, measure: str) -> Steps:
        """The ``"low"`` or ``"high"`` end of a measure among all servers that run."""
        return Steps(self.all.column("time"), self.all.column(f"{end}_{measure}"))

    def of_server(self, server: int, measure: str) -> Steps:
        """A measure of one server; while it is down, what its disk holds."""
        own = self.servers[server]
        return Steps(own.column("time"), own.column(measure))

    def in_flight(self) -> Steps:
        """How many messages are in flight."""
        return Steps(self.flying.column("time"), self.flying.column("count"))

    def latencies(self) -> tuple[Ints, Floats]:
        """When entries were committed (µs), and how many ms that took since they were appended."""
        took: Floats = self.commits.column("took") / 1_000.0
        return self.commits.column("time"), took

    def throughput(self, bin_us: int, until_us: int) -> tuple[Floats, Floats]:
        """Commits a second, in bins: the bins' edges in µs, one more than there are rates."""
        edges = np.arange(0, max(until_us, 1) + bin_us, bin_us, dtype=np.float64)
        counts, _ = np.histogram(self.commits.column("time"), edges)
        return edges, counts * (US_PER_S / bin_us)


def _measured(host: Host) -> _Values:
    server = host.server
    return server.current_term, server.commit_index, server.log.last_index


def _on_disk(host: Host) -> _Values:
    """What is measured of a server that is down: its disk knows no commit index but a snapshot's."""
    disk = host.disk.durable
    return disk.current_term, disk.log.snapshot_index, disk.log.last_index


def _last_values(own: Columns) -> _Values | None:
    row = len(own) - 1
    if not own.value(row, "up"):
        return None
    term, commit, last = (own.value(row, measure) for measure in MEASURES)
    return term, commit, last


def _until(columns: Columns, fork: int) -> Columns:
    """A table of its own with the rows of the first ``fork`` events."""
    return columns.first(int(np.searchsorted(columns.column("event"), fork)))


def bin_for(span_us: float) -> int:
    """A bin for commits a second: a tenth of a second, and longer for longer runs; in µs."""
    width = US_PER_S // 10
    while span_us / width > _MOST_BINS:
        width *= 2
    return width


def stairs(steps: Steps, until_us: float) -> tuple[Floats, Floats]:
    """The corners of a value over time, as a line through them goes; times in ms."""
    times = np.append(steps.times_us, max(until_us, float(steps.times_us[-1]))) / 1_000.0
    x = np.repeat(times, 2)[1:-1]
    y = np.repeat(steps.values.astype(np.float64), 2)
    return x, y


def value_at(steps: Steps, time_us: int) -> int | None:
    """The value that holds at an instant; None before the first."""
    row = int(np.searchsorted(steps.times_us, time_us, side="right")) - 1
    return int(steps.values[row]) if row >= 0 else None


def csv(measures: Measures, until_us: int) -> str:
    """All of it as a table of text: one row a change, ready for any program that reads tables."""
    lines = ["time_ms,measure,server,value"]
    for server, own in measures.servers.items():
        times = own.column("time").tolist()
        for measure in MEASURES:
            values = own.column(measure).tolist()
            pairs = zip(times, values, [None, *values], strict=False)
            lines += [f"{t / 1000},{measure},S{server},{v}" for t, v, was in pairs if v != was]
    flying = measures.in_flight()
    lines += [
        f"{t / 1000},in_flight,,{count}"
        for t, count in zip(flying.times_us.tolist(), flying.values.tolist(), strict=True)
    ]
    when, took = measures.latencies()
    lines += [
        f"{t / 1000},commit_latency_ms,,{ms:.3f}"
        for t, ms in zip(when.tolist(), took.tolist(), strict=True)
    ]
    edges, rates = measures.throughput(bin_for(until_us), until_us)
    lines += [
        f"{t / 1000},commits_per_second,,{rate:g}"
        for t, rate in zip(edges.tolist(), rates.tolist(), strict=False)
    ]
    return "\n".join(lines) + "\n"
