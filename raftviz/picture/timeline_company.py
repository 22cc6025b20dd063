"""What belongs to a timeline besides its own branch: the other branches, and what is marked on it.

It stays the same while time passes on the shown branch; ``company_key`` says for how long.
"""

from collections.abc import Sequence
from itertools import pairwise

from raftviz.picture.branch_tree import shape_of
from raftviz.picture.family import end_us
from raftviz.picture.marked import Marked
from raftviz.raft.values import value
from raftviz.sim.history import Branch, History
from raftviz.sim.lines import line_of, parting


@value
class Other:
    """Another branch that is seen, from where it and the shown one part to its end.

    ``leaves``: it is the other that turns off there.
    """

    branch: Branch
    count: int
    time_us: int
    end_us: int
    leaves: bool


@value
class Beginning:
    """Where the shown line begins to be this branch's."""

    branch: Branch
    time_us: int


@value(eq=False)
class Company:
    """Those that share most with the shown branch come first; bookmarks in the order of time."""

    others: tuple[Other, ...] = ()
    beginnings: tuple[Beginning, ...] = ()
    marked: tuple[Marked, ...] = ()


def company_key(history: History, branch: Branch, marked: Sequence[Marked]) -> tuple[object, ...]:
    """What a branch's company depends on, cheap enough to be asked for in each frame."""
    lengths = tuple(len(other) for other in history.visible if other is not branch)
    return id(history), branch.number, shape_of(history, marked, 0), lengths


def company_of(history: History, branch: Branch, marked: Sequence[Marked] = ()) -> Company:
    """The company of a branch. A branch that stands in for another is not told from it."""
    line, visible = line_of(branch), history.visible
    named = {id(branch.label), *(id(other.label) for other in visible)}
    partings = {other.number: parting(line_of(other), line) for other in visible}
    others = []
    for other in visible:
        if other.label is not branch.label:
            there = parting(line, line_of(other))
            if there is not None:
                at = (there.count, there.time_us, end_us(other), there.leaves)
                others.append(Other(other, *at))
    others.sort(key=lambda other: (-other.count, -other.time_us))
    beginnings = [
        Beginning(ours.branch, before.end_us)
        for before, ours in pairwise(line)
        if ours.branch.label is not before.branch.label and id(ours.branch.label) in named
    ]
    kept = []
    for one in marked:
        if one.branch.number not in partings:
            partings[one.branch.number] = parting(line_of(one.branch), line)
        there = partings[one.branch.number]
        if there is None or (there.count, there.time_us) >= (one.count, one.time_us):
            kept.append(one)
    kept.sort(key=lambda one: (one.time_us, one.count))
    return Company(tuple(others), tuple(beginnings), tuple(kept))
