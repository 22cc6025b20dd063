"""What the timeline's tables tell apart, as numbers: they are columns of integers."""

from enum import IntEnum


class Kind(IntEnum):
    """What a message is about, as far as its arrow differs."""

    HEARTBEAT = 0
    HEARTBEAT_ANSWER = 1
    ENTRIES = 2
    ENTRIES_ANSWER = 3
    ENTRIES_REFUSED = 4
    VOTE_REQUEST = 5
    VOTE_GRANTED = 6
    VOTE_REFUSED = 7
    CLIENT_REQUEST = 8
    CLIENT_ANSWER = 9
    OTHER = 10


class Fate(IntEnum):
    """How a leg ended."""

    FLYING = 0
    ARRIVED = 1
    WAITS = 2
    LOST = 3
    SENT_ON = 4
    UNTOLD = 5
    """A recording says nothing more of it."""


class RoleCode(IntEnum):
    """A role as a number."""

    FOLLOWER = 0
    CANDIDATE = 1
    LEADER = 2
    UNKNOWN = 3


class StatusCode(IntEnum):
    """A host's status as a number."""

    UP = 0
    CRASHED = 1
    PAUSED = 2
    UNKNOWN = 3
