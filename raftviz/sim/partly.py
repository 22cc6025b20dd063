"""What a recording shows of servers, clients, messages and the network, where it does not tell all.

The fields that are not told hold what a new server would have; their names stand in ``unknown``, and
whoever shows or judges a field asks there first. What is wholly known is of the plain classes, so a
world that is simulated pays nothing for this.
"""

from raftviz.raft.log import Command
from raftviz.raft.values import NOTHING, value
from raftviz.sim.client import Client
from raftviz.sim.host import Host
from raftviz.sim.network import Flight, Network

UNTOLD = Command("?")
"""The command of an entry of which only index and term are known; told apart by identity."""

OF_ROLES = ("leader", "votes", "next_index", "match_index")
"""What belongs to one role: its other fields are the same in all."""

OF_HOST = (
    "status",
    "role",
    "current_term",
    "voted_for",
    "log",
    "commit_index",
    "last_applied",
    *OF_ROLES,
    "machine",
    "durable",
    "timer",
)
"""What can be unknown of a host. Besides, there are these for those who judge it:

``entries``: its log is known only behind its ``snapshot_index``, where no snapshot need be.
``clients``: some entries do not say whose requests they are. ``language``: what commands do is not
told, so nobody can say what state they lead to."""

IN_MEMORY = frozenset({"role", "commit_index", "last_applied", "machine"})
"""What a crash takes away: unknown afterwards, unless it is told again."""

OF_CLIENT = ("operation", "leader", "answered")
"""What can be unknown of a client."""


@value
class PartlyKnownHost(Host):
    """A host of which ``unknown`` is not known."""

    unknown: frozenset[str] = NOTHING


@value
class PartlyKnownClient(Client):
    """A client of which ``unknown`` is not known."""

    unknown: frozenset[str] = NOTHING


@value
class PartlyKnownNetwork(Network):
    """A network of which ``unknown`` is not known: the ``quality`` of its links."""

    unknown: frozenset[str] = NOTHING


@value
class PartlyKnownFlight(Flight):
    """A message of which ``unknown`` is not known: some of its fields, or when it was sent."""

    unknown: frozenset[str] = NOTHING
