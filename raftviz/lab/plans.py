"""Plans: a cluster, the acts on it and their instants; and stages, on which a plan is made or played.

A plan is all that a run is: whoever plays it gets the same run. ``Aim`` says what somebody looks for.
"""

from copy import copy

import attrs

from raftviz.checks.checker import Checker
from raftviz.checks.liveness import demand_liveness, heal_all
from raftviz.checks.properties import LIVENESS
from raftviz.raft.cluster import Cluster
from raftviz.raft.rules import Rules
from raftviz.raft.values import value
from raftviz.raft.variants import VARIANTS, variant_rules
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.acts import Act
from raftviz.sim.events import Acted
from raftviz.sim.history import Branch
from raftviz.sim.settings import Settings
from raftviz.sim.world import World, begin

NONE = "none"
"""The variant that is none: the algorithm as it is."""

ANY = "any"
"""The property that stands for whichever falls first."""

PANIC = "panic"
"""What falls when a server stops in the middle of a step: it was told what cannot be."""

_PANICS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


@value
class Aim:
    """What somebody looks for: a property that falls while this variant is on."""

    variant: str
    falls: str = ANY

    @classmethod
    def of(cls, variant: str, falls: str = "") -> "Aim":
        """The property of that name; without any, the one that the variant is told to break."""
        usual = VARIANTS[variant].falls if variant in VARIANTS else ANY
        return cls(variant, falls or usual)

    @property
    def rules(self) -> Rules:
        """The rules with the variant in."""
        return variant_rules(*(() if self.variant == NONE else (self.variant,)))

    @property
    def needs_the_end(self) -> bool:
        """Whether a run has to be mended and watched at its end: something does not happen."""
        return self.falls in (LIVENESS.name, ANY)


@value
class Step:
    """An act and its instant."""

    at_us: int
    act: Act


@value
class Plan:
    """A run: the cluster, what is done to it and when, and how long it is looked at.

    ``heals``: behind the last act every fault ends, and then nothing happens that should.
    """

    settings: Settings
    steps: tuple[Step, ...]
    end_us: int
    heals: bool = False


class Stage:
    """A world under the eyes of the properties. ``reached`` is the name of what fell, if it is the aim."""

    def __init__(self, settings: Settings, aim: Aim, rules: Rules) -> None:
        self.aim = aim
        self.history = begin(settings)
        self.checker = Checker(self.history)
        cluster = Cluster.of_size(settings.servers, settings.options, rules)
        self.world = World.at(self.history, cluster=cluster, watcher=self.checker)
        self.reached = ""
        self.fallen: dict[str, tuple[Branch, int]] = {}
        """What else has fallen, and where each fell first."""
        self.heals = False
        self._seen = 0

    @classmethod
    def of(cls, settings: Settings, aim: Aim) -> "Stage":
        """A stage on which a run begins."""
        return cls(settings, aim, aim.rules)

    def again(self) -> "Stage":
        """The same run up to where the last new thing fell, to go on with otherwise."""
        branch, count = [*self.fallen.values()][-1]
        stage = copy(self)
        stage.fallen = dict(self.fallen)
        stage.heals = False
        stage.world = World.at(
            self.history,
            branch,
            count=count,
            new_branch="again",
            cluster=self.world.cluster,
            watcher=self.checker,
        )
        stage._seen = len(self.checker.violations)
        return stage

    def wait(self, duration_us: int) -> None:
        """Let time pass."""
        self.go_to(self.world.time_us + duration_us)

    def go_to(self, time_us: int) -> None:
        """Let everything happen that is due by then."""
        try:
            self.world.run_until(time_us)
        except _PANICS:
            self._panic()
        self._look()

    def do(self, act: Act) -> None:
        """Do an act."""
        try:
            perform(self.world, act)
        except _PANICS:
            self._panic()
        self._look()

    def finish(self, afterwards_us: int) -> None:
        """Let what is under way arrive; if the aim needs it, mend everything and see what comes."""
        if not self.reached:
            self.wait(afterwards_us)
        if not self.reached and self.aim.needs_the_end:
            self.heals = True
            try:
                heal_all(self.world)
                self._look()
                if not self.reached and demand_liveness(self.world) is not None:
                    self.reached = LIVENESS.name
            except _PANICS:
                self._panic()

    def _panic(self) -> None:
        if self.aim.falls in (PANIC, ANY):
            self.reached = PANIC

    def _look(self) -> None:
        violations = self.checker.violations
        for violation in violations[self._seen :]:
            if not self.reached and self.aim.falls in (ANY, violation.property.name):
                self.reached = violation.property.name
            self.fallen.setdefault(
                violation.property.name, (self.world.branch, len(self.world.branch))
            )
        self._seen = len(violations)

    def plan(self) -> Plan:
        """What was done so far, as a plan."""
        steps = [
            Step(record.time_us, record.event.act)
            for record in self.world.branch.records()
            if isinstance(record.event, Acted)
        ]
        return Plan(self.history.settings, tuple(steps), self.world.time_us, self.heals)
