"""Campaigns: what one seed decides, and what many of them come to."""

import json

import attrs
import pytest
from click.testing import CliRunner

from raftviz import cli
from raftviz.lab import campaign as lab
from raftviz.lab.campaign import Outcome, campaign, outcome_of, run_seed
from raftviz.raft.rules import RULES
from raftviz.sim.events import Acted
from raftviz.sim.random_acts import random_settings
from raftviz.sim.trace import trace_hash

EVENTS = 1_500
"""Of one run in the suite; a campaign's are many times longer."""


@pytest.mark.parametrize("seed", range(12))
def test_a_run_breaks_no_property_and_comes_to_life_again(seed: int) -> None:
    run = run_seed(seed, EVENTS)
    assert not run.violations
    assert len(run.history.root) >= EVENTS


def test_a_seed_is_a_run() -> None:
    assert trace_hash(run_seed(5, EVENTS).history) == trace_hash(run_seed(5, EVENTS).history)


def test_seeds_differ_in_their_clusters_their_options_and_their_faults() -> None:
    settings = [random_settings(seed) for seed in range(60)]
    assert {s.servers for s in settings} == set(range(1, 8))
    assert {bool(s.options.snapshot_every) for s in settings} == {True, False}
    assert {s.options.pipeline > 1 for s in settings} == {True, False}
    assert {s.options.batch > 1 for s in settings} == {True, False}
    kinds = [
        frozenset(type(r.event.act) for r in run.branch.records() if isinstance(r.event, Acted))
        for run in (run_seed(seed, 600).world for seed in range(8))
    ]
    assert len(set(kinds)) > 4


def test_a_broken_rule_is_found_within_a_few_seeds() -> None:
    broken = attrs.evolve(RULES, may_vote=lambda voted_for, candidate: True)
    found = {
        v.property.name for seed in range(8) for v in run_seed(seed, EVENTS, broken).violations
    }
    assert "election_safety" in found


def test_two_workers_come_to_what_one_comes_to() -> None:
    alone = sorted(campaign(range(6), 1, 400), key=lambda outcome: outcome.seed)
    together = sorted(campaign(range(6), 2, 400), key=lambda outcome: outcome.seed)
    assert alone == together == [outcome_of(seed, 400) for seed in range(6)]


def test_the_command_prints_what_programs_read() -> None:
    result = CliRunner().invoke(
        cli.main, ["campaign", "--seeds", "3", "--events", "300", "--jobs", "1", "--json"]
    )
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert set(told) == {"seeds", "events", "violations"}
    assert told["seeds"] == 3
    assert told["events"] >= 900
    assert told["violations"] == []


def test_a_failing_seed_is_told_with_its_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = [Outcome(7, 300, ("log_matching",)), Outcome(3, 300, ())]
    monkeypatch.setattr(lab, "campaign", lambda *_: iter(outcomes))
    result = CliRunner().invoke(cli.main, ["campaign", "--seeds", "2", "--events", "300", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["violations"] == [
        {
            "seed": 7,
            "property": "log_matching",
            "replay": "raftviz campaign --replay 7 --events 300",
        }
    ]
