"""What a layout is: where servers, clients and their words stand."""

from typing import NamedTuple

from raftviz.picture.geometry import Box
from raftviz.picture.primitives import Ring
from raftviz.raft.names import Address
from raftviz.raft.values import value

MOST_WITH_WORDS = 12
"""Beyond so many servers there is no room for words, and their signs show a number for a term."""


def arc_room(radius: float) -> float:
    """From a server's outline to where its timer's arc is over, with a little air."""
    return 0.21 * radius + 7.0


class Spot(NamedTuple):
    """A place and the direction that leads out of the ring from there."""

    x: float
    y: float
    nx: float
    ny: float


@value
class Slot:
    """Room for words: ``stacked`` on several lines beside a server, or in one above or below.

    ``hang`` says where in it few words stand: 0 at its top, 1 at its bottom, near their owner.
    """

    box: Box
    align: int
    stacked: bool
    hang: float


@value(eq=False)
class Layout:
    """All places of one picture. ``message`` is half a message's size, ``font`` the words' size."""

    width: float
    height: float
    ring: Ring
    radius: float
    client: float
    message: float
    font: float
    servers: dict[int, Spot]
    slots: dict[Address, Slot]
    clients: dict[Address, Spot]

    @property
    def crowded(self) -> bool:
        """Whether there are too many servers for words."""
        return len(self.servers) > MOST_WITH_WORDS

    @property
    def lane(self) -> float:
        """How far to its right of the link a message keeps, so that two can pass."""
        return 0.5 * self.message

    def spot(self, address: Address) -> Spot:
        """Where a server or a client stands."""
        return self.servers[address] if address > 0 else self.clients[address]

    def rim(self, address: Address) -> float:
        """How far from its middle a server's or a client's sign ends."""
        return self.radius if address > 0 else self.client
