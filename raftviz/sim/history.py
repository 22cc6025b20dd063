"""The history: every event that happened, as a tree of branches; the only truth there is.

An event appends one record: when, what, why, the one part of the world that it changed (before and
after share structure), and which messages it sent or ended. The state at any instant is read out of
the records; nothing is ever run again. A branch shares its parent's records up to where it forks.

A position in a branch is a *count*: how many of its events have happened.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping

import attrs

from raftviz.raft.because import Because
from raftviz.raft.names import Address
from raftviz.raft.values import value
from raftviz.sim.client import Client
from raftviz.sim.events import Acted, Delivered, Event, Lost
from raftviz.sim.host import Host
from raftviz.sim.network import Flight, Network
from raftviz.sim.settings import Settings

Part = Host | Client | Network
"""What one event can change: a host, a client or the network."""

FLIGHTS_PER_EVENT = 1 << 12
"""More messages than any event sends: flight ids are event number times this plus a counter."""

NETWORK = 0
"""The network's key among the parts; hosts and clients have their addresses."""

_CHECKPOINT = 64
"""At least so many events between two notes of what is in flight; see ``Branch.flights``."""


@value
class Record:
    """One event. ``cause`` is the number of the event that led to it, -1 when nothing did.

    ``part`` is the key of what changed. ``before`` is None for a client that just appeared.
    ``flights`` were put on their way, or sent on another way.
    """

    time_us: int
    event: Event
    cause: int
    part: Address
    before: Part | None
    after: Part
    because: tuple[Because, ...]
    flights: tuple[Flight, ...] = ()

    @property
    def ended(self) -> int | None:
        """The id of the flight that this event ended, if it ended one."""
        event = self.event
        return event.flight.id if isinstance(event, Delivered | Lost) else None


@value
class State:
    """The whole world at one position of a branch."""

    time_us: int
    hosts: Mapping[int, Host]
    clients: Mapping[Address, Client]
    network: Network
    flights: Mapping[int, Flight]


LONGEST_NAME = 60
"""Characters of a branch's or a bookmark's name: what fits beside a track of the timeline."""


@attrs.define
class Label:
    """What people call a branch: a name, a note, a place in the palette of branches."""

    name: str
    note: str = ""
    colour: int = 0


