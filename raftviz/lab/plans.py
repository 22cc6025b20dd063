"""Plans: a cluster, the acts on it and their instants; and stages, on which they are made and played.

A plan is all that a run is: whoever plays it gets the same run. An ``Aim`` says what one looks for.
"""

from collections.abc import Collection
from copy import copy

import attrs

from raftviz.checks.checker import Checker
from raftviz.checks.liveness import demand_liveness, heal_all
from raftviz.checks.properties import LIVENESS, NO_PANIC, PROPERTIES, Violation
from raftviz.raft.values import value
from raftviz.raft.variants import VARIANTS, variant_rules
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.acts import Act
from raftviz.sim.events import Acted
from raftviz.sim.history import Branch
from raftviz.sim.script_error import did_you_mean
from raftviz.sim.settings import Settings
from raftviz.sim.world import World, begin

NONE = "none"
"""The variant that is none: the algorithm as it is."""

BOTH = "+"
"""What stands between the names of variants that are on together."""

ANY = "any"
"""The property that stands for whichever falls first."""

PROPERTY_NAMES = (ANY, *(one.name for one in PROPERTIES))
"""What one can look for."""

_OTHERWISE = {"panic": NO_PANIC.name}
"""What variants call otherwise."""


def _check(what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise ValueError(f"there is no {what} “{name}”" + did_you_mean(name, known))


@value
class Aim:
    """What one looks for: a run in which this property falls while this variant is on.

    Several variants are written with ``+`` between them.
    """

    variant: str
    falls: str = ANY

    @classmethod
    def of(cls, variant: str, falls: str = "") -> "Aim":
        """The property of that name; without any, the one that the variant is told to break.

        A variant that costs nothing but time breaks none of them: then it is any, and so it is for
        several. Raises ValueError for a name that is none, and for two that break the same rule.
        """
        several = variant.split(BOTH)
        for name in several:
            _check("variant", name, VARIANTS if len(several) > 1 else (NONE, *VARIANTS))
        _check("property", falls or ANY, PROPERTY_NAMES)
        if len(several) > 1:
            variant_rules(*several)
        if falls or variant == NONE or len(several) > 1:
            return cls(variant, falls or ANY)
        told = VARIANTS[variant].falls
        return cls(variant, told if told in PROPERTY_NAMES else _OTHERWISE.get(told, ANY))

    @property
    def variants(self) -> tuple[str, ...]:
        """What is on."""
        return () if self.variant == NONE else tuple(self.variant.split(BOTH))

    @property
    def waits(self) -> bool:
        """Whether what falls may be something that does not happen: a run's end is watched, then."""
        return self.falls in (LIVENESS.name, ANY)


@value
class Step:
    """An act and its instant."""

    at_us: int
    act: Act


@value
class Plan:
    """A run: the cluster, what is done to it and when, and how long it is looked at.

    ``waits``: in the end every fault is mended, and one sees whether the cluster comes to life.
    """

    settings: Settings
    steps: tuple[Step, ...]
    end_us: int
    waits: bool = False


class Stage:
    """A world under the eyes of the properties. ``reached`` is what fell, once it is what one looks for."""

    def __init__(self, settings: Settings, aim: Aim) -> None:
        self.aim = aim
        self.history = begin(settings)
        self.checker = Checker(self.history)
        self.world = World.at(self.history, watcher=self.checker)
        self.reached: Violation | None = None
        self.fallen: dict[str, tuple[Branch, int]] = {}
        """What has fallen by now, and where each fell first."""
        self.mended: tuple[int, int] | None = None
        """How many events there were when all was mended, and when that was."""
        self._seen = 0

    def again(self) -> "Stage":
        """The same run up to where the last new thing fell, to go on with otherwise."""
        branch, count = [*self.fallen.values()][-1]
        stage = copy(self)
        stage.fallen = dict(self.fallen)
        stage.mended = None
        stage.world = World.at(
            self.history, branch, count=count, new_branch="again", watcher=self.checker
        )
        stage._seen = len(self.checker.violations)  # noqa: SLF001 - one of its own kind
        return stage

    def wait(self, duration_us: int) -> None:
        """Let time pass."""
        self.go_to(self.world.time_us + duration_us)

    def go_to(self, time_us: int) -> None:
        """Let everything happen that is due by then."""
        self.world.run_until(time_us)
        self._look()

    def do(self, act: Act) -> None:
        """Do an act, when everything has happened that is due: as a file would tell it."""
        self.wait(0)
        if not self.reached:
            perform(self.world, act)
            self._look()

    def see_the_end(self) -> None:
        """Mend everything, and see whether the cluster comes to life again."""
        self.wait(0)
        if self.reached:
            return
        self.mended = len(self.world.branch), self.world.time_us
        heal_all(self.world)
        stuck = demand_liveness(self.world)
        self._look()
        if stuck is not None and not self.reached and self.aim.falls in (ANY, LIVENESS.name):
            self.reached = stuck

    def _look(self) -> None:
        violations = self.checker.violations
        for violation in violations[self._seen :]:
            name = violation.property.name
            if self.reached is None and self.aim.falls in (ANY, name):
                self.reached = violation
            self.fallen.setdefault(name, (self.world.branch, len(self.world.branch)))
        self._seen = len(violations)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All that was done here, and was not in vain."""
        return self._steps(len(self.world.branch))

    def _steps(self, events: int) -> tuple[Step, ...]:
        return tuple(
            Step(record.time_us, _in_words(record.event.act))
            for record in self.world.branch.records(0, events)
            if isinstance(record.event, Acted) and not record.event.note
        )

    @property
    def plan(self) -> Plan:
        """What was done here, up to where the aim was reached; what mends is no part of it."""
        if self.mended is not None:
            events, end_us = self.mended
        else:
            events = len(self.world.branch)
            end_us = self.reached.time_us if self.reached else self.world.time_us
        steps = self._steps(events)
        return Plan(self.history.settings, steps, end_us, waits=self.mended is not None)


def _in_words(act: Act) -> Act:
    """The act without what is true of this run alone: the number of a message."""
    if isinstance(act, acts.OnMessage):
        return attrs.evolve(act, choice=attrs.evolve(act.choice, id=None))
    return act


def played(plan: Plan, aim: Aim) -> Stage:
    """The stage after this plan, or where the aim was reached before its end."""
    stage = Stage(plan.settings, aim)
    for step in plan.steps:
        stage.go_to(step.at_us)
        stage.do(step.act)
        if stage.reached:
            return stage
    stage.go_to(plan.end_us)
    if plan.waits:
        stage.see_the_end()
    return stage
