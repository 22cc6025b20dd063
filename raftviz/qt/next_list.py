"""What may happen next as a list: its rows, how they are painted, and what mouse and keys do."""

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from raftviz.picture.flying import face, shape_of
from raftviz.picture.theme import LIGHT, Theme
from raftviz.picture.upcoming import Next, about, due_words, sentence
from raftviz.qt import signs
from raftviz.qt.guard import guarded
from raftviz.qt.message_signs import message
from raftviz.raft.names import name
from raftviz.sim.network import Held
from raftviz.sim.upcoming import Kind, Upcoming

AnyIndex = QModelIndex | QPersistentModelIndex

NOTHING: object = None
"""What a model says where it has nothing to say."""

ROW = Qt.ItemDataRole.UserRole + 1
"""The row itself: an ``Upcoming``."""
ABOUT = Qt.ItemDataRole.UserRole + 2
"""What it is, in the words of the paper."""
DUE = Qt.ItemDataRole.UserRole + 3
"""When it happens by itself, in words."""
FIRST = Qt.ItemDataRole.UserRole + 4
"""Whether it is what happens next by itself."""


class NextModel(QAbstractListModel):
    """The rows. Words are made for the rows that somebody sees."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._next: Next | None = None
        self._rows: tuple[Upcoming, ...] = ()
        self._first: Upcoming | None = None
        self._time_us = 0

    def show_next(self, following: Next, first: Upcoming | None, time_us: int) -> None:
        """Other rows, at an instant. ``first`` happens next by itself."""
        self.beginResetModel()
        self._next, self._rows = following, following.rows
        self._first, self._time_us = first, time_us
        self.endResetModel()

    def row_of(self, wanted: object, *, by: str) -> int:
        """The first row whose ``by`` (``"key"``) is ``wanted``; -1 for none."""
        return next((at for at, row in enumerate(self._rows) if getattr(row, by) == wanted), -1)

    @property
    def rows(self) -> tuple[Upcoming, ...]:
        """All rows."""
        return self._rows

    @guarded(default=0)
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """One row for each thing that may happen."""
        return 0 if parent.isValid() else len(self._rows)

    @guarded(default=NOTHING)
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A row in words."""
        at = index.row()
        if self._next is None or not 0 <= at < len(self._rows):
            return None
        row = self._rows[at]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return sentence(self._next.state, row)
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return self._said(row)
        looks = {ROW: row, FIRST: row is self._first}
        return looks[role] if role in looks else self._below(row, role)

    def _below(self, row: Upcoming, role: int) -> object:
        if role == DUE:
            return due_words(row, self._time_us)
        return about(row) if role == ABOUT else None

    def _said(self, row: Upcoming) -> str:
        assert self._next is not None
        due = due_words(row, self._time_us)
        first = ", next by itself" if row is self._first else ""
        return f"{sentence(self._next.state, row)} {about(row)}: {due}{first}."


