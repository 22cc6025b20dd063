"""The history is the truth: any instant can be read out of it, and the past can be acted in."""

from collections.abc import Iterator

import pytest

from raftviz.raft.cluster import Cluster
from raftviz.sim.chance import Chance
from raftviz.sim.history import Branch, History, Moment, Record, State
from raftviz.sim.network import Flight
from raftviz.sim.random_acts import Visitor, random_settings
from raftviz.sim.world import World, begin
from tests.sim.worlds import a_world, do, led_by, run, wait

SEEDS = [3, 7, 12, 21]


def visited(seed: int, acts: int = 40) -> World:
    """A world that somebody has been at."""
    world = World.at(begin(random_settings(seed)))
    Visitor(world).visit(acts)
    return world


def tree(seed: int) -> History:
    """A history with branches upon branches, opened at random."""
    history = visited(seed).history
    chance = Chance(seed)
    for number in range(6):
        parent = history.branches[chance.between(0, len(history.branches) - 1, 99, 0, 0, number)]
        count = chance.between(0, len(parent), 98, 0, 0, number)
        world = World.at(history, parent, count=count, new_branch=f"what if {number}")
        Visitor(world, Chance(seed + number)).visit(chance.between(0, 12, 97, 0, 0, number))
    return history


def live(world: World) -> State:
    """What a live world holds."""
    return State(
        world.time_us, dict(world.hosts), dict(world.clients), world.network, dict(world.flights)
    )


def naive_flights(branch: Branch, count: int) -> dict[int, Flight]:
    """What is in flight, told from the beginning."""
    flying: dict[int, Flight] = {}
    for record in branch.records(0, count):
        flying.update((flight.id, flight) for flight in record.flights)
        if record.ended is not None:
            flying.pop(record.ended, None)
    return flying


def naive_ending(branch: Branch, flight_id: int) -> int | None:
    """The event that ended a flight for good."""
    ending = None
    for number, record in enumerate(branch.records()):
        if flight_id == record.ended:
            ending = number
        elif any(flight.id == flight_id for flight in record.flights):
            ending = None
    return ending


def branches(seed: int) -> Iterator[Branch]:
    yield from tree(seed).branches


# Reading


@pytest.mark.parametrize("seed", SEEDS)
def test_the_state_at_any_count_is_what_the_live_world_was(seed: int) -> None:
    world = World.at(begin(random_settings(seed)))
    states: dict[int, State] = {0: live(world)}

    def note(branch: Branch, number: int, record: Record) -> None:
        states[number + 1] = live(world)

    world.watcher = note
    Visitor(world).visit(40)
    for count, state in states.items():
        assert world.history.state_at(world.branch, count) == state


@pytest.mark.parametrize("seed", SEEDS)
def test_reading_is_the_same_when_branches_have_been_opened(seed: int) -> None:
    world = visited(seed)
    history, root = world.history, world.branch
    counts = range(0, len(root) + 1, 7)
    before = [history.state_at(root, count) for count in counts]
    for count in counts[::5]:
        Visitor(World.at(history, root, count=count, new_branch="x"), Chance(1)).visit(3)
    assert [history.state_at(root, count) for count in counts] == before


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_in_flight_agrees_with_a_naive_replay(seed: int) -> None:
    for branch in branches(seed):
        for count in range(0, len(branch) + 1, 5):
            assert branch.flights(count) == naive_flights(branch, count), (branch, count)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_state_does_not_depend_on_what_was_looked_at_before(seed: int) -> None:
    history, chance = tree(seed), Chance(seed)
    for number in range(150):
        branch = history.branches[chance.between(0, len(history.branches) - 1, 96, 0, 0, number)]
        count = chance.between(0, len(branch), 95, 0, 0, number)
        state = history.state_at(branch, count)
        assert state.flights == naive_flights(branch, count)
        for server, host in state.hosts.items():
            assert host is history.host_at(branch, server, count)


@pytest.mark.parametrize("seed", SEEDS)
def test_how_flights_ended_agrees_with_a_naive_replay(seed: int) -> None:
    for branch in branches(seed):
        ids = {flight.id for record in branch.records() for flight in record.flights}
        for number in sorted(ids)[::9]:
            assert branch.ending_of(number) == naive_ending(branch, number), (branch, number)


@pytest.mark.parametrize("seed", SEEDS)
def test_events_are_found_by_number_as_they_are_found_in_order(seed: int) -> None:
    for branch in branches(seed):
        assert [branch[n] for n in range(len(branch))] == list(branch.records())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_count_and_its_time_belong_together(seed: int) -> None:
    for branch in branches(seed):
        times = [record.time_us for record in branch.records()]
        assert times == sorted(times)
        for count in range(1, len(branch) + 1):
            assert branch.time_at(count) == times[count - 1]
        for time_us in {0, *times, *(t - 1 for t in times), *(t + 1 for t in times)}:
            assert branch.count_at(time_us) == sum(t <= time_us for t in times)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_last_change_of_each_part_agrees_with_a_naive_search(seed: int) -> None:
    for branch in branches(seed):
        last: dict[int, int] = {}
        for number, record in enumerate(branch.records()):
            assert {p: branch.last_change(p, number) for p in last} == last
            assert branch.parts(number) == set(last)
            last[record.part] = number


def test_there_is_no_event_before_the_first_nor_behind_the_last() -> None:
    world = led_by(1)
    with pytest.raises(IndexError):
        world.branch[-1]
    with pytest.raises(IndexError):
        world.branch[len(world.branch)]


