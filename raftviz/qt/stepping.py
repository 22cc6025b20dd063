"""Going to the next or the last place where something is so: in slices, so that one can stop it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QProgressDialog, QWidget

from raftviz.qt.conductor import Conductor
from raftviz.session.kinds import BY_ID, KINDS, Kind
from raftviz.session.places import EventPlace, TimePlace
from raftviz.session.seeking import MOST_NEW, ConditionSearch, EventSearch, Search, TimeSearch
from raftviz.sim.units import in_ms

if TYPE_CHECKING:
    from raftviz.sim.conditions import Condition

SLICE = 2_000
"""Positions looked at without a pause: with simulation a few frames' time."""


class Stepping(QObject):
    """Steps of a kind, to a time, to a condition. ``kind`` is the one chosen for *step by*."""

    kind_changed = Signal()

    def __init__(self, conductor: Conductor, window: QWidget) -> None:
        super().__init__(window)
        self.kind = KINDS[0]
        self.last_condition = ""
        self._conductor = conductor
        self._window = window
        self._search: Search | None = None
        self._in_vain: Callable[[Search], str] = lambda _: ""
        self._progress: QProgressDialog | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    # What one can ask for

    def choose(self, kind: str) -> None:
        """What *step by* steps by from now on."""
        self.kind = BY_ID[kind]
        self.kind_changed.emit()

    def by_chosen(self, *, back: bool = False) -> None:
        """To the next (or last) event of the chosen kind."""
        self.to_kind(self.kind, back=back)

    def to_kind(self, kind: Kind, *, back: bool = False) -> None:
        """To the next (or last) event of a kind."""
        session = self._conductor.session
        if kind is KINDS[0]:
            (self._conductor.step_back if back else self._conductor.step)()
            return
        wanted = kind.wanted(session, self._conductor.selected)
        self._begin(
            EventSearch(session, wanted, back=back),
            lambda search: _nothing_found(search, f"no {kind.one}"),
        )

    def to_condition(self, condition: "Condition", *, back: bool = False) -> None:
        """To where a condition becomes true next (or did last)."""
        self.last_condition = condition.text
        search = ConditionSearch(self._conductor.session, condition, back=back)
        self._begin(search, lambda search: _never_true(search, condition.text))

    def to_place(self, place: EventPlace | TimePlace) -> None:
        """To an instant, or to just behind an event; what is not simulated yet is."""
        session = self._conductor.session
        if isinstance(place, EventPlace):
            there = place.number < len(session.branch)
            self._conductor.seek_event(place.number)
            if not there:
                self._say(f"There are only {len(session.branch):,} events so far.")
            return
        self._begin(TimeSearch(session, place.time_us), _too_far)

    def ask_place(self) -> None:
        """Ask for a place in time, and go there."""
        from raftviz.qt.going import GoTo  # noqa: PLC0415 - with all that can be said in conditions

        dialog = GoTo(self._window)
        dialog.place_wanted.connect(self.to_place)
        _open(dialog)

    def ask_condition(self) -> None:
        """Ask for a condition, and go to where it becomes true."""
        from raftviz.qt.going import Until  # noqa: PLC0415 - as above

        servers = len(self._conductor.session.history.start.hosts)
        dialog = Until(servers, self.last_condition, self._window)
        dialog.condition_wanted.connect(lambda wanted, back: self.to_condition(wanted, back=back))
        _open(dialog)

    # Searching

    def _begin(self, search: Search, in_vain: Callable[[Search], str]) -> None:
        self.stop()
        self._conductor.pause()
        self._search, self._in_vain = search, in_vain
        self._say("")
        if not self._advance():
            self._progress = self._ask_to_stop()
            self._timer.start(0)

    def _ask_to_stop(self) -> QProgressDialog:
        dialog = QProgressDialog(_looking(0), "Stop", 0, 0, self._window)
        dialog.setWindowTitle("Looking")
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.setMinimumDuration(0)
        dialog.setMinimumWidth(360)
        dialog.canceled.connect(self._cancelled)
        dialog.rejected.connect(self._cancelled)  # Esc
        dialog.show()
        return dialog

    def _go_on(self) -> None:
        self._advance()

    def _advance(self) -> bool:
        """A slice of the search; whether it is over."""
        search = self._search
        if search is None:
            return True
        over: list[bool] = []
        self._conductor.travel(lambda: over.append(search.advance(SLICE)))
        if over[0]:
            self.stop()
            if search.found is None:
                self._conductor.travel(lambda: search.session.go(search.cursor))
                self._say(self._in_vain(search))
        elif self._progress is not None:
            self._progress.setLabelText(_looking(search.looked_at or search.new))
        return over[0]

    def _cancelled(self) -> None:
        search = self._search
        self.stop()
        if search is not None:
            self._conductor.travel(lambda: search.session.go(search.cursor))
            self._say("Stopped. You are where you were.")

    def stop(self) -> None:
        """Search no more."""
        self._timer.stop()
        self._search = None
        if self._progress is not None:
            progress, self._progress = self._progress, None
            progress.canceled.disconnect(self._cancelled)
            progress.close()
            progress.deleteLater()

    def _say(self, words: str) -> None:
        self._conductor.said.emit(words)


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _looking(events: int) -> str:
    return f"Looking … {events:,} events so far."


def _nothing_found(search: Search, what: str) -> str:
    if search.back:
        return f"There was {what} before this."
    return f"There is {what}, {_how_far(search)}."


def _never_true(search: Search, condition: str) -> str:
    assert isinstance(search, ConditionSearch)
    held = ", though it holds here" if search.held_at_start else ""
    if search.back:
        return f"“{condition}” did not become true before this{held}."
    return f"“{condition}” does not become true, {_how_far(search)}{held}."


def _how_far(search: Search) -> str:
    if search.session.is_recording:
        return "not in what is left of the recording"
    if search.new < MOST_NEW:
        return "and nothing more will ever happen"
    end_ms = in_ms(search.branch.time_at(len(search.branch)))
    return f"not in {MOST_NEW:,} new events up to {end_ms:,.0f} ms"


def _too_far(search: Search) -> str:
    if search.session.is_recording:
        return "The recording ends before that. You are where you were."
    return f"That is too far: {MOST_NEW:,} new events did not reach it. You are where you were."
