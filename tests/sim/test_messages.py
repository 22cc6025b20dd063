"""Dropping, duplicating, delaying and delivering one message in flight."""

import attrs
import pytest

from raftviz.raft.messages import AppendEntriesRequest, ClientRequest, RequestVoteRequest
from raftviz.raft.server import Candidate
from raftviz.sim.acting import perform
from raftviz.sim.acts import Choice, Deliver, Drop
from raftviz.sim.events import Acted, Delivered, Lost
from raftviz.sim.units import ms
from raftviz.sim.world import World
from tests.sim.worlds import a_world, do, flights, led_by, note_of, of_kind, run, wait


def asking() -> World:
    """Three servers; S1 asks S2 and S3 for their votes, 10 ms away, since 4 ms."""
    world = a_world(3, latency_us=(ms(10), ms(10)), disk_us=(0, 0))
    do(world, "timeout S1")
    run(world, 4)
    return world


def request_to(world: World, target: int) -> int:
    """The id of the RequestVote in flight to ``target``."""
    (flight,) = flights(world, RequestVoteRequest, 1, target)
    return flight.id


# Dropping


def test_a_dropped_message_is_lost_where_it_is() -> None:
    world = asking()
    do(world, "drop RequestVote S1 -> S2")
    lost = world.branch[len(world.branch) - 1]
    assert isinstance(lost.event, Lost)
    assert lost.event.why == "dropped"
    assert lost.event.flight.position(lost.time_us) == pytest.approx(0.4)
    assert not flights(world, RequestVoteRequest, 1, 2)


def test_dropping_is_two_records_the_act_and_the_loss() -> None:
    world = asking()
    count = len(world.branch)
    act = do(world, "drop RequestVote S1 -> S2")
    assert isinstance(act.event, Acted)
    assert len(world.branch) == count + 2


def test_a_dropped_message_never_arrives() -> None:
    world = asking()
    do(world, "drop RequestVote S1 -> S2", "drop RequestVote S1 -> S3")
    run(world, 20)
    assert not of_kind(world.branch, Delivered)


# Duplicating


def test_a_duplicated_message_arrives_twice_the_copy_half_a_way_behind() -> None:
    world = asking()
    do(world, "duplicate RequestVote S1 -> S2")
    run(world, 12)
    arrived = [
        r.time_us
        for r in of_kind(world.branch, Delivered)
        if isinstance(r.event, Delivered) and r.event.flight.target == 2
    ]
    assert [t - world.branch[0].time_us for t in arrived] == [ms(10), ms(15)]


def test_the_copy_starts_where_the_message_is() -> None:
    world = asking()
    do(world, "duplicate RequestVote S1 -> S2")
    places = {f.position(world.time_us) for f in flights(world, RequestVoteRequest, 1, 2)}
    assert places == {0.4}


def test_a_vote_asked_for_twice_counts_once() -> None:
    world = a_world(5, latency_us=(ms(10), ms(10)), disk_us=(0, 0))
    do(world, "cut S3 -> S1", "cut S4 -> S1", "cut S5 -> S1", "timeout S1")
    run(world, 4)
    do(world, "duplicate RequestVote S1 -> S2")
    run(world, 30)
    assert len([r for r in of_kind(world.branch, Delivered) if r.part == 1]) == 2
    assert world.hosts[1].server.role == Candidate(frozenset({1, 2}))


def test_the_copy_of_a_message_that_chance_will_lose_is_not_lost() -> None:
    world = a_world(3, latency_us=(ms(10), ms(10)), disk_us=(0, 0), loss=1.0)
    do(world, "timeout S1")
    run(world, 1)
    do(world, "duplicate RequestVote S1 -> S2")
    run(world, 20)
    assert [r.part for r in of_kind(world.branch, Delivered)] == [2]


def test_the_copy_of_a_message_that_a_cut_will_stop_is_stopped_there_too() -> None:
    world = asking()
    do(world, "cut S1 -> S2", "duplicate RequestVote S1 -> S2")
    run(world, 20)
    assert 2 not in [r.part for r in of_kind(world.branch, Delivered)]
    why = [r.event.why for r in of_kind(world.branch, Lost) if isinstance(r.event, Lost)]
    assert why == ["cut", "cut"]


# Delaying


def test_a_delayed_message_arrives_so_much_later() -> None:
    world = asking()
    do(world, "delay RequestVote S1 -> S2 by 40ms")
    (flight,) = flights(world, RequestVoteRequest, 1, 2)
    assert flight.arrives_us - flight.sent_us == ms(50)


def test_a_delayed_message_does_not_jump() -> None:
    world = asking()
    do(world, "delay RequestVote S1 -> S2 by 40ms")
    (flight,) = flights(world, RequestVoteRequest, 1, 2)
    assert flight.position(world.time_us) == pytest.approx(0.4)
    run(world, 23)
    assert flight.position(world.time_us) == pytest.approx(0.7)


