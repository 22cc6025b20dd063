"""For the case of an accident: a copy every few seconds, and the offer of one at the next start."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QObject, QTimer

from raftviz.autosave import Autosave, Found, find_copies
from raftviz.qt.asking import Asking
from raftviz.session.filed import Filed
from raftviz.session.opening import Opening
from raftviz.session.scribe import UnwritableError
from raftviz.shelf import UnreadableError, read_text

if TYPE_CHECKING:
    from raftviz.qt.window import Window

EVERY_MS = 3_000
"""How long after the last copy one looks whether there is something new to copy."""

SLICE_S = 0.002
"""How much of a frame writing may take."""

_NEXT_SLICE_MS = 8


class Accidents(QObject):
    """Keeps a copy of what somebody did, as long as it is in no file. ``folder`` is for copies.

    The session is put into words between frames, a slice at a time; another thread brings the words
    to the disk, which may take its time.
    """

    def __init__(self, window: "Window", folder: Path) -> None:
        super().__init__(window)
        self._window = window
        self._filing = window.filing
        self._folder = folder
        self._copies = Autosave(folder)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="copies")
        self._on_its_way: Future[None] | None = None
        self._writing: Iterator[None] | None = None
        self._filed: Filed | None = None  # whose copy is written
        self._copied: object = None
        self._has_failed = False
        self._offered: Iterator[Found] = iter(())
        self._restored: Found | None = None  # the copy of another window that this one goes on from
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self._slices = QTimer(self)
        self._slices.setInterval(_NEXT_SLICE_MS)
        self._slices.timeout.connect(self._slice)

    # Copies

    def look(self) -> None:
        """Begin a copy if there is something new; remove the last if it is not needed any more."""
        if self._writing is not None or not self._has_landed():
            return
        if not self._filing.is_modified:
            self._drop()
        elif self._state() != self._copied:
            self._copied = self._state()
            self._filed = self._filing.filed
            self._writing = self._filed.writing()
            self._slices.start()

    def _state(self) -> object:
        """What a copy would say: if this has not changed, the copy has not."""
        session = self._filing.session
        events = sum(len(branch) - branch.fork for branch in session.history.branches)
        return session, self._filing.edits, session.cursor, events

    def _slice(self) -> None:
        clock = self._window.conductor.clock
        until = clock() + SLICE_S
        assert self._writing is not None
        with contextlib.suppress(UnwritableError):
            for _ in self._writing:
                if clock() >= until:
                    return
            self._send()
        self._slices.stop()
        self._writing = None

    def _send(self) -> None:
        filed = self._filed
        if filed is not None and filed is self._filing.filed:
            self._on_its_way = self._thread.submit(self._copies.keep, filed.written, filed.path)

    def _has_landed(self) -> bool:
        """Whether no copy is on its way to the disk; says so, once, if one did not get there."""
        copy = self._on_its_way
        if copy is None:
            return True
        if not copy.done():
            return False
        self._on_its_way = None
        error = copy.exception()
        if error is None:
            self._discard_restored()
        elif not self._has_failed:
            self._has_failed = True
            self._window.conductor.said.emit(
                f"No copy for the case of an accident can be kept: {error}. Save often."
            )
        return True

    def _drop(self) -> None:
        """Nothing is to be kept."""
        self._copies.drop()
        self._copied = None
        self._discard_restored()

    def _discard_restored(self) -> None:
        if self._restored is not None:
            self._restored.discard()
            self._restored = None

    def finish(self) -> None:
        """The window closes, and nothing is to be kept."""
        self._timer.stop()
        self._slices.stop()
        self._thread.shutdown(wait=True)
        self._drop()

    # The next start

    def offer(self) -> None:
        """Offer the copies of windows that were not closed properly, one after the other."""
        self._offered = find_copies(self._folder)
        self._offer_next()

    def _offer_next(self) -> None:
        found = next(self._offered, None)
        if found is None:
            return
        name = found.origin.name if found.origin else found.title or "A session"
        when = QDateTime.fromSecsSinceEpoch(int(found.changed_s))
        Asking(
            f"“{name}” was not closed properly. Restore it?",
            "What was done in it is kept as it was on "
            f"{QLocale().toString(when, QLocale.FormatType.ShortFormat)}.",
            (
                ("Restore", lambda: self._restore(found, name)),
                ("Discard", lambda: self._and_next(found.discard)),
                ("Later", lambda: self._and_next(found.leave)),
            ),
            self._window,
        ).open()

    def _and_next(self, what: Callable[[], None]) -> None:
        what()
        self._offer_next()

    def _restore(self, found: Found, name: str) -> None:
        """Open a copy. It goes only when there is another, or when nobody needs one any more."""
        try:
            opening = Opening(read_text(str(found.path)))
        except UnreadableError as error:
            self._window.conductor.said.emit(f"Not restored: {error}.")
            found.leave()
            return

        def done() -> None:
            self._filing.take_opened(opening, Filed.of_copy(opening, found.origin))
            self._restored = found
            self.look()

        self._filing.work_on(opening, name, done, found.leave)
