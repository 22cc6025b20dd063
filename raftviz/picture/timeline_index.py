"""What the timeline knows of a branch: each record is read once, as it comes, and never again.

Three tables: *legs* of messages (a flight that is sent on another way half-way has two), *spans* of
each server's life (one term, one role, one status), and *marks* (acts).
The index of a branch takes over its parent's rows up to the fork instead of reading them again.
"""

import numpy as np

from raftviz.picture.timeline_codes import Fate, Kind, RoleCode, StatusCode
from raftviz.picture.timeline_columns import Columns, Floats
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    ClientResponse,
    Message,
    NotLeader,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.server import Candidate, Leader, Role
from raftviz.sim.acts import Drop
from raftviz.sim.events import Acted, Delivered, Lost
from raftviz.sim.history import Branch, History, Record
from raftviz.sim.host import Host, Status
from raftviz.sim.network import Flight, Held
from raftviz.sim.units import NEVER

WHOLE_WAY = 1_000_000
"""Parts of a message's way are kept as millionths."""


_STATUS = {
    Status.UP: StatusCode.UP,
    Status.CRASHED: StatusCode.CRASHED,
    Status.PAUSED: StatusCode.PAUSED,
}

_KINDS: dict[type, Kind] = {
    RequestVoteRequest: Kind.VOTE_REQUEST,
    ClientRequest: Kind.CLIENT_REQUEST,
    ClientResponse: Kind.CLIENT_ANSWER,
    NotLeader: Kind.CLIENT_ANSWER,
}

_FAINT_WEIGHT = 0.3
"""How much a heartbeat counts in the density, beside 1 for entries and votes."""


_SEEN_IN_SPANS = frozenset({"role", "status", "current_term"})


def role_code(role: Role) -> RoleCode:
    """The number of a role. What asks for votes in any way counts as a candidate."""
    if isinstance(role, Leader):
        return RoleCode.LEADER
    if isinstance(role, Candidate):
        return RoleCode.CANDIDATE
    return RoleCode.FOLLOWER


def kind_of(message: Message, record: Record) -> Kind:
    """The kind of a message that ``record`` sent.

    An answer does not say whether it answers a heartbeat. A success sent at once, on the arrival of
    a request without entries, does; whatever had to wait for the disk or was refused does not.
    """
    if isinstance(message, AppendEntriesRequest):
        return Kind.ENTRIES if message.entries else Kind.HEARTBEAT
    if isinstance(message, AppendEntriesResponse):
        if not message.success:
            return Kind.ENTRIES_REFUSED
        asked = record.event.flight.message if isinstance(record.event, Delivered) else None
        if isinstance(asked, AppendEntriesRequest) and not asked.entries:
            return Kind.HEARTBEAT_ANSWER
        return Kind.ENTRIES_ANSWER
    if isinstance(message, RequestVoteResponse):
        return Kind.VOTE_GRANTED if message.vote_granted else Kind.VOTE_REFUSED
    return _KINDS.get(type(message), Kind.OTHER)


def _part(flight: Flight, now_us: int) -> float:
    """How much of its way a flight has behind it; one that is delivered now has the rest before it."""
    return flight.progress if flight.since_us == now_us else flight.position(now_us)


