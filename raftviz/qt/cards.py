"""Cards: the quiet surfaces that views lie on, in the middle of the window and in its docks."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget


def card(*contents: QWidget, margin: int = 0, stretch_first: bool = True) -> QFrame:
    """A card with widgets from top to bottom; the first one takes the room there is."""
    frame = QFrame()
    frame.setProperty("card", "true")
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin, margin, margin, margin)
    column.setSpacing(margin)
    for at, widget in enumerate(contents):
        column.addWidget(widget, 1 if at == 0 and stretch_first else 0)
    return frame


class Dock(QDockWidget):
    """A view in a card that can be moved, floated and hidden; its head says what one can do."""

    def __init__(self, name: str, hint: str, view: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setObjectName(f"dock-{name.lower()}")
        self.view = view
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 8, 14, 0)
        title = QLabel(name)
        bold = title.font()
        bold.setBold(True)
        title.setFont(bold)
        row.addWidget(title)
        words = QLabel(hint)
        words.setProperty("tone", "muted")
        row.addWidget(words)
        row.addStretch(1)
        # The card is the dock's content; an empty title bar leaves Qt's own out of the picture.
        frame = QFrame()
        frame.setProperty("card", "true")
        column = QVBoxLayout(frame)
        column.setContentsMargins(2, 0, 2, 6)
        column.setSpacing(2)
        if hint or name:
            column.addWidget(head)
        column.addWidget(view, 1)
        self.setWidget(frame)
        empty = QWidget()
        empty.setFixedHeight(0)
        self.setTitleBarWidget(empty)
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
