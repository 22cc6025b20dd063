"""Benchmarks anyone can run: each figure beside a baseline measured in the same run.

A machine's speed drifts, so absolute figures say little; the ratio to a baseline says more. The
baselines are the least that must be done: a bare event queue, as many bare sprites, an empty window.
"""

import gc
import heapq
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator

import attrs

from raftviz.bench import all_states
from raftviz.bench.broken_rules import exploring, row_line
from raftviz.bench.history import bytes_per_event, history
from raftviz.bench.reference import REFERENCE, Figures
from raftviz.bench.startup import startup
from raftviz.checks.checker import Checker
from raftviz.raft.algorithm import step
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.inputs import Input, Persisted, Received, TimerFired
from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.messages import ClientRequest
from raftviz.raft.server import Persistent, Server
from raftviz.sim.settings import Settings
from raftviz.sim.units import US_PER_S
from raftviz.sim.world import World, begin

_SIMULATED_S = 60
_MEMORY_EVENTS = 20_000
_REPEATS = 5


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
        "committed_per_second_3": throughput(3),
        "committed_per_second_5": throughput(5),
        "growth": growth(),
        "sim_seconds_per_second": _SIMULATED_S / took,
        "sim_seconds_per_second_unchecked": _SIMULATED_S / statistics.median(unchecked),
        "events_per_second": events / took,
        "bytes_per_event": bytes_per_event(_MEMORY_EVENTS),
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


_BATCH = 512
_OPERATIONS = 100 * _BATCH


def throughput(servers: int) -> float:
    """Committed operations a second of the algorithm alone, in batches, every server applying."""
    cluster = Cluster.of_size(servers, Options(batch=_BATCH, pipeline=4))
    hosts = {n: Server(n, replica=cluster.options.blank) for n in cluster.configuration.members}
    mail: deque[tuple[int, Input]] = deque([(1, TimerFired())])
    _exchange(cluster, hosts, mail)
    gc.collect()
    started = time.perf_counter()
    for first in range(0, _OPERATIONS, _BATCH):
        for serial in range(first + 1, first + _BATCH + 1):
            command = Command(f"x={serial}", -1, serial)
            mail.append((1, Received(-1, ClientRequest(command))))
        _exchange(cluster, hosts, mail)
    took = time.perf_counter() - started
    assert hosts[1].commit_index >= _OPERATIONS
    return _OPERATIONS / took


def _exchange(cluster: Cluster, hosts: dict[int, Server], mail: deque[tuple[int, Input]]) -> None:
    """Deliver everything in order; a disk writes what has gathered when nothing else is to do."""
    writes: dict[int, Persisted] = {}
    while mail or writes:
        if not mail:
            mail.extend(writes.items())
            writes.clear()
        target, happened = mail.popleft()
        transition = step(cluster, hosts[target], happened)
        hosts[target] = transition.server
        if transition.persist is not None:
            written = transition.persist
            writes[target] = Persisted(written.current_term, written.log.last_index)
        for other, message in transition.messages:
            if other > 0:
                mail.append((other, Received(target, message)))


def growth() -> Figures:
    """What an event costs, in µs, as runs, logs and clusters grow; a flat row does not grow."""
    return {
        "events": {str(n): _event_us(REFERENCE, n) for n in (1_000, 10_000, 100_000, 1_000_000)},
        "log_entries": {str(n): _event_us(_with_log(n), 5_000) for n in (10, 1_000, 100_000)},
        "servers": {
            str(n): _event_us(attrs.evolve(REFERENCE, servers=n), 20_000) for n in (3, 9, 51)
        },
    }


