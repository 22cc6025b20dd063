"""The world at one position after the other, each read from the one beside it."""

from collections.abc import Mapping

from raftviz.raft.names import Address
from raftviz.sim.client import Client
from raftviz.sim.history import NETWORK, Branch, History, Part
from raftviz.sim.host import Host
from raftviz.sim.network import Flight, Network


class Scenes:
    """A scene for conditions that moves along a branch; a step costs no more than what it changed."""

    def __init__(self, history: History, branch: Branch, count: int, since: int = 0) -> None:
        self.since = since
        """Acts before this event are of no account."""
        self._branch = branch
        self._count = count
        self._start_us = history.start.time_us
        state = history.state_at(branch, count)
        self._hosts = dict(state.hosts)
        self._clients = dict(state.clients)
        self._network = state.network

    @property
    def place(self) -> tuple[Branch, int]:
        """The branch, and how many events have happened."""
        return self._branch, self._count

    def at(self, count: int) -> "Scenes":
        """The scene at another position, the nearer the quicker."""
        while self._count < count:
            record = self._branch[self._count]
            self._put(record.part, record.after)
            self._count += 1
        while self._count > count:
            self._count -= 1
            record = self._branch[self._count]
            self._put(record.part, record.before)
        return self

    def _put(self, part: Address, value: Part | None) -> None:
        if isinstance(value, Host):
            self._hosts[part] = value
        elif isinstance(value, Client):
            self._clients[part] = value
        elif isinstance(value, Network):
            assert part == NETWORK
            self._network = value
        else:
            del self._clients[part]  # it had not appeared yet

    @property
    def time_us(self) -> int:
        """The instant of the last event."""
        return self._branch.time_at(self._count) if self._count else self._start_us

    @property
    def hosts(self) -> Mapping[int, Host]:
        """The servers' hosts."""
        return self._hosts

    @property
    def clients(self) -> Mapping[Address, Client]:
        """The clients that there are."""
        return self._clients

    @property
    def network(self) -> Network:
        """The network."""
        return self._network

    @property
    def flights(self) -> Mapping[int, Flight]:
        """What is in flight: read from the history when somebody asks, which is rare."""
        return self._branch.flights(self._count)
