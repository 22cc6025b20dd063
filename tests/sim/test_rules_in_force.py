"""Variants as a part of a world: which rules are in force is a matter of place in the history."""

import pytest

from raftviz.checks.checker import Checker
from raftviz.checks.properties import NO_PANIC
from raftviz.raft.because import Because
from raftviz.raft.rules import RULES
from raftviz.raft.variants import VARIANTS, variant_rules
from raftviz.sim import acts
from raftviz.sim import world as worlds
from raftviz.sim.acting import perform
from raftviz.sim.faults import PANIC
from raftviz.sim.host import Status
from raftviz.sim.player import Player
from raftviz.sim.random_acts import WITH_RULES, Visitor, random_settings
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.script_error import ScriptError
from raftviz.sim.settings import Settings
from raftviz.sim.targets import ActError, check_servers
from raftviz.sim.trace import trace_hash
from raftviz.sim.world import World, begin
from tests.sim.worlds import HEAD, a_world, do, led_by, note_of, played, run, said_again, wait

ONE, OTHER, RIVAL = "ack_before_commit", "no_sessions", "log_not_persisted"


def followed(world: World, *variants: str) -> bool:
    """Whether the world follows the rules with these variants, and says so."""
    return world.network.variants == variants and world.cluster.rules == variant_rules(*variants)


# From the beginning


def test_a_cluster_follows_the_variants_that_it_begins_with() -> None:
    assert followed(a_world(variants=(ONE, OTHER)), ONE, OTHER)


def test_a_cluster_without_any_follows_the_rules_as_they_are() -> None:
    assert a_world().cluster.rules is RULES


def test_a_variant_of_the_beginning_decides_what_happens() -> None:
    text = "cluster 3 seed=4\n{}until leader\nrequest x=1\nuntil answered == 1\n"
    right, wrong = (played(text.format(line)).world for line in ("", f"variant {ONE}\n"))

    assert [right.hosts[1].server.commit_index, wrong.hosts[1].server.commit_index] == [2, 1]


@pytest.mark.parametrize(
    ("lines", "message", "line", "column"),
    [
        ("cluster 3\nvariant no_session", "no variant “no_session”; did you mean “no_ses", 3, 9),
        ("cluster 3\nvariant zzz", "no variant “zzz”; raftviz variants lists them", 3, 9),
        ("cluster 3\nvariant", "a variant, such as commit_any_term, is expected", 3, 8),
        (f"cluster 3\nvariant {ONE}\nvariant {ONE}", "is on already", 4, 9),
        (
            f"cluster 3\nvariant vote_not_persisted\nvariant {RIVAL}",
            "break the same rule: one at a time",
            4,
            9,
        ),
        (f"variant {ONE}", "“cluster” is expected first", 2, 1),
        (f"cluster 3\nrun 1s\nvariant {ONE}", "come before everything that happens", 4, 1),
        (f"cluster 3\nvariant {ONE} on", "nothing more is expected", 3, 27),
        ("cluster 3\nvariant-on zzz", "there is no variant “zzz”", 3, 12),
    ],
)
def test_a_variant_line_that_makes_no_sense_is_refused(
    lines: str, message: str, line: int, column: int
) -> None:
    with pytest.raises(ScriptError, match=message) as refused:
        parse_scenario(HEAD + lines)
    assert (refused.value.line, refused.value.column) == (line, column)


# In the middle


def test_a_rule_is_broken_and_mended_by_acts() -> None:
    world = led_by(1)
    do(world, f"variant-on {OTHER}", f"variant-on {ONE}")
    assert followed(world, ONE, OTHER)
    do(world, f"variant-off {OTHER}")
    assert followed(world, ONE)
    do(world, f"variant-off {ONE}")
    assert world.cluster.rules is RULES


def test_the_event_names_the_mistake() -> None:
    because = do(a_world(), f"variant-on {ONE}").because
    assert VARIANTS[ONE].title in because[0].sentence
    assert because[0].reason.notable


