"""The fonts of words and figures, at the size that somebody likes."""

from PySide6.QtGui import QFont, QFontDatabase

_scale = [1.0]


def set_word_scale(scale: float) -> None:
    """From now on, make fonts so many times as large as usual."""
    _scale[0] = scale


def mono_font(size: float, *, bold: bool = False) -> QFont:
    """The system's fixed-width font, for figures that must not jump; ``size`` in points."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(size * _scale[0])
    font.setBold(bold)
    return font
