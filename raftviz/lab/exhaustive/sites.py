"""One server on its own: what happens to it, and what comes of that.

A disk takes no time here, as with ``disk=0`` in a cluster of ours: what must be on disk before a message
leaves is there in the same event. That is no restriction. A crash before the write is a crash before
whatever caused it; a crash behind it, but before the messages leave, is their loss.
"""

from raftviz.raft.algorithm import step
from raftviz.raft.because import Reason
from raftviz.raft.cluster import Cluster
from raftviz.raft.inputs import Input, Persisted
from raftviz.raft.log import Log
from raftviz.raft.machine import Replica
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    Message,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.names import Address
from raftviz.raft.rules import RULES
from raftviz.raft.server import (
    Candidate,
    Flow,
    Follower,
    Leader,
    Persistent,
    Role,
    Server,
    restarted,
)
from raftviz.raft.values import value

Sent = tuple[tuple[Address, Message], ...]
Told = tuple[tuple[int, int], ...]
Names = tuple[int, ...]
"""Which server takes whose place: ``names[server]``; ``names[0]`` is 0, for nobody."""


@value
class Site:
    """A server and its disk.

    ``told`` are votes, (term, candidate), that others know of and that the disk could forget: none
    where all is as it should be.
    """

    server: Server
    durable: Persistent
    told: Told = ()


@value
class Outcome:
    """What an input did to a site. ``reasons`` are the rules that it followed."""

    before: Site
    after: Site
    sent: Sent
    reasons: tuple[Reason, ...] = ()


def fresh(cluster: Cluster, server: int) -> Site:
    """A server at its very first start."""
    return Site(restarted(server, Persistent(), cluster.options.blank), Persistent())


def after_input(cluster: Cluster, site: Site, happened: Input) -> Outcome:
    """What ``happened`` does to a running server and its disk. Raises what the algorithm raises."""
    transition = step(cluster, site.server, happened)
    server, sent = transition.server, transition.messages
    reasons = tuple(because.reason for because in transition.because)
    durable, written = site.durable, transition.persist
    while written is not None:
        durable = written
        if isinstance(server.role, Follower):
            break
        heard = step(cluster, server, Persisted(durable.current_term, durable.log.last_index))
        if heard.server is server:
            break
        server, written = heard.server, heard.persist
        sent += heard.messages
        reasons += tuple(because.reason for because in heard.because)
    if cluster.rules.whom_to_ask is RULES.whom_to_ask:
        server = _without_refusals(server)
    after = Site(server, durable, _told(cluster, site, durable, sent))
    return Outcome(site, after, sent, reasons)


def after_crash(cluster: Cluster, site: Site, found: Persistent) -> Outcome:
    """A crash and the start after it, with what is ``found`` on the disk.

    A server that is down is one that hears and does nothing.
    """
    server = restarted(site.server.id, found, cluster.options.blank)
    return Outcome(site, Site(server, found, _still_told(cluster, site.told, found)), ())


def _without_refusals(server: Server) -> Server:
    """Without what is only there to be shown: who refused a vote decides nothing."""
    role = server.role
    if isinstance(role, Candidate) and role.refused:
        return server.with_role(Candidate(role.granted))
    return server


def votes_in(me: int, sent: Sent) -> Told:
    """The votes that messages tell of: (term, candidate)."""
    return tuple(
        (message.term, me if isinstance(message, RequestVoteRequest) else target)
        for target, message in sent
        if isinstance(message, RequestVoteRequest)
        or (isinstance(message, RequestVoteResponse) and message.vote_granted)
    )


def _told(cluster: Cluster, site: Site, durable: Persistent, sent: Sent) -> Told:
    known = dict(site.told)
    for term, candidate in votes_in(site.server.id, sent):
        known.setdefault(term, candidate)
    return _still_told(cluster, tuple(sorted(known.items())), durable)


def _still_told(cluster: Cluster, told: Told, durable: Persistent) -> Told:
    """Without the votes that the disk keeps from being taken back, if no disk is ever forgotten."""
    if not told or cluster.rules.recovered is not RULES.recovered:
        return told
    return tuple(
        (term, candidate)
        for term, candidate in told
        if term > durable.current_term
        or (term == durable.current_term and durable.voted_for != candidate)
    )


