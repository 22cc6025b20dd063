"""Lessons that ship, played from the first word to the last as a student does: by keys and clicks."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from raftviz.picture.primitives import PickedMessage
from raftviz.qt.choice import Choice
from raftviz.qt.lesson_blocks import PredictCard
from raftviz.qt.lesson_place import LessonPlace
from raftviz.qt.variants import VariantsView
from raftviz.raft.messages import ClientResponse
from raftviz.raft.server import Leader
from raftviz.session.lesson_run import LessonRun
from raftviz.session.session import Session
from raftviz.sim.host import Host
from raftviz.sim.network import Held
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window

_FRAMES = 800
"""Frames of a quarter of a second after which a student would no longer believe in it."""


class Student:
    """Reads, does, foretells, waits for the model, goes on."""

    def __init__(self, person: Person, lesson: str = "") -> None:
        self.person = person
        assert not lesson or person.window.lessons.open(lesson)
        view = person.window.later["Lesson"].view
        assert isinstance(view, LessonPlace)
        self.place = view

    @property
    def run(self) -> LessonRun:
        run = self.person.window.lessons.run
        assert run is not None
        return run

    def press(self, *keys: str) -> None:
        for key in keys:
            self.person.press(key)

    def wait(self) -> None:
        """Let time pass until it stops by itself: the step is done, or something is asked."""
        if not self.person.session.playback.playing:
            self.person.press("Space")
        for _ in range(_FRAMES):
            if not self.person.session.playback.playing:
                if not self._stopped_at_a_breach():
                    return
                self.person.press("Space")
            self.person.wait(0.25, frames=1)
        raise AssertionError(f"step {self.run.number + 1} does not end")

    def _stopped_at_a_breach(self) -> bool:
        """Whether time stands because a property broke, and not because of the lesson."""
        run, session = self.run.current, self.person.session
        at_it = any(breach.event == session.count - 1 for breach in session.violations)
        return at_it and not run.done and (run.waiting is not None or run.question is None)

    def until_led(self) -> None:
        """Let time pass until somebody leads, and stop it."""
        self.press("Space")
        for _ in range(_FRAMES):
            self.person.wait(0.25, frames=1)
            if any(host.is_up and isinstance(host.server.role, Leader) for host in self.hosts()):
                self.press("Space")
                return
        raise AssertionError("nobody leads")

    def hosts(self) -> list[Host]:
        return list(self.person.state.hosts.values())

    def answer(self, text: str) -> None:
        """Click an answer to the question that is asked, and see what the model says."""
        card = self.place.findChildren(PredictCard)[-1]
        self._click(next(one for one in card.choices if one.text().startswith(text)))

    def answer_number(self, number: int) -> None:
        """Type a number as the answer."""
        card = self.place.findChildren(PredictCard)[-1]
        assert card.number is not None
        card.number.setValue(number)
        self._click(card.choices[0])

    def point_at(self, server: int) -> None:
        """Click a server as the answer, and see what the model says."""
        self.person.click_server(server)
        card = self.place.findChildren(PredictCard)[-1]
        self._click(card.choices[0])

    def _click(self, choice: Choice) -> None:
        QTest.mouseClick(choice, Qt.MouseButton.LeftButton)
        if self.run.current.waiting is not None:
            self.wait()

    def words(self) -> str:
        return "\n".join(one.text() for one in self.place.findChildren(QLabel) if one.isVisible())

    def go_on(self) -> None:
        """The step is done: to the next one, or out of the lesson."""
        assert self.place.on.isEnabled(), f"step {self.run.number + 1} is not done"
        QTest.mouseClick(self.place.on, Qt.MouseButton.LeftButton)


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings())) as somebody:
        yield somebody


def test_why_agree_is_played_to_its_end(person: Person) -> None:
    student = Student(person, "why-agree")
    student.press("C")
    student.wait()
    student.go_on()
    student.answer("Only the leader's")
    assert "The model says: All three." in student.words()
    student.go_on()
    student.press("1", "K")
    student.go_on()
    student.answer("Yes")
    assert "Yes. The two others" in student.words()
    student.go_on()
    student.press("1", "R")
    student.wait()
    student.go_on()
    student.answer("All three the same")
    student.go_on()
    student.press("C", "C", "C")
    assert not student.place.on.isEnabled()
    student.wait()
    student.go_on()
    student.press("1", "K", "2", "K")
    student.answer("No")
    student.go_on()
    student.press("1", "R")
    student.wait()
    student.go_on()
    assert student.place.on.text() == "Finish"
    student.go_on()
    assert person.window.lessons.run is None


def test_replicating_a_command_is_played_to_its_end(person: Person) -> None:
    student = Student(person, "replicating-a-command")
    student.press("C")
    for _ in range(3):  # into the log, to a follower, the first acknowledgement
        student.wait()
        student.go_on()
    student.answer("Two")
    assert "Yes. Three of five" in student.words()
    student.go_on()
    student.answer("It has it as well")
    assert "The model says: Not yet." in student.words()
    student.go_on()
    student.wait()
    student.go_on()
    student.press("4", "K", "5", "K")
    student.answer("Yes")
    student.go_on()
    student.press("3", "K")
    student.answer("It stands in logs")
    assert "Yes. S1 takes it in" in student.words()
    student.go_on()
    student.press("3", "R")
    student.wait()
    student.go_on()
    student.press("4", "R", "5", "R", "C", "C")
    student.wait()
    student.go_on()
    student.go_on()
    assert person.window.lessons.run is None


def test_a_leader_falls_is_found_on_the_map_and_played_to_its_end(person: Person) -> None:
    person.press("Ctrl+Shift+L")
    view = person.window.later["Lesson"].view
    assert isinstance(view, LessonPlace)
    QTest.mouseClick(view.map.buttons["a-leader-falls"], Qt.MouseButton.LeftButton)
    student = Student(person)
    student.press("1", "K")
    student.go_on()
    student.answer("Ask the others")
    assert "Yes. It cannot know" in student.words()
    student.go_on()
    student.wait()
    student.go_on()
    student.answer_number(2)
    assert "The model says: 3." in student.words()
    student.go_on()
    student.wait()
    student.go_on()
    student.answer("It leads again")
    assert "The model says: It follows the new leader." in student.words()
    student.go_on()
    assert person.window.lessons.run is None


def test_terms_and_heartbeats_is_played_to_its_end(person: Person) -> None:
    student = Student(person, "terms-and-heartbeats")
    student.wait()
    student.go_on()
    student.answer("No, as long")
    student.go_on()
    student.press("5", "Shift+X")
    student.go_on()
    student.answer("More than 2")
    student.go_on()
    student.answer("Keep theirs")
    assert "The model says: Take over the higher one." in student.words()
    student.go_on()
    student.wait()
    student.go_on()
    while not person.state.flights:
        student.press("Right")
    student.press("M", "G", "2" if person.leader().id != 2 else "3", "T")
    student.go_on()
    student.wait()
    student.answer("No, its number")
    assert "Yes. What comes from a lower term" in student.words()
    student.go_on()
    student.go_on()
    assert person.window.lessons.run is None


def test_what_was_sent_is_counted_until_the_student_mends_it(person: Person) -> None:
    student = Student(person, "sent-and-stored")
    student.answer_number(3)
    assert "The model says: 1." in student.words()
    student.go_on()
    student.wait()
    student.go_on()
    student.press("1", "Shift+X", "Shift+C")
    student.wait()
    student.go_on()
    student.answer("That it is done")
    assert "Yes. S1 believes" in student.words()
    student.go_on()
    student.answer("Yes, the client was told so")
    assert "The model says: No, it is gone." in student.words()
    student.go_on()
    student.answer("S1 alone")
    assert person.session.violations
    student.go_on()
    student.answer("Nothing, until")
    assert person.session.violations == []
    student.go_on()
    student.press("H")
    student.wait()
    student.go_on()
    assert person.window.lessons.run is None


def test_a_cluster_that_never_elects_is_mended_by_one_key(person: Person) -> None:
    student = Student(person, "off-by-one")
    student.press("C")
    student.wait()
    student.go_on()
    student.answer("Yes, as always")
    assert "The model says: No." in student.words()
    student.go_on()
    student.answer_number(1)
    student.go_on()
    student.press("2", "T")
    student.press("3", "T")
    student.go_on()
    student.answer("Yes, nobody")
    student.go_on()
    student.press("Shift+H")
    student.wait()
    student.go_on()
    student.answer("Yes")
    student.go_on()
    assert person.window.lessons.run is None


def test_a_link_in_a_lesson_leads_to_the_mistake(person: Person) -> None:
    Student(person, "off-by-one")
    person.window.lessons.follow_link("variant:no_sessions")
    view = person.window.later["Variants"].view
    assert isinstance(view, VariantsView)
    assert view.chosen == "no_sessions"


def test_a_forgotten_vote_makes_two_leaders_by_hand(person: Person) -> None:
    student = Student(person, "the-forgotten-vote")
    student.press("1", "T")
    student.wait()
    student.go_on()
    student.answer_number(0)
    student.go_on()
    student.answer("Two")
    assert "Yes. S2 gave two votes" in student.words()
    student.go_on()
    student.press("1", "T")
    while len(leaders(person)) < 1:
        student.press("Right")
    student.press("2", "K", "R", "3", "T")
    student.wait()
    student.go_on()
    student.answer("Yes")
    assert "The model says: No, S2 remembers." in student.words()
    student.go_on()
    student.answer_number(2)
    student.go_on()
    student.press("2", "R", "C")
    student.wait()
    student.go_on()
    assert person.window.lessons.run is None


def test_four_servers_bear_no_more_than_three(person: Person) -> None:
    student = Student(person, "four-servers")
    student.answer_number(2)
    assert "The model says: 1." in student.words()
    student.go_on()
    student.answer("Yes, though")
    student.go_on()
    student.press("1", "K", "H")
    student.wait()
    student.go_on()
    student.point_at(2)
    student.go_on()
    student.answer("Nobody")
    student.go_on()
    student.answer("No, two")
    student.go_on()
    student.press("H")
    student.wait()
    student.go_on()
    assert person.window.lessons.run is None


def test_a_letter_is_released_by_hand(person: Person) -> None:
    student = Student(person, "the-letter-of-a-former-leader")
    student.press("2", "Shift+C")
    student.wait()
    student.go_on()
    student.answer_number(4)
    assert "The model says: 2." in student.words()
    student.go_on()
    release(person)
    student.wait()
    student.go_on()
    student.answer("No")
    student.go_on()
    release(person)
    student.wait()
    student.go_on()
    student.answer("Yes")
    student.go_on()
    student.wait()
    student.go_on()
    student.answer("None")
    student.go_on()
    student.press("1", "R")
    student.wait()
    student.go_on()
    assert person.window.lessons.run is None


def test_told_too_early_is_played_to_its_end(person: Person) -> None:
    student = Student(person, "told-too-early")
    student.press("C")
    student.wait()
    student.go_on()
    student.answer("5, as")
    assert "The model says: 0." in student.words()
    student.go_on()
    student.answer("5")
    student.go_on()
    student.answer("10")
    student.go_on()
    student.press("Shift+H", "C")
    while not answers(person):
        student.press("Right")
    person.window.conductor.select(PickedMessage(answers(person)[0]))
    student.press("D")
    student.wait()
    student.go_on()
    student.answer("5, and it never")
    student.go_on()
    student.press("2", "Shift+W", "C")
    student.wait()
    student.go_on()
    assert person.window.lessons.run is None


def leaders(person: Person) -> list[int]:
    """Who leads, as they think."""
    hosts = person.state.hosts.values()
    return [h.id for h in hosts if h.is_up and isinstance(h.server.role, Leader)]


def release(person: Person) -> None:
    """Let the message that somebody holds go on."""
    held = next(f for f in person.state.flights.values() if isinstance(f, Held))
    person.window.conductor.select(PickedMessage(held.id))
    person.press("G")


def answers(person: Person) -> list[int]:
    """The answers that are on their way to clients."""
    flying = person.state.flights.values()
    return [f.id for f in flying if isinstance(f.message, ClientResponse)]


def test_split_votes_is_played_to_its_end(person: Person) -> None:
    student = Student(person, "split-votes")
    student.press("5", "K")
    student.go_on()
    student.answer("S1")
    assert "The model says: Neither of them." in student.words()
    student.go_on()
    student.answer("In a later one")
    assert "Yes. Candidates wait" in student.words()
    student.go_on()
    student.press("5", "R")
    student.wait()
    student.go_on()
    student.press(str(person.leader().id), "K")
    student.answer_number(1)
    assert "Yes. Each has voted for itself" in student.words()
    student.go_on()
    student.answer("Now one of them")
    assert "The model says: The same as before." in student.words()
    student.go_on()
    crashed = next(host.id for host in person.state.hosts.values() if not host.is_up)
    student.press("1" if crashed != 1 else "2", "T")
    student.wait()
    student.go_on()
    student.press(str(crashed), "R")
    for number in range(3):
        leader = str(person.leader().id)
        student.press(leader, "K", leader, "R")
        if number < 2:
            student.until_led()
    student.wait()
    student.go_on()
    student.go_on()
    assert person.window.lessons.run is None
