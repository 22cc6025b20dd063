"""Log replication and commitment (§5.3, §5.4.2), and what a client is told (§8)."""

import attrs

from raftviz.raft import because as why
from raftviz.raft.because import Because
from raftviz.raft.cluster import Cluster
from raftviz.raft.inputs import Persisted
from raftviz.raft.log import Entry
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    ClientResponse,
    Message,
    NotLeader,
)
from raftviz.raft.names import Address
from raftviz.raft.rules import first_conflict
from raftviz.raft.server import Follower, Leader, Server
from raftviz.raft.transition import Timer, Transition

Outgoing = tuple[tuple[Address, Message], ...]


# The leader


def take_office(cluster: Cluster, server: Server, because: tuple[Because, ...]) -> Transition:
    """A candidate won: it leads, and sends its first AppendEntries at once (§5.2).

    Its own no-op, if it appends one, goes with them: committing it commits all that came before
    (§5.4.2, §8).
    """
    others = cluster.others(server.id)
    first = cluster.rules.next_index_at_start(server.log)
    log = server.log
    if cluster.options.no_op:
        log = log.append((Entry(log.last_index + 1, server.current_term),))
    role = Leader(
        next_index=dict.fromkeys(others, first),
        # Its requests for votes left only after its log was on disk, so it may count its own copy.
        match_index=dict.fromkeys(cluster.configuration.members, 0)
        | {server.id: server.log.last_index},
        in_flight=dict.fromkeys(others, 0),
    )
    server = attrs.evolve(server, role=role, log=log)
    server, messages = _send_entries(server, others, heartbeat=True)
    return Transition(server, because, messages, Timer.HEARTBEAT)


def send_heartbeats(cluster: Cluster, server: Server) -> Transition:
    """The heartbeat interval elapsed: AppendEntries to everybody, lost entries again (§5.2, §5.3)."""
    server, messages = _send_entries(server, cluster.others(server.id), heartbeat=True)
    values = {"me": server.id, "term": server.current_term}
    return Transition(server, (Because(why.SEND_HEARTBEAT, values),), messages, Timer.HEARTBEAT)


def _send_entries(
    server: Server, followers: tuple[int, ...], *, heartbeat: bool = False
) -> tuple[Server, Outgoing]:
    """AppendEntries from each follower's ``next_index`` on.

    While an append is unanswered the next one waits, until a heartbeat repeats it: retrying is
    safe because AppendEntries is idempotent (§5.3, §5.5).
    """
    role, log = server.role, server.log
    assert isinstance(role, Leader)
    messages: list[tuple[Address, Message]] = []
    in_flight: dict[int, int] | None = None
    bare: dict[int, AppendEntriesRequest] = {}  # heartbeats to equal followers are one value
    for follower in followers:
        first = role.next_index[follower]
        missing = first <= log.last_index
        if not heartbeat and (not missing or role.in_flight[follower]):
            continue
        if missing:
            request = _request(server, first)
            in_flight = in_flight if in_flight is not None else dict(role.in_flight)
            in_flight[follower] = log.last_index
        elif (known := bare.get(first)) is not None:
            request = known
        else:
            request = bare[first] = _request(server, first)
        messages.append((follower, request))
    if in_flight is not None and in_flight != role.in_flight:
        server = server.with_role(Leader(role.next_index, role.match_index, in_flight))
    return server, tuple(messages)


def _request(server: Server, first: int) -> AppendEntriesRequest:
    log = server.log
    prev_log_term = log.term_at(first - 1)
    assert prev_log_term is not None  # next_index never passes the log's end
    return AppendEntriesRequest(
        server.current_term,
        server.id,
        first - 1,
        prev_log_term,
        log.slice(first, log.last_index) if first <= log.last_index else (),
        server.commit_index,
    )


