"""The timeline's geometry: what of a run is in view, and where."""

import numpy as np
import pytest

from raftviz.picture.act_words import act_words, event_words
from raftviz.picture.timeline import Mark, TimelinePicture, legs_in, timeline_picture
from raftviz.picture.timeline_codes import Fate, Kind, RoleCode, StatusCode
from raftviz.picture.timeline_columns import Columns
from raftviz.picture.timeline_hit import Pointer, hit, leg_words, mark_words
from raftviz.picture.timeline_index import TimelineIndex, index_of
from raftviz.picture.timeline_scale import (
    Lanes,
    TimeScale,
    fitting,
    ms_text,
    tick_step_us,
    ticks,
)
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.events import Acted
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.vocabulary import FORMS, act_from_text
from raftviz.sim.world import World, begin

SCALE = TimeScale(start_us=1_000, us_per_px=100, width=800)
LANES = Lanes(servers=5, top=20, height=170, strip=20)


def played(until_us: int, **settings: object) -> World:
    world = World.at(begin(Settings(**settings)))  # type: ignore[arg-type]
    world.run_until(until_us)
    return world


def index_for(world: World) -> TimelineIndex:
    return TimelineIndex(world.history, world.branch)


def picture_of(
    world: World, index: TimelineIndex, scale: TimeScale | None = None
) -> TimelinePicture:
    scale = scale or SCALE.fitted(world.time_us)
    return timeline_picture(index, scale, LANES, world.time_us)


def rows_of(index: TimelineIndex) -> list[tuple[int, ...]]:
    return list(zip(*(index.legs.column(f).tolist() for f in index.legs.fields), strict=True))


# Time and place


def test_x_and_time_are_each_others_inverse() -> None:
    assert SCALE.time_us(SCALE.x(12_345)) == pytest.approx(12_345)


def test_zooming_leaves_what_is_under_the_pointer_there() -> None:
    closer = SCALE.zoomed(3.0, 250, longest_us=1e9)

    assert closer.time_us(250) == pytest.approx(SCALE.time_us(250))
    assert closer.us_per_px == pytest.approx(SCALE.us_per_px / 3)


def test_zooming_out_ends_where_the_run_is_small() -> None:
    assert SCALE.zoomed(1e-9, 0, longest_us=160_000).us_per_px == pytest.approx(200)


def test_panning_never_loses_the_run_from_view() -> None:
    far = SCALE.panned(1e9, head_us=500_000)

    assert far.start_us < 500_000
    assert far.panned(-1e12, head_us=500_000).end_us > 0


def test_fitting_shows_the_beginning_and_the_end() -> None:
    all_of_it = SCALE.fitted(3_000_000)

    assert all_of_it.x(0) >= 0
    assert all_of_it.x(3_000_000) <= all_of_it.width


def test_a_cursor_in_quiet_view_moves_nothing() -> None:
    assert SCALE.keeping(SCALE.time_us(400)) is SCALE


def test_a_cursor_that_leaves_to_the_right_is_followed() -> None:
    assert SCALE.keeping(500_000).x(500_000) == pytest.approx(0.7 * SCALE.width)


def test_a_cursor_that_leaves_to_the_left_is_followed() -> None:
    later = TimeScale(900_000, 100, 800)

    assert 0 <= later.keeping(200_000).x(200_000) <= later.width


def test_lane_zero_is_above_the_servers() -> None:
    assert LANES.y(0) < LANES.y(1) < LANES.y(5) < LANES.top + LANES.height


@pytest.mark.parametrize("lane", range(6))
def test_the_lane_at_a_lane_is_that_lane(lane: int) -> None:
    assert LANES.lane_at(LANES.y(lane)) == lane


@pytest.mark.parametrize("us_per_px", [0.5, 3, 77, 420, 9_000, 2e6])
def test_ticks_are_round_and_apart(us_per_px: float) -> None:
    step = tick_step_us(us_per_px, 80)

    assert str(step).strip("0") in ("1", "2", "5")
    assert step / us_per_px >= 80


