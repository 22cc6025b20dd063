"""The one application of Qt, with a screen or without."""

import os
import re
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

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
    import socket  # noqa: PLC0415 - for who names a display

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
