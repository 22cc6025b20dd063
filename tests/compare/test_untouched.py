"""What an act did not touch is identical in both futures, and what differs traces back to the act.

What can have been touched is told here without the comparison: word of an act travels with messages
alone. So nothing can differ on a server before a message has come to it that was sent, in either
future, by somebody who was touched before.
"""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from raftviz.compare.causes import Why, chain
from raftviz.compare.comparison import Comparison, Kind
from raftviz.raft.names import Address
from raftviz.sim.events import Delivered, Lost
from raftviz.sim.history import NETWORK, Record
from raftviz.sim.network import Flight
from raftviz.sim.units import NEVER
from raftviz.sim.world import World
from tests.compare.futures import beside, busy, content
from tests.sim.worlds import led_by

SEEDS = [1, 2, 5, 8, 13]
ACTS = {
    "drop": "drop message * -> *",
    "hold": "delay message * -> * by 40ms",
    "crash": "crash follower",
    "crash of the leader": "crash leader",
    "pause": "pause follower",
}


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def world(request: pytest.FixtureRequest) -> World:
    """Requests, losses and doubles."""
    return busy(request.param, "loss 3%", "duplication 5%")


def sent_since(comparison: Comparison) -> Iterator[Flight]:
    """All messages that were on their way after the parting, in either line."""
    for line in (comparison.left, comparison.right):
        yield from line.branch.flights(comparison.shared).values()
        for record in line.branch.records(comparison.shared):
            yield from record.flights


def touched(comparison: Comparison, first: dict[Address, int]) -> dict[Address, int]:
    """When word of the act can first have come to each server and client. ``first`` has it at once."""
    since = dict(first)
    flights = sorted(sent_since(comparison), key=lambda flight: flight.sent_us)
    grows = True
    while grows:
        grows = False
        for flight in flights:
            told = since.get(flight.source, NEVER) <= flight.sent_us
            if told and flight.arrives_us < since.get(flight.target, NEVER):
                since[flight.target] = flight.arrives_us
                grows = True
    return since


def whom(record: Record) -> set[Address]:
    """Who has to do with an event: whose it is, or whose message was lost."""
    if isinstance(record.event, Lost):
        return {record.event.flight.source, record.event.flight.target}
    return {record.part}


def acted_on(comparison: Comparison, began_us: int) -> dict[Address, int]:
    """Whom the act itself touches: its server, or the receiver of its message."""
    _, act = comparison.records(0)
    assert act is not None
    if act.part != NETWORK:
        return {act.part: began_us}
    number = comparison[0].right
    (met,) = [
        flight
        for flight in comparison.right.branch.flights(number).values()
        if f"id={flight.id}" in repr(act.event)
    ]
    return {met.target: met.arrives_us}


@pytest.mark.parametrize("act", ACTS)
def test_what_an_act_cannot_have_touched_is_the_same_in_both_futures(
    act: str, world: World
) -> None:
    began_us = world.time_us
    _, comparison = beside(world, ACTS[act], later_ms=400)
    since = touched(comparison, acted_on(comparison, began_us))
    for index in range(len(comparison)):
        records = [record for record in comparison.records(index) if record is not None]
        for record in records:
            if index and record.part != NETWORK:
                assert any(since.get(one, NEVER) <= record.time_us for one in whom(record))


@pytest.mark.parametrize("act", ACTS)
def test_what_is_called_the_same_is_the_same_to_the_last_field(act: str, world: World) -> None:
    _, comparison = beside(world, ACTS[act], later_ms=400)
    same = 0
    for number in range(comparison.shared, len(comparison.left.branch)):
        there = comparison.partner(Kind.LEFT, number)
        if comparison.of_event(Kind.LEFT, number) is None and there is not None:
            here = comparison.left.branch[number]
            assert content(here) == content(comparison.right.branch[there])
            same += 1
    assert same > 10


@pytest.mark.parametrize("act", ACTS)
def test_every_difference_traces_back_to_the_act(act: str, world: World) -> None:
    _, comparison = beside(world, ACTS[act], later_ms=400)
    assert len(comparison) > 1
    for index in range(len(comparison)):
        path = chain(comparison, index)
        assert path[-1][0] == 0
        assert path[-1][1].why is Why.ACT
        assert all(later > earlier for (later, _), (earlier, _) in pairwise(path))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dropped_answer_to_a_heartbeat_makes_two_differences_and_no_more(seed: int) -> None:
    world = led_by(1, seed=seed)
    while not any(flight.source == 3 for flight in world.flights.values()):
        world.step()
    _, comparison = beside(world, "drop message S3 -> *", later_ms=2_000)
    left = [comparison.records(index)[0] for index in range(len(comparison))]
    right = [comparison.records(index)[1] for index in range(len(comparison))]
    assert [type(record.event).__name__ for record in right if record] == ["Acted", "Lost"]
    (arrival,) = [record for record in left if record]
    assert isinstance(arrival.event, Delivered)
    assert arrival.event.flight.source == 3
