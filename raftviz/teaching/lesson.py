"""A lesson as values: steps of prose, tasks, questions, acts and hints, in the file's order."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

import attrs

from raftviz.sim.conditions import Condition
from raftviz.sim.settings import Settings
from raftviz.sim.statements import Placed


@attrs.frozen
class Say:
    """Prose, as Markdown."""

    text: str
    line: int


@attrs.frozen
class Task:
    """Something for the student to bring about: ticked off when the condition first holds."""

    sentence: str
    condition: Condition
    line: int


@attrs.frozen
class Option:
    """One answer to choose. It is right where ``condition`` holds."""

    text: str
    condition: Condition
    line: int


Kind = Literal["choose", "point", "number"]


@attrs.frozen
class Predict:
    """A question asked before something happens.

    The model answers it: it plays ahead until ``until`` holds, or for ``within_us``. Then the options'
    conditions are looked at (``choose``), or ``answer`` is: a server to point at, or a number.
    ``because`` is said after the answer.
    """

    question: str
    kind: Kind
    options: tuple[Option, ...]
    answer: Condition | None
    until: Condition | None
    within_us: int
    because: str
    line: int

    @property
    def asks_for_entry(self) -> bool:
        """Whether the number that is asked for is that of an entry in the logs."""
        text = self.answer.text.strip() if self.answer is not None else ""
        return self.kind == "number" and (
            text.startswith(("next_index(", "match_index("))
            or text.endswith(
                (".commit_index", ".last_applied", ".last_log_index", ".snapshot_index")
            )
        )


@attrs.frozen
class Do:
    """What the lesson does, when its turn comes or when a condition first holds."""

    statements: tuple[Placed, ...]
    when: Condition | None
    line: int


@attrs.frozen
class Watch:
    """What to look at: views to bring to the front, a speed, things to light, whether time stops."""

    panels: tuple[str, ...]
    speed: Fraction | None
    highlight: tuple[str, ...]
    pause: bool
    line: int


@attrs.frozen
class Hint:
    """A help that is shown when asked for; several come one after the other."""

    text: str
    line: int


@attrs.frozen
class Solution:
    """What would do it. The checker plays it, and so does *Show me*."""

    statements: tuple[Placed, ...]
    line: int


@attrs.frozen
class Notes:
    """What whoever teaches may want to say; students do not see it."""

    text: str
    line: int


Block = Say | Task | Predict | Do | Watch | Hint | Solution | Notes


@attrs.frozen
class Step:
    """One idea: a heading and what stands below it."""

    title: str
    line: int
    blocks: tuple[Block, ...]

    @property
    def tasks(self) -> list[Task]:
        """What the student is to do."""
        return [block for block in self.blocks if isinstance(block, Task)]

    @property
    def predictions(self) -> list[Predict]:
        """What the student is asked."""
        return [block for block in self.blocks if isinstance(block, Predict)]

    @property
    def hints(self) -> list[Hint]:
        """The helps, mildest first."""
        return [block for block in self.blocks if isinstance(block, Hint)]


@attrs.frozen
class Rules:
    """What a challenge allows: only some acts, or all but some; and at most so many, or 0 for any number."""

    allowed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    most: int = 0

    def allows(self, word: str) -> bool:
        """Whether an act may be done, by its first word."""
        return word not in self.forbidden and (not self.allowed or word in self.allowed)


@attrs.frozen
class Lesson:
    """A lesson. ``name`` is its file's, without the suffix; ``folder`` is where its pictures are.

    ``seeded`` tells whether it fixes the seed; if not, it works with any.
    """

    name: str
    title: str
    part: str
    order: int
    minutes: int
    goals: tuple[str, ...]
    settings: Settings
    seeded: bool
    start: tuple[Placed, ...]
    steps: tuple[Step, ...]
    folder: str = ""
    rules: Rules | None = None
    """Those of a challenge; None for a lesson."""
    links: Mapping[str, int] = attrs.field(factory=dict)
    """Every link and picture in the prose, and the first line it stands in."""

    @property
    def is_challenge(self) -> bool:
        """Whether it is a challenge: a goal, and a count of acts."""
        return self.rules is not None
