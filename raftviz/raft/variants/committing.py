"""Mistakes in committing: how many copies, of which term, and compared by whom (§5.3, §5.4.2)."""

from raftviz.raft.log import Log
from raftviz.raft.messages import AppendEntriesRequest
from raftviz.raft.quorum import Configuration
from raftviz.raft.server import Leader
from raftviz.raft.variants.variant import breaks


@breaks(
    "commit_index_from",
    "§5.3",
    "A follower commits up to the end of its own log",
    "state_machine_safety",
)
def commit_min_log_len(request: AppendEntriesRequest, log: Log, commit_index: int) -> int:
    """Correct: a follower commits only as far as this request proved its log equal to the leader's.

    Mistake: Figure 2 says "index of last new entry", and the last entry of the log is easily taken
    for it. It is, if the request brought everything; a heartbeat or a small batch does not.

    Falls: State Machine Safety. What an old leader left at the end of the log is applied before
    the new leader comes to replace it.
    """
    return max(commit_index, min(request.leader_commit, log.last_index))


@breaks(
    "replicated_index",
    "§5.2, §5.3",
    "Half of the cluster is enough",
    "commit_quorum",
    safety=False,
)
def even_majority(leader: Leader, configuration: Configuration) -> int:
    """Correct: a majority is more than half: 3 of 4, as it is 3 of 5.

    Mistake: copies are compared with half of the cluster, the leader's own left out of one side or
    rounded away on the other. For 3 and 5 servers, which is what people test, it makes no difference.

    Falls: the meaning of "committed". Two of four servers hold the entry, and if both disks are
    lost it is gone. Elections still take three of four, which always include one of the two, so
    no property of Figure 3 falls.
    """
    match = sorted(leader.match_index.get(voter, 0) for voter in configuration.voters)
    return match[len(match) // 2]


@breaks(
    "leader_commit_index",
    "§5.4.2",
    "Entries of earlier terms are committed by counting",
    "state_machine_safety",
)
def commit_any_term(log: Log, replicated: int, current_term: int, commit_index: int) -> int:  # noqa: ARG001 - has the rule's shape
    """Correct: a leader counts copies only for entries of its own term; older ones follow those.

    Mistake: "stored on a majority" and "committed" sound like the same thing. The condition on the
    term looks like a detail, and it takes five servers and three crashes to see what it is for.

    Falls: State Machine Safety, in the way of Figure 8: an old entry is committed by counting, and
    a leader with a newer term at its end, and without that entry, is elected all the same.
    """
    return max(replicated, commit_index)
