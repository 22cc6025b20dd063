"""No script and no hint: runs at random under the app's own properties find every variant.

So a mistake that nobody has written a script for has a chance to be found as well.
"""

from collections.abc import Iterator

import attrs
import pytest

from raftviz.checks.checker import Checker
from raftviz.checks.liveness import demand_liveness, heal_all
from raftviz.checks.properties import PROPERTIES
from raftviz.raft.variants import PROGRESS, VARIANTS, Variant
from raftviz.sim.random_acts import Visitor, random_settings
from raftviz.sim.world import World, begin

ACTS = 150
RUNS = 300
"""At most so many runs; most variants are found in the first ten."""


def found(seed: int, *variants: str) -> set[str]:
    """What falls in the run of this seed."""
    history = begin(attrs.evolve(random_settings(seed), variants=variants))
    checker = Checker(history)
    world = World.at(history, watcher=checker)
    Visitor(world).visit(ACTS)
    fell = {violation.property.name for violation in checker.violations}
    if not fell:
        heal_all(world)
        stuck = demand_liveness(world)
        fell = {stuck.property.name} if stuck is not None else set()
    return fell


def all_found(runs: int, *variants: str) -> Iterator[str]:
    """What falls in one run after the other."""
    for seed in range(runs):
        yield from found(seed, *variants)


FOUND = [variant for variant in VARIANTS.values() if variant.falls != PROGRESS]
"""What only slows a cluster down is nothing that falls: ``test_progress`` measures it."""


def test_nothing_falls_in_these_runs_while_all_rules_are_whole() -> None:
    assert next(all_found(20), None) is None


@pytest.mark.parametrize("variant", FOUND, ids=[variant.name for variant in FOUND])
def test_some_run_finds_the_variant(variant: Variant) -> None:
    fell = next(all_found(RUNS, variant.name), None)

    assert fell is not None, f"{RUNS} runs at random did not find {variant.name}"
    if not variant.safety and variant.falls != "commit_quorum":
        assert fell == variant.falls


@pytest.mark.parametrize("variant", [*VARIANTS.values()], ids=[*VARIANTS])
def test_what_a_variant_says_falls_is_something_that_is_watched(variant: Variant) -> None:
    assert variant.falls in {one.name for one in PROPERTIES} | {PROGRESS}
