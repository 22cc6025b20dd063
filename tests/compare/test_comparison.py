"""Two lines side by side: where they part, what differs, and what it follows from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.compare.causes import Why, cause, cause_of_field, chain
from raftviz.compare.comparison import Comparison, Kind, Line
from raftviz.compare.fields import RULES, Field
from raftviz.compare.states import differing_entries, logs_of, part_differences
from raftviz.raft.log import Entry
from raftviz.raft.messages import AppendEntriesResponse
from raftviz.raft.names import Address
from raftviz.sim.events import Acted, Delivered, Lost, TimedOut
from raftviz.sim.history import Moment
from raftviz.sim.network import Flight
from raftviz.sim.world import World
from tests.compare.futures import beside, busy, compared, content, most_in_common, visited_twice
from tests.sim.worlds import a_world, do, led_by, run


def moments(comparison: Comparison, time_us: int) -> tuple[Moment, Moment]:
    """Both lines at one instant."""
    left, right = (
        Moment(line.history, line.branch, line.branch.count_at(time_us), time_us)
        for line in (comparison.left, comparison.right)
    )
    return left, right


def indexes(comparison: Comparison, kind: type, part: Address, side: Kind) -> list[int]:
    """The differences that are an event of this kind, at this server or client, on this side."""
    found = []
    for index in range(len(comparison)):
        record = comparison.records(index)[0 if side is Kind.LEFT else 1]
        if record is not None and isinstance(record.event, kind) and record.part == part:
            found.append(index)
    return found


# Where they part


def test_two_futures_part_at_the_act() -> None:
    world = led_by(1)
    _, comparison = beside(world, "crash S2")
    first = comparison[0]
    assert first.kind is Kind.RIGHT
    assert first.right == comparison.shared
    assert comparison.records(0)[1] == comparison.right.branch[comparison.shared]


def test_a_branch_in_which_nobody_acted_is_no_difference() -> None:
    world = busy(every_ms=30)
    other, comparison = beside(world)
    assert not len(comparison)
    do(other, "crash S3")
    run(other, 100)
    run(world, 100)
    comparison.read(world.time_us)
    assert isinstance((comparison.records(0)[1] or comparison.records(0)[0]).event, Acted)  # type: ignore[union-attr]
    assert comparison[0].left > comparison.shared


def test_the_same_act_in_both_futures_is_no_difference() -> None:
    world = led_by(1)
    other = World.at(world.history, world.branch, new_branch="the same again")
    for each in (world, other):
        run(each, 20)
        do(each, "crash S2", "drop Heartbeat * -> *")
        run(each, 500)
    assert not len(compared(world, other))


def test_clusters_with_other_seeds_part_at_the_beginning() -> None:
    worlds = [a_world(seed=seed) for seed in (4, 5)]
    for world in worlds:
        run(world, 1_000)
    comparison = compared(*worlds)
    assert comparison.settings_differ
    assert (comparison[0].left, comparison[0].right) == (0, 0)
    assert all(chain(comparison, index)[-1][1].why is Why.START for index in range(len(comparison)))


def test_two_runs_of_one_cluster_are_the_same_though_they_share_no_record() -> None:
    worlds = [a_world(seed=4, requests_us=30_000) for _ in range(2)]
    for world in worlds:
        run(world, 1_000)
    comparison = compared(*worlds)
    assert comparison.shared == 0
    assert not comparison.settings_differ
    assert not len(comparison)


# What follows from what


def acknowledging(world: World) -> list[Flight]:
    """The acknowledgements of entry 2 that are in flight."""
    return [
        flight
        for flight in world.flights.values()
        if isinstance(flight.message, AppendEntriesResponse) and flight.message.match_index == 2
    ]


def test_an_entry_is_not_committed_because_an_acknowledgement_was_dropped() -> None:
    world = led_by(1, servers=3)
    do(world, "cut S1 -> S3", "request x=1")
    while not acknowledging(world):
        world.step()
    _, comparison = beside(world, "drop AppendEntriesResponse S2 -> S1", later_ms=25)
    left, right = moments(comparison, world.time_us)
    fields = {
        (part.part, each.field.name): (each.left, each.right)
        for part in part_differences(left, right)
        for each in part.fields
    }
    assert fields[1, "commit_index"] == (2, 1)
    link = cause_of_field(comparison, len(comparison), 1, Field("commit_index"))
    assert link.to is not None
    path = chain(comparison, link.to)
    told = [comparison.records(index) for index, _ in path]
    assert [why.why for _, why in path] == [Why.FATE, Why.ACT]
    assert isinstance(told[0][0].event, Delivered)  # type: ignore[union-attr]
    assert isinstance(told[1][1].event, Acted)  # type: ignore[union-attr]


def test_a_message_that_was_not_sent_leads_to_the_event_that_would_have_sent_it() -> None:
    world = led_by(1)
    _, comparison = beside(world, "crash S1", later_ms=200)
    index = indexes(comparison, Delivered, 3, Kind.LEFT)[0]
    link = cause(comparison, index)
    assert link.why is Why.SENT
    assert link.to is not None
    sender, _ = comparison.records(link.to)
    assert sender is not None
    assert isinstance(sender.event, TimedOut)
    assert sender.part == 1
    assert cause(comparison, link.to).field == Field("status")


def test_an_election_follows_from_the_heartbeat_that_did_not_come() -> None:
    world = led_by(1)
    _, comparison = beside(world, "crash S1", later_ms=600)
    elections = [
        index
        for server in (2, 3, 4, 5)
        for index in indexes(comparison, TimedOut, server, Kind.RIGHT)
    ]
    link = cause(comparison, min(elections))
    assert link.field == Field("times out")
    assert chain(comparison, min(elections))[-1][0] == 0


def test_a_message_lost_at_a_crashed_server_is_one_difference_with_two_endings() -> None:
    world = led_by(1)
    _, comparison = beside(world, "crash S4", later_ms=200)
    pairs = [
        comparison.records(index)
        for index in range(len(comparison))
        if comparison[index].kind is Kind.BOTH
    ]
    assert pairs
    for left, right in pairs:
        assert left is not None
        assert right is not None
        assert isinstance(left.event, Delivered)
        assert isinstance(right.event, Lost)
        assert left.event.flight.message == right.event.flight.message


def test_what_a_bad_link_loses_follows_from_the_act_that_made_it_bad() -> None:
    world = led_by(1)
    _, comparison = beside(world, "loss 60%", later_ms=200)
    lost = [
        index
        for index in range(len(comparison))
        if (record := comparison.records(index)[1]) is not None and isinstance(record.event, Lost)
    ]
    assert lost
    link = cause(comparison, lost[0])
    assert link.why is Why.LINK
    assert link.to == 0
    assert link.field == Field("quality")


def test_what_a_broken_rule_changes_follows_from_the_act_that_broke_it() -> None:
    world = led_by(1)
    do(world, "request x=1")
    _, comparison = beside(world, "variant-on ack_before_commit", later_ms=40)
    link = cause(comparison, 1)
    assert (link.to, link.field) == (0, RULES)


def test_differing_log_entries_are_told_by_index() -> None:
    world = led_by(1)
    other = World.at(world.history, world.branch, new_branch="other")
    do(world, "request x=1")
    do(other, "request y=2")
    for each in (world, other):
        run(each, 300)
    comparison = compared(world, other)
    pair = logs_of(*(moment.state.hosts[1] for moment in moments(comparison, world.time_us)))
    assert pair is not None
    assert list(differing_entries(*pair, 1, 9)) == [2]
    link = cause_of_field(comparison, len(comparison), 3, Field("entry", 2))
    assert link.to is not None
    assert chain(comparison, link.to)[-1][1].why is Why.ACT


def test_an_entry_in_a_snapshot_is_taken_to_be_there() -> None:
    world = led_by(1)
    do(world, "request x=1")
    run(world, 300)
    _, comparison = beside(world, "compact S1", later_ms=10)
    pair = logs_of(*(moment.state.hosts[1] for moment in moments(comparison, world.time_us)))
    assert pair is not None
    assert isinstance(pair[0][1], Entry)
    assert list(differing_entries(*pair, 1, 9)) == []


# Reading


@pytest.mark.parametrize("act", ["crash leader", "drop message * -> *", "request z=9"])
def test_reading_on_while_both_are_played_gives_what_reading_at_once_gives(act: str) -> None:
    world = busy(every_ms=25)
    other, comparison = beside(world, act, later_ms=0)
    for _ in range(120):
        for each in (world, other):
            run(each, 4)
        comparison.read(world.time_us)
    at_once = compared(world, other)
    assert list(_all(comparison)) == list(_all(at_once))
    assert len(comparison) > 1


def test_a_little_is_read_at_a_time_when_asked_so() -> None:
    world = busy(every_ms=10)
    other, _ = beside(world, "crash leader", later_ms=20_000)
    comparison = Comparison(Line(world.history, world.branch), Line(other.history, other.branch))
    turns = 1
    while not comparison.read(world.time_us, 1_000):
        turns += 1
    assert turns > 5
    assert list(_all(comparison)) == list(_all(compared(world, other)))


def test_an_act_at_an_instant_that_was_read_already_is_taken_in() -> None:
    world = led_by(1)
    other, comparison = beside(world, later_ms=100)
    do(other, "crash S2")
    assert comparison.read(world.time_us)
    assert len(comparison) == 1
    do(world, "crash S2")
    assert comparison.read(world.time_us)
    assert not len(comparison)


def test_what_only_one_line_has_come_to_is_no_difference() -> None:
    world = led_by(1)
    other = World.at(world.history, world.branch, new_branch="behind")
    run(world, 1_000)
    run(other, 300)
    assert len(world.branch) > len(other.branch)
    assert not len(compared(world, other))


def test_the_comparison_swapped_is_the_comparison_seen_from_the_other_side() -> None:
    world = busy(every_ms=30)
    other, comparison = beside(world, "crash S3", later_ms=500)
    swapped = compared(other, world)
    assert sorted(_all(comparison)) == sorted(
        ({1: 2, 2: 1, 3: 3}[kind], right, left) for kind, left, right in _all(swapped)
    )


def _all(comparison: Comparison) -> list[tuple[int, int, int]]:
    found = (comparison[index] for index in range(len(comparison)))
    return [(int(each.kind), each.left, each.right) for each in found]


@given(st.integers(0, 10_000), st.integers(0, 8), st.integers(0, 6), st.integers(0, 6))
def test_whatever_was_done_all_that_is_the_same_is_found_and_the_rest_follows_from_it(
    seed: int, before: int, left: int, right: int
) -> None:
    world, other = visited_twice(seed, before, left, right)
    comparison = compared(world, other)
    assert _same(comparison) == _most(comparison, min(world.time_us, other.time_us))
    for index in range(len(comparison)):
        link = cause(comparison, index)
        if link.to is None:
            assert link.why is Why.ACT, comparison.records(index)
        else:
            assert link.to < index
            assert link.why is not Why.STATE or link.field is not None


def _same(comparison: Comparison) -> int:
    """How many events are called the same; each of them is."""
    left, right = comparison.left.branch, comparison.right.branch
    same = 0
    for number in range(comparison.shared, len(left)):
        there = comparison.partner(Kind.LEFT, number)
        if there is None or comparison.of_event(Kind.LEFT, number) is not None:
            continue
        assert comparison.partner(Kind.RIGHT, there) == number
        assert content(left[number]) == content(right[there])
        same += 1
    return same


def _most(comparison: Comparison, until_us: int) -> int:
    """How many events of the same instants are the same, at best."""
    instants: dict[int, tuple[list[object], list[object]]] = {}
    for side, line in enumerate((comparison.left, comparison.right)):
        for record in line.branch.records(comparison.shared, line.branch.count_at(until_us)):
            instants.setdefault(record.time_us, ([], []))[side].append(content(record))
    return sum(most_in_common(*pair) for pair in instants.values())
