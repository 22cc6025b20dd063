"""Every run within bounds: how many states there are, what falls in them, and that nothing is missed."""

import random
from itertools import permutations

import attrs
import pytest

from raftviz.checks.checker import Checker
from raftviz.checks.properties import LIVENESS, NO_PANIC
from raftviz.lab.exhaustive import stations
from raftviz.lab.exhaustive.bounds import Bounds, BoundsError, bounds_from, estimate, usual
from raftviz.lab.exhaustive.finding import exhaust
from raftviz.lab.exhaustive.search import Exhaustive, Level, Reached
from raftviz.lab.exhaustive.sites import key_of
from raftviz.lab.exhaustive.sometimes import SOMETIMES, TRUNCATED
from raftviz.lab.exhaustive.telling import done, plan_of, slow
from raftviz.lab.exhaustive.way import Leg, legs_of, way_to
from raftviz.lab.findings import Finding, Search
from raftviz.lab.plans import ANY, BOTH, NONE, Aim, played
from raftviz.raft.cluster import Options
from raftviz.raft.server import Candidate
from raftviz.raft.variants import variant_rules
from raftviz.sim.player import Player
from raftviz.sim.scenario import parse_scenario


def the_end(search: Search) -> Finding:
    try:
        while True:
            next(search)
    except StopIteration as end:
        finding: Finding = end.value
        return finding


def ended(search: Exhaustive) -> Reached:
    going = search.searching()
    try:
        while True:
            next(going)
    except StopIteration as end:
        reached: Reached = end.value
        return reached


# How many there are


@pytest.mark.parametrize(
    ("bounds", "level"),
    [
        (Bounds(1, 2, 1, 1), Level(states=8, waiting=0, steps=7, depth=4)),
        (Bounds(3, 1, 0, 0), Level(states=18, waiting=0, steps=33, depth=6)),
        (Bounds(3, 1, 1, 0), Level(states=317, waiting=0, steps=964, depth=12)),
        (Bounds(3, 1, 1, 1), Level(states=1154, waiting=0, steps=4729, depth=13)),
    ],
)
def test_there_are_as_many_states_as_there_were(bounds: Bounds, level: Level) -> None:
    assert ended(Exhaustive(bounds)).level == level


@pytest.mark.parametrize("bounds", [Bounds(3, 1, 1, 1), Bounds(4, 1, 0, 1), Bounds(2, 2, 1, 1)])
def test_states_that_differ_by_names_alone_stand_for_just_those_that_they_leave_out(
    bounds: Bounds,
) -> None:
    search, under_all_names = Exhaustive(bounds), Exhaustive(bounds, symmetric=False)
    ended(search)
    ended(under_all_names)
    orders = [*permutations(range(bounds.servers))]
    stood_for = sum(
        len({search.in_order(state[:-1], state[-1], order) for order in orders})
        for state in search.states
    )
    assert stood_for == len(under_all_names.states)


@pytest.mark.parametrize("bounds", [Bounds(3, 1, 1, 0), Bounds(2, 2, 1, 1)])
def test_to_send_at_once_what_could_be_sent_leaves_out_no_state_of_the_servers(
    bounds: Bounds,
) -> None:
    def servers(at_once: bool) -> set[tuple[object, ...]]:
        search = Exhaustive(bounds, at_once=at_once, symmetric=False)
        ended(search)
        return {
            (*(key_of(search.stations.site_of(node)) for node in state[:-1]), search.past_of(state))
            for state in search.states
        }

    assert servers(at_once=True) == servers(at_once=False)


