"""No message leaves before what it tells of is durable (Figure 2, persistent state)."""

import pytest

from raftviz.checks.random_runs import run_random
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    Message,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.server import Persistent
from raftviz.sim.events import Acted, Wrote
from raftviz.sim.host import Host
from raftviz.sim.units import ms
from tests.sim.worlds import a_world, do, flights, led_by, of_kind, run, sent, wait


def covers(durable: Persistent, message: Message, source: int, target: int) -> bool:
    """Whether a disk holds all that a server tells with a message."""
    match message:
        case RequestVoteRequest(term):
            vote = durable.current_term > term or durable.voted_for == source
            return durable.current_term >= term and vote
        case RequestVoteResponse(term, vote_granted):
            vote = durable.current_term > term or durable.voted_for == target
            return durable.current_term >= term and (vote or not vote_granted)
        case AppendEntriesRequest(term):
            held = durable.log.last_index >= message.last_new_index
            return durable.current_term >= term and held
        case AppendEntriesResponse(term, success, match_index):
            held = durable.log.last_index >= match_index
            return durable.current_term >= term and (held or not success)
    return True


@pytest.mark.parametrize("seed", range(40))
def test_in_any_run_a_sender_has_on_its_disk_what_its_message_tells(seed: int) -> None:
    history = run_random(seed, 40).history
    for number, record, flight in sent(history.root):
        if flight.source < 0 or (isinstance(record.event, Acted) and record.part != flight.source):
            continue  # a client, or the copy that somebody made
        host = record.after
        assert isinstance(host, Host)
        durable = host.disk.durable
        assert covers(durable, flight.message, flight.source, flight.target), (number, record)


def test_the_random_runs_have_disks_that_take_their_time() -> None:
    """Or the test above would show nothing."""
    written = [len(of_kind(run_random(seed, 40).history.root, Wrote)) for seed in range(10)]
    assert sum(written) > 100


def test_a_candidate_asks_for_votes_only_when_its_own_is_on_the_disk() -> None:
    world = a_world(3, disk_us=(ms(7), ms(7)))
    do(world, "timeout S1")
    assert not world.flights
    run(world, 6.9)
    assert not world.flights
    run(world, 0.1)
    assert len(flights(world, RequestVoteRequest)) == 2


def test_a_follower_answers_only_when_the_entries_are_on_its_disk() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    wait(world, "S2.last_log_index == 2")
    assert not [f for f in flights(world, AppendEntriesResponse, 2) if f.message.match_index == 2]  # type: ignore[union-attr]
    assert world.hosts[2].disk.durable.log.last_index == 1
    run(world, 2)
    assert world.hosts[2].disk.durable.log.last_index == 2
    assert [f for f in flights(world, AppendEntriesResponse, 2) if f.message.match_index == 2]  # type: ignore[union-attr]


def test_a_message_that_has_nothing_to_write_does_not_overtake_one_that_has() -> None:
    """Its sender's state is later than what is on the disk."""
    world = a_world(3, disk_us=(ms(50), ms(50)))
    do(world, "timeout S2")
    wait(world, "S1.voted_for == 2", 100)
    do(world, "timeout S3")
    run(world, 1)
    assert not flights(world, RequestVoteResponse)


def test_writes_that_wait_for_another_go_to_the_disk_together() -> None:
    world = a_world(3, disk_us=(ms(5), ms(5)))
    do(world, "timeout S1", "timeout S1", "timeout S1")
    began = world.time_us
    run(world, 20)
    assert [r.time_us - began for r in of_kind(world.branch, Wrote)] == [ms(5), ms(10)]


def test_a_disk_without_latency_writes_at_once() -> None:
    world = a_world(3, disk_us=(0, 0))
    do(world, "timeout S1")
    assert world.hosts[1].disk.durable.current_term == 1
    assert len(flights(world, RequestVoteRequest)) == 2


def test_a_lone_server_commits_an_entry_only_when_its_disk_has_it() -> None:
    world = a_world(1, disk_us=(ms(5), ms(5)))
    do(world, "timeout S1")
    run(world, 5)  # its vote for itself
    assert world.hosts[1].server.leader_id == 1
    assert world.hosts[1].server.commit_index == 0
    run(world, 5)  # its no-op
    assert world.hosts[1].server.commit_index == 1


def test_a_lone_server_without_disk_latency_commits_at_once() -> None:
    world = a_world(1, disk_us=(0, 0))
    do(world, "timeout S1")
    assert world.hosts[1].server.commit_index == 1


def test_a_leader_counts_its_own_copy_only_when_its_disk_has_it() -> None:
    world = led_by(1, 3, disk_us=(ms(60), ms(60)), latency_us=(ms(1), ms(1)))
    do(world, "request x=1 to S1")
    wait(world, "S1.last_log_index == 2")
    role = world.hosts[1].server.role
    assert role.match_index[1] == 1  # type: ignore[union-attr]
