"""What is said of each variant besides its story: how an implementation has it, and its lesson.

The articles from which people write their own Raft state each rule in a line of prose or of code. So
it stands here, in our words, together with what it is that gets lost on the way.
"""

from raftviz.raft.values import value


@value
class Told:
    """``article`` says how one reads the rule; ``lesson`` names the lesson about it, if there is one."""

    article: str
    lesson: str = ""


_OFF_BY_ONE = "off-by-one"
_COUNTED = "sent-and-stored"
_LETTERS = "the-letter-of-a-former-leader"
_FORGOTTEN = "the-forgotten-vote"
_TOO_EARLY = "told-too-early"
_FOUR = "four-servers"

TOLD: dict[str, Told] = {
    "last_index_off_by_one": Told(
        "“Send your last log index with the request, and let the voter compare it with its own.” The "
        "sentence does not say from where each side counts.",
        _OFF_BY_ONE,
    ),
    "next_index_is_len": Told(
        "“After an election, next_index is the leader's last index plus one.” With a list in memory, "
        "“last plus one” and “length” are the same number only if counting begins at 0.",
        _OFF_BY_ONE,
    ),
    "count_next_index": Told(
        "“When a majority has the entry, it is committed.” Two arrays tell how far the followers are, "
        "and only one of them tells what they have said.",
        _COUNTED,
    ),
    "match_is_current_len": Told(
        "“On success, set match_index to the last entry that was sent.” By the time of the answer the "
        "log is longer, and the request is out of sight.",
        _COUNTED,
    ),
    "stale_term_accepted": Told(
        "“Reply false if the term is older than your own.” It is the first of five steps, and the only "
        "one that no ordinary run ever needs.",
        _LETTERS,
    ),
    "unconditional_truncate": Told(
        "“If an entry conflicts, delete it and all that follow, then append.” Without the “if” it is "
        "one line shorter and looks the same.",
        _LETTERS,
    ),
    "commit_min_log_len": Told(
        "“Take the smaller of leader_commit and the index of the last new entry.” The last entry of the "
        "log is nearer at hand than the last new one.",
        _LETTERS,
    ),
    "vote_not_persisted": Told(
        "“Save the state before you answer.” The code that votes and the code that saves are far "
        "apart, and voting writes no entry.",
        _FORGOTTEN,
    ),
    "log_not_persisted": Told(
        "“Answer when the entries are stored.” A buffer that will be written soon looks stored.",
        _FORGOTTEN,
    ),
    "corrupt_state_ignored": Told(
        "“At the start, load the state if there is any.” A file that cannot be read is treated like "
        "one that is not there.",
        _FORGOTTEN,
    ),
    "caller_supplies_term": Told(
        "“The leader appends an entry with its current term.” An append that takes the entry ready made "
        "leaves the term to its caller.",
        "replicating-a-command",
    ),
    "compact_uncommitted": Told(
        "“Drop the log up to this index and keep a snapshot instead.” Which index is allowed is said "
        "in another place: none above what is applied.",
    ),
    "apply_error_skips": Told(
        "“Count last_applied up and execute that entry.” Nothing is said of an execution that fails "
        "between the two.",
        _TOO_EARLY,
    ),
    "ack_before_commit": Told(
        "“Answer the client after the entry is applied.” A handler that returns when it has sent "
        "everything is simpler by one queue.",
        _TOO_EARLY,
    ),
    "even_majority": Told(
        "“A majority of the servers.” In code it is n / 2 or n / 2 + 1, and for odd n the "
        "difference hides in the rounding.",
        _FOUR,
    ),
    "votes_counted_not_set": Told(
        "“Count the votes received.” A counter is what the sentence asks for; that one voter counts "
        "once is left to the reader.",
        "a-leader-falls",
    ),
    "commit_any_term": Told(
        "“If a majority of match_index reaches N, and the term of entry N is the current one, commit.” "
        "The half behind the comma seems to be about nothing.",
        "what-is-committed",
    ),
    "no_log_check": Told(
        "“Vote if you have not voted, and the candidate's log is at least as up-to-date as yours.” The "
        "second half comes a section later than the first.",
        "who-may-lead",
    ),
    "boundary_term_lost": Told(
        "“The entry before the new ones must match.” When that entry has just been compacted away, its "
        "term has to come out of the snapshot.",
        "repairing-a-follower",
    ),
    "single_node_no_win": Told(
        "“A candidate that receives votes of a majority becomes leader.” The vote that it gives itself "
        "is not received from anybody.",
        _OFF_BY_ONE,
    ),
    "no_sessions": Told(
        "“A client that gets no answer tries again.” That the state machine has to know the first try is "
        "told near the end, under clients.",
        _TOO_EARLY,
    ),
    "timer_reset_by_anyone": Told(
        "“Restart the timer when a leader is heard, or a vote is given.” Code that restarts it when "
        "anything is heard passes every test in which only leaders speak.",
        "terms-and-heartbeats",
    ),
    "same_timeout_again": Told(
        "“Choose a random timeout, so that votes rarely split.” Read as one choice for each server, it "
        "leaves two servers that are unlucky once unlucky for ever.",
        "split-votes",
    ),
    "votes_one_by_one": Told(
        "“The candidate asks each of the others.” “Each” turns into a loop, and the answer is "
        "awaited inside it.",
        "a-leader-falls",
    ),
    "heartbeats_one_by_one": Told(
        "“The leader sends heartbeats to all followers, in parallel.” The last two words cost a task "
        "for each follower, and are left out.",
        "terms-and-heartbeats",
    ),
    "conflict_term_of_leader": Told(
        "“The follower can include the term of the conflicting entry, and its first index with that "
        "term.” Two terms conflict; the sentence means the follower's.",
        "repairing-a-follower",
    ),
    "pipeline_unchecked": Told(
        "“Reply false if there is no entry at prev_log_index with prev_log_term.” When requests follow "
        "each other without a gap, half of the condition is always true.",
        "repairing-a-follower",
    ),
    "no_no_op": Told(
        "“A leader commits an empty entry at the start of its term.” It stands in the section about "
        "reading, which comes last.",
        "what-is-committed",
    ),
    "vote_never_reset": Told(
        "“On a later term: set the current term, become a follower.” That voted_for begins anew with "
        "each term is said where the variable is defined, and nowhere else.",
        "a-leader-falls",
    ),
    "vote_reset_in_term": Told(
        "“Become a follower” is written once, as a function, and clears all that a follower does not "
        "need. A vote is not the candidate's, it is the term's.",
        "a-leader-falls",
    ),
}
"""For every variant, by name."""
