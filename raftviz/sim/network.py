"""What all servers share at one instant: links, how good and which cut; and the rules they follow."""

from collections.abc import Mapping
from typing import Self

import attrs

from raftviz.raft.messages import Message
from raftviz.raft.names import Address
from raftviz.raft.values import NOTHING, value
from raftviz.sim.units import NEVER

Link = tuple[Address, Address]
"""A direction: from whom, to whom."""


@value
class Quality:
    """How a link treats messages. Latencies in µs; the others are probabilities from 0 to 1."""

    latency_us: tuple[int, int]
    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0


@value
class Network:
    """Link qualities and cuts. ``groups`` are the sides of a partition, none when there is none.

    ``variants`` are those of the algorithm that are on, by name: one cluster follows one set of rules,
    so they stand here, with what is no single server's.
    """

    quality: Quality
    links: Mapping[Link, Quality] = attrs.field(factory=dict)
    cuts: frozenset[Link] = frozenset()
    groups: tuple[frozenset[int], ...] = ()
    variants: tuple[str, ...] = ()

    @property
    def unknown(self) -> frozenset[str]:
        """What of it is not known, by name. Only a recording can leave something out."""
        return NOTHING

    def quality_of(self, source: Address, target: Address) -> Quality:
        """The quality of one direction of a link."""
        return self.links.get((source, target), self.quality) if self.links else self.quality

    def is_cut(self, source: Address, target: Address) -> bool:
        """Whether nothing gets from ``source`` to ``target``."""
        if self.cuts and (source, target) in self.cuts:
            return True
        return bool(self.groups) and self.is_parted(source, target)

    def is_parted(self, source: Address, target: Address) -> bool:
        """Whether the partition has the two on different sides. Clients reach every server."""
        if source < 0 or target < 0:
            return False
        return not any(source in group and target in group for group in self.groups)


@value
class Flight:
    """A message on its way, as the network means to treat it.

    It has covered the part ``progress`` of its way at ``since_us`` and goes on evenly to arrive at
    ``arrives_us``, unless it is lost at ``lost_us`` before. ``cause`` is the number of the event
    that sent it; the ``id`` is unique among all that one branch can see. ``lost_why`` is
    ``"loss"``, ``"cut"``, ``"dropped"`` or empty.
    """

    id: int
    source: Address
    target: Address
    message: Message
    cause: int
    sent_us: int
    arrives_us: int
    lost_us: int | None = None
    lost_why: str = ""
    since_us: int = -1
    progress: float = 0.0

    @property
    def unknown(self) -> frozenset[str]:
        """What of it is not known, by name. Only a recording can leave something out."""
        return NOTHING

    @property
    def due_us(self) -> int:
        """When the flight ends, one way or the other."""
        return self.arrives_us if self.lost_us is None else self.lost_us

    def position(self, time_us: float) -> float:
        """The part of the way covered at ``time_us``, from 0 to 1."""
        since = self.since_us if self.since_us >= 0 else self.sent_us
        span = self.arrives_us - since
        if span <= 0:
            return 1.0
        part = (time_us - since) / span
        return self.progress + (1.0 - self.progress) * min(1.0, max(0.0, part))

    def time_of(self, position: float) -> int:
        """When the flight reaches ``position``, if nothing stops it; not before ``since_us``."""
        since = self.since_us if self.since_us >= 0 else self.sent_us
        if position <= self.progress:
            return since
        part = (position - self.progress) / (1.0 - self.progress)
        return since + round(part * (self.arrives_us - since))

    def held(self, now_us: int) -> "Held":
        """The flight, caught where it is."""
        place = self.position(now_us)
        return Held(
            self.id,
            self.source,
            self.target,
            self.message,
            self.cause,
            self.sent_us,
            NEVER,
            since_us=now_us,
            progress=place,
            caught=self,
        )

    def let_go(self, now_us: int) -> "Flight":  # noqa: ARG002 - a held one needs the instant
        """The flight, free to go on; one that is not held goes on as it is."""
        return self


@value
class Held(Flight):
    """A message that somebody holds: it stands where it is, and never arrives by itself.

    ``caught`` is the flight as it was going on when it was caught, at ``since_us``. All of its way
    and of its fate is still before it, and begins when it is let go.
    """

    caught: Flight = attrs.field(kw_only=True)

    def position(self, time_us: float) -> float:  # noqa: ARG002 - it does not move
        """The part of the way covered: the same at all times."""
        return self.progress

    def held(self, now_us: int) -> Self:  # noqa: ARG002 - it is held already
        """Itself."""
        return self

    def let_go(self, now_us: int) -> Flight:
        """The flight as it goes on from here: as late as it was held."""
        caught, waited_us = self.caught, now_us - self.since_us
        lost_us = caught.lost_us
        return attrs.evolve(
            caught,
            since_us=now_us,
            progress=self.progress,
            arrives_us=max(now_us, caught.arrives_us + waited_us),
            lost_us=None if lost_us is None else max(now_us, lost_us + waited_us),
        )
