"""How many states an exhaustive search looks at in a second, beside bare tuples in a bare dictionary."""

import gc
import time
from typing import Any

from raftviz.lab.exhaustive.bounds import Bounds
from raftviz.lab.exhaustive.search import Exhaustive

BOUNDS = (Bounds(3, 2, 1, 1), Bounds(3, 1, 2, 1))


def exhaustive() -> dict[str, Any]:
    """Searches to their end, on one core, with all rules whole and all properties watched."""
    return {bounds.words: _search(bounds) for bounds in BOUNDS}


def _search(bounds: Bounds) -> dict[str, Any]:
    gc.collect()
    search = Exhaustive(bounds)
    began = time.process_time()
    *_, last = search.searching()
    took = time.process_time() - began
    states = len(search.states)
    return {
        "states": states,
        "steps": last.steps,
        "seconds": took,
        "states_per_second": states / took,
        "bare_states_per_second": states / _bare(states, last.steps),
    }


def _bare(states: int, steps: int) -> float:
    """Seconds for as many look-ups of as many tuples of four numbers, and nothing else."""
    began = time.process_time()
    known: dict[tuple[int, ...], None] = {}
    for step in range(steps):
        number = step * states // steps
        state = (number & 1023, number >> 10, number % 97, 7)
        if state not in known:
            known[state] = None
    return time.process_time() - began


def line(bounds: str, row: dict[str, Any]) -> str:
    """A row for a person."""
    share = row["states_per_second"] / row["bare_states_per_second"]
    return (
        f"exhaustive, {bounds}: {row['states']:,} states by {row['steps']:,} steps in "
        f"{row['seconds']:.1f} s, {row['states_per_second']:,.0f} a second, {share:.1%} of bare tuples"
    )
