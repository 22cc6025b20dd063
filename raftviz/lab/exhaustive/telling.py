"""Making a run of the way that was found: acts on a cluster like any other, which all can be seen of.

Timers and messages are so slow there that nothing happens by itself: what happens is what the acts say,
in their order. Meanwhile messages are seen to move, the older the farther.
"""

from raftviz.checks.checker import Checker
from raftviz.lab.exhaustive.bounds import Bounds
from raftviz.lab.exhaustive.stations import Mail, command_text
from raftviz.lab.exhaustive.way import Leg
from raftviz.raft.cluster import Options
from raftviz.raft.messages import ClientRequest
from raftviz.raft.values import value
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.acts import Act
from raftviz.sim.events import Acted
from raftviz.sim.network import Flight
from raftviz.sim.settings import Settings
from raftviz.sim.targets import choice_of
from raftviz.sim.units import ms
from raftviz.sim.world import World, begin

_BETWEEN_US = ms(20)
"""Between two acts: what one sets off is seen before the next."""


@value
class Told:
    """A run: the cluster, the acts with their instants, and which properties fell in it."""

    settings: Settings
    acts: tuple[tuple[int, Act], ...]
    broken: tuple[str, ...]


def told(
    legs: list[Leg], bounds: Bounds, options: Options, variants: tuple[str, ...], wanted: str
) -> Told:
    """The way as a run in which ``wanted`` falls, without any deed that can be left out."""
    settings = _slow(len(legs), bounds, options, variants)
    run = _play(settings, legs)
    assert run is not None  # the way was found by doing these very things
    number = len(legs)
    while number > 0:
        number -= 1
        fewer = legs[:number] + legs[number + 1 :]
        shorter = _play(settings, fewer)
        if shorter is not None and wanted in shorter.broken:
            legs, run = fewer, shorter
    return run


def _slow(legs: int, bounds: Bounds, options: Options, variants: tuple[str, ...]) -> Settings:
    """A cluster in which nothing happens by itself before all acts are done."""
    whole_us = (legs + 2) * 3 * _BETWEEN_US
    return Settings(
        servers=bounds.servers,
        latency_us=(whole_us, whole_us),
        election_timeout_us=(2 * whole_us, 2 * whole_us),
        heartbeat_us=whole_us,
        disk_us=(0, 0),
        client_timeout_us=whole_us,
        options=options,
        variants=variants,
    )


def _play(settings: Settings, legs: list[Leg]) -> Told | None:
    """These deeds, done in a world; None if one of them cannot be."""
    stage = Stage(settings, legs)
    return stage.told() if stage.play_all() else None


class Stage:
    """A world in which deeds are done as acts."""

    def __init__(self, settings: Settings, legs: list[Leg]) -> None:
        self.settings = settings
        self.legs = legs
        self._begin()

    @classmethod
    def of(
        cls, legs: list[Leg], bounds: Bounds, options: Options, variants: tuple[str, ...]
    ) -> "Stage":
        """A world for these deeds, in which nothing happens by itself."""
        return cls(_slow(len(legs), bounds, options, variants), legs)

    def _begin(self) -> None:
        history = begin(self.settings)
        self.checker = Checker(history)
        self.world = World.at(history, watcher=self.checker)
        self._down: set[int] = set()
        self._arrived: dict[Mail, int] = {}
        """With which leg a message arrived last."""

    def play_all(self) -> bool:
        """Do all of it, with copies of the messages that arrive again; whether that can be done."""
        copies: set[int] = set()
        while True:
            missing = self._play(copies)
            if missing is None:
                return True
            if missing < 0 or missing in copies:
                return False
            copies.add(missing)
            self._begin()

    def _play(self, copies: set[int]) -> int | None:
        """Do all of it; None when done.

        Else a message is not there any more: the leg with which it arrived before, where a copy of it
        would have to be made, or -1 if it was never sent. ``copies`` are the legs at which one is made.
        """
        for number, leg in enumerate(self.legs):
            if leg.server in self._down:
                self._down.remove(leg.server)
                self._act(acts.Restart(leg.server))
            if leg.mail is not None:
                flight = self._flight(leg.mail)
                if flight is None:
                    return self._arrived.get(leg.mail, -1)
                self._arrived[leg.mail] = number
                if number in copies:
                    self._act(acts.Duplicate(choice_of(flight)))
                self._act(acts.Deliver(choice_of(flight)))
            else:
                self._do(leg)
        return None

    def _do(self, leg: Leg) -> None:
        kind, which = leg.deed
        if kind == "timer":
            self._act(acts.Timeout(leg.server))
        elif kind == "crash":
            self._act(acts.Crash(leg.server))
            self._down.add(leg.server)
        else:
            self._act(acts.Request(command_text(which), leg.server, which))
            self._act(acts.Deliver(self._asked(leg.server)))

    def _asked(self, server: int) -> acts.Choice:
        """A client's request that is on its way to a server."""
        return next(
            choice_of(flight)
            for flight in self.world.flights.values()
            if isinstance(flight.message, ClientRequest) and flight.target == server
        )

    def _act(self, act: Act) -> None:
        self.world.stand_at(self.world.time_us + _BETWEEN_US)
        perform(self.world, act)

    def _flight(self, mail: Mail) -> Flight | None:
        source, target, message = mail
        return next(
            (
                flight
                for _, flight in sorted(self.world.flights.items())
                if (flight.source, flight.target) == (source, target) and flight.message == message
            ),
            None,
        )

    def told(self) -> Told:
        """What was done, in the words of the history."""
        done = tuple(
            (record.time_us, record.event.act)
            for record in self.world.branch.records()
            if isinstance(record.event, Acted)
        )
        broken = dict.fromkeys(violation.property.name for violation in self.checker.violations)
        return Told(self.world.settings, done, tuple(broken))
