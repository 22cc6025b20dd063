"""A finding as a session: the text of a ``.raft`` file that plays it, beside the algorithm as it is.

The first branch is the run in which something falls, up to there; the second is the same acts on the
same cluster with the rule whole.
"""

from collections.abc import Iterator

from raftviz.lab.plans import Stage, Step
from raftviz.raft.variants import VARIANTS
from raftviz.sim.cluster_lines import cluster_lines
from raftviz.sim.scenario import VERSION
from raftviz.sim.units import duration_text, instant_text
from raftviz.sim.vocabulary import act_to_text

BROKEN = "the rule is broken"
WHOLE = "the rule is whole"
AS_IT_IS = "the algorithm as it is"
"""What the branches are called."""


def session_of(stage: Stage, says: str) -> str:
    """The text of the session that shows what was reached on ``stage``; ``says`` is its note."""
    variants = stage.aim.variants
    lines = [f"raft {VERSION}", f'look "{BROKEN if variants else AS_IT_IS}" at 0ms']
    lines += [f'title "{_title(stage)}"', *cluster_lines(stage.history.settings), ""]
    lines += [f'branch "{BROKEN if variants else AS_IT_IS}"', f"note {says}"]
    lines += _acts(stage.steps)
    lines += [f"{_end(stage)} bookmark {_quoted(_what(stage))}", f"note {_why(stage)}"]
    if variants:
        lines += ["", f'branch "{WHOLE}" from "{BROKEN}" at 0ms after 0']
        lines += [f"note The same acts, with the rule whole. {_right(variants[0])}"]
        lines += [f"at 0ms variant-off {variant}" for variant in variants]
        lines += [*_acts(stage.steps), _end(stage)]
    return "\n".join((*lines, "", "end", ""))


def _acts(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        yield f"at {instant_text(step.at_us)} {act_to_text(step.act)}"


def _end(stage: Stage) -> str:
    return f"at {instant_text(end_us_of(stage))}"


def end_us_of(stage: Stage) -> int:
    """When what was reached had fallen."""
    assert stage.reached is not None
    return stage.reached.time_us


def _what(stage: Stage) -> str:
    assert stage.reached is not None
    return f"{stage.reached.property.title} falls"


def _why(stage: Stage) -> str:
    assert stage.reached is not None
    return " ".join(stage.reached.explanation.split())


def _title(stage: Stage) -> str:
    variant = VARIANTS.get(stage.aim.variant)
    return _what(stage) if variant is None else variant.title.replace('"', "”")


def _right(variant: str) -> str:
    """What the rule is, as the variant tells it."""
    told = " ".join(VARIANTS[variant].story.partition("\n\n")[0].split())
    right = told.removeprefix("Correct: ")
    return right[:1].upper() + right[1:]


def _quoted(text: str) -> str:
    return f'"{text}"'


def in_words(stage: Stage, *, minimal: bool) -> str:
    """What was reached, in a sentence or two."""
    settings, acts = stage.history.settings, len(stage.steps)
    servers = f"{settings.servers} server{'s' if settings.servers > 1 else ''}"
    left = "; none of them can be left out" if minimal and acts > 1 else ""
    took = duration_text(end_us_of(stage) // 1000 * 1000)
    return f"{_what(stage)} after {acts} act{'s' if acts != 1 else ''} on {servers}{left}. It takes {took}."
