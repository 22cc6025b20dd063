"""The golden traces: what two scenarios tell, line by line, for people to read and tests to compare.

After a change that is meant to change them: ``python -m tests.golden.regenerate``, then read the
difference before committing it.
"""

from pathlib import Path

from raftviz.shelf import read_scenario
from raftviz.sim.player import Player
from raftviz.sim.trace import trace_lines

GOLDEN = ("leader-crashes", "split-vote")

FOLDER = Path(__file__).resolve().parent


def golden_path(name: str) -> Path:
    """Where the trace of a scenario is kept."""
    return FOLDER / f"{name}.txt"


def trace_of(name: str) -> str:
    """A shipped scenario, played and told."""
    player = Player(read_scenario(name))
    player.play()
    return "".join(f"{line}\n" for line in trace_lines(player.history.root))


def main() -> None:
    """Write all of them."""
    for name in GOLDEN:
        golden_path(name).write_text(trace_of(name), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
