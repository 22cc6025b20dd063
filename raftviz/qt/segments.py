"""A lesson's steps as a row of segments: which are done, and which one it is."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.guard import guarded
from raftviz.qt.plain import show_tip

_HEIGHT = 6


class Segments(QWidget):
    """``picked`` carries the number of a step."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme = LIGHT
        self._titles: list[str] = []
        self._at = 0
        self._done: set[int] = set()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Steps of the lesson")
        self.setFixedHeight(18)

    @guarded(default=QSize(200, 18))
    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(200, 18)

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._theme = theme
        self.update()

    def show_steps(self, titles: list[str], at: int, done: set[int]) -> None:
        """The steps' titles, which one it is, and which are done."""
        self._titles, self._at, self._done = titles, at, done
        self.setAccessibleDescription(f"Step {at + 1} of {len(titles)}: {titles[at]}")
        self.update()

    def _box(self, number: int) -> QRectF:
        pitch = self.width() / max(1, len(self._titles))
        return QRectF(number * pitch, (self.height() - _HEIGHT) / 2, pitch - 6, _HEIGHT)

    def step_at(self, where: QPointF) -> int | None:
        """The step at a place."""
        number = int(where.x() / (self.width() / max(1, len(self._titles))))
        return number if 0 <= number < len(self._titles) else None

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """A bar a step: filled when done, thick where one is."""
        theme = self._theme
        with QPainter(self) as p:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            p.setPen(Qt.PenStyle.NoPen)
            for number in range(len(self._titles)):
                box = self._box(number)
                if number == self._at:
                    box.adjust(0, -2, 0, 2)
                lit = number in self._done or number == self._at
                p.setBrush(QColor(theme.accent if lit else theme.edge))
                p.drawRoundedRect(box, 3, 3)
            if self.hasFocus():
                p.setBrush(Qt.BrushStyle.NoBrush)
                p.setPen(QColor(theme.accent))
                p.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click goes to a step."""
        number = self.step_at(event.position())
        if number is not None:
            self.picked.emit(number)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go from step to step; left and right step events, as everywhere."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.picked.emit(min(max(0, self._at + step), len(self._titles) - 1))
        else:
            super().keyPressEvent(event)

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """Pointing at a step says its title."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self.step_at(QPointF(event.pos()))
            if number is not None:
                show_tip(event.globalPos(), self._titles[number], self)
            return True
        return super().event(event)
