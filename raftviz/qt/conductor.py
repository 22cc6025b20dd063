"""The one object that owns the timer and the session's signals.

Views hear from it what there is to see, and hand it acts; no view knows another.
"""

import time
from collections.abc import Callable
from fractions import Fraction

from PySide6.QtCore import QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QUndoStack

from raftviz.picture.primitives import Picked, PickedClient, PickedMessage, server_of
from raftviz.playback import SPEEDS
from raftviz.qt.comparing import Comparing
from raftviz.qt.undoing import Undoable
from raftviz.session.edits import Cursor, Edit, EditError
from raftviz.session.session import MAX_EVENTS_A_TICK, Session, is_notable
from raftviz.sim.acts import Act
from raftviz.sim.events import Acted
from raftviz.sim.history import FLIGHTS_PER_EVENT, Branch, Record
from raftviz.sim.targets import ActError

FRAME_MS = 16
"""Sixty frames a second."""


class Conductor(QObject):
    """A session in the hands of a window. ``clock`` gives wall-clock seconds."""

    session_changed = Signal()
    """Another session is open."""
    moment_changed = Signal()
    """Another instant, position or branch is looked at."""
    playback_changed = Signal()
    """Playing or paused, or another speed."""
    selection_changed = Signal()
    """Another thing is selected."""
    pointed_changed = Signal(object)
    """Somebody points at other things in a list: a frozenset of ``Picked``, to light them up."""
    edits_changed = Signal()
    """Branches or bookmarks are others, or have other names."""
    edited = Signal()
    """Something was done, undone or done again in the session that is open; not in a guest."""
    said = Signal(str)
    """A sentence for the status line."""
    look_wanted = Signal(str, object)
    """Somebody wants to see a thing in a view: the name on the view's tab, and the thing."""
    lit = Signal(object, object)
    """What somebody walks: the things to light up in the picture, the events on the timeline."""

    def __init__(
        self,
        session: Session,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.selected: Picked | None = None
        self._selected_on = session.branch
        self._undo_stack = QUndoStack(self)
        self._undo_stack.indexChanged.connect(self.edited)
        self.comparing = Comparing(self, self._go, self._moved)
        self.clock = clock
        self._last_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.tick)
        self._idle = QTimer(self)
        self._idle.setInterval(0)
        self._idle.timeout.connect(self._work)
        self._work_left: Callable[[], object] | None = None
        session.edited = self._push

    # Time

    def open(self, session: Session) -> None:
        """Look at another session, from its beginning."""
        self.pause()
        self.comparing.stop()
        self.session.edited = lambda _: None
        self.session = session
        session.edited = self._push
        with QSignalBlocker(self._undo_stack):  # this is no edit
            self._undo_stack.clear()
        self.selected, self._selected_on = None, session.branch
        self.session_changed.emit()
        self.selection_changed.emit()
        self.moment_changed.emit()

    def play(self) -> None:
        """Let time pass."""
        self.session.playback.playing = True
        self._last_s = self.clock()
        self._timer.start()
        self.playback_changed.emit()

    def pause(self) -> None:
        """Stop time at once."""
        self.session.playback.playing = False
        self._timer.stop()
        self.playback_changed.emit()

    def toggle(self) -> None:
        """Play if paused, pause if playing."""
        (self.pause if self.session.playback.playing else self.play)()

    def tick(self) -> None:
        """A frame: as much simulated time passes as the clock says."""
        now = self.clock()
        elapsed, self._last_s = now - self._last_s, now
        if self.session.tick(elapsed):
            self._moved()
        if not self.session.playback.playing:
            self.pause()  # a property broke
            self._say_violation()

    def while_idle(self, work: Callable[[], object]) -> None:
        """Do a piece of work when nothing else is to be done; it may ask for more such time."""
        self._work_left = work
        self._idle.start()

    def _work(self) -> None:
        self._idle.stop()
        work, self._work_left = self._work_left, None
        if work is not None:
            work()

    def rest(self) -> None:
        """Stop time, and leave what was to be done when there is time."""
        self.pause()
        self._work_left = None
        self._idle.stop()

    def set_speed(self, speed: Fraction) -> None:
        """So many simulated seconds a second."""
        self.session.playback.speed = speed
        self.playback_changed.emit()

    def set_nearest_speed(self, speed: Fraction) -> None:
        """The speed one can choose that is nearest to a given one."""
        self.set_speed(min(SPEEDS, key=lambda known: abs(known / speed - 1)))

    def change_speed(self, steps: int) -> None:
        """So many places faster, or slower."""
        self.session.playback.change_speed(steps)
        self.playback_changed.emit()

    def _go(self, move: Callable[[], object]) -> None:
        """Pause, and look at another instant."""
        self.pause()
        broken = self._broken
        move()
        self._moved()
        if self._broken > broken:
            self._say_violation()

    @property
    def _broken(self) -> int:
        """How much has broken in all that was simulated."""
        beside = self.comparing.beside
        return len(self.session.checker.violations) if beside is None else beside.broken

    def _moved(self) -> None:
        """Tell of another moment; what is selected goes if it is not part of this branch."""
        self.comparing.follow()
        branch = self.session.branch
        if branch is not self._selected_on:
            if self.selected is not None and not self._is_part_of(branch, self.selected):
                self.select(None)
            self._selected_on = branch
        self.moment_changed.emit()

    def _is_part_of(self, branch: Branch, picked: Picked) -> bool:
        """Whether what was picked on another branch is the same thing on this one, if it is there.

        Messages of two branches may have the same number: they are told by the event that sent them.
        """
        if isinstance(picked, PickedMessage):
            sent = picked.flight_id // FLIGHTS_PER_EVENT
            return sent < branch.shared_with(self._selected_on)
        if isinstance(picked, PickedClient):
            return self.session.history.part_at(branch, picked.id, len(branch)) is not None
        return True

    def travel(self, move: Callable[[], object]) -> None:
        """Pause, and let ``move`` take the session elsewhere."""
        self._go(move)

    def step(self) -> None:
        """To the next event."""
        self._go(self.comparing.step)

    def step_back(self) -> None:
        """To just before the last event."""
        self._go(self.comparing.step_back)

    def step_notable(self) -> None:
        """To the next event worth looking at."""
        self._go(lambda: self.session.step_to(is_notable))

    def step_back_notable(self) -> None:
        """To the last event worth looking at."""
        self._go(lambda: self.session.step_to(is_notable, back=True))

    def go_on_until(self, wanted: Callable[[Record], bool]) -> None:
        """From the end of what is recorded to the next event that is ``wanted``, if one comes.

        If none comes for a long while, who looked at the end looks at the new end, and who looked
        at the past stays there.
        """
        session, before = self.session, self.session.cursor
        was_at_end, found = session.at_end, False

        def move() -> None:
            nonlocal found
            session.go_end()
            found = session.step_to(wanted)
            if not found and not was_at_end:
                session.go(before)

        self._go(move)
        if not found and session.is_recording:
            self.said.emit("It does not happen any more in this recording.")
        elif not found:
            self.said.emit(f"It does not happen in the next {MAX_EVENTS_A_TICK:,} events.")

    def home(self) -> None:
        """To the beginning."""
        self._go(self.session.go_home)

    def end(self) -> None:
        """To the end of what is simulated."""
        self._go(self.session.go_end)

    def seek(self, time_us: int) -> None:
        """To an instant."""
        self._go(lambda: self.session.seek(time_us))

    def seek_event(self, number: int) -> None:
        """To just after an event."""
        self._go(lambda: self.session.seek_event(number))

    def switch(self, branch: Branch) -> None:
        """To another branch."""
        self._go(lambda: self.session.switch(branch))

    def go(self, branch: Branch, count: int, time_us: float) -> None:
        """To a place: behind the first ``count`` events of a branch, at an instant in µs."""
        self._go(lambda: self.session.go(Cursor(branch, count, time_us)))

    # Acting

    def dispatch(self, act: Act) -> None:
        """Do an act now; say so when it had no effect, or opened a branch."""
        branch = self.session.branch
        try:
            record = self.session.dispatch(act)
        except ActError as error:
            self.said.emit(f"{error}.")
            return
        assert isinstance(record.event, Acted)
        if record.event.note:
            self.said.emit(f"No effect: {record.event.note}.")
        elif self.session.branch is not branch:
            self.said.emit(
                f"The past has changed: this is “{self.session.branch.name}”. "
                f"“{branch.name}” is kept."
            )
        else:
            self.said.emit("")
        if self.session.branch is not branch:
            self.edits_changed.emit()
        self._moved()

    def open_branch(self) -> None:
        """Open a branch here, and go there."""
        self.pause()
        self.edit(self.session.open_branch)
        self.said.emit(
            f"This is “{self.session.branch.name}”: what you do from here on is kept apart."
        )

    # Undoing

    def edit(self, change: Callable[[], object]) -> bool:
        """Change a branch or a bookmark; whether that could be done. Says so if not."""
        try:
            change()
        except EditError as error:
            self.said.emit(f"Not done: {error}.")
            return False
        self.edits_changed.emit()
        self._moved()
        return True

    @property
    def undo_stack(self) -> QUndoStack:
        """What can be undone in the session that is looked at."""
        return self.comparing.guest_stack or self._undo_stack

    def undo(self) -> None:
        """Undo the last act or edit, and go to where it was done."""
        self._turn("Undone", self.undo_stack.undoText(), self.undo_stack.undo)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._turn("Done again", self.undo_stack.redoText(), self.undo_stack.redo)

    def _turn(self, word: str, title: str, turn: Callable[[], None]) -> None:
        self.pause()
        turn()
        self.edits_changed.emit()
        self._moved()
        self.said.emit(f"{word}: {title}.")

    def _push(self, edit: Edit) -> None:
        self._undo_stack.push(Undoable(self.comparing.bound(edit)))

    # Selecting

    def select(self, picked: Picked | None) -> None:
        """Look closer at something, or at nothing in particular."""
        self._selected_on = self.session.branch
        if picked != self.selected:
            self.selected = picked
            self.selection_changed.emit()

    def select_next_message(self, step: int = 1) -> None:
        """Select the next message in flight, in the order in which they were sent."""
        flights = sorted(self.session.moment.state.flights)
        if not flights:
            self.said.emit("No message is in flight.")
            return
        at = -1 if step > 0 else 0
        if isinstance(self.selected, PickedMessage) and self.selected.flight_id in flights:
            at = flights.index(self.selected.flight_id)
        self.select(PickedMessage(flights[(at + step) % len(flights)]))

    @property
    def selected_server(self) -> int | None:
        """The selected server's number."""
        return server_of(self.selected)

    @property
    def selected_address(self) -> int:
        """The selected server or client; 0 if none."""
        picked = self.selected
        return picked.id if isinstance(picked, PickedClient) else server_of(picked) or 0

    @property
    def selected_message(self) -> int | None:
        """The selected message's flight, while it is in flight."""
        picked = self.selected
        if not isinstance(picked, PickedMessage):
            return None
        session = self.session
        flying = session.branch.flights(session.count)
        return picked.flight_id if picked.flight_id in flying else None

    def _say_violation(self) -> None:
        violations = self.comparing.violations()
        if violations:
            last = violations[-1]
            self.said.emit(f"{last.property.title} is broken: {last.explanation}")
