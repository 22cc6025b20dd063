"""The palette of commands: type a few letters of what you want to do."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from raftviz.qt.commands import COMMANDS
from raftviz.qt.commands.command import Command, key_text
from raftviz.qt.guard import guarded

_ROWS = 12
"""Rows that are seen at once."""


def match(typed: str, text: str) -> int | None:
    """How well ``typed`` fits ``text``, better if higher; None if its letters are not in it in order.

    Letters count that follow each other, and those that begin words.
    """
    score, at, text = 0, 0, text.lower()
    for letter in typed.lower():
        if letter == " ":
            continue
        found = text.find(letter, at)
        begins = text.find(f" {letter}", max(0, at - 1))
        if found != at and begins >= 0:
            found = begins + 1
        if found < 0:
            return None
        score += 9 if found == at else 8 if text[found - 1] == " " else 0
        at = found + 1
    return score * 100 - len(text)


def found(typed: str, commands: tuple[Command, ...]) -> list[Command]:
    """The commands that fit what is typed, best first; all of them, in the table's order, if empty."""
    if not typed.strip():
        return list(commands)
    scored = []
    for command in commands:
        in_title = match(typed, command.title)
        in_about = match(typed, f"{command.menu} {command.about}")
        if in_title is not None:
            scored.append((in_title + 10_000, command))
        elif in_about is not None and in_about > len(typed) * 300:
            scored.append((in_about, command))
    return [command for _, command in sorted(scored, key=lambda pair: -pair[0])]


class CommandPalette(QDialog):
    """Finds a command by its name. What cannot be done now is grey and says so by staying."""

    chosen = Signal(str)
    """The id of a command."""

    def __init__(self, can: Callable[[Command], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._can = can
        self.setWindowTitle("All commands")
        self.setMinimumWidth(620)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 14)
        column.setSpacing(8)
        self.line = QLineEdit()
        self.line.setPlaceholderText("What would you like to do?")
        self.line.setAccessibleName("Find a command")
        self.line.setMaxLength(60)
        self.line.installEventFilter(self)
        self.rows = QListWidget()
        self.rows.setAccessibleName("Commands")
        self.rows.setUniformItemSizes(True)
        self.rows.setMinimumHeight(self.fontMetrics().lineSpacing() * 2 * _ROWS)
        self._about = QLabel()
        self._about.setProperty("tone", "muted")
        self._about.setWordWrap(True)
        self._about.setMinimumHeight(self.fontMetrics().lineSpacing() * 2)
        for widget in (self.line, self.rows, self._about):
            column.addWidget(widget)
        self.line.textEdited.connect(self._fill)
        self.line.returnPressed.connect(self._choose)
        self.rows.itemActivated.connect(self._choose)
        self.rows.itemClicked.connect(self._choose)
        self.rows.currentRowChanged.connect(self._describe)
        self._shown: list[Command] = []
        self._fill("")

    def _fill(self, typed: str) -> None:
        self._shown = found(typed, COMMANDS)
        self.rows.clear()
        for command in self._shown:
            keys = "   ".join(map(key_text, command.keys))
            item = QListWidgetItem(f"{command.title}    {keys}")
            item.setToolTip(command.about)
            if not self._can(command):
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.rows.addItem(item)
        self.rows.setCurrentRow(0)
        if not self._shown:
            self._about.setText("No command is called that. Try another word.")

    def _describe(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            command = self._shown[row]
            now = "" if self._can(command) else " It cannot be done right now."
            self._about.setText(f"{command.menu}: {command.about}{now}")

    def _choose(self) -> None:
        row = self.rows.currentRow()
        if 0 <= row < len(self._shown) and self._can(self._shown[row]):
            self.accept()
            self.chosen.emit(self._shown[row].id)

    @guarded(default=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down walk the list while the line keeps the keys."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and self._shown:
                row = (self.rows.currentRow() + step) % len(self._shown)
                self.rows.setCurrentRow(row)
                return True
        return super().eventFilter(watched, event)
