"""The tree of branches as geometry: rows, tracks, flags and the axis they share."""

from collections.abc import Sequence
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.checks.properties import ELECTION_SAFETY, Violation
from raftviz.picture.branch_scale import branch_scale
from raftviz.picture.branch_tree import (
    TreeFlag,
    TreeIndex,
    TreePicture,
    TreeRow,
    TreeSizes,
    flag_words,
    row_words,
    shape_of,
    tree_hit,
    tree_picture,
)
from raftviz.sim.history import Branch, History
from raftviz.sim.units import ms
from tests.picture.test_family import fork, grow, played, stand_in

SIZES = TreeSizes(row=40, axis=24, names=160, margin=10, unit=1)


@attrs.frozen
class Mark:
    """A bookmark."""

    branch: Branch
    count: int
    time_us: int
    name: str
    note: str = ""


def mark(branch: Branch, at_ms: int, name: str, note: str = "") -> Mark:
    return Mark(branch, branch.count_at(ms(at_ms)), ms(at_ms), name, note)


def picture(
    history: History, here: Branch | None = None, at_ms: int = 500, marked: Sequence[Mark] = ()
) -> TreePicture:
    index = TreeIndex(history, marked)
    return tree_picture(index, here or history.root, ms(at_ms), 420, SIZES)


def three() -> History:
    history = played()
    grow(fork(history.root, 300, history, "early"))
    grow(fork(history.root, 700, history, "late"))
    return history


def test_each_branch_has_a_row_below_the_one_before() -> None:
    rows = picture(three()).rows

    assert [row.name for row in rows] == ["main", "late", "early"]
    assert [row.box.y for row in rows] == [0, 40, 80]


def test_a_track_turns_off_from_its_elder_at_the_instant_they_part() -> None:
    shown = picture(three())
    main, _, early = shown.rows

    assert early.turn == main.y
    assert early.x0 == shown.scale.x(ms(300))
    assert main.turn is None


def test_a_track_ends_at_its_last_event() -> None:
    history = three()
    shown = picture(history)

    assert shown.rows[0].x1 == shown.scale.x(history.root.time_at(len(history.root)))


def test_the_track_that_is_looked_at_reaches_as_far_as_one_looks() -> None:
    history = played()
    shown = picture(history, history.root, at_ms=1_500)

    assert shown.rows[0].x1 == shown.scale.x(ms(1_500))
    assert shown.cursor_x == pytest.approx(shown.rows[0].x1, abs=0.13)


def test_a_row_is_drawn_again_only_when_it_can_be_seen_to_move() -> None:
    history = three()
    index = TreeIndex(history)
    first, soon, later = (
        tree_picture(index, history.root, ms(time), 420, SIZES).rows
        for time in (1_200, 1_200.1, 1_250)
    )

    assert all(a is b for a, b in zip(first, soon, strict=True))
    assert later[0].x1 > first[0].x1
    assert all(a is b for a, b in zip(first[1:], later[1:], strict=True))


def test_the_branch_that_is_looked_at_is_marked() -> None:
    history = three()
    shown = picture(history, history.branches[1])

    assert [row.name for row in shown.rows if row.here] == ["early"]


def test_a_name_lies_beside_the_tracks_never_on_one() -> None:
    for row in picture(three()).rows:
        assert row.name_box.x + row.name_box.w <= row.x0
        assert not row.name_box.touches(row.detail_box)


def test_the_line_below_a_name_is_its_note_or_else_where_it_comes_from() -> None:
    history = three()
    history.branches[1].label.note = "what if\nsecond line"
    details = [row.detail for row in picture(history).rows]

    assert details == ["from the beginning", "from “main” at 700.00 ms", "what if"]


def test_a_stub_without_a_name_stands_for_an_undone_future() -> None:
    history = played()
    grow(fork(history.root, 800, history, "other"))
    grow(stand_in(history, history.root, 600))
    shown = picture(history, history.branches[2])

    assert [segment.own for segment in shown.rows[1].segments] == [False, True]


# Bookmarks and broken rules


def test_a_flag_stands_on_the_track_of_its_place() -> None:
    history = three()
    early = history.branches[1]
    shared = mark(early, 200, "shared")
    own = mark(early, 300, "own")
    own = attrs.evolve(own, count=early.fork + 5, time_us=early[early.fork + 4].time_us)
    rows = picture(history, marked=(shared, own)).rows

    assert [flag.marked for flag in rows[0].flags] == [(shared,)]
    assert [flag.marked for flag in rows[2].flags] == [(own,)]


def test_bookmarks_that_stand_together_share_a_flag() -> None:
    history = played()
    marked = [mark(history.root, 500, f"b{n}") for n in range(3)]
    far = mark(history.root, 900, "far")
    (row,) = picture(history, marked=(*marked, far)).rows

    assert [len(flag.marked) for flag in row.flags] == [3, 1]


