"""What surrounds the lanes: other branches as tracks, bookmarks as flags, words that never overlap."""

from collections.abc import Sequence
from itertools import combinations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.picture.geometry import Box, text_width
from raftviz.picture.marked import marked_words
from raftviz.picture.timeline import TimelinePicture, timeline_picture
from raftviz.picture.timeline_company import Company, company_key, company_of
from raftviz.picture.timeline_flags import flag_at
from raftviz.picture.timeline_index import TimelineIndex
from raftviz.picture.timeline_pills import Pill, PillSizes, pills
from raftviz.picture.timeline_scale import Lanes, TimeScale
from raftviz.picture.timeline_tracks import track_at, track_words
from raftviz.picture.timeline_words import Saying, WordSizes, placed_words, sayings
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.history import Branch, History
from raftviz.sim.units import ms
from tests.picture.scenes import world
from tests.picture.test_branch_tree import Mark, mark
from tests.picture.test_family import fork, grow, played, stand_in

SCALE = TimeScale(start_us=0, us_per_px=1_000, width=1_000)
LANES = Lanes(servers=5, top=41, height=110, strip=22, flags=15, rows=3, row=14)


def picture(
    history: History,
    branch: Branch | None = None,
    marked: Sequence[Mark] = (),
    scale: TimeScale = SCALE,
    lanes: Lanes = LANES,
) -> TimelinePicture:
    branch = branch or history.root
    index = TimelineIndex(history, branch)
    company = company_of(history, branch, marked)
    head = max(index.head_us, branch.forked_us)
    return timeline_picture(index, scale, lanes, head, company=company)


def names(company: Company) -> list[str]:
    return [other.branch.name for other in company.others]


# Who belongs to a timeline


def test_those_that_share_most_come_first() -> None:
    history = played()
    grow(fork(history.root, 300, history, "early"))
    late = grow(fork(history.root, 700, history, "late"))
    child = grow(fork(late, 705, history, "child"))

    assert names(company_of(history, child)) == ["late", "main", "early"]


def test_another_leaves_or_goes_on_without_the_shown_one() -> None:
    history = played()
    early = grow(fork(history.root, 300, history, "early"))
    late = grow(fork(history.root, 700, history, "late"))

    assert [(o.branch.name, o.leaves, o.time_us) for o in company_of(history, late).others] == [
        ("main", False, ms(700)),
        ("early", True, ms(300)),
    ]
    assert [o.leaves for o in company_of(history, early).others] == [False, False]


def test_a_branch_that_stands_in_is_not_told_from_the_one_it_replaces() -> None:
    history = played()
    made = grow(stand_in(history, history.root, 600))
    company = company_of(history, made)

    assert company.others == ()
    assert company.beginnings == ()


def test_a_beginning_is_told_once_however_often_an_act_was_undone() -> None:
    history = played()
    other = grow(fork(history.root, 300, history, "other"))
    again = grow(stand_in(history, other, 320))
    begins = company_of(history, again).beginnings

    assert [(b.branch.name, b.time_us) for b in begins] == [("other", ms(300))]


def test_a_deleted_branch_is_nobodys_company() -> None:
    history = played()
    other = grow(fork(history.root, 300, history, "other"))
    history.root.hidden = True

    assert company_of(history, other).others == ()


def test_only_bookmarks_whose_place_is_on_the_branch_are_its() -> None:
    history = played()
    other = grow(fork(history.root, 300, history, "other"))
    shared, later = mark(history.root, 200, "shared"), mark(history.root, 400, "later")
    marked = (later, shared)

    assert company_of(history, other, marked).marked == (shared,)
    assert company_of(history, history.root, marked).marked == (shared, later)


