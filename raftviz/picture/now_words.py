"""What differs between two lines at one instant, in rows: whose, what, and what each side holds."""

from collections.abc import Iterator
from itertools import islice

import attrs

from raftviz.compare.fields import ENTRY, Field, entry_at
from raftviz.compare.states import (
    FieldDifference,
    differing_entries,
    logs_of,
    part_difference,
    parts_at,
)
from raftviz.picture.field_words import field_words, part_words, value_words, whose_words
from raftviz.raft.log import Log
from raftviz.raft.names import Address
from raftviz.sim.history import Moment, Part

_MOST_ENTRIES = 3
"""Rows for the entries of one log; the logs themselves show them all."""

_FOLLOWS = {
    "last_applied": "commit_index",
    "state machine": "last_applied",
    "flow": "next_index",
    "log on disk": "log",
    "term on disk": "current_term",
    "vote on disk": "voted_for",
    "snapshot on disk": "snapshot",
    "next_index": "match_index",
}
"""Fields that go without saying where the field that they follow differs as well."""


@attrs.frozen
class NowRow:
    """One thing that differs. ``left`` and ``right``: what the sides hold."""

    part: Address
    field: Field
    whose: str
    what: str
    left: str
    right: str


@attrs.frozen
class Now:
    """All that differs at an instant."""

    servers: tuple[int, ...]
    others: tuple[Address, ...]
    rows: tuple[NowRow, ...]

    @property
    def words(self) -> str:
        """How much it is, in a few words."""
        if not self.rows:
            return "the same on both sides"
        parts = [part_words(part) for part in (*self.servers, *self.others)]
        return f"differs in {', '.join(parts)}"


class NowReader:
    """Reads what differs; what is as it was at the last reading is not compared again."""

    def __init__(self) -> None:
        self._kept: dict[Address, tuple[Part | None, Part | None, tuple[NowRow, ...]]] = {}

    def read(self, left: Moment, right: Moment) -> Now:
        """What differs between two moments of one instant."""
        found: dict[Address, tuple[NowRow, ...]] = {}
        for part, a, b in parts_at(left, right):
            kept = self._kept.get(part)
            if kept is None or kept[0] is not a or kept[1] is not b:
                kept = self._kept[part] = (a, b, tuple(_rows(part, a, b)))
            if kept[2]:
                found[part] = kept[2]
        return Now(
            tuple(part for part in found if part > 0),
            tuple(part for part in found if part <= 0),
            tuple(row for rows in found.values() for row in rows),
        )


def _rows(part: Address, a: Part | None, b: Part | None) -> Iterator[NowRow]:
    difference = part_difference(part, a, b)
    if difference is None:
        return
    told = {each.field.name for each in difference.fields}
    for each in difference.fields:
        if _FOLLOWS.get(each.field.name) in told:
            continue
        logs = logs_of(a, b) if each.field.name == "log" else None
        if logs is not None:
            yield from _entries(part, *logs, each)
        else:
            yield _row(part, each)


def _row(part: Address, difference: FieldDifference) -> NowRow:
    field = difference.field
    here, there = (value_words(field, value) for value in (difference.left, difference.right))
    if here == there:
        here, there = "one thing", "another"
    return NowRow(part, field, whose_words(part, field), field_words(field), here, there)


def _entries(server: Address, a: Log, b: Log, whole: FieldDifference) -> Iterator[NowRow]:
    last = max(a.last_index, b.last_index)
    indexes = list(islice(differing_entries(a, b, 1, last), _MOST_ENTRIES + 1))
    for index in indexes[:_MOST_ENTRIES]:
        field = Field(ENTRY, index)
        yield _row(server, FieldDifference(field, entry_at(a, index), entry_at(b, index)))
    if len(indexes) > _MOST_ENTRIES or not indexes:
        yield _row(server, whole)
