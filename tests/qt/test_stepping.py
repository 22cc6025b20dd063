"""Steps of a kind, to a place and to a condition, by keys and by mouse."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressDialog, QPushButton
from pytestqt.qtbot import QtBot

from raftviz.qt.going import EXAMPLES, GoTo, Until
from raftviz.qt.transport import ORDER, instant_words
from raftviz.session.kinds import KINDS, applies, changes_role, commits
from raftviz.session.session import Instant, Session
from raftviz.shelf import read_scenario
from raftviz.sim.conditions import parse_condition
from raftviz.sim.events import Acted
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from tests.qt.desk import Person, at_window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_scenario(read_scenario("leader-crashes"))) as somebody:
        yield somebody


@pytest.fixture
def fresh(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


def said(person: Person) -> str:
    return person.window.statusBar().currentMessage()


def button(dialog: GoTo | Until, word: str) -> QPushButton:
    return next(b for b in dialog.findChildren(QPushButton) if word in b.text())


def ask(person: Person, key: str, kind: type[GoTo] | type[Until]) -> GoTo | Until:
    person.press(key)
    dialog = person.window.findChild(kind)
    assert isinstance(dialog, GoTo | Until)
    return dialog


class TestKinds:
    @pytest.mark.parametrize(
        ("key", "test"),
        [
            ("R", changes_role),
            ("C", commits),
            ("A", applies),
            ("D", lambda record: isinstance(record.event, Acted)),
        ],
    )
    def test_keys_go_to_the_next_and_the_last_of_each(
        self, person: Person, key: str, test: object
    ) -> None:
        assert callable(test)
        places = []
        for _ in range(3):
            person.press(f"Alt+{key}")
            assert test(person.session.moment.last)
            places.append(person.session.count)
        assert places == sorted(set(places))
        person.press(f"Alt+Shift+{key}")
        assert person.session.count == places[1]

    def test_what_is_selected_is_stepped_along(self, person: Person) -> None:
        person.press("3")
        for _ in range(3):
            person.press("Alt+S")
            last = person.session.moment.last
            assert last is not None
            assert last.part == 3

    def test_what_never_was_is_said(self, person: Person) -> None:
        person.press("Alt+Shift+V")
        assert said(person) == "There was no broken property before this."
        assert person.session.count == 0


class TestStepBy:
    def test_the_chooser_rules_the_buttons_and_the_arrows_with_control(
        self, person: Person
    ) -> None:
        chooser = person.window.transport._kinds
        chooser.setCurrentIndex([kind.id for kind in KINDS].index("role"))
        person.click_button("step")
        assert changes_role(person.session.moment.last)  # type: ignore[arg-type]
        first = person.session.count
        person.press("Ctrl+Right")
        assert changes_role(person.session.moment.last)  # type: ignore[arg-type]
        person.press("Ctrl+Left")
        assert person.session.count == first
        person.press("Right")
        assert person.session.count == first + 1  # the arrows alone step event by event

    def test_the_chooser_is_used_by_keys(self, person: Person) -> None:
        chooser = person.window.transport._kinds
        chooser.setFocus()
        for _ in range(2):
            QTest.keyClick(chooser, Qt.Key.Key_Down)
        assert person.window.stepping.kind.id == "role"
        person.click_button("step")
        assert changes_role(person.session.moment.last)  # type: ignore[arg-type]

    def test_a_kind_that_is_chosen_elsewhere_is_shown(self, person: Person) -> None:
        person.window.stepping.choose("commit")
        assert person.window.transport._kinds.currentText() == "commit"

    def test_by_event_it_is_the_usual_step(self, person: Person) -> None:
        person.press("Ctrl+Right")
        person.press("Ctrl+Right")
        person.press("Ctrl+Left")
        assert person.session.count == 1


class TestGoTo:
    def test_an_instant_by_keys(self, person: Person) -> None:
        dialog = ask(person, "Ctrl+G", GoTo)
        QTest.keyClicks(dialog.line, "1284.2ms")
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert person.session.time_us == 1_284_200

    def test_an_event_by_mouse(self, person: Person) -> None:
        person.window.command_actions["go-to"].trigger()
        dialog = person.window.findChild(GoTo)
        assert dialog is not None
        dialog.line.setText("#41")
        QTest.mouseClick(button(dialog, "Go"), LEFT)
        assert person.session.count == 41

    def test_what_is_no_place_is_told_in_the_dialog_and_nothing_moves(self, person: Person) -> None:
        dialog = ask(person, "Ctrl+G", GoTo)
        QTest.keyClicks(dialog.line, "soon")
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert dialog.isVisible()
        assert "such as 1284.2ms" in dialog.error.text()
        assert person.session.count == 0
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    def test_an_instant_that_is_not_simulated_yet(self, fresh: Person) -> None:
        dialog = ask(fresh, "Ctrl+G", GoTo)
        QTest.keyClicks(dialog.line, "0.8 s")
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert fresh.session.time_us == ms(800)

    def test_an_event_that_is_not_there_is_told(self, person: Person) -> None:
        dialog = ask(person, "Ctrl+G", GoTo)
        QTest.keyClicks(dialog.line, "#99999")
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert said(person) == "There are only 324 events so far."
        assert person.session.at_end


class TestUntil:
    def test_on_by_keys_and_the_condition_is_remembered(self, person: Person, qtbot: QtBot) -> None:
        dialog = ask(person, "Ctrl+F", Until)
        QTest.keyClicks(dialog.line, "leader.term >= 2")
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert person.leader().server.current_term == 2
        with qtbot.waitActive(person.window):
            person.window.activateWindow()
        again = ask(person, "Ctrl+F", Until)
        assert again.line.text() == "leader.term >= 2"
        QTest.keyClick(again, Qt.Key.Key_Escape)

    def test_back_by_keys(self, person: Person) -> None:
        person.press("End")
        dialog = ask(person, "Ctrl+F", Until)
        QTest.keyClicks(dialog.line, "crashed(S2)")
        QTest.keyClick(dialog.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        last = person.session.moment.last
        assert last is not None
        assert isinstance(last.event, Acted)
        assert last.part == 2

    def test_on_by_mouse_from_an_example(self, person: Person) -> None:
        person.window.command_actions["until"].trigger()
        dialog = person.window.findChild(Until)
        assert dialog is not None
        examples = next(
            label for label in dialog.findChildren(QLabel) if label.accessibleName() == "Examples"
        )
        examples.linkActivated.emit(EXAMPLES[0])
        QTest.mouseClick(button(dialog, "Go on"), LEFT)
        assert person.leader().server.current_term >= 2

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("leadr.term > 3", "“leadr” means nothing here; did you mean “leader”?"),
            ("S9.term > 3", "There is no server S9: the cluster has S1 to S5."),
            ("leader.trem > 3", "A server has no “trem”; did you mean “term”?"),
            ("((", "“((” is not a condition."),
            ("", "There is nothing to wait for yet."),
            ("__import__('os')", "There is no “__import__(…)”."),
        ],
    )
    def test_a_mistake_is_told_in_the_dialog_and_nothing_moves(
        self, person: Person, typed: str, told: str
    ) -> None:
        dialog = ask(person, "Ctrl+F", Until)
        QTest.keyClicks(dialog.line, typed)
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert dialog.isVisible()
        assert dialog.error.text() == told
        assert person.session.count == 0
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    def test_every_example_can_be_said(self) -> None:
        for example in EXAMPLES:
            parse_condition(example, 5)

    def test_what_does_not_come_is_said_and_one_is_where_one_was(
        self, fresh: Person, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in ("raftviz.session.seeking", "raftviz.qt.stepping"):
            monkeypatch.setattr(f"{module}.MOST_NEW", 400)
        monkeypatch.setattr("raftviz.qt.stepping.SLICE", 100)
        fresh.press("Right")
        dialog = ask(fresh, "Ctrl+F", Until)
        QTest.keyClicks(dialog.line, "term >= 99")
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert fresh.window.findChild(QProgressDialog) is not None
        qtbot.waitUntil(lambda: "does not become true" in said(fresh))
        assert "not in 400 new events" in said(fresh)
        assert fresh.session.count == 1

    @pytest.mark.parametrize("by", ["mouse", "key"])
    def test_a_long_search_can_be_stopped(
        self, fresh: Person, monkeypatch: pytest.MonkeyPatch, by: str
    ) -> None:
        monkeypatch.setattr("raftviz.qt.stepping.SLICE", 50)
        dialog = ask(fresh, "Ctrl+F", Until)
        QTest.keyClicks(dialog.line, "term >= 99")
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        progress = fresh.window.findChild(QProgressDialog)
        assert progress is not None
        stop = progress.findChild(QPushButton)
        assert stop is not None
        if by == "mouse":
            QTest.mouseClick(stop, LEFT)
        else:
            QTest.keyClick(progress, Qt.Key.Key_Escape)
        assert said(fresh) == "Stopped. You are where you were."
        assert fresh.session.count == 0
        assert not fresh.window.stepping._timer.isActive()


class TestOneInstant:
    def test_the_bar_says_which_of_several_it_is_and_why_in_this_order(self, qtbot: QtBot) -> None:
        settings = Settings(servers=3, seed=4, latency_us=(ms(5), ms(5)), disk_us=(0, 0))
        with at_window(qtbot, Session.of_settings(settings)) as person:
            person.press("1")
            person.press("T")
            person.press("Right")
            assert person.window.transport._instant.text() == "event · 1 of 1 at this instant …"
            person.press("Right")
            person.press("Left")
            assert person.window.transport._instant.text() == "event · 1 of 2 at this instant"
            assert person.window.transport._instant.toolTip() == ORDER
            person.press("Home")
            assert person.window.transport._instant.text() == "event"

    def test_one_alone_needs_no_words(self) -> None:
        assert instant_words(Instant(1, 1, more=False)) == "event"
        assert instant_words(Instant(2, 3, more=True)) == "event · 2 of 3 at this instant …"


def test_a_step_stops_playing(person: Person) -> None:
    person.press("Space")
    person.wait(0.2)
    person.press("Alt+R")
    assert not person.session.playback.playing
