"""The table of variants: each one rule, told in full, and to be combined with others."""

import inspect
from itertools import combinations

import attrs
import pytest

from raftviz.raft.rules import RULES, Rules
from raftviz.raft.variants import PROGRESS, VARIANTS, Variant, variant_rules
from tests.variants.test_progress import CASES, FALLS
from tests.variants.test_scripts import ROWS

RULE_NAMES = {field.name for field in attrs.fields(Rules)}
each_variant = pytest.mark.parametrize("variant", [*VARIANTS.values()], ids=[*VARIANTS])


def replaced(rules: Rules) -> set[str]:
    return {name for name in RULE_NAMES if getattr(rules, name) is not getattr(RULES, name)}


def test_there_is_a_variant_for_each_script_and_then_those_of_the_article() -> None:
    scripted = [row["variant"] for row in ROWS]
    assert [*VARIANTS][: len(scripted)] == scripted
    shown = {*FALLS, *(case.variant for case in CASES)}
    assert {*VARIANTS} == {*scripted, *shown}


def test_a_variant_goes_by_its_own_name() -> None:
    assert [*VARIANTS] == [variant.name for variant in VARIANTS.values()]


@each_variant
def test_a_variant_replaces_one_rule_and_takes_the_belt_off(variant: Variant) -> None:
    rules = variant_rules(variant.name)

    assert replaced(rules) == {variant.rule, "keeps_committed"}
    assert getattr(rules, variant.rule) is variant.replacement


@each_variant
def test_a_replacement_takes_what_the_rule_takes(variant: Variant) -> None:
    ours = inspect.signature(variant.replacement)

    assert ours == inspect.signature(getattr(RULES, variant.rule))


@each_variant
def test_a_story_says_what_is_right_what_is_done_and_what_falls(variant: Variant) -> None:
    told = [part.strip() for part in inspect.cleandoc(variant.story).split("\n\n")]

    assert [part.partition(":")[0] for part in told] == ["Correct", "Mistake", "Falls"]
    assert all(part.endswith(".") and len(part) > 60 for part in told)


@each_variant
def test_a_variant_is_short(variant: Variant) -> None:
    """So that it can be read beside the rule that it breaks, decorator and story aside."""
    code = inspect.getsource(variant.replacement).partition("def ")[2]

    assert len(code.replace(variant.story, "").splitlines()) <= 20


@each_variant
def test_a_variant_has_a_title_a_section_and_something_that_falls(variant: Variant) -> None:
    assert variant.title[0].isupper()
    assert not variant.title.endswith(".")
    assert "§" in variant.section
    assert variant.falls.isidentifier()


def test_what_is_no_matter_of_safety_is_said_to_be_none() -> None:
    harmless = {variant.name for variant in VARIANTS.values() if not variant.safety}

    scripted = {
        row["variant"]
        for row in ROWS
        if row["expect"].startswith("liveness") or row["expect"] in ("panic", "CommitQuorum")
    }
    assert harmless == scripted | {case.variant for case in CASES}


def test_what_costs_progress_says_what_one_measures() -> None:
    for variant in VARIANTS.values():
        slow = variant.falls in ("liveness", "no_panic", PROGRESS)
        assert bool(variant.suffers) is slow
        assert not slow or variant.suffers.startswith("how ")


def test_no_variant_means_the_rules_as_they_are() -> None:
    assert variant_rules() is RULES


def test_variants_of_different_rules_go_together() -> None:
    for one, two in combinations(VARIANTS.values(), 2):
        if one.rule != two.rule:
            rules = variant_rules(one.name, two.name)
            assert replaced(rules) == {one.rule, two.rule, "keeps_committed"}


def test_variants_of_the_same_rule_exclude_each_other() -> None:
    with pytest.raises(ValueError, match=r"vote_not_persisted and .* the rule must_persist"):
        variant_rules("vote_not_persisted", "log_not_persisted")


def test_a_variant_named_twice_is_there_once() -> None:
    assert variant_rules("no_sessions", "no_sessions") == variant_rules("no_sessions")


def test_a_name_that_is_none_is_refused_and_the_names_are_told() -> None:
    with pytest.raises(ValueError, match=r"no variant 'no_session': there are .*no_sessions"):
        variant_rules("no_session")
