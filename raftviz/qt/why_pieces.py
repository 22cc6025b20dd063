"""What a page of the walk is put together from: rows to walk along, and the card of the present thing."""

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.why.page import Page, Step, Told
from raftviz.qt.guard import guarded
from raftviz.qt.worded import SCHEME, with_words, word_of, word_tip

_LINKS = (
    Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
)


def say(label: QLabel, text: str) -> None:
    """Give a label other words; the same ones would lay out the page anew for nothing."""
    if label.text() != text:
        label.setText(text)
    show_if(label, bool(text))


def show_if(widget: QWidget, wanted: bool) -> None:  # noqa: FBT001 - a verdict
    """Show a widget or hide it, if it is not so already: Qt asks the whole page each time."""
    told = widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
    if not told or widget.isHidden() == wanted:
        widget.setVisible(wanted)


def label(*, tone: str = "", scale: float = 1.0, bold: bool = False) -> QLabel:
    """A label whose words wrap."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    if tone:
        made.setProperty("tone", tone)
    font = QFont(made.font())
    font.setPointSizeF(font.pointSizeF() * scale)
    font.setBold(bold)
    made.setFont(font)
    return made


class StepRow(QFrame):
    """One way to go on, by a click or by Enter. A second click goes there in time as well."""

    walked = Signal(object)
    """The thing somebody walks to."""
    gone = Signal()
    """Somebody clicked twice: they want to be where they have just walked to."""
    moved = Signal(int)
    """To another row: -1 up, 1 down."""

    def __init__(self) -> None:
        super().__init__()
        self.step = Step("")
        self._pressed = False
        self.setProperty("step", "true")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(1)
        self._words, self._about = label(), label(tone="muted", scale=0.92)
        column.addWidget(self._words)
        column.addWidget(self._about)

    def show_step(self, step: Step) -> None:
        """Show a way to go on."""
        self.step = step
        about = f"later: {step.about}" if step.later else step.about
        say(self._words, step.words)
        say(self._about, about)
        leads = step.target is not None
        self.setAccessibleName(f"{step.words}. {about}" if about else step.words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if leads else Qt.FocusPolicy.NoFocus)
        self.setProperty("leads", "true" if leads else "false")
        shape = Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.setToolTip("Click to walk there · twice to go there in time" if leads else "")

    def walk(self) -> None:
        """Walk where it leads."""
        if self.step.target is not None:
            self.walked.emit(self.step.target)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a click."""
        self._pressed = event.button() is Qt.MouseButton.LeftButton

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click walks."""
        if self._pressed and self.rect().contains(event.position().toPoint()):
            self._pressed = False
            self.walk()

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second click: the first one has walked, and other rows stand here now."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.gone.emit()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter walks, up and down choose another row."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.walk()
            case Qt.Key.Key_Up:
                self.moved.emit(-1)
            case Qt.Key.Key_Down:
                self.moved.emit(1)
            case _:
                super().keyPressEvent(event)


class _GoButton(QPushButton):
    """Goes to the present thing in time; up and down leave it for the rows."""

    moved = Signal(int)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose a row."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
        else:
            super().keyPressEvent(event)


class PresentCard(QFrame):
    """The thing one is at, in full words, with its sections."""

    gone = Signal()
    """Somebody wants to go there in time."""
    rule_wanted = Signal(str)
    """Somebody wants to read a rule of the book, by its id."""
    word_wanted = Signal(str)
    """Somebody wants to look up a word."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("present")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        self._title = label(scale=1.25, bold=True)
        self._about = label(tone="muted")
        self.button = _GoButton("Go there in time")
        self.button.setAutoDefault(True)  # Enter presses it
        self.button.setToolTip("Look at the cluster just behind this event   Ctrl+Return")
        self.button.clicked.connect(self.gone)
        self._told = QVBoxLayout()
        self._told.setSpacing(4)
        self._sentences: list[QLabel] = []
        column.addWidget(self._title)
        column.addWidget(self._about)
        column.addSpacing(4)
        column.addLayout(self._told)
        column.addSpacing(4)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column = column

    def show_page(self, page: Page, *, here: bool) -> None:
        """Show the present thing; ``here``: the cursor is just behind it already."""
        say(self._title, page.title)
        say(self._about, page.about)
        self._show_told(page.told)
        show_if(self.button, page.event is not None)
        self.button.setText("You are here in time" if here else "Go there in time")
        if self.property("broken") != page.broken:
            self.setProperty("broken", page.broken)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setAccessibleName(page.title)
        self.setAccessibleDescription(" ".join(told.sentence for told in page.told))

    def _show_told(self, told: Iterable[Told]) -> None:
        shown = list(told)
        while len(self._sentences) < len(shown):
            sentence = label()
            sentence.setTextFormat(Qt.TextFormat.RichText)
            sentence.setTextInteractionFlags(_LINKS)
            sentence.linkActivated.connect(self._follow)
            sentence.linkHovered.connect(lambda link, s=sentence: s.setToolTip(word_tip(link)))
            self._told.addWidget(sentence)
            self._sentences.append(sentence)
        for at, sentence in enumerate(self._sentences):
            say(sentence, self._rich(shown[at]) if at < len(shown) else "")

    def _follow(self, link: str) -> None:
        """To a rule, or to a word of the glossary."""
        if link.startswith(SCHEME):
            self.word_wanted.emit(word_of(link))
        else:
            self.rule_wanted.emit(link)

    def _rich(self, told: Told) -> str:
        """The sentence with its words, and its sections: links to the rule if the book has it."""
        words = [escape(section) for section in told.sections]
        if told.rule:
            words = [f'<a href="{escape(told.rule)}">{section}</a>' for section in words]
        sentence = with_words(told.sentence, self.palette().windowText().color().name())
        return f"{sentence}&nbsp; {' · '.join(words)}" if words else sentence

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Clicked twice: go there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.gone.emit()


