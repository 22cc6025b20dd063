"""Python in colours, for a text widget; Pygments is imported when the first piece is shown."""

from functools import lru_cache
from html import escape

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer
from pygments.style import Style
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token

from raftviz.picture.source import Source
from raftviz.picture.theme import Theme


def coloured(source: Source, theme: Theme) -> str:
    """A piece of Python as HTML: where it stands, and its lines; every colour is the theme's."""
    where = f"{source.path}, line {source.line}"
    body = highlight(source.text, PythonLexer(), _formatter(theme))
    return (
        f'<p style="margin: 10px 0 2px 0; color: {theme.muted}">{escape(where)}</p>'
        f'<pre style="margin: 0">{body}</pre>'
    )


@lru_cache(maxsize=8)
def _formatter(theme: Theme) -> HtmlFormatter:  # type: ignore[type-arg]  # not so at run time
    return HtmlFormatter(nowrap=True, noclasses=True, style=_style(theme))


def _style(theme: Theme) -> type[Style]:
    """Few colours: what Python says, what texts say, what is said beside it."""
    styles = {
        Token: theme.text,
        Keyword: theme.accent,
        Operator.Word: theme.accent,
        Keyword.Constant: theme.accent,
        Name.Function: f"bold {theme.text}",
        Name.Class: f"bold {theme.text}",
        Name.Decorator: theme.muted,
        String: theme.good,
        String.Doc: f"italic {theme.muted}",
        String.Affix: theme.good,
        Number: theme.good,
        Comment: f"italic {theme.muted}",
    }
    return type("House", (Style,), {"styles": styles, "background_color": theme.surface})
