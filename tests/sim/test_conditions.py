"""Conditions: what can be asked of a world, and that nothing else can be said."""

import pytest

from raftviz.session.scenes import Scenes
from raftviz.sim.condition_words import ATTRIBUTES, FUNCTIONS, NAMES
from raftviz.sim.conditions import parse_condition
from raftviz.sim.scene import Scene
from raftviz.sim.script_error import ScriptError
from raftviz.sim.world import World
from tests.recording.recorded import read
from tests.sim.worlds import a_world, do, led_by, run, wait


def holds(scene: Scene, text: str) -> bool:
    """Whether a condition is true there."""
    return parse_condition(text, len(scene.hosts)).holds(scene)


@pytest.fixture(scope="module")
def world() -> World:
    """S1 leads term 1, x=1 is committed, S4 is crashed, S5 is paused and behind."""
    world = led_by(1)
    do(world, "crash S4", "pause S5", "request x=1 to S1")
    wait(world, "answered == 1 and S2.commit_index == 2 and S3.commit_index == 2")
    return world


TRUE = [
    "leader",
    "leader == S1",
    "S1 == leader",
    "not (leader == S2)",
    "leader != S2",
    "leader.id == 1",
    "any_leader",
    "leaders == 1",
    "leaders >= 1",
    "0 < leaders < 2",
    "candidates == 0",
    "followers == 2",
    "term == 1",
    "term >= 1.0",
    "leader.term == 1",
    "S1.current_term == S2.term",
    "S2.voted_for == 1",
    'S1.role == "leader"',
    "S2.role == 'follower'",
    "S1.commit_index == 2 and S1.last_applied == 2",
    "S1.last_log_index == 2",
    "S1.last_log_term == 1",
    "S5.last_log_index < leader.last_log_index",
    "time > 0",
    "messages >= 0",
    "not partitioned",
    "answered == 1",
    "waiting == 0",
    "crashed(S4)",
    "paused(S5)",
    "up(S1) and not up(S4) and not up(S5)",
    "up(leader)",
    "votes(S1) == 0",
    'committed("x=1")',
    "committed x=1",
    "committed x=1 and leader",
    'copies("x=1") == 3',
    "copies x=1 == 3",
    'copies("y=1") == 0',
    "True",
    "1 == 1 or nonsense == 2".replace("nonsense", "term"),
    "logs_agree",
]

FALSE = [
    "leader == S2",
    "candidates",
    "leaders > 1",
    "partitioned",
    "waiting",
    "crashed(S1)",
    "committed x=2",
    'committed("x=")',
    "S1.term > 1",
    "S1.term < S2.term",
    "S1.role < 3",
    "S1.role > S2.term",
    "False",
    "not leader",
    "leader and candidates",
]


@pytest.mark.parametrize("text", TRUE)
def test_it_is_true(world: World, text: str) -> None:
    assert holds(world, text)


@pytest.mark.parametrize("text", FALSE)
def test_it_is_not_true(world: World, text: str) -> None:
    assert not holds(world, text)


@pytest.mark.parametrize(
    "text",
    [
        "leader",
        "any_leader",
        "leader == S1",
        "leader.term >= 0",
        "leader.term < 9",
        "leader.commit_index == S1.commit_index",
        "up(leader)",
        "crashed(leader)",
        "votes(leader) > 0",
    ],
)
def test_of_nobody_nothing_is_true(text: str) -> None:
    assert not holds(a_world(3), text)


def test_a_condition_holds_of_a_state_read_out_of_the_history(world: World) -> None:
    scenes = Scenes(world.history, world.branch, 0)
    assert not holds(scenes, "leader")
    assert holds(scenes.at(len(world.branch)), "committed x=1")


def test_logs_agree_only_when_all_is_committed() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    wait(world, "S1.last_log_index == 2")
    assert not holds(world, "logs_agree")


def test_a_candidate_has_votes() -> None:
    world = a_world(5)
    do(world, "timeout S2")
    assert holds(world, "votes(S2) == 1 and candidates == 1")


def test_a_partition_shows() -> None:
    world = a_world(3)
    do(world, "partition S1 | S2 S3")
    assert holds(world, "partitioned")


def test_of_two_who_think_that_they_lead_the_one_of_the_higher_term_leads() -> None:
    world = led_by(1)
    do(world, "partition S1 | S2 S3 S4 S5")
    wait(world, "leaders == 2")
    assert holds(world, "leader.term > S1.term and S1.role == 'leader'")


