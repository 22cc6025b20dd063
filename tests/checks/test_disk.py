"""What counts as stored is stored, and nobody speaks too soon."""

from typing import Any

import attrs
import pytest

from raftviz.checks.properties import (
    COMMIT_QUORUM,
    COMMITTED_DURABLE,
    DURABLE_BEFORE_REPLY,
    PROGRESS_SOUND,
)
from raftviz.raft.cluster import Options
from raftviz.raft.log import Log
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    InstallSnapshotRequest,
    InstallSnapshotResponse,
    Message,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.server import Leader, Persistent
from tests.checks.forged import Watched, broken, led, watched
from tests.sim.worlds import do, run, wait

ONE_COPY = broken(replicated_index=lambda leader, configuration: max(leader.match_index.values()))
ANY_TERM = broken(leader_commit_index=lambda log, replicated, term, commit: max(replicated, commit))
NO_DISK = broken(must_persist=lambda before, after: False)
WHOLE_LOG = broken(match_index_after_success=lambda server, known, response: server.log.last_index)


# What a leader commits


def test_a_commit_without_a_majority_is_seen() -> None:
    it = watched(5, ONE_COPY)
    do(it.world, "timeout S1")
    wait(it.world, "S1.commit_index == 1")

    violation = it.first(COMMIT_QUORUM)
    assert (violation.servers, violation.index) == (frozenset({1}), 1)
    assert it.world.branch[violation.earlier].part == 1


def test_a_commit_up_to_an_entry_of_an_earlier_term_is_seen() -> None:
    start = {n: Persistent(1, 0, Log.of_terms(1)) for n in (1, 2)}
    it = watched(3, ANY_TERM, start=start, options=Options(no_op=False))
    do(it.world, "timeout S1")
    wait(it.world, "S1.commit_index == 1")

    violation = it.first(COMMIT_QUORUM)
    assert (violation.servers, violation.index) == (frozenset({1}), 1)


def test_a_copy_that_is_not_on_disk_yet_does_not_count() -> None:
    it = watched(2, NO_DISK)
    do(it.world, "timeout S1")
    wait(it.world, "leader == S1")
    it.forge(1, commit_index=1)

    assert it.first(COMMIT_QUORUM).index == 1


@pytest.mark.parametrize("servers", [1, 2, 4, 5])
def test_what_a_majority_holds_may_be_committed(servers: int) -> None:
    assert led(servers).fallen == set()


# What is committed stays on a majority of disks


def _lose_everything(it: Watched, server: int) -> None:
    it.forge(server, Persistent(1, it.world.hosts[server].disk.durable.voted_for))


def test_a_committed_entry_that_is_on_too_few_disks_is_seen() -> None:
    it = led(5)
    for server in (5, 4):
        _lose_everything(it, server)
        assert COMMITTED_DURABLE.name not in it.fallen
    _lose_everything(it, 3)

    violation = it.first(COMMITTED_DURABLE)
    assert violation.index == 2
    assert violation.servers == {1, 2, 3}


def test_disks_of_crashed_servers_count_damaged_ones_too() -> None:
    it = led(5)
    do(it.world, "crash S1", "damage S1", "restart S1", "crash S2")
    _lose_everything(it, 4)
    _lose_everything(it, 5)

    assert COMMITTED_DURABLE.name not in it.fallen


# What a leader believes


def test_a_leader_that_credits_more_than_was_answered_is_seen() -> None:
    it = watched(3, WHOLE_LOG)
    do(it.world, "timeout S1")
    wait(it.world, "leader == S1")
    do(it.world, "request a=1 to S1")
    run(it.world, 60)

    violation = it.first(PROGRESS_SOUND)
    assert 1 in violation.servers
    assert len(violation.servers) == 2


def _believing(it: Watched, **changes: Any) -> None:
    role = it.world.hosts[1].server.role
    assert isinstance(role, Leader)
    it.forge(1, role=attrs.evolve(role, **changes))


def test_a_belief_in_entries_that_nobody_sent_is_seen() -> None:
    it = led()
    _believing(it, match_index={1: 2, 2: 9, 3: 2}, next_index={2: 10, 3: 3})

    violation = it.first(PROGRESS_SOUND)
    assert (violation.servers, violation.index) == (frozenset({1, 2}), 9)


