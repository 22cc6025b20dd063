"""A message that is held, and one that is let through at once: how they are seen and told."""

import attrs
import numpy as np
import pytest

from raftviz.picture.cluster import cluster_picture
from raftviz.picture.flying import FALL_US
from raftviz.picture.hover import describe
from raftviz.picture.inspection import inspect
from raftviz.picture.pointing import at
from raftviz.picture.primitives import MessageSign, PickedMessage
from raftviz.picture.timeline import legs_in, timeline_picture
from raftviz.picture.timeline_hit import leg_words, mark_words
from raftviz.picture.timeline_index import TimelineIndex
from raftviz.picture.timeline_scale import Lanes, TimeScale
from raftviz.sim.network import Flight
from raftviz.sim.units import ms
from raftviz.sim.world import World
from tests.picture.scenes import SIZE, now, picture
from tests.sim.worlds import a_world, do, run


def asking() -> World:
    """Three servers; S1 asks S2 and S3 for their votes, 10 ms away, since 4 ms."""
    world = a_world(3, latency_us=(ms(10), ms(10)), disk_us=(0, 0))
    do(world, "timeout S1")
    run(world, 4)
    return world


def to_s2(world: World) -> Flight:
    return next(flight for flight in world.flights.values() if flight.target == 2)


def sign_of(world: World, time_us: int | None = None) -> MessageSign:
    found = picture(world, time_us).message(to_s2(world).id)
    assert isinstance(found, MessageSign)
    return found


# On the canvas


def test_a_held_message_does_not_move() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    first, later = sign_of(world), sign_of(world, world.time_us + ms(100))
    assert (first.x, first.y) == (later.x, later.y)


def test_to_be_held_is_not_to_jump() -> None:
    world = asking()
    before = sign_of(world)
    do(world, "hold RequestVote S1 -> S2")
    after = sign_of(world)
    assert (after.x, after.y) == pytest.approx((before.x, before.y))


@pytest.mark.parametrize("cut", ["cut S1 -> S2", "partition S1 | S2 S3"])
def test_a_message_on_a_cut_link_is_held_where_it_was_seen(cut: str) -> None:
    world = a_world(3, latency_us=(ms(10), ms(10)), disk_us=(0, 0))
    do(world, cut, "timeout S1")
    run(world, 4)
    before = sign_of(world)
    do(world, "hold RequestVote S1 -> S2")
    held = sign_of(world)
    do(world, "release RequestVote S1 -> S2")
    after = sign_of(world)
    assert (held.x, held.y) == pytest.approx((before.x, before.y))
    assert (after.x, after.y) == pytest.approx((before.x, before.y))


def test_a_released_message_goes_on_from_there() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    run(world, 8)
    held = sign_of(world)
    do(world, "release RequestVote S1 -> S2")
    assert (sign_of(world).x, sign_of(world).y) == pytest.approx((held.x, held.y))
    later = sign_of(world, world.time_us + ms(2))
    assert (later.x, later.y) != pytest.approx((held.x, held.y))


def test_a_held_message_stands_between_bars_and_draws_no_tail() -> None:
    world = asking()
    moving = sign_of(world)
    do(world, "hold RequestVote S1 -> S2")
    held = sign_of(world)
    assert (moving.way.face.held, held.way.face.held) == (False, True)
    assert held.way.face.half_w > moving.way.face.half_w
    assert moving.tail > 0
    assert held.tail == 0


def test_a_held_message_is_pointed_at_where_it_stands() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    later = world.time_us + ms(50)
    sign = sign_of(world, later)
    assert at(picture(world, later), sign.x, sign.y) == PickedMessage(sign.id)


# In words


def test_a_held_message_says_so_under_the_pointer() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    words = describe(now(world), world.time_us, PickedMessage(to_s2(world).id))
    assert words.endswith("held: it stands still until you release it, deliver it or drop it")
    assert "arrives in" not in words


def test_the_inspector_says_since_when_a_message_is_held_and_what_is_left_of_its_way() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    run(world, 50)
    page = inspect(now(world), PickedMessage(to_s2(world).id))
    assert page.subtitle == "a message, held"
    assert ("held", "since 4.0 ms; let go, it takes 6.0 ms more") in page.rows


# On the timeline

LANES = Lanes(servers=3, top=20, height=120, strip=20)


def index_for(world: World) -> TimelineIndex:
    return TimelineIndex(world.history, world.branch)


def legs_of(index: TimelineIndex, flight: int) -> list[int]:
    return np.flatnonzero(index.legs.column("id") == flight).tolist()


def test_a_held_message_is_a_level_line_on_the_timeline() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    run(world, 10)
    index = index_for(world)
    scale = TimeScale(start_us=0, us_per_px=100, width=800)
    shown = timeline_picture(index, scale, LANES, world.time_us).arrows
    assert shown is not None
    at_row = shown.rows.tolist().index(legs_of(index, to_s2(world).id)[-1])
    assert shown.held[at_row] == 1
    assert shown.y0[at_row] == pytest.approx(shown.y1[at_row])
    assert (shown.x0[at_row], shown.x1[at_row]) == pytest.approx((40.0, 140.0))