@pytest.mark.parametrize("bounds", [Bounds(3, 1, 1, 0), Bounds(3, 2, 0, 0), Bounds(2, 2, 1, 1)])
def test_messages_that_are_not_kept_could_have_done_nothing(
    bounds: Bounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def servers() -> set[tuple[object, ...]]:
        search = Exhaustive(bounds, symmetric=False)
        ended(search)
        return {
            (*(key_of(search.stations.site_of(node)) for node in state[:-1]), search.past_of(state))
            for state in search.states
        }

    without = servers()
    monkeypatch.setattr(stations, "is_dead", lambda *_: False)
    assert servers() == without


# The algorithm as it is


@pytest.mark.parametrize(
    "bounds", [Bounds(3, 1, 1, 2), Bounds(2, 3, 1, 1), Bounds(4, 1, 1, 0), Bounds(3, 3, 0, 0)]
)
def test_nothing_falls_while_all_rules_are_whole(bounds: Bounds) -> None:
    reached = ended(Exhaustive(bounds))
    assert reached.complete
    assert not reached.broken


def test_where_nothing_falls_a_search_says_of_what_it_says_so_and_what_it_met() -> None:
    finding = the_end(exhaust(Aim.of(NONE), Bounds(3, 2, 1, 0)))
    assert not finding.found
    assert finding.says.startswith(
        "No violation within these bounds: 3 servers, 2 terms, 1 command, 0 crashes, and any number "
        "of messages that are late, lost or repeated. These are all the 15,414 states there are"
    )
    met, missed = finding.says.split("It never came to this: ")
    assert missed == f"{TRUNCATED}, a server crashed and came back."
    assert all(what in met for what in SOMETIMES if what not in missed)


def test_where_another_property_may_have_fallen_a_search_says_which_it_looked_for() -> None:
    bounds, options = usual(("stale_term_accepted",))
    broken = Aim.of("stale_term_accepted")
    kept = the_end(exhaust(broken, bounds, options, most_states=3_000))
    assert "Only State Machine Safety was looked for." in kept.says
    other = the_end(exhaust(Aim.of("stale_term_accepted", ANY), bounds, options))
    assert other.property == "commit_quorum"


def test_a_search_that_is_stopped_by_its_size_does_not_say_that_nothing_falls() -> None:
    finding = the_end(exhaust(Aim.of(NONE), Bounds(3, 2, 1, 0), most_states=2_000))
    assert not finding.found
    assert "of those nothing is known" in finding.says


def test_a_search_tells_how_far_it_is_and_ends_at_once_when_it_is_closed() -> None:
    search = exhaust(Aim.of(NONE), Bounds(3, 2, 1, 1))
    told = [next(search) for _ in range(6)]
    assert [one.states for one in told] == sorted(one.states for one in told)
    assert told[-1].depth > told[0].depth
    search.close()
    with pytest.raises(StopIteration):
        next(search)


class Walk:
    """A way through the small world at random, and the same in a real cluster."""

    def __init__(self, seed: int, bounds: Bounds, *variants: str) -> None:
        options = Options(no_op=seed % 2 == 0, pipeline=1 + seed % 3)
        search = Exhaustive(bounds, variant_rules(*variants), options)
        chance = random.Random(seed)
        self.fallen: set[str] = set()
        legs: list[Leg] = []
        nodes, past = search.begin()
        for _ in range(50):
            here = [*search.next_of(nodes, past)]
            if not here or NO_PANIC.name in self.fallen:
                break
            taken = chance.choice(here)
            legs += legs_of(search, nodes, taken)
            self.fallen |= {*taken.broken}
            nodes, past = taken.nodes, taken.past
        self.sites = [search.stations.site_of(node) for node in nodes]
        # It looks for what no act brings about, so that all of it is done.
        aim = Aim(BOTH.join(variants) or NONE, LIVENESS.name)
        stage = done(slow(len(legs), bounds, options, variants), aim, legs)
        assert stage is not None
        self.stage = stage


@pytest.mark.parametrize("seed", range(8))
def test_the_small_world_does_what_the_large_one_does(seed: int) -> None:
    walk = Walk(seed, Bounds(3, 3, 3, 2))
    assert not walk.fallen
    for site in walk.sites:
        host = walk.stage.world.hosts[site.server.id]
        assert host.disk.durable == site.durable
        assert (host.server.log, host.server.current_term) == (
            site.server.log,
            site.server.current_term,
        )
        if host.is_up:
            role = host.server.role
            # Who refused is only there to be shown: the small world forgets it.
            shown = Candidate(role.granted) if isinstance(role, Candidate) else role
            assert host.server.with_role(shown) == site.server


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("match_is_current_len", 1),
        ("stale_term_accepted", 12),
        ("unconditional_truncate", 3),
        ("vote_not_persisted", 0),
        ("log_not_persisted", 2),
        ("vote_reset_in_term", 5),
        ("next_index_is_len", 1),
        ("no_sessions", 4),
        ("corrupt_state_ignored", 7),
        ("commit_any_term", 6),
    ],
)
def test_what_falls_there_falls_in_the_large_one_and_nothing_else_does(
    name: str, seed: int
) -> None:
    for number in range(seed, seed + 5):
        walk = Walk(number, Bounds(3 + number % 2, 4, 3, 3), name)
        violations = walk.stage.checker.violations
        assert walk.fallen == {violation.property.name for violation in violations}


