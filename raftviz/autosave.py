"""Copies of sessions that nobody has saved yet, for the case of an accident.

Each window has a folder of its own with a copy and a lock. The system takes the lock back when the
process ends, however it ends; so a copy whose lock is free belongs to no window: one was not closed
properly.
"""

import contextlib
import json
import os
import re
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from raftviz.keeping import keep
from raftviz.raft.values import value

_COPY, _LOCK = "session.raft", "lock"

_ORIGIN = re.compile(r'^# of (?P<path>".*")$', re.MULTILINE)

_TITLE = re.compile(r'^title "(?P<title>[^"]*)"$', re.MULTILINE)
"""The comment behind the first line of a copy: the file that the session was opened from."""


class Autosave:
    """The place for the copies of one window. ``keep`` may be called from any one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: _Own | None = None

    def keep(self, text: str, origin: Path | None) -> None:
        """Keep a copy of what would be saved to ``origin``, in place of the last. Raises OSError."""
        if self._own is None:
            self._own = _Own.new(self._folder)
        first, _, rest = text.partition("\n")
        note = f"# of {json.dumps(str(origin))}\n" if origin else ""
        data = f"{first}\n{note}{rest}".encode()
        keep(self._own.folder / _COPY, data)

    def drop(self) -> None:
        """The session is saved, or not wanted: nothing is left of its copy."""
        if self._own is not None:
            self._own.remove()
            self._own = None


@value
class Found:
    """The copy of a window that was not closed properly; nobody else can take it meanwhile."""

    path: Path
    origin: Path | None
    """The file that the session was opened from, or saved to."""
    title: str
    """What the session is called; empty if it has no title."""
    changed_s: float
    """When it was written, in seconds since 1970."""
    _own: "_Own"

    def discard(self) -> None:
        """Remove it."""
        self._own.remove()

    def leave(self) -> None:
        """Let it be, for another time."""
        self._own.leave()


def find_copies(folder: Path) -> Iterator[Found]:
    """The copies that belong to no window, newest first. What there was of less than one is gone."""
    for own in _abandoned(folder):
        path = own.folder / _COPY
        if not path.is_file():
            own.remove()
            continue
        try:
            origin, title = _told_by(path)
            yield Found(path, origin, title, path.stat().st_mtime, own)
        except OSError:
            own.leave()


def _abandoned(folder: Path) -> Iterator["_Own"]:
    try:
        places = sorted(folder.iterdir(), key=_changed, reverse=True)
    except OSError:
        return
    for place in places:
        # What another window has, or what cannot be read, is none of ours.
        with contextlib.suppress(OSError):
            yield _Own(place)


def _changed(place: Path) -> float:
    with contextlib.suppress(OSError):
        return (place / _COPY).stat().st_mtime
    return 0.0


def _told_by(path: Path) -> tuple[Path | None, str]:
    """The file and the title that a copy tells at its beginning."""
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.read(10_000)
    origin, title = _ORIGIN.search(head), _TITLE.search(head)
    return _path(origin["path"]) if origin else None, title["title"] if title else ""


def _path(text: str) -> Path | None:
    with contextlib.suppress(ValueError):
        return Path(json.loads(text))
    return None


class _Own:
    """A folder with its lock, which is ours until we leave or end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = (folder / _LOCK).open("ab")
        try:
            lock(self._lock)
            self._check()
        except BaseException:
            self._lock.close()
            raise

    def _check(self) -> None:
        """Raise OSError if whoever had the lock has just removed it: then we have that of nothing."""
        there = (self.folder / _LOCK).stat()
        if not os.path.samestat(os.fstat(self._lock.fileno()), there):
            raise BlockingIOError

    @classmethod
    def new(cls, folder: Path) -> "_Own":
        """A folder that nobody has yet. Raises OSError."""
        for _ in range(3):  # another window may look after what looks abandoned just in between
            place = folder / uuid.uuid4().hex
            place.mkdir(parents=True)
            with contextlib.suppress(BlockingIOError, FileNotFoundError):
                return cls(place)
        raise OSError(f"nothing can be locked in {folder}")

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.name != _LOCK:
                    path.unlink()
        # First the lock goes, then its file: so it must be where open files cannot be removed.
        # Who takes it in between finds a folder without a copy, and removes that himself.
        self._lock.close()
        with contextlib.suppress(OSError):
            (self.folder / _LOCK).unlink()
            self.folder.rmdir()

    def leave(self) -> None:
        """Give the lock back."""
        self._lock.close()


if sys.platform == "win32":
    import msvcrt

    def lock(file: BinaryIO) -> None:
        """Lock a file until it is closed. Raises OSError if somebody else has it."""
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def lock(file: BinaryIO) -> None:
        """Lock a file until it is closed. Raises OSError if somebody else has it."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
