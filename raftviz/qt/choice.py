"""A button that is one of several answers."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

from raftviz.qt.guard import guarded


class Choice(QPushButton):
    """An answer; Space and Enter choose it while it has the keys, whatever they do elsewhere."""

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """Keep the two keys from the window's commands."""
        asks = event.type() == QEvent.Type.ShortcutOverride
        if asks and isinstance(event, QKeyEvent) and Qt.Key(event.key()) in _CHOOSES:
            event.accept()
            return True
        return super().event(event)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is as good as Space."""
        if Qt.Key(event.key()) in _CHOOSES:
            self.click()
        else:
            super().keyPressEvent(event)


_CHOOSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
