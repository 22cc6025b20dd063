"""Half a minute of pointing at things: what is where, and what one can do with it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from raftviz.qt.guard import guarded
from raftviz.qt.overlay import Overlay
from raftviz.raft.values import value

if TYPE_CHECKING:
    from raftviz.qt.window import Window

_DIMMED = 140
_BUBBLE_WIDTH = 380
_GAP = 14


@value
class Stop:
    """Something to point at, and what to say of it."""

    title: str
    words: str
    place: Callable[["Window"], QRect]


def _rect_of(window: "Window", widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def _dock(name: str) -> Callable[["Window"], QRect]:
    return lambda window: _rect_of(window, window.docks[name])


STOPS = (
    Stop(
        "These are the servers",
        "Each circle is a server of the cluster, each sign between them a message on its way. The "
        "colour is the term. Click a server or a message to see all about it.",
        lambda window: _rect_of(window, window.canvas),
    ),
    Stop(
        "You can break things",
        "Crash the leader with this button, or with K. A right click on anything shows what can be "
        "done to it; drag a line across the picture to cut the network in two.",
        lambda window: _rect_of(window, window.transport.button("crash")),
    ),
    Stop(
        "Time is yours",
        "Space lets time pass or stops it at once. The arrow keys go one event on, and one back.",
        lambda window: _rect_of(window, window.transport.button("play")),
    ),
    Stop(
        "Rewind, and do something else",
        "Drag here to go back to any instant. Whatever you do there opens a branch: another future. "
        "The old one stays, and you can compare the two.",
        _dock("Timeline"),
    ),
    Stop(
        "Nothing happens without a reason",
        "Here stands what just happened and the rule of the paper behind it.",
        lambda window: _rect_of(window, window.why),
    ),
    Stop(
        "The logs",
        "What each server has written, entry by entry: solid when committed, dashed when not.",
        _dock("Logs"),
    ),
)
"""Where the tour goes."""


class Tour(Overlay):
    """Dims the window but for one thing at a time, with a few words beside it."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self.at = 0
        self.setAccessibleName("Tour")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._bubble = QFrame(self)
        self._bubble.setProperty("card", "true")
        self._bubble.setFixedWidth(_BUBBLE_WIDTH)
        column = QVBoxLayout(self._bubble)
        column.setContentsMargins(18, 16, 18, 14)
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        self.title = QLabel()
        self.title.setProperty("tone", "accent")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.skip = QPushButton("Skip")
        self.back = QPushButton("Back")
        self.on = QPushButton("Next")
        self.on.setProperty("primary", "true")
        row = QHBoxLayout()
        row.addWidget(self.skip)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.on)
        for label in (self._count, self.title, self.words):
            column.addWidget(label)
        column.addSpacing(6)
        column.addLayout(row)
        self.skip.clicked.connect(self.end)
        self.back.clicked.connect(lambda: self.go(self.at - 1))
        self.on.clicked.connect(lambda: self.go(self.at + 1))

    def begin(self) -> None:
        """Point at the first thing. Time stands still for as long."""
        self._window.conductor.pause()
        self.cover()
        self.go(0)

    def end(self) -> None:
        """Come back to the window as it is."""
        self.hide()
        self._window.canvas.setFocus()

    def go(self, at: int) -> None:
        """Point at another thing; behind the last one the tour ends."""
        if at >= len(STOPS):
            self.end()
            return
        self.at = max(0, at)
        stop = STOPS[self.at]
        self._count.setText(f"{self.at + 1} of {len(STOPS)}")
        self.title.setText(stop.title)
        self.words.setText(stop.words)
        self.back.setEnabled(self.at > 0)
        self.on.setText("Done" if self.at == len(STOPS) - 1 else "Next")
        self._place_bubble()
        self.setFocus()  # and not a button, which would keep the arrow keys for itself
        self.update()

    def hole(self) -> QRect:
        """What is pointed at, in the window's pixels."""
        return STOPS[self.at].place(self._window).adjusted(-6, -6, 6, 6)

    def _place_bubble(self) -> None:
        """Where there is most room: beside, below or above what is pointed at, or else on it."""
        self._bubble.adjustSize()
        size, hole, room = self._bubble.size(), self.hole(), self.rect()
        places = (
            QPoint(hole.right() + _GAP, hole.center().y() - size.height() // 2),
            QPoint(hole.center().x() - size.width() // 2, hole.bottom() + _GAP),
            QPoint(hole.center().x() - size.width() // 2, hole.top() - _GAP - size.height()),
            QPoint(hole.left() - _GAP - size.width(), hole.center().y() - size.height() // 2),
        )
        inside = room.adjusted(8, 8, -8, -8)
        for place in places:
            left = min(max(place.x(), inside.left()), inside.right() - size.width())
            top = min(max(place.y(), inside.top()), inside.bottom() - size.height())
            if not QRect(QPoint(left, top), size).intersects(hole):
                self._bubble.move(left, top)
                return
        self._bubble.move(hole.center() - self._bubble.rect().center())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """A dark sheet with a hole."""
        sheet = QPainterPath()
        sheet.addRect(QRectF(self.rect()))
        sheet.addRoundedRect(QRectF(self.hole()), 10, 10)
        with QPainter(self) as p:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            p.fillPath(sheet, QColor(0, 0, 0, _DIMMED))

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """While it is here, keys are the tour's: they step no events."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002
        """Keep beside what is pointed at."""
        if self.isVisible():
            self._place_bubble()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go on and back, Esc leaves."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.go(self.at + 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.go(self.at - 1)
        elif key == Qt.Key.Key_Escape:
            self.end()
