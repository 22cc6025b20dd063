"""Mistakes in elections: who may win, and by whose votes (§5.2, §5.4.1)."""

from raftviz.raft.log import Log
from raftviz.raft.quorum import Configuration
from raftviz.raft.variants.variant import breaks


@breaks(
    "last_log",
    "§5.4.1",
    "A candidate states its last index one too low",
    "liveness",
    safety=False,
)
def last_index_off_by_one(log: Log) -> tuple[int, int]:
    """Correct: a candidate states the index and term of its last entry, counted as the voters count.

    Mistake: the paper counts entries from 1 and most languages count from 0. One side of the
    comparison then uses the length of the log, the other the position of its last element.

    Falls: progress. Servers with equal logs each think the other one's is shorter, so once there
    is an entry nobody is elected any more. No entry is lost, and a test on empty logs passes.
    """
    return max(log.last_index - 1, 0), log.last_term


@breaks(
    "add_vote",
    "§5.2",
    "Votes are counted by answers, not by voters",
    "election_safety",
)
def votes_counted_not_set(
    granted: frozenset[int], voter: int, configuration: Configuration
) -> frozenset[int]:
    """Correct: votes are a set of voters, so the same answer arriving twice is one vote.

    Mistake: a candidate keeps a number and adds one for each granted answer. That is right as
    long as every answer comes once, which a network that repeats messages does not promise.

    Falls: Election Safety. A repeated answer stands in for the vote of a server that was never
    asked, and which is free to make somebody else leader of the same term.
    """
    if voter not in granted:
        return granted | {voter}
    others = (other for other in configuration.members if other not in granted)
    return granted | {next(others, voter)}


@breaks(
    "log_is_up_to_date",
    "§5.4.1",
    "A vote for anybody, however short the log",
    "leader_completeness",
)
def no_log_check(log: Log, last_log_index: int, last_log_term: int) -> bool:  # noqa: ARG001 - has the rule's shape
    """Correct: a voter refuses a candidate whose log is less up-to-date than its own.

    Mistake: elections are built and tested before there is a log to compare, and a term with one
    vote each looks like all that is needed for one leader at a time.

    Falls: Leader Completeness. A server that missed a committed entry becomes leader, and goes on
    to replace that entry on all the others.
    """
    return True


@breaks(
    "wins_at_once",
    "§5.2",
    "Votes are counted only when an answer arrives",
    "liveness",
    safety=False,
)
def single_node_no_win(granted: frozenset[int], configuration: Configuration) -> bool:  # noqa: ARG001 - has the rule's shape
    """Correct: a candidate has its own vote at once, and that may be a majority already.

    Mistake: the majority is looked for where votes are counted, in the handler of the answers. In
    a cluster of one nobody ever answers.

    Falls: progress. A single server stays a candidate for ever, and its clients wait.
    """
    return False
