"""The logs as a widget: a grid that paints no more than what is in view."""

from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolButton, QWidget

from raftviz.picture.logs import LogRow, LogsTable, hosts_at, table_of
from raftviz.picture.logs_grid import LogGrid, cell_words, mark_words, row_words
from raftviz.picture.primitives import PickedEntry, PickedServer
from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.accessible import Thing
from raftviz.qt.guard import guarded
from raftviz.qt.kept import KeptPaintings
from raftviz.qt.logs_go import GoToEntry
from raftviz.qt.logs_paint import paint_logs, paint_title
from raftviz.qt.logs_style import LogStyle
from raftviz.qt.plain import show_tip
from raftviz.qt.timeline_style import pen
from raftviz.raft.names import name
from raftviz.sim.history import Moment

_EMPTY = "no entries yet: the first leader will append one"


class LogsView(QAbstractScrollArea):
    """All servers' logs by index, at one moment."""

    entry_picked = Signal(int, int, int)
    """Somebody clicked at an entry: the server, the index and the entry's term."""
    server_picked = Signal(int)
    """Somebody chose a server by its name or with the arrow keys."""
    context_wanted = Signal(object, QPoint)
    """Somebody wants to know what can be done with an entry or a server, at a global position."""

    def __init__(
        self, parent: QWidget | None = None, *, theme: Theme = LIGHT, titled: bool = True
    ) -> None:
        super().__init__(parent)
        self._style = LogStyle.of(theme, self.font(), titled=titled)
        self._kept = KeptPaintings()
        self._table: LogsTable | None = None
        self._seen: tuple[object, ...] = ()
        self._moment: Moment | None = None
        self._selected = 0
        self._entry = 0
        self._follows = True
        self._moves_itself, self._buttons_px = False, 0
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Logs")
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self.horizontalScrollBar().valueChanged.connect(self._scrolled)
        self._button = QToolButton(self.viewport())
        self._button.setText("follow the newest →")
        self._button.setToolTip("Show new entries as they come (End)")
        self._button.setAccessibleName("Follow the newest entry")
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._button.clicked.connect(self.follow_head)
        self._button.hide()
        self._marked = 0
        self.going = GoToEntry(self.viewport())
        self.going.wanted.connect(self.go_to)
        self.going.resized.connect(self._place_button)
        self.going.left.connect(self.setFocus)
        self._dress()

    # What is shown

    def show_moment(self, moment: Moment) -> None:
        """Show the logs as they are at ``moment``."""
        if self._moment is None or moment.history is not self._moment.history:
            self._follows, self._seen, self._marked = True, (), 0
        self._moment = moment
        hosts = hosts_at(moment)
        seen = (*map(id, hosts.values()), id(moment.last), self._selected)
        if seen == self._seen:  # only time went by
            return
        table, self._seen = table_of(hosts, moment.last, self._selected), seen
        if table == self._table:  # a heartbeat, say, which leaves the logs as they are
            return
        self._table = table
        self._fit()
        self._describe(self._table)
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._style = LogStyle.of(theme, self.font(), titled=self._style.titled)
        self._dress()
        self.viewport().update()

    def set_selected(self, server: int, entry: int = 0) -> None:
        """Highlight a server's row (0: none); if it leads, its view of the others is shown.

        ``entry`` is the index of the entry that is selected in it, 0 for none.
        """
        self._selected, self._entry, self._seen = server, entry, ()
        if self._moment is not None:
            self.show_moment(self._moment)
        if entry:
            self._bring_into_view(entry)
        self.viewport().update()

    def _bring_into_view(self, index: int) -> None:
        grid, across = self._grid(), self.horizontalScrollBar()
        left, right = grid.x(index), grid.x(index + 1)
        if left < grid.left:
            across.setValue(across.value() - round(grid.left - left))
        elif right > grid.width:
            across.setValue(across.value() + round(right - grid.width))

    def follow_head(self) -> None:
        """Keep the newest entries in view from now on."""
        self._follows, self._marked = True, 0
        self._fit()
        self.viewport().update()

    def ask_entry(self) -> None:
        """Let somebody type the index of an entry to look at."""
        self.going.set_last(self._table.last_index if self._table is not None else 0)
        self.going.ask()

    def go_to(self, index: int) -> None:
        """Show an entry in the middle of the view, with a mark round its column."""
        grid = self._grid()
        self._follows, self._marked = False, index
        half = (grid.width - grid.left) / 2
        wanted = (index - 0.5) * grid.column - half
        self._moves_itself = True
        try:
            self.horizontalScrollBar().setValue(round(wanted / grid.column) * round(grid.column))
        finally:
            self._moves_itself = False
        self._place_button()
        self.viewport().update()

    @property
    def follows(self) -> bool:
        """Whether the newest entries are kept in view."""
        return self._follows

    def _describe(self, table: LogsTable) -> None:
        leader = f"S{table.leader} leads" if table.leader else "nobody leads"
        words = f"{leader}; commit index {table.commit_index}; last index {table.last_index}"
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def _dress(self) -> None:
        theme, self._kept = self._style.theme, KeptPaintings()
        for widget in (self._button, self.going.button, self.going.field):
            widget.setFont(self._style.small)
        sheet = (
            f"QToolButton {{ color: {theme.accent}; background: {theme.accent_soft};"
            f" border: 1px solid {theme.accent}; border-radius: 4px; padding: 1px 6px; }}"
            f" QToolButton:hover, QToolButton:focus {{ border-width: 2px; padding: 0px 5px; }}"
            f" QLineEdit {{ border: 2px solid {theme.accent}; border-radius: 4px; padding: 0 4px; }}"
        )
        self._button.setStyleSheet(sheet)
        self.going.setStyleSheet(sheet)
        self._place_button()

    # Scrolling

    def _grid(self) -> LogGrid:
        count = len(self._table.rows) if self._table else 5
        size = self.viewport().size()
        grid = self._style.grid(count, size.width(), size.height())
        scroll = (self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        return LogGrid(
            grid.left,
            grid.top,
            grid.column,
            grid.pitch,
            grid.marks,
            grid.width,
            grid.height,
            *scroll,
        )

    def _fit(self) -> None:
        """Let the scroll bars reach all entries, and stay at the newest if they are followed."""
        table = self._table
        grid = self._grid()
        last, count = (table.last_index, len(table.rows)) if table else (0, 0)
        self._moves_itself = True
        try:
            across, down = self.horizontalScrollBar(), self.verticalScrollBar()
            across.setPageStep(max(1, int(grid.width - grid.left)))
            across.setSingleStep(int(grid.column))
            across.setRange(0, grid.farthest(last))
            down.setPageStep(max(1, int(grid.height - grid.top)))
            down.setSingleStep(int(grid.pitch))
            down.setRange(0, max(0, int(grid.top + count * grid.pitch - grid.height - 2)))
            if self._follows:
                across.setValue(across.maximum())
        finally:
            self._moves_itself = False
        self._place_button()

    def _scrolled(self, value: int) -> None:
        """Scrolling back stops following, scrolling to the end takes it up again."""
        if not self._moves_itself:
            self._follows = value >= self.horizontalScrollBar().maximum()
            self._place_button()
            self.viewport().update()

    def _place_button(self) -> None:
        """The buttons at the right, as wide as they are now."""
        right = self.viewport().width() - 8
        self._button.setVisible(not self._follows)
        for widget in (self.going, self._button):
            size = widget.sizeHint()
            top = 3 if self._style.titled else self.viewport().height() - size.height() - 4
            widget.setGeometry(QRect(right - size.width(), top, size.width(), size.height()))
            if not widget.isHidden():
                right -= size.width() + 4
        self._buttons_px = self.viewport().width() - right

    # What Qt asks

    def sizeHint(self) -> QSize:
        """Five rows."""
        return QSize(720, 180)

    def minimumSizeHint(self) -> QSize:
        """Three rows and three columns."""
        return QSize(300, 120)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """What is in view."""
        style, area = self._style, QRectF(self.viewport().rect())
        with QPainter(self.viewport()) as painter:
            painter.fillRect(area, QColor(style.theme.surface))
            paint_title(painter, self._table, style, area.width() - self._buttons_px)
            if self._table is not None:
                grid = self._grid()
                paint_logs(painter, self._table, grid, style, self._selected, self._kept)
                self._paint_mark(painter, grid)
                self._paint_entry(painter, self._table, grid)
                if not self._table.last_index:
                    painter.setFont(style.small)
                    painter.setPen(QColor(style.theme.muted))
                    painter.drawText(
                        area.adjusted(grid.left, grid.top, 0, 0),
                        Qt.AlignmentFlag.AlignCenter,
                        _EMPTY if self._table.is_told else "",
                    )
            if self.hasFocus():
                painter.setPen(pen(style.theme.accent, 2.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(area.adjusted(1, 1, -1, -1))

    def _paint_entry(self, painter: QPainter, table: LogsTable, grid: LogGrid) -> None:
        """A frame around the entry that is selected."""
        rows = [at for at, row in enumerate(table.rows) if row.server == self._selected]
        if not self._entry or not rows or grid.x(self._entry) < grid.left - grid.column:
            return
        height = grid.pitch - grid.marks
        box = QRectF(grid.x(self._entry) + 1.5, grid.y(rows[0]) + 1, grid.column - 3, height - 1)
        painter.save()
        painter.setClipRect(QRectF(grid.left - 3, grid.top - 2, grid.width, grid.height))
        painter.setPen(pen(self._style.theme.accent, 2.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), 5, 5)
        painter.restore()

    def _paint_mark(self, painter: QPainter, grid: LogGrid) -> None:
        """A frame round the column that somebody went to."""
        left = grid.x(self._marked)
        if self._marked and left >= grid.left - 1:
            high = grid.y(len(self._table.rows) if self._table else 0) - grid.top
            unit = self._style.unit
            frame = QRectF(left - 1, grid.top - 14 * unit, grid.column + 2, high + 14 * unit)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen(self._style.theme.accent, 1.6 * unit))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 4, 4)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002
        """Fit the scroll bars to the new size."""
        self._fit()

    @guarded
    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002
        """Paint anew: the names stay where they are."""
        self.viewport().update()

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Sizes follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._style = LogStyle.of(self._style.theme, self.font(), titled=self._style.titled)
            self._dress()
            self._fit()

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the focus is gone."""
        super().focusOutEvent(event)
        self.viewport().update()

    # What a person does

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the entry or the server that is there."""
        if event.button() != Qt.MouseButton.LeftButton or self._table is None:
            return
        found = self._found(event.position())
        if isinstance(found, PickedEntry):
            self.entry_picked.emit(found.server, found.index, found.term)
        elif found is not None:
            self.server_picked.emit(found.id)

    def _found(self, position: QPointF) -> PickedEntry | PickedServer | None:
        """What is at a place in the viewport."""
        table, grid = self._table, self._grid()
        at = grid.row_at(position.y(), len(table.rows)) if table else None
        if table is None or at is None:
            return None
        return _picked(table.rows[at], grid.index_at(position.x()))

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right mouse button, or the menu key for the selected row."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            rows = self._table.rows if self._table is not None else ()
            row = next((row for row in rows if row.server == self._selected), None)
            found = _picked(row, self._entry) if row is not None else None
            where = self.viewport().rect().center()
        else:
            found, where = self._found(QPointF(event.pos())), event.pos()
        if found is not None:
            self.context_wanted.emit(found, self.viewport().mapToGlobal(where))

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a click, which was told of at its beginning."""
        event.accept()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End follows the newest; pages scroll; up and down choose a server; the rest is not ours."""
        across = self.horizontalScrollBar()
        match event.key():
            case Qt.Key.Key_End:
                self.follow_head()
            case Qt.Key.Key_PageUp:
                across.setValue(across.value() - across.pageStep())
            case Qt.Key.Key_PageDown:
                across.setValue(across.value() + across.pageStep())
            case Qt.Key.Key_Up | Qt.Key.Key_Down if self._table is not None:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                chosen = min(max(self._selected + step, 1), len(self._table.rows))
                self.server_picked.emit(chosen)
            case _:
                event.ignore()

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll along the index; with shift, or when there is nothing to the sides, down."""
        turned = event.angleDelta()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        vertical = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and down.maximum() > 0
        bar = down if vertical or across.maximum() == 0 else across
        delta = turned.y() or turned.x()
        bar.setValue(bar.value() - round(delta / 120 * 2 * bar.singleStep()))
        event.accept()

    @guarded(default=False)
    def viewportEvent(self, event: QEvent) -> bool:
        """Say what is pointed at."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def accessible_things(self) -> list[Thing]:
        """The servers and the entries in view, for screen readers."""
        table, grid = self._table, self._grid()
        if table is None:
            return []
        first, last = grid.columns
        things = []
        for at in grid.rows(len(table.rows)):
            row = table.rows[at]
            server, y = row.server, grid.y(at)
            head = QRectF(0, y, grid.left, grid.pitch).toRect()
            pick = partial(self.server_picked.emit, server)
            things.append(Thing((server, 0), row_words(row), "", head, pick))
            for index in range(first, min(last, table.last_index) + 1):
                words = cell_words(table, row, index)
                if words:
                    box = QRectF(grid.x(index), y, grid.column, grid.pitch).toRect()
                    title, _, more = f"{name(server)}, {words}".partition(": ")
                    found = _picked(row, index)
                    if isinstance(found, PickedEntry):
                        pick = partial(self.entry_picked.emit, server, index, found.term)
                    role = QAccessible.Role.Cell
                    things.append(Thing((server, index), title, more, box, pick, role=role))
        return things

    def words_at(self, position: QPointF) -> str:
        """What is to be said about what stands at a place in the viewport; empty for nothing."""
        table, grid = self._table, self._grid()
        at = grid.row_at(position.y(), len(table.rows)) if table else None
        if table is None or at is None:
            return ""
        row, index = table.rows[at], grid.index_at(position.x())
        if not index:
            return row_words(row)
        marked = mark_words(table, row, index) if grid.is_mark(position.y()) else ""
        return marked or cell_words(table, row, index)


def _picked(row: LogRow, index: int) -> PickedEntry | PickedServer:
    """The entry with this index, if the row knows it; else its server."""
    entries = row.log.recall(index, index) if 0 < index <= row.log.last_index else ()
    if not entries:
        return PickedServer(row.server)
    return PickedEntry(row.server, index, entries[0].term)
