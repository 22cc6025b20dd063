"""What may happen next, at a pause: a list to pick from, in any order. Time stands still meanwhile."""

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.primitives import Picked
from raftviz.picture.theme import Theme
from raftviz.picture.upcoming import Next, choices, lights, picked, what_is_next
from raftviz.qt.guard import guarded
from raftviz.qt.later import View
from raftviz.qt.next_list import NextList
from raftviz.raft.names import name
from raftviz.session.session import Session
from raftviz.sim import acts
from raftviz.sim.acts import Act
from raftviz.sim.history import Moment
from raftviz.sim.upcoming import Upcoming

LET = "Let it happen"
"""What the button says that lets the chosen row happen."""

_WORDS: dict[type[Act], str] = {
    acts.Hold: "Hold",
    acts.Release: "Release",
    acts.Drop: "Drop",
    acts.Duplicate: "Duplicate",
}
"""What a button says of an act; what is not here lets the row happen."""

_PLAYING = "Time passes, and the world decides what comes next.\n\nPause, and you decide."
_NOTHING = "Nothing will ever happen by itself.\n\nRestart a server, resume a paused one, or send a request."
_RECORDING = (
    "This is a recording: what happened next is told, and nothing else can.\n\n"
    "The next event is one step away."
)
_NOTHING_OF = "Nothing that may happen next concerns {}."


