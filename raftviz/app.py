"""The window's beginning: with what somebody left, on what they ask for; and doing without a screen."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QTimer

from raftviz.application import application, dead_display_sentence, has_screen
from raftviz.picture.theme import LIGHT
from raftviz.qt.conductor import Conductor
from raftviz.qt.preferences import Preferences
from raftviz.qt.window import Window
from raftviz.session.progress import Progress
from raftviz.session.session import Session
from raftviz.shelf import UnreadableError, path_of, ships
from raftviz.sim.units import ms
from raftviz.sources import FIRST_CLUSTER, open_any

if TYPE_CHECKING:
    from raftviz.session.filed import Filed

# What only some starts need is imported where they need it.
# ruff: noqa: PLC0415

_PROTECT_MS = 300
"""How long after the start one looks for copies, and begins to keep them."""


def data_folder() -> Path:
    """Where this system keeps what is a person's own, and no document."""
    from platformdirs import user_data_path

    return user_data_path("raftviz")


def show(scenario: str | None) -> int:
    """Open the window and stay until it is closed. Returns the exit status.

    Raises UnreadableError for a scenario, or a display, that cannot be used. Without a screen: play the cluster, print what it came to and save a picture of the window.
    """
    session, opening = open_any(scenario)
    if scenario is None or opening is None:
        return _show_session(session, play=True, welcome=scenario is None)
    from raftviz.session.filed import Filed

    path = path_of(scenario)
    filed = None if ships(path) else Filed.of_file(opening, path.absolute())
    words = f"Opened, but {opening.failures[0]}." if opening.failures else ""
    return _show_session(opening.session, play=not opening.looked_at, filed=filed, words=words)


def _show_session(
    session: Session,
    *,
    play: bool,
    filed: "Filed | None" = None,
    words: str = "",
    welcome: bool = False,
) -> int:
    if not has_screen():
        return _show_without_screen(session)
    dead = dead_display_sentence()
    if dead is not None:
        raise UnreadableError(dead)
    qt = application(screen=True)
    window = _window(session)
    if filed is not None:
        window.filing.adopt(filed)
    window.show()
    _protect(window)
    if words:
        window.conductor.said.emit(words)
    if play:
        window.conductor.play()
    if welcome and window.looks.preferences.welcome:
        window.show_welcome()
    return qt.exec()


def show_lesson(path: Path) -> int:
    """Open the window on a lesson. Raises UnreadableError without a screen, or for a bad lesson."""
    if not has_screen():
        raise UnreadableError("there is no screen here to show a lesson on")
    qt = application(screen=True)
    window = _window(Session.of_settings(FIRST_CLUSTER))
    if not window.lessons.open(str(path)):
        raise UnreadableError(f"{path} cannot be opened as a lesson")
    window.show()
    _protect(window)
    return qt.exec()


def _protect(window: Window) -> None:
    """Keep copies for the case of an accident.

    Not before the first frame: nobody has done anything yet that could be lost.
    """
    folder = data_folder() / "copies"
    QTimer.singleShot(_PROTECT_MS, window, lambda: window.protect(folder))


def _window(session: Session) -> Window:
    """A window as somebody left it."""
    preferences = Preferences(QSettings())
    progress = Progress(data_folder() / "progress.sqlite", preferences.student)
    return Window(Conductor(session), preferences=preferences, progress=progress)


def show_run(seed: int, events: int) -> int:
    """Open the window on the run of one seed of a campaign, where it went wrong if it did."""
    from raftviz.lab.campaign import run_seed

    run = run_seed(seed, events)
    session = Session(run.history, run.checker, f"Campaign, seed {seed}")
    if run.violations:
        session.seek_event(run.violations[0].event)
    return _show_session(session, play=False)


def _show_without_screen(session: Session) -> int:
    from raftviz.still import HEADLESS_MS, play_until, save, still_window

    out = Path("raftviz.png")
    print(  # noqa: T201 - this is what the person at the terminal is to read
        "raftviz: there is no screen here, so the cluster plays without a window."
    )
    window = still_window(session, LIGHT, (1600, 1000))
    play_until(session, max(session.branch.time_at(len(session.branch)), ms(HEADLESS_MS)))
    window.conductor.moment_changed.emit()
    for line in _summary(session):
        print(line)  # noqa: T201 - as above
    save(window, out)
    print(f"A picture of the window: {out.resolve()}")  # noqa: T201 - as above
    return 1 if session.checker.violations else 0


def _summary(session: Session) -> list[str]:
    from raftviz.report import host_line
    from raftviz.sim.trace import server_text

    time_ms = session.time_us / 1000
    lines = [f"After {time_ms:,.0f} ms and {session.count:,} events:"]
    hosts = session.moment.state.hosts.values()
    lines += [f"  {host_line(h) if h.unknown else server_text(h.server)}" for h in hosts]
    broken = session.checker.violations
    lines += [f"  BROKEN: {v.property.title}: {v.explanation}" for v in broken]
    return lines if broken else [*lines, "  No property was violated."]
