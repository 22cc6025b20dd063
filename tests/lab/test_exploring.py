"""The search at random: it finds what is broken, shrinks it, and finds nothing where nothing is."""

from functools import cache

import pytest

from raftviz.checks.checker import Checker
from raftviz.checks.liveness import demand_liveness
from raftviz.lab.exploring import APART, explore
from raftviz.lab.findings import SEARCHING, SHRINKING, Finding
from raftviz.lab.plans import ANY, NONE, Aim, played
from raftviz.lab.wandering import random_cluster, wander
from raftviz.raft.variants import VARIANTS
from raftviz.session.opening import Opening
from raftviz.sim.acts import SwitchOff
from raftviz.sim.events import Acted
from raftviz.sim.player import Player
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.settings import Settings
from tests.lab.searches import found, never, to_the_end

QUICK = [
    "no_log_check",
    "caller_supplies_term",
    "compact_uncommitted",
    "apply_error_skips",
    "ack_before_commit",
    "no_sessions",
    "even_majority",
    "next_index_is_len",
    "boundary_term_lost",
]
"""Variants that are found in the first few runs."""

each_quick = pytest.mark.parametrize("variant", QUICK)


@cache
def finding_of(variant: str) -> Finding:
    return found(variant)


def replayed(finding: Finding) -> tuple[Player, Checker]:
    player = Player(parse_scenario(finding.session))
    checker = Checker(player.history)
    player.watch(checker)
    player.play()
    return player, checker


@each_quick
def test_a_broken_rule_is_found_and_what_falls_is_what_the_variant_says(variant: str) -> None:
    finding = finding_of(variant)
    assert finding.found
    assert finding.property == Aim.of(variant).falls
    assert finding.minimal


@each_quick
def test_a_finding_is_a_session_that_plays_and_breaks_the_same(variant: str) -> None:
    finding = finding_of(variant)
    player, checker = replayed(finding)
    assert not player.failures
    root = player.history.root
    made = [record for record in root.records() if isinstance(record.event, Acted)]
    assert len(made) == finding.acts
    assert player.history.settings.servers == finding.servers
    if finding.property == "liveness":
        assert demand_liveness(player.worlds[root.number]) is not None
    else:
        assert finding.property in {
            one.property.name for one in checker.violations if one.branch == root.number
        }


@each_quick
def test_beside_it_stand_the_same_acts_with_the_rule_whole_and_nothing_falls(variant: str) -> None:
    player, checker = replayed(finding_of(variant))
    broken, whole = player.history.branches
    assert player.worlds[whole.number].network.variants == ()
    assert not [one for one in checker.violations if one.branch == whole.number]
    acts, same = (
        [r.event.act for r in branch.records() if isinstance(r.event, Acted)]
        for branch in (broken, whole)
    )
    assert same[0] == SwitchOff(variant)
    assert len(same) == len(acts) + 1
    if finding_of(variant).property == "liveness":
        assert demand_liveness(player.worlds[whole.number]) is None


def test_a_finding_opens_like_any_session_and_is_saved_as_one() -> None:
    opening = Opening(finding_of("no_log_check").session)
    for _ in opening.working():
        pass
    assert opening.looked_at
    assert [one.name for one in opening.session.history.branches] == [
        "the rule is broken",
        "the rule is whole",
    ]
    assert opening.session.history.settings.variants == ("no_log_check",)


@pytest.mark.parametrize("falls", [ANY, "election_safety"])
def test_nothing_falls_on_the_algorithm_as_it_is(falls: str) -> None:
    finding = found(NONE, falls, runs=60 if falls == ANY else 200)
    assert not finding.found
    assert finding.runs >= 60
    assert finding.session == ""
    assert "nothing fell" in finding.says


def test_the_property_can_be_chosen() -> None:
    assert found("no_log_check", "state_machine_safety").property == "state_machine_safety"


def test_a_seed_is_a_finding() -> None:
    assert found("no_sessions", seed=4) == found("no_sessions", seed=4)


def test_other_seeds_are_other_runs() -> None:
    one, other = found("no_log_check", seed=1), found("no_log_check", seed=2)
    assert one.session != other.session
    assert APART <= one.seed < 2 * APART <= other.seed


@pytest.mark.parametrize("variant", ["no_log_check", "last_index_off_by_one"])
def test_a_plan_plays_as_it_was_made(variant: str) -> None:
    aim = Aim.of(variant)
    plans = [plan for seed in range(16) if (plan := wander(seed, aim)) is not None]
    assert len(plans) > 1
    for plan in plans:
        stage = played(plan, aim)
        assert stage.reached is not None
        assert stage.plan == plan


def test_runs_differ_in_their_clusters_and_options() -> None:
    settings = [random_cluster(seed, Aim(NONE)) for seed in range(80)]
    assert {one.servers for one in settings} == {1, 2, 3, 4, 5}
    assert {one.options.no_op for one in settings} == {True, False}
    assert {one.options.pipeline > 1 for one in settings} == {True, False}
    assert {bool(one.options.snapshot_every) for one in settings} == {True, False}


def test_who_waits_for_life_has_usual_timers_and_does_not_send_one_entry_at_a_time() -> None:
    for seed in range(40):
        settings = random_cluster(seed, Aim(NONE, "liveness"))
        assert settings.election_timeout_us == Settings().election_timeout_us
        assert settings.options.max_entries == Settings().options.max_entries


def test_a_search_tells_how_far_it_is() -> None:
    finding, told = to_the_end(explore(Aim.of("no_log_check"), seed=6, clock=never))
    assert [one.phase for one in told] == sorted((one.phase for one in told), reverse=False)
    assert {one.phase for one in told} == {SEARCHING, SHRINKING}
    assert told[0].runs > 0
    acts = [one.acts for one in told if one.phase == SHRINKING]
    assert acts == sorted(acts, reverse=True)
    assert acts[-1] == finding.acts < acts[0]


def test_a_search_that_is_stopped_while_it_shrinks_has_found_already() -> None:
    search = explore(Aim.of("caller_supplies_term"), clock=never)
    best = next(one.best for one in search if one.best is not None)
    search.close()
    assert best.found
    assert not best.minimal
    _, checker = replayed(best)
    assert best.property in {one.property.name for one in checker.violations}


def test_a_search_ends_when_its_time_is_up() -> None:
    seconds = iter(range(1000))
    aim = Aim(NONE, "election_safety")
    search = explore(aim, limit_s=4, clock=lambda: float(next(seconds)))
    finding, told = to_the_end(search)
    assert not finding.found
    assert len(told) < 6


def test_what_costs_only_time_says_what_suffers() -> None:
    finding = found("no_no_op", runs=16)
    assert not finding.found
    assert "What suffers from no_no_op is" in finding.says


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_says_what_to_look_for(variant: str) -> None:
    assert Aim.of(variant).falls


def test_what_is_not_there_cannot_be_looked_for() -> None:
    with pytest.raises(ValueError, match="no variant “no_log_chek”; did you mean “no_log_check”"):
        Aim.of("no_log_chek")
    with pytest.raises(ValueError, match="no property “lifeness”"):
        Aim.of("no_log_check", "lifeness")


def test_what_is_long_is_compared_with_what_the_next_runs_come_to() -> None:
    aim = Aim.of("log_not_persisted")
    finding, told = to_the_end(explore(aim, seed=4, clock=never))
    first = next(one.best for one in told if one.best is not None and one.best.minimal)
    assert first.acts > finding.acts
    assert finding.seed > first.seed
    assert finding.minimal
