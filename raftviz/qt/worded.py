"""Texts whose words lead to the glossary, and stay quiet about it until somebody points at them."""

from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QLabel, QWidget

from raftviz.picture.glossary import Entry, entry_of, linked, plain_meaning
from raftviz.qt.guard import guarded

SCHEME = "word:"
"""What links to an entry begin with."""


def with_words(text: str, colour: str) -> str:
    """A plain text as rich text, in which the words of the glossary are links to it.

    They keep the colour of the words around them.
    """
    style = f"color: {colour}"

    def link(word: str, entry: Entry) -> str:
        return f'<a href="{SCHEME}{escape(entry.word)}" style="{style}">{escape(word)}</a>'

    return linked(text, link, escape)


def word_of(link: str) -> str:
    """The word that a link leads to."""
    return link.removeprefix(SCHEME)


def word_tip(link: str) -> str:
    """What a link's word means, for a tooltip; empty for a link that leads elsewhere."""
    entry = entry_of(word_of(link)) if link.startswith(SCHEME) else None
    if entry is None:
        return ""
    return f"<b>{escape(entry.word)}</b>: {escape(plain_meaning(entry))} <i>Click for more.</i>"


class Worded(QLabel):
    """A label that knows the words of Raft. Under the mouse they are links, and say what they mean.

    While nobody points at it, it is a plain text, which costs nothing when it is another in each
    frame.
    """

    word_wanted = Signal(str)
    """Somebody wants to look up a word of the glossary."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self._pointed = False
        self.over = ""
        """The link under the mouse; empty for none."""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.linkHovered.connect(self._hover)
        self.linkActivated.connect(lambda link: self.word_wanted.emit(word_of(link)))

    @property
    def words(self) -> str:
        """The text, without its links."""
        return self._words

    def say(self, words: str) -> None:
        """Show a text, if it is another."""
        if words != self._words:
            self._words = words
            self._show()

    def _show(self) -> None:
        self.over = ""
        self.setToolTip("")
        if self._pointed:
            self.setTextFormat(Qt.TextFormat.RichText)
            self.setText(with_words(self._words, self.palette().windowText().color().name()))
        else:
            self.setTextFormat(Qt.TextFormat.PlainText)
            self.setText(self._words)

    def _hover(self, link: str) -> None:
        self.over = link
        self.setToolTip(word_tip(link))

    @guarded
    def enterEvent(self, event: QEnterEvent) -> None:
        """Somebody points here."""
        super().enterEvent(event)
        self._pointed = True
        self._show()

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Nobody points here any more."""
        super().leaveEvent(event)
        self._pointed = False
        self._show()
