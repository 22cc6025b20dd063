"""Runs of a person at random under the eyes of the properties: what a campaign repeats.

``run_random(seed, acts)`` is one run; the same two numbers give the same run anywhere.
"""

from raftviz.checks.checker import Checker
from raftviz.checks.properties import Violation
from raftviz.raft.cluster import Cluster
from raftviz.raft.rules import RULES, Rules
from raftviz.raft.values import value
from raftviz.sim.history import History
from raftviz.sim.random_acts import Visitor, random_settings
from raftviz.sim.world import World, begin


@value
class RandomRun:
    """What came of a run: its history to look at, and what broke in it."""

    history: History
    violations: list[Violation]

    @property
    def events(self) -> int:
        """How many events happened."""
        return len(self.history.root)


def run_random(seed: int, acts: int, rules: Rules = RULES) -> RandomRun:
    """A random cluster, ``acts`` random acts, and every event watched as it is appended."""
    settings = random_settings(seed)
    history = begin(settings)
    checker = Checker(history)
    cluster = Cluster.of_size(settings.servers, settings.options, rules)
    Visitor(World.at(history, cluster=cluster, watcher=checker)).visit(acts)
    return RandomRun(history, checker.violations)
