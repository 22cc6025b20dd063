"""Chance is keyed: what happens to one message is nobody else's luck."""

from collections import Counter
from typing import Any

import pytest

from raftviz.sim.chance import Chance, Purpose
from raftviz.sim.network import Flight
from raftviz.sim.world import World
from tests.sim.worlds import as_sent, do, led_by, run, sent

KEY = (Purpose.LATENCY, 1, 2, 1000, 0)


def test_a_draw_is_the_same_whatever_was_drawn_before_it() -> None:
    fresh, used = Chance(7), Chance(7)
    for when in range(100):
        used.bits(Purpose.LOSS, 1, 2, when)
    assert used.bits(*KEY) == fresh.bits(*KEY)


@pytest.mark.parametrize("part", range(5))
def test_each_part_of_the_key_matters(part: int) -> None:
    other = [value + (index == part) for index, value in enumerate(KEY)]
    assert Chance(7).bits(*other) != Chance(7).bits(*KEY)


def test_the_seed_matters() -> None:
    assert Chance(8).bits(*KEY) != Chance(7).bits(*KEY)


def test_the_two_directions_of_a_link_have_chances_of_their_own() -> None:
    chance = Chance(7)
    there = [chance.bits(Purpose.LOSS, 1, 2, when) for when in range(50)]
    back = [chance.bits(Purpose.LOSS, 2, 1, when) for when in range(50)]
    assert not set(there) & set(back)


def test_a_range_includes_both_its_ends_and_nothing_beyond() -> None:
    chance = Chance(7)
    drawn = {chance.between(3, 6, Purpose.DISK, 1, 0, when) for when in range(200)}
    assert drawn == {3, 4, 5, 6}


def test_a_range_of_one_value_is_that_value() -> None:
    assert Chance(7).between(5, 5, Purpose.DISK, 1, 0, 9) == 5


@pytest.mark.parametrize("probability", [0.01, 0.1, 0.5, 0.9])
def test_what_has_a_probability_happens_about_so_often(probability: float) -> None:
    chance, draws = Chance(7), 20_000
    happened = sum(chance.happens(probability, Purpose.LOSS, 1, 2, when) for when in range(draws))
    deviation = (probability * (1 - probability) / draws) ** 0.5
    assert happened / draws == pytest.approx(probability, abs=4 * deviation)


def test_what_is_impossible_never_happens_and_what_is_certain_always() -> None:
    chance = Chance(7)
    assert not any(chance.happens(0.0, Purpose.LOSS, 1, 2, when) for when in range(1000))
    assert all(chance.happens(1.0, Purpose.LOSS, 1, 2, when) for when in range(1000))


@pytest.mark.parametrize("step", [1, 50_000, 1 << 20])
def test_draws_at_evenly_spaced_instants_are_spread_evenly(step: int) -> None:
    """As heartbeats are: the instants differ by the same amount again and again."""
    chance, draws, cells = Chance(7), 16_000, 16
    counts = Counter(
        chance.between(0, cells - 1, Purpose.LATENCY, 1, 2, when * step) for when in range(draws)
    )
    expected = draws / cells
    chi_squared = sum((counts[cell] - expected) ** 2 / expected for cell in range(cells))
    assert chi_squared < 37.7  # one in a thousand at 15 degrees of freedom


# Dropping a message


def _heartbeat_dropped(**changes: Any) -> tuple[World, World, Flight]:
    """A world, and the same world with the next heartbeat from S1 to S3 dropped on its way."""
    calm, struck = led_by(1, seed=5, **changes), led_by(1, seed=5, **changes)
    dropped = None
    for world in (calm, struck):
        while not (dropped := _heartbeat(world)):
            world.step()
        run(world, 2)
    do(struck, "drop Heartbeat S1 -> S3")
    for world in (calm, struck):
        run(world, 3_000)
    assert dropped
    return calm, struck, dropped


def _heartbeat(world: World) -> Flight | None:
    return next(
        (f for f in world.flights.values() if f.source == 1 and f.target == 3 and not f.lost_us),
        None,
    )


@pytest.mark.parametrize("quality", [{}, {"loss": 0.05}, {"duplicate": 0.2, "reorder": 0.2}])
def test_dropping_a_heartbeat_takes_away_its_answer_and_changes_nothing_else(
    quality: dict[str, float],
) -> None:
    calm, struck, dropped = _heartbeat_dropped(**quality)
    before = Counter(as_sent(flight) for _, _, flight in sent(calm.branch))
    after = Counter(as_sent(flight) for _, _, flight in sent(struck.branch))
    assert not after - before
    gone = list((before - after).elements())
    assert {(flight.source, flight.target) for flight in gone} == {(3, 1)}
    assert {flight.sent_us for flight in gone} == {dropped.arrives_us}


def test_after_a_dropped_heartbeat_all_timers_are_what_they_would_have_been() -> None:
    calm, struck, _ = _heartbeat_dropped()
    assert [host.timer_us for host in calm.hosts.values()] == [
        host.timer_us for host in struck.hosts.values()
    ]


def test_what_a_dropped_message_cannot_have_reached_is_the_same_in_a_noisy_cluster() -> None:
    """With requests and losses all servers are soon touched, but none before word can reach it."""
    noise = {"loss": 0.1, "duplicate": 0.1, "requests_us": 20_000}
    for seed in range(1, 6):
        calm, struck = (led_by(1, seed=seed, loss=0.0) for _ in range(2))
        for world in (calm, struck):
            do(world, "loss 10%", "duplication 10%", "requests every 20ms")
            run(world, noise["requests_us"] / 1000 + 5)
        began = struck.time_us
        do(struck, "drop message * -> *")
        for world in (calm, struck):
            run(world, 500)
        touched = _touched(began, calm, struck)
        assert len(touched) > 2
        seen = [
            Counter(as_sent(f) for _, _, f in sent(world.branch) if _is_before(f, touched))
            for world in (calm, struck)
        ]
        assert seen[0] == seen[1]


def _is_before(flight: Flight, touched: dict[int, int]) -> bool:
    return flight.source not in touched or flight.sent_us < touched[flight.source]


def _touched(began: int, calm: World, struck: World) -> dict[int, int]:
    """When word of the act can first have come to each server and client, in either world."""
    everything = [flight for world in (calm, struck) for _, _, flight in sent(world.branch)]
    first = {
        flight.target: flight.arrives_us
        for world in (struck,)
        for record in world.branch.records()
        for flight in [getattr(record.event, "flight", None)]
        if flight is not None and flight.lost_why == "dropped"
    }
    changed = True
    while changed:
        changed = False
        for flight in everything:
            known = first.get(flight.source)
            if known is None or flight.sent_us < known or flight.sent_us < began:
                continue
            if flight.arrives_us < first.get(flight.target, 1 << 62):
                first[flight.target] = flight.arrives_us
                changed = True
    return first
