"""What conditions look at: a live world, or a state read out of the history."""

from collections.abc import Callable, Mapping
from typing import Protocol

from raftviz.raft.names import Address
from raftviz.sim.client import Client
from raftviz.sim.history import Branch
from raftviz.sim.host import Host
from raftviz.sim.network import Flight, Network


class Scene(Protocol):
    """What a condition is about: a live world, or a state read out of the history."""

    @property
    def time_us(self) -> int:
        """The instant, in µs."""

    @property
    def hosts(self) -> Mapping[int, Host]:
        """The servers' hosts by number."""

    @property
    def clients(self) -> Mapping[Address, Client]:
        """The clients by address."""

    @property
    def network(self) -> Network:
        """The network as it is."""

    @property
    def flights(self) -> Mapping[int, Flight]:
        """What is in flight, by id."""

    @property
    def place(self) -> tuple[Branch, int]:
        """The branch of the history, and how many of its events have happened."""

    since: int
    """Acts before this event are of no account: a lesson's step counts from its beginning."""


Value = bool | int | float | str | Host | None
Evaluate = Callable[[Scene], Value]
