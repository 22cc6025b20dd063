"""What of a session goes into its file: the branches that are seen, and from where each is told.

A file tells branches one after the other, each from where it parts from one that was told before. The
history may be more crooked: a branch can hang from one that was deleted, or stand in for one whose
end was undone. So each branch that is seen is told from the deepest position that it shares with
those before it, whatever its parents were.

An outline is taken at one instant, and stays true while the session goes on: what was recorded never
changes, and all else is copied.
"""

import unicodedata
from collections.abc import Iterator

import attrs

from raftviz.raft.values import value
from raftviz.session.bookmarks import Bookmark
from raftviz.session.session import Session
from raftviz.sim.history import LONGEST_NAME, Branch, History


@value
class Mark:
    """A bookmark where it is told: behind the first ``count`` events of its line."""

    count: int
    time_us: int
    name: str
    note: str


@attrs.define(eq=False)
class Line:
    """A branch as it is told: its events ``start … length - 1``, then time up to ``end_us``.

    It parts from ``parent`` behind ``start`` events, at ``start_us``; the first line has none.
    """

    branch: Branch
    number: int
    """Which line of the file it is, from 0."""
    name: str
    note: str
    colour: int
    parent: "Line | None"
    start: int
    start_us: int
    length: int
    end_us: int
    marks: list[Mark] = attrs.field(factory=list)

    def latest_us(self, count: int) -> float:
        """The last instant at which ``count`` events have happened; infinity behind the last."""
        return float(self.branch[count].time_us) if count < self.length else float("inf")

    def place_at(self, count: int, time_us: float) -> int:
        """``time_us``, or the nearest instant at which ``count`` events have happened."""
        return int(min(max(time_us, self.branch.time_at(count)), self.latest_us(count)))

    def owners(self) -> Iterator[tuple[Branch, int, int]]:
        """The branches of the history that hold the line's events, first ones first, and which."""
        pieces = []
        branch, last = self.branch, self.length
        while True:
            first = max(self.start, branch.fork)
            if first < last:
                pieces.append((branch, first, last))
            if branch.parent is None or branch.fork <= self.start:
                return reversed(pieces)
            branch, last = branch.parent, min(last, branch.fork)

    def reach(self, count: int, time_us: int) -> None:
        """Tell of time up to ``time_us`` at least, if nothing has happened behind ``count``."""
        if count == self.length:
            self.end_us = max(self.end_us, time_us)


@value
class Outline:
    """All that a session's file says, but for the acts."""

    history: History
    title: str
    lines: tuple[Line, ...]
    look: tuple[Line, int, int]
    """Where one looks: the line, how many of its events, the instant in µs."""


def outline_of(session: Session) -> Outline:
    """The outline of a session as it is now."""
    lines = _lines(session)
    for bookmark in session.bookmarks:
        _place(bookmark, lines)
    for line in lines:
        line.marks.sort(key=lambda mark: (mark.count, mark.time_us))
        if line.parent is not None:
            line.parent.reach(line.start, line.start_us)
        for mark in line.marks:
            line.reach(mark.count, mark.time_us)
    look = _look(session, lines)
    look[0].reach(*look[1:])
    return Outline(session.history, said(session.title), tuple(lines), look)


# Lines


def _lines(session: Session) -> list[Line]:
    lines: list[Line] = []
    told = _Told()
    names: set[str] = set()
    for branch in session.history.visible:
        parent, start = told.deepest(branch)
        label = branch.label
        name = _distinct(said(label.name)[:LONGEST_NAME], names)
        end_us = session.end_of(branch)
        line = Line(
            branch,
            len(lines),
            name,
            label.note,
            label.colour,
            parent,
            start,
            0,
            len(branch),
            end_us,
        )
        if parent is not None:
            line.start_us = parent.place_at(start, line.place_at(start, _parted_us(branch, start)))
        lines.append(line)
        told.add(line)
    return lines


class _Told:
    """Which branches of the history are told by now, how far, and in which line."""

    def __init__(self) -> None:
        self._by_branch: dict[int, list[tuple[int, Line]]] = {}

    def deepest(self, branch: Branch) -> tuple[Line | None, int]:
        """The first line that shares most with ``branch``, and how many events they share."""
        for ancestor, bound in _lineage(branch):
            known = self._by_branch.get(ancestor.number)
            if known:
                shared = min(bound, known[-1][0])
                return next(line for count, line in known if count >= shared), shared
        return None, 0

    def add(self, line: Line) -> None:
        """A line is told."""
        for ancestor, bound in _lineage(line.branch):
            known = self._by_branch.setdefault(ancestor.number, [])
            if not known or bound > known[-1][0]:
                known.append((bound, line))


def _lineage(branch: Branch) -> Iterator[tuple[Branch, int]]:
    """The branches whose own events are the branch's, and how many of its events end with theirs."""
    line: Branch | None = branch
    bound = len(branch)
    while line is not None:
        if bound > line.fork or line.parent is None:
            yield line, bound
        bound = min(bound, line.fork)
        line = line.parent


def _parted_us(branch: Branch, start: int) -> int:
    """When the future behind the first ``start`` events was opened, if it was there."""
    line: Branch | None = branch
    while line is not None:
        if line.fork == start:
            return line.forked_us
        line = line.parent
    return 0


# Places


def _place(bookmark: Bookmark, lines: list[Line]) -> None:
    """Tell of a bookmark in the first line where it stands; of none if its branch was deleted."""
    home: Line | None = None
    for line in lines:
        if not bookmark.is_on(line.branch):
            continue
        home = home or line
        if bookmark.time_us <= line.latest_us(bookmark.count):
            home = line
            break
    if home is not None:
        here = (bookmark.count, bookmark.time_us)
        while home.parent is not None and here <= (home.start, home.start_us):
            home = home.parent  # up to where a line begins, the one that it comes from tells of it
        time_us = home.place_at(bookmark.count, bookmark.time_us)
        mark = Mark(bookmark.count, time_us, said(bookmark.name), bookmark.note)
        home.marks.append(mark)


def _look(session: Session, lines: list[Line]) -> tuple[Line, int, int]:
    cursor = session.cursor
    of = cursor.branch
    line = max(lines, key=lambda line: (line.branch is of, line.branch.shared_with(of)))
    count = min(cursor.count, line.branch.shared_with(of))
    return line, count, line.place_at(count, cursor.time_us)


# Words


def said(text: str) -> str:
    """A text as it can stand in quotation marks."""
    return " ".join(written(text).replace('"', "'").split())


def written(text: str) -> str:
    """A text as it can stand in a line: without signs that would end it."""
    return "".join(" " if unicodedata.category(c) in _INVISIBLE else c for c in text)


_INVISIBLE = ("Cc", "Cs", "Zl", "Zp")
"""Unicode's categories of what no line of text can hold."""


def _distinct(name: str, taken: set[str]) -> str:
    """The name, with a number behind it if another line has it already."""
    number, distinct = 1, name
    while distinct in taken or not distinct:
        number += 1
        distinct = f"{name[: LONGEST_NAME - 6]} {number}"
    taken.add(distinct)
    return distinct