class NextDelegate(QStyledItemDelegate):
    """Paints a row: the sign it has on the canvas, its sentence, and below it what and when."""

    def __init__(self, of: QListView) -> None:
        super().__init__(of)
        self._list = of
        self.theme: Theme = LIGHT

    @guarded(default=QSize(100, 40))
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002
        """Two lines of words; all rows are alike, so that thousands are laid out at once."""
        line = QFontMetrics(self._list.font()).lineSpacing()
        return QSize(self._list.viewport().width(), 2 * line + 14)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """One row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect
        self._paint_ground(painter, rect, option.state)
        row = index.data(ROW)
        high = rect.height()
        painter.save()
        painter.translate(rect.left() + 8 + 0.55 * high, rect.center().y() + 0.5)
        self._paint_sign(painter, row, 0.19 * high)
        painter.restore()
        left = rect.left() + 12 + round(1.1 * high)
        self._paint_words(
            painter, QRect(left, rect.top() + 6, rect.right() - 12 - left, high), index
        )
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        """The chosen row lies on a soft ground; with the focus it has a strong edge."""
        theme, box = self.theme, QRectF(rect).adjusted(4.5, 1.5, -4.5, -1.5)
        if state & QStyle.StateFlag.State_Selected:
            focus = bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(signs.pen(theme.accent if focus else theme.muted, 2.0 if focus else 1.0))
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(box, 6, 6)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(box, 6, 6)

    def _paint_sign(self, painter: QPainter, row: Upcoming, size: float) -> None:
        """The message as it flies; or who is up, with a sign for what."""
        theme, family = self.theme, self._list.font().family()
        if row.flight is not None:
            shape, text, term = shape_of(row.flight.message)
            held = isinstance(row.flight, Held)
            look = face(shape, text, term, size, held=held)
            message(painter, look, theme, family, tag=True)
        elif row.who < 0:
            signs.client(painter, 1.7 * size, name(row.who), theme, family)
        else:
            self._paint_server(painter, row, 1.7 * size)

    def _paint_server(self, painter: QPainter, row: Upcoming, radius: float) -> None:
        theme = self.theme
        painter.setPen(signs.pen(theme.muted, 1.2))
        painter.setBrush(QColor(theme.surface))
        painter.drawEllipse(QPointF(0, 0), radius, radius)
        font = signs.font_of(self._list.font().family(), 0.8 * radius, bold=True)
        signs.words(painter, name(row.who), 0, 0, font, theme.text)
        if row.kind is Kind.TIMER:  # what is left of its arc
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(signs.pen(theme.timer, 2.2))
            out = radius + 3
            painter.drawArc(QRectF(-out, -out, 2 * out, 2 * out), 90 * 16, -100 * 16)
            return
        painter.translate(0.85 * radius, 0.7 * radius)
        painter.setBrush(QColor(theme.surface))
        painter.setPen(signs.pen(theme.text, 1.2))
        if row.kind is Kind.WRITE:
            signs.disk(painter, 0.42 * radius)
        else:  # a batch: commands in a stack
            for at in (1, 0):
                painter.drawRoundedRect(QRectF(2.5 * at - 5, -3 - 2.5 * at, 9, 7), 1.5, 1.5)

    def _paint_words(self, painter: QPainter, room: QRect, index: AnyIndex) -> None:
        font, theme = self._list.font(), self.theme
        line = QFontMetrics(font).lineSpacing()
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        _elided(painter, room, str(index.data()))
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * 0.88)
        below = room.translated(0, line + 1)
        due = str(index.data(DUE))
        if index.data(FIRST):
            small.setBold(True)
            due = f"next, {due}"
        painter.setFont(small)
        painter.setPen(QColor(theme.accent if index.data(FIRST) else theme.muted))
        wide = painter.fontMetrics().horizontalAdvance(due)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, due)
        small.setBold(False)
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        _elided(painter, below.adjusted(0, 0, -wide - 12, 0), str(index.data(ABOUT)))


def _elided(painter: QPainter, room: QRect, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, shown)


class NextList(QListView):
    """The list under mouse and keys."""

    chosen = Signal(object)
    """The row (an ``Upcoming``) that somebody now has chosen, or None."""
    happens = Signal()
    """The chosen row is to happen now."""
    pointed = Signal(object)
    """The row under the pointer, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moves_itself = False
        self.delegate = NextDelegate(self)
        self.rows = NextModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(self.delegate)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { border: none; }")
        self.setMouseTracking(True)
        self.setAccessibleName("What may happen next")
        self.setAccessibleDescription("Enter lets the chosen one happen now; no time passes.")
        self.entered.connect(lambda index: self.pointed.emit(index.data(ROW)))
        self.viewportEntered.connect(lambda: self.pointed.emit(None))
        self.pressed.connect(lambda _: self.chosen.emit(self.row))
        self.doubleClicked.connect(lambda _: self.happens.emit())

    @property
    def row(self) -> Upcoming | None:
        """The row that is chosen."""
        row = self.currentIndex().data(ROW)
        return row if isinstance(row, Upcoming) else None

    def show_next(self, following: Next, first: Upcoming | None, time_us: int) -> None:
        """Other rows. The chosen one stays so, or else the one that now stands in its place."""
        before, place = self.row, max(0, self.currentIndex().row())
        scrolled = self.verticalScrollBar().value()
        self._moves_itself = True
        try:
            self.rows.show_next(following, first, time_us)
            at = -1 if before is None else self.rows.row_of(before.key, by="key")
            at = at if at >= 0 else min(place, len(following) - 1)
            self.setCurrentIndex(self.rows.index(at, 0))
            self.verticalScrollBar().setValue(scrolled)
            if at >= 0:
                self.scrollTo(self.rows.index(at, 0))
        finally:
            self._moves_itself = False
        if self.hasFocus() and (self.row is None or before is None or self.row.key != before.key):
            self.chosen.emit(self.row)

    def choose(self, at: int) -> None:
        """Choose a row because it was chosen elsewhere."""
        self._moves_itself = True
        self.setCurrentIndex(self.rows.index(at, 0))
        self._moves_itself = False

    @guarded
    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        """Tell what somebody has chosen here."""
        super().currentChanged(current, previous)
        if not self._moves_itself:
            self.chosen.emit(self.row)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter lets the chosen row happen."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.happens.emit()
        else:
            super().keyPressEvent(event)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes here by key acts on the row that is chosen here."""
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.MouseFocusReason and self.row is not None:
            self.chosen.emit(self.row)

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    @guarded(default=QSize(320, 240))
    def sizeHint(self) -> QSize:
        """A few rows."""
        return QSize(320, 240)
