"""What is measured of a branch over time is what its records say."""

import csv as csv_module
from io import StringIO

import numpy as np
import pytest

from raftviz.data import asset_path
from raftviz.picture.branch_index import Indexes
from raftviz.picture.measures import (
    MEASURES,
    Measures,
    Steps,
    bin_for,
    csv,
    stairs,
    value_at,
)
from raftviz.picture.plots import PLOTS, columns_for, summary, whole_us, words_at
from raftviz.sim.history import Branch
from raftviz.sim.host import Status
from raftviz.sim.units import ms
from raftviz.sim.world import World
from raftviz.tracefile import open_recording
from tests.sim.worlds import do, led_by, wait


def read(world: World, branch: Branch | None = None) -> Measures:
    indexes: Indexes[Measures] = Indexes(lambda b, p: Measures(world.history, b, p))
    measures = indexes.of(branch or world.branch)
    measures.extend()
    return measures


def busy() -> World:
    world = led_by(1)
    do(world, "requests every 40ms")
    world.run_until(ms(1_500))
    do(world, "crash S1")
    world.run_until(ms(3_000))
    return world


def measured(world: World, branch: Branch, count: int, server: int) -> tuple[int, int, int]:
    server_state = world.history.host_at(branch, server, count).server
    return server_state.current_term, server_state.commit_index, server_state.log.last_index


class TestServers:
    def test_each_has_the_values_that_the_history_has(self) -> None:
        world = busy()
        measures = read(world)
        for count in range(1, len(world.branch), 29):
            at_us = world.branch.time_at(count)
            if world.branch.count_at(at_us) != count:
                continue  # more happens at this very instant
            for server in (2, 3, 5):
                told = [value_at(measures.of_server(server, m), at_us) for m in MEASURES]
                assert tuple(told) == measured(world, world.branch, count, server)

    def test_the_highest_and_the_lowest_are_of_those_that_run(self) -> None:
        world = busy()
        measures = read(world)
        for count in range(1, len(world.branch), 41):
            at_us = world.branch.time_at(count)
            if world.branch.count_at(at_us) != count:
                continue
            hosts = [world.history.host_at(world.branch, s, count) for s in range(1, 6)]
            running = [h.id for h in hosts if h.status is not Status.CRASHED]
            commits = [measured(world, world.branch, count, s)[1] for s in running]
            assert value_at(measures.extreme("high", "commit_index"), at_us) == max(commits)
            assert value_at(measures.extreme("low", "commit_index"), at_us) == min(commits)

    def test_who_is_down_has_what_its_disk_holds(self) -> None:
        world = busy()
        own = read(world).of_server(1, "last_index")

        assert own.values[-1] == world.hosts[1].disk.durable.log.last_index


class TestMessagesAndCommits:
    def test_messages_in_flight_are_counted(self) -> None:
        world = busy()
        flying = read(world).in_flight()
        for count in range(1, len(world.branch), 37):
            at_us = world.branch.time_at(count)
            if world.branch.count_at(at_us) == count:
                assert value_at(flying, at_us) == len(world.branch.flights(count))

    def test_an_entry_takes_from_its_leaders_log_to_the_first_commit(self) -> None:
        world = led_by(1)
        do(world, "request x=1 to S1")
        index = world.hosts[1].server.log.last_index
        while world.hosts[1].server.log.last_index == index:
            world.step()
        appended_us = world.time_us
        wait(world, 'committed("x=1")')
        times, took = read(world).latencies()

        assert times[-1] == world.time_us
        assert took[-1] == pytest.approx((world.time_us - appended_us) / 1_000)

    def test_each_entry_is_committed_once(self) -> None:
        world = busy()
        indexes = read(world).commits.column("index").tolist()

        assert indexes == sorted(set(indexes))
        assert indexes[-1] == max(h.server.commit_index for h in world.hosts.values())

    def test_commits_a_second_add_up(self) -> None:
        world = busy()
        measures = read(world)
        edges, rates = measures.throughput(100_000, world.time_us)

        assert rates.sum() * 0.1 == pytest.approx(len(measures.commits))
        assert len(edges) == len(rates) + 1

    def test_long_runs_have_wider_bins(self) -> None:
        assert bin_for(ms(1_000)) == ms(100)
        assert 100 <= ms(3_600_000) / bin_for(ms(3_600_000)) <= 300


