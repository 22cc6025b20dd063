"""A student in a lesson: reads, does, foretells wrongly and rightly, goes astray, finishes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from raftviz.qt.choice import Choice
from raftviz.qt.conductor import Conductor
from raftviz.qt.lesson_blocks import PredictCard, TaskCard
from raftviz.qt.lesson_place import LessonPlace
from raftviz.qt.window import Window
from raftviz.session.progress import Progress
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Clock, Person
from tests.teaching.lessons import CRASH, FORETELL, HEAD


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a-lesson.md"
    path.write_text(HEAD + CRASH + FORETELL, encoding="utf-8")
    return path


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
    window.close()


@pytest.fixture
def place(person: Person, file: Path) -> LessonPlace:
    assert person.window.lessons.open(str(file))
    view = person.window.later["Lesson"].view
    assert isinstance(view, LessonPlace)
    return view


def card(place: LessonPlace) -> PredictCard:
    return place.findChildren(PredictCard)[-1]


def words(place: LessonPlace) -> str:
    return "\n".join(label.text() for label in place.findChildren(QLabel) if label.isVisible())


def click(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


def runs(person: Person, server: int) -> bool:
    return person.state.hosts[server].is_up


def can_go_on(place: LessonPlace) -> bool:
    return place.on.isEnabled()


def crash_the_leader(person: Person) -> None:
    person.press("1")
    person.press("K")


class TestTheWholeWay:
    def test_by_mouse_foretelling_rightly(self, person: Person, place: LessonPlace) -> None:
        assert "Take the leader away." in words(place)
        assert not can_go_on(place)
        person.click_server(1)
        person.choose("crash")
        assert can_go_on(place)
        click(place.on)
        assert "Will S1 lead again?" in words(place)
        click(card(place).choices[1])
        assert person.session.playback.playing
        person.wait(30, frames=300)
        assert "Yes. It is down." in words(place)
        assert place.on.text() == "Finish"
        assert place.on.isEnabled()
        click(place.on)
        assert person.window.lessons.run is None
        assert place.map.isVisible()

    def test_by_keys_foretelling_wrongly(self, person: Person, place: LessonPlace) -> None:
        crash_the_leader(person)
        person.press("Ctrl+PgDown")
        choice = card(place).choices[0]
        choice.setFocus()
        QTest.keyClick(choice, Qt.Key.Key_Space)
        person.wait(30, frames=300)
        assert "The model says: No." in words(place)
        standing = person.window.lessons.progress.standing("a-lesson")  # type: ignore[union-attr]
        assert (standing.right, standing.asked) == (0, 1)
        assert standing.steps == {0, 1}


class TestTime:
    def test_it_stops_when_a_step_is_done_and_passes_again_if_wished(
        self, person: Person, place: LessonPlace
    ) -> None:
        person.press("Space")
        person.wait(1, frames=4)
        crash_the_leader(person)
        assert can_go_on(place)
        assert not person.session.playback.playing
        before = person.session.time_us
        person.press("Space")
        person.wait(1, frames=4)
        assert person.session.time_us > before


class TestGoingAstray:
    def test_a_reset_brings_the_step_back_and_keeps_what_was_done(
        self, person: Person, place: LessonPlace
    ) -> None:
        person.press("2")
        person.press("K")
        click(place.reset)
        assert person.state.hosts[2].is_up
        assert len(person.session.history.visible) == 2

    def test_after_rewinding_and_acting_the_step_can_still_be_done(
        self, person: Person, place: LessonPlace
    ) -> None:
        person.wait(4, frames=8)
        person.press("Right")
        person.press("Left")
        person.press("Left")
        crash_the_leader(person)
        assert place.on.isEnabled()

    def test_steps_are_gone_to_by_their_segments(self, person: Person, place: LessonPlace) -> None:
        segments = place._segments
        QTest.mouseClick(
            segments, Qt.MouseButton.LeftButton, pos=segments._box(1).center().toPoint()
        )
        assert person.window.lessons.run is not None
        assert person.window.lessons.run.number == 1
        assert not person.state.hosts[1].is_up

    def test_another_session_puts_the_lesson_away(self, person: Person, place: LessonPlace) -> None:
        person.window.conductor.open(Session.of_settings(Settings()))
        assert person.window.lessons.run is None
        assert place.map.isVisible()


class TestHelp:
    def test_hints_are_shown_one_after_the_other(self, person: Person, place: LessonPlace) -> None:
        click(place.hint)
        assert "Press K." in words(place)
        assert "Click S1" not in words(place)
        person.press("Ctrl+I")
        assert "Click S1" in words(place)
        assert not place.hint.isEnabled()

    def test_show_me_does_it_step_by_step(self, person: Person, place: LessonPlace) -> None:
        click(place.show_me)
        assert runs(person, 1)
        person.press("Right")
        assert not runs(person, 1)
        assert can_go_on(place)

    def test_a_word_leads_to_the_glossary(self, person: Person, place: LessonPlace) -> None:
        person.window.lessons.follow_link("word:majority")
        assert person.window.docks["Glossary"].isVisible()
        person.window.lessons.follow_link("server:S2")
        assert person.selected_server() == 2

    def test_a_link_out_of_the_app_leads_nowhere(self, person: Person, place: LessonPlace) -> None:
        before = person.session
        person.window.lessons.follow_link("https://example.com")
        person.window.lessons.follow_link("lesson:../../etc/passwd")
        assert person.session is before


POINT = """
# Who, and how far?

S1 leads.

```{predict} Who leads now?
answer: leader
within: 1 ms
```

