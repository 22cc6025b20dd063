"""Looking for the next place in time where something is so, forward or back, a slice at a time.

Forward, the world goes on where the record ends, for at most ``MOST_NEW`` events. Who looks may
stop at any time; only what was found moves the cursor.
"""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from raftviz.session.kinds import Wanted
from raftviz.session.scenes import Scenes
from raftviz.session.session import Session

if TYPE_CHECKING:
    from raftviz.sim.conditions import Condition


MOST_NEW = 100_000
"""Events that are simulated in vain: some minutes of a usual cluster, and 100 MB."""


class Search(ABC):
    """A way through the positions of a branch, one event after the other.

    ``found`` is the position that was looked for, ``cursor`` where one was before. ``new`` counts
    the events simulated on the way.
    """

    def __init__(self, session: Session, *, back: bool) -> None:
        self.session = session
        self.branch = session.branch
        self.cursor = session.cursor
        self.back = back
        self.start = self.count = session.count
        self.new = 0
        self.found: int | None = None
        self.over = False

    def advance(self, most: int) -> bool:
        """Look at so many positions more; whether the search is over. Goes there if one is found."""
        for _ in range(most):
            if self.over:
                break
            if self.back:
                self._one_back()
            else:
                self._one_on()
        if self.over and self.found is not None:
            self.session.seek_event(self.found - 1)
        return self.over

    @property
    def looked_at(self) -> int:
        """How many positions have been looked at."""
        return abs(self.count - self.start)

    def _one_on(self) -> None:
        if self.count == len(self.branch):
            if self.new >= MOST_NEW or self.session.let_happen() is None:
                self.over = True
                return
            self.new += 1
        self.count += 1
        self._stop_if(self._is_there(self.count), self.count)

    def _one_back(self) -> None:
        if self.count == 0:
            self.over = True
            return
        self.count -= 1
        self._look_back()

    def _look_back(self) -> None:
        self._stop_if(self._is_there(self.count), self.count)

    def _stop_if(self, is_there: bool, count: int) -> None:  # noqa: FBT001 - a verdict
        if is_there:
            self.found, self.over = count, True

    @abstractmethod
    def _is_there(self, count: int) -> bool:
        """Whether it is so at a position. Asked of each in turn."""


class EventSearch(Search):
    """Looks for an event of a kind; the cursor is put just behind it."""

    def __init__(self, session: Session, wanted: Wanted, *, back: bool = False) -> None:
        super().__init__(session, back=back)
        self._wanted = wanted

    def _is_there(self, count: int) -> bool:
        return count > 0 and self._wanted(count - 1, self.branch[count - 1])


class ConditionSearch(Search):
    """Looks for where a condition becomes true: it holds there, and did not just before."""

    def __init__(self, session: Session, condition: "Condition", *, back: bool = False) -> None:
        super().__init__(session, back=back)
        self.condition = condition
        self._scenes = Scenes(session.history, self.branch, self.count)
        self._held = self.held_at_start = self._holds(self.count)

    def _holds(self, count: int) -> bool:
        return self.condition.holds(self._scenes.at(count))

    def _is_there(self, count: int) -> bool:
        held, self._held = self._held, self._holds(count)
        return self._held and not held

    def _look_back(self) -> None:
        """It became true at the position just left, if it holds there and not here."""
        held, self._held = self._held, self._holds(self.count)
        left = self.count + 1
        self._stop_if(held and not self._held and left < self.start, left)
        if self.count == 0 and self._held and not self.over:
            self._stop_if(self.start > 0, 0)


class TimeSearch(Search):
    """Goes on to an instant that is not simulated yet."""

    def __init__(self, session: Session, time_us: int) -> None:
        super().__init__(session, back=False)
        self.time_us = time_us

    def advance(self, most: int) -> bool:  # noqa: ARG002 - a session has a measure of its own
        """Go on towards the instant; whether it is reached, or no more is simulated."""
        before = len(self.branch)
        reached = self.session.reach(self.time_us)
        self.new += len(self.branch) - before
        self.count = self.session.count
        self.found = self.count if reached else None
        # Behind the end of a recording nothing is new, and nothing comes nearer.
        self.over = reached or self.new >= MOST_NEW or len(self.branch) == before
        return self.over

    def _is_there(self, count: int) -> bool:
        raise NotImplementedError  # it does not look at positions
