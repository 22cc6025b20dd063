"""Branches and bookmarks in the window: by keys alone, and by the mouse alone."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from raftviz.picture.branch_tree import TreeRow
from raftviz.picture.primitives import PickedMessage
from raftviz.qt.branch_panel import BranchPanel
from raftviz.qt.inline_name import InlineName
from raftviz.qt.naming import Naming, Question
from raftviz.session.branches import delete_branch
from raftviz.session.session import Session
from raftviz.sim.acts import Crash
from raftviz.sim.history import Branch
from raftviz.sim.host import Status
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from tests.qt.desk import Person, at_window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    session = Session.of_settings(Settings(seed=4))
    session.step_to(lambda record: record.time_us >= ms(600))
    with at_window(qtbot, session) as somebody:
        yield somebody


def fork(person: Person, at_ms: int, server: int = 2) -> Branch:
    """Crash a server in the past of main."""
    person.session.switch(person.session.history.root)
    person.window.conductor.seek(ms(at_ms))
    person.window.conductor.dispatch(Crash(server))
    return person.session.branch


def names(person: Person) -> list[str]:
    return [branch.name for branch in person.session.history.visible]


def panel(person: Person) -> BranchPanel:
    """The panel of branches, which somebody has looked at."""
    found = person.window.branches.panel
    assert found is not None
    return found


def row(person: Person, name: str) -> TreeRow:
    picture = panel(person).tree.picture
    assert picture is not None
    return next(row for row in picture.rows if row.name == name)


def spot(person: Person, name: str) -> QPoint:
    """Where a branch's name stands in the tree."""
    tree, there = panel(person).tree, row(person, name)
    axis = tree._style.sizes(tree.viewport().width()).axis
    return QPoint(round(there.name_box.x + 5), round(there.y + axis))


def click_branch(person: Person, name: str) -> None:
    viewport = panel(person).tree.viewport()
    QTest.mouseClick(viewport, LEFT, pos=spot(person, name))


def show_tree(person: Person) -> None:
    person.press("Shift+B")
    QApplication.processEvents()


def editor(person: Person) -> InlineName:
    found = panel(person).tree.findChild(InlineName)
    assert found is not None
    return found


def dialog(person: Person) -> Naming:
    found = [d for d in person.window.findChildren(Naming) if d.isVisible()]
    assert len(found) == 1
    return found[0]


def answer(person: Person, *, yes: bool) -> None:
    question = next(d for d in person.window.findChildren(Question) if d.isVisible())
    QTest.mouseClick(question.yes if yes else question.no, LEFT)


def menu_entry(menu: QMenu, words: str) -> QAction:
    return next(action for action in menu.actions() if words in action.text())


def say(field: QLineEdit, words: str) -> None:
    field.selectAll()
    QTest.keyClicks(field, words)


