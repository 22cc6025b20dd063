"""What an input broke that one server can break alone: properties of a step, by name.

These are the properties of ``raftviz.checks`` in terms of one site before and after. What it takes others
to see is in ``past`` and ``judging``.
"""

from collections.abc import Iterator

from raftviz.checks import properties
from raftviz.checks.properties import Property
from raftviz.lab.exhaustive.sites import Outcome, Site, Told, votes_in
from raftviz.raft.cluster import Cluster
from raftviz.raft.machine import Replica
from raftviz.raft.messages import AppendEntriesResponse, ClientResponse, NotLeader
from raftviz.raft.server import Leader, Persistent


def breaches(cluster: Cluster, outcome: Outcome, *, crashed: bool = False) -> tuple[str, ...]:
    """The names of the properties that fell, without the others having a part in it."""
    found = [
        broken
        for broken, fell in (
            (properties.VOTE_ONCE, _votes_twice(outcome, crashed=crashed)),
            (properties.TERM_MONOTONIC, _goes_back(outcome, crashed=crashed)),
            (properties.DURABLE_BEFORE_REPLY, any(_too_early(outcome))),
        )
        if fell
    ]
    if not crashed:
        found += _while_running(cluster, outcome)
    return tuple(broken.name for broken in found)


def _while_running(cluster: Cluster, outcome: Outcome) -> Iterator[Property]:
    old, new = outcome.before.server, outcome.after.server
    if new.log is not old.log and isinstance(old.role, Leader) and isinstance(new.role, Leader):
        same_term = old.current_term == new.current_term
        if same_term and old.log.agrees_until(new.log) < old.log.last_index:
            yield properties.LEADER_APPEND_ONLY
    if new.commit_index < old.commit_index:
        yield properties.COMMIT_MONOTONIC
    if not _in_order(outcome.after):
        yield properties.ORDERING
    applied = new.replica is not old.replica or new.last_applied != old.last_applied
    back = new.last_applied < old.last_applied
    if back or (applied and not _is_what_it_applied(cluster, outcome.after)):
        yield properties.APPLIED_CONTIGUOUS


def _in_order(site: Site) -> bool:
    server, log = site.server, site.server.log
    terms = [entry.term for entry in log]
    return (
        log.snapshot_index <= server.last_applied <= server.commit_index <= log.last_index
        and log.last_term <= server.current_term
        and terms == sorted(terms)
    )


def _is_what_it_applied(cluster: Cluster, site: Site) -> bool:
    """Whether a state machine is what its entries lead to. Nothing is compacted here."""
    replica: Replica = cluster.options.blank
    for entry in site.server.log.slice(1, site.server.last_applied):
        if entry.command is not None:
            replica, _ = replica.apply(entry.command)
    return replica == site.server.replica


def _goes_back(outcome: Outcome, *, crashed: bool) -> bool:
    before, after = outcome.before, outcome.after
    was = before.durable.current_term
    if not crashed:
        if after.server.current_term < before.server.current_term:
            return True
    elif after.server.current_term < was:
        return True
    return after.durable.current_term < was


def _votes_twice(outcome: Outcome, *, crashed: bool) -> bool:
    before, after = outcome.before, outcome.after
    old, new = before.server, after.server
    same_term = old.current_term == new.current_term and not crashed
    if same_term and old.voted_for not in (0, new.voted_for):
        return True
    known = dict(before.told)
    noted = before.durable
    if noted.voted_for:
        known.setdefault(noted.current_term, noted.voted_for)
    votes: Told = votes_in(new.id, outcome.sent)
    if after.durable.voted_for:
        votes += ((after.durable.current_term, after.durable.voted_for),)
    return any(known.setdefault(term, candidate) != candidate for term, candidate in votes)


def _too_early(outcome: Outcome) -> Iterator[bool]:
    """For each message whether it tells of something that is not on the disk."""
    durable: Persistent = outcome.after.durable
    term = durable.current_term
    told = dict(votes_in(outcome.after.server.id, outcome.sent))
    yield any(
        of > term or (of == term and durable.voted_for != candidate)
        for of, candidate in told.items()
    )
    for _, message in outcome.sent:
        if isinstance(message, ClientResponse | NotLeader):
            continue
        yield message.term > term  # type: ignore[union-attr]
        if isinstance(message, AppendEntriesResponse) and message.success:
            yield message.term == term and message.match_index > durable.log.last_index
