"""The search at random: seed after seed until something falls, and then the least of it.

The lowest seed that fails is the one that counts, however many workers there are and however fast
each is: the same search comes to the same finding anywhere. (Unless time runs out: then the lowest
that was seen by then.)
"""

import time
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from itertools import count
from pathlib import Path

import attrs

import raftviz
from raftviz.lab.crews import Alone, Crew, CrewError, Handing
from raftviz.lab.findings import SEARCHING, SHRINKING, Finding, Progress, Search
from raftviz.lab.plans import ANY, Aim, Plan, played
from raftviz.lab.shrinking import Shrinker
from raftviz.lab.story import in_words, session_of
from raftviz.lab.wandering import wander
from raftviz.raft.values import value
from raftviz.raft.variants import VARIANTS

LIMIT_S = 60.0
"""Seconds of a search unless somebody says otherwise."""

APART = 1 << 24
"""So many runs of its own has each seed that somebody gives: more than anybody waits for."""

_AT_A_TIME = 16
"""Runs of one part: some tenths of a second."""

_SHORT = 6
"""Acts of a finding that nobody will ask to be shorter."""

_FURTHER_RUNS = 48
_OTHERS = 3
"""Where it is longer, so many runs more are made, and at most so many of them shrunk."""

_SHOWN_EVERY = 8
"""Tries of the shrinking between two that are told of."""


@value
class Part:
    """The seeds ``first … first + runs - 1``, and the code that they are to be run by."""

    aim: Aim
    first: int
    runs: int
    code: str


@value
class Done:
    """How many runs of a part were made, and the first that reached the aim: its seed and its plan."""

    runs: int
    depth: int = 0
    seed: int = -1
    plan: Plan | None = None
    wrong: str = ""


@cache
def code() -> str:
    """What tells one version of the search, the world and the algorithm from another."""
    taken = blake2b(raftviz.__version__.encode(), digest_size=8)
    home = Path(raftviz.__file__).parent
    for floor in ("raft", "sim", "checks", "lab"):
        for file in sorted((home / floor).rglob("*.py")):
            taken.update(file.read_bytes())
    return f"{raftviz.__version__} ({taken.hexdigest()})"


def search_part(part: Part) -> Done:
    """The runs of one part, up to the first that reaches the aim. Done by any worker."""
    if part.code != code():
        return Done(
            0, wrong=f"a worker has version {code()} of raftviz, and this one is {part.code}"
        )
    for seed in range(part.first, part.first + part.runs):
        plan = wander(seed, part.aim)
        if plan is not None:
            return Done(seed - part.first + 1, len(plan.steps), seed, plan)
    return Done(part.runs)


