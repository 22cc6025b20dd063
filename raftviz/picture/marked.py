"""What pictures need to know of a bookmark, wherever it is kept."""

from collections.abc import Sequence
from typing import Protocol

from raftviz.picture.timeline_scale import ms_text
from raftviz.sim.history import Branch
from raftviz.sim.lines import line_of, parting


class Marked(Protocol):
    """A name and a note at a position: behind the first ``count`` events of ``branch``."""

    @property
    def branch(self) -> Branch:
        """The branch in which it was set."""

    @property
    def count(self) -> int:
        """How many of the branch's events have happened there."""

    @property
    def time_us(self) -> int:
        """The instant."""

    @property
    def name(self) -> str:
        """What it is called; no other one is."""

    @property
    def note(self) -> str:
        """What somebody wrote about it, or nothing."""


def is_on(marked: Marked, branch: Branch) -> bool:
    """Whether a bookmark's place is one of ``branch`` too: its own, or one that it shares."""
    there = parting(line_of(marked.branch), line_of(branch))
    return there is None or (there.count, there.time_us) >= (marked.count, marked.time_us)


_MOST_TOLD = 8


def marked_words(marked: Sequence[Marked]) -> str:
    """Some bookmarks that stand together, in a line or two each."""
    lines = []
    for one in marked[:_MOST_TOLD]:
        lines.append(f"“{one.name}” at {ms_text(one.time_us)} ms")
        if one.note:
            lines.append(one.note)
    if len(marked) > _MOST_TOLD:
        lines.append(f"and {len(marked) - _MOST_TOLD} more")
    return "\n".join(lines)
