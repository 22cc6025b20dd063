"""What all views have in common that are made when they are first seen."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from raftviz.data import asset_path
from raftviz.picture.theme import DARK, THEMES
from raftviz.qt import views
from raftviz.qt.later import Later, View
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.tracefile import open_recording
from tests.qt.desk import Person, at_window

NAMES = [*views.BESIDE, *views.WITH_LOGS, *views.WITH_TIMELINE]


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    session = Session.of_settings(Settings(seed=4, requests_us=ms(100)))
    with at_window(qtbot, session) as somebody:
        yield somebody


class Watch(QObject):
    """Sees every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched)
        return False


@pytest.mark.parametrize("name", NAMES)
def test_a_view_opens_in_its_place_and_nowhere_else(person: Person, name: str) -> None:
    application, watch = QApplication.instance(), Watch()
    assert application is not None
    application.installEventFilter(watch)
    person.window.show_view(name)
    QApplication.processEvents()
    application.removeEventFilter(watch)
    view = person.window.later[name].view

    assert not watch.shown
    assert view is not None
    assert view.isVisible()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert person.window.isAncestorOf(focus)


@pytest.mark.parametrize("name", NAMES)
def test_it_wears_every_theme_and_paints(person: Person, name: str) -> None:
    person.window.show_view(name)
    for _ in range(60):
        person.press("Right")
    for theme in (*THEMES.values(), DARK):
        person.window.set_theme(theme)
        assert not person.window.later[name].grab().isNull()


def test_none_is_made_before_it_is_seen(person: Person) -> None:
    assert all(later.view is None for later in person.window.later.values())


def test_a_view_behind_another_tab_hears_of_nothing(qtbot: QtBot) -> None:
    told: list[str] = []

    class Listening(View):
        def show_session(self, session: Session) -> None:
            told.append("session")

        def set_theme(self, theme: object) -> None:
            told.append("theme")

    place = Later("Somewhere", Listening)
    qtbot.addWidget(place)
    session = Session.of_settings(Settings())
    place.show_session(session)
    place.set_theme(DARK)
    assert told == []
    place.set_seen(True)
    assert told == ["theme", "session"]
    place.set_seen(False)
    place.show_session(session)
    assert told == ["theme", "session"]
    place.set_seen(True)
    assert told == ["theme", "session", "session"]


def test_the_first_frame_waits_for_none_of_their_libraries(clone: Path) -> None:
    """In a process of its own, since here others may have imported them."""
    code = (
        "import sys; from raftviz.application import application; application(screen=False);"
        "from raftviz.qt.window import Window; from raftviz.qt.conductor import Conductor;"
        "from raftviz.session.session import Session; from raftviz.sim.settings import Settings;"
        "w = Window(Conductor(Session.of_settings(Settings()))); w.show(); w.grab();"
        "print([m for m in ('pyqtgraph', 'pygments', 'PySide6.QtSvg',"
        "'raftviz.checks.linearizable') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=clone
    )

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_is_shown_as_far_as_it_tells(qtbot: QtBot, name: str) -> None:
    session = open_recording(str(asset_path("traces") / "two-leaders.jsonl"))
    with at_window(qtbot, session) as person:
        person.window.show_view(name)
        for _ in range(len(session.branch)):
            person.press("Right")
        assert not person.window.later[name].grab().isNull()
        assert session.at_end
