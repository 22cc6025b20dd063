"""Walking from a commit to its acknowledgements, and everywhere else, as a person does."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from raftviz.checks.properties import ELECTION_SAFETY, Violation
from raftviz.picture.primitives import (
    PickedBreach,
    PickedEntry,
    PickedEvent,
    PickedMessage,
    PickedServer,
    PickedVote,
)
from raftviz.picture.theme import DARK, LIGHT, Theme
from raftviz.picture.why.walk import Walk
from raftviz.qt.rules import RulesView
from raftviz.qt.timeline_pull import Spot
from raftviz.qt.why_pieces import StepRow
from raftviz.qt.why_view import WhyView
from raftviz.raft import because as why
from raftviz.raft.server import Candidate
from raftviz.session.session import Session
from raftviz.shelf import read_scenario
from tests.qt.desk import Person, at_window

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_scenario(read_scenario("leader-crashes"))) as somebody:
        yield somebody


def view(person: Person) -> WhyView:
    found = person.window.later["Why"].view
    assert isinstance(found, WhyView)
    return found


def title(person: Person) -> str:
    page = view(person).page
    return page.title if page is not None else ""


def rows(person: Person, *, below: bool = False) -> list[StepRow]:
    return (view(person).caused if below else view(person).led).seen()


def row(person: Person, words: str) -> StepRow:
    """The row that says so."""
    every = rows(person) + rows(person, below=True)
    return next(found for found in every if words in found.step.words)


def focused() -> QWidget:
    """What has the keys."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT, pos=widget.rect().center())


def step_to_a_commit(person: Person) -> int:
    """On to where a leader commits the first request; the number of the event."""
    for _ in range(400):
        last = person.session.moment.last
        told = [b for b in last.because if b.reason is why.LEADER_COMMITS] if last else []
        if told and told[0].values["index"] == 2:
            return person.session.count - 1
        person.press("Right")
    raise AssertionError("nothing was committed")


class TestTheJob:
    def test_by_keys_from_a_commit_to_its_acknowledgements(self, person: Person) -> None:
        number = step_to_a_commit(person)
        before = person.session.cursor
        person.press("Q")
        assert "committed up to entry 2" in title(person)
        counted = [r.step.words for r in rows(person) if "of 3)" in r.step.words]
        assert [words[-8:] for words in counted] == ["(1 of 3)", "(2 of 3)", "(3 of 3)"]
        QTest.keyClick(focused(), Qt.Key.Key_Up)
        while "acknowledged" not in focused().accessibleName():
            QTest.keyClick(focused(), Qt.Key.Key_Up)
        QTest.keyClick(focused(), Qt.Key.Key_Return)
        assert view(person).walk.subject != PickedEvent(number)
        assert "disk" in title(person) or "holds entry 2" in title(person)
        assert person.session.cursor == before  # walking does not move time
        QTest.keyClick(focused(), Qt.Key.Key_Return)
        walked = view(person).walk.subject
        assert isinstance(walked, PickedEvent)
        assert person.session.count == walked.number + 1

    def test_by_mouse_from_a_commit_to_its_acknowledgements(self, person: Person) -> None:
        step_to_a_commit(person)
        before = person.session.cursor
        click(person.window.why)
        assert "committed up to entry 2" in title(person)
        click(row(person, "acknowledged entry 2 (2 of 3)"))
        assert "entry 2" in title(person)
        assert person.session.cursor == before
        walked = view(person).walk.subject
        click(view(person).present.button)
        assert isinstance(walked, PickedEvent)
        assert person.session.count == walked.number + 1

    def test_from_the_acknowledgement_one_walks_on_to_the_client(self, person: Person) -> None:
        step_to_a_commit(person)
        person.press("Q")
        seen = []
        click(row(person, "appended entry 2"))
        for _ in range(20):
            seen.append(title(person))
            if not rows(person):
                break
            person.press("Alt+Up")
        assert any("asked" in words or "requested x=1" in words for words in seen)
        assert not rows(person)  # a chain ends where somebody did something


