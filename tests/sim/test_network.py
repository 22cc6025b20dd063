"""Partitions, cuts and how good links are."""

from collections import Counter

import pytest

from raftviz.raft.messages import AppendEntriesRequest, AppendEntriesResponse
from raftviz.sim.acting import perform
from raftviz.sim.acts import Choice, Crash, Cut, Drop, Partition, Request, SetLoss
from raftviz.sim.events import Delivered, Lost
from raftviz.sim.network import Flight
from raftviz.sim.targets import ActError
from raftviz.sim.units import ms
from raftviz.sim.world import CUT_PLACE, World
from tests.sim.worlds import do, flights, led_by, note_of, of_kind, run, sent, wait

TEN_MS = (ms(10), ms(10))


def heartbeats_away(done_ms: float) -> World:
    """S1 leads; its heartbeats, all 10 ms long, left ``done_ms`` ago."""
    world = led_by(1, latency_us=TEN_MS)
    while not flights(world, AppendEntriesRequest):
        world.step()
    run(world, done_ms)
    return world


def ends(world: World, first: int = 0) -> Counter[tuple[str, int, int]]:
    """How messages ended: delivered or why lost, from whom, to whom."""
    return Counter(
        (getattr(r.event, "why", "delivered"), r.event.flight.source, r.event.flight.target)
        for r in world.branch.records(first)
        if isinstance(r.event, Delivered | Lost)
    )


# Partitions


def test_only_servers_on_one_side_reach_each_other() -> None:
    world = led_by(1)
    do(world, "partition S1 S2 | S3 S4 S5")
    count = len(world.branch)
    run(world, 400)
    small, large = {1, 2}, {3, 4, 5}
    for how, source, target in ends(world, count):
        together = {source, target} <= small or {source, target} <= large
        assert (how == "delivered") == together


def test_servers_that_are_not_named_are_one_more_side() -> None:
    world = led_by(1)
    do(world, "partition S1 | S2")
    assert world.network.groups == (frozenset({1}), frozenset({2}), frozenset({3, 4, 5}))


def test_naming_one_side_is_enough() -> None:
    world = led_by(1)
    do(world, "partition S1 S2")
    assert world.network.groups == (frozenset({1, 2}), frozenset({3, 4, 5}))


def test_a_new_partition_takes_the_place_of_the_old_one() -> None:
    world = led_by(1)
    do(world, "partition S1 S2 | S3 S4 S5", "partition S1 | S2 S3 S4 S5")
    assert not world.network.is_cut(2, 3)
    assert world.network.is_cut(1, 2)


def test_clients_reach_every_side() -> None:
    world = led_by(1)
    do(world, "partition S1 | S2 S3 S4 S5", "request x=1 to S1")
    wait(world, "copies x=1 == 1", 100)


def test_a_message_that_has_not_come_to_the_cut_is_stopped_there() -> None:
    world = heartbeats_away(4)
    do(world, "partition S1 | S2 S3 S4 S5")
    began, count = world.time_us, len(world.branch)
    run(world, 10)
    lost = of_kind(world.branch, Lost, count)
    assert len(lost) == 4
    assert {r.time_us for r in lost} == {began + ms(1)}


def test_a_message_that_has_passed_the_cut_arrives() -> None:
    world = heartbeats_away(6)
    do(world, "partition S1 | S2 S3 S4 S5")
    count = len(world.branch)
    run(world, 4)
    assert ends(world, count) == Counter(("delivered", 1, other) for other in (2, 3, 4, 5))


def test_healing_saves_a_message_that_has_not_come_to_the_cut() -> None:
    world = heartbeats_away(1)
    do(world, "partition S1 | S2 S3 S4 S5")
    run(world, 1)
    do(world, "heal")
    count = len(world.branch)
    run(world, 8)
    assert ends(world, count) == Counter(("delivered", 1, other) for other in (2, 3, 4, 5))


