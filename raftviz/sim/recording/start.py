"""The world before the first line that tells something of it: nothing is known but who is there."""

from raftviz.raft.machine import Replica
from raftviz.raft.names import Address
from raftviz.raft.server import Persistent, Server
from raftviz.raft.values import NOTHING
from raftviz.sim.client import Client
from raftviz.sim.host import Disk, Host
from raftviz.sim.network import Network
from raftviz.sim.partly import (
    OF_CLIENT,
    OF_HOST,
    OF_ROLES,
    PartlyKnownClient,
    PartlyKnownHost,
    PartlyKnownNetwork,
)
from raftviz.sim.settings import Settings

_OF_HOST = frozenset(OF_HOST) - frozenset(
    OF_ROLES
)  # nobody knows of a role's fields before the role
_OF_CLIENT = frozenset(OF_CLIENT)


def unknown_host(server: int, blank: Replica, also: frozenset[str] = NOTHING) -> Host:
    """A server of which nothing is known; ``also`` never will be."""
    unknown = _OF_HOST | also
    return PartlyKnownHost(Server(server, replica=blank), Disk(Persistent()), unknown=unknown)


def unknown_client(address: Address) -> Client:
    """A client of which nothing is known."""
    return PartlyKnownClient(address, unknown=_OF_CLIENT)


def unknown_network(settings: Settings, untold: frozenset[str]) -> Network:
    """A network whose links are as the settings say, if they do."""
    unknown = frozenset({"quality"}) if "latency_us" in untold else NOTHING
    if unknown:
        return PartlyKnownNetwork(settings.quality, unknown=unknown)
    return Network(settings.quality)
