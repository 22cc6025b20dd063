"""Asking for an entry's index, at the place where the logs are."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from raftviz.qt.guard import guarded

_DIGITS = 12
"""More than any log has."""


class GoToEntry(QWidget):
    """A button that becomes a field for an index, and a button again."""

    wanted = Signal(int)
    """Somebody wants to see this entry."""
    resized = Signal()
    """It takes more room, or less."""
    left = Signal()
    """Nothing is asked any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QToolButton()
        self.button.setText("go to…")
        self.button.setToolTip("Show an entry by its index   F7")
        self.button.setAccessibleName("Go to an entry")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.clicked.connect(self.ask)
        self._label = QLabel("entry")
        self._label.setProperty("tone", "muted")
        self._last = 1
        self.field = _Field()
        self.field.setFixedWidth(10 * self.fontMetrics().averageCharWidth())
        self.field.setAccessibleName("Index of the entry")
        self.field.setToolTip("Enter goes there, Esc closes")
        self.field.given.connect(self._give)
        self.field.left.connect(self.close_field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self._label, self.field, self.button):
            row.addWidget(widget)
        self._show_field(shown=False)

    def set_last(self, last: int) -> None:
        """The last entry there is."""
        self._last = max(1, last)

    def ask(self) -> None:
        """Let somebody type an index."""
        self.field.setText("")
        self.field.setPlaceholderText(f"1–{self._last:,}")
        self._show_field(shown=True)
        self.field.setFocus()

    def close_field(self) -> None:
        """A button again; the keys go back to the logs."""
        if not self.field.isHidden():
            self._show_field(shown=False)
            self.left.emit()

    def _give(self) -> None:
        digits = "".join(letter for letter in self.field.text() if letter in "0123456789")
        if digits:
            self.wanted.emit(min(max(1, int(digits[:_DIGITS])), self._last))
        self.close_field()

    def _show_field(self, *, shown: bool) -> None:
        self._label.setVisible(shown)
        self.field.setVisible(shown)
        self.button.setVisible(not shown)
        self.adjustSize()
        self.resized.emit()


class _Field(QLineEdit):
    """What is typed; Enter gives it, Esc leaves."""

    given = Signal()
    left = Signal()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc are answered here: the window has other uses for them."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.given.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
