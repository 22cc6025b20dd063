"""Variants in the simulated world: what falls in a few lines, or by which measure progress suffers.

Each is a scenario, played with all rules whole and with one broken. They show the variants for which
``broken_variants.json`` has no script, and all that cost progress.
"""

from collections.abc import Callable

import attrs
import pytest

from raftviz.checks.checker import Checker
from raftviz.raft.server import Candidate, Leader
from raftviz.raft.variants import VARIANTS
from raftviz.sim.events import TimedOut
from raftviz.sim.history import Record
from raftviz.sim.host import Host
from raftviz.sim.player import Player
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.units import US_PER_MS

Measure = Callable[[Player], int]


def leaderless_ms(player: Player) -> int:
    """How long nobody led, to the end."""
    world = player.world
    total, since, leaders = 0, 0, set[int]()
    for record in world.branch.records():
        now = record.time_us
        if isinstance(record.after, Host):
            before = bool(leaders)
            (leaders.add if _leads(record.after) else leaders.discard)(record.part)
            if before and not leaders:
                since = now
            elif leaders and not before:
                total += now - since
    return (total + (0 if leaders else world.time_us - since)) // US_PER_MS


def _leads(host: Host) -> bool:
    return host.is_up and isinstance(host.server.role, Leader)


def elections(player: Player) -> int:
    """How many elections began because a timeout ran out."""
    return sum(map(_begins, player.world.branch.records()))


def _begins(record: Record) -> bool:
    after = record.after
    return (
        isinstance(record.event, TimedOut)
        and isinstance(after, Host)
        and isinstance(after.server.role, Candidate)
    )


def leaders(player: Player) -> int:
    """How many times somebody became leader."""
    return sum(
        isinstance(record.after, Host)
        and isinstance(record.before, Host)
        and _leads(record.after)
        and not _leads(record.before)
        for record in player.world.branch.records()
    )


def behind(player: Player) -> int:
    """How many entries the slowest server lacks of what the fastest has committed."""
    servers = [host.server for host in player.world.hosts.values()]
    return max(s.commit_index for s in servers) - min(s.commit_index for s in servers)


def uncommitted(player: Player) -> int:
    """How many entries the leader has and has not committed."""
    return max(
        host.server.log.last_index - host.server.commit_index
        for host in player.world.hosts.values()
        if _leads(host)
    )


@attrs.frozen
class Case:
    """A variant, a scenario, what is measured; at most ``whole`` without it, at least ``broken``."""

    variant: str
    scenario: str
    measure: Measure
    whole: int
    broken: int


LED = "cluster 3\ntimeout S1\nuntil leader == S1\nuntil logs_agree\nrun 200ms\n"

CASES = [
    Case(
        # S3 lacks the entry that S1 and S2 have. It asks, is refused, and asks again.
        "timer_reset_by_anyone",
        "cluster 3 seed=2\nserver S1 term=1 log=1\nserver S2 term=1 log=1\nserver S3 term=1\n"
        + "".join(f"at {at}ms timeout S3\n" for at in range(100, 3000, 100))
        + "at 3s",
        leaderless_ms,
        1500,
        3000,
    ),
    Case(
        # S1 and S2 have drawn timeouts that lie 3 ms apart, and S3 and S4 vote one each.
        "same_timeout_again",
        "cluster 4 seed=301\nat 3s",
        elections,
        6,
        14,
    ),
    Case(
        "votes_one_by_one",
        LED + "crash S1\nrun 3s",
        leaderless_ms,
        1000,
        2500,
    ),
    Case(
        "heartbeats_one_by_one",
        "cluster 5\ntimeout S1\nuntil logs_agree\npause S2\nrequest x=1\nrun 3s",
        leaders,
        1,
        4,
    ),
    Case(
        # S3 has entries of term 2 that nobody else has; the leader's there are of term 3.
        "conflict_term_of_leader",
        "cluster 3\nserver S1 term=3 log=1,3,3\nserver S2 term=3 log=1,3,3\n"
        "server S3 term=3 log=1,2,2\ntimeout S1\nrun 2s",
        behind,
        0,
        4,
    ),
    Case(
        "no_no_op",
        "cluster 3\nserver S1 term=1 log=1,1\nserver S2 term=1 log=1,1\ntimeout S1\nrun 2s",
        uncommitted,
        0,
        2,
    ),
    Case(
        "vote_never_reset",
        LED + "crash S1\nrun 3s",
        leaderless_ms,
        1000,
        2500,
    ),
    Case(
        "last_index_off_by_one",
        "cluster 3\nserver S1 term=1 log=1\nserver S2 term=1 log=1\nserver S3 term=1 log=1\nrun 3s",
        leaderless_ms,
        1000,
        3000,
    ),
    Case("single_node_no_win", "cluster 1\nrun 2s", leaderless_ms, 400, 2000),
    Case("next_index_is_len", "cluster 3\nrun 2s", leaderless_ms, 1000, 1500),
    Case(
        # The entry before the new one is the last of the snapshot, and is said to be of term 0.
        "boundary_term_lost",
        LED + "compact S1\nrequest x=1\nrun 1s",
        uncommitted,
        0,
        1,
    ),
]
each_case = pytest.mark.parametrize("case", CASES, ids=[case.variant for case in CASES])


def play(case: Case, *, broken: bool) -> tuple[Player, Checker]:
    text = case.scenario
    if broken:
        head, _, rest = text.partition("\n")
        text = f"{head}\nvariant {case.variant}\n{rest}"
    player = Player(parse_scenario(f"raft 1\n{text}"))
    checker = Checker(player.history)
    player.watch(checker)
    player.play()
    return player, checker


@each_case
def test_with_all_rules_whole_it_does_not_last(case: Case) -> None:
    assert case.measure(play(case, broken=False)[0]) <= case.whole


@each_case
def test_with_the_rule_broken_it_does(case: Case) -> None:
    assert case.measure(play(case, broken=True)[0]) >= case.broken


FALLS = {
    # S2 votes for S1, hears that it won, and is free again when the late request of S3 comes.
    "vote_reset_in_term": (
        "cluster 3 disk=0 no_op=off\ncut S1 -> S3\ntimeout S1\ntimeout S3\nhold RequestVote S3 -> S2\n"
        "until leader == S1\nrun 30ms\nrelease RequestVote S3 -> S2\nrun 60ms"
    ),
    # S3 takes entry 3 behind its own entry 2, which is another one than the leader's.
    "pipeline_unchecked": (
        "cluster 3\nserver S1 term=2 log=1,2\nserver S2 term=2 log=1,2\nserver S3 term=1 log=1,1\n"
        "timeout S1\nrun 500ms"
    ),
}
"""What shows the variants that break a property, and have no script."""


@pytest.mark.parametrize("name", FALLS)
def test_what_the_variant_names_falls_and_nothing_without_it(name: str) -> None:
    case = Case(name, FALLS[name], elections, 0, 0)
    fell = {v.property.name for v in play(case, broken=True)[1].violations}

    assert VARIANTS[name].falls in fell
    assert play(case, broken=False)[1].violations == []


@each_case
def test_what_costs_only_progress_breaks_no_property_of_safety(case: Case) -> None:
    fell = {v.property.name for v in play(case, broken=True)[1].violations}

    assert fell <= {"no_panic"}


def test_all_that_cost_progress_are_measured_here() -> None:
    assert {case.variant for case in CASES} == {v.name for v in VARIANTS.values() if v.suffers}
