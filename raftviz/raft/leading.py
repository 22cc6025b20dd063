"""The leader: taking office, taking commands, counting copies, committing (§5.3, §5.4.2, §8)."""

from functools import lru_cache

import attrs

from raftviz.raft import because as why
from raftviz.raft.appending import Outgoing, send_to
from raftviz.raft.applying import apply_committed
from raftviz.raft.because import Because
from raftviz.raft.cluster import Cluster
from raftviz.raft.inputs import Persisted
from raftviz.raft.log import Entry
from raftviz.raft.messages import (
    AppendEntriesResponse,
    ClientRequest,
    ClientResponse,
    InstallSnapshotResponse,
    NotLeader,
)
from raftviz.raft.server import IDLE, PROBING, Candidate, Flow, Leader, Server
from raftviz.raft.transition import HEARTBEAT, Transition


def take_office(cluster: Cluster, server: Server, because: tuple[Because, ...]) -> Transition:
    """A candidate won: it leads, and sends its first AppendEntries at once (§5.2).

    Its own no-op, if it appends one, goes with them: committing it commits all that came before
    (§5.4.2, §8).
    """
    others = cluster.others(server.id)
    first = cluster.rules.next_index_at_start(server.log)
    log = server.log
    if cluster.rules.begins_with_no_op(cluster.options.no_op):
        log = log.append((Entry(log.last_index + 1, server.current_term),))
    role = Leader(
        next_index=dict.fromkeys(others, first),
        # Its requests for votes left only after its log was on disk, so it may count its own copy.
        match_index=dict.fromkeys(cluster.configuration.members, 0)
        | {server.id: server.log.last_index},
        # Where each follower agrees is not known yet: one append at a time until one succeeds.
        flow=dict.fromkeys(others, PROBING),
        batched=log.last_index,
    )
    server = attrs.evolve(server, role=role, log=log)
    server, messages = send_to(cluster, server, others, heartbeat=True)
    return Transition(server, because, messages, HEARTBEAT)


def send_heartbeats(cluster: Cluster, server: Server) -> Transition:
    """The heartbeat interval elapsed: AppendEntries to everybody, lost entries again (§5.2, §5.3)."""
    answers: Outgoing = ()
    if server.last_applied < server.commit_index:  # a command failed, and is tried again
        server, answers = apply_committed(cluster, server, server.commit_index)
    server = _with_all_batched(server)
    role = server.role
    assert isinstance(role, Leader)
    to = cluster.rules.heartbeat_to(role, cluster.others(server.id))
    server, messages = send_to(cluster, server, to, heartbeat=True)
    because = _heartbeat_because(server.id, server.current_term)
    return Transition(server, because, answers + messages, HEARTBEAT)


@lru_cache(maxsize=256)
def _heartbeat_because(me: int, term: int) -> tuple[Because, ...]:
    """One value for equal reasons: most events of a quiet cluster are heartbeats."""
    return (Because(why.SEND_HEARTBEAT, {"me": me, "term": term}),)


def _with_all_batched(server: Server) -> Server:
    role = server.role
    assert isinstance(role, Leader)
    if role.batched == server.log.last_index:
        return server
    return server.with_role(attrs.evolve(role, batched=server.log.last_index))


def accept_command(cluster: Cluster, server: Server, request: ClientRequest) -> Transition:
    """A client's command: a leader appends it and sends it on; others say who leads (§5.3, §8)."""
    command, role = request.command, server.role
    if not isinstance(role, Leader):
        values = {"me": server.id, "leader": server.leader_id}
        redirect = NotLeader(command.serial, server.leader_id)
        answers: Outgoing = ((command.client, redirect),) if command.client else ()
        return Transition(server, (Because(why.SEND_TO_LEADER, values),), answers)
    index = server.log.last_index + 1
    term = cluster.rules.entry_term(server.current_term, command)
    values = {"me": server.id, "index": index, "term": term}
    log = server.log.append((Entry(index, term, command),))
    answers = ()
    if cluster.rules.may_answer(index, server.commit_index):
        answers = ((command.client, ClientResponse(command.serial, "ok")),)
    if index - role.batched < cluster.options.batch:
        server = server.with_log(log)
        because = (Because(why.GATHER, {**values, "batch": cluster.options.batch}),)
        return Transition(server, because, answers, batch=True)
    role = Leader(role.next_index, role.match_index, role.flow, index)
    server = attrs.evolve(server, log=log, role=role)
    server, messages = send_to(cluster, server, cluster.others(server.id))
    return Transition(server, (Because(why.LEADER_APPENDS, values),), answers + messages)


