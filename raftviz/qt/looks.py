"""How the window looks: themes, size of words, motion."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from raftviz.picture.theme import DARK, LIGHT, THEMES, Theme
from raftviz.qt.fonts import set_word_scale
from raftviz.qt.preferences import SCALES, Preferences

if TYPE_CHECKING:
    from raftviz.qt.window import Window

SYSTEM = "system"
"""The name of the theme that follows the desktop."""


def system_theme() -> Theme:
    """Light or dark, as the desktop has it."""
    scheme = QGuiApplication.styleHints().colorScheme()
    if scheme is Qt.ColorScheme.Unknown:  # then its palette may still tell
        dark = QGuiApplication.palette().window().color().lightness() < 128
        return DARK if dark else LIGHT
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


class Looks:
    """Dresses a window as somebody prefers it, and remembers what they change."""

    def __init__(self, window: "Window", preferences: Preferences) -> None:
        self._window = window
        self.preferences = preferences
        self._usual_size = QApplication.font().pointSizeF()
        self._scale = 1.0
        self._arranging = self._forgotten = False
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    def forget(self) -> None:
        """Stop following the desktop, and give the application its own font back; once."""
        if self._forgotten:
            return
        self._forgotten = True
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._system_changed)
        self.scale_words(1.0)

    # Themes

    def dress(self) -> None:
        """Dress the window as preferred."""
        self.choose_theme(self.preferences.theme)
        self.set_reduced_motion(reduced=self.preferences.reduced_motion)

    def choose_theme(self, name: str) -> None:
        """Wear a theme by its name; one that does not exist is the desktop's."""
        self.preferences.theme = name
        self.wear(THEMES.get(name) or system_theme())

    def _system_changed(self) -> None:
        if self.preferences.theme not in THEMES:
            self.wear(system_theme())

    def wear(self, theme: Theme) -> None:
        """Dress the window in a theme, in words as large as it and the preferences ask for."""
        self.scale_words(theme.text_scale * self.preferences.text_scale)
        self._window.set_theme(theme)

    # Words and motion

    @property
    def word_scale(self) -> float:
        """How much larger words are than usual."""
        return self._scale

    def zoom(self, steps: int) -> None:
        """Words so many steps larger, or smaller; 0 for as they usually are."""
        at = SCALES.index(self.preferences.text_scale) + steps if steps else SCALES.index(1.0)
        self.preferences.text_scale = SCALES[min(max(at, 0), len(SCALES) - 1)]
        self.wear(self._window.theme)

    def scale_words(self, scale: float) -> None:
        """Make all words so many times as large as they usually are."""
        ratio = scale / self._scale
        if abs(ratio - 1.0) < 0.001:
            return
        self._scale = scale
        set_word_scale(scale)
        font = QFont(QApplication.font())
        font.setPointSizeF(self._usual_size * scale)
        QApplication.setFont(font)
        self._window.setFont(font)  # what a style sheet dresses follows its window alone
        # What has a font of its own does not follow the application's.
        for widget in self._window.findChildren(QWidget):
            if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont):
                widget.setFont(_times(widget.font(), ratio))
        for pictures in (self._window.canvas, self._window.compare):
            pictures.set_text_scale(scale)

    def set_reduced_motion(self, *, reduced: bool) -> None:
        """Let things jump rather than glide."""
        self.preferences.reduced_motion = reduced
        for pictures in (self._window.canvas, self._window.compare):
            pictures.set_reduced_motion(reduced=reduced)

    # Views

    def arrange(self) -> None:
        """Show the views' title bars, by which they can be dragged and floated; or hide them."""
        self._arranging = not self._arranging
        for dock in self._window.docks.values():
            dock.show_handle(shown=self._arranging)


def _times(font: QFont, ratio: float) -> QFont:
    """A font so many times as large; some of Qt's own widgets say their size in pixels."""
    scaled = QFont(font)
    if font.pointSizeF() > 0:
        scaled.setPointSizeF(font.pointSizeF() * ratio)
    else:
        scaled.setPixelSize(max(1, round(font.pixelSize() * ratio)))
    return scaled
