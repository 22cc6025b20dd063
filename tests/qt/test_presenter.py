"""Showing to a hall."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from raftviz.picture.theme import LIGHT, PROJECTOR
from raftviz.session.bookmarks import add_bookmark
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


def test_only_the_picture_is_left_and_all_comes_back(person: Person) -> None:
    window = person.window
    parts = (window.menu_bar, window.transport, *window.docks.values())
    hidden = [part for part in parts if part.isVisible()]
    person.press("F11")
    assert window.isFullScreen()
    assert window.theme is PROJECTOR
    assert not any(part.isVisible() for part in parts)
    person.press("F11")
    assert not window.isFullScreen()
    assert window.theme is LIGHT
    assert all(part.isVisible() for part in hidden)


def test_a_clicker_steps_and_does_so_only_here(person: Person) -> None:
    person.press("PgDown")
    assert person.session.count == 0
    person.press("F11")
    person.press("PgDown")
    person.press("PgDown")
    person.press("PgUp")
    assert person.session.count == 1
    person.press("Right")
    assert person.session.count == 2


def test_a_blank_screen_is_black_and_goes_again(person: Person) -> None:
    person.press("F11")
    person.press(".")
    image = person.window.grab().toImage()
    assert image.pixelColor(image.width() // 2, image.height() // 2) == QColor("black")
    person.press(".")
    image = person.window.grab().toImage()
    assert image.pixelColor(5, 5) != QColor("black")


def brightness(person: Person, server: int) -> int:
    place = person.server_at(server)
    image = person.window.canvas.grab().toImage()
    return image.pixelColor(place.x() - 20, place.y() + 14).lightness()


def test_the_spotlight_dims_all_but_the_selected_server_and_follows(person: Person) -> None:
    person.press("F11")
    lit = brightness(person, 2)
    person.press("2")
    person.press("Ctrl+L")
    assert brightness(person, 2) == lit
    assert brightness(person, 4) < lit
    person.press("4")
    assert brightness(person, 4) > brightness(person, 2)
    person.press("Esc")
    assert brightness(person, 2) == lit


def test_the_note_is_that_of_the_last_bookmark_passed(person: Person) -> None:
    person.press("F11")
    person.press("F9")
    assert "bookmark" in person.window.presenter.note.text()
    person.press("Right")
    person.press("Right")
    add_bookmark(person.session, "here", "Ask who will win.")
    person.press("Right")
    assert person.window.presenter.note.text() == "here\nAsk who will win."
    person.press("Home")
    assert "Ask who" not in person.window.presenter.note.text()


def test_a_window_closed_while_showing_ends_the_show(person: Person) -> None:
    person.press("F11")
    person.window.close()
    assert not person.window.presenter.showing
