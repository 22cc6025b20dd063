"""Two lines side by side in the hands of a window: what is compared, and which side has the focus.

The conductor owns time and tells everybody of it; while something is compared it brings the other
side along through here. The side with the focus is the conductor's session, so that whatever acts,
inspects or undoes goes there without knowing that there are two.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from raftviz.checks.properties import Violation
from raftviz.picture.primitives import PickedMessage
from raftviz.qt.undoing import Undoable
from raftviz.session.edits import Edit
from raftviz.session.session import MAX_EVENTS_A_TICK, Session
from raftviz.sim.history import Branch

if TYPE_CHECKING:
    from raftviz.compare.comparison import Kind
    from raftviz.qt.conductor import Conductor
    from raftviz.session.beside import SideBySide

Go = Callable[[Callable[[], object]], None]

_READ_A_FRAME = 4_000
"""Events that are compared in some fifteen milliseconds, so that the window stays awake."""


class Comparing(QObject):
    """What is compared, if anything is: ``beside``. A guest is a session that came to be compared."""

    changed = Signal()
    """Something else is compared, or nothing; or the other side has the focus."""
    read_on = Signal()
    """More differences may be known."""

    def __init__(self, conductor: "Conductor", go: Go, moved: Callable[[], None]) -> None:
        """``go`` and ``moved`` are how the conductor goes elsewhere and tells of it."""
        super().__init__(conductor)
        self._conductor = conductor
        self._go = go
        self._moved = moved
        self._home: Session | None = None
        self._guest_stack: QUndoStack | None = None
        self.beside: SideBySide | None = None

    # Beginning and ending

    def start(self, branch: Branch, guest: Session | None = None) -> None:
        """Compare what is looked at with a branch, of this history or of a guest's."""
        from raftviz.session.beside import SideBySide  # noqa: PLC0415 - most starts compare nothing

        self.stop()
        conductor = self._conductor
        conductor.pause()
        self._home = conductor.session
        self.beside = SideBySide(conductor.session, branch, guest)
        if guest is not None:
            self._guest_stack = QUndoStack(self)
            guest.edited = self._push_guest
        self.changed.emit()
        self._moved()

    def stop(self) -> None:
        """Look at one line again: at the side with the focus, or at home if that is a guest's."""
        beside, home = self.beside, self._home
        if beside is None or home is None:
            return
        conductor = self._conductor
        conductor.pause()
        beside.close()
        self.beside = self._home = None
        if not beside.is_one_history:
            assert self._guest_stack is not None
            self._guest_stack.deleteLater()
            self._guest_stack = None
            conductor.session = home
            self._leave_messages()
        self.changed.emit()
        conductor.edits_changed.emit()
        self._moved()

    # Undoing

    @property
    def guest_stack(self) -> QUndoStack | None:
        """Where a guest's acts are undone, while the guest has the focus."""
        return self._guest_stack if self._conductor.session is not self._home else None

    def bound(self, edit: Edit) -> Edit:
        """An edit that will be undone on the side that it was done on."""
        return edit if self.beside is None else self.beside.bound(edit)

    def _push_guest(self, edit: Edit) -> None:
        if self._guest_stack is not None:
            self._guest_stack.push(Undoable(self.bound(edit)))

    # Going

    def follow(self) -> None:
        """Bring the other side to where the one with the focus went."""
        beside, conductor = self.beside, self._conductor
        if beside is None:
            return
        beside.settle()
        conductor.session = beside.session  # an act that was undone may have turned the focus
        playing = beside.session.playback.playing
        reached = beside.follow(MAX_EVENTS_A_TICK) if playing else beside.follow()
        if not reached and not playing and not self._has_broken(beside):
            kind = beside.focus.other
            name, ends = beside.branch(kind).name, beside.session_of(kind).is_recording
            conductor.said.emit(
                f"“{name}” is a recording, and ends here."
                if ends
                else f"So far is “{name}” simulated by now. Once more goes further."
            )
        self.read()

    @staticmethod
    def _has_broken(beside: "SideBySide") -> bool:
        return bool(beside.violations(beside.focus.other))

    def read(self) -> bool:
        """Read on for a frame's time, and once more when there is time; whether all is read."""
        beside = self.beside
        if beside is None:
            return True
        done = beside.read(_READ_A_FRAME)
        if not done:
            self._conductor.while_idle(self.read)
        self.read_on.emit()
        return done

    def violations(self) -> list[Violation]:
        """What has broken on either side by now, in order of time."""
        beside = self.beside
        if beside is None:
            return self._conductor.session.violations
        both = beside.all_violations
        return sorted(both, key=lambda violation: violation.time_us)

    def step(self) -> None:
        """To the next event of either side."""
        (self.beside or self._conductor.session).step()

    def step_back(self) -> None:
        """To just before the last event of either side."""
        (self.beside or self._conductor.session).step_back()

    def go_to(self, index: int) -> None:
        """To just after a difference, on both sides."""
        beside = self.beside
        if beside is not None:
            self._go(lambda: beside.go_to(index))

    def further(self, *, back: bool = False) -> int | None:
        """The next difference, or the last one; None, and a word about it, if there is none."""
        beside = self.beside
        if beside is None:
            return None
        index = beside.last_difference() if back else beside.next_difference()
        if index is None and back:
            self._conductor.said.emit("Up to here the two are the same.")
        elif index is None:
            self._conductor.said.emit(
                f"They do not differ in the next {MAX_EVENTS_A_TICK:,} events."
            )
        return index

    # Sides

    def look_from(self, kind: "Kind") -> None:
        """Give a side the focus."""
        beside, conductor = self.beside, self._conductor
        if beside is None or kind is beside.focus:
            return
        beside.look_from(kind)
        conductor.session = beside.session
        if not beside.is_one_history:
            self._leave_messages()
        self.changed.emit()
        conductor.edits_changed.emit()
        self._moved()

    def _leave_messages(self) -> None:
        """A message of one history is none of another's."""
        if isinstance(self._conductor.selected, PickedMessage):
            self._conductor.select(None)

    def turn(self) -> None:
        """Give the other side the focus."""
        if self.beside is not None:
            self.look_from(self.beside.focus.other)

    def swap(self) -> None:
        """Left becomes right."""
        if self.beside is not None:
            self.beside.swap()
            self.changed.emit()
            self._moved()