def test_a_message_held_long_ago_is_in_view_as_long_as_it_is_held() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    run(world, 5_000)
    index, held = index_for(world), to_s2(world).id
    last = world.time_us
    assert legs_of(index, held)[-1] in legs_in(index, last - 1_000, last, last)
    assert index.longest_us < ms(1_000)


def test_a_branch_takes_over_what_is_held_on_the_timeline() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    count, held = len(world.branch), to_s2(world).id
    do(world, "release RequestVote S1 -> S2")
    run(world, 500)
    other = World.at(world.history, world.branch, count=count)
    run(other, 2_000)
    index = TimelineIndex(world.history, other.branch, index_for(world))
    last = other.time_us
    (row,) = [row for row in legs_in(index, last - 10, last, last) if row in index.held]
    assert index.legs.value(int(row), "id") == held


def test_each_leg_of_a_held_message_tells_its_part() -> None:
    world = asking()
    flight = to_s2(world).id
    do(world, "hold RequestVote S1 -> S2")
    run(world, 8)
    do(world, "release RequestVote S1 -> S2")
    run(world, 6)
    index = index_for(world)
    last = [leg_words(index, row, world.time_us).splitlines()[-1] for row in legs_of(index, flight)]
    assert last == [
        "held from 4.00 ms on",
        "held from 4.00 ms, let go at 12.00 ms",
        "arrived at 18.00 ms",
    ]


def test_a_message_that_is_held_now_says_so_on_the_timeline() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    run(world, 8)
    index = index_for(world)
    row = legs_of(index, to_s2(world).id)[-1]
    assert leg_words(index, row, world.time_us).endswith("still held at 12.00 ms")


def test_the_acts_are_named_with_their_message() -> None:
    world = asking()
    do(world, "hold RequestVote * -> S2", "release message * -> *")
    index = index_for(world)
    scale = TimeScale(start_us=0, us_per_px=10, width=800)
    marks = timeline_picture(index, scale, LANES, world.time_us).marks
    words = [mark_words(index, attrs.evolve(marks[-1], event=event)) for event in (1, 2)]
    assert words == ["you held RequestVote S1 → S2", "you released RequestVote S1 → S2"]


# Let through at once


def test_a_message_that_is_delivered_from_half_way_shows_the_way_that_it_jumped() -> None:
    world = asking()
    before = sign_of(world)
    do(world, "deliver RequestVote S1 -> S2")
    (jump,) = picture(world).jumps
    assert (jump.x, jump.y) == pytest.approx((before.x, before.y))
    assert (jump.end_x, jump.end_y) == pytest.approx((before.way.line.x2, before.way.line.y2))
    assert jump.left == 1.0


def test_a_held_message_that_is_delivered_jumps_from_where_it_stood() -> None:
    world = asking()
    do(world, "hold RequestVote S1 -> S2")
    run(world, 3)
    held = sign_of(world)
    do(world, "deliver RequestVote S1 -> S2")
    (jump,) = picture(world).jumps
    assert (jump.x, jump.y) == pytest.approx((held.x, held.y))


def test_the_sign_of_a_jump_fades_with_time() -> None:
    world = asking()
    do(world, "deliver RequestVote S1 -> S2")
    then = now(world)
    half = cluster_picture(then, then.time_us + FALL_US // 2, SIZE)
    gone = cluster_picture(then, then.time_us + FALL_US, SIZE)
    assert [jump.left for jump in half.jumps] == [pytest.approx(0.5)]
    assert gone.jumps == ()


def test_what_arrives_by_itself_jumps_nowhere() -> None:
    world = asking()
    run(world, 6)
    assert {flight.target for flight in world.flights.values()} == {1}  # the answers
    assert picture(world).jumps == ()


def test_on_the_timeline_it_goes_straight_to_its_receiver_at_that_instant() -> None:
    world = asking()
    flight = to_s2(world).id
    do(world, "deliver RequestVote S1 -> S2")
    index = index_for(world)
    scale = TimeScale(start_us=0, us_per_px=100, width=800)
    shown = timeline_picture(index, scale, LANES, world.time_us).arrows
    assert shown is not None
    first, jump = (shown.rows.tolist().index(row) for row in legs_of(index, flight))
    assert shown.y1[first] == pytest.approx(shown.y0[jump])
    assert shown.x0[jump] == shown.x1[jump] == pytest.approx(40.0)
    assert shown.y1[jump] == pytest.approx(LANES.y(2))
    words = [leg_words(index, row, world.time_us) for row in legs_of(index, flight)]
    assert words[0].endswith("delivered from there at 4.00 ms: you let it through")


def test_a_dropped_message_says_so_on_every_part_of_its_way() -> None:
    world = asking()
    flight = to_s2(world).id
    do(world, "drop RequestVote S1 -> S2")
    index = index_for(world)
    words = [leg_words(index, row, world.time_us) for row in legs_of(index, flight)]
    assert {text.splitlines()[-1] for text in words} == {"lost at 4.00 ms: you dropped it"}