def test_a_delayed_message_keeps_its_number() -> None:
    world = asking()
    number = request_to(world, 2)
    do(world, "delay RequestVote S1 -> S2 by 40ms")
    assert request_to(world, 2) == number


def test_a_message_delayed_before_a_cut_stops_at_the_cut() -> None:
    world = asking()
    do(world, "cut S1 -> S2", "delay RequestVote S1 -> S2 by 40ms")
    (flight,) = flights(world, RequestVoteRequest, 1, 2)
    assert flight.position(flight.due_us) == pytest.approx(0.5, abs=1e-4)
    assert flight.due_us > world.time_us + ms(1)


def test_a_delay_of_nothing_changes_nothing() -> None:
    world = asking()
    do(world, "delay RequestVote S1 -> S2 by 0ms")
    (flight,) = flights(world, RequestVoteRequest, 1, 2)
    assert flight.arrives_us - flight.sent_us == ms(10)


# Delivering


def test_a_delivered_message_arrives_now() -> None:
    world = asking()
    do(world, "deliver RequestVote S1 -> S2")
    assert world.hosts[2].server.voted_for == 1
    assert not flights(world, RequestVoteRequest, 1, 2)


def test_a_message_that_was_to_be_lost_can_be_delivered() -> None:
    world = asking()
    do(world, "cut S1 -> S2", "deliver RequestVote S1 -> S2")
    assert world.hosts[2].server.voted_for == 1


def test_a_message_delivered_to_a_crashed_server_is_lost() -> None:
    world = asking()
    do(world, "crash S2", "deliver RequestVote S1 -> S2")
    last = world.branch[len(world.branch) - 1]
    assert isinstance(last.event, Lost)
    assert last.event.why == "crashed"


# Which message


def test_the_oldest_message_is_meant_first_and_the_second_can_be_named() -> None:
    world = led_by(1)
    do(world, "latency 80ms")
    while len(flights(world, AppendEntriesRequest, 1, 2)) < 2:
        world.step()
    first, second = flights(world, AppendEntriesRequest, 1, 2)
    do(world, "drop 2nd AppendEntries S1 -> S2")
    assert flights(world, AppendEntriesRequest, 1, 2) == [first]
    do(world, "drop AppendEntries S1 -> S2")
    assert not flights(world, AppendEntriesRequest, 1, 2)
    assert first.id < second.id


def test_a_star_is_any_server() -> None:
    world = asking()
    do(world, "drop RequestVote * -> S3")
    assert not flights(world, RequestVoteRequest, 1, 3)
    assert flights(world, RequestVoteRequest, 1, 2)


def test_a_role_names_the_end_of_a_link() -> None:
    world = asking()
    do(world, "drop RequestVote candidate -> S3")
    assert not flights(world, RequestVoteRequest, 1, 3)


def test_a_heartbeat_is_an_append_without_entries() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    wait(world, "copies x=1 >= 1 and messages >= 4")
    assert note_of(do(world, "drop Heartbeat S1 -> S2")).startswith("no such Heartbeat")
    assert not note_of(do(world, "drop AppendEntries S1 -> S2"))


def test_a_clients_messages_can_be_named() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1", "drop ClientRequest C1 -> S1")
    assert not flights(world, ClientRequest)


def test_a_click_names_one_flight() -> None:
    world = asking()
    number = request_to(world, 3)
    perform(world, Drop(Choice("RequestVote", 1, 3, 1, number)))
    assert number not in world.flights


def test_a_flight_that_is_over_cannot_be_clicked() -> None:
    world = asking()
    number = request_to(world, 3)
    run(world, 20)
    record = perform(world, Deliver(Choice("RequestVote", 1, 3, 1, number)))
    assert note_of(record) == "no such RequestVote from S1 to S3 is in flight"


@pytest.mark.parametrize("word", ["drop", "duplicate", "deliver"])
def test_a_message_that_is_not_in_flight_is_a_note(word: str) -> None:
    world = a_world(3)
    record = do(world, f"{word} RequestVote S1 -> *")
    assert note_of(record) == "no such RequestVote from S1 to anyone is in flight"


def test_an_act_on_a_message_changes_no_server_but_the_receiver() -> None:
    world = asking()
    before = {n: host.server for n, host in world.hosts.items()}
    do(world, "delay RequestVote S1 -> S2 by 1ms", "duplicate RequestVote S1 -> S2")
    assert {n: host.server for n, host in world.hosts.items()} == before


def test_a_copy_has_a_number_of_its_own() -> None:
    world = asking()
    do(world, "duplicate RequestVote S1 -> S2", "duplicate RequestVote S1 -> S3")
    assert len(world.flights) == 4
    assert all(attrs.evolve(f) == world.flights[n] for n, f in world.flights.items())
