"""What the window opens on: a scenario, a session's file, a recording, or a fresh cluster."""

from typing import TYPE_CHECKING

from raftviz.session.session import Session
from raftviz.shelf import UnreadableError, read_text
from raftviz.sim.script_error import ScriptError
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms

if TYPE_CHECKING:
    from raftviz.session.opening import Opening

# What only some starts need is imported where they need it.
# ruff: noqa: PLC0415

FIRST_CLUSTER = Settings(seed=4, requests_us=ms(100))
"""What raftviz opens on: five servers, and a client with something to say."""

_BAR = "{desc} {percentage:3.0f} % {bar}"


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
