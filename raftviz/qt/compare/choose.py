"""Asks what to compare with: another branch, or a session from a file."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.family import family_of
from raftviz.picture.theme import Theme
from raftviz.picture.timeline_scale import ms_text
from raftviz.qt.branch_signs import branch_icon
from raftviz.sim.history import Branch, History


class ChooseOther(QDialog):
    """The other branches, in the order of the tree; the one that parts last is chosen at first."""

    branch_wanted = Signal(object)
    file_wanted = Signal()

    def __init__(
        self, history: History, here: Branch, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare with…")
        self.resize(520, 360)
        self._others = [branch for branch in family_of(history).branches if branch is not here]
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        words = (
            f"Which branch is to stand beside “{here.name}”?"
            if self._others
            else f"There is no branch but “{here.name}” yet. Act in the past, or open one, to get "
            "another; or compare with a session from a file."
        )
        question = QLabel(words)
        question.setWordWrap(True)
        question.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(question)
        self.list = QListWidget()
        self.list.setAccessibleName("Branches")
        for branch in self._others:
            parts = ms_text(_parts_us(here, branch))
            item = QListWidgetItem(
                branch_icon(theme, branch.label.colour), f"{branch.name}   leaves at {parts} ms"
            )
            item.setToolTip(branch.label.note)
            self.list.addItem(item)
        self.list.setVisible(bool(self._others))
        self.list.itemActivated.connect(self._take)
        column.addWidget(self.list, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.file = QPushButton("A session from a file…")
        self.file.setAutoDefault(False)
        self.file.clicked.connect(self._take_file)
        buttons.addButton(self.file, QDialogButtonBox.ButtonRole.ActionRole)
        self.compare = QPushButton("Compare")
        self.compare.setEnabled(bool(self._others))
        self.compare.setDefault(True)
        self.compare.setProperty("primary", "true")
        self.compare.clicked.connect(self._take)
        buttons.addButton(self.compare, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        if self._others:
            nearest = max(self._others, key=here.shared_with)
            self.list.setCurrentRow(self._others.index(nearest))
            self.list.setFocus()

    def _take(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._others):
            self.accept()
            self.branch_wanted.emit(self._others[row])

    def _take_file(self) -> None:
        self.accept()
        self.file_wanted.emit()


def _parts_us(here: Branch, other: Branch) -> int:
    """When another branch leaves this one."""
    shared = here.shared_with(other)
    nexts = [branch[shared].time_us for branch in (here, other) if shared < len(branch)]
    return min(nexts) if nexts else here.time_at(shared)