def explore(
    aim: Aim,
    *,
    seed: int = 0,
    limit_s: float = LIMIT_S,
    crew: Crew | None = None,
    runs: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Search:
    """Search for a run that reaches ``aim``, and shrink it; at most ``runs`` runs, if that is given.

    Searches with different ``seed`` have no run in common.

    The time limit is for the search; what was found is shrunk in any case. Raises CrewError when the
    workers of ``crew``, which is closed in the end, cannot go on.
    """
    hunt = _Hunt(aim, seed, clock() + limit_s, crew or Alone(), runs, clock)
    began = clock()
    try:
        yield from hunt.searching()
    except CrewError as error:
        if hunt.plan is None:
            raise CrewError(f"{error}; {hunt.runs:,} runs had found nothing by then") from error
    finally:
        hunt.crew.close()
    if hunt.plan is None:
        return _nothing(aim, hunt, clock() - began)
    finding = None
    for finding in _shrunk(aim, hunt, lambda: clock() - began):
        yield Progress(SHRINKING, hunt.runs, depth=hunt.depth, acts=finding.acts, best=finding)
    assert finding is not None
    return finding


class _Hunt:
    """The search as far as it has come."""

    def __init__(
        self,
        aim: Aim,
        seed: int,
        until_s: float,
        crew: Crew,
        runs: int | None,
        clock: Callable[[], float],
    ) -> None:
        self.crew = crew
        self.runs = 0
        self.depth = 0
        self.seed = -1
        self.plan: Plan | None = None
        self._clock, self._until_s = clock, until_s
        self._parts = _parts(aim, seed * APART, runs)
        self._handing = Handing(crew, search_part, self._parts)

    def searching(self) -> Iterator[Progress]:
        """Search until the lowest seed that fails is known, or time is up.

        The first part is done here: most variants are found before other processes have begun.
        """
        first = next(self._parts, None)
        if first is not None:
            self._take(search_part(first))
            yield Progress(SEARCHING, self.runs, depth=self.depth)
        if self.plan is not None or self._clock() >= self._until_s:
            return
        for answer in self._handing.answers():
            if answer is not None:
                self._take(answer[1])
            yield Progress(SEARCHING, self.runs, depth=self.depth)
            if self._clock() >= self._until_s:
                return

    def _take(self, done: Done) -> None:
        if done.wrong:
            raise CrewError(done.wrong)
        self.runs += done.runs
        self.depth = max(self.depth, done.depth)
        if done.plan is not None and (self.plan is None or done.seed < self.seed):
            self.seed, self.plan = done.seed, done.plan
            self._handing.only(lambda part: part.first < done.seed)


def _parts(aim: Aim, first: int, runs: int | None) -> Iterator[Part]:
    this = code()
    for begin in count(0, _AT_A_TIME):
        left = _AT_A_TIME if runs is None else min(_AT_A_TIME, runs - begin)
        if left <= 0:
            return
        yield Part(aim, first + begin, left, this)


def _nothing(aim: Aim, hunt: _Hunt, seconds: float) -> Finding:
    says = f"{hunt.runs:,} runs at random, and nothing fell that was looked for."
    variant = VARIANTS.get(aim.variant)
    if variant is not None and aim.falls == ANY and variant.suffers:
        says += f" What suffers from {aim.variant} is {variant.suffers}."
    return Finding(
        found=False, variant=aim.variant, seconds=round(seconds, 3), runs=hunt.runs, says=says
    )


def _shrunk(aim: Aim, hunt: _Hunt, seconds: Callable[[], float]) -> Iterator[Finding]:
    """What was found, less and less; the last is the least.

    A least that is still long may be one among shorter ones: then the next runs that reach the aim are
    shrunk as well.
    """
    assert hunt.plan is not None
    reached = played(hunt.plan, aim).reached
    assert reached is not None, "a plan plays as it was made"
    aim = attrs.evolve(aim, falls=reached.property.name)
    best: Finding | None = None
    for best in _less_and_less(aim, hunt, hunt.seed, hunt.plan, seconds):
        yield best
    others = 0
    for seed in range(hunt.seed + 1, hunt.seed + 1 + _FURTHER_RUNS):
        if best is None or best.acts <= _SHORT or others == _OTHERS:
            break
        plan = wander(seed, aim)
        yield best
        if plan is None:
            continue
        others += 1
        for other in _less_and_less(aim, hunt, seed, plan, seconds):
            if other.minimal and other.acts < best.acts:
                best = other
            yield best
    if best is not None:
        yield attrs.evolve(best, seconds=round(seconds(), 3))


def _less_and_less(
    aim: Aim, hunt: _Hunt, seed: int, plan: Plan, seconds: Callable[[], float]
) -> Iterator[Finding]:
    """One plan as a finding, and again whenever it has become less."""
    shrinker = Shrinker(plan, aim)

    def finding() -> Finding:
        stage = played(shrinker.plan, aim)
        assert stage.reached is not None
        says = in_words(stage, minimal=shrinker.is_minimal)
        return Finding(
            found=True,
            variant=aim.variant,
            property=stage.reached.property.name,
            seconds=round(seconds(), 3),
            acts=len(stage.steps),
            servers=stage.history.settings.servers,
            session=session_of(stage, says),
            seed=seed,
            runs=hunt.runs,
            depth=hunt.depth,
            minimal=shrinker.is_minimal,
            says=says,
        )

    last, shown = finding(), shrinker.plan
    for turn, _ in enumerate(shrinker.shrinking()):
        if turn % _SHOWN_EVERY == 0:
            if shown is not shrinker.plan:
                last, shown = finding(), shrinker.plan
            yield last
    yield finding()