def send_batch(cluster: Cluster, server: Server) -> Transition:
    """The time to gather is over: send what there is."""
    role = server.role
    if not isinstance(role, Leader) or role.batched == server.log.last_index:
        return Transition(server, (Because(why.NOTHING_GATHERED, {"me": server.id}),))
    values = {"me": server.id, "count": server.log.last_index - role.batched}
    server, messages = send_to(cluster, _with_all_batched(server), cluster.others(server.id))
    return Transition(server, (Because(why.SEND_BATCH, values),), messages)


def note_durable(cluster: Cluster, server: Server, done: Persisted) -> Transition:
    """The server's own disk has what it wrote, so that it counts (§5.2; dissertation §10.2.1).

    That is a candidate's vote for itself, and a leader's copy of its entries.
    """
    because = _durable_because(server.id)
    role = server.role
    if isinstance(role, Candidate) and done.term == server.current_term:
        # Its own vote is on its disk: in a cluster of one that is a majority.
        if cluster.rules.wins_at_once(role.granted, cluster.configuration):
            values = {"me": server.id, "term": server.current_term, "granted": role.granted}
            return take_office(cluster, server, (Because(why.WIN_ELECTION, values),))
        return Transition(server, because)
    if (
        not isinstance(role, Leader)
        # What was written before this term's office may have been replaced since.
        or done.term != server.current_term
        or done.last_index <= role.match_index[server.id]
    ):
        return Transition(server, because)
    match_index = {**role.match_index, server.id: done.last_index}
    server = server.with_role(Leader(role.next_index, match_index, role.flow, role.batched))
    return _commit(cluster, server, because)


@lru_cache(maxsize=256)
def _durable_because(me: int) -> tuple[Because, ...]:
    return (Because(why.ALREADY_DURABLE, {"me": me}),)


@lru_cache(maxsize=4096)
def _nothing_new(me: int, other: int) -> tuple[Because, ...]:
    return (Because(why.NOTHING_NEW, {"me": me, "other": other}),)


def hear_append_answer(
    cluster: Cluster, server: Server, follower: int, response: AppendEntriesResponse
) -> Transition:
    """A follower's answer: count its copy, or go back and try again (§5.3)."""
    role = server.role
    if not isinstance(role, Leader):
        return Transition(server, (Because(why.IGNORE_LATE_ANSWER, {"me": server.id}),))
    if response.success:
        rules = cluster.rules
        match = rules.match_index_after_success(server, role.match_index[follower], response)
        return _count_copy(cluster, server, role, follower, match, response.match_index)
    return _go_back(cluster, server, role, follower, response)


def _count_copy(
    cluster: Cluster, server: Server, role: Leader, follower: int, match: int, answered: int
) -> Transition:
    """``follower`` holds everything up to ``match``; ``answered`` is what it now answered for."""
    known, flow = role.match_index[follower], role.flow[follower]
    following = cluster.rules.next_index_after_success(role.next_index[follower], match)
    oldest = flow.in_flight[0] if flow.in_flight else 0
    nothing_answered = not oldest or answered < oldest
    if match == known and following == role.next_index[follower] and nothing_answered:
        return Transition(server, _nothing_new(server.id, follower))
    left = tuple(last for last in flow.in_flight if last > answered)
    role = Leader(
        {**role.next_index, follower: following},
        {**role.match_index, follower: match} if match != known else role.match_index,
        {**role.flow, follower: Flow(left, answered + 1) if left else IDLE},
        role.batched,
    )
    values = {"me": server.id, "other": follower, "index": match}
    server, messages = send_to(cluster, server.with_role(role), (follower,))
    return _commit(cluster, server, (Because(why.COUNT_COPY, values),), messages)