class TestTheWay:
    def test_back_and_forward_by_keys_and_by_the_buttons(self, person: Person) -> None:
        number = step_to_a_commit(person)
        person.press("Q")
        person.press("Alt+Up")
        up = view(person).walk.subject
        assert up != PickedEvent(number)
        person.press("Alt+Left")
        assert view(person).walk.subject == PickedEvent(number)
        person.press("Alt+Right")
        assert view(person).walk.subject == up
        person.press("Alt+Home")
        assert view(person).walk.subject is None
        assert "committed up to entry 2" in title(person)

    def test_down_and_up_again_leads_back(self, person: Person) -> None:
        step_to_a_commit(person)
        person.press("Q")
        start = title(person)
        person.press("Alt+Down")
        assert title(person) != start
        click(rows(person)[0])
        assert title(person) == start
        assert view(person).walk.place == 3

    def test_the_crumbs_name_the_way_and_lead_back(self, person: Person) -> None:
        number = step_to_a_commit(person)
        person.press("Q")
        person.press("Alt+Up")
        crumbs = next(
            label
            for label in view(person).findChildren(QLabel)
            if label.accessibleName() == "The way so far"
        )
        assert "Now" in crumbs.text()
        assert f"#{number + 1}" in crumbs.text()
        crumbs.linkActivated.emit("1")
        assert view(person).walk.subject == PickedEvent(number)

    def test_while_nobody_walks_it_follows_what_happens(self, person: Person) -> None:
        person.window.show_view("Why")
        seen = set()
        for _ in range(12):
            person.press("Right")
            seen.add(title(person))
            assert view(person).walk == Walk()
        assert len(seen) > 4

    def test_who_walks_stays_where_they_are_while_time_moves(self, person: Person) -> None:
        step_to_a_commit(person)
        person.press("Q")
        person.press("Alt+Up")
        before = title(person)
        for _ in range(5):
            person.press("Right")
        assert title(person) == before

    def test_another_branch_keeps_what_both_have(self, person: Person) -> None:
        number = step_to_a_commit(person)
        person.press("Q")
        person.press("Alt+Up")
        led = view(person).walk.subject
        person.press("N")
        assert person.session.branch.number
        assert view(person).walk.subject == led
        person.press("Right")
        person.press("Q")
        later = view(person).walk.subject
        assert later == PickedEvent(number + 1)
        person.window.conductor.switch(person.session.history.root)
        assert view(person).walk.subject != later

    def test_another_session_begins_anew(self, person: Person) -> None:
        step_to_a_commit(person)
        person.press("Q")
        person.window.conductor.open(Session.of_scenario(read_scenario("split-vote")))
        assert view(person).walk == Walk()
        assert view(person).page is None


