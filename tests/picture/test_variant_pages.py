"""What there is to read of each variant: whole, ours, and true to the code."""

import pytest

from raftviz.compare.fields import Field
from raftviz.picture.cluster import cluster_picture
from raftviz.picture.field_words import field_words, value_words, whose_words
from raftviz.picture.hover import rules_lines, summary
from raftviz.picture.primitives import PickedBreach
from raftviz.picture.rulebook import RULES as BOOK
from raftviz.picture.rules_mark import mark
from raftviz.picture.variants.page import GROUPS, falls_words, groups, page_of, rivals, title_of
from raftviz.picture.variants.words import TOLD
from raftviz.picture.why.explain import explain
from raftviz.picture.why.threads import Threads
from raftviz.raft.rules import RULES
from raftviz.raft.variants import VARIANTS
from raftviz.session.lesson_files import all_lessons
from raftviz.session.session import Session
from raftviz.sim.history import Moment
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.world import World
from tests.sim.worlds import a_world, do

SIZE = (1000.0, 600.0)
each_variant = pytest.mark.parametrize("name", VARIANTS)


def moment(world: World) -> Moment:
    return Moment(world.history, world.branch, len(world.branch), world.time_us)


def test_every_variant_has_its_words_and_a_group() -> None:
    assert [*TOLD] == [*VARIANTS]
    assert {v.name for members in groups().values() for v in members} == {*VARIANTS}
    assert [*groups()] == [*GROUPS.values()]


@each_variant
def test_a_page_tells_all_in_sentences(name: str) -> None:
    page = page_of(name)

    for words in (page.correct, page.article, page.mistake, page.then):
        assert words.endswith((".", "”"))
        assert len(words) > 40
        assert "  " not in words
    assert falls_words(VARIANTS[name]) == page.falls
    assert page.book in BOOK


@each_variant
def test_right_and_wrong_are_the_very_functions_without_what_words_tell(name: str) -> None:
    page, variant = page_of(name), VARIANTS[name]

    assert page.right.text.startswith(f"def {variant.rule}(")
    assert page.wrong.text.startswith(f"def {name}(")
    for source in (page.right, page.wrong):
        assert '"""' not in source.text
        assert "noqa" not in source.text
        compile(source.text, source.path, "exec")
    assert page.right.path == "raftviz/raft/rules.py"
    assert callable(getattr(RULES, page.rule))


def test_every_lesson_that_a_page_leads_to_is_there_and_six_lead_back() -> None:
    there = {found.name: found.lesson for found in all_lessons()}

    assert {told.lesson for told in TOLD.values()} - {""} <= there.keys()
    for name, lesson in there.items():
        assert lesson is not None
        if lesson.part == "Spot the mistake":
            variants = {one for one, told in TOLD.items() if told.lesson == name}
            linked = {link.partition("variant:")[2] for link in lesson.links if "variant:" in link}
            assert linked
            assert linked <= variants


def test_whoever_breaks_the_same_rule_is_a_rival() -> None:
    assert rivals("vote_not_persisted", ("log_not_persisted", "no_sessions")) == (
        "log_not_persisted",
    )
    assert rivals("no_sessions", ("no_sessions",)) == ()


def test_a_variant_that_only_a_recording_knows_has_its_name_for_a_title() -> None:
    assert title_of("their_own") == "their_own"


# The mark on the picture


def test_a_cluster_whose_rules_are_whole_has_no_mark() -> None:
    world = a_world()
    assert cluster_picture(moment(world), 0.0, SIZE).rules is None
    assert mark(None, ()) is None  # type: ignore[arg-type]


def test_one_broken_rule_is_named_and_several_are_counted() -> None:
    world = a_world(variants=("no_sessions",))
    one = cluster_picture(moment(world), 0.0, SIZE).rules
    do(world, "variant-on commit_any_term")
    two = cluster_picture(moment(world), 0.0, SIZE).rules

    assert one is not None
    assert two is not None
    assert (one.words, two.words) == ("Broken rule: no_sessions", "2 broken rules")


def test_before_a_rule_was_broken_there_is_no_mark() -> None:
    world = a_world()
    do(world, "variant-on commit_any_term")
    assert cluster_picture(Moment(world.history, world.branch, 0, 0), 0.0, SIZE).rules is None


@pytest.mark.parametrize("servers", [1, 2, 3, 4, 5, 7, 9, 12])
@pytest.mark.parametrize("size", [(1100.0, 420.0), (700.0, 500.0), (600.0, 800.0)])
def test_the_mark_covers_no_server_and_no_word(servers: int, size: tuple[float, float]) -> None:
    world = a_world(servers, variants=("conflict_term_of_leader",))
    picture = cluster_picture(moment(world), 0.0, size)

    assert picture.rules is not None
    box = picture.rules.box
    assert not any(box.touches(label.box) for label in picture.labels)
    assert not any(box.grown(s.radius, s.radius).contains(s.x, s.y) for s in picture.servers)


def test_it_is_said_to_those_who_do_not_see_it() -> None:
    world = a_world(variants=("no_sessions",))
    assert "Broken on purpose: no_sessions." in summary(moment(world))
    assert [*rules_lines(moment(world))][1] == "no_sessions: A retried command is executed twice"


def test_compared_with_the_right_one_it_is_all_servers_that_follow_another_rule() -> None:
    field = Field("variants")
    assert whose_words(0, field) == "all servers"
    assert field_words(field) == "the broken rule"
    assert value_words(field, ("no_sessions", "no_log_check")) == "no_sessions, no_log_check"
    assert value_words(field, ()) == "none"


def test_what_is_told_of_a_breach_names_the_rules_that_were_broken_on_purpose() -> None:
    session = Session.of_scenario(
        parse_scenario("raft 1\ncluster 3\nvariant next_index_is_len\nrun 1s\n")
    )
    session.go_end()
    threads = Threads(session.history, session.branch)
    threads.extend()
    page = explain(threads, session.moment, PickedBreach(0), session.violations)

    assert page is not None
    assert any("(next_index_is_len)" in told.sentence for told in page.told)