def test_there_is_no_tick_before_the_beginning() -> None:
    assert ticks(TimeScale(-50_000, 100, 800), 80)[0].time_us == 0


def test_ticks_say_milliseconds() -> None:
    assert [tick.label for tick in ticks(TimeScale(0, 100, 250), 80)] == ["0", "10", "20"]


def test_thousands_are_set_apart() -> None:
    assert ms_text(1_284_200) == "1\u2009284.20"


def test_words_that_would_overlap_are_left_out() -> None:
    assert fitting([0, 10, 100], [50, 50, 50]) == [True, False, True]


# Columns


def test_columns_keep_rows_in_order_while_they_grow() -> None:
    table = Columns("a", "b")
    for n in range(1_000):
        table.append(n, -n)

    assert table.column("a").tolist() == list(range(1_000))
    assert table.value(999, "b") == -999


def test_a_changed_value_is_read_back() -> None:
    table = Columns("a")
    table.append(1)
    table.change(0, "a", 7)

    assert table.value(0, "a") == 7


def test_the_first_rows_of_a_table_are_a_table_of_their_own() -> None:
    table = Columns("a")
    for n in range(5):
        table.append(n)
    part = table.first(2)
    part.append(9)

    assert part.column("a").tolist() == [0, 1, 9]
    assert len(table) == 5


# The index


def test_reading_in_pieces_is_as_reading_at_once() -> None:
    world = World.at(begin(Settings(requests_us=ms(30), loss=0.1)))
    index = index_for(world)
    for until in range(50, 900, 50):
        world.run_until(ms(until))
        index.extend()

    assert rows_of(index) == rows_of(index_for(world))


def test_each_record_is_read_once() -> None:
    world = played(ms(400))
    index = index_for(world)

    assert index.extend() == 0
    assert len(index) == len(world.branch)


def test_every_message_sent_has_a_leg() -> None:
    world = played(ms(600), requests_us=ms(40))
    sent = sum(len(record.flights) for record in world.branch.records())

    assert len(index_for(world).legs) == sent


def test_legs_are_sorted_by_when_they_began() -> None:
    since = index_for(played(ms(900), requests_us=ms(20))).legs.column("since")

    assert bool((np.diff(since) >= 0).all())


def test_what_is_still_on_its_way_is_flying() -> None:
    world = played(ms(600), requests_us=ms(10))
    fates = index_for(world).legs.column("fate")

    assert int((fates == Fate.FLYING).sum()) == len(world.flights)


def test_what_the_network_loses_is_lost() -> None:
    world = played(ms(900), loss=0.3)
    lost = sum(type(record.event).__name__ == "Lost" for record in world.branch.records())

    assert int((index_for(world).legs.column("fate") == Fate.LOST).sum()) == lost > 0


def test_heartbeats_and_their_answers_are_told_from_entries() -> None:
    kinds = set(index_for(played(ms(900), requests_us=ms(200))).legs.column("kind").tolist())

    assert kinds >= {
        Kind.HEARTBEAT, Kind.HEARTBEAT_ANSWER, Kind.ENTRIES, Kind.ENTRIES_ANSWER,
        Kind.VOTE_REQUEST, Kind.VOTE_GRANTED, Kind.CLIENT_REQUEST, Kind.CLIENT_ANSWER,
    }  # fmt: skip


def test_a_leader_has_been_a_candidate() -> None:
    world = played(ms(500))
    index = index_for(world)
    leader = next(s for s, h in world.hosts.items() if h.server.leader_id == s)

    assert index.spans[leader].column("role").tolist() == [
        RoleCode.FOLLOWER,
        RoleCode.CANDIDATE,
        RoleCode.LEADER,
    ]


def test_a_message_held_back_has_two_legs() -> None:
    world = played(ms(300), requests_us=ms(10))
    flight = next(f for f in world.flights.values() if f.lost_us is None)
    perform(world, acts.Delay(acts.Choice("message", id=flight.id), ms(30)))
    index = index_for(world)
    rows = np.flatnonzero(index.legs.column("id") == flight.id)

    assert index.legs.column("fate")[rows].tolist() == [Fate.SENT_ON, Fate.FLYING]


