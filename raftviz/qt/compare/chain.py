"""The way from a difference back to where the two part, a card a step; each can be gone to."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.difference_words import SIGNS, Step
from raftviz.picture.timeline_scale import ms_text
from raftviz.qt.guard import guarded
from raftviz.qt.why import sections

HINT = "Choose a difference to see how it came about."


class ChainView(QScrollArea):
    """The steps of one chain, from the difference down to the parting."""

    step_wanted = Signal(int)
    """The index of a difference that somebody wants to go to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("How it came about")
        page = QWidget()
        self.setWidget(page)
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(6)
        self._head = QLabel(HINT)
        self._head.setWordWrap(True)
        self._column.addWidget(self._head)
        self._column.addStretch(1)
        self._shown: tuple[str, tuple[Step, ...]] | None = None
        self._here = -1
        self.cards: list[StepCard] = []

    def show_steps(self, head: str, steps: Sequence[Step]) -> None:
        """Show a chain; ``head`` says what it explains, if that is no event."""
        shown = (head, tuple(steps))
        if shown == self._shown:
            return
        self._shown = shown
        self._head.setText(head)
        self._head.setVisible(bool(head))
        while len(self.cards) < len(steps):
            card = StepCard()
            card.wanted.connect(self.step_wanted)
            self._column.insertWidget(1 + len(self.cards), card)
            self.cards.append(card)
        for at, card in enumerate(self.cards):
            card.setVisible(at < len(steps))
            if at < len(steps):
                card.show_step(steps[at])
        self.verticalScrollBar().setValue(0)
        self._here = -1

    def mark(self, index: int) -> None:
        """Show which step one stands at, if one does."""
        if index == self._here:
            return
        self._here = index
        for card in self.cards:
            card.mark(here=card.isVisibleTo(self) and card.index == index)
            if card.property("here"):
                self.ensureWidgetVisible(card)

    def after(self, index: int) -> int | None:
        """The step that the one at ``index`` follows from; the first one, if that is not shown."""
        shown = [step.index for step in self._shown[1]] if self._shown is not None else []
        at = shown.index(index) + 1 if index in shown else 0
        return shown[at] if at < len(shown) else None


class StepCard(QFrame):
    """A difference: when and where it happened, its rule, and what it follows from."""

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.index = -1
        self.setProperty("step", "true")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 2, 2, 2)
        column.setSpacing(2)
        top = QHBoxLayout()
        top.setSpacing(8)
        self.go = QPushButton()
        self.go.setProperty("small", "true")
        self.go.setCursor(Qt.CursorShape.PointingHandCursor)
        self.go.clicked.connect(lambda: self.wanted.emit(self.index))
        self._event, self._reason, self._link = (_wrapped() for _ in range(3))
        self._section = QLabel()
        self._section.setProperty("tone", "accent")
        self._where = QLabel()
        self._where.setProperty("tone", "muted")
        self._where.setTextFormat(Qt.TextFormat.PlainText)
        self._where.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        top.addWidget(self.go)
        top.addWidget(self._where, 1)
        top.addWidget(self._section)
        column.addLayout(top)
        column.addWidget(self._event)
        self._reason.setProperty("tone", "muted")
        font = self._event.font()
        font.setBold(True)
        self._event.setFont(font)
        font = self._link.font()
        font.setItalic(True)
        self._link.setFont(font)
        column.addWidget(self._reason)
        column.addWidget(self._link)

    def show_step(self, step: Step) -> None:
        """Show a step of the way."""
        self.index = step.index
        when = f"{ms_text(step.time_us)} ms"
        self.go.setText(f"{SIGNS[step.kind]}  {when}")
        self.go.setToolTip(f"Go there, on both sides: {step.where}")
        self.go.setAccessibleName(f"Go to {when}, {step.where}: {step.sentence}")
        self._section.setText(sections(step.because))
        self._event.setText(step.sentence)
        self._where.setText(step.where)
        self._reason.setText(step.reason)
        self._reason.setVisible(bool(step.reason))
        self._link.setText(step.link)

    def mark(self, *, here: bool) -> None:
        """Show whether one stands here."""
        if self.property("here") != here:
            self.setProperty("here", here)
            self.style().unpolish(self)
            self.style().polish(self)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there, as a click does; the space bar lets time pass everywhere."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit(self.index)
        else:
            super().keyPressEvent(event)

    @property
    def words(self) -> str:
        """All that it says."""
        return " ".join(label.text() for label in (self._event, self._reason, self._link))


def _wrapped() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
