"""What the measurement of the explorer compares with."""

import json
from pathlib import Path

from raftviz.bench import broken_rules

ROWS = json.loads(
    (Path(__file__).parents[1] / "variants" / "broken_variants.json").read_text(encoding="utf-8")
)


def test_the_lengths_of_the_scripts_are_those_of_the_scripts() -> None:
    assert {row["variant"]: len(row["steps"]) for row in ROWS} == broken_rules.SCRIPTS


def test_a_row_tells_how_fast_and_how_little() -> None:
    figures = broken_rules.row("ack_before_commit", seeds=2, jobs=1)
    assert figures["found"] == 2
    assert figures["acts"] <= figures["script"]
    assert "2 of 2 found" in broken_rules.row_line("ack_before_commit", figures)
