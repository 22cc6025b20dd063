"""What differs between two lines at one instant, in rows: whose, what, and what each side holds."""

from collections.abc import Iterable, Iterator

import attrs

from raftviz.compare.fields import ENTRY, Field
from raftviz.compare.states import (
    FieldDifference,
    PartDifference,
    differing_entries,
    logs_of,
    part_differences,
)
from raftviz.picture.field_words import field_words, part_words, value_words
from raftviz.raft.names import Address
from raftviz.sim.history import Moment

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


def now_of(left: Moment, right: Moment) -> Now:
    """What differs between two moments of one instant."""
    parts = part_differences(left, right)
    return Now(
        tuple(each.part for each in parts if each.part > 0),
        tuple(each.part for each in parts if each.part <= 0),
        tuple(row for each in parts for row in _rows(left, right, each)),
    )


def _rows(left: Moment, right: Moment, difference: PartDifference) -> Iterator[NowRow]:
    told = {each.field.name for each in difference.fields}
    for each in difference.fields:
        if _FOLLOWS.get(each.field.name) in told:
            continue
        if each.field.name == "log":
            yield from _entries(left, right, difference.part, each)
        else:
            yield _row(difference.part, each)


def _row(part: Address, difference: FieldDifference) -> NowRow:
    field = difference.field
    here, there = (value_words(field, value) for value in (difference.left, difference.right))
    if here == there:
        here, there = "one thing", "another"
    return NowRow(part, field, part_words(part), field_words(field), here, there)


def _entries(
    left: Moment, right: Moment, server: Address, difference: FieldDifference
) -> Iterator[NowRow]:
    logs = logs_of(left, right, server)
    if logs is None:
        return
    a, b = logs
    indexes = list(differing_entries(a, b, 1, max(a.last_index, b.last_index)))
    for index in indexes[:_MOST_ENTRIES]:
        field = Field(ENTRY, index)
        held = (log[index] if index <= log.last_index else None for log in logs)
        yield _row(server, FieldDifference(field, *held))
    if len(indexes) > _MOST_ENTRIES or not indexes:
        yield _row(server, difference)


def servers_with_other_entries(now: Iterable[NowRow]) -> set[int]:
    """Whose logs differ."""
    return {row.part for row in now if row.field.name == ENTRY}
