"""Two lines on one clock: two branches of a session, or one of each of two sessions.

The side with the focus goes, and the other follows to the same instant; within an instant, to the
same event.
"""

from collections.abc import Sequence

import attrs

from raftviz.compare.aligning import aligned
from raftviz.compare.comparison import Comparison, Kind, Line
from raftviz.session.edits import Cursor
from raftviz.session.session import MAX_EVENTS_A_TICK, Session
from raftviz.session.sides import BOTH, Sides
from raftviz.sim.history import Branch, Record
from raftviz.sim.units import NEVER, ms

MAX_EVENTS_A_JUMP = 10_000
"""What the side that follows simulates in one go: about a third of a second."""

_LOOK_AHEAD_US = ms(20)


class SideBySide(Sides):
    """Two lines, at one instant at any time."""

    def __init__(self, session: Session, branch: Branch, other: Session | None = None) -> None:
        """See ``Sides``. The right side comes to where the left one is."""
        super().__init__(session, branch, other)
        self._comparison: Comparison | None = None
        self.follow()

    # The comparison

    @property
    def comparison(self) -> Comparison:
        """What differs, as far as it was read."""
        left, right = self.branch(Kind.LEFT), self.branch(Kind.RIGHT)
        kept = self._comparison
        if kept is None or not kept.is_of(left, right):
            lines = (Line(self.session_of(kind).history, self.branch(kind)) for kind in BOTH)
            kept = self._comparison = Comparison(*lines)
        return kept

    def read(self, most: int) -> bool:
        """Read on in both, about ``most`` events; whether all is read that has happened in both."""
        return self.comparison.read(self.settled_us, most)

    def read_to_here(self) -> None:
        """Read all that has happened up to the instant that is looked at."""
        self.comparison.read(min(int(self.cursor(self.focus).time_us), self.settled_us))

    @property
    def settled_us(self) -> int:
        """The instant up to which both are simulated."""
        ends = []
        for kind in BOTH:
            with self.looking(kind) as session:
                ends.append(session.settled_us)
        return min(ends)

    @property
    def place(self) -> int:
        """How many differences, of those that were read, have happened by now."""
        return self.comparison.place(self.cursor(Kind.LEFT).count, self.cursor(Kind.RIGHT).count)

    # Going

    def follow(self, most: int = MAX_EVENTS_A_JUMP) -> bool:
        """Bring the other side to where the one with the focus is; whether that could be done.

        If it takes more than ``most`` events, both stand as far as the other could come.
        """
        now = self.cursor(self.focus)
        broken = self.broken
        # Within an instant, what goes with what is known once all of the instant has happened.
        self._until(self.focus, int(now.time_us))
        with self.looking(self.focus.other) as session:
            session.reach(now.time_us, most)
            came_us = session.cursor.time_us
            if self.broken > broken:
                violation = session.checker.violations[-1]
                session.playback.playing = False
                session.seek_event(violation.event)
                came_us = session.cursor.time_us
            elif came_us >= now.time_us:
                session.go(attrs.evolve(session.cursor, count=self._beside(now, session)))
        if came_us < now.time_us:
            self.session.seek(came_us)
        return came_us >= now.time_us

    def _beside(self, now: Cursor, other: Session) -> int:
        """The other side's count that goes with a cursor, which may stand within an instant."""
        instant = int(now.time_us)
        mine, theirs = (
            (branch.count_at(instant - 1), branch.count_at(instant))
            for branch in (now.branch, other.branch)
        )
        if now.count == mine[1]:
            return theirs[1]
        here = list(now.branch.records(*mine))
        there = list(other.branch.records(*theirs))
        done = beside = 0
        for step in aligned(here, there):
            if done == now.count - mine[0]:
                break
            done, beside = done + step.left, beside + step.right
        return theirs[0] + beside

    def step(self) -> None:
        """Go to the next event: of both, where it is the same, or else of the one that has it."""
        coming = []
        for kind in BOTH:
            with self.looking(kind) as session:
                coming.append(session.next_us)
        next_us = min(coming)
        if next_us >= NEVER:
            return
        rest = [self._until(kind, next_us) for kind in BOTH]
        step = next(aligned(*rest))
        left, right = (self.cursor(kind).count for kind in BOTH)
        self._go(left + step.left, right + step.right, next_us)

    def _until(self, kind: Kind, time_us: int) -> Sequence[Record]:
        """What is to come on a side up to an instant; it happens now if it has not yet."""
        with self.looking(kind) as session:
            here = session.cursor
            session.reach(time_us)
            session.go(here)
            return list(session.branch.records(here.count, session.branch.count_at(time_us)))

    def step_back(self) -> None:
        """Go to just before the last event, of either or of both."""
        cursors = [self.cursor(kind) for kind in BOTH]
        last_us = max(at.branch.time_at(at.count) for at in cursors)
        first = [min(at.count, at.branch.count_at(last_us - 1)) for at in cursors]
        groups = [
            list(at.branch.records(begin, at.count))
            for at, begin in zip(cursors, first, strict=True)
        ]
        steps = list(aligned(*groups))[:-1]
        left = first[0] + sum(step.left for step in steps)
        right = first[1] + sum(step.right for step in steps)
        now = max(at.branch.time_at(n) for at, n in zip(cursors, (left, right), strict=True))
        self._go(left, right, now)

    def _go(self, left: int, right: int, time_us: float) -> None:
        for kind, count in ((Kind.LEFT, left), (Kind.RIGHT, right)):
            with self.looking(kind) as session:
                session.go(Cursor(session.branch, count, float(time_us)))

    def go_to(self, index: int) -> None:
        """Go to just after a difference, on both sides."""
        difference = self.comparison[index]
        left = difference.left + bool(difference.kind & Kind.LEFT)
        right = difference.right + bool(difference.kind & Kind.RIGHT)
        self._go(left, right, self.comparison.time_us(index))

    def next_difference(self) -> int | None:
        """The first difference that has not happened yet; lets more happen in both to find one."""
        self.read_to_here()
        index, left = self.place, MAX_EVENTS_A_TICK
        while True:
            while index >= len(self.comparison) and not self.read(MAX_EVENTS_A_JUMP):
                pass
            if index < len(self.comparison):
                return index
            happened = self._let_happen() if left > 0 else 0
            if not happened:
                return None
            left -= happened

    def _let_happen(self) -> int:
        """Simulate both a little further, without going there; how many events there were."""
        ends = [self._end(kind) for kind in BOTH]
        until_us = min(ends) + _LOOK_AHEAD_US
        if min(ends) >= NEVER:
            return 0
        before = self._recorded
        for kind in BOTH:
            self._until(kind, until_us)
        return self._recorded - before

    def _end(self, kind: Kind) -> int:
        """When a side's first event comes that has not happened yet."""
        with self.looking(kind) as session:
            here = session.cursor
            session.go_end()
            due_us = session.next_us
            session.go(here)
            return due_us

    @property
    def _recorded(self) -> int:
        return sum(len(self.branch(kind)) for kind in BOTH)

    def last_difference(self) -> int | None:
        """The difference before the one that one stands behind, or the last one that has happened."""
        self.read_to_here()
        index = self.place - 1
        now_us = int(self.cursor(self.focus).time_us)
        if index >= 0 and now_us == self.comparison.time_us(index):
            index -= 1
        return index if index >= 0 else None