def test_a_message_sent_into_a_cut_is_lost_halfway() -> None:
    world = led_by(1, latency_us=TEN_MS)
    do(world, "partition S1 | S2 S3 S4 S5")
    while not flights(world, AppendEntriesRequest):
        world.step()
    for flight in flights(world, AppendEntriesRequest):
        assert flight.lost_why == "cut"
        assert flight.position(flight.due_us) == pytest.approx(CUT_PLACE)


def test_healing_ends_the_partition_and_restores_every_cut_link() -> None:
    world = led_by(1)
    do(world, "cut S1 <-> S2", "partition S1 | S2 S3 S4 S5", "heal")
    assert not world.network.groups
    assert not world.network.cuts


def test_after_healing_logs_agree_again() -> None:
    world = led_by(1)
    do(world, "partition S1 S2 | S3 S4 S5", "request lost=1 to S1")
    run(world, 1_000)
    do(world, "heal")
    wait(world, "leaders == 1 and logs_agree", 3_000)


# Cuts


def test_a_cut_in_one_direction_lets_the_other_through() -> None:
    world = led_by(1)
    do(world, "cut S2 -> S1")
    count = len(world.branch)
    run(world, 300)
    found = ends(world, count)
    assert found["delivered", 1, 2]
    assert found["cut", 2, 1]
    assert not found["delivered", 2, 1]


def test_a_cut_in_both_directions_lets_nothing_through() -> None:
    world = led_by(1)
    do(world, "cut S1 <-> S2")
    assert world.network.cuts == {(1, 2), (2, 1)}


def test_restoring_one_direction_leaves_the_other_cut() -> None:
    world = led_by(1)
    do(world, "cut S1 <-> S2", "restore S1 -> S2")
    assert world.network.cuts == {(2, 1)}


def test_a_restored_link_works_under_a_partition_only_within_a_side() -> None:
    world = led_by(1)
    do(world, "cut S1 -> S2", "partition S1 | S2 S3 S4 S5", "restore S1 -> S2")
    assert world.network.is_cut(1, 2)


def test_a_leader_that_hears_nobody_goes_on_leading_and_commits_nothing() -> None:
    world = led_by(1)
    do(world, *(f"cut S{n} -> S1" for n in range(2, 6)), "request x=1 to S1")
    run(world, 2_000)
    assert world.hosts[1].server.commit_index == 1
    assert world.hosts[2].server.log.last_index >= 2


# How good links are


def test_with_all_messages_lost_none_arrives() -> None:
    world = led_by(1)
    do(world, "loss 100%")
    count = len(world.branch)
    run(world, 200)
    assert {how for how, _, _ in ends(world, count)} == {"loss"}


def test_loss_on_one_link_loses_in_both_directions_and_nowhere_else() -> None:
    world = led_by(1)
    do(world, "loss 100% on S1 <-> S2")
    count = len(world.branch)
    run(world, 100)
    lost = {ends for how, *ends_ in ends(world, count) if how == "loss" for ends in [tuple(ends_)]}
    assert lost == {(1, 2)}
    run(world, 500)
    assert not [key for key in ends(world, count) if key[0] == "loss" and set(key[1:]) != {1, 2}]


def test_loss_takes_about_the_part_that_was_asked_for() -> None:
    world = led_by(1, loss=0.0)
    do(world, "loss 20%", "partition S1 S2 S3 | S4 S5")
    count = len(world.branch)
    run(world, 20_000)
    inside = Counter(how for (how, *_), n in ends(world, count).items() for _ in range(n))
    part = inside["loss"] / (inside["loss"] + inside["delivered"])
    assert part == pytest.approx(0.2, abs=0.03)


def test_a_lossy_link_loses_messages_well_on_their_way() -> None:
    world = led_by(1)
    do(world, "loss 100%")
    count = len(world.branch)
    run(world, 200)
    places = [f.position(f.due_us) for _, _, f in sent(world.branch, count)]
    assert places
    assert all(0.15 < place < 0.85 for place in places)


