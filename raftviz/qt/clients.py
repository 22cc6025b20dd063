"""Clients: what they asked and were told, over time; and whether all of it can be true at once."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from raftviz.checks.linearizable import Verdict
from raftviz.picture.branch_index import Indexes
from raftviz.picture.operations import Operation, Operations, verdict_words
from raftviz.picture.operations_chart import steps
from raftviz.picture.theme import Theme
from raftviz.qt.clients_chart import ClientsChart
from raftviz.qt.later import View
from raftviz.raft.names import name
from raftviz.session.session import Session
from raftviz.sim.history import Branch, History, Moment

_SLICE = 8_000
"""Records read at a time: a few hundredths of a second."""

_EMPTY = (
    "No client has asked for anything yet. Send a request (C), or let requests come steadily "
    "(Ctrl+R): each becomes a bar from its call to its answer."
)
_HINT = (
    "▸ asked again · dashed = waits · click a bar for its events · scroll to zoom · drag to rewind"
)


class ClientsView(View):
    """The chart, a verdict above it, and the events of the chosen operation beside it."""

    seek_wanted = Signal("qlonglong")  # type: ignore[arg-type]  # a time in µs outgrows 32 bits
    """Somebody wants to look at this instant, in µs."""
    event_wanted = Signal(int)
    """The number of an event that somebody wants to go to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: History | None = None
        self._indexes: Indexes[Operations] | None = None
        self._moment: Moment | None = None
        self._anew, self._catching_up = True, False
        self._told: tuple[Operation | None, list[tuple[int, str]]] = (None, [])
        self.chart = ClientsChart()
        self.steps = QListWidget()
        self.verdict = QLabel()
        self._empty = QLabel(_EMPTY)
        self._hint = QLabel(_HINT)
        self._fill()
        self.chart.seek_wanted.connect(self.seek_wanted)
        self.chart.event_wanted.connect(self.event_wanted)
        self.chart.selected.connect(self._show_steps)
        self.steps.itemActivated.connect(self._go)
        self.steps.itemClicked.connect(self._go)

    def _fill(self) -> None:
        self._hint.setProperty("tone", "muted")
        self.verdict.setAccessibleName("Linearizable or not")
        self._empty.setProperty("tone", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self.steps.setAccessibleName("Events of the chosen operation")
        self.steps.setFixedWidth(36 * self.fontMetrics().averageCharWidth())
        self.steps.setStyleSheet("QListView { border: none; }")
        self.steps.hide()
        top = QHBoxLayout()
        top.setContentsMargins(14, 4, 14, 0)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight)
        top.addWidget(self.verdict)
        top.addWidget(self._hint, 1)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.chart, 1)
        row.addWidget(self.steps)
        self._stack = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(self._stack, 1)
        # Only now: a widget of no window would be shown as one.
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)
        self.setFocusProxy(self.chart)

    # What is shown

    def show_session(self, session: Session) -> None:
        """Show what clients did, and the cursor."""
        moment = session.moment
        if moment.history is not self._history:
            self._history, self._anew = moment.history, True
            self._indexes = Indexes(_maker(moment.history))
        self._moment = moment
        self._renew()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self.chart.set_theme(theme)

    def _renew(self) -> None:
        moment = self._moment
        if moment is None or self._indexes is None:
            return
        operations = self._indexes.of(moment.branch)
        if not operations.extend(_SLICE):
            self._say(
                f"Reading what has happened: {operations.read:,} of {len(moment.branch):,} events …"
            )
            self._catch_up_later()
            return
        self._stack.setCurrentIndex(1 if operations.all else 0)
        self.chart.show_operations(operations, moment, anew=self._anew)
        self._anew = False
        self._judge(operations, moment.count)
        self._show_steps(self.chart.chosen)

    def _judge(self, operations: Operations, count: int) -> None:
        verdict, _ = operations.verdict_at(count)
        tone = "broken" if verdict is Verdict.BROKEN else "text"
        self._say(verdict_words(operations, count) if operations.all else "", tone)

    def _say(self, words: str, tone: str = "muted") -> None:
        if self.verdict.text() != words:
            self.verdict.setText(words)
        if self.verdict.property("tone") != tone:
            self.verdict.setProperty("tone", tone)
            self.verdict.style().unpolish(self.verdict)
            self.verdict.style().polish(self.verdict)

    def _catch_up_later(self) -> None:
        if not self._catching_up:
            self._catching_up = True
            QTimer.singleShot(0, self, self._catch_up)

    def _catch_up(self) -> None:
        self._catching_up = False
        self._renew()

    # What a person does

    def _show_steps(self, operation: Operation | None) -> None:
        told = (operation, steps(operation) if operation is not None else [])
        if told == self._told:
            return
        self._told = told
        self.steps.setVisible(operation is not None)
        self.steps.clear()
        if operation is None:
            return
        title = QListWidgetItem(f"{name(operation.client)}: {operation.text}")
        bold = title.font()
        bold.setBold(True)
        title.setFont(bold)
        title.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.steps.addItem(title)
        for event, words in told[1]:
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, event)
            item.setToolTip(f"Go to event #{event + 1:,}")
            self.steps.addItem(item)

    def _go(self, item: QListWidgetItem) -> None:
        event = item.data(Qt.ItemDataRole.UserRole)
        if event is not None:
            self.event_wanted.emit(event)


def _maker(history: History) -> Callable[[Branch, Operations | None], Operations]:
    def make(branch: Branch, parent: Operations | None) -> Operations:
        return Operations(history, branch, parent)

    return make
