"""A lesson before a class: large, with hands counted, and notes that only the teacher asks for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from raftviz.qt.conductor import Conductor
from raftviz.qt.lesson_blocks import PredictCard
from raftviz.qt.lesson_place import LessonPlace
from raftviz.qt.window import Window
from raftviz.session.progress import Progress
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Clock, Person


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path) -> Iterator[Person]:
    clock = Clock()
    conductor = Conductor(Session.of_settings(Settings(seed=4)), clock=clock)
    window = Window(conductor, progress=Progress(tmp_path / "progress.sqlite"))
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.lessons.open("a-leader-falls")
    yield Person(window, clock)
    window.close()


def place(person: Person) -> LessonPlace:
    view = person.window.later["Lesson"].view
    assert isinstance(view, LessonPlace)
    return view


def card(person: Person) -> PredictCard:
    return place(person).findChildren(PredictCard)[-1]


def words(person: Person) -> str:
    labels = place(person).findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def raise_hands(person: Person, *hands: int) -> None:
    """The teacher types a number a row, goes on with Enter, and lets the model answer with it, too."""
    form = card(person).poll
    assert form is not None
    form.hands[0].setFocus()
    form.hands[0].selectAll()
    for count in hands:
        QTest.keyClicks(person.window.focusWidget(), str(count))
        QTest.keyClick(person.window.focusWidget(), Qt.Key.Key_Return)
    QTest.keyClick(person.window.focusWidget(), Qt.Key.Key_Return)
    while person.session.playback.playing:
        person.wait(0.25, frames=1)


def to_the_question(person: Person) -> None:
    person.press("1")
    person.press("K")
    person.press("Ctrl+PgDown")


class TestBeforeAHall:
    def test_the_lesson_stays_beside_the_picture_and_its_words_are_larger(
        self, person: Person
    ) -> None:
        def size() -> float:
            (text,) = (x for x in place(person).findChildren(QLabel) if "heartbeat" in x.text())
            return text.font().pointSizeF()

        before = size()
        person.press("F11")
        docks = person.window.docks
        assert docks["Lesson"].isVisible()
        assert not docks["Timeline"].isVisible()
        assert size() > 1.2 * before
        person.press("F11")
        assert size() == pytest.approx(before)
        assert docks["Timeline"].isVisible()

    def test_without_a_lesson_there_is_only_the_picture(self, person: Person) -> None:
        person.press("Ctrl+Shift+W")
        person.press("F11")
        assert not person.window.docks["Lesson"].isVisible()


class TestAPoll:
    def test_hands_are_counted_and_stand_beside_the_models_answer(self, person: Person) -> None:
        person.press("F11")
        to_the_question(person)
        raise_hands(person, 4, 17, 3)
        assert "17 of 24 hands were right. The model says: Ask the others" in words(person)
        result = card(person).result
        assert result is not None
        assert [row.startswith("✓") for row in result.rows] == [False, True, False]

    def test_it_can_be_had_in_the_window_too_and_be_left_again(self, person: Person) -> None:
        to_the_question(person)
        assert card(person).poll is None
        person.press("Ctrl+Alt+V")
        assert card(person).poll is not None
        person.press("Ctrl+Alt+V")
        assert len(card(person).choices) == 3

    def test_what_a_class_foretells_is_nobodys_progress(self, person: Person) -> None:
        person.press("F11")
        to_the_question(person)
        raise_hands(person, 9, 0, 0)
        progress = person.window.lessons.progress
        assert progress is not None
        assert progress.standing("a-leader-falls").asked == 0

    def test_a_draw_is_answered_as_well(self, person: Person) -> None:
        person.press("F11")
        to_the_question(person)
        raise_hands(person, 2, 2, 0)
        assert "2 of 4 hands were right." in words(person)


class TestNotes:
    def test_they_are_shown_when_asked_for_and_follow_the_steps(self, person: Person) -> None:
        person.press("F11")
        note = person.window.presenter.note
        assert "Ask first" not in words(person)
        person.press("F9")
        assert "Ask first: who tells the others" in note.text()
        to_the_question(person)
        assert "Ask first" not in note.text()
        person.press("F9")
        assert not note.isVisible()

    def test_a_student_never_sees_them(self, person: Person) -> None:
        person.press("F9")
        assert "Ask first" not in person.window.presenter.note.text()
        assert "Ask first" not in words(person)

    def test_leaving_the_stage_takes_them_away(self, person: Person) -> None:
        person.press("F11")
        person.press("F9")
        person.press("F11")
        assert not person.window.presenter.note.isVisible()
