"""Each property of Figure 3 is seen to fall when a rule is broken, and stands when none is."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import pytest

from raftviz.checks.checker import Checker
from raftviz.checks.properties import (
    ELECTION_SAFETY,
    LEADER_APPEND_ONLY,
    LEADER_COMPLETENESS,
    LOG_MATCHING,
    PROPERTIES,
    STATE_MACHINE_SAFETY,
    Property,
    Violation,
)
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.rules import RULES, Rules
from raftviz.raft.server import Leader, Persistent
from raftviz.sim.events import Wrote
from raftviz.sim.host import Host
from raftviz.sim.settings import Settings
from raftviz.sim.world import World, begin
from tests.sim.worlds import a_world, do, led_by, run, wait

FIGURE_3 = (
    ELECTION_SAFETY,
    LEADER_APPEND_ONLY,
    LOG_MATCHING,
    LEADER_COMPLETENESS,
    STATE_MACHINE_SAFETY,
)


@attrs.frozen
class Watched:
    """A world under the eyes of the properties."""

    world: World
    checker: Checker

    def fallen(self) -> list[Property]:
        """The properties that fell, in the order in which they did."""
        return [violation.property for violation in self.checker.violations]

    def first(self, fallen: Property) -> Violation:
        """How a property fell first."""
        return next(v for v in self.checker.violations if v.property is fallen)


def watched(rules: Rules, servers: int, **changes: Any) -> Watched:
    """A new world with these rules."""
    settings = Settings(servers=servers, **changes)
    history = begin(settings)
    checker = Checker(history)
    cluster = Cluster.of_size(servers, settings.options, rules)
    return Watched(World.at(history, cluster=cluster, watcher=checker), checker)


def starting(logs: Mapping[int, tuple[int, tuple[int, ...]]]) -> dict[int, Persistent]:
    """Disks to start with: each server's term, and its log as terms."""
    return {n: Persistent(term, 0, Log.of_terms(*terms)) for n, (term, terms) in logs.items()}


Story = Callable[[Rules], Watched]


def two_candidates_of_a_term(rules: Rules) -> Watched:
    """Two servers stand for election at the same instant."""
    it = watched(rules, 5)
    do(it.world, "timeout S1", "timeout S2")
    run(it.world, 100)
    return it


def two_leaders_of_a_term_append(rules: Rules) -> Watched:
    """And each that is elected is asked for another command."""
    it = two_candidates_of_a_term(rules)
    do(it.world, "request a=1 to S1", "request b=1 to S2")
    run(it.world, 100)
    return it


def a_server_without_the_committed_entry_stands(rules: Rules) -> Watched:
    """x=1 is on S1 and S2 and committed; then S3, which was down, asks S2 for its vote."""
    it = watched(rules, 3)
    do(it.world, "timeout S1")
    wait(it.world, "leader == S1 and S3.last_log_index == 1")
    run(it.world, 3)
    do(it.world, "crash S3", "request x=1 to S1")
    wait(it.world, "committed x=1")
    do(it.world, "crash S1", "restart S3", "timeout S3")
    run(it.world, 100)
    return it


def an_old_election_is_won_late(rules: Rules) -> Watched:
    """S5, without x=1, asks for votes in term 2; they arrive when term 3 has committed more."""
    it = watched(rules, 5)
    do(it.world, "timeout S1")
    wait(it.world, "leader == S1 and logs_agree and messages == 0")
    do(it.world, "crash S4", "crash S5", "request x=1 to S1")
    wait(it.world, "S2.commit_index == 2 and S3.commit_index == 2")
    do(it.world, "crash S1", "restart S4", "restart S5", "timeout S5")
    wait(it.world, "S2.term == 2 and S3.term == 2 and S4.term == 2")
    run(it.world, 3)
    do(
        it.world,
        "delay RequestVoteResponse S3 -> S5 by 9s",
        "delay RequestVoteResponse S4 -> S5 by 9s",
        *(f"cut S{other} <-> S5" for other in (2, 3, 4)),
        "timeout S2",
    )
    wait(it.world, "leader == S2 and S2.commit_index == 3", 120)
    do(it.world, "deliver RequestVoteResponse S3 -> S5", "deliver RequestVoteResponse S4 -> S5")
    assert it.world.hosts[5].server.current_term == 2
    return it


