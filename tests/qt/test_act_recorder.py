"""An author who does what the lesson is to do, and finds it in the lesson."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from raftviz.qt.act_recorder import Recorded
from raftviz.session.lesson_files import check_file, read_file
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from raftviz.teaching.inserting import with_part
from raftviz.teaching.lesson import Do, Solution
from tests.qt.desk import Person, at_window
from tests.qt.test_files import back_at, said
from tests.teaching.lessons import CRASH, FORETELL, HEAD, lesson

BARE = CRASH[: CRASH.index("```{solution}")]


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.md"
    path.write_text(HEAD + BARE + FORETELL)
    return path


def record(person: Person) -> Recorded:
    """Crash S1 after a moment, while it is recorded."""
    person.press("Ctrl+Alt+R")
    person.press("Space")
    person.wait(1.0, frames=5)
    person.press("Space")
    person.press("1")
    person.press("K")
    person.press("Ctrl+Alt+R")
    (shown,) = (d for d in person.window.findChildren(Recorded) if d.isVisible())
    return shown


def click(person: Person, button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]
    back_at(person)


def test_what_is_done_is_shown_and_copied(person: Person) -> None:
    shown = record(person)
    assert shown.text.toPlainText() == "```{do}\nrun 50ms\ncrash S1\n```\n"
    click(person, shown.copy)
    assert QGuiApplication.clipboard().text() == "```{do}\nrun 50ms\ncrash S1\n```\n"


def test_the_window_says_that_it_records_and_how_much(person: Person) -> None:
    person.press("Ctrl+Alt+R")
    light = person.window.recorder._light  # type: ignore[union-attr]
    assert light.isVisible()
    person.press("1")
    person.press("K")
    assert light.text().strip() == "● Recording acts: 1"
    assert person.window.command_actions["record-acts"].text() == "Stop recording acts"


def test_nothing_done_is_nothing_to_keep(person: Person) -> None:
    person.press("Ctrl+Alt+R")
    person.press("Ctrl+Alt+R")
    assert "Nothing was done" in said(person)
    assert not person.window.recorder._light.isVisible()  # type: ignore[union-attr]


def test_it_is_written_into_ones_own_lesson_which_goes_on_with_it(
    person: Person, file: Path
) -> None:
    assert "it has no solution" in str(check_file(file, {"mine"}))
    person.window.lessons.open(str(file))
    shown = record(person)
    shown.kind.setCurrentIndex(1)
    click(person, shown.write)
    assert said(person) == "Written into mine.md."
    assert check_file(file, {"mine"}) == []
    steps = read_file(file).steps
    assert isinstance(steps[0].blocks[-1], Solution)
    assert len(steps) == 2


def test_a_lesson_that_ships_is_nobodys_to_change(person: Person) -> None:
    person.window.lessons.open("a-leader-falls")
    shown = record(person)
    assert not shown.write.isEnabled()
    assert "ships with raftviz" in shown.about.text()
    shown.close()


def test_a_file_that_somebody_has_changed_is_left_alone(person: Person, file: Path) -> None:
    person.window.lessons.open(str(file))
    shown = record(person)
    file.write_text("something else")
    click(person, shown.write)
    assert "mine.md is not as it was when it was read" in shown.about.text()
    assert file.read_text() == "something else"
    shown.close()


def test_another_session_ends_the_recording(person: Person) -> None:
    person.press("Ctrl+Alt+R")
    person.window.conductor.open(Session.of_settings(Settings()))
    assert "Recording has ended" in said(person)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("step", [0, 1])
def test_a_part_more_leaves_all_else_as_it_is(end: str, step: int) -> None:
    text = HEAD + CRASH + FORETELL
    read = lesson(CRASH + FORETELL)
    new = with_part(text.replace("\n", end), read, step, "```{do}\ncrash S2\n```\n")
    assert ("\r\n" in new) is (end == "\r\n")
    again = lesson(new.replace("\r\n", "\n").removeprefix(HEAD))
    assert isinstance(again.steps[step].blocks[-1], Do)
    assert len(again.steps[1 - step].blocks) == len(read.steps[1 - step].blocks)
    left = [line for line in new.splitlines() if line]
    for line in ("```{do}", "crash S2", "```"):
        left.remove(line)
    assert sorted(left) == sorted(line for line in text.splitlines() if line)
