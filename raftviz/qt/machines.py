"""The state machines of all servers, side by side under the picture."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QStackedLayout,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.branch_index import EventIndex, Indexes
from raftviz.picture.logs import hosts_at
from raftviz.picture.machines import KINDS, applications, machines_table
from raftviz.picture.theme import Theme
from raftviz.qt.guard import guarded
from raftviz.qt.later import View
from raftviz.qt.machines_table import FIXED, CellDelegate, MachinesModel
from raftviz.session.session import Session
from raftviz.sim.history import History, Moment
from raftviz.sim.host import Host

_SLICE = 12_000
"""Records read at a time: a fiftieth of a second."""

_EMPTY = (
    "No server has executed anything yet. Send a request (C): once a majority holds it, every server "
    "executes it, and the values stand here side by side."
)
_HINT = "bold = changed last · dashed = still behind · ≠ = differs · click a server to inspect it"


class _Table(QTableView):
    """The table under mouse and keys."""

    entered_row = Signal(int)
    """Enter, or a double click, on a server's row."""

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to where a server executed its last entry."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered_row.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class MachinesView(View):
    """Values by name and server; what the last entry changed is lit, differences are seen."""

    server_picked = Signal(int)
    """The number of a server that somebody chose."""
    event_wanted = Signal(int)
    """The number of an event that somebody wants to go to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: History | None = None
        self._indexes: Indexes[EventIndex] = Indexes(applications)
        self._moment: Moment | None = None
        self._seen: tuple[object, ...] = ()
        self._catching_up = False
        self.model = MachinesModel(self)
        self._delegate = CellDelegate(self)
        self.table = self._make_table()
        self._kind = QLabel()
        self.switch = QToolButton()
        self._empty = QLabel(_EMPTY)
        self._fill()

    def _make_table(self) -> _Table:
        table = _Table()
        table.setModel(self.model)
        table.setItemDelegate(self._delegate)
        table.setAccessibleName("State machines")
        table.setAccessibleDescription("A row a server. Enter goes to its last execution.")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        across, down = table.horizontalHeader(), table.verticalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        down.setHighlightSections(False)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.sectionClicked.connect(self._pick)
        table.clicked.connect(lambda index: self._pick(index.row()))
        table.doubleClicked.connect(lambda index: self._go(index.row()))
        table.entered_row.connect(self._go)
        return table

    def _fill(self) -> None:
        self._kind.setProperty("tone", "muted")
        self.switch.setText("Sessions")
        self.switch.setCheckable(True)
        self.switch.setProperty("compact", "true")
        self.switch.setToolTip("What each server remembers of each client   Shift+F3")
        self.switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.switch.setAccessibleName("Sessions of clients")
        self.switch.toggled.connect(self._show_anew)
        self._empty.setProperty("tone", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        top = QHBoxLayout()
        top.setContentsMargins(14, 2, 8, 0)
        top.setSpacing(10)
        self._kind.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        top.addWidget(self._kind, 1)
        top.addWidget(self.switch)
        self._stack = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(2)
        column.addLayout(top)
        column.addLayout(self._stack, 1)
        # Only now: a widget of no window would be shown as one.
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        self.setFocusProxy(self.table)

    # What is shown

    def show_session(self, session: Session) -> None:
        """Show the state machines as they are."""
        moment = session.moment
        if moment.history is not self._history:
            self._history, self._indexes, self._seen = moment.history, Indexes(applications), ()
        self._moment = moment
        self._renew()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._delegate.theme = theme
        self.table.viewport().update()

    def _show_anew(self) -> None:
        self._seen = ()
        self._renew()

    def _renew(self) -> None:
        moment = self._moment
        if moment is None:
            return
        index = self._indexes.of(moment.branch)
        if not index.extend(_SLICE):
            self._catch_up_later(index)
            return
        seen = (index, *map(_shown_of, hosts_at(moment).values()), _applying(index, moment))
        if seen == self._seen:
            return
        self._seen = seen
        table = machines_table(moment, index)
        self._kind.setText(f"{KINDS.get(table.kind, table.kind)} · {_HINT}")
        self._stack.setCurrentIndex(0 if table.is_empty else 1)
        columns = self.model.columnCount()
        self.model.show_table(table, sessions=self.switch.isChecked())
        if self.model.columnCount() != columns:
            self._size_columns()

    def _size_columns(self) -> None:
        letters = self.fontMetrics().averageCharWidth()
        across = self.table.horizontalHeader()
        across.setDefaultSectionSize(15 * letters)
        for column, wide in enumerate((12, 18, 14)):
            across.resizeSection(column, wide * letters)
        for column in range(len(FIXED), self.model.columnCount()):
            across.resizeSection(column, 15 * letters)
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 6)

    def _catch_up_later(self, index: EventIndex) -> None:
        self._empty.setText(
            f"Reading what has happened: {index.read:,} of {len(index.branch):,} events …"
        )
        self._stack.setCurrentIndex(0)
        if not self._catching_up:
            self._catching_up = True
            QTimer.singleShot(0, self, self._catch_up)

    def _catch_up(self) -> None:
        self._catching_up = False
        self._empty.setText(_EMPTY)
        self._renew()

    # What a person does

    def toggle_sessions(self) -> None:
        """Show what is remembered of clients, or leave it out."""
        self.switch.toggle()

    def _pick(self, at: int) -> None:
        row = self.model.row(at)
        if row is not None:
            self.server_picked.emit(row.server)

    def _go(self, at: int) -> None:
        row = self.model.row(at)
        if row is not None and row.applied_at is not None:
            self.event_wanted.emit(row.applied_at)


def _shown_of(host: Host) -> tuple[object, ...]:
    """All of a server that cells depend on."""
    server = host.server
    return (
        host.status,
        type(server.role),
        server.replica,
        server.last_applied,
        server.commit_index,
        server.log.snapshot_index,
    )


def _applying(index: EventIndex, moment: Moment) -> int:
    """The position, if the very last event executed something: then that is lit; -1 otherwise."""
    last = moment.last
    if last is None or index.last(last.part, moment.count) != moment.count - 1:
        return -1
    return moment.count