class TestTheTree:
    def test_a_click_switches_and_the_cursor_keeps_its_instant(self, person: Person) -> None:
        fork(person, 300)
        person.window.conductor.step()
        show_tree(person)
        before = person.session.time_us
        click_branch(person, "main")
        assert person.session.branch is person.session.history.root
        assert person.session.time_us == before

    def test_the_cursor_goes_only_as_far_as_the_branch(self, person: Person) -> None:
        branch = fork(person, 300)
        show_tree(person)
        click_branch(person, "main")
        person.press("End")
        click_branch(person, "crash S2")
        assert person.session.time_us == branch.time_at(len(branch))

    def test_up_and_down_look_at_other_branches(self, person: Person) -> None:
        fork(person, 300)
        fork(person, 400, 3)
        show_tree(person)
        tree = panel(person).tree
        order = []
        click_branch(person, "main")
        for _ in range(3):
            order.append(person.session.branch.name)
            QTest.keyClick(tree, Qt.Key.Key_Down)
        assert order == ["main", "crash S3", "crash S2"]
        QTest.keyClick(tree, Qt.Key.Key_Up)
        assert person.session.branch.name == "crash S3"

    def test_the_order_of_the_keys_is_that_of_the_tree(self, person: Person) -> None:
        fork(person, 300)
        fork(person, 400, 3)
        order = []
        for _ in range(3):
            person.press("Ctrl+B")
            order.append(person.session.branch.name)
        assert order == ["crash S2", "main", "crash S3"]
        person.press("Ctrl+Shift+B")
        assert person.session.branch.name == "main"

    def test_a_double_click_renames_in_place(self, person: Person) -> None:
        fork(person, 300)
        show_tree(person)
        viewport = panel(person).tree.viewport()
        QTest.mouseDClick(viewport, LEFT, pos=spot(person, "crash S2"))
        say(editor(person), "what if")
        QTest.keyClick(editor(person), Qt.Key.Key_Return)
        assert names(person) == ["main", "what if"]
        assert row(person, "what if").here

    def test_while_a_name_is_typed_no_key_is_the_windows(self, person: Person) -> None:
        fork(person, 300)
        crashed = [h.id for h in person.state.hosts.values() if h.status is Status.CRASHED]
        person.press("Ctrl+F2")
        QTest.keyClicks(editor(person), "kk r")
        QTest.keyClick(editor(person), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert [h.id for h in person.state.hosts.values() if not h.is_up] == crashed
        assert person.session.branch.number == 1
        QTest.keyClick(editor(person), Qt.Key.Key_Escape)
        assert names(person) == ["main", "crash S2"]
        assert not editor(person).isVisible()

    def test_a_name_that_is_taken_can_be_mended_where_it_stands(self, person: Person) -> None:
        fork(person, 300)
        person.press("Ctrl+F2")
        say(editor(person), "main")
        QTest.keyClick(editor(person), Qt.Key.Key_Return)
        assert "there is a “main” already" in person.window.statusBar().currentMessage()
        assert editor(person).isVisible()
        assert editor(person).text() == "main"
        say(editor(person), "main road")
        QTest.keyClick(editor(person), Qt.Key.Key_Return)
        assert names(person) == ["main", "main road"]

    def test_delete_asks_and_can_be_undone(self, person: Person) -> None:
        fork(person, 300)
        show_tree(person)
        tree = panel(person).tree
        QTest.keyClick(tree, Qt.Key.Key_Delete)
        answer(person, yes=False)
        assert names(person) == ["main", "crash S2"]
        QTest.keyClick(tree, Qt.Key.Key_Delete)
        answer(person, yes=True)
        assert names(person) == ["main"]
        assert person.session.branch is person.session.history.root
        person.press("Ctrl+Z")
        assert names(person) == ["main", "crash S2"]

    def test_the_only_branch_stays(self, person: Person) -> None:
        show_tree(person)
        QTest.keyClick(panel(person).tree, Qt.Key.Key_Delete)
        assert not person.window.findChildren(Question)
        assert "the only branch" in person.window.statusBar().currentMessage()

    def test_deleting_another_branch_leaves_one_where_one_looks(self, person: Person) -> None:
        branch = fork(person, 300)
        show_tree(person)
        click_branch(person, "main")
        before = person.session.cursor
        actions = {a.text(): a for a in person.window.branches.branch_actions(branch)}
        actions["Delete…"].trigger()
        answer(person, yes=True)
        assert person.session.cursor == before
        assert names(person) == ["main"]

    def test_the_tree_shows_what_happened_while_it_was_hidden(self, person: Person) -> None:
        fork(person, 300)
        person.press("Ctrl+D")
        QTest.keyClick(dialog(person).name, Qt.Key.Key_Return)
        show_tree(person)
        assert row(person, "main").flags or row(person, "crash S2").flags

    def test_pointing_says_what_is_there(self, person: Person) -> None:
        fork(person, 300)
        show_tree(person)
        words = panel(person).tree.words_at(QPointF(spot(person, "crash S2")))
        assert words.startswith("“crash S2”\nFrom “main” at 300.00 ms")

    def test_one_branch_says_how_to_open_another(self, person: Person) -> None:
        show_tree(person)
        hint = panel(person)._only
        assert hint.isVisible()
        fork(person, 300)
        assert not hint.isVisible()


class TestDescribing:
    def test_name_note_and_colour_are_given_at_once_and_undone_at_once(
        self, person: Person
    ) -> None:
        branch = fork(person, 300)
        person.press("Shift+F2")
        form = dialog(person)
        say(form.name, "what if")
        QTest.keyClicks(form.note, "S2 never comes back")
        QTest.mouseClick(form.colours.button(3), LEFT)
        QTest.keyClick(form.name, Qt.Key.Key_Return)
        label = branch.label
        assert (label.name, label.note, label.colour) == ("what if", "S2 never comes back", 3)
        person.press("Ctrl+Z")
        assert (label.name, label.note, label.colour) == ("crash S2", "", 1)

    def test_a_wrong_name_is_said_in_the_form_and_nothing_is_lost(self, person: Person) -> None:
        fork(person, 300)
        person.press("Shift+F2")
        form = dialog(person)
        say(form.name, "main")
        QTest.keyClick(form.name, Qt.Key.Key_Return)
        assert form.isVisible()
        assert form._error.text() == "There is a “main” already."
        QTest.keyClick(form, Qt.Key.Key_Escape)
        assert names(person) == ["main", "crash S2"]

    def test_a_colour_is_chosen_from_the_context_menu(self, person: Person) -> None:
        branch = fork(person, 300)
        colours = person.window.branches._colours(branch)
        menu_entry(colours, "teal").trigger()
        assert branch.label.colour == 4


class TestTheListAtTheTop:
    def test_it_names_the_branch_and_holds_them_all(self, person: Person) -> None:
        fork(person, 300)
        pill = person.window.transport.pill
        assert pill.text().startswith("crash S2")
        QTest.mouseClick(pill, LEFT)
        assert pill.list.isVisible()
        menu_entry(pill.list, "main").trigger()
        pill.list.close()
        assert person.session.branch is person.session.history.root
        assert pill.text().startswith("main")

    def test_a_key_opens_it(self, person: Person) -> None:
        person.press("Alt+B")
        pill = person.window.transport.pill
        assert pill.list.isVisible()
        pill.list.close()

    def test_of_a_hundred_it_holds_those_around_this_one(self, person: Person) -> None:
        for n in range(60):
            fork(person, 200 + n)
        pill = person.window.transport.pill
        person.window.branches.fill_list(pill.list)
        listed = [action.text() for action in pill.list.actions()]
        assert person.session.branch.name in listed
        assert "All 61 branches" in listed
        assert len(listed) < 30


class TestBookmarks:
    def mark(self, person: Person, name: str, note: str = "") -> None:
        person.press("Ctrl+D")
        form = dialog(person)
        say(form.name, name)
        QTest.keyClicks(form.note, note)
        QTest.keyClick(form.name, Qt.Key.Key_Return)

    def test_one_is_set_by_a_key_and_undone(self, person: Person) -> None:
        self.mark(person, "here", "look at S3")
        (bookmark,) = person.session.bookmarks
        assert (bookmark.name, bookmark.note) == ("here", "look at S3")
        person.press("Ctrl+Z")
        assert not person.session.bookmarks
        person.press("Ctrl+Shift+Z")
        assert person.session.bookmarks == (bookmark,)

    def test_playing_stops_while_one_thinks_of_a_name(self, person: Person) -> None:
        person.press("Space")
        person.press("Ctrl+D")
        assert not person.session.playback.playing
        dialog(person).reject()

    def test_the_same_key_changes_the_bookmark_that_is_here(self, person: Person) -> None:
        self.mark(person, "here")
        self.mark(person, "there")
        assert [bookmark.name for bookmark in person.session.bookmarks] == ["there"]

    def test_keys_go_to_the_next_and_the_last_one(self, person: Person) -> None:
        for time, name in ((100, "one"), (200, "two"), (300, "three")):
            person.window.conductor.seek(ms(time))
            self.mark(person, name)
        person.press("Home")
        seen = []
        for _ in range(3):
            person.press("Ctrl+Down")
            seen.append(person.session.time_us)
        assert seen == [ms(100), ms(200), ms(300)]
        person.press("Ctrl+Up")
        assert person.session.time_us == ms(200)
        assert "“two”" in person.window.statusBar().currentMessage()

    def test_beyond_the_last_one_it_says_so(self, person: Person) -> None:
        self.mark(person, "here")
        person.press("Ctrl+Down")
        assert "no bookmark after this" in person.window.statusBar().currentMessage()

    def test_one_on_another_branch_is_gone_to_from_the_list(self, person: Person) -> None:
        branch = fork(person, 300)
        person.window.conductor.step()
        self.mark(person, "far away")
        place = person.session.cursor
        person.press("Ctrl+B")
        show_tree(person)
        bookmarks = panel(person).bookmarks
        item = bookmarks.topLevelItem(0)
        assert item is not None
        where = bookmarks.visualItemRect(item).center()
        QTest.mouseClick(bookmarks.viewport(), LEFT, pos=where)
        assert person.session.branch is branch
        assert (person.session.count, person.session.time_us) == (place.count, place.time_us)

    def test_keys_of_the_list_change_and_delete(self, person: Person) -> None:
        self.mark(person, "here")
        show_tree(person)
        bookmarks = panel(person).bookmarks
        bookmarks.setFocus()
        QTest.keyClick(bookmarks, Qt.Key.Key_F2)
        form = dialog(person)
        say(form.name, "there")
        QTest.keyClick(form.name, Qt.Key.Key_Return)
        assert [bookmark.name for bookmark in person.session.bookmarks] == ["there"]
        QTest.keyClick(bookmarks, Qt.Key.Key_Delete)
        assert person.session.bookmarks == ()

    def test_the_key_for_deleting_is_grey_where_there_is_none(self, person: Person) -> None:
        action = person.window.command_actions["delete-bookmark"]
        assert not action.isEnabled()
        self.mark(person, "here")
        assert action.isEnabled()
        person.press("Ctrl+Shift+D")
        assert person.session.bookmarks == ()

    def test_a_bookmark_whose_future_is_undone_is_not_listed(self, person: Person) -> None:
        person.press("2")
        person.press("K")
        person.window.conductor.step()
        self.mark(person, "after the crash")
        show_tree(person)
        bookmarks = panel(person).bookmarks
        assert bookmarks.topLevelItemCount() == 1
        fork(person, 300)
        session = person.session
        person.window.conductor.edit(lambda: delete_branch(session, session.history.root))
        assert bookmarks.topLevelItemCount() == 0


class TestUndoInTheWindow:
    def test_the_menu_says_what_would_be_undone_and_done_again(self, person: Person) -> None:
        undo, redo = (person.window.command_actions[name] for name in ("undo", "redo"))
        assert (undo.text(), redo.text()) == ("Undo", "Redo")
        person.press("2")
        person.press("K")
        assert undo.text() == "Undo crash S2"
        assert "Undo crash S2" in undo.toolTip()
        person.press("Ctrl+Z")
        assert (undo.text(), redo.text()) == ("Undo", "Redo crash S2")
        person.press("Ctrl+Y")
        assert undo.text() == "Undo crash S2"

    def test_undoing_stops_time_and_shows_all_as_it_was(self, person: Person) -> None:
        person.press("2")
        person.press("K")
        person.press("Space")
        person.wait(1.0)
        person.press("Ctrl+Z")
        assert not person.session.playback.playing
        assert person.state.hosts[2].status is Status.UP
        window = person.window
        assert window.timeline._moment == window.logs._moment == window.canvas._moment
        assert window.timeline._moment == person.session.moment

    def test_a_message_of_the_undone_future_is_no_longer_selected(self, person: Person) -> None:
        person.press("C")
        person.window.conductor.select(PickedMessage(max(person.state.flights)))
        person.press("Ctrl+Z")
        assert person.selected_message() is None

    def test_a_message_that_both_branches_share_stays_selected(self, person: Person) -> None:
        while not person.state.flights:
            person.press("Right")
        person.press("M")
        sent = person.selected_message()
        person.press("2")
        person.press("M")
        assert person.selected_message() == sent
        person.window.conductor.dispatch(Crash(3))
        person.press("Ctrl+Z")
        assert person.selected_message() == sent

    def test_undo_in_a_field_is_the_fields(self, person: Person) -> None:
        person.press("2")
        person.press("K")
        person.press("Ctrl+D")
        form = dialog(person)
        QTest.keyClicks(form.note, "abc")
        QTest.keyClick(form.note, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert form.note.toPlainText() == ""
        assert person.state.hosts[2].status is Status.CRASHED
        form.reject()