class TestWhereOneComesFrom:
    def test_a_click_on_the_band_while_time_passes_stops_it(self, person: Person) -> None:
        person.press("Space")
        person.wait(5.0, frames=50)
        click(person.window.why)
        assert not person.session.playback.playing
        assert view(person).walk.subject == PickedEvent(person.session.count - 1)

    def test_enter_on_the_band(self, person: Person) -> None:
        person.press("Right")
        person.window.why.setFocus()
        QTest.keyClick(person.window.why, Qt.Key.Key_Return)
        assert view(person).walk.subject == PickedEvent(0)

    def test_an_entry_of_a_log_by_mouse(self, person: Person) -> None:
        step_to_a_commit(person)
        logs = person.window.logs
        grid = logs._grid()
        where = QPoint(round(grid.x(2) + grid.column / 2), round(grid.y(0) + 6))
        QTest.mouseClick(logs.viewport(), LEFT, pos=where)
        assert person.window.conductor.selected == PickedEntry(1, 2, 1)
        assert person.selected_server() is None
        assert person.window.conductor.selected_server == 1
        person.choose("why")
        assert title(person) == "Entry 2 of S1: x=1"

    def test_the_menu_of_an_entry_is_wanted_by_a_right_click(
        self, person: Person, qtbot: QtBot
    ) -> None:
        step_to_a_commit(person)
        logs = person.window.logs
        grid = logs._grid()
        where = QPoint(round(grid.x(2) + grid.column / 2), round(grid.y(2) + 6))
        from PySide6.QtGui import QContextMenuEvent

        with qtbot.waitSignal(logs.context_wanted) as wanted:
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, QPoint(1, 1))
            QApplication.sendEvent(logs.viewport(), event)
        assert wanted.args[0] == PickedEntry(3, 2, 1)
        for menu in person.window.findChildren(QWidget):
            if menu.inherits("QMenu") and menu.isVisible():
                menu.close()

    def test_entries_by_keys(self, person: Person) -> None:
        step_to_a_commit(person)
        person.press("4")
        person.press("L")
        assert person.window.conductor.selected == PickedEntry(4, 2, 1)
        person.press("L")
        assert person.window.conductor.selected == PickedEntry(4, 1, 1)
        person.press("Shift+L")
        person.press("Q")
        assert title(person) == "Entry 2 of S4: x=1"

    def test_a_vote_by_its_pip_and_by_keys(self, person: Person) -> None:
        while not any(isinstance(h.server.role, Candidate) for h in person.state.hosts.values()):
            person.press("Right")
        picture = person.window.canvas.picture
        assert picture is not None
        pip = picture.pips[-1]
        QTest.mouseClick(person.window.canvas, LEFT, pos=QPoint(round(pip.x), round(pip.y)))
        assert person.window.conductor.selected == PickedVote(pip.candidate, pip.voter, pip.term)
        assert "vote for" in person.window.canvas.tip_at(QPointF(pip.x, pip.y))
        person.press("Q")
        assert title(person).startswith(f"S{pip.voter}'s vote for S{pip.candidate}")
        person.press("O")
        assert isinstance(person.window.conductor.selected, PickedVote)
        assert person.window.conductor.selected.voter == 1

    def test_a_message_by_keys(self, person: Person) -> None:
        step_to_a_commit(person)
        person.press("M")
        person.press("Q")
        assert isinstance(view(person).walk.subject, PickedMessage)
        assert "→" in title(person)

    def test_a_field_of_the_inspector_by_mouse_and_by_key(self, person: Person) -> None:
        step_to_a_commit(person)
        leader = person.leader().id
        person.press(str(leader))
        value = person.window.inspector.value_of("commit_index")
        assert value is not None
        click(value)
        assert "committed up to entry 2" in title(person)
        person.window.show_view("Inspector")
        value = person.window.inspector.value_of("voted_for")
        assert value is not None
        value.setFocus()
        QTest.keyClick(value, Qt.Key.Key_Return)
        assert "became a candidate" in title(person)

    def test_the_button_of_the_inspector(self, person: Person) -> None:
        step_to_a_commit(person)
        click(person.window.inspector.why)
        assert "committed up to entry 2" in title(person)

    def test_an_event_of_the_timeline_is_asked_without_going_there(self, person: Person) -> None:
        step_to_a_commit(person)
        before = person.session.cursor
        branches, record = person.window.branches, person.session.branch[3]
        actions = {a.text(): a for a in branches.spot_actions(Spot(record.time_us, 3))}
        actions["Why?"].trigger()
        assert view(person).walk.subject == PickedEvent(3)
        assert person.session.cursor == before

    def test_a_message_of_the_timeline_is_asked(self, person: Person) -> None:
        step_to_a_commit(person)
        branch = person.session.branch
        sent = next(n for n, record in enumerate(branch.records()) if record.flights)
        flight = branch[sent].flights[0].id
        spot = Spot(branch[sent].time_us, sent, flight=flight)
        actions = {a.text(): a for a in person.window.branches.spot_actions(spot)}
        actions["Why?"].trigger()
        assert view(person).walk.subject == PickedMessage(flight)

    def test_a_broken_property_in_the_band_and_by_key(self, person: Person) -> None:
        number = step_to_a_commit(person)
        checker = person.session.checker
        checker.violations.append(
            Violation(ELECTION_SAFETY, 0, number, 0, "Two lead.", frozenset({1, 2}), 11)
        )
        person.window.conductor.moment_changed.emit()
        click(person.window.why)
        assert view(person).walk.subject == PickedBreach(0)
        assert [r.step.target for r in rows(person)] == [PickedEvent(11), PickedEvent(number)]
        person.press("Home")
        assert not person.window.command_actions["contradiction"].isEnabled()
        person.press("End")
        person.press("Alt+Home")
        person.press("Shift+Q")
        assert title(person) == "Election Safety is broken"
        click(rows(person)[0])
        assert view(person).walk.subject == PickedEvent(11)


