"""*Find*: what a broken rule brings down is searched for, at random or among all there is."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from raftviz.checks.properties import PROPERTIES
from raftviz.lab.apart import Failed, Quest
from raftviz.lab.exhaustive.bounds import (
    LEAST,
    MOST,
    MOST_STATES,
    Bounds,
    estimate,
    estimate_words,
    usual,
)
from raftviz.lab.findings import SHRINKING, Finding, Progress
from raftviz.lab.plans import ANY, BOTH, NONE, Aim
from raftviz.picture.theme import Theme
from raftviz.qt.choice import Choice
from raftviz.qt.chooser import Chooser
from raftviz.qt.guard import guarded
from raftviz.qt.hunt import Hunt
from raftviz.qt.later import View
from raftviz.qt.plain import plain_label, sentence
from raftviz.raft.variants import VARIANTS
from raftviz.session.session import Session
from raftviz.sim.history import NETWORK
from raftviz.sim.network import Network

_STEPS = 1_000
_HALF_STATES = 0.5
"""What part of the bar is full when as many states were looked at as the estimate says: it may be short."""


_WITHOUT_BOUND = "Messages may be late, lost and repeated without bound."
_TOO_MANY = f"Memory holds {MOST_STATES:,}: of those, the nearest are looked at."


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
        hunt.setParent(self)
        hunt.progressed.connect(self._show_progress)
        hunt.ended.connect(self._end)
        self._make()
        self._lay_out()
        self._fill_mistakes(())
        self.set_state(State.CHOOSING)

    # Putting together

    def _make(self) -> None:
        self.mistake = Chooser()
        self.mistake.setAccessibleName("The mistake")
        self.mistake.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.mistake.setMinimumContentsLength(20)
        self.mistake.currentIndexChanged.connect(self._suit)
        self.falls = Chooser()
        self.falls.setAccessibleName("What is to fall")
        self.falls.addItem("What this mistake is known for", "")
        self.falls.addItem("Whatever falls first", ANY)
        for one in PROPERTIES:
            self.falls.addItem(one.title, one.name)
            self.falls.setItemData(
                self.falls.count() - 1, one.statement, Qt.ItemDataRole.ToolTipRole
            )
        self.at_random = QRadioButton("At random: many short runs, one after the other")
        self.of_all = QRadioButton("All there is, within these bounds:")
        self.at_random.setChecked(True)
        ways = QButtonGroup(self)
        ways.addButton(self.at_random)
        ways.addButton(self.of_all)
        self.of_all.toggled.connect(self._show_estimate)
        self.bounds = {what: _numbers(what) for what in MOST}
        for numbers in self.bounds.values():
            numbers.currentIndexChanged.connect(self._bounded)
        self.estimate = plain_label()
        self.estimate.setWordWrap(True)
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
        column.addWidget(_named("The mistake", self.mistake))
        column.addWidget(self.mistake)
        column.addWidget(_named("What is to fall", self.falls))
        column.addWidget(self.falls)
        column.addSpacing(4)
        column.addWidget(self.at_random)
        column.addWidget(self.of_all)
        column.addLayout(self._bounds_laid_out())
        column.addWidget(self.estimate)
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

    def _bounds_laid_out(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(24, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        for place, (what, numbers) in enumerate(self.bounds.items()):
            row, column = divmod(place, 2)
            grid.addWidget(_named(what.capitalize(), numbers), row, 2 * column)
            grid.addWidget(numbers, row, 2 * column + 1)
        grid.setColumnStretch(4, 1)
        return grid

    def _fill_mistakes(self, on: tuple[str, ...]) -> None:
        """The mistakes to choose from: what is on here first, and chosen."""
        chosen = self.mistake.currentData()
        with QSignalBlocker(self.mistake):
            self.mistake.clear()
            if len(on) > 1:
                self.mistake.addItem("All that are on here", BOTH.join(on))
            for name in (*on, *(name for name in VARIANTS if name not in on)):
                words = VARIANTS[name].title + (" · on here" if name in on else "")
                self.mistake.addItem(words, name)
                self.mistake.setItemData(
                    self.mistake.count() - 1, name, Qt.ItemDataRole.ToolTipRole
                )
            self.mistake.addItem("None: the algorithm as it is", NONE)
            place = 0 if on else max(0, self.mistake.findData(chosen))
            self.mistake.setCurrentIndex(place)
        self._suit()

    # What is shown

    def show_session(self, session: Session) -> None:
        """Choose what is on here, when that is something else than before."""
        moment = session.moment
        network = moment.history.part_at(moment.branch, NETWORK, moment.count)
        assert isinstance(network, Network)
        if network.variants != self._on and self.state is not State.SEARCHING:
            self._on = network.variants
            self._fill_mistakes(network.variants)

    def set_theme(self, theme: Theme) -> None:
        """Wear the colours of ``theme``."""
        muted = f"color: {theme.muted};"
        self.estimate.setStyleSheet(muted)
        self.bar.setStyleSheet(
            f"QProgressBar {{ background: {theme.edge}; border: none; border-radius: 3px; }}"
            f"QProgressBar::chunk {{ background: {theme.accent}; border-radius: 3px; }}"
        )
        for way in (self.at_random, self.of_all):
            way.setStyleSheet(_way_sheet(theme))

    def look_at(self, thing: object) -> None:
        """Choose a mistake, by its name."""
        place = self.mistake.findData(str(thing))
        if place >= 0 and self.state is not State.SEARCHING:
            self.mistake.setCurrentIndex(place)

    def _suit(self) -> None:
        """Bounds that suit the chosen mistake."""
        bounds, _ = usual(self._aim_variants())
        for what, numbers in self.bounds.items():
            with QSignalBlocker(numbers):
                numbers.setCurrentIndex(numbers.findData(getattr(bounds, what)))
        self._name_falls()
        self._show_estimate()

    def _aim_variants(self) -> tuple[str, ...]:
        return Aim(str(self.mistake.currentData())).variants

    @property
    def quest(self) -> Quest:
        """What is chosen."""
        variant = str(self.mistake.currentData())
        _, options = usual(self._aim_variants())
        bounds = Bounds(**{what: one.currentData() for what, one in self.bounds.items()})
        falls = str(self.falls.currentData())
        return Quest(variant, self.of_all.isChecked(), bounds, options, falls=falls)

    def _bounded(self) -> None:
        self.of_all.setChecked(True)
        self._show_estimate()

    def _name_falls(self) -> None:
        """What this mistake is known for, by name."""
        usually = Aim.of(str(self.mistake.currentData())).falls
        title = next((one.title for one in PROPERTIES if one.name == usually), "")
        words = f"{title}, which this mistake is known for" if title else "Whatever falls first"
        self.falls.setItemText(0, words)

    def _show_estimate(self) -> None:
        quest = self.quest
        if not quest.exhaustive:
            self.estimate.setText("It ends after a minute, or when something falls.")
            return
        words = estimate_words(quest.bounds, quest.options)
        far = estimate(quest.bounds, quest.options) > MOST_STATES
        self.estimate.setText(
            f"{words[0].upper()}{words[1:]}. {_TOO_MANY if far else _WITHOUT_BOUND}"
        )

    def set_state(self, state: State) -> None:
        """Show what belongs to this state."""
        self.state = state
        searches = state is State.SEARCHING
        for chosen in (
            self.mistake,
            self.falls,
            self.at_random,
            self.of_all,
            *self.bounds.values(),
        ):
            chosen.setEnabled(not searches)
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
        self._quest = self.quest
        self.finding = None
        self._began_s = self._clock()
        self.told.setText("The search begins …")
        about = estimate(self._quest.bounds, self._quest.options)
        knows = self._quest.exhaustive and about <= MOST_STATES
        self.bar.setRange(0, _STEPS if knows else 0)
        self.bar.setValue(0)
        self.set_state(State.SEARCHING)
        self.hunt.begin(self._quest)

    def cancel(self) -> None:
        """End the search at once."""
        if self.state is State.SEARCHING:
            self.hunt.stop()
            self.told.setText(f"Cancelled. {self.told.text()}")
            self.set_state(State.CHOOSING)

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


def _way_sheet(theme: Theme) -> str:
    """A ring that is seen in every theme, filled where it is chosen."""
    return f"""
    QRadioButton {{ spacing: 8px; padding: 2px; border: 1px solid transparent; border-radius: 6px; }}
    QRadioButton:focus {{ border-color: {theme.accent}; }}
    QRadioButton:disabled {{ color: {theme.muted}; }}
    QRadioButton::indicator {{ width: 10px; height: 10px; border: 2px solid {theme.muted};
        border-radius: 7px; background: {theme.surface}; }}
    QRadioButton::indicator:checked {{ background: {theme.accent}; border-color: {theme.accent}; }}
    """


def _numbers(what: str) -> QComboBox:
    numbers = Chooser()
    for number in range(LEAST[what], MOST[what] + 1):
        numbers.addItem(str(number), number)
    numbers.setMinimumWidth(64)
    numbers.setAccessibleName(f"At most so many {what}")
    return numbers


def _named(words: str, field: QWidget) -> QLabel:
    label = plain_label(words)
    label.setBuddy(field)
    return label
