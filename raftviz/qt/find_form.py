"""What is searched for, and how: the mistake, what is to fall, at random or within bounds."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from raftviz.checks.properties import PROPERTIES
from raftviz.lab.apart import Quest
from raftviz.lab.exhaustive.bounds import (
    LEAST,
    MOST,
    MOST_STATES,
    Bounds,
    estimate,
    estimate_words,
    usual,
)
from raftviz.lab.plans import ANY, BOTH, NONE, Aim
from raftviz.picture.theme import Theme
from raftviz.qt.chooser import Chooser
from raftviz.qt.plain import plain_label
from raftviz.raft.variants import VARIANTS

_WITHOUT_BOUND = "Messages may be late, lost and repeated without bound."
_TOO_MANY = f"Memory holds {MOST_STATES:,} of them: the nearest are looked at."


class FindForm(QWidget):
    """What somebody chooses before a search; ``quest`` is all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make()
        self._lay_out()
        self.offer(())

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

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(_named("The mistake", self.mistake))
        column.addWidget(self.mistake)
        column.addWidget(_named("What is to fall", self.falls))
        column.addWidget(self.falls)
        column.addSpacing(4)
        column.addWidget(self.at_random)
        column.addWidget(self.of_all)
        column.addLayout(self._bounds_laid_out())
        column.addWidget(self.estimate)

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

    def offer(self, on: tuple[str, ...]) -> None:
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

    def choose(self, variant: str) -> None:
        """Choose a mistake, by its name."""
        place = self.mistake.findData(variant)
        if place >= 0:
            self.mistake.setCurrentIndex(place)

    def set_theme(self, theme: Theme) -> None:
        """Wear the colours of ``theme``."""
        self.estimate.setStyleSheet(f"color: {theme.muted};")
        for way in (self.at_random, self.of_all):
            way.setStyleSheet(_way_sheet(theme))

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
