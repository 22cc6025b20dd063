"""The prose of lessons: Markdown without raw HTML, and nothing from elsewhere.

Links act inside the app, or they are no links: ``server:S3``,
``word:majority``, ``rule:may_vote``, ``variant:no_sessions``, ``lesson:split-votes``, ``view:Timeline``.
Pictures come from the lesson's own folder.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

LINKS = ("server", "word", "rule", "variant", "lesson", "view")
"""What a link may lead to, before its colon."""

PICTURES = (".png", ".svg", ".jpg", ".jpeg")
"""Pictures that a lesson may show, by suffix."""

_MAX_NESTING = 12


# Bounded, or else a long line of spaces is gone through from each of them to its end.
_OF_SEVERAL_WORDS = re.compile(
    rf"\]\(((?:{'|'.join(LINKS)}):[^()<>\n ]{{0,80}} [^()<>\n]{{0,200}})\)"
)


def markdown() -> MarkdownIt:
    """The Markdown that lessons are written in: no raw HTML, bounded depth.

    A link may be of several words: ``[it](word:split vote)`` is read as ``[it](<word:split vote>)``.
    """
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _MAX_NESTING})
    parser.enable(["table", "strikethrough"])
    parser.core.ruler.before("normalize", "several-words", _join_words)
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]  # words stay words
    return parser


def _join_words(state: StateCore) -> None:
    state.src = _OF_SEVERAL_WORDS.sub(r"](<\1>)", state.src)


def is_safe_link(href: str) -> bool:
    """Whether a link acts inside the app."""
    kind, colon, target = href.partition(":")
    return bool(colon) and kind in LINKS and bool(target)


def is_safe_picture(source: str) -> bool:
    """Whether a picture's name can only mean a file in the lesson's folder, or below it."""
    if not re.fullmatch(r"[\w. /-]+", source) or source.startswith("/"):
        return False
    path = Path(source)
    return ".." not in path.parts and path.suffix.lower() in PICTURES


def picture_path(folder: Path, source: str) -> Path | None:
    """The file of a picture; None if it is not in the folder, wherever links may lead."""
    if not is_safe_picture(source):
        return None
    try:
        found, home = (folder / source).resolve(strict=True), folder.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return found if found.is_file() and found.is_relative_to(home) else None


def references(text: str) -> Iterator[tuple[str, str, int]]:
    """Every link and picture in a text: ``"link"`` or ``"picture"``, where to, on which line of it."""
    for token in markdown().parse(text):
        line = token.map[0] if token.map else 0
        for child in token.children or []:
            if child.type == "link_open":
                yield "link", str(child.attrGet("href") or ""), line
            elif child.type == "image":
                yield "picture", str(child.attrGet("src") or ""), line


def words_in(text: str) -> int:
    """How many words a student reads: of the prose, not of code."""
    count = 0
    for token in markdown().parse(text):
        for child in token.children or []:
            if child.type == "text":
                count += len(child.content.split())
    return count
