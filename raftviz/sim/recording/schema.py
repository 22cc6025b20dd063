"""The format by name and version, and how large a recording may be."""

SCHEMA = "raftviz-trace"
VERSION = 1
"""The version of the format; a file of a later one is refused by name."""

MAX_LINE = 16 << 20
"""Bytes of a line: an event in which a leader sends 50 followers all that one message may hold."""

MAX_SIZE = 1 << 30
"""Bytes of a recording; a million events of ours are two thirds of it."""

MAX_EVENTS = 2_000_000
"""Events: what two gigabytes of memory hold."""

MAX_PARTS = 20_000_000
"""Entries and messages told in one recording, all lines together."""

MAX_BRANCHES = 10_000
MAX_CLIENTS = 999
"""Clients by number; so many still have room in the picture."""

MAX_INDEX = 5_000_000
"""A log index: as far as the grid of logs can scroll."""

MAX_NUMBER = 1 << 53
"""Other numbers: what every JSON reader keeps exactly."""

MAX_TIME_US = 10**14
"""Three years, in µs."""

MAX_NAME = 60
MAX_TEXT = 10_000
"""Characters of a name, and of a sentence or a command."""

NOBODY = "nobody"
NETWORK_NAME = "network"

STATUSES = ("up", "crashed", "paused")
ROLES = ("follower", "candidate", "leader")
