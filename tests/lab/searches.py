"""Searches as the tests of the explorer ask for them."""

from raftviz.lab.crews import Crew
from raftviz.lab.exploring import explore
from raftviz.lab.findings import Finding, Progress, Search
from raftviz.lab.plans import Aim


def never() -> float:
    """A clock that stands: no search ends because somebody else's test takes long."""
    return 0.0


def to_the_end(search: Search) -> tuple[Finding, list[Progress]]:
    """What a search comes to, and all that it told on the way."""
    told = []
    try:
        while True:
            told.append(next(search))
    except StopIteration as end:
        return end.value, told


def found(
    variant: str, falls: str = "", seed: int = 0, runs: int | None = None, crew: Crew | None = None
) -> Finding:
    """What a search for a variant comes to."""
    aim = Aim.of(variant, falls)
    finding, _ = to_the_end(explore(aim, seed=seed, runs=runs, crew=crew, clock=never))
    return finding
