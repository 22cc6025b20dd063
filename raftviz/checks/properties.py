"""The five safety properties of the paper's Figure 3, each with a sentence for students."""

import attrs


@attrs.frozen
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

PROPERTIES = (
    ELECTION_SAFETY,
    LEADER_APPEND_ONLY,
    LOG_MATCHING,
    LEADER_COMPLETENESS,
    STATE_MACHINE_SAFETY,
)
"""All properties that are watched, in the order of Figure 3."""


@attrs.frozen
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
