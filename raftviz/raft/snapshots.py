"""InstallSnapshot: catching up a follower that needs entries which are no longer there (§7)."""

import attrs

from raftviz.raft import because as why
from raftviz.raft.because import Because
from raftviz.raft.cluster import Cluster
from raftviz.raft.log import Log
from raftviz.raft.messages import InstallSnapshotRequest, InstallSnapshotResponse
from raftviz.raft.server import Follower, Incoming, Leader, Server, Snapshot
from raftviz.raft.transition import ELECTION, Transition


def answer_snapshot(
    cluster: Cluster, server: Server, request: InstallSnapshotRequest
) -> Transition:
    """InstallSnapshot RPC, receiver (Figure 13). The caller has seen to a higher term already."""
    leader, term = request.leader_id, server.current_term
    stale = not cluster.rules.accepts_leader(term, request.term)
    if stale or isinstance(server.role, Leader):
        reason = why.REJECT_STALE_LEADER if stale else why.REJECT_SECOND_LEADER
        values = {"me": server.id, "other": leader, "term": term, "their_term": request.term}
        answer = InstallSnapshotResponse(term, request.last_included_index, 0, installed=False)
        return Transition(server, (Because(reason, values),), ((leader, answer),))
    index = request.last_included_index
    values = {"me": server.id, "leader": leader, "index": index}
    if index <= server.commit_index:  # it holds all of that already
        if server.leader_id != leader:
            server = server.with_role(Follower(leader))
        return _answer(server, request, why.SNAPSHOT_KNOWN, values, 0, installed=True)
    incoming = _received(server, request)
    if incoming.last_included_index > index:
        return _answer(server, request, why.OLDER_CHUNK, values, 0, installed=False)
    if request.done and len(incoming.text) == request.offset + len(request.data):
        server = _installed(cluster, server, request, incoming)
        return _answer(server, request, why.INSTALL, values, len(incoming.text), installed=True)
    server = server.with_role(Follower(leader, incoming))
    values = {**values, "offset": len(incoming.text)}
    return _answer(server, request, why.STORE_CHUNK, values, len(incoming.text), installed=False)


def _received(server: Server, request: InstallSnapshotRequest) -> Incoming:
    """What has come of this snapshot: chunks are joined in order, others change nothing.

    A later snapshot takes the place of an earlier one (Figure 13), and is not given up for it.
    """
    role = server.role
    incoming = role.incoming if isinstance(role, Follower) else None
    if incoming is not None and incoming.last_included_index > request.last_included_index:
        return incoming
    same = (request.last_included_index, request.last_included_term)
    if incoming is None or same != (incoming.last_included_index, incoming.last_included_term):
        incoming = Incoming(*same)
    if request.offset == len(incoming.text):
        incoming = attrs.evolve(incoming, text=incoming.text + request.data)
    return incoming


def _installed(
    cluster: Cluster, server: Server, request: InstallSnapshotRequest, incoming: Incoming
) -> Server:
    """The server with the leader's state, and what follows it in its own log if that agrees."""
    index, term = request.last_included_index, request.last_included_term
    replica = cluster.options.blank.loaded(incoming.text)
    if cluster.rules.retains_suffix(server.log, index, term):
        log = server.log.compact(index)
    else:
        log = Log(snapshot_index=index, snapshot_term=term)
    return attrs.evolve(
        server,
        role=Follower(request.leader_id),
        log=log,
        commit_index=index,
        last_applied=index,
        replica=replica,
        snapshot=Snapshot(index, term, replica),
    )


def _answer(
    server: Server,
    request: InstallSnapshotRequest,
    reason: why.Reason,
    values: dict[str, int],
    offset: int,
    *,
    installed: bool,
) -> Transition:
    answer = InstallSnapshotResponse(
        server.current_term, request.last_included_index, offset, installed
    )
    # The current leader was heard: a new election timeout, as for AppendEntries.
    return Transition(server, (Because(reason, values),), ((request.leader_id, answer),), ELECTION)