def test_what_a_crashed_leader_held_counts_as_a_copy_and_not_as_committed() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    wait(world, "copies x=1 == 1")
    run(world, 3)
    do(world, "crash S1")
    assert holds(world, "copies x=1 >= 1")
    assert not holds(world, "committed x=1")


@pytest.mark.parametrize("name", [*NAMES, "S1", *(f"S1.{name}" for name in ATTRIBUTES)])
def test_every_name_can_be_asked(world: World, name: str) -> None:
    parse_condition(name, 5).holds(world)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_an_example_that_can_be_asked(world: World, name: str) -> None:
    text = FUNCTIONS[name].meaning.partition(":")[0]
    assert text.startswith(f"{name}(")
    parse_condition(text, 5).holds(world)


def test_every_name_and_function_is_explained() -> None:
    assert all(meaning for _, meaning in (*NAMES.values(), *ATTRIBUTES.values()))
    assert all(function.meaning for function in FUNCTIONS.values())


def test_acts_are_counted_and_have_their_time(world: World) -> None:
    assert holds(world, "did(crash) == 1 and did('request') == 1 and did(restart) == 0")
    assert holds(world, "time_since(crash) == time_since(pause)")
    assert holds(world, "0 < time_since(crash) < 5000")
    assert not holds(world, "time_since(heal) < 1e9")


def test_acts_in_vain_and_those_before_a_step_began_do_not_count() -> None:
    world = led_by(1)
    do(world, "crash S4", "crash S4")
    assert holds(world, "did(crash) == 1")
    _, since = world.place
    later = Scenes(world.history, world.branch, since, since)
    assert not holds(later, "did(crash) >= 1")
    do(world, "crash S5")
    assert holds(later.at(len(world.branch)), "did(crash) == 1")


def test_in_a_branch_the_acts_before_the_fork_count_and_those_elsewhere_do_not() -> None:
    world = led_by(1)
    do(world, "crash S4")
    fork = len(world.branch)
    do(world, "crash S5")
    other = World.at(world.history, world.branch, count=fork, new_branch="other")
    do(other, "restart S4")
    assert holds(other, "did(crash) == 1 and did(restart) == 1")


def test_logs_and_what_the_leader_knows_of_them(world: World) -> None:
    assert holds(world, "has(S1, 'x=1') and not has(S4, 'x=1') and term_at(S1, 2) == 1")
    assert holds(world, "match_index(S2) == 2 and next_index(S2) == 3 and match_index(S5) < 2")
    assert not holds(world, "term_at(S1, 99) >= 0")
    assert holds(world, "voted(S2, S1) and not voted(S2, S3)")
    assert holds(world, "majority == 3 and servers == 5")


def test_what_a_state_machine_holds_is_known_of_servers_that_run(world: World) -> None:
    assert holds(world, "value(S1, 'x') == '1' and value(S1, 'x') == value(S2, 'x')")
    assert not holds(world, "value(S1, 'nothing')")
    do(world, "crash S2")
    assert not holds(world, "value(S2, 'x') == '1'")


def test_acknowledgements_of_an_entry_are_those_that_the_leader_knows_of() -> None:
    world = a_world(3)
    assert not holds(world, "acknowledged(1) >= 0")
    do(world, "timeout S1")
    wait(world, "leader == S1")
    assert holds(world, "acknowledged(1) == 0")
    wait(world, "acknowledged(1) == 1")
    assert holds(world, "match_index(S2) == 1 or match_index(S3) == 1")
    wait(world, "acknowledged(1) == 2")


def test_messages_under_way_are_counted_by_kind() -> None:
    world = a_world(5)
    do(world, "timeout S2")
    wait(world, "in_flight(RequestVote) >= 1")
    assert holds(world, "in_flight(RequestVote) == 4 and in_flight(message) == 4")
    assert holds(world, "in_flight(AppendEntries) == 0 and most_votes == 1")


def test_what_is_not_on_disk_yet_is_not_durable() -> None:
    world = a_world(3)
    do(world, "timeout S2")
    assert not holds(world, "durable(S2)")
    assert holds(world, "durable(S1)")


def test_a_cut_keeps_one_from_reaching_another() -> None:
    world = a_world(3)
    do(world, "cut S1 -> S2")
    assert holds(world, "not reaches(S1, S2) and reaches(S2, S1)")


