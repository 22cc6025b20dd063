"""The state machines as a table for Qt: a row a server, a column a name; and how cells are painted."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from raftviz.picture.logs import entry_text
from raftviz.picture.machines import (
    Compared,
    MachineRow,
    MachinesTable,
    cell_words,
    standing_words,
    value_words,
)
from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.guard import guarded
from raftviz.raft.names import name as named

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_NOTHING: object = None

FIXED = ("executed", "last entry", "snapshot")
"""The columns before those of names."""
_FIXED_TIPS = (
    "last_applied, and commit_index if there is more to execute",
    "The entry that was executed last",
    "Up to which entry a snapshot has replaced the log",
)

LOOK = Qt.ItemDataRole.UserRole + 1
"""How a cell is to be painted: a set of the words ``"changed"``, ``"now"``, ``"stale"``, ``"wrong"``,
``"down"``, ``"said"``."""


class MachinesModel(QAbstractTableModel):
    """A table as Qt asks for it. ``sessions`` adds what is remembered of clients."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table: MachinesTable | None = None
        self.sessions = False

    def show_table(self, table: MachinesTable, *, sessions: bool) -> None:
        """Show a table. Only another set of rows or columns makes the view begin anew."""
        old, self.sessions = self.table, sessions
        columns = self._heads
        if old is not None and len(old.rows) == len(table.rows):
            self.table = table
            if columns == self._heads_of(table):
                self.dataChanged.emit(
                    self.index(0, 0), self.index(len(table.rows) - 1, len(columns) - 1)
                )
                self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(table.rows) - 1)
                return
        self.beginResetModel()
        self.table = table
        self._heads = self._heads_of(table)
        self.endResetModel()

    _heads: tuple[str, ...] = FIXED

    def _heads_of(self, table: MachinesTable) -> tuple[str, ...]:
        clients = (f"{named(client)} asked" for client in table.clients) if self.sessions else ()
        return (*FIXED, *table.names, *clients)

    def row(self, at: int) -> MachineRow | None:
        """The server in a row."""
        return self.table.rows[at] if self.table is not None else None

    @guarded(default=0)
    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """The servers."""
        return 0 if parent.isValid() or self.table is None else len(self.table.rows)

    @guarded(default=0)
    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """What is told of each."""
        return 0 if parent.isValid() or self.table is None else len(self._heads)

    @guarded(default=_NOTHING)
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Servers at the side, names at the top."""
        table = self.table
        if table is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            row = table.rows[section]
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
                words = standing_words(row) or ("leader" if row.leads else "")
                return f"S{row.server}  {words}".rstrip()
        elif role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        elif role == Qt.ItemDataRole.ToolTipRole and section < len(FIXED):
            return _FIXED_TIPS[section]
        return None

    @guarded(default=_NOTHING)
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One cell."""
        table = self.table
        if table is None:
            return None
        row, column = table.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(table, row, column)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(table, row, column)
        return self._look(table, row, column) if role == LOOK else None

    def _name(self, table: MachinesTable, column: int) -> str | None:
        at = column - len(FIXED)
        return table.names[at] if 0 <= at < len(table.names) else None

    def _text(self, table: MachinesTable, row: MachineRow, column: int) -> str:
        if column < len(FIXED):
            return _fixed(row, column)
        name = self._name(table, column)
        if name is not None:
            return value_words(row, name)
        said = row.sessions.get(self._client(table, column))
        return f"#{said[0]}: {said[1] or '–'}" if said else ""

    def _client(self, table: MachinesTable, column: int) -> int:
        return table.clients[column - len(FIXED) - len(table.names)]

    def _words(self, table: MachinesTable, row: MachineRow, column: int) -> str:
        name = self._name(table, column)
        if name is not None:
            return cell_words(row, name, table.yardstick)
        if column < len(FIXED):
            return f"S{row.server}, {FIXED[column]}: {_fixed(row, column) or 'none'}"
        client = self._client(table, column)
        said = row.sessions.get(client)
        if said is None:
            return f"S{row.server} remembers nothing of {named(client)}."
        return (
            f"S{row.server} executed command {said[0]} of {named(client)} and gave “{said[1]}”.\n"
            "Asked for it again, it gives this answer and executes nothing."
        )

    def _look(self, table: MachinesTable, row: MachineRow, column: int) -> frozenset[str]:
        look = set()
        name = self._name(table, column)
        if row.compared in (Compared.DOWN, Compared.UNTOLD):
            look.add("down")
        elif name is None:
            look.add("said")
        else:
            look |= {"changed"} if name in row.was else set()
            look |= {"now"} if name in row.was and row.just_now else set()
            look |= {"stale"} if name in row.stale else set()
            look |= {"wrong"} if name in row.wrong else set()
        return frozenset(look)


def _fixed(row: MachineRow, column: int) -> str:
    if row.compared is Compared.UNTOLD:
        return "?"
    if column == 0:
        more = row.commit_index > row.last_applied
        return f"{row.last_applied} of {row.commit_index}" if more else str(row.last_applied)
    if column == 1:
        return f"{row.entry.index}: {entry_text(row.entry)}" if row.entry is not None else ""
    return f"up to {row.snapshot_index}" if row.snapshot_index else ""


class CellDelegate(QStyledItemDelegate):
    """Paints cells: what changed is bold on a soft ground, what is behind dashed, what differs red."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = LIGHT

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """One cell."""
        theme, look = self.theme, index.data(LOOK)
        box = option.rect.adjusted(2, 2, -2, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, box, look)
        font = QFont(option.font)
        font.setBold("changed" in look or "wrong" in look)
        font.setItalic("stale" in look)
        painter.setFont(font)
        quiet = look & {"stale", "down", "said"}
        painter.setPen(
            QColor(theme.broken if "wrong" in look else theme.muted if quiet else theme.text)
        )
        text = str(index.data())
        text = f"≠ {text}" if "wrong" in look else text
        room = box.adjusted(6, 0, -6, 0)
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 4, 4)
        painter.restore()

    def _paint_ground(self, painter: QPainter, box: QRect, look: frozenset[str]) -> None:
        theme = self.theme
        painter.setPen(Qt.PenStyle.NoPen)
        if "wrong" in look:
            painter.setBrush(QColor(theme.broken_soft))
            painter.drawRoundedRect(box, 4, 4)
        elif "changed" in look:
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(box, 4, 4)
            if "now" in look:
                painter.setBrush(QColor(theme.accent))
                painter.drawRoundedRect(QRect(box.left(), box.top(), 4, box.height()), 1.5, 1.5)
        if "stale" in look:
            painter.setPen(QPen(QColor(theme.muted), 1.0, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 4, 4)
