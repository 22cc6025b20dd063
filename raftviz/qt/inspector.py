"""The inspector: the fields of what is selected, each of which can be asked why, and its last event."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.inspection import Inspection, inspect
from raftviz.picture.marked import Marked
from raftviz.picture.primitives import Picked, PickedField
from raftviz.qt.fonts import mono_font
from raftviz.qt.guard import guarded
from raftviz.qt.worded import Worded
from raftviz.sim.history import Moment


class Inspector(QScrollArea):
    """Shows one ``Inspection``; its labels are kept and given new words as time goes on."""

    why_wanted = Signal()
    """Somebody wants to know what led to what is shown."""
    field_asked = Signal(object)
    """Somebody wants to know why a field is what it is: a ``PickedField``."""
    word_wanted = Signal(str)
    """Somebody wants to look up a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Inspector")
        page = QWidget()
        self.setWidget(page)
        column = self._column = QVBoxLayout(page)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(4)
        self._title = QLabel()
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        self._title.setFont(font)
        self._title.setWordWrap(True)
        self._subtitle = QLabel()
        self._subtitle.setProperty("tone", "muted")
        self._subtitle.setWordWrap(True)
        self.why = QPushButton("Why?")
        self.why.setToolTip("See what led to it and what it caused   Q")
        self.why.setAutoDefault(True)  # Enter presses it
        self.why.clicked.connect(self.why_wanted)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.why, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self._subtitle)
        column.addSpacing(10)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)
        column.addLayout(self._grid)
        column.addSpacing(16)
        self._last = Worded()
        self._last.setWordWrap(True)
        self._last.word_wanted.connect(self.word_wanted)
        column.addWidget(self._last)
        column.addStretch(1)
        self._rows: list[tuple[Worded, _Value]] = []
        self._shown: Inspection | None = None

    def show_moment(
        self, moment: Moment, picked: Picked | None, marked: Sequence[Marked] = ()
    ) -> None:
        """Look at ``picked`` as it is at a moment; ``marked`` are bookmarks, for what they note."""
        inspection = inspect(moment, picked, marked)
        if inspection == self._shown:
            return
        self._shown = inspection
        _say(self._title, inspection.title)
        _say(self._subtitle, inspection.subtitle)
        self._show_rows(inspection)
        self._last.say(inspection.last)
        self._last.setVisible(bool(inspection.last))
        # At once: while time passes, the next frame would come before Qt's own turn to lay out.
        self._column.activate()

    def _show_rows(self, inspection: Inspection) -> None:
        while len(self._rows) < len(inspection.rows):
            at = len(self._rows)
            key, value = Worded(), _Value()
            key.word_wanted.connect(self.word_wanted)
            key.setFont(mono_font(9.5))
            key.setProperty("tone", "muted")
            key.setAlignment(Qt.AlignmentFlag.AlignTop)
            value.setFont(mono_font(9.5, bold=True))
            value.asked.connect(self.field_asked)
            self._grid.addWidget(key, at, 0)
            self._grid.addWidget(value, at, 1)
            self._rows.append((key, value))
        for at, (key, value) in enumerate(self._rows):
            shown = at < len(inspection.rows)
            key.setVisible(shown)
            value.setVisible(shown)
            if shown:
                field, words = inspection.rows[at]
                asks = inspection.asks(inspection.rows[at])
                key.say(field)
                value.show_value(words, PickedField(inspection.owner, field) if asks else None)

    def value_of(self, key: str) -> QLabel | None:
        """The label that shows a field's value."""
        shown = self._shown
        keys = [field for field, _ in shown.rows] if shown is not None else []
        return self._rows[keys.index(key)][1] if key in keys else None


class _Value(QLabel):
    """A field's value; where one can ask why it is so, by a click or by Enter."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._field: PickedField | None = None
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def show_value(self, words: str, field: PickedField | None) -> None:
        """Show a value; ``field`` is what can be asked why it is so."""
        _say(self, words)
        if field == self._field:
            return
        self._field = field
        asks = field is not None
        self.setProperty("asks", "true" if asks else "false")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if asks else Qt.FocusPolicy.NoFocus)
        tip = f"Why is {field.field} so? Click, or press Enter." if field is not None else ""
        self.setToolTip(tip)
        if asks:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        else:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.setCursor(Qt.CursorShape.IBeamCursor)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click asks."""
        inside = self.rect().contains(event.position().toPoint())
        if self._field is not None and event.button() is Qt.MouseButton.LeftButton and inside:
            self.asked.emit(self._field)
        else:
            super().mouseReleaseEvent(event)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks."""
        if self._field is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit(self._field)
        else:
            super().keyPressEvent(event)


def _say(label: QLabel, text: str) -> None:
    if label.text() != text:  # a new text lays out the page anew
        label.setText(text)