@given(times=st.lists(st.integers(0, 1_000), max_size=500))
def test_no_two_flags_of_a_track_overlap(times: list[int]) -> None:
    history = played()
    marked = [mark(history.root, time, f"b{n}") for n, time in enumerate(times)]
    (row,) = picture(history, marked=marked).rows
    places = [flag.x for flag in row.flags]

    assert all(b - a >= 9 for a, b in pairwise(places))
    assert sum(len(flag.marked) for flag in row.flags) == len(times)


def test_a_bookmark_in_a_future_that_nobody_sees_has_no_flag() -> None:
    history = played()
    late = mark(history.root, 900, "late")
    stand_in(history, history.root, 600)

    assert picture(history, history.branches[1], marked=(late,)).rows[0].flags == ()


def test_a_broken_rule_stands_on_its_track_and_in_its_words() -> None:
    history = three()
    early = history.branches[1]
    number = early.fork + 3
    violation = Violation(
        ELECTION_SAFETY, 1, number, early[number].time_us, "two leaders", frozenset({1, 2}), 3, 0
    )
    index = TreeIndex(history, (), [violation])
    shown = tree_picture(index, early, ms(500), 420, SIZES)

    assert [len(row.broken) for row in shown.rows] == [0, 0, 1]
    assert "Election Safety is broken" in row_words(index, early)


# The axis


def test_one_branch_is_not_folded() -> None:
    assert not branch_scale(0, 300, None, ms(1_000)).is_folded


def test_a_long_common_beginning_is_folded_so_that_what_differs_can_be_seen() -> None:
    scale = branch_scale(0, 300, ms(100_000), ms(101_000))

    assert scale.is_folded
    assert scale.x(ms(100_000)) < 120
    assert scale.x(ms(101_000)) - scale.x(ms(100_000)) > 120


@given(
    parting=st.none() | st.integers(0, 10**9),
    span=st.integers(0, 10**9),
    times=st.lists(st.integers(0, 2 * 10**9), min_size=2, max_size=8),
)
def test_later_is_never_further_left(parting: int | None, span: int, times: list[int]) -> None:
    scale = branch_scale(10, 310, parting, (parting or 0) + span)
    places = [scale.x(time) for time in sorted(times)]

    assert places == sorted(places)
    assert all(10 <= x <= 310 for x in places)


@given(parting=st.none() | st.integers(0, 10**8), part=st.floats(0, 1))
def test_x_and_time_are_each_others_inverse(parting: int | None, part: float) -> None:
    scale = branch_scale(10, 310, parting, (parting or 0) + 10**7)
    time = part * scale.end_us

    assert scale.time_us(scale.x(time)) == pytest.approx(time, abs=scale.end_us * 1e-9)


def test_the_axis_stands_still_while_time_goes_on_a_little() -> None:
    assert branch_scale(0, 300, None, ms(1_000)) == branch_scale(0, 300, None, ms(1_010))


def test_ticks_stand_apart() -> None:
    scale = branch_scale(0, 300, ms(100_000), ms(101_000))
    places = [scale.x(tick.time_us) for tick in scale.ticks(48)]

    assert all(b - a >= 40 for a, b in pairwise(places))


# Pointing


def test_a_row_is_hit_anywhere_and_a_flag_before_it() -> None:
    history = three()
    shown = picture(history, marked=(mark(history.root, 500, "here", "a note"),))
    flag = shown.rows[0].flags[0]
    found = tree_hit(shown, flag.x + 3, flag.y - 8, SIZES)

    assert isinstance(found, TreeFlag)
    assert flag_words(found) == "“here” at 500.00 ms\na note"
    row = tree_hit(shown, 30, 50, SIZES)
    assert isinstance(row, TreeRow)
    assert row.name == "late"
    assert tree_hit(shown, 30, 500, SIZES) is None
    assert tree_hit(shown, 30, -5, SIZES) is None


def test_a_branch_says_where_it_comes_from_how_far_it_goes_and_its_note() -> None:
    history = three()
    early = history.branches[1]
    early.label.note = "because"
    first, second, third = row_words(TreeIndex(history), early).splitlines()

    assert first == "“early”"
    assert second.startswith("From “main” at 300.00 ms; ")
    assert third == "because"


def test_an_index_is_good_until_somebody_edits() -> None:
    history = three()
    marked: tuple[Mark, ...] = ()
    index = TreeIndex(history, marked)

    assert shape_of(history, marked, 0) == index.shape
    history.branches[1].label.name = "another"
    assert shape_of(history, marked, 0) != index.shape
