"""Servers, logs and inputs, said tersely: a log is written as the terms of its entries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import attrs

from raftviz.raft.algorithm import step
from raftviz.raft.because import Reason
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.inputs import BatchDue, Compact, Received, TimerFired
from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    InstallSnapshotRequest,
    InstallSnapshotResponse,
    Message,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.server import IDLE, Candidate, Flow, Follower, Leader, Role, Server, Snapshot
from raftviz.raft.transition import Transition

THREE = Cluster.of_size(3)
FIVE = Cluster.of_size(5)
PLAIN = Options(no_op=False)

M = TypeVar("M")


def entry(index: int, term: int) -> Entry:
    """An entry as ``Log.of_terms`` makes it, so that equal terms mean equal entries."""
    return Entry(index, term, Command(f"x={index}"))


def entries(first: int, terms: Iterable[int]) -> tuple[Entry, ...]:
    """Entries from index ``first`` on."""
    return tuple(entry(index, term) for index, term in enumerate(terms, first))


def terms(log: Log) -> list[int]:
    """The log as the terms of its entries."""
    return [e.term for e in log]


def server(
    term: int = 1,
    log: Sequence[int] | Log = (),
    role: Role | None = None,
    *,
    me: int = 1,
    voted_for: int = 0,
    commit: int = 0,
) -> Server:
    """A server; a follower unless a role is given."""
    log = log if isinstance(log, Log) else Log.of_terms(*log)
    return Server(me, term, voted_for, log, role or Follower(), commit, commit)


def candidate(term: int = 1, log: Sequence[int] = (), *, me: int = 1) -> Server:
    """A candidate that has its own vote only."""
    return server(term, log, Candidate(frozenset({me})), me=me, voted_for=me)


def leader(
    term: int = 1,
    log: Sequence[int] | Log = (),
    *,
    me: int = 1,
    of: int = 3,
    commit: int = 0,
    match: Mapping[int, int] | None = None,
    next_index: Mapping[int, int] | None = None,
    flow: Mapping[int, Flow] | None = None,
) -> Server:
    """A leader that knows ``match`` (nothing of the others, its own whole log)."""
    others = [other for other in range(1, of + 1) if other != me]
    last = log.last_index if isinstance(log, Log) else len(log)
    known = {**dict.fromkeys(others, 0), me: last, **(match or {})}
    follows = {**dict.fromkeys(others, last + 1), **(next_index or {})}
    role = Leader(follows, known, {**dict.fromkeys(others, IDLE), **(flow or {})}, last)
    return server(term, log, role, me=me, voted_for=me, commit=commit)


def elected(cluster: Cluster, who: Server) -> Transition:
    """``who`` times out and receives everybody's vote."""
    after = fire(cluster, who).server
    for other in cluster.others(who.id):
        vote = RequestVoteResponse(after.current_term, vote_granted=True)
        won = receive(cluster, after, other, vote)
        if isinstance(won.server.role, Leader):
            return won
        after = won.server
    raise AssertionError("everybody's votes are no majority")


def with_snapshot(who: Server, index: int) -> Server:
    """``who`` with a snapshot instead of its log up to ``index``; all before that is applied."""
    at, now = who.replica, who.replica
    for old in who.log.slice(1, max(index, who.commit_index)):
        now = now.apply(old.command)[0] if old.command else now
        at = now if old.index == index else at
    log, known = who.log.compact(index), max(index, who.commit_index)
    return attrs.evolve(
        who,
        log=log,
        snapshot=Snapshot(index, log.snapshot_term, at),
        replica=now,
        commit_index=known,
        last_applied=known,
    )


def chunk(
    term: int,
    included: tuple[int, int],
    offset: int,
    data: str,
    *,
    done: bool = False,
    leader_id: int = 2,
) -> InstallSnapshotRequest:
    """A part of a snapshot up to ``included`` (index, term)."""
    return InstallSnapshotRequest(term, leader_id, *included, offset, data, done)


def stored(
    term: int, index: int, offset: int = 0, *, installed: bool = False
) -> InstallSnapshotResponse:
    """The answer to a chunk of the snapshot up to ``index``."""
    return InstallSnapshotResponse(term, index, offset, installed)


def compact(cluster: Cluster, who: Server, through: int | None = None) -> Transition:
    """``who`` is told to take a snapshot."""
    return step(cluster, who, Compact(through))


def batch_due(cluster: Cluster, who: Server) -> Transition:
    """The time is over for which ``who`` lets commands gather."""
    return step(cluster, who, BatchDue())


def receive(cluster: Cluster, who: Server, sender: int, message: Message) -> Transition:
    """``who`` receives ``message``."""
    return step(cluster, who, Received(sender, message))


def fire(cluster: Cluster, who: Server) -> Transition:
    """The timer of ``who`` runs out."""
    return step(cluster, who, TimerFired())


def append(
    term: int,
    prev: tuple[int, int] = (0, 0),
    new: Iterable[int] = (),
    *,
    leader_id: int = 2,
    commit: int = 0,
) -> AppendEntriesRequest:
    """AppendEntries with entries of the terms ``new`` behind ``prev`` (index, term)."""
    return AppendEntriesRequest(term, leader_id, *prev, entries(prev[0] + 1, new), commit)


def success(term: int, match: int) -> AppendEntriesResponse:
    """An AppendEntries that agreed up to ``match``."""
    return AppendEntriesResponse(term, success=True, match_index=match)


def refusal(term: int, index: int, conflict_term: int = 0) -> AppendEntriesResponse:
    """An AppendEntries that was refused."""
    return AppendEntriesResponse(
        term, success=False, conflict_index=index, conflict_term=conflict_term
    )


def ask_vote(term: int, last: tuple[int, int] = (0, 0), *, sender: int = 2) -> RequestVoteRequest:
    """RequestVote of a candidate whose last entry is ``last`` (index, term)."""
    return RequestVoteRequest(term, sender, *last)


def vote(term: int, *, granted: bool = True) -> RequestVoteResponse:
    """The answer to a RequestVote."""
    return RequestVoteResponse(term, vote_granted=granted)


def request(text: str = "x=1", client: int = -1, serial: int = 1) -> ClientRequest:
    """A client's request."""
    return ClientRequest(Command(text, client, serial))


def sent(transition: Transition, kind: type[M]) -> list[tuple[int, M]]:
    """The messages of one kind, with their receivers."""
    return [(to, message) for to, message in transition.messages if isinstance(message, kind)]


def answer(transition: Transition, kind: type[M]) -> M:
    """The one message sent, which is of this kind."""
    ((_, message),) = transition.messages
    assert isinstance(message, kind)
    return message


def reasons(transition: Transition) -> list[Reason]:
    """Why it happened."""
    return [because.reason for because in transition.because]


def lead(who: Server) -> Leader:
    """The role of a server that must be leader."""
    assert isinstance(who.role, Leader)
    return who.role
