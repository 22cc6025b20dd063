"""Pictures of the real window, without a screen: where it looks, in which layout, how far in a lesson."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from raftviz.application import application
from raftviz.picture.layouts import EXPLORE, LESSON, PRESENTER
from raftviz.picture.theme import LIGHT, PROJECTOR, Theme
from raftviz.qt.conductor import Conductor
from raftviz.qt.window import Window
from raftviz.raft.values import value
from raftviz.session.lesson_files import NoLessonError, find_lesson, read_file
from raftviz.session.lesson_run import LessonRun
from raftviz.session.session import Session
from raftviz.shelf import UnreadableError
from raftviz.sim.script_error import ScriptError
from raftviz.sim.units import ms
from raftviz.sources import open_any

HEADLESS_MS = 2_000
"""How long the cluster runs when nobody can watch: an election and some twenty requests."""

_ROUNDS = 3
"""A layout settles from the inside out: what is in a card, the card, the window."""


@value
class Still:
    """What a picture is to show.

    ``session`` is a scenario or a session's file, ``lesson`` the name or the file of a lesson, whose
    ``step`` counts from 1; at most one of the two, and without either it is a fresh cluster. Without
    ``at_ms`` it shows where somebody looked, or the end. ``size`` is in pixels. Without a ``theme``
    it is light, or the projector's in the presenter's layout.
    """

    session: str | None = None
    lesson: str | None = None
    step: int = 1
    at_ms: float | None = None
    theme: Theme | None = None
    size: tuple[int, int] = (1600, 1000)
    layout: str | None = None
    """Else a lesson's for a lesson, and the one to explore."""


def take(still: Still, out: Path) -> None:
    """Save a picture as a PNG. Raises OSError, UnreadableError."""
    window = _lesson(still) if still.lesson is not None else _session(still)
    try:
        _lay_out(window, still)
        window.conductor.moment_changed.emit()
    except BaseException:
        _put_away(window)
        raise
    save(window, out)


def _session(still: Still) -> Window:
    session, opening = open_any(still.session)
    window = still_window(session, still.theme or LIGHT, still.size)
    if opening is None or not opening.looked_at or still.at_ms is not None:
        _go(session, still.at_ms)
    return window


def _go(session: Session, at_ms: float | None) -> None:
    end = session.branch.time_at(len(session.branch)) or ms(HEADLESS_MS)
    target = end if at_ms is None else ms(at_ms)
    if target > end or not len(session.branch):
        play_until(session, target)
    else:
        session.seek(target)


def _lesson(still: Still) -> Window:
    """A lesson at the beginning of a step; what comes before is done as the lesson does it."""
    assert still.lesson is not None
    try:
        path = find_lesson(still.lesson)
        run = LessonRun.of(read_file(path))
    except (NoLessonError, ScriptError) as error:
        raise UnreadableError(f"{still.lesson}: {error}") from error
    steps = len(run.lesson.steps)
    if not 1 <= still.step <= steps:
        raise UnreadableError(f"{still.lesson} has no step {still.step}: it has {steps}")
    window = still_window(run.session, still.theme or LIGHT, still.size)
    window.lessons.open(str(path))
    window.lessons.go(still.step - 1)
    if still.at_ms is not None:
        _go(window.conductor.session, still.at_ms)
    return window


def _lay_out(window: Window, still: Still) -> None:
    layout = still.layout or (EXPLORE if still.lesson is None else LESSON)
    if window.layouts.name != layout:
        window.layouts.choose(layout)
    if layout == PRESENTER:
        window.setWindowState(Qt.WindowState.WindowNoState)  # no screen has the size asked for
        window.looks.wear(still.theme or PROJECTOR)
        window.resize(*still.size)


def still_window(session: Session, theme: Theme, size: tuple[int, int]) -> Window:
    """A window without a screen."""
    application(screen=False)
    window = Window(Conductor(session), theme)
    window.resize(*size)
    window.show()
    QApplication.processEvents()
    return window


def play_until(session: Session, time_us: int) -> None:
    """Let time pass until then, or until something stops it."""
    session.playback.playing = True
    while session.time_us < time_us and session.playback.playing:
        left_s = (time_us - session.time_us) / 1_000_000 / float(session.playback.speed)
        session.tick(left_s)
    session.playback.playing = False


def save(window: Window, out: Path) -> None:
    """Save what a window shows, and be done with it. Raises OSError."""
    for _ in range(_ROUNDS):
        QApplication.processEvents()
    saved = window.grab().save(str(out), "PNG")
    _put_away(window)
    if not saved:
        raise OSError(f"{out} cannot be written")


def _put_away(window: Window) -> None:
    window.filing.let_go()
    window.close()
    window.deleteLater()
