"""The book's second part: how a server answers other servers (Figure 2 and Figure 13, the RPCs)."""

from raftviz.picture.rulebook.rule import Chapter, Rule
from raftviz.raft import because as why
from raftviz.raft import rules
from raftviz.raft.appending import send_to
from raftviz.raft.election import answer_vote_request
from raftviz.raft.following import answer_append
from raftviz.raft.leading import hear_snapshot_answer
from raftviz.raft.snapshots import answer_snapshot

APPEND_ENTRIES = Chapter(
    "AppendEntries RPC · whoever receives it",
    (
        Rule(
            "refuse-old-leader",
            "1. Is the sender's term over? Refuse, and name the current one.",
            "§5.1",
            (rules.accepts_leader, answer_append),
            (why.REJECT_STALE_LEADER,),
        ),
        Rule(
            "one-leader",
            "A leader refuses another leader of its own term: one term cannot have two.",
            "§5.2",
            (answer_append,),
            (why.REJECT_SECOND_LEADER,),
        ),
        Rule(
            "entries-match",
            "2. Look at the entry just before the new ones. Is it missing here, or of another "
            "term? Refuse, and tell the leader where to try instead.",
            "§5.3",
            (rules.entries_match, rules.conflict_at, answer_append),
            (why.REJECT_MISSING, why.REJECT_MISMATCH),
        ),
        Rule(
            "replace-entries",
            "3. Where an entry here and a sent one differ in term, the leader's holds: remove the "
            "entry here with all behind it.",
            "§5.3",
            (rules.first_conflict, rules.merge_entries),
            (why.REPLACE_ENTRIES,),
        ),
        Rule(
            "keep-committed",
            "Never remove what is committed. In Raft it cannot come to this; the algorithm makes "
            "sure all the same.",
            "§5.4",
            (rules.keeps_committed,),
            (why.REJECT_COMMITTED,),
        ),
        Rule(
            "store-entries",
            "4. Store the sent entries that are not here yet. Those that are here stay untouched, "
            "even if more stand behind them.",
            "§5.3",
            (rules.merge_entries,),
            (why.STORE_ENTRIES,),
        ),
        Rule(
            "follower-commits",
            "5. Commit as far as the leader has, but no further than the entries that this very "
            "request speaks of.",
            "§5.3",
            (rules.commit_index_from, answer_append),
            (why.FOLLOWER_COMMITS,),
        ),
    ),
)

REQUEST_VOTE = Chapter(
    "RequestVote RPC · whoever receives it",
    (
        Rule(
            "refuse-old-candidate",
            "1. Is the candidate's term over? Refuse.",
            "§5.1",
            (rules.accepts_term, answer_vote_request),
            (why.REFUSE_VOTE_STALE_TERM,),
        ),
        Rule(
            "vote-once",
            "2. Has this server voted for somebody else in this term? Refuse. Whoever asks again "
            "gets the same answer.",
            "§5.2",
            (rules.may_vote, answer_vote_request),
            (why.REFUSE_VOTE_ALREADY_VOTED,),
        ),
        Rule(
            "up-to-date",
            "3. Does the candidate's log end earlier than this server's? Refuse. The later last "
            "term wins, and of two equal ones the longer log.",
            "§5.4.1",
            (rules.log_is_up_to_date, rules.last_log, answer_vote_request),
            (why.REFUSE_VOTE_LOG_BEHIND,),
        ),
        Rule(
            "grant-vote",
            "4. Otherwise give the vote, write it down, and wait a whole election timeout again.",
            "§5.2, §5.4.1",
            (answer_vote_request, rules.timer_after_vote_request),
            (why.GRANT_VOTE,),
        ),
    ),
)

INSTALL_SNAPSHOT = Chapter(
    "InstallSnapshot RPC",
    (
        Rule(
            "send-chunks",
            "A leader sends its snapshot to a follower that lacks entries which the leader has "
            "compacted away: one chunk, and after each answer the next.",
            "§7",
            (hear_snapshot_answer, send_to),
            (why.NEXT_CHUNK,),
        ),
        Rule(
            "store-chunk",
            "A follower joins the chunks in order and waits for the last one.",
            "Figure 13",
            (answer_snapshot,),
            (why.STORE_CHUNK,),
        ),
        Rule(
            "later-snapshot",
            "A part of a later snapshot is not given up for an earlier one.",
            "Figure 13",
            (answer_snapshot,),
            (why.OLDER_CHUNK,),
        ),
        Rule(
            "install",
            "With the last chunk the snapshot takes the place of the state machine and of the log. "
            "Entries behind it stay if its last entry was in the log.",
            "Figure 13",
            (answer_snapshot, rules.retains_suffix),
            (why.INSTALL,),
        ),
        Rule(
            "snapshot-known",
            "Who holds all of it already keeps its own log, and says so.",
            "§7",
            (answer_snapshot,),
            (why.SNAPSHOT_KNOWN,),
        ),
    ),
)

CHAPTERS = (APPEND_ENTRIES, REQUEST_VOTE)
