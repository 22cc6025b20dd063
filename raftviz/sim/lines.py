"""Lines of events: through the parent's first ones, and then the branch's own.

Two lines part where the first of them leaves what they share. That is a position and an instant: of
two that leave behind the same event, one may do so earlier than the other.
"""

from raftviz.raft.values import value
from raftviz.sim.history import Branch
from raftviz.sim.units import NEVER


@value
class Stretch:
    """A line runs through ``branch`` as far as its first ``count`` events, until ``end_us``."""

    branch: Branch
    count: int
    end_us: int


Line = tuple[Stretch, ...]
"""All stretches of a branch's line from the root on; the last one is its own and has no end."""


def line_of(branch: Branch) -> Line:
    """The line of a branch, without ancestors of which it shares no event of their own."""
    stretches = [Stretch(branch, NEVER, NEVER)]
    count, end_us, older = branch.fork, branch.forked_us, branch.parent
    while older is not None:
        if count > older.fork or older.parent is None:
            stretches.append(Stretch(older, count, end_us))
            count, end_us = older.fork, older.forked_us
        older = older.parent
    return tuple(reversed(stretches))


@value
class Parting:
    """Two lines share ``count`` events and part at ``time_us``; ``leaves``: the second one does."""

    count: int
    time_us: int
    leaves: bool


def parting(line: Line, other: Line) -> Parting | None:
    """Where another line parts from ``line``; None when they are one."""
    for at, (ours, theirs) in enumerate(zip(line, other, strict=False)):
        if line[at + 1 : at + 2] and other[at + 1 : at + 2]:
            if line[at + 1].branch is other[at + 1].branch:
                continue
        elif ours == theirs:
            return None
        mine, its = (ours.count, ours.end_us), (theirs.count, theirs.end_us)
        count, time_us = min(mine, its)
        return Parting(count, time_us, its <= mine)
    return None
