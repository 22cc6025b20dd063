"""What a frame costs: the real canvas, and the real window, shown and painted as for a person."""

import time
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from raftviz.application import application
from raftviz.bench.bare_sprites import BareSprites
from raftviz.bench.playing import whole_window
from raftviz.bench.reference import Figures, percentiles
from raftviz.qt.canvas import ClusterCanvas
from raftviz.sim.history import Moment
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.world import World, begin

_SIZE = QSize(1600, 1000)
_FRAMES = 300
_WARM_UP = 5
"""The first frames fill caches and are not counted."""

_SLOW_FRAME_US = 1_000_000 / 60 / 20
"""What passes in a frame at 1/20×, the speed that raftviz starts at."""


def frame() -> Figures:
    """Milliseconds a frame, 1600×1000, offscreen; of the cluster's picture, and of all there is."""
    qt = application(screen=False)
    figures = {
        f"{servers}x{messages}": _canvas(busy_world(servers, messages))
        for servers, messages in ((5, 30), (9, 200), (50, 5000))
    }
    figures["window"] = whole_window(_SIZE)
    qt.processEvents()
    return figures


def busy_world(servers: int, messages: int) -> World:
    """A cluster with at least so many messages in flight, some time before its next event.

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
    while len(world.flights) < messages or world.next_us() == world.time_us:
        world.step()
    return world


def _canvas(world: World) -> Figures:
    """Frames in which only time moves, beside bare sprites; and frames of a playing run."""
    canvas = ClusterCanvas()
    canvas.resize(_SIZE)
    canvas.show_picture(_now(world), world.time_us)
    assert canvas.picture is not None
    bare = BareSprites(canvas.picture, _SIZE)
    for widget in (canvas, bare):
        widget.show()
    QApplication.processEvents()
    ours, least = _in_turn(_still_frames(canvas, world), bare.repaint)
    playing, _ = _in_turn(_playing_frames(canvas, world), bare.repaint)
    _close(canvas, bare)
    return {
        "sprites": bare.count,
        **percentiles(ours),
        **{f"baseline_{name}": value for name, value in percentiles(least).items()},
        **{f"playing_{name}": value for name, value in percentiles(playing).items()},
    }


Frame = Callable[[], None]


def _still_frames(canvas: ClusterCanvas, world: World) -> Iterable[Frame]:
    """Frames between one event and the next, evenly."""
    moment, gap = _now(world), world.next_us() - world.time_us
    frames = _FRAMES + _WARM_UP
    for number in range(frames):
        yield _painted(canvas, moment, moment.time_us + gap * number / frames)


def _playing_frames(canvas: ClusterCanvas, world: World) -> Iterable[Frame]:
    """Frames while time passes at 1/20×, whatever happens meanwhile."""
    time_us = float(world.time_us)
    for _ in range(_FRAMES + _WARM_UP):
        time_us += _SLOW_FRAME_US
        world.run_until(int(time_us))
        yield _painted(canvas, _now(world), time_us)


def _painted(canvas: ClusterCanvas, moment: Moment, time_us: float) -> Frame:
    def paint() -> None:
        canvas.show_picture(moment, time_us)
        canvas.repaint()

    return paint


def _in_turn(ours: Iterable[Frame], bare: Frame) -> tuple[Sequence[float], Sequence[float]]:
    """Seconds of our frames and of bare ones in turn, so that both meet the same disturbances."""
    took = [(_seconds(paint), _seconds(bare)) for paint in ours]
    mine, least = zip(*took[_WARM_UP:], strict=True)
    return mine, least


def _seconds(paint: Frame) -> float:
    started = time.perf_counter()
    paint()
    return time.perf_counter() - started


def _now(world: World) -> Moment:
    return Moment(world.history, world.branch, len(world.branch), world.time_us)


def _close(*widgets: QWidget) -> None:
    for widget in widgets:
        widget.close()
        widget.deleteLater()
