"""What a tick of the whole window costs while a session plays, and what ten minutes of it leave."""

import gc
import time
import tracemalloc
from fractions import Fraction

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from raftviz.bench.reference import REFERENCE, Figures, percentiles
from raftviz.qt.conductor import Conductor
from raftviz.qt.window import Window
from raftviz.session.session import Session
from raftviz.sim.units import US_PER_S

_FRAMES = 300
_FRAME_S = 1 / 60
_SPEEDS = (Fraction(1, 20), Fraction(1))
_LEFT_ALONE_S = 600
"""A session is left playing for so many simulated seconds."""


class _Clock:
    """Wall-clock seconds that pass when told to."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def whole_window(size: QSize) -> Figures:
    """Ticks with all they lead to, until everything is painted: at first, and after ten minutes.

    ``bytes_per_event`` is what the process has come to hold by then, after the first minute and at
    the end; Python's own memory and numpy's, not Qt's pixmaps.
    """
    clock = _Clock()
    conductor = Conductor(Session.of_settings(REFERENCE), clock=clock)
    window = Window(conductor)
    window.resize(size)
    window.show()
    _play_until(conductor, clock, 2)
    at_first = {str(speed): _ticks(conductor, clock, speed) for speed in _SPEEDS}
    held = _left_alone(conductor, clock)
    later = {str(speed): _ticks(conductor, clock, speed) for speed in _SPEEDS}
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    return {"at_first": at_first, "after_10_minutes": later, "bytes_per_event": held}


def _ticks(conductor: Conductor, clock: _Clock, speed: Fraction) -> Figures:
    conductor.play()
    conductor.set_speed(speed)
    took = []
    for _ in range(_FRAMES):
        clock.now_s += _FRAME_S
        started = time.perf_counter()
        conductor.tick()
        QApplication.processEvents()
        took.append(time.perf_counter() - started)
    conductor.pause()
    return percentiles(took)


def _left_alone(conductor: Conductor, clock: _Clock) -> Figures:
    """Bytes an event that are held after a minute, and after ten."""
    session = conductor.session
    held = {}
    began = session.count
    tracemalloc.start()
    try:
        for until_s in (60, _LEFT_ALONE_S):
            _play_until(conductor, clock, until_s)
            gc.collect()
            events = session.count - began
            held[f"after_{until_s}_s"] = tracemalloc.get_traced_memory()[0] / events
    finally:
        tracemalloc.stop()
    return held


def _play_until(conductor: Conductor, clock: _Clock, until_s: int) -> None:
    conductor.play()
    conductor.set_speed(Fraction(100))
    while conductor.session.time_us < until_s * US_PER_S:
        clock.now_s += _FRAME_S
        conductor.tick()
        QApplication.processEvents()
    conductor.pause()
