"""What a leader sends to its followers, and when (§5.3, §7; dissertation §10.2.1).

Followers are independent of each other. To each at most ``pipeline`` appends are under way; what
is not answered by the second heartbeat counts as lost and is sent again, which is safe because
AppendEntries and InstallSnapshot are idempotent (§5.5).
"""

from functools import lru_cache

import attrs

from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.messages import AppendEntriesRequest, InstallSnapshotRequest, Message
from raftviz.raft.names import Address
from raftviz.raft.server import Flow, Leader, Server

Outgoing = tuple[tuple[Address, Message], ...]


def send_to(
    cluster: Cluster, server: Server, followers: tuple[int, ...], *, heartbeat: bool = False
) -> tuple[Server, Outgoing]:
    """Whatever each of ``followers`` lacks and may be sent now; a heartbeat if nothing else."""
    role = server.role
    assert isinstance(role, Leader)
    messages: list[tuple[Address, Message]] = []
    next_index, flow = role.next_index, role.flow
    for follower in followers:
        first, under_way = role.next_index[follower], role.flow[follower]
        if heartbeat and under_way.in_flight:
            first, under_way = _look_for_losses(first, under_way)
        sent = len(messages)
        if first <= server.log.snapshot_index:
            under_way = _send_snapshot(
                cluster.options, server, follower, under_way, messages, heartbeat=heartbeat
            )
        else:
            first, under_way = _send_appends(cluster, server, follower, first, under_way, messages)
            if heartbeat and len(messages) == sent:
                messages.append((follower, _request(cluster, server, first, first - 1)))
        if first != role.next_index[follower]:
            next_index = {**next_index, follower: first}
        if under_way is not role.flow[follower]:
            flow = {**flow, follower: under_way}
    if next_index is not role.next_index or flow is not role.flow:
        server = server.with_role(Leader(next_index, role.match_index, flow, role.batched))
    return server, tuple(messages)


def _look_for_losses(first: int, under_way: Flow) -> tuple[int, Flow]:
    """At a heartbeat: what was unanswered at the last one, and still is, is sent again."""
    oldest = under_way.in_flight[0]
    if under_way.overdue != oldest:
        return first, attrs.evolve(under_way, overdue=oldest)
    # Whatever ran ahead of the lost append is of no use without it: go back to where it began.
    back = under_way.start or first
    return min(first, back), Flow(probing=under_way.probing, offset=under_way.offset)


def _send_appends(
    cluster: Cluster,
    server: Server,
    follower: int,
    first: int,
    under_way: Flow,
    messages: list[tuple[Address, Message]],
) -> tuple[int, Flow]:
    """AppendEntries from ``first`` on, as many as may be under way."""
    role, options = server.role, cluster.options
    assert isinstance(role, Leader)
    runs_ahead = options.pipeline > 1 and not under_way.probing
    window = options.pipeline if runs_ahead else 1
    in_flight = under_way.in_flight
    start = under_way.start if in_flight else first
    while first <= role.batched and len(in_flight) < window:
        last = min(role.batched, first + options.max_entries - 1)
        messages.append((follower, _request(cluster, server, first, last)))
        in_flight = (*in_flight, last)
        if runs_ahead:  # supposing that it will arrive
            first = last + 1
    if in_flight is not under_way.in_flight:
        under_way = Flow(in_flight, start, under_way.overdue, under_way.probing, under_way.offset)
    return first, under_way


def _request(cluster: Cluster, server: Server, first: int, last: int) -> AppendEntriesRequest:
    log = server.log
    prev_log_term = cluster.rules.prev_log_term(log, first)
    if last < first:
        return _heartbeat(
            server.current_term, server.id, first - 1, prev_log_term, server.commit_index
        )
    return AppendEntriesRequest(
        server.current_term,
        server.id,
        first - 1,
        prev_log_term,
        log.slice(first, last),
        server.commit_index,
    )


@lru_cache(maxsize=256)
def _heartbeat(
    term: int, leader: int, prev_log_index: int, prev_log_term: int, commit_index: int
) -> AppendEntriesRequest:
    """One value for equal heartbeats, of which a quiet cluster sends little else."""
    return AppendEntriesRequest(term, leader, prev_log_index, prev_log_term, (), commit_index)


def _send_snapshot(
    options: Options,
    server: Server,
    follower: int,
    under_way: Flow,
    messages: list[tuple[Address, Message]],
    *,
    heartbeat: bool,
) -> Flow:
    """The chunk of the snapshot that the follower lacks; a heartbeat repeats it (§7)."""
    snapshot = server.snapshot
    if snapshot is None:  # entries leave the log only for a snapshot
        raise ValueError("next_index lies below the first entry, and there is no snapshot")
    if under_way.in_flight and not heartbeat:
        return under_way
    text = snapshot.replica.dumped()
    another = under_way.in_flight not in ((), (snapshot.last_included_index,))
    offset = 0 if another else min(under_way.offset, len(text))
    data = text[offset : offset + options.chunk]
    request = InstallSnapshotRequest(
        server.current_term,
        server.id,
        snapshot.last_included_index,
        snapshot.last_included_term,
        offset,
        data,
        offset + len(data) >= len(text),
    )
    messages.append((follower, request))
    return Flow((snapshot.last_included_index,), probing=under_way.probing, offset=offset)
