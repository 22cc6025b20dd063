"""The bar at the top: playing, stepping, speed, where we are, and the acts one needs most."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.theme import Theme
from raftviz.playback import SPEEDS, speed_text
from raftviz.qt.branch_pill import BranchPill
from raftviz.qt.chooser import Chooser
from raftviz.qt.fonts import mono_font
from raftviz.qt.guard import guarded
from raftviz.qt.icons import icon
from raftviz.session.kinds import KINDS, Kind
from raftviz.session.session import Instant, Session
from raftviz.sim.units import in_ms

_TRANSPORT = {
    "home": "home",
    "step-back": "step-back-by",
    "play": "play",
    "step": "step-by",
    "end": "end",
}
"""The buttons of time and their commands: the steps are by the kind that is chosen."""

_BEFORE_WORDS = 12
"""Pixels between an icon and its words, and what Fusion leaves behind them (measured with 6.11)."""

_ACTS = ("request", "crash", "partition", "heal")


class Transport(QFrame):
    """The bar. It shows a session and triggers the window's actions; it holds nothing itself."""

    speed_wanted = Signal(int)
    """A place in ``SPEEDS``."""
    kind_wanted = Signal(str)
    """The kind of events that the step buttons are to step by."""

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self._buttons: dict[str, QToolButton] = {}
        self._icons: dict[str, tuple[str, str]] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        for place, of_time in _TRANSPORT.items():
            row.addWidget(self._button(place, actions[of_time]))
        self._kinds = _kinds()
        self._kinds.currentIndexChanged.connect(lambda at: self.kind_wanted.emit(KINDS[at].id))
        row.addSpacing(6)
        row.addLayout(_captioned("step by", self._kinds))
        row.addSpacing(12)
        self._speed = QSlider(Qt.Orientation.Horizontal)
        self._speed.setRange(0, len(SPEEDS) - 1)
        self._speed.setPageStep(1)
        self._speed.setFixedWidth(110)
        self._speed.setAccessibleName("Speed")
        self._speed.setToolTip("How fast time passes   [ slower   ] faster")
        self._speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._speed.valueChanged.connect(self.speed_wanted)
        self._speed_words = _Digits(62)
        speed = QVBoxLayout()
        speed.setSpacing(2)
        speed.addWidget(_caption("speed"))
        line = QHBoxLayout()
        line.addWidget(self._speed)
        line.addWidget(self._speed_words)
        speed.addLayout(line)
        row.addLayout(speed)
        self._time = _Digits(104)
        self._event = _Digits(104)
        self._instant = _Instant("event")
        _as_caption(self._instant)
        row.addLayout(_captioned("time", self._time))
        row.addLayout(_captioned(self._instant, self._event))
        self.pill = BranchPill()
        branch = QVBoxLayout()
        branch.setSpacing(2)
        branch.addWidget(_caption("branch"))
        branch.addWidget(self.pill)
        row.addLayout(branch)
        row.addStretch(1)
        row.addWidget(_Acts([self._button(command, actions[command]) for command in _ACTS]))

    def _button(self, command: str, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setIconSize(QSize(20, 20))
        button.setAccessibleName(action.text())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if command == "play":
            button.setProperty("primary", "true")
        self._buttons[command] = button
        return button

    def button(self, command: str) -> QToolButton:
        """The button of a command."""
        return self._buttons[command]

    def set_theme(self, theme: Theme, *, playing: bool) -> None:
        """Recolour the icons, if they are to be others."""
        self.pill.set_theme(theme)
        for command, button in self._buttons.items():
            name = "pause" if command == "play" and playing else command
            colour = theme.on_accent if command == "play" else theme.text
            if self._icons.get(command) != (name, colour):
                self._icons[command] = (name, colour)
                button.defaultAction().setIcon(icon(name, colour))

    def show_playback(self, session: Session) -> None:
        """The speed."""
        speed = session.playback.speed
        with QSignalBlocker(self._speed):
            self._speed.setValue(SPEEDS.index(speed))
        self._speed_words.say(speed_text(speed))

    def show_session(self, session: Session) -> None:
        """Where the session stands."""
        whole, _, part = f"{in_ms(session.time_us):,.2f}".partition(".")
        self._time.say(f"{whole.replace(',', ' ')}.{part} ms")
        self._event.say(f"#{session.count:,} of {len(session.branch):,}")
        self._show_instant(session.at_this_instant)
        self.pill.show_session(session)

    def _show_instant(self, instant: Instant) -> None:
        """Which of several events at one instant this is."""
        words = instant_words(instant)
        if words != self._instant.text():
            self._instant.setText(words)
            self._instant.setToolTip(ORDER if words != "event" else "")
            self._event.setToolTip(self._instant.toolTip())

    def show_kind(self, kind: Kind) -> None:
        """What is stepped by."""
        with QSignalBlocker(self._kinds):
            self._kinds.setCurrentIndex(KINDS.index(kind))


ORDER = (
    "Several events at one instant happen one after the other, always in this order: disks that "
    "finish a write, messages in the order in which they were sent, timers, batches that are due, "
    "clients; of several alike, the lower number first. What you do comes before all of them."
)
"""Why this one is before that one, for whoever steps through an instant."""

_WIDEST = "event · 22 of 22 at this instant …"


def instant_words(instant: Instant) -> str:
    """“event · 2 of 3 at this instant”; “…” when more are due there; just “event” for one alone."""
    if instant.all < 2 and not instant.more:
        return "event"
    more = " …" if instant.more else ""
    return f"event · {instant.place} of {instant.all} at this instant{more}"


def _kinds() -> Chooser:
    kinds = Chooser()
    kinds.addItems([kind.title for kind in KINDS])
    kinds.setAccessibleName("Step by")
    kinds.setToolTip("What the step buttons step by   Ctrl+← Ctrl+→")
    kinds.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return kinds


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    _as_caption(label)
    return label


def _as_caption(label: QLabel) -> None:
    label.setProperty("tone", "muted")
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 0.85)
    label.setFont(font)