def test_of_two_places_behind_one_event_only_the_earlier_one_is_on_a_branch_between_them() -> None:
    history = played()
    count = history.root.count_at(ms(300))
    start, end = history.root.time_at(count), history.root[count].time_us
    other = history.open_branch(history.root, count, (start + end) // 2, "other")
    before, after = (
        Mark(history.root, count, start, "before"),
        Mark(history.root, count, end, "after"),
    )

    assert company_of(history, other, (before, after)).marked == (before,)


def test_company_is_good_until_somebody_edits_or_another_branch_grows() -> None:
    history = played()
    other = grow(fork(history.root, 300, history, "other"))
    marked: tuple[Mark, ...] = ()
    key = company_key(history, history.root, marked)
    grow(history.root, 5)

    assert company_key(history, history.root, marked) == key
    grow(other, 5)
    assert company_key(history, history.root, marked) != key
    key = company_key(history, history.root, marked)
    other.label.name = "renamed"
    assert company_key(history, history.root, marked) != key


# Tracks


def test_a_track_turns_off_where_the_branches_part_and_ends_with_its_last_event() -> None:
    history = played()
    other = grow(fork(history.root, 300, history, "other"))
    (track,) = picture(history).tracks.tracks

    assert track.x0 == 300
    assert track.x1 == other.time_at(len(other)) / 1_000
    assert LANES.bottom < track.y < LANES.foot


def test_a_name_stays_in_view_as_long_as_its_track() -> None:
    history = played()
    grow(fork(history.root, 300, history, "other"))
    (track,) = picture(history, scale=TimeScale(ms(350), 100, 1_000)).tracks.tracks

    assert track.x0 < 0 <= track.label.x
    assert track.label.x + track.label.w <= 1_000


def test_those_without_room_are_counted() -> None:
    history = played()
    for n in range(30):
        grow(fork(history.root, 300 + n, history, f"branch {n}"))
    tracks = picture(history).tracks

    assert 1 <= len(tracks.tracks) <= 3
    assert len(tracks.tracks) + tracks.more == 30


def test_without_rows_nobody_has_room() -> None:
    history = played()
    grow(fork(history.root, 300, history, "other"))
    lanes = Lanes(servers=5, top=26, height=150, strip=22)
    shown = picture(history, lanes=lanes)

    assert shown.tracks.tracks == ()
    assert lanes.foot == lanes.bottom == 176


def test_a_track_is_pointed_at_by_its_line_and_by_its_name() -> None:
    history = played()
    other = grow(fork(history.root, 300, history, "other"))
    other.label.note = "what if"
    tracks = picture(history).tracks
    (track,) = tracks.tracks

    assert track_at(tracks, track.x1 - 1, track.y + 2, 5) is track
    assert track_at(tracks, track.label.x + 2, track.label.y + 2, 5) is track
    assert track_at(tracks, 100, track.y, 5) is None
    assert track_words(track.other).splitlines()[0] == "“other” leaves at 300.00 ms"
    assert "what if" in track_words(track.other)


def test_each_fork_is_marked_once_in_its_branchs_colour() -> None:
    history = played()
    grow(fork(history.root, 300, history, "one"))
    grow(fork(history.root, 300, history, "two"))
    grow(fork(history.root, 700, history, "three"))

    assert [(f.x, f.name, f.colour) for f in picture(history).forks] == [
        (300, "one", 1),
        (700, "three", 3),
    ]


# Flags


def test_a_flag_has_its_name_beside_it() -> None:
    history = played()
    (flag,) = picture(history, marked=[mark(history.root, 500, "here", "a note")]).flags.flags

    assert (flag.x, flag.text) == (500, "here")
    assert flag.label is not None
    assert flag.label.y + flag.label.h <= LANES.top


def test_bookmarks_close_together_share_a_flag_that_counts_them() -> None:
    history = played()
    marked = [mark(history.root, 500 + n, f"b{n}") for n in range(3)]
    (flag,) = picture(history, marked=marked).flags.flags

    assert flag.text == "b0 +2"
    assert marked_words(flag.marked).splitlines() == [
        f"“b{n}” at {500 + n}.00 ms" for n in range(3)
    ]


def test_a_name_without_room_is_left_out_and_its_flag_stays() -> None:
    history = played()
    marked = [mark(history.root, 500, "a rather long name"), mark(history.root, 540, "b")]
    first, second = picture(history, marked=marked).flags.flags

    assert first.label is None
    assert second.label is not None


def test_a_flag_is_pointed_at_by_its_sign_and_by_its_name() -> None:
    history = played()
    row = picture(history, marked=[mark(history.root, 500, "here")]).flags
    (flag,) = row.flags

    assert flag_at(row, LANES, 503, LANES.top - 8) is flag
    assert flag.label is not None
    assert flag_at(row, LANES, flag.label.x + 3, flag.label.y + 3) is flag
    assert flag_at(row, LANES, 400, LANES.top - 8) is None


def test_a_beginning_is_told_beside_the_flags() -> None:
    history = played()
    other = grow(fork(history.root, 300, history, "other"))
    (begin,) = picture(history, other).flags.begins

    assert (begin.x, begin.text, begin.colour) == (300, "other begins here", 1)


# Words and labels


SIZES = WordSizes(lambda text: text_width(text, 11, bold=True), 14, 1)
PILLS = PillSizes(lambda text: text_width(text, 10), 13, 1)


def labels(shown: TimelinePicture, said: Sequence[Saying], lanes: Lanes) -> list[tuple[str, Box]]:
    """Every word of a picture and its place."""
    acted = frozenset(one.event for one in shown.marks)
    some = pills(shown.bands, acted, lanes, shown.scale.width, PILLS)
    found = [(pill.text, pill.box) for pill in some]
    found += [(w.text, w.box) for w in placed_words(said, lanes, shown.scale.width, SIZES, some)]
    found += [(track.name, track.label) for track in shown.tracks.tracks]
    found += [(flag.text, flag.label) for flag in shown.flags.flags if flag.label]
    found += [("flag", flag.box(lanes)) for flag in shown.flags.flags]
    return found + [(begin.text, begin.label) for begin in shown.flags.begins]


def overlaps(found: Sequence[tuple[str, Box]]) -> list[str]:
    return [f"{a} and {b}" for (a, p), (b, q) in combinations(found, 2) if p.touches(q)]


def said_in(shown: TimelinePicture) -> list[Saying]:
    told = {one.event: f"you did something at {one.event}" for one in shown.marks}
    marks = [(one.x, one.lane, one.event) for one in shown.marks]
    return sayings(marks, told, [(ms(450), (1, 2), "Election Safety")], shown.scale)


@given(
    forks=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1_000)), max_size=12),
    marks=st.lists(st.integers(0, 1_000), max_size=40),
    crashes=st.lists(st.integers(1, 5), max_size=6),
    start=st.integers(-200, 900),
    per_px=st.sampled_from([100, 400, 1_000, 5_000]),
    pitch=st.sampled_from([15, 18, 22, 30]),
)
def test_no_word_lies_on_another(
    forks: list[tuple[int, int]],
    marks: list[int],
    crashes: list[int],
    start: int,
    per_px: int,
    pitch: int,
) -> None:
    seen = world(until_ms=600, requests_us=ms(100))
    for server in crashes:
        perform(seen, acts.Crash(server))
        perform(seen, acts.Restart(server))
        perform(seen, acts.Heal())
        seen.run_until(seen.time_us + ms(40))
    history = seen.history
    for at, time in forks:
        grow(fork(history.visible[at % len(history.visible)], time, history), events=20)
    marked = [mark(history.root, time, f"bookmark {n}") for n, time in enumerate(marks)]
    lanes = attrs.evolve(LANES, height=22 + 5.0 * pitch)
    branch = history.visible[-1] if len(forks) % 2 else history.root
    shown = picture(history, branch, marked, TimeScale(ms(start), per_px, 1_000), lanes)

    assert overlaps(labels(shown, said_in(shown), lanes)) == []


