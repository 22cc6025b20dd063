"""The exhaustive search as every search is: progress while it lasts, and a finding at its end."""

import time
from collections.abc import Callable, Generator, Iterator

from raftviz.checks.properties import LIVENESS, PROPERTIES
from raftviz.lab.exhaustive.bounds import MOST_STATES, PLAIN, Bounds, BoundsError, check_hope
from raftviz.lab.exhaustive.search import Exhaustive, Level, Reached
from raftviz.lab.exhaustive.sometimes import SOMETIMES
from raftviz.lab.exhaustive.telling import plan_of
from raftviz.lab.exhaustive.way import way_to
from raftviz.lab.findings import SEARCHING, SHRINKING, Finding, Progress, Search
from raftviz.lab.plans import ANY, Aim, Plan, played
from raftviz.lab.story import in_words, session_of
from raftviz.raft.cluster import Options
from raftviz.raft.variants import VARIANTS, rules_with

_NOT_HERE = {
    "compaction_index": "snapshots",
    "retains_suffix": "snapshots",
    "prev_log_term": "snapshots",
    "applied_after_failure": "commands that fail",
    "execute": "clients that ask again",
}
"""Rules that matter only where something happens that the small world of this search does not have."""


def exhaust(
    aim: Aim,
    bounds: Bounds,
    options: Options = PLAIN,
    *,
    most_states: int = MOST_STATES,
    clock: Callable[[], float] = time.monotonic,
) -> Search:
    """Look at all there is within ``bounds``, nearest first, until ``aim`` is reached.

    Raises BoundsError, in a sentence, where no such search can find anything, and for one that would
    not end. Where a rule is broken, what falls may be near: then the nearest states are looked at.
    """
    bounds.check()
    _check(aim)
    if not aim.variants:
        check_hope(bounds, options)
    search = Exhaustive(
        bounds,
        rules_with(aim.variants),
        options,
        wanted=None if aim.falls == ANY else frozenset({aim.falls}),
        most_states=most_states,
    )
    return _searching(search, aim, bounds, options, clock)


def _check(aim: Aim) -> None:
    if aim.falls == LIVENESS.name:
        raise BoundsError(
            "what must happen in the end is not seen in single states: search at random for that"
        )
    for name in aim.variants:
        missing = _NOT_HERE.get(VARIANTS[name].rule)
        if missing is not None:
            raise BoundsError(
                f"{name} matters where there are {missing}, and here there are none: "
                "search at random for it"
            )


def _searching(
    search: Exhaustive, aim: Aim, bounds: Bounds, options: Options, clock: Callable[[], float]
) -> Search:
    began = clock()
    reached = yield from _told(search.searching())
    if not reached.broken:
        return _nothing(aim, bounds, reached, clock() - began)
    level = reached.level
    yield Progress(SHRINKING, states=level.states, depth=level.depth)
    plan = plan_of(way_to(search, reached), bounds, options, aim)
    return _found(plan, aim, level, clock() - began)


def _told(going: Generator[Level, None, Reached]) -> Generator[Progress, None, Reached]:
    """The search, told of as all are."""
    while True:
        try:
            level = next(going)
        except StopIteration as end:
            reached: Reached = end.value
            return reached
        yield Progress(SEARCHING, states=level.states, depth=level.depth)


def _found(plan: Plan, aim: Aim, level: Level, seconds: float) -> Finding:
    stage = played(plan, aim)
    assert stage.reached is not None  # the plan was made by reaching it
    says = f"{in_words(stage, minimal=True)} {level.states:,} states were looked at, nearest first."
    return Finding(
        found=True,
        variant=aim.variant,
        property=stage.reached.property.name,
        seconds=round(seconds, 3),
        acts=len(stage.steps),
        servers=stage.history.settings.servers,
        session=session_of(stage, says),
        states=level.states,
        depth=level.depth,
        minimal=True,
        says=says,
    )


def _nothing(aim: Aim, bounds: Bounds, reached: Reached, seconds: float) -> Finding:
    level = reached.level
    return Finding(
        found=False,
        variant=aim.variant,
        seconds=round(seconds, 3),
        states=level.states,
        depth=level.depth,
        says=" ".join(_honestly(aim, bounds, reached)),
    )


def _honestly(aim: Aim, bounds: Bounds, reached: Reached) -> Iterator[str]:
    level = reached.level
    if reached.complete:
        yield (
            f"No violation within these bounds: {bounds.words}, and any number of messages that are "
            f"late, lost or repeated. These are all the {level.states:,} states there are, up to "
            f"{level.depth} steps from the start."
        )
    else:
        yield (
            f"Nothing fell in the nearest {level.states:,} states, up to {level.depth} steps from "
            f"the start. There are more within these bounds ({bounds.words}): of those nothing is known."
        )
    if aim.falls != ANY:
        title = next(one.title for one in PROPERTIES if one.name == aim.falls)
        yield f"Only {title} was looked for."
    missed = [what for what in SOMETIMES if what not in reached.sometimes]
    met = [what for what in SOMETIMES if what in reached.sometimes]
    if met:
        yield f"It did happen that {', '.join(met)}."
    if missed:
        yield f"It never came to this: {', '.join(missed)}."