def test_a_branch_begins_with_what_its_parent_knew_at_the_fork() -> None:
    world = played(ms(700), requests_us=ms(30), loss=0.1)
    parent = index_for(world)
    other = World.at(world.history, world.branch, count=len(world.branch) // 2)
    other.run_until(ms(700))

    assert rows_of(TimelineIndex(world.history, other.branch, parent)) == rows_of(index_for(other))


def test_a_branch_does_not_disturb_its_parent() -> None:
    world = played(ms(700), requests_us=ms(30))
    known: dict[int, TimelineIndex] = {}
    before = rows_of(index_of(world.history, world.branch, known))
    other = World.at(world.history, world.branch, count=len(world.branch) // 2)
    other.run_until(ms(900))
    index_of(world.history, other.branch, known)

    assert rows_of(known[world.branch.number]) == before


# What is in view


def test_only_legs_that_touch_the_view_are_in_it() -> None:
    world = played(ms(900), requests_us=ms(20))
    index = index_for(world)
    rows = legs_in(index, ms(300), ms(320), world.time_us)
    since, end = index.legs.column("since"), index.legs.column("end")
    expected = np.flatnonzero((since <= ms(320)) & (end >= ms(300)))

    assert rows.tolist() == expected.tolist()


def test_an_arrived_message_goes_from_lane_to_lane() -> None:
    world = played(ms(500))
    index = index_for(world)
    arrows = picture_of(world, index).arrows
    assert arrows is not None
    arrived = np.flatnonzero(arrows.fate == Fate.ARRIVED)
    source, target = index.legs.column("source"), index.legs.column("target")

    assert arrows.y0[arrived].tolist() == [LANES.y(s) for s in source[arrived].tolist()]
    assert arrows.y1[arrived] == pytest.approx([LANES.y(t) for t in target[arrived].tolist()])


def test_a_lost_message_ends_between_the_lanes() -> None:
    world = played(ms(900), loss=0.3)
    index = index_for(world)
    arrows = picture_of(world, index).arrows
    assert arrows is not None
    row = int(np.flatnonzero(arrows.fate == Fate.LOST)[0])
    source, target = (
        LANES.y(index.legs.value(int(arrows.rows[row]), end)) for end in ("source", "target")
    )

    assert min(source, target) < arrows.y1[row] < max(source, target)


def test_a_message_in_flight_is_drawn_as_far_as_it_goes() -> None:
    world = played(ms(600), requests_us=ms(10))
    index = index_for(world)
    picture = picture_of(world, index)
    assert picture.arrows is not None
    flying = picture.arrows.fate == Fate.FLYING

    assert bool((picture.arrows.x1[flying] <= picture.head_x + 1e-6).all())


def test_bands_of_a_lane_follow_on_one_another() -> None:
    world = played(ms(500))
    bands = [b for b in picture_of(world, index_for(world)).bands if b.lane == 1]

    assert [b.x0 for b in bands[1:]] == pytest.approx([b.x1 for b in bands[:-1]])


def test_a_crash_ends_a_band_and_begins_another() -> None:
    world = played(ms(400))
    perform(world, acts.Crash(2))
    world.run_until(ms(450))
    bands = [b for b in picture_of(world, index_for(world)).bands if b.lane == 2]

    assert bands[-1].status == StatusCode.CRASHED


def test_too_many_messages_become_a_density() -> None:
    world = played(ms(30_000), requests_us=ms(15))
    picture = picture_of(world, index_for(world))

    assert picture.arrows is None
    assert picture.density is not None
    assert picture.density.legs == len(index_for(world).legs)


def test_the_density_knows_where_nothing_was_said() -> None:
    world = played(ms(30_000), requests_us=ms(15))
    density = picture_of(world, index_for(world)).density
    assert density is not None

    assert density.weight[:, -15:].sum() == 0
    assert density.weight[:, 100:700].sum() > 0


def test_a_branch_shows_where_it_begins_and_its_parent_where_it_leaves() -> None:
    world = played(ms(500))
    other = World.at(world.history, world.branch, count=10, time_us=ms(300))
    perform(other, acts.Crash(1))
    own = picture_of(other, index_for(other)).forks
    left = picture_of(world, index_for(world)).forks

    assert [(fork.own, fork.name) for fork in own] == [(True, other.branch.name)]
    assert [fork.own for fork in left] == [False]


# Pointing


def test_an_arrow_can_be_pointed_at() -> None:
    world = played(ms(500))
    index = index_for(world)
    picture = picture_of(world, index, TimeScale(ms(280), 100, 1_500))
    assert picture.arrows is not None
    row = 3
    x = float(picture.arrows.x0[row] + picture.arrows.x1[row]) / 2
    y = float(picture.arrows.y0[row] + picture.arrows.y1[row]) / 2

    assert hit(index, picture, world.time_us, Pointer(x, y, 2.0)) == picture.arrows.rows[row]


def test_empty_ground_is_nothing() -> None:
    world = played(ms(100))
    index = index_for(world)

    assert hit(index, picture_of(world, index), world.time_us, Pointer(200, 60, 4)) is None


def test_an_act_can_be_pointed_at_and_says_what_was_done() -> None:
    world = played(ms(400))
    perform(world, acts.Crash("leader"))
    index = index_for(world)
    picture = picture_of(world, index)
    found = hit(
        index, picture, world.time_us, Pointer(picture.head_x, LANES.y(picture.marks[0].lane), 4)
    )

    assert isinstance(found, Mark)
    assert mark_words(index, found) == f"you crashed S{found.lane}"


def test_a_message_tells_its_story() -> None:
    world = played(ms(500))
    index = index_for(world)
    row = int(np.flatnonzero(index.legs.column("kind") == Kind.VOTE_REQUEST)[0])

    assert leg_words(index, row, world.time_us).startswith("RequestVote S")
    assert "arrived at" in leg_words(index, row, world.time_us)


def test_a_dropped_message_is_named_by_its_act() -> None:
    world = played(ms(300), requests_us=ms(10))
    flight = next(iter(world.flights.values()))
    perform(world, acts.Drop(acts.Choice("message", id=flight.id)))
    index = index_for(world)
    words = mark_words(index, picture_of(world, index).marks[-1])

    assert words.startswith("you dropped ")
    assert " → " in words


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (acts.Crash(1), "you crashed S1"),
        (acts.Restart(4), "you restarted S4"),
        (acts.Timeout("follower"), "you timed out the follower"),
        (acts.Request("x=1"), "you requested x=1"),
        (acts.Partition(((1, 2), (3, 4, 5))), "you partitioned S1 S2 | S3 S4 S5"),
        (acts.Heal(), "you healed the network"),
        (acts.Cut(1, 2), "you cut S1 → S2"),
        (acts.Restore(1, 2, both=True), "you restored S1 ↔ S2"),
        (acts.SetLoss(0.1), "you set loss to 0.1"),
        (acts.SetLatency((5_000, 9_500), (1, 2)), "you set latency to 5–9.5 ms on S1 ↔ S2"),
        (acts.SetRequests(50_000), "you set a request every 50 ms"),
        (acts.SetRequests(0), "you stopped the requests"),
        (acts.Drop(acts.Choice("RequestVote", 3, 2)), "you dropped RequestVote S3 → S2"),
        (acts.Delay(acts.Choice("message"), 20_000), "you held back a message by 20 ms"),
    ],
)
def test_an_act_is_a_short_sentence(act: acts.Act, words: str) -> None:
    assert act_words(act) == words


def test_an_act_in_vain_says_so() -> None:
    assert event_words(Acted(acts.Heal(), note="nothing is cut"), 0) == (
        "you healed the network (no effect: nothing is cut)"
    )


def test_every_act_has_words_of_its_own() -> None:
    for form in FORMS:
        act = act_from_text(form.example, 5)
        assert "you did" not in act_words(act), form.word
