"""Clients ask, follow the hint to the leader, ask again, and are answered once (§8)."""

import pytest

from raftviz.raft.messages import ClientRequest, ClientResponse
from raftviz.sim.client import Client
from raftviz.sim.events import Delivered, Woke
from raftviz.sim.units import ms
from raftviz.sim.world import World
from tests.sim.worlds import (
    a_world,
    commands,
    do,
    flights,
    led_by,
    note_of,
    of_kind,
    run,
    sent,
    wait,
)


def asked(world: World, first: int = 0) -> list[int]:
    """Whom clients asked, in order."""
    return [
        f.target for _, _, f in sent(world.branch, first) if isinstance(f.message, ClientRequest)
    ]


def value_of(world: World, key: str, server: int = 1) -> str | None:
    return world.hosts[server].server.replica.values.get(key)


def test_a_request_to_the_leader_is_answered_when_it_is_committed() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    wait(world, "committed x=1")
    assert world.clients[-1].answered == 0
    wait(world, "answered == 1", 20)
    assert world.clients[-1].last_result == "ok"
    assert world.clients[-1].operation is None


def test_who_asks_a_follower_is_sent_to_the_leader() -> None:
    world = led_by(1)
    do(world, "request x=1 to S4")
    wait(world, "answered == 1", 200)
    assert asked(world) == [4, 1]


def test_a_client_remembers_who_led() -> None:
    world = led_by(2)
    do(world, "request x=1 to S4")
    wait(world, "answered == 1")
    do(world, "request y=1")
    assert asked(world)[-1] == 2


def test_another_client_asks_who_the_first_was_told_leads() -> None:
    world = led_by(2)
    do(world, "request x=1 to S4")
    wait(world, "answered == 1")
    do(world, "request y=1 from C5")
    assert asked(world)[-1] == 2


def test_a_client_that_knows_no_leader_asks_anybody() -> None:
    targets = set()
    for seed in range(20):
        world = a_world(5, seed=seed)
        do(world, "request x=1")
        targets.update(asked(world))
    assert targets == {1, 2, 3, 4, 5}


def test_a_client_that_finds_no_leader_waits_a_moment_and_asks_another_server() -> None:
    world = a_world(3, latency_us=(ms(10), ms(10)))
    do(world, "request x=1 to S3")
    run(world, 70)
    assert asked(world) == [3, 1]


def test_a_client_without_an_answer_asks_the_next_server_with_the_same_serial_number() -> None:
    world = led_by(1)
    do(world, "crash S3", "request x=1 to S3")
    run(world, 301)
    messages = [f.message for _, _, f in sent(world.branch) if isinstance(f.message, ClientRequest)]
    assert asked(world) == [3, 4]
    assert messages[0] == messages[1]


def test_a_client_waits_as_long_as_the_settings_say() -> None:
    world = led_by(1, client_timeout_us=ms(70))
    do(world, "crash S3", "request x=1 to S3")
    run(world, 69.9)
    assert asked(world) == [3]
    run(world, 0.1)
    assert len(asked(world)) == 2


def test_a_request_that_was_sent_twice_is_executed_once() -> None:
    """Its answer was lost: the leader appends it again and the machine knows its serial number."""
    world = led_by(1)
    do(world, "request x=1 to S1")
    wait(world, "committed x=1")
    do(world, "drop ClientResponse S1 -> C1", "request x=2 to S1 from C2")
    wait(world, "answered == 2", 2_000)
    assert commands(world.hosts[1]).count("x=1") == 2
    assert value_of(world, "x") == "2"


def test_a_client_that_is_answered_twice_takes_the_first_answer() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    wait(world, "committed x=1")
    do(world, "duplicate ClientResponse S1 -> C1")
    run(world, 40)
    assert len([r for r in of_kind(world.branch, Delivered) if r.part == -1]) == 2
    assert world.clients[-1].answered == 1


def test_a_request_outlives_the_leader_it_was_sent_to() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1", "crash S1")
    wait(world, "answered == 1", 5_000)
    assert value_of(world, "x", world.clients[-1].leader) == "1"


def test_a_read_is_answered_with_what_was_written() -> None:
    world = led_by(1)
    do(world, "request x=7")
    wait(world, "answered == 1")
    do(world, "request get x")
    wait(world, "answered == 2")
    assert world.clients[-1].last_result == "7"


def test_two_requests_at_once_come_from_two_clients() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1", "request y=1 to S1")
    assert set(world.clients) == {-1, -2}
    wait(world, "answered == 2")


def test_a_client_has_one_request_at_a_time() -> None:
    world = led_by(1)
    do(world, "request x=1 from C3")
    assert note_of(do(world, "request y=1 from C3")) == "C3 still waits for an answer"
    assert world.clients[-3].serial == 1


def test_a_client_is_answered_only_for_what_it_asks_now() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    wait(world, "committed x=1")
    do(world, "duplicate ClientResponse S1 -> C1")
    wait(world, "answered == 1")
    do(world, "request x=2 to S1 from C1", "deliver ClientResponse S1 -> C1")
    assert world.clients[-1].operation is not None


# A client with a rhythm


def test_a_client_sends_requests_at_its_interval() -> None:
    world = led_by(1)
    do(world, "requests every 100ms")
    began = world.time_us
    run(world, 1_000)
    woke = [r.time_us - began for r in of_kind(world.branch, Woke)]
    assert woke == [ms(100) * n for n in range(1, 11)]
    assert world.clients[-1].answered >= 9


def test_a_client_that_still_waits_leaves_a_request_out() -> None:
    world = led_by(1)
    do(world, "partition S1 | S2 | S3 | S4 | S5", "requests every 100ms")
    run(world, 290)
    assert world.clients[-1].serial == 1


def test_requests_off_stops_it() -> None:
    world = led_by(1)
    do(world, "requests every 100ms")
    run(world, 550)
    do(world, "requests off")
    count = len(asked(world))
    run(world, 1_000)
    assert len(asked(world)) == count


def test_a_new_interval_takes_the_place_of_the_old_one() -> None:
    world = led_by(1)
    do(world, "requests every 100ms", "requests every 10ms")
    assert [c.every_us for c in world.clients.values()] == [ms(10)]


def test_a_person_and_a_rhythm_are_two_clients() -> None:
    world = led_by(1)
    do(world, "requests every 100ms", "request x=1")
    assert set(world.clients) == {-1, -2}


def test_a_cluster_can_begin_with_a_client() -> None:
    world = a_world(3, requests_us=ms(50))
    assert world.clients == {-1: Client(-1, every_us=ms(50), next_us=ms(50))}
    run(world, 1_000)
    assert world.clients[-1].answered > 5


def test_nobody_to_stop_is_a_note() -> None:
    assert note_of(do(led_by(1), "requests off")) == "no client sends requests by itself"


@pytest.mark.parametrize("servers", [1, 2, 7])
def test_every_answer_says_what_a_committed_command_did(servers: int) -> None:
    world = a_world(servers, requests_us=ms(30))
    run(world, 2_000)
    for _, record, flight in sent(world.branch):
        if isinstance(flight.message, ClientResponse):
            committed = world.history.host_at(
                world.branch, flight.source, len(world.branch)
            ).server.commit_index
            assert committed >= 1
            assert record.part == flight.source
    assert not flights(world, ClientRequest) or world.clients[-1].operation
