"""How branches hang together: who parts from whom, and in what order they are drawn."""

from hypothesis import given
from hypothesis import strategies as st

from raftviz.picture.family import Family, family_of
from raftviz.sim.history import Branch, History
from raftviz.sim.lines import line_of, parting
from raftviz.sim.units import NEVER, ms
from tests.picture.scenes import world


def played() -> History:
    """A history of one branch, a second long."""
    return world(until_ms=1_000).history


def fork(parent: Branch, at_ms: int, history: History, name: str = "") -> Branch:
    """A branch without events of its own; see ``grow``."""
    return history.open_branch(parent, parent.count_at(ms(at_ms)), ms(at_ms), name)


def grow(branch: Branch, events: int = 60) -> Branch:
    """Give a branch events: what its oldest ancestor's are does for a picture."""
    root = branch
    while root.parent is not None:
        root = root.parent
    start = root.count_at(branch.forked_us)
    for record in list(root.records(start, start + events)):
        branch.append(record, {})
    return branch


def stand_in(history: History, old: Branch, at_ms: int) -> Branch:
    """What undoing an act at the end of ``old`` leaves: a branch under the same label."""
    made = fork(old, at_ms, history)
    made.label = old.label
    old.hidden = True
    return made


def names(family: Family) -> list[str]:
    return [branch.name for branch in family.branches]


def parents(family: Family) -> dict[str, str]:
    return {
        track.branch.name: family.tracks[track.parent].branch.name
        for track in family.tracks
        if track.parent >= 0
    }


def test_one_branch_is_one_track_from_the_beginning() -> None:
    history = played()
    (track,) = family_of(history).tracks

    assert (track.parent, track.time_us) == (-1, 0)
    assert [(p.start_us, p.end_us, p.own) for p in track.pieces] == [(0, NEVER, True)]


def test_a_branch_parts_where_it_was_opened() -> None:
    history = played()
    grow(fork(history.root, 300, history, "early"))
    main, early = family_of(history).tracks

    assert (main.branch.name, early.branch.name) == ("main", "early")
    assert (early.parent, early.time_us) == (0, ms(300))
    assert [p.start_us for p in early.pieces] == [ms(300)]


def test_what_parts_last_stands_nearest_so_that_no_turn_off_crosses_a_track() -> None:
    history = played()
    late = grow(fork(history.root, 700, history, "late"))
    grow(fork(history.root, 300, history, "early"))
    grow(fork(late, 800, history, "later still"))

    assert names(family_of(history)) == ["main", "late", "later still", "early"]


def test_of_several_that_part_at_one_instant_the_oldest_comes_first() -> None:
    history = played()
    for name in ("one", "two", "three"):
        grow(fork(history.root, 500, history, name))

    assert names(family_of(history)) == ["main", "one", "two", "three"]


def test_a_branch_that_stands_in_looks_like_the_branch_going_on() -> None:
    history = played()
    grow(fork(history.root, 300, history, "other"))
    grow(stand_in(history, history.root, 600))
    family = family_of(history)
    main = family.tracks[0]

    assert names(family) == ["main", "other"]
    assert [(p.start_us, p.end_us, p.own) for p in main.pieces] == [
        (0, ms(600), True),
        (ms(600), NEVER, True),
    ]


def test_what_left_an_undone_future_hangs_on_a_stub_without_a_name() -> None:
    history = played()
    grow(fork(history.root, 800, history, "other"))
    grow(stand_in(history, history.root, 600))
    other = family_of(history).tracks[1]

    assert other.time_us == ms(600)
    assert [(p.start_us, p.end_us, p.own) for p in other.pieces] == [
        (ms(600), ms(800), False),
        (ms(800), NEVER, True),
    ]


def test_two_that_grew_from_a_deleted_branch_share_its_stub() -> None:
    history = played()
    grow(fork(history.root, 300, history, "early"))
    grow(fork(history.root, 700, history, "late"))
    history.root.hidden = True
    family = family_of(history)
    early, late = family.tracks

    assert [(p.own, p.start_us) for p in early.pieces] == [(False, 0), (True, ms(300))]
    assert (late.time_us, late.parent) == (ms(300), 0)
    assert [(p.own, p.start_us) for p in late.pieces] == [(False, ms(300)), (True, ms(700))]


def test_a_child_of_a_child_parts_from_the_one_whose_events_it_shares() -> None:
    history = played()
    child = grow(fork(history.root, 300, history, "child"))
    grow(fork(child, 320, history, "grandchild"))
    before = fork(child, 100, history, "back behind the fork")

    assert parents(family_of(history)) == {
        "child": "main",
        "grandchild": "child",
        "back behind the fork": "main",
    }
    assert before.shared_with(child) == history.root.count_at(ms(100))


def test_a_place_belongs_to_the_track_that_it_is_drawn_on() -> None:
    history = played()
    other = grow(fork(history.root, 300, history, "other"))
    family = family_of(history)

    assert family.owner(other, other.fork, ms(290)) is history.root
    assert family.owner(other, other.fork, ms(301)) is other
    assert family.owner(other, other.fork + 1, ms(301)) is other


def test_a_place_in_a_future_that_nobody_sees_is_on_no_track() -> None:
    history = played()
    end = len(history.root)
    stand_in(history, history.root, 600)

    assert family_of(history).owner(history.root, end, ms(1_000)) is None


def test_lines_part_where_the_first_of_them_leaves() -> None:
    history = played()
    early = fork(history.root, 300, history, "early")
    late = fork(history.root, 700, history, "late")
    there, back = parting(line_of(late), line_of(early)), parting(line_of(early), line_of(late))

    assert there is not None
    assert back is not None
    assert (there.time_us, there.leaves) == (ms(300), True)
    assert (back.time_us, back.leaves) == (ms(300), False)
    assert parting(line_of(late), line_of(late)) is None


steps = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 1_000), st.sampled_from(["fork", "undo", "hide"])),
    max_size=12,
)


@given(steps=steps)
def test_every_family_is_whole(steps: list[tuple[int, int, str]]) -> None:
    history = played()
    for at, time, what in steps:
        visible = history.visible
        branch = visible[at % len(visible)]
        if what == "hide" and len(visible) > 1:
            branch.hidden = True
        elif what == "undo":
            grow(stand_in(history, branch, time))
        elif what == "fork":
            grow(fork(branch, time, history), events=10)
    family = family_of(history)

    assert sorted(b.number for b in family.branches) == [b.number for b in history.visible]
    for at, track in enumerate(family.tracks):
        assert track.parent < at
        assert track.pieces
        assert track.pieces[0].start_us == track.time_us
        for before, after in zip(track.pieces, track.pieces[1:], strict=False):
            assert before.end_us == after.start_us
        assert track.pieces[-1].own
        assert family.owner(track.branch, len(track.branch) + 1, NEVER) is track.branch
        if track.parent >= 0:
            elder = family.tracks[track.parent]
            assert elder.time_us <= track.time_us
            assert track.branch.shared_with(elder.branch) == track.count
            between = family.tracks[track.parent + 1 : at]
            assert all(one.time_us >= track.time_us for one in between)