def _event_us(settings: Settings, events: int) -> float:
    """µs an event at the end of a run of so many: of its last tenth, properties watched."""
    history = begin(settings)
    world = World.at(history, watcher=Checker(history))
    last = max(500, events // 10)
    for _ in range(events - last):
        world.step()
    gc.collect()
    started = time.perf_counter()
    for _ in range(last):
        world.step()
    return (time.perf_counter() - started) / last * 1e6


def _with_log(entries: int) -> Settings:
    disk = Persistent(1, 0, Log(Entry(i, 1, Command(f"x={i % 7}")) for i in range(1, entries + 1)))
    start = dict.fromkeys(range(1, REFERENCE.servers + 1), disk)
    return attrs.evolve(REFERENCE, start=start)


# Frames


def frame() -> Figures:
    """Milliseconds a frame of the cluster's picture, 1600×1000, offscreen."""
    from raftviz.bench import frames  # noqa: PLC0415 - Qt is imported only for this figure

    return frames.frame()


BENCHMARKS: dict[str, Callable[[], Figures]] = {
    "simulation": simulation,
    "frame": frame,
    "startup": startup,
    "history": history,
    "explore": exploring,
    "exhaustive": all_states.exhaustive,
}
"""The benchmarks by name."""

UNASKED = tuple(name for name in BENCHMARKS if name != "explore")
"""Those that are run when nobody says which: minutes. The others take longer."""


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
        yield (
            f"  committed operations a second in batches of {_BATCH}: "
            f"{figures['committed_per_second_3']:,.0f} with 3 servers, "
            f"{figures['committed_per_second_5']:,.0f} with 5"
        )
        for what, row in figures["growth"].items():
            cells = ", ".join(f"{int(n):,}: {us:.1f}" for n, us in row.items())
            yield f"  µs an event by {what.replace('_', ' ')}: {cells}"
    yield from _frame_lines(result.get("frame", {}))
    if figures := result.get("history"):
        yield (
            f"history: seek p99 {figures['seek_p99_ms_100k']:.3f} ms among 100,000 events "
            f"({figures['seek_p99_ms_1k']:.3f} among 1,000), branch p99 "
            f"{figures['branch_p99_ms_100k']:.3f} ms, step {figures['step_us']:.0f} µs, back "
            f"{figures['step_back_us']:.0f} µs, {figures['bytes_per_event']:,.0f} bytes an event, "
            f"a saved session opens at {figures['reopen_ratio']:.0%} of plain speed"
        )
    if figures := result.get("explore"):
        yield from _explore_lines(figures)
    for bounds, row in result.get("exhaustive", {}).items():
        yield all_states.line(bounds, row)
    if figures := result.get("startup"):
        ratio = figures["first_frame_s"] / figures["empty_window_s"]
        yield (
            f"startup: first frame after {figures['first_frame_s']:.2f} s, {ratio:.1f} × an empty "
            "window"
        )


def _explore_lines(explore: Figures) -> Iterator[str]:
    yield from (row_line(name, row) for name, row in explore["variants"].items())
    yield f"explore: two workers do {explore['second_worker']:.2f} times the runs of one"
    clean = explore["none"]
    yield (
        f"explore with nothing broken: {clean['runs']:,} runs in {clean['seconds']:.0f} s, "
        f"{clean['found']} found"
    )


def _frame_lines(frames: Figures) -> Iterator[str]:
    for name, figures in frames.items():
        if name == "window":
            yield from _window_lines(figures)
            continue
        ratio = figures["p50_ms"] / figures["baseline_p50_ms"]
        yield (
            f"frame {name}: median {figures['p50_ms']:.2f} ms, p99 {figures['p99_ms']:.2f} ms, "
            f"{ratio:.1f} × {figures['sprites']:,} bare sprites; "
            f"with events at 1/20× {figures['playing_p50_ms']:.2f} and "
            f"{figures['playing_p99_ms']:.2f} ms"
        )


def _window_lines(window: Figures) -> Iterator[str]:
    for when, speeds in (("", window["at_first"]), (", 10 min on", window["after_10_minutes"])):
        for speed, figures in speeds.items():
            yield (
                f"the whole window at {speed}×{when}: median {figures['p50_ms']:.1f} ms, "
                f"p99 {figures['p99_ms']:.1f} ms"
            )
    first, last = window["bytes_per_event"].values()
    yield f"  it holds {first:,.0f} bytes an event after a minute, {last:,.0f} after ten"
