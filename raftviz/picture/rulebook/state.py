"""The book's first part: what a server remembers (Figure 2, State)."""

from collections.abc import Callable, Mapping

from raftviz.picture.rulebook.rule import Chapter, Rule, changes
from raftviz.raft import because as why
from raftviz.raft import rules
from raftviz.raft.algorithm import step
from raftviz.raft.leading import note_durable, take_office
from raftviz.raft.log import Entry, Log
from raftviz.raft.server import Leader, Persistent, Server, Snapshot, restarted
from raftviz.sim import faults


def _of_leader(field: Callable[[Leader], Mapping[int, int]]) -> Callable[[Server, Server], bool]:
    """Whether a leader believes something else of somebody than it did, or has just begun."""

    def differ(was: Server, now: Server) -> bool:
        if not isinstance(now.role, Leader):
            return False
        return not isinstance(was.role, Leader) or field(now.role) != field(was.role)

    return differ


PERSISTENT = Chapter(
    "State · kept on disk by every server",
    (
        Rule(
            "current-term",
            "current_term: the latest term that this server knows of. It starts at 0 and never "
            "goes back.",
            "§5.1",
            (Persistent, Server),
            seen_in=changes(lambda was, now: was.current_term != now.current_term),
        ),
        Rule(
            "voted-for",
            "voted_for: the candidate that has this server's vote in current_term, or nobody. A "
            "new term starts without a vote.",
            "§5.2",
            (rules.vote_in_term, Persistent),
            seen_in=changes(lambda was, now: was.voted_for != now.voted_for),
        ),
        Rule(
            "log",
            "log[]: the entries, counted from 1. Each carries a command and the term of the leader "
            "that took it in.",
            "§5.3",
            (Entry, Log),
            seen_in=changes(lambda was, now: was.log is not now.log),
        ),
        Rule(
            "snapshot",
            "snapshot: the state machine as it stood at last_included_index, in place of all the "
            "entries up to there.",
            "§7",
            (Snapshot,),
            seen_in=changes(lambda was, now: was.snapshot is not now.snapshot),
        ),
        Rule(
            "persist-first",
            "What changes here is on disk before any message leaves that speaks of it. Until then "
            "a server's own vote and its own copies do not count.",
            "§5.3, Figure 2",
            (rules.must_persist, note_durable, step),
            (
                why.ALREADY_DURABLE,
                faults.FULL,
                faults.FREED,
                faults.FAIL_WRITE,
                faults.WRITE_FAILED,
            ),
        ),
        Rule(
            "restart",
            "After a crash a server goes on as a follower with what its disk holds. If that is "
            "damaged, it does not start at all.",
            "§5.5, Figure 2",
            (restarted, rules.recovered),
            (faults.RESTART, faults.REFUSE_START, faults.TORN),
        ),
    ),
)

VOLATILE = Chapter(
    "State · kept in memory by every server",
    (
        Rule(
            "commit-index",
            "commit_index: up to here this server knows the log to be committed. While it runs, "
            "this only grows.",
            "§5.3",
            (Server,),
            seen_in=changes(lambda was, now: was.commit_index != now.commit_index),
        ),
        Rule(
            "last-applied",
            "last_applied: up to here its state machine has executed the log. Never beyond "
            "commit_index.",
            "§5.3",
            (Server,),
            seen_in=changes(lambda was, now: was.last_applied != now.last_applied),
        ),
    ),
)

OF_LEADERS = Chapter(
    "State · kept in memory by leaders, anew after each election",
    (
        Rule(
            "next-index",
            "next_index[]: for each follower, the entry to send it next. A new leader begins "
            "behind its own last entry.",
            "§5.3",
            (Leader, rules.next_index_at_start, take_office),
            seen_in=changes(_of_leader(lambda leader: leader.next_index)),
        ),
        Rule(
            "match-index",
            "match_index[]: for each server, up to where it is known to hold the leader's log on "
            "its disk. It begins at 0.",
            "§5.3",
            (Leader, rules.match_index_after_success),
            seen_in=changes(_of_leader(lambda leader: leader.match_index)),
        ),
    ),
)

CHAPTERS = (PERSISTENT, VOLATILE, OF_LEADERS)
