"""Who learns here: choose, add and remove students, begin anew, and a table for whoever teaches."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from raftviz.keeping import keep
from raftviz.qt.asking import Asking
from raftviz.session.progress import LONGEST_NAME, Progress, ProgressError

if TYPE_CHECKING:
    from raftviz.qt.window import Window

NAMELESS = "Without a name"
"""What stands for somebody who gave no name."""


def said_name(name: str) -> str:
    """A student's name as it is shown."""
    return name or NAMELESS


class Students:
    """What one does with students, in the window."""

    def __init__(self, window: "Window") -> None:
        self._window = window

    @property
    def progress(self) -> Progress | None:
        """Where progress is kept, if it is."""
        return self._window.lessons.progress

    def show(self, *, add: bool = False) -> None:
        """All students to choose from; with ``add``, the keys are where a new name is typed."""
        progress = self.progress
        if progress is None:
            return
        try:
            dialog = StudentsDialog(progress, self._window)
        except ProgressError as error:
            self._say(error)
            return
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.choose)
        dialog.remove_wanted.connect(self.ask_to_remove)
        dialog.forget_wanted.connect(self.ask_to_forget)
        dialog.table_wanted.connect(self.ask_for_table)
        dialog.open()
        if add:
            dialog.name.setFocus()

    def choose(self, name: str) -> None:
        """It is this student who learns from here on."""
        progress = self.progress
        if progress is None:
            return
        progress.student = name
        self._window.looks.preferences.student = name
        self._window.lessons.changed.emit()
        self._window.conductor.said.emit(f"Progress is kept for: {said_name(name)}.")

    def ask_to_remove(self, name: str) -> None:
        """Forget a student and all they did, once that is confirmed."""
        self._ask(
            f"Remove “{said_name(name)}”?",
            "What this student has done in all lessons is forgotten, and cannot be brought back.",
            "Remove",
            lambda progress: self._remove(progress, name),
        )

    def _remove(self, progress: Progress, name: str) -> None:
        progress.remove_student(name)
        if progress.student == name:
            self.choose("")
        self._window.conductor.said.emit(f"Removed: {said_name(name)}.")

    def ask_to_forget(self, lesson: str = "", title: str = "") -> None:
        """Begin a lesson anew, or all of them, once that is confirmed."""
        progress = self.progress
        who = said_name(progress.student if progress else "")
        what = f"in “{title}”" if lesson else "in all lessons"
        self._ask(
            f"Forget the progress {what}?",
            f"Student: {who}. Which steps are done, what was foretold, and the best of "
            "challenges. It cannot be brought back.",
            "Forget it",
            lambda progress: self._forget(progress, lesson, what),
        )

    def _forget(self, progress: Progress, lesson: str, what: str) -> None:
        progress.forget(lesson)
        self._window.conductor.said.emit(f"The progress {what} is forgotten.")

    def _ask(self, question: str, details: str, word: str, do: Callable[[Progress], None]) -> None:
        progress = self.progress
        if progress is None:
            return

        def done() -> None:
            try:
                do(progress)
            except ProgressError as error:
                self._say(error)
            self._window.lessons.changed.emit()

        asking = Asking(question, details, ((word, done), ("Cancel", _nothing)), self._window)
        asking.buttons[-1].setDefault(True)  # what is forgotten does not come back
        asking.buttons[-1].setFocus()
        asking.open()

    def ask_for_table(self) -> None:
        """Ask for a file and write everybody's progress to it, as a table."""
        dialog = QFileDialog(self._window, "Progress as a table", str(Path.cwd()), "Table (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("progress.csv")
        dialog.fileSelected.connect(lambda chosen: self.write_table(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def write_table(self, path: Path) -> None:
        """Everybody's progress, a row a student and lesson."""
        progress = self.progress
        if progress is None:
            return
        try:
            # With a mark at its beginning, by which spreadsheets know how it is written.
            keep(path, progress.as_csv().encode("utf-8-sig"))
        except ProgressError as error:
            self._say(error)
        except OSError as error:
            self._say(f"{path} cannot be written: {error.strerror or error}")
        else:
            self._window.conductor.said.emit(f"Everybody's progress is in {path.name}.")

    def _say(self, what: object) -> None:
        self._window.conductor.said.emit(f"{what}.")


def _nothing() -> None:
    """What is done when nothing is to be done."""


class StudentsDialog(QDialog):
    """A list of names: choose one, add one, remove one."""

    chosen = Signal(str)
    remove_wanted = Signal(str)
    forget_wanted = Signal()
    """All that the student who learns here has done is to be forgotten."""
    table_wanted = Signal()

    def __init__(self, progress: Progress, parent: QWidget) -> None:
        super().__init__(parent)
        self._progress = progress
        self.setWindowTitle("Students")
        self.setMinimumWidth(420)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        about = QLabel(
            "Who learns here? For each student, progress is kept apart, on this machine."
        )
        about.setWordWrap(True)
        column.addWidget(about)
        self.names = QListWidget()
        self.names.setAccessibleName("Students")
        self.names.itemActivated.connect(lambda _: self._choose())
        column.addWidget(self.names, 1)
        row = QHBoxLayout()
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText("A new name")
        self.name.setAccessibleName("A new student's name")
        self.name.returnPressed.connect(self._add)
        self.add = self._button("Add", self._add)
        row.addWidget(self.name, 1)
        row.addWidget(self.add)
        column.addLayout(row)
        self.error = QLabel()
        self.error.setProperty("tone", "broken")
        self.error.setWordWrap(True)
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setMinimumHeight(self.fontMetrics().lineSpacing())
        column.addWidget(self.error)
        column.addLayout(self._make_more())
        column.addLayout(self._make_foot())
        self._fill(progress.student)
        self.names.setFocus()

    def _make_more(self) -> QHBoxLayout:
        """What one does with progress."""
        more = QHBoxLayout()
        forget, table = self.forget_wanted, self.table_wanted
        self.forget = self._button("Forget all progress…", lambda: self._leave_for(forget))
        self.table = self._button("Save as a table…", lambda: self._leave_for(table))
        more.addWidget(self.forget)
        more.addWidget(self.table)
        more.addStretch(1)
        return more

    def _leave_for(self, wanted: SignalInstance) -> None:
        """Something else is asked: this window goes first."""
        self.accept()
        wanted.emit()

    def _make_foot(self) -> QHBoxLayout:
        """Buttons none of which answers to Enter: in the line it adds a name, in the list it chooses."""
        foot = QHBoxLayout()
        self.remove = self._button("Remove…", self._remove)
        self.choose = self._button("Choose", self._choose)
        self.choose.setProperty("primary", "true")
        foot.addWidget(self.remove)
        foot.addStretch(1)
        foot.addWidget(self._button("Close", self.reject))
        foot.addWidget(self.choose)
        return foot

    def _button(self, words: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: do())
        return button

    def _fill(self, current: str) -> None:
        self.names.clear()
        for name in ["", *(name for name in self._progress.students() if name)]:
            item = QListWidgetItem(said_name(name))
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.names.addItem(item)
            if name == current:
                self.names.setCurrentItem(item)

    @property
    def current(self) -> str:
        """The name that is marked."""
        item = self.names.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if self.names.count() else ""

    def _choose(self) -> None:
        self.accept()
        self.chosen.emit(self.current)

    def _remove(self) -> None:
        self.accept()
        self.remove_wanted.emit(self.current)

    def _add(self) -> None:
        try:
            name = self._progress.add_student(self.name.text())
        except ProgressError as error:
            words = str(error)
            self.error.setText(f"{words[:1].upper()}{words[1:]}.")
            return
        self.error.clear()
        self.name.clear()
        self._fill(name)
        self.names.setFocus()
