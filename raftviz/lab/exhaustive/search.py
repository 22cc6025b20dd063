"""Going through the states, nearest first: so the first one found to be wrong is a shortest way to it.

A state is one station for each server, and the past. States that differ only by the servers' names are
one: it is put into the order of the servers' shapes, and where shapes are equal the least of all orders is
taken. What is counted and kept are these.
"""

from collections.abc import Generator, Iterator, Sequence
from itertools import permutations

from raftviz.lab.exhaustive.bounds import MOST_STATES, PLAIN, Bounds
from raftviz.lab.exhaustive.judging import judged
from raftviz.lab.exhaustive.lazy import Lazy
from raftviz.lab.exhaustive.past import Past, after
from raftviz.lab.exhaustive.sites import Names
from raftviz.lab.exhaustive.sometimes import TWO_CANDIDATES, TWO_LEADERS
from raftviz.lab.exhaustive.stations import PARCEL_BITS, Happened, Move, Stations
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.rules import RULES, Rules
from raftviz.raft.server import Candidate, Leader
from raftviz.raft.values import value

State = tuple[int, ...]
"""The stations' numbers, in the servers' order, and the past's."""

Order = tuple[int, ...]
"""Which place (from 0) stands first, second …"""

Broken = tuple[str, ...]
"""The names of properties."""

_AT_A_TIME = 200
"""States that are gone on from before somebody who waits hears of it: some ten milliseconds."""


@value
class Level:
    """How far a search has come.

    ``states`` were met, of which ``waiting`` are not gone on from yet; ``steps`` led from one to
    another; ``depth``: how many deeds the farthest is away.
    """

    states: int
    waiting: int
    steps: int
    depth: int


@value
class Reached:
    """What a search came to. ``broken`` names what fell, in the state behind ``last``, by a deed more.

    ``complete``: there is nothing else within the bounds. ``sometimes``: what was met on the way.
    """

    level: Level
    complete: bool
    sometimes: frozenset[str]
    broken: Broken = ()
    last: State = ()


