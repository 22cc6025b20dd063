"""A person plays the adversary: at a pause they pick from a list what happens next."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QEvent, QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTabBar, QToolButton
from pytestqt.qtbot import QtBot

from raftviz.checks.checker import Checker
from raftviz.picture import upcoming as words_of
from raftviz.picture.primitives import PickedMessage, PickedServer
from raftviz.picture.theme import DARK, LIGHT, Theme
from raftviz.qt.next_list import ABOUT, FIRST
from raftviz.qt.next_view import LET, NextView
from raftviz.raft.server import Candidate
from raftviz.session.session import Session
from raftviz.sim.acting import perform
from raftviz.sim.history import State
from raftviz.sim.network import Held
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.upcoming import Upcoming
from raftviz.sim.vocabulary import act_from_text
from raftviz.sim.world import World, begin
from tests.qt.desk import Person, at_window

LEFT = Qt.MouseButton.LeftButton
SAID = Qt.ItemDataRole.DisplayRole


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(servers=5))) as somebody:
        yield somebody


@pytest.fixture
def instant(qtbot: QtBot) -> Iterator[Person]:
    """Three servers whose disks take no time: what they send leaves at once."""
    settings = Settings(servers=3, disk_us=(0, 0), latency_us=(ms(10), ms(10)))
    with at_window(qtbot, Session.of_settings(settings)) as somebody:
        somebody.press("A")
        yield somebody


def view_of(person: Person) -> NextView:
    view = person.window.later["Next"].view
    assert isinstance(view, NextView)
    return view


def model_of(person: Person) -> QAbstractItemModel:
    return view_of(person).list.model()


def told(person: Person, role: int = SAID) -> list[str]:
    """The rows, in words."""
    model = model_of(person)
    return [str(model.index(at, 0).data(role)) for at in range(model.rowCount())]


def row_with(person: Person, *words: str) -> int:
    """The first row whose words and small words hold all of these."""
    both = zip(told(person), told(person, ABOUT), strict=True)
    return next(
        at for at, (said, small) in enumerate(both) if all(w in f"{said} {small}" for w in words)
    )


def place_of(person: Person, row: int) -> QPoint:
    """The middle of a row, scrolled into view as a wheel would."""
    view = view_of(person).list
    index = view.model().index(row, 0)
    view.scrollTo(index)
    return view.visualRect(index).center()


def open_by_mouse(person: Person) -> None:
    """Click the tab."""
    tabs = next(
        bar
        for bar in person.window.findChildren(QTabBar)
        if "Next" in [bar.tabText(at) for at in range(bar.count())]
    )
    at = [tabs.tabText(n) for n in range(tabs.count())].index("Next")
    QTest.mouseClick(tabs, LEFT, pos=tabs.tabRect(at).center())


def click(person: Person, *words: str) -> None:
    viewport = view_of(person).list.viewport()
    QTest.mouseClick(viewport, LEFT, pos=place_of(person, row_with(person, *words)))


def double_click(person: Person, *words: str) -> None:
    """Two clicks, as a mouse makes them."""
    click(person, *words)
    viewport = view_of(person).list.viewport()
    QTest.mouseDClick(viewport, LEFT, pos=place_of(person, row_with(person, *words)))


def button(person: Person, word: str) -> QToolButton:
    buttons = view_of(person).findChildren(QToolButton)
    return next(one for one in buttons if one.text() == word)


def click_button(person: Person, word: str) -> None:
    QTest.mouseClick(button(person, word), LEFT)


def type_key(key: Qt.Key) -> None:
    """Press a key where the keys go."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


def walk_to(person: Person, *words: str) -> None:
    """Go through the list with the arrow keys."""
    wanted = row_with(person, *words)
    for _ in range(model_of(person).rowCount()):
        at = view_of(person).list.currentIndex().row()
        if at == wanted:
            return
        type_key(Qt.Key.Key_Down if at < wanted else Qt.Key.Key_Up)
    raise AssertionError(f"{words} cannot be reached")


def votes(person: Person) -> dict[int, list[int]]:
    """The candidates and who has voted for each, as far as they know."""
    roles = {host.id: host.server.role for host in person.state.hosts.values()}
    return {
        server: sorted(role.granted)
        for server, role in roles.items()
        if isinstance(role, Candidate)
    }


