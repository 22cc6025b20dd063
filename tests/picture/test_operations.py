"""Operations of clients, from call to answer, as a branch tells them."""

import pytest

from raftviz.checks.linearizable import Verdict
from raftviz.lab.campaign import run_seed
from raftviz.picture.branch_index import Indexes
from raftviz.picture.operations import Operations, verdict_words
from raftviz.picture.operations_chart import (
    MOST_BARS,
    bar_at,
    chart,
    next_operation,
    operation_words,
    steps,
)
from raftviz.picture.time_window import TimeWindow
from raftviz.picture.timeline_scale import TimeScale
from raftviz.raft.cluster import Options
from raftviz.raft.log import Log
from raftviz.raft.server import Persistent
from raftviz.raft.variants import variant_rules
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.world import World, begin
from tests.sim.worlds import do, led_by, wait


def read(world: World) -> Operations:
    operations = Operations(world.history, world.branch, None)
    operations.extend()
    return operations


class TestReading:
    def test_an_operation_lasts_from_its_call_to_its_answer(self) -> None:
        world = led_by(1)
        called_us = world.time_us
        do(world, "request x=1 to S1")
        wait(world, "answered == 1")
        (only,) = read(world).all

        assert (only.client, only.serial, only.text, only.result) == (-1, 1, "x=1", "ok")
        assert only.call_us == called_us
        assert only.answer == len(world.branch) - 1
        assert only.answer_us == world.time_us
        assert [attempt.server for attempt in only.attempts] == [1]

    def test_who_is_not_answered_waits(self) -> None:
        world = led_by(1)
        do(world, "request x=1 to S1")
        operations = read(world)

        assert operations.all[0].answer is None
        assert operations.is_waiting
        assert operations.how_many(len(world.branch)) == (1, 0)

    def test_each_time_it_is_asked_again_is_told(self) -> None:
        world = led_by(1, client_timeout_us=ms(60))
        do(world, "crash S1", "request x=1 to S1")
        wait(world, "answered == 1")
        (only,) = read(world).all

        assert len(only.attempts) > 1
        assert next(words for _, words in steps(only)).endswith("asks S1")
        assert [words for _, words in steps(only)][-1].endswith("is told “ok”")
        assert [event for event, _ in steps(only)] == sorted(event for event, _ in steps(only))

    def test_clients_stand_in_order(self) -> None:
        world = led_by(1)
        do(world, "request x=1", "request x=2", "request x=3")

        assert read(world).clients == [-1, -2, -3]

    def test_a_branch_knows_what_was_open_when_it_began(self) -> None:
        world = led_by(1)
        do(world, "request x=1 to S1")
        fork = len(world.branch)
        wait(world, "answered == 1")
        do(world, "request y=1 to S1")
        wait(world, "answered == 2")
        other = World.at(world.history, world.branch, count=fork, new_branch="other")
        indexes: Indexes[Operations] = Indexes(lambda b, p: Operations(world.history, b, p))
        there = indexes.of(other.branch)
        there.extend()
        assert [(o.text, o.answer) for o in there.all] == [("x=1", None)]
        other.run_until(other.time_us + ms(200))
        there.extend()

        assert there.all[0].result == "ok"
        assert there.how_many(len(other.branch)) == (1, 1)
        known = indexes.of(world.branch)
        assert [o.text for o in known.all] == ["x=1", "y=1"]
        assert known.all[0] is not there.all[0]

    def test_in_the_past_fewer_were_called_and_answered(self) -> None:
        world = led_by(1)
        do(world, "requests every 50ms")
        world.run_until(ms(2_000))
        operations = read(world)
        for count in range(0, len(world.branch), 13):
            asked = [o for o in operations.all if o.call < count]
            told = [o for o in asked if o.answer is not None and o.answer < count]
            assert operations.how_many(count) == (len(asked), len(told))


class TestVerdicts:
    def test_what_raft_does_is_linearizable(self) -> None:
        world = led_by(1, loss=0.1)
        do(world, "requests every 30ms")
        world.run_until(ms(3_000))
        operations = read(world)

        assert operations.verdict_at(len(world.branch)) == (Verdict.FINE, None)
        assert verdict_words(operations, len(world.branch)).startswith("Linearizable: ")

    @pytest.mark.parametrize("seed", range(12))
    def test_so_is_a_run_at_random(self, seed: int) -> None:
        run = run_seed(seed, 1_500)
        operations = Operations(run.history, run.history.root, None)
        operations.extend()

        assert operations.verdict_at(len(run.history.root))[0] is not Verdict.BROKEN

    @pytest.mark.parametrize("mistake", ["no_sessions", "ack_before_commit"])
    def test_a_mistake_is_seen_where_it_shows(self, mistake: str) -> None:
        run = run_seed(0, 2_000, variant_rules(mistake))
        root = run.history.root
        operations = Operations(run.history, root, None)
        operations.extend()
        verdict, wrong = operations.verdict_at(len(root))

        assert verdict is Verdict.BROKEN
        assert wrong is not None
        assert wrong.answer is not None
        assert wrong.unexplained
        assert operations.verdict_at(wrong.answer) == (Verdict.FINE, None)
        assert verdict_words(operations, len(root)).startswith("Not linearizable: C")
        assert "no order" in operation_words(wrong, 0)

    def test_servers_that_begin_with_entries_leave_it_open(self) -> None:
        start = {server: Persistent(1, 0, Log.of_terms(1)) for server in range(1, 4)}
        world = World.at(begin(Settings(servers=3, start=start, requests_us=ms(50))))
        world.run_until(ms(1_500))

        assert "who can tell" in verdict_words(read(world), len(world.branch))

    def test_too_many_at_once_are_said_to_be_too_many(self) -> None:
        world = led_by(1, options=Options(machine="counter"))
        do(world, *(f'request "+{n}" to S1 from C{n}' for n in range(1, 10)))
        wait(world, "answered == 9")

        assert "Too many were open" in verdict_words(read(world), len(world.branch))