def figure_8(rules: Rules) -> Watched:
    """(c): S1 leads term 4 and its entry of term 2 is on a majority; (d): S5 replaces it."""
    logs = {1: (3, (1, 2)), 2: (3, (1, 2)), 3: (3, (1,)), 4: (3, (1,))}
    start = starting(logs)
    start[5] = Persistent(3, 5, Log([*Log.of_terms(1), Entry(2, 3, Command("z=9"))]))
    it = watched(rules, 5, start=start, options=Options(no_op=False))
    do(it.world, "crash S4", "crash S5", "timeout S1")
    wait(it.world, "leader == S1 and S3.last_log_index == 2")
    do(it.world, "cut S1 -> S2", "cut S1 -> S3")  # they answer, and hear of no commit
    run(it.world, 60)
    do(it.world, "crash S1", "restart S4", "restart S5", "timeout S5", "timeout S5")
    wait(it.world, "leader == S5", 200)
    do(it.world, "request w=1 to S5")
    run(it.world, 200)
    return it


def an_old_append_arrives_late(rules: Rules) -> Watched:
    """A copy of the append of x=1 reaches S2 after y=1 was committed with its help."""
    it = watched(rules, 3)
    do(it.world, "timeout S1")
    wait(it.world, "leader == S1 and logs_agree and messages == 0")
    do(it.world, "crash S3", "request x=1 to S1")
    wait(it.world, "S1.last_log_index == 2")
    run(it.world, 3)
    do(it.world, "duplicate AppendEntries S1 -> S2", "delay 2nd AppendEntries S1 -> S2 by 90ms")
    wait(it.world, "committed x=1")
    do(it.world, "request y=1 to S1")
    wait(it.world, "committed y=1")
    do(it.world, "crash S1")
    run(it.world, 100)
    do(it.world, "restart S3", "timeout S2")
    run(it.world, 100)
    return it


def a_follower_hears_of_an_entry_that_is_then_replaced(rules: Rules) -> Watched:
    """S2 stores x=1 of a leader that crashes; S3 and S4, who do not know it, go on with S5."""
    it = watched(rules, 5, options=Options(no_op=False))
    do(it.world, "timeout S1")
    wait(it.world, "leader == S1 and followers == 4 and messages == 0")
    do(it.world, "cut S1 -> S3", "cut S1 -> S4", "cut S1 -> S5", "request x=1 to S1")
    wait(it.world, "S2.last_log_index == 1")
    run(it.world, 3)
    do(it.world, "crash S1", "crash S2", "timeout S3")
    wait(it.world, "leader == S3")
    do(it.world, "request y=1 to S3 from C9")
    wait(it.world, "committed y=1")
    return it


def a_voter_crashes(rules: Rules) -> Watched:
    """S3 votes for S1, crashes, comes back, and is asked by S2 for its vote in the same term."""
    it = watched(rules, 3)
    do(it.world, "cut S1 <-> S2", "timeout S1")
    wait(it.world, "leader == S1")
    do(it.world, "crash S3", "restart S3", "timeout S2")
    run(it.world, 60)
    return it


def an_append_behind_what_differs(rules: Rules) -> Watched:
    """S1 leads term 3 and appends behind an entry of term 2 where S2 holds one of term 1."""
    it = watched(rules, 3, start=starting({1: (2, (1, 2)), 2: (2, (1, 1)), 3: (2, (1,))}))
    do(it.world, "crash S3", "timeout S1")
    run(it.world, 100)
    return it


def broken(**rule: Callable[..., Any]) -> Rules:
    """The rules with one of them replaced."""
    assert len(rule) == 1
    return attrs.evolve(RULES, **rule)