@pytest.mark.parametrize(
    ("before", "act", "note"),
    [
        (f"variant-on {ONE}", f"variant-on {ONE}", "is on already"),
        ("variant-on vote_not_persisted", f"variant-on {RIVAL}", "break the same rule"),
        ("heal", f"variant-off {ONE}", "is not on"),
    ],
)
def test_what_cannot_be_is_noted_and_changes_nothing(before: str, act: str, note: str) -> None:
    world = a_world()
    do(world, before)
    on = world.network.variants
    assert note in note_of(do(world, act))
    assert followed(world, *on)


def test_a_variant_that_there_is_not_is_refused_before_anything_happens() -> None:
    with pytest.raises(ActError, match="there is no variant “nonsense”"):
        check_servers(acts.SwitchOn("nonsense"), 5)


def test_each_place_of_the_history_has_its_own_rules() -> None:
    world = led_by(1)
    history = world.history
    before = len(world.branch)
    do(world, f"variant-on {ONE}")
    run(world, 100)
    on = len(world.branch)
    do(world, f"variant-off {ONE}")
    run(world, 100)

    assert World.at(history, count=before).cluster.rules is RULES
    assert followed(World.at(history, count=on), ONE)
    assert World.at(history).cluster.rules is RULES


def test_a_branch_from_before_never_hears_of_it() -> None:
    world = led_by(1)
    before = len(world.branch)
    do(world, f"variant-on {ONE}")
    other = World.at(world.history, count=before)
    run(other, 500)
    assert other.cluster.rules is RULES
    assert followed(world, ONE)


@pytest.mark.parametrize("seed", range(12))
def test_acts_on_rules_that_are_said_again_give_the_same_history(seed: int) -> None:
    history = begin(random_settings(seed))
    visitor = Visitor(World.at(history))
    visitor.acts = WITH_RULES
    visitor.visit(60)
    again = said_again(history.root, history)

    assert trace_hash(again) == trace_hash(history)
    assert World.at(again).network.variants == World.at(history).network.variants


def test_a_condition_can_ask_which_variant_is_on() -> None:
    player = Player(
        parse_scenario(
            f"{HEAD}cluster 3\nexpect not plays({ONE})\nvariant-on {ONE}\nexpect plays({ONE})\n"
        )
    )
    player.play()
    assert player.failures == []


# Panic


def panicking() -> World:
    """A cluster with a leader and a broken rule, watched."""
    world = a_world(3, variants=(ONE,))
    world.watcher = Checker(world.history)
    wait(world, "leader")
    return world


def nonsense(*_: object) -> object:
    """An algorithm that was led astray."""
    raise ValueError("there is no such entry")


def panicked(world: World) -> Because:
    record = world.branch[len(world.branch) - 1]
    assert record.because[0].reason == PANIC
    return record.because[0]


@pytest.mark.parametrize("function", ["step", "receive"])
def test_a_server_whose_algorithm_raises_stops_and_says_why(
    monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    world = panicking()
    monkeypatch.setattr(worlds, function, nonsense)
    while not any(host.status is Status.CRASHED for host in world.hosts.values()):
        world.step()

    assert "there is no such entry" in panicked(world).sentence
    assert isinstance(world.watcher, Checker)
    (violation,) = world.watcher.violations
    assert violation.property is NO_PANIC
    assert violation.explanation == panicked(world).sentence


def test_it_can_be_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = panicking()
    with monkeypatch.context() as patch:
        patch.setattr(worlds, "step", nonsense)
        do(world, "timeout S2")
    assert panicked(world).values["me"] == 2
    do(world, "restart S2")
    assert world.hosts[2].is_up


def test_with_the_rules_as_they_are_it_would_be_our_own_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = led_by(1)
    monkeypatch.setattr(worlds, "step", nonsense)
    with pytest.raises(ValueError, match="no such entry"):
        perform(world, acts.Timeout(2))


def test_what_was_written_before_a_panic_stays_on_a_disk_that_takes_no_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World.at(begin(Settings(3, disk_us=(0, 0), variants=(ONE,))))
    monkeypatch.setattr(World, "_note_durable", nonsense)
    perform(world, acts.Timeout(2))
    host = world.hosts[2]
    assert host.status is Status.CRASHED
    assert host.disk.durable.current_term == host.server.current_term == 1
