"""The welcome place: what one can begin with, over a cluster that is running already."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from raftviz.qt.choice import Choice
from raftviz.qt.guard import guarded
from raftviz.qt.overlay import Overlay
from raftviz.qt.way import Way, steps_done
from raftviz.session.glances import Glance, shipped_glances
from raftviz.shelf import is_there, shipped_scenarios

if TYPE_CHECKING:
    from raftviz.qt.window import Window

_DIMMED = 110
_WIDTH = 760
_RECENT = 5


class Welcome(Overlay):
    """A card in the middle of the window. It goes as soon as one has chosen something."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self.setAccessibleName("Welcome")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.card = QFrame(self)
        self.card.setProperty("card", "true")
        self.card.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(34, 28, 34, 22)
        column.setSpacing(10)
        title = QLabel("Welcome to raftviz")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 2)
        font.setBold(True)
        title.setFont(font)
        column.addWidget(title)
        about = QLabel(
            "Five servers behind this card are keeping one log between them. Watch them, stop "
            "them, break them, and see why they recover."
        )
        about.setWordWrap(True)
        about.setProperty("tone", "muted")
        column.addWidget(about)
        column.addSpacing(8)
        self.choices: dict[str, Choice] = {}
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(self._beginnings(), 1)
        row.addLayout(self._things_to_open(), 1)
        column.addLayout(row)
        column.addSpacing(4)
        self.way = Way(_lessons(), window.lessons.progress)
        self.way.wanted.connect(lambda path: self._choose(lambda: window.lessons.open(path)))
        column.addWidget(self.way)
        column.addSpacing(8)
        self.again = QCheckBox("Show this at the start")
        self.again.setChecked(window.looks.preferences.welcome)
        self.again.toggled.connect(self._keep)
        # A session may be opened otherwise, as by restoring what an accident left: that is a choice.
        window.conductor.session_changed.connect(self.hide)
        column.addWidget(self.again)

    def _keep(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        self._window.looks.preferences.welcome = shown

    # What there is to choose

    def _beginnings(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(_head("Begin"))
        window = self._window
        lesson = _next_lesson(window)
        if lesson is not None:
            path = str(lesson.path)
            words = f"Lesson {lesson.order}: {lesson.title}"
            self._add(column, "lesson", words, lambda: window.lessons.open(path), primary=True)
        self._add(column, "explore", "Explore this cluster", window.canvas.setFocus)
        self._add(column, "tour", "Take the tour: half a minute", window.take_tour)
        self._add(column, "lessons", "All lessons", lambda: window.show_view("Lesson"))
        self._add(column, "open", "Open a file…", window.filing.open)
        column.addStretch(1)
        return column

    def _things_to_open(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        window = self._window
        recent = [file for file in window.looks.preferences.recent if is_there(file)][:_RECENT]
        if recent:
            column.addWidget(_head("Open lately"))
            for path in recent:
                name = path.rpartition("/")[2]
                self._add(column, path, name, partial(window.filing.open_path, path))
        column.addWidget(_head("Situations to look at"))
        for scenario, found in shipped_scenarios().items():
            title = scenario.replace("-", " ").capitalize()
            where = str(found)
            self._add(column, scenario, title, partial(window.filing.open_path, where))
        column.addStretch(1)
        return column

    def _add(
        self,
        column: QVBoxLayout,
        key: str,
        words: str,
        do: Callable[[], object],
        *,
        primary: bool = False,
    ) -> None:
        choice = Choice(words)
        choice.setProperty("primary" if primary else "choice", "true")
        choice.clicked.connect(lambda _=False: self._choose(do))
        self.choices[key] = choice
        column.addWidget(choice)

    def _choose(self, do: Callable[[], object]) -> None:
        self.hide()
        do()

    # Coming and going

    def cover(self) -> None:
        """Come, with the keys on what most people want."""
        super().cover()
        self._place()
        next(iter(self.choices.values())).setFocus()

    def _place(self) -> None:
        self.card.adjustSize()
        self.card.move(self.rect().center() - self.card.rect().center())

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002
        """Stay in the middle."""
        self._place()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The cluster goes on, a little darker."""
        with QPainter(self) as p:
            p.fillRect(QRectF(self.rect()), QColor(0, 0, 0, _DIMMED))

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """While it is here, keys are its own."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes to the cluster; arrows walk the choices."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self._choose(self._window.canvas.setFocus)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            self.focusNextChild()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            self.focusPreviousChild()


def _next_lesson(window: "Window") -> Glance | None:
    """The first lesson that is not finished yet, or else the first."""
    found = _lessons()
    for one in found:
        if steps_done(one, window.lessons.progress) < one.steps:
            return one
    return found[0] if found else None


def _lessons() -> list[Glance]:
    """The lessons that ship, without the challenges."""
    return [one for one in shipped_glances() if not one.is_challenge]


def _head(words: str) -> QWidget:
    head = QLabel(words)
    head.setProperty("tone", "accent")
    return head