ANY_VOTE = broken(may_vote=lambda voted_for, candidate_id: True)
ANY_LOG = broken(log_is_up_to_date=lambda log, index, term: True)
ANY_TERM = broken(leader_commit_index=lambda log, replicated, term, commit: max(replicated, commit))
CUT_OFF = broken(
    merge_entries=lambda log, entries: log.truncate_from(entries[0].index).append(entries)
)
AT_ONCE = broken(commit_index_from=lambda request, log, commit: max(commit, request.last_new_index))
NO_DISK = broken(must_persist=lambda before, after: False)
NO_CHECK = broken(entries_match=lambda log, index, term: True)

FALLS: list[tuple[Property, Rules, Story]] = [
    (ELECTION_SAFETY, ANY_VOTE, two_candidates_of_a_term),
    (ELECTION_SAFETY, NO_DISK, a_voter_crashes),
    (LOG_MATCHING, ANY_VOTE, two_leaders_of_a_term_append),
    (LOG_MATCHING, NO_CHECK, an_append_behind_what_differs),
    (LEADER_COMPLETENESS, ANY_LOG, a_server_without_the_committed_entry_stands),
    (LEADER_COMPLETENESS, ANY_LOG, an_old_election_is_won_late),
    (LEADER_COMPLETENESS, CUT_OFF, an_old_append_arrives_late),
    (LEADER_COMPLETENESS, ANY_TERM, figure_8),
    (STATE_MACHINE_SAFETY, ANY_TERM, figure_8),
    (STATE_MACHINE_SAFETY, AT_ONCE, a_follower_hears_of_an_entry_that_is_then_replaced),
]

IDS = [f"{fallen.name}-{story.__name__}" for fallen, _, story in FALLS]


@pytest.mark.parametrize(("fallen", "rules", "story"), FALLS, ids=IDS)
def test_with_the_rule_broken_the_property_falls(
    fallen: Property, rules: Rules, story: Story
) -> None:
    assert fallen in story(rules).fallen()


@pytest.mark.parametrize(("fallen", "rules", "story"), FALLS, ids=IDS)
def test_with_the_rules_of_the_paper_nothing_falls(
    fallen: Property, rules: Rules, story: Story
) -> None:
    assert story(RULES).fallen() == []


@pytest.mark.parametrize(("fallen", "rules", "story"), FALLS, ids=IDS)
def test_a_violation_says_who_when_and_why(fallen: Property, rules: Rules, story: Story) -> None:
    it = story(rules)
    violation = it.first(fallen)
    record = it.world.branch[violation.event]
    assert record.time_us == violation.time_us
    assert record.part in violation.servers
    assert all(f"S{server}" in violation.explanation for server in violation.servers)
    assert violation.explanation.endswith(".")


@pytest.mark.parametrize(("fallen", "rules", "story"), FALLS, ids=IDS)
def test_a_violation_names_the_event_that_it_contradicts(
    fallen: Property, rules: Rules, story: Story
) -> None:
    it = story(rules)
    violation = it.first(fallen)
    assert violation.earlier < violation.event
    if violation.earlier >= 0:
        (other,) = {it.world.branch[violation.earlier].part}
        assert other in violation.servers


def test_a_log_the_scenario_started_with_is_contradicted_by_no_event() -> None:
    story = an_append_behind_what_differs(NO_CHECK)
    violation = story.first(LOG_MATCHING)
    assert story.world.branch[violation.earlier].part == 1
    assert violation.index == 3


def test_all_properties_but_one_fall_to_a_rule() -> None:
    """No single rule makes a leader forget: it takes no entries from anybody."""
    assert {fallen.name for fallen, _, _ in FALLS} == {
        p.name for p in FIGURE_3 if p is not LEADER_APPEND_ONLY
    }


def test_a_leader_that_loses_an_entry_of_its_own_log_is_seen() -> None:
    it = Watched(world := led_by(1), Checker(world.history))
    world.watcher = it.checker
    _forget(world, 1)
    violation = it.first(LEADER_APPEND_ONLY)
    assert (violation.index, violation.servers) == (1, frozenset({1}))


def test_a_follower_may_lose_entries() -> None:
    it = Watched(world := led_by(1), Checker(world.history))
    world.watcher = it.checker
    _forget(world, 2)
    assert LEADER_APPEND_ONLY not in it.fallen()


