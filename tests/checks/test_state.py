"""No server is ahead of itself (the rest of ``checks.state`` is tested with Figure 3)."""

from typing import Any

import pytest

from raftviz.checks.properties import ORDERING
from raftviz.raft.log import Entry, Log
from raftviz.raft.server import Candidate
from tests.checks.forged import led, watched
from tests.sim.worlds import do, run

AHEAD: dict[str, dict[str, Any]] = {
    "committed beyond the log": {"commit_index": 3},
    "applied beyond what is committed": {"last_applied": 3},
    "a snapshot beyond what is applied": {
        "log": Log(snapshot_index=3, snapshot_term=1),
        "commit_index": 3,
    },
    "an entry of a later term than its own": {
        "log": Log([Entry(1, 1), Entry(2, 1), Entry(3, 2)]),
    },
    "terms that fall": {"current_term": 2, "log": Log([Entry(1, 1), Entry(2, 2), Entry(3, 1)])},
}


@pytest.mark.parametrize("changes", AHEAD.values(), ids=AHEAD)
def test_a_server_that_is_ahead_of_itself_is_seen(changes: dict[str, Any]) -> None:
    it = led()
    it.forge(2, **changes)

    violation = it.first(ORDERING)
    assert violation.servers == {2}
    assert violation.event == len(it.world.branch) - 1
    assert violation.index > 0


def test_the_event_that_is_contradicted_is_the_last_that_changed_the_server() -> None:
    it = led()
    it.forge(2, current_term=2)
    since = len(it.world.branch) - 1
    do(it.world, "pause S3")
    it.forge(2, commit_index=9)

    assert it.first(ORDERING).earlier == since


def test_the_same_disorder_is_told_once() -> None:
    it = led()
    it.forge(2, commit_index=9)
    it.forge(2, current_term=5)
    it.forge(2, role=Candidate(frozenset({2})))

    assert [v.property for v in it.checker.violations].count(ORDERING) == 1


def test_crashes_and_snapshots_keep_the_order() -> None:
    it = led()
    do(it.world, "compact S2", "crash S2", "restart S2", "crash S1", "restart S1", "timeout S3")
    run(it.world, 500)

    assert it.fallen == set()


def test_a_log_that_differs_is_no_disorder() -> None:
    it = watched()
    it.forge(2, log=Log([Entry(1, 0)]))
    assert it.fallen == set()
