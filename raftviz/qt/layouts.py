"""The named layouts of the window, one key away: to explore, to follow a lesson, to show to a hall."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QMainWindow, QTabBar

from raftviz.picture.layouts import EXPLORE, LESSON, PRESENTER

if TYPE_CHECKING:
    from raftviz.qt.preferences import Preferences
    from raftviz.qt.window import Window

_LESSON_WIDTH, _LESSON_SHARE = 560, 0.36
"""Pixels, and the most of a small window: some 70 letters a line, which is as long as lines read well."""

_USUAL_HEIGHT, _PER_LOST_PIXEL = 1000, 0.2
"""In a low window the views below the picture give up their part as well."""


class Layouts:
    """Changes between layouts, and brings each back as somebody left it.

    The presenter's is a stage that is stepped on and left again, so nothing of it is kept.
    """

    def __init__(self, window: "Window", preferences: "Preferences") -> None:
        self._window = window
        self._preferences = preferences
        self._usual = window.saveState()
        self._left: dict[str, QByteArray] = {}
        self._arranged = EXPLORE

    @property
    def name(self) -> str:
        """The layout that is worn now."""
        return PRESENTER if self._window.presenter.showing else self._arranged

    def choose(self, name: str) -> None:
        """Wear a layout as it was left; the one that is worn already, as it was when new."""
        presenter = self._window.presenter
        if (name == PRESENTER) != presenter.showing:
            presenter.toggle()
        if name == PRESENTER:
            return
        if name == self._arranged:
            self._left.pop(name, None)
        else:
            self._left[self._arranged] = self._window.saveState()
            self._arranged = name
        left = self._left.get(name)
        if left is None or not restore_state(self._window, left):
            self._as_new(name)
        self._align()

    def follow_lesson(self) -> None:
        """A lesson begins: make room for it, unless somebody presents or has the room already."""
        if self.name == EXPLORE:
            self.choose(LESSON)
        self._window.docks["Lesson"].show()
        self._window.docks["Lesson"].raise_()

    def leave_lesson(self) -> None:
        """The lesson was put away: all is where it was before."""
        if self.name == LESSON:
            self.choose(EXPLORE)

    def _align(self) -> None:
        """Let the cards below the picture end where the picture ends."""
        corner = self._window.corner(Qt.Corner.BottomRightCorner)
        for title in self._window.below:
            at_edge = corner is Qt.DockWidgetArea.BottomDockWidgetArea
            self._window.docks[title].stand_at_edge(at_edge=at_edge)

    def _as_new(self, name: str) -> None:
        window = self._window
        restore_state(self._window, self._usual)
        if name == LESSON:
            # Beside everything, from top to bottom: a step is read without scrolling.
            window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
            lesson = window.docks["Lesson"]
            lesson.show()
            lesson.raise_()
            wide = min(_LESSON_WIDTH, round(_LESSON_SHARE * window.width()))
            window.resizeDocks([lesson], [wide], Qt.Orientation.Horizontal)
            lost = _PER_LOST_PIXEL * (_USUAL_HEIGHT - window.height())
            if lost > 0:
                low = [window.docks[title] for title in ("Logs", "Timeline")]
                high = [max(110, round(dock.height() - lost)) for dock in low]
                window.resizeDocks(low, high, Qt.Orientation.Vertical)

    # Between starts

    def remember(self) -> None:
        """Keep the layouts, and where the window is."""
        self._left[self._arranged] = self._window.saveState()
        for name, state in self._left.items():
            self._preferences.keep_layout(name, state)
        self._preferences.geometry = self._window.saveGeometry()

    def restore(self) -> None:
        """Put the views and the window where they were last time, if that is known."""
        kept = ((name, self._preferences.layout(name)) for name in (EXPLORE, LESSON))
        self._left = {name: state for name, state in kept if state is not None}
        if self._preferences.geometry is not None:
            self._window.restoreGeometry(self._preferences.geometry)
        if EXPLORE in self._left:
            restore_state(self._window, self._left[EXPLORE])
        self._align()


def restore_state(window: QMainWindow, state: QByteArray) -> bool:
    """Put a window's views where they were; whether they could be.

    Qt makes new bars of tabs for them, and leaves the old ones standing (seen with 6.11).
    """
    before = _bars_of(window)
    done = window.restoreState(state)
    if set(_bars_of(window)) - set(before):
        for bar in before:
            bar.hide()
    return done


def _bars_of(window: QMainWindow) -> list[QTabBar]:
    directly = Qt.FindChildOption.FindDirectChildrenOnly
    return window.findChildren(QTabBar, options=directly)