class TestWhatIsSeen:
    def test_a_section_leads_to_the_rule_in_the_book(self, person: Person) -> None:
        step_to_a_commit(person)
        person.press("Q")
        view(person).present.rule_wanted.emit("commit")
        rules = person.window.later["Rules"].view
        assert isinstance(rules, RulesView)
        assert rules.rule is not None
        assert rules.rule.id == "commit"

    def test_what_is_walked_is_lit_and_no_longer_when_the_walk_ends(self, person: Person) -> None:
        step_to_a_commit(person)
        person.press("Q")
        lit = {s.id for s in person.window.canvas.picture.servers if s.highlighted}  # type: ignore[union-attr]
        assert person.leader().id in lit
        assert person.window.timeline._lit[0] == person.session.count - 1
        person.press("Alt+Home")
        picture = person.window.canvas.picture
        assert picture is not None
        assert not any(sign.highlighted for sign in picture.servers)
        assert not person.window.timeline._lit

    def test_behind_another_tab_nothing_is_lit(self, person: Person) -> None:
        step_to_a_commit(person)
        person.press("Q")
        person.window.show_view("Inspector")
        QApplication.processEvents()
        assert not person.window.timeline._lit

    def test_while_time_passes_nothing_is_made_anew(self, person: Person) -> None:
        person.window.show_view("Why")
        person.press("Right")
        page = view(person).page
        person.press("Space")
        person.wait(1.0)
        assert view(person).page is page
        person.press("Space")
        assert view(person).page is not page

    def test_before_anything_has_happened_it_says_what_to_do(self, person: Person) -> None:
        person.press("Home")
        person.press("Q")
        words = [label.text() for label in view(person).findChildren(QLabel) if label.isVisible()]
        assert any("Nothing has happened yet" in said for said in words)

    def test_many_consequences_are_shown_when_somebody_wants_them(self, person: Person) -> None:
        person.press("End")
        won = next(
            n
            for n, r in enumerate(person.session.branch.records())
            if any(b.reason is why.WIN_ELECTION for b in r.because)
        )
        person.window.look_at("Why", PickedEvent(won))
        shown = len(rows(person, below=True))
        assert view(person).caused.more.text().startswith("and ")
        click(view(person).caused.more)
        assert len(rows(person, below=True)) > shown

    def test_the_second_click_goes_there_in_time(self, person: Person) -> None:
        step_to_a_commit(person)
        person.press("Q")
        first = rows(person)[0]
        target = first.step.target
        assert isinstance(target, PickedEvent)
        click(first)
        QTest.mouseDClick(first, LEFT, pos=first.rect().center())
        assert person.session.count == target.number + 1
        assert view(person).walk.subject == target

    @pytest.mark.parametrize("theme", [LIGHT, DARK])
    def test_it_paints_in_light_and_dark(self, qtbot: QtBot, theme: Theme) -> None:
        session = Session.of_scenario(read_scenario("leader-crashes"))
        with at_window(qtbot, session, theme) as person:
            step_to_a_commit(person)
            person.press("Q")
            image = view(person).grab().toImage()
            assert (image.pixelColor(4, 4).lightness() < 128) == theme.dark

    def test_every_row_has_an_accessible_name(self, person: Person) -> None:
        step_to_a_commit(person)
        person.press("Q")
        assert all(found.accessibleName() for found in rows(person))
        assert view(person).present.accessibleName() == title(person)

    def test_a_server_is_followed_while_it_is_selected(self, person: Person) -> None:
        person.window.show_view("Why")
        person.window.conductor.select(PickedServer(3))
        for _ in range(10):
            person.press("Right")
        last = person.session.branch.last_change(3, person.session.count)
        page = view(person).page
        assert page is not None
        assert page.subject == PickedEvent(last)  # type: ignore[arg-type]


def test_a_long_history_is_read_in_slices(
    person: Person, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raftviz.qt.why_view._SLICE", 100)
    person.press("End")
    person.press("Q")
    qtbot.waitUntil(lambda: view(person).page is not None)
    assert view(person).page is not None