def test_going_to_send_what_is_known_to_be_there_is_seen() -> None:
    it = led()
    _believing(it, next_index={2: 2, 3: 3})
    assert it.first(PROGRESS_SOUND).servers == {1, 2}


def test_an_own_copy_that_is_not_on_disk_is_seen() -> None:
    it = led()
    _believing(it, match_index={1: 3, 2: 2, 3: 2})
    assert it.first(PROGRESS_SOUND).servers == {1}


def test_a_follower_whose_disk_forgets_what_it_acknowledged_is_seen() -> None:
    it = led()
    _lose_everything(it, 3)

    violation = it.first(PROGRESS_SOUND)
    assert violation.servers == {1, 3}
    assert it.world.branch[violation.earlier].part == 1


def test_a_follower_in_a_later_term_owes_its_old_leader_nothing() -> None:
    it = led()
    durable = it.world.hosts[3].disk.durable
    it.forge(3, Persistent(2, 0, durable.log.truncate_from(2)))

    assert PROGRESS_SOUND.name not in it.fallen


# What a server tells


NOT_ON_DISK: dict[str, Message] = {
    "its candidacy": RequestVoteRequest(1, 2, 2, 1),
    "a later candidacy": RequestVoteRequest(2, 2, 2, 1),
    "a vote": RequestVoteResponse(1, vote_granted=True),
    "a refusal in a later term": RequestVoteResponse(2, vote_granted=False),
    "entries": AppendEntriesResponse(1, success=True, match_index=3),
    "a later term": AppendEntriesResponse(2, success=False),
    "that it leads a later term": AppendEntriesRequest(2, 2, 2, 1, (), 2),
    "a snapshot in a later term": InstallSnapshotRequest(2, 2, 2, 1, 0, "", done=True),
    "a snapshot it installed": InstallSnapshotResponse(1, 3, 9, installed=True),
}


@pytest.mark.parametrize("message", NOT_ON_DISK.values(), ids=NOT_ON_DISK)
def test_telling_what_is_not_on_disk_is_seen(message: Message) -> None:
    it = led()
    it.say(2, 3, message)

    violation = it.first(DURABLE_BEFORE_REPLY)
    assert violation.servers == {2, 3}
    assert violation.event == len(it.world.branch) - 1
    assert it.world.branch[violation.earlier].part == 2


ON_DISK: dict[str, Message] = {
    "a vote of an earlier term": RequestVoteResponse(0, vote_granted=True),
    "entries": AppendEntriesResponse(1, success=True, match_index=2),
    "entries of an earlier term, since replaced": AppendEntriesResponse(0, True, 9),
    "a refusal": AppendEntriesResponse(1, success=False, conflict_index=9),
    "a part of a snapshot": InstallSnapshotResponse(1, 9, 40, installed=False),
}


@pytest.mark.parametrize("message", ON_DISK.values(), ids=ON_DISK)
def test_telling_what_is_on_disk_is_right(message: Message) -> None:
    it = led()
    it.say(2, 3, message)
    assert DURABLE_BEFORE_REPLY.name not in it.fallen


def test_answers_that_do_not_wait_for_the_disk_are_seen() -> None:
    it = watched(3, NO_DISK)
    do(it.world, "timeout S1")
    assert it.first(DURABLE_BEFORE_REPLY).event == 0


def test_a_message_that_is_sent_on_another_way_tells_nothing_new() -> None:
    it = led()
    do(it.world, "timeout S2")
    wait(it.world, "messages > 0")
    do(it.world, "delay RequestVote S2 -> S1 by 50ms", "duplicate RequestVote S2 -> S1", "pause S3")
    run(it.world, 100)
    do(it.world, "resume S3")
    run(it.world, 300)

    assert it.fallen == set()


@pytest.mark.parametrize(
    "fault", ["fill-disk S2", "fail-write S2", "pause S2", "tear S2", "crash S1"]
)
def test_faults_of_disks_break_nothing(fault: str) -> None:
    it = led(disk_us=(5_000, 9_000))
    do(it.world, "request y=1 to S1 from C5")
    wait(it.world, "S2.last_log_index == 3")
    do(it.world, fault)
    run(it.world, 900)

    assert it.fallen == set()
