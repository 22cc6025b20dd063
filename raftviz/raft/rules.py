"""Every decision of the algorithm that a person could get wrong, as one small named rule.

The algorithm asks its rules through a ``Rules`` value and never asks whether one of them was
replaced. Each conjunct has its comment, because each is there for a reason of its own.
"""

from collections.abc import Callable, Collection

from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.machine import Replica
from raftviz.raft.messages import AppendEntriesRequest, AppendEntriesResponse
from raftviz.raft.quorum import Configuration, is_quorum, quorum_index
from raftviz.raft.server import Leader, Persistent, Server
from raftviz.raft.transition import ELECTION, KEEP, Timer
from raftviz.raft.values import value


def accepts_term(current_term: int, message_term: int) -> bool:
    """A request for a vote, or an answer, from an earlier term is out of date (§5.1)."""
    return message_term >= current_term


def accepts_leader(current_term: int, leader_term: int) -> bool:
    """A leader of an earlier term is deposed: what it sends has no effect (§5.1)."""
    return leader_term >= current_term


def vote_in_term(voted_for: int, current_term: int, new_term: int) -> int:
    """The vote that holds in ``new_term``: none yet in a new term (Figure 2, voted_for)."""
    return voted_for if new_term == current_term else 0


def may_vote(voted_for: int, candidate_id: int) -> bool:
    """At most one vote a term, first come first served; the same answer when asked again (§5.2)."""
    return voted_for in (0, candidate_id)


def timer_for_election() -> Timer:
    """Each election begins with a timeout drawn anew, so that a split vote does not repeat (§5.2)."""
    return ELECTION


def whom_to_ask(others: tuple[int, ...], answered: frozenset[int]) -> tuple[int, ...]:
    """A candidate asks everybody at once, before any answer: who is silent delays nobody (§5.2)."""
    return () if answered else others


def timer_after_vote_request(granted: bool) -> Timer:  # noqa: FBT001 - the answer that was given
    """Granting a vote begins a new election timeout, and refusing one does not (Figure 2, Followers).

    The only other thing that does is a message of the current leader.
    """
    return ELECTION if granted else KEEP


def last_log(log: Log) -> tuple[int, int]:
    """Index and term of the last entry, as a candidate states them (§5.4.1)."""
    return log.last_index, log.last_term


def log_is_up_to_date(log: Log, last_log_index: int, last_log_term: int) -> bool:
    """The election restriction: the later last term wins, then the longer log (§5.4.1)."""
    return (last_log_term, last_log_index) >= (log.last_term, log.last_index)


def quorum(voters: Collection[int], configuration: Configuration) -> bool:
    """More than half of the whole cluster, counting servers and not answers (§5.2)."""
    return is_quorum(voters, configuration)


def next_index_at_start(log: Log) -> int:
    """A new leader first supposes that everybody agrees with its whole log (§5.3)."""
    return log.last_index + 1


def begins_with_no_op(wanted: bool) -> bool:  # noqa: FBT001 - the cluster's choice
    """A new leader appends an entry of its own term at once, if the cluster wants that (§5.4.2, §8).

    Committing it commits all that earlier leaders left.
    """
    return wanted


def heartbeat_to(leader: Leader, others: tuple[int, ...]) -> tuple[int, ...]:  # noqa: ARG001 - a variant asks it
    """Heartbeats go to everybody at once: no follower waits for another one's answer (§5.2, §5.5)."""
    return others


def entry_term(current_term: int, command: Command) -> int:  # noqa: ARG001 - a variant asks it
    """A leader labels new entries with its own current term, whoever asked (§5.3)."""
    return current_term


def entries_match(log: Log, prev_log_index: int, prev_log_term: int) -> bool:
    """The consistency check: the entry before the new ones is here, with the same term (§5.3).

    What lies below the snapshot is committed, and so agrees with every later leader (§7).
    """
    return prev_log_index < log.snapshot_index or log.term_at(prev_log_index) == prev_log_term


def conflict_at(log: Log, index: int, leader_term: int) -> tuple[int, int]:  # noqa: ARG001 - a variant asks it
    """What a refusal tells: the *follower's* term at ``index``, and where that term begins (§5.3, end).

    The leader knows its own term there; what it does not know is the follower's.
    """
    return log.first_index_of_term_at(index), log.term_at(index) or 0


