"""Frames show the simulation; they never decide it."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QPaintEvent
from pytestqt.qtbot import QtBot

from raftviz.qt.canvas import ClusterCanvas
from raftviz.session.session import Session
from raftviz.sim import acts
from raftviz.sim.settings import Settings
from raftviz.sim.trace import trace_hash
from raftviz.sim.units import ms
from tests.qt.desk import Clock, at_window

QUICK_S, SLOW_S = 1 / 64, 13 / 64
"""Frames of 16 ms and of 200 ms; sums of 64ths are exact, so that both meet the same instants."""

ACTS: dict[int, acts.Act] = {
    3: acts.Crash("leader"),
    6: acts.SetLoss(0.2),
    9: acts.Restart(1),
    12: acts.Partition(((1, 2),)),
    15: acts.Heal(),
}
"""By the number of slow frames that have passed."""


def played(qtbot: QtBot, passes: Callable[[Clock], None]) -> str:
    """The hash of a session that somebody plays, and acts in, at a window."""
    session = Session.of_settings(Settings(seed=9, requests_us=ms(40), drift=0.01))
    with at_window(qtbot, session) as person:
        conductor, clock = person.window.conductor, person.clock
        conductor.play()
        conductor.change_speed(4)
        assert session.playback.speed == 1
        for slow_frame in range(18):
            while clock.now_s < (slow_frame + 1) * SLOW_S:
                passes(clock)
                conductor.tick()
                person.window.canvas.repaint()
            conductor.tick()  # what has passed while the last frame was painted
            if slow_frame in ACTS:
                conductor.dispatch(ACTS[slow_frame])
        conductor.pause()
        assert session.time_us == 18 * SLOW_S * 1_000_000
        return trace_hash(session.history)


def test_frames_that_take_200_ms_leave_the_trace_as_it_is(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def a_quick_frame_passes(clock: Clock) -> None:
        clock.now_s += QUICK_S

    quick = played(qtbot, a_quick_frame_passes)
    clocks: list[Clock] = []  # of the frame that is to be painted
    paint = ClusterCanvas.paintEvent

    def slowly(canvas: ClusterCanvas, event: QPaintEvent) -> None:
        paint(canvas, event)
        if clocks:
            clocks.pop().now_s += SLOW_S

    def only_painting_takes_time(clock: Clock) -> None:
        clocks[:] = [clock]

    monkeypatch.setattr(ClusterCanvas, "paintEvent", slowly)
    assert played(qtbot, only_painting_takes_time) == quick