class TimelineIndex:
    """One branch as sorted columns. ``extend`` reads what is new.

    ``legs``: ``id, source, target`` (lanes; 0 for clients), ``kind, term``, ``since`` and ``end``
    in µs (as planned while flying), ``arrives`` (planned), ``part`` (of the way covered at
    ``since``), ``event`` that sent and ``ended`` that ended it, ``fate``, ``planned`` end, ``held``
    (1 while somebody holds the message: it stands still, and its planned end is ``NEVER``).
    ``held`` are the rows of such legs, which may be longer than ``longest_us``.
    ``spans[server]``: ``start`` in µs, ``term, role, status, event`` (-1 for the beginning).
    ``marks``, one an act: ``time`` in µs, ``lane`` (0 for the world), ``event``.
    """

    def __init__(
        self, history: History, branch: Branch, parent: "TimelineIndex | None" = None
    ) -> None:
        self.history = history
        self.branch = branch
        self.head_us = 0
        self.longest_us = 1
        self.has_clients = False
        self.held: list[int] = []
        self._seen = 0
        self._flying: dict[int, int] = {}
        self._cover: Floats = np.zeros((len(history.start.hosts) + 1, 1))
        self._covered = 0
        if parent is None:
            self._begin()
        else:
            self._take_over(parent, branch.fork)
        self.extend()

    @property
    def servers(self) -> int:
        """How many lanes there are, the clients' one not counted."""
        return len(self.history.start.hosts)

    def __len__(self) -> int:
        """How many records have been read."""
        return self._seen

    @property
    def settled_us(self) -> int:
        """Up to when nothing that has been read will change: the oldest message still flying left then."""
        rows = list(self._flying.values())
        since = self.legs.column("since")[rows].min() if rows else self.head_us
        return min(int(since), self.head_us)

    def _begin(self) -> None:
        self.legs = Columns(
            "id", "source", "target", "kind", "term", "since", "end", "arrives", "part", "event",
            "ended", "fate", "planned", "held",
        )  # fmt: skip
        self.marks = Columns("time", "lane", "event")
        self.spans = {
            server: Columns("start", "term", "role", "status", "event")
            for server in self.history.start.hosts
        }
        for server, host in self.history.start.hosts.items():
            self._open_span(server, 0, host, -1)

    def _take_over(self, parent: "TimelineIndex", fork: int) -> None:
        """The parent's rows as they were at the fork: what ended later is flying again."""
        parent.extend()
        size = int(np.searchsorted(parent.legs.column("event"), fork))
        self.legs = parent.legs.first(size)
        later = np.flatnonzero(self.legs.column("ended") >= fork)
        planned = self.legs.column("planned")[later]
        self.legs.column("end")[later] = planned
        self.legs.column("ended")[later] = NEVER
        self.legs.column("fate")[later] = Fate.FLYING
        ids = self.legs.column("id")[later]
        self._flying = dict(zip(ids.tolist(), later.tolist(), strict=True))
        self.spans = {
            server: spans.first(int(np.searchsorted(spans.column("event"), fork)))
            for server, spans in parent.spans.items()
        }
        self.marks = parent.marks.first(int(np.searchsorted(parent.marks.column("event"), fork)))
        self.longest_us = parent.longest_us
        self.held = [row for row in parent.held if row < size]
        self.has_clients = bool((self.legs.column("kind") == Kind.CLIENT_REQUEST).any())
        self.head_us = self.branch.forked_us
        self._seen = fork

    def extend(self) -> int:
        """Read the records that are new, each once; returns how many there were."""
        first, last = self._seen, len(self.branch)
        if first == last:
            return 0
        for number, record in enumerate(self.branch.records(first, last), first):
            self._read(number, record)
        self._seen = last
        self.head_us = max(self.head_us, record.time_us)
        return last - first

    def _read(self, number: int, record: Record) -> None:
        if record.ended is not None:
            self._end(record.ended, number, record)
        for flight in record.flights:
            self._launch(flight, number, record)
        if record.part > 0:
            self._note_span(number, record)
        if type(record.event) is Acted:
            self.marks.append(record.time_us, max(0, record.part), number)

    def _note_span(self, number: int, record: Record) -> None:
        """Open a new span if the term, the role or the status changed."""
        before, after = record.before, record.after
        if not isinstance(before, Host) or not isinstance(after, Host):
            return
        was, now = before.server, after.server
        if (
            was.current_term != now.current_term
            or type(was.role) is not type(now.role)
            or before.status is not after.status
            or (before.unknown ^ after.unknown) & _SEEN_IN_SPANS
        ):
            self._open_span(record.part, record.time_us, after, number)

    def _open_span(self, server: int, start_us: int, host: Host, number: int) -> None:
        role, status = role_code(host.server.role), _STATUS[host.status]
        if host.unknown:
            role = RoleCode.UNKNOWN if "role" in host.unknown else role
            status = StatusCode.UNKNOWN if "status" in host.unknown else status
        self.spans[server].append(start_us, host.server.current_term, role, status, number)

    def _launch(self, flight: Flight, number: int, record: Record) -> None:
        # A flight that was sent before goes on another way: a leg ends and the next begins here.
        since = record.time_us
        if flight.id in self._flying:
            self._close(flight.id, number, since, Fate.SENT_ON)
        kind = kind_of(flight.message, record)
        self.has_clients = self.has_clients or kind is Kind.CLIENT_REQUEST
        due, held = flight.due_us, isinstance(flight, Held)
        row = self._flying[flight.id] = self.legs.append(
            flight.id,
            max(0, flight.source),
            max(0, flight.target),
            kind,
            getattr(flight.message, "term", 0),
            since,
            due,
            flight.arrives_us,
            round(_part(flight, since) * WHOLE_WAY) if flight.sent_us < since else 0,
            number,
            NEVER,
            Fate.FLYING,
            due,
            held,
        )
        if held:
            self.held.append(row)
        else:
            self.longest_us = max(self.longest_us, due - since)

    def _end(self, flight_id: int, number: int, record: Record) -> None:
        event, fate = record.event, Fate.ARRIVED
        if isinstance(event, Lost) or (isinstance(event, Acted) and isinstance(event.act, Drop)):
            untold = isinstance(event, Lost) and event.why == "untold"
            fate = Fate.UNTOLD if untold else Fate.LOST
        elif isinstance(event, Delivered) and event.waits:
            fate = Fate.WAITS
        self._close(flight_id, number, record.time_us, fate)

    def _close(self, flight_id: int, number: int, time_us: int, fate: Fate) -> None:
        row = self._flying.pop(flight_id, None)
        if row is not None:
            self.legs.change(row, "end", time_us)
            self.legs.change(row, "ended", number)
            self.legs.change(row, "fate", fate)

    def cover(self) -> Floats:
        """How much traffic crosses the gap below each lane, summed up over the legs.

        ``cover()[gap, n]`` is the weight of the first ``n`` legs that cross the gap between lane
        ``gap`` and the next: the traffic in any slice is a difference of two values.
        """
        done, size = self._covered, len(self.legs)
        if size >= self._cover.shape[1]:
            roomier = np.zeros((self._cover.shape[0], 2 * size + 1))
            roomier[:, : done + 1] = self._cover[:, : done + 1]
            self._cover = roomier
        if done < size:
            source, target = self.legs.column("source")[done:], self.legs.column("target")[done:]
            low, high = np.minimum(source, target), np.maximum(source, target)
            faint = self.legs.column("kind")[done:] <= Kind.HEARTBEAT_ANSWER
            weight = np.where(faint, _FAINT_WEIGHT, 1.0)
            gaps = np.arange(self._cover.shape[0])[:, None]
            crossing = np.where((low <= gaps) & (gaps < high), weight, 0.0)
            block = np.cumsum(crossing, axis=1) + self._cover[:, done : done + 1]
            self._cover[:, done + 1 : size + 1] = block
            self._covered = size
        return self._cover[:, : size + 1]


def index_of(history: History, branch: Branch, known: dict[int, TimelineIndex]) -> TimelineIndex:
    """The up-to-date index of ``branch``; ``known`` (by branch number) is looked up and filled."""
    index = known.get(branch.number)
    if index is None or index.branch is not branch:
        parent = index_of(history, branch.parent, known) if branch.parent else None
        index = known[branch.number] = TimelineIndex(history, branch, parent)
    else:
        index.extend()
    return index
