"""What somebody did and can undo.

The history only ever grows, so nothing is undone by taking records away. To undo an act is to go
on from the instant before it without it: in the past that is the branch one came from; at the end
of a branch it is a new one, which takes the old one's name and place. The other is hidden, and
comes back when the act is done again.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

from raftviz.raft.values import value
from raftviz.sim.history import LONGEST_NAME, Branch

if TYPE_CHECKING:
    from raftviz.session.session import Session

LONGEST_NOTE = 2_000
"""Characters of a note: a page."""


class EditError(ValueError):
    """An edit that cannot be done; the message is a sentence that says why."""


@value
class Cursor:
    """Where one looks: behind the first ``count`` events of ``branch``, at an instant in µs."""

    branch: Branch
    count: int
    time_us: float


@value
class Edit:
    """Something that is done, and how to undo it and do it again. ``title`` names it in a menu."""

    title: str
    undo: Callable[[], None]
    redo: Callable[[], None]


def act_edit(session: "Session", title: str, before: Cursor) -> Edit:
    """The edit of an act or a new branch that has just been done; the cursor is behind it."""
    after, line, stand_ins = session.cursor, before.branch, session.stand_ins
    shown, stood_in = line, stand_ins.get(line.number)
    without: Branch | None = None

    def undo() -> None:
        nonlocal shown, stood_in, without
        if after.branch is not line:
            session.in_sight(after.branch).hidden = True
            session.go(before)
            return
        if without is None:
            without = session.history.open_branch(line, before.count, int(before.time_us))
            without.label = line.label
        shown, stood_in = session.in_sight(line), stand_ins.get(line.number)
        shown.hidden, without.hidden = True, False
        stand_ins[line.number] = without
        session.go(attrs.evolve(before, branch=without))

    def redo() -> None:
        if without is None:
            session.in_sight(after.branch).hidden = False
            session.go(after)
            return
        without.hidden, shown.hidden = True, False
        stand_ins.pop(line.number)
        if stood_in is not None:
            stand_ins[line.number] = stood_in
        session.go(attrs.evolve(after, branch=shown))

    return Edit(title, undo, redo)


def checked_name(name: str, taken: set[str]) -> str:
    """A name as it is kept. Raises EditError for one that is empty, too long or taken."""
    name = " ".join(name.split())
    if not name:
        raise EditError("a name has at least one letter")
    if len(name) > LONGEST_NAME:
        raise EditError(f"a name has at most {LONGEST_NAME} characters")
    if '"' in name or not name.isprintable():
        raise EditError("a name is written without quotation marks")
    if name in taken:
        raise EditError(f"there is a “{name}” already")
    return name


def checked_note(note: str) -> str:
    """A note as it is kept. Raises EditError for one that is too long."""
    if len(note) > LONGEST_NOTE:
        raise EditError(f"a note has at most {LONGEST_NOTE:,} characters, this one {len(note):,}")
    return note.strip()


def free_name(name: str, taken: set[str]) -> str:
    """``name``, or the first of ``name 2``, ``name 3``, … that nothing has yet."""
    name = " ".join(name.replace('"', "'").split())[: LONGEST_NAME - 5]
    stem, _, last = name.rpartition(" ")
    if not (stem and last.isdigit()):
        stem = name
    number = 2
    while name in taken:
        name = f"{stem} {number}"
        number += 1
    return name
