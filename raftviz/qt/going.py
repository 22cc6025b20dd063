"""Two small windows: go to a place in time, and go on until a condition becomes true."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from raftviz.qt.fonts import mono_font
from raftviz.qt.guard import guarded
from raftviz.session.places import PlaceError, parse_place
from raftviz.sim.condition_words import ATTRIBUTES, FUNCTIONS, NAMES
from raftviz.sim.conditions import MAX_CONDITION, parse_condition
from raftviz.sim.script_error import ScriptError

EXAMPLES = (
    "leader.term >= 2",
    "candidates >= 2",
    'committed("x=1")',
    'S1.role == "leader"',
    "leader.commit_index >= 3 and not partitioned",
    "crashed(S1)",
)
"""Conditions to begin with: a click takes one over."""


class _Asks(QDialog):
    """A line to type in, and an error below it that says what is wrong."""

    def __init__(self, title: str, hint: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(560)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 18, 20, 18)
        self.column.setSpacing(8)
        self.line = QLineEdit()
        self.line.setFont(mono_font(12))
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(title)
        self.line.setMaxLength(MAX_CONDITION)
        self.error = QLabel()
        self.error.setProperty("tone", "broken")
        self.error.setWordWrap(True)
        self.error.setMinimumHeight(self.fontMetrics().lineSpacing() * 2)
        self.error.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(self.line)
        self.column.addWidget(self.error)
        self.line.textEdited.connect(self.error.clear)

    def buttons(self, *buttons: QPushButton) -> None:
        """A row of buttons at the foot, the usual one last."""
        row = QHBoxLayout()
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self.column.addLayout(row)


class GoTo(_Asks):
    """Asks for an instant or an event."""

    place_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Go to", "1284.2ms", parent)
        about = QLabel("An instant, such as 1284.2ms or 1.2 s, or an event, such as #412.")
        about.setProperty("tone", "muted")
        self.column.insertWidget(1, about)
        go = QPushButton("Go")
        go.setDefault(True)
        go.clicked.connect(self._go)
        self.buttons(go)

    def _go(self) -> None:
        try:
            place = parse_place(self.line.text())
        except PlaceError as error:
            self.error.setText(str(error))
            return
        self.accept()
        self.place_wanted.emit(place)


class Until(_Asks):
    """Asks for a condition, and whether to look forward or back for it."""

    condition_wanted = Signal(object, bool)
    """The condition, and whether to look back."""

    def __init__(self, servers: int, text: str, parent: QWidget | None = None) -> None:
        super().__init__("Go on until", EXAMPLES[0], parent)
        self._servers = servers
        self.line.setText(text)
        self.line.selectAll()
        about = QLabel("Go to where this becomes true: to the next time, or back to the last time.")
        about.setProperty("tone", "muted")
        about.setWordWrap(True)
        self.column.insertWidget(0, about)
        examples = QLabel(
            "<br>".join(f'<a href="{escape(one)}">{escape(one)}</a>' for one in EXAMPLES)
        )
        examples.setFont(mono_font(9.5))
        examples.setAccessibleName("Examples")
        examples.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        examples.linkActivated.connect(self._take_over)
        words = QLabel(_vocabulary())
        words.setProperty("tone", "muted")
        words.setWordWrap(True)
        for widget in (examples, words):
            self.column.addWidget(widget)
        back, on = QPushButton("◀ Back"), QPushButton("Go on ▶")
        back.setToolTip("Back to the last time that it became true   Shift+Return")
        on.setToolTip("On to the next time that it becomes true   Return")
        on.setDefault(True)
        back.clicked.connect(lambda: self._look(back=True))
        on.clicked.connect(lambda: self._look(back=False))
        self.buttons(back, on)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter with shift looks back; alone it presses the usual button."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._look(back=True)
        else:
            super().keyPressEvent(event)

    def _take_over(self, example: str) -> None:
        self.line.setText(example)
        self.error.clear()
        self.line.setFocus()

    def _look(self, *, back: bool) -> None:
        text = self.line.text()
        try:
            condition = parse_condition(text, self._servers)
        except ScriptError as error:
            words = error.message if text.strip() else "there is nothing to wait for yet"
            self.error.setText(f"{words[0].upper()}{words[1:]}.".replace("?.", "?"))
            return
        self.accept()
        self.condition_wanted.emit(condition, back)


def _vocabulary() -> str:
    """All that can be said, in three lines."""
    return (
        f"Words: {', '.join(NAMES)}, S1, S2, …\n"
        f"Of a server: {', '.join(f'.{name}' for name in ATTRIBUTES)}\n"
        f"Asked: {', '.join(f'{name}(…)' for name in FUNCTIONS)} · "
        "put together with and, or, not, ==, !=, <, <=, >, >="
    )
