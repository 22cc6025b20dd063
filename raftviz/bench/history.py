"""How fast one moves through a history: seeking, stepping, branching."""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable

from raftviz.bench.reference import REFERENCE, Figures
from raftviz.checks.checker import Checker
from raftviz.session.opening import Opening
from raftviz.session.outline import outline_of
from raftviz.session.scribe import Scribe
from raftviz.session.session import Session
from raftviz.sim.chance import Chance
from raftviz.sim.history import History
from raftviz.sim.world import World, begin

_SMALL, _LARGE = 1_000, 100_000
_RUNS, _TRIES = 9, 400
_STEPS = 2_000


def history() -> Figures:
    """Milliseconds to move in histories of 1,000 and 100,000 events; medians of several runs.

    A seek reads out the whole state, as a view does; a branch can take its first step. Each p99 is
    the median over runs of the run's own p99: a shared machine stops for longer than a seek takes.
    """
    small, large = _session(_SMALL), _session(_LARGE)
    seeks = [(_p99_ms(small, _seek, run), _p99_ms(large, _seek, run)) for run in range(_RUNS)]
    forward, back = _steps(large)
    return {
        "seek_p99_ms_1k": statistics.median(few for few, _ in seeks),
        "seek_p99_ms_100k": statistics.median(many for _, many in seeks),
        "branch_p99_ms_100k": statistics.median(
            _p99_ms(_session(_LARGE), _branch, run) for run in range(3)
        ),
        "step_us": forward,
        "step_back_us": back,
        "reopen_ratio": reopen_ratio(_LARGE),
        "bytes_per_event": bytes_per_event(_LARGE),
    }


def _recorded(events: int) -> tuple[History, Checker]:
    recorded = begin(REFERENCE)
    checker = Checker(recorded)
    world = World.at(recorded, watcher=checker)
    while len(world.branch) < events:
        world.step()
    return recorded, checker


def _session(events: int) -> Session:
    session = Session(*_recorded(events))
    session.go_end()
    return session


def _seek(session: Session, part: int) -> None:
    session.seek(session.branch.time_at(len(session.branch)) * part // 1_000_000)
    _ = session.moment.state


def _branch(session: Session, part: int) -> None:
    session.switch(session.history.root)
    _seek(session, part)
    session.open_branch()


def _p99_ms(session: Session, move: Callable[[Session, int], None], run: int) -> float:
    """The 99th percentile of moves to instants drawn at random, in millionths of the whole."""
    took = []
    chance = Chance(run)
    gc.collect()
    for number in range(_TRIES):
        part = chance.between(0, 999_999, 0, 0, 0, number)
        started = time.perf_counter()
        move(session, part)
        took.append(time.perf_counter() - started)
    return statistics.quantiles(took, n=100)[98] * 1000


def _steps(session: Session) -> tuple[float, float]:
    """µs of a step forward and of one back, over the same recorded events, states read out."""
    forward: list[float] = []
    back: list[float] = []
    for run in range(_RUNS):
        session.seek_event(len(session.branch) // 2 + run * _STEPS)
        for steps, move in ((forward, session.step), (back, session.step_back)):
            started = time.perf_counter()
            for _ in range(_STEPS):
                move()
                _ = session.moment.state
            steps.append((time.perf_counter() - started) / _STEPS * 1e6)
    return statistics.median(forward), statistics.median(back)


def reopen_ratio(events: int) -> float:
    """How fast a saved session opens, as a part of how fast its events are simulated plainly.

    Both watch every property, and take turns; the opening reads the text, plays it and compares the
    fingerprints. Medians, in time of this process alone.
    """
    session = _session(events)
    text = Scribe(session.history).write(outline_of(session))
    end_us = session.end_of(session.branch)
    ratios = []
    for _ in range(_RUNS):
        plain = _process_s(lambda: _simulated_to(end_us))
        ratios.append(plain / _process_s(lambda: _opened(text)))
    return statistics.median(ratios)


def _opened(text: str) -> Opening:
    opening = Opening(text)
    for _ in opening.working():
        pass
    assert not opening.failures
    return opening


def _simulated_to(time_us: int) -> History:
    recorded = begin(REFERENCE)
    World.at(recorded, watcher=Checker(recorded)).run_until(time_us)
    return recorded


def _process_s(work: Callable[[], object]) -> float:
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def bytes_per_event(events: int) -> float:
    """Memory that a history and its checker take, by the event."""
    tracemalloc.start()
    try:
        kept = _recorded(events)
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / len(kept[0].root)
    finally:
        tracemalloc.stop()
