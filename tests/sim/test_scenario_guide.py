"""The guide to scenarios tells the truth: its example plays, and no word is left out."""

from pathlib import Path

import pytest

from raftviz.sim.cluster_lines import cluster_settings
from raftviz.sim.condition_words import ATTRIBUTES, FUNCTIONS, NAMES
from raftviz.sim.player import Player
from raftviz.sim.scenario import SAID_ONCE, parse_scenario
from raftviz.sim.statement_words import STATEMENTS
from raftviz.sim.vocabulary import FORMS


@pytest.fixture
def guide(clone: Path) -> str:
    return (clone / "assets" / "scenarios" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [0, 1])
def test_its_examples_play(guide: str, number: int) -> None:
    example = guide.split("```")[1 + 2 * number]
    player = Player(parse_scenario(example.strip()))
    player.play()
    assert not player.failures


@pytest.mark.parametrize(
    "word",
    [
        *(form.word for form in FORMS),
        *STATEMENTS,
        *(usage.split()[0] for usage, _, _ in SAID_ONCE),
        *NAMES,
        *FUNCTIONS,
        *cluster_settings(),
    ],
)
def test_every_word_of_the_language_is_in_it(guide: str, word: str) -> None:
    assert f"`{word}" in guide or f" {word}" in guide


@pytest.mark.parametrize("attribute", sorted(set(ATTRIBUTES) - {"current_term"}))
def test_everything_one_can_ask_of_a_server_is_in_it(guide: str, attribute: str) -> None:
    assert f"`.{attribute}`" in guide