def _go_back(
    cluster: Cluster, server: Server, role: Leader, follower: int, response: AppendEntriesResponse
) -> Transition:
    known, following = role.match_index[follower], role.next_index[follower]
    if not response.conflict_index:
        # It refused the leader of an earlier term, and so says nothing about this leader's log.
        first = following
    elif cluster.options.skip_terms:
        first = cluster.rules.back_off(server.log, known, response)
    else:
        first = max(known + 1, following - 1)  # one entry at a time, as §5.3 has it first
    if first >= following:
        # A copy, or about an attempt given up since: acting on each would start a chain of
        # messages of its own. The heartbeat repeats whatever is still unanswered.
        return Transition(server, _nothing_new(server.id, follower))
    role = Leader(
        {**role.next_index, follower: first},
        role.match_index,
        {**role.flow, follower: PROBING},
        role.batched,
    )
    server, messages = send_to(cluster, server.with_role(role), (follower,), heartbeat=True)
    values = {"me": server.id, "other": follower, "index": first}
    return Transition(server, (Because(why.BACK_OFF, values),), messages)


def hear_snapshot_answer(
    cluster: Cluster, server: Server, follower: int, response: InstallSnapshotResponse
) -> Transition:
    """A follower has a chunk of the snapshot, or all of it (§7)."""
    role = server.role
    if not isinstance(role, Leader):
        return Transition(server, (Because(why.IGNORE_LATE_ANSWER, {"me": server.id}),))
    index = response.last_included_index
    if response.installed:
        match = max(role.match_index[follower], index)
        return _count_copy(cluster, server, role, follower, match, index)
    flow = role.flow[follower]
    same = index == server.log.snapshot_index
    offset = response.offset if same else 0  # compacted since: another snapshot, from its start
    needed = role.next_index[follower] <= server.log.snapshot_index
    # A copy, or about an older snapshot than the one under way.
    late = flow.in_flight and (flow.in_flight != (index,) or (same and offset == flow.offset))
    if not needed or late:
        return Transition(server, _nothing_new(server.id, follower))
    role = attrs.evolve(role, flow={**role.flow, follower: Flow(offset=offset)})
    server, messages = send_to(cluster, server.with_role(role), (follower,))
    values = {"me": server.id, "other": follower, "offset": offset}
    return Transition(server, (Because(why.NEXT_CHUNK, values),), messages)


def _commit(
    cluster: Cluster, server: Server, because: tuple[Because, ...], messages: Outgoing = ()
) -> Transition:
    role = server.role
    assert isinstance(role, Leader)
    replicated = cluster.rules.replicated_index(role, cluster.configuration)
    commit_index = cluster.rules.leader_commit_index(
        server.log, replicated, server.current_term, server.commit_index
    )
    if commit_index > server.commit_index:
        holders = frozenset(s for s, match in role.match_index.items() if match >= commit_index)
        values = {
            "me": server.id,
            "index": commit_index,
            "term": server.current_term,
            "holders": holders,
        }
        server, answers = apply_committed(cluster, server, commit_index)
        because = (*because, Because(why.LEADER_COMMITS, values))
        return Transition(server, because, messages + answers)
    if replicated > server.commit_index:
        values = {
            "me": server.id,
            "index": replicated,
            "term": server.current_term,
            "entry_term": server.log.term_at(replicated) or 0,
        }
        because = (*because, Because(why.HOLD_COMMIT, values))
    return Transition(server, because, messages)
