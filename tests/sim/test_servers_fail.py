"""Crashing, restarting, pausing servers, and making them lose patience."""

import pytest

from raftviz.raft.server import Candidate, Follower, Leader
from raftviz.sim.events import Delivered, Lost, TimedOut, Wrote
from raftviz.sim.host import Status
from raftviz.sim.units import NEVER, ms
from tests.sim.worlds import a_world, commands, do, led_by, note_of, of_kind, run, terms, wait

# Crashing


def test_a_crashed_server_keeps_what_is_on_its_disk() -> None:
    world = led_by(1)
    do(world, "request x=1")
    wait(world, "committed x=1 and logs_agree")
    run(world, 10)
    before = world.hosts[2].server
    do(world, "crash S2")
    after = world.hosts[2].server
    assert after.persistent == before.persistent
    assert commands(world.hosts[2]) == ["", "x=1"]


def test_a_crashed_server_loses_what_is_not_on_its_disk_yet() -> None:
    world = led_by(1, disk_us=(ms(20), ms(20)))
    do(world, "request lost=1 to S1")
    wait(world, 'copies("lost=1") == 1')
    assert world.hosts[1].disk.writes
    do(world, "crash S1")
    assert commands(world.hosts[1]) == [""]


def test_a_vote_that_was_not_on_the_disk_is_forgotten_and_nobody_was_told() -> None:
    world = a_world(3, disk_us=(ms(20), ms(20)))
    do(world, "timeout S1")
    run(world, 1)
    do(world, "crash S1")
    assert world.hosts[1].server.current_term == 0
    assert not world.flights


def test_a_crashed_server_forgets_its_role_and_what_it_committed() -> None:
    world = led_by(1)
    do(world, "crash S1")
    server = world.hosts[1].server
    assert server.role == Follower()
    assert (server.commit_index, server.last_applied) == (0, 0)


def test_a_crash_takes_the_writes_and_the_mail_that_waited() -> None:
    world = led_by(1, disk_us=(ms(30), ms(30)))
    do(world, "request x=1 to S1")
    wait(world, "S2.last_log_index == 2")
    do(world, "pause S2")
    run(world, 120)
    assert world.hosts[2].backlog
    assert world.hosts[2].disk.writes
    do(world, "crash S2")
    assert not world.hosts[2].backlog
    assert not world.hosts[2].disk.writes


def test_a_crashed_server_does_nothing_by_itself() -> None:
    world = led_by(1)
    do(world, "crash S2")
    count = len(world.branch)
    run(world, 2_000)
    assert world.hosts[2].timer_us == NEVER
    assert not [r for r in world.branch.records(count) if r.part == 2]


def test_a_message_to_a_crashed_server_is_lost() -> None:
    world = led_by(1)
    do(world, "crash S2")
    count = len(world.branch)
    run(world, 100)
    lost = [r.event for r in of_kind(world.branch, Lost, count)]
    assert lost
    assert {(e.why, e.flight.target) for e in lost if isinstance(e, Lost)} == {("crashed", 2)}


def test_a_message_that_a_server_sent_before_it_crashed_still_arrives() -> None:
    world = led_by(1)
    wait(world, "messages >= 4")
    flying = {f.id for f in world.flights.values() if f.source == 1}
    do(world, "crash S1")
    run(world, 20)
    arrived = {r.event.flight.id for r in of_kind(world.branch, Delivered)}  # type: ignore[union-attr]
    assert flying <= arrived


def test_without_its_leader_a_cluster_elects_another() -> None:
    world = led_by(1)
    do(world, "crash leader")
    wait(world, "any_leader")
    wait(world, "leader.term >= 2 and not crashed(leader)")


# Restarting


def test_a_restarted_server_is_a_follower_with_what_its_disk_held() -> None:
    world = led_by(1)
    do(world, "crash S1", "restart S1")
    host = world.hosts[1]
    assert host.status is Status.UP
    assert isinstance(host.server.role, Follower)
    assert terms(host) == [1]
    assert host.server.voted_for == 1


def test_a_restarted_server_waits_a_whole_election_timeout_from_then_on() -> None:
    world = led_by(1)
    do(world, "crash S1")
    run(world, 777)
    do(world, "restart S1")
    assert ms(150) <= world.hosts[1].timer_us - world.time_us <= ms(300)


def test_a_restarted_server_applies_again_what_its_leader_says_is_committed() -> None:
    world = led_by(1)
    do(world, "request x=1")
    wait(world, "committed x=1 and logs_agree")
    do(world, "crash S2", "restart S2")
    assert world.hosts[2].server.last_applied == 0
    wait(world, "S2.last_applied == 2", 500)


