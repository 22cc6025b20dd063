"""The words of Raft, to look up."""

import re
from html import escape
from urllib.parse import unquote

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QLineEdit, QTextBrowser, QVBoxLayout

from raftviz.picture.glossary import Entry, entry_of, search
from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.later import View
from raftviz.qt.worded import SCHEME
from raftviz.session.session import Session


class GlossaryView(View):
    """All entries, or those that hold what is typed."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 10, 10)
        self.line = QLineEdit()
        self.line.setPlaceholderText("Find a word")
        self.line.setAccessibleName("Find a word")
        self.line.setMaxLength(60)
        self.line.setClearButtonEnabled(True)
        self.page = QTextBrowser()
        self.page.setAccessibleName("Glossary")
        self.page.setOpenLinks(False)
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.page.viewport().setAutoFillBackground(False)
        column.addWidget(self.line)
        column.addWidget(self.page, 1)
        self.line.textChanged.connect(self._fill)
        self.page.anchorClicked.connect(self._follow)
        self.setFocusProxy(self.line)
        self._fill()

    def show_session(self, session: Session) -> None:
        """Words mean the same in every session."""

    def set_theme(self, theme: Theme) -> None:
        """Write in the colours of ``theme``."""
        self._theme = theme
        self._fill()

    def look_at(self, thing: object) -> None:
        """Go to the entry of a word."""
        if isinstance(thing, str):
            self.show_word(thing)

    def show_word(self, word: str) -> None:
        """Go to the entry of a word."""
        entry = entry_of(word)
        if entry is not None:
            self.line.clear()
            self.page.scrollToAnchor(_anchor(entry))

    def _fill(self) -> None:
        found = search(self.line.text())
        text = "".join(map(self._entry, found)) or (
            "<p>No word holds that. Try fewer letters, or <b>?</b> for the list of keys.</p>"
        )
        self.page.setHtml(text)

    def _entry(self, entry: Entry) -> str:
        theme = self._theme

        def link(found: re.Match[str]) -> str:
            target = entry_of(found[1])
            style = f"color: {theme.accent}; text-decoration: none"
            href = escape(target.word if target else "")
            return f'<a href="{SCHEME}{href}" style="{style}">{found[1]}</a>'

        meaning = re.sub(r"\[([^\]]+)\]", link, escape(entry.meaning))
        return (
            f'<p style="margin-bottom: 12px"><a name="{_anchor(entry)}"></a>'
            f'<b style="color: {theme.text}">{escape(entry.word)}</b> &nbsp;'
            f'<span style="color: {theme.muted}">{escape(entry.section)}</span><br>'
            f'<span style="color: {theme.text}">{meaning}</span></p>'
        )

    def _follow(self, url: QUrl) -> None:
        words = unquote(url.toString())
        if words.startswith(SCHEME):
            self.show_word(words.removeprefix(SCHEME))


def _anchor(entry: Entry) -> str:
    return entry.word.replace(" ", "-")
