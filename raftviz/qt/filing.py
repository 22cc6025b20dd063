"""What somebody does with files: open, save, paste; nothing that was done is lost without asking."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from raftviz.session.session import is_fresh
from raftviz.shelf import SUFFIX, UnreadableError, is_there, path_of, read_text, ships
from raftviz.sim.script_error import ScriptError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog

    from raftviz.lab.findings import Finding
    from raftviz.qt.window import Window
    from raftviz.session.filed import Filed
    from raftviz.session.opening import Opening
    from raftviz.tracefile import RecordingOpening

# What is needed only when somebody deals with files is imported then: the window is there sooner.
# ruff: noqa: PLC0415

Then = Callable[[], object]
"""What is done afterwards."""

_TRACES = "Every event, JSON Lines (*.jsonl);;For ShiViz (*.shiviz)"
_KINDS = f"Sessions and scenarios (*{SUFFIX})"

_LESSON = ".md"
_ALL_KINDS = f"Sessions, scenarios, recordings and lessons (*{SUFFIX} *.jsonl *{_LESSON})"

UNTITLED = "A cluster"
"""What a session is called that has no title and no file."""


def nothing() -> None:
    """What is done when nothing is to be done."""


class Filing(QObject):
    """The file of the session that is open in a window."""

    changed = Signal()
    """Another file, or something was done that it does not hold, or it holds all again."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._conductor = window.conductor
        self.session = self._conductor.session
        """The session that is in the file, or will be: not one that came to be compared."""
        self.is_modified = False
        """Whether something would be lost that somebody did."""
        self.edits = 0
        """Counts what was done, undone, opened and saved."""
        self._known: Filed | None = None
        self._next: Filed | None = None
        self._may_close = False
        self._question: QObject | None = None
        self._conductor.session_changed.connect(self._session_changed)
        self._conductor.edited.connect(self._look_again)
        if not is_fresh(self.session):
            self._session_changed()

    @property
    def filed(self) -> "Filed":
        """What is known of the session's file."""
        if self._known is None:  # nobody has needed it yet
            from raftviz.session.filed import Filed

            self._known = Filed.of_fresh(self.session)
        return self._known

    @property
    def title(self) -> str:
        """What the session is called, and its file."""
        title, path = self.session.title, self._known.path if self._known else None
        if path is None:
            return title or UNTITLED
        return f"{title} ({path.name})" if title else path.name

    # What is open

    def adopt(self, filed: "Filed") -> None:
        """The window has been opened on a session of which this is known."""
        self._known = filed
        if filed.path is not None:
            self._window.looks.preferences.add_recent(str(filed.path))
        self._look_again()

    def take(self, filed: "Filed") -> None:
        """Open a session of which this is known."""
        self._next = filed
        self._conductor.open(filed.session)

    def _session_changed(self) -> None:
        session = self.session = self._conductor.session
        known, self._next = self._next, None
        if known is None or known.session is not session:
            known = None
            if not is_fresh(session):
                from raftviz.session.filed import Filed

                known = Filed(session)
        self._known = known
        self._look_again()

    def _look_again(self) -> None:
        self.edits += 1
        untouched = self._known is None and is_fresh(self.session)
        # What is done in a lesson is the lesson's, which keeps its own account of it.
        self.is_modified = not (untouched or self._is_in_lesson or not self.filed.is_modified)
        self.changed.emit()

    @property
    def _is_in_lesson(self) -> bool:
        run = self._window.lessons.run
        return run is not None and run.session is self.session

    # Before something is given up

    def ask_before(self, then: Then) -> None:
        """Do something that gives the session up; ask first if that loses what somebody did."""
        self._conductor.pause()
        if not self.is_modified:
            then()
            return
        self._ask(
            f"Save what you did in “{self.title}”?",
            "No file holds all of it yet; what is not saved is lost.",
            ("Save", lambda: self.save(then)),
            ("Discard", then),
            ("Cancel", nothing),
        )

    def may_close(self) -> bool:
        """Whether the window may close now. If not, somebody is asked, and it closes by itself."""
        if self._may_close or not self.is_modified:
            return True
        if self._question is None:  # who closes once more is not asked once more
            self.ask_before(self._close)
        return False

    def let_go(self) -> None:
        """The session is not wanted any more: the window may close without asking."""
        self._may_close = True

    def _close(self) -> None:
        self.let_go()
        self._window.close()

    # Opening

    def open(self) -> None:
        """Ask for a file and open it."""
        self.ask_before(self._ask_for_file)

    def _ask_for_file(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self._window, "Open", self._folder(), _ALL_KINDS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._open_file)
        self._show(dialog)

    def open_path(self, path: str) -> None:
        """Open a file, after asking what is to become of the session."""
        self.ask_before(lambda: self._open_file(path))

    def _open_file(self, name: str) -> None:
        from raftviz.tracefile import is_recording

        path = path_of(name)
        if is_there(str(path)) and not path.is_file():  # a pipe, say, might never come to an end
            self._refuse(f"{name} is no file")
            return
        if is_recording(name):
            self._open_recording(name)
            return
        if path.suffix.lower() == _LESSON:
            self._window.lessons.open(name)
            return
        try:
            text = read_text(name)
        except UnreadableError as error:
            self._refuse(str(error))
            return
        self._open_text(text, path.name, None if ships(path) else path.absolute())

    def _open_recording(self, name: str) -> None:
        from raftviz.session.filed import Filed
        from raftviz.tracefile import RecordingOpening

        opening = RecordingOpening(name)
        self._work_on(opening, name, lambda: self.take(Filed(opening.session)), nothing)

    def paste(self) -> None:
        """Open the session that is on the clipboard as text."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self._refuse("there is no text on the clipboard")
            return
        self.ask_before(lambda: self._open_text(text, "the clipboard", None))

    def open_found(self, finding: "Finding") -> None:
        """Open what a search has found, beside the same acts with the rule whole."""
        self.ask_before(
            lambda: self._open_text(finding.session, "what was found", None, self._compare)
        )

    def _compare(self) -> None:
        """Put the second branch beside the first, on which one looks."""
        others = [b for b in self.session.history.visible if b is not self.session.branch]
        if others:
            self._window.compare.compare_with(others[0])

    def _open_text(self, text: str, name: str, path: Path | None, then: Then = nothing) -> None:
        from raftviz.session.filed import Filed
        from raftviz.session.opening import Opening

        opening = Opening(text)

        def done() -> None:
            filed = Filed.of_file(opening, path) if path else Filed(opening.session, opening)
            self.take_opened(opening, filed)
            then()

        self.work_on(opening, name, done)

    def work_on(self, opening: "Opening", name: str, done: Then, otherwise: Then = nothing) -> None:
        """Open a text beside a window with its progress; the session stays until that is done."""
        self._work_on(opening, name, done, otherwise)

    def _work_on(
        self, opening: "Opening | RecordingOpening", name: str, done: Then, otherwise: Then
    ) -> None:
        from raftviz.qt.work import Work

        def not_done(sentence: str) -> None:
            self._refuse(sentence)
            otherwise()

        self._conductor.pause()
        Work(
            f"Opening {name} …",
            opening.working(),
            done=done,
            # What cannot be read says its file itself; what is wrong with a text, only the place.
            failed=lambda error: not_done(
                str(error) if isinstance(error, UnreadableError) else f"{name}: {error}"
            ),
            cancelled=lambda: not_done("all is as it was"),
            failures=(ScriptError, UnreadableError),
            progress=lambda: opening.progress,
            clock=self._conductor.clock,
            parent=self._window,
        ).begin()

    def take_opened(self, opening: "Opening", filed: "Filed") -> None:
        """Go on with a session that was opened; one that somebody looked at waits for them."""
        self.take(filed)
        if filed.path is not None:
            self._window.looks.preferences.add_recent(str(filed.path))
        if opening.failures:
            self._conductor.said.emit(f"Opened, but {opening.failures[0]}.")
        if not opening.looked_at:
            self._conductor.play()

    def _refuse(self, sentence: str) -> None:
        self._conductor.said.emit(f"Not opened: {sentence}.")

    # Saving

    def save(self, then: Then = nothing) -> None:
        """Save to the session's file, or ask for one; then do what was to be done."""
        path = self.filed.path
        if path is None:
            self.save_as(then)
            return
        lost = self.filed.what_is_lost()
        if not lost:
            self._write(path, then)
            return
        self._ask(
            f"Save over “{path.name}”?",
            lost,
            ("Save elsewhere…", lambda: self.save_as(then)),
            ("Save over it", lambda: self._write(path, then)),
            ("Cancel", nothing),
        )

    def save_as(self, then: Then = nothing) -> None:
        """Ask for a file and save to it."""
        from PySide6.QtWidgets import QFileDialog

        path = self.filed.path
        name = path.name if path else f"{_plain(self.session.title)}{SUFFIX}"
        dialog = QFileDialog(self._window, "Save as", self._folder(), _KINDS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda chosen: self._write(Path(chosen), then))
        self._show(dialog)

    def _write(self, path: Path, then: Then) -> None:
        filed = self.filed

        def done() -> None:
            try:
                filed.save(path)
            except OSError as error:
                self._fail(path, error.strerror or str(error), then)
                return
            self._window.looks.preferences.add_recent(str(path))
            self._look_again()
            self._conductor.said.emit(f"Saved as {path.name}.")
            then()

        self._put_into_words(done, lambda error: self._fail(path, str(error), then))

    def _put_into_words(self, done: Then, failed: Callable[[Exception], object]) -> None:
        from raftviz.qt.work import Work
        from raftviz.session.scribe import UnwritableError

        Work(
            "Saving …",
            self.filed.writing(),
            done=done,
            failed=failed,
            cancelled=lambda: self._conductor.said.emit("Not saved. The file is as it was."),
            failures=(UnwritableError,),
            progress=None,
            clock=self._conductor.clock,
            parent=self._window,
        ).begin()

    def _fail(self, path: Path, reason: str, then: Then) -> None:
        self._conductor.said.emit(f"Not saved: {reason}.")
        self._ask(
            f"“{path.name}” could not be saved.",
            f"{reason[:1].upper()}{reason[1:]}. The file on the disk is as it was, and what you did "
            "is still here.",
            ("Save elsewhere…", lambda: self.save_as(then)),
            ("Close", nothing),
        )

    def export(self) -> None:
        """Ask for a file and write every event to it, for other programs."""
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self._window, "Export trace", self._folder(), _TRACES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("jsonl")
        dialog.selectFile(f"{_plain(self.session.title)}.jsonl")
        dialog.fileSelected.connect(lambda chosen: self.export_to(Path(chosen)))
        self._show(dialog)

    def export_to(self, path: Path) -> None:
        """Write every event to a file: as JSON Lines, or for ShiViz if it is called so."""
        from raftviz.qt.work import Work
        from raftviz.tracefile import Export

        form = "shiviz" if path.suffix == ".shiviz" else "jsonl"
        writing = Export(self.session.history, self.session.title, path, form)
        said = self._conductor.said.emit
        Work(
            "Writing every event …",
            writing.working(),
            done=lambda: said(f"Every event is in {path.name}."),
            failed=lambda error: said(
                f"Not exported: {getattr(error, 'strerror', None) or error}. No file was changed."
            ),
            cancelled=lambda: said("Not exported. No file was changed."),
            failures=(OSError,),
            progress=lambda: writing.progress,
            clock=self._conductor.clock,
            parent=self._window,
        ).begin()

    def copy(self) -> None:
        """Put the session as text on the clipboard."""
        filed = self.filed

        def done() -> None:
            QGuiApplication.clipboard().setText(filed.written)
            self._conductor.said.emit("The session is on the clipboard as text.")

        self._put_into_words(done, lambda error: self._conductor.said.emit(f"Not copied: {error}."))

    # Windows

    def _folder(self) -> str:
        path = self.filed.path
        recent = self._window.looks.preferences.recent
        return str(path.parent if path else Path(recent[0]).parent if recent else Path.cwd())

    def _ask(self, question: str, details: str, *answers: tuple[str, Then]) -> None:
        from raftviz.qt.asking import Asking

        asking = self._question = Asking(question, details, answers, self._window)
        asking.finished.connect(lambda: self._answered(asking))
        asking.open()

    def _answered(self, asking: QObject) -> None:
        if self._question is asking:  # or else the answer has asked the next question
            self._question = None

    def _show(self, dialog: "QFileDialog") -> None:
        self._conductor.pause()
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def dropped_file(data: QMimeData) -> str:
    """The one file on this machine that is dragged; empty if it is none, or more than one."""
    files = [url.toLocalFile() for url in data.urls()]
    return files[0] if len(files) == 1 else ""


def _plain(title: str) -> str:
    """A title as the name of a file."""
    kept = "".join(c if c.isalnum() else " " for c in title.lower())
    return "-".join(kept.split())[:60] or "session"
