"""What an input does to a server: the algorithm's whole answer, and nothing done yet."""

from enum import Enum

from raftviz.raft.because import Because
from raftviz.raft.messages import Message
from raftviz.raft.names import Address
from raftviz.raft.server import Persistent, Server
from raftviz.raft.values import value


class Timer(Enum):
    """What is to happen to the server's one timer."""

    KEEP = "keep"
    """Leave it as it runs."""
    ELECTION = "election"
    """Start it anew with a freshly drawn election timeout (§5.2)."""
    SAME = "same"
    """Start it anew with the timeout that it had: what most timers do when they are restarted."""
    HEARTBEAT = "heartbeat"
    """Start it anew with the heartbeat interval (§5.2)."""


# Looking up a member of an enumeration takes ten times as long as a name, ten times an event.
KEEP, ELECTION, HEARTBEAT = Timer.KEEP, Timer.ELECTION, Timer.HEARTBEAT
SAME = Timer.SAME


@value
class Transition:
    """The server after an input, and what the world must do about it.

    ``persist`` is what must be on disk before any of ``messages`` leaves; None when nothing of
    it changed. A message is a pair (to whom, what). ``because`` has at least one reason, in the
    order in which the rules applied. ``batch`` asks for a ``BatchDue`` in a while, unless one is
    on its way. An answer with nothing of its own to persist may still tell of an earlier write,
    and must not overtake it.
    """

    server: Server
    because: tuple[Because, ...]
    messages: tuple[tuple[Address, Message], ...] = ()
    timer: Timer = KEEP
    persist: Persistent | None = None
    batch: bool = False