class NextView(View):
    """The list with its filter above and what can be done below."""

    acted = Signal(object)
    """An ``Act``."""
    picked = Signal(object)
    """What the chosen row is about, a ``Picked``."""
    pointed = Signal(object)
    """What lights up on the canvas: a frozenset of ``Picked``."""
    pause_wanted = Signal()
    """Somebody wants time to stand still."""

    def __init__(self, hints: dict[str, str], parent: QWidget | None = None) -> None:
        """``hints`` are what buttons and menus say of their keys, by the titles of acts."""
        super().__init__(parent)
        self._hints = hints
        self._moment: Moment | None = None
        self._shown: tuple[object, ...] = ()
        self._every: Next | None = None
        self.list = NextList()
        self.only = QComboBox()
        self.only.setAccessibleName("What concerns")
        self.only.setToolTip("Show everything, or what concerns one server or client")
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        self._says = QLabel()
        self._pause = QPushButton("Pause")
        self._all = QPushButton("Show everything")
        self._pages = QStackedWidget()
        self._buttons = {word: self._button(word) for word in (LET, "Hold", "Drop", "Duplicate")}
        self._fill()
        self._connect()

    def _button(self, word: str) -> QToolButton:
        button = QToolButton()
        button.setText(word)
        button.setToolTip(self._hints.get(word, ""))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if word == LET:
            button.setProperty("primary", "true")
        return button

    def _fill(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 4)
        top.addWidget(self._count, 1)
        top.addWidget(self.only)
        nothing = QWidget()
        says = QVBoxLayout(nothing)
        says.setContentsMargins(24, 24, 24, 24)
        says.setSpacing(16)
        self._says.setWordWrap(True)
        self._says.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._says.setProperty("tone", "muted")
        says.addStretch(1)
        says.addWidget(self._says)
        for helps in (self._pause, self._all):
            says.addWidget(helps, 0, Qt.AlignmentFlag.AlignHCenter)
        says.addStretch(2)
        self._pages.addWidget(self.list)
        self._pages.addWidget(nothing)
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 6, 10, 8)
        foot.setSpacing(8)
        for button in self._buttons.values():
            foot.addWidget(button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        column.addLayout(foot)
        self.setFocusProxy(self.list)

    def _connect(self) -> None:
        self.list.chosen.connect(self._tell)
        self.list.happens.connect(self.let_happen)
        self.list.pointed.connect(
            lambda row: self.pointed.emit(lights(row) if row else frozenset())
        )
        self.only.currentIndexChanged.connect(lambda _: self._show_rows())
        self._pause.clicked.connect(self.pause_wanted)
        self._all.clicked.connect(lambda: self.only.setCurrentIndex(0))
        for word, button in self._buttons.items():
            button.clicked.connect(lambda _=False, word=word: self._do(word))

    # What is shown

    def show_session(self, session: Session) -> None:
        """At a pause, what may happen next; nothing while time passes."""
        if session.playback.playing:
            if self._shown != ("playing",):
                self._shown, self._every = ("playing",), None
                self._show_rows()
            return
        if session.is_recording:
            self._shown, self._every = ("recording",), None
            self._show_rows()
            self._say(_RECORDING, None)
            return
        moment = session.moment
        shown = (moment.branch, moment.count, moment.time_us)
        if shown == self._shown:
            return
        self._shown, self._moment, self._every = shown, moment, what_is_next(moment)
        self._offer(self._every)
        self._show_rows()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self.list.delegate.theme = theme
        self.list.viewport().update()

    def show_selected(self, selected: Picked | None) -> None:
        """Choose the row of what is selected elsewhere, if it has one."""
        row = self.list.row
        if selected is None or (row is not None and picked(row) == selected):
            return
        rows = enumerate(self.list.rows.rows)
        at = next((at for at, other in rows if picked(other) == selected), None)
        if at is not None:
            self.list.choose(at)
            self._show_buttons()

    def show_only(self, address: int) -> None:
        """What concerns one server or client; everything if it is shown already, or for 0."""
        at = self.only.findData(address)
        self.only.setCurrentIndex(0 if at == self.only.currentIndex() else max(0, at))

    def _offer(self, every: Next) -> None:
        """Everybody there is, in the filter."""
        addresses = [0, *every.state.hosts, *every.state.clients]
        if addresses == [self.only.itemData(at) for at in range(self.only.count())]:
            return
        before = self.only.currentData()
        with QSignalBlocker(self.only):
            self.only.clear()
            for address in addresses:
                self.only.addItem(name(address) if address else "Everything", address)
            self.only.setCurrentIndex(max(0, self.only.findData(before)))

    def _show_rows(self) -> None:
        every, only = self._every, self.only.currentData()
        if every is None or self._moment is None:
            self._say(_PLAYING, self._pause)
            self._count.setText("")
            return
        following = every.only(only) if only else every
        self.list.show_next(following, every.first(), self._moment.time_us)
        count = len(following)
        self._count.setText(f"{count:,} {'thing' if count == 1 else 'things'} may happen next")
        if count:
            helped = self._pause.hasFocus() or self._all.hasFocus()
            self._pages.setCurrentWidget(self.list)
            if helped:
                self.list.setFocus()
        elif only:
            self._say(_NOTHING_OF.format(name(only)), self._all)
        else:
            self._say(_NOTHING, None)
        self._show_buttons()

    def _say(self, words: str, button: QPushButton | None) -> None:
        """Words in place of the list, and the button that helps."""
        self._says.setText(words)
        for one in (self._pause, self._all):
            one.setVisible(one is button)
        self._pages.setCurrentIndex(1)
        self._show_buttons()

    def _show_buttons(self) -> None:
        """What can be done about the chosen row, and how it is called."""
        words = self._choices()
        for word, button in self._buttons.items():
            if word == "Hold":
                released = "Release" in words
                button.setText("Release" if released else "Hold")
                button.setEnabled(released or "Hold" in words)
            else:
                button.setEnabled(word in words)

    # What a person does

    @property
    def row(self) -> Upcoming | None:
        """The chosen row, while there is a list to choose from."""
        return self.list.row if self._pages.currentWidget() is self.list else None

    def let_happen(self) -> None:
        """Let the chosen row happen now."""
        self._do(LET)

    def _choices(self) -> dict[str, Act]:
        row = self.row
        return {_WORDS.get(type(act), LET): act for act in choices(row)} if row else {}

    def _do(self, word: str) -> None:
        every = self._choices()
        act = every.get(word) or (every.get("Release") if word == "Hold" else None)
        if act is not None:
            self.acted.emit(act)

    def _tell(self, row: Upcoming | None) -> None:
        self._show_buttons()
        if row is not None:
            self.picked.emit(picked(row))

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done about the row under the pointer, or the chosen one by the menu key."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self.actions_of_row(menu):
            menu.addAction(action)
        if menu.isEmpty():
            menu.deleteLater()
            return
        where = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.list.visualRect(self.list.currentIndex()).center()
            where = self.list.viewport().mapToGlobal(QPoint(40, place.y()))
        menu.popup(where)

    def actions_of_row(self, parent: QWidget) -> list[QAction]:
        """The entries of the chosen row's menu."""
        actions = []
        for word, act in self._choices().items():
            action = QAction(word, parent)
            action.setToolTip(self._hints.get(word, ""))
            action.triggered.connect(lambda _=False, act=act: self.acted.emit(act))
            actions.append(action)
        return actions
