"""Shrinking: what is left is still broken, is as little as can be, and is what a person would do."""

import attrs
import pytest

from raftviz.lab.lesser import without_server
from raftviz.lab.plans import Aim, Plan, Step, played
from raftviz.lab.shrinking import Shrinker
from raftviz.lab.wandering import wander
from raftviz.sim import acts
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms

AIM = Aim.of("no_log_check")


def first_plan(aim: Aim) -> Plan:
    return next(plan for seed in range(500) if (plan := wander(seed, aim)) is not None)


def shrunk(plan: Plan, aim: Aim) -> Shrinker:
    shrinker = Shrinker(plan, aim)
    for _ in shrinker.shrinking():
        pass
    return shrinker


def without(plan: Plan, at: int) -> Plan:
    return attrs.evolve(plan, steps=(*plan.steps[:at], *plan.steps[at + 1 :]))


@pytest.mark.parametrize("variant", ["no_log_check", "match_is_current_len"])
def test_no_single_act_can_be_left_out(variant: str) -> None:
    aim = Aim.of(variant)
    plan = first_plan(aim)
    shrinker = shrunk(plan, aim)
    least = shrinker.plan

    assert shrinker.is_minimal
    assert len(least.steps) < len(plan.steps)
    assert played(least, aim).reached is not None
    assert [at for at in range(len(least.steps)) if played(without(least, at), aim).reached] == []


def test_no_server_can_be_left_out() -> None:
    least = shrunk(first_plan(AIM), AIM).plan
    for server in range(1, least.settings.servers + 1):
        assert played(without_server(least, server), AIM).reached is None


def test_settings_are_usual_as_far_as_they_can_be() -> None:
    least = shrunk(first_plan(AIM), AIM).plan
    assert least.settings.options.machine == "map"
    assert least.settings.options.max_entries == Settings().options.max_entries
    assert least.settings.options.pipeline == 1


def test_pauses_are_whole_and_short() -> None:
    long = Plan(
        attrs.evolve(Settings(), servers=1, variants=("ack_before_commit",), disk_us=(0, 0)),
        (
            Step(ms(12.345), acts.Timeout(1)),
            Step(ms(100.1), acts.Request("x=1", 1)),
        ),
        ms(200),
    )
    aim = Aim.of("ack_before_commit", "acknowledged_not_lost")
    slow = attrs.evolve(long.settings, servers=3, election_timeout_us=(ms(1000), ms(2000)))
    plan = attrs.evolve(long, settings=slow)
    assert played(plan, aim).reached is not None

    least = shrunk(plan, aim).plan
    assert all(step.at_us % 1000 == 0 for step in least.steps)
    assert least.steps[-1].at_us < ms(88)


def test_a_server_that_goes_takes_its_acts_along_and_the_others_move_up() -> None:
    steps = (
        Step(0, acts.Timeout(2)),
        Step(1, acts.Crash(1)),
        Step(2, acts.Partition(((2, 3), (1,)))),
        Step(3, acts.Drop(acts.Choice("RequestVote", 2, 3))),
    )
    plan = without_server(Plan(Settings(servers=3), steps, 9), 1)
    assert plan.settings.servers == 2
    assert [step.act for step in plan.steps] == [
        acts.Timeout(1),
        acts.Partition(((1, 2),)),
        acts.Drop(acts.Choice("RequestVote", 1, 2)),
    ]
