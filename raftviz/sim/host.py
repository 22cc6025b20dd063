"""The machine a server runs on: whether it is up, its timer, its disk."""

from enum import Enum

from raftviz.raft.machine import Replica
from raftviz.raft.messages import Message
from raftviz.raft.names import Address
from raftviz.raft.server import Persistent, Server, restarted
from raftviz.raft.values import NOTHING, value
from raftviz.sim.network import Flight
from raftviz.sim.units import NEVER


class Status(Enum):
    """What a host can be. Paused is a stopped process: its memory stays, its mail waits."""

    UP = "up"
    CRASHED = "crashed"
    PAUSED = "paused"


UP, CRASHED, PAUSED = Status.UP, Status.CRASHED, Status.PAUSED  # names are quicker than members


@value
class Write:
    """A write on its way to the disk, and the messages that may leave only when it is there."""

    persistent: Persistent
    done_us: int
    cause: int
    messages: tuple[tuple[Address, Message], ...] = ()


@value
class Disk:
    """What a crash leaves (``durable``) and what it takes (``writes``, first in first out).

    ``image`` are the disk's bytes once a fault has touched them: they are read at the next start.
    ``full``: writes wait. ``fails``: the next write fails once, and is tried again.
    """

    durable: Persistent
    writes: tuple[Write, ...] = ()
    image: bytes | None = None
    full: bool = False
    fails: bool = False


@value
class Host:
    """A server in the world. The timer runs from ``timer_from_us`` to ``timer_us``.

    ``backlog`` is mail that waits for a paused server; ``timer_cause`` the number of the event
    that set the timer. ``batch_us`` is when a leader stops gathering commands. ``refuses`` says
    why a crashed server did not start again, if it did not.
    """

    server: Server
    disk: Disk
    status: Status = UP
    timer_us: int = NEVER
    timer_from_us: int = 0
    timer_cause: int = -1
    backlog: tuple[Flight, ...] = ()
    batch_us: int = NEVER
    refuses: str = ""

    @property
    def id(self) -> int:
        """The server's number."""
        return self.server.id

    @property
    def unknown(self) -> frozenset[str]:
        """What of it is not known, by name. Only a recording can leave something out."""
        return NOTHING

    @property
    def can_write(self) -> bool:
        """Whether a write on this host gets on: it runs, and there is room."""
        return self.status is UP and not self.disk.full

    @property
    def is_up(self) -> bool:
        """Whether the server runs: neither crashed nor paused."""
        return self.status is UP


def crashed(host: Host, blank: Replica, image: bytes | None = None) -> Host:
    """The host after a crash: what was not durable is gone, and so is the fault of a write.

    ``blank`` is the state machine before any command.
    """
    durable = host.disk.durable
    disk = Disk(durable, image=image or host.disk.image, full=host.disk.full)
    return Host(restarted(host.id, durable, blank), disk, Status.CRASHED)
