"""What only shows when servers are compared with each other, by name."""

from collections.abc import Iterator, Sequence

from raftviz.checks import properties
from raftviz.lab.exhaustive.past import Past, is_elected, lacks
from raftviz.lab.exhaustive.sites import Outcome, Site, lost_behind
from raftviz.raft.log import Log
from raftviz.raft.quorum import majority
from raftviz.raft.server import Leader, Server


def concerns_others(outcome: Outcome) -> bool:
    """Whether what an input did has to be compared with the other servers."""
    old, new = outcome.before.server, outcome.after.server
    return (
        new.log is not old.log
        or new.commit_index > old.commit_index
        or is_elected(outcome)
        or (isinstance(new.role, Leader) and new.role is not old.role)
        or lost_behind(outcome.before.durable.log, outcome.after.durable.log) >= 0
    )


def judged(sites: Sequence[Site], past: Past, outcome: Outcome) -> Iterator[str]:
    """The properties that fell by ``outcome``, which led to these ``sites`` and this ``past``."""
    old, new = outcome.before.server, outcome.after.server
    commits = new.commit_index > old.commit_index
    if new.log is not old.log and not all(_match(new.log, site.server.log) for site in sites):
        yield properties.LOG_MATCHING.name
    if (is_elected(outcome) or commits) and any(
        isinstance(site.server.role, Leader) and lacks(past, site.server) for site in sites
    ):
        yield properties.LEADER_COMPLETENESS.name
    if commits and isinstance(new.role, Leader) and not _has_quorum(sites, new):
        yield properties.COMMIT_QUORUM.name
    loses = lost_behind(outcome.before.durable.log, outcome.after.durable.log) >= 0
    if loses and not all(_is_kept(sites, index, past) for index in range(len(past.committed))):
        yield properties.COMMITTED_DURABLE.name
    leaders = [site.server for site in sites] if loses else [new]
    if not all(_is_sound(sites, leader) for leader in leaders):
        yield properties.PROGRESS_SOUND.name


def _match(one: Log, other: Log) -> bool:
    """Whether an entry with the same index and term in both means that both are equal up to it."""
    agree = one.agrees_until(other)
    return all(
        one.term_at(index) != other.term_at(index)
        for index in range(agree + 1, min(one.last_index, other.last_index) + 1)
    )


def _holders(sites: Sequence[Site], index: int, term: int) -> int:
    return sum(site.durable.log.term_at(index) == term for site in sites)


def _has_quorum(sites: Sequence[Site], leader: Server) -> bool:
    index = leader.commit_index
    term = leader.log.term_at(index)
    if term is None:
        return True  # it is not even in its log: ``ordering`` says so
    if term != leader.current_term:
        return False
    return _holders(sites, index, term) >= majority(len(sites))


def _is_kept(sites: Sequence[Site], place: int, past: Past) -> bool:
    _, entry = past.committed[place]
    return _holders(sites, entry.index, entry.term) >= majority(len(sites))


def _is_sound(sites: Sequence[Site], leader: Server) -> bool:
    """Whether followers hold on their disks what the leader believes them to hold."""
    role = leader.role
    if not isinstance(role, Leader):
        return True
    for site in sites:
        who, match = site.server.id, role.match_index[site.server.id]
        if who != leader.id and role.next_index[who] <= match:
            return False
        durable = site.durable
        if match and durable.current_term <= leader.current_term:
            terms = leader.log.term_at(match), durable.log.term_at(match)
            if match > durable.log.last_index or (None not in terms and terms[0] != terms[1]):
                return False
    return True
