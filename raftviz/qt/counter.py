"""A box for a number in the window's dress, with arrows in the colour of its figures."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSpinBox, QStyle, QStyleOptionSpinBox, QWidget

from raftviz.qt.guard import guarded

_PARTS = {
    "▴": QStyle.SubControl.SC_SpinBoxUp,
    "▾": QStyle.SubControl.SC_SpinBoxDown,
}


class Counter(QSpinBox):
    """A number from ``low`` to ``high``; ``tip`` says what it is."""

    def __init__(
        self, low: int, high: int, value: int, tip: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.setValue(value)
        self.setToolTip(tip)
        self.lineEdit().setTextMargins(6, 0, 0, 0)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """The box as the style sheet has it, which leaves out the arrows."""
        super().paintEvent(event)
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        with QPainter(self) as painter:
            painter.setPen(self.palette().buttonText().color())
            for arrow, part in _PARTS.items():
                room: QRect = self.style().subControlRect(
                    QStyle.ComplexControl.CC_SpinBox, option, part, self
                )
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, arrow)
