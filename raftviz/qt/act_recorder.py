"""Recording what an author does, to become a part of a lesson: to be copied, or written into its file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from raftviz.keeping import keep
from raftviz.qt.chooser import Chooser
from raftviz.qt.fonts import mono_font
from raftviz.qt.plain import plain_label, sentence
from raftviz.session.act_record import ActRecord, Part, RecordError, fenced
from raftviz.session.lesson_files import NoLessonError, lesson_of, read_bytes, ships
from raftviz.teaching.inserting import with_part

if TYPE_CHECKING:
    from raftviz.qt.window import Window

_KINDS = (("do", "the lesson does it"), ("solution", "the student is to do it"))


class ActRecorder:
    """Records acts in a window. A light in the status line says so while it does."""

    def __init__(self, window: "Window") -> None:
        self._window = window
        self._record: ActRecord | None = None
        self._step = 0
        self._light = QLabel()
        self._light.setProperty("tone", "accent")
        self._light.hide()
        window.statusBar().addPermanentWidget(self._light)
        window.conductor.session_changed.connect(self._give_up)
        window.conductor.moment_changed.connect(self._count)

    @property
    def recording(self) -> bool:
        """Whether acts are recorded."""
        return self._record is not None

    def toggle(self) -> None:
        """Begin, or stop and show what was recorded."""
        (self._stop if self.recording else self._begin)()

    def _begin(self) -> None:
        window = self._window
        if window.conductor.session.is_recording:
            window.conductor.said.emit("In a recording nothing can be done, so nothing recorded.")
            return
        run = window.lessons.run
        self._step = run.number if run else 0
        self._record = ActRecord(window.conductor.session)
        self._light.show()
        self._count()
        window.conductor.said.emit("Do what the lesson is to do; then stop recording.")

    def _count(self) -> None:
        record = self._record
        if record is not None:
            acts = record.count(self._lessons_own)
            self._light.setText(f"● Recording acts: {acts}  ")

    @property
    def _lessons_own(self) -> list[Part]:
        run = self._window.lessons.run
        return run.performed if run is not None else []

    def _give_up(self) -> None:
        if self._record is not None:
            self._record = None
            self._light.hide()
            self._window.conductor.said.emit("Recording has ended: this is another session.")

    def _stop(self) -> None:
        record, window = self._record, self._window
        assert record is not None
        window.conductor.pause()
        try:
            texts = {
                word: fenced(record.lines(self._lessons_own, to_the_end=word == "solution"), word)
                for word, _ in _KINDS
            }
            acts = record.count(self._lessons_own)
        except RecordError as error:
            window.conductor.said.emit(sentence(f"Not done: {error}"))
            return
        self._record = None
        self._light.hide()
        if not acts:
            window.conductor.said.emit("Nothing was done, so there is nothing to keep.")
            return
        dialog = Recorded(window, texts, self._step)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


class Recorded(QDialog):
    """What was recorded, to be looked at, copied, or written into the lesson that is open."""

    def __init__(self, window: "Window", texts: dict[str, str], step: int) -> None:
        super().__init__(window)
        self._window, self._texts, self._step = window, texts, step
        self.setWindowTitle("Recorded acts")
        self.setMinimumWidth(560)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        self.kind = Chooser()
        self.kind.setAccessibleName("What the acts are in the lesson")
        for word, about in _KINDS:
            self.kind.addItem(f"{{{word}}}: {about}", word)
        self.kind.currentIndexChanged.connect(self._show)
        column.addWidget(self.kind)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(mono_font(10))
        self.text.setAccessibleName("The acts as they stand in a lesson")
        self.text.setMinimumHeight(self.fontMetrics().lineSpacing() * 10)
        column.addWidget(self.text, 1)
        hindrance = self._hindrance()
        words = hindrance or f"Written into the lesson, it stands at the end of step {step + 1}."
        self.about = plain_label(words)
        self.about.setProperty("tone", "muted")
        self.about.setWordWrap(True)
        column.addWidget(self.about)
        foot = QHBoxLayout()
        self.copy = _button("Copy", self._copy)
        self.write = _button("Write into the lesson", self._write)
        self.write.setEnabled(not hindrance)
        foot.addWidget(self.copy)
        foot.addWidget(self.write)
        foot.addStretch(1)
        foot.addWidget(_button("Close", self.reject))
        column.addLayout(foot)
        self._show()

    @property
    def block(self) -> str:
        """The directive as it is shown."""
        return self._texts[str(self.kind.currentData())]

    def _show(self) -> None:
        self.text.setPlainText(self.block)

    def _hindrance(self) -> str:
        """Why it cannot be written into the lesson; empty if it can."""
        desk = self._window.lessons
        if desk.run is None or desk.path is None:
            return "No lesson is open that it could be written into."
        if ships(desk.path):
            return "This lesson ships with raftviz; only a lesson of your own can be written into."
        if desk.fault:
            return "There is a mistake in the lesson's file; mend that first."
        return ""

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.block)
        self._window.conductor.said.emit("The acts are on the clipboard, as a part of a lesson.")
        self.accept()

    def _write(self) -> None:
        desk = self._window.lessons
        if desk.path is None or desk.run is None:
            return
        try:
            data = self._with_block(desk.path, desk.data)
            keep(desk.path, data)
        except (NoLessonError, OSError) as error:
            reason = getattr(error, "strerror", None) or error
            self.about.setText(sentence(f"Not written: {reason}"))
            return
        self._window.conductor.said.emit(f"Written into {desk.path.name}.")
        self.accept()

    def _with_block(self, path: Path, read: bytes) -> bytes:
        """The file with the acts in it. Raises NoLessonError if it is not as it was read, or would be none."""
        run = self._window.lessons.run
        assert run is not None
        if read_bytes(path) != read:
            raise NoLessonError(f"{path.name} is not as it was when it was read")
        data = with_part(read.decode(), run.lesson, self._step, self.block).encode()
        lesson_of(path, data)
        return data


def _button(words: str, do: Callable[[], object]) -> QPushButton:
    button = QPushButton(words)
    button.clicked.connect(lambda _=False: do())
    return button