def test_a_whole_cluster_that_crashed_comes_back_with_its_log() -> None:
    world = led_by(1)
    do(world, "request x=1")
    wait(world, "committed x=1 and logs_agree")
    run(world, 10)
    do(world, *(f"crash S{n}" for n in range(1, 6)), *(f"restart S{n}" for n in range(1, 6)))
    wait(world, "committed x=1")


# Pausing


def test_mail_for_a_paused_server_waits() -> None:
    world = led_by(1)
    do(world, "pause S2")
    run(world, 120)
    waiting = world.hosts[2].backlog
    assert len(waiting) >= 2
    events = [r.event for r in of_kind(world.branch, Delivered)]
    assert {e.flight for e in events if isinstance(e, Delivered) and e.waits} == set(waiting)


def test_a_paused_server_keeps_its_memory_and_changes_nothing() -> None:
    world = led_by(1)
    before = world.hosts[2].server
    do(world, "pause S2")
    run(world, 1_000)
    assert world.hosts[2].server is before


def test_a_resumed_server_reads_its_mail_at_once_in_the_order_it_was_sent() -> None:
    world = led_by(1)
    do(world, "pause S2")
    run(world, 120)
    waiting = [flight.id for flight in world.hosts[2].backlog]
    do(world, "resume S2")
    count, now = len(world.branch), world.time_us
    run(world, 0)
    read = [r.event.flight for r in of_kind(world.branch, Delivered, count)]  # type: ignore[union-attr]
    assert [flight.id for flight in read] == sorted(waiting)
    assert {r.time_us for r in world.branch.records(count)} == {now}
    assert not world.hosts[2].backlog


def test_a_timer_that_ran_out_in_the_pause_fires_when_the_server_goes_on() -> None:
    world = a_world(3)
    do(world, "pause S1", "pause S2", "pause S3")
    run(world, 5_000)
    assert not of_kind(world.branch, TimedOut)
    do(world, "resume S1")
    run(world, 0)
    assert isinstance(world.hosts[1].server.role, Candidate)


def test_a_timer_that_did_not_run_out_in_the_pause_goes_on_as_it_was() -> None:
    world = led_by(1)
    due = world.hosts[2].timer_us
    do(world, "pause S2")
    run(world, 1)
    do(world, "resume S2")
    assert world.hosts[2].timer_us == due


def test_a_write_that_began_before_the_pause_is_done_behind_it() -> None:
    world = a_world(3, disk_us=(ms(5), ms(5)))
    do(world, "timeout S1", "pause S1")
    run(world, 100)
    assert not of_kind(world.branch, Wrote)
    do(world, "resume S1")
    run(world, 0)
    assert world.hosts[1].disk.durable.voted_for == 1


def test_a_paused_leader_is_deposed_without_knowing_it() -> None:
    world = led_by(1)
    do(world, "pause S1")
    wait(world, "any_leader")
    assert isinstance(world.hosts[1].server.role, Leader)
    do(world, "resume S1")
    wait(world, 'S1.role == "follower"', 200)


def test_a_paused_server_can_crash() -> None:
    world = led_by(1)
    do(world, "pause S2", "crash S2")
    assert world.hosts[2].status is Status.CRASHED


# Losing patience


def test_a_server_whose_timeout_elapses_stands_for_election_now() -> None:
    world = a_world(3)
    do(world, "timeout S3")
    assert isinstance(world.hosts[3].server.role, Candidate)
    assert world.hosts[3].server.current_term == 1


def test_a_server_can_lose_patience_again_and_again() -> None:
    world = a_world(3)
    do(world, "timeout S3", "timeout S3", "timeout S3")
    assert world.hosts[3].server.current_term == 3


# In vain


@pytest.mark.parametrize(
    ("before", "act", "why"),
    [
        (["crash S2"], "crash S2", "S2 is already down"),
        ([], "restart S2", "S2 is not down"),
        (["pause S2"], "restart S2", "S2 is not down"),
        (["pause S2"], "pause S2", "S2 is paused"),
        (["crash S2"], "pause S2", "S2 is crashed"),
        ([], "resume S2", "S2 is not paused"),
        (["crash S2"], "resume S2", "S2 is not paused"),
        (["crash S2"], "timeout S2", "S2 is crashed"),
        (["pause S2"], "timeout S2", "S2 is paused"),
        (["crash S1"], "crash leader", "nobody leads right now"),
        ([], "pause a candidate", "no server is a candidate right now"),
    ],
)
def test_what_cannot_be_done_to_a_server_is_kept_with_the_reason(
    before: list[str], act: str, why: str
) -> None:
    world = led_by(1)
    if before:
        do(world, *before)
    hosts = dict(world.hosts)
    record = do(world, act)
    assert note_of(record) == why
    assert world.hosts == hosts