# Under other names


def renamed(site: Site, names: Names) -> Site:
    """The site as it would be if the servers had other names."""
    server, durable = site.server, site.durable
    other = Server(
        names[server.id],
        server.current_term,
        names[server.voted_for],
        server.log,
        _renamed_role(server.role, names),
        server.commit_index,
        server.last_applied,
        server.replica,
        server.snapshot,
    )
    disk = Persistent(durable.current_term, names[durable.voted_for], durable.log, durable.snapshot)
    told = tuple((term, names[candidate]) for term, candidate in site.told)
    return Site(other, disk, told)


def _renamed_role(role: Role, names: Names) -> Role:
    if isinstance(role, Follower):
        return Follower(names[role.leader_id], role.incoming)
    if isinstance(role, Candidate):
        return Candidate(frozenset(names[s] for s in role.granted))
    return Leader(
        {names[s]: index for s, index in role.next_index.items()},
        {names[s]: index for s, index in role.match_index.items()},
        {names[s]: flow for s, flow in role.flow.items()},
        role.batched,
    )


def renamed_message(message: Message, names: Names) -> Message:
    """A message between servers as it would be if they had other names."""
    if isinstance(message, RequestVoteRequest):
        return RequestVoteRequest(
            message.term,
            names[message.candidate_id],
            message.last_log_index,
            message.last_log_term,
        )
    if isinstance(message, AppendEntriesRequest):
        return AppendEntriesRequest(
            message.term,
            names[message.leader_id],
            message.prev_log_index,
            message.prev_log_term,
            message.entries,
            message.leader_commit,
        )
    assert isinstance(message, RequestVoteResponse | AppendEntriesResponse)  # they name nobody
    return message


# As keys


def key_of(site: Site) -> tuple[object, ...]:
    """What tells one site from another: equal for equal ones, and quick to look up."""
    server, durable = site.server, site.durable
    return (
        server.id,
        server.current_term,
        server.voted_for,
        server.log,
        _role_key(server.role),
        server.commit_index,
        server.last_applied,
        _replica_key(server.replica),
        durable.current_term,
        durable.voted_for,
        durable.log,
        site.told,
    )


def shape_of(site: Site) -> tuple[object, ...]:
    """What is the same under all names: sites of different shapes never take each other's place."""
    server, durable = site.server, site.durable
    me = server.id
    role = server.role
    shown: tuple[object, ...]
    if isinstance(role, Leader):
        others = sorted(
            (role.match_index[s], role.next_index[s], _flow_key(role.flow[s])) for s in role.flow
        )
        shown = (*others, role.match_index[me], role.batched)
    elif isinstance(role, Candidate):
        shown = (len(role.granted),)
    else:
        shown = (bool(role.leader_id),)
    return (
        server.current_term,
        _whom(server.voted_for, me),
        server.log,
        type(role),
        shown,
        server.commit_index,
        server.last_applied,
        _replica_key(server.replica),
        durable.current_term,
        _whom(durable.voted_for, me),
        durable.log,
        tuple((term, _whom(candidate, me)) for term, candidate in site.told),
    )


def _whom(server: int, me: int) -> int:
    return server and 1 + (server != me)


def _role_key(role: Role) -> tuple[object, ...]:
    if isinstance(role, Follower):
        return (role.leader_id,)
    if isinstance(role, Candidate):
        return ("candidate", role.granted)
    return (
        "leader",
        tuple(sorted(role.next_index.items())),
        tuple(sorted(role.match_index.items())),
        tuple((s, _flow_key(flow)) for s, flow in sorted(role.flow.items())),
        role.batched,
    )


def _flow_key(flow: Flow) -> tuple[object, ...]:
    return flow.in_flight, flow.start, flow.overdue, flow.probing, flow.offset


def _replica_key(replica: Replica) -> tuple[object, ...]:
    return tuple(replica.values.items()), tuple(replica.sessions.items()), replica.fails


def lost_behind(old: Log, new: Log) -> int:
    """The last index up to which nothing of ``old`` is lost in ``new``; -1: nothing is lost."""
    kept = old.agrees_until(new)
    return kept if kept < old.last_index else -1
