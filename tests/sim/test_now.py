"""What would happen later by itself can be let happen now: timers, writes, batches, clients."""

from raftviz.raft.cluster import Options
from raftviz.raft.messages import AppendEntriesRequest, ClientRequest, RequestVoteRequest
from raftviz.sim.events import Acted, Woke, Wrote
from raftviz.sim.units import ms
from raftviz.sim.world import World
from tests.sim.worlds import a_world, commands, do, flights, led_by, note_of, of_kind, run


def test_a_leaders_timer_that_runs_out_sends_heartbeats() -> None:
    world = led_by(1)
    run(world, 7)
    before = {flight.id for flight in flights(world, AppendEntriesRequest)}
    do(world, "timeout leader")
    new = [f for f in flights(world, AppendEntriesRequest, 1) if f.id not in before]
    assert [flight.target for flight in new] == [2, 3, 4, 5]


def test_after_it_a_leaders_timer_runs_anew() -> None:
    world = led_by(1)
    run(world, 7)
    do(world, "timeout leader")
    assert world.hosts[1].timer_us == world.time_us + world.settings.heartbeat_us


def test_a_leader_that_is_timed_out_goes_on_leading() -> None:
    world = led_by(1)
    term = world.hosts[1].server.current_term
    for _ in range(5):
        do(world, "timeout leader")
    run(world, 200)
    assert world.hosts[1].server.current_term == term


# Writes


def writing() -> World:
    """Three servers with slow disks; S1 has begun an election and writes its vote for itself."""
    world = a_world(3, latency_us=(ms(10), ms(10)), disk_us=(ms(40), ms(40)))
    do(world, "timeout S1")
    run(world, 4)
    return world


def test_a_write_that_is_finished_lets_go_what_waited_for_it() -> None:
    world = writing()
    assert not flights(world, RequestVoteRequest)
    do(world, "finish-write S1")
    assert world.hosts[1].disk.durable.voted_for == 1
    assert len(flights(world, RequestVoteRequest, 1)) == 2


def test_a_write_that_is_finished_is_not_finished_again() -> None:
    world = writing()
    do(world, "finish-write S1")
    run(world, 60)
    assert [r.part for r in of_kind(world.branch, Wrote)].count(1) == 1


def test_a_write_that_is_finished_is_two_records_the_act_and_the_write() -> None:
    world = writing()
    count = len(world.branch)
    act = do(world, "finish-write S1")
    assert isinstance(act.event, Acted)
    assert world.branch[count + 1].event == Wrote(1)
    assert len(world.branch) == count + 2


def test_a_write_that_is_to_fail_fails_when_it_is_finished() -> None:
    world = writing()
    do(world, "fail-write S1", "finish-write S1")
    assert world.branch[len(world.branch) - 1].event == Wrote(1, failed=True)
    assert world.hosts[1].disk.writes


def test_a_full_disk_finishes_nothing() -> None:
    world = writing()
    do(world, "fill-disk S1")
    assert note_of(do(world, "finish-write S1")) == "the disk of S1 is full"


def test_who_writes_nothing_finishes_nothing() -> None:
    world = a_world(3)
    assert note_of(do(world, "finish-write S1")) == "S1 is writing nothing right now"


# Batches


def test_a_batch_that_gathers_is_sent() -> None:
    world = led_by(1, 3, batch_us=ms(40), options=Options(batch=10))
    do(world, "request x=1 to S1")
    run(world, 20)
    assert commands(world.hosts[1])[-1] == "x=1"
    appends = [f for f in flights(world, AppendEntriesRequest, 1) if _entries(f.message)]
    assert not appends
    do(world, "send-batch leader")
    appends = [f for f in flights(world, AppendEntriesRequest, 1) if _entries(f.message)]
    assert [flight.target for flight in appends] == [2, 3]


def _entries(message: object) -> bool:
    return isinstance(message, AppendEntriesRequest) and bool(message.entries)


def test_a_batch_that_was_sent_is_not_sent_again() -> None:
    world = led_by(1, 3, batch_us=ms(40), options=Options(batch=10))
    do(world, "request x=1 to S1")
    run(world, 20)
    do(world, "send-batch leader")
    count = len(world.branch)
    run(world, 60)
    woken = [r for r in world.branch.records(count) if r.event == Woke(1)]
    assert not woken


def test_who_gathers_nothing_sends_no_batch() -> None:
    world = led_by(1)
    assert note_of(do(world, "send-batch S1")) == "S1 gathers no commands right now"


# Clients


def test_a_client_that_waits_loses_patience_when_it_is_woken() -> None:
    world = led_by(1)
    do(world, "request x=1 to S2", "drop ClientRequest C1 -> S2", "wake C1")
    (again,) = flights(world, ClientRequest, -1)
    assert isinstance(again.message, ClientRequest)
    assert again.message.command.serial == 1
    assert world.clients[-1].operation is not None
    assert world.clients[-1].operation.attempts == 2


def test_a_client_that_asks_by_itself_asks_when_it_is_woken() -> None:
    world = a_world(3, requests_us=ms(100))
    run(world, 30)
    do(world, "wake C1")
    assert flights(world, ClientRequest, -1)
    assert world.clients[-1].next_us == world.time_us + ms(100)


def test_a_client_that_is_woken_is_two_records_the_act_and_what_it_does() -> None:
    world = a_world(3, requests_us=ms(100))
    act = do(world, "wake C1")
    assert isinstance(act.event, Acted)
    assert [record.event for record in world.branch.records()][1:] == [Woke(-1)]


def test_nobody_is_woken_who_would_do_nothing() -> None:
    world = a_world(3)
    assert note_of(do(world, "wake C1")) == "C1 would do nothing by itself"
    do(world, "request x=1 to S1", "requests off")
    assert not note_of(do(world, "wake C1"))
