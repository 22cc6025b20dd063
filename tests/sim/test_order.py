"""Several events at one instant: disks, then messages as they were sent, then timers, then clients."""

from collections.abc import Iterator

from raftviz.sim.events import Delivered, TimedOut, Woke, Wrote
from raftviz.sim.history import Record
from raftviz.sim.units import ms
from raftviz.sim.world import World
from tests.sim.worlds import a_world, do, of_kind, run

CLASSES = (Wrote, Delivered, TimedOut, Woke)


def by_instant(world: World) -> Iterator[list[Record]]:
    """The events of each instant that has several."""
    together: list[Record] = []
    for record in world.branch.records():
        if together and record.time_us != together[0].time_us:
            yield together
            together = []
        together.append(record)
    yield together


def crowded() -> World:
    """A world in which everything takes whole multiples of 10 ms."""
    ten = (ms(10), ms(10))
    return a_world(
        5,
        latency_us=ten,
        disk_us=ten,
        election_timeout_us=(ms(150), ms(150)),
        requests_us=ms(10),
        client_timeout_us=ms(50),
    )


def test_disks_come_before_messages_before_timers_before_clients() -> None:
    """Of what is already due at the instant: what an event sets off at once can only follow it."""
    world = crowded()
    run(world, 1_000)
    kinds = set()
    for together in by_instant(world):
        classes = [CLASSES.index(type(record.event)) for record in together]
        assert classes == sorted(classes)
        kinds.add(frozenset(classes))
    assert frozenset({0, 1, 2, 3}) in kinds or frozenset({1, 2, 3}) in kinds


def test_timers_at_one_instant_fire_in_the_order_of_their_servers() -> None:
    world = crowded()
    run(world, 150)
    fired = [r.part for r in of_kind(world.branch, TimedOut)]
    assert fired == [1, 2, 3, 4, 5]


def test_messages_at_one_instant_arrive_in_the_order_in_which_they_were_sent() -> None:
    world = crowded()
    run(world, 1_000)
    for together in by_instant(world):
        numbers = [r.event.flight.id for r in together if isinstance(r.event, Delivered)]
        assert numbers == sorted(numbers)


def test_time_never_runs_back() -> None:
    world = crowded()
    run(world, 500)
    do(world, "pause S1", "loss 20%", "latency 0ms")
    run(world, 500)
    do(world, "resume S1")
    run(world, 500)
    times = [record.time_us for record in world.branch.records()]
    assert times == sorted(times)


def test_a_cause_is_an_earlier_event() -> None:
    world = crowded()
    run(world, 1_000)
    records = list(world.branch.records())
    assert all(record.cause < number for number, record in enumerate(records))
    assert any(record.cause >= 0 for record in records)


def test_running_to_an_instant_lets_everything_happen_that_is_due_then() -> None:
    world = crowded()
    run(world, 150)
    assert world.time_us == ms(150)
    assert world.next_us() > ms(150)


def test_the_next_event_is_the_one_that_a_step_lets_happen() -> None:
    world = crowded()
    for _ in range(300):
        due = world.next_us()
        record = world.step()
        assert record is not None
        assert record.time_us == due


def test_when_everybody_is_down_nothing_will_ever_happen_again() -> None:
    world = a_world(2)
    do(world, "crash S1", "crash S2")
    assert world.step() is None
    run(world, 60_000)
    assert len(world.branch) == 2
