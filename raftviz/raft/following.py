"""The follower: agreeing with the leader's log, and stepping down to it (§5.1, §5.3)."""

from functools import lru_cache

import attrs

from raftviz.raft import because as why
from raftviz.raft.appending import Outgoing
from raftviz.raft.applying import apply_committed
from raftviz.raft.because import Because
from raftviz.raft.cluster import Cluster
from raftviz.raft.messages import AppendEntriesRequest, AppendEntriesResponse
from raftviz.raft.names import Address
from raftviz.raft.rules import first_conflict
from raftviz.raft.server import Follower, Leader, Server
from raftviz.raft.transition import ELECTION, KEEP, Transition


def answer_append(cluster: Cluster, server: Server, request: AppendEntriesRequest) -> Transition:
    """AppendEntries RPC, receiver (Figure 2). The caller has seen to a higher term already."""
    rules, leader = cluster.rules, request.leader_id
    if not rules.accepts_leader(server.current_term, request.term):
        return _reject_leader(server, request, why.REJECT_STALE_LEADER)
    if isinstance(server.role, Leader):
        return _reject_leader(server, request, why.REJECT_SECOND_LEADER)
    because: tuple[Because, ...] = ()
    if server.leader_id != leader:
        because = (Because(why.FOLLOW_LEADER, _told(server, request)),)
        server = _followed(cluster, server, leader)
    if not rules.entries_match(server.log, request.prev_log_index, request.prev_log_term):
        return _reject_entries(cluster, server, request, because)
    if request.entries:
        conflict = first_conflict(server.log, request.entries)
        if not rules.keeps_committed(conflict, server.commit_index):
            values = {"me": server.id, "index": conflict}
            answer = AppendEntriesResponse(
                server.current_term, success=False, conflict_index=server.commit_index + 1
            )
            because = (*because, Because(why.REJECT_COMMITTED, values))
            return Transition(server, because, ((leader, answer),), ELECTION)
        server, stored = _store(cluster, server, request, conflict)
        because += stored
    answers: Outgoing = ()
    commit_index = rules.commit_index_from(request, server.log, server.commit_index)
    if commit_index > server.last_applied:
        if commit_index > server.commit_index:
            values = {"me": server.id, "leader": leader, "index": commit_index}
            because = (*because, Because(why.FOLLOWER_COMMITS, values))
        server, answers = apply_committed(cluster, server, commit_index)
    answer = _acknowledgement(server.current_term, request.last_new_index)
    because = because or _heard(server.id, leader, server.current_term)
    # The current leader was heard: a new election timeout (Figure 2, Followers).
    return Transition(server, because, (*answers, (leader, answer)), ELECTION)


def _followed(cluster: Cluster, server: Server, leader: int) -> Server:
    """The server as follower of the leader of its own term: its vote in this term stands (§5.2)."""
    term = server.current_term
    vote = cluster.rules.vote_in_term(server.voted_for, term, term)
    if vote != server.voted_for:
        server = attrs.evolve(server, voted_for=vote)
    return server.with_role(Follower(leader))


@lru_cache(maxsize=4096)
def _acknowledgement(term: int, match_index: int) -> AppendEntriesResponse:
    """One value for equal answers, of which heartbeats bring many."""
    return AppendEntriesResponse(term, success=True, match_index=match_index)


@lru_cache(maxsize=4096)
def _heard(me: int, leader: int, term: int) -> tuple[Because, ...]:
    return (Because(why.HEAR_HEARTBEAT, {"me": me, "leader": leader, "term": term}),)


def _told(server: Server, request: AppendEntriesRequest) -> dict[str, object]:
    return {"me": server.id, "leader": request.leader_id, "term": server.current_term}


def _store(
    cluster: Cluster, server: Server, request: AppendEntriesRequest, conflict: int | None
) -> tuple[Server, tuple[Because, ...]]:
    log = cluster.rules.merge_entries(server.log, request.entries)
    if log is server.log:
        return server, ()
    values = {"me": server.id, "leader": request.leader_id, "index": request.last_new_index}
    reason = why.STORE_ENTRIES
    if conflict is not None:
        values["conflict"] = conflict
        reason = why.REPLACE_ENTRIES
    return server.with_log(log), (Because(reason, values),)


def _reject_leader(server: Server, request: AppendEntriesRequest, reason: why.Reason) -> Transition:
    values = {
        "me": server.id,
        "other": request.leader_id,
        "term": server.current_term,
        "their_term": request.term,
    }
    answer = AppendEntriesResponse(server.current_term, success=False)
    return Transition(server, (Because(reason, values),), ((request.leader_id, answer),))


def _reject_entries(
    cluster: Cluster,
    server: Server,
    request: AppendEntriesRequest,
    because: tuple[Because, ...],
) -> Transition:
    log, index = server.log, request.prev_log_index
    term = log.term_at(index)
    values: dict[str, object] = {"me": server.id, "leader": request.leader_id, "index": index}
    if term is None:
        values["last_index"] = log.last_index
        conflict_index, conflict_term, reason = log.last_index + 1, 0, why.REJECT_MISSING
    else:
        values |= {"my_term": term, "their_term": request.prev_log_term}
        conflict_index, conflict_term = cluster.rules.conflict_at(log, index, request.prev_log_term)
        reason = why.REJECT_MISMATCH
    answer = AppendEntriesResponse(
        server.current_term,
        success=False,
        conflict_index=conflict_index,
        conflict_term=conflict_term,
    )
    return Transition(
        server,
        (*because, Because(reason, values)),
        ((request.leader_id, answer),),
        ELECTION,
    )


def step_down(cluster: Cluster, server: Server, sender: Address, term: int) -> Transition:
    """A message from a higher term: take that term over, as a follower with no vote cast (§5.1)."""
    # A leader has no election timeout running; a candidate's or follower's simply goes on.
    timer = ELECTION if isinstance(server.role, Leader) else KEEP
    values = {"me": server.id, "other": sender, "term": term}
    server = attrs.evolve(
        server,
        current_term=term,
        voted_for=cluster.rules.vote_in_term(server.voted_for, server.current_term, term),
        role=Follower(),
    )
    return Transition(server, (Because(why.STEP_DOWN, values),), timer=timer)
