"""A line in which a number is typed; up and down, and the wheel, make it larger and smaller.

A spin box cannot be dressed by a style sheet without pictures for its arrows, and without them it
hides its number (seen with 6.11).
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit

from raftviz.qt.guard import guarded

_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


class NumberLine(QLineEdit):
    """A whole number from 0 to ``most``."""

    def __init__(self, most: int) -> None:
        super().__init__("0")
        self._most = most
        self.setValidator(QIntValidator(0, most, self))
        self.setMaxLength(len(str(most)))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * 11)

    def value(self) -> int:
        """The number; nothing typed is nothing."""
        return min(int(self.text() or "0"), self._most)

    def setValue(self, number: int) -> None:
        """Show a number, or the nearest there can be."""
        self.setText(str(min(max(0, number), self._most)))

    def step(self, by: int) -> None:
        """So many more, or fewer."""
        self.setValue(self.value() + by)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down count."""
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if step:
            self.step(step)
        else:
            super().keyPressEvent(event)

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """So does the wheel."""
        if self.isEnabled() and event.angleDelta().y():
            self.step(1 if event.angleDelta().y() > 0 else -1)
        event.accept()