def test_a_leader_that_crashes_may_lose_what_was_not_on_its_disk() -> None:
    it = Watched(world := led_by(1), Checker(world.history))
    world.watcher = it.checker
    do(world, "request x=1 to S1")
    wait(world, "S1.last_log_index == 2")
    do(world, "crash S1")
    assert world.hosts[1].server.log.last_index == 1
    assert it.fallen() == []


def _forget(world: World, server: int) -> None:
    host = world.hosts[server]
    log = host.server.log.truncate_from(1)
    after: Host = attrs.evolve(host, server=attrs.evolve(host.server, log=log))
    world.record(Wrote(server), -1, server, after, ())


def test_a_lone_server_may_lead_a_term_again_that_its_disk_never_knew() -> None:
    it = watched(RULES, 1, disk_us=(50_000, 50_000))
    do(it.world, "timeout S1", "request x=1 to S1")
    run(it.world, 20)
    do(it.world, "crash S1", "restart S1", "request y=1 to S1 from C2", "timeout S1")
    run(it.world, 1_000)
    assert isinstance(it.world.hosts[1].server.role, Leader)
    assert it.fallen() == []


# Branches


def test_a_violation_belongs_to_its_branch() -> None:
    world = a_world(5, rules=ANY_VOTE)
    checker = Checker(world.history)
    world.watcher = checker
    do(world, "timeout S1")
    count = len(world.branch)
    twin = World.at(world.history, new_branch="two", cluster=world.cluster, watcher=checker)
    do(twin, "timeout S2")
    for one in (world, twin):
        run(one, 100)
    assert {v.branch for v in checker.violations} == {twin.branch.number}
    assert checker.violations_at(world.branch, len(world.branch)) == []
    assert checker.violations_at(twin.branch, len(twin.branch)) == checker.violations
    assert checker.violations_at(twin.branch, count) == []


def test_a_branch_opened_behind_a_violation_has_it_too() -> None:
    it = two_candidates_of_a_term(ANY_VOTE)
    first = it.checker.violations[0]
    root = it.world.branch
    behind = World.at(it.world.history, root, count=first.event + 1, new_branch="behind").branch
    before = World.at(it.world.history, root, count=first.event, new_branch="before").branch
    assert first in it.checker.violations_at(behind, len(behind))
    assert it.checker.violations_at(before, len(before)) == []


def test_what_another_branch_shows_contradicts_nothing() -> None:
    """In one future S2 leads term 2, in the other S3 does."""
    world = led_by(1)
    checker = Checker(world.history)
    world.watcher = checker
    do(world, "crash S1")
    other = World.at(world.history, new_branch="other", watcher=checker)
    for one, server in ((world, 2), (other, 3)):
        do(one, f"timeout S{server}", f"request who={server} to S{server}")
        wait(one, f"leader == S{server} and S{server}.last_applied >= 2")
    assert checker.violations == []


def test_what_the_parent_showed_before_the_fork_counts() -> None:
    """S1 led term 1 in the parent; in the branch S2 is elected in term 1 as well."""
    world = a_world(3, rules=NO_DISK)
    checker = Checker(world.history)
    world.watcher = checker
    do(world, "cut S1 <-> S2", "timeout S1")
    wait(world, "leader == S1")
    elected = len(world.branch) - 1
    branch = World.at(world.history, new_branch="x", cluster=world.cluster, watcher=checker)
    do(branch, "crash S3", "restart S3", "timeout S2")
    run(branch, 60)
    violation = Watched(branch, checker).first(ELECTION_SAFETY)
    assert violation.earlier == elected


# Words


@pytest.mark.parametrize("one", PROPERTIES, ids=lambda one: one.name)
def test_a_property_is_stated_in_a_sentence_with_its_section(one: Property) -> None:
    assert one.statement.endswith(".")
    assert "§" in one.section or "Figure" in one.section
    assert one.name == one.title.lower().replace(" ", "_").replace("-", "_")


def test_the_properties_of_figure_3_are_among_them() -> None:
    assert [one.title for one in PROPERTIES if one in FIGURE_3] == [
        "Election Safety",
        "Leader Append-Only",
        "Log Matching",
        "Leader Completeness",
        "State Machine Safety",
    ]
