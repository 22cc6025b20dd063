"""The page of a variant as the rich text that Qt shows."""

from collections.abc import Iterator
from html import escape

from raftviz.picture.source import Source
from raftviz.picture.theme import Theme
from raftviz.picture.variants.page import Page
from raftviz.qt.code import coloured
from raftviz.qt.fonts import mono_font


def variant_html(page: Page, theme: Theme, *, lesson: bool, wide: bool) -> str:
    """The whole page. ``lesson``: a link to it; ``wide``: right and wrong code side by side."""
    head = f'<h3 style="margin: 0; color: {theme.text}">{escape(page.title)}</h3>'
    where = f"{page.name} · {escape(page.section)}"
    parts = [_part(theme, title, words) for title, words in _told(page) if words]
    links = f'<p style="margin: 10px 0 0 0">{" &nbsp; ".join(_links(page, theme, lesson))}</p>'
    return "".join(
        (
            head,
            f'<p style="margin: 2px 0 0 0; color: {theme.muted}">{where}</p>',
            *parts,
            links,
            _codes(page, theme, wide=wide),
        )
    )


def _told(page: Page) -> Iterator[tuple[str, str]]:
    yield "The rule", page.correct
    yield "How one reads it, in our words", page.article
    yield "The mistake", page.mistake
    harmless = "" if page.safety else " No property of Figure 3 falls."
    yield f"What falls: {page.falls}", page.then + harmless
    yield "What that promises", page.statement
    yield "What one measures", page.suffers and f"{page.suffers[:1].upper()}{page.suffers[1:]}."


def _part(theme: Theme, title: str, words: str) -> str:
    return (
        f'<p style="margin: 8px 0 0 0"><span style="color: {theme.muted}">{escape(title)}</span>'
        f"<br>{escape(words)}</p>"
    )


def _links(page: Page, theme: Theme, lesson: bool) -> Iterator[str]:  # noqa: FBT001 - as above
    style = f"color: {theme.accent}; text-decoration: none"
    if lesson:
        yield f'<a href="lesson:{page.lesson}" style="{style}">The lesson about it</a>'
    if page.book:
        yield f'<a href="rule:{page.book}" style="{style}">In the book of rules</a>'


def _codes(page: Page, theme: Theme, *, wide: bool) -> str:
    right, wrong = _code("Right", page.right, theme), _code("Wrong", page.wrong, theme)
    if not wide:
        return right + wrong
    cell = '<td width="50%" valign="top">'
    return f'<table width="100%"><tr>{cell}{right}</td>{cell}{wrong}</td></tr></table>'


def _code(title: str, source: Source, theme: Theme) -> str:
    font = mono_font(8.5)
    style = f"margin: 0; font-family: '{font.family()}'; font-size: {font.pointSizeF():g}pt"
    code = coloured(source, theme).replace(
        '<pre style="margin: 0">', f'<pre style="{style}; white-space: pre-wrap">'
    )
    return f'<p style="margin: 12px 0 0 0"><b>{title}</b></p>{code}'
