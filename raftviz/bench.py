"""Benchmarks anyone can run: each figure beside a baseline measured in the same run.

A machine's speed drifts, so absolute figures say little; the ratio to a baseline says more. The
baselines are the least that must be done: a bare event queue, as many bare sprites, an empty window.
"""

import gc
import heapq
import os
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

from raftviz.checks.checker import Checker
from raftviz.sim.history import Moment
from raftviz.sim.settings import Settings
from raftviz.sim.units import US_PER_S, ms
from raftviz.sim.world import World, begin

Figures = dict[str, Any]

REFERENCE = Settings(
    servers=5,
    seed=1,
    latency_us=(ms(10), ms(15)),
    election_timeout_us=(ms(100), ms(200)),
    heartbeat_us=ms(50),
    disk_us=(0, 0),
    requests_us=ms(100),
)
"""The reference work: a quiet cluster of five under a request every 100 ms. Its disks take no time,
as in the tools it is compared with, which have none."""

_SIMULATED_S = 60
_REPEATS = 5
_FRAMES = 300


def simulation() -> Figures:
    """Simulated seconds a second, with full history; medians of five runs each."""
    checked, unchecked, bare = [], [], []
    events = 0
    for _ in range(_REPEATS):
        events, took = _simulate(checked=True)
        checked.append(took)
        unchecked.append(_simulate(checked=False)[1])
        bare.append(_bare_loop(events))
    took = statistics.median(checked)
    return {
        "sim_seconds_per_second": _SIMULATED_S / took,
        "sim_seconds_per_second_unchecked": _SIMULATED_S / statistics.median(unchecked),
        "events_per_second": events / took,
        "bytes_per_event": _bytes_per_event(),
        "bare_loop_events_per_second": events / statistics.median(bare),
    }


def _simulate(*, checked: bool) -> tuple[int, float]:
    history = begin(REFERENCE)
    world = World.at(history, watcher=Checker(history) if checked else None)
    gc.collect()
    started = time.perf_counter()
    world.run_until(_SIMULATED_S * US_PER_S)
    return len(world.branch), time.perf_counter() - started


def _bare_loop(events: int) -> float:
    """As many events through a queue of thirty, and nothing else."""
    queue = [(i, i) for i in range(30)]
    heapq.heapify(queue)
    started = time.perf_counter()
    for _ in range(events):
        due, key = heapq.heappop(queue)
        heapq.heappush(queue, (due + 50, key))
    return time.perf_counter() - started


def _bytes_per_event() -> float:
    history = begin(REFERENCE)
    tracemalloc.start()
    try:
        world = World.at(history, watcher=Checker(history))
        world.run_until(_SIMULATED_S * US_PER_S)
        return tracemalloc.get_traced_memory()[0] / len(world.branch)
    finally:
        tracemalloc.stop()


# Frames


def frame() -> Figures:
    """Milliseconds a frame of the cluster's picture, 1600×1000, offscreen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from raftviz.qt import frame_bench  # noqa: PLC0415 - Qt is imported only for this figure

    return {
        f"{servers}x{messages}": _percentiles(*frame_bench.measure(moment, _FRAMES))
        for servers, messages in ((5, 30), (9, 200), (50, 5000))
        for moment in (busy_moment(servers, messages),)
    }


def _percentiles(frames: list[float], baseline: list[float]) -> Figures:
    return {
        "p50_ms": statistics.median(frames) * 1000,
        "p99_ms": statistics.quantiles(frames, n=100)[98] * 1000,
        "baseline_p50_ms": statistics.median(baseline) * 1000,
    }


def busy_moment(servers: int, messages: int) -> Moment:
    """A cluster with at least so many messages in flight: a leader, slow links, short heartbeats."""
    settings = Settings(
        servers=servers,
        latency_us=(ms(80), ms(120)),
        # As many heartbeats and answers under way as are asked for.
        heartbeat_us=max(ms(1), ms(200 * (servers - 1)) // messages),
        election_timeout_us=(ms(400), ms(4000)),
        requests_us=ms(20),
    )
    world = World.at(begin(settings))
    while len(world.flights) < messages:
        world.step()
    return Moment(world.history, world.branch, len(world.branch), world.time_us)


# Start


_EMPTY_WINDOW = """
from PySide6.QtWidgets import QApplication, QWidget
from PySide6.QtCore import QTimer
app = QApplication([])
window = QWidget(); window.resize(1600, 1000); window.show()
QTimer.singleShot(0, app.quit)
app.exec(); window.grab()
"""

_FIRST_FRAME = """
from raftviz.app import application, open_session
from raftviz.qt.conductor import Conductor
from raftviz.qt.window import Window
from PySide6.QtCore import QTimer
app = application(screen=False)
window = Window(Conductor(open_session(None))); window.show(); window.conductor.play()
QTimer.singleShot(0, app.quit)
app.exec(); window.grab()
window.conductor.pause()
"""


def startup() -> Figures:
    """Seconds from nothing to the first painted frame, as whole processes in turn; medians."""
    first, empty = [], []
    for _ in range(_REPEATS):
        first.append(_process(_FIRST_FRAME))
        empty.append(_process(_EMPTY_WINDOW))
    return {
        "first_frame_s": statistics.median(first),
        "empty_window_s": statistics.median(empty),
    }


def _process(source: str) -> float:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", source], check=True, env=environment)
    return time.perf_counter() - started


BENCHMARKS: dict[str, Callable[[], Figures]] = {
    "simulation": simulation,
    "frame": frame,
    "startup": startup,
}
"""The benchmarks by name."""


def as_lines(result: dict[str, Figures]) -> Iterator[str]:
    """The figures for a person, with the ratios."""
    if figures := result.get("simulation"):
        share = figures["events_per_second"] / figures["bare_loop_events_per_second"]
        yield (
            f"simulation: {figures['sim_seconds_per_second']:,.0f} simulated s per s with all "
            f"properties watched ({figures['sim_seconds_per_second_unchecked']:,.0f} without), "
            f"{figures['events_per_second']:,.0f} events/s, {share:.1%} of a bare queue, "
            f"{figures['bytes_per_event']:,.0f} bytes an event"
        )
    for name, figures in result.get("frame", {}).items():
        ratio = figures["p50_ms"] / figures["baseline_p50_ms"]
        yield (
            f"frame {name}: median {figures['p50_ms']:.1f} ms, p99 {figures['p99_ms']:.1f} ms, "
            f"{ratio:.1f} × bare sprites"
        )
    if figures := result.get("startup"):
        ratio = figures["first_frame_s"] / figures["empty_window_s"]
        yield (
            f"startup: first frame after {figures['first_frame_s']:.2f} s, {ratio:.1f} × an empty "
            "window"
        )
