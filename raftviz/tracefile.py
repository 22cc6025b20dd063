"""Trace files: a history written for others to read, and recordings, also of others, opened.

``.jsonl`` is a recording as ``assets/traces/README.md`` tells it; ``.shiviz`` the log for ShiViz, which
is only ever written. Both take seconds for a hundred thousand events, so they are done a slice at a time:
whoever drives them can show how far they have come, and stop.
"""

import contextlib
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path

from raftviz.checks.checker import Checker
from raftviz.session.session import Session
from raftviz.shelf import UnreadableError, is_there
from raftviz.sim.history import History
from raftviz.sim.recording.reading import RecordingReader
from raftviz.sim.recording.schema import MAX_LINE
from raftviz.sim.recording.writing import event_count, recording_lines
from raftviz.sim.script_error import ScriptError
from raftviz.sim.shiviz import shiviz_lines

RECORDING_SUFFIX = ".jsonl"

_AT_A_TIME = 200
"""Lines that are written before somebody who waits hears of it: a few milliseconds."""

Lines = Callable[[History, str], Iterator[str]]

FORMATS: Mapping[str, Lines] = {
    "jsonl": recording_lines,
    "shiviz": lambda history, _title: shiviz_lines(history),
}
"""The formats by name, which is also the suffix of their files."""

FORMAT_WORDS = {"jsonl": "Recording, JSON Lines", "shiviz": "Vector-clock log for ShiViz"}
"""What each format is called where one chooses."""


def format_of(path: Path) -> str | None:
    """The format that a file's name asks for; None if it asks for none."""
    suffix = path.suffix.lower().removeprefix(".")
    return suffix if suffix in FORMATS else None


def is_recording(name: str) -> bool:
    """Whether a file of this name is a recording."""
    return name.lower().endswith(RECORDING_SUFFIX)


class Export:
    """A history on its way into a file."""

    def __init__(self, history: History, title: str, path: Path, form: str) -> None:
        self.path = path
        self.progress = 0.0
        """From 0 to 1."""
        self._lines = FORMATS[form](history, title)
        self._expected = event_count(history) * (3 if form == "shiviz" else 1) + 1

    def working(self) -> Generator[None, None, None]:
        """Write it, pausing every few milliseconds. Raises OSError.

        The file is there when all of it is written, and not before: what stood there stays until
        then, and for good if one stops.
        """
        temporary = self.path.with_name(f".{uuid.uuid4().hex}.tmp")
        try:
            with temporary.open("x", encoding="utf-8", newline="\n") as file:
                for at, line in enumerate(self._lines):
                    file.write(f"{line}\n")
                    if at % _AT_A_TIME == 0:
                        self.progress = min(0.99, at / self._expected)
                        yield
            temporary.replace(self.path)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()
        self.progress = 1.0


class RecordingOpening:
    """A recording on its way to become a session, which is there once ``working`` has ended."""

    session: Session

    def __init__(self, name: str) -> None:
        self.name = name
        self.progress = 0.0
        """From 0 to 1."""

    def working(self) -> Generator[None, None, None]:
        """Read it under the eyes of the checks, pausing now and then. Raises UnreadableError."""
        path = Path(self.name)
        if not is_there(self.name):
            raise UnreadableError(f"there is no file “{self.name}”")
        checkers: list[Checker] = []

        def watch(history: History) -> Checker:
            checkers.append(Checker(history))
            return checkers[0]

        reader = RecordingReader(lambda: _lines_of(path), watch)
        try:
            size = max(1, path.stat().st_size)
            for read in reader.read():
                self.progress = min(0.99, read / (reader.looks * size))
                yield
        except OSError as error:
            reason = error.strerror or str(error)
            raise UnreadableError(f"{self.name} cannot be read: {reason}") from error
        except ScriptError as error:
            raise UnreadableError(f"{self.name}: {error}") from error
        title = reader.title or path.stem
        self.session = Session(reader.history, checkers[0], title)
        self.progress = 1.0


def _lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file, none longer than what a recording can be."""
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE + 1):
            yield line


def open_recording(name: str) -> Session:
    """Open a recording, all at once. Raises UnreadableError."""
    opening = RecordingOpening(name)
    for _ in opening.working():
        pass
    return opening.session