def split_the_vote(pick: Callable[..., None]) -> None:
    """S1 and S2 stand; each hears one other server; S5 stands as well, so nobody has three votes."""
    for candidate in ("S1", "S2"):
        pick(f"{candidate} times out")
        pick(f"{candidate}'s disk finishes")
    for candidate, voter in (("S1", "S3"), ("S2", "S4")):
        pick("RequestVote", f"{candidate} → {voter}")
        pick(f"{voter}'s disk finishes")
        pick("RequestVoteResponse", f"{voter} → {candidate}")
    pick("S5 times out")
    pick("S5's disk finishes")


def assert_split(person: Person) -> None:
    assert votes(person) == {1: [1, 3], 2: [2, 4], 5: [5]}
    hosts = person.state.hosts.values()
    assert [host.disk.durable.voted_for for host in hosts] == [1, 2, 1, 2, 5]
    assert {host.server.current_term for host in hosts} == {1}
    assert person.session.time_us == 0
    assert not person.session.violations


class TestToASplitVote:
    def test_by_mouse_alone(self, person: Person) -> None:
        open_by_mouse(person)
        split_the_vote(lambda *words: double_click(person, *words))
        assert_split(person)

    def test_by_mouse_with_the_button(self, person: Person) -> None:
        open_by_mouse(person)

        def pick(*words: str) -> None:
            click(person, *words)
            click_button(person, LET)

        split_the_vote(pick)
        assert_split(person)

    def test_by_keys_alone(self, person: Person) -> None:
        person.press("A")

        def pick(*words: str) -> None:
            walk_to(person, *words)
            type_key(Qt.Key.Key_Return)

        split_the_vote(pick)
        assert_split(person)

    def test_by_keys_that_also_hold_and_drop(self, person: Person) -> None:
        person.press("A")
        for candidate in ("S1", "S2"):
            walk_to(person, f"{candidate} times out")
            person.press("E")
            walk_to(person, f"{candidate}'s disk finishes")
            person.press("E")
        walk_to(person, "RequestVote", "S1 → S5")
        person.press("G")
        walk_to(person, "RequestVote", "S2 → S5")
        person.press("D")
        for candidate, voter in (("S1", "S3"), ("S2", "S4")):
            walk_to(person, "RequestVote", f"{candidate} → {voter}")
            type_key(Qt.Key.Key_Enter)
        flights = person.state.flights.values()
        assert [type(f) for f in flights if (f.source, f.target) == (1, 5)] == [Held]
        assert not [f for f in flights if (f.source, f.target) == (2, 5)]
        assert votes(person) == {1: [1], 2: [2]}
        assert person.session.time_us == 0


def _current(person: Person) -> int:
    return view_of(person).list.currentIndex().row()


# What the list shows


def test_a_fresh_cluster_may_only_time_out_and_the_first_is_marked(person: Person) -> None:
    person.press("A")
    assert [said.split()[1:4] for said in told(person)] == [["times", "out", "and"]] * 5
    assert told(person, FIRST) == ["True", *["False"] * 4]


def test_the_list_is_as_the_cursor_stands_in_the_past_too(instant: Person) -> None:
    walk_to(instant, "S1 times out")
    type_key(Qt.Key.Key_Return)
    assert len(told(instant)) == 5
    instant.press("Left")
    assert len(told(instant)) == 3
    walk_to(instant, "S2 times out")
    type_key(Qt.Key.Key_Return)
    assert instant.session.branch.number == 1
    assert votes(instant) == {2: [2]}


def test_what_happens_next_by_itself_is_what_a_step_does(instant: Person) -> None:
    walk_to(instant, "S1 times out")
    type_key(Qt.Key.Key_Return)
    assert told(instant)[0] == "S2 receives a RequestVote of term 1 from S1."
    instant.press("Right")
    assert instant.state.hosts[2].server.voted_for == 1


def test_while_time_passes_it_is_quiet(person: Person) -> None:
    person.press("A")
    resets = QSignalSpy(model_of(person).modelReset)
    person.press("Space")
    person.wait(10.0, frames=50)
    assert resets.count() == 0
    assert not view_of(person).list.isVisible()
    assert view_of(person).row is None
    person.press("E")
    assert person.session.playback.playing
    person.press("Space")
    assert resets.count() == 1
    assert view_of(person).list.isVisible()


