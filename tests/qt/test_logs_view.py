"""The grid of logs under somebody's hands."""

import time

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from raftviz.picture.logs_grid import LogGrid
from raftviz.picture.theme import DARK, LIGHT, Theme
from raftviz.qt.logs import LogsView
from raftviz.qt.logs_style import LogStyle
from raftviz.raft.log import Log
from raftviz.raft.server import Persistent
from raftviz.sim.history import Moment
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.world import World, begin

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def world() -> World:
    world = World.at(begin(Settings(requests_us=ms(40))))
    world.run_until(ms(2_000))
    return world


@pytest.fixture
def view(qtbot: QtBot, world: World) -> LogsView:
    view = LogsView()
    qtbot.addWidget(view)
    view.resize(800, 180)
    with qtbot.waitExposed(view):
        view.show()
    view.show_moment(now(world))
    return view


def now(world: World) -> Moment:
    return Moment(world.history, world.branch, len(world.branch), world.time_us)


def grid(view: LogsView) -> LogGrid:
    size = view.viewport().size()
    scroll = float(view.horizontalScrollBar().value())
    made = LogStyle.of(LIGHT, view.font(), titled=True).grid(5, size.width(), size.height())
    return LogGrid(
        made.left, made.top, made.column, made.pitch, made.marks, made.width, made.height, scroll
    )


def spot(view: LogsView, row: int, index: int) -> QPoint:
    where = grid(view)
    return QPoint(round(where.x(index) + where.column / 2), round(where.y(row) + 8))


def turn(view: LogsView, notches: int) -> None:
    place = QPointF(300, 90)
    event = QWheelEvent(
        place,
        view.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def in_view(view: LogsView, index: int) -> bool:
    where = grid(view)
    return where.left <= where.x(index) and where.x(index + 1) <= where.width


def test_it_paints_before_anything_is_shown(qtbot: QtBot) -> None:
    view = LogsView()
    qtbot.addWidget(view)

    assert not view.grab().isNull()


def test_the_newest_entry_is_in_view(view: LogsView, world: World) -> None:
    assert in_view(view, max(h.server.log.last_index for h in world.hosts.values()))


def test_the_newest_stays_in_view_as_entries_come(view: LogsView, world: World) -> None:
    for until in range(2_000, 3_000, 100):
        world.run_until(ms(until))
        view.show_moment(now(world))

        assert in_view(view, max(h.server.log.last_index for h in world.hosts.values()))


def test_scrolling_back_stays_back(view: LogsView, world: World) -> None:
    turn(view, 3)
    there = view.horizontalScrollBar().value()
    world.run_until(ms(3_000))
    view.show_moment(now(world))

    assert not view.follows
    assert view.horizontalScrollBar().value() == there


def test_the_end_key_takes_following_up_again(view: LogsView) -> None:
    turn(view, 3)
    QTest.keyClick(view, Qt.Key.Key_End)

    assert view.follows
    assert view.horizontalScrollBar().value() == view.horizontalScrollBar().maximum()


def test_a_button_takes_following_up_again(view: LogsView) -> None:
    button = view.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    assert not button.isVisible()
    turn(view, 3)
    assert button.isVisible()
    QTest.mouseClick(button, LEFT)

    assert view.follows
    assert not button.isVisible()


def test_scrolling_to_the_end_takes_following_up_again(view: LogsView) -> None:
    turn(view, 2)
    turn(view, -9)

    assert view.follows


def test_a_click_on_an_entry_picks_it(qtbot: QtBot, view: LogsView) -> None:
    index = grid(view).columns[0] + 2
    with qtbot.waitSignal(view.entry_picked) as picked:
        QTest.mouseClick(view.viewport(), LEFT, pos=spot(view, 2, index))

    assert picked.args == [3, index, 1]


def test_a_click_on_a_name_picks_the_server(qtbot: QtBot, view: LogsView) -> None:
    with qtbot.waitSignal(view.server_picked) as picked:
        QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(20, spot(view, 3, 1).y()))

    assert picked.args == [4]


def test_the_down_key_chooses_the_next_server(qtbot: QtBot, view: LogsView) -> None:
    view.set_selected(2)
    with qtbot.waitSignal(view.server_picked) as picked:
        QTest.keyClick(view, Qt.Key.Key_Down)

    assert picked.args == [3]


