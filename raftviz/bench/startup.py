"""How long it takes from nothing to the first painted frame, beside an empty window of Qt."""

import os
import statistics
import subprocess
import sys
import time

from raftviz.bench.reference import Figures

_REPEATS = 9
"""Starts of each, in turn; the first of each fills the caches and is not counted."""

_EMPTY_WINDOW = """
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.resize(1600, 1000)
window.show()
"""

_RUNNING_CLUSTER = """
from raftviz.memory import let_history_grow
let_history_grow()
from raftviz.application import application
from raftviz.sources import open_session
from raftviz.qt.conductor import Conductor
from raftviz.qt.window import Window
app = application(screen=False)
window = Window(Conductor(open_session(None)))
window.resize(1600, 1000)
window.show()
window.conductor.play()
"""
"""What ``start.main`` and ``app.show`` do, without a person's own settings."""

_UNTIL_PAINTED = """
import os, sys, time
while not window.windowHandle().isExposed():
    app.processEvents()
app.processEvents()
print(time.monotonic())
sys.stdout.flush()
os._exit(0)
"""
"""Offscreen, an exposed window has been painted when its events are done. Leaving costs nobody time."""


def startup() -> Figures:
    """Seconds from the start of a process to its first painted frame; medians."""
    first, empty = [], []
    for _ in range(_REPEATS + 1):
        first.append(_first_frame_s(_RUNNING_CLUSTER))
        empty.append(_first_frame_s(_EMPTY_WINDOW))
    return {
        "first_frame_s": statistics.median(first[1:]),
        "empty_window_s": statistics.median(empty[1:]),
    }


def _first_frame_s(source: str) -> float:
    """Seconds to the first frame of one process, on the system's own monotonic clock.

    Compiled modules are kept, as Python does unless told otherwise: a second start is what a
    person mostly sees.
    """
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", source + _UNTIL_PAINTED],
        check=True,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    return float(done.stdout) - started
