"""The window's beginning: the application, the session it opens on, and doing without a screen."""

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QSettings, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from raftviz.picture.theme import LIGHT
from raftviz.qt.conductor import Conductor
from raftviz.qt.preferences import Preferences
from raftviz.qt.window import Window
from raftviz.session.progress import Progress
from raftviz.session.session import Session
from raftviz.shelf import UnreadableError, path_of, read_text, ships
from raftviz.sim.script_error import ScriptError
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms

if TYPE_CHECKING:
    from raftviz.session.filed import Filed
    from raftviz.session.opening import Opening

# What only some starts need is imported where they need it.
# ruff: noqa: PLC0415

FIRST_CLUSTER = Settings(seed=4, requests_us=ms(100))
"""What raftviz opens on: five servers, and a client with something to say."""

HEADLESS_MS = 2_000
"""How long the cluster runs when nobody can watch: an election and some twenty requests."""

_SCREENLESS = ("offscreen", "minimal", "vnc")


def has_screen() -> bool:
    """Whether a window would be seen."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform:
        return platform.split(":")[0] not in _SCREENLESS
    needs_server = sys.platform not in ("win32", "darwin")
    return not needs_server or bool(os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"})


def dead_display_sentence() -> str | None:
    """What is wrong with the display the environment names; None when somebody answers there.

    Qt would end the process with a page about plugins.
    """
    display = os.environ.get("DISPLAY", "")
    match = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if match is None or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM"):
        return None
    place = f"/tmp/.X11-unix/X{match[1]}"  # where every X server listens for its own machine
    import socket

    for address in (f"\0{place}", place):
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(address)
            except OSError:
                continue
            return None
    return (
        f"DISPLAY is {display}, but no screen answers there; unset DISPLAY to play without a window"
    )


def _without_offscreen_chatter(kind: QtMsgType, _: QMessageLogContext, words: str) -> None:
    """Pass on what Qt says, but for what the offscreen platform says of every window."""
    if "propagateSizeHints" not in words:
        sys.stderr.write(f"{kind.name}: {words}\n")


def application(*, screen: bool) -> QApplication:
    """The one QApplication, on the offscreen platform if there is no screen."""
    if not screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(_without_offscreen_chatter)
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    made = QApplication(["raftviz"])
    made.setApplicationName("raftviz")
    made.setOrganizationName("raftviz")
    made.setStyle("Fusion")  # our own palettes need a style that honours them
    return made


def open_session(scenario: str | None) -> Session:
    """A session on a scenario, a recording or a fresh cluster. Raises UnreadableError."""
    return open_any(scenario)[0]


def open_any(name: str | None) -> "tuple[Session, Opening | None]":
    """A session, and how it was opened if it was a session's or a scenario's file."""
    if name is None:
        return Session.of_settings(FIRST_CLUSTER), None
    from raftviz.tracefile import is_recording, open_recording

    if is_recording(name):
        return open_recording(name), None
    opening = open_file(name)
    return opening.session, opening


def open_file(name: str) -> "Opening":
    """A file, opened; a terminal sees how far it has come if that takes long.

    Raises UnreadableError.
    """
    from raftviz.session.opening import Opening

    opening = Opening(read_text(name))
    from tqdm import tqdm  # 40 ms of imports

    bar = tqdm(desc="Opening", total=100, delay=1.0, leave=False, disable=None, bar_format=_BAR)
    try:
        with bar:
            for _ in opening.working():
                bar.update(int(opening.progress * 100) - bar.n)
    except ScriptError as error:
        raise UnreadableError(f"{name}: {error}") from error
    return opening


_PROTECT_MS = 300
"""How long after the start one looks for copies, and begins to keep them."""

_BAR = "{desc} {percentage:3.0f} % {bar}"


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
    from raftviz.still import play_until, save, still_window

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
