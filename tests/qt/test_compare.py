"""Two futures side by side, as a person compares them: by keys alone, and by mouse alone."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from raftviz.compare.comparison import Kind
from raftviz.picture.theme import DARK
from raftviz.qt.compare.choose import ChooseOther
from raftviz.qt.compare.pane import Pane
from raftviz.qt.compare.view import CompareView
from raftviz.raft.messages import AppendEntriesResponse
from raftviz.session.beside import SideBySide
from raftviz.session.session import Session
from raftviz.session.sides import BOTH
from raftviz.shelf import shipped_scenarios
from raftviz.sim import acts
from raftviz.sim.history import Branch
from raftviz.sim.host import Status
from raftviz.sim.network import Flight
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from tests.qt.desk import Person, at_window


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    """Somebody at a cluster of three, of which one is cut off: a commit needs one acknowledgement."""
    with at_window(qtbot, Session.of_settings(Settings(servers=3, seed=4))) as somebody:
        yield somebody


def view_of(person: Person) -> CompareView:
    view = person.window.compare.view
    assert view is not None
    return view


def beside(person: Person) -> SideBySide:
    found = person.window.conductor.comparing.beside
    assert found is not None
    return found


def pane(person: Person, kind: Kind) -> Pane:
    return view_of(person).panes[kind]


def branches(person: Person) -> list[Branch]:
    return [beside(person).branch(kind) for kind in BOTH]


def time_us(person: Person) -> int:
    """The one instant that both sides show."""
    (now,) = {beside(person).moment(kind).time_us for kind in BOTH}
    return now


def elect(person: Person) -> int:
    """Press play until somebody leads and all know it; who it is."""
    person.press("Space")
    for _ in range(200):
        person.wait(0.2, frames=2)
        known = {host.server.leader_id for host in person.state.hosts.values()}
        if len(known) == 1 and known != {0}:
            break
    person.press("Space")
    return person.leader().id


def acknowledgement(person: Person, index: int) -> Flight | None:
    """The acknowledgement of an entry that is in flight."""
    found = [
        flight
        for flight in person.state.flights.values()
        if isinstance(flight.message, AppendEntriesResponse) and flight.message.match_index >= index
    ]
    return found[0] if found else None


def request_with_one_follower(person: Person) -> Flight:
    """Cut one follower off, send a request; the one acknowledgement that commits it, in flight."""
    leader = elect(person)
    cut_off = next(server for server in person.state.hosts if server != leader)
    person.press(str(cut_off))
    person.press("Shift+X")
    person.press("Esc")
    person.press("C")
    index = person.leader().server.log.last_index + 1
    for _ in range(200):
        if flight := acknowledgement(person, index):
            return flight
        person.press("Right")
    raise AssertionError("nobody acknowledged")


def go_on_and_rewind(person: Person) -> None:
    """Watch the future for a while, and come back."""
    count = person.session.count
    person.press("Space")
    person.wait(4.0, frames=40)
    person.press("Space")
    while person.session.count > count:
        person.press("Left")


def two_futures(person: Person, milliseconds: int = 400) -> tuple[Branch, Branch]:
    """A future in which nothing was done, and one in which the leader crashed."""
    session = person.session
    session.reach(ms(milliseconds), 10_000)
    old = session.branch
    session.reach(ms(2 * milliseconds), 10_000)
    session.seek(ms(milliseconds))
    person.window.conductor.dispatch(acts.Crash("leader"))
    new = session.branch
    person.window.conductor.switch(old)
    return old, new


class TestByKeysAlone:
    def test_a_dropped_acknowledgement_is_followed_from_what_is_missing_back_to_the_drop(
        self, person: Person
    ) -> None:
        doomed = request_with_one_follower(person)
        go_on_and_rewind(person)
        old = person.session.branch
        while person.selected_message() != doomed.id:
            person.press("M")
        person.press("D")
        assert person.session.branch.parent is old
        person.press("=")
        dialog = person.window.findChild(ChooseOther)
        assert dialog is not None
        QTest.keyClick(dialog.list, Qt.Key.Key_Return)
        assert branches(person)[1] is old
        commits = [
            beside(person).moment(kind).state.hosts[doomed.target].server.commit_index
            for kind in BOTH
        ]
        assert commits[0] == commits[1]
        # Difference by difference: the drop, the loss, and then what did not come.
        seen = []
        for key in ("Ctrl+Shift+I", "I", "I"):
            person.press(key)
            seen.append(view_of(person).chain.cards[0].words)
        assert "You dropped" in seen[0]
        assert f"S{doomed.target} received an acknowledgement" in seen[2]
        commits = [
            beside(person).moment(kind).state.hosts[doomed.target].server.commit_index
            for kind in BOTH
        ]
        assert commits[0] < commits[1]
        # What is missing now, back to the drop.
        now = view_of(person).now
        rows = [now.model().index(row, 0).data() for row in range(now.model().rowCount())]
        missing = next(row for row, words in enumerate(rows) if "commit_index" in words)
        now.setCurrentIndex(now.model().index(missing, 0))
        QTest.keyClick(now, Qt.Key.Key_Return)
        cards = [card for card in view_of(person).chain.cards if card.isVisible()]
        assert len(cards) == 2
        assert "was dropped by you" in cards[0].words
        assert "Here the two part" in cards[1].words
        cards[1].go.setFocus()
        QTest.keyClick(cards[1].go, Qt.Key.Key_Return)
        assert time_us(person) == beside(person).comparison.time_us(0)

    def test_a_chain_is_walked_back_to_the_parting_with_one_key(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        person.press("Ctrl+Shift+I")
        for _ in range(12):
            person.press("I")
        chain = view_of(person).chain
        way = [card.index for card in chain.cards if card.isVisibleTo(chain)]
        assert way[-1] == 0
        gone = [beside(person).place - 1]
        for _ in way[1:]:
            person.press("Alt+I")
            gone.append(beside(person).place - 1)
            (here,) = [card.index for card in chain.cards if card.property("here")]
            assert here == gone[-1]
        assert gone == way
        person.press("Alt+I")
        assert "begins" in person.window.statusBar().currentMessage()

    def test_differences_are_gone_through_and_back(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        person.press("Ctrl+Shift+I")
        places = [beside(person).place]
        for _ in range(5):
            person.press("I")
            places.append(beside(person).place)
        assert places == [1, 2, 3, 4, 5, 6]
        person.press("Shift+I")
        assert beside(person).place == 5
        assert view_of(person).differences.currentIndex().row() == 4

    def test_steps_and_time_go_on_for_both(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        person.press("Home")
        assert time_us(person) == 0
        person.press("Right")
        assert {beside(person).cursor(kind).count for kind in BOTH} == {1}
        person.press("Space")
        person.wait(20, frames=100)
        person.press("Space")
        assert time_us(person) > ms(800)
        ends = [branch.time_at(len(branch)) for branch in branches(person)]
        assert min(ends) > ms(800)
        person.press("Shift+Left")
        time_us(person)

    def test_the_other_side_takes_the_acts_and_gives_them_back_when_undone(
        self, person: Person
    ) -> None:
        old, new = two_futures(person)
        person.window.compare.compare_with(new)
        person.press("\\")
        assert beside(person).focus is Kind.RIGHT
        assert person.session.branch is new
        person.press("2")
        person.press("P")
        hosts = [beside(person).moment(kind).state.hosts[2] for kind in BOTH]
        assert [host.status for host in hosts] == [Status.UP, Status.PAUSED]
        person.press("\\")
        person.press("Ctrl+Z")
        assert branches(person)[0] is old
        assert beside(person).focus is Kind.RIGHT
        host = beside(person).moment(Kind.RIGHT).state.hosts[2]
        assert host.status is Status.UP

    def test_escape_first_selects_nothing_and_then_leaves(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        person.press("1")
        person.press("Esc")
        assert person.window.conductor.selected is None
        assert person.window.compare.showing
        person.press("Esc")
        assert not person.window.compare.showing

    def test_the_command_leaves_as_well_and_everything_is_where_it_was(
        self, person: Person
    ) -> None:
        old, _ = two_futures(person)
        shown = {name: dock.isVisible() for name, dock in person.window.docks.items()}
        person.press("=")
        dialog = person.window.findChild(ChooseOther)
        assert dialog is not None
        QTest.keyClick(dialog.list, Qt.Key.Key_Return)
        assert not any(dock.isVisible() for dock in person.window.docks.values())
        assert person.window.command_actions["compare"].text() == "Leave the comparison"
        person.press("=")
        assert {name: dock.isVisible() for name, dock in person.window.docks.items()} == shown
        assert person.window.canvas.isVisible()
        assert person.session.branch is old

    def test_tab_goes_from_side_to_side_and_takes_the_focus_along(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        seen = set()
        for _ in range(40):
            widget = QApplication.focusWidget()
            assert widget is not None
            QTest.keyClick(widget, Qt.Key.Key_Tab)
            seen.add(beside(person).focus)
        assert seen == {Kind.LEFT, Kind.RIGHT}

    def test_the_sides_are_swapped(self, person: Person) -> None:
        old, new = two_futures(person)
        person.window.compare.compare_with(new)
        person.press("|")
        assert branches(person) == [new, old]
        assert person.session.branch is old

    def test_with_no_other_branch_there_is_still_a_file_to_compare_with(
        self, person: Person
    ) -> None:
        person.press("=")
        dialog = person.window.findChild(ChooseOther)
        assert dialog is not None
        assert not dialog.compare.isEnabled()
        assert any(
            "There is no branch but" in label.text() for label in dialog.findChildren(QLabel)
        )
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not person.window.compare.showing


class TestByMouseAlone:
    def test_a_branch_is_chosen_and_its_differences_are_walked_by_clicks(
        self, person: Person
    ) -> None:
        two_futures(person)
        person.window.command_actions["compare"].trigger()
        dialog = person.window.findChild(ChooseOther)
        assert dialog is not None
        QTest.mouseClick(dialog.compare, Qt.MouseButton.LeftButton)
        view = view_of(person)
        QTest.mouseClick(view.button("first-difference"), Qt.MouseButton.LeftButton)
        for _ in range(7):
            QTest.mouseClick(view.button("next-difference"), Qt.MouseButton.LeftButton)
        assert beside(person).place == 8
        QApplication.processEvents()  # the page is laid out
        view.differences.scrollTo(view.differences.model().index(5, 0))
        row = view.differences.visualRect(view.differences.model().index(5, 0))
        QTest.mouseClick(view.differences.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
        assert beside(person).place == 6
        visible = [card for card in view.chain.cards if card.isVisible()]
        assert len(visible) > 1
        QTest.mouseClick(visible[-1].go, Qt.MouseButton.LeftButton)
        assert beside(person).place == 1
        QTest.mouseClick(view.button("compare"), Qt.MouseButton.LeftButton)
        assert not person.window.compare.showing

    def test_a_click_in_a_side_gives_it_the_focus_and_acts_go_there(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        canvas = pane(person, Kind.RIGHT).canvas
        picture = canvas.picture
        assert picture is not None
        sign = next(sign for sign in picture.servers if sign.id == 2)
        QTest.mouseClick(
            canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(sign.x), round(sign.y))
        )
        assert beside(person).focus is Kind.RIGHT
        assert person.selected_server() == 2
        person.choose("pause-server")
        hosts = [beside(person).moment(kind).state.hosts[2] for kind in BOTH]
        assert [host.status for host in hosts] == [Status.UP, Status.PAUSED]

    def test_it_is_seen_which_side_has_the_focus(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        tags = [pane(person, kind).findChildren(QLabel, "focus-tag") for kind in BOTH]
        assert [tag.isVisible() for (tag,) in tags] == [True, False]
        person.press("\\")
        assert [tag.isVisible() for (tag,) in tags] == [False, True]

    def test_dragging_on_one_timeline_moves_both(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        timeline = pane(person, Kind.RIGHT).timeline
        view_of(person).fit_all()
        gutter = timeline.gutter
        for share in (0.5, 0.2):
            x = round(gutter + share * timeline.scale.width)
            QTest.mousePress(timeline, Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
            QTest.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
            wanted = timeline.scale.time_us(x - gutter)
            assert time_us(person) == pytest.approx(wanted, abs=2 * timeline.scale.us_per_px)
        assert beside(person).focus is Kind.RIGHT

    def test_the_wheel_zooms_both_timelines(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        one, other = (pane(person, kind).timeline for kind in BOTH)
        before = one.scale
        middle = QPointF(one.width() / 2, one.height() / 2)
        event = QWheelEvent(
            middle, one.mapToGlobal(middle), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(one, event)
        assert one.scale.us_per_px < before.us_per_px
        assert other.scale == one.scale
        person.press("F")
        assert other.scale == one.scale

    def test_the_tree_offers_to_compare(self, person: Person) -> None:
        old, new = two_futures(person)
        actions = {a.text(): a for a in person.window.branches.branch_actions(new)}
        actions["Compare with it"].trigger()
        assert branches(person) == [old, new]
        assert not {a.text(): a for a in person.window.branches.branch_actions(old)}[
            "Compare with it"
        ].isEnabled()


class TestWhatIsShown:
    def test_servers_entries_and_events_that_differ_are_marked_on_both_sides(
        self, person: Person
    ) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        person.window.conductor.seek(ms(780))
        for kind in BOTH:
            one = pane(person, kind)
            assert len(list(one._server_marks.places())) >= 1
            assert "differs in" in one._differs.text()
        entries = [list(pane(person, kind)._entry_marks.places()) for kind in BOTH]
        assert len(entries[0]) == len(entries[1])

    def test_entries_of_one_side_only_are_marked_and_their_places_on_the_other(
        self, person: Person
    ) -> None:
        _, new = two_futures(person)
        conductor = person.window.conductor
        conductor.comparing.start(new)
        conductor.dispatch(acts.Request("x=7"))
        person.press("Space")
        person.wait(2.0, frames=20)
        person.press("Space")
        marked = [list(pane(person, kind)._entry_marks.places()) for kind in BOTH]
        assert marked[0]
        assert len(marked[0]) == len(marked[1])
        assert all(is_here for _, is_here in marked[0])
        assert not any(is_here for _, is_here in marked[1])
        assert [box for box, _ in marked[0]] == [box for box, _ in marked[1]]

    def test_before_the_parting_nothing_is_marked(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        person.window.conductor.seek(ms(300))
        for kind in BOTH:
            one = pane(person, kind)
            assert not list(one._server_marks.places())
            assert one._differs.text() == "the same on both sides"
        assert view_of(person)._heads[2].text() == "Nothing differs now"

    def test_the_parting_is_told_with_the_act_that_made_it(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        words = view_of(person)._parting.text()
        assert words.startswith("They part at 400.00 ms, event #")
        assert "you crashed" in words

    def test_a_branch_in_which_nobody_acted_yet_is_told_to_be_the_same(
        self, person: Person
    ) -> None:
        person.session.reach(ms(400), 10_000)
        person.session.seek(ms(300))
        old = person.session.branch
        person.press("N")
        person.window.compare.compare_with(old)
        assert "do not differ" in view_of(person)._parting.text()
        person.press("I")
        assert "do not differ" in person.window.statusBar().currentMessage()

    def test_what_is_painted_can_be_painted_in_the_dark(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        person.window.conductor.seek(ms(600))
        person.window.looks.wear(DARK)
        image = view_of(person).grab().toImage()
        assert image.pixelColor(4, 4).lightness() < 60

    def test_nothing_of_a_side_is_cut_off_in_a_small_window(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.resize(1280, 800)
        person.window.compare.compare_with(new)
        QApplication.processEvents()
        for kind in BOTH:
            one = pane(person, kind)
            for view in (one.canvas, one.logs, one.timeline):
                assert view.height() >= view.minimumSizeHint().height()
                assert one.rect().contains(view.geometry())
        assert person.window.width() <= 1280
        assert person.window.height() <= 800


class TestTwoSessions:
    def test_a_session_from_a_file_stands_beside_and_parts_at_the_first_event(
        self, person: Person
    ) -> None:
        two_futures(person)
        home = person.session
        person.window.compare.compare_with_file(str(shipped_scenarios()["leader-crashes"]))
        assert "They part at the first event" in view_of(person)._parting.text()
        time_us(person)
        person.press("\\")
        guest = person.session
        assert guest is not home
        count = len(home.history.branches)
        person.press("1")
        person.press("P")
        assert len(home.history.branches) == count
        assert person.window.conductor.undo_stack.canUndo()
        person.press("Esc")
        person.press("Esc")
        assert person.session is home

    def test_a_guest_s_acts_are_undone_in_the_guest(self, person: Person) -> None:
        two_futures(person)
        person.window.compare.compare_with_file(str(shipped_scenarios()["leader-crashes"]))
        person.press("\\")
        branch = person.session.branch
        person.press("3")
        person.press("P")
        assert person.session.branch is not branch
        person.press("Ctrl+Z")
        assert person.session.branch is branch

    def test_a_file_that_cannot_be_read_leaves_everything_as_it_is(
        self, person: Person, tmp_path: object
    ) -> None:
        person.window.compare.compare_with_file("/nowhere/at-all.raft")
        assert not person.window.compare.showing
        assert "Not opened" in person.window.statusBar().currentMessage()

    def test_another_session_that_is_opened_ends_the_comparison(self, person: Person) -> None:
        _, new = two_futures(person)
        person.window.compare.compare_with(new)
        person.window.conductor.open(Session.of_settings(Settings(seed=9)))
        assert not person.window.compare.showing
        assert person.window.docks["Logs"].isVisible()
