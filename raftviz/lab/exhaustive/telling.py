"""Making a run of the way that was found: acts on a cluster like any other, of which all can be seen.

Timers and messages are so slow there that nothing happens by itself: what happens is what the acts say,
in their order. Meanwhile messages are seen to move, the older the farther.
"""

from raftviz.lab.exhaustive.bounds import Bounds
from raftviz.lab.exhaustive.stations import Mail, command_text
from raftviz.lab.exhaustive.way import Leg
from raftviz.lab.plans import Aim, Plan, Stage
from raftviz.raft.cluster import Options
from raftviz.raft.messages import ClientRequest
from raftviz.sim import acts
from raftviz.sim.acts import Act
from raftviz.sim.network import Flight
from raftviz.sim.settings import Settings
from raftviz.sim.targets import choice_of
from raftviz.sim.units import ms

_BETWEEN_US = ms(20)
"""Between two acts: what one sets off is seen before the next."""


def plan_of(legs: list[Leg], bounds: Bounds, options: Options, aim: Aim) -> Plan:
    """The way as a run that reaches ``aim``, without any deed that can be left out."""
    settings = slow(len(legs), bounds, options, aim.variants)
    plan = _plan(settings, aim, legs)
    assert plan is not None  # the way was found by doing these very things
    for number in reversed(range(len(legs))):
        fewer = legs[:number] + legs[number + 1 :]
        shorter = _plan(settings, aim, fewer)
        if shorter is not None:
            legs, plan = fewer, shorter
    return plan


def slow(legs: int, bounds: Bounds, options: Options, variants: tuple[str, ...]) -> Settings:
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


def _plan(settings: Settings, aim: Aim, legs: list[Leg]) -> Plan | None:
    """These deeds, done in a world; None if one of them cannot be, or the aim is not reached."""
    stage = done(settings, aim, legs)
    return stage.plan if stage is not None and stage.reached is not None else None


def done(settings: Settings, aim: Aim, legs: list[Leg]) -> Stage | None:
    """A world in which these deeds were done; None if one of them cannot be.

    What arrives more than once is copied in time: when a message is missing, all begins anew with a
    copy made where it arrived before.
    """
    copies: set[int] = set()
    while True:
        doing = _Doing(settings, aim)
        missing = doing.all_of(legs, copies)
        if missing is None:
            return doing.stage
        if missing < 0 or missing in copies:
            return None
        copies.add(missing)


class _Doing:
    """Does deeds as acts."""

    def __init__(self, settings: Settings, aim: Aim) -> None:
        self.stage = Stage(settings, aim)
        self._down: set[int] = set()
        self._arrived: dict[Mail, int] = {}
        """With which leg a message arrived last."""

    def all_of(self, legs: list[Leg], copies: set[int]) -> int | None:
        """Do all of it, up to where the aim is reached; None when done.

        Else a message is not there any more: the leg with which it arrived before, where a copy of it
        would have to be made, or -1 if it was never sent. ``copies`` are the legs at which one is made.
        """
        for number, leg in enumerate(legs):
            if leg.server in self._down:
                self._down.remove(leg.server)
                self._act(acts.Restart(leg.server))
            if leg.mail is None:
                self._do(leg)
            elif (flight := self._flight(leg.mail)) is None:
                return self._arrived.get(leg.mail, -1)
            else:
                self._arrived[leg.mail] = number
                if number in copies:
                    self._act(acts.Duplicate(choice_of(flight)))
                self._act(acts.Deliver(choice_of(flight)))
            if self.stage.reached is not None:
                break
        return None

    def _do(self, leg: Leg) -> None:
        kind, which = leg.deed
        if kind == "timer":
            self._act(acts.Timeout(leg.server))
        elif kind in ("crash", "damage"):
            self._act(acts.Crash(leg.server))
            if kind == "damage":
                self._act(acts.Damage(leg.server))
            self._down.add(leg.server)
        else:
            self._act(acts.Request(command_text(which), leg.server, which))
            self._act(acts.Deliver(self._asked(leg.server)))

    def _asked(self, server: int) -> acts.Choice:
        """A client's request that is on its way to a server."""
        return next(
            choice_of(flight)
            for flight in self.stage.world.flights.values()
            if isinstance(flight.message, ClientRequest) and flight.target == server
        )

    def _act(self, act: Act) -> None:
        self.stage.wait(_BETWEEN_US)
        self.stage.do(act)

    def _flight(self, mail: Mail) -> Flight | None:
        source, target, message = mail
        return next(
            (
                flight
                for _, flight in sorted(self.stage.world.flights.items())
                if (flight.source, flight.target) == (source, target) and flight.message == message
            ),
            None,
        )
