"""The welcome place: what one can begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from raftviz.qt.lesson_place import LessonPlace
from raftviz.qt.way import Way
from raftviz.qt.welcome import Welcome
from raftviz.session.glances import shipped_glances
from raftviz.session.progress import Progress
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


@pytest.fixture
def welcome(person: Person) -> Welcome:
    person.press("Ctrl+Shift+H")
    assert person.window.welcome is not None
    return person.window.welcome


def test_the_first_lesson_is_a_press_of_enter_away(person: Person, welcome: Welcome) -> None:
    QTest.keyClick(welcome.choices["lesson"], Qt.Key.Key_Return)
    assert not welcome.isVisible()
    assert person.window.lessons.run is not None
    assert person.window.lessons.run.lesson.order == 1
    assert isinstance(person.window.later["Lesson"].view, LessonPlace)


def test_a_situation_is_opened_by_a_click(person: Person, welcome: Welcome) -> None:
    QTest.mouseClick(welcome.choices["split-vote"], Qt.MouseButton.LeftButton)
    assert person.session.title == "A split vote"
    assert not welcome.isVisible()


def test_escape_leads_to_the_cluster_and_keys_step_no_events_before(
    person: Person, welcome: Welcome
) -> None:
    QTest.keyClick(welcome, Qt.Key.Key_Right)
    assert person.session.count == 0
    QTest.keyClick(welcome, Qt.Key.Key_Escape)
    assert not welcome.isVisible()
    assert person.window.focusWidget() is person.window.canvas


def test_the_tour_is_one_click_away(person: Person, welcome: Welcome) -> None:
    QTest.mouseClick(welcome.choices["tour"], Qt.MouseButton.LeftButton)
    assert person.window.tour is not None
    assert person.window.tour.isVisible()


def test_who_does_not_want_it_at_the_start_says_so_once(person: Person, welcome: Welcome) -> None:
    welcome.again.click()
    assert not person.window.looks.preferences.welcome


def test_it_fits_into_a_small_window(person: Person, welcome: Welcome) -> None:
    person.window.resize(1024, 720)
    assert welcome.rect().contains(welcome.card.geometry())


def test_it_does_not_stand_over_a_session_that_was_opened_otherwise(
    person: Person, welcome: Welcome
) -> None:
    person.window.conductor.open(Session.of_settings(Settings(seed=5)))
    assert not welcome.isVisible()


def test_any_lesson_is_a_stop_on_the_way(person: Person, welcome: Welcome) -> None:
    assert "not begun" in welcome.way.stops["a-leader-falls"].accessibleName()
    QTest.mouseClick(welcome.way.stops["a-leader-falls"], Qt.MouseButton.LeftButton)
    assert not welcome.isVisible()
    assert person.window.lessons.run is not None
    assert person.window.lessons.run.lesson.title == "A leader falls"


def test_the_way_tells_how_far_one_has_come(qtbot: QtBot, tmp_path: Path) -> None:
    progress = Progress(tmp_path / "progress.sqlite")
    lessons = [one for one in shipped_glances() if one.name in ("why-agree", "a-leader-falls")]
    progress.step_done("why-agree", 0)
    for step in range(6):
        progress.step_done("a-leader-falls", step)
    way = Way(lessons, progress)
    qtbot.addWidget(way)
    assert way.stops["a-leader-falls"].text() == "✓"
    assert "1 of 10 steps" in way.stops["why-agree"].toolTip()
    assert [label.text() for label in way.findChildren(QLabel)] == ["Your way: 1 of 2 lessons"]


def test_a_stop_is_opened_by_key(person: Person, welcome: Welcome) -> None:
    stop = welcome.way.stops["split-votes"]
    stop.setFocus()
    QTest.keyClick(stop, Qt.Key.Key_Return)
    assert person.window.lessons.run is not None
    assert person.window.lessons.run.lesson.title == "Split votes"
