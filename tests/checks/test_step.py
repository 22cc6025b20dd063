"""Terms, votes, commits and committed entries do not go back."""

import attrs

from raftviz.checks.properties import (
    COMMIT_MONOTONIC,
    COMMITTED_STAYS,
    TERM_MONOTONIC,
    VOTE_ONCE,
)
from raftviz.raft.log import Entry, Log
from raftviz.raft.messages import RequestVoteResponse
from raftviz.raft.server import Persistent
from raftviz.sim.world import World
from tests.checks.forged import Watched, broken, led, watched
from tests.sim.worlds import do, run, wait

START_BLANK = broken(recovered=lambda found: found or Persistent())
NO_DISK = broken(must_persist=lambda before, after: False)
ANY_VOTE = broken(may_vote=lambda voted_for, candidate_id: True)


# Terms


def test_a_term_that_goes_back_is_seen() -> None:
    it = led()
    it.forge(2, current_term=7)
    since = len(it.world.branch) - 1
    it.forge(2, current_term=6)

    violation = it.first(TERM_MONOTONIC)
    assert (violation.servers, violation.earlier) == (frozenset({2}), since)


def test_a_server_that_starts_blank_goes_back() -> None:
    it = led(rules=START_BLANK)
    do(it.world, "damage S2", "crash S2", "restart S2")

    assert it.first(TERM_MONOTONIC).servers == {2}


def test_a_disk_whose_term_goes_back_is_seen() -> None:
    it = led()
    it.forge(2, Persistent(0, 0, it.world.hosts[2].disk.durable.log))
    assert it.first(TERM_MONOTONIC).servers == {2}


def test_a_crash_may_take_a_term_that_nobody_was_told() -> None:
    it = led()
    do(it.world, "timeout S2", "crash S2", "restart S2")
    run(it.world, 500)

    assert it.fallen == set()


# Votes


def test_a_second_vote_in_a_term_is_seen() -> None:
    it = watched(3, ANY_VOTE)
    do(it.world, "timeout S1", "timeout S2")
    run(it.world, 100)

    violation = it.first(VOTE_ONCE)
    assert {1, 2} <= violation.servers
    assert it.world.branch[violation.earlier].part in violation.servers


def test_a_vote_that_a_crash_took_from_memory_alone_but_that_was_told_is_seen() -> None:
    it = watched(3, NO_DISK)
    do(it.world, "cut S1 <-> S2", "timeout S1")
    wait(it.world, "leader == S1")
    do(it.world, "crash S3", "restart S3", "timeout S2")
    run(it.world, 60)

    assert it.first(VOTE_ONCE).servers == {1, 2, 3}


def test_a_vote_that_is_taken_back_is_seen() -> None:
    it = led()
    assert it.world.hosts[2].server.voted_for == 1
    it.forge(2, voted_for=0)

    assert it.first(VOTE_ONCE).servers == {1, 2}


def test_another_vote_on_disk_is_seen() -> None:
    it = led()
    durable = it.world.hosts[2].disk.durable
    it.forge(2, attrs.evolve(durable, voted_for=3))

    assert it.first(VOTE_ONCE).servers == {1, 2, 3}


def test_a_crash_may_take_a_vote_that_nobody_was_told() -> None:
    it = watched(3, disk_us=(20_000, 20_000))
    do(it.world, "timeout S1")
    wait(it.world, "S3.voted_for == 1")
    do(it.world, "crash S3", "restart S3", "timeout S2")
    run(it.world, 300)

    assert VOTE_ONCE.name not in it.fallen


def test_a_vote_told_twice_for_the_same_is_one_vote() -> None:
    it = led()
    it.say(2, 1, RequestVoteResponse(1, vote_granted=True))
    assert it.fallen == set()


# Commits


def test_a_commit_that_goes_back_is_seen() -> None:
    it = led()
    it.forge(2, commit_index=1, last_applied=1)

    violation = it.first(COMMIT_MONOTONIC)
    assert (violation.servers, violation.index) == (frozenset({2}), 2)
    assert violation.earlier >= 0


def test_a_restart_may_forget_what_is_committed() -> None:
    it = led()
    do(it.world, "crash S2", "restart S2")
    assert it.world.hosts[2].server.commit_index == 0
    assert it.fallen == set()


# Committed entries


def test_a_committed_entry_that_is_removed_is_seen() -> None:
    it = led()
    log = it.world.hosts[2].server.log
    it.forge(2, log=log.truncate_from(2), commit_index=1, last_applied=1)

    violation = it.first(COMMITTED_STAYS)
    assert violation.index == 2
    assert violation.servers == {1, 2}
    assert it.world.branch[violation.earlier].part == 1


def test_a_committed_entry_that_a_disk_loses_is_seen() -> None:
    it = led()
    durable = it.world.hosts[3].disk.durable
    it.forge(3, attrs.evolve(durable, log=durable.log.truncate_from(1)))

    assert it.first(COMMITTED_STAYS).index == 1


def test_a_snapshot_that_is_lost_is_seen() -> None:
    it = led()
    do(it.world, "compact S2")
    run(it.world, 20)
    it.forge(2, log=Log(), commit_index=0, last_applied=0, snapshot=None)

    assert it.first(COMMITTED_STAYS).index == 1


def test_an_entry_that_is_not_committed_may_go() -> None:
    it = led()
    log = it.world.hosts[2].server.log
    it.forge(2, log=log.append((Entry(3, 1),)))
    it.forge(2, log=log)
    do(it.world, "crash S3", "restart S3")

    assert it.fallen == set()


def test_what_is_committed_in_another_branch_may_go() -> None:
    it = led()
    world = it.world
    fork = len(world.branch)
    do(world, "request y=1 to S1 from C7")
    wait(world, "committed y=1")
    other = World.at(world.history, world.branch, count=fork, watcher=it.checker)
    twin = Watched(other, it.checker)
    log = other.hosts[2].server.log
    twin.forge(2, log=log.append((Entry(3, 1),)))
    twin.forge(2, log=log)
    assert COMMITTED_STAYS.name not in it.fallen

    twin.forge(2, log=log.truncate_from(2), commit_index=1, last_applied=1)
    violation = it.first(COMMITTED_STAYS)
    assert (violation.branch, violation.index) == (other.branch.number, 2)
    assert violation.earlier < fork
    assert it.checker.violations_at(world.branch, len(world.branch)) == []
