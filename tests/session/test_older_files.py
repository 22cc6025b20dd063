"""Files of every version of the format that there ever was keep opening.

A file here is never changed. One that an algorithm of today plays otherwise than it was saved is named
in ``OTHERWISE``, with the reason; it opens all the same.
"""

from pathlib import Path

import pytest

from raftviz.session.session import Session
from raftviz.shelf import read_scenario
from raftviz.sim.player import Player
from raftviz.sim.scenario import VERSION
from raftviz.sim.statements import Trace

FILES = Path(__file__).resolve().parent.parent / "files"

KEPT = sorted(FILES.glob("version-*/*.raft"))

OTHERWISE: dict[str, str] = {}
"""Files that are played otherwise today, and since when and why."""


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.stem}")
class TestEach:
    def test_it_opens_where_one_looked(self, path: Path) -> None:
        scenario = read_scenario(str(path))
        session = Session.of_scenario(scenario)
        assert scenario.look is not None
        assert session.branch.name == scenario.look.place.branch
        assert session.time_us == scenario.look.place.at.time_us

    def test_it_plays_as_it_did_when_it_was_saved(self, path: Path) -> None:
        scenario = read_scenario(str(path))
        assert any(isinstance(placed.statement, Trace) for placed in scenario.statements)
        player = Player(scenario)
        player.play()
        assert bool(player.failures) == (path.name in OTHERWISE)

    def test_it_is_of_the_version_of_its_folder(self, path: Path) -> None:
        version = path.parent.name.removeprefix("version-")
        assert path.read_text(encoding="utf-8").startswith(f"raft {version}\n")


def test_there_are_files_of_every_version() -> None:
    assert {path.parent.name for path in KEPT} == {f"version-{n + 1}" for n in range(VERSION)}