class Exhaustive:
    """One search. ``wanted``: the properties it is about; any, if None.

    ``symmetric`` and ``at_once`` can be turned off, to see that they take nothing away.
    """

    def __init__(
        self,
        bounds: Bounds,
        rules: Rules = RULES,
        options: Options = PLAIN,
        *,
        wanted: frozenset[str] | None = None,
        most_states: int = MOST_STATES,
        symmetric: bool = True,
        at_once: bool = True,
    ) -> None:
        bounds.check()
        self.bounds = bounds
        self.cluster = Cluster.of_size(bounds.servers, options, rules)
        self.stations = Stations(self.cluster, bounds, at_once=at_once)
        self.wanted = wanted
        self.most_states = most_states
        self.states: dict[State, State | None] = {}
        """Every state that was met, and the one it was met from."""
        self.marks: set[str] = set()
        self._symmetric = symmetric and _blind_to_names(rules)
        self._starts_blank = rules.recovered(None) is not None
        self._pasts: list[Past] = []
        self._past_numbers: dict[Past, int] = {}
        self._pasts_after: dict[tuple[int, int], tuple[int, Broken]] = {}
        self._requested = Lazy[int, int](lambda p: self._past(self._pasts[p].after_request()))
        self._crashed = Lazy[int, int](lambda p: self._past(self._pasts[p].after_crash()))
        self._judged: dict[tuple[int, ...], Broken] = {}
        orders = [*permutations(range(bounds.servers))]
        self._as_it_is = orders[0]
        self._renamed = {order: self._renaming(order) for order in orders}

    # Going on

    def begin(self) -> tuple[list[int], int]:
        """The stations and the past of a fresh cluster."""
        nodes = self.stations.begin()
        return nodes, self._past(Past((0,) * (self.bounds.terms + 1)))

    def searching(self) -> Generator[Level, None, Reached]:
        """Search, pausing now and then. Closing it ends the search, and what was met stays."""
        states, size = self.states, self.bounds.servers
        frontier = [self.canonical(*self.begin())]
        states[frontier[0]] = None
        steps = depth = 0
        while frontier:
            following: list[State] = []
            for done, state in enumerate(frontier):
                nodes, past = [*state[:size]], state[size]
                for place, move, turned in self._deeds(nodes, past):
                    steps += 1
                    then, later, broken = self._after(nodes, turned, place, move)
                    reached = self.canonical(then, later)
                    if reached not in states:
                        states[reached] = state
                        following.append(reached)
                        broken += self._look(then, later, move.happened)
                    if broken and self._wants(broken):
                        level = Level(len(states), len(following), steps, depth + 1)
                        return self._reached(level, complete=False, broken=broken, last=state)
                if done % _AT_A_TIME == 0:
                    waiting = len(frontier) - done + len(following)
                    level = Level(len(states), waiting, steps, depth)
                    if len(states) > self.most_states:
                        return self._reached(level, complete=False)
                    yield level
            frontier = following
            depth += bool(following)
        return self._reached(Level(len(states), 0, steps, depth), complete=True)

    def _reached(
        self, level: Level, *, complete: bool, broken: Broken = (), last: State = ()
    ) -> Reached:
        sometimes = frozenset(self.marks | self.stations.marks)
        return Reached(level, complete, sometimes, broken, last)

    def _wants(self, broken: Broken) -> bool:
        return self.wanted is None or not self.wanted.isdisjoint(broken)

    def _deeds(self, nodes: Sequence[int], past: int) -> Iterator[tuple[int, Move, int]]:
        """All that can happen: where, what, and the past that counts it."""
        stations, used = self.stations, self._pasts[past]
        crashes, requests = used.crashes < self.bounds.crashes, used.requests < self.bounds.commands
        for place, station in enumerate(nodes):
            for move in stations.moves[station]:
                yield place, move, past
            if crashes:
                move = stations.crashes[station]
                if move.station != station:
                    yield place, move, self._crashed[past]
                if self._starts_blank:
                    yield place, stations.damages[station], self._crashed[past]
            if requests:
                asked = stations.requests[station, used.requests + 1]
                if asked is not None:
                    yield place, asked, self._requested[past]

    def _after(
        self, nodes: list[int], past: int, place: int, move: Move
    ) -> tuple[list[int], int, Broken]:
        """The stations and the past after a move, and what fell as far as the others have no part."""
        nodes = nodes.copy()
        nodes[place] = move.station
        adds, sends = self.stations.adds, self.stations.sends
        for target, parcel in move.parcels:
            nodes[target] = adds[nodes[target] << PARCEL_BITS | parcel]
        restless = True
        while restless:
            restless = False
            for station in nodes:
                for target, parcel in sends[station]:
                    known = nodes[target]
                    more = adds[known << PARCEL_BITS | parcel]
                    if more != known:
                        nodes[target] = more
                        restless = True
        happened = move.happened
        if happened.asks_past:
            past, broken = self._past_after(past, happened)
            return nodes, past, happened.broken + broken
        return nodes, past, happened.broken

    def next_of(self, nodes: list[int], past: int) -> Iterator["Next"]:
        """All that can happen, with what comes of it."""
        for place, move, turned in self._deeds(nodes, past):
            then, later, broken = self._after(nodes, turned, place, move)
            broken += self._look(then, later, move.happened)
            yield Next(place, move, then, later, broken)

    # Judging

    def _look(self, nodes: Sequence[int], past: int, happened: Happened) -> Broken:
        """What fell by what just happened, seen by all servers."""
        if len(self.marks) < 2:
            self._mark(nodes)
        if not happened.asks_others:
            return ()
        stations = self.stations.stations
        key = (happened.number, past, *[stations[node][0] for node in nodes])
        broken = self._judged.get(key)
        if broken is None:
            sites = [self.stations.site_of(node) for node in nodes]
            broken = self._judged[key] = tuple(judged(sites, self._pasts[past], happened.outcome))
        return broken

    def _mark(self, nodes: Sequence[int]) -> None:
        servers = [self.stations.site_of(node).server for node in nodes]
        standing = [s.current_term for s in servers if isinstance(s.role, Candidate)]
        if len(set(standing)) < len(standing):
            self.marks.add(TWO_CANDIDATES)
        if sum(isinstance(server.role, Leader) for server in servers) > 1:
            self.marks.add(TWO_LEADERS)

    # Pasts

    def past_of(self, state: State) -> Past:
        """What has happened before a state."""
        return self._pasts[state[-1]]

    def _past(self, past: Past) -> int:
        number = self._past_numbers.get(past)
        if number is None:
            number = self._past_numbers[past] = len(self._pasts)
            self._pasts.append(past)
        return number

    def _past_after(self, past: int, happened: Happened) -> tuple[int, Broken]:
        key = past, happened.number
        known = self._pasts_after.get(key)
        if known is None:
            later, broken = after(self._pasts[past], happened.outcome, crashed=happened.crashed)
            known = self._pasts_after[key] = self._past(later), broken
        return known

    # Names

    def canonical(self, nodes: Sequence[int], past: int) -> State:
        """The one state that stands for all that differ from this by the servers' names."""
        if not self._symmetric:
            return (*nodes, past)
        shapes = self.stations.shapes
        ranked = sorted([shapes[node] << 4 | place for place, node in enumerate(nodes)])
        order = tuple([rank & 15 for rank in ranked])
        if len({rank >> 4 for rank in ranked}) == len(ranked):
            return self.in_order(nodes, past, order)
        known = [rank >> 4 for rank in ranked]
        return min(
            self.in_order(nodes, past, order)
            for order in self._renamed
            if [shapes[nodes[place]] for place in order] == known
        )

    def in_order(self, nodes: Sequence[int], past: int, order: Order) -> State:
        """The state with its servers in another order, and so under other names."""
        if order == self._as_it_is:
            return (*nodes, past)
        stations, pasts = self._renamed[order]
        return (*[stations[nodes[place]] for place in order], pasts[past])

    def _renaming(self, order: Order) -> tuple[Lazy[int, int], Lazy[int, int]]:
        """Stations and pasts under the names that servers have in this order."""
        names: Names = (0, *[order.index(place) + 1 for place in range(len(order))])
        return (
            Lazy(lambda station: self.stations.renamed(station, names)),
            Lazy(lambda past: self._past(self._pasts[past].renamed(names))),
        )


def _blind_to_names(rules: Rules) -> bool:
    """Whether servers are all alike to the rules. To go round them one by one is to look at names."""
    return (rules.add_vote, rules.whom_to_ask, rules.heartbeat_to) == (
        RULES.add_vote,
        RULES.whom_to_ask,
        RULES.heartbeat_to,
    )


@value
class Next:
    """A move, the stations and the past after it, and all that fell."""

    place: int
    move: Move
    nodes: list[int]
    past: int
    broken: Broken
