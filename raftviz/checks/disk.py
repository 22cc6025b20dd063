"""Properties of what is on disks: what counts as stored is stored, and nobody speaks too soon.

What is on a disk is what a crash leaves now. A disk with a damaged bit counts as holding what was
written to it: its server refuses to start without it, and so joins no majority that lacks it.
"""

from collections.abc import Mapping

from raftviz.checks.ledger import Fact
from raftviz.checks.seen import Broken, Seen, holds
from raftviz.raft.log import Entry, Log
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    InstallSnapshotRequest,
    InstallSnapshotResponse,
    Message,
    RequestVoteRequest,
    RequestVoteResponse,
    message_name,
)
from raftviz.raft.names import name, names
from raftviz.raft.server import Leader, Persistent, Server
from raftviz.sim.host import Host
from raftviz.sim.network import Flight

_NOTHING: Mapping[int, int] = {}


def commit_quorum(seen: Seen) -> Broken | None:
    """A leader commits what a majority has on disk, up to an entry of its own term.

    Whenever a leader raises its commit_index, the entry there is of its current term, and that
    entry is on the disks of a majority of all servers, its own counted only if it is there too.
    By Log Matching, so are all entries before it.
    """
    leader = seen.new
    if not isinstance(leader.role, Leader):
        return None
    index = leader.commit_index
    term = leader.log.term_at(index)
    if term is None:
        return None  # not even in its log: ``ordering`` says so
    if term != leader.current_term:
        return Broken(
            f"{name(leader.id)} leads term {leader.current_term} and committed up to entry "
            f"{index}, which is of term {term}.",
            frozenset({leader.id}),
            _entry_event(seen, index, term),
            index,
        )
    holders = seen.holders(index, term)
    if len(holders) >= seen.majority:
        return None
    return Broken(
        f"{name(leader.id)} committed entry {index}, which is on the disk of {names(holders)} "
        f"alone; a majority are {seen.majority} servers.",
        frozenset({leader.id, *holders}),
        _entry_event(seen, index, term),
        index,
    )


def committed_durable(seen: Seen) -> Broken | None:
    """A committed entry stays on the disks of a majority.

    At all times after an entry was committed, it is on the disks of a majority of all servers,
    crashed ones included. (That it is when it is committed says ``commit_quorum``.) Then any majority has a server that knows of it. Only a disk that loses entries can break this.
    """
    old, new = seen.before.disk.durable.log, seen.after.disk.durable.log
    index = min(seen.ledger.committed(), old.last_index)
    if old is new or old.agrees_until(new) >= index:
        return None
    known = seen.find(("committed", index))
    if known is None:
        return None
    term = _committed_term(known)
    if not holds(old, index, term) or holds(new, index, term):
        return None
    holders = seen.holders(index, term)
    if len(holders) >= seen.majority:
        return None
    me = seen.new.id
    return Broken(
        f"{name(me)} lost entry {index}, which {name(known.server)} knew to be committed: it is "
        f"on the disk of {names(holders)} now, and a majority are {seen.majority} servers.",
        frozenset({me, known.server, *holders}),
        known.event,
        index,
    )


def _committed_term(fact: Fact) -> int:
    assert isinstance(fact.value, tuple)
    entry = fact.value[1]
    assert isinstance(entry, Entry)  # as it was noted
    return entry.term


def progress_sound(seen: Seen) -> Broken | None:
    """What a leader believes a follower to hold is on that follower's disk.

    For every leader and each server f, itself included, whose disk knows no later term than the
    leader's: f has on its disk all entries up to match_index[f], equal to the leader's (or a
    snapshot in their place). And next_index[f] > match_index[f] for all but itself.

    A follower that has noted a later term is exempt: it owes its deposed leader nothing and may
    replace what it once acknowledged.
    """
    leader, role, was = seen.new, seen.new.role, seen.old.role
    if not isinstance(role, Leader):
        return None
    known, following = (
        (was.match_index, was.next_index) if isinstance(was, Leader) else (_NOTHING, _NOTHING)
    )
    if role.match_index is known and role.next_index is following:
        return None
    for follower, match in role.match_index.items():
        next_index = role.next_index.get(follower)
        if match == known.get(follower) and next_index == following.get(follower):
            continue
        if next_index is not None and next_index <= match:
            return Broken(
                f"{name(leader.id)} knows that {name(follower)} holds entry {match} and would "
                f"send it entry {next_index} next.",
                frozenset({leader.id, follower}),
                seen.last_change(leader.id, lambda host: host.server.role),
                match,
            )
        if match and not _lives_up_to(leader, match, seen.ledger.hosts[follower]):
            return _unsound(seen, leader, follower, match, follower)
    return None


