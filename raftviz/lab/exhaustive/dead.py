"""Answers that can never again change anything at the server they are for, not even after a crash.

Requests are none of these: each can still be answered with the news of a later term.
"""

from raftviz.lab.exhaustive.sites import Site
from raftviz.raft.messages import AppendEntriesResponse, Message, RequestVoteResponse
from raftviz.raft.rules import RULES, Rules
from raftviz.raft.server import Candidate, Follower, Leader


def is_dead(rules: Rules, site: Site, source: int, message: Message) -> bool:
    """Whether this message from ``source`` can do nothing at ``site`` any more.

    Where a rule is broken that this counts on, no message is said to be dead.
    """
    if not isinstance(message, RequestVoteResponse | AppendEntriesResponse):
        return False
    if rules.accepts_term is not RULES.accepts_term:
        return False
    term = min(site.server.current_term, site.durable.current_term)  # a crash goes back to the disk
    if message.term != term:
        return message.term < term
    if isinstance(message, RequestVoteResponse):
        return _is_vote_counted(rules, site, source, message)
    return _is_append_counted(rules, site, source, message)


def _is_vote_counted(rules: Rules, site: Site, source: int, message: RequestVoteResponse) -> bool:
    """In the same term: nobody asks for votes any more, or this one makes no difference."""
    role = site.server.role
    if not isinstance(role, Candidate):
        return True
    if not message.vote_granted:
        return rules.whom_to_ask is RULES.whom_to_ask
    return source in role.granted and rules.add_vote is RULES.add_vote


def _is_append_counted(
    rules: Rules, site: Site, source: int, message: AppendEntriesResponse
) -> bool:
    """In the same term: nobody leads here any more, or no less is known already."""
    role = site.server.role
    if isinstance(role, Follower):
        return True
    if not message.success:
        return not message.conflict_index
    if not isinstance(role, Leader):
        return False
    in_flight = role.flow[source].in_flight
    return (
        rules.match_index_after_success is RULES.match_index_after_success
        and rules.next_index_after_success is RULES.next_index_after_success
        and rules.back_off is RULES.back_off
        and message.match_index <= role.match_index[source]
        and message.match_index < role.next_index[source]
        and (not in_flight or in_flight[0] > message.match_index)
    )