def test_pointing_at_an_entry_tells_about_it(view: LogsView) -> None:
    index = grid(view).columns[0] + 1
    words = view.words_at(QPointF(spot(view, 0, index)))

    assert words.startswith(f"entry {index}, term 1, ")
    assert "committed on S1" in words
    assert words.endswith("on disk")


def test_pointing_at_a_name_tells_about_the_server(view: LogsView) -> None:
    words = view.words_at(QPointF(20, spot(view, 0, 1).y()))

    assert words.startswith("S1: ")
    assert "commit_index" in words


def test_selecting_a_server_shows(view: LogsView) -> None:
    before = view.grab().toImage()
    view.set_selected(2)

    assert view.grab().toImage() != before


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_theme_colours_the_ground(view: LogsView, theme: Theme) -> None:
    view.set_theme(theme)

    assert view.viewport().grab().toImage().pixelColor(3, 60).name().upper() == theme.surface


def test_focus_can_be_seen(qtbot: QtBot, view: LogsView) -> None:
    view.clearFocus()
    without = view.grab().toImage()
    view.setFocus()
    view.activateWindow()
    qtbot.waitUntil(view.hasFocus)

    assert view.grab().toImage() != without


def test_it_says_what_it_is_and_who_leads(view: LogsView) -> None:
    assert view.accessibleName() == "Logs"
    assert "leads; commit index" in view.accessibleDescription()


def test_left_and_right_are_left_to_the_window(view: LogsView) -> None:
    there = view.horizontalScrollBar().value()
    QTest.keyClick(view, Qt.Key.Key_Left)

    assert view.horizontalScrollBar().value() == there


def test_a_hundred_thousand_entries_are_shown_as_quickly_as_ten(qtbot: QtBot) -> None:
    log = Log.of_terms(*([1] * 100_000))
    start = {server: Persistent(1, 0, log) for server in range(1, 6)}
    world = World.at(begin(Settings(start=start)))
    world.run_until(ms(500))
    view = LogsView()
    qtbot.addWidget(view)
    view.resize(800, 180)
    with qtbot.waitExposed(view):
        view.show()
    view.show_moment(now(world))
    began = time.perf_counter()
    for _ in range(10):
        view.viewport().grab()

    # Some 3 ms a frame on two slow cores; what would walk over the entries takes a second.
    assert time.perf_counter() - began < 0.5
    assert in_view(view, 100_001)


def test_going_to_an_entry_shows_it_in_the_middle_and_stays_there(
    view: LogsView, world: World
) -> None:
    view.go_to(20)
    world.run_until(ms(3_000))
    view.show_moment(now(world))

    assert not view.follows
    assert in_view(view, 20)
    assert grid(view).x(20) == pytest.approx(view.viewport().width() / 2, abs=150)


def test_a_button_asks_for_the_index(view: LogsView) -> None:
    QTest.mouseClick(view.going.button, LEFT)
    QTest.keyClicks(view.going.field, "7")
    QTest.keyClick(view.going.field, Qt.Key.Key_Return)

    assert in_view(view, 7)
    assert not view.follows
    assert view.going.button.isVisible()


def test_an_index_that_is_too_high_goes_to_the_last(view: LogsView, world: World) -> None:
    view.ask_entry()
    QTest.keyClicks(view.going.field, "99999999999999999999")
    QTest.keyClick(view.going.field, Qt.Key.Key_Return)

    assert in_view(view, max(h.server.log.last_index for h in world.hosts.values()))


@pytest.mark.parametrize("typed", ["", "abc", "²"])
def test_what_is_no_index_changes_nothing(view: LogsView, typed: str) -> None:
    before = view.horizontalScrollBar().value()
    view.ask_entry()
    view.going.field.setText(typed)
    QTest.keyClick(view.going.field, Qt.Key.Key_Return)

    assert view.horizontalScrollBar().value() == before
    assert view.follows


def test_escape_closes_the_field(view: LogsView) -> None:
    view.ask_entry()
    QTest.keyClick(view.going.field, Qt.Key.Key_Escape)

    assert view.going.button.isVisible()
    assert view.follows