def accept_command(cluster: Cluster, server: Server, request: ClientRequest) -> Transition:
    """A client's command: a leader appends it and sends it on; others say who leads (§5.3, §8)."""
    command = request.command
    if not isinstance(server.role, Leader):
        values = {"me": server.id, "leader": server.leader_id}
        redirect = NotLeader(command.serial, server.leader_id)
        answers = ((command.client, redirect),) if command.client else ()
        return Transition(server, (Because(why.SEND_TO_LEADER, values),), answers)
    index = server.log.last_index + 1
    entry = Entry(index, cluster.rules.entry_term(server.current_term), command)
    server = server.with_log(server.log.append((entry,)))
    server, messages = _send_entries(server, cluster.others(server.id))
    values = {"me": server.id, "index": index, "term": entry.term}
    return Transition(server, (Because(why.LEADER_APPENDS, values),), messages)


def note_durable(cluster: Cluster, server: Server, done: Persisted) -> Transition:
    """The server's own disk has its entries: a leader now counts itself (dissertation §10.2.1)."""
    because = (Because(why.ALREADY_DURABLE, {"me": server.id}),)
    role = server.role
    if (
        not isinstance(role, Leader)
        # What was written before this term's office may have been replaced since.
        or done.term != server.current_term
        or done.last_index <= role.match_index[server.id]
    ):
        return Transition(server, because)
    match_index = {**role.match_index, server.id: done.last_index}
    server = server.with_role(Leader(role.next_index, match_index, role.in_flight))
    return _commit(cluster, server, because)


def hear_append_answer(
    cluster: Cluster, server: Server, follower: int, response: AppendEntriesResponse
) -> Transition:
    """A follower's answer: count its copy, or go back and try again (§5.3)."""
    if not isinstance(server.role, Leader):
        return Transition(server, (Because(why.IGNORE_LATE_ANSWER, {"me": server.id}),))
    if response.success:
        return _count_copy(cluster, server, server.role, follower, response)
    return _go_back(cluster, server, server.role, follower, response)


def _count_copy(
    cluster: Cluster, server: Server, role: Leader, follower: int, response: AppendEntriesResponse
) -> Transition:
    rules = cluster.rules
    match = rules.match_index_after_success(role.match_index[follower], response)
    following = rules.next_index_after_success(role.next_index[follower], match)
    answered = response.match_index >= role.in_flight[follower]
    values = {"me": server.id, "other": follower, "index": match}
    if match == role.match_index[follower] and following == role.next_index[follower]:
        nothing_new = (Because(why.NOTHING_NEW, values),)
        if not (answered and role.in_flight[follower]):
            return Transition(server, nothing_new)
    because = (Because(why.COUNT_COPY, values),)
    role = Leader(
        {**role.next_index, follower: following},
        {**role.match_index, follower: match},
        {**role.in_flight, follower: 0} if answered else role.in_flight,
    )
    server = server.with_role(role)
    server, messages = _send_entries(server, (follower,))
    return _commit(cluster, server, because, messages)


def _go_back(
    cluster: Cluster, server: Server, role: Leader, follower: int, response: AppendEntriesResponse
) -> Transition:
    first = cluster.rules.back_off(server.log, role.match_index[follower], response)
    if first >= role.next_index[follower]:
        # A copy, or about an attempt given up since: acting on each would start a chain of
        # messages of its own. The heartbeat repeats whatever is still unanswered.
        values = {"me": server.id, "other": follower}
        return Transition(server, (Because(why.NOTHING_NEW, values),))
    role = attrs.evolve(
        role,
        next_index={**role.next_index, follower: first},
        in_flight={**role.in_flight, follower: 0},
    )
    server = server.with_role(role)
    server, messages = _send_entries(server, (follower,), heartbeat=True)
    values = {"me": server.id, "other": follower, "index": first}
    return Transition(server, (Because(why.BACK_OFF, values),), messages)


def _commit(
    cluster: Cluster, server: Server, because: tuple[Because, ...], messages: Outgoing = ()
) -> Transition:
    role = server.role
    assert isinstance(role, Leader)
    replicated = cluster.rules.replicated_index(role.match_index, cluster.configuration)
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
        server, answers = apply_committed(server, commit_index)
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


# The follower


