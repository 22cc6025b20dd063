"""What is done in the window with branches and bookmarks: asking, doing, and the menus for it.

The views of branches ask here; commands and context menus come here, too. Everything that changes
goes through the conductor, so that it can be undone.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QMenu

from raftviz.picture.family import family_of
from raftviz.picture.theme import BRANCH_COLOURS, Theme
from raftviz.picture.timeline_scale import ms_text
from raftviz.qt.branch_signs import branch_icon
from raftviz.qt.commands import BY_ID
from raftviz.qt.icons import icon
from raftviz.qt.timeline import TimelineView
from raftviz.qt.timeline_pull import Spot
from raftviz.session.bookmarks import (
    Bookmark,
    add_bookmark,
    bookmark_here,
    branch_of,
    change_bookmark,
    delete_bookmark,
    next_bookmark,
)
from raftviz.session.branches import delete_branch, describe
from raftviz.session.edits import checked_name, checked_note, free_name
from raftviz.sim.history import FLIGHTS_PER_EVENT, Branch, Label

if TYPE_CHECKING:
    from raftviz.qt.branch_panel import BranchPanel
    from raftviz.qt.naming import Naming
    from raftviz.qt.window import Window

# The panel and the dialogs are imported with the first wish for them.
# ruff: noqa: PLC0415

_LISTED = 20
"""Branches in a menu; more are for the panel, which scrolls."""


class BranchDesk(QObject):
    """Branches and bookmarks in the hands of a window."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._conductor = window.conductor
        pill = window.transport.pill
        pill.list.aboutToShow.connect(lambda: self.fill_list(pill.list))

    def connect_timeline(self, timeline: TimelineView) -> None:
        """Do what somebody asks for at the timeline."""
        timeline.branch_picked.connect(self.look_at)
        timeline.bookmark_picked.connect(self.go_to)
        timeline.branch_wanted.connect(self._open_at_spot)
        timeline.all_branches_wanted.connect(self.show_panel)
        timeline.context_wanted.connect(self._show_spot_menu)

    def make_panel(self) -> "BranchPanel":
        """The panel, which asks here for everything that is to be done."""
        from raftviz.qt.branch_panel import BranchPanel

        panel = BranchPanel(self._window.command_actions)
        tree, bookmarks = panel.tree, panel.bookmarks
        tree.branch_wanted.connect(self.look_at)
        tree.bookmark_wanted.connect(self.go_to)
        tree.rename_wanted.connect(self._rename_to)
        tree.delete_wanted.connect(self.delete)
        tree.context_wanted.connect(self._show_tree_menu)
        bookmarks.bookmark_wanted.connect(self.go_to)
        bookmarks.change_wanted.connect(self.change_bookmark)
        bookmarks.delete_wanted.connect(self.delete_bookmark)
        bookmarks.context_wanted.connect(self._show_bookmark_menu)
        return panel

    @property
    def panel(self) -> "BranchPanel | None":
        """The panel, once somebody has seen it."""
        from raftviz.qt.branch_panel import BranchPanel

        view = self._window.later["Branches"].view
        return view if isinstance(view, BranchPanel) else None

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons of branches and bookmarks in the colours of ``theme``."""
        for command in ("open-branch", "bookmark"):
            name = BY_ID[command].icon
            self._window.command_actions[command].setIcon(icon(name, theme.text))

    # Branches

    @property
    def _here(self) -> Branch:
        return self._conductor.session.branch

    def look_at(self, branch: Branch) -> None:
        """Look at a branch, at the same instant as far as it has come."""
        if branch is not self._here:
            self._conductor.switch(branch)
            self._conductor.said.emit(f"This is “{branch.name}”.")

    def look_further(self, step: int) -> None:
        """Look at the next branch in the order of the tree."""
        branches = family_of(self._conductor.session.history).branches
        at = branches.index(self._here)
        self.look_at(branches[(at + step) % len(branches)])

    def open_at(self, go: Callable[[], object]) -> None:
        """Go somewhere and open a branch there."""
        go()
        self._conductor.open_branch()

    def _way_to(self, spot: Spot) -> Callable[[], None]:
        """How one gets to a place on the timeline."""
        if spot.event is not None:
            return partial(self._conductor.seek_event, spot.event)
        return partial(self._conductor.seek, spot.time_us)

    def _open_at_spot(self, spot: Spot | None) -> None:
        if spot is None:
            self._conductor.open_branch()
        else:
            self.open_at(self._way_to(spot))

    def bookmark_at(self, go: Callable[[], object]) -> None:
        """Go somewhere and set a bookmark there."""
        go()
        self.bookmark()

    def show_panel(self) -> None:
        """Bring the tree to the front."""
        self._window.show_view("Branches")

    def rename(self, branch: Branch | None = None, typed: str = "") -> None:
        """Let somebody type another name in the tree."""
        self.show_panel()
        if self.panel is not None:
            self.panel.tree.rename(branch or self._here, typed)

    def _rename_to(self, branch: Branch, name: str) -> None:
        label = Label(name, branch.label.note, branch.label.colour)
        if not self._describe(branch, label):
            self.rename(branch, name)

    def _describe(self, branch: Branch, label: Label) -> bool:
        session = self._conductor.session
        return self._conductor.edit(lambda: describe(session, branch, label))

    def describe(self, branch: Branch | None = None) -> None:
        """Ask for a branch's name, note and colour."""
        from raftviz.qt.naming import Naming

        branch = branch or self._here
        session, label = self._conductor.session, branch.label

        def check(name: str, note: str) -> None:
            checked_name(name, session.names(but=branch))
            checked_note(note)

        dialog = Naming(
            f"Branch “{label.name}”",
            check,
            name=label.name,
            note=label.note,
            colour=label.colour,
            theme=self._window.theme,
            parent=self._window,
        )
        dialog.wanted.connect(
            lambda name, note, colour: self._describe(branch, Label(name, note, colour))
        )
        self._show(dialog)

    def recolour(self, branch: Branch, colour: int) -> None:
        """Give a branch another colour."""
        self._describe(branch, Label(branch.name, branch.label.note, colour))

    def delete(self, branch: Branch | None = None) -> None:
        """Ask, and take a branch out of sight."""
        from raftviz.qt.naming import Question

        branch = branch or self._here
        session = self._conductor.session
        if len(session.history.visible) == 1:
            self._conductor.said.emit("This is the only branch, and a session has at least one.")
            return
        dialog = Question(
            f"Delete the branch “{branch.name}”?",
            f"It has {_counted(len(branch) - branch.fork, 'event')} of its own. Branches that "
            "begin in it stay as they are. Undo brings it back.",
            "Delete",
            "Keep",
            self._window,
        )
        dialog.accepted.connect(
            lambda: self._conductor.edit(lambda: delete_branch(session, branch))
        )
        self._show(dialog)

    # Bookmarks

    def bookmark(self) -> None:
        """Ask for a name and a note for the place that is looked at; its bookmark's, if it has one."""
        self._conductor.pause()
        session = self._conductor.session
        old = bookmark_here(session)
        if old is not None:
            self.change_bookmark(old)
            return
        taken = {bookmark.name for bookmark in session.bookmarks}
        dialog = self._naming(
            f"Bookmark at {ms_text(session.time_us)} ms", taken, free_name("bookmark 1", taken)
        )
        dialog.wanted.connect(
            lambda name, note, _: self._conductor.edit(lambda: add_bookmark(session, name, note))
        )
        self._show(dialog)

    def change_bookmark(self, bookmark: Bookmark) -> None:
        """Ask for another name or note of a bookmark."""
        session = self._conductor.session
        taken = {other.name for other in session.bookmarks if other is not bookmark}
        dialog = self._naming(f"Bookmark “{bookmark.name}”", taken, bookmark.name, bookmark.note)
        dialog.wanted.connect(
            lambda name, note, _: self._conductor.edit(
                lambda: change_bookmark(session, bookmark, name, note)
            )
        )
        self._show(dialog)

    def _naming(self, title: str, taken: set[str], name: str, note: str = "") -> "Naming":
        def check(name: str, note: str) -> None:
            checked_name(name, taken)
            checked_note(note)

        from raftviz.qt.naming import Naming

        window = self._window
        return Naming(title, check, name=name, note=note, theme=window.theme, parent=window)

    def delete_bookmark(self, bookmark: Bookmark | None = None) -> None:
        """Forget a bookmark, or the one here; that is small enough to be undone without asking."""
        session = self._conductor.session
        gone = bookmark or bookmark_here(session)
        if gone is not None:
            self._conductor.edit(lambda: delete_bookmark(session, gone))
            self._conductor.said.emit(f"The bookmark “{gone.name}” is gone. Undo brings it back.")

    def go_to(self, bookmark: Bookmark) -> None:
        """Go to a bookmark, on the branch that is looked at if its place is there."""
        branch = branch_of(self._conductor.session, bookmark)
        if branch is not None:
            self._conductor.go(branch, bookmark.count, bookmark.time_us)
            note = f": {' '.join(bookmark.note.split())}" if bookmark.note else "."
            self._conductor.said.emit(f"“{bookmark.name}”{note}")

    def go_further(self, *, back: bool = False) -> None:
        """Go to the next bookmark on this branch."""
        found = next_bookmark(self._conductor.session, back=back)
        if found is not None:
            self.go_to(found)
        else:
            where = "before this" if back else "after this"
            self._conductor.said.emit(f"There is no bookmark {where} on this branch.")

    def has_bookmark_here(self) -> bool:
        """Whether the place that is looked at is marked."""
        session = self._conductor.session
        return bool(session.bookmarks) and bookmark_here(session) is not None

    # Menus

    def branch_actions(self, branch: Branch) -> Iterator[QAction]:
        """What can be done with a branch."""
        yield self._action("Look at it", lambda: self.look_at(branch), can=branch is not self._here)
        yield self._action(
            "Compare with it",
            lambda: self._window.compare.compare_with(branch),
            can=branch is not self._here,
        )
        yield self._action("Rename", lambda: self.rename(branch))
        yield self._action("Name, note and colour…", lambda: self.describe(branch))
        yield self._colours(branch).menuAction()
        several = len(self._conductor.session.history.visible) > 1
        yield self._action("Delete…", lambda: self.delete(branch), can=several)

    def _colours(self, branch: Branch) -> QMenu:
        from raftviz.qt.branch_paint import shape_words

        menu = QMenu("Colour", self._window)
        for place in range(len(BRANCH_COLOURS)):
            action = menu.addAction(branch_icon(self._window.theme, place), shape_words(place))
            action.setCheckable(True)
            action.setChecked(place == branch.label.colour % len(BRANCH_COLOURS))
            action.triggered.connect(lambda _=False, place=place: self.recolour(branch, place))
        return menu

    def bookmark_actions(self, bookmarks: Sequence[Bookmark]) -> Iterator[QAction]:
        """What can be done with bookmarks that stand together."""
        several = len(bookmarks) > 1
        for one in bookmarks[:_LISTED]:
            name = f" “{one.name}”" if several else ""
            yield self._action(f"Go to{name or ' it'}", partial(self.go_to, one))
            yield self._action(f"Change{name}…", partial(self.change_bookmark, one))
            yield self._action(f"Delete{name}", partial(self.delete_bookmark, one))

    def instant_actions(self, go: Callable[[], object]) -> Iterator[QAction]:
        """What can be done at an instant or behind an event; ``go`` goes there."""
        yield self._action("Go here", go)
        yield self._action("Open a branch here", lambda: self.open_at(go))
        yield self._action("Bookmark here…", lambda: self.bookmark_at(go))

    def event_actions(self, number: int) -> Iterator[QAction]:
        """What can be done at an event, wherever it is told of."""
        return self.instant_actions(partial(self._conductor.seek_event, number))

    def show_event_menu(self, number: int, at: QPoint) -> None:
        """The context menu of an event."""
        self.pop_up(self.event_actions(number), at)

    def sending_actions(self, flight_id: int) -> Iterator[QAction]:
        """What can be done where a message was sent."""
        go = partial(self._conductor.seek_event, flight_id // FLIGHTS_PER_EVENT)
        yield self._action("Go to where it was sent", go)
        yield self._action("Open a branch where it was sent", lambda: self.open_at(go))

    def fill_list(self, menu: QMenu) -> None:
        """The branches to choose from, and what else can be done."""
        menu.clear()
        branches = family_of(self._conductor.session.history).branches
        at = branches.index(self._here)
        first = max(0, min(at - _LISTED // 2, len(branches) - _LISTED))
        for branch in branches[first : first + _LISTED]:
            sign = branch_icon(self._window.theme, branch.label.colour)
            action = menu.addAction(sign, branch.name.replace("&", "&&"))
            font = action.font()
            font.setBold(branch is self._here)
            action.setFont(font)
            action.triggered.connect(lambda _=False, branch=branch: self.look_at(branch))
        menu.addSeparator()
        for command in ("open-branch", "describe-branch", "delete-branch"):
            action = self._window.command_actions[command]
            action.setEnabled(BY_ID[command].can(self._window))
            menu.addAction(action)
        words = "All branches" if len(branches) <= _LISTED else f"All {len(branches)} branches"
        menu.addAction(words).triggered.connect(lambda _=False: self.show_panel())

    def pop_up(self, actions: Iterator[QAction], at: QPoint) -> None:
        """Show a context menu."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in actions:
            if not action.objectName():  # a command's belongs to the window, this one to the menu
                action.setParent(menu)
            menu.addAction(action)
        menu.popup(at)

    def _action(self, words: str, run: Callable[[], object], *, can: bool = True) -> QAction:
        action = QAction(words.replace("&", "&&"), self._window)
        action.setEnabled(can)
        action.triggered.connect(lambda _=False: run())
        return action

    def spot_actions(self, spot: Spot) -> Iterator[QAction]:
        """What can be done at a place on the timeline."""
        if spot.branch is not None:
            yield from self.branch_actions(spot.branch)
        elif spot.marked:
            yield from self.bookmark_actions([m for m in spot.marked if isinstance(m, Bookmark)])
        else:
            words = spot.words or f"At {ms_text(spot.time_us)} ms"
            yield self._action(words, lambda: None, can=False)
            asked = spot.subject
            if asked is not None:
                yield self._action("Why?", lambda: self._conductor.look_wanted.emit("Why", asked))
            yield from self.instant_actions(self._way_to(spot))

    def _show_spot_menu(self, spot: Spot, at: QPoint) -> None:
        self.pop_up(self.spot_actions(spot), at)

    def _show_tree_menu(
        self, branch: Branch | None, bookmarks: Sequence[Bookmark] | None, at: QPoint
    ) -> None:
        if branch is not None:
            self.pop_up(self.branch_actions(branch), at)
        elif bookmarks:
            self.pop_up(self.bookmark_actions(bookmarks), at)

    def _show_bookmark_menu(self, bookmark: Bookmark | None, at: QPoint) -> None:
        if bookmark is not None:
            self.pop_up(self.bookmark_actions([bookmark]), at)
        else:
            self.pop_up(iter([self._window.command_actions["bookmark"]]), at)

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
