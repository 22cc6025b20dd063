"""The rules of the algorithm beside the picture: what just fired is lit, and its code can be read."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QSplitter,
    QTextBrowser,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.branch_index import EventIndex, Indexes
from raftviz.picture.glossary import words_in
from raftviz.picture.rulebook import RULES, Rule, fired
from raftviz.picture.rules_page import Heat, Standing, firings, standings
from raftviz.picture.source import SourceMissingError, source_of
from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.fonts import mono_font
from raftviz.qt.guard import guarded
from raftviz.qt.later import View
from raftviz.qt.plain import plain_label
from raftviz.qt.rules_list import ROW, ROW_OF, RuleDelegate, RulesModel
from raftviz.qt.worded import with_words, word_of, word_tip
from raftviz.session.session import Session
from raftviz.sim.history import NETWORK, History, Moment
from raftviz.sim.network import Network

_SLICE = 4_000
"""Records read at a time: a fiftieth of a second, so that a long history does not hold up anything."""


class RulesList(QListView):
    """The list under mouse and keys."""

    turned = Signal(str)
    """To the ``"last"`` or the ``"next"`` firing of the current rule."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.delegate = RuleDelegate(self)
        self.setModel(RulesModel(self))
        self.setItemDelegate(self.delegate)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { border: none; }")
        self.setMouseTracking(True)
        self.setAccessibleName("Rules of the algorithm")
        self.setAccessibleDescription(
            "Enter goes to the next time that a rule fires, Shift and Enter to the last time."
        )

    def rule_at(self, index: QModelIndex) -> Rule | None:
        """The rule in a row; None for a title, and where there is no row."""
        row = index.data(ROW) if index.isValid() else None
        return row if isinstance(row, Rule) else None

    def _part_at(self, at: QPoint) -> str:
        """The part of a rule at a place in the viewport; empty if there is no rule."""
        index = self.indexAt(at)
        if self.rule_at(index) is None:
            return ""
        return self.delegate.part_at(self.visualRect(index), self.font(), at)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on an arrow goes to the last or the next firing."""
        super().mouseReleaseEvent(event)
        part = self._part_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and part in ("last", "next"):
            self.turned.emit(part)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Arrows can be clicked, and look it."""
        hand = self._part_at(event.position().toPoint()) in ("last", "next")
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        )
        super().mouseMoveEvent(event)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter: on to the next firing; with shift: back to the last."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.turned.emit("last" if shift else "next")
        else:
            super().keyPressEvent(event)

    @guarded(default=False)
    def viewportEvent(self, event: QEvent) -> bool:
        """Say what an arrow does."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), _TIPS.get(self._part_at(event.pos()), ""), self)
            return True
        return super().viewportEvent(event)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words wrap anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    @guarded(default=QSize(320, 240))
    def sizeHint(self) -> QSize:
        """A few rules."""
        return QSize(320, 240)


_TIPS = {
    "last": "To the last time that this fired",
    "next": "To the next time that this fires",
    "words": "Click for its code · ◀ ▶ go to where it fired",
}


class RulesView(View):
    """The book, with the code of the chosen rule below it if somebody wants to read it."""

    event_wanted = Signal(int)
    """The number of an event that somebody wants to go to."""
    search_wanted = Signal(str)
    """The id of a rule: somebody wants to go on until it fires."""
    said = Signal(str)
    """A sentence for the status line."""
    word_wanted = Signal(str)
    """Somebody wants to look up a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = LIGHT
        self._history: History | None = None
        self._indexes: Indexes[EventIndex] = Indexes(firings)
        self._moment: Moment | None = None
        self._playing = False
        self._shown: tuple[object, ...] = ()
        self._broken: tuple[str, ...] = ()
        self._catching_up = False
        self.list = RulesList()
        self.code = _code_pane()
        self._note = QLabel()
        self._note.setProperty("tone", "muted")
        self._note.setWordWrap(True)
        self._note.setContentsMargins(14, 8, 14, 2)
        self._words = QLabel()
        self._words.setProperty("tone", "muted")
        self._words.setWordWrap(True)
        self._words.setContentsMargins(14, 4, 14, 0)
        self._words.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self._words.linkActivated.connect(lambda link: self.word_wanted.emit(word_of(link)))
        self._words.linkHovered.connect(lambda link: self._words.setToolTip(word_tip(link)))
        self._words.hide()
        self._fill()
        self.list.turned.connect(self.turn)
        self.list.selectionModel().currentChanged.connect(self._show_words)
        self.list.selectionModel().currentChanged.connect(self._show_code)

    def _fill(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.list)
        split.addWidget(self.code)
        split.setChildrenCollapsible(False)
        split.setSizes([300, 260])
        self.switch = _button("Code", "Show the Python code that follows the chosen rule   Ctrl+U")
        self.switch.setCheckable(True)
        self.switch.toggled.connect(self._switch_code)
        last = _button("◀ Last time", "To the last time that the chosen rule fired   Ctrl+,")
        last.clicked.connect(lambda: self.turn("last"))
        following = _button("Next time ▶", "To the next time that the chosen rule fires   Ctrl+.")
        following.clicked.connect(lambda: self.turn("next"))
        row = QHBoxLayout()
        row.setContentsMargins(10, 6, 10, 8)
        row.setSpacing(8)
        row.addWidget(last)
        row.addWidget(following)
        row.addStretch(1)
        row.addWidget(self.switch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.broken = plain_label()
        self.broken.setProperty("tone", "strong")
        self.broken.setWordWrap(True)
        self.broken.setContentsMargins(14, 2, 14, 2)
        self.broken.hide()
        column.addWidget(self._note)
        column.addWidget(self.broken)
        column.addWidget(split, 1)
        column.addWidget(self._words)
        column.addLayout(row)
        self.setFocusProxy(self.list)

    # What is shown

    def show_session(self, session: Session) -> None:
        """Light what fired just now."""
        moment = session.moment
        if moment.history is not self._history:
            self._history, self._indexes, self._shown = moment.history, Indexes(firings), ()
        self._moment, self._playing = moment, session.playback.playing
        self._renew()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._theme = self.list.delegate.theme = theme
        self.list.viewport().update()
        self._show_code()
        self._show_words()

    def _show_words(self) -> None:
        """The words of the chosen rule that the glossary has."""
        words = words_in(self.rule.text) if self.rule is not None else []
        self._words.setVisible(bool(words))
        links = (with_words(entry.word, self._theme.accent) for entry in words)
        self._words.setText(f"Look up: {' · '.join(links)}")

    def _renew(self) -> None:
        moment = self._moment
        if moment is None:
            return
        index = self._indexes.of(moment.branch)
        if not index.extend(_SLICE):
            self._catch_up_later(index)
        elif not moment.count:
            self._say("Nothing has fired yet. Press Space to let time pass.")
        else:
            self._say("What fired just now is marked. ◀ ▶ go to other times.")
        self._show_broken(moment)
        seen = standings(index, moment)
        model = self.list.model()
        assert isinstance(model, RulesModel)
        model.set_standings(seen)
        here = (moment.branch, moment.count)
        if here != self._shown:
            self._shown = here
            if not self._playing:
                self._bring_into_view(seen)

    def _show_broken(self, moment: Moment) -> None:
        """Which rules are broken on purpose here; then the code that is followed is another."""
        network = moment.history.part_at(moment.branch, NETWORK, moment.count)
        assert isinstance(network, Network)
        if network.variants != self._broken:
            self._broken = network.variants
            self.broken.setText("Broken on purpose here: " + ", ".join(self._broken))
            self.broken.setVisible(bool(self._broken))
            self._show_code()

    def _catch_up_later(self, index: EventIndex) -> None:
        """A long history is read a slice at a time, so that the window stays quick."""
        self._say(f"Reading what has happened: {index.read:,} of {len(index.branch):,} events …")
        if not self._catching_up:
            self._catching_up = True
            QTimer.singleShot(0, self, self._catch_up)

    def _catch_up(self) -> None:
        self._catching_up = False
        self._renew()

    def _say(self, words: str) -> None:
        if self._note.text() != words:
            self._note.setText(words)

    def _bring_into_view(self, seen: Mapping[str, Standing]) -> None:
        """Scroll to what just fired, unless some of it is to be seen already."""
        rows = [ROW_OF[rule] for rule, standing in seen.items() if standing.heat is Heat.NOW]
        model, area = self.list.model(), self.list.viewport().rect()
        places = [self.list.visualRect(model.index(row, 0)) for row in rows]
        if rows and not any(area.contains(place) for place in places):
            self.list.scrollTo(model.index(rows[0], 0), QListView.ScrollHint.PositionAtCenter)

    # What a person does

    @property
    def rule(self) -> Rule | None:
        """The rule that is chosen."""
        return self.list.rule_at(self.list.currentIndex())

    def look_at(self, thing: object) -> None:
        """Show a rule, by its id."""
        if isinstance(thing, str) and thing in ROW_OF:
            self.choose(thing)

    def choose(self, rule: str) -> None:
        """Choose a rule by its id."""
        index = self.list.model().index(ROW_OF[rule], 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def turn(self, where: str) -> None:
        """To the ``"last"`` or the ``"next"`` firing of the chosen rule."""
        rule, moment = self.rule, self._moment
        if rule is None or moment is None:
            self.said.emit("Choose a rule first: click it, or use the arrow keys up and down.")
            return
        index = self._indexes.of(moment.branch)
        index.extend()
        if where == "last":
            number = index.last(rule.id, moment.count - 1)
            if number is None:
                self.said.emit("That is the first time. Before it, this rule had not fired.")
        else:
            number = index.following(rule.id, moment.count)
            if number is None:
                self.search_wanted.emit(rule.id)
        if number is not None:
            self.event_wanted.emit(number)

    def toggle_code(self) -> None:
        """Show the code, or put it away."""
        self.switch.toggle()

    def _switch_code(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        self.code.setVisible(shown)
        last = self._moment.last if self._moment is not None else None
        if shown and self.rule is None and last is not None:
            self.choose((*fired(last), *RULES)[0])
        self._show_code()

    def _show_code(self) -> None:
        if self.code.isHidden():
            return
        rule = self.rule
        if rule is None:
            self.code.setHtml("Choose a rule to read its code.")
            return
        # Only who wants to read code waits for what colours it.
        from raftviz.qt.code import coloured  # noqa: PLC0415 - imports Pygments

        self.code.setFont(mono_font(8.5))
        self.code.setHtml("".join(self._piece(thing, coloured) for thing in rule.code))

    def _piece(self, thing: Callable[..., object], coloured: Callable[..., str]) -> str:
        try:
            pieces = [coloured(source_of(one), self._theme) for one in self._followed(thing)]
        except SourceMissingError as error:
            return f"<p>{error}.</p>"
        return "<p><b>Broken here: servers follow this instead</b></p>".join(pieces)

    def _followed(self, thing: Callable[..., object]) -> list[Callable[..., object]]:
        """A function of the algorithm, and the one that is followed in its place, if one is."""
        if not self._broken:
            return [thing]
        from raftviz.picture.variants.page import followed  # noqa: PLC0415 - while any is broken

        variant = followed(thing, self._broken)
        return [thing] if variant is None else [thing, variant.replacement]


def _code_pane() -> QTextBrowser:
    code = QTextBrowser()
    code.setLineWrapMode(QTextBrowser.LineWrapMode.NoWrap)
    code.setOpenLinks(False)
    code.setAccessibleName("Code of the rule")
    code.setFrameShape(QFrame.Shape.NoFrame)
    code.document().setDocumentMargin(12)
    code.setVisible(False)
    return code


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text.strip("◀▶ "))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
