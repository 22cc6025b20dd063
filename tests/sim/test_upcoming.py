"""The list of what may happen next: nothing is left out, and its order is the world's."""

from hypothesis import given
from hypothesis import strategies as st

from raftviz.raft.cluster import Options
from raftviz.sim.events import Delivered, Lost, TimedOut, Woke, Wrote
from raftviz.sim.history import Record, State
from raftviz.sim.random_acts import Visitor, random_settings
from raftviz.sim.units import NEVER, ms
from raftviz.sim.upcoming import Kind, Upcoming, upcoming
from raftviz.sim.world import World, begin
from tests.sim.worlds import a_world, do, led_by, run


def list_of(world: World) -> list[Upcoming]:
    return upcoming(state_of(world))


def state_of(world: World) -> State:
    return world.history.state_at(world.branch, len(world.branch), world.time_us)


def kinds(world: World, who: int) -> list[Kind]:
    """What may happen to one server or client, apart from messages."""
    return [one.kind for one in list_of(world) if one.who == who and one.flight is None]


def as_listed(record: Record) -> tuple[Kind, int]:
    """The key that an event had in the list before it happened."""
    match record.event:
        case Delivered(flight=flight) | Lost(flight=flight):
            return Kind.ARRIVAL, flight.id
        case TimedOut(server=server):
            return Kind.TIMER, server
        case Wrote(server=server):
            return Kind.WRITE, server
        case Woke(address=address):
            return Kind.BATCH if address > 0 else Kind.CLIENT, address
    raise AssertionError(record.event)


@given(st.integers(0, 5_000), st.integers(1, 40))
def test_the_first_of_the_list_is_what_happens_next_by_itself(seed: int, acts: int) -> None:
    world = World.at(begin(random_settings(seed)))
    Visitor(world).visit(acts)
    for _ in range(40):
        expected = list_of(world)
        record = world.step()
        if record is None:
            assert all(one.due_us >= NEVER for one in expected)
            return
        first = expected[0]
        assert (first.key, first.due_us) == (as_listed(record), record.time_us)


def test_of_one_instant_disks_come_first_then_messages_timers_and_clients() -> None:
    ten = (ms(10), ms(10))
    world = a_world(3, latency_us=ten, disk_us=ten, election_timeout_us=ten, requests_us=ms(10))
    run(world, 40)
    moments: dict[int, list[Kind]] = {}
    for one in list_of(world):
        moments.setdefault(one.due_us, []).append(one.kind)
    assert any(len(set(together)) > 1 for together in moments.values())
    assert all(together == sorted(together) for together in moments.values())


def test_a_server_that_runs_may_time_out() -> None:
    world = a_world(3)
    assert [kinds(world, server) for server in (1, 2, 3)] == [[Kind.TIMER]] * 3


def test_a_server_that_is_down_or_paused_does_nothing_by_itself() -> None:
    world = a_world(3)
    do(world, "timeout S2", "crash S1", "pause S2")
    assert kinds(world, 1) == kinds(world, 2) == []


def test_a_server_that_writes_may_finish_its_oldest_write() -> None:
    world = a_world(3, disk_us=(ms(40), ms(40)))
    do(world, "timeout S1")
    assert kinds(world, 1) == [Kind.WRITE, Kind.TIMER]
    do(world, "fill-disk S1")
    assert kinds(world, 1) == [Kind.TIMER]


def test_a_leader_that_gathers_may_send_its_batch() -> None:
    world = led_by(1, 3, batch_us=ms(40), options=Options(batch=10))
    do(world, "request x=1 to S1")
    run(world, 20)
    assert Kind.BATCH in kinds(world, 1)


def test_a_client_that_waits_may_lose_patience_and_one_that_does_not_does_nothing() -> None:
    world = a_world(3)
    do(world, "request x=1 to S2")
    assert kinds(world, -1) == [Kind.CLIENT]
    do(world, "requests every 10ms", "requests off")
    assert kinds(world, -2) == []


def test_every_message_in_flight_may_arrive_and_a_held_one_does_not_by_itself() -> None:
    world = a_world(3, disk_us=(0, 0))
    do(world, "timeout S1", "hold RequestVote S1 -> S2")
    messages = [one for one in list_of(world) if one.flight is not None]
    assert {one.key[1] for one in messages} == set(world.flights)
    assert [one.due_us == NEVER for one in messages] == [False, True]
    assert list_of(world)[-1] == messages[1]


def test_a_message_concerns_who_sent_it_and_whom_it_is_for() -> None:
    world = a_world(3, disk_us=(0, 0))
    do(world, "timeout S1", "drop RequestVote S1 -> S3")
    (message,) = (one for one in list_of(world) if one.flight is not None)
    assert [message.concerns(server) for server in (1, 2, 3)] == [True, True, False]
