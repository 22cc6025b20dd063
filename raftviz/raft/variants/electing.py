"""Mistakes in elections: who may win, and by whose votes (§5.2, §5.4.1)."""

from raftviz.raft.log import Log
from raftviz.raft.quorum import Configuration
from raftviz.raft.transition import ELECTION, SAME, Timer
from raftviz.raft.variants.variant import PROGRESS, breaks


@breaks(
    "last_log",
    "§5.4.1",
    "A candidate states its last index one too low",
    "liveness",
    safety=False,
    suffers="how long there is no leader: for ever, once there is an entry",
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
    suffers="how long there is no leader: for ever",
)
def single_node_no_win(granted: frozenset[int], configuration: Configuration) -> bool:  # noqa: ARG001 - has the rule's shape
    """Correct: a candidate has its own vote at once, and that may be a majority already.

    Mistake: the majority is looked for where votes are counted, in the handler of the answers. In
    a cluster of one nobody ever answers.

    Falls: progress. A single server stays a candidate for ever, and its clients wait.
    """
    return False


@breaks(
    "timer_after_vote_request",
    "Figure 2, Followers; §5.2",
    "Any message starts the election timeout anew",
    PROGRESS,
    safety=False,
    suffers="how long there is no leader, while somebody asks who can never win",
)
def timer_reset_by_anyone(granted: bool) -> Timer:  # noqa: ARG001, FBT001 - has the rule's shape
    """Correct: only the current leader's messages and a vote that is given start the timeout anew.

    Mistake: the timer is restarted at the top of the handler, for whatever arrives: "somebody is
    alive". A refused candidate is alive as well, and is no reason to wait.

    Falls: progress. A server whose log is too short to win asks again and again, and each time those
    who could win go on waiting. No entry is lost.
    """
    return ELECTION


@breaks(
    "timer_for_election",
    "§5.2",
    "The timeout is drawn once, and not anew for each election",
    PROGRESS,
    safety=False,
    suffers="how many elections nobody wins, one after the other",
)
def same_timeout_again() -> Timer:
    """Correct: a candidate draws a new random timeout for each election.

    Mistake: the random number is drawn in the constructor, or the timer is simply restarted with the
    interval that it has. Random it is, only not each time.

    Falls: progress. Two servers whose timeouts happen to lie close together split the vote, wait
    equally long, and split it again.
    """
    return SAME


@breaks(
    "whom_to_ask",
    "§5.1, §5.2",
    "Votes are asked for one after the other",
    PROGRESS,
    safety=False,
    suffers="how long there is no leader, while one server of a minority is silent",
)
def votes_one_by_one(others: tuple[int, ...], answered: frozenset[int]) -> tuple[int, ...]:
    """Correct: a candidate asks all others at once, and who does not answer delays nobody.

    Mistake: a loop over the others that awaits each answer before it asks the next. With all servers
    up it is only a little slow, and a test with three of them passes.

    Falls: progress. The first in the loop is down, its answer never comes, and the votes of all
    others, which would be a majority, are never asked for.
    """
    return tuple(other for other in others if other not in answered)[:1]
