"""*Find*: what a broken rule brings down is searched for, at random or among all there is."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from raftviz.lab.apart import Failed, Quest
from raftviz.lab.exhaustive.bounds import MOST_STATES, estimate
from raftviz.lab.findings import SHRINKING, Finding, Progress
from raftviz.lab.plans import NONE
from raftviz.picture.theme import Theme
from raftviz.qt.choice import Choice
from raftviz.qt.find_form import FindForm
from raftviz.qt.guard import guarded
from raftviz.qt.hunt import Hunt
from raftviz.qt.later import View
from raftviz.qt.plain import plain_label, sentence
from raftviz.session.session import Session
from raftviz.sim.history import NETWORK
from raftviz.sim.network import Network

_STEPS = 1_000
_HALF_STATES = 0.5
"""What part of the bar is full when as many states were looked at as the estimate says: it may be short."""


class State(Enum):
    """What the view is about just now."""

    CHOOSING = "choosing"
    SEARCHING = "searching"
    FOUND = "found"
    NOTHING = "nothing"


class FindView(View):
    """Choose a mistake and a way, *Find*, watch, and open what was found.

    ``clock`` gives wall-clock seconds.
    """

    open_wanted = Signal(object)
    """A ``Finding`` whose session somebody wants to see."""
    said = Signal(str)
    changed = Signal()
    """Searching or not, found or not: other commands make sense."""

    def __init__(
        self, hunt: Hunt, clock: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.hunt = hunt
        self._clock = clock
        self._began_s = 0.0
        self._on: tuple[str, ...] | None = None
        self._quest = Quest(NONE)
        self.state = State.CHOOSING
        self.finding: Finding | None = None
        """What the last search came to, if it came to anything."""
        self._best: Finding | None = None
        """What the search that goes on has come to already."""
        hunt.setParent(self)
        hunt.progressed.connect(self._show_progress)
        hunt.ended.connect(self._end)
        self._make()
        self._lay_out()
        self.set_state(State.CHOOSING)

    # Putting together

    def _make(self) -> None:
        self.form = FindForm()
        self.button = Choice("Find")
        self.button.setProperty("primary", "true")
        self.button.clicked.connect(self.turn)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName("How far the search is")
        self.told = plain_label()
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open_button = Choice("Open it")
        self.open_button.setProperty("primary", "true")
        self.open_button.clicked.connect(self.open_found)

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(14, 10, 14, 14)
        column.setSpacing(8)
        lead = plain_label(
            "Which mistake, and when does it matter? The shortest run in which it does is searched "
            "for beside all this, and opens as a session."
        )
        lead.setWordWrap(True)
        column.addWidget(lead)
        column.addSpacing(4)
        column.addWidget(self.form)
        column.addSpacing(6)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.open_button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.bar)
        column.addWidget(self.told)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)
        self.setFocusProxy(self.button)

    # What is shown

    def show_session(self, session: Session) -> None:
        """Choose what is on here, when that is something else than before."""
        moment = session.moment
        network = moment.history.part_at(moment.branch, NETWORK, moment.count)
        assert isinstance(network, Network)
        if network.variants != self._on and self.state is not State.SEARCHING:
            self._on = network.variants
            self.form.offer(network.variants)

    def set_theme(self, theme: Theme) -> None:
        """Wear the colours of ``theme``."""
        self.form.set_theme(theme)
        self.bar.setStyleSheet(
            f"QProgressBar {{ background: {theme.edge}; border: none; border-radius: 3px; }}"
            f"QProgressBar::chunk {{ background: {theme.accent}; border-radius: 3px; }}"
        )

    def look_at(self, thing: object) -> None:
        """Choose a mistake, by its name."""
        if self.state is not State.SEARCHING:
            self.form.choose(str(thing))

    def set_state(self, state: State) -> None:
        """Show what belongs to this state."""
        self.state = state
        searches = state is State.SEARCHING
        self.form.setEnabled(not searches)
        self.button.setText("Cancel" if searches else "Find")
        self.bar.setVisible(searches)
        self.open_button.setVisible(state is State.FOUND)
        found = "true" if state is not State.FOUND else "false"  # one is the next thing to do
        if self.button.property("primary") != found:
            self.button.setProperty("primary", found)
            self.button.style().polish(self.button)
        self.changed.emit()

    # What a person does

    def turn(self) -> None:
        """Begin the search, or end it."""
        if self.state is State.SEARCHING:
            self.cancel()
        else:
            self.begin()

    def begin(self) -> None:
        """Search for what is chosen."""
        self._quest = self.form.quest
        self.finding = self._best = None
        self._began_s = self._clock()
        self.told.setText("The search begins …")
        about = estimate(self._quest.bounds, self._quest.options)
        knows = self._quest.exhaustive and about <= MOST_STATES
        self.bar.setRange(0, _STEPS if knows else 0)
        self.bar.setValue(0)
        self.set_state(State.SEARCHING)
        self.hunt.begin(self._quest)

    def cancel(self) -> None:
        """End the search at once; what it has come to by then is kept."""
        if self.state is not State.SEARCHING:
            return
        self.hunt.stop()
        self.finding = self._best
        if self._best is None:
            self.told.setText(f"Cancelled. {self.told.text()}")
            self.set_state(State.CHOOSING)
        else:
            self.told.setText(f"{self._best.says} Stopped before it was the least.")
            self.set_state(State.FOUND)

    def open_found(self) -> None:
        """Open what was found."""
        if self.finding is not None and self.finding.found:
            self.open_wanted.emit(self.finding)

    def let_go(self) -> None:
        """The window closes: nothing goes on without it."""
        self.hunt.stop()

    # What comes of it

    def _show_progress(self, progress: Progress) -> None:
        took = self._clock() - self._began_s
        self._best = progress.best
        if progress.phase == SHRINKING:
            words = "Found. Now it is made shorter"
            words += f": {progress.acts} acts by now." if progress.acts else " …"
        elif self._quest.exhaustive:
            words = (
                f"{progress.states:,} states, {progress.depth} steps from the start, {took:.0f} s"
            )
            part = progress.states / max(1, estimate(self._quest.bounds, self._quest.options))
            full = part * _HALF_STATES if part < 1 else 1 - (1 - _HALF_STATES) / part
            if self.bar.maximum():
                self.bar.setValue(round(full * _STEPS))
        else:
            words = f"{progress.runs:,} runs, {took:.0f} s"
        self.told.setText(words)

    def _end(self, news: Finding | Failed) -> None:
        if isinstance(news, Failed):
            self.told.setText(sentence(f"No search: {news.sentence}"))
            self.set_state(State.NOTHING)
        else:
            self.finding = news
            self.told.setText(news.says)
            self.set_state(State.FOUND if news.found else State.NOTHING)
        if self.state is State.FOUND and self.button.hasFocus():
            self.open_button.setFocus()
        self.said.emit(self.told.text())

    @guarded(default=QSize(400, 500))
    def sizeHint(self) -> QSize:
        """All of it without scrolling."""
        return QSize(400, 500)