def test_a_button_pauses_and_the_keys_are_in_the_list_again(person: Person) -> None:
    open_by_mouse(person)
    person.click_button("play")
    person.wait(1.0)
    pause = next(b for b in view_of(person).findChildren(QPushButton) if b.text() == "Pause")
    assert pause.isVisible()
    QTest.mouseClick(pause, LEFT)
    assert not person.session.playback.playing
    assert view_of(person).list.hasFocus()


def test_the_key_pauses_and_gives_the_keys_to_the_list(person: Person) -> None:
    person.press("Space")
    person.wait(1.0)
    person.press("A")
    assert not person.session.playback.playing
    assert view_of(person).list.hasFocus()
    assert told(person)


def test_when_nothing_can_happen_it_says_what_to_do(instant: Person) -> None:
    for server in (1, 2, 3):
        instant.press(str(server))
        instant.press("K")
    assert not told(instant)
    assert not view_of(instant).list.isVisible()
    shown = [label.text() for label in view_of(instant).findChildren(QLabel)]
    assert any("Restart a server" in words for words in shown)
    instant.press("1")
    instant.press("R")
    assert told(instant) == ["S1 times out and begins an election, for term 1."]
    assert view_of(instant).list.isVisible()


def test_it_can_be_of_one_server(instant: Person) -> None:
    walk_to(instant, "S1 times out")
    type_key(Qt.Key.Key_Return)
    only = view_of(instant).only
    only.setFocus()
    while only.currentText() != "S2":
        type_key(Qt.Key.Key_Down)
    assert told(instant, ABOUT) == ["RequestVote S1 → S2, term 1", "timer of S2"]


def test_a_key_shows_only_what_concerns_the_selected_server_and_everything_again(
    instant: Person,
) -> None:
    instant.press("3")
    instant.press("Shift+A")
    assert told(instant, ABOUT) == ["timer of S3"]
    instant.press("K")
    assert not view_of(instant).list.isVisible()
    everything = next(
        b for b in view_of(instant).findChildren(QPushButton) if b.text() == "Show everything"
    )
    QTest.mouseClick(everything, LEFT)
    assert len(told(instant)) == 2
    instant.press("Shift+A")
    instant.press("Shift+A")
    assert len(told(instant)) == 2


def test_another_session_is_another_list(person: Person) -> None:
    person.press("A")
    person.window.conductor.open(Session.of_settings(Settings(servers=3)))
    assert len(told(person)) == 3
    assert [view_of(person).only.itemText(n) for n in range(4)] == ["Everything", "S1", "S2", "S3"]


# Choosing


def test_what_is_chosen_is_selected_so_that_every_command_acts_on_it(instant: Person) -> None:
    walk_to(instant, "S2 times out")
    assert instant.selected_server() == 2
    type_key(Qt.Key.Key_Return)
    walk_to(instant, "S2 → S3")
    assert instant.selected_message() in instant.state.flights
    instant.press("G")
    held = instant.selected_message()
    assert held is not None
    assert isinstance(instant.state.flights[held], Held)
    row = view_of(instant).row
    assert row is not None
    assert row.key[1] == held
    instant.press("G")
    instant.press("D")
    assert held not in instant.state.flights


def test_what_is_selected_elsewhere_is_chosen(instant: Person) -> None:
    instant.click_server(3)
    row = view_of(instant).row
    assert row is not None
    assert row.who == 3
    instant.press("E")
    assert votes(instant) == {3: [3]}


def test_after_it_happened_the_row_in_its_place_is_chosen(instant: Person) -> None:
    walk_to(instant, "S1 times out")
    type_key(Qt.Key.Key_Return)
    walk_to(instant, "S1 → S2")
    at = _current(instant)
    type_key(Qt.Key.Key_Return)
    assert _current(instant) == at
    row = view_of(instant).row
    assert row is not None
    assert instant.window.conductor.selected == words_of.picked(row)


def test_what_stays_possible_stays_chosen(instant: Person) -> None:
    walk_to(instant, "S3 times out")
    instant.window.conductor.dispatch(act_from_text("timeout S1", 3))
    row = view_of(instant).row
    assert row is not None
    assert (row.who, row.flight) == (3, None)
    assert instant.selected_server() == 3


