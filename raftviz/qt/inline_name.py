"""A line to type a name in, in the very place where the old one stands."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from raftviz.qt.guard import guarded
from raftviz.sim.history import LONGEST_NAME


class InlineName(QLineEdit):
    """Hidden until ``edit``. Enter takes the name, so does going elsewhere; Esc leaves all as it was.

    While somebody types, every key is this line's, whatever it means in the window.
    """

    named = Signal(str)
    """Another name was typed."""
    left = Signal()
    """The keys may go back to where they came from."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaxLength(LONGEST_NAME)
        self.setAccessibleName("Name")
        self._old = ""
        self.hide()

    def edit(self, name: str, typed: str = "") -> None:
        """Begin to type over ``name``, or go on with what was ``typed`` already."""
        self._old = name
        self.setText(typed or name)
        self.selectAll()
        self.show()
        self.setFocus()

    def _finish(self, *, take: bool) -> None:
        if not self.isVisible():
            return
        had_keys = self.hasFocus()
        self.hide()
        if had_keys:
            self.left.emit()
        if take and self.text() != self._old:
            self.named.emit(self.text())

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """No shortcut of the window is heard here."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the name, Esc does not."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._finish(take=True)
            case Qt.Key.Key_Escape:
                self._finish(take=False)
            case _:
                super().keyPressEvent(event)

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who goes elsewhere has finished typing."""
        super().focusOutEvent(event)
        passing = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in passing:
            self._finish(take=True)