@given(forks=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 1_000)), max_size=30))
def test_no_track_lies_on_another_and_no_turn_off_on_a_name(forks: list[tuple[int, int]]) -> None:
    history = played()
    for at, time in forks:
        grow(fork(history.visible[at % len(history.visible)], time, history), events=30)
    tracks = picture(history).tracks.tracks
    for one, other in combinations(tracks, 2):
        if one.y == other.y:
            assert one.x1 < other.x0 or other.x1 < one.x0
        upper, lower = (one, other) if one.y < other.y else (other, one)
        crossed = upper.label.x < lower.x0 < upper.label.x + upper.label.w
        assert upper.y == lower.y or not crossed


def test_words_find_another_place_when_theirs_is_taken() -> None:
    lanes = attrs.evolve(LANES, height=22 + 5 * 16.0)
    pill = Pill(2, "crashed", 1, plain=True, box=Box(202, lanes.y(2) - 6, 50, 12))
    above = Pill(1, "term 1", 1, plain=False, box=Box(190, lanes.y(1) - 6, 60, 12))
    said = [Saying(200, 2, "you crashed S2")]
    (word,) = placed_words(said, lanes, 1_000, SIZES, [pill, above])

    assert word.box.x >= pill.box.x + pill.box.w
    assert word.box.y == lanes.y(2) - SIZES.height / 2


def test_a_word_without_any_place_is_left_out() -> None:
    said = [Saying(200.0 + n, 0, f"you did {n}") for n in range(9)]

    assert len(placed_words(said, LANES, 1_000, SIZES)) == 1


@pytest.mark.parametrize("servers", [1, 3, 9, 51])
def test_labels_of_narrow_lanes_do_not_overlap(servers: int) -> None:
    seen = world(servers, until_ms=900)
    lanes = Lanes(servers, 26, 150, 22)
    index = TimelineIndex(seen.history, seen.branch)
    shown = timeline_picture(index, SCALE, lanes, seen.time_us)

    assert overlaps(labels(shown, [], lanes)) == []
