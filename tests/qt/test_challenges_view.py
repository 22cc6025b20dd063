"""Somebody takes up a challenge: acts, is told what counts, meets the goal, does it better, watches it again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from raftviz.qt.challenge_cards import MetCard
from raftviz.qt.conductor import Conductor
from raftviz.qt.lesson_place import LessonPlace
from raftviz.qt.prompt import ActPrompt
from raftviz.qt.window import Window
from raftviz.session.progress import Progress
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Clock, Person
from tests.qt.test_files import back_at


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path) -> Iterator[Person]:
    clock = Clock()
    conductor = Conductor(Session.of_settings(Settings(seed=4)), clock=clock)
    window = Window(conductor, progress=Progress(tmp_path / "progress.sqlite"))
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield Person(window, clock)
    window.filing.let_go()
    window.close()


def place(person: Person) -> LessonPlace:
    view = person.window.later["Lesson"].view
    assert isinstance(view, LessonPlace)
    return view


def words(person: Person) -> str:
    labels = place(person).findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def click(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


def type_act(person: Person, text: str) -> None:
    """Type an act where acts are typed."""
    person.press(":")
    (prompt,) = (d for d in person.window.findChildren(ActPrompt) if d.isVisible())
    prompt.line.setText(text)
    QTest.keyClick(prompt.line, Qt.Key.Key_Return)
    back_at(person)


def wait(person: Person) -> None:
    """Let time pass until the goal is met."""
    person.press("Space")
    for _ in range(400):
        if not person.session.playback.playing:
            return
        person.wait(0.25, frames=1)
    raise AssertionError("the goal is not met")


def take_up(person: Person, name: str) -> None:
    """Choose a challenge on the map."""
    person.press("Ctrl+Shift+L")
    click(place(person).map.buttons[name])


def best(person: Person, name: str) -> int:
    progress = person.window.lessons.progress
    assert progress is not None
    return progress.standing(name).best


def test_it_is_met_from_the_map_and_done_better_and_watched_again(
    person: Person, qtbot: QtBot
) -> None:
    take_up(person, "three-of-five")
    assert "What counts" in words(person)
    person.press("4")
    person.press("K")
    person.press("5")
    person.press("K")
    assert "Acts: 2." in words(person)
    type_act(person, "request x=1")
    wait(person)
    assert "You have met the goal with 3 acts. That is your best." in words(person)
    assert best(person, "three-of-five") == 3
    card = place(person).findChild(MetCard)
    assert card is not None
    person.press("Ctrl+Shift+R")
    assert "Acts: 0.   Your best: 3 acts." in words(person)
    type_act(person, "partition S1 S2 S3 | S4 | S5")
    type_act(person, "request x=1")
    wait(person)
    assert best(person, "three-of-five") == 2
    person.press("Ctrl+Shift+W")
    person.press("Ctrl+Shift+L")
    shown = place(person).map
    assert "✓ best: 2 acts" in shown.buttons["three-of-five"].text()
    click(shown.replays["three-of-five"])
    qtbot.waitUntil(lambda: person.session.title == "Three of five, and nobody else")
    assert person.session.time_us == 0
    assert person.session.playback.playing
    assert len(person.session.history.visible) == 1


def test_an_act_that_is_not_allowed_is_told_at_once_and_gone_when_one_goes_back(
    person: Person,
) -> None:
    take_up(person, "leaderless")
    assert "Allowed: drop." in words(person)
    person.press("1")
    person.press("K")
    assert "Not allowed here: crash." in words(person)
    person.press("Left")
    assert "Not allowed" not in words(person)


def test_what_was_shown_is_not_ones_own(person: Person) -> None:
    take_up(person, "repair")
    click(place(person).show_me)
    assert person.session.moment.state.hosts[2].status.value == "crashed"
    person.press("Right")
    assert person.session.moment.state.hosts[2].is_up
    assert "this way was shown" in words(person)
    assert best(person, "repair") == 0


def test_whoever_has_no_best_has_nothing_to_watch(person: Person) -> None:
    take_up(person, "repair")
    QApplication.processEvents()
    assert not person.window.command_actions["replay-best"].isEnabled()
    person.press("Ctrl+Shift+W")
    assert "repair" not in place(person).map.replays