def answer_append(cluster: Cluster, server: Server, request: AppendEntriesRequest) -> Transition:
    """AppendEntries RPC, receiver (Figure 2). The caller has seen to a higher term already."""
    rules, leader = cluster.rules, request.leader_id
    if not rules.accepts_term(server.current_term, request.term):
        return _reject_leader(server, request, why.REJECT_STALE_LEADER)
    if isinstance(server.role, Leader):
        return _reject_leader(server, request, why.REJECT_SECOND_LEADER)
    because: tuple[Because, ...] = ()
    if server.leader_id != leader:
        because = (Because(why.FOLLOW_LEADER, _told(server, request)),)
        server = server.with_role(Follower(leader))
    if not rules.entries_match(server.log, request.prev_log_index, request.prev_log_term):
        return _reject_entries(server, request, because)
    conflict = first_conflict(server.log, request.entries)
    if not rules.keeps_committed(conflict, server.commit_index):
        values = {"me": server.id, "index": conflict}
        answer = AppendEntriesResponse(
            server.current_term, success=False, conflict_index=server.commit_index + 1
        )
        because = (*because, Because(why.REJECT_COMMITTED, values))
        return Transition(server, because, ((leader, answer),), Timer.ELECTION)
    server, stored = _store(cluster, server, request, conflict)
    because += stored
    answers: Outgoing = ()
    commit_index = rules.commit_index_from(request, server.commit_index)
    if commit_index > server.commit_index:
        server, answers = apply_committed(server, commit_index)
        values = {"me": server.id, "leader": leader, "index": commit_index}
        because = (*because, Because(why.FOLLOWER_COMMITS, values))
    answer = AppendEntriesResponse(
        server.current_term, success=True, match_index=request.last_new_index
    )
    if not because:
        because = (Because(why.HEAR_HEARTBEAT, _told(server, request)),)
    # The current leader was heard: a new election timeout (Figure 2, Followers).
    return Transition(server, because, (*answers, (leader, answer)), Timer.ELECTION)


def _told(server: Server, request: AppendEntriesRequest) -> dict[str, object]:
    return {"me": server.id, "leader": request.leader_id, "term": server.current_term}


def _store(
    cluster: Cluster, server: Server, request: AppendEntriesRequest, conflict: int | None
) -> tuple[Server, tuple[Because, ...]]:
    log = cluster.rules.merge_entries(server.log, request.entries) if request.entries else None
    if log is None or log is server.log:
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
    server: Server, request: AppendEntriesRequest, because: tuple[Because, ...]
) -> Transition:
    log, index = server.log, request.prev_log_index
    term = log.term_at(index)
    values: dict[str, object] = {"me": server.id, "leader": request.leader_id, "index": index}
    if term is None:
        values["last_index"] = log.last_index
        conflict_index, conflict_term, reason = log.last_index + 1, 0, why.REJECT_MISSING
    else:
        values |= {"my_term": term, "their_term": request.prev_log_term}
        conflict_index, conflict_term = log.first_index_of_term_at(index), term
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
        Timer.ELECTION,
    )


# Both


def apply_committed(server: Server, commit_index: int) -> tuple[Server, Outgoing]:
    """Apply the entries up to ``commit_index`` in order, each once (§5.3).

    A leader answers each client whose command it applied: only now is it told "done" (§8).
    """
    machine, answers = server.machine, []
    leads = isinstance(server.role, Leader)
    for entry in server.log.slice(server.last_applied + 1, commit_index):
        command = entry.command
        if command is None:
            continue
        machine, result = machine.apply(command)
        if leads and command.client:
            answers.append((command.client, ClientResponse(command.serial, result)))
    return server.with_applied(commit_index, machine), tuple(answers)


def step_down(cluster: Cluster, server: Server, sender: Address, term: int) -> Transition:
    """A message from a higher term: take that term over, as a follower with no vote cast (§5.1)."""
    # A leader has no election timeout running; a candidate's or follower's simply goes on.
    timer = Timer.ELECTION if isinstance(server.role, Leader) else Timer.KEEP
    values = {"me": server.id, "other": sender, "term": term}
    server = attrs.evolve(
        server,
        current_term=term,
        voted_for=cluster.rules.vote_in_term(server.voted_for, server.current_term, term),
        role=Follower(),
    )
    return Transition(server, (Because(why.STEP_DOWN, values),), timer=timer)
