"""A combo box in the window's dress, with an arrow in the colour of its words."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from raftviz.qt.guard import guarded


class Chooser(QComboBox):
    """One of several words."""

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """The box as the style sheet has it, which leaves out the arrow."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setPen(self.palette().buttonText().color())
            room = self.rect().adjusted(0, 0, -8, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "▾")
