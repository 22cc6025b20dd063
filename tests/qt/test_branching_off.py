"""Opening branches from the timeline, and what it shows of branches and bookmarks."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from raftviz.picture.primitives import PickedMessage, PickedServer
from raftviz.qt.naming import Naming
from raftviz.qt.timeline_pull import Spot
from raftviz.qt.timeline_sheet import TimelineSheet
from raftviz.qt.timeline_signs import cursor_plate
from raftviz.qt.why_view import WhyView
from raftviz.session.bookmarks import add_bookmark
from raftviz.session.session import Session
from raftviz.sim.acts import Crash
from raftviz.sim.events import Acted
from raftviz.sim.history import FLIGHTS_PER_EVENT
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from tests.qt.desk import Person, at_window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    session = Session.of_settings(Settings(seed=4))
    session.step_to(lambda record: record.time_us >= ms(300))
    session.dispatch(Crash(2))
    session.step_to(lambda record: record.time_us >= ms(600))
    with at_window(qtbot, session) as somebody:
        somebody.window.conductor.seek(ms(450))
        somebody.window.grab()
        yield somebody


def sheet(person: Person) -> TimelineSheet:
    found = person.window.timeline._shown()
    assert found is not None
    return found


def place(person: Person, time_us: float, lane: int = 0) -> QPoint:
    shown = sheet(person)
    x = shown.style.gutter + shown.picture.scale.x(time_us)
    return QPoint(round(x), round(shown.picture.lanes.y(lane)))


def grip(person: Person) -> QPoint:
    shown = sheet(person)
    plate = cursor_plate(shown.picture, shown.style, person.session.time_us, grip=True)
    assert plate is not None
    assert plate.grip is not None
    return (plate.grip.center() + QPointF(shown.style.gutter, 0)).toPoint()


def drag(person: Person, *spots: QPoint, let_go: bool = True) -> None:
    view = person.window.timeline
    QTest.mousePress(view, LEFT, pos=spots[0])
    for before, after in pairwise(spots):
        for part in (0.3, 0.6, 1.0):
            spot = QPointF(before) + QPointF(after - before) * part
            event = QMouseEvent(
                QEvent.Type.MouseMove,
                spot,
                view.mapToGlobal(spot),
                Qt.MouseButton.NoButton,
                LEFT,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(view, event)
    if let_go:
        QTest.mouseRelease(view, LEFT, pos=spots[-1])


def ask(person: Person, spot: QPoint, reason: QContextMenuEvent.Reason | None = None) -> Spot:
    """Ask for the context menu at a place, and see what was meant; the menu is closed again."""
    asked: list[Spot] = []
    view = person.window.timeline
    view.context_wanted.connect(lambda meant, _: asked.append(meant))
    reason = reason or QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(view, QContextMenuEvent(reason, spot, view.mapToGlobal(spot)))
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    return asked[-1]


def choose(person: Person, spot: Spot, words: str) -> None:
    actions = person.window.branches.spot_actions(spot)
    next(action for action in actions if action.text().startswith(words)).trigger()


def crash(person: Person) -> int:
    """The number of the event of the crash."""
    records = person.session.history.root.records()
    return next(n for n, r in enumerate(records) if isinstance(r.event, Acted))


def crash_spot(person: Person) -> QPoint:
    """Where the crash of S2 is on its lane."""
    return place(person, person.session.history.root[crash(person)].time_us, 2)


def at_axis(person: Person, time_us: int) -> QPoint:
    """An instant, where nothing is that happened at it."""
    return QPoint(place(person, time_us).x(), round(sheet(person).picture.lanes.foot) + 8)


class TestPulling:
    def test_the_fork_at_the_cursor_is_pulled_to_where_the_branch_begins(
        self, person: Person
    ) -> None:
        drag(person, grip(person), QPoint(place(person, ms(200)).x(), grip(person).y()))
        session = person.session
        assert session.branch.name == "another future"
        assert session.branch.forked_us == pytest.approx(ms(200), abs=1_500)
        assert session.branch.parent is session.history.root

    def test_a_click_on_the_fork_opens_a_branch_at_the_cursor(self, person: Person) -> None:
        QTest.mouseClick(person.window.timeline, LEFT, pos=grip(person))
        assert person.session.branch.forked_us == ms(450)

    def test_while_one_pulls_it_says_where_the_branch_would_begin(self, person: Person) -> None:
        before = person.window.timeline.grab().toImage()
        drag(person, grip(person), place(person, ms(200), 5), let_go=False)
        pull = person.window.timeline._pull
        assert pull is not None
        assert pull.time_us == pytest.approx(ms(200), abs=1_500)
        assert person.window.timeline.grab().toImage() != before
        assert person.session.time_us == ms(450)
        QTest.mouseRelease(person.window.timeline, LEFT, pos=place(person, ms(200), 5))

    def test_esc_lets_go_and_nothing_is_opened(self, person: Person) -> None:
        person.press("3")
        drag(person, grip(person), place(person, ms(200), 5), let_go=False)
        QTest.keyClick(person.window.timeline, Qt.Key.Key_Escape)
        QTest.mouseRelease(person.window.timeline, LEFT, pos=place(person, ms(200), 5))
        assert len(person.session.history.visible) == 1
        assert person.selected_server() == 3

    def test_an_event_is_pulled_down_out_of_its_lane(self, person: Person) -> None:
        start = crash_spot(person)
        below = QPoint(start.x() + 6, round(sheet(person).picture.lanes.bottom) + 8)
        drag(person, start, below)
        assert person.session.branch.number == 1
        assert person.session.branch.fork == crash(person) + 1

    def test_an_event_that_is_not_pulled_far_enough_is_left(self, person: Person) -> None:
        start = crash_spot(person)
        drag(person, start, start + QPoint(0, 20))
        assert len(person.session.history.visible) == 1
        assert person.session.time_us == ms(450)

    def test_dragging_sideways_still_rewinds(self, person: Person) -> None:
        drag(person, place(person, ms(400), 0), place(person, ms(250), 0))
        assert person.session.time_us == pytest.approx(ms(250), abs=1_500)
        assert len(person.session.history.visible) == 1

    def test_what_was_opened_is_undone_by_one_key(self, person: Person) -> None:
        drag(person, grip(person), QPoint(place(person, ms(200)).x(), grip(person).y()))
        person.press("Ctrl+Z")
        assert len(person.session.history.visible) == 1
        assert person.session.branch is person.session.history.root

    def test_it_says_how(self, person: Person) -> None:
        assert "pull the fork at the cursor" in sheet(person).hint
        words = person.window.timeline.words_at(QPointF(grip(person)))
        assert words.startswith("Open a branch here")
        assert "Esc" in words


class TestTheContextMenu:
    def test_at_an_instant_one_goes_branches_off_or_marks(self, person: Person) -> None:
        spot = ask(person, at_axis(person, ms(220)))
        assert spot.event is None
        choose(person, spot, "Go here")
        assert person.session.time_us == pytest.approx(ms(220), abs=1_500)
        choose(person, spot, "Open a branch here")
        assert person.session.branch.number == 1
        assert person.session.branch.forked_us == spot.time_us

    def test_at_an_event_it_is_the_event_that_is_meant(self, person: Person) -> None:
        spot = ask(person, crash_spot(person))
        assert spot.event == crash(person)
        assert spot.words.startswith("you crashed S2")
        choose(person, spot, "Open a branch here")
        assert person.session.branch.fork == crash(person) + 1

    def test_a_bookmark_is_set_there(self, person: Person) -> None:
        choose(person, ask(person, crash_spot(person)), "Bookmark here")
        form = next(d for d in person.window.findChildren(Naming) if d.isVisible())
        QTest.keyClick(form.name, Qt.Key.Key_Return)
        (bookmark,) = person.session.bookmarks
        assert bookmark.count == crash(person) + 1

    def test_the_menu_key_means_the_cursor(self, person: Person) -> None:
        spot = ask(person, QPoint(0, 0), QContextMenuEvent.Reason.Keyboard)
        assert (spot.time_us, spot.event) == (ms(450), None)


class TestElsewhere:
    def test_a_message_has_a_branch_where_it_was_sent(self, person: Person) -> None:
        while not person.state.flights:
            person.press("Right")
        person.press("M")
        sent = person.selected_message()
        assert sent is not None
        actions = {a.text(): a for a in person.window.context_actions(PickedMessage(sent))}
        actions["Open a branch where it was sent"].trigger()
        assert person.session.branch.fork == sent // FLIGHTS_PER_EVENT + 1

    def test_what_is_walked_in_why_offers_a_branch_at_its_event(self, person: Person) -> None:
        person.window.conductor.seek_event(crash(person))
        person.press("Q")
        QApplication.processEvents()
        view = person.window.later["Why"].view
        assert isinstance(view, WhyView)
        asked: list[int] = []
        view.context_wanted.connect(lambda number, _: asked.append(number))
        at = view.present.mapTo(view, QPoint(8, 8))
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))
        QApplication.sendEvent(view, event)
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        actions = {action.text(): action for action in popup.actions()}
        popup.close()
        assert asked == [crash(person)]
        actions["Open a branch here"].trigger()
        assert person.session.branch.fork == crash(person) + 1

    def test_the_inspector_tells_the_branch_and_what_is_noted_here(self, person: Person) -> None:
        conductor = person.window.conductor
        inspector = person.window.inspector
        conductor.edit(lambda: add_bookmark(person.session, "here", "look at S3"))
        bookmark = inspector.value_of("bookmark")
        assert bookmark is not None
        assert bookmark.text() == "here: look at S3"
        assert inspector.value_of("branch") is None
        person.press("N")
        branch = inspector.value_of("branch")
        assert branch is not None
        assert branch.text() == "another future"
        person.press("Left")
        assert inspector.value_of("bookmark") is None

    def test_the_picture_offers_a_branch_and_a_bookmark(self, person: Person) -> None:
        for picked in (None, PickedServer(3)):
            names = [action.objectName() for action in person.window.context_actions(picked)]
            assert names[-2:] == ["open-branch", "bookmark"]

    def test_a_command_outlives_the_menus_it_stands_in(self, person: Person) -> None:
        for _ in range(2):
            person.window.branches._show_bookmark_menu(None, QPoint(0, 0))
            popup = QApplication.activePopupWidget()
            assert popup is not None
            popup.close()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        person.press("Ctrl+D")
        assert [d for d in person.window.findChildren(Naming) if d.isVisible()]

    def test_what_is_on_the_timeline_can_be_read_out_and_pressed(self, person: Person) -> None:
        conductor = person.window.conductor
        conductor.edit(lambda: add_bookmark(person.session, "here", "look at S3"))
        conductor.seek(ms(200))
        person.press("N")
        things = {thing.name: thing for thing in person.window.timeline.accessible_things()}
        assert set(things) == {"Branch “main” goes on without this one at 200.00 ms"}
        next(iter(things.values())).press()
        things = {thing.name: thing for thing in person.window.timeline.accessible_things()}
        assert "Bookmark “here” at 450.00 ms" in things
        assert things["Bookmark “here” at 450.00 ms"].more == "look at S3"
        act = next(thing for name, thing in things.items() if name.startswith("you crashed S2"))
        act.press()
        assert person.session.count == crash(person) + 1


class TestWhatItShows:
    def test_another_branch_is_a_track_and_a_click_looks_at_it(self, person: Person) -> None:
        person.window.conductor.seek(ms(200))
        person.press("N")
        (track,) = sheet(person).picture.tracks.tracks
        assert track.name == "main"
        label = track.label
        spot = QPoint(round(sheet(person).style.gutter + label.x + 4), round(track.y))
        assert "Click to look at it" in person.window.timeline.words_at(QPointF(spot))
        assert ask(person, spot).branch is person.session.history.root
        QTest.mouseClick(person.window.timeline, LEFT, pos=spot)
        assert person.session.branch is person.session.history.root
        assert person.session.time_us == ms(200)

    def test_a_bookmark_is_a_flag_and_a_click_goes_there(self, person: Person) -> None:
        conductor = person.window.conductor
        conductor.edit(lambda: add_bookmark(person.session, "here", "look at S3"))
        conductor.seek(ms(200))
        (flag,) = sheet(person).picture.flags.flags
        spot = QPoint(
            round(sheet(person).style.gutter + flag.x + 4),
            round(sheet(person).picture.lanes.top - 8),
        )
        assert person.window.timeline.words_at(QPointF(spot)) == "“here” at 450.00 ms\nlook at S3"
        assert len(ask(person, spot).marked) == 1
        QTest.mouseClick(person.window.timeline, LEFT, pos=spot)
        assert person.session.time_us == ms(450)

    def test_another_name_is_shown_at_once(self, person: Person) -> None:
        person.window.conductor.seek(ms(200))
        person.press("N")
        root = person.session.history.root
        person.window.branches._rename_to(root, "the plan")
        assert [track.name for track in sheet(person).picture.tracks.tracks] == ["the plan"]

    def test_an_undone_act_leaves_no_trace(self, person: Person) -> None:
        person.press("End")
        person.press("3")
        person.press("K")
        person.press("Ctrl+Z")
        shown = sheet(person).picture
        assert shown.tracks.tracks == ()
        assert shown.forks == ()
        assert shown.flags.begins == ()

    def test_those_without_room_are_counted_and_the_tree_shows_them(self, person: Person) -> None:
        for time in range(200, 440, 20):
            person.session.switch(person.session.history.root)
            person.window.conductor.seek(ms(time))
            person.window.conductor.open_branch()
        shown = sheet(person)
        assert shown.picture.tracks.more > 0
        spot = QPoint(round(shown.style.gutter) - 12, round(shown.picture.lanes.track_rows[-1]))
        before = person.session.cursor
        assert person.window.timeline.words_at(QPointF(spot)) == "Show all branches"
        QTest.mouseClick(person.window.timeline, LEFT, pos=spot)
        QApplication.processEvents()
        panel = person.window.branches.panel
        assert panel is not None
        assert panel.isVisible()
        assert person.session.cursor == before
