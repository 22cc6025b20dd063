"""Campaigns: thousands of random runs, each from one seed, on all cores.

A seed decides everything: the cluster and its options, which faults occur and how often (swarm
testing), what clients send. At the end of a run everything is mended, and then the cluster must
come to life again.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from itertools import islice

from raftviz.checks.checker import Checker
from raftviz.checks.liveness import demand_liveness, heal_all
from raftviz.checks.properties import Violation
from raftviz.memory import let_history_grow
from raftviz.raft.cluster import Cluster
from raftviz.raft.rules import RULES, Rules
from raftviz.raft.values import value
from raftviz.sim.history import History
from raftviz.sim.random_acts import Visitor, random_settings
from raftviz.sim.world import World, begin

EVENTS = 10_000
"""Events of one run, before it is mended: some hundreds of elections or thousands of commands."""

_AHEAD = 4
"""Seeds that wait for each worker, so that none idles and a cancelled campaign ends soon."""


@value
class Outcome:
    """What came of one seed. ``broken`` are the names of the properties that fell, in order."""

    seed: int
    events: int
    broken: tuple[str, ...]


@value
class Run:
    """One run to look at."""

    history: History
    checker: Checker
    world: World
    violations: tuple[Violation, ...]


def run_seed(seed: int, events: int = EVENTS, rules: Rules = RULES) -> Run:
    """The run of one seed; the same arguments give the same run anywhere."""
    settings = random_settings(seed)
    history = begin(settings)
    checker = Checker(history)
    cluster = Cluster.of_size(settings.servers, settings.options, rules)
    world = World.at(history, cluster=cluster, watcher=checker)
    Visitor(world, swarm=True).visit_until(events)
    heal_all(world)
    dead = demand_liveness(world)
    return Run(history, checker, world, (*checker.violations, *([dead] if dead else [])))


def outcome_of(seed: int, events: int) -> Outcome:
    """``run_seed`` for another process: only what is small comes back."""
    let_history_grow()
    run = run_seed(seed, events)
    names = tuple(dict.fromkeys(violation.property.name for violation in run.violations))
    return Outcome(seed, len(run.history.root), names)


def campaign(seeds: Iterable[int], jobs: int, events: int = EVENTS) -> Iterator[Outcome]:
    """The outcomes of many seeds, as they come. Closing the iterator cancels what has not begun."""
    waiting = iter(seeds)
    if jobs == 1:
        yield from (outcome_of(seed, events) for seed in waiting)
        return
    with ProcessPoolExecutor(jobs) as pool:
        pending = _submit(pool, islice(waiting, jobs * _AHEAD), events)
        try:
            while pending:
                done = next(as_completed(pending))
                pending.remove(done)
                pending |= _submit(pool, islice(waiting, 1), events)
                yield done.result()
        finally:
            for future in pending:
                future.cancel()


def _submit(pool: Executor, seeds: Iterable[int], events: int) -> set[Future[Outcome]]:
    return {pool.submit(outcome_of, seed, events) for seed in seeds}
