"""The named layouts: to explore, to follow a lesson, to show to a hall."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QTabBar, QWidget
from pytestqt.qtbot import QtBot

from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


def bottom_of(widget: QWidget) -> int:
    return widget.mapTo(widget.window(), QPoint(0, widget.height())).y()


def right_of(widget: QWidget) -> int:
    return widget.mapTo(widget.window(), QPoint(widget.width(), 0)).x()


def is_beside_all(person: Person) -> bool:
    """The lesson reaches as far down as the timeline, and nothing lies below it."""
    docks = person.window.docks
    return abs(bottom_of(docks["Lesson"]) - bottom_of(docks["Timeline"])) < 3


def is_in_front(person: Person, title: str) -> bool:
    dock = person.window.docks[title]
    return dock.isVisible() and not dock.visibleRegion().isEmpty()


def test_a_lesson_has_the_whole_height_beside_everything(person: Person) -> None:
    person.press("Ctrl+2")
    assert person.window.layouts.name == "lesson"
    assert is_in_front(person, "Lesson")
    assert is_beside_all(person)


def test_opening_a_lesson_makes_room_and_putting_it_away_gives_it_back(person: Person) -> None:
    person.window.docks["Timeline"].hide()
    assert person.window.lessons.open("a-leader-falls")
    assert is_beside_all(person)
    assert person.window.docks["Timeline"].isVisible()
    person.press("Ctrl+Shift+W")
    assert person.window.layouts.name == "explore"
    assert not person.window.docks["Timeline"].isVisible()


def test_a_layout_comes_back_as_it_was_left(person: Person) -> None:
    person.press("Ctrl+2")
    person.window.docks["Logs"].hide()
    person.press("Ctrl+1")
    assert person.window.docks["Logs"].isVisible()
    person.press("Ctrl+2")
    assert not person.window.docks["Logs"].isVisible()


@pytest.mark.parametrize("key", ["Ctrl+1", "Ctrl+2"])
def test_its_key_pressed_again_puts_all_where_it_was_when_new(person: Person, key: str) -> None:
    person.press(key)
    person.window.docks["Logs"].hide()
    person.press(key)
    assert person.window.docks["Logs"].isVisible()


def test_the_presenters_layout_is_the_stage(person: Person) -> None:
    person.press("Ctrl+3")
    assert person.window.isFullScreen()
    assert person.window.layouts.name == "presenter"
    person.press("Ctrl+1")
    assert person.window.layouts.name == "explore"
    assert person.window.menu_bar.isVisible()


def test_the_cards_below_the_picture_end_where_it_ends(person: Person) -> None:
    person.press("Ctrl+2")
    person.window.resize(1500, 900)
    card = person.window.canvas.parentWidget()
    timeline = person.window.timeline.parentWidget()
    assert card is not None
    assert timeline is not None
    assert abs(right_of(card) - right_of(timeline)) < 3


def test_no_bar_of_tabs_is_left_behind(person: Person) -> None:
    person.window.resize(1280, 800)
    for key in ("Ctrl+2", "Ctrl+1", "Ctrl+2", "Ctrl+2", "F11", "F11"):
        person.press(key)
    bars = person.window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert len([bar for bar in bars if bar.isVisible()]) == 3


def test_in_a_narrow_window_the_buttons_lose_their_words_and_keep_their_names(
    person: Person,
) -> None:
    person.window.resize(1240, 800)
    crash = person.window.transport.button("crash")
    assert crash.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly
    assert crash.accessibleName() == "Crash"
    person.window.resize(1700, 800)
    assert crash.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon


@pytest.mark.parametrize("width", [1240, 1400, 1600, 1920])
def test_nothing_in_the_bar_at_the_top_lies_over_anything_else(person: Person, width: int) -> None:
    person.window.resize(width, 900)
    person.window.lessons.open("a-leader-falls")
    person.window.lessons.go(2)  # a branch with a long name
    transport = person.window.transport
    shown = [child for child in transport.findChildren(QWidget) if child.isVisible()]
    leaves = [one for one in shown if one.parentWidget() is transport]
    for i, one in enumerate(leaves):
        for other in leaves[i + 1 :]:
            assert not one.geometry().intersects(other.geometry()), (one, other)
