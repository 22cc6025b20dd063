"""The same seed gives the same trace: in another process, with another hash seed, another Python."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import attr
import attrs
import pytest

from raftviz.checks.random_runs import run_random
from raftviz.shelf import read_scenario, shipped_scenarios
from raftviz.sim.player import Player
from raftviz.sim.trace import trace_hash

SEEDS, ACTS = range(100, 106), 40


def hashes() -> dict[str, str]:
    """The traces of every shipped scenario and of some random runs."""
    found = {str(seed): trace_hash(run_random(seed, ACTS).history) for seed in SEEDS}
    for name in shipped_scenarios():
        player = Player(read_scenario(name))
        player.play()
        found[name] = trace_hash(player.history)
    return found


def _pythons() -> dict[str, str]:
    """The Pythons at hand that raftviz supports, the running one first."""
    found = {"this Python": sys.executable}
    folders = [Path(path) for path in os.environ.get("PATH", "").split(os.pathsep)]
    folders += sorted(Path.home().glob(".pyenv/versions/3.*/bin"))
    running = f"3.{sys.version_info.minor}"
    for version in ("3.11", "3.12", "3.13", "3.14"):
        here = (folder / f"python{version}" for folder in folders)
        python = next((path for path in here if path.is_file() and _works(path)), None)
        if python is not None and version != running:
            found[version] = str(python)
    return found


def _works(python: Path) -> bool:
    """Not a shim that only knows where a Python could be."""
    done = subprocess.run([python, "-c", ""], check=False, capture_output=True)
    return done.returncode == 0


@cache
def _here() -> dict[str, str]:
    return hashes()


@pytest.mark.parametrize("hash_seed", ["0", "1", "12345"])
@pytest.mark.parametrize("python", _pythons().values(), ids=_pythons().keys())
def test_every_process_has_the_same_trace(
    python: str, hash_seed: str, tmp_path: Path, clone: Path
) -> None:
    # Another Python has no attrs of its own; ours is pure Python, and runs there as well.
    for package in (attr, attrs):
        assert package.__file__ is not None
        folder = Path(package.__file__).parent
        shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("*.pyc"))
    program = tmp_path / "program.py"
    hashes_of_this_file = Path(__file__).read_text(encoding="utf-8")
    start, end = (hashes_of_this_file.index(text) for text in ("def hashes()", "def _pythons()"))
    program.write_text(
        "import json\n"
        "from raftviz.checks.random_runs import run_random\n"
        "from raftviz.shelf import read_scenario, shipped_scenarios\n"
        "from raftviz.sim.player import Player\n"
        "from raftviz.sim.trace import trace_hash\n"
        f"SEEDS, ACTS = range({SEEDS.start}, {SEEDS.stop}), {ACTS}\n"
        f"{hashes_of_this_file[start:end]}\n"
        "print(json.dumps(hashes()))\n",
        encoding="utf-8",
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(clone), str(tmp_path)]),
        "PYTHONHASHSEED": hash_seed,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [python, program], env=environment, check=True, capture_output=True, text=True
    )
    assert json.loads(done.stdout) == _here()


def test_the_same_seed_gives_the_same_trace_again() -> None:
    assert hashes() == _here()


def test_another_seed_gives_another_trace() -> None:
    assert len(set(_here().values())) == len(_here())