class _Instant(QLabel):
    """Words that come and go. Their room is always kept, or else all that is behind would jump."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        # Or else the figure below, which is narrower, would say how wide both may be.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @guarded(default=QSize())
    def sizeHint(self) -> QSize:
        """Room for the longest."""
        return QSize(self.fontMetrics().horizontalAdvance(_WIDEST), super().sizeHint().height())

    @guarded(default=QSize())
    def minimumSizeHint(self) -> QSize:
        """In a narrow window the figure below is all there is room for."""
        return QSize(0, super().minimumSizeHint().height())


class _Acts(QWidget):
    """Buttons with words beside their icons; without the words where there is no room for them."""

    def __init__(self, buttons: list[QToolButton]) -> None:
        super().__init__()
        self._buttons = buttons
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        for button in buttons:
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _widths(self) -> tuple[int, int]:
        """How wide they are without words and with them; what Qt says of one tells the other."""
        hints = sum(button.sizeHint().width() for button in self._buttons)
        hints += self.layout().spacing() * (len(self._buttons) - 1)  # type: ignore[union-attr]
        words = sum(map(_words_px, self._buttons))
        worded = self._buttons[0].toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        return (hints - words, hints) if worded else (hints, hints + words)

    @guarded(default=QSize())
    def sizeHint(self) -> QSize:
        """With words."""
        return QSize(self._widths()[1], self._buttons[0].sizeHint().height())

    @guarded(default=QSize())
    def minimumSizeHint(self) -> QSize:
        """Without words."""
        return QSize(self._widths()[0], self._buttons[0].sizeHint().height())

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many words as there is room for: all or none."""
        fits = event.size().width() >= self._widths()[1]
        styles = Qt.ToolButtonStyle
        style = styles.ToolButtonTextBesideIcon if fits else styles.ToolButtonIconOnly
        for button in self._buttons:
            button.setToolButtonStyle(style)
        super().resizeEvent(event)


def _words_px(button: QToolButton) -> int:
    """What a button's words add to its width, and the space before them."""
    return button.fontMetrics().horizontalAdvance(button.text()) + _BEFORE_WORDS


class _Digits(QLabel):
    """A figure that is another in each frame. It keeps its size: a new one would lay out the window."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._least = width
        self.setFont(mono_font(10.5, bold=True))

    def say(self, text: str) -> None:
        """Show a figure; the label grows with it, and never shrinks but with its font."""
        wide, high = self.fontMetrics().horizontalAdvance(text), self.fontMetrics().height()
        if high != self.minimumHeight():
            self.setFixedSize(max(self._least, wide), high)
        elif wide > self.minimumWidth():
            self.setFixedWidth(wide)
        self.setText(text)


def _captioned(caption: str | QLabel, value: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(_caption(caption) if isinstance(caption, str) else caption)
    column.addWidget(value)
    return column
