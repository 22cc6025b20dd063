"""One of the two sides: its name, its cluster, its logs and its timeline."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from raftviz.checks.properties import Violation
from raftviz.compare.comparison import Comparison, Kind
from raftviz.picture.difference_marks import DifferenceMarks
from raftviz.picture.logs import hosts_at
from raftviz.picture.now_words import Now
from raftviz.picture.primitives import Picked, PickedEntry, PickedMessage, PickedServer
from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.branch_signs import branch_icon
from raftviz.qt.canvas import ClusterCanvas
from raftviz.qt.compare.marks import EntryMarks, EventMarks, ServerMarks
from raftviz.qt.guard import guarded
from raftviz.qt.logs import LogsView
from raftviz.qt.timeline import TimelineView
from raftviz.sim.history import Moment

_NARROW_PX, _NARROW_SCALE = 480, 0.8

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class Pane(QFrame):
    """A side. Whatever is touched in it asks for the focus first."""

    focus_wanted = Signal()
    """Somebody does something here."""

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._theme = LIGHT
        self._colour = -1
        self._text_scale = 1.0
        self._marks: DifferenceMarks | None = None
        self.setProperty("card", "true")
        self.setAccessibleName("Left side" if kind is Kind.LEFT else "Right side")
        self.canvas = ClusterCanvas()
        self.logs = LogsView(titled=False)
        self.timeline = TimelineView(titled=False)
        self._server_marks = ServerMarks(self.canvas)
        self._entry_marks = EntryMarks(self.logs)
        self._event_marks = EventMarks(self.timeline)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(4)
        column.addLayout(self._header())
        column.addWidget(self.canvas, 5)
        column.addWidget(self.logs, 3)
        column.addWidget(self.timeline, 3)
        for view in (self.canvas, self.logs, self.logs.viewport(), self.timeline):
            view.installEventFilter(self)

    def _header(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        self._sign = QLabel()
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setProperty("tone", "strong")
        self._differs = QLabel()
        self._differs.setProperty("tone", "muted")
        for label in (self._name, self._differs):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._focus = QLabel("acts go here")
        self._focus.setObjectName("focus-tag")
        room = self._focus.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self._focus.setSizePolicy(room)
        grid.addWidget(self._sign, 0, 0)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._focus, 0, 2)
        grid.addWidget(self._differs, 1, 1, 1, 2)
        return grid

    # Showing

    def show_moment(self, moment: Moment, time_us: int, violations: list[Violation]) -> None:
        """Show the side at a moment."""
        self.canvas.set_broken({s: v.property.title for v in violations for s in v.servers})
        self.canvas.show_picture(moment, time_us)
        self.timeline.set_violations(
            [(v.time_us, sorted(v.servers), v.property.title) for v in violations]
        )
        self.timeline.show_moment(moment)
        self.logs.show_moment(moment)

    def show_name(self, name: str, colour: int, note: str) -> None:
        """Say which branch it is."""
        metrics = self._name.fontMetrics()
        room = max(60, self._name.width() - 4)
        self._name.setText(metrics.elidedText(name, Qt.TextElideMode.ElideRight, room))
        self._name.setToolTip(f"{name}\n{note}".strip())
        self._name.setAccessibleName(name)
        if colour != self._colour:
            self._colour = colour
            self._sign.setPixmap(branch_icon(self._theme, colour).pixmap(16, 16))

    def show_differences(
        self, now: Now, other: Moment, comparison: Comparison, parting: str
    ) -> None:
        """Mark what is not the same on the other side."""
        self._server_marks.set_servers(frozenset(now.servers))
        others = {server: host.server.log for server, host in hosts_at(other).items()}
        self._entry_marks.set_others(others)
        self.logs.reach_to(max((log.last_index for log in others.values()), default=0))
        marks = self._marks
        if marks is None or not marks.is_of(comparison):
            marks = self._marks = DifferenceMarks(comparison, self.kind)
        marks.extend()
        self._event_marks.set_marks(marks, "" if marks.has_parting else parting)
        words = now.words
        if words != self._differs.text():
            self._differs.setText(words)

    def show_selection(self, picked: Picked | None, *, message: bool) -> None:
        """Mark what is selected; a ``message`` only on the side that it is on."""
        if isinstance(picked, PickedMessage) and not message:
            picked = None
        self.canvas.set_selected(picked)
        if isinstance(picked, PickedEntry):
            self.logs.set_selected(picked.server, picked.index)
        else:
            self.logs.set_selected(picked.id if isinstance(picked, PickedServer) else 0)

    def show_focus(self, *, has: bool) -> None:
        """Whether acts go here."""
        self._focus.setVisible(has)
        if self.property("focused") != has:
            self.setProperty("focused", has)
            self.style().unpolish(self)
            self.style().polish(self)

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._theme, self._colour = theme, -1
        for view in (self.canvas, self.logs, self.timeline):
            view.set_theme(theme)
        for marks in (self._server_marks, self._entry_marks):
            marks.set_theme(theme)

    def set_text_scale(self, scale: float) -> None:
        """Enlarge the words in the picture."""
        self._text_scale = scale
        self._fit_words()

    def _fit_words(self) -> None:
        """In a narrow picture large words would leave little room for the servers."""
        narrow = _NARROW_SCALE if self.width() < _NARROW_PX * self._text_scale else 1.0
        self.canvas.set_text_scale(self._text_scale * narrow)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words have another size in a narrow pane."""
        self._fit_words()
        super().resizeEvent(event)

    # Focus

    @guarded(default=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Whoever clicks or comes here by key wants to act here."""
        by_key = isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() in _BY_KEY
        if by_key or event.type() == QEvent.Type.MouseButtonPress:
            self.focus_wanted.emit()
        return False