def test_the_buttons_do_what_they_say(instant: Person) -> None:
    double_click(instant, "S1 times out")
    click(instant, "S1 → S2")
    held = instant.selected_message()
    assert held is not None
    click_button(instant, "Hold")
    assert isinstance(instant.state.flights[held], Held)
    click_button(instant, "Release")
    assert not isinstance(instant.state.flights[held], Held)
    click_button(instant, "Duplicate")
    assert len(instant.state.flights) == 3
    click_button(instant, "Drop")
    assert held not in instant.state.flights
    click(instant, "timer of S1")
    enabled = [word for word in (LET, "Hold", "Drop") if button(instant, word).isEnabled()]
    assert enabled == [LET]


def test_the_right_button_offers_what_can_be_done(instant: Person) -> None:
    double_click(instant, "S1 times out")
    place = place_of(instant, row_with(instant, "S1 → S2"))
    viewport = view_of(instant).list.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.RightButton, pos=place)
    number = instant.selected_message()
    offered = {action.text(): action for action in view_of(instant).actions_of_row(instant.window)}
    assert list(offered) == [LET, "Hold", "Drop", "Duplicate"]
    offered["Hold"].trigger()
    assert number is not None
    assert isinstance(instant.state.flights[number], Held)


def test_pointing_at_a_row_lights_it_up_on_the_picture(instant: Person) -> None:
    double_click(instant, "S1 times out")
    view = view_of(instant).list
    QTest.mouseMove(view.viewport(), place_of(instant, row_with(instant, "S1 → S2")))
    picture = instant.window.canvas.picture
    assert picture is not None
    message = next(f.id for f in instant.state.flights.values() if f.target == 2)
    assert picture.highlighted == {PickedMessage(message), PickedServer(2)}
    QTest.mouseMove(instant.window.canvas, QPoint(5, 5))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    picture = instant.window.canvas.picture
    assert picture is not None
    assert picture.highlighted == frozenset()


def test_it_can_be_undone(instant: Person) -> None:
    walk_to(instant, "S1 times out")
    type_key(Qt.Key.Key_Return)
    assert votes(instant) == {1: [1]}
    instant.press("Ctrl+Z")
    assert votes(instant) == {}
    assert len(told(instant)) == 3
    instant.press("Ctrl+Shift+Z")
    assert votes(instant) == {1: [1]}


# Looking


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_it_paints_every_kind_of_row(qtbot: QtBot, theme: Theme) -> None:
    session = Session.of_settings(Settings(servers=3, batch_us=ms(40)))
    with at_window(qtbot, session, theme) as person:
        person.press("A")
        for line in ("timeout S1", "request x=1 to S2", "hold ClientRequest * -> *"):
            person.window.conductor.dispatch(act_from_text(line, 3))
        walk_to(person, "x=1")
        rows = view_of(person).list
        image = rows.viewport().grab().toImage()
        colours = {image.pixelColor(x, 10).name() for x in range(0, image.width(), 3)}
        assert len(colours) > 3


def test_thousands_of_messages_are_put_into_words_only_where_they_are_seen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(
        servers=50,
        disk_us=(0, 0),
        latency_us=(ms(900), ms(999)),
        election_timeout_us=(ms(9_000),) * 2,
    )
    history = begin(settings)
    world = World.at(history)
    perform(world, act_from_text("timeout S1", 50))
    world.run_until(ms(2_100))
    while len(world.flights) < 5_000:
        perform(world, act_from_text("timeout S1", 50))
    session = Session(history, Checker(history))
    session.go_end()
    with at_window(qtbot, session) as person:
        asked: set[object] = set()

        def spoken(state: State, row: Upcoming) -> str:
            asked.add(row.key)
            return words_of.sentence(state, row)

        monkeypatch.setattr("raftviz.qt.next_list.sentence", spoken)
        person.press("A")
        view_of(person).list.grab()
        assert model_of(person).rowCount() > 5_000
        assert 0 < len(asked) < 60


def test_a_screen_reader_is_told_what_and_when(instant: Person) -> None:
    walk_to(instant, "S1 times out")
    type_key(Qt.Key.Key_Return)
    read = told(instant, Qt.ItemDataRole.AccessibleTextRole)
    assert read[0] == (
        "S2 receives a RequestVote of term 1 from S1. RequestVote S1 → S2, term 1: in 10.0 ms, "
        "next by itself."
    )
