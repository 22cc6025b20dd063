"""A person at random: whatever is done in whatever order, the history stays whole."""

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from raftviz.session.bookmarks import Bookmark, add_bookmark, bookmarks_on, delete_bookmark
from raftviz.session.branches import delete_branch, describe
from raftviz.session.edits import Edit
from raftviz.session.session import Session, is_notable
from raftviz.sim.chance import Chance
from raftviz.sim.history import Label, Record
from raftviz.sim.random_acts import WITH_RULES, Dice, random_act, random_settings
from raftviz.sim.world import World

seeds = st.integers(0, 1_000)
parts = st.floats(0, 1)


Sight = tuple[list[tuple[int, str, str]], tuple[Bookmark, ...]]


class Anybody(RuleBasedStateMachine):
    """Acts, steps, seeks, plays and switches branches."""

    session: Session

    @initialize(seed=seeds)
    def open(self, seed: int) -> None:
        self.session = Session.of_settings(random_settings(seed))
        self.seen: dict[int, list[Record]] = {}
        self.done: list[tuple[Edit, Sight]] = []
        self.undone: list[tuple[Edit, Sight]] = []
        self.before = self.in_sight()
        self.session.edited = self.did

    def in_sight(self) -> Sight:
        """All that an edit can change, but not how far anything was played."""
        session = self.session
        return (
            [(b.number, b.name, b.label.note) for b in session.history.visible],
            session.bookmarks,
        )

    def did(self, edit: Edit) -> None:
        self.done.append((edit, self.before))
        self.undone.clear()

    @rule()
    def undo(self) -> None:
        """What is undone is as it was before: the same branches are seen under the same names."""
        if self.done:
            edit, before = self.done.pop()
            now = self.in_sight()
            edit.undo()
            self.undone.append((edit, now))
            seen = [(name, note) for _, name, note in self.in_sight()[0]]
            assert sorted(seen) == sorted((name, note) for _, name, note in before[0])
            assert self.in_sight()[1] == before[1]

    @rule()
    def redo(self) -> None:
        """What is done again is exactly as it was."""
        if self.undone:
            edit, before = self.undone.pop()
            now = self.in_sight()
            edit.redo()
            self.done.append((edit, now))
            assert self.in_sight() == before

    @rule()
    def open_branch(self) -> None:
        before = self.session.cursor
        branch = self.session.open_branch()
        assert branch.shared_with(before.branch) == before.count == self.session.count

    @rule(part=parts)
    def delete_branch(self, part: float) -> None:
        visible = self.session.history.visible
        if len(visible) > 1:
            delete_branch(self.session, visible[int(part * (len(visible) - 1))])

    @rule(part=parts, number=st.integers(0, 50))
    def rename_branch(self, part: float, number: int) -> None:
        visible = self.session.history.visible
        branch = visible[int(part * (len(visible) - 1))]
        name = f"name {number}"
        if name not in self.session.names():
            describe(self.session, branch, Label(name, "a note", number % 8))

    @rule()
    def bookmark(self) -> None:
        bookmark = add_bookmark(self.session)
        assert bookmark in bookmarks_on(self.session, self.session.branch)

    @rule(part=parts)
    def forget_bookmark(self, part: float) -> None:
        marks = self.session.bookmarks
        if marks:
            delete_bookmark(self.session, marks[int(part * (len(marks) - 1))])

    @rule(seed=seeds)
    def act(self, seed: int) -> None:
        """Something that somebody who looks at this moment might do."""
        session = self.session
        here = World.at(session.history, session.branch, count=session.count)
        act = random_act(Dice(Chance(seed), 0), here, WITH_RULES)
        if here.branch is not session.branch:  # it was only to look
            session.history.branches.remove(here.branch)
        goes_on, branches = session.goes_on, len(session.history.branches)
        before = session.time_us
        record = session.dispatch(act)
        assert record.time_us == before
        assert session.at_end
        assert len(session.history.branches) == branches + (not goes_on)

    @rule()
    def step(self) -> None:
        count = self.session.count
        self.session.step()
        assert self.session.count in (count, count + 1)

    @rule()
    def step_back(self) -> None:
        count = self.session.count
        self.session.step_back()
        assert self.session.count == max(0, count - 1)

    @rule(back=st.booleans())
    def step_to_notable(self, back: bool) -> None:
        count = self.session.count
        self._stop_at(is_notable, back=back)
        assert self.session.count <= count if back else self.session.count >= count

    def _stop_at(self, wanted: Callable[[Record], bool], *, back: bool) -> None:
        found = self.session.step_to(wanted, back=back)
        last = self.session.moment.last
        assert not found or (last is not None and wanted(last))

    @rule(part=parts)
    def seek(self, part: float) -> None:
        end = self.session.branch.time_at(len(self.session.branch))
        self.session.seek(part * end * 1.1)

    @rule()
    def go_home(self) -> None:
        self.session.go_home()

    @rule()
    def go_end(self) -> None:
        self.session.go_end()
        assert self.session.at_end

    @rule(milliseconds=st.integers(1, 400), frames=st.integers(1, 5))
    def play(self, milliseconds: int, frames: int) -> None:
        session = self.session
        before = session.time_us
        session.playback.playing = True
        session.playback.speed = type(session.playback.speed)(1)
        for _ in range(frames):
            session.tick(milliseconds / 1000 / frames)
        session.playback.playing = False
        assert session.time_us >= before

    @rule(part=parts)
    def switch(self, part: float) -> None:
        branches = self.session.history.visible
        self.session.switch(branches[int(part * (len(branches) - 1))])

    @invariant()
    def count_and_time_belong_together(self) -> None:
        session = self.session
        branch, count = session.branch, session.count
        assert 0 <= count <= len(branch)
        assert branch.time_at(count) <= session.time_us
        assert count == len(branch) or session.time_us <= branch[count].time_us
        assert branch in session.history.visible

    @invariant()
    def names_are_unique(self) -> None:
        self.before = self.in_sight()
        names = [branch.name for branch in self.session.history.visible]
        assert len(names) == len(set(names))

    @invariant()
    def the_moment_can_be_read(self) -> None:
        state = self.session.moment.state
        assert set(state.hosts) == set(self.session.history.start.hosts)
        assert all(flight.due_us >= 0 for flight in state.flights.values())

    @invariant()
    def nothing_that_was_recorded_changes(self) -> None:
        for branch in self.session.history.branches:
            known = self.seen.setdefault(branch.number, [])
            records = list(branch.records(0, len(known)))
            assert len(records) == len(known)
            assert all(a is b for a, b in zip(records, known, strict=True))
            known.extend(branch.records(len(known)))

    @invariant()
    def time_never_runs_back(self) -> None:
        for branch in self.session.history.branches:
            times = [record.time_us for record in branch.records(max(0, len(branch) - 200))]
            assert times == sorted(times)

    @invariant()
    def nothing_is_violated(self) -> None:
        assert self.session.checker.violations == []


TestAnybody = Anybody.TestCase
TestAnybody.settings = settings(max_examples=60, stateful_step_count=25)
