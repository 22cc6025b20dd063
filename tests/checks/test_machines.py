"""State machines, and snapshots of them, are what the log makes of them."""

from typing import Any

import attrs
import pytest

from raftviz.checks.properties import APPLIED_CONTIGUOUS, SNAPSHOT_FAITHFUL
from raftviz.raft.cluster import Options
from raftviz.raft.log import Command
from raftviz.raft.machine import KeyValueMachine, Replica
from raftviz.raft.rules import execute
from raftviz.raft.server import Snapshot
from raftviz.sim.world import World
from tests.checks.forged import Watched, broken, led
from tests.sim.worlds import do, run, wait

SKIP_FAILED = broken(applied_after_failure=lambda last_applied, index: index)
AHEAD = broken(compaction_index=lambda server, through: server.log.last_index)


class EverySecondTime:
    """Executes y=1 as if it were y=2, every second time."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, replica: Replica, command: Command) -> tuple[Replica, str]:
        after, result = execute(replica, command)
        self.calls += command.text == "y=1"
        if command.text == "y=1" and self.calls == 2:
            return Replica(KeyValueMachine({"y": "2"}), after.sessions), result
        return after, result


def test_an_entry_that_was_skipped_is_seen() -> None:
    it = led(rules=SKIP_FAILED)
    do(it.world, "fail-apply S2", "request y=1 to S1 from C5")
    run(it.world, 200)

    violation = it.first(APPLIED_CONTIGUOUS)
    assert violation.index == 3
    assert 2 in violation.servers


def test_an_entry_that_was_executed_differently_is_seen_once() -> None:
    it = led(rules=broken(execute=EverySecondTime()))
    do(it.world, "request y=1 to S1 from C5", "request z=1 to S1 from C6")
    run(it.world, 200)

    violation = it.first(APPLIED_CONTIGUOUS)
    assert violation.earlier >= 0
    assert len(it.checker.violations) == 1


def test_a_state_that_changes_by_itself_is_seen() -> None:
    it = led()
    it.forge(3, replica=Replica())
    assert it.first(APPLIED_CONTIGUOUS).index == 2


def test_going_back_without_a_restart_is_seen() -> None:
    it = led()
    it.forge(2, last_applied=1, replica=Replica())

    violation = it.first(APPLIED_CONTIGUOUS)
    assert (violation.servers, violation.index) == (frozenset({2}), 2)
    assert it.world.branch[violation.earlier].part == 2


def test_a_command_that_fails_and_is_tried_again_is_right() -> None:
    it = led()
    do(it.world, "fail-apply S1", "fail-apply S2", "request y=1 to S1 from C5")
    run(it.world, 300)
    do(it.world, "crash S2", "restart S2")
    run(it.world, 300)

    assert it.world.hosts[2].server.last_applied == 3
    assert it.fallen == set()


# Snapshots


def _snapshot(it: Watched, **changes: Any) -> None:
    """S2 takes a snapshot that is wrong in one respect."""
    server = it.world.hosts[2].server
    snapshot = attrs.evolve(Snapshot(2, 1, server.replica), **changes)
    it.forge(2, log=server.log.compact(2), snapshot=snapshot)


@pytest.mark.parametrize(
    "changes",
    [
        {"replica": Replica()},
        {"last_included_term": 2},
        {"last_included_index": 1, "replica": Replica()},
    ],
    ids=str,
)
def test_a_snapshot_that_is_not_what_it_replaces_is_seen(changes: dict[str, Any]) -> None:
    it = led()
    _snapshot(it, **changes)

    violation = it.first(SNAPSHOT_FAITHFUL)
    assert 2 in violation.servers
    assert violation.index == changes.get("last_included_index", 2)


def test_a_faithful_one_is_right() -> None:
    it = led()
    _snapshot(it)
    assert it.fallen == set()


def test_a_snapshot_of_what_nobody_has_applied_is_seen() -> None:
    it = led(rules=AHEAD, options=Options(snapshot_every=1))
    do(it.world, "request y=1 to S1 from C5", "request y=2 to S1 from C6")
    run(it.world, 200)

    assert SNAPSHOT_FAITHFUL.name in it.fallen


@pytest.mark.parametrize("chunk", [7, 100_000])
def test_snapshots_that_are_installed_are_right(chunk: int) -> None:
    it = led(options=Options(snapshot_every=2, chunk=chunk))
    do(it.world, "crash S3")
    for number in range(9):
        do(it.world, f"request k{number}={number} to S1")
        run(it.world, 60)
    do(it.world, "restart S3")
    wait(it.world, "S3.last_applied >= 10")
    do(it.world, "crash S3", "restart S3", "compact S1")
    run(it.world, 500)

    assert it.fallen == set()


def test_each_branch_has_its_own_states() -> None:
    it = led()
    fork = len(it.world.branch)
    do(it.world, "request y=1 to S1 from C5")
    wait(it.world, "committed y=1")
    twin = World.at(it.world.history, it.world.branch, count=fork, watcher=it.checker)
    do(twin, "request y=2 to S1 from C5")
    for world in (twin, it.world):
        run(world, 200)
        do(world, "compact S2")

    assert it.fallen == set()
