"""The properties of Raft that are watched, each with a sentence for students.

This is the table. What each one means to the letter stands with the check of the same name:
``state`` and ``machines`` hold those of one state, ``step`` and ``disk`` those of a step and of what
is on disks, ``client`` what clients may count on, ``liveness`` what must happen in the end.
"""

from raftviz.raft.values import value


@value
class Property:
    """A property that holds at all times. ``statement`` is what a student reads."""

    name: str
    title: str
    section: str
    statement: str


ELECTION_SAFETY = Property(
    "election_safety",
    "Election Safety",
    "§5.2",
    "At most one server is elected leader in a term.",
)
LEADER_APPEND_ONLY = Property(
    "leader_append_only",
    "Leader Append-Only",
    "§5.3",
    "A leader never overwrites or deletes an entry of its log; it only appends.",
)
LOG_MATCHING = Property(
    "log_matching",
    "Log Matching",
    "§5.3",
    "If two logs hold an entry with the same index and term, they are equal up to that entry.",
)
LEADER_COMPLETENESS = Property(
    "leader_completeness",
    "Leader Completeness",
    "§5.4",
    "An entry that was committed in one term is in the log of every leader of every later term.",
)
STATE_MACHINE_SAFETY = Property(
    "state_machine_safety",
    "State Machine Safety",
    "§5.4.3",
    "Once a server has applied an entry at an index, no server ever applies another one there.",
)
COMMIT_QUORUM = Property(
    "commit_quorum",
    "Commit Quorum",
    "§5.3, §5.4.2",
    "A leader commits only what is on the disks of a majority, up to an entry of its own term.",
)
COMMITTED_DURABLE = Property(
    "committed_durable",
    "Committed Durable",
    "§5.3, §5.5",
    "A committed entry stays on the disks of a majority, so that every majority knows of it.",
)
ORDERING = Property(
    "ordering",
    "Ordering",
    "§5.3, §7",
    "No server is ahead of itself: what is in its snapshot is applied, what is applied is "
    "committed, what is committed is in its log, and the terms in a log never fall.",
)
PROGRESS_SOUND = Property(
    "progress_sound",
    "Progress Sound",
    "§5.3",
    "What a leader believes a follower to hold is on that follower's disk.",
)
SNAPSHOT_FAITHFUL = Property(
    "snapshot_faithful",
    "Snapshot Faithful",
    "§7",
    "A snapshot is exactly the state that the entries it replaces lead to.",
)
TERM_MONOTONIC = Property(
    "term_monotonic",
    "Term Monotonic",
    "§5.1",
    "A server's term never goes back, not even through a crash.",
)
COMMIT_MONOTONIC = Property(
    "commit_monotonic",
    "Commit Monotonic",
    "§5.3",
    "While a server runs, what it knows to be committed never goes back.",
)
VOTE_ONCE = Property(
    "vote_once",
    "Vote Once",
    "§5.2",
    "A server votes for at most one candidate in a term, and a crash does not make it forget.",
)
COMMITTED_STAYS = Property(
    "committed_stays",
    "Committed Stays",
    "§5.4",
    "No server ever removes a committed entry from its log.",
)
DURABLE_BEFORE_REPLY = Property(
    "durable_before_reply",
    "Durable Before Reply",
    "§5.1, Figure 2",
    "A server tells others only of a term, a vote or entries that are on its disk already.",
)
APPLIED_CONTIGUOUS = Property(
    "applied_contiguous",
    "Applied Contiguous",
    "§5.3",
    "A running server applies its entries one after the other, each exactly once.",
)
ACKNOWLEDGED_NOT_LOST = Property(
    "acknowledged_not_lost",
    "Acknowledged Not Lost",
    "§8",
    "What a client was told is done is committed, stays so, and was executed exactly once.",
)
NO_PANIC = Property(
    "no_panic",
    "No Panic",
    "Figure 2",
    "No server ever comes to a place where its own algorithm makes no sense, and stops.",
)
LIVENESS = Property(
    "liveness",
    "Liveness",
    "§5.4, §5.6",
    "Once all faults stop, one leader is soon followed by all, commits, and all become equal.",
)

FIGURE_3 = (
    ELECTION_SAFETY,
    LEADER_APPEND_ONLY,
    LOG_MATCHING,
    LEADER_COMPLETENESS,
    STATE_MACHINE_SAFETY,
)
"""The five of the paper's Figure 3, in its order."""

PROPERTIES = (
    *FIGURE_3,
    COMMIT_QUORUM,
    COMMITTED_DURABLE,
    ORDERING,
    PROGRESS_SOUND,
    SNAPSHOT_FAITHFUL,
    TERM_MONOTONIC,
    COMMIT_MONOTONIC,
    VOTE_ONCE,
    COMMITTED_STAYS,
    DURABLE_BEFORE_REPLY,
    APPLIED_CONTIGUOUS,
    ACKNOWLEDGED_NOT_LOST,
    NO_PANIC,
    LIVENESS,
)
"""All properties: those of Figure 3, of one state, of a step, of clients, and liveness."""


@value
class Violation:
    """A property that broke: where, and which servers and entries contradict each other.

    ``event`` is the number of the event in ``branch`` that broke it, ``earlier`` the one it
    contradicts (-1 when there is none), ``index`` the log index it is about (0: none).
    """

    property: Property
    branch: int
    event: int
    time_us: int
    explanation: str
    servers: frozenset[int]
    earlier: int = -1
    index: int = 0
