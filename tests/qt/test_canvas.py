"""The canvas, used as a person uses it: looked at, pointed at, clicked, drawn on, walked by keys."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from raftviz.picture.geometry import text_width
from raftviz.picture.primitives import PickedClient, PickedLink, PickedMessage, PickedServer
from raftviz.picture.theme import THEMES
from raftviz.qt.canvas import ClusterCanvas
from raftviz.qt.painting import Painter
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.units import ms
from raftviz.sim.world import World
from tests.picture.scenes import election, leader, loss, now, quiet, step_until, world


@pytest.fixture
def seen() -> World:
    """A cluster with a leader and messages in flight."""
    made = quiet()
    made.run_until(made.time_us + ms(3))
    return made


@pytest.fixture
def canvas(qtbot: QtBot, seen: World) -> ClusterCanvas:
    """A canvas that shows it."""
    return shown(qtbot, seen)


def shown(qtbot: QtBot, seen: World) -> ClusterCanvas:
    canvas = ClusterCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(780, 640)
    canvas.show_picture(now(seen), seen.time_us)
    with qtbot.waitExposed(canvas):
        canvas.show()
    return canvas


def server_at(canvas: ClusterCanvas, number: int) -> QPoint:
    assert canvas.picture is not None
    sign = canvas.picture.server(number)
    return QPointF(sign.x, sign.y).toPoint()


def image_of(canvas: ClusterCanvas, ratio: float = 1.0) -> QImage:
    image = QImage(canvas.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    canvas.render(image)
    return image


def colours(image: QImage) -> set[int]:
    return {
        image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
    }


# Looking


@pytest.mark.parametrize("theme", sorted(THEMES))
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_it_paints_in_every_theme_at_every_pixel_ratio(
    canvas: ClusterCanvas, theme: str, ratio: float
) -> None:
    canvas.set_theme(THEMES[theme])
    assert len(colours(image_of(canvas, ratio))) > 20


def test_it_paints_nothing_but_its_ground_before_the_first_moment(qtbot: QtBot) -> None:
    canvas = ClusterCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(300, 200)
    assert len(colours(image_of(canvas))) == 1


@pytest.mark.parametrize("servers", [1, 2, 3, 4, 9, 13, 50])
def test_it_paints_clusters_of_every_size(qtbot: QtBot, servers: int) -> None:
    canvas = shown(qtbot, world(servers, until_ms=500, requests_us=ms(30)))
    assert len(colours(image_of(canvas))) > 5


def test_it_paints_an_election_a_crash_a_pause_cuts_and_a_broken_property(qtbot: QtBot) -> None:
    seen = election()
    perform(seen, acts.Pause(4))
    perform(seen, acts.Partition(((1, 2), (3, 4, 5))))
    perform(seen, acts.Cut(1, 2))
    canvas = shown(qtbot, seen)
    canvas.set_broken({1: "Leader Completeness"})
    canvas.set_highlighted(frozenset({PickedServer(2)}))
    assert len(colours(image_of(canvas))) > 20


def test_it_paints_what_was_lost(qtbot: QtBot) -> None:
    seen, _ = loss()
    canvas = shown(qtbot, seen)
    canvas.show_picture(now(seen), seen.time_us + 5_000.0)
    assert len(colours(image_of(canvas))) > 20


def test_a_later_instant_is_another_picture(canvas: ClusterCanvas, seen: World) -> None:
    before = image_of(canvas)
    canvas.show_picture(now(seen), seen.time_us + 400.0)
    assert image_of(canvas) != before


def test_the_same_instant_is_the_same_picture(canvas: ClusterCanvas, seen: World) -> None:
    before = image_of(canvas)
    canvas.show_picture(now(seen), float(seen.time_us))
    assert image_of(canvas) == before


def test_the_painter_is_kept_from_frame_to_frame(canvas: ClusterCanvas) -> None:
    image_of(canvas)
    kept = canvas._painter
    image_of(canvas)
    assert isinstance(kept, Painter)
    assert canvas._painter is kept


def test_another_font_is_another_painter(canvas: ClusterCanvas) -> None:
    image_of(canvas)
    kept = canvas._painter
    canvas.setFont(QFont("Monospace"))
    image_of(canvas)
    assert canvas._painter is not kept


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(
    "words", ["candidate · 2 of 3 votes", "follower", "disk: 99 entries", "x=17 · try 2", "leader"]
)
def test_words_fit_into_the_room_that_is_kept_for_them(
    canvas: ClusterCanvas, words: str, bold: bool
) -> None:
    font = QFont(canvas.font())
    font.setPixelSize(16)
    font.setBold(bold)
    assert QFontMetricsF(font).horizontalAdvance(words) <= text_width(words, 16, bold=bold)


def test_it_tells_screen_readers_who_leads(canvas: ClusterCanvas, seen: World) -> None:
    assert f"S{leader(seen)} leads" in canvas.accessibleDescription()


# Pointing


def test_clicking_a_server_picks_it(qtbot: QtBot, canvas: ClusterCanvas) -> None:
    with qtbot.waitSignal(canvas.picked) as picked:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=server_at(canvas, 3))
    assert picked.args == [PickedServer(3)]


def test_clicking_a_message_picks_it(qtbot: QtBot, canvas: ClusterCanvas) -> None:
    assert canvas.picture is not None
    sign = canvas.picture.messages[0]
    with qtbot.waitSignal(canvas.picked) as picked:
        where = QPointF(sign.x, sign.y).toPoint()
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=where)
    assert picked.args == [PickedMessage(sign.id)]


def test_clicking_a_client_picks_it(qtbot: QtBot, canvas: ClusterCanvas) -> None:
    assert canvas.picture is not None
    client = canvas.picture.clients[0]
    with qtbot.waitSignal(canvas.picked) as picked:
        where = QPointF(client.x, client.y).toPoint()
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=where)
    assert picked.args == [PickedClient(-1)]


def test_clicking_a_link_picks_it(qtbot: QtBot) -> None:
    canvas = shown(qtbot, world())
    assert canvas.picture is not None
    link = next(link for link in canvas.picture.links if (link.source, link.target) == (1, 2))
    with qtbot.waitSignal(canvas.picked) as picked:
        where = QPointF(*link.line.at(0.4)).toPoint()
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=where)
    assert picked.args == [PickedLink(1, 2)]


def test_clicking_nothing_picks_nothing(qtbot: QtBot, canvas: ClusterCanvas) -> None:
    canvas.set_selected(2)
    with qtbot.waitSignal(canvas.picked) as picked:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert picked.args == [None]


def test_a_selected_server_is_marked(canvas: ClusterCanvas) -> None:
    canvas.set_selected(2)
    assert canvas.picture is not None
    assert canvas.picture.server(2).selected


def test_the_right_button_asks_for_the_menu_of_a_server(
    qtbot: QtBot, canvas: ClusterCanvas
) -> None:
    where = server_at(canvas, 5)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, canvas.mapToGlobal(where))
    with qtbot.waitSignal(canvas.context_wanted) as wanted:
        QApplication.sendEvent(canvas, event)
    assert wanted.args == [PickedServer(5), canvas.mapToGlobal(where)]


def test_the_menu_key_asks_for_the_menu_of_what_is_selected(
    qtbot: QtBot, canvas: ClusterCanvas
) -> None:
    canvas.set_selected(4)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    with qtbot.waitSignal(canvas.context_wanted) as wanted:
        QApplication.sendEvent(canvas, event)
    assert wanted.args is not None
    assert wanted.args[0] == PickedServer(4)


def test_hovering_a_server_says_what_it_is(canvas: ClusterCanvas, seen: World) -> None:
    boss = leader(seen)
    words = canvas.tip_at(QPointF(server_at(canvas, boss)))
    assert words.startswith(f"S{boss}, leader, term 1, commit index")


def test_hovering_a_message_says_when_it_arrives(canvas: ClusterCanvas) -> None:
    assert canvas.picture is not None
    sign = canvas.picture.messages[0]
    assert "arrives in" in canvas.tip_at(QPointF(sign.x, sign.y))


def test_hovering_nothing_says_nothing(canvas: ClusterCanvas) -> None:
    assert canvas.tip_at(QPointF(4, 4)) == ""


def test_the_pointer_shows_what_can_be_clicked(canvas: ClusterCanvas) -> None:
    QTest.mouseMove(canvas, QPoint(4, 4))
    QTest.mouseMove(canvas, server_at(canvas, 3))
    assert canvas.cursor().shape() is Qt.CursorShape.PointingHandCursor


# Drawing a partition


def draw(canvas: ClusterCanvas, start: QPoint, end: QPoint, *, release: bool = True) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    if release:
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


def below(canvas: ClusterCanvas) -> tuple[QPoint, QPoint]:
    """The ends of a level stroke below S1, which has all other servers under it."""
    assert canvas.picture is not None
    sign = canvas.picture.server(1)
    level = QPointF(sign.x, sign.y + sign.radius * 1.35).toPoint()
    return level - QPoint(230, 0), level + QPoint(230, 0)


@pytest.fixture
def calm(qtbot: QtBot) -> ClusterCanvas:
    """A canvas without messages that a stroke could begin on."""
    return shown(qtbot, world())


def test_a_stroke_across_links_is_a_partition(qtbot: QtBot, calm: ClusterCanvas) -> None:
    with qtbot.waitSignal(calm.acted) as acted:
        draw(calm, *below(calm))
    assert acted.args == [acts.Partition(((1,), (2, 3, 4, 5)))]


def test_a_stroke_is_seen_while_it_is_drawn(calm: ClusterCanvas) -> None:
    before = image_of(calm)
    draw(calm, *below(calm), release=False)
    assert image_of(calm) != before


def test_esc_gives_up_a_stroke(qtbot: QtBot, calm: ClusterCanvas) -> None:
    start, end = below(calm)
    with qtbot.assertNotEmitted(calm.acted):
        draw(calm, start, end, release=False)
        QTest.keyClick(calm, Qt.Key.Key_Escape)
        QTest.mouseRelease(calm, Qt.MouseButton.LeftButton, pos=end)


def test_a_stroke_that_crosses_nothing_is_nothing(qtbot: QtBot, calm: ClusterCanvas) -> None:
    with qtbot.assertNotEmitted(calm.acted), qtbot.assertNotEmitted(calm.picked):
        draw(calm, QPoint(4, 4), QPoint(40, 20))


def test_a_stroke_does_not_begin_on_a_server(qtbot: QtBot, calm: ClusterCanvas) -> None:
    with qtbot.assertNotEmitted(calm.acted):
        draw(calm, server_at(calm, 5), server_at(calm, 3))


def test_the_act_parts_the_cluster_that_was_seen(qtbot: QtBot, calm: ClusterCanvas) -> None:
    seen = world()
    with qtbot.waitSignal(calm.acted) as acted:
        draw(calm, *below(calm))
    assert acted.args is not None
    perform(seen, acted.args[0])
    calm.show_picture(now(seen), seen.time_us)
    assert calm.picture is not None
    assert calm.picture.walls


# Keys


def test_arrows_walk_round_the_ring(canvas: ClusterCanvas) -> None:
    canvas.set_selected(5)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.picture is not None
    assert canvas.picture.selected == PickedServer(1)


def test_arrows_walk_back(canvas: ClusterCanvas) -> None:
    canvas.set_selected(5)
    QTest.keyClick(canvas, Qt.Key.Key_Up)
    assert canvas.picture is not None
    assert canvas.picture.selected == PickedServer(4)


def test_esc_selects_nothing(canvas: ClusterCanvas) -> None:
    canvas.set_selected(5)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.picture is not None
    assert canvas.picture.selected is None


@pytest.fixture
def between(qtbot: QtBot, seen: World) -> tuple[QWidget, ClusterCanvas, QWidget]:
    """A window, a canvas in it that Tab reaches, and the widget behind that."""
    window, canvas = QWidget(), ClusterCanvas()
    first, last = QWidget(), QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for widget in (first, canvas, last):
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column.addWidget(widget)
    window.resize(QSize(700, 700))
    canvas.show_picture(now(seen), seen.time_us)
    with qtbot.waitActive(window):
        window.show()
    first.setFocus()
    return window, canvas, last


def press_tab(window: QWidget) -> None:
    focus = window.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Tab)


def test_tab_goes_through_the_servers_and_on(
    between: tuple[QWidget, ClusterCanvas, QWidget],
) -> None:
    window, canvas, last = between
    visited = []
    for _ in range(5):
        press_tab(window)
        assert canvas.picture is not None
        visited.append(canvas.picture.selected)
    press_tab(window)
    assert visited == [PickedServer(number) for number in range(1, 6)]
    assert last.hasFocus()


def test_focus_by_key_is_seen(between: tuple[QWidget, ClusterCanvas, QWidget]) -> None:
    window, canvas, _ = between
    canvas.set_selected(1)
    before = image_of(canvas)
    press_tab(window)
    assert image_of(canvas) != before


# For a long time


def test_it_plays_without_a_stumble(qtbot: QtBot) -> None:
    seen = world(until_ms=600, loss=0.2, requests_us=ms(20))
    canvas = shown(qtbot, seen)
    for _ in range(150):
        seen.step()
        canvas.show_picture(now(seen), float(seen.time_us))
        image_of(canvas)
    assert canvas.picture is not None
    assert len(canvas.picture.servers) == 5


def test_resizing_fills_the_new_size(canvas: ClusterCanvas) -> None:
    canvas.resize(500, 420)
    QApplication.sendPostedEvents(canvas, QEvent.Type.Resize.value)
    assert canvas.picture is not None
    assert (canvas.picture.width, canvas.picture.height) == (500, 420)


def test_reduced_motion_shows_no_tails(canvas: ClusterCanvas, seen: World) -> None:
    canvas.set_reduced_motion(reduced=True)
    step_until(seen, lambda it: len(it.flights) > 2)
    canvas.show_picture(now(seen), float(seen.time_us))
    assert canvas.picture is not None
    assert not canvas.picture.messages.tail


def test_what_one_lights_up_another_does_not_put_out(qtbot: QtBot, canvas: ClusterCanvas) -> None:
    canvas.set_highlighted(frozenset({PickedServer(2)}))
    canvas.set_highlighted(frozenset({PickedServer(3)}), by="walk")
    canvas.set_highlighted(frozenset(), by="walk")
    picture = canvas.picture
    assert picture is not None
    assert [sign.id for sign in picture.servers if sign.highlighted] == [2]
