"""The chart of clients' operations under mouse and keys."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from raftviz.picture.operations import Operation, Operations
from raftviz.picture.operations_chart import (
    Chart,
    bar_at,
    chart,
    next_operation,
    operation_words,
)
from raftviz.picture.theme import LIGHT, Theme
from raftviz.picture.time_window import TimeWindow
from raftviz.qt.clients_paint import (
    Rows,
    paint_ahead,
    paint_chart,
    paint_clients,
    paint_time,
    rows_of,
)
from raftviz.qt.guard import guarded
from raftviz.qt.plain import show_tip
from raftviz.qt.timeline_style import Style, pen
from raftviz.sim.history import Moment

_ZOOM_PER_NOTCH, _NOTCH = 1.25, 120.0
_REACH_PX = 4.0


class ClientsChart(QAbstractScrollArea):
    """A row a client; bars, a cursor, an axis."""

    seek_wanted = Signal("qlonglong")  # type: ignore[arg-type]  # a time in µs outgrows 32 bits
    """Somebody wants to look at this instant, in µs."""
    event_wanted = Signal(int)
    """The number of an event that somebody wants to go to."""
    selected = Signal(object)
    """Another ``Operation`` is chosen, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = Style.of(LIGHT, self.font(), titled=False)
        self._operations: Operations | None = None
        self._moment: Moment | None = None
        self._window = TimeWindow(1000.0)
        self._chart: Chart | None = None
        self._made_of: tuple[object, ...] = ()
        self._chosen: Operation | None = None
        self._pressed: QPointF | None = None
        self._scrubs = False
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("Operations of clients")
        self.setAccessibleDescription(
            "Up and down choose an operation, Enter goes to its call, Shift and Enter to its answer."
        )

    # What is shown

    def show_operations(self, operations: Operations, moment: Moment, *, anew: bool) -> None:
        """Show a branch's operations with the cursor at a moment; ``anew`` for another history."""
        if anew:
            self._window = TimeWindow(self._window.scale.width)
            self._choose(None)
        if self._chosen is not None and operations is not self._operations:
            self._choose(_same(operations, self._chosen))
        self._operations, self._moment = operations, moment
        head = max(moment.branch.time_at(len(moment.branch)), moment.time_us)
        self._window.show(moment.time_us, head)
        self._fit_rows()
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._style = Style.of(theme, self.font(), titled=False)
        self._made_of = ()
        self.viewport().update()

    def fit_all(self) -> None:
        """Show everything from the beginning to the simulated end."""
        self._window.fit()
        self.viewport().update()

    @property
    def chosen(self) -> Operation | None:
        """The operation that is chosen."""
        return self._chosen

    def _seen(self) -> Chart:
        """What is in view; made anew only when something of it has changed."""
        operations = self._operations
        assert operations is not None
        scale, head = self._window.scale, self._window.head_us
        waiting = operations.is_waiting
        made_of = (operations, operations.changes, scale, head if waiting else 0)
        if self._chart is None or made_of != self._made_of:
            self._made_of = made_of
            self._chart = chart(operations, scale, operations.clients, head)
        return self._chart

    def _rows(self) -> Rows:
        height = self.viewport().height()
        return rows_of(self._style, height, self.verticalScrollBar().value())

    def _fit_rows(self) -> None:
        count = len(self._operations.clients) if self._operations is not None else 0
        rows, bar = self._rows(), self.verticalScrollBar()
        bar.setPageStep(int(rows.height))
        bar.setSingleStep(int(rows.pitch))
        bar.setRange(0, max(0, int(count * rows.pitch - rows.height)))

    # What Qt asks

    @guarded(default=QSize(600, 140))
    def sizeHint(self) -> QSize:
        """A few rows."""
        return QSize(600, 140)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Rows, bars, axis and cursor."""
        style, area = self._style, QRectF(self.viewport().rect())
        with QPainter(self.viewport()) as painter:
            painter.fillRect(area, QColor(style.theme.surface))
            if self._operations is not None and self._moment is not None:
                self._paint(painter, area)
            if self.hasFocus():
                painter.setPen(pen(style.theme.accent, 2.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(area.adjusted(1, 1, -1, -1))

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        assert self._moment is not None
        style, scale, rows, seen = self._style, self._window.scale, self._rows(), self._seen()
        painter.save()
        painter.setClipRect(area.adjusted(style.gutter, 0, 0, 0))
        painter.translate(style.gutter, 0)
        paint_ahead(painter, rows, scale, style, self._window.head_us)
        painter.save()
        painter.setClipRect(QRectF(0, rows.top - 12, scale.width, rows.height + 12))
        paint_chart(painter, seen, rows, scale, style, self._chosen)
        painter.restore()
        paint_time(painter, rows, scale, style, self._moment.time_us)
        painter.restore()
        painter.save()
        painter.setClipRect(QRectF(0, 0, style.gutter, rows.top + rows.height))
        paint_clients(painter, seen, rows, style)
        painter.restore()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The same part of time from the left, in another width."""
        super().resizeEvent(event)
        self._window.resize(self.viewport().width() - self._style.gutter)
        self._fit_rows()

    @guarded
    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002
        """Names and bars move, the axis stays."""
        self.viewport().update()

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Sizes follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._style = Style.of(self._style.theme, self.font(), titled=False)
            self._window.resize(self.viewport().width() - self._style.gutter)
            self._fit_rows()

    # What a person does

    def operation_at(self, at: QPointF) -> Operation | None:
        """The operation under a point of the viewport."""
        if self._operations is None or at.x() < self._style.gutter:
            return None
        row = self._rows().row_at(at.y())
        return bar_at(self._seen(), at.x() - self._style.gutter, row, _REACH_PX)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the cursor there, or choose the operation that is there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            if self.operation_at(event.position()) is None:
                self._scrub_to(event.position())

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the cursor, or see what can be clicked."""
        at = event.position()
        if self._pressed is not None:
            if self._scrubs or abs(at.x() - self._pressed.x()) > _REACH_PX:
                self._scrub_to(at)
            return
        hand = self.operation_at(at) is not None
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        )

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that was no drag chooses what is there."""
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        clicked, self._pressed, self._scrubs = not self._scrubs, None, False
        if clicked:
            self._choose(self.operation_at(event.position()))

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """An operation: to its call. Nothing: see all."""
        operation = self.operation_at(event.position())
        if operation is None:
            self.fit_all()
        else:
            self.event_wanted.emit(operation.call)

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; with shift, or sideways, pan; with ctrl, scroll the clients."""
        turned, modifiers = event.angleDelta(), event.modifiers()
        sideways = abs(turned.x()) > abs(turned.y())
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() - round(turned.y() / _NOTCH * bar.singleStep()))
        elif sideways or modifiers & Qt.KeyboardModifier.ShiftModifier:
            notches = (turned.x() if sideways else turned.y()) / _NOTCH
            self._window.pan(-notches * 0.12 * self._window.scale.width)
        elif turned.y():
            x = event.position().x() - self._style.gutter
            self._window.zoom(_ZOOM_PER_NOTCH ** (turned.y() / _NOTCH), x)
        self.viewport().update()
        event.accept()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose, Enter goes there."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.choose_next(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(to_answer=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    @guarded(default=False)
    def viewportEvent(self, event: QEvent) -> bool:
        """Say what is pointed at."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def words_at(self, at: QPointF) -> str:
        """What is to be said about what stands at a point; empty for nothing."""
        operation = self.operation_at(at)
        return operation_words(operation, self._window.head_us) if operation is not None else ""

    def choose_next(self, step: int) -> None:
        """Choose the next operation in the order of calls, or the last."""
        if self._operations is None or self._moment is None:
            return
        found = next_operation(self._operations, self._chosen, self._moment.count, step)
        if found is not None:
            self._choose(found)
            self._window.bring(found.call_us)
            row = self._operations.clients.index(found.client)
            self._show_row(row)

    def _show_row(self, row: int) -> None:
        rows, bar = self._rows(), self.verticalScrollBar()
        top = round(row * rows.pitch)
        bar.setValue(min(max(bar.value(), top + int(rows.pitch - rows.height)), top))

    def _go(self, *, to_answer: bool) -> None:
        if self._chosen is None:
            return
        answer = self._chosen.answer
        if not to_answer:
            self.event_wanted.emit(self._chosen.call)
        elif answer is not None:
            self.event_wanted.emit(answer)

    def _choose(self, operation: Operation | None) -> None:
        if operation is not self._chosen:
            self._chosen = operation
            self.selected.emit(operation)
            self.viewport().update()

    def _scrub_to(self, at: QPointF) -> None:
        self._scrubs = True
        wanted = round(self._window.scale.time_us(at.x() - self._style.gutter))
        self.seek_wanted.emit(min(max(wanted, 0), self._window.head_us))


def _same(operations: Operations, chosen: Operation) -> Operation | None:
    """The operation in another branch, if it was called before the two parted."""
    known = operations.all
    there = known[chosen.number] if chosen.number < len(known) else None
    same = there is not None and (there.call, there.client) == (chosen.call, chosen.client)
    return there if same else None
