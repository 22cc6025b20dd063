"""Comparing in the window: choosing what with, the page that shows it, and coming back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QPoint, Qt
from PySide6.QtWidgets import QFileDialog

from raftviz.picture.primitives import Picked, PickedEntry, PickedMessage, PickedServer
from raftviz.picture.theme import Theme
from raftviz.qt.layouts import restore_state
from raftviz.session.session import Session
from raftviz.shelf import UnreadableError, read_scenario
from raftviz.sim.history import Branch
from raftviz.sim.script_error import ScriptError

if TYPE_CHECKING:
    from raftviz.qt.compare.view import CompareView
    from raftviz.qt.window import Window

# Most starts compare nothing: the page and what it needs are imported when somebody does.
# ruff: noqa: PLC0415


class CompareDesk(QObject):
    """The comparison in the hands of a window. The page is made when it is first wanted."""

    def __init__(
        self, window: "Window", show_context_menu: Callable[[object, QPoint], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._show_context_menu = show_context_menu
        self._comparing = window.conductor.comparing
        self._layout: QByteArray | None = None
        self.view: CompareView | None = None
        self._comparing.changed.connect(self._changed)
        self._comparing.read_on.connect(self._read_on)

    @property
    def showing(self) -> bool:
        """Whether two lines are compared."""
        return self._comparing.beside is not None

    # Beginning and ending

    def toggle(self) -> None:
        """Ask what to compare with, or go back to one line."""
        if self.showing:
            self._comparing.stop()
        else:
            self.choose()

    def choose(self) -> None:
        """Ask for a branch, or for another session, to compare with."""
        from raftviz.qt.compare.choose import ChooseOther

        self._window.conductor.pause()
        session = self._window.conductor.session
        dialog = ChooseOther(session.history, session.branch, self._window.theme, self._window)
        dialog.branch_wanted.connect(self.compare_with)
        dialog.file_wanted.connect(self.choose_file)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def compare_with(self, branch: Branch) -> None:
        """Compare what is looked at with another branch of its history."""
        self._comparing.start(branch)

    def choose_file(self) -> None:
        """Ask for a file, and compare with the session in it."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Compare with a session", "", "Sessions (*.raft)"
        )
        if path:
            self.compare_with_file(path)

    def compare_with_file(self, path: str) -> None:
        """Compare with the session in a file; one that cannot be read leaves everything as it is."""
        try:
            session = Session.of_scenario(read_scenario(path))
        except (UnreadableError, ScriptError) as error:
            self._window.conductor.said.emit(f"Not opened: {error}.")
            return
        self._comparing.start(session.branch, session)

    def _changed(self) -> None:
        beside = self._comparing.beside
        if beside is None:
            self._close()
            return
        anew = self._layout is None
        view = self._opened()
        view.show_sides(beside)
        if anew:
            view.take_focus()

    def _opened(self) -> "CompareView":
        window = self._window
        if self.view is None:
            self.view = self._made()
        view = self.view
        if self._layout is None:
            self._layout = window.saveState()
            for dock in window.docks.values():
                dock.hide()
            view.begin_like(window.timeline)
            window.pages.setCurrentWidget(view)
        return view

    def _close(self) -> None:
        window = self._window
        if self._layout is None:
            return
        if window.presenter.showing:
            window.presenter.toggle()
        window.pages.setCurrentIndex(0)
        restore_state(window, self._layout)
        self._layout = None
        window.canvas.setFocus()

    def _made(self) -> "CompareView":
        from raftviz.qt.compare.view import CompareView

        window, conductor = self._window, self._window.conductor
        view = CompareView(window.command_actions)
        window.pages.addWidget(view)
        view.focus_wanted.connect(self._comparing.look_from)
        view.difference_wanted.connect(self.go_to)
        view.step_wanted.connect(self._comparing.go_to)
        for pane in view.panes.values():
            pane.canvas.picked.connect(conductor.select)
            pane.canvas.acted.connect(conductor.dispatch)
            pane.canvas.rules_asked.connect(window.command_actions["variants"].trigger)
            pane.canvas.context_wanted.connect(self._show_context_menu)
            pane.set_text_scale(window.looks.word_scale)
            pane.canvas.set_reduced_motion(reduced=window.looks.preferences.reduced_motion)
            pane.timeline.seek_wanted.connect(conductor.seek)
            pane.timeline.event_picked.connect(conductor.seek_event)
            pane.timeline.message_picked.connect(
                lambda flight: conductor.select(PickedMessage(flight))
            )
            window.branches.connect_timeline(pane.timeline)
            pane.logs.server_picked.connect(lambda server: conductor.select(PickedServer(server)))
            pane.logs.entry_picked.connect(
                lambda server, index, term: conductor.select(PickedEntry(server, index, term))
            )
            pane.logs.context_wanted.connect(self._show_context_menu)
        view.set_theme(window.theme)
        return view

    # Going

    def go_to(self, index: int) -> None:
        """Go to a difference on both sides, and show how it came about."""
        if self.view is not None:
            self.view.explain(index)
            self._comparing.go_to(index)

    def go_further(self, *, back: bool = False) -> None:
        """Go to the next difference, or to the last one."""
        index = self._comparing.further(back=back)
        if index is not None:
            self.go_to(index)

    def go_to_parting(self) -> None:
        """Go to where the two part."""
        beside = self._comparing.beside
        if beside is not None and (len(beside.comparison) or beside.next_difference() is not None):
            self.go_to(0)

    def go_to_cause(self) -> None:
        """Go to what the difference that one stands at follows from, along the chain shown."""
        beside = self._comparing.beside
        if beside is None or self.view is None:
            return
        here = beside.place - 1
        if not self.view.chain.cards and here >= 0:
            self.view.explain(here)
        index = self.view.chain.after(here)
        if index is not None:
            self._comparing.go_to(index)
        else:
            self._window.conductor.said.emit("This is where the chain begins.")

    def turn(self) -> None:
        """Give the other side the focus, and the keys."""
        self._comparing.turn()
        if self.view is not None:
            self.view.take_focus()

    # Showing

    def show_moment(self) -> None:
        """Show both sides where they are now."""
        beside = self._comparing.beside
        if beside is not None and self.view is not None:
            self.view.show_moment(beside, self._window.conductor.selected)

    def show_selection(self) -> None:
        """Mark what is selected."""
        beside = self._comparing.beside
        if beside is not None and self.view is not None:
            self.view.show_selection(beside, self._window.conductor.selected)

    def light(self, things: frozenset[Picked], events: tuple[int, ...]) -> None:
        """Light up what somebody walks along or points at, on the side that they look from."""
        beside = self._comparing.beside
        if beside is not None and self.view is not None:
            for kind, pane in self.view.panes.items():
                here = kind is beside.focus
                pane.canvas.set_highlighted(things if here else frozenset())
                pane.timeline.set_lit(events if here else ())

    def _read_on(self) -> None:
        beside = self._comparing.beside
        if beside is not None and self.view is not None and self._layout is not None:
            self.view.show_differences(beside)

    def fit_all(self) -> None:
        """Show all of both timelines."""
        if self.view is not None:
            self.view.fit_all()

    def set_text_scale(self, scale: float) -> None:
        """Enlarge the words in both pictures."""
        for pane in self.view.panes.values() if self.view is not None else ():
            pane.set_text_scale(scale)

    def set_reduced_motion(self, *, reduced: bool) -> None:
        """Let both pictures jump rather than glide."""
        for pane in self.view.panes.values() if self.view is not None else ():
            pane.canvas.set_reduced_motion(reduced=reduced)

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        if self.view is not None:
            self.view.set_theme(theme)
