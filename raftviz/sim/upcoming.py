"""What may happen next in a world: every alarm that is set, and every message in flight.

The world itself lets the first of them happen. In an asynchronous network any of them could be the
next one: timers may run fast or slow, disks and messages may take as long as they like.
"""

from collections.abc import Iterator
from enum import IntEnum
from operator import itemgetter

from raftviz.raft.names import Address
from raftviz.raft.values import value
from raftviz.sim.history import State
from raftviz.sim.network import Flight
from raftviz.sim.units import NEVER


class Kind(IntEnum):
    """What happens, in the order in which it happens at one instant."""

    WRITE = 0
    ARRIVAL = 1
    TIMER = 2
    BATCH = 3
    CLIENT = 4


@value
class Upcoming:
    """Something that may happen next, and when it does so by itself (``NEVER``: not by itself).

    ``who`` is the server or client that it happens to; ``flight`` the message that arrives, or that
    is lost then.
    """

    kind: Kind
    due_us: int
    who: Address
    flight: Flight | None = None

    @property
    def key(self) -> tuple[Kind, int]:
        """Which one it is, as long as it can happen."""
        return self.kind, self.who if self.flight is None else self.flight.id

    def concerns(self, address: Address) -> bool:
        """Whether a server or client has part in it: it happens there, or the message is from there."""
        return address == self.who or (self.flight is not None and address == self.flight.source)


def upcoming(state: State) -> list[Upcoming]:
    """All that may happen next, in the order in which it happens if nobody interferes.

    By due time; at one instant disks, then messages in the order in which they were sent, then
    timers, batches and clients, lower numbers first. What does not happen by itself comes last.
    """
    every = list(_all(state))
    every.sort(key=_ORDER)
    return [one for *_, one in every]


_ORDER = itemgetter(0, 1, 2)
"""When, what and which: plain integers, for thousands of messages are sorted while somebody waits."""


def _all(state: State) -> Iterator[tuple[int, int, int, Upcoming]]:
    for number, flight in state.flights.items():
        due_us = flight.due_us
        yield due_us, _ARRIVAL, number, Upcoming(_ARRIVAL, due_us, flight.target, flight)
    for alarm in _alarms(state):
        yield alarm.due_us, alarm.kind, abs(alarm.who), alarm


def _alarms(state: State) -> Iterator[Upcoming]:
    for host in state.hosts.values():
        if host.is_up:
            yield Upcoming(Kind.TIMER, host.timer_us, host.id)
            if host.batch_us < NEVER:
                yield Upcoming(Kind.BATCH, host.batch_us, host.id)
        if host.disk.writes and host.can_write:
            yield Upcoming(Kind.WRITE, host.disk.writes[0].done_us, host.id)
    for client in state.clients.values():
        if client.alarm_us < NEVER:
            yield Upcoming(Kind.CLIENT, client.alarm_us, client.id)


_ARRIVAL = Kind.ARRIVAL  # a name is quicker than a member
