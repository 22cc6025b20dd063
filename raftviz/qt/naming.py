"""The small windows of branches and bookmarks: a name, a note, a colour; and a question."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.theme import BRANCH_COLOURS, Theme
from raftviz.qt.branch_paint import shape_words
from raftviz.qt.branch_signs import branch_icon
from raftviz.session.edits import EditError
from raftviz.sim.history import LONGEST_NAME

Check = Callable[[str, str], object]
"""Raises EditError for a name and a note that cannot be."""


class Naming(QDialog):
    """Asks for a name, a note and, with ``colour``, one of the colours of branches."""

    wanted = Signal(str, str, int)
    """A name, a note, and the colour's place in the palette."""

    def __init__(
        self,
        title: str,
        check: Check,
        *,
        name: str,
        note: str = "",
        colour: int | None = None,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(440)
        self._check = check
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(8)
        self.name = QLineEdit(name)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.selectAll()
        self.note = QPlainTextEdit(note)
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText("What is to be seen here?")
        self.note.setFixedHeight(self.fontMetrics().lineSpacing() * 6)
        _labelled(column, "Name", self.name)
        _labelled(column, "Note", self.note)
        self.colours = QButtonGroup(self)
        self._colour = colour or 0
        if colour is not None:
            column.addLayout(self._palette(colour, theme))
        self._error = QLabel()
        self._error.setProperty("tone", "broken")
        self._error.setWordWrap(True)
        self._error.setMinimumHeight(self.fontMetrics().lineSpacing())
        column.addWidget(self._error)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self._try)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.name.setFocus()

    def _palette(self, colour: int, theme: Theme) -> QHBoxLayout:
        row = QHBoxLayout()
        label = QLabel("Colour")
        label.setProperty("tone", "muted")
        row.addWidget(label)
        for place in range(len(BRANCH_COLOURS)):
            button = QToolButton()
            button.setCheckable(True)
            button.setChecked(place == colour % len(BRANCH_COLOURS))
            button.setIcon(branch_icon(theme, place, 20))
            button.setIconSize(QSize(20, 20))
            button.setToolTip(shape_words(place))
            button.setAccessibleName(shape_words(place))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.colours.addButton(button, place)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _try(self) -> None:
        name, note = self.name.text(), self.note.toPlainText().strip()
        try:
            self._check(name, note)
        except EditError as error:
            words = str(error)
            self._error.setText(f"{words[0].upper()}{words[1:]}.")
            self.name.setFocus()
            return
        chosen = self.colours.checkedId()
        self.wanted.emit(name, note, self._colour if chosen < 0 else chosen)
        self.accept()


def _labelled(column: QVBoxLayout, words: str, field: QWidget) -> None:
    label = QLabel(words)
    label.setProperty("tone", "muted")
    label.setBuddy(field)
    field.setAccessibleName(words)
    column.addWidget(label)
    column.addWidget(field)


class Question(QDialog):
    """Asks before something is done: what it is, what becomes of it, and two answers."""

    def __init__(
        self, question: str, details: str, yes: str, no: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(question)
        self.setMinimumWidth(420)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        head = QLabel(question)
        font = head.font()
        font.setBold(True)
        head.setFont(font)
        head.setWordWrap(True)
        text = QLabel(details)
        text.setWordWrap(True)
        column.addWidget(head)
        column.addWidget(text)
        self.buttons = QDialogButtonBox()
        self.yes = self.buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
        self.no = self.buttons.addButton(no, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column.addWidget(self.buttons)
        self.yes.setDefault(True)
        self.yes.setFocus()
