"""The statements of a ``.raft`` file that are no acts, in words: one table reads and documents them."""

import re
from collections.abc import Callable, Collection

import attrs

from raftviz.raft.values import value
from raftviz.sim.conditions import Condition, parse_condition
from raftviz.sim.history import LONGEST_NAME
from raftviz.sim.script_error import did_you_mean
from raftviz.sim.settings import Settings
from raftviz.sim.statements import (
    At,
    Bookmark,
    Expect,
    Look,
    OpenBranch,
    Place,
    Placed,
    Run,
    Statement,
    Step,
    Trace,
    Until,
)
from raftviz.sim.text import Line, Word
from raftviz.sim.units import US_PER_S

MAX_BRANCHES = 1_000
"""Branches of a file, and bookmarks: more than anybody finds their way in."""

FIRST_BRANCH = "main"
"""What the first branch is called unless the file says otherwise."""

_UNTIL_WITHIN_US = 60 * US_PER_S
"""How long ``until`` waits when it does not say ``within``."""

_FINGERPRINT = re.compile("[0-9a-f]{16}")


@attrs.define
class Draft:
    """A scenario as far as it is read."""

    settings: Settings | None = None
    title: str = ""
    look: Look | None = None
    statements: list[Placed] = attrs.field(factory=list)
    bookmarks: set[str] = attrs.field(factory=set)
    branches: set[str] = attrs.field(factory=lambda: {FIRST_BRANCH})
    names: set[str] = attrs.field(factory=set)
    """What servers are called by now."""
    last_at_us: int = -1
    """The last instant of the branch that is read; instants never run back."""
    described: int | None = None
    """Where among the statements the branch or the bookmark stands that a note belongs to."""

    def add(self, statement: Statement, line: Line) -> None:
        """One more statement."""
        if isinstance(statement, Bookmark | OpenBranch):
            self.described = len(self.statements)
        self.statements.append(Placed(statement, line.number))

    @property
    def last_described(self) -> Bookmark | OpenBranch | None:
        """The branch or the bookmark that a note here belongs to."""
        if self.described is None:
            return None
        of = self.statements[self.described].statement
        assert isinstance(of, Bookmark | OpenBranch)
        return of

    def describe(self, statement: Bookmark | OpenBranch) -> None:
        """Put ``statement`` in the place of the one that was described last."""
        assert self.described is not None
        line = self.statements[self.described].line
        self.statements[self.described] = Placed(statement, line)


def read_at(line: Line) -> At:
    """An instant, and how many of its events, behind the word ``at``."""
    time_us = line.instant()
    return At(time_us, line.count(0) if line.accept("after") else None)


def _run(_: Draft, line: Line) -> Statement:
    return Run(line.duration())


def _step(_: Draft, line: Line) -> Statement:
    return Step(line.count() if line.peek() else 1)


def _until(_: Draft, line: Line) -> Statement:
    condition = _condition(line, stop="within")
    within_us = line.duration() if line.accept("within") else _UNTIL_WITHIN_US
    return Until(condition, within_us)


def _expect(_: Draft, line: Line) -> Statement:
    return Expect(_condition(line))


def _condition(line: Line, stop: str = "") -> Condition:
    first = line.take("a condition, such as leader or candidates >= 1")
    words = [first]
    while (word := line.peek()) is not None and (word.quoted or word.text != stop):
        words.append(word)
        line.at += 1
    # A quoted part keeps its quotation marks; spaces are put back where columns were apart.
    text = ""
    for word in words:
        text += " " * max(0, word.column - first.column - len(text))
        text += f'"{word.text}"' if word.quoted else word.text
    return parse_condition(text, line.servers, line.number, first.column)


def _bookmark(draft: Draft, line: Line) -> Statement:
    return Bookmark(_new_name(line, "bookmark", draft.bookmarks))


def _branch(draft: Draft, line: Line) -> Statement:
    if not draft.statements and len(line.words) <= 2:
        draft.branches.clear()
        return OpenBranch(_new_name(line, "branch", draft.branches), None)
    name = _new_name(line, "branch", draft.branches)
    if not line.accept("from"):
        raise line.error("“from” and a bookmark are expected")
    word = line.peek()
    start = line.quoted("a bookmark")
    draft.last_at_us = -1  # times in a branch count on from where it starts
    if not line.accept("at"):
        _check_known(line, word, "bookmark", draft.bookmarks)
        return OpenBranch(name, start)
    _check_known(line, word, "branch", draft.branches - {name})
    at = read_at(line)
    draft.last_at_us = at.time_us
    return OpenBranch(name, Place(start, at))


def _check_known(line: Line, word: Word | None, what: str, known: Collection[str]) -> None:
    if word is not None and word.text not in known:
        message = f"there is no {what} “{word.text}” before this line"
        raise line.error(message + did_you_mean(word.text, known), word)


def _new_name(line: Line, what: str, taken: set[str]) -> str:
    word = line.peek()
    name = line.quoted("a name")
    if name in taken:
        raise line.error(f"there is a {what} “{name}” already", word)
    if len(name) > LONGEST_NAME or not name.isprintable():
        message = f"a name has at most {LONGEST_NAME} characters, all of which can be seen"
        raise line.error(message, word)
    if len(taken) >= MAX_BRANCHES:
        raise line.error(f"there are {MAX_BRANCHES:,} already, and that is the most", word)
    taken.add(name)
    return name


def _trace(_: Draft, line: Line) -> Statement:
    events = line.count()
    if not line.accept("events"):
        raise line.error("“events” and a fingerprint are expected")
    word = line.take("a fingerprint")
    if not _FINGERPRINT.fullmatch(word.text):
        raise line.error(f"a fingerprint is 16 digits from 0 to f, not “{word.text}”", word)
    return Trace(events, word.text)


@value
class StatementForm:
    """How a statement that is no act is said."""

    usage: str
    meaning: str
    example: str
    read: Callable[[Draft, Line], Statement]


STATEMENTS: dict[str, StatementForm] = {
    "run": StatementForm("run DURATION", "The world runs for so long.", "run 200ms", _run),
    "step": StatementForm("step [COUNT]", "So many events happen.", "step 3", _step),
    "until": StatementForm(
        "until CONDITION [within DURATION]",
        "The world runs until a condition holds; it fails if that takes longer than a minute, or "
        "than it says.",
        "until candidates >= 1 within 2s",
        _until,
    ),
    "expect": StatementForm(
        "expect CONDITION",
        "The scenario fails unless the condition holds.",
        'expect committed("x=1")',
        _expect,
    ),
    "bookmark": StatementForm(
        'bookmark "NAME"',
        "This instant gets a name.",
        'bookmark "before healing"',
        _bookmark,
    ),
    "branch": StatementForm(
        'branch "NAME" from "BOOKMARK"   (or from "BRANCH" at TIME [after COUNT])',
        "What follows happens in a branch that starts there. Without “from”, and before all else: "
        "what the first branch is called.",
        'branch "what if" from "before healing"',
        _branch,
    ),
    "trace": StatementForm(
        "trace COUNT events FINGERPRINT",
        "The scenario fails unless the first so many events of this branch are those of which the "
        "fingerprint was taken.",
        "trace 412 events 0f1e2d3c4b5a6978",
        _trace,
    ),
}
"""What can stand in a line, also behind ``at TIME``."""
