"""Files as somebody uses them: save, act on, close, reopen; drop, paste, and nothing lost unasked."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QProgressDialog, QPushButton
from pytestqt.qtbot import QtBot

from raftviz.qt.accidents import Accidents
from raftviz.qt.asking import Asking
from raftviz.qt.preferences import MOST_RECENT
from raftviz.session import filed
from raftviz.session.bookmarks import add_bookmark
from raftviz.session.branches import describe
from raftviz.session.session import Session
from raftviz.shelf import shipped_scenarios
from raftviz.sim.history import Label
from raftviz.sim.host import Status
from raftviz.sim.settings import Settings
from raftviz.sim.trace import trace_hash, trace_lines
from tests.qt.desk import Person, at_window

HAND_WRITTEN = 'raft 1\ntitle "By hand"\ncluster 3  # small\nuntil leader\ncrash leader\n'


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


def live(person: Person) -> None:
    """An act at the end, one in the past, a branch with a name and a note, a bookmark."""
    person.press("Space")
    person.wait(10.0, frames=50)
    person.press("2")
    person.press("K")
    person.wait(5.0, frames=25)
    person.press("Space")
    person.window.conductor.seek(400_000)
    person.press("3")
    person.press("K")
    session, conductor = person.session, person.window.conductor
    conductor.edit(lambda: describe(session, session.branch, Label("S3 too", "Two are down.", 5)))
    conductor.edit(lambda: add_bookmark(session, "both down", 'Will "it" hold?'))
    person.window.conductor.seek(450_000)


def everything(session: Session) -> object:
    """All that somebody wants to find again."""
    return (
        [
            (branch.name, branch.label.note, branch.label.colour, list(trace_lines(branch)))
            for branch in session.history.visible
        ],
        [(mark.name, mark.note, mark.count, mark.time_us) for mark in session.bookmarks],
        (session.branch.name, session.count, session.time_us),
    )


def question(person: Person) -> Asking:
    (asking,) = (d for d in person.window.findChildren(Asking) if d.isVisible())
    return asking


def asked(person: Person) -> bool:
    return any(dialog.isVisible() for dialog in person.window.findChildren(Asking))


def answer(person: Person, words: str) -> None:
    """Click the answer to the question that is asked."""
    (button,) = (b for b in question(person).buttons if b.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    back_at(person)


def file_dialog(person: Person) -> QFileDialog:
    (dialog,) = (d for d in person.window.findChildren(QFileDialog) if d.isVisible())
    return dialog


def choose_file(person: Person, path: Path) -> None:
    """Choose a file where one is asked for: what Qt's own dialog says when that is done."""
    dialog = file_dialog(person)
    dialog.fileSelected.emit(os.fspath(path))
    dialog.reject()
    back_at(person)


def type_file(person: Person, path: Path) -> None:
    """Type the name of a new file where one is asked for."""
    line = file_dialog(person).findChild(QLineEdit)
    assert line is not None
    line.setText(os.fspath(path))  # key by key, a list of proposals would grab the keyboard
    QTest.keyClick(line, Qt.Key.Key_Return)
    back_at(person)


def back_at(person: Person) -> None:
    """Turn to the window again, as the desktop does when a dialog closes."""
    person.window.activateWindow()
    QApplication.processEvents()


def said(person: Person) -> str:
    return person.window.statusBar().currentMessage()


def menu(person: Person, command: str) -> None:
    """Choose an entry of the menus."""
    action: QAction = person.window.command_actions[command]
    assert action.isEnabled()
    action.trigger()


