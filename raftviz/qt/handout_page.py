"""A lesson on paper: its words, the things to do, the questions with room for answers. No Qt here.

It is a page of HTML that stands alone: pictures are in it, and nothing in it leads elsewhere.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlparse

from raftviz.picture.theme import LIGHT
from raftviz.qt.rich_text import rich_text
from raftviz.raft.names import name
from raftviz.sim.statements import Do as Act
from raftviz.sim.vocabulary import act_to_text
from raftviz.teaching.lesson import Block, Lesson, Notes, Predict, Say, Solution, Step, Task

_LINE = "_" * 66
_KINDS = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".svg": "svg+xml"}
_LARGEST_PICTURE = 4_000_000

_STYLE = """
body { font-family: sans-serif; font-size: 11pt; color: #14181f; margin: 24px; }
h1 { font-size: 20pt; } h2 { font-size: 14pt; }
pre { font-family: monospace; }
"""


def handout(lesson: Lesson, answers: Mapping[int, str] | None = None) -> str:
    """The handout of a lesson; with ``answers`` by the questions' lines, what a teacher has."""
    return "".join(_page(lesson, answers))


def _page(lesson: Lesson, answers: Mapping[int, str] | None) -> Iterator[str]:
    title = escape(lesson.title)
    yield '<!DOCTYPE html><html><head><meta charset="utf-8">'
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body>"
    whom = "" if answers is None else " · with answers, for teachers"
    yield f"<p>{escape(lesson.part)} · {lesson.minutes} minutes{whom}</p><h1>{title}</h1>"
    if answers is None:
        yield f"<p>Name: {_LINE[:40]}</p>"
    for number, step in enumerate(lesson.steps, 1):
        yield from _step(lesson, number, step, answers)
    yield "</body></html>"


def _step(
    lesson: Lesson, number: int, step: Step, answers: Mapping[int, str] | None
) -> Iterator[str]:
    yield f"<h2>{number}. {escape(step.title)}</h2>"
    for block in step.blocks:
        if isinstance(block, Say):
            yield _prose(block.text, lesson)
        elif isinstance(block, Task):
            yield f"<p>☐ &nbsp;{escape(block.sentence)}</p>"
        elif isinstance(block, Predict):
            yield from _question(block, lesson, answers)
        elif answers is not None:
            yield from _for_teachers(block)


def _question(block: Predict, lesson: Lesson, answers: Mapping[int, str] | None) -> Iterator[str]:
    yield f"<p><b>What do you think? {escape(block.question)}</b></p>"
    for option in block.options:
        yield f'<p style="margin-left: 18px">☐ &nbsp;{escape(option.text)}</p>'
    if block.kind == "point":
        servers = " &nbsp; ".join(f"☐ {name(n)}" for n in range(1, lesson.settings.servers + 1))
        yield f'<p style="margin-left: 18px">{servers}</p>'
    elif block.kind == "number":
        yield f'<p style="margin-left: 18px">A number: {_LINE[:12]}</p>'
    if answers is None:
        yield f'<p style="margin-left: 18px">Why? {_LINE}</p>'
        yield f'<p style="margin-left: 18px">What happened? {_LINE[:56]}</p>'
        return
    answer = answers.get(block.line, "it depends on what was done before")
    yield f'<p style="margin-left: 18px"><i>The model answers: {escape(answer)}. '
    yield f"{escape(block.because)}</i></p>"


def _for_teachers(block: Block) -> Iterator[str]:
    if isinstance(block, Notes):
        yield f"<p><i>Notes: {escape(block.text)}</i></p>"
    elif isinstance(block, Solution):
        acts = [
            act_to_text(placed.statement.act)
            for placed in block.statements
            if isinstance(placed.statement, Act)
        ]
        if acts:
            yield f"<p><i>What does it: {escape('; '.join(acts))}.</i></p>"


def _prose(text: str, lesson: Lesson) -> str:
    """Words as they are read on paper: links are words like others, pictures are in the page."""
    page = rich_text(text, LIGHT, Path(lesson.folder) if lesson.folder else None)
    page = re.sub(r"</?a\b[^>]*>", "", page)
    return re.sub(r'src="(file:[^"]*)"', lambda found: f'src="{_inside(found[1])}"', page)


def _inside(uri: str) -> str:
    """A picture of the lesson's folder as a part of the page; nothing if it cannot be read."""
    path = Path(unquote(urlparse(uri).path))
    try:
        if path.stat().st_size > _LARGEST_PICTURE:
            return ""
        data = base64.b64encode(path.read_bytes()).decode()
    except OSError:
        return ""
    return f"data:image/{_KINDS.get(path.suffix.lower(), 'png')};base64,{data}"
