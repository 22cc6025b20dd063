"""What goes wrong with disks: torn, damaged, full and failing ones, and what becomes of it."""

import itertools

import attrs
import pytest

from raftviz.raft.cluster import Options
from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.machine import Replica
from raftviz.raft.messages import (
    AppendEntriesResponse,
    ClientResponse,
    InstallSnapshotResponse,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.server import Persistent, Snapshot
from raftviz.sim import platter
from raftviz.sim.events import Wrote
from raftviz.sim.host import Status
from raftviz.sim.units import ms
from raftviz.sim.world import World
from tests.sim.worlds import a_world, do, flights, led_by, note_of, of_kind, run, sent, wait

ENTRIES = (Entry(1, 1), Entry(2, 1, Command("x=1", -1, 1)), Entry(3, 2, Command("get x")))
STATE = Replica().apply(Command("x=1", -1, 1))[0]
DISKS = {
    "blank": Persistent(),
    "term and vote": Persistent(7, 3),
    "a log": Persistent(2, 1, Log(ENTRIES)),
    "a snapshot": Persistent(2, 1, Log(ENTRIES).compact(3), Snapshot(3, 2, STATE)),
    "a snapshot and a log": Persistent(2, 0, Log(ENTRIES).compact(2), Snapshot(2, 1, STATE)),
}


@pytest.mark.parametrize("name", DISKS)
def test_a_disk_is_read_as_it_was_written(name: str) -> None:
    assert platter.decoded(platter.encoded(DISKS[name]), Replica()) == DISKS[name]


# Torn writes


@pytest.mark.parametrize(("before", "after"), list(itertools.product(DISKS, DISKS)))
def test_a_torn_write_leaves_what_was_there_before(before: str, after: str) -> None:
    image = platter.torn(DISKS[before], DISKS[after])
    assert platter.decoded(image, Replica()) == DISKS[before]


@pytest.mark.parametrize("name", DISKS)
def test_a_last_record_that_is_cut_anywhere_is_cut_off(name: str) -> None:
    """Whatever is missing of it: a byte, all but one, or all of it."""
    whole = DISKS[name]
    longer = attrs.evolve(whole, log=whole.log.append((Entry(whole.log.last_index + 1, 9),)))
    image, kept = platter.encoded(longer), len(platter.encoded(whole))
    for length in range(kept, len(image)):
        assert platter.decoded(image[:length], Replica()) == whole


def _torn_while_writing() -> World:
    """S2 crashed in the middle of storing x=1, which S1 and S3 have."""
    world = led_by(1, 3, disk_us=(ms(20), ms(20)), latency_us=(ms(1), ms(1)))
    do(world, "request x=1 to S1")
    wait(world, "S2.last_log_index == 2")
    do(world, "tear S2")
    return world


def test_what_was_torn_was_never_acknowledged() -> None:
    world = _torn_while_writing()
    assert not [f for f in flights(world, AppendEntriesResponse, 2) if f.message.match_index == 2]  # type: ignore[union-attr]
    assert world.hosts[2].status is Status.CRASHED
    assert world.hosts[2].disk.durable.log.last_index == 1


def test_a_torn_write_is_cut_off_at_the_start_which_says_so() -> None:
    world = _torn_while_writing()
    record = do(world, "restart S2")
    assert world.hosts[2].status is Status.UP
    assert world.hosts[2].server.log.last_index == 1
    assert any("cut it off" in because.sentence for because in record.because)
    wait(world, "S2.commit_index == 2")


def test_a_server_that_writes_nothing_cannot_be_torn() -> None:
    world = led_by(1, 3)
    run(world, 20)
    assert "writing nothing" in note_of(do(world, "tear S2"))


# Bits that turn over


@pytest.mark.parametrize("name", DISKS)
def test_every_single_bit_that_turns_over_is_found(name: str) -> None:
    """All of them, one after the other: none may be read as another state, or as none."""
    image = platter.encoded(DISKS[name])
    for bit in range(len(image) * 8):
        with pytest.raises(platter.DamagedError):
            platter.decoded(platter.flipped(image, bit), Replica())


def test_a_bit_that_turns_over_in_a_torn_disk_never_makes_another_state() -> None:
    """In what is cut off anyhow it may go unnoticed."""
    whole = DISKS["a snapshot and a log"]
    image = platter.torn(whole, DISKS["a log"])
    unnoticed = 0
    for bit in range(len(image) * 8):
        try:
            assert platter.decoded(platter.flipped(image, bit), Replica()) == whole
            unnoticed += 1
        except platter.DamagedError:
            pass
    assert unnoticed <= (len(image) - len(platter.encoded(whole))) * 8


def test_the_damage_is_said_to_be_where_it_is() -> None:
    image = platter.encoded(DISKS["a log"])
    with pytest.raises(platter.DamagedError, match="record 4 on its disk"):
        platter.decoded(platter.flipped(image, len(image) * 8 - 1), Replica())
    with pytest.raises(platter.DamagedError, match="record 1 on its disk"):
        platter.decoded(platter.flipped(image, 0), Replica())


def test_a_disk_without_anything_on_it_is_no_blank_one() -> None:
    with pytest.raises(platter.DamagedError, match="no readable term"):
        platter.decoded(b"", Replica())


def _damaged() -> World:
    world = led_by(1, 3)
    do(world, "request x=1 to S1")
    wait(world, "S2.commit_index == 2")
    run(world, 10)
    do(world, "crash S2", "damage S2")
    return world


def test_a_damaged_server_refuses_to_start_and_says_why() -> None:
    world = _damaged()
    record = do(world, "restart S2")
    host = world.hosts[2]
    assert host.status is Status.CRASHED
    assert "checksum" in host.refuses
    assert [because.sentence for because in record.because] == [host.refuses]


def test_a_damaged_server_does_not_start_blank_however_often_it_is_asked() -> None:
    world = _damaged()
    for _ in range(5):
        do(world, "restart S2")
        run(world, 400)
        assert world.hosts[2].status is Status.CRASHED
        assert world.hosts[2].server.log.last_index == 2
    assert not flights(world, RequestVoteResponse, 2)


def test_damage_on_a_running_server_is_found_when_it_starts_again() -> None:
    world = led_by(1, 3)
    do(world, "damage S2")
    run(world, 300)
    assert world.hosts[2].status is Status.UP
    do(world, "request x=1 to S1")
    wait(world, "S2.commit_index == 2")
    do(world, "crash S2", "restart S2")
    assert world.hosts[2].refuses


@pytest.mark.parametrize("order", [("damage S2", "crash S2"), ("crash S2", "damage S2")])
def test_the_others_go_on_without_a_damaged_server(order: tuple[str, str]) -> None:
    world = led_by(1, 3)
    do(world, *order, "restart S2", "request x=1 to S1")
    wait(world, "S1.commit_index == 2 and S3.commit_index == 2")


# Full disks


def test_a_server_with_a_full_disk_answers_nothing_that_needs_writing() -> None:
    world = led_by(1, 3)
    do(world, "fill-disk S2", "request x=1 to S1")
    run(world, 500)
    host = world.hosts[2]
    assert host.disk.durable.log.last_index == 1
    told = [
        f.message
        for _, _, f in sent(world.branch)
        if f.source == 2 and isinstance(f.message, AppendEntriesResponse)
    ]
    assert all(message.match_index <= 1 for message in told)


def test_a_server_with_a_full_disk_grants_no_vote() -> None:
    world = a_world(3)
    do(world, "fill-disk S2", "timeout S1")
    run(world, 100)
    votes = [f for _, _, f in sent(world.branch) if isinstance(f.message, RequestVoteResponse)]
    assert {flight.source for flight in votes} == {3}


def test_a_candidate_with_a_full_disk_asks_nobody() -> None:
    world = a_world(3)
    do(world, "fill-disk S1", "timeout S1")
    run(world, 100)
    assert not [f for _, _, f in sent(world.branch) if isinstance(f.message, RequestVoteRequest)]


def test_a_leader_with_a_full_disk_answers_no_client() -> None:
    world = led_by(1, 3)
    do(world, "fill-disk S1", "request x=1 to S1")
    run(world, 100)
    assert not [f for _, _, f in sent(world.branch) if isinstance(f.message, ClientResponse)]


@pytest.mark.parametrize("disk_us", [(0, 0), (ms(1), ms(2)), (ms(40), ms(60))])
def test_a_full_disk_that_is_freed_goes_on_where_it_stopped(disk_us: tuple[int, int]) -> None:
    world = led_by(1, 3, disk_us=disk_us)
    do(world, "fill-disk S2", "request x=1 to S1")
    wait(world, "S1.commit_index == 2")
    do(world, "request x=2 to S1")
    run(world, 200)
    assert world.hosts[2].disk.durable.log.last_index == 1
    do(world, "free-disk S2")
    wait(world, "S2.commit_index == 3")
    run(world, 100)
    assert world.hosts[2].disk.durable.log.last_index == 3


def test_a_crash_with_a_full_disk_loses_what_waited_and_the_disk_stays_full() -> None:
    world = led_by(1, 3)
    do(world, "fill-disk S2", "request x=1 to S1")
    wait(world, "S1.commit_index == 2")
    do(world, "crash S2", "restart S2")
    assert world.hosts[2].server.log.last_index == 1
    assert world.hosts[2].disk.full
    run(world, 300)
    assert world.hosts[2].disk.durable.log.last_index == 1
    do(world, "free-disk S2")
    wait(world, "S2.commit_index == S1.commit_index")


# Writes that fail


@pytest.mark.parametrize("disk_us", [(0, 0), (ms(1), ms(2)), (ms(40), ms(60))])
def test_a_write_that_fails_is_tried_again_and_answered_then(disk_us: tuple[int, int]) -> None:
    world = led_by(1, 3, disk_us=disk_us)
    do(world, "fail-write S2", "request x=1 to S1")
    wait(world, "S2.commit_index == 2")
    run(world, 200)
    assert [r.event.failed for r in of_kind(world.branch, Wrote) if r.part == 2].count(True) == 1  # type: ignore[union-attr]
    assert world.hosts[2].disk.durable.log.last_index == 2


def test_nothing_leaves_while_a_write_is_tried_again() -> None:
    world = led_by(1, 3, disk_us=(ms(10), ms(10)), latency_us=(ms(1), ms(1)))
    do(world, "fail-write S2", "request x=1 to S1")
    wait(world, "S2.last_log_index == 2")
    run(world, 19)
    acknowledged = [
        f
        for _, _, f in sent(world.branch)
        if isinstance(f.message, AppendEntriesResponse) and f.message.match_index == 2
    ]
    assert {flight.source for flight in acknowledged} == {3}
    run(world, 2)
    assert world.hosts[2].disk.durable.log.last_index == 2


@pytest.mark.parametrize("seed", range(30))
def test_time_never_goes_back_when_a_write_fails_before_others(seed: int) -> None:
    """Those behind it wait for it, however fast they would have been."""
    world = led_by(1, 1, seed=seed, disk_us=(ms(1), ms(40)))
    for number in range(8):
        do(world, f"request x={number} to S1")
        run(world, 1)
        do(world, f"request y={number} to S1", "fail-write S1")
        run(world, 60)
    times = [record.time_us for record in world.branch.records(0)]
    assert times == sorted(times)


def test_a_disk_that_is_freed_writes_what_waited_before_what_comes_next() -> None:
    """Even at the same instant, and on a disk that takes no time."""
    world = led_by(1, 3, disk_us=(0, 0))
    do(world, "fill-disk S2", "timeout S2", "free-disk S2", "timeout S2")
    run(world, 0)
    host = world.hosts[2]
    assert host.disk.durable == host.server.persistent
    terms = [r.after.disk.durable.current_term for r in world.branch.records(0) if r.part == 2]  # type: ignore[union-attr]
    assert terms == sorted(terms)


# Group commit


def test_while_one_write_is_under_way_the_others_gather_and_are_written_together() -> None:
    world = led_by(1, 1, disk_us=(ms(10), ms(10)))
    run(world, 30)
    before = len(of_kind(world.branch, Wrote))
    for number in range(1, 10):
        do(world, f"request x={number} to S1 from C{number}")
    wait(world, "S1.commit_index == 10")
    written = of_kind(world.branch, Wrote)[before:]
    assert len(written) == 2
    told = [f for _, _, f in sent(world.branch) if isinstance(f.message, ClientResponse)]
    assert len(told) == 9


def test_what_is_gathered_leaves_only_when_all_of_it_is_on_the_disk() -> None:
    world = led_by(1, 3, disk_us=(ms(10), ms(10)), latency_us=(ms(1), ms(1)))
    run(world, 30)
    for number in range(1, 6):
        do(world, f"request x={number} to S1 from C{number}")
    for _ in range(200):
        for _, _, flight in sent(world.branch):
            message = flight.message
            if isinstance(message, AppendEntriesResponse) and message.success:
                held = world.hosts[flight.source].disk.durable.log.last_index
                assert message.match_index <= held
        run(world, 0.5)
    assert world.hosts[3].server.commit_index == 6


# Pauses


def test_commands_that_gather_while_a_leader_is_paused_are_sent_when_it_goes_on() -> None:
    options = Options(batch=50)
    world = led_by(1, 3, options=options, heartbeat_us=ms(140), batch_us=ms(5))
    for serial in (1, 2):
        do(world, f"request x={serial} to S1")
        wait(world, f"S1.last_log_index == {serial + 1}")
        do(world, "pause S1")
        run(world, 10)
        do(world, "resume S1")
        run(world, 6)
        assert world.hosts[1].server.role.batched == serial + 1  # type: ignore[union-attr]
    times = [record.time_us for record in world.branch.records(0)]
    assert times == sorted(times)


def test_a_snapshot_is_acknowledged_only_when_it_is_on_the_disk() -> None:
    options = Options(snapshot_every=2, chunk=20)
    world = led_by(1, 3, options=options, disk_us=(ms(5), ms(5)))
    do(world, "crash S3")
    for number in range(4):
        do(world, f"request x={number} to S1")
        run(world, 100)
    do(world, "restart S3")
    wait(world, "S3.commit_index == S1.commit_index")
    installed = [
        (record, f.message)
        for _, record, f in sent(world.branch)
        if isinstance(f.message, InstallSnapshotResponse) and f.message.installed
    ]
    assert installed
    for record, message in installed:
        disk = record.after.disk.durable  # type: ignore[union-attr]
        assert disk.log.snapshot_index >= message.last_included_index
