"""What a frame costs: the real canvas in a window that is shown, beside bare sprites."""

import statistics
import time
from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from raftviz.bench.bare_sprites import BareSprites
from raftviz.bench.reference import Figures
from raftviz.qt.canvas import ClusterCanvas
from raftviz.sim.history import Moment
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.world import World, begin

_SIZE = QSize(1600, 1000)
_FRAMES = 300
_WARM_UP = 5
"""The first frames fill caches and are not counted."""


def frame() -> Figures:
    """Milliseconds a frame of the cluster's picture, 1600×1000, offscreen."""
    application = QApplication.instance() or QApplication(["raftviz"])
    figures = {
        f"{servers}x{messages}": _still(*busy_moment(servers, messages))
        for servers, messages in ((5, 30), (9, 200), (50, 5000))
    }
    application.processEvents()
    return figures


def _still(moment: Moment, next_us: int) -> Figures:
    """Frames between one event and the next: only time moves, evenly up to ``next_us``."""
    canvas = ClusterCanvas()
    canvas.resize(_SIZE)
    canvas.show_picture(moment, moment.time_us)
    assert canvas.picture is not None
    bare = BareSprites(canvas.picture, _SIZE)
    step = (next_us - moment.time_us) / (_FRAMES + _WARM_UP + 1)

    def ours(frame: int) -> None:
        canvas.show_picture(moment, moment.time_us + step * frame)
        canvas.repaint()

    return {"sprites": bare.count, **_in_turn((canvas, ours), (bare, lambda _: bare.repaint()))}


def _in_turn(
    ours: tuple[QWidget, Callable[[int], None]], bare: tuple[QWidget, Callable[[int], None]]
) -> Figures:
    """Frames of two widgets in turn, so that both meet the same disturbances."""
    took: list[list[float]] = []
    for widget, _ in (ours, bare):
        widget.show()
    QApplication.processEvents()
    for frame in range(_FRAMES + _WARM_UP):
        took.append([])
        for _, paint in (ours, bare):
            started = time.perf_counter()
            paint(frame)
            took[-1].append(time.perf_counter() - started)
    for widget, _ in (ours, bare):
        widget.close()
        widget.deleteLater()
    frames, least = zip(*took[_WARM_UP:], strict=True)
    return {**percentiles(frames), "baseline_p50_ms": statistics.median(least) * 1000}


def percentiles(seconds: "tuple[float, ...] | list[float]") -> Figures:
    """The median and the 99th percentile, in ms."""
    return {
        "p50_ms": statistics.median(seconds) * 1000,
        "p99_ms": statistics.quantiles(seconds, n=100)[98] * 1000,
    }


def busy_moment(servers: int, messages: int) -> tuple[Moment, int]:
    """A cluster with at least so many messages in flight, and when its next event is due.

    A leader, slow links, and as many heartbeats and answers under way as are asked for.
    """
    settings = Settings(
        servers=servers,
        latency_us=(ms(80), ms(120)),
        heartbeat_us=max(ms(1), ms(200 * (servers - 1)) // messages),
        election_timeout_us=(ms(400), ms(4000)),
        requests_us=ms(20),
    )
    world = World.at(begin(settings))
    while len(world.flights) < messages:
        world.step()
    while world.next_us() == world.time_us:
        world.step()
    moment = Moment(world.history, world.branch, len(world.branch), world.time_us)
    return moment, world.next_us()