def test_with_duplication_a_message_arrives_twice() -> None:
    world = led_by(1)
    do(world, "duplication 100%")
    count = len(world.branch)
    while not flights(world, AppendEntriesRequest, 1, 2):
        world.step()
    assert len(flights(world, AppendEntriesRequest, 1, 2)) == 2
    run(world, 40)
    assert ends(world, count)["delivered", 1, 2] == 2


def test_reordering_holds_a_message_up_so_that_later_ones_overtake_it() -> None:
    world = led_by(1, latency_us=TEN_MS)
    do(world, "reordering 100%")
    while not flights(world, AppendEntriesRequest, 1, 2):
        world.step()
    (flight,) = flights(world, AppendEntriesRequest, 1, 2)
    assert flight.arrives_us - flight.sent_us == ms(40)


def test_a_new_latency_holds_for_messages_sent_from_now_on() -> None:
    world = heartbeats_away(2)
    before = {f.id: f for f in world.flights.values()}
    do(world, "latency 77ms")
    assert world.flights == before
    run(world, 60)
    later = [f for f in flights(world, AppendEntriesRequest) if f.id not in before]
    assert {f.arrives_us - f.sent_us for f in later} == {ms(77)}


def test_latency_on_one_link_leaves_the_others() -> None:
    world = led_by(1, latency_us=TEN_MS)
    do(world, "latency 30ms on S1 <-> S2")
    while not flights(world, AppendEntriesRequest):
        world.step()
    takes = {f.target: f.arrives_us - f.sent_us for f in flights(world, AppendEntriesRequest)}
    assert takes == {2: ms(30), 3: ms(10), 4: ms(10), 5: ms(10)}


def test_what_is_said_of_all_links_holds_for_those_with_a_quality_of_their_own() -> None:
    world = led_by(1)
    do(world, "latency 30ms on S1 <-> S2", "loss 25%")
    quality = world.network.quality_of(2, 1)
    assert (quality.latency_us, quality.loss) == ((ms(30), ms(30)), 0.25)
    assert world.network.quality_of(3, 4).loss == 0.25


# In vain, and errors


@pytest.mark.parametrize(
    ("before", "act", "why"),
    [
        ([], "heal", "nothing is cut"),
        ([], "restore S1 -> S2", "that link is not cut"),
        (["cut S2 -> S1"], "restore S1 -> S2", "that link is not cut"),
        ([], "cut S1 -> S1", "a server needs no link to itself"),
        ([], "partition S1 S2 S3 S4 S5", "all servers are on one side"),
        ([], "partition leader | S1 S2", "a server cannot be on two sides of a partition"),
    ],
)
def test_what_cannot_be_done_to_the_network_is_kept_with_the_reason(
    before: list[str], act: str, why: str
) -> None:
    world = led_by(1)
    if before:
        do(world, *before)
    network = world.network
    assert note_of(do(world, act)) == why
    assert world.network == network


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Crash(6), "there is no server S6: the cluster has S1 to S5"),
        (Crash(0), "there is no server nobody"),
        (Crash(-1), "there is no server C1"),
        (Crash("the king"), "no server is called “the king”"),
        (Cut(1, 9), "there is no server S9"),
        (Partition(((1, 2), (7,))), "there is no server S7"),
        (Request("x=1", 8), "there is no server S8"),
        (SetLoss(0.5, (1, 6)), "there is no server S6"),
        (Drop(Choice("message", 6, 1)), "there is no server S6"),
        (Drop(Choice("message", "nobody", 1)), "no server is called “nobody”"),
    ],
)
def test_a_server_that_does_not_exist_is_an_error_and_leaves_no_trace(
    act: Crash | Cut | Partition | Request | SetLoss | Drop, words: str
) -> None:
    world = led_by(1)
    count = len(world.branch)
    with pytest.raises(ActError, match=words):
        perform(world, act)
    assert len(world.branch) == count


def test_a_flight_is_where_its_time_says() -> None:
    flight = Flight(1, 1, 2, AppendEntriesResponse(1, success=True), 0, 100, 200)
    assert [flight.position(t) for t in (0, 100, 150, 200, 999)] == [0, 0, 0.5, 1, 1]
    assert flight.time_of(0.5) == 150
