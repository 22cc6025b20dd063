"""The book's third part: what a server does in each role (Figure 2, Rules for Servers)."""

from raftviz.picture.rulebook.rule import Chapter, Rule, changes
from raftviz.raft import because as why
from raftviz.raft import rules
from raftviz.raft.algorithm import receive
from raftviz.raft.appending import send_to
from raftviz.raft.applying import apply_committed
from raftviz.raft.election import count_vote, start_election
from raftviz.raft.following import answer_append, step_down
from raftviz.raft.leading import (
    accept_command,
    hear_append_answer,
    note_durable,
    send_batch,
    send_heartbeats,
    take_office,
)
from raftviz.raft.messages import AppendEntriesRequest
from raftviz.sim import faults

ALL_SERVERS = Chapter(
    "Rules for Servers · all",
    (
        Rule(
            "apply",
            "Execute every committed entry in the state machine: one after the other, none twice.",
            "§5.3",
            (apply_committed,),
            seen_in=changes(lambda was, now: was.last_applied < now.last_applied),
        ),
        Rule(
            "retry-apply",
            "A command that failed comes next again. What follows it waits.",
            "§5.3",
            (rules.applied_after_failure, apply_committed),
            (faults.FAIL_APPLY,),
        ),
        Rule(
            "step-down",
            "Does a message carry a later term than one's own? Move to that term and be a follower "
            "in it, whatever one was.",
            "§5.1",
            (step_down, rules.vote_in_term, receive),
            (why.STEP_DOWN,),
        ),
        Rule(
            "ignore-stale",
            "An answer from a term that is over means nothing any more.",
            "§5.1",
            (rules.accepts_term, receive),
            (why.IGNORE_STALE_RESPONSE,),
        ),
    ),
)

FOLLOWERS = Chapter(
    "Rules for Servers · followers",
    (
        Rule(
            "hear-leader",
            "Every word of the current leader starts the election timeout anew: while it is heard, "
            "nobody else stands for election.",
            "§5.2",
            (answer_append,),
            (why.HEAR_HEARTBEAT,),
        ),
        Rule(
            "follow-leader",
            "Whoever sends AppendEntries in this term has won it. Follow it, also as a candidate.",
            "§5.2",
            (answer_append,),
            (why.FOLLOW_LEADER,),
        ),
    ),
)

CANDIDATES = Chapter(
    "Rules for Servers · candidates",
    (
        Rule(
            "start-election",
            "The election timeout has run out, as a follower or in an election that nobody won: "
            "begin a new term, vote for oneself, ask all others for their votes.",
            "§5.2",
            (start_election, rules.whom_to_ask, rules.timer_for_election, rules.last_log),
            (why.START_ELECTION,),
        ),
        Rule(
            "count-votes",
            "Count who has voted for one, each server once.",
            "§5.2",
            (count_vote, rules.add_vote),
            (why.COUNT_VOTE, why.NOTE_REFUSAL),
        ),
        Rule(
            "win",
            "More than half of the cluster is a majority: lead this term, and tell everybody at "
            "once.",
            "§5.2",
            (rules.quorum, rules.wins_at_once, take_office, rules.begins_with_no_op),
            (why.WIN_ELECTION,),
        ),
        Rule(
            "late-vote",
            "A vote that comes when the election is over changes nothing.",
            "§5.2",
            (count_vote,),
            (why.IGNORE_LATE_VOTE,),
        ),
    ),
)

LEADERS = Chapter(
    "Rules for Servers · leaders",
    (
        Rule(
            "heartbeat",
            "Send AppendEntries to everybody at regular intervals, with nothing in them if need "
            "be. A leader has no election timeout of its own.",
            "§5.2",
            (send_heartbeats, rules.heartbeat_to, start_election),
            (why.SEND_HEARTBEAT, why.FIRED_TOO_LATE),
        ),
        Rule(
            "take-command",
            "Append a client's command to one's own log, in one's own term, and send it on.",
            "§5.3",
            (accept_command, rules.entry_term),
            (why.LEADER_APPENDS,),
        ),
        Rule(
            "send-entries",
            "Send each follower what it lacks from next_index on, and with it the term of the "
            "entry before.",
            "§5.3",
            (send_to, rules.prev_log_term),
            seen_in=lambda record: any(
                isinstance(flight.message, AppendEntriesRequest) and flight.message.entries
                for flight in record.flights
            ),
        ),
        Rule(
            "count-copies",
            "A follower agrees: note how far in match_index, and go on behind it.",
            "§5.3",
            (
                hear_append_answer,
                rules.match_index_after_success,
                rules.next_index_after_success,
            ),
            (why.COUNT_COPY, why.NOTHING_NEW),
        ),
        Rule(
            "back-off",
            "A follower disagrees: try from an earlier entry, a whole term at a time.",
            "§5.3",
            (rules.back_off, hear_append_answer),
            (why.BACK_OFF,),
        ),
        Rule(
            "commit",
            "Commit up to the last entry that a majority holds on disk, if that entry is of the "
            "leader's own term. All before it are committed with it.",
            "§5.3, §5.4.2",
            (rules.leader_commit_index, rules.replicated_index, note_durable),
            (why.LEADER_COMMITS,),
        ),
        Rule(
            "own-term-only",
            "Never commit an entry of an earlier term by counting its copies: a later leader might "
            "still replace it.",
            "§5.4.2",
            (rules.leader_commit_index,),
            (why.HOLD_COMMIT,),
        ),
        Rule(
            "late-answer",
            "Who does not lead any longer has no use for answers to what it sent as a leader.",
            "§5.1",
            (hear_append_answer,),
            (why.IGNORE_LATE_ANSWER,),
        ),
        Rule(
            "batch",
            "Commands may gather for a moment and be sent together.",
            "dissertation §10.2.2",
            (accept_command, send_batch),
            (why.GATHER, why.SEND_BATCH, why.NOTHING_GATHERED),
        ),
    ),
)

CHAPTERS = (ALL_SERVERS, FOLLOWERS, CANDIDATES, LEADERS)
