"""Two branches on one clock: whatever one does, both show the same instant."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from raftviz.checks.checker import Checker
from raftviz.compare.comparison import Kind
from raftviz.session.beside import SideBySide
from raftviz.session.branches import delete_branch
from raftviz.session.edits import Cursor, Edit
from raftviz.session.session import MAX_EVENTS_A_TICK, Session
from raftviz.session.sides import BOTH
from raftviz.sim.acts import Crash, Timeout
from raftviz.sim.chance import Chance
from raftviz.sim.random_acts import Dice, random_act, random_settings
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.vocabulary import act_from_text
from raftviz.sim.world import World


def opened(seed: int = 4, until_ms: float = 600, **changes: Any) -> Session:
    """A cluster that has run for a while."""
    session = Session.of_settings(Settings(seed=seed, **changes))
    session.reach(ms(until_ms), 100_000)
    return session


def parted(act: str = "crash leader", at_ms: float = 400) -> SideBySide:
    """A cluster that has run for 600 ms, beside what comes if one acts before."""
    session = opened(requests_us=ms(50))
    old = session.branch
    session.seek(ms(at_ms))
    session.dispatch(act_from_text(act, 5))
    return SideBySide(session, old)


def counts(beside: SideBySide) -> tuple[int, int]:
    left, right = (beside.cursor(kind).count for kind in BOTH)
    return left, right


def time_ms(beside: SideBySide) -> float:
    """The one instant that both show, in ms."""
    (time_us,) = {int(beside.cursor(kind).time_us) for kind in BOTH}
    return time_us / 1_000


def play(beside: SideBySide, milliseconds: float, frames: int = 5) -> None:
    playback = beside.session.playback
    playback.playing, playback.speed = True, Fraction(1)
    for _ in range(frames):
        beside.session.tick(milliseconds / 1_000 / frames)
        beside.follow(MAX_EVENTS_A_TICK)
    playback.playing = False


def test_the_other_side_comes_to_the_instant_that_is_looked_at() -> None:
    beside = parted()
    assert time_ms(beside) == 400
    assert beside.branch(Kind.LEFT).parent is beside.branch(Kind.RIGHT)
    beside.session.seek(ms(100))
    beside.follow()
    assert time_ms(beside) == 100
    assert len(set(counts(beside))) == 1


def test_playing_simulates_both_as_far_as_the_clock_goes() -> None:
    beside = parted()
    play(beside, 700)
    assert time_ms(beside) == 1_100
    for kind in BOTH:
        assert beside.branch(kind).time_at(len(beside.branch(kind))) > ms(600)


def test_a_step_is_one_event_on_both_sides_or_one_that_only_one_of_them_has() -> None:
    beside = parted()
    seen = []
    for _ in range(250):
        before = counts(beside)
        beside.step()
        after = counts(beside)
        seen.append((after[0] - before[0], after[1] - before[1]))
        time_ms(beside)
    assert set(seen) == {(1, 1), (1, 0), (0, 1)}


def test_stepping_back_goes_the_same_way() -> None:
    beside = parted()
    seen = []
    for _ in range(80):
        seen.append((counts(beside), time_ms(beside)))
        beside.step()
    for place, when in reversed(seen[1:]):
        beside.step_back()
        assert (counts(beside), time_ms(beside)) == (place, when)


def test_a_step_back_before_the_parting_is_one_event_on_both_sides() -> None:
    beside = parted()
    beside.session.seek(ms(300))
    beside.follow()
    before = counts(beside)
    beside.step_back()
    assert counts(beside) == (before[0] - 1, before[1] - 1)


def test_an_act_goes_to_the_side_with_the_focus() -> None:
    beside = parted()
    beside.look_from(Kind.RIGHT)
    old = {kind: beside.branch(kind) for kind in BOTH}
    beside.session.dispatch(Timeout(2))
    beside.follow()
    assert beside.branch(Kind.LEFT) is old[Kind.LEFT]
    assert beside.branch(Kind.RIGHT).parent is old[Kind.RIGHT]


def test_differences_are_gone_through_in_order_and_back() -> None:
    beside = parted()
    beside.session.go_home()
    beside.follow()
    way = []
    for _ in range(12):
        index = beside.next_difference()
        assert index is not None
        beside.go_to(index)
        way.append((index, counts(beside), time_ms(beside)))
    assert [index for index, *_ in way] == list(range(12))
    for index, place, when in reversed(way[:-1]):
        assert beside.last_difference() == index
        beside.go_to(index)
        assert (counts(beside), time_ms(beside)) == (place, when)
    assert beside.last_difference() is None


def test_the_next_difference_is_looked_for_beyond_what_has_happened() -> None:
    session = opened(until_ms=100)
    old = session.branch
    session.open_branch()
    session.dispatch(Crash("leader"))  # nobody leads yet: in vain, and no more than a note
    beside = SideBySide(session, old)
    assert beside.next_difference() is None
    assert beside.place == len(beside.comparison) == 1
    assert beside.settled_us > ms(1_000)


def test_two_equal_lines_have_no_next_difference() -> None:
    session = opened()
    old = session.branch
    session.open_branch()
    assert SideBySide(session, old).next_difference() is None


def test_swapping_turns_left_and_right_and_leaves_the_focus_where_it_was() -> None:
    beside = parted()
    left, right = (beside.branch(kind) for kind in BOTH)
    beside.swap()
    assert [beside.branch(kind) for kind in BOTH] == [right, left]
    assert beside.session.branch is left
    assert beside.focus is Kind.RIGHT
    assert beside.comparison.left.branch is right


def test_two_sessions_are_on_one_clock_as_well_and_keep_their_own_branches() -> None:
    one, other = opened(seed=4), opened(seed=5)
    beside = SideBySide(one, other.branch, other)
    assert not beside.is_one_history
    play(beside, 300)
    assert time_ms(beside) == 900
    beside.look_from(Kind.RIGHT)
    assert beside.session is other
    beside.session.dispatch(Crash(1))
    assert len(one.history.branches) == 1
    assert beside.comparison.settings_differ == ("seed",)
    beside.read(100_000)
    assert (beside.comparison[0].left, beside.comparison[0].right) == (0, 0)


def test_an_act_is_undone_on_the_side_that_it_was_done_on() -> None:
    beside = parted()
    done: list[Edit] = []
    beside.session.edited = lambda edit: done.append(beside.bound(edit))
    beside.look_from(Kind.RIGHT)
    shown = {kind: beside.branch(kind) for kind in BOTH}
    beside.session.dispatch(Crash(3))
    beside.look_from(Kind.LEFT)
    done[0].undo()
    beside.settle()
    assert {kind: beside.branch(kind) for kind in BOTH} == shown
    assert beside.focus is Kind.RIGHT
    done[0].redo()
    assert beside.branch(Kind.RIGHT) is not shown[Kind.RIGHT]
    assert beside.branch(Kind.LEFT) is shown[Kind.LEFT]


def test_a_side_whose_branch_is_deleted_goes_to_the_nearest() -> None:
    beside = parted()
    gone = beside.branch(Kind.RIGHT)
    delete_branch(beside.session, gone)
    beside.settle()
    beside.follow()
    assert beside.branch(Kind.RIGHT) is beside.branch(Kind.LEFT)
    time_ms(beside)


def test_a_side_that_would_be_simulated_for_long_is_not_waited_for() -> None:
    session = opened(until_ms=20_000, requests_us=ms(20))
    old = session.branch
    session.seek(ms(400))
    session.dispatch(Crash(1))
    session.switch(old)
    beside = SideBySide(session, session.history.branches[1])
    beside.session.go_end()
    assert not beside.follow(1_000)
    assert 400 < time_ms(beside) < 20_000


class Twosome(RuleBasedStateMachine):
    """Anybody at two branches side by side."""

    @initialize(seed=st.integers(0, 1_000), apart=st.booleans())
    def open(self, seed: int, apart: bool) -> None:
        session = Session.of_settings(random_settings(seed))
        session.reach(ms(400))
        old, other = session.branch, None
        if apart:
            other = Session.of_settings(random_settings(seed))
        else:
            session.seek(ms(200))
            session.open_branch()
        self.beside = SideBySide(session, other.branch if other else old, other)
        self.done: list[Edit] = []
        for one in self.beside.sessions():
            one.edited = lambda edit: self.done.append(self.beside.bound(edit))

    @rule(seed=st.integers(0, 1_000))
    def act(self, seed: int) -> None:
        session = self.beside.session
        here = World.at(session.history, session.branch, count=session.count)
        if here.branch is not session.branch:  # it was only to look
            session.history.branches.remove(here.branch)
        session.dispatch(random_act(Dice(Chance(seed), 0), here))
        self.beside.follow()

    @rule()
    def undo(self) -> None:
        if self.done:
            edit = self.done.pop()
            edit.undo()
            self.beside.settle()
            self.beside.follow()

    @rule(milliseconds=st.integers(1, 200))
    def play(self, milliseconds: int) -> None:
        play(self.beside, milliseconds, 3)

    @rule(part=st.floats(0, 1))
    def seek(self, part: float) -> None:
        session = self.beside.session
        session.seek(part * session.branch.time_at(len(session.branch)))
        self.beside.follow()

    @rule()
    def step_by_itself(self) -> None:
        """As everything does that steps on one side only: the other follows."""
        self.beside.session.step()
        self.beside.follow()

    @rule()
    def step(self) -> None:
        before = counts(self.beside)
        self.beside.step()
        moved = {b - a for a, b in zip(before, counts(self.beside), strict=True)}
        assert moved <= {0, 1}

    @rule()
    def step_back(self) -> None:
        before = counts(self.beside)
        self.beside.step_back()
        moved = {b - a for a, b in zip(before, counts(self.beside), strict=True)}
        assert moved <= {0, -1}

    @rule()
    def turn(self) -> None:
        self.beside.look_from(self.beside.focus.other)

    @rule()
    def swap(self) -> None:
        self.beside.swap()

    @rule()
    def go_to_a_difference(self) -> None:
        self._go(self.beside.next_difference)

    @rule()
    def go_back_to_a_difference(self) -> None:
        self.beside.read(100_000)
        self._go(self.beside.last_difference)

    def _go(self, find: Callable[[], int | None]) -> None:
        index = find()
        if index is not None:
            self.beside.go_to(index)
            assert self.beside.place == index + 1

    @invariant()
    def both_show_one_instant(self) -> None:
        time_ms(self.beside)

    @invariant()
    def counts_and_times_belong_together(self) -> None:
        for kind in BOTH:
            at: Cursor = self.beside.cursor(kind)
            assert 0 <= at.count <= len(at.branch)
            assert at.branch.time_at(at.count) <= at.time_us < at.branch.latest_us(at.count) + 1
            assert not at.branch.hidden

    @invariant()
    def what_is_the_same_has_happened_on_both_sides_or_on_neither(self) -> None:
        self.beside.read(1_000_000)
        comparison = self.beside.comparison
        left, right = counts(self.beside)
        if int(self.beside.cursor(Kind.LEFT).time_us) > comparison.read_us:
            return
        for number in range(max(comparison.shared, left - 20), left):
            there = comparison.partner(Kind.LEFT, number)
            assert there is None or there < right
        for number in range(max(comparison.shared, right - 20), right):
            there = comparison.partner(Kind.RIGHT, number)
            assert there is None or there < left

    @invariant()
    def nothing_is_violated(self) -> None:
        for session in self.beside.sessions():
            checker: Checker = session.checker
            assert checker.violations == []


TestTwosome = Twosome.TestCase
TestTwosome.settings = settings(max_examples=40, stateful_step_count=20)