class TestSavingAndReopening:
    def test_everything_is_there_again_by_keys(self, person: Person, tmp_path: Path) -> None:
        live(person)
        before = everything(person.session)
        person.press("Ctrl+S")
        type_file(person, tmp_path / "mine.raft")
        assert said(person) == "Saved as mine.raft."
        person.press("Ctrl+O")
        choose_file(person, tmp_path / "mine.raft")
        assert everything(person.session) == before
        assert not person.session.playback.playing

    def test_everything_is_there_again_by_mouse(
        self, person: Person, qtbot: QtBot, tmp_path: Path
    ) -> None:
        live(person)
        before, path = everything(person.session), tmp_path / "mine.raft"
        menu(person, "save")
        choose_file(person, path)
        with at_window(qtbot, Session.of_settings(Settings())) as other:
            menu(other, "open")
            choose_file(other, path)
            assert everything(other.session) == before
            assert trace_hash(other.session.history) == trace_hash(person.session.history)

    def test_the_second_time_nobody_is_asked_where(self, person: Person, tmp_path: Path) -> None:
        live(person)
        path = tmp_path / "mine.raft"
        person.press("Ctrl+S")
        choose_file(person, path)
        first = path.read_text(encoding="utf-8")
        person.press("4")
        person.press("K")
        person.press("Ctrl+S")
        assert not asked(person)
        assert path.read_text(encoding="utf-8") != first

    def test_a_name_without_an_ending_gets_one(self, person: Person, tmp_path: Path) -> None:
        person.press("Ctrl+S")
        type_file(person, tmp_path / "mine")
        assert [file.name for file in tmp_path.iterdir()] == ["mine.raft"]

    def test_saving_as_goes_on_with_the_other_file(self, person: Person, tmp_path: Path) -> None:
        for name in ("one", "two"):
            person.press("Ctrl+Shift+S")
            choose_file(person, tmp_path / f"{name}.raft")
        assert person.window.windowTitle() == "two.raft[*] — raftviz"
        assert (tmp_path / "one.raft").exists()

    def test_the_same_session_is_saved_in_the_same_bytes(
        self, person: Person, tmp_path: Path
    ) -> None:
        live(person)
        for name in ("one", "two"):
            person.press("Ctrl+Shift+S")
            choose_file(person, tmp_path / f"{name}.raft")
            person.press("Ctrl+O")
            choose_file(person, tmp_path / f"{name}.raft")
        one, two = (tmp_path / f"{name}.raft" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()

    def test_a_scenario_that_ships_is_saved_elsewhere(self, person: Person, tmp_path: Path) -> None:
        path = shipped_scenarios()["split-vote"]
        before = path.read_bytes()
        person.window.open_scenario(os.fspath(path))
        person.press("Space")
        person.press("Ctrl+S")
        choose_file(person, tmp_path / "mine.raft")
        assert (tmp_path / "mine.raft").exists()
        assert path.read_bytes() == before


class TestTheTitle:
    def test_it_names_the_session_and_its_file(self, person: Person, tmp_path: Path) -> None:
        assert person.window.windowTitle() == "A cluster[*] — raftviz"
        person.press("Ctrl+S")
        choose_file(person, tmp_path / "mine.raft")
        assert person.window.windowTitle() == "mine.raft[*] — raftviz"
        (tmp_path / "titled.raft").write_text(HAND_WRITTEN)
        person.window.open_scenario(os.fspath(tmp_path / "titled.raft"))
        assert person.window.windowTitle() == "By hand (titled.raft)[*] — raftviz"

    def test_time_and_looking_are_nothing_that_could_be_lost(self, person: Person) -> None:
        person.press("Space")
        person.wait(2.0)
        person.press("Space")
        person.press("Home")
        assert not person.window.isWindowModified()

    def test_an_act_is_marked_until_it_is_saved_or_undone(
        self, person: Person, tmp_path: Path
    ) -> None:
        person.press("2")
        person.press("K")
        assert person.window.isWindowModified()
        person.press("Ctrl+Z")
        assert not person.window.isWindowModified()
        person.press("Ctrl+Shift+Z")
        assert person.window.isWindowModified()
        person.press("Ctrl+S")
        choose_file(person, tmp_path / "mine.raft")
        assert not person.window.isWindowModified()

    def test_what_is_undone_behind_what_was_saved_is_marked(
        self, person: Person, tmp_path: Path
    ) -> None:
        person.press("2")
        person.press("K")
        person.press("Ctrl+S")
        choose_file(person, tmp_path / "mine.raft")
        person.press("Ctrl+Z")
        assert person.window.isWindowModified()
        person.press("Ctrl+Shift+Z")
        assert not person.window.isWindowModified()

    @pytest.mark.parametrize("edit", ["bookmark", "branch", "name"])
    def test_bookmarks_branches_and_names_are_marked(self, person: Person, edit: str) -> None:
        session, conductor = person.session, person.window.conductor
        if edit == "bookmark":
            conductor.edit(lambda: add_bookmark(session, "here"))
        elif edit == "branch":
            person.press("N")
        else:
            conductor.edit(lambda: describe(session, session.branch, Label("the plan")))
        assert person.window.isWindowModified()


def crash(person: Person) -> None:
    person.press("2")
    person.press("K")


class TestBeforeSomethingIsLost:
    @pytest.mark.parametrize("command", ["new", "open", "quit"])
    def test_who_did_nothing_is_not_asked(self, person: Person, command: str) -> None:
        menu(person, command)
        assert not asked(person)

    @pytest.mark.parametrize("command", ["new", "open", "quit", "paste-session"])
    def test_cancel_changes_nothing(self, person: Person, command: str) -> None:
        QGuiApplication.clipboard().setText("raft 1\ncluster 3\n")
        crash(person)
        before = person.session
        menu(person, command)
        answer(person, "Cancel")
        assert person.session is before
        assert person.window.isVisible()
        assert person.window.isWindowModified()

    def test_who_closes_twice_is_asked_once(self, person: Person) -> None:
        crash(person)
        person.window.close()
        person.window.close()
        answer(person, "Cancel")
        assert not asked(person)
        person.window.close()
        assert asked(person)

    def test_escape_is_cancel(self, person: Person) -> None:
        crash(person)
        menu(person, "quit")
        QTest.keyClick(question(person), Qt.Key.Key_Escape)
        assert person.window.isVisible()

    def test_discard_lets_it_go(self, person: Person) -> None:
        crash(person)
        person.window.close()
        assert person.window.isVisible()
        answer(person, "Discard")
        assert not person.window.isVisible()

    def test_save_saves_it_first_and_then_goes_on(self, person: Person, tmp_path: Path) -> None:
        crash(person)
        person.press("Ctrl+Q")
        answer(person, "Save")
        choose_file(person, tmp_path / "mine.raft")
        assert "crash S2" in (tmp_path / "mine.raft").read_text(encoding="utf-8")
        assert not person.window.isVisible()

    def test_who_does_not_say_where_keeps_the_session(self, person: Person) -> None:
        crash(person)
        person.press("Ctrl+Q")
        answer(person, "Save")
        file_dialog(person).reject()
        assert person.window.isVisible()
        assert person.window.isWindowModified()


class TestOpening:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("raft 2\ncluster 5\n", "line 1, column 6: this scenario is of version 2"),
            ("raft 1\ncluster 5\nrun 1s\ncrash S9\n", "line 4, column 7: there is no server S9"),
            ("raft 1\ncluster 5\nrun 2s\nat 1s crash S1\n", "line 4, column 1: it is 2s already"),
            ('raft 1\ncluster 5\nlook "main" at 0\n', "the file is not whole"),
            ("PNG\r\n", "line 1, column 1: a scenario begins with “raft 1”"),
            ("\x89PNG\r\n", "line 1, column 1: this is not text"),
            ("\0", "this is not text"),
        ],
    )
    def test_what_cannot_be_opened_is_told_and_all_stays(
        self, person: Person, tmp_path: Path, text: str, words: str
    ) -> None:
        crash(person)
        before, looked = person.session, everything(person.session)
        (tmp_path / "bad.raft").write_text(text, encoding="latin-1")
        person.window.open_scenario(os.fspath(tmp_path / "bad.raft"))
        answer(person, "Discard")
        assert said(person).startswith("Not opened: ")
        assert words in said(person)
        assert "\n" not in said(person)
        assert person.session is before
        assert everything(person.session) == looked
        assert person.window.isWindowModified()

    def test_a_recording_is_looked_at_and_cannot_be_saved(
        self, person: Person, clone: Path
    ) -> None:
        person.window.open_scenario(os.fspath(clone / "assets" / "traces" / "two-leaders.jsonl"))
        assert person.session.is_recording
        assert not person.window.command_actions["save"].isEnabled()
        assert not person.window.isWindowModified()

    def test_a_recording_that_is_none_is_told_and_all_stays(
        self, person: Person, tmp_path: Path
    ) -> None:
        before = person.session
        (tmp_path / "bad.jsonl").write_text("{}\n")
        person.window.open_scenario(os.fspath(tmp_path / "bad.jsonl"))
        assert said(person).startswith("Not opened: ")
        assert said(person).count("bad.jsonl") == 1
        assert "line 1, column" in said(person)
        assert person.session is before

    def test_what_is_no_file_is_refused_at_once(self, person: Person, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.raft")
        person.window.open_scenario(os.fspath(tmp_path / "pipe.raft"))
        assert "is no file" in said(person)

    def test_what_goes_another_way_now_is_said(self, person: Person, clone: Path) -> None:
        path = clone / "tests" / "files" / "version-1" / "one-acknowledgement.raft"
        QGuiApplication.clipboard().setText(
            path.read_text(encoding="utf-8").replace("request x=1", "request x=2 to S3")
        )
        person.press("Ctrl+V")
        assert "“main” goes another way here than where it was written" in said(person)
        assert person.session.title == "One acknowledgement"

    def test_a_scenario_plays_and_a_session_waits(self, person: Person, tmp_path: Path) -> None:
        QGuiApplication.clipboard().setText(HAND_WRITTEN)
        person.press("Ctrl+V")
        assert person.session.playback.playing
        person.press("Space")


class TestDroppingAndPasting:
    def drop(self, person: Person, *paths: Path) -> bool:
        """Drag files onto the window and let go. Whether they were welcome."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(os.fspath(path)) for path in paths])
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(300, 300), copy, data, left, none)
        enter.ignore()
        QApplication.sendEvent(person.window, enter)
        if not enter.isAccepted():
            return False
        over = QPointF(300, 300)
        drop = QDropEvent(over, copy, data, left, none, QEvent.Type.Drop)
        QApplication.sendEvent(person.window, drop)
        QApplication.processEvents()
        return True

    def test_a_file_that_is_dropped_is_opened(self, person: Person, tmp_path: Path) -> None:
        (tmp_path / "mine.raft").write_text(HAND_WRITTEN)
        assert self.drop(person, tmp_path / "mine.raft")
        assert person.session.title == "By hand"
        person.press("Space")

    def test_who_did_something_is_asked_first(self, person: Person, tmp_path: Path) -> None:
        (tmp_path / "mine.raft").write_text(HAND_WRITTEN)
        crash(person)
        before = person.session
        assert self.drop(person, tmp_path / "mine.raft")
        assert person.session is before
        answer(person, "Discard")
        assert person.session.title == "By hand"
        person.press("Space")

    def test_two_at_once_are_not_welcome(self, person: Person, tmp_path: Path) -> None:
        assert not self.drop(person, tmp_path / "a", tmp_path / "b")

    def test_what_is_copied_can_be_pasted(self, person: Person, qtbot: QtBot) -> None:
        live(person)
        person.press("Ctrl+Shift+C")
        assert QGuiApplication.clipboard().text().startswith("raft 1\nlook ")
        assert said(person) == "The session is on the clipboard as text."
        with at_window(qtbot, Session.of_settings(Settings())) as other:
            other.press("Ctrl+V")
            assert everything(other.session) == everything(person.session)

    def test_an_empty_clipboard_is_said(self, person: Person) -> None:
        QGuiApplication.clipboard().setText(" \n")
        person.press("Ctrl+V")
        assert said(person) == "Not opened: there is no text on the clipboard."


class TestSavingOver:
    def opened(self, person: Person, tmp_path: Path) -> Path:
        path = tmp_path / "mine.raft"
        path.write_text(HAND_WRITTEN)
        person.window.open_scenario(os.fspath(path))
        person.press("Space")
        return path

    def test_a_file_written_by_hand_is_not_replaced_unasked(
        self, person: Person, tmp_path: Path
    ) -> None:
        path = self.opened(person, tmp_path)
        person.press("Ctrl+S")
        assert "comments" in question(person).details
        answer(person, "Cancel")
        assert path.read_text() == HAND_WRITTEN

    def test_it_is_if_that_is_wanted_and_then_no_more_questions(
        self, person: Person, tmp_path: Path
    ) -> None:
        path = self.opened(person, tmp_path)
        person.press("Ctrl+S")
        answer(person, "Save over it")
        assert path.read_text().endswith("\nend\n")
        crash(person)
        person.press("Ctrl+S")
        assert not asked(person)

    def test_a_file_that_somebody_else_changed_is_not_replaced_unasked(
        self, person: Person, tmp_path: Path
    ) -> None:
        person.press("Ctrl+S")
        choose_file(person, tmp_path / "mine.raft")
        (tmp_path / "mine.raft").write_text(HAND_WRITTEN)
        crash(person)
        person.press("Ctrl+S")
        assert "not as it was" in question(person).details
        answer(person, "Save elsewhere…")
        choose_file(person, tmp_path / "other.raft")
        assert (tmp_path / "mine.raft").read_text() == HAND_WRITTEN
        assert "crash S2" in (tmp_path / "other.raft").read_text()

    def test_a_file_that_is_gone_is_written_again(self, person: Person, tmp_path: Path) -> None:
        person.press("Ctrl+S")
        choose_file(person, tmp_path / "mine.raft")
        (tmp_path / "mine.raft").unlink()
        person.press("Ctrl+S")
        assert (tmp_path / "mine.raft").exists()

    def test_a_disk_that_fails_leaves_the_old_file_and_the_session(
        self, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "mine.raft"
        person.press("Ctrl+S")
        choose_file(person, path)
        before = path.read_bytes()
        crash(person)

        def full(descriptor: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", full)
        person.press("Ctrl+S")
        monkeypatch.undo()
        assert question(person).question == "“mine.raft” could not be saved."
        assert "No space left on device. The file on the disk is as it was" in (
            question(person).details
        )
        answer(person, "Close")
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]
        assert person.window.isWindowModified()

    def test_closing_waits_for_a_save_that_works(
        self, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        crash(person)
        person.press("Ctrl+Q")
        answer(person, "Save")
        choose_file(person, tmp_path / "none" / "mine.raft")
        if asked(person):  # the dialog itself may refuse a folder that is not there
            answer(person, "Close")
        assert person.window.isVisible()


class TestRecentFiles:
    def files(self, person: Person) -> list[tuple[str, bool]]:
        person.window.recent.fill()
        return [
            (Path(action.data()).name, action.isEnabled())
            for action in person.window.recent.actions()
            if action.data()
        ]

    def save(self, person: Person, path: Path) -> None:
        person.press("Ctrl+Shift+S")
        choose_file(person, path)

    def test_they_are_listed_newest_first(self, person: Person, tmp_path: Path) -> None:
        for name in ("a", "b", "c"):
            self.save(person, tmp_path / f"{name}.raft")
        person.window.open_scenario(os.fspath(tmp_path / "a.raft"))
        self.save(person, tmp_path / "d.raft")
        assert [name for name, _ in self.files(person)] == [
            "d.raft",
            "a.raft",
            "c.raft",
            "b.raft",
        ]

    def test_one_that_is_gone_is_grey(self, person: Person, tmp_path: Path) -> None:
        self.save(person, tmp_path / "a.raft")
        (tmp_path / "a.raft").unlink()
        assert self.files(person) == [("a.raft", False)]

    def test_one_is_opened_by_key(self, person: Person, tmp_path: Path) -> None:
        self.save(person, tmp_path / "a.raft")
        before = person.session
        person.press("Ctrl+Shift+O")
        assert person.window.recent.isVisible()
        QTest.keyClick(person.window.recent, Qt.Key.Key_1)
        assert person.session is not before

    def test_there_are_no_more_than_a_list_shows(self, person: Person) -> None:
        preferences = person.window.looks.preferences
        for number in range(30):
            preferences.add_recent(f"/somewhere/{number}.raft")
        assert len(self.files(person)) == MOST_RECENT
        preferences.forget_recent()
        assert self.files(person) == []


class Hurried:
    """A clock by which everything takes long."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 0.1
        return self.now_s


class TestALongFile:
    TEXT = "raft 1\ncluster 5 requests=10ms\nrun 20s\n"

    def begin(self, person: Person) -> QProgressDialog:
        person.window.conductor.clock = Hurried()
        QGuiApplication.clipboard().setText(self.TEXT)
        person.press("Ctrl+V")
        (box,) = person.window.findChildren(QProgressDialog)
        assert box.isVisible()
        return box

    def test_it_opens_beside_a_window_with_its_progress(self, person: Person, qtbot: QtBot) -> None:
        before = person.session
        box = self.begin(person)
        values = []
        while person.session is before:
            values.append(box.value())
            QApplication.processEvents()
        assert values == sorted(values)
        assert len(set(values)) > 10
        assert person.session.end_of(person.session.branch) == 20_000_000
        assert not [d for d in person.window.findChildren(QProgressDialog) if d.isVisible()]
        person.press("Space")

    @pytest.mark.parametrize("how", ["button", "escape"])
    def test_cancel_leaves_everything_as_it_is(self, person: Person, how: str) -> None:
        before = person.session
        box = self.begin(person)
        for _ in range(5):
            QApplication.processEvents()
        if how == "escape":
            QTest.keyClick(box, Qt.Key.Key_Escape)
        else:
            (button,) = box.findChildren(QPushButton)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        for _ in range(5):
            QApplication.processEvents()
        assert person.session is before
        assert said(person) == "Not opened: all is as it was."
        assert not [d for d in person.window.findChildren(QProgressDialog) if d.isVisible()]


class TestAccidents:
    def protect(self, person: Person, folder: Path) -> Accidents:
        person.window.protect(folder)
        assert person.window.accidents is not None
        return person.window.accidents

    def copies(self, folder: Path) -> list[str]:
        return [p.read_text(encoding="utf-8") for p in folder.glob("*/session.raft")]

    def copy(self, accidents: Accidents, qtbot: QtBot, folder: Path, words: str) -> None:
        """Let the time of a copy come, and wait until it is on the disk."""

        def is_copied() -> bool:
            accidents.look()
            return any(words in text for text in self.copies(folder))

        qtbot.waitUntil(is_copied)

    def test_who_did_nothing_leaves_no_copy(self, person: Person, tmp_path: Path) -> None:
        accidents = self.protect(person, tmp_path)
        person.press("Space")
        person.wait(1.0)
        person.press("Space")
        accidents.look()
        assert list(tmp_path.iterdir()) == []

    def test_what_is_done_is_copied_and_what_is_saved_is_not_any_more(
        self, person: Person, qtbot: QtBot, tmp_path: Path
    ) -> None:
        accidents = self.protect(person, tmp_path / "copies")
        crash(person)
        self.copy(accidents, qtbot, tmp_path / "copies", "crash S2")
        person.press("3")
        person.press("K")
        self.copy(accidents, qtbot, tmp_path / "copies", "crash S3")
        person.press("Ctrl+S")
        choose_file(person, tmp_path / "mine.raft")

        def is_gone() -> bool:
            accidents.look()
            return not self.copies(tmp_path / "copies")

        qtbot.waitUntil(is_gone)

    def test_after_a_proper_close_nothing_is_offered(
        self, person: Person, qtbot: QtBot, tmp_path: Path
    ) -> None:
        accidents = self.protect(person, tmp_path)
        crash(person)
        self.copy(accidents, qtbot, tmp_path, "crash S2")
        person.press("Ctrl+Q")
        answer(person, "Discard")
        assert list(tmp_path.iterdir()) == []

    def test_a_copy_that_cannot_be_kept_is_said_once(
        self, person: Person, qtbot: QtBot, tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        accidents = self.protect(person, tmp_path / "file")
        crash(person)

        def is_said() -> bool:
            accidents.look()
            return "No copy" in said(person)

        qtbot.waitUntil(is_said)
        assert "Not a directory" in said(person)

    def killed(self, folder: Path, clone: Path) -> None:
        """A window in which S2 was crashed and a branch named, killed while it goes on."""
        environment = {**os.environ, "PYTHONPATH": os.fspath(clone)}
        with subprocess.Popen(
            [sys.executable, "-c", _KILLED, os.fspath(folder)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "copied\n"
            process.send_signal(signal.SIGKILL)

    def test_what_was_done_before_kill_9_is_restored(
        self, person: Person, qtbot: QtBot, tmp_path: Path, clone: Path
    ) -> None:
        self.killed(tmp_path, clone)
        accidents = self.protect(person, tmp_path)
        assert question(person).question == "“A session” was not closed properly. Restore it?"
        answer(person, "Restore")
        session = person.session
        assert session.branch.name == "before the accident"
        assert session.moment.state.hosts[2].status is Status.CRASHED
        assert person.window.isWindowModified()
        self.copy(accidents, qtbot, tmp_path, "crash S2")

        def there_is_one() -> bool:
            accidents.look()
            return len(self.copies(tmp_path)) == 1

        qtbot.waitUntil(there_is_one)

    def test_it_can_be_discarded(self, person: Person, tmp_path: Path, clone: Path) -> None:
        self.killed(tmp_path, clone)
        self.protect(person, tmp_path)
        answer(person, "Discard")
        assert list(tmp_path.iterdir()) == []

    def test_or_left_for_later(
        self, person: Person, qtbot: QtBot, tmp_path: Path, clone: Path
    ) -> None:
        self.killed(tmp_path, clone)
        self.protect(person, tmp_path)
        answer(person, "Later")
        assert len(self.copies(tmp_path)) == 1
        with at_window(qtbot, Session.of_settings(Settings())) as other:
            self.protect(other, tmp_path)
            assert asked(other)
            answer(other, "Discard")

    def test_a_copy_of_a_file_is_saved_to_that_file_after_asking(
        self, person: Person, tmp_path: Path, clone: Path
    ) -> None:
        from tests.test_autosave import abandon

        mine = tmp_path / "mine.raft"
        mine.write_text(HAND_WRITTEN)
        abandon(tmp_path / "copies", "raft 1\ncluster 3\ncrash S1\n", mine)
        self.protect(person, tmp_path / "copies")
        assert "“mine.raft” was not closed properly" in question(person).question
        answer(person, "Restore")
        person.press("Space")
        assert person.window.windowTitle() == "mine.raft[*] — raftviz"
        person.press("Ctrl+S")
        assert question(person).details == filed.A_COPY
        answer(person, "Save over it")
        assert "crash S1" in mine.read_text(encoding="utf-8")
        assert not person.window.isWindowModified()


_KILLED = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from raftviz.application import application
from raftviz.qt import accidents
from raftviz.qt.conductor import Conductor
from raftviz.qt.window import Window
from raftviz.session.session import Session
from raftviz.sim.acts import Crash
from raftviz.sim.settings import Settings

accidents.EVERY_MS = 1
qt = application(screen=False)
window = Window(Conductor(Session.of_settings(Settings(seed=4))))
window.show()
folder = Path(sys.argv[1])
window.protect(folder)
window.conductor.session.dispatch(Crash(2))
window.conductor.session.open_branch("before the accident")
window.conductor.play()

def look():
    if any("before the accident" in p.read_text() for p in folder.glob("*/session.raft")):
        print("copied", flush=True)

timer = QTimer()
timer.timeout.connect(look)
timer.start(1)
qt.exec()
"""
"""A window in a process of its own; it copies as often as it can, and plays on."""


class TestTraces:
    @pytest.mark.parametrize(("name", "begins"), [("a.jsonl", "{"), ("a.shiviz", "(?<")])
    def test_every_event_is_written_for_other_programs(
        self, person: Person, tmp_path: Path, name: str, begins: str
    ) -> None:
        person.press("Right")
        person.window.filing.export_to(tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
        assert name in person.window.statusBar().currentMessage()

    def test_where_nothing_can_be_written_is_told(self, person: Person, tmp_path: Path) -> None:
        person.window.filing.export_to(tmp_path / "nowhere" / "a.jsonl")
        assert "Not exported" in person.window.statusBar().currentMessage()
