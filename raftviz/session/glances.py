"""Lessons at a glance: their titles and how many steps they have, without reading them.

The welcome place comes before anybody has done anything, and is not to wait for what reads lessons.
Only shipped lessons are looked at so; a test compares what is seen with what is there.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import attrs

from raftviz.data import lesson_path

_HEAD = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_STEP = re.compile(r"^# ", re.MULTILINE)


@attrs.frozen
class Glance:
    """What one sees of a lesson from afar."""

    name: str
    path: Path
    title: str
    order: int
    steps: int
    is_challenge: bool


def shipped_glances() -> list[Glance]:
    """The lessons that ship, in their order; challenges among them."""
    return sorted(_glances(lesson_path()), key=lambda glance: (glance.order, glance.name))


def _glances(folder: Path) -> Iterator[Glance]:
    for path in folder.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        head = _HEAD.match(text)
        if head is None:
            continue
        lines = dict(line.split(": ", 1) for line in head[1].splitlines() if ": " in line)
        yield Glance(
            name=re.sub(r"^\d+-", "", path.stem),
            path=path,
            title=lines.get("title", path.stem).strip().strip('"'),
            order=int(lines.get("order", "1000")),
            steps=len(_STEP.findall(_FENCED.sub("", text[head.end() :]))),
            is_challenge=lines.get("challenge", "").strip() == "true",
        )
