"""Two cursors of one session, or one of each of two: one of them has the focus.

It is where acts go, and its session is the one that everything else looks at. Two branches of one
history are two cursors of one session and not two sessions: a second session would have its own
worlds at the ends of the same branches, its own bookmarks and its own undoing, and all of it would
have to be kept in step.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import attrs

from raftviz.checks.properties import Violation
from raftviz.compare.comparison import Kind
from raftviz.session.edits import Cursor, Edit
from raftviz.session.session import Session
from raftviz.sim.history import Branch, Moment

BOTH = (Kind.LEFT, Kind.RIGHT)


@attrs.define(eq=False)
class Side:
    """One of the two. ``cursor`` is where it stands while its session looks at the other side."""

    session: Session
    cursor: Cursor


class Sides:
    """Left and right. ``focus`` says which of them acts go to."""

    def __init__(self, session: Session, branch: Branch, other: Session | None = None) -> None:
        """Look at ``session`` on the left, and beside it at ``branch``, which may be of another."""
        beside = other or session
        self._sides = {
            Kind.LEFT: Side(session, session.cursor),
            Kind.RIGHT: Side(beside, attrs.evolve(beside.cursor, branch=branch)),
        }
        self.focus = Kind.LEFT
        self.is_open = True
        if other is not None:
            other.playback = session.playback
            other.go(self._sides[Kind.RIGHT].cursor)

    # Looking

    @property
    def session(self) -> Session:
        """The session of the side that has the focus."""
        return self._sides[self.focus].session

    def session_of(self, kind: Kind) -> Session:
        """The session of a side; both may have the same one."""
        return self._sides[kind].session

    @property
    def is_one_history(self) -> bool:
        """Whether both are branches of one history."""
        return self.session_of(Kind.LEFT) is self.session_of(Kind.RIGHT)

    def cursor(self, kind: Kind) -> Cursor:
        """Where a side is."""
        side = self._sides[kind]
        is_in = kind is self.focus or not self.is_one_history
        return side.session.cursor if is_in else side.cursor

    def branch(self, kind: Kind) -> Branch:
        """The branch on a side."""
        return self.cursor(kind).branch

    def moment(self, kind: Kind) -> Moment:
        """What a side shows."""
        at = self.cursor(kind)
        return Moment(self.session_of(kind).history, at.branch, at.count, int(at.time_us))

    def violations(self, kind: Kind) -> list[Violation]:
        """What has broken on a side up to its cursor."""
        at = self.cursor(kind)
        return self.session_of(kind).checker.violations_at(at.branch, at.count)

    @property
    def all_violations(self) -> list[Violation]:
        """What has broken on either side."""
        return [violation for kind in BOTH for violation in self.violations(kind)]

    @property
    def broken(self) -> int:
        """How much has broken in all that was simulated."""
        return sum(len(session.checker.violations) for session in self.sessions())

    def sessions(self) -> list[Session]:
        """The one session, or the two."""
        return list({id(side.session): side.session for side in self._sides.values()}.values())

    @contextmanager
    def looking(self, kind: Kind) -> Iterator[Session]:
        """A side's session while it looks at that side."""
        side = self._sides[kind]
        session = side.session
        if kind is self.focus or not self.is_one_history:
            yield session
            return
        here = session.cursor
        session.go(side.cursor)
        try:
            yield session
        finally:
            side.cursor = session.cursor
            session.go(here)

    # Changing

    def look_from(self, kind: Kind) -> None:
        """Give a side the focus."""
        if kind is self.focus:
            return
        if self.is_one_history:
            session = self.session
            self._sides[self.focus].cursor = session.cursor
            session.go(self._sides[kind].cursor)
        self.focus = kind

    def swap(self) -> None:
        """What is left becomes right; the focus stays with what has it."""
        left, right = self._sides[Kind.LEFT], self._sides[Kind.RIGHT]
        self._sides = {Kind.LEFT: right, Kind.RIGHT: left}
        self.focus = self.focus.other

    def settle(self) -> None:
        """Leave branches that are in sight no longer for the nearest one that is."""
        for kind in BOTH:
            with self.looking(kind) as session:
                branch, visible = session.branch, session.history.visible
                if branch.hidden and visible:
                    nearest = max(visible, key=branch.shared_with)
                    count = min(session.count, branch.shared_with(nearest))
                    time_us = min(session.cursor.time_us, nearest.latest_us(count))
                    session.go(Cursor(nearest, count, time_us))

    def bound(self, edit: Edit) -> Edit:
        """An edit that is undone and done again on the side that it was done on."""
        side = self._sides[self.focus]

        def there(run: Callable[[], None]) -> Callable[[], None]:
            def turned() -> None:
                for kind, one in self._sides.items():
                    if one is side and self.is_open:
                        self.look_from(kind)
                run()

            return turned

        return attrs.evolve(edit, undo=there(edit.undo), redo=there(edit.redo))

    def close(self) -> None:
        """What was bound to a side is done wherever its session is from now on."""
        self.is_open = False
