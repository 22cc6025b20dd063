"""Every property is watched, defined and listed; the checker sees each record once."""

import time

import pytest

from raftviz.checks.checker import Checker
from raftviz.checks.liveness import demand_liveness
from raftviz.checks.properties import FIGURE_3, LIVENESS, PROPERTIES, Property
from raftviz.checks.registry import CHECKS, WATCHES
from raftviz.checks.seen import On
from raftviz.raft.cluster import Cluster, Options
from raftviz.sim.random_acts import Visitor, random_settings
from raftviz.sim.world import World, begin
from tests.checks.forged import led
from tests.sim.worlds import do, led_by, run


def test_every_property_is_watched() -> None:
    assert {one for one, _, _ in WATCHES} | {LIVENESS} == set(PROPERTIES)
    assert len({one.name for one in PROPERTIES}) == len(PROPERTIES)
    assert PROPERTIES[: len(FIGURE_3)] == FIGURE_3


@pytest.mark.parametrize("one", PROPERTIES, ids=lambda one: one.name)
def test_every_property_is_defined_by_the_check_of_its_name(one: Property) -> None:
    checks = {check.__name__: check for _, check, _ in WATCHES} | {"liveness": demand_liveness}
    assert len(checks[one.name].__doc__ or "") > len("a sentence or more")
    assert one.statement.count(". ") == 0
    assert one.title.lower().replace(" ", "_").replace("-", "_") == one.name


def test_every_kind_of_change_is_asked_about() -> None:
    assert all(CHECKS[on] for on in On)


def test_a_checker_that_comes_late_takes_what_it_finds_as_it_is() -> None:
    world = led_by(1, options=Options(snapshot_every=2))
    do(world, "request x=1 to S1", "request y=1 to S1", "request z=1 to S2")
    run(world, 35)
    checker = Checker(world.history)
    world.watcher = checker
    do(world, "crash S1", "compact S2", "restart S1", "request x=2", "crash S3", "restart S3")
    run(world, 1500)

    assert checker.violations == []


@pytest.mark.parametrize("seed", range(12))
def test_branches_of_random_runs_break_nothing(seed: int) -> None:
    settings = random_settings(seed)
    history = begin(settings)
    checker = Checker(history)
    cluster = Cluster.of_size(settings.servers, settings.options)
    world = World.at(history, cluster=cluster, watcher=checker)
    Visitor(world).visit(60)
    branches = [world.branch]
    for part in (4, 2, 3):
        branch = branches[-1]
        count = branch.fork + (len(branch) - branch.fork) * (part - 1) // part
        world = World.at(
            history, branch, count=count, new_branch="b", cluster=cluster, watcher=checker
        )
        Visitor(world).visit(30)
        branches.append(world.branch)
    again = World.at(history, branches[1], cluster=cluster, watcher=checker)
    again.run_until(again.time_us + 300_000)

    assert checker.violations == []


def test_a_fork_costs_no_look_at_what_came_before() -> None:
    it = led(requests_us=20_000)
    run(it.world, 20_000)
    count = len(it.world.branch)
    started = time.perf_counter()
    for fork in range(50):
        twin = World.at(it.world.history, it.world.branch, count=count - fork, new_branch="x")
        twin.watcher = it.checker
        opened = len(it.checker._ledgers)
        twin.step()
        assert len(it.checker._ledgers) == opened + 1
        assert len(it.checker._ledger._facts) < 20
    assert time.perf_counter() - started < 5
    assert it.fallen == set()