class Branch:
    """A line of events: the parent's first ``fork`` ones, and then its own.

    People may change its ``label``. A ``hidden`` branch was deleted or undone; its records stay.
    """

    def __init__(
        self, number: int, name: str, parent: "Branch | None", fork: int, time_us: int
    ) -> None:
        self.number = number
        self.label = Label(name, colour=number)
        self.parent = parent
        self.fork = fork
        self.forked_us = time_us
        self.hidden = False
        self._records: list[Record] = []
        self._times: list[int] = []
        self._by_part: dict[Address, array[int]] = {}
        self._acts: list[int] = []
        self._checkpoints: list[tuple[int, dict[int, Flight]]] = []
        self._note_at = _CHECKPOINT
        self._latest: tuple[int, dict[int, Flight]] = (0, {})

    @property
    def name(self) -> str:
        """What people call it."""
        return self.label.name

    def __len__(self) -> int:
        return self.fork + len(self._records)

    def __repr__(self) -> str:
        return f"Branch({self.number}, {self.name!r}, {len(self)} events)"

    def append(self, record: Record, flights: Mapping[int, Flight]) -> int:
        """Append an event, after which ``flights`` are in flight, and return its number."""
        local = len(self._records)
        self._records.append(record)
        self._times.append(record.time_us)
        changes = self._by_part.get(record.part)
        if changes is None:
            changes = self._by_part[record.part] = array("q")
        changes.append(local)
        if type(record.event) is Acted:
            self._acts.append(local)
        if local >= self._note_at:
            # The gap between notes grows with what is in flight, so that an event's share of them
            # stays the same.
            self._checkpoints.append((self.fork + local + 1, dict(flights)))
            self._note_at = local + max(_CHECKPOINT, len(flights))
        return self.fork + local

    # Reading

    def shared_with(self, other: "Branch") -> int:
        """How many events the two lines have in common before they part."""
        bounds: dict[int, int] = {}
        line: Branch | None = self
        count = len(self)
        while line is not None:
            bounds[line.number] = count
            count = min(count, line.fork)
            line = line.parent
        line, count = other, len(other)
        while line is not None:
            if line.number in bounds:
                return min(count, bounds[line.number])
            count = min(count, line.fork)
            line = line.parent
        return 0

    def __getitem__(self, number: int) -> Record:
        """The event with this number. Raises IndexError outside the branch."""
        if number < 0:
            raise IndexError(number)
        branch = self._owner(number)
        return branch._records[number - branch.fork]

    def _owner(self, number: int) -> "Branch":
        branch = self
        while number < branch.fork and branch.parent is not None:
            branch = branch.parent
        return branch

    def records(self, first: int = 0, last: int | None = None) -> Iterator[Record]:
        """The events ``first … last - 1`` in order."""
        end = len(self) if last is None else last
        if self.parent is not None and first < self.fork:
            yield from self.parent.records(first, min(end, self.fork))
            first = self.fork
        yield from self._records[max(0, first - self.fork) : max(0, end - self.fork)]

    def count_at(self, time_us: float) -> int:
        """How many events have happened at ``time_us``, those at that very instant included."""
        if self.parent is not None and (not self._times or time_us < self._times[0]):
            return min(self.fork, self.parent.count_at(time_us))
        return self.fork + bisect_right(self._times, time_us)

    def time_at(self, count: int) -> int:
        """The instant of the last of the first ``count`` events; 0 before any."""
        return self[count - 1].time_us if count else 0

    def latest_us(self, count: int) -> float:
        """The last instant at which ``count`` events have happened; infinity behind the last."""
        return float(self[count].time_us) if count < len(self) else float("inf")

    def last_change(self, part: Address, count: int) -> int | None:
        """The number of the last of the first ``count`` events that changed ``part``."""
        branch: Branch | None = self
        while branch is not None:
            changes = branch._by_part.get(part)
            if changes and count > branch.fork:
                at = bisect_left(changes, count - branch.fork)
                if at:
                    return branch.fork + changes[at - 1]
            count = min(count, branch.fork)
            branch = branch.parent
        return None

    def acts(self, first: int, count: int) -> Iterator[Record]:
        """The acts among the events ``first … count - 1``, the last one first."""
        branch: Branch | None = self
        while branch is not None and count > first:
            at = bisect_left(branch._acts, count - branch.fork)
            for local in reversed(branch._acts[:at]):
                if branch.fork + local < first:
                    return
                yield branch._records[local]
            count = min(count, branch.fork)
            branch = branch.parent

    def parts(self, count: int) -> set[Address]:
        """All parts that the first ``count`` events changed."""
        parts: set[Address] = set()
        branch: Branch | None = self
        while branch is not None:
            own = count - branch.fork
            parts.update(part for part, at in branch._by_part.items() if at[0] < own)
            count = min(count, branch.fork)
            branch = branch.parent
        return parts

    def ending_of(self, flight_id: int) -> int | None:
        """The number of the event that ended a flight in this branch; None while it is flying.

        Looks from the event that sent it: most flights end within a few dozen events.
        """
        ending = None
        for number in range(flight_id // FLIGHTS_PER_EVENT + 1, len(self)):
            record = self[number]
            if record.ended == flight_id:
                event = record.event
                ending = number
                if not (isinstance(event, Delivered) and event.waits):
                    return ending  # mail that waits for a paused server may be delivered again
        return ending

    def flights(self, count: int) -> Mapping[int, Flight]:
        """What is in flight after the first ``count`` events.

        The answer is kept: it is asked for again within a frame, and a little later in the next.
        """
        branch = self._owner(max(0, count - 1))
        start, noted = branch._noted_before(count)
        if start == count:
            return noted
        flying = dict(noted)
        for record in branch.records(start, count):
            for flight in record.flights:
                flying[flight.id] = flight
            if record.ended is not None:
                flying.pop(record.ended, None)
        if count <= len(branch):
            branch._latest = (count, flying)
        return flying

    def _noted_before(self, count: int) -> tuple[int, Mapping[int, Flight]]:
        """The last position up to ``count`` at which what was in flight is known."""
        at = bisect_right(self._checkpoints, count, key=lambda noted: noted[0])
        if at and self._checkpoints[at - 1][0] >= self._latest[0]:
            return self._checkpoints[at - 1]
        if self.fork < self._latest[0] <= count:
            return self._latest
        if at:
            return self._checkpoints[at - 1]
        return self.fork, self.parent.flights(self.fork) if self.parent is not None else {}


@value
class Recording:
    """What is special about a history that was read from a file, not simulated.

    ``names`` are the recording's own for servers that it does not call S1, S2 and so on; ``untold``
    are the settings that it does not tell, and that have the values of any new cluster. ``complete``:
    it says of itself that it leaves out nothing.
    """

    names: Mapping[int, str]
    untold: frozenset[str]
    complete: bool


class History:
    """All branches of one world, and the world as it was before the first event.

    A ``recording`` shows what happened elsewhere: nothing ever goes on from its ends.
    """

    def __init__(
        self, settings: Settings, start: State, recording: Recording | None = None
    ) -> None:
        self.settings = settings
        self.start = start
        self.recording = recording
        self.root = Branch(0, "main", None, 0, 0)
        self.branches = [self.root]
        self._latest: tuple[Branch, int, _Parts] | None = None

    def open_branch(self, parent: Branch, count: int, time_us: int, name: str = "") -> Branch:
        """A new future from the position ``count`` of ``parent``; the old one stays."""
        number = len(self.branches)
        branch = Branch(number, name or f"branch {number}", parent, count, time_us)
        self.branches.append(branch)
        return branch

    @property
    def is_recording(self) -> bool:
        """Whether nothing can go on from its ends."""
        return self.recording is not None

    @property
    def visible(self) -> list[Branch]:
        """The branches that are neither deleted nor undone, oldest first."""
        return [branch for branch in self.branches if not branch.hidden]

    def part_at(self, branch: Branch, part: Address, count: int) -> Part | None:
        """A host, a client or the network as it was; None for a client not there yet."""
        number = branch.last_change(part, count)
        if number is not None:
            return branch[number].after
        if part == NETWORK:
            return self.start.network
        return self.start.hosts.get(part) or self.start.clients.get(part)

    def host_at(self, branch: Branch, server: int, count: int) -> Host:
        """One server's host as it was."""
        host = self.part_at(branch, server, count)
        assert isinstance(host, Host)
        return host

    def state_at(self, branch: Branch, count: int, time_us: int | None = None) -> State:
        """The world after the first ``count`` events of ``branch``.

        What was read last is kept: in each frame, several views look at the same state.
        """
        latest = self._latest
        if latest is None or latest[0] is not branch or latest[1] != count:
            latest = self._latest = (branch, count, self._read(branch, count))
        return State(branch.time_at(count) if time_us is None else time_us, *latest[2])

    def _read(self, branch: Branch, count: int) -> "_Parts":
        network = self.part_at(branch, NETWORK, count)
        assert isinstance(network, Network)
        clients = {}
        for address in sorted({*self.start.clients, *branch.parts(count)}, reverse=True):
            client = self.part_at(branch, address, count) if address < 0 else None
            if isinstance(client, Client):
                clients[address] = client
        hosts = {server: self.host_at(branch, server, count) for server in self.start.hosts}
        return hosts, clients, network, branch.flights(count)


_Parts = tuple[Mapping[int, Host], Mapping[Address, Client], Network, Mapping[int, Flight]]
"""The parts of a state: hosts, clients, the network and what is in flight."""


@value
class Moment:
    """What somebody looks at: a position in a branch and the instant they look at it.

    ``time_us`` lies at or after the last of the first ``count`` events and before the next one.
    """

    history: History
    branch: Branch
    count: int
    time_us: int

    @property
    def state(self) -> State:
        """The whole world at this moment, read out of the history."""
        return self.history.state_at(self.branch, self.count, self.time_us)

    @property
    def last(self) -> Record | None:
        """The event that happened last; None before the first."""
        return self.branch[self.count - 1] if self.count else None