class TestBranches:
    def test_a_branch_goes_on_from_where_its_parent_stood(self) -> None:
        world = busy()
        fork = len(world.branch) // 2
        other = World.at(world.history, world.branch, count=fork, new_branch="other")
        do(other, "request y=1")
        other.run_until(other.time_us + ms(700))
        grown = read(world, other.branch)

        alone = Measures(world.history, _flat(other.branch), None)
        alone.extend()
        for mine, theirs in (
            (grown.flying, alone.flying),
            (grown.commits, alone.commits),
            (grown.all, alone.all),
        ):
            for field in mine.fields:
                assert mine.column(field).tolist() == theirs.column(field).tolist()

    def test_the_parent_is_left_as_it_was(self) -> None:
        world = busy()
        before = read(world).flying.column("count").tolist()
        other = World.at(world.history, world.branch, count=50, new_branch="other")
        other.run_until(other.time_us + ms(300))
        read(world, other.branch)

        assert read(world).flying.column("count").tolist() == before


def _flat(branch: Branch) -> Branch:
    """The same events in a branch without a parent."""
    flat = Branch(0, "flat", None, 0, 0)
    for count, record in enumerate(branch.records(), 1):
        flat.append(record, branch.flights(count))
    return flat


class TestDrawing:
    def test_stairs_go_across_and_then_up(self) -> None:
        x, y = stairs(Steps(np.array([0, 2_000]), np.array([1, 5])), 6_000)

        assert list(zip(x.tolist(), y.tolist(), strict=True)) == [(0, 1), (2, 1), (2, 5), (6, 5)]

    def test_a_value_holds_until_the_next(self) -> None:
        steps = Steps(np.array([10, 20]), np.array([1, 5]))

        assert [value_at(steps, t) for t in (5, 10, 19, 20, 99)] == [None, 1, 1, 5, 5]

    def test_all_of_a_run_is_shown_on_an_axis_that_seldom_changes(self) -> None:
        seen = {whole_us(head) for head in range(0, 20_000_000, 16_000)}

        assert all(whole_us(head) >= head for head in range(0, 20_000_000, 777_777))
        assert len(seen) < 20

    @pytest.mark.parametrize(("width", "height", "columns"), [
        (1_580, 160, 6), (600, 800, 2), (300, 1_200, 1), (1_500, 600, 3),
    ])  # fmt: skip
    def test_plots_fill_the_place_there_is(self, width: int, height: int, columns: int) -> None:
        assert columns_for(width, height) == columns


class TestWords:
    def test_each_plot_says_something_about_an_instant(self) -> None:
        world = busy()
        measures = read(world)
        words = {p.id: words_at(p, measures, world.time_us, 2) for p in PLOTS}

        assert words["term"].startswith("Term at 3,000.0 ms\n2 on all that run\nS2: 2")
        assert "Messages in flight at" in words["flying"]
        assert " was committed " in words["latency"]
        assert "nothing is committed" in words_at(PLOTS[4], measures, 0, 0)

    def test_all_of_it_in_one_line(self) -> None:
        world = busy()

        assert summary(read(world), world.time_us).startswith("term 2, commit index ")


def test_the_table_can_be_read_again() -> None:
    world = busy()
    measures = read(world)
    rows = list(csv_module.DictReader(StringIO(csv(measures, world.time_us))))

    assert {row["measure"] for row in rows} == {
        "term", "commit_index", "last_index", "in_flight", "commit_latency_ms",
        "commits_per_second",
    }  # fmt: skip
    terms = [r for r in rows if (r["measure"], r["server"]) == ("term", "S2")]
    assert [r["value"] for r in terms] == ["0", "1", "2"]
    assert sum(r["measure"] == "commit_latency_ms" for r in rows) == len(measures.commits)
    assert all(float(row["time_ms"]) >= 0 for row in rows)


def test_what_a_recording_does_not_tell_is_not_taken_for_zero() -> None:
    history = open_recording(str(asset_path("traces") / "two-leaders.jsonl")).history
    measures = Measures(history, history.root, None)
    measures.extend()

    assert measures.told == {"term"}
    assert "does not tell" in words_at(PLOTS[1], measures, 100_000, 0)
    assert "does not tell" not in words_at(PLOTS[0], measures, 100_000, 0)
