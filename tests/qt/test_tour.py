"""The tour: a few words beside one thing after the other."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame
from pytestqt.qtbot import QtBot

from raftviz.qt.tour import STOPS, Tour
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


@pytest.fixture
def tour(person: Person) -> Tour:
    person.press("F4")
    assert person.window.tour is not None
    return person.window.tour


def bubble(tour: Tour) -> QRect:
    return tour.findChildren(QFrame)[0].geometry()


def test_it_stops_at_everything_and_then_ends(person: Person, tour: Tour) -> None:
    seen = []
    while tour.isVisible():
        seen.append(tour.title.text())
        QTest.mouseClick(tour.on, Qt.MouseButton.LeftButton)
    assert seen == [stop.title for stop in STOPS]
    assert person.window.focusWidget() is person.window.canvas


def test_arrow_keys_walk_it_and_step_no_events(person: Person, tour: Tour) -> None:
    QTest.keyClick(tour, Qt.Key.Key_Right)
    QTest.keyClick(tour, Qt.Key.Key_Right)
    QTest.keyClick(tour, Qt.Key.Key_Left)
    assert tour.at == 1
    assert person.session.count == 0
    QTest.keyClick(tour, Qt.Key.Key_Escape)
    assert not tour.isVisible()


def test_what_is_pointed_at_is_in_the_window_and_the_words_do_not_cover_it_if_they_need_not(
    person: Person, tour: Tour
) -> None:
    window = person.window.rect()
    for at in range(len(STOPS)):
        tour.go(at)
        assert window.contains(tour.hole().center())
        assert window.contains(bubble(tour))
        if tour.hole().width() < 800 or tour.hole().height() < 400:
            assert not bubble(tour).intersects(tour.hole())


def test_it_can_be_left_at_any_time_and_taken_again(person: Person, tour: Tour) -> None:
    tour.go(3)
    QTest.mouseClick(tour.skip, Qt.MouseButton.LeftButton)
    assert not tour.isVisible()
    person.press("F4")
    assert tour.isVisible()
    assert tour.at == 0


def test_time_stands_still_during_the_tour(person: Person) -> None:
    person.press("Space")
    person.press("F4")
    assert not person.session.playback.playing
