"""A branch while its events are read: how the world stands at its end, and what is on its way."""

from array import array
from bisect import bisect_left
from collections.abc import Hashable
from heapq import heappop, heappush

from raftviz.raft.because import Because
from raftviz.raft.names import Address
from raftviz.sim.client import Client
from raftviz.sim.events import Event, Lost
from raftviz.sim.faults import LOST
from raftviz.sim.history import NETWORK, Branch, History, Part, Record
from raftviz.sim.host import Host
from raftviz.sim.network import Flight, Network
from raftviz.sim.recording.fields import Json, Wrong, shown
from raftviz.sim.world import Watcher


class Track:
    """The end of a branch that is being read.

    ``numbers`` are the recording's own for the branch's own events, ``next_number`` is that of the
    next one if it does not say. More events may stand in the branch than in the recording, where
    messages are given up of which nothing more is told. ``sent`` are the messages on their way, by
    what the recording calls them.
    """

    def __init__(
        self, history: History, branch: Branch, parent: "Track | None", first: int = 0
    ) -> None:
        self.branch = branch
        self.parent = parent
        self.numbers = array("q")
        self.next_number = first
        self.time_us = branch.forked_us
        state = history.state_at(branch, branch.fork)
        self.hosts = dict(state.hosts)
        self.clients = dict(state.clients)
        self.network = state.network
        self.flying = dict(state.flights)
        self.watcher: Watcher | None = None
        # Of all messages ever, for branches to come: few have other names, or are given up.
        self.called: dict[int, Hashable] = {} if parent is None else parent.called
        self.given_up: dict[int, int] = {} if parent is None else parent.given_up
        self.sent = {self.called.get(flight, flight): flight for flight in self.flying}
        waiting = [(self.given_up[f], f) for f in self.flying if f in self.given_up]
        self._waiting = sorted(waiting)

    def __len__(self) -> int:
        return len(self.branch)

    def event(self, number: int) -> int:
        """The place of the event with this number in the recording. Raises Wrong."""
        line: Track | None = self
        bound = len(self)
        while line is not None:
            at = bisect_left(line.numbers, number)
            place = line.branch.fork + at
            if at < len(line.numbers) and line.numbers[at] == number and place < bound:
                return place
            bound = min(bound, line.branch.fork)
            line = line.parent
        raise Wrong(f"there is no event {number} before this one")

    # Appending

    def append(
        self,
        number: int,
        event: Event,
        cause: int,
        part: Address,
        after: Part,
        because: tuple[Because, ...],
        flights: tuple[Flight, ...] = (),
    ) -> None:
        """Append an event at ``time_us``; ``flights`` are on their way already."""
        before: Part | None
        if isinstance(after, Host):
            before = self.hosts[part]
            self.hosts[part] = after
        elif isinstance(after, Network):
            before = self.network
            self.network = after
        else:
            assert isinstance(after, Client)  # what is left
            before = self.clients.get(part)
            self.clients[part] = after
        record = Record(self.time_us, event, cause, part, before, after, because, flights)
        self.numbers.append(number)
        self.next_number = number + 1
        place = self.branch.append(record, self.flying)
        if self.watcher is not None:
            self.watcher(self.branch, place, record)

    # Messages

    def launch(self, called: Hashable, flight: Flight) -> None:
        """Put a message on its way, or on another one."""
        self.flying[flight.id] = flight
        self.sent[called] = flight.id
        if called != flight.id:
            self.called[flight.id] = called

    def give_up(self, flight: Flight, time_us: int) -> None:
        """Nothing more will be told of a message: at this instant it is given up."""
        self.given_up[flight.id] = time_us
        heappush(self._waiting, (time_us, flight.id))

    def pass_time(self, time_us: int) -> None:
        """Come to ``time_us``, and give up what nothing more is told of until then."""
        while self._waiting and self._waiting[0][0] < time_us:
            self.time_us, flight_id = heappop(self._waiting)
            flight = self.flying.get(flight_id)
            if flight is None:
                continue  # it has arrived in this branch
            self.end(flight)
            because = (Because(LOST["untold"], {}),)
            lost = Lost(flight, "untold")
            number = self.next_number - 1
            self.append(number, lost, flight.cause, NETWORK, self.network, because)
        self.time_us = time_us

    def end(self, flight: Flight) -> None:
        """Take a message out of the air."""
        del self.flying[flight.id]
        del self.sent[self.called.get(flight.id, flight.id)]

    def on_its_way(self, called: Json) -> Flight:
        """The message that is called so. Raises Wrong unless it was sent and has not ended."""
        flight_id = self.sent.get(called) if isinstance(called, int | str) else None
        if flight_id is None:
            message = f"no message {shown(called)} is on its way here"
            raise Wrong(f"{message}: it was never sent, or has come to its end")
        return self.flying[flight_id]
