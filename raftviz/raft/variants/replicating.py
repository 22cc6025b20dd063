"""Mistakes in replication: what is sent, what is accepted, what an answer proves (§5.1, §5.3)."""

from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.messages import AppendEntriesResponse
from raftviz.raft.quorum import Configuration, quorum_index
from raftviz.raft.server import Leader, Server
from raftviz.raft.variants.variant import PROGRESS, breaks


@breaks(
    "next_index_at_start",
    "§5.3",
    "The next index begins at the last entry, not behind it",
    "no_panic",
    safety=False,
    suffers="how long there is no leader: each one stops as soon as it is elected",
)
def next_index_is_len(log: Log) -> int:
    """Correct: a new leader begins with the index after its last entry, which is 1 for a new log.

    Mistake: in a language that counts from 0 the length of a list is the place after its last
    element. In a log that counts from 1 it is the last element's own index.

    Falls: the leader. In a new cluster the entry before index 0 is asked for, and there is none:
    depending on the language it stops, or reads something else. With a log the mistake hides: an
    entry is sent once too often.
    """
    return log.last_index


@breaks(
    "replicated_index",
    "§5.3",
    "What was sent counts as a copy",
    "state_machine_safety",
)
def count_next_index(leader: Leader, configuration: Configuration) -> int:
    """Correct: a copy counts when the follower has said that it holds it: that is match_index.

    Mistake: next_index - 1 is nearly always the same number. With pipelining it runs ahead of
    the answers: it says what was sent, in the hope that it arrives.

    Falls: State Machine Safety, once entries are sent before the last ones are answered. An entry
    that was lost on its way counts as stored, is committed, and is missing from the next leader.
    """
    own = {s: match for s, match in leader.match_index.items() if s not in leader.next_index}
    hoped = {follower: following - 1 for follower, following in leader.next_index.items()}
    return quorum_index(hoped | own, configuration) or 0


@breaks(
    "match_index_after_success",
    "§5.3",
    "An answer is credited with the log as it is now",
    "state_machine_safety",
)
def match_is_current_len(server: Server, match_index: int, response: AppendEntriesResponse) -> int:  # noqa: ARG001 - has the rule's shape
    """Correct: a success proves agreement up to the last entry of the request it answers.

    Mistake: the handler of the answer no longer has the request at hand, and sets match_index to
    the end of the leader's log. What a client added while the answer was on its way counts too.

    Falls: State Machine Safety. An entry that only the leader holds is committed; if the leader
    then crashes, another entry is committed in its place.
    """
    return server.log.last_index


@breaks(
    "accepts_leader",
    "§5.1",
    "A deposed leader is obeyed",
    "state_machine_safety",
)
def stale_term_accepted(current_term: int, leader_term: int) -> bool:  # noqa: ARG001 - has the rule's shape
    """Correct: a follower refuses what a leader of an earlier term sends.

    Mistake: the check is the first line of the receiver in Figure 2, and easily left out: as long
    as messages come in order and at once there is nothing that it would refuse.

    Falls: State Machine Safety. A message that was delayed past an election overwrites what the
    new leader has committed, as if its sender still led.
    """
    return True


@breaks(
    "merge_entries",
    "§5.3",
    "The log is cut behind whatever arrives",
    "leader_completeness",
)
def unconditional_truncate(log: Log, entries: tuple[Entry, ...]) -> Log:
    """Correct: a follower deletes entries only from the first one on that conflicts.

    Mistake: "make the follower's log like the leader's" is read as: cut it behind the place where
    both agree, then append. For the newest request that is the same; for an older one it is not.

    Falls: Leader Completeness. A request that arrives late, or twice, takes back entries that
    were acknowledged since, and counted for commitment.
    """
    news = tuple(entry for entry in entries if entry.index > log.snapshot_index)
    return log.truncate_from(news[0].index).append(news) if news else log


@breaks(
    "entry_term",
    "§5.3",
    "Whoever asks chooses the entry's term",
    "log_matching",
)
def caller_supplies_term(current_term: int, command: Command) -> int:  # noqa: ARG001 - has the rule's shape
    """Correct: a leader labels a new entry with its own current term, whoever asked for it.

    Mistake: the function that appends takes a whole entry, term and all, from its caller. The
    callers here are like most tests of such a function: they always say term 1.

    Falls: Log Matching. Two leaders of different terms make different entries with the same index
    and the same term, and from then on no comparison of terms can tell them apart.
    """
    return 1


@breaks(
    "entries_match",
    "§5.3",
    "Appends that come in order are taken unseen",
    "log_matching",
)
def pipeline_unchecked(log: Log, prev_log_index: int, prev_log_term: int) -> bool:  # noqa: ARG001 - has the rule's shape
    """Correct: a follower takes entries only behind an entry of the index and term that is named.

    Mistake: appends are sent one behind the other without waiting, and each follows the last, so it
    seems enough that there is no gap. The term of the entry before is sent, and never looked at.

    Falls: Log Matching. What an earlier leader left stays in the middle of the log, with the new
    leader's entries behind it, and is committed with them.
    """
    return prev_log_index <= log.last_index


@breaks(
    "conflict_at",
    "§5.3, end",
    "A refusal names the leader's term instead of the follower's",
    "liveness",
    safety=False,
    suffers="how far a follower is behind: for ever, once its log differs",
)
def conflict_term_of_leader(log: Log, index: int, leader_term: int) -> tuple[int, int]:  # noqa: ARG001 - has the rule's shape
    """Correct: a refusal names the term of the follower's own entry, and where that term begins.

    Mistake: the search for the beginning of the term starts from the term in the request, which is
    at hand, and not from the term in the log. The request has the leader's term.

    Falls: progress. The leader looks for a term that it has itself, finds that it has it at that very
    place, and sends the same request again. The follower is never repaired.
    """
    return index, leader_term


@breaks(
    "heartbeat_to",
    "§5.2, §5.5",
    "Heartbeats wait for one follower after the other",
    PROGRESS,
    safety=False,
    suffers="how many leaders there are, one after the other, while one follower is silent",
)
def heartbeats_one_by_one(leader: Leader, others: tuple[int, ...]) -> tuple[int, ...]:
    """Correct: heartbeats go to all followers at once, whoever has not answered yet.

    Mistake: one loop serves all followers and awaits each answer. Here it does not get beyond the
    first follower that still owes an answer to what it was sent.

    Falls: progress. One follower hangs, those behind it hear nothing, elect somebody else, and that
    leader comes to the same place.
    """
    for place, follower in enumerate(others, 1):
        if leader.flow[follower].in_flight:
            return others[:place]
    return others


@breaks(
    "begins_with_no_op",
    "§5.4.2, §8",
    "A new leader appends nothing of its own",
    PROGRESS,
    safety=False,
    suffers="how long what an earlier leader left waits: until the next command",
)
def no_no_op(wanted: bool) -> bool:  # noqa: ARG001, FBT001 - has the rule's shape
    """Correct: a new leader appends an empty entry of its own term, and replicates it at once.

    Mistake: the paper mentions the entry late, with reading, and a leader without it looks complete.

    Falls: progress. What the leader before had replicated is on every server and committed on none:
    its term is over, and only an entry of the new term may be counted. The client waits, until
    somebody else sends a command.
    """
    return False
