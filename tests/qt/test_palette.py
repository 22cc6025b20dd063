"""Finding a command by typing a few letters of it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from raftviz.qt.commands import COMMANDS
from raftviz.qt.palette import CommandPalette, found, match
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


def palette(person: Person) -> CommandPalette:
    person.press("Ctrl+P")
    return person.window.findChildren(CommandPalette)[-1]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_is_found_first_by_its_whole_title(command: object) -> None:
    title = command.title  # type: ignore[attr-defined]  # ids need a plain parameter
    assert found(title, COMMANDS)[0].title == title


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("heal", "Heal the network"),
        ("lod", "Light or dark"),
        ("crash", "Crash"),
        ("nee", "Next event"),
        ("part", "Partition…"),
    ],
)
def test_a_few_letters_are_enough(typed: str, title: str) -> None:
    assert found(typed, COMMANDS)[0].title == title


def test_letters_count_in_order_only() -> None:
    assert match("hse", "Heal the network") is None
    assert match("htn", "Heal the network") is not None


def test_enter_runs_what_is_marked(person: Person) -> None:
    finder = palette(person)
    QTest.keyClicks(finder.line, "next event")
    QTest.keyClick(finder.line, Qt.Key.Key_Return)
    assert person.session.count == 1
    assert not finder.isVisible()


def test_down_and_up_walk_the_list_round_and_round(person: Person) -> None:
    finder = palette(person)
    QTest.keyClicks(finder.line, "event")
    first = finder.rows.currentRow()
    QTest.keyClick(finder.line, Qt.Key.Key_Down)
    assert finder.rows.currentRow() == first + 1
    QTest.keyClick(finder.line, Qt.Key.Key_Up)
    QTest.keyClick(finder.line, Qt.Key.Key_Up)
    assert finder.rows.currentRow() == finder.rows.count() - 1
    finder.close()


def test_what_cannot_be_done_now_is_grey_and_does_nothing(person: Person) -> None:
    finder = palette(person)
    QTest.keyClicks(finder.line, "heal the network")
    assert not finder.rows.item(0).flags() & Qt.ItemFlag.ItemIsEnabled
    QTest.keyClick(finder.line, Qt.Key.Key_Return)
    assert finder.isVisible()
    finder.close()


def test_nothing_found_says_so(person: Person) -> None:
    finder = palette(person)
    QTest.keyClicks(finder.line, "qqqq")
    assert finder.rows.count() == 0
    QTest.keyClick(finder.line, Qt.Key.Key_Return)
    assert finder.isVisible()
    finder.close()
