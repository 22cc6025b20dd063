"""Holding a message: it stands where it is until it is released, delivered or dropped."""

import pytest

from raftviz.checks.liveness import demand_liveness, heal_all
from raftviz.raft.messages import RequestVoteRequest, RequestVoteResponse
from raftviz.sim.events import Delivered, Lost
from raftviz.sim.history import Branch
from raftviz.sim.network import Flight, Held
from raftviz.sim.targets import held_flights
from raftviz.sim.units import NEVER, ms
from raftviz.sim.world import World
from tests.sim.worlds import a_world, do, flights, led_by, note_of, of_kind, run


def asking() -> World:
    """Three servers; S1 asks S2 and S3 for their votes, 10 ms away, since 4 ms."""
    world = a_world(3, latency_us=(ms(10), ms(10)), disk_us=(0, 0))
    do(world, "timeout S1")
    run(world, 4)
    return world


def to(world: World, target: int) -> Flight:
    """The RequestVote in flight to ``target``."""
    (flight,) = flights(world, RequestVoteRequest, 1, target)
    return flight


def receivers(branch: Branch) -> list[int]:
    """Who has received something, in order."""
    events = (record.event for record in branch.records())
    return [event.flight.target for event in events if isinstance(event, Delivered)]


def test_a_held_message_stands_where_it_is_while_the_others_arrive() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    run(world, 12)
    assert to(world, 2).position(world.time_us) == pytest.approx(0.4)
    assert 2 not in receivers(world.branch)
    assert 3 in receivers(world.branch)


def test_a_held_message_is_never_due_by_itself() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    assert to(world, 2).due_us == NEVER
    do(world, *("crash S1", "crash S2", "crash S3", "drop RequestVote S1 -> S3"))
    assert world.next_us() == NEVER
    assert world.step() is None


def test_a_released_message_goes_on_from_where_it_stands_at_its_pace() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    run(world, 100)
    do(world, "release RequestVote S1 -> S2")
    flight = to(world, 2)
    assert not isinstance(flight, Held)
    assert flight.position(world.time_us) == pytest.approx(0.4)
    assert flight.position(world.time_us + ms(3)) == pytest.approx(0.7)
    assert flight.due_us == world.time_us + ms(6)


def test_to_hold_and_release_at_one_instant_changes_nothing_of_its_way() -> None:
    world = asking()
    before = to(world, 2).due_us
    do(world, "hold RequestVote S1 -> S2", "release RequestVote S1 -> S2")
    assert to(world, 2).due_us == before
    run(world, 6)
    assert receivers(world.branch).count(2) == 1


def test_a_held_message_keeps_its_number() -> None:
    world = asking()
    number = to(world, 2).id
    do(world, "hold RequestVote S1 -> S2")
    assert to(world, 2).id == number


def test_a_held_message_can_be_delivered() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    run(world, 20)
    do(world, "deliver RequestVote S1 -> S2")
    assert world.hosts[2].server.voted_for == 1
    assert not flights(world, RequestVoteRequest)


def test_a_held_message_can_be_dropped_and_falls_where_it_stood() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    run(world, 20)
    do(world, "drop RequestVote S1 -> S2")
    (lost,) = (r for r in of_kind(world.branch, Lost))
    assert isinstance(lost.event, Lost)
    assert lost.event.flight.position(lost.time_us) == pytest.approx(0.4)


def test_a_held_message_that_is_delayed_takes_longer_when_it_is_released() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2", "delay RequestVote S1 -> S2 by 40ms")
    assert isinstance(to(world, 2), Held)
    run(world, 20)
    do(world, "release message S1 -> S2")
    assert to(world, 2).due_us == world.time_us + ms(46)


def test_the_copy_of_a_held_message_goes_on() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2", "duplicate RequestVote S1 -> S2")
    held, copy = flights(world, RequestVoteRequest, 1, 2)
    assert (isinstance(held, Held), isinstance(copy, Held)) == (True, False)
    run(world, 11)
    assert receivers(world.branch).count(2) == 1
    assert flights(world, RequestVoteRequest, 1, 2) == [held]


