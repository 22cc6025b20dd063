"""``raftviz variants``, and scenarios that are played with a rule broken."""

import json
from pathlib import Path

import pytest

from raftviz.raft.variants import VARIANTS
from tests.cli.test_run import raftviz


def test_all_are_listed_with_what_falls() -> None:
    said = raftviz("variants").output
    for variant in VARIANTS.values():
        assert variant.name in said
        assert variant.title in said


def test_one_is_told_in_full() -> None:
    said = raftviz("variants", "no_log_check").output
    assert "def log_is_up_to_date(" in said
    assert "def no_log_check(" in said


def test_the_json_has_all_for_programs() -> None:
    told = json.loads(raftviz("variants", "--json").output)
    assert [row["name"] for row in told] == [*VARIANTS]
    assert all(row["right"] and row["wrong"] and row["falls"] for row in told)
    assert [row["safety"] for row in told] == [v.safety for v in VARIANTS.values()]


def test_a_name_that_is_none_is_refused() -> None:
    refused = raftviz("variants", "no_log_chek")
    assert refused.exit_code == 2
    assert "did you mean “no_log_check”?" in refused.output


def test_a_scenario_is_played_with_the_rule_broken() -> None:
    told = json.loads(raftviz("run", "figure-7", "--variant", "next_index_is_len", "--json").output)
    assert told["variants"] == ["next_index_is_len"]
    whole = json.loads(raftviz("run", "figure-7", "--json").output)
    assert "variants" not in whole


def test_what_it_breaks_is_told_and_ends_with_1(tmp_path: Path) -> None:
    file = tmp_path / "new.raft"
    file.write_text("raft 1\ncluster 3\nrun 1s\n", encoding="utf-8")
    broken = raftviz("run", file, "--variant", "next_index_is_len")
    assert broken.exit_code == 1
    assert "broken on purpose: next_index_is_len" in broken.output
    assert "No Panic" in broken.output


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("nonsense",), "there is no variant “nonsense”"),
        (("vote_not_persisted", "log_not_persisted"), "break the same rule"),
        (("no_sessions", "no_sessions"), "is on already"),
    ],
)
def test_variants_that_cannot_be_are_refused(names: tuple[str, ...], words: str) -> None:
    refused = raftviz("run", "figure-7", *(word for name in names for word in ("--variant", name)))
    assert refused.exit_code == 2
    assert words in refused.output


def test_a_recording_cannot_be_broken(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    raftviz("trace", "figure-7", file)
    refused = raftviz("run", file, "--variant", "no_sessions")
    assert refused.exit_code == 2
    assert "is a recording" in refused.output
