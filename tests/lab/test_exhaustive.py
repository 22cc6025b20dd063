"""Every run within bounds: how many states there are, what falls in them, and that nothing is missed."""

import random
from itertools import permutations

import attrs
import pytest

from raftviz.checks.checker import Checker
from raftviz.lab.exhaustive.bounds import PLAIN, Bounds
from raftviz.lab.exhaustive.finding import exhaust
from raftviz.lab.exhaustive.search import Exhaustive, Level, Reached, State
from raftviz.lab.exhaustive.sites import key_of
from raftviz.lab.exhaustive.sometimes import SOMETIMES, TRUNCATED
from raftviz.lab.exhaustive.telling import done, slow
from raftviz.lab.exhaustive.way import legs_of
from raftviz.lab.findings import Finding, Search
from raftviz.lab.plans import NONE, Aim
from raftviz.raft.cluster import Options
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


def states(bounds: Bounds, **how: bool) -> set[State]:
    search = Exhaustive(bounds, **how)
    assert ended(search).complete
    return set(search.states)


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
    search = Exhaustive(bounds)
    ended(search)
    orders = [*permutations(range(bounds.servers))]
    stood_for = sum(
        len({search.in_order(state[:-1], state[-1], order) for order in orders})
        for state in search.states
    )
    assert stood_for == len(states(bounds, symmetric=False))


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


# The algorithm as it is


@pytest.mark.parametrize(
    "bounds", [Bounds(3, 2, 1, 0), Bounds(3, 1, 1, 2), Bounds(2, 3, 1, 1), Bounds(4, 1, 1, 0)]
)
def test_nothing_falls_while_all_rules_are_whole(bounds: Bounds) -> None:
    reached = ended(Exhaustive(bounds))
    assert reached.complete
    assert not reached.broken


def test_the_search_meets_what_it_is_about() -> None:
    reached = ended(Exhaustive(Bounds(3, 2, 1, 0)))
    missed = {*SOMETIMES} - reached.sometimes
    assert missed == {TRUNCATED, "a server crashed and came back"}


@pytest.mark.parametrize("seed", range(12))
def test_the_small_world_does_what_the_large_one_does(seed: int) -> None:
    bounds, options = Bounds(3, 3, 3, 2), Options(no_op=seed % 2 == 0, pipeline=1 + seed % 3)
    chance = random.Random(seed)
    search = Exhaustive(bounds, options=options)
    nodes, past = search.begin()
    legs = []
    for _ in range(40):
        here = [*search.next_of(nodes, past)]
        if not here:
            break
        taken = chance.choice(here)
        assert not taken.broken
        legs += legs_of(search, nodes, taken)
        nodes, past = taken.nodes, taken.past
    stage = done(slow(len(legs), bounds, options, ()), Aim.of(NONE), legs)
    assert stage is not None
    for node in nodes:
        site = search.stations.site_of(node)
        host = stage.world.hosts[site.server.id]
        assert host.disk.durable == site.durable
        assert (host.server.log, host.server.current_term) == (
            site.server.log,
            site.server.current_term,
        )
        if host.is_up:
            refused = {"refused": frozenset()} if hasattr(host.server.role, "refused") else {}
            assert host.server.with_role(attrs.evolve(host.server.role, **refused)) == site.server


# Rules broken on purpose

FOUND = [
    ("vote_not_persisted", Bounds(3, 1, 0, 1), PLAIN),
    ("log_not_persisted", Bounds(3, 2, 1, 1), PLAIN),
    ("no_log_check", Bounds(3, 2, 1, 0), PLAIN),
    ("votes_counted_not_set", Bounds(4, 1, 0, 0), PLAIN),
    ("vote_reset_in_term", Bounds(3, 1, 0, 0), PLAIN),
    ("next_index_is_len", Bounds(3, 1, 0, 0), PLAIN),
    ("ack_before_commit", Bounds(3, 1, 1, 0), PLAIN),
    ("even_majority", Bounds(4, 1, 1, 0), PLAIN),
    ("caller_supplies_term", Bounds(3, 2, 2, 0), PLAIN),
    ("commit_min_log_len", Bounds(3, 2, 2, 0), PLAIN),
    ("count_next_index", Bounds(3, 2, 1, 0), Options(pipeline=2)),
]


@pytest.mark.parametrize(("name", "bounds", "options"), FOUND, ids=[name for name, *_ in FOUND])
def test_what_a_broken_rule_brings_down_is_found_and_falls_in_a_real_cluster_too(
    name: str, bounds: Bounds, options: Options
) -> None:
    aim = Aim.of(name)
    finding = the_end(exhaust(aim, bounds, options))
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
