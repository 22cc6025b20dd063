"""One record under the eyes of the checks: what it changed, and what was known before."""

from collections.abc import Callable, Hashable, Sequence
from enum import IntEnum

from raftviz.checks.ledger import Fact, Ledger
from raftviz.raft.log import Entry, Log
from raftviz.raft.machine import Replica
from raftviz.raft.quorum import majority
from raftviz.raft.server import Leader
from raftviz.raft.values import value
from raftviz.sim.history import Record
from raftviz.sim.host import Host, Status
from raftviz.sim.network import Flight
from raftviz.sim.partly import UNTOLD

STATE = frozenset({"machine", "language", "last_applied", "log"})
"""What must be known of a server to say whether its state is what its entries lead to."""


class On(IntEnum):
    """What a record can change; a check is asked only about changes that can break its property."""

    LOG = 0
    """Its log is another one: longer, shorter or compacted."""
    LOST = 1
    """Its log, in memory or on disk, is without entries that it had."""
    ELECTED = 2
    COMMITTED = 3
    """It knows more to be committed."""
    APPLIED = 4
    MISAPPLIED = 5
    """What it has applied is not what others have, or is less than it was."""
    SNAPSHOT = 6
    PROGRESS = 7
    """What a leader believes its followers to hold."""
    MARKS = 8
    """How far its log reaches, or is committed, applied or compacted; or its term."""
    VOTE = 9
    """Its term or its vote, in memory or on disk."""
    SENT = 10
    """It sent something else than heartbeats, appends and answers to what is on its disk."""
    STOPPED = 11
    """It does not run any more."""


@value
class Broken:
    """How a property broke. ``key`` tells it from other breaches by the same servers."""

    explanation: str
    servers: frozenset[int]
    earlier: int = -1
    index: int = 0
    key: Hashable = 0


Check = Callable[["Seen"], Broken | None]
"""Looks at a record and says how a property broke, if it did. Its docstring defines the property."""


class Seen:
    """A record that changed a host: ``before`` and ``after`` it, and the ledger of its branch."""

    __slots__ = (
        "after",
        "before",
        "conflict",
        "contradicted",
        "kept",
        "ledger",
        "new",
        "number",
        "old",
        "record",
        "replayed",
        "runs",
        "unknown",
    )

    def __init__(
        self, ledger: Ledger, number: int, record: Record, before: Host, after: Host
    ) -> None:
        self.ledger = ledger
        self.number = number
        self.record = record
        self.before = before
        self.after = after
        self.old = before.server
        self.new = after.server
        self.unknown = after.unknown
        self.runs = before.status is not Status.CRASHED and after.status is not Status.CRASHED
        """Whether the server ran before and after: it neither crashed nor started."""
        self.kept = 0
        """Up to where the logs before and after are equal, when the log changed."""
        self.conflict: Fact | None = None
        """The entry that was applied before where another one is applied now."""
        self.replayed: Fact | None = None
        """The state that the applied entries lead to, when something was applied."""
        self.contradicted = False
        """Whether the server's state is another one since this record."""

    def first(self, key: Hashable, value: Hashable) -> Fact | None:
        """Note what this server shows now, unless a fact with this key is known; that one, then."""
        return self.ledger.first(key, value, self.new.id, self.number)

    def find(self, key: Hashable) -> Fact | None:
        """What is known."""
        return self.ledger.find(key)

    @property
    def flights(self) -> tuple[Flight, ...]:
        """What the server sent now, as far as all of it is known."""
        sender = self.after.server.id
        return tuple(f for f in self.record.flights if f.source == sender and not f.unknown)

    @property
    def majority(self) -> int:
        """How many servers are more than half."""
        return majority(len(self.ledger.hosts))

    def leaders(self) -> list[Host]:
        """Whoever is known to lead, or to believe so, just now."""
        return [
            host
            for host in self.ledger.hosts.values()
            if host.status is not Status.CRASHED
            and isinstance(host.server.role, Leader)
            and not host.unknown & _OF_LEADERS
        ]

    def holders(self, index: int, term: int) -> list[int]:
        """On whose disk the entry with this index and term is, or a snapshot that reaches it.

        It may be on any disk of which nothing is known.
        """
        return [
            server
            for server, host in self.ledger.hosts.items()
            if holds(host.disk.durable.log, index, term) or "durable" in host.unknown
        ]

    def last_change(self, server: int, value: Callable[[Host], object]) -> int:
        """The event since which ``value`` of a server is as it was before this record; -1: always.

        Looks back in the history. Only for what is broken: then somebody wants to know.
        """
        branch, at = self.ledger.branch, self.number
        while (number := branch.last_change(server, at)) is not None:
            record = branch[number]
            before, after = record.before, record.after
            assert isinstance(before, Host)
            assert isinstance(after, Host)
            if value(before) != value(after):
                return number
            at = number
        return -1


