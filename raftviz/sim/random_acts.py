"""A person at random: whole runs of acts that nobody thought of, for campaigns and tests.

Everything follows from one seed: the cluster (``random_settings``), when somebody acts and what they
do (``Visitor``). An act's draws are keyed by the act's number, so a run of 30 acts is the beginning
of the run of 60 with the same seed, and the seed alone tells how to see a failure again.

A visitor looks before acting, as a person does: acts on messages name one in flight, and who has
broken much mends more, so that there is a cluster left to break.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from raftviz.raft.cluster import Options
from raftviz.raft.messages import message_name
from raftviz.raft.variants import VARIANTS
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.acts import ROLES, Act, Target
from raftviz.sim.chance import Chance, Purpose
from raftviz.sim.host import Host, Status
from raftviz.sim.network import Flight
from raftviz.sim.settings import Settings
from raftviz.sim.targets import choice_of, held_flights
from raftviz.sim.units import NEVER, ms
from raftviz.sim.world import World

T = TypeVar("T")

MAX_RANDOM_SERVERS = 7
"""Larger clusters take longer and show nothing that seven do not."""

_LATENCIES = ((0, 0), (ms(1), ms(5)), (ms(10), ms(15)), (ms(5), ms(80)), (ms(30), ms(140)))
_TIMEOUTS = ((ms(150), ms(300)), (ms(150), ms(300)), (ms(150), ms(160)), (ms(60), ms(600)))
_DISKS = ((0, 0), (ms(1), ms(2)), (0, ms(10)), (ms(10), ms(60)))
_PROBABILITIES = (0.0, 0.0, 0.0, 0.02, 0.1, 0.3)
_RHYTHMS = (0, ms(20), ms(70), ms(200))
_DRIFTS = (0.0, 0.0, 0.01, 0.1)
_PAUSES = (0, ms(1), ms(5), ms(20), ms(100), ms(400))


class Dice:
    """The draws of one act: keyed by its number, and counted from one to the next."""

    def __init__(self, chance: Chance, number: int) -> None:
        self._chance = chance
        self._number = number
        self._draws = 0

    def between(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""
        self._draws += 1
        return self._chance.between(low, high, Purpose.FAULTS, 0, 0, self._number, self._draws)

    def happens(self, percent: int) -> bool:
        """True so often."""
        return self.between(1, 100) <= percent

    def one_of(self, options: Sequence[T]) -> T:
        """One of the options, all equally likely."""
        return options[self.between(0, len(options) - 1)]


def random_settings(seed: int) -> Settings:
    """A cluster of one to seven servers: fast or slow, sound or faulty."""
    dice = Dice(Chance(seed), -1)
    return Settings(
        servers=dice.between(1, MAX_RANDOM_SERVERS),
        seed=seed,
        latency_us=dice.one_of(_LATENCIES),
        election_timeout_us=dice.one_of(_TIMEOUTS),
        disk_us=dice.one_of(_DISKS),
        loss=dice.one_of(_PROBABILITIES),
        duplicate=dice.one_of(_PROBABILITIES),
        reorder=dice.one_of(_PROBABILITIES),
        requests_us=dice.one_of(_RHYTHMS),
        drift=dice.one_of(_DRIFTS),
        batch_us=dice.one_of((ms(1), ms(5), ms(40))),
        options=_random_options(Dice(Chance(seed), -2)),
    )


def _random_options(dice: Dice) -> Options:
    return Options(
        no_op=dice.happens(70),
        skip_terms=dice.happens(80),
        batch=dice.one_of((1, 1, 3, 50)),
        pipeline=dice.one_of((1, 1, 2, 10)),
        # One entry a round trip is slower than nine clients that ask again: no fault, but no end.
        max_entries=dice.one_of((64, 64, 512)),
        snapshot_every=dice.one_of((0, 0, 1, 5, 40)),
        chunk=dice.one_of((7, 60, 100_000)),
        machine=dice.one_of(("map", "map", "counter", "lock")),
    )


MakeAct = Callable[[Dice, World], Act]


class Visitor:
    """Somebody who does things to a world, one after the other, with a pause before each."""

    def __init__(self, world: World, chance: Chance | None = None, *, swarm: bool = False) -> None:
        self.world = world
        self.chance = chance or Chance(world.settings.seed)
        self.number = 0
        self.acts = _swarm(Dice(self.chance, -3)) if swarm else _ACTS

    def visit(self, count: int) -> None:
        """Do so many acts."""
        for _ in range(count):
            dice = Dice(self.chance, self.number)
            self.number += 1
            self.world.run_until(self.world.time_us + dice.between(0, dice.one_of(_PAUSES)))
            perform(self.world, random_act(dice, self.world, self.acts))

    def visit_until(self, events: int) -> None:
        """Act until so many events have happened, or nothing happens any more."""
        while len(self.world.branch) < events and self.number < events:
            self.visit(1)


def _swarm(dice: Dice) -> tuple[MakeAct, ...]:
    """Some of the acts: a run that never heals, or only loses messages, goes where others do not.

    (Groce and others, *Swarm Testing*, 2012: leaving features out at random finds more.)
    """
    kept = dice.one_of((30, 60, 90))
    return tuple(act for act in _ACTS if dice.happens(kept)) or _ACTS


def random_act(dice: Dice, world: World, choices: tuple[MakeAct, ...] | None = None) -> Act:
    """Something that can be done to the world: mending what is broken if there is much of it."""
    broken = [mend for host in world.hosts.values() for mend in _mends(host)]
    if world.network.groups or world.network.cuts:
        broken.append(acts.Heal())
    broken += [acts.Restore(*link, both=dice.happens(50)) for link in sorted(world.network.cuts)]
    if held := held_flights(world):
        broken.append(acts.Release(choice_of(dice.one_of(held))))
    if dice.happens(20 * len(broken)):
        return dice.one_of(broken)
    return dice.one_of(choices or _ACTS)(dice, world)


def _mends(host: Host) -> list[Act]:
    mends: list[Act] = [acts.FreeDisk(host.id)] if host.disk.full else []
    if host.status is Status.PAUSED:
        mends.append(acts.Resume(host.id))
    elif host.status is Status.CRASHED and not host.refuses:
        mends.append(acts.Restart(host.id))
    return mends


def _damage(dice: Dice, world: World) -> Act:
    """Damage to disks that stays recoverable: a majority of disks is always whole."""
    damaged = sum(host.disk.image is not None for host in world.hosts.values())
    if damaged + 1 > (len(world.hosts) - 1) // 2:
        return acts.FailWrite(dice.one_of(tuple(world.hosts)))
    return acts.Damage(dice.one_of(tuple(world.hosts)))


def _server(dice: Dice, world: World) -> Target:
    """Mostly by number, sometimes by role."""
    return dice.one_of(ROLES) if dice.happens(30) else dice.one_of(tuple(world.hosts))


def _on_server(kind: Callable[[Target], Act]) -> Callable[[Dice, World], Act]:
    return lambda dice, world: kind(_server(dice, world))


def _link(dice: Dice, world: World) -> tuple[Target, Target]:
    servers = tuple(world.hosts)
    return dice.one_of(servers), dice.one_of(servers)


def _maybe_link(dice: Dice, world: World) -> tuple[Target, Target] | None:
    return _link(dice, world) if dice.happens(50) else None


def _partition(dice: Dice, world: World) -> Act:
    sides: list[list[Target]] = [[], [], []]
    most = dice.between(1, 2)
    for server in world.hosts:
        sides[dice.between(0, most)].append(server)
    return acts.Partition(tuple(tuple(side) for side in sides if side))


def _choice(dice: Dice, world: World) -> acts.Choice:
    """A message in flight; one that may not exist when there is none."""
    if not world.flights:
        return acts.Choice("message")
    flight: Flight = world.flights[dice.one_of(tuple(world.flights))]
    if dice.happens(50):
        return choice_of(flight)
    return acts.Choice(message_name(flight.message), flight.source, flight.target)


def _released(dice: Dice, world: World) -> acts.Choice:
    """A held message, if there is one."""
    held = held_flights(world)
    return choice_of(dice.one_of(held)) if held else _choice(dice, world)


def _wake(dice: Dice, world: World) -> Act:
    """A client that would do something by itself, if there is one."""
    sleepers = [-address for address, c in world.clients.items() if c.alarm_us < NEVER]
    return acts.Wake(dice.one_of(sleepers) if sleepers else 1)


def _request(dice: Dice, world: World) -> Act:
    command = dice.one_of(("x=1", "y=2", "x=", "get x", "z=3", "what?"))
    target = _server(dice, world) if dice.happens(30) else None
    client = dice.between(1, 9) if dice.happens(30) else None
    return acts.Request(command, target, client)


_ACTS: tuple[MakeAct, ...] = (
    _request,
    _request,
    _on_server(acts.Crash),
    _on_server(acts.Crash),
    _on_server(acts.Restart),
    _on_server(acts.Timeout),
    _on_server(acts.Timeout),
    _on_server(acts.Pause),
    _on_server(acts.Resume),
    _on_server(acts.Compact),
    _on_server(acts.Tear),
    _on_server(acts.Tear),
    _damage,
    _on_server(acts.FillDisk),
    _on_server(acts.FreeDisk),
    _on_server(acts.FailWrite),
    _on_server(acts.FinishWrite),
    _on_server(acts.FailApply),
    _on_server(acts.SendBatch),
    _wake,
    _partition,
    _partition,
    lambda dice, world: acts.Heal(),  # noqa: ARG005 - all are called alike
    lambda dice, world: acts.Cut(*_link(dice, world), both=dice.happens(50)),
    lambda dice, world: acts.Restore(*_link(dice, world), both=dice.happens(50)),
    lambda dice, world: acts.Drop(_choice(dice, world)),
    lambda dice, world: acts.Drop(_choice(dice, world)),
    lambda dice, world: acts.Duplicate(_choice(dice, world)),
    lambda dice, world: acts.Delay(_choice(dice, world), dice.between(0, ms(400))),
    lambda dice, world: acts.Deliver(_choice(dice, world)),
    lambda dice, world: acts.Hold(_choice(dice, world)),
    lambda dice, world: acts.Hold(_choice(dice, world)),
    lambda dice, world: acts.Release(_released(dice, world)),
    lambda dice, world: acts.SetLoss(dice.one_of(_PROBABILITIES), _maybe_link(dice, world)),
    lambda dice, world: acts.SetDuplication(dice.one_of(_PROBABILITIES), _maybe_link(dice, world)),
    lambda dice, world: acts.SetReorder(dice.one_of(_PROBABILITIES), _maybe_link(dice, world)),
    lambda dice, world: acts.SetLatency(dice.one_of(_LATENCIES), _maybe_link(dice, world)),
    lambda dice, _: acts.SetRequests(dice.one_of(_RHYTHMS)),
)
"""Every act but those on the rules, some of them more than once because more follows from them."""


def _switch_on(dice: Dice, _: World) -> Act:
    return acts.SwitchOn(dice.one_of(tuple(VARIANTS)))


def _switch_off(dice: Dice, world: World) -> Act:
    return acts.SwitchOff(dice.one_of(world.network.variants or tuple(VARIANTS)))


WITH_RULES: tuple[MakeAct, ...] = (*_ACTS, _switch_on, _switch_off, _switch_off)
"""Those, and acts on the rules: not for campaigns, in which nothing may fall."""
