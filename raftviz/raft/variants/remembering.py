"""Mistakes in what is kept, on the disk and in snapshots (Figure 2, persistent state; §7)."""

from raftviz.raft.log import Log
from raftviz.raft.rules import RULES
from raftviz.raft.server import Leader, Persistent, Server
from raftviz.raft.variants.variant import breaks


@breaks(
    "must_persist",
    "Figure 2, §5.2",
    "Term and vote are not written before the answer",
    "election_safety",
)
def vote_not_persisted(before: Server, after: Server) -> bool:
    """Correct: term and vote are on disk before a vote is sent or asked for.

    Mistake: saving is tied to the log, and called where entries are appended. An election appends
    nothing, and a vote is one small number, so it is forgotten.

    Falls: Election Safety. A server that votes, crashes and comes back votes again in the same
    term, and two candidates have a majority.
    """
    return after.log is not before.log or after.snapshot is not before.snapshot


@breaks(
    "must_persist",
    "Figure 2, §5.3",
    "A follower acknowledges before its log is on disk",
    "leader_completeness",
)
def log_not_persisted(before: Server, after: Server) -> bool:
    """Correct: a follower answers "stored" only when the entries are on its disk.

    Mistake: the write is slow, and it is left to the operating system or to a later moment. The
    answer says that the entries arrived, and the leader takes it to mean that they stay.

    Falls: Leader Completeness. The leader commits by a copy that existed in memory only; the
    follower crashes, forgets, and helps to elect a leader without the entry.
    """
    only_the_log = (before.current_term, before.voted_for, before.snapshot) == (
        after.current_term,
        after.voted_for,
        after.snapshot,
    )
    if only_the_log and not isinstance(after.role, Leader):
        return False
    return RULES.must_persist(before, after)


@breaks(
    "recovered",
    "Figure 2, §5.2, §5.4",
    "A damaged disk counts as an empty one",
    "leader_completeness",
)
def corrupt_state_ignored(found: Persistent | None) -> Persistent | None:
    """Correct: a server whose disk is damaged does not start; somebody has to look at it.

    Mistake: the error of reading is handled like a missing file, "so this is the first start", or
    replaced by a default. The server comes up, empty, under the name of one who voted and stored.

    Falls: Leader Completeness. It may vote twice in a term, and it votes for a candidate that
    lacks what it had itself acknowledged.
    """
    return found or Persistent()


@breaks(
    "compaction_index",
    "§7",
    "A snapshot reaches beyond what is applied",
    "ordering",
)
def compact_uncommitted(server: Server, through: int | None) -> int:
    """Correct: a snapshot is of the state machine, so it ends at the last applied entry.

    Mistake: a log that can compact itself is written without knowing what is committed, and drops
    whatever index it is told to.

    Falls: the order snapshot ≤ applied ≤ commit, and the state with it: an entry that nobody
    committed is gone from the log, cannot be replaced any more, and was never executed.
    """
    last_index = server.log.last_index
    return last_index if through is None else min(through, last_index)


@breaks(
    "prev_log_term",
    "§5.3, §7",
    "The term at the snapshot's boundary is forgotten",
    "liveness",
    safety=False,
    suffers="how far a follower is behind: further with every command",
)
def boundary_term_lost(log: Log, first: int) -> int:
    """Correct: the last term that a snapshot includes is kept, for the check of the entry after it.

    Mistake: the entries are dropped with their terms, and reading the one just before the first
    gives "none", which becomes term 0.

    Falls: progress. The follower holds that entry with its real term and refuses, each time again.
    """
    return 0 if first - 1 == log.snapshot_index else RULES.prev_log_term(log, first)


@breaks(
    "vote_in_term",
    "§5.1, Figure 2",
    "A new term begins with the old vote",
    "liveness",
    safety=False,
    suffers="how long there is no leader, once the one that all voted for is gone",
)
def vote_never_reset(voted_for: int, current_term: int, new_term: int) -> int:  # noqa: ARG001 - has the rule's shape
    """Correct: whoever moves to a later term has not voted in it yet.

    Mistake: stepping down sets the term and the role, and forgets voted_for, which stands in another
    line of Figure 2. In the first election it is empty anyway.

    Falls: progress. All have voted for the leader that is now down, refuse everybody else in every
    term to come, and nobody is elected.
    """
    return voted_for


@breaks(
    "vote_in_term",
    "§5.2, Figure 2",
    "Becoming a follower takes the vote back, in the same term",
    "election_safety",
)
def vote_reset_in_term(voted_for: int, current_term: int, new_term: int) -> int:  # noqa: ARG001 - has the rule's shape
    """Correct: a vote holds for its whole term, whatever role the server has in it.

    Mistake: one function makes a server a follower, and clears the vote with the rest. It is right
    for a later term; but a candidate that lost, or a follower that hears of its leader, is still in
    the term in which it voted.

    Falls: Election Safety. A server votes, hears the winner, forgets, and gives a second vote in
    the same term to somebody whose request was late.
    """
    return 0
