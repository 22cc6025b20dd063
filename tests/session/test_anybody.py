"""A person at random: whatever is done in whatever order, the history stays whole."""

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from raftviz.session import Session, is_notable
from raftviz.sim.chance import Chance
from raftviz.sim.history import Record
from raftviz.sim.random_acts import Dice, random_act, random_settings
from raftviz.sim.world import World

seeds = st.integers(0, 1_000)
parts = st.floats(0, 1)


class Anybody(RuleBasedStateMachine):
    """Acts, steps, seeks, plays and switches branches."""

    session: Session

    @initialize(seed=seeds)
    def open(self, seed: int) -> None:
        self.session = Session.of_settings(random_settings(seed))
        self.seen: dict[int, list[Record]] = {}

    @rule(seed=seeds)
    def act(self, seed: int) -> None:
        """Something that somebody who looks at this moment might do."""
        session = self.session
        here = World.at(session.history, session.branch, count=session.count)
        act = random_act(Dice(Chance(seed), 0), here)
        if here.branch is not session.branch:  # it was only to look
            session.history.branches.remove(here.branch)
        at_end, branches = session.at_end, len(session.history.branches)
        before = session.time_us
        record = session.dispatch(act)
        assert record.time_us == before
        assert session.at_end
        assert len(session.history.branches) == branches + (not at_end)

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
        branches = self.session.history.branches
        self.session.switch(branches[int(part * (len(branches) - 1))])

    @invariant()
    def count_and_time_belong_together(self) -> None:
        session = self.session
        branch, count = session.branch, session.count
        assert 0 <= count <= len(branch)
        assert branch.time_at(count) <= session.time_us
        assert count == len(branch) or session.time_us <= branch[count].time_us
        assert branch in session.history.branches

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
