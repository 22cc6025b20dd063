"""The inspector: the fields of what is selected, and the events that made it so."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.inspection import Happening, Inspection, inspect
from raftviz.picture.primitives import Picked
from raftviz.qt.fonts import mono_font
from raftviz.qt.why import sections
from raftviz.sim.history import Moment
from raftviz.sim.units import in_ms


class Inspector(QScrollArea):
    """Shows one ``Inspection``; its labels are kept and given new words as time goes on."""

    event_wanted = Signal(int)
    """The number of an event somebody wants to go to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Inspector")
        page = QWidget()
        self.setWidget(page)
        column = self._column = QVBoxLayout(page)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(4)
        self._title = QLabel()
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        self._title.setFont(font)
        self._title.setWordWrap(True)
        self._subtitle = QLabel()
        self._subtitle.setProperty("tone", "muted")
        self._subtitle.setWordWrap(True)
        column.addWidget(self._title)
        column.addWidget(self._subtitle)
        column.addSpacing(10)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)
        column.addLayout(self._grid)
        column.addSpacing(16)
        self._why = QLabel("Why")
        self._why.setProperty("tone", "accent")
        column.addWidget(self._why)
        self._story = QVBoxLayout()
        self._story.setSpacing(8)
        column.addLayout(self._story)
        column.addStretch(1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._cards: list[_Card] = []
        self._shown: Inspection | None = None

    def show_moment(self, moment: Moment, picked: Picked | None) -> None:
        """Look at ``picked`` as it is at a moment."""
        inspection = inspect(moment, picked)
        if inspection == self._shown:
            return
        self._shown = inspection
        _say(self._title, inspection.title)
        _say(self._subtitle, inspection.subtitle)
        self._show_rows(inspection)
        self._show_story(inspection.why)
        # At once: while time passes, the next frame would come before Qt's own turn to lay out.
        self._column.activate()

    def _show_rows(self, inspection: Inspection) -> None:
        while len(self._rows) < len(inspection.rows):
            at = len(self._rows)
            key, value = QLabel(), QLabel()
            key.setFont(mono_font(9.5))
            key.setProperty("tone", "muted")
            key.setAlignment(Qt.AlignmentFlag.AlignTop)
            value.setFont(mono_font(9.5, bold=True))
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(key, at, 0)
            self._grid.addWidget(value, at, 1)
            self._rows.append((key, value))
        for at, (key, value) in enumerate(self._rows):
            shown = at < len(inspection.rows)
            key.setVisible(shown)
            value.setVisible(shown)
            if shown:
                _say(key, inspection.rows[at][0])
                _say(value, inspection.rows[at][1])

    def _show_story(self, why: tuple[Happening, ...]) -> None:
        self._why.setVisible(bool(why))
        while len(self._cards) < len(why):
            card = _Card()
            card.event_wanted.connect(self.event_wanted)
            self._story.addWidget(card)
            self._cards.append(card)
        for at, card in enumerate(self._cards):
            card.setVisible(at < len(why))
            if at < len(why):
                card.show_happening(why[at], first=at == 0)


class _Card(QFrame):
    """One event of the chain that led here; its button goes there."""

    event_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._number = -1
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        self._event = QLabel()
        self._event.setWordWrap(True)
        bold = self._event.font()
        bold.setBold(True)
        self._event.setFont(bold)
        self._reason = QLabel()
        self._reason.setWordWrap(True)
        self._go = QPushButton()
        self._go.setFlat(True)
        self._go.setCursor(Qt.CursorShape.PointingHandCursor)
        self._go.setToolTip("Go to this event")
        self._go.clicked.connect(lambda: self.event_wanted.emit(self._number))
        column.addWidget(self._event)
        column.addWidget(self._reason)
        column.addWidget(self._go, 0, Qt.AlignmentFlag.AlignLeft)

    def show_happening(self, happening: Happening, *, first: bool) -> None:
        self._number = happening.number
        lead = "" if first else "because: "
        _say(self._event, lead + happening.sentence)
        _say(self._reason, " ".join(b.sentence for b in happening.because))
        self._reason.setVisible(bool(happening.because))
        section = sections(happening.because)
        where = f"#{happening.number + 1} at {in_ms(happening.time_us):,.1f} ms"
        words = f"{section}   {where}" if section else where
        if self._go.text() != words:
            self._go.setText(words)
            self._go.setAccessibleName(f"Go to event {happening.number + 1}")


def _say(label: QLabel, text: str) -> None:
    if label.text() != text:  # a new text lays out the page anew
        label.setText(text)