class TestTheChart:
    SCALE = TimeScale(0.0, 1_000.0, 1_000.0)

    def test_a_bar_reaches_from_call_to_answer_and_a_waiting_one_to_now(self) -> None:
        world = led_by(1)
        do(world, "request x=1 to S1")
        wait(world, "answered == 1")
        do(world, "request x=2 to S1")
        world.run_until(world.time_us + ms(5))
        operations = read(world)
        done, waiting = chart(operations, self.SCALE, operations.clients, world.time_us).bars

        assert (done.x0, done.x1) == (
            self.SCALE.x(done.operation.call_us),
            self.SCALE.x(done.operation.answer_us),
        )
        assert not done.waits
        assert waiting.waits
        assert waiting.x1 == self.SCALE.x(world.time_us)

    def test_what_is_out_of_sight_is_not_drawn(self) -> None:
        world = led_by(1)
        do(world, "requests every 50ms")
        world.run_until(ms(4_000))
        operations = read(world)
        seen = chart(operations, TimeScale(2e6, 1_000.0, 100.0), operations.clients, ms(4_000))

        assert 1 <= len(seen.bars) <= 4
        for bar in seen.bars:
            assert bar.x1 >= 0
            assert bar.x0 <= 100

    def test_a_crowd_is_told_by_number(self) -> None:
        world = led_by(1, latency_us=(ms(1), ms(2)))
        do(world, "requests every 15ms")
        world.run_until(ms(9_000))
        operations = read(world)
        seen = chart(operations, TimeScale(0.0, 9_000.0, 1_000.0), operations.clients, ms(9_000))

        assert not seen.bars
        assert seen.crowds[0].count > MOST_BARS

    def test_the_nearest_bar_is_found(self) -> None:
        world = led_by(1)
        do(world, "request x=1 to S1")
        wait(world, "answered == 1")
        operations = read(world)
        seen = chart(operations, self.SCALE, operations.clients, world.time_us)
        (bar,) = seen.bars

        assert bar_at(seen, (bar.x0 + bar.x1) / 2, 0, 3.0) is bar.operation
        assert bar_at(seen, bar.x1 + 2, 0, 3.0) is bar.operation
        assert bar_at(seen, bar.x1 + 9, 0, 3.0) is None
        assert bar_at(seen, bar.x0, 1, 3.0) is None

    def test_keys_walk_through_operations_in_the_order_of_calls(self) -> None:
        world = led_by(1)
        do(world, "request x=1", "request x=2", "request x=3")
        operations = read(world)
        first, second, third = operations.all

        assert next_operation(operations, None, second.call + 1, 1) is second
        assert next_operation(operations, second, 0, 1) is third
        assert next_operation(operations, third, 0, 1) is third
        assert next_operation(operations, first, 0, -1) is first

    def test_words_tell_what_was_asked_and_told(self) -> None:
        world = led_by(1)
        do(world, "request x=1 to S1")
        assert "waits for" in operation_words(read(world).all[0], world.time_us)
        wait(world, "answered == 1")
        words = operation_words(read(world).all[0], world.time_us)

        assert words.startswith("C1: x=1\n“ok” after ")
        assert words.endswith("asked S1")


class TestTheWindowOfTime:
    def test_it_follows_the_cursor(self) -> None:
        window = TimeWindow(1_000.0)
        for now in range(0, 5_000_000, 16_000):
            window.show(now, now)
            assert 0 <= window.scale.x(now) <= 1_000

    def test_who_looks_elsewhere_stays_there_until_the_cursor_jumps(self) -> None:
        window = TimeWindow(1_000.0)
        window.show(3_000_000, 3_000_000)
        window.pan(-2_500)
        there = window.scale.start_us
        window.show(3_010_000, 3_010_000)
        assert window.scale.start_us == there
        window.show(1_000, 3_010_000)
        assert 0 <= window.scale.x(1_000) <= 1_000

    def test_zooming_keeps_the_instant_under_the_pointer(self) -> None:
        window = TimeWindow(1_000.0)
        window.show(500_000, 2_000_000)
        under = window.scale.time_us(300)
        window.zoom(2.0, 300)

        assert window.scale.time_us(300) == pytest.approx(under)
        window.fit()
        assert window.scale.x(0) >= 0
        assert window.scale.x(2_000_000) <= 1_000