def first_conflict(log: Log, entries: tuple[Entry, ...]) -> int | None:
    """The first index at which the log holds an entry of another term than the one sent (§5.3)."""
    if not entries or entries[0].index > log.last_index:
        return None
    return next(
        (
            entry.index
            for entry in entries
            if log.snapshot_index < entry.index <= log.last_index
            and log.term_at(entry.index) != entry.term
        ),
        None,
    )


def merge_entries(log: Log, entries: tuple[Entry, ...]) -> Log:
    """Delete from the first conflict on, and only there; then append what is missing (§5.3).

    An old or repeated request that the log already contains changes nothing.
    """
    conflict = first_conflict(log, entries)
    if conflict is not None:
        log = log.truncate_from(conflict)
    return log.append(tuple(entry for entry in entries if entry.index > log.last_index))


def keeps_committed(conflict: int | None, commit_index: int) -> bool:
    """Committed entries are never replaced. In Raft it cannot come to this: a safety belt (§5.4)."""
    return conflict is None or conflict > commit_index


def commit_index_from(
    request: AppendEntriesRequest,
    log: Log,  # noqa: ARG001 - a variant asks it
    commit_index: int,
) -> int:
    """A follower commits what the leader has, as far as *this request* proved agreement (§5.3).

    The log may reach further, with entries that nobody compared: they do not count.
    """
    return max(commit_index, min(request.leader_commit, request.last_new_index))


def match_index_after_success(
    server: Server,  # noqa: ARG001 - a variant asks it
    match_index: int,
    response: AppendEntriesResponse,
) -> int:
    """What the answered request proved, and never less than was known (§5.3)."""
    return max(match_index, response.match_index)


def next_index_after_success(next_index: int, match_index: int) -> int:
    """Go on behind what the follower is known to hold (§5.3)."""
    return max(next_index, match_index + 1)


def back_off(log: Log, match_index: int, response: AppendEntriesResponse) -> int:
    """The next index to try after a refusal, skipping a whole term at a time (§5.3, end).

    Behind the leader's own last entry of the conflicting term if it has one, else where the
    follower's entries of that term begin; never at or below what is known to agree, so that a
    refusal which arrives late does no harm.
    """
    own = log.last_index_of_term(response.conflict_term) if response.conflict_term else None
    hint = response.conflict_index if own is None else own + 1
    return max(match_index + 1, min(hint, log.last_index + 1))


def replicated_index(leader: Leader, configuration: Configuration) -> int:
    """The highest index that a majority is known to store (§5.3). 0 when there is nobody."""
    return quorum_index(leader.match_index, configuration) or 0


def leader_commit_index(log: Log, replicated: int, current_term: int, commit_index: int) -> int:
    """What is on a majority is committed, if its last entry is of the leader's own term (§5.4.2).

    Entries of earlier terms are committed only with it: a majority alone does not keep a later
    leader from replacing them (Figure 8).
    """
    if replicated > commit_index and log.term_at(replicated) == current_term:
        return replicated
    return commit_index


def prev_log_term(log: Log, first: int) -> int:
    """The term just before entry ``first``, known at a snapshot's boundary too (§5.3, §7)."""
    term = log.term_at(first - 1)
    if term is None:
        raise ValueError(f"the log of a leader does not reach back to entry {first - 1}")
    return term


def may_answer(index: int, commit_index: int) -> bool:
    """A client is told "done" only of what is committed (§8); it is not when it is appended."""
    return index <= commit_index


def execute(replica: Replica, command: Command) -> tuple[Replica, str]:
    """Execute a command, once for each serial number of its client (§8; dissertation §6.3)."""
    return replica.apply(command)


def applied_after_failure(last_applied: int, index: int) -> int:  # noqa: ARG001 - a variant asks it
    """A command that failed was not applied, so it comes next again (§5.3, last_applied)."""
    return last_applied


def compaction_index(server: Server, through: int | None) -> int:
    """A snapshot is of the state machine, so it reaches no further than what is applied (§7)."""
    return server.last_applied if through is None else min(through, server.last_applied)