_OF_LEADERS = frozenset({"role", "current_term", "log"})


def holds(log: Log, index: int, term: int) -> bool:
    """Whether a log has this entry, or a snapshot in its place."""
    return index < log.snapshot_index or log.term_at(index) == term


def note_start(ledger: Ledger, hosts: Sequence[Host], event: int) -> None:
    """What a history starts from is taken as it is, so that what comes later can contradict it."""
    committed = 0
    for host in hosts:
        server, log = host.server, host.server.log
        previous = log.snapshot_term
        for entry in log:
            key = ("entry", entry.index, entry.term)
            ledger.first(key, (previous, entry.command), server.id, event)
            previous = entry.term
        for entry in log.recall(1, server.commit_index):
            note_committed(ledger, entry, server.current_term, server.id, event)
        committed = max(committed, server.commit_index)
        for index, term, replica in () if host.unknown & STATE else _states(host):
            ledger.first(("replica", index, term), replica, server.id, event)
    if committed:
        ledger.note_commit(committed, event)


def _states(host: Host) -> list[tuple[int, int, Replica]]:
    server = host.server
    states = [(server.last_applied, server.log.term_at(server.last_applied) or 0, server.replica)]
    if (snapshot := server.snapshot) is not None:
        states.append((snapshot.last_included_index, snapshot.last_included_term, snapshot.replica))
    return states


def note_committed(ledger: Ledger, entry: Entry, term: int, server: int, event: int) -> None:
    """Note that somebody knew in ``term`` that this entry is committed."""
    ledger.first(("committed", entry.index), (term, entry), server, event)
    command = entry.command
    if command is not None and command.client:
        key = ("command", command.client, command.serial)
        ledger.first(key, entry.index, server, event)


def note_commits(seen: Seen) -> None:
    """Note what this server is the first to know to be committed."""
    new, ledger = seen.new, seen.ledger
    known = max(seen.old.commit_index, ledger.committed())
    if new.commit_index > known:
        entries = new.log.recall(known + 1, new.commit_index)
        if seen.unknown and (not entries or entries[0].index > known + 1):
            return  # which entries these are, somebody else may tell
        for entry in entries:
            note_committed(ledger, entry, new.current_term, new.id, seen.number)
        ledger.note_commit(new.commit_index, seen.number)


def note_replay(seen: Seen) -> None:
    """Keep what the applied entries lead to, one state for each of them, from the state before.

    The states hang on index and term of the last entry: with Log Matching, these stand for all
    that came before.
    """
    old, new = seen.old, seen.new
    index = new.last_applied
    term = new.log.term_at(index)
    if term is None:
        return
    seen.replayed = seen.find(("replica", index, term))
    if seen.replayed is None:
        _replay(seen)
    known = seen.replayed
    if known is not None and not same_state(new.replica, known.value):
        # Once a server's state is wrong it stays so: that is one breach, not one an entry.
        before = seen.find(("replica", old.last_applied, old.log.term_at(old.last_applied)))
        seen.contradicted = before is None or same_state(old.replica, before.value)


def _replay(seen: Seen) -> None:
    start, log = seen.old.last_applied, seen.new.log
    if not seen.runs or start >= seen.new.last_applied:
        return
    entries = log.recall(start + 1, seen.new.last_applied)
    if not entries or entries[0].index != start + 1:
        return  # it took over a snapshot of what nobody has applied
    if any(entry.command is UNTOLD for entry in entries):
        return
    term = seen.old.log.term_at(start)
    known = seen.find(("replica", start, term))
    replica = known.value if known is not None else seen.old.replica
    assert isinstance(replica, Replica)
    if replica.fails:
        replica = Replica(replica.machine, replica.sessions)
    for entry in entries:
        command = entry.command
        if command is not None:
            replica, _ = replica.apply(command)
        known = seen.first(("replica", entry.index, entry.term), replica)
        if known is not None:
            assert isinstance(known.value, Replica)
            replica = known.value
    seen.replayed = seen.find(("replica", seen.new.last_applied, entries[-1].term))


def same_state(one: Replica, other: object) -> bool:
    """Whether two replicas hold the same values and have answered the same."""
    return one is other or (
        isinstance(other, Replica)
        and one.machine == other.machine
        and one.sessions == other.sessions
    )
