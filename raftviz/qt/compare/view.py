"""The comparison as a page of the window: two panes on one clock, what differs, and why."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from raftviz.compare.causes import cause_of_field
from raftviz.compare.comparison import Comparison, Kind
from raftviz.picture.difference_words import Sides, Step, parting_label, parting_words, steps
from raftviz.picture.now_words import Now, NowReader, NowRow
from raftviz.picture.primitives import Picked
from raftviz.picture.theme import LIGHT, Theme
from raftviz.picture.timeline_scale import TimeScale, ms_text
from raftviz.qt.cards import GAP
from raftviz.qt.compare.chain import HINT, ChainView
from raftviz.qt.compare.lists import DifferencesModel, List, NowModel
from raftviz.qt.compare.pane import Pane
from raftviz.qt.timeline import TimelineView
from raftviz.session.beside import SideBySide
from raftviz.session.sides import BOTH

BUTTONS = (
    "last-difference",
    "next-difference",
    "first-difference",
    "turn-side",
    "swap-sides",
    "compare",
)
"""The commands beside the sentence about the parting."""


class CompareView(QWidget):
    """Both sides, and what is told of them. It is given what to show, and says what is wanted."""

    focus_wanted = Signal(object)
    """Somebody does something on this side."""
    difference_wanted = Signal(int)
    """Somebody wants to go to a difference, and to know how it came about."""
    step_wanted = Signal(int)
    """Somebody wants to go to a step of the chain that is shown."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._beside: SideBySide | None = None
        self._reader = NowReader()
        self._now = Now((), (), ())
        self._chosen: int | NowRow | None = None
        self.panes = {kind: Pane(kind) for kind in BOTH}
        self.now = List("What differs now", NowModel())
        self.differences = List("All differences", DifferencesModel())
        self.chain = ChainView()
        self.now.chosen.connect(self._choose_now)
        self.differences.chosen.connect(self.difference_wanted)
        self.chain.step_wanted.connect(self.step_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, 0)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(GAP)
        split.addWidget(self._sides())
        split.addWidget(self._strip(actions))
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setSizes([1160, 400])
        column.addWidget(split)
        for kind, pane in self.panes.items():
            pane.focus_wanted.connect(lambda kind=kind: self.focus_wanted.emit(kind))
            pane.timeline.looked.connect(lambda scale, kind=kind: self._zoom(kind, scale))
            other = self.panes[kind.other].logs
            pane.logs.scrolled.connect(other.horizontalScrollBar().setValue)
            pane.logs.verticalScrollBar().valueChanged.connect(other.verticalScrollBar().setValue)

    def _sides(self) -> QWidget:
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for pane in self.panes.values():
            row.addWidget(pane, 1)
        return both

    def _strip(self, actions: Mapping[str, QAction]) -> QFrame:
        strip = QFrame()
        strip.setProperty("card", "true")
        strip.setMinimumWidth(330)
        column = QVBoxLayout(strip)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        self._parting = QLabel()
        self._parting.setTextFormat(Qt.TextFormat.PlainText)
        self._parting.setWordWrap(True)
        column.addWidget(self._parting)
        column.addLayout(self._commands(actions))
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(6)
        self._heads = [QLabel() for _ in range(3)]
        views = (self.differences, self.chain, self.now)
        for head, view in zip(self._heads, views, strict=True):
            head.setProperty("tone", "accent")
            view.setMinimumHeight(64)
            part = QWidget()
            inner = QVBoxLayout(part)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(3)
            inner.addWidget(head)
            inner.addWidget(view, 1)
            parts.addWidget(part)
        parts.setSizes([200, 300, 160])
        column.addWidget(parts, 1)
        return strip

    def _commands(self, actions: Mapping[str, QAction]) -> QGridLayout:
        """Three in a row."""
        grid = QGridLayout()
        grid.setSpacing(6)
        self._buttons: dict[str, QToolButton] = {}
        for at, command in enumerate(BUTTONS):
            button = QToolButton()
            button.setDefaultAction(actions[command])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setAccessibleName(actions[command].text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setProperty("small", "true")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._buttons[command] = button
            grid.addWidget(button, at // 3, at % 3)
        return grid

    def button(self, command: str) -> QToolButton:
        """The button of a command."""
        return self._buttons[command]

    # Showing

    def show_sides(self, beside: SideBySide) -> None:
        """Others are compared, or the other side has the focus."""
        if beside is not self._beside:
            self._beside, self._chosen = beside, None
        for kind, pane in self.panes.items():
            pane.show_focus(has=kind is beside.focus)
        self.show_moment(beside, None)

    def show_moment(self, beside: SideBySide, picked: Picked | None) -> None:
        """Show both sides where they are."""
        left, right = (beside.moment(kind) for kind in BOTH)
        self._now = self._reader.read(left, right)
        for kind, pane in self.panes.items():
            label = beside.branch(kind).label
            pane.show_name(label.name, label.colour, label.note)
            at = beside.cursor(kind)
            pane.show_moment(beside.moment(kind), int(at.time_us), beside.violations(kind))
        self.show_selection(beside, picked)
        self.show_differences(beside)

    def show_selection(self, beside: SideBySide, picked: Picked | None) -> None:
        """Mark what is selected."""
        for kind, pane in self.panes.items():
            pane.show_selection(picked, message=kind is beside.focus)

    def show_differences(self, beside: SideBySide) -> None:
        """Show what differs, as far as it was read."""
        comparison, sides = beside.comparison, self._names(beside)
        words, parted = parting_words(comparison, sides), parting_label(comparison)
        for kind, pane in self.panes.items():
            pane.show_differences(self._now, beside.moment(kind.other), comparison, parted)
        _say(self._parting, words)
        now, differences = self.now.model(), self.differences.model()
        assert isinstance(now, NowModel)
        assert isinstance(differences, DifferencesModel)
        now.show_now(self._now)
        differences.show_comparison(comparison)
        place = beside.place
        self.differences.mark(place - 1)
        count = len(comparison)
        told = f"Differences   {place:,} of {count:,}" if count else "No differences"
        _say(
            self._heads[0],
            f"{told} up to {ms_text(max(0, comparison.read_us), 0)} ms",
        )
        _say(self._heads[1], "How it came about")
        _say(self._heads[2], "Differs now" if self._now.rows else "Nothing differs now")
        self._explain(comparison, sides, place)

    def _names(self, beside: SideBySide) -> Sides:
        left, right = (beside.branch(kind).name for kind in BOTH)
        return Sides.named(left, right)

    def take_focus(self) -> None:
        """Give the keys to the side that acts go to."""
        if self._beside is not None:
            self.panes[self._beside.focus].canvas.setFocus()

    # What somebody chose

    def explain(self, index: int) -> None:
        """Show how a difference came about."""
        self._chosen = index

    def _choose_now(self, row: int) -> None:
        model = self.now.model()
        assert isinstance(model, NowModel)
        self._chosen = model.row_at(row)
        beside = self._beside
        if beside is not None:
            self._explain(beside.comparison, self._names(beside), beside.place)

    def _explain(self, comparison: Comparison, sides: Sides, place: int) -> None:
        chosen = self._chosen
        if isinstance(chosen, NowRow):
            self.chain.show_steps(*_of_field(comparison, sides, place, chosen))
        elif chosen is not None and chosen < len(comparison):
            self.chain.show_steps("", steps(comparison, sides, chosen))
        else:
            self.chain.show_steps(HINT if len(comparison) else "", ())
        self.chain.mark(place - 1)

    # Zooming

    def _zoom(self, kind: Kind, scale: TimeScale) -> None:
        self.panes[kind.other].timeline.look_like(scale)

    def fit_all(self) -> None:
        """Show all of the timelines, as far as the longer one goes."""
        timelines = [pane.timeline for pane in self.panes.values()]
        longest = max(timelines, key=lambda timeline: timeline.head_us)
        longest.fit_all()

    def begin_like(self, timeline: TimelineView) -> None:
        """Begin with what another timeline shows, and with what it has read."""
        for pane in self.panes.values():
            pane.timeline.read_with(timeline.known)

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._theme = theme
        for pane in self.panes.values():
            pane.set_theme(theme)
        if self._beside is not None:
            self.show_moment(self._beside, None)


def _of_field(
    comparison: Comparison, sides: Sides, place: int, row: NowRow
) -> tuple[str, Sequence[Step]]:
    """What a field differs in, and the chain behind it."""
    link = cause_of_field(comparison, place, row.part, row.field)
    head = (
        f"{row.whose}: {row.what} is {row.left} in {sides.of(Kind.LEFT)} and {row.right} in "
        f"{sides.of(Kind.RIGHT)}"
    )
    if link.to is None:
        return f"{head}. They differed in it from the beginning.", ()
    return f"{head}, since:", steps(comparison, sides, link.to)


def _say(label: QLabel, words: str) -> None:
    if words != label.text():  # a new text lays out the page anew
        label.setText(words)