def test_a_held_message_that_chance_will_lose_is_lost_at_the_same_place_after_its_release() -> None:
    world = a_world(3, latency_us=(ms(10), ms(10)), disk_us=(0, 0), loss=1.0)
    do(world, "timeout S1")
    place = to(world, 2).position(to(world, 2).due_us)
    run(world, 1)
    do(world, "hold RequestVote S1 -> S2")
    run(world, 50)
    do(world, "release RequestVote S1 -> S2")
    flight = to(world, 2)
    assert flight.position(flight.due_us) == pytest.approx(place, abs=1e-3)
    run(world, 10)
    assert 2 not in receivers(world.branch)


def test_a_message_held_before_a_cut_is_stopped_there_after_its_release() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2", "cut S1 -> S2")
    run(world, 20)
    do(world, "release RequestVote S1 -> S2")
    flight = to(world, 2)
    assert flight.lost_why == "cut"
    assert flight.position(flight.due_us) == pytest.approx(0.5, abs=1e-3)


def test_a_message_held_behind_a_cut_has_passed_it() -> None:
    world = asking()
    run(world, 2)
    do(world, "hold RequestVote S1 -> S2", "cut S1 -> S2")
    run(world, 20)
    do(world, "release RequestVote S1 -> S2")
    run(world, 4)
    assert 2 in receivers(world.branch)


def test_a_message_whose_link_is_restored_while_it_is_held_arrives() -> None:
    world = asking()
    do(world, "cut S1 -> S2", "hold RequestVote S1 -> S2")
    run(world, 20)
    do(world, "restore S1 -> S2", "release RequestVote S1 -> S2")
    run(world, 6)
    assert 2 in receivers(world.branch)


def test_a_held_message_outlives_a_crash_of_its_sender() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2", "crash S1")
    run(world, 20)
    do(world, "release RequestVote S1 -> S2")
    run(world, 6)
    assert world.hosts[2].server.voted_for == 1


# Which message


def test_one_after_the_other_is_held_by_the_same_words() -> None:
    world = asking()
    for _ in range(2):
        assert not note_of(do(world, "hold RequestVote S1 -> *"))
    assert {flight.target for flight in held_flights(world)} == {2, 3}
    assert note_of(do(world, "hold RequestVote S1 -> *")) == (
        "no such RequestVote from S1 to anyone is on its way"
    )


def test_only_held_messages_are_released() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S3")
    assert not note_of(do(world, "release RequestVote S1 -> *"))
    assert not held_flights(world)
    assert note_of(do(world, "release message * -> *")) == (
        "no such message from anyone to anyone is held"
    )


# Afterwards


def test_a_branch_from_the_past_holds_what_was_held_there() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    held, count = to(world, 2), len(world.branch)
    do(world, "release RequestVote S1 -> S2")
    run(world, 50)
    again = World.at(world.history, world.branch, count=count)
    run(again, 8)
    assert to(again, 2) == held
    do(again, "release RequestVote S1 -> S2")
    run(again, 6)
    assert again.hosts[2].server.voted_for == 1


def test_between_the_act_and_the_arrival_a_delivered_message_is_about_to_arrive() -> None:
    world = asking()
    count = len(world.branch)
    do(world, "deliver RequestVote S1 -> S2")
    between = World.at(world.history, world.branch, count=count + 1)
    arrived = between.step()
    assert arrived is not None
    assert (arrived.time_us, arrived.event) == (world.time_us, world.branch[count + 1].event)


def test_healing_everything_releases_what_is_held_and_the_cluster_comes_to_life() -> None:
    world = asking()
    while (heading := flights(world, RequestVoteRequest)) and not all(
        isinstance(flight, Held) for flight in heading
    ):
        do(world, "hold RequestVote S1 -> *")
    run(world, 60)
    assert len(held_flights(world)) == 2
    heal_all(world)
    assert not held_flights(world)
    assert demand_liveness(world) is None


def test_held_answers_make_no_leader() -> None:
    world = a_world(3, latency_us=(ms(10), ms(10)), disk_us=(0, 0))
    do(world, "timeout S1")
    run(world, 11)
    for _ in range(2):
        do(world, "hold RequestVoteResponse * -> S1")
    run(world, 100)
    assert len(flights(world, RequestVoteResponse)) == 2
    assert world.hosts[1].server.current_term == 1
    do(world, "deliver RequestVoteResponse S2 -> S1")
    assert flights(world, RequestVoteResponse, 3)


def test_a_held_message_counts_as_in_flight() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1", "hold ClientRequest C1 -> S1")
    run(world, 3_000)
    assert flights(world, object, -1, 1)[0].sent_us < world.time_us - ms(2_000)