# Rules broken on purpose

FOUND = (
    "vote_not_persisted",
    "log_not_persisted",
    "no_log_check",
    "votes_counted_not_set",
    "vote_reset_in_term",
    "next_index_is_len",
    "ack_before_commit",
    "even_majority",
    "caller_supplies_term",
    "count_next_index",
)


@pytest.mark.parametrize("name", FOUND)
def test_what_a_broken_rule_brings_down_is_found_and_falls_in_a_real_cluster_too(name: str) -> None:
    aim = Aim.of(name)
    finding = the_end(exhaust(aim, *usual((name,))))
    assert finding.found
    assert finding.property == aim.falls
    player = Player(parse_scenario(finding.session))
    checker = Checker(player.history)
    player.watch(checker)
    player.play()
    broken = {violation.branch for violation in checker.violations}
    assert aim.falls in {violation.property.name for violation in checker.violations}
    assert broken == {0}, "on the other branch the rule is whole"
    assert not player.failures


@pytest.mark.parametrize("name", ["vote_not_persisted", "votes_counted_not_set", "no_log_check"])
def test_no_act_of_what_was_found_can_be_left_out(name: str) -> None:
    aim, (bounds, options) = Aim.of(name), usual((name,))
    search = Exhaustive(bounds, variant_rules(name), options, wanted=frozenset({aim.falls}))
    plan = plan_of(way_to(search, ended(search)), bounds, options, aim)
    assert played(plan, aim).reached is not None
    for number in range(len(plan.steps)):
        fewer = attrs.evolve(plan, steps=plan.steps[:number] + plan.steps[number + 1 :])
        assert played(fewer, aim).reached is None


# Bad input


@pytest.mark.parametrize(
    ("bounds", "why"),
    [
        (Bounds(servers=6), "servers can be from 1 to 5, not 6"),
        (Bounds(terms=0), "terms can be from 1 to 6, not 0"),
        (Bounds(crashes=-1), "crashes can be from 0 to 6, not -1"),
        (Bounds(3, 4, 3, 1), "about 3,000,000,000,000 states, some 7 years"),
    ],
)
def test_bounds_that_are_none_or_would_not_end_are_refused_with_a_reason(
    bounds: Bounds, why: str
) -> None:
    with pytest.raises(BoundsError) as refused:
        exhaust(Aim.of(NONE), bounds)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("tarms=2", "there is no bound called “tarms”; did you mean “terms”?"),
        ("terms=two", "a number is expected behind terms=, such as terms=2"),
        ("servers=99", "servers can be from 1 to 5, not 99"),
    ],
)
def test_bounds_in_words_that_mean_none_are_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(BoundsError) as refused:
        bounds_from(text, Bounds())
    assert str(refused.value) == why


def test_bounds_in_words_leave_the_others_as_they_are() -> None:
    assert bounds_from("terms=3, crashes=0", Bounds(3, 2, 1, 1)) == Bounds(3, 3, 1, 0)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("compact_uncommitted", "where there are snapshots"),
        ("last_index_off_by_one", "what must happen in the end is not seen in single states"),
    ],
)
def test_what_can_never_be_found_so_is_not_looked_for(name: str, why: str) -> None:
    with pytest.raises(BoundsError, match=why):
        exhaust(Aim.of(name), Bounds())


@pytest.mark.parametrize(
    ("bounds", "states"),
    [
        (Bounds(3, 1, 1, 1), 1_154),
        (Bounds(3, 2, 1, 1), 77_026),
        (Bounds(3, 1, 2, 0), 42_051),
        (Bounds(3, 3, 1, 0), 393_723),
        (Bounds(5, 1, 1, 0), 44_062),
        (Bounds(4, 2, 0, 0), 1_457),
        (Bounds(2, 3, 2, 2), 56_530),
    ],
)
def test_an_estimate_is_right_within_a_few_times(bounds: Bounds, states: int) -> None:
    assert states / 3 < estimate(bounds) < states * 3