class StepList(QWidget):
    """A caption and its rows; rows are kept and given other words."""

    walked = Signal(object)
    gone = Signal()
    moved = Signal(QWidget, int)
    """From a row of this list to another."""
    all_wanted = Signal()

    def __init__(self, caption: str) -> None:
        super().__init__()
        self.rows: list[StepRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.caption = QLabel(caption)
        self.caption.setProperty("tone", "accent")
        self.caption.setContentsMargins(12, 4, 12, 2)
        self._column.addWidget(self.caption)
        self._none = label(tone="muted")
        self._none.setContentsMargins(12, 4, 12, 4)
        self._column.addWidget(self._none)
        self._body = QVBoxLayout()
        self._body.setSpacing(0)
        self._column.addLayout(self._body)
        self.more = QPushButton()
        self.more.setFlat(True)
        self.more.setAutoDefault(True)
        self.more.clicked.connect(self.all_wanted)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 2, 12, 2)
        foot.addWidget(self.more)
        foot.addStretch(1)
        self._column.addLayout(foot)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_steps(self, steps: tuple[Step, ...], most: int, nothing: str) -> None:
        """Show the first ``most`` steps, and how many there are besides; or that there are none."""
        shown = steps[:most]
        while len(self.rows) < len(shown):
            row = StepRow()
            row.walked.connect(self.walked)
            row.gone.connect(self.gone)
            row.moved.connect(lambda step, row=row: self.moved.emit(row, step))
            self._body.addWidget(row)
            self.rows.append(row)
        for at, row in enumerate(self.rows):
            if at < len(shown):
                row.show_step(shown[at])
            show_if(row, at < len(shown))
        say(self._none, "" if shown else nothing)
        show_if(self.more, len(steps) > len(shown))
        self.more.setText(f"and {len(steps) - len(shown):,} more")

    def seen(self) -> list[StepRow]:
        """The rows that lead somewhere, from top to bottom."""
        return [row for row in self.rows if not row.isHidden() and row.step.target is not None]
