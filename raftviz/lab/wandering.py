"""Short runs at random, each from one seed: few servers, few acts, and what is rare made frequent.

A seed decides the cluster and its options, which kinds of acts there are in its run at all, and how
often each (swarm testing: Groce and others, 2012). Timers are slow, so that nobody is elected unless
somebody says so, while messages take their usual time: what decides is acts, and a run of a dozen of
them holds several elections.

Each draw is keyed by the number of the move, as in ``sim/random_acts``; what moves there are, ``moves`` says.
"""

from collections.abc import Sequence

from raftviz.checks.properties import LIVENESS
from raftviz.lab.moves import Make, next_move, some_moves
from raftviz.lab.plans import Aim, Plan, Stage
from raftviz.raft.cluster import Options
from raftviz.sim.chance import Chance, mix
from raftviz.sim.random_acts import Dice
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms

_SERVERS = (3,) * 9 + (5,) * 5 + (4,) * 3 + (2, 1)
_LATENCIES = ((ms(10), ms(10)), (ms(10), ms(15)), (ms(5), ms(40)), (ms(1), ms(60)))
_DISKS = ((0, 0), (0, 0), (0, 0), (ms(1), ms(2)), (ms(10), ms(60)))
_USUAL = Settings()
_SLOW = Settings(election_timeout_us=(ms(3000), ms(6000)), heartbeat_us=ms(1500))
_PAUSES = (0, 0, ms(3), ms(12), ms(12), ms(30), ms(80), ms(350))
_LENGTHS = (6, 10, 16, 24, 36)
_TURNS = 8
_FURTHER = 14
"""How often a run is gone on with from where something fell, and by how many moves."""

_AFTERWARDS_US = ms(120)
"""What is under way after the last act may arrive."""


def random_cluster(seed: int, aim: Aim) -> Settings:
    """A small cluster with options that are anything but usual.

    Its timers are slow, but usual where one waits in the end for what does not happen: else that takes
    long. Nor does it send one entry at a time then: who has many clients could be behind for ever.
    """
    dice = Dice(Chance(seed), -1)
    waits = aim.falls == LIVENESS.name or (aim.waits and dice.happens(50))
    timers = _USUAL if waits else _SLOW
    least = _USUAL.options.max_entries if waits else 1
    return Settings(
        servers=dice.one_of(_SERVERS),
        seed=seed,
        latency_us=dice.one_of(_LATENCIES),
        election_timeout_us=timers.election_timeout_us,
        heartbeat_us=timers.heartbeat_us,
        disk_us=dice.one_of(_DISKS),
        options=Options(
            no_op=dice.happens(60),
            skip_terms=dice.happens(70),
            batch=dice.one_of((1, 1, 1, 1, 3)),
            pipeline=dice.one_of((1, 1, 2, 4)),
            max_entries=max(least, dice.one_of((1, 1, 2, 512))),
            snapshot_every=dice.one_of((0, 0, 0, 1, 2)),
            chunk=dice.one_of((60, 100_000)),
            machine=dice.one_of(("map", "map", "map", "counter")),
        ),
        variants=aim.variants,
    )


def wander(seed: int, aim: Aim) -> Plan | None:
    """The run of this seed as a plan, up to where the aim was reached; None if it was not.

    Where something else falls, a run is on the way to what it looks for: then it is gone on with
    in other ways from there.
    """
    dice = Dice(Chance(seed), -2)
    stage = Stage(random_cluster(seed, aim), aim)
    kinds = some_moves(dice)
    _walk(stage, kinds, Chance(seed), dice.one_of(_LENGTHS))
    turn = since = 0
    while stage.fallen and not stage.reached and since < _TURNS:
        again = stage.again()
        turn, since = turn + 1, since + 1
        chance = Chance(mix(seed) + turn)
        _walk(again, some_moves(Dice(chance, -2)), chance, _FURTHER)
        if again.reached or len(again.fallen) > len(stage.fallen):
            stage, since = again, 0
    return stage.plan if stage.reached else None


def _walk(stage: Stage, kinds: Sequence[Make], chance: Chance, moves: int) -> None:
    """Make so many moves, unless the aim is reached before."""
    for number in range(moves):
        dice = Dice(chance, number)
        stage.wait(dice.between(0, dice.one_of(_PAUSES)))
        for act in next_move(dice, stage.world, kinds):
            if stage.reached:
                return
            if isinstance(act, int):
                stage.wait(act)
            else:
                stage.do(act)
    if not stage.reached:
        stage.wait(_AFTERWARDS_US)
        if stage.aim.waits and stage.history.settings.heartbeat_us < _SLOW.heartbeat_us:
            stage.see_the_end()
