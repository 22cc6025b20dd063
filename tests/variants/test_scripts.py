"""Each script of ``broken_variants.json``, on the shipped algorithm and with its variant on."""

import json
from pathlib import Path
from typing import Any

import pytest

from raftviz.raft.rules import RULES, Rules
from raftviz.raft.variants import variant_rules
from tests.variants.harness import Play

Row = dict[str, Any]

ROWS: list[Row] = json.loads(
    (Path(__file__).parent / "broken_variants.json").read_text(encoding="utf-8")
)
each_script = pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])


def played(row: Row, rules: Rules) -> Play:
    play = Play.of(row["nodes"], rules).play(row["steps"])
    if row["expect"].startswith("liveness"):
        play.look_for_progress()
    return play


@each_script
def test_nothing_falls_on_the_algorithm_as_it_is(row: Row) -> None:
    assert played(row, RULES).watch.fell == {}


@each_script
def test_what_the_script_names_falls_and_nothing_else(row: Row) -> None:
    play = played(row, variant_rules(row["variant"]))

    assert row["expect"] in play.watch.fell
    assert play.watch.fell.keys() == {*row["falls"]}


@each_script
def test_every_step_of_the_script_had_something_to_do(row: Row) -> None:
    assert played(row, variant_rules(row["variant"])).skipped == []
