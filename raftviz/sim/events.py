"""What can happen in the world, as the history names it."""

from raftviz.raft.names import Address
from raftviz.raft.values import value
from raftviz.sim.acts import Act
from raftviz.sim.network import Flight


@value
class Delivered:
    """A message arrived. ``waits`` when its receiver is paused and will see it later."""

    flight: Flight
    waits: bool = False


@value
class Lost:
    """A message went nowhere: lost on the link, at a cut, or at a crashed receiver.

    ``why`` is a key of ``faults.LOST``, or what a recording says. ``"untold"`` is a message of which
    a recording says nothing more: it may have arrived.
    """

    flight: Flight
    why: str


@value
class TimedOut:
    """A server's timer ran out."""

    server: int


@value
class Wrote:
    """A server's disk finished a write, or could not: then it is tried again."""

    server: int
    failed: bool = False


@value
class Woke:
    """A client did something by itself, or a leader whose time to gather commands is over."""

    address: Address


@value
class Acted:
    """Somebody did something to the world. ``note`` says so when it had no effect, and why."""

    act: Act
    note: str = ""


@value
class Noted:
    """A recording tells of a server or client, and not what happened; ``text`` may say it."""

    address: Address
    text: str = ""


Event = Delivered | Lost | TimedOut | Wrote | Woke | Acted | Noted
