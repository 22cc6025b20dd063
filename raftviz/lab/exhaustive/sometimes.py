"""What has to happen somewhere in a search, so that it was not about nothing.

That no property fell says little where nobody was ever elected. So a search tells which of these it
has met, and which not: with two terms, say, a log may never have been cut.
"""

from raftviz.lab.exhaustive.sites import Outcome
from raftviz.raft import because as why
from raftviz.raft.because import Reason
from raftviz.raft.server import Follower, Leader

ELECTED = "a leader was elected"
TWO_CANDIDATES = "two candidates stood in one term"
REFUSED = "a vote was refused"
BEHIND = "a candidate was refused for its log"
TWO_LEADERS = "two servers believed to lead at once"
DEPOSED = "a leader was deposed"
APPENDED = "a follower stored an entry"
COMMITTED = "an entry was committed"
LEARNED = "a follower learned what is committed"
STALE = "a deposed leader was turned away"
BACKED_OFF = "a leader went back in a follower's log"
TRUNCATED = "entries of a log were replaced"
CRASHED = "a server crashed and came back"

SOMETIMES = (
    ELECTED,
    TWO_CANDIDATES,
    REFUSED,
    BEHIND,
    TWO_LEADERS,
    DEPOSED,
    APPENDED,
    COMMITTED,
    LEARNED,
    STALE,
    BACKED_OFF,
    TRUNCATED,
    CRASHED,
)
"""All of them, in the order in which one meets them."""

_BY_REASON: dict[Reason, str] = {
    why.WIN_ELECTION: ELECTED,
    why.REFUSE_VOTE_ALREADY_VOTED: REFUSED,
    why.REFUSE_VOTE_LOG_BEHIND: BEHIND,
    why.STORE_ENTRIES: APPENDED,
    why.REPLACE_ENTRIES: TRUNCATED,
    why.LEADER_COMMITS: COMMITTED,
    why.FOLLOWER_COMMITS: LEARNED,
    why.REJECT_STALE_LEADER: STALE,
    why.BACK_OFF: BACKED_OFF,
}


def marks_of(outcome: Outcome, *, crashed: bool) -> set[str]:
    """What happened here that a search should meet."""
    if crashed:
        return {CRASHED}
    marks = {_BY_REASON[reason] for reason in outcome.reasons if reason in _BY_REASON}
    old, new = outcome.before.server, outcome.after.server
    if isinstance(old.role, Leader) and isinstance(new.role, Follower):
        marks.add(DEPOSED)
    return marks