def retains_suffix(log: Log, last_included_index: int, last_included_term: int) -> bool:
    """Entries behind a snapshot stay if its last one is in the log, with its term (Figure 13)."""
    return log.term_at(last_included_index) == last_included_term


def recovered(found: Persistent | None) -> Persistent | None:
    """A server starts with what its disk holds, and not at all when that is damaged (Figure 2).

    A blank start would forget a vote and entries that others count on.
    """
    return found


def add_vote(granted: frozenset[int], voter: int, configuration: Configuration) -> frozenset[int]:  # noqa: ARG001 - a variant asks it
    """Votes are a set of voters: the same answer twice is one vote (§5.2)."""
    return granted | {voter}


def wins_at_once(granted: frozenset[int], configuration: Configuration) -> bool:
    """Its own vote may be a majority: a cluster of one needs nobody's answer (§5.2)."""
    return is_quorum(granted, configuration)


def must_persist(before: Server, after: Server) -> bool:
    """Term, vote and log are on disk before anyone hears of them (Figure 2, persistent state)."""
    return (
        after.log is not before.log
        or after.current_term != before.current_term
        or after.voted_for != before.voted_for
        or after.snapshot is not before.snapshot
    )


@value
class Rules:
    """The rules an algorithm follows; a variant is this value with exactly one of them replaced."""

    accepts_term: Callable[[int, int], bool] = accepts_term
    accepts_leader: Callable[[int, int], bool] = accepts_leader
    vote_in_term: Callable[[int, int, int], int] = vote_in_term
    may_vote: Callable[[int, int], bool] = may_vote
    timer_for_election: Callable[[], Timer] = timer_for_election
    whom_to_ask: Callable[[tuple[int, ...], frozenset[int]], tuple[int, ...]] = whom_to_ask
    timer_after_vote_request: Callable[[bool], Timer] = timer_after_vote_request
    last_log: Callable[[Log], tuple[int, int]] = last_log
    log_is_up_to_date: Callable[[Log, int, int], bool] = log_is_up_to_date
    quorum: Callable[[Collection[int], Configuration], bool] = quorum
    add_vote: Callable[[frozenset[int], int, Configuration], frozenset[int]] = add_vote
    wins_at_once: Callable[[frozenset[int], Configuration], bool] = wins_at_once
    next_index_at_start: Callable[[Log], int] = next_index_at_start
    begins_with_no_op: Callable[[bool], bool] = begins_with_no_op
    heartbeat_to: Callable[[Leader, tuple[int, ...]], tuple[int, ...]] = heartbeat_to
    entry_term: Callable[[int, Command], int] = entry_term
    prev_log_term: Callable[[Log, int], int] = prev_log_term
    entries_match: Callable[[Log, int, int], bool] = entries_match
    conflict_at: Callable[[Log, int, int], tuple[int, int]] = conflict_at
    merge_entries: Callable[[Log, tuple[Entry, ...]], Log] = merge_entries
    keeps_committed: Callable[[int | None, int], bool] = keeps_committed
    commit_index_from: Callable[[AppendEntriesRequest, Log, int], int] = commit_index_from
    match_index_after_success: Callable[[Server, int, AppendEntriesResponse], int] = (
        match_index_after_success
    )
    next_index_after_success: Callable[[int, int], int] = next_index_after_success
    back_off: Callable[[Log, int, AppendEntriesResponse], int] = back_off
    replicated_index: Callable[[Leader, Configuration], int] = replicated_index
    leader_commit_index: Callable[[Log, int, int, int], int] = leader_commit_index
    may_answer: Callable[[int, int], bool] = may_answer
    execute: Callable[[Replica, Command], tuple[Replica, str]] = execute
    applied_after_failure: Callable[[int, int], int] = applied_after_failure
    compaction_index: Callable[[Server, int | None], int] = compaction_index
    retains_suffix: Callable[[Log, int, int], bool] = retains_suffix
    must_persist: Callable[[Server, Server], bool] = must_persist
    recovered: Callable[[Persistent | None], Persistent | None] = recovered


RULES = Rules()
"""The rules as the paper has them."""
