"""A person at random at the window: whatever is done and undone, every view shows what there is."""

from functools import partial

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from raftviz.picture.primitives import PickedClient, PickedMessage
from raftviz.qt.branch_panel import BranchPanel
from raftviz.session.bookmarks import Bookmark, add_bookmark, delete_bookmark
from raftviz.session.branches import delete_branch, describe
from raftviz.session.session import Session
from raftviz.sim.history import FLIGHTS_PER_EVENT, Label
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from tests.qt.desk import Person, at_window

parts = st.floats(0, 1)

ACTS = ("K", "R", "P", "T", "C", "D", "U", "H", "Shift+X")
GOING = ("Right", "Left", "Shift+Right", "Shift+Left", "Home", "End")
LOOKING = ("1", "2", "3", "M", "Shift+M", "Esc", "Ctrl+Down", "Ctrl+Up", "N", "Ctrl+B")

Sight = tuple[list[tuple[str, str, int]], tuple[Bookmark, ...]]


class Somebody(RuleBasedStateMachine):
    """Presses keys, plays, drags, edits; undoes and does again."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person
        self.sights: list[Sight] = []

    @initialize(seed=st.integers(0, 100))
    def open(self, seed: int) -> None:
        session = Session.of_settings(Settings(servers=3, seed=seed, requests_us=ms(60)))
        session.step_to(lambda record: record.time_us >= ms(250))
        self.person.window.conductor.open(session)
        self.person.window.show_view("Branches")
        self.sights = [self.sight()]

    @property
    def session(self) -> Session:
        return self.person.session

    def sight(self) -> Sight:
        """All that an edit can change."""
        labels = [branch.label for branch in self.session.history.visible]
        seen = sorted((label.name, label.note, label.colour) for label in labels)
        return seen, self.session.bookmarks

    # What somebody does

    @rule(key=st.sampled_from(ACTS))
    def act(self, key: str) -> None:
        self.person.press(key)

    @rule(key=st.sampled_from(GOING))
    def go(self, key: str) -> None:
        self.person.press(key)
        assert not self.session.playback.playing

    @rule(key=st.sampled_from(LOOKING))
    def look(self, key: str) -> None:
        self.person.press(key)

    @rule(part=parts)
    def seek(self, part: float) -> None:
        branch = self.session.branch
        self.person.window.conductor.seek(round(part * branch.time_at(len(branch))))

    @rule(seconds=st.sampled_from([0.3, 2.0]), stops=st.booleans())
    def play(self, seconds: float, stops: bool) -> None:
        self.person.window.conductor.play()
        self.person.wait(seconds, frames=3)
        if stops:
            self.person.press("Space")

    @rule(part=parts, number=st.integers(0, 9))
    def rename(self, part: float, number: int) -> None:
        branches = self.session.history.visible
        branch = branches[int(part * (len(branches) - 1))]
        label = Label(f"name {number}", "a note", number)
        self.person.window.conductor.edit(lambda: describe(self.session, branch, label))

    @rule(part=parts)
    def delete(self, part: float) -> None:
        branches = self.session.history.visible
        branch = branches[int(part * (len(branches) - 1))]
        self.person.window.conductor.edit(lambda: delete_branch(self.session, branch))

    @rule()
    def mark(self) -> None:
        self.person.window.conductor.edit(lambda: add_bookmark(self.session))

    @rule(part=parts)
    def forget(self, part: float) -> None:
        marks = self.session.bookmarks
        if marks:
            gone = marks[int(part * (len(marks) - 1))]
            self.person.window.conductor.edit(lambda: delete_bookmark(self.session, gone))

    @rule(keys=st.lists(st.sampled_from(["C", "K", "T", "Right", "N"]), min_size=1, max_size=4))
    def change_their_mind(self, keys: list[str]) -> None:
        """Do this and that, look at the newest message, and take it all back."""
        stack = self.person.window.conductor.undo_stack
        before = stack.index()
        for key in keys:
            self.person.press(key)
            self.every_edit_is_kept_in_mind()
        flights = self.person.state.flights
        if flights:
            self.person.window.conductor.select(PickedMessage(max(flights)))
        self.undo(max(0, stack.index() - before))

    @rule(times=st.integers(1, 3))
    def undo(self, times: int) -> None:
        """What is undone is as it was before it was done."""
        stack = self.person.window.conductor.undo_stack
        for _ in range(min(times, stack.index())):
            self.person.press("Ctrl+Z")
            assert self.sight() == self.sights[stack.index()]
            assert not self.session.playback.playing

    @rule(times=st.integers(1, 3))
    def redo(self, times: int) -> None:
        """What is done again is as it was after it was done."""
        stack = self.person.window.conductor.undo_stack
        for _ in range(min(times, stack.count() - stack.index())):
            self.person.press("Ctrl+Y")
            assert self.sight() == self.sights[stack.index()]
            assert not self.session.playback.playing

    # What always holds

    @invariant()
    def every_edit_is_kept_in_mind(self) -> None:
        stack = self.person.window.conductor.undo_stack
        self.sights = [
            *self.sights[: stack.index()],
            self.sight(),
            *self.sights[stack.index() + 1 :],
        ]
        self.sights = self.sights[: stack.count() + 1]
        assert len(self.sights) == stack.count() + 1

    @invariant()
    def one_looks_at_a_branch_that_is_seen(self) -> None:
        assert not self.session.branch.hidden

    @invariant()
    def every_view_shows_this_moment(self) -> None:
        window, moment = self.person.window, self.session.moment
        assert window.canvas._moment == moment
        assert window.logs._moment == moment
        assert window.timeline._moment == moment
        assert window.transport.pill._shown[0] == moment.branch.name

    @invariant()
    def the_tree_and_the_timeline_show_the_branches_there_are(self) -> None:
        session, window = self.session, self.person.window
        view = window.later["Branches"].view
        assert isinstance(view, BranchPanel)
        picture = view.tree.picture
        assert picture is not None
        rows = {row.branch: row for row in picture.rows}
        assert set(rows) == set(session.history.visible)
        assert all(row.name == branch.name for branch, row in rows.items())
        assert [branch for branch, row in rows.items() if row.here] == [session.branch]
        others = {other.branch for other in window.timeline._company.others}
        assert others == set(session.history.visible) - {session.branch}

    @invariant()
    def what_is_selected_exists(self) -> None:
        picked, branch = self.person.window.conductor.selected, self.session.branch
        if isinstance(picked, PickedMessage):
            sent = branch[picked.flight_id // FLIGHTS_PER_EVENT].flights
            assert picked.flight_id in {flight.id for flight in sent}
        elif isinstance(picked, PickedClient):
            assert self.session.history.part_at(branch, picked.id, len(branch)) is not None

    @invariant()
    def the_menu_says_what_would_be_undone(self) -> None:
        window = self.person.window
        stack, actions = window.conductor.undo_stack, window.command_actions
        assert actions["undo"].text() == f"Undo {stack.undoText()}".strip()
        assert actions["redo"].text() == f"Redo {stack.redoText()}".strip()
        assert actions["undo"].isEnabled() == stack.canUndo()
        assert actions["redo"].isEnabled() == stack.canRedo()

    @invariant()
    def it_can_be_painted(self) -> None:
        self.person.window.timeline.grab()

    @invariant()
    def nobody_is_asked_anything(self) -> None:
        assert not [d for d in self.person.window.findChildren(QDialog) if d.isVisible()]


def test_anybody_at_the_window(qtbot: QtBot) -> None:
    with at_window(qtbot, Session.of_settings(Settings())) as person:
        person.window.resize(900, 700)
        run_state_machine_as_test(
            partial(Somebody, person),  # type: ignore[arg-type]  # whatever makes one will do
            settings=settings(max_examples=30, stateful_step_count=20),
        )
