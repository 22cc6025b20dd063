"""How somebody likes the window: themes, the size of words, motion, where the views are."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from raftviz.picture.theme import CONTRAST, DARK, LIGHT, PROJECTOR
from raftviz.qt.conductor import Conductor
from raftviz.qt.preferences import Preferences
from raftviz.qt.window import Window
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


def fresh_window(qtbot: QtBot) -> Window:
    """A window on the desktop of somebody who has been here before."""
    preferences = Preferences(QSettings("raftviz", "raftviz"))
    window = Window(Conductor(Session.of_settings(Settings())), preferences=preferences)
    qtbot.addWidget(window)
    window.resize(1400, 900)
    with qtbot.waitExposed(window):
        window.show()
    return window


class TestThemes:
    def test_each_has_a_key(self, person: Person) -> None:
        for key, theme in (("Alt+3", DARK), ("Alt+4", CONTRAST), ("Alt+5", PROJECTOR)):
            person.press(key)
            assert person.window.theme is theme
        person.press("Ctrl+T")
        assert person.window.theme is DARK

    def test_the_desktops_is_worn_when_asked_for(self, person: Person) -> None:
        person.press("Alt+4")
        person.press("Alt+1")
        assert person.window.theme in (LIGHT, DARK)

    def test_a_projector_makes_words_larger_and_another_theme_makes_them_usual_again(
        self, person: Person
    ) -> None:
        usual = QApplication.font().pointSizeF()
        person.press("Alt+5")
        assert QApplication.font().pointSizeF() == pytest.approx(usual * PROJECTOR.text_scale)
        person.press("Alt+2")
        assert QApplication.font().pointSizeF() == pytest.approx(usual)


class TestWords:
    def sizes(self, person: Person) -> list[float]:
        return [label.font().pointSizeF() for label in person.window.transport.findChildren(QLabel)]

    def test_all_of_them_grow_and_shrink_by_key(self, person: Person) -> None:
        usual = self.sizes(person)
        person.press("Ctrl+=")
        person.press("Ctrl+=")
        grown = self.sizes(person)
        assert all(now > before for now, before in zip(grown, usual, strict=True))
        person.press("Ctrl+-")
        person.press("Ctrl+-")
        assert self.sizes(person) == pytest.approx(usual)

    def test_there_is_a_largest_and_a_smallest_size(self, person: Person) -> None:
        for _ in range(20):
            person.press("Ctrl+=")
        assert person.window.looks.preferences.text_scale == 2.0
        for _ in range(20):
            person.press("Ctrl+-")
        assert person.window.looks.preferences.text_scale == 0.8
        person.press("Ctrl+0")
        assert person.window.looks.preferences.text_scale == 1.0

    def test_a_window_that_closes_leaves_the_applications_font_as_it_was(
        self, person: Person
    ) -> None:
        usual = QApplication.font().pointSizeF()
        person.press("Ctrl+=")
        person.window.close()
        assert QApplication.font().pointSizeF() == pytest.approx(usual)


class TestWhatIsRemembered:
    def test_theme_words_and_motion_are_as_they_were(self, qtbot: QtBot) -> None:
        window = fresh_window(qtbot)
        window.looks.choose_theme("contrast")
        window.looks.zoom(2)
        window.looks.set_reduced_motion(reduced=True)
        window.close()
        window = fresh_window(qtbot)
        assert window.theme is CONTRAST
        assert window.looks.preferences.text_scale == 1.3
        assert window.looks.preferences.reduced_motion
        window.close()

    def test_views_are_where_they_were(self, qtbot: QtBot) -> None:
        window = fresh_window(qtbot)
        window.docks["Inspector"].hide()
        window.docks["Logs"].setFloating(True)
        window.close()
        window = fresh_window(qtbot)
        assert not window.docks["Inspector"].isVisible()
        assert window.docks["Logs"].isFloating()
        window.layouts.choose("explore")
        assert window.docks["Inspector"].isVisible()
        assert not window.docks["Logs"].isFloating()
        window.close()

    @pytest.mark.parametrize("key", ["look/theme", "look/text_scale", "layout/state"])
    def test_nonsense_is_passed_over(self, qtbot: QtBot, key: str) -> None:
        QSettings("raftviz", "raftviz").setValue(key, "no such thing")
        window = fresh_window(qtbot)
        assert window.theme in (LIGHT, DARK)
        assert window.docks["Inspector"].isVisible()
        window.close()


class TestArranging:
    def test_views_get_title_bars_to_be_dragged_by_and_lose_them_again(
        self, person: Person
    ) -> None:
        dock = person.window.docks["Inspector"]
        assert dock.titleBarWidget() is not None
        person.press("Ctrl+Shift+A")
        assert dock.titleBarWidget() is None
        person.press("Ctrl+Shift+A")
        assert dock.titleBarWidget() is not None