def test_before_any_event_the_state_is_the_start() -> None:
    world = led_by(1)
    assert world.history.state_at(world.branch, 0) == world.history.start


def test_a_moment_knows_its_state_and_its_last_event() -> None:
    world = led_by(1)
    moment = Moment(world.history, world.branch, 3, 10**9)
    assert moment.last is world.branch[2]
    assert moment.state.time_us == 10**9
    assert Moment(world.history, world.branch, 0, 0).last is None


def test_what_an_event_did_not_change_is_shared() -> None:
    world = led_by(1)
    count = len(world.branch)
    run(world, 500)
    before = world.history.state_at(world.branch, count)
    assert world.hosts[1].server.log is before.hosts[1].server.log


# Going on from somewhere


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("part", [0.0, 0.3, 0.77, 1.0])
def test_going_on_without_an_act_is_what_happened_before(seed: int, part: float) -> None:
    """All records are equal: times, causes, flights and their numbers, reasons."""
    world = World.at(begin(random_settings(seed)))
    Visitor(world).visit(12)
    start = len(world.branch)
    run(world, 800)
    count = start + int((len(world.branch) - start) * part)
    again = World.at(world.history, world.branch, count=count, new_branch="again")
    again.run_until(world.time_us)
    assert list(again.branch.records()) == list(world.branch.records())
    assert live(again) == live(world)


@pytest.mark.parametrize("seed", SEEDS)
def test_acting_in_the_past_keeps_the_old_future(seed: int) -> None:
    world = visited(seed)
    before = list(world.branch.records())
    past = World.at(world.history, world.branch, count=len(before) // 2)
    do(past, "crash S1")
    run(past, 1_000)
    assert past.branch is not world.branch
    assert list(world.branch.records()) == before


def test_going_on_at_the_end_stays_in_the_branch() -> None:
    world = led_by(1)
    again = World.at(world.history, world.branch)
    assert again.branch is world.branch


def test_going_on_from_the_past_opens_a_branch_there() -> None:
    world = led_by(1)
    past = World.at(world.history, world.branch, count=5)
    assert (past.branch.parent, past.branch.fork) == (world.branch, 5)
    assert len(past.branch) == 5


def test_a_branch_can_be_opened_between_two_events() -> None:
    world = led_by(1)
    run(world, 100)
    count = len(world.branch) - 3
    now = world.branch.time_at(count) + 1
    past = World.at(world.history, world.branch, count=count, time_us=now, new_branch="then")
    assert past.time_us == past.branch.forked_us == now
    assert World.at(world.history, past.branch).time_us == now


def test_a_branch_of_a_branch_sees_both_its_parents() -> None:
    world = led_by(1)
    first = World.at(world.history, count=10, new_branch="first")
    do(first, "crash S2")
    second = World.at(world.history, first.branch, count=11, new_branch="second")
    do(second, "crash S3")
    assert [b.name for b in world.history.branches] == ["main", "first", "second"]
    state = world.history.state_at(second.branch, 12)
    assert [host.status.value for host in state.hosts.values()][1:3] == ["crashed", "crashed"]
    assert world.history.state_at(first.branch, 11).hosts[3].is_up


def test_a_branch_at_the_end_of_its_parent_does_not_see_what_its_parent_does_later() -> None:
    world = led_by(1)
    twin = World.at(world.history, world.branch, new_branch="twin")
    do(world, "crash S1")
    run(world, 500)
    assert len(twin.branch) == twin.branch.fork
    assert world.history.state_at(twin.branch, len(twin.branch)).hosts[1].is_up


def test_two_branches_write_their_own_logs() -> None:
    """Logs share their arrays: what one branch appends must not show in the other."""
    world = led_by(1)
    count = len(world.branch)
    do(world, "request a=1 to S1")
    wait(world, "committed a=1")
    other = World.at(world.history, count=count, new_branch="other")
    do(other, "request b=1 to S1")
    wait(other, "committed b=1")
    assert world.hosts[1].server.log[2].command.text == "a=1"  # type: ignore[union-attr]
    assert other.hosts[1].server.log[2].command.text == "b=1"  # type: ignore[union-attr]


def test_a_watcher_sees_each_record_once_as_it_is_appended() -> None:
    seen: list[tuple[Branch, int, Record]] = []
    world = a_world(3, watcher=lambda branch, number, record: seen.append((branch, number, record)))
    run(world, 1_000)
    assert [number for _, number, _ in seen] == list(range(len(world.branch)))
    assert all(branch[number] is record for branch, number, record in seen)


def test_a_branch_has_the_chances_of_its_seed_and_not_of_its_name() -> None:
    world = led_by(1)
    one, two = (World.at(world.history, count=20, new_branch=name) for name in ("one", "two"))
    for branch in (one, two):
        do(branch, "crash S1")
        run(branch, 2_000)
    assert list(one.branch.records()) == list(two.branch.records())


def test_a_world_goes_on_with_the_cluster_it_is_given() -> None:
    world = a_world(3)
    cluster = Cluster.of_size(3)
    assert World.at(world.history, cluster=cluster).cluster is cluster


def test_a_long_run_is_read_out_quickly() -> None:
    """What is in flight is noted from time to time: reading never goes back to the beginning."""
    world = led_by(1)
    do(world, "requests every 20ms")
    run(world, 20_000)
    branch = world.branch
    assert len(branch) > 5_000
    noted = [count for count, _ in branch._checkpoints]
    gaps = [b - a for a, b in zip([0, *noted], [*noted, len(branch)], strict=True)]
    assert max(gaps) < 300
