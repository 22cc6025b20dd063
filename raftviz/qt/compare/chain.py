"""The way from a difference back to where the two part, a card a step; each can be gone to."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.difference_words import SIGNS, Step
from raftviz.picture.timeline_scale import ms_text
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


class StepCard(QFrame):
    """A difference: when and where it happened, its rule, and what it follows from."""

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._index = -1
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        top = QHBoxLayout()
        top.setSpacing(8)
        self.go = QPushButton()
        self.go.setProperty("small", "true")
        self.go.setCursor(Qt.CursorShape.PointingHandCursor)
        self.go.clicked.connect(lambda: self.wanted.emit(self._index))
        self._event, self._reason, self._link = (_wrapped() for _ in range(3))
        self._section = QLabel()
        self._section.setProperty("tone", "accent")
        top.addWidget(self.go, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._event, 1)
        top.addWidget(self._section, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
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
        self._index = step.index
        when = f"{ms_text(step.time_us)} ms"
        self.go.setText(f"{SIGNS[step.kind]}  {when}")
        self.go.setToolTip(f"Go there, on both sides: {step.where}")
        self.go.setAccessibleName(f"Go to {when}, {step.where}: {step.sentence}")
        self._section.setText(sections(step.because))
        self._event.setText(step.sentence)
        where = f"{step.where[0].upper()}{step.where[1:]}."
        self._reason.setText(f"{where} {step.reason}".strip())
        self._link.setText(step.link)

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
