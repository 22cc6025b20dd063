"""Markdown as the rich text that Qt shows: a small, safe part of HTML, in the colours of a theme.

Raw HTML is shown as it is written. Links that do not act inside the app are none; pictures come from
one folder, or are shown as their words.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from markdown_it.token import Token

from raftviz.picture.theme import Theme
from raftviz.teaching.prose import is_safe_link, markdown, picture_path

_PLAIN_TAGS = {
    "paragraph_open": '<p style="line-height: 135%">',
    "paragraph_close": "</p>",
    "bullet_list_open": "<ul>",
    "bullet_list_close": "</ul>",
    "ordered_list_open": "<ol>",
    "ordered_list_close": "</ol>",
    "list_item_open": '<li style="line-height: 135%">',
    "list_item_close": "</li>",
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "s_open": "<s>",
    "s_close": "</s>",
    "blockquote_open": '<blockquote style="margin-left: 16px">',
    "blockquote_close": "</blockquote>",
    "thead_open": "",
    "thead_close": "",
    "tbody_open": "",
    "tbody_close": "",
    "tr_open": "<tr>",
    "tr_close": "</tr>",
    "th_open": '<th align="left">',
    "th_close": "</th>",
    "td_open": "<td>",
    "td_close": "</td>",
    "table_open": '<table cellspacing="0" cellpadding="5" border="1" style="border-collapse: collapse">',
    "table_close": "</table>",
    "hr": "<hr>",
    "softbreak": " ",
    "hardbreak": "<br>",
}


def rich_text(text: str, theme: Theme, folder: Path | None = None) -> str:
    """Markdown as the rich text that a QTextDocument shows."""
    return "".join(_Writer(theme, folder).write(markdown().parse(text)))


class _Writer:
    def __init__(self, theme: Theme, folder: Path | None) -> None:
        self.theme = theme
        self.folder = folder

    def write(self, tokens: list[Token]) -> Iterator[str]:
        """Each token in turn."""
        skipped: list[bool] = []
        for token in tokens:
            if token.type == "inline":
                yield from self.write(token.children or [])
            elif token.type == "link_open":
                href = str(token.attrGet("href") or "")
                skipped.append(not is_safe_link(href))
                if not skipped[-1]:
                    style = f"color: {self.theme.accent}; text-decoration: none"
                    yield f'<a href="{escape(href)}" style="{style}">'
            elif token.type == "link_close":
                if not skipped.pop():
                    yield "</a>"
            else:
                yield self._one(token)

    def _one(self, token: Token) -> str:  # noqa: PLR0911 - a line a kind
        if token.type in ("text", "html_inline", "html_block"):
            return escape(token.content)
        if token.type == "code_inline":
            style = f"background: {self.theme.raised}; color: {self.theme.text}"
            return f'<code style="{style}">&nbsp;{escape(token.content)}&nbsp;</code>'
        if token.type in ("fence", "code_block"):
            style = f"background: {self.theme.raised}; color: {self.theme.text}"
            return f'<pre style="{style}; padding: 8px">{escape(token.content.rstrip())}</pre>'
        if token.type == "heading_open":
            return f"<h{min(4, int(token.tag[1:]) + 1)}>"
        if token.type == "heading_close":
            return f"</h{min(4, int(token.tag[1:]) + 1)}>"
        if token.type == "image":
            return self._picture(token)
        return _PLAIN_TAGS.get(token.type, "")

    def _picture(self, token: Token) -> str:
        source = str(token.attrGet("src") or "")
        path = picture_path(self.folder, source) if self.folder else None
        if path is None:
            return f"<i>[{escape(token.content or source)}]</i>"
        return f'<img src="{escape(path.as_uri())}" alt="{escape(token.content)}">'
