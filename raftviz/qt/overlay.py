"""A sheet that lies over a widget and always covers it."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from raftviz.qt.guard import guarded


class Overlay(QWidget):
    """Hidden at first. ``over`` is what it covers, and what it is part of."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        over.installEventFilter(self)
        self.hide()

    @guarded(default=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the size of what is covered."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
        return False

    def cover(self) -> None:
        """Come, over everything."""
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()

    def toggle(self) -> None:
        """Come, or go."""
        if self.isVisible():
            self.hide()
        else:
            self.cover()