def progress_kept(seen: Seen) -> Broken | None:
    """``progress_sound`` where a disk loses entries that a leader may count on."""
    old, new = seen.before.disk.durable.log, seen.after.disk.durable.log
    if old is new:
        return None
    me = seen.new.id
    for host in seen.leaders():
        role = host.server.role
        assert isinstance(role, Leader)  # one of the leaders
        match = role.match_index.get(me, 0)
        if host.server.id != me and match and not _lives_up_to(host.server, match, seen.after):
            return _unsound(seen, host.server, me, match, host.server.id)
    return None


def _lives_up_to(leader: Server, match: int, host: Host) -> bool:
    durable = host.disk.durable
    if "durable" in host.unknown:
        return True
    return durable.current_term > leader.current_term or (
        match <= durable.log.last_index and _agree(leader.log, durable.log, match)
    )


def _agree(one: Log, other: Log, index: int) -> bool:
    """Whether both have the same entry, as far as their snapshots let one see."""
    terms = one.term_at(index), other.term_at(index)
    return None in terms or terms[0] == terms[1]


def _unsound(seen: Seen, leader: Server, follower: int, match: int, other: int) -> Broken:
    return Broken(
        f"{name(leader.id)} believes that {name(follower)} holds everything up to entry {match}, "
        f"but the disk of {name(follower)} does not.",
        frozenset({leader.id, follower}),
        seen.last_change(
            other, lambda host: host.disk.durable if other == follower else host.server
        ),
        match,
    )


def speaks_plainly(durable: Persistent, flights: tuple[Flight, ...]) -> bool:
    """Whether all of these are appends or answers to them, and tell only of what is on the disk.

    Nearly all that is ever sent does, so this must cost little.
    """
    term, last_index = durable.current_term, durable.log.last_index
    said: Message | None = None
    for flight in flights:
        message = flight.message
        if message is said:
            continue
        said = message
        kind = type(message)
        if kind is AppendEntriesResponse:
            if message.term > term or message.match_index > last_index:  # type: ignore[union-attr]
                return False
        elif kind is not AppendEntriesRequest or message.term > term:  # type: ignore[union-attr]
            return False
    return True


def durable_before_reply(seen: Seen) -> Broken | None:
    """A server tells others only of what is on its disk.

    Whenever a message between servers leaves, this is on its sender's disk: a term no earlier
    than the message's; the vote it tells of, if that is for the term on the disk; and, if it
    acknowledges entries in the term on the disk, a log that reaches as far.

    What it tells of an earlier term than the disk's is superseded: the later term on the disk
    keeps it from being taken back. The entries that a leader sends need not be on its own disk
    (dissertation §10.2.1), and chunks of a snapshot are counted on only once it is complete.
    """
    durable = seen.after.disk.durable
    for flight in seen.flights:
        early = _too_early(flight, durable)
        if early:
            me = seen.new.id
            target = f" to {name(flight.target)}" if flight.target > 0 else ""
            return Broken(
                f"{name(me)} sends {message_name(flight.message)}{target}, which tells of {early} "
                "before it is on its disk.",
                frozenset({me} | ({flight.target} if flight.target > 0 else set())),
                seen.last_change(me, lambda host: host.disk.durable),
                getattr(flight.message, "match_index", 0),
                key=early,
            )
    return None


def _too_early(flight: Flight, durable: Persistent) -> str:  # noqa: PLR0911 - a case a message
    message, term = flight.message, durable.current_term
    if not isinstance(message, _BETWEEN_SERVERS) or message.term < term:
        return ""
    if message.term > term:
        return f"term {message.term}"
    match message:
        case RequestVoteRequest(candidate_id=me) if durable.voted_for != me:
            return f"its vote for itself in term {term}"
        case RequestVoteResponse(vote_granted=True) if durable.voted_for != flight.target:
            return f"its vote for {name(flight.target)} in term {term}"
        case AppendEntriesResponse(success=True, match_index=index):
            return f"entry {index}" if index > durable.log.last_index else ""
        case InstallSnapshotResponse(installed=True, last_included_index=index):
            return f"entry {index}" if index > durable.log.last_index else ""
    return ""


_BETWEEN_SERVERS = (
    RequestVoteRequest
    | RequestVoteResponse
    | AppendEntriesRequest
    | AppendEntriesResponse
    | InstallSnapshotRequest
    | InstallSnapshotResponse
)


def _entry_event(seen: Seen, index: int, term: int) -> int:
    """When the entry first stood in a log; -1 when it was there from the start."""
    known = seen.find(("entry", index, term))
    return -1 if known is None or known.event >= seen.number else known.event
