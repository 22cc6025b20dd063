"""The band below the picture: what just happened, and the rule of the paper behind it."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from raftviz.checks.properties import Violation
from raftviz.picture.event_words import event_sentence
from raftviz.qt.guard import guarded
from raftviz.qt.worded import Worded
from raftviz.raft.because import Because
from raftviz.sim.history import Moment


class WhyBand(QFrame):
    """One event and its reasons; in red when a property has just been broken.

    A click, or Enter, asks for more: for what led to it, or for what contradicts each other.
    """

    asked = Signal(bool)
    """Somebody wants to know more; true when a property has just been broken."""
    word_wanted = Signal(str)
    """Somebody wants to look up a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("why")
        self.setAccessibleName("Why")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(14)
        self._head = QLabel("Why")
        self._head.setProperty("tone", "accent")
        self._head.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._event, self._reason = Worded(), Worded()
        for worded in (self._event, self._reason):
            worded.word_wanted.connect(self.word_wanted)
        self._section = QLabel()
        self._section.setProperty("tone", "accent")
        self._section.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self._event.setProperty("tone", "muted")
        self._reason.setWordWrap(True)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._more = QLabel()
        self._more.setProperty("tone", "muted")
        self._more.setAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._event)
        words.addWidget(self._reason, 1)
        side = QVBoxLayout()
        side.setSpacing(2)
        side.addWidget(self._section, 1)
        side.addWidget(self._more)
        row.addWidget(self._head)
        row.addLayout(words, 1)
        row.addLayout(side)
        self._fit()
        self._mark(broken=False)

    def _fit(self) -> None:
        """The longest reasons fit, so that the picture above does not jump."""
        self.setFixedHeight(self.fontMetrics().lineSpacing() * 3 + 26)

    def enlarge(self, times: float) -> None:
        """Words so many times as large."""
        for widget in (self, *self.findChildren(QLabel)):
            font = widget.font()
            font.setPointSizeF(font.pointSizeF() * times)
            widget.setFont(font)

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Larger words need more room."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def show_moment(self, moment: Moment, violations: list[Violation]) -> None:
        """The last event of ``moment``."""
        last = moment.last
        broken = [v for v in violations if v.event == moment.count - 1]
        self._mark(broken=bool(broken))
        if last is None:
            self._event.say("Nothing has happened yet.")
            self._reason.say(
                "Every server waits for a leader's heartbeat, each for a random time. Press Space "
                "to let time pass, or → to go to the first event."
            )
            self._section.setText("§5.2")
            return
        self._event.say(event_sentence(last))
        if broken:
            self._reason.say(self._fitting([v.explanation for v in broken]))
            self._section.setText(broken[0].property.title)
            return
        self._reason.say(self._fitting([b.sentence for b in last.because]))
        self._section.setText(sections(last.because))

    def _fitting(self, sentences: list[str]) -> str:
        """As many sentences as there is room for; a click shows all of them."""
        for count in range(len(sentences), 1, -1):
            words = " ".join(sentences[:count]) + (" …" if count < len(sentences) else "")
            if self._fits(words):
                return words
        return sentences[0] + (" …" if len(sentences) > 1 else "") if sentences else ""

    def _fits(self, words: str) -> bool:
        metrics, room = self._reason.fontMetrics(), self._reason.size()
        box = QRect(0, 0, room.width(), 10_000)
        needed = metrics.boundingRect(box, Qt.TextFlag.TextWordWrap, words)
        return needed.height() <= room.height() + 2

    def _mark(self, *, broken: bool) -> None:
        if self.property("broken") == broken:
            return
        self._head.setText("Broken" if broken else "Why")
        self._more.setText("show the contradiction ›" if broken else "what led to it ›")
        key = "Shift+Q" if broken else "Q"
        what = "See the two events that contradict each other" if broken else "See what led to it"
        self.setToolTip(f"{what}   {key}")
        tone = "broken" if broken else "accent"
        self.setProperty("broken", broken)
        for label in (self._head, self._section):
            label.setProperty("tone", tone)
        for widget in (self, self._head, self._section):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click asks for more."""
        inside = self.rect().contains(event.position().toPoint())
        words = self._event.over or self._reason.over
        if event.button() is Qt.MouseButton.LeftButton and inside and not words:
            self.asked.emit(bool(self.property("broken")))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks for more."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit(bool(self.property("broken")))
        else:
            super().keyPressEvent(event)


def sections(because: tuple[Because, ...]) -> str:
    """The sections that some reasons stand in, each once: ``"§5.1 · §5.2"``."""
    seen = dict.fromkeys(
        section for reason in because for section in reason.reason.section.split(", ")
    )
    return " · ".join(seen)
