"""A challenge is judged along one line of events: what was done on it, and whether that is allowed."""

from collections.abc import Iterator, Sequence

import attrs

from raftviz.session.edits import Cursor
from raftviz.session.outline import Line, Outline
from raftviz.session.scribe import Scribe
from raftviz.session.session import Session
from raftviz.sim.events import Acted
from raftviz.sim.history import Branch, Record
from raftviz.sim.vocabulary import act_word
from raftviz.teaching.lesson import Rules

Part = tuple[Branch, int, int]
"""The events from the first number to before the second, of a branch."""


@attrs.frozen
class Account:
    """The acts that count, the first words of those that are not allowed, whether a part was shown."""

    acts: int = 0
    fouls: tuple[str, ...] = ()
    shown: bool = False

    def hindrance(self, rules: Rules) -> str:
        """Why the goal cannot be met on this line, as a sentence; empty if it can."""
        if self.fouls:
            words = " and ".join(self.fouls)
            return f"Not allowed here: {words}. Go back to before it, or reset the step."
        if rules.most and self.acts > rules.most:
            return f"That is more than {rules.most} acts. Go back, or reset the step."
        return ""


@attrs.frozen
class Met:
    """A goal that was met: with so many acts, at which place. ``shown``: the lesson did it."""

    acts: int
    at: Cursor
    shown: bool


def account_of(
    rules: Rules,
    branch: Branch,
    start: int,
    count: int,
    performed: Sequence[Part],
    solved: Sequence[Part],
) -> Account:
    """What was done on a branch between two counts of events.

    What the lesson ``performed`` by itself does not count, but for what it ``solved`` to show it.
    """
    acts, fouls, shown = 0, dict[str, None](), False
    for number, record in _acts(branch, start, count, numbered=bool(performed)):
        assert isinstance(record.event, Acted)
        if record.event.note:
            continue
        if _is_in(number, branch, solved):
            shown = True
        elif _is_in(number, branch, performed):
            continue
        acts += 1
        word = act_word(record.event.act)
        if not rules.allows(word):
            fouls[word] = None
    return Account(acts, tuple(fouls), shown)


def _acts(
    branch: Branch, start: int, count: int, *, numbered: bool
) -> Iterator[tuple[int, Record]]:
    """The acts in their order. Without their numbers they are found at once, as each frame asks."""
    if not numbered:
        yield from ((0, record) for record in reversed(list(branch.acts(start, count))))
        return
    for number, record in enumerate(branch.records(start, count), start):
        if isinstance(record.event, Acted):
            yield number, record


def _is_in(number: int, branch: Branch, parts: Sequence[Part]) -> bool:
    return any(
        first <= number < last and branch.shared_with(of) > number for of, first, last in parts
    )


def solution_text(session: Session, title: str, start: Cursor, met: Met) -> str:
    """The line that met a goal, as the text of a session that is looked at where the challenge begins.

    Raises UnwritableError.
    """
    branch, count = met.at.branch, met.at.count
    end_us = int(met.at.time_us)
    line = Line(branch, 0, "my solution", "", 0, None, 0, 0, count, end_us)
    look = (line, start.count, line.place_at(start.count, start.time_us))
    return Scribe(session.history).write(Outline(session.history, title, (line,), look))
