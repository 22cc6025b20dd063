"""Two lists: what differs now, and every difference in order."""

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from raftviz.compare.comparison import Comparison
from raftviz.picture.difference_words import SAID, SIGNS, row
from raftviz.picture.now_words import Now, NowRow
from raftviz.picture.timeline_scale import ms_text
from raftviz.qt.guard import guarded

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_NOTHING: object = None


class DifferencesModel(QAbstractListModel):
    """The differences of a comparison; a row is put into words when it is seen."""

    def __init__(self) -> None:
        super().__init__()
        self._comparison: Comparison | None = None
        self._rows = 0
        self._taken_back = 0

    def show_comparison(self, comparison: Comparison) -> None:
        """Show these, or what was added to them."""
        anew = comparison is not self._comparison or comparison.taken_back != self._taken_back
        if anew:
            self.beginResetModel()
            self._comparison, self._taken_back = comparison, comparison.taken_back
            self._rows = len(comparison)
            self.endResetModel()
        elif len(comparison) > self._rows:
            self.beginInsertRows(_NOWHERE, self._rows, len(comparison) - 1)
            self._rows = len(comparison)
            self.endInsertRows()

    @guarded(default=0)
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many there are."""
        return 0 if parent.isValid() else self._rows

    @guarded(default=_NOTHING)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A difference in a line."""
        comparison = self._comparison
        roles = Qt.ItemDataRole
        if comparison is None or role not in (
            roles.DisplayRole, roles.ToolTipRole, roles.AccessibleTextRole,
        ):  # fmt: skip
            return None
        told = row(comparison, index.row())
        when = ms_text(told.time_us)
        if role == roles.DisplayRole:
            return f"{when}   {SIGNS[told.kind]}   {told.sentence}"
        return f"{when} ms, {SAID[told.kind]}: {told.sentence}"


class NowModel(QAbstractListModel):
    """What differs at the instant that is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[NowRow, ...] = ()

    def show_now(self, now: Now) -> None:
        """Show this instant."""
        if now.rows != self._rows:
            self.beginResetModel()
            self._rows = now.rows
            self.endResetModel()

    def row_at(self, row: int) -> NowRow | None:
        """What a row is about."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    @guarded(default=0)
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How much differs."""
        return 0 if parent.isValid() else len(self._rows)

    @guarded(default=_NOTHING)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A field and what each side holds."""
        one = self.row_at(index.row())
        roles = Qt.ItemDataRole
        if one is None:
            return None
        if role == roles.DisplayRole:
            return f"{one.whose}   {one.what}:   {one.left}   ≠   {one.right}"
        if role in (roles.ToolTipRole, roles.AccessibleTextRole):
            return f"{one.whose}, {one.what}: {one.left} on the left, {one.right} on the right"
        return None


class List(QListView):
    """A list that is quick at 100,000 rows. ``chosen`` by a click, or by Enter."""

    chosen = Signal(int)

    def __init__(self, name: str, model: QAbstractListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        model.setParent(self)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self.activated.connect(lambda index: self.chosen.emit(index.row()))

    @guarded(default=QSize(200, 60))
    def sizeHint(self) -> QSize:
        """As little as there is: whoever lays it out decides."""
        return QSize(200, 60)

    def mark(self, row: int) -> None:
        """Show which row one is at; -1 for none."""
        if row < 0:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()
        elif row != self.currentIndex().row():
            index = self.model().index(row, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)
