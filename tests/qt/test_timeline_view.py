"""The timeline under somebody's hands."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from raftviz.picture.theme import DARK, LIGHT
from raftviz.picture.timeline import arrows, legs_in
from raftviz.picture.timeline_index import index_of
from raftviz.qt.timeline import TimelineView
from raftviz.qt.timeline_chart import Chart
from raftviz.qt.timeline_style import Style
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.history import Moment
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.world import World, begin

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


@pytest.fixture
def world() -> World:
    world = World.at(begin(Settings(requests_us=ms(80))))
    world.run_until(ms(300))
    perform(world, acts.Crash("leader"))
    world.run_until(ms(400))
    return world


@pytest.fixture
def view(qtbot: QtBot, world: World) -> TimelineView:
    view = TimelineView()
    qtbot.addWidget(view)
    view.resize(1_600, 220)
    with qtbot.waitExposed(view):
        view.show()
    view.show_moment(now(world))
    return view


def now(world: World) -> Moment:
    return Moment(world.history, world.branch, len(world.branch), world.time_us)


def at(world: World, time_us: int) -> Moment:
    return Moment(world.history, world.branch, world.branch.count_at(time_us), time_us)


def gutter(view: TimelineView) -> float:
    return Style.of(LIGHT, view.font(), titled=True).gutter


def place(view: TimelineView, time_us: float, lane: int = 0) -> QPoint:
    lanes = Style.of(LIGHT, view.font(), titled=True).lanes(5, view.height())
    return QPoint(round(gutter(view) + view.scale.x(time_us)), round(lanes.y(lane)))


def grabbed(view: TimelineView) -> QImage:
    return view.grab().toImage()


def turn(view: TimelineView, x: float, notches: float, *, shift: bool = False) -> None:
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        QPointF(x, 100),
        view.mapToGlobal(QPointF(x, 100)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def move(view: TimelineView, spot: QPoint, held: Qt.MouseButton) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(spot),
        view.mapToGlobal(QPointF(spot)),
        Qt.MouseButton.NoButton,
        held,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)


def arrow_spot(view: TimelineView, world: World) -> tuple[int, QPoint]:
    """The flight and the middle of some arrow that is alone."""
    index = index_of(world.history, world.branch, {})
    lanes = Style.of(LIGHT, view.font(), titled=True).lanes(5, view.height())
    rows = legs_in(index, 0, ms(290), world.time_us)
    some = arrows(index, rows, view.scale, lanes, world.time_us)
    row = int(np.flatnonzero(index.legs.column("source")[rows] == 0)[0])
    x, y = (some.x0[row] + some.x1[row]) / 2, (some.y0[row] + some.y1[row]) / 2
    flight = index.legs.value(int(rows[row]), "id")
    return flight, QPoint(round(gutter(view) + float(x)), round(float(y)))


def test_it_paints_before_anything_is_shown(qtbot: QtBot) -> None:
    view = TimelineView()
    qtbot.addWidget(view)

    assert not view.grab().isNull()


def test_a_click_on_empty_ground_asks_for_that_instant(qtbot: QtBot, view: TimelineView) -> None:
    with qtbot.waitSignal(view.seek_wanted) as asked:
        QTest.mouseClick(view, LEFT, pos=QPoint(place(view, ms(60)).x(), 205))

    assert asked.args[0] == pytest.approx(ms(60), abs=1_000)


def test_dragging_scrubs(view: TimelineView) -> None:
    asked: list[int] = []
    view.seek_wanted.connect(asked.append)
    QTest.mousePress(view, LEFT, pos=QPoint(place(view, ms(60)).x(), 205))
    for time in (80, 100, 120):
        move(view, QPoint(place(view, ms(time)).x(), 205), LEFT)
    QTest.mouseRelease(view, LEFT, pos=QPoint(place(view, ms(120)).x(), 205))

    assert asked == pytest.approx([ms(60), ms(80), ms(100), ms(120)], abs=1_000)


def test_nobody_is_taken_beyond_the_simulated_end(qtbot: QtBot, view: TimelineView) -> None:
    with qtbot.waitSignal(view.seek_wanted) as asked:
        QTest.mouseClick(view, LEFT, pos=QPoint(view.width() - 5, 205))

    assert asked.args == [ms(400)]


def test_an_instant_of_more_than_32_bits_arrives_whole(view: TimelineView) -> None:
    heard: list[int] = []
    view.seek_wanted.connect(heard.append)
    view.message_picked.connect(heard.append)
    view.seek_wanted.emit(1 << 40)
    view.message_picked.emit(1 << 41)

    assert heard == [1 << 40, 1 << 41]


def test_a_click_on_an_arrow_picks_its_message(
    qtbot: QtBot, view: TimelineView, world: World
) -> None:
    flight, spot = arrow_spot(view, world)
    with qtbot.waitSignal(view.message_picked) as picked, qtbot.assertNotEmitted(view.seek_wanted):
        QTest.mouseClick(view, LEFT, pos=spot)

    assert picked.args == [flight]


def test_a_click_on_an_act_picks_its_event(qtbot: QtBot, view: TimelineView, world: World) -> None:
    number = next(
        n for n, r in enumerate(world.branch.records()) if type(r.event).__name__ == "Acted"
    )
    with qtbot.waitSignal(view.event_picked) as picked:
        QTest.mouseClick(view, LEFT, pos=place(view, ms(300), world.branch[number].part))

    assert picked.args == [number]


def test_pointing_at_a_message_tells_about_it(view: TimelineView, world: World) -> None:
    _, spot = arrow_spot(view, world)

    assert view.words_at(QPointF(spot)).startswith("ClientRequest C1 → S")


def test_pointing_at_a_lane_tells_what_the_server_is(view: TimelineView) -> None:
    assert view.words_at(QPointF(place(view, ms(20), 3))).startswith("S3: follower in term 0")


def test_the_wheel_zooms_about_the_pointer(view: TimelineView) -> None:
    before = view.scale
    x = 400 - gutter(view)
    turn(view, 400, 2)

    assert view.scale.us_per_px < before.us_per_px
    assert view.scale.time_us(x) == pytest.approx(before.time_us(x))


def test_shift_and_the_wheel_pan(view: TimelineView) -> None:
    before = view.scale
    turn(view, 400, -1, shift=True)

    assert view.scale.start_us > before.start_us
    assert view.scale.us_per_px == before.us_per_px


def test_the_middle_button_pans(view: TimelineView) -> None:
    before = view.scale
    QTest.mousePress(view, MIDDLE, pos=QPoint(500, 100))
    move(view, QPoint(400, 100), MIDDLE)
    QTest.mouseRelease(view, MIDDLE, pos=QPoint(400, 100))

    assert view.scale.start_us == pytest.approx(before.start_us + 100 * before.us_per_px)


def test_a_double_click_shows_all(view: TimelineView) -> None:
    turn(view, 400, 8)
    QTest.mouseDClick(view, LEFT, pos=QPoint(300, 205))

    assert view.scale.x(0) >= 0
    assert view.scale.x(ms(400)) <= view.scale.width


def test_zoom_stays_when_time_goes_on(view: TimelineView, world: World) -> None:
    turn(view, 400, 3)
    closeness = view.scale.us_per_px
    world.run_until(ms(900))
    view.show_moment(now(world))

    assert view.scale.us_per_px == closeness


def test_the_cursor_is_kept_in_view(view: TimelineView, world: World) -> None:
    for time in range(400, 2_000, 16):
        world.run_until(ms(time))
        view.show_moment(now(world))

        assert 0 <= view.scale.x(ms(time)) <= view.scale.width


def test_looking_elsewhere_is_left_alone_while_time_goes_on(
    view: TimelineView, world: World
) -> None:
    world.run_until(ms(3_000))
    view.show_moment(now(world))
    turn(view, 400, 30, shift=True)
    elsewhere = view.scale
    world.run_until(ms(3_016))
    view.show_moment(now(world))

    assert view.scale is elsewhere


def test_a_jump_brings_the_cursor_back_into_view(view: TimelineView, world: World) -> None:
    world.run_until(ms(3_000))
    view.show_moment(now(world))
    view.show_moment(at(world, ms(50)))

    assert 0 <= view.scale.x(ms(50)) <= view.scale.width


def test_a_moment_that_changed_nothing_keeps_the_chart(view: TimelineView, world: World) -> None:
    grabbed(view)
    kept = view._sheet  # that nothing is painted anew has no other sign
    view.show_moment(at(world, ms(390)))

    assert view._sheet is kept


def test_another_branch_can_be_shown(view: TimelineView, world: World) -> None:
    other = World.at(world.history, world.branch, count=40)
    perform(other, acts.Crash(3))
    other.run_until(ms(500))
    view.show_moment(now(other))

    assert view.words_at(QPointF(place(view, ms(470), 3))).startswith("S3 is down")


def test_a_broken_rule_is_red(view: TimelineView) -> None:
    red = QColor(LIGHT.broken)
    spot = place(view, ms(350), 1)
    before = grabbed(view).pixelColor(spot.x(), spot.y() - 12)
    view.set_violations([(ms(350), (1, 2), "election_safety")])
    after = grabbed(view).pixelColor(spot.x(), spot.y() - 12)

    assert before != after
    assert after.red() > 150 > after.green()
    assert abs(after.hue() - red.hue()) < 20


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_theme_colours_the_ground(view: TimelineView, theme: object) -> None:
    view.set_theme(theme)  # type: ignore[arg-type]

    assert grabbed(view).pixelColor(3, 130).name().upper() == theme.surface  # type: ignore[attr-defined]


def test_focus_can_be_seen(qtbot: QtBot, view: TimelineView) -> None:
    view.clearFocus()
    without = grabbed(view)
    view.setFocus()
    view.activateWindow()
    qtbot.waitUntil(view.hasFocus)

    assert grabbed(view) != without


def test_left_and_right_are_left_to_the_window(qtbot: QtBot, view: TimelineView) -> None:
    before = view.scale
    with qtbot.assertNotEmitted(view.seek_wanted):
        QTest.keyClick(view, Qt.Key.Key_Left)

    assert view.scale is before


def test_it_says_what_it_is(view: TimelineView) -> None:
    assert view.accessibleName() == "Timeline"
    assert view.accessibleDescription()


def test_a_larger_font_makes_larger_room(view: TimelineView) -> None:
    narrow = gutter(view)
    font = view.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    view.setFont(font)

    assert gutter(view) > 1.5 * narrow
    assert view.scale.width == pytest.approx(view.width() - gutter(view))


def test_broken_rules_told_before_their_run_is_shown_are_kept(view: TimelineView) -> None:
    fresh = World.at(begin(Settings(seed=2)))
    fresh.run_until(ms(400))
    view.set_violations([(ms(350), (1, 2), "election_safety")])
    view.show_moment(now(fresh))
    spot = place(view, ms(350), 1)
    colour = grabbed(view).pixelColor(spot.x(), spot.y() - 12)

    assert colour.red() > 150 > colour.green()


def test_all_of_a_run_that_has_not_begun_has_room_for_an_election(view: TimelineView) -> None:
    view.show_moment(now(World.at(begin(Settings(seed=2)))))
    view.fit_all()

    assert view.scale.x(0) >= 0
    assert view.scale.end_us > ms(400)


def test_what_shows_all_shows_all_in_another_width(view: TimelineView, world: World) -> None:
    world.run_until(ms(5_000))
    view.show_moment(now(world))
    view.fit_all()
    view.resize(700, 220)

    assert view.scale.x(0) >= 0
    assert view.scale.width * 0.9 < view.scale.x(ms(5_000)) <= view.scale.width


# What is carried on


def fresh(qtbot: QtBot, view: TimelineView, moment: Moment) -> QImage:
    """What a view that has never been looked at before shows at the same place."""
    other = TimelineView()
    qtbot.addWidget(other)
    other.resize(view.size())
    with qtbot.waitExposed(other):
        other.show()
    other.show_moment(moment)
    other._look(view.scale)
    image = grabbed(other)
    other.close()
    return image


def largest_difference(one: QImage, other: QImage) -> int:
    """Of any channel of any pixel, up to 255.

    Not at the edges: there a frame shows who has the focus, and Qt's dashes begin anew at the clip.
    """
    first, second = (
        np.frombuffer(image.constBits(), np.uint8)
        .reshape(image.height(), image.width(), 4)[5:-5, 110:-5]
        .astype(int)
        for image in (one, other)
    )
    return int(np.abs(first - second).max())


@pytest.mark.parametrize("seed", [1, 5])
def test_a_chart_that_is_carried_on_is_the_chart_painted_at_once(qtbot: QtBot, seed: int) -> None:
    world = World.at(begin(Settings(seed=seed, requests_us=ms(30), loss=0.05)))
    view = TimelineView()
    qtbot.addWidget(view)
    view.resize(900, 220)
    with qtbot.waitExposed(view):
        view.show()
    happens: dict[int, acts.Act] = {
        30: acts.Crash("leader"),
        45: acts.Restart(1),
        60: acts.Pause(2),
        75: acts.Resume(2),
    }
    painted = 0
    for frame in range(130):
        if frame in happens:
            perform(world, happens[frame])
        world.run_until(world.time_us + 1 + 3_700 * (1 + frame % 3))
        view.show_moment(now(world))
        image = grabbed(view)
        if frame % 9 == 8:
            painted += 1
            assert largest_difference(image, fresh(qtbot, view, now(world))) < 24, frame
    assert painted > 10
    assert view.scale.start_us > ms(200)


def test_a_frame_of_a_playing_run_paints_only_the_end_of_the_chart(
    view: TimelineView, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    grabbed(view)
    begins: list[float] = []
    carry_on = Chart.carry_on

    def noted(*args: object) -> float:
        begins.append(carry_on(*args))  # type: ignore[arg-type]
        return begins[-1]

    monkeypatch.setattr(Chart, "carry_on", noted)
    for _ in range(5):
        world.run_until(world.time_us + 800)
        view.show_moment(now(world))
        grabbed(view)
    assert len(begins) == 5
    assert min(begins) > 0.5 * view.scale.width


def test_where_messages_are_too_dense_to_tell_apart_time_still_passes(
    view: TimelineView, world: World
) -> None:
    world.run_until(ms(20_000))
    view.show_moment(now(world))
    view.fit_all()
    assert "messages in view" in view._shown().hint  # type: ignore[union-attr]
    world.run_until(ms(20_040))
    view.show_moment(now(world))

    image = grabbed(view)
    column = {image.pixel(600, y) for y in range(40, 190)}
    assert len(column) > 5
