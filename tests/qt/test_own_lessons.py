"""Lessons of one's own: a folder, a file that is dropped, and files from strangers."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from raftviz.qt.lesson_map import LessonMap
from raftviz.qt.lesson_place import LessonPlace
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window
from tests.qt.test_files import choose_file, file_dialog, said
from tests.teaching.lessons import CRASH, HEAD


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.md").write_text(HEAD + CRASH)
    (tmp_path / "bad.md").write_text(HEAD + CRASH.replace("crashed", "crashd"))
    (tmp_path / "README.md").write_text("Nothing to learn.")
    return tmp_path


def the_map(person: Person) -> LessonMap:
    person.press("Ctrl+Shift+L")
    view = person.window.later["Lesson"].view
    assert isinstance(view, LessonPlace)
    return view.map


def words(of: LessonMap) -> str:
    return "\n".join(label.text() for label in of.findChildren(QLabel) if label.isVisible())


def title(person: Person) -> str:
    run = person.window.lessons.run
    return run.lesson.title if run else ""


def drop(person: Person, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(os.fspath(path))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), copy, data, left, none)
    QApplication.sendEvent(person.window, enter)
    drop = QDropEvent(QPointF(300, 300), copy, data, left, none, QEvent.Type.Drop)
    QApplication.sendEvent(person.window, drop)
    QApplication.processEvents()


def test_the_lessons_of_a_folder_are_listed_and_opened(person: Person, folder: Path) -> None:
    lessons = the_map(person)
    assert "mine" not in lessons.buttons
    QTest.mouseClick(lessons.own, Qt.MouseButton.LeftButton)
    assert file_dialog(person).fileMode() is QFileDialog.FileMode.Directory
    choose_file(person, folder)
    assert {"mine", "why-agree"} <= set(lessons.buttons)
    QTest.mouseClick(lessons.buttons["mine"], Qt.MouseButton.LeftButton)
    assert title(person) == "A test"


def test_what_is_wrong_with_one_is_a_sentence_with_its_file_and_line(
    person: Person, folder: Path
) -> None:
    person.window.own_lessons.choose(str(folder))
    assert f"{folder / 'bad.md'}:13: there is no “crashd(…)”" in words(the_map(person))
    assert "README" not in words(the_map(person))


def test_the_folder_is_remembered_and_can_be_forgotten(person: Person, folder: Path) -> None:
    person.window.own_lessons.choose(str(folder))
    assert person.window.looks.preferences.lesson_folder == str(folder)
    person.press("Ctrl+Alt+Shift+O")
    assert "mine" not in the_map(person).buttons


def test_a_folder_that_is_gone_is_told(person: Person, tmp_path: Path) -> None:
    person.window.own_lessons.choose(str(tmp_path / "gone"))
    assert "gone is not there" in words(the_map(person))
    assert "why-agree" in the_map(person).buttons


def test_one_that_is_called_like_a_shipped_one_does_not_hide_it(
    person: Person, folder: Path
) -> None:
    (folder / "01-why-agree.md").write_text(HEAD + CRASH)
    person.window.own_lessons.choose(str(folder))
    assert "call the file otherwise" in words(the_map(person))
    QTest.mouseClick(the_map(person).buttons["why-agree"], Qt.MouseButton.LeftButton)
    assert title(person) == "Why agree?"


def test_a_lesson_is_opened_by_dropping_it(person: Person, folder: Path) -> None:
    drop(person, folder / "mine.md")
    assert title(person) == "A test"
    assert person.window.looks.preferences.recent == [str(folder / "mine.md")]


def test_a_lesson_is_opened_as_files_are_and_goes_on_as_it_is_written(
    person: Person, folder: Path
) -> None:
    person.press("Ctrl+O")
    choose_file(person, folder / "mine.md")
    assert title(person) == "A test"
    (folder / "mine.md").write_text(HEAD.replace("A test", "Better") + CRASH)
    person.window.lessons._reread()
    assert title(person) == "Better"


STRANGE = {
    "binary": b"\x00\xff\x00",
    "endless": b"---\ntitle: A\ncluster: requests=1ms\nstart: |\n  run 24h\n---\n# S\n\ntext\n",
    "no-lesson": b"# Just some notes\n\nOf mine.\n",
    "large": b"---\ntitle: A\n---\n# S\n\n" + b"text " * 100_000,
    "deep": b"---\ntitle: " + b"[" * 9_000 + b"\n---\n# S\n\ntext\n",
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_no_lesson_is_refused_in_one_sentence_and_all_stays(
    person: Person, tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"{name}.md"
    path.write_bytes(STRANGE[name])
    before = person.session
    drop(person, path)
    assert said(person).startswith(f"Not opened: {path}:")
    assert "\n" not in said(person)
    assert person.session is before


def test_a_pipe_and_a_folder_are_refused(person: Person, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    for name in ("pipe.md", "folder.md"):
        drop(person, tmp_path / name)
        assert "is no file" in said(person)


def test_what_a_stranger_writes_is_never_taken_for_markup(person: Person, tmp_path: Path) -> None:
    evil = "<img src='file:///etc/hostname'>"
    path = tmp_path / "evil.md"
    question = f"```{{predict}} {evil}\n- {evil} `if leader`\n- b `if not leader`\n```\n"
    path.write_text(HEAD.replace("A test", evil) + f"\n# {evil}\n\n{evil}\n\n{question}")
    drop(person, path)
    view = person.window.later["Lesson"].view
    assert isinstance(view, LessonPlace)
    shown = [label for label in view.findChildren(QLabel) if "etc/hostname" in label.text()]
    assert len(shown) >= 4
    for label in shown:
        plain = label.textFormat() is Qt.TextFormat.PlainText
        assert plain or "&lt;img" in label.text()
