"""Shrinking: from a run in which a property falls to the least that still brings it down.

Whole stretches of acts are left out first, then single ones, then pairs (a crash and its restart);
servers go, acts become simpler, settings usual, pauses short. Whatever is tried is played: what does
not break the same property is no candidate. It goes round until nothing gets less any more, and so
it ends at a local minimum: no single act can be left out.
"""

from collections.abc import Callable, Iterable, Iterator

import attrs

from raftviz.lab.lesser import simpler, steadier, usual, with_other_luck, without_server
from raftviz.lab.plans import Aim, Plan, Step, played
from raftviz.sim import acts
from raftviz.sim.acts import Act
from raftviz.sim.units import US_PER_MS

_PAIRS_OF = 20
"""Acts among which pairs are tried: beyond, there are too many of them."""


class Shrinker:
    """Makes one plan less and less. ``plan`` is the least so far, ``tries`` how many were played."""

    def __init__(self, plan: Plan, aim: Aim) -> None:
        self.plan = plan
        self.aim = aim
        self.tries = 0
        self.is_minimal = False
        self._paired: list[Act] | None = None

    def shrinking(self) -> Iterator[None]:
        """Shrink, pausing after each try. Whoever stops in between has ``plan``."""
        yield from self._stretches(len(self.plan.steps) // 2)
        yield from self._whole_pauses()
        before = None
        while before is not self.plan:
            before = self.plan
            yield from self._stretches(1)
            yield from self._servers()
            yield from self._pairs()
            yield from self._unhurried()
            yield from self._as_long_as_it_helps(steadier)
            yield from self._as_long_as_it_helps(simpler)
            yield from self._as_long_as_it_helps(usual)
            yield from self._whole_pauses()
            yield from self._short_pauses()
        self.is_minimal = True

    def _accept(self, plan: Plan) -> bool:
        """Take ``plan`` if the same property falls in it; what came after that is left out."""
        self.tries += 1
        stage = played(plan, self.aim)
        if stage.reached is None:
            return False
        less = stage.plan
        if less != plan and played(less, self.aim).reached is None:
            return False  # what was in vain was good for something all the same
        self.plan = less
        return True

    # Leaving out

    def _stretches(self, length: int) -> Iterator[None]:
        """Stretches of so many acts, then half as many, down to single ones."""
        while length:
            at = 0
            while at < len(self.plan.steps):
                if not self._leave_out(range(at, at + length)):
                    at += length
                yield
            length //= 2

    def _leave_out(self, places: Iterable[int], later_us: int = 0) -> bool:
        """The plan without some acts, and what comes behind the first of them so much later."""
        gone = frozenset(places)
        steps = [step for at, step in enumerate(self.plan.steps) if at not in gone]
        plan = attrs.evolve(self.plan, steps=tuple(steps))
        return self._accept(_later(plan, min(gone), later_us) if later_us else plan)

    def _pairs(self) -> Iterator[None]:
        """Two acts that belong together; once for each plan, whatever its pauses."""
        if self._paired == self._acts or len(self.plan.steps) > _PAIRS_OF:
            return
        first = 0
        while first < len(self.plan.steps):
            second = first + 1
            while second < len(self.plan.steps):
                yield
                if not self._leave_out((first, second)):
                    second += 1
            first += 1
        self._paired = self._acts

    @property
    def _acts(self) -> list[Act]:
        return [step.act for step in self.plan.steps]

    def _unhurried(self) -> Iterator[None]:
        """A message that is made to arrive may arrive by itself, if one waits for it."""
        latency_us = self.plan.settings.latency_us[1]
        at = 0
        while at < len(self.plan.steps):
            hurries = isinstance(self.plan.steps[at].act, acts.Deliver)
            if not (hurries and self._leave_out((at,), latency_us)):
                at += 1
            yield

    def _servers(self) -> Iterator[None]:
        """Without a server messages take other times: luck is tried a few times more."""
        for server in range(self.plan.settings.servers, 0, -1):
            if self.plan.settings.servers > 1:
                for plan in with_other_luck(without_server(self.plan, server)):
                    yield
                    if self._accept(plan):
                        break

    # Making simpler

    def _as_long_as_it_helps(self, ways: Callable[[Plan], Iterator[Plan]]) -> Iterator[None]:
        again = True
        while again:
            again = False
            for plan in ways(self.plan):
                yield
                if self._accept(plan):
                    again = True
                    break

    def _whole_pauses(self) -> Iterator[None]:
        """Acts at whole milliseconds, as people would do them."""
        rounded = _in_ms(self.plan)
        if rounded == self.plan:
            return
        for plan in with_other_luck(rounded):
            yield
            if self._accept(plan):
                return
        at = 0
        while at < len(self.plan.steps):
            over = -_pause(self.plan, at) % US_PER_MS
            if over:
                self._accept(_later(self.plan, at, over))
            at += 1
            yield

    def _short_pauses(self) -> Iterator[None]:
        """Each pause as short as it can be, to the millisecond; none before the first act."""
        if self.plan.steps and _pause(self.plan, 0):
            for plan in with_other_luck(_later(self.plan, 0, -_pause(self.plan, 0))):
                yield
                if self._accept(plan):
                    break
        at = 0
        while at < len(self.plan.steps):
            count, least, most = len(self.plan.steps), -1, _pause(self.plan, at) // US_PER_MS
            middle = 0
            while least < middle < most and len(self.plan.steps) == count:
                shorter = middle * US_PER_MS - _pause(self.plan, at)
                if self._accept(_later(self.plan, at, shorter)):
                    most = middle
                else:
                    least = middle
                middle = (least + most) // 2
                yield
            at += 1


def _pause(plan: Plan, at: int) -> int:
    """The µs before a step; before the end, behind the last."""
    instants = (0, *(step.at_us for step in plan.steps), plan.end_us)
    return instants[at + 1] - instants[at]


def _in_ms(plan: Plan) -> Plan:
    """The plan with every instant at a whole millisecond."""
    steps = tuple(Step(_whole(step.at_us), step.act) for step in plan.steps)
    return attrs.evolve(plan, steps=steps)


def _whole(time_us: int) -> int:
    return -(-time_us // US_PER_MS) * US_PER_MS


def _later(plan: Plan, first: int, by_us: int) -> Plan:
    """The plan with all from a step on so much later, or earlier."""
    steps = tuple(
        Step(step.at_us + by_us, step.act) if at >= first else step
        for at, step in enumerate(plan.steps)
    )
    return attrs.evolve(plan, steps=steps, end_us=plan.end_us + by_us)
