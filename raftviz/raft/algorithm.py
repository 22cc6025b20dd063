"""The door to the algorithm: one function from (cluster, server, input) to a transition."""

import attrs

from raftviz.raft import because as why
from raftviz.raft.applying import compact
from raftviz.raft.because import Because
from raftviz.raft.cluster import Cluster
from raftviz.raft.election import answer_vote_request, count_vote, start_election
from raftviz.raft.following import answer_append, step_down
from raftviz.raft.inputs import BatchDue, Input, Persisted, Received, TimerFired
from raftviz.raft.leading import (
    accept_command,
    hear_append_answer,
    hear_snapshot_answer,
    note_durable,
    send_batch,
    send_heartbeats,
)
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    ClientResponse,
    InstallSnapshotRequest,
    InstallSnapshotResponse,
    Message,
    NotLeader,
    RequestVoteRequest,
    ServerMessage,
)
from raftviz.raft.names import Address
from raftviz.raft.server import Leader, Server
from raftviz.raft.snapshots import answer_snapshot
from raftviz.raft.transition import KEEP, Transition

_FOR_CLIENTS = (ClientResponse, NotLeader)


def step(cluster: Cluster, server: Server, happened: Input) -> Transition:
    """What ``happened`` does to ``server``. Pure: equal arguments give equal transitions.

    Raises TypeError for a message that only clients receive.
    """
    if isinstance(happened, Received):
        return receive(cluster, server, happened.sender, happened.message)
    if isinstance(happened, TimerFired):
        act = send_heartbeats if isinstance(server.role, Leader) else start_election
        transition = act(cluster, server)
    elif isinstance(happened, Persisted):
        transition = note_durable(cluster, server, happened)
    elif isinstance(happened, BatchDue):
        transition = send_batch(cluster, server)
    else:
        transition = compact(cluster, server, happened.through)
    return transition if transition.server is server else _finished(cluster, server, transition)


def _finished(cluster: Cluster, before: Server, transition: Transition) -> Transition:
    """What every change of a server brings with it: compaction when it is due, persistence."""
    after, because = transition.server, transition.because
    every = cluster.options.snapshot_every
    if every and after.last_applied - after.log.snapshot_index >= every:
        compaction = compact(cluster, after, None)
        after, because = compaction.server, because + compaction.because
    persists = cluster.rules.must_persist(before, after)
    if not persists and after is transition.server:
        return transition
    return Transition(
        after,
        because,
        transition.messages,
        transition.timer,
        after.persistent if persists else None,
        transition.batch,
    )


def receive(cluster: Cluster, server: Server, sender: Address, message: Message) -> Transition:
    """``step`` for a message that arrived, without a ``Received`` around it.

    Raises TypeError for a message that only clients receive.
    """
    transition = _received(cluster, server, sender, message)
    return transition if transition.server is server else _finished(cluster, server, transition)


def _received(cluster: Cluster, server: Server, sender: Address, message: Message) -> Transition:
    if isinstance(message, ClientRequest):
        return accept_command(cluster, server, message)
    if isinstance(message, _FOR_CLIENTS):
        raise TypeError(f"a server does not receive {type(message).__name__}")
    if message.term > server.current_term:  # §5.1, Figure 2: Rules for Servers, All Servers
        stepped = step_down(cluster, server, sender, message.term)
        then = _handle(cluster, stepped.server, sender, message)
        timer = stepped.timer if then.timer is KEEP else then.timer
        return attrs.evolve(then, because=stepped.because + then.because, timer=timer)
    return _handle(cluster, server, sender, message)


def _handle(  # noqa: PLR0911 - a line a message
    cluster: Cluster, server: Server, sender: int, message: ServerMessage
) -> Transition:
    """What a message of no later term does; the most frequent ones first."""
    if isinstance(message, AppendEntriesRequest):
        return answer_append(cluster, server, message)
    if isinstance(message, RequestVoteRequest):
        return answer_vote_request(cluster, server, message)
    if isinstance(message, InstallSnapshotRequest):
        return answer_snapshot(cluster, server, message)
    if not cluster.rules.accepts_term(server.current_term, message.term):
        values = {"me": server.id, "term": server.current_term, "their_term": message.term}
        return Transition(server, (Because(why.IGNORE_STALE_RESPONSE, values),))
    if isinstance(message, AppendEntriesResponse):
        return hear_append_answer(cluster, server, sender, message)
    if isinstance(message, InstallSnapshotResponse):
        return hear_snapshot_answer(cluster, server, sender, message)
    return count_vote(cluster, server, sender, message)
