"""A question put to a class: hands are counted for each answer, and stand as bars beside the model's."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from raftviz.picture.theme import Theme
from raftviz.qt.choice import Choice
from raftviz.qt.guard import guarded
from raftviz.qt.number_line import NumberLine
from raftviz.qt.plain import plain_label
from raftviz.teaching.poll import MOST_HANDS, Poll


class Bar(QWidget):
    """The part of all hands that went up for an answer."""

    def __init__(self, theme: Theme, share: float, *, right: bool) -> None:
        super().__init__()
        self._theme, self._share, self._right = theme, share, right
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(60)
        self.setFixedHeight(self.fontMetrics().height())

    @guarded(default=QSize(120, 16))
    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, self.fontMetrics().height())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """A rail, and as much of it filled."""
        theme = self._theme
        rail = QRectF(self.rect()).adjusted(0, 2, 0, -2)
        with QPainter(self) as p:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(theme.edge))
            p.drawRoundedRect(rail, 4, 4)
            rail.setWidth(rail.width() * self._share)
            p.setBrush(QColor(theme.good if self._right else theme.muted))
            p.drawRoundedRect(rail, 4, 4)


class PollForm(QWidget):
    """An answer a row, with a place for its hands; ``counted`` carries all of them."""

    counted = Signal(object)

    def __init__(self, answers: Sequence[str], *, free: bool) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        self.hands: list[NumberLine] = []
        for row, answer in enumerate(answers):
            words = _words(answer)
            hands = NumberLine(MOST_HANDS)
            hands.setEnabled(free)
            hands.setAccessibleName(f"Hands for: {answer}")
            words.setBuddy(hands)
            grid.addWidget(words, row, 0)
            grid.addWidget(hands, row, 1)
            self.hands.append(hands)
        self.done = Choice("Let the model answer")
        self.done.setEnabled(free)
        self.done.clicked.connect(self._count)
        for hands, following in zip(self.hands, [*self.hands[1:], self.done], strict=True):
            hands.returnPressed.connect(partial(_go_to, following))
        grid.addWidget(self.done, len(answers), 0, 1, 2)

    def _count(self) -> None:
        self.counted.emit(tuple(hands.value() for hands in self.hands))


class PollResult(QWidget):
    """What the class said; once the model has answered, a tick stands at what is right."""

    def __init__(self, answers: Sequence[str], poll: Poll, theme: Theme, right: int | None) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self.rows: list[str] = []
        for row, answer in enumerate(answers):
            is_right = row == right
            self.rows.append(f"{'✓  ' if is_right else ''}{answer}")
            words = _words(self.rows[-1])
            if is_right:
                words.setProperty("tone", "strong")
            grid.addWidget(words, row, 0)
            grid.addWidget(Bar(theme, poll.share(row), right=is_right), row, 1)
            count = plain_label(str(poll.hands[row]))
            count.setAlignment(Qt.AlignmentFlag.AlignRight)
            count.setAccessibleName(f"{poll.hands[row]} hands for: {answer}")
            grid.addWidget(count, row, 2)


def _go_to(widget: QWidget) -> None:
    """Enter goes on to the next place, where the next number is typed over the one that stands there."""
    widget.setFocus()
    if isinstance(widget, NumberLine):
        widget.selectAll()


def _words(answer: str) -> QLabel:
    words = plain_label(answer)
    words.setWordWrap(True)
    return words
