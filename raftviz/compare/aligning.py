"""The events of one instant in two lines, paired in order: as many as are the same, then kindred."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from raftviz.compare.content import is_kindred, is_same
from raftviz.raft.values import value
from raftviz.sim.history import Record

_SAME, _KINDRED = 1_000, 1
_LARGEST = 40_000
"""The most pairs of one instant that are weighed; beyond, only what comes first is looked at."""


@value
class Step:
    """So many events of each line come next, at most one of each. ``same`` if both and alike."""

    left: int
    right: int
    same: bool = False


SAME, BOTH, LEFT, RIGHT = Step(1, 1, same=True), Step(1, 1), Step(1, 0), Step(0, 1)


def aligned(left: Sequence[Record], right: Sequence[Record]) -> Iterator[Step]:
    """The steps through the events of one instant. Those of the left come first where none pair."""
    begin = 0
    for a, b in zip(left, right, strict=False):
        if not is_same(a, b):
            break
        begin += 1
        yield SAME
    yield from _paired(left[begin:], right[begin:])


def _paired(left: Sequence[Record], right: Sequence[Record]) -> Iterator[Step]:
    """The heaviest pairs that do not cross, found from the back."""
    if not left or not right or len(left) * len(right) > _LARGEST:
        yield from [LEFT] * len(left)
        yield from [RIGHT] * len(right)
        return
    weights = [[_weight(a, b) for b in right] for a in left]
    best = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        row, below = best[i], best[i + 1]
        for j in range(len(right) - 1, -1, -1):
            weight = weights[i][j]
            paired = below[j + 1] + weight if weight else 0
            row[j] = max(paired, below[j], row[j + 1])
    i = j = 0
    while i < len(left) or j < len(right):
        here = best[i][j]
        if i < len(left) and j < len(right) and _is_best_paired(weights, best, i, j):
            yield SAME if weights[i][j] == _SAME else BOTH
            i, j = i + 1, j + 1
        elif i < len(left) and best[i + 1][j] == here:
            yield LEFT
            i += 1
        else:
            yield RIGHT
            j += 1


def _is_best_paired(weights: list[list[int]], best: list[list[int]], i: int, j: int) -> bool:
    weight = weights[i][j]
    return bool(weight) and best[i][j] == best[i + 1][j + 1] + weight


def _weight(a: Record, b: Record) -> int:
    if not is_kindred(a, b):
        return 0
    return _SAME if is_same(a, b) else _KINDRED


def instants(records: Sequence[Record]) -> Iterator[tuple[int, int, int]]:
    """The instants of some events: when, the first of its events, and the one behind its last."""
    bounds = [0] if records else []
    bounds += [n for n in range(1, len(records)) if records[n].time_us != records[n - 1].time_us]
    bounds.append(len(records))
    for first, last in pairwise(bounds):
        yield records[first].time_us, first, last
