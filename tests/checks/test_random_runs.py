"""A person at random, watched after every event: what a campaign repeats ten thousand times."""

from typing import get_args

import attrs
import pytest

from raftviz.checks.random_runs import run_random
from raftviz.raft.rules import RULES
from raftviz.sim.acts import Act, OnRules
from raftviz.sim.events import Acted, Delivered, Lost
from raftviz.sim.history import Branch
from raftviz.sim.random_acts import MAX_RANDOM_SERVERS, random_settings
from raftviz.sim.trace import trace_hash

RUNS = range(60)
ACTS = 60


def acts_of(branch: Branch) -> list[Acted]:
    """Everything that was done."""
    return [r.event for r in branch.records() if isinstance(r.event, Acted)]


@pytest.mark.parametrize("seed", RUNS)
def test_a_random_run_violates_nothing(seed: int) -> None:
    assert run_random(seed, ACTS).violations == []


def test_a_run_is_the_same_again() -> None:
    assert trace_hash(run_random(5, ACTS).history) == trace_hash(run_random(5, ACTS).history)


def test_a_longer_run_begins_as_the_shorter_one() -> None:
    short, long = (list(run_random(5, acts).history.root.records()) for acts in (20, 40))
    assert long[: len(short)] == short


def test_a_run_has_as_many_acts_as_were_asked_for() -> None:
    assert len(acts_of(run_random(5, ACTS).history.root)) == ACTS


def test_the_runs_do_everything_that_can_be_done_with_effect() -> None:
    done = {
        type(acted.act)
        for seed in RUNS
        for acted in acts_of(run_random(seed, ACTS).history.root)
        if not acted.note
    }
    # Nothing may fall in these runs, so nobody breaks a rule in them.
    assert done == set(get_args(Act)) - set(get_args(OnRules))


def test_the_runs_have_every_size() -> None:
    sizes = {random_settings(seed).servers for seed in RUNS}
    assert sizes == set(range(1, MAX_RANDOM_SERVERS + 1))


def test_the_runs_lose_messages_in_every_way_and_commit_all_the_same() -> None:
    lost, delivered, committed = set(), 0, 0
    for seed in RUNS:
        history = run_random(seed, ACTS).history
        for record in history.root.records():
            if isinstance(record.event, Lost):
                lost.add(record.event.why)
            delivered += isinstance(record.event, Delivered)
        hosts = history.state_at(history.root, len(history.root)).hosts.values()
        committed += max(host.server.commit_index for host in hosts)
    assert lost == {"loss", "cut", "dropped", "crashed"}
    assert delivered > 10_000
    assert committed > 300


def test_a_broken_rule_is_found() -> None:
    """Or the runs would show nothing."""
    rules = attrs.evolve(RULES, may_vote=lambda voted_for, candidate_id: True)
    assert any(run_random(seed, ACTS, rules).violations for seed in RUNS)
