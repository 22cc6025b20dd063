"""The way through the lessons: a stop each, from the first to the last, and how far one has come."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from raftviz.qt.guard import guarded
from raftviz.qt.plain import plain_tip
from raftviz.session.glances import Glance
from raftviz.session.progress import Progress, ProgressError

_MOST = 24
"""Stops that there is room for."""


def steps_done(found: Glance, progress: Progress | None) -> int:
    """How many steps of a lesson are done; none if nothing is kept."""
    try:
        return 0 if progress is None else len(progress.standing(found.name).steps)
    except ProgressError:
        return 0


class Way(QWidget):
    """A small button a lesson; ``wanted`` carries the file of one that is to be opened."""

    wanted = Signal(str)

    def __init__(self, lessons: Sequence[Glance], progress: Progress | None) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        about = QLabel()
        about.setProperty("tone", "accent")
        column.addWidget(about)
        row = QHBoxLayout()
        row.setSpacing(4)
        self.stops: dict[str, QToolButton] = {}
        finished = 0
        for found in lessons:
            done = steps_done(found, progress)
            finished += done >= found.steps
            if len(self.stops) < _MOST:
                row.addWidget(self._stop(found, done))
        row.addStretch(1)
        column.addLayout(row)
        about.setText(f"Your way: {finished} of {len(lessons)} lessons")

    def _stop(self, found: Glance, done: int) -> QToolButton:
        steps = found.steps
        stop = _Stop()
        stop.setText("✓" if done >= steps else str(found.order))
        stop.setProperty("stop", "done" if done >= steps else "begun" if done else "ahead")
        how_far = "done" if done >= steps else f"{done} of {steps} steps" if done else "not begun"
        words = f"{found.order}. {found.title}: {how_far}"
        stop.setToolTip(plain_tip(words))
        stop.setAccessibleName(words)
        stop.clicked.connect(lambda _=False: self.wanted.emit(str(found.path)))
        self.stops[found.name] = stop
        return stop


class _Stop(QToolButton):
    """Enter is as good as Space."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 4)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it."""
        if Qt.Key(event.key()) in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
