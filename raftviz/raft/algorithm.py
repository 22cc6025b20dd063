"""The door to the algorithm: one function from (cluster, server, input) to a transition."""

import attrs

from raftviz.raft import because as why
from raftviz.raft.because import Because
from raftviz.raft.cluster import Cluster
from raftviz.raft.election import answer_vote_request, count_vote, start_election
from raftviz.raft.inputs import Input, Received, TimerFired
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    ClientResponse,
    NotLeader,
    RequestVoteRequest,
    ServerMessage,
)
from raftviz.raft.replication import (
    accept_command,
    answer_append,
    hear_append_answer,
    note_durable,
    send_heartbeats,
    step_down,
)
from raftviz.raft.server import Leader, Server
from raftviz.raft.transition import Timer, Transition


def step(cluster: Cluster, server: Server, happened: Input) -> Transition:
    """What ``happened`` does to ``server``. Pure: equal arguments give equal transitions.

    Raises TypeError for a message that only clients receive.
    """
    if isinstance(happened, Received):
        transition = _receive(cluster, server, happened)
    elif isinstance(happened, TimerFired):
        act = send_heartbeats if isinstance(server.role, Leader) else start_election
        transition = act(cluster, server)
    else:
        transition = note_durable(cluster, server, happened)
    after = transition.server
    if after is not server and cluster.rules.must_persist(server, after):
        return Transition(
            after,
            transition.because,
            transition.messages,
            transition.timer,
            after.persistent,
        )
    return transition


def _receive(cluster: Cluster, server: Server, received: Received) -> Transition:
    message, sender = received.message, received.sender
    if isinstance(message, ClientRequest):
        return accept_command(cluster, server, message)
    if isinstance(message, ClientResponse | NotLeader):
        raise TypeError(f"a server does not receive {type(message).__name__}")
    if message.term > server.current_term:  # §5.1, Figure 2: Rules for Servers, All Servers
        stepped = step_down(cluster, server, sender, message.term)
        then = _handle(cluster, stepped.server, sender, message)
        timer = stepped.timer if then.timer is Timer.KEEP else then.timer
        return attrs.evolve(then, because=stepped.because + then.because, timer=timer)
    return _handle(cluster, server, sender, message)


def _handle(cluster: Cluster, server: Server, sender: int, message: ServerMessage) -> Transition:
    if isinstance(message, AppendEntriesRequest):
        return answer_append(cluster, server, message)
    if isinstance(message, RequestVoteRequest):
        return answer_vote_request(cluster, server, message)
    if not cluster.rules.accepts_term(server.current_term, message.term):
        values = {"me": server.id, "term": server.current_term, "their_term": message.term}
        return Transition(server, (Because(why.IGNORE_STALE_RESPONSE, values),))
    if isinstance(message, AppendEntriesResponse):
        return hear_append_answer(cluster, server, sender, message)
    return count_vote(cluster, server, sender, message)