```{predict} How far is S1's log committed?
answer: S1.commit_index
within: 1 ms
```
"""


class TestPointing:
    @pytest.fixture
    def asked(self, person: Person, tmp_path: Path) -> LessonPlace:
        path = tmp_path / "point.md"
        path.write_text(HEAD + POINT)
        assert person.window.lessons.open(str(path))
        view = person.window.later["Lesson"].view
        assert isinstance(view, LessonPlace)
        return view

    def test_a_server_is_clicked_in_the_picture_and_then_said(
        self, person: Person, asked: LessonPlace
    ) -> None:
        person.click_server(2)
        assert card(asked).pointed.text() == "S2 is my answer"
        person.press("1")
        click(card(asked).pointed)
        person.wait(1, frames=10)
        assert "Yes." in words(asked)

    def test_looking_at_a_server_is_no_answer_yet(self, person: Person, asked: LessonPlace) -> None:
        person.click_server(2)
        person.press("Space")
        person.wait(1, frames=4)
        run = person.window.lessons.run
        assert run is not None
        assert run.current.question is not None

    def test_an_entry_is_clicked_in_the_logs(self, person: Person, asked: LessonPlace) -> None:
        click(card(asked).choices[0])
        person.wait(1, frames=10)
        person.window.logs.entry_picked.emit(1, 1, 2)
        number = card(asked).number
        assert number is not None
        assert number.value() == 1
        click(card(asked).choices[0])
        person.wait(1, frames=10)
        assert words(asked).count("Yes.") == 2


class TestWriting:
    def test_a_file_written_anew_is_read_anew_at_the_same_step(
        self, person: Person, place: LessonPlace, file: Path
    ) -> None:
        crash_the_leader(person)
        person.press("Ctrl+PgDown")
        file.write_text(HEAD + CRASH + FORETELL.replace("Nobody leads", "No one leads"))
        person.window.lessons._reread()
        assert "No one leads now." in words(place)

    def test_a_mistake_is_told_and_the_lesson_stays(
        self, person: Person, place: LessonPlace, file: Path
    ) -> None:
        file.write_text(HEAD + CRASH.replace("crashed(S1)", "crashd(S1)"))
        person.window.lessons._reread()
        assert "did you mean “crashed”" in words(place)
        assert "a-lesson.md:13: there is no" in words(place)
        assert "Take the leader away." in words(place)

    def test_a_lesson_that_cannot_be_read_leaves_all_as_it_is(
        self, person: Person, tmp_path: Path
    ) -> None:
        path = tmp_path / "bad.md"
        path.write_text("no head")
        before = person.session
        assert not person.window.lessons.open(str(path))
        assert person.session is before
        assert "begins with a head" in person.window.statusBar().currentMessage()


def test_a_number_is_given_by_mouse_alone(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "number.md"
    path.write_text(
        f"{HEAD}\n# S\n\nText.\n\n```{{predict}} How many?\nanswer: majority\nwithin: 1 ms\n```\n"
    )
    assert person.window.lessons.open(str(path))
    view = person.window.later["Lesson"].view
    assert isinstance(view, LessonPlace)
    less, more = (
        next(b for b in view.findChildren(Choice) if b.text() == sign) for sign in ("−", "+")
    )
    for button in (more, more, more, less):
        click(button)
    number = card(view).number
    assert number is not None
    assert number.value() == 2


def test_a_number_is_given_by_keys_alone(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "number.md"
    question = "```{predict} How many?\nanswer: majority\nwithin: 1 ms\n```"
    path.write_text(f"{HEAD}\n# S\n\nText.\n\n{question}\n")
    assert person.window.lessons.open(str(path))
    view = person.window.later["Lesson"].view
    assert isinstance(view, LessonPlace)
    number = card(view).number
    assert number is not None
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, "x3")
    QTest.keyClick(number, Qt.Key.Key_Down)
    assert number.value() == 2
    QTest.keyClick(number, Qt.Key.Key_Return)
    run = person.window.lessons.run
    assert run is not None
    assert run.current.answers[1].value == 2


def test_after_a_lesson_one_goes_on_with_the_next(person: Person) -> None:
    assert person.window.lessons.open("a-leader-falls")
    run = person.window.lessons.run
    assert run is not None
    person.window.lessons.go(5)
    run._play_solutions(run.current.step)
    person.window.lessons.changed.emit()
    view = person.window.later["Lesson"].view
    assert isinstance(view, LessonPlace)
    (on,) = (b for b in view.findChildren(QPushButton) if b.text().startswith("Go on with"))
    assert on.text() == "Go on with: Split votes"
    click(on)
    assert person.window.lessons.run is not None
    assert person.window.lessons.run.lesson.name == "split-votes"


def test_the_next_button_keeps_no_keys_when_it_is_greyed_out(
    person: Person, place: LessonPlace
) -> None:
    crash_the_leader(person)
    place.on.setFocus()
    click(place.on)
    assert not place.on.isEnabled()
    assert place._page.hasFocus()


def test_the_map_shows_how_far_one_has_come(person: Person) -> None:
    progress = person.window.lessons.progress
    assert progress is not None
    for step in range(3):
        progress.step_done("a-leader-falls", step)
    person.press("Ctrl+Shift+L")
    view = person.window.later["Lesson"].view
    assert isinstance(view, LessonPlace)
    button = view.map.buttons["a-leader-falls"]
    assert "3 of" in button.text()
    click(button)
    assert person.window.lessons.run is not None
    assert person.window.lessons.run.lesson.title == "A leader falls"
    assert view.findChildren(TaskCard)
