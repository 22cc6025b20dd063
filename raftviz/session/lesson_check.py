"""Checking a lesson: its own solution is played, and everything a student could stumble over is told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from raftviz.picture.glossary import entry_of
from raftviz.picture.rulebook import RULES
from raftviz.raft.names import name
from raftviz.raft.variants import VARIANTS
from raftviz.session.lesson_run import LessonRun
from raftviz.session.scenes import Scenes
from raftviz.sim.script_error import ScriptError, did_you_mean
from raftviz.sim.units import US_PER_S
from raftviz.teaching.lesson import Lesson, Say, Solution, Step
from raftviz.teaching.prose import is_safe_link, picture_path, words_in
from raftviz.teaching.reading import PANELS

MOST_WORDS = 90
"""Words of prose in a step: what one reads before one wants to do something."""

SEEDS = range(1, 11)
"""The seeds that a lesson is played with which fixes none."""


@attrs.frozen
class Fault:
    """Something wrong with a lesson: the line of its file, and a sentence."""

    line: int
    sentence: str


def check_lesson(
    read: Callable[[int | None], Lesson], lessons: set[str], folder: Path | None = None
) -> list[Fault]:
    """All that is wrong with a lesson; ``read`` reads it with a seed. ``lessons`` are those there are."""
    try:
        lesson = read(None)
    except ScriptError as error:
        return [Fault(error.line, error.message)]
    faults = [*_check_words(lesson), *_check_links(lesson, lessons, folder)]
    seeds: list[int | None] = [None] if lesson.seeded else list(SEEDS)
    for seed in seeds:
        found = _check_play(read(seed))
        if found:
            with_seed = "" if seed is None else f" (with seed {seed})"
            faults += [Fault(fault.line, fault.sentence + with_seed) for fault in found]
            break  # one seed's worth is enough to mend
    return sorted(faults, key=lambda fault: fault.line)


def _check_words(lesson: Lesson) -> Iterator[Fault]:
    for goal in lesson.goals:
        if entry_of(goal) is None:
            yield Fault(1, f"the goal “{goal}” is not in the glossary")
    for step in lesson.steps:
        words = sum(words_in(block.text) for block in step.blocks if isinstance(block, Say))
        if words > MOST_WORDS:
            yield Fault(
                step.line,
                f"the step “{step.title}” has {words} words; at most {MOST_WORDS} are read",
            )
        if not any(isinstance(block, Say) for block in step.blocks):
            yield Fault(step.line, f"the step “{step.title}” says nothing")


def _check_links(lesson: Lesson, lessons: set[str], folder: Path | None) -> Iterator[Fault]:
    known: dict[str, Callable[[str], bool]] = {
        "server": lambda target: target in map(name, range(1, lesson.settings.servers + 1)),
        "word": lambda target: entry_of(target) is not None,
        "rule": RULES.__contains__,
        "variant": VARIANTS.__contains__,
        "lesson": lessons.__contains__,
        "view": PANELS.__contains__,
    }
    for link, line in lesson.links.items():
        kind, _, target = link.partition(" ")
        if kind == "picture":
            if picture_path(folder or Path(lesson.folder or "."), target) is None:
                yield Fault(line, f"there is no picture “{target}” in the lesson's folder")
            continue
        scheme, _, thing = target.partition(":")
        if not is_safe_link(target):
            yield Fault(line, f"“{target}” leads out of the app; links look like word:majority")
        elif not known[scheme](thing):
            yield Fault(line, f"“{target}” leads nowhere" + _near(scheme, thing, lessons))


def _near(scheme: str, thing: str, lessons: set[str]) -> str:
    known = {
        "lesson": lessons,
        "rule": set(RULES),
        "variant": set(VARIANTS),
        "view": set(PANELS),
    }
    return did_you_mean(thing, known.get(scheme, ()))


def _check_play(lesson: Lesson) -> list[Fault]:
    try:
        run = LessonRun.of(lesson)
    except ScriptError as error:
        return [Fault(error.line, error.message)]
    if run.start_failures:
        failure = run.start_failures[0]
        return [Fault(failure.line, failure.sentence)]
    if lesson.rules is not None and (fault := _met_by_waiting(lesson)):
        return [fault]
    for number, step in enumerate(lesson.steps):
        try:
            faults = list(_check_step(run, number, step))
        except ScriptError as error:
            faults = [Fault(error.line or step.line, error.message)]
        if faults:
            return faults
        if number + 1 < len(lesson.steps) and not run.next():
            return [Fault(step.line, f"the step “{step.title}” cannot be left")]
    return []


WAITING_US = 20 * US_PER_S
"""How long somebody looks on who does nothing."""


def _met_by_waiting(lesson: Lesson) -> Fault | None:
    """A challenge that is met by who does nothing."""
    run = LessonRun.of(lesson)
    until = run.session.time_us + WAITING_US
    while run.session.time_us < until and not run.session.reach(until):
        pass
    run.observe()
    if not run.current.done:
        return None
    return Fault(lesson.steps[0].line, "the goal is met by who does nothing")


def _check_step(run: LessonRun, number: int, step: Step) -> Iterator[Fault]:
    yield from _holding(run, step)
    needs = bool(step.tasks or step.predictions)
    if needs and run.current.done:
        yield Fault(step.line, f"the step “{step.title}” can be passed without doing anything")
        return
    told = set()
    for _ in run.solving(step):
        for failure in run.failures:
            yield Fault(failure.line, f"the solution {failure.sentence}")
            return
        for at, answer in run.current.answers.items():
            if answer.truth.value is None and at not in told:
                told.add(at)
                question = run.current.step.blocks[at]
                yield Fault(question.line, "not exactly one answer is right; the model cannot tell")
    rules = run.lesson.rules
    if rules is not None and (hindrance := run.account().hindrance(rules)):
        yield Fault(step.line, f"the solution does not keep to the rules: {hindrance}")
        return
    if not run.current.done:
        left = [step.blocks[at] for at in run.current.group if at not in run.current.ticked]
        line = left[0].line if left else step.line
        what = (
            "its solution does not reach its end" if _has_solution(step) else "it has no solution"
        )
        if run.current.question is not None:
            what, line = "its question is never answered", run.current.question.line
        yield Fault(line, f"the step “{step.title}” does not end: {what}")
    elif number != run.number:
        yield Fault(step.line, f"the step “{step.title}” is not the one that was played")


def _has_solution(step: Step) -> bool:
    return any(isinstance(block, Solution) for block in step.blocks)


def _holding(run: LessonRun, step: Step) -> Iterator[Fault]:
    """Tasks that are done before the student has done anything."""
    session = run.session
    scene = Scenes(session.history, session.branch, session.count, session.count)
    for task in step.tasks:
        if task.condition.holds(scene):
            yield Fault(task.line, f"“{task.sentence}” holds before the student has done anything")
