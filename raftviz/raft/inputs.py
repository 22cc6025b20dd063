"""What can happen to a server, besides receiving a message."""

from raftviz.raft.messages import Message
from raftviz.raft.names import Address
from raftviz.raft.values import value


@value
class Received:
    """``message`` arrived from ``sender``."""

    sender: Address
    message: Message


@value
class TimerFired:
    """The server's timer ran out: its election timeout, or a leader's heartbeat interval."""


@value
class Persisted:
    """Everything up to ``last_index`` of the log as written in ``term`` is on this server's disk."""

    term: int
    last_index: int


@value
class BatchDue:
    """The time is over for which a leader lets commands gather before it sends them."""


@value
class Compact:
    """Take a snapshot now, up to ``through`` at most, or up to what is applied (§7)."""

    through: int | None = None


Input = Received | TimerFired | Persisted | BatchDue | Compact
