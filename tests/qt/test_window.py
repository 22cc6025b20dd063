"""The main job, by mouse alone and then by keys alone; and what the window always keeps."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMenu
from pytestqt.qtbot import QtBot

from raftviz.picture.primitives import PickedMessage
from raftviz.playback import SPEEDS, speed_text
from raftviz.qt.commands import COMMANDS, MENUS
from raftviz.qt.dialogs import NewCluster
from raftviz.qt.prompt import ActPrompt
from raftviz.raft.messages import AppendEntriesResponse
from raftviz.raft.server import Candidate
from raftviz.session.session import Session
from raftviz.shelf import read_scenario
from raftviz.sim.host import Status
from raftviz.sim.network import Flight, Held
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


def play_until_led(person: Person) -> None:
    """Press play and watch until the cluster has a leader that everybody follows."""
    person.press("Space")
    for _ in range(200):
        person.wait(0.2, frames=2)
        known = {host.server.leader_id for host in person.state.hosts.values()}
        if len(known) == 1 and known != {0}:
            break
    person.press("Space")


def acknowledgements(person: Person) -> list[Flight]:
    return [
        flight
        for flight in person.state.flights.values()
        if isinstance(flight.message, AppendEntriesResponse) and flight.message.match_index >= 2
    ]


def groups(person: Person) -> set[frozenset[int]]:
    return set(person.state.network.groups)


def logs(person: Person) -> set[tuple[object, ...]]:
    return {tuple(host.server.log) for host in person.state.hosts.values() if host.is_up}


class TestByKeysAlone:
    def test_the_leader_crashes_and_another_is_elected(self, person: Person) -> None:
        play_until_led(person)
        old = person.leader().id
        person.press(str(old))
        person.press("K")
        assert person.state.hosts[old].status is Status.CRASHED
        while person.session.playback.speed != SPEEDS[3]:
            person.press("[")
        assert speed_text(person.session.playback.speed) == "1/100×"
        person.press("Space")
        for _ in range(40):
            person.wait(5.0, frames=25)
            if person.state.hosts and any(
                isinstance(host.server.role, Candidate) for host in person.state.hosts.values()
            ):
                break
        person.press("Space")
        assert not person.session.playback.playing
        for _ in range(60):
            person.press("Shift+Right")
            if any(h.is_up and h.server.leader_id == h.id for h in person.state.hosts.values()):
                break
        assert person.leader().id != old

    def test_an_election_is_stepped_event_by_event_and_back(self, person: Person) -> None:
        person.press("Right")
        first = person.session.moment.last
        assert first is not None
        seen = []
        for _ in range(30):
            seen.append((person.session.count, person.session.time_us, person.state.hosts))
            person.press("Right")
        for count, time_us, hosts in reversed(seen):
            person.press("Left")
            assert (person.session.count, person.session.time_us) == (count, time_us)
            assert person.state.hosts == hosts

    def test_each_step_says_why(self, person: Person) -> None:
        for _ in range(60):
            person.press("Right")
            words = [label.text() for label in person.window.why.findChildren(QLabel)]
            assert all(words), words
            assert any("§" in word for word in words)

    def test_a_request_is_sent_and_one_acknowledgement_dropped(self, person: Person) -> None:
        play_until_led(person)
        person.press("C")
        while not acknowledgements(person):
            person.press("Right")
        doomed = acknowledgements(person)[0]
        for _ in range(len(person.state.flights)):
            person.press("M")
            if person.selected_message() == doomed.id:
                break
        assert person.selected_message() == doomed.id
        person.press("D")
        assert doomed.id not in person.state.flights

    def test_a_message_is_held_while_time_passes_and_released(self, person: Person) -> None:
        play_until_led(person)
        person.press("C")
        person.press("M")
        held = person.selected_message()
        assert held is not None
        person.press("G")
        assert isinstance(person.state.flights[held], Held)
        for _ in range(60):
            person.press("Right")
        assert isinstance(person.state.flights[held], Held)
        person.press("G")
        assert not isinstance(person.state.flights[held], Held)

    def test_a_leader_is_timed_out_and_sends_heartbeats(self, person: Person) -> None:
        play_until_led(person)
        before, leader = set(person.state.flights), person.leader().id
        person.press(str(leader))
        person.press("T")
        new = [f for f in person.state.flights.values() if f.id not in before]
        assert {flight.source for flight in new} == {leader}
        assert len(new) == 4

    def test_two_are_parted_from_three_and_the_healed_logs_agree(self, person: Person) -> None:
        play_until_led(person)
        person.press("X")
        prompt = person.window.findChild(ActPrompt)
        assert prompt is not None
        assert prompt.line.text() == "partition S1 S2 | S3 S4 S5"
        QTest.keyClick(prompt.line, Qt.Key.Key_Return)
        assert groups(person) == {frozenset({1, 2}), frozenset({3, 4, 5})}
        person.press("C")
        for _ in range(40):
            person.press("Shift+Right")
        person.press("H")
        assert not groups(person)
        for _ in range(400):
            person.press("Shift+Right")
            if len(logs(person)) == 1 and not person.state.clients[-1].operation:
                break
        assert len(logs(person)) == 1
        assert not person.session.violations

    def test_acting_in_the_past_opens_a_branch_and_says_so(self, person: Person) -> None:
        play_until_led(person)
        future = len(person.session.branch)
        person.press("Home")
        person.press("Right")
        person.press("1")
        person.press("K")
        assert person.session.branch.number == 1
        assert len(person.session.history.root) == future
        assert "is kept" in person.window.statusBar().currentMessage()
        person.press("Ctrl+B")
        assert person.session.branch.number == 0

    def test_the_keys_of_the_selection_choose_servers(self, person: Person) -> None:
        person.press("3")
        assert person.selected_server() == 3
        person.press("Esc")
        assert person.window.conductor.selected is None

    def test_a_wrong_act_is_marked_and_changes_nothing(self, person: Person) -> None:
        person.press("Ctrl+K")
        prompt = person.window.findChild(ActPrompt)
        assert prompt is not None
        QTest.keyClicks(prompt.line, "crahs S1")
        QTest.keyClick(prompt.line, Qt.Key.Key_Return)
        assert prompt.isVisible()
        assert any("did you mean “crash”" in label.text() for label in prompt.findChildren(QLabel))
        assert person.session.count == 0
        QTest.keyClick(prompt, Qt.Key.Key_Escape)


class TestByMouseAlone:
    def test_the_leader_crashes_by_a_click_and_comes_back(self, person: Person) -> None:
        person.click_button("play")
        for _ in range(100):
            person.wait(0.4)
            if any(h.server.leader_id == h.id for h in person.state.hosts.values()):
                break
        person.click_button("play")
        old = person.leader().id
        person.click_server(old)
        assert person.selected_server() == old
        person.click_button("crash")
        assert person.state.hosts[old].status is Status.CRASHED
        person.choose("restart")
        assert person.state.hosts[old].status is Status.UP

    def test_the_crash_button_takes_the_leader_when_nothing_is_selected(
        self, person: Person
    ) -> None:
        play_until_led(person)
        old = person.leader().id
        person.click_button("crash")
        assert person.state.hosts[old].status is Status.CRASHED

    def test_steps_go_on_and_back_by_buttons(self, person: Person) -> None:
        for _ in range(5):
            person.click_button("step")
        assert person.session.count == 5
        person.click_button("step-back")
        assert person.session.count == 4
        person.click_button("home")
        assert person.session.count == 0
        person.click_button("end")
        assert person.session.count == 5

    def test_a_message_is_caught_in_flight_and_dropped(self, person: Person) -> None:
        play_until_led(person)
        person.click_button("request")
        while not acknowledgements(person):
            person.click_button("step")
        # Half-way on its link nothing lies above it.
        doomed = acknowledgements(person)[0]
        person.window.conductor.seek((doomed.sent_us + doomed.arrives_us) // 2)
        picture = person.window.canvas.picture
        assert picture is not None
        sign = next(sign for sign in picture.messages if sign.id == doomed.id)
        where = QPoint(round(sign.x), round(sign.y))
        QTest.mouseClick(person.window.canvas, Qt.MouseButton.LeftButton, pos=where)
        assert isinstance(person.window.conductor.selected, PickedMessage)
        person.choose("drop")
        assert person.selected_message() not in person.state.flights

    def test_a_line_drawn_across_the_picture_parts_the_network(self, person: Person) -> None:
        canvas = person.window.canvas
        # From above between S1 and S2 to below between S3 and S4: S2 and S3 are cut off.
        one, two = person.server_at(1), person.server_at(2)
        three, four = person.server_at(3), person.server_at(4)
        start = QPoint((one.x() + two.x()) // 2 + 20, 8)
        stop = QPoint((three.x() + four.x()) // 2, canvas.height() - 8)
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        for part in range(1, 11):
            QTest.mouseMove(canvas, start + (stop - start) * part / 10)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=stop)
        assert groups(person) == {frozenset({2, 3}), frozenset({1, 4, 5})}
        person.click_button("heal")
        assert not groups(person)


class TestTheTableOfCommands:
    def test_every_command_has_a_title_a_menu_and_a_sentence(self) -> None:
        for command in COMMANDS:
            assert command.title
            assert command.menu in MENUS
            assert command.about.endswith(".")

    def test_no_id_and_no_key_is_used_twice(self) -> None:
        ids = [command.id for command in COMMANDS]
        assert len(ids) == len(set(ids))
        keys = [QKeySequence(key).toString() for command in COMMANDS for key in command.keys]
        assert len(keys) == len(set(keys))

    def test_every_command_stands_in_a_menu_and_says_its_key_in_its_tooltip(
        self, person: Person
    ) -> None:
        menus = {action.text(): action.menu() for action in person.window.menu_bar.actions()}
        for command in COMMANDS:
            action = person.window.command_actions[command.id]
            menu = menus[command.menu]
            assert isinstance(menu, QMenu)
            if command.submenu:
                parts = {part.text(): part.menu() for part in menu.actions()}
                menu = parts[command.submenu]
                assert isinstance(menu, QMenu)
            assert action in menu.actions()
            assert command.keys
            assert action.toolTip().startswith(command.about)
            assert not command.keys or len(action.toolTip()) > len(command.about)

    def test_what_cannot_be_done_now_is_grey(self, person: Person) -> None:
        actions = person.window.command_actions
        assert not actions["restart"].isEnabled()
        assert not actions["heal"].isEnabled()
        assert not actions["drop"].isEnabled()
        person.press("2")
        assert actions["crash"].isEnabled()
        person.press("K")
        assert actions["restart"].isEnabled()

    def test_every_command_runs_from_its_action(self, person: Person, qtbot: QtBot) -> None:
        by_hand = {"quit", "open", "picture"}  # these ask the system for a file, or end it all
        for command in COMMANDS:
            if command.id in by_hand:
                continue
            person.window.command_actions[command.id].trigger()
            for dialog in person.window.findChildren(QDialog):
                dialog.close()


class TestTheWindow:
    def test_light_and_dark_paint_without_a_word_of_qt(self, person: Person) -> None:
        play_until_led(person)
        light = person.window.grab().toImage()
        person.press("Ctrl+T")
        QApplication.processEvents()
        dark = person.window.grab().toImage()
        middle = light.rect().center()
        assert light.pixelColor(middle).lightness() > 128 > dark.pixelColor(middle).lightness()

    def test_a_scenario_opens_at_its_beginning(self, person: Person) -> None:
        scenarios = person.window.scenarios.actions()
        action = next(action for action in scenarios if action.text() == "Split vote")
        action.trigger()
        assert person.session.title == "A split vote"
        assert person.session.count == 0
        assert "A split vote" in person.window.windowTitle()

    def test_a_scenario_that_cannot_be_read_leaves_everything_as_it_is(
        self, person: Person, tmp_path: object
    ) -> None:
        before = person.session
        person.window.open_scenario(f"{tmp_path}/none.raft")
        assert person.session is before
        assert "Not opened" in person.window.statusBar().currentMessage()

    def test_a_broken_frame_rate_does_not_change_what_happens(self, qtbot: QtBot) -> None:
        traces = []
        for frames in (4, 400):
            with at_window(qtbot, Session.of_settings(Settings(seed=9, requests_us=50_000))) as p:
                p.press("Space")
                p.wait(0.9, frames=frames)
                p.press("Space")
                p.session.seek(40_000)
                traces.append([r for r in p.session.branch.records() if r.time_us <= 40_000])
        assert traces[0] == traces[1]

    def test_all_five_scenarios_can_be_watched_from_end_to_end(self, person: Person) -> None:
        for scenario in ("quiet-cluster", "leader-crashes", "split-vote", "partition", "figure-7"):
            person.window.conductor.open(Session.of_scenario(read_scenario(scenario)))
            for _ in range(25):
                person.press("Shift+Right")
            person.press("End")
            assert not person.session.violations


class TestDisks:
    def test_a_log_is_compacted_by_a_key(self, person: Person) -> None:
        play_until_led(person)
        for _ in range(12):
            person.press("Shift+Right")
        leader = person.leader().id
        person.press(str(leader))
        person.press("Z")
        log = person.leader().server.log
        assert log.snapshot_index == person.leader().server.last_applied > 0

    def test_a_full_disk_keeps_a_server_silent_until_it_is_freed(self, person: Person) -> None:
        play_until_led(person)
        leader = person.leader().id
        follower = 1 if leader != 1 else 2
        person.press(str(follower))
        person.press("Y")
        assert person.state.hosts[follower].disk.full
        person.press("C")
        for _ in range(25):
            person.press("Shift+Right")
        host = person.state.hosts[follower]
        assert host.disk.durable.log.last_index < host.server.log.last_index
        person.press("Y")
        for _ in range(25):
            person.press("Shift+Right")
        assert person.state.hosts[follower].disk.durable.log.last_index >= 2

    def test_a_damaged_server_refuses_to_start_and_says_why(self, person: Person) -> None:
        play_until_led(person)
        person.press("2")
        person.press("Shift+D")
        person.press("K")
        person.press("R")
        assert person.state.hosts[2].status is Status.CRASHED
        words = [label.text() for label in person.window.inspector.findChildren(QLabel)]
        assert any("does not match its checksum" in word for word in words)

    def test_a_new_cluster_takes_its_options(self, person: Person) -> None:
        person.press("Ctrl+N")
        dialog = person.window.findChild(NewCluster)
        assert dialog is not None
        dialog.servers.setValue(3)
        dialog.pipeline.setValue(4)
        dialog.batch.setValue(5)
        dialog.snapshot_every.setValue(10)
        dialog.machine.setCurrentText("counter")
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        options = person.session.history.settings.options
        assert (options.pipeline, options.batch, options.snapshot_every) == (4, 5, 10)
        assert options.machine == "counter"
        assert len(person.state.hosts) == 3
        person.press("Space")
