"""What strangers wrote is shown as it is written.

Qt takes a text that looks like HTML for rich text, which can show files of this machine: commands,
names, reasons and the sentences of a recording must never become that.
"""

from html import escape

from PySide6.QtCore import QPoint
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QLabel, QToolTip, QWidget


def plain_label(words: str = "") -> QLabel:
    """A label that shows words as they are."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(words)
    return label


def plain_tip(words: str) -> str:
    """Words for a tooltip, which has no plain format: spelled out if they would be taken for HTML."""
    if not Qt.mightBeRichText(words):
        return words
    return f"<p style='white-space: pre-wrap'>{escape(words)}</p>"


def sentence(words: str) -> str:
    """Words with an end to them: “did you mean “crash”?” has one already."""
    return words if not words or words[-1] in ".?!" else f"{words}."


def show_tip(at: QPoint, words: str, widget: QWidget) -> None:
    """Show a tooltip at a place of the screen, or hide it if there is nothing to say."""
    if words:
        QToolTip.showText(at, plain_tip(words), widget)
    else:
        QToolTip.hideText()