# What cannot be said

HOSTILE = [
    ("leader.__class__", "a server has no “__class__”"),
    ("leader.server", "a server has no “server”"),
    ("S1.term.__class__", "a server has no “__class__”"),
    ("().__class__.__bases__", "a server has no “__bases__”"),
    ("__import__('os')", "there is no “__import__(…)”"),
    ("open('/etc/passwd')", "there is no “open(…)”"),
    ("exec('1')", "there is no “exec(…)”"),
    ("leader.evaluate()", "there is no “leader.evaluate(…)”"),
    ("crashed(S1)(S2)", "there is no “crashed(S1)(…)”"),
    ("up(*S1)", "cannot stand in a condition"),
    ("up(S1, S2)", "“up” takes one thing, as in up(S1)"),
    ("up(server=S1)", "“up” takes one thing"),
    ("up()", "“up” takes one thing"),
    ("crashd(S1)", "did you mean “crashed”?"),
    ("[s for s in leader]", "cannot stand in a condition"),
    ("{S1: S2}", "cannot stand in a condition"),
    ("[S1]", "cannot stand in a condition"),
    ("(S1, S2)", "cannot stand in a condition"),
    ("lambda: leader", "cannot stand in a condition"),
    ("(x := 1)", "cannot stand in a condition"),
    ("leader if leader else S1", "cannot stand in a condition"),
    ("f'{leader}'", "cannot stand in a condition"),
    ("b'x'", "cannot stand in a condition"),
    ("1j", "cannot stand in a condition"),
    ("None", "cannot stand in a condition"),
    ("...", "cannot stand in a condition"),
    ("9 ** 9 ** 9", "cannot stand in a condition"),
    ("'x' * 10", "cannot stand in a condition"),
    ("term + 1", "cannot stand in a condition"),
    ("-term", "cannot stand in a condition"),
    ("leader is S1", "cannot stand in a condition"),
    ("S1 in leader", "cannot stand in a condition"),
    ("S1[0]", "cannot stand in a condition"),
    ("await leader", "cannot stand in a condition"),
    ("leader = S1", "is not a condition"),
    ("leader; term", "is not a condition"),
    ("leader ==", "is not a condition"),
    ("", "is not a condition"),
    ("(((", "is not a condition"),
    ("(" * 400, "is not a condition"),
    ("S6", "there is no server S6: the cluster has S1 to S5"),
    ("S0", "there is no server S0"),
    ("sever", "“sever” means nothing here"),
    ("canidates", "did you mean “candidates”?"),
    ("term < " + "9" * 600, "a condition has at most 500 characters"),
    ("not " * 110 + "leader", "the condition is too long"),
    (" or ".join(["0<1"] * 50), "the condition is too long"),
]


@pytest.mark.parametrize(("text", "words"), HOSTILE)
def test_nothing_else_can_be_said(text: str, words: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse_condition(text, 5, 7, 3)
    assert words in caught.value.message
    assert (caught.value.line, caught.value.column) == (7, 3)


@pytest.mark.parametrize("text", ["crashed(3)", "up('S1')", "votes(term)", "S1.term.term > 1"])
def test_only_a_server_can_be_asked_about_itself(world: World, text: str) -> None:
    with pytest.raises(ScriptError, match="asks for a server"):
        parse_condition(text, 5).holds(world)


def test_a_huge_number_is_only_a_number(world: World) -> None:
    assert holds(world, "term < " + "9" * 450)
    assert holds(world, "term < 1e999")


# What a recording does not tell


@pytest.mark.parametrize(
    ("condition", "fulfilled"),
    [
        ("S1.term == 0", False),
        ("S1.term >= 0", False),
        ('S1.role == "follower"', False),
        ("S1.commit_index < 5", False),
        ("S1.last_log_index == 0", False),
        ("up(S1) or crashed(S1)", False),
        ("followers > 1", False),
        ("logs_agree", False),
        ("S2.term == 4", True),
        ('S2.role == "follower"', True),
        ("followers == 1 and up(S2)", True),
    ],
)
def test_what_is_not_known_fulfils_no_condition(condition: str, fulfilled: bool) -> None:
    told = {"status": "up", "role": "follower", "current_term": 4}
    found = read({"kind": "note", "part": "S2", "time_us": 0, "state": told}).history

    assert holds(Scenes(found, found.root, 1), condition) is fulfilled
