"""Students who share a machine, and a teacher who wants to see how far they are."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from raftviz.qt.conductor import Conductor
from raftviz.qt.lesson_map import LessonMap
from raftviz.qt.lesson_place import LessonPlace
from raftviz.qt.preferences import Preferences
from raftviz.qt.students import StudentsDialog
from raftviz.qt.window import Window
from raftviz.session.progress import Progress
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Clock, Person
from tests.qt.test_files import answer, asked, back_at, choose_file, question, said


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path) -> Iterator[Person]:
    clock = Clock()
    conductor = Conductor(Session.of_settings(Settings(seed=4)), clock=clock)
    window = Window(
        conductor, preferences=Preferences(), progress=Progress(tmp_path / "progress.sqlite")
    )
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield Person(window, clock)
    window.filing.let_go()
    window.close()


def progress(person: Person) -> Progress:
    kept = person.window.lessons.progress
    assert kept is not None
    return kept


def the_map(person: Person) -> LessonMap:
    person.press("Ctrl+Shift+L")
    view = person.window.later["Lesson"].view
    assert isinstance(view, LessonPlace)
    return view.map


def dialog(person: Person) -> StudentsDialog:
    (shown,) = (d for d in person.window.findChildren(StudentsDialog) if d.isVisible())
    return shown


def names(shown: StudentsDialog) -> list[str]:
    return [shown.names.item(row).text() for row in range(shown.names.count())]


def click(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


def add(person: Person, name: str) -> None:
    """Add a student and choose them, by keys alone."""
    person.press("Ctrl+Alt+A")
    shown = dialog(person)
    QTest.keyClicks(shown.name, name)
    QTest.keyClick(shown.name, Qt.Key.Key_Return)
    QTest.keyClick(shown.names, Qt.Key.Key_Return)
    back_at(person)


def test_a_student_is_added_and_chosen_from_the_map(person: Person) -> None:
    lessons = the_map(person)
    assert lessons.student.text() == "Student: Without a name"
    click(lessons.student)
    shown = dialog(person)
    QTest.keyClicks(shown.name, "Ada")
    click(shown.add)
    assert names(shown) == ["Without a name", "Ada"]
    click(shown.choose)
    assert lessons.student.text() == "Student: Ada"
    assert person.window.looks.preferences.student == "Ada"


def test_each_student_has_a_standing_of_their_own(person: Person) -> None:
    add(person, "Ada")
    progress(person).step_done("why-agree", 0)
    assert "1 of" in the_map(person).buttons["why-agree"].text()
    add(person, "Bea")
    assert "1 of" not in the_map(person).buttons["why-agree"].text()


def test_a_name_that_is_there_already_is_refused_in_words(person: Person) -> None:
    add(person, "Ada")
    person.press("Ctrl+Alt+A")
    shown = dialog(person)
    QTest.keyClicks(shown.name, " ada ")
    QTest.keyClick(shown.name, Qt.Key.Key_Return)
    assert shown.error.text() == "There is a “Ada” already."
    assert shown.isVisible()
    shown.close()


def test_removing_asks_first_and_cancelling_keeps_all(person: Person) -> None:
    add(person, "Ada")
    progress(person).step_done("why-agree", 0)
    person.press("Ctrl+Alt+K")
    answer(person, "Cancel")
    assert progress(person).students() == ["Ada"]
    person.press("Ctrl+Alt+K")
    answer(person, "Remove")
    assert progress(person).students() == []
    assert progress(person).student == ""


def test_one_lesson_can_be_begun_as_if_for_the_first_time(person: Person) -> None:
    for lesson in ("why-agree", "a-leader-falls"):
        progress(person).step_done(lesson, 0)
    assert not person.window.command_actions["forget-lesson"].isEnabled()
    person.window.lessons.open("why-agree")
    person.press("Ctrl+Alt+F")
    answer(person, "Forget it")
    assert not progress(person).standing("why-agree").steps
    assert progress(person).standing("a-leader-falls").steps


def test_all_lessons_can_be_and_enter_alone_forgets_nothing(person: Person) -> None:
    progress(person).step_done("why-agree", 0)
    person.press("Ctrl+Alt+Shift+F")
    QTest.keyClick(question(person).focusWidget(), Qt.Key.Key_Return)
    back_at(person)
    assert not asked(person)
    assert progress(person).standing("why-agree").steps
    person.press("Ctrl+Alt+Shift+F")
    answer(person, "Forget it")
    assert not progress(person).standing("why-agree").steps


def test_what_one_has_done_is_forgotten_from_the_map_and_from_the_list(person: Person) -> None:
    progress(person).step_done("why-agree", 0)
    progress(person).step_done("split-votes", 0)
    (forget,) = the_map(person).buttons["why-agree"].actions()
    forget.trigger()
    answer(person, "Forget it")
    assert not progress(person).standing("why-agree").steps
    assert the_map(person).buttons["why-agree"].actions() == []
    person.press("Ctrl+Alt+P")
    click(dialog(person).forget)
    answer(person, "Forget it")
    assert not progress(person).standing("split-votes").steps


def test_the_list_leads_to_the_table(person: Person, tmp_path: Path) -> None:
    person.press("Ctrl+Alt+P")
    click(dialog(person).table)
    choose_file(person, tmp_path / "table.csv")
    assert (tmp_path / "table.csv").exists()


def test_a_teacher_saves_a_table(person: Person, tmp_path: Path) -> None:
    add(person, "Ada")
    progress(person).step_done("why-agree", 0)
    person.press("Ctrl+Alt+E")
    choose_file(person, tmp_path / "table.csv")
    assert said(person) == "Everybody's progress is in table.csv."
    assert "Ada,why-agree,1,0,0," in (tmp_path / "table.csv").read_text("utf-8-sig")


def test_a_table_that_cannot_be_written_is_told(person: Person, tmp_path: Path) -> None:
    person.press("Ctrl+Alt+E")
    choose_file(person, tmp_path / "nowhere" / "table.csv")
    assert "table.csv cannot be written" in said(person)


def test_a_store_that_cannot_be_read_is_told_and_the_window_goes_on(
    person: Person, tmp_path: Path
) -> None:
    base = sqlite3.connect(tmp_path / "progress.sqlite")
    base.execute("PRAGMA user_version = 99")
    base.commit()
    base.close()
    person.press("Ctrl+Alt+P")
    assert "newer raftviz" in said(person)
