"""An index of a branch says what a look through all its records would say."""

from collections.abc import Iterable

import pytest

from raftviz.picture.branch_index import EventIndex, Indexes
from raftviz.sim.history import Branch, History, Record
from raftviz.sim.units import ms
from raftviz.sim.world import World
from tests.picture.scenes import world
from tests.sim.worlds import do


def parts(record: Record) -> Iterable[int]:
    return (record.part,)


def make(branch: Branch, parent: EventIndex | None) -> EventIndex:
    return EventIndex(branch, parent, parts)


@pytest.fixture
def tree() -> History:
    """A branch of a branch, and a parent that went on."""
    seen = world(until_ms=600)
    inner = World.at(seen.history, seen.branch, count=60, new_branch="one")
    do(inner, "crash S1")
    inner.run_until(inner.time_us + ms(300))
    inmost = World.at(seen.history, inner.branch, count=90, new_branch="two")
    inmost.run_until(inmost.time_us + ms(300))
    return seen.history


def looked_for(branch: Branch, part: int) -> list[int]:
    return [number for number, record in enumerate(branch.records()) if record.part == part]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_it_finds_what_a_look_through_all_would_find(tree: History, number: int) -> None:
    branch = tree.branches[number]
    index = Indexes(make).of(branch)
    assert index.extend()
    for part in (1, 2, 3):
        there = looked_for(branch, part)
        for count in range(0, len(branch) + 1, 7):
            assert index.how_many(part, count) == sum(event < count for event in there)
            assert index.last(part, count) == max((e for e in there if e < count), default=None)
            later = min((e for e in there if e >= count), default=None)
            assert index.following(part, count) == later


def test_what_never_happened_is_nowhere(tree: History) -> None:
    index = Indexes(make).of(tree.branches[2])
    index.extend()

    assert index.last(77, 100) is index.following(77, 0) is None
    assert index.how_many(77, 100) == 0


def test_it_is_read_in_slices_the_parents_first(tree: History) -> None:
    indexes = Indexes(make)
    index = indexes.of(tree.branches[2])
    turns = 1
    while not index.extend(25):
        turns += 1
        assert turns < 50
    whole = Indexes(make).of(tree.branches[2])
    whole.extend()

    assert turns > 4
    assert [index.how_many(p, 500) for p in range(6)] == [whole.how_many(p, 500) for p in range(6)]


def test_each_record_is_read_once(tree: History) -> None:
    read: list[Record] = []

    def keys(record: Record) -> Iterable[int]:
        read.append(record)
        return ()

    indexes: Indexes[EventIndex] = Indexes(lambda b, p: EventIndex(b, p, keys))
    for branch in tree.branches * 2:
        indexes.of(branch).extend()

    assert len(read) == sum(len(branch) - branch.fork for branch in tree.branches)
    assert indexes.of(tree.branches[1]) is indexes.of(tree.branches[1])
