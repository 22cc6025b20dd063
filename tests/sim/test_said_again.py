"""What the history keeps of an act can be said, and gives the same when it is said again there.

A saved session is nothing but such words, so every act must mean the same at the same position:
also a click, which names one of several messages that words cannot tell apart by kind and link.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftviz.checks.random_runs import run_random
from raftviz.raft.messages import AppendEntriesRequest, ClientRequest
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.acts import Choice
from raftviz.sim.events import Acted
from raftviz.sim.history import Record
from raftviz.sim.network import Flight
from raftviz.sim.trace import trace_hash
from raftviz.sim.vocabulary import act_from_text, act_to_text
from raftviz.sim.world import World
from tests.sim.worlds import a_world, do, flights, led_by, said_again


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_a_history_whose_acts_are_said_again_is_the_same(seed: int) -> None:
    first = run_random(seed, 60).history
    again = said_again(first.root, first)
    assert list(again.root.records()) == list(first.root.records())
    assert trace_hash(again) == trace_hash(first)


def alike() -> World:
    """A leader on a slow network: two heartbeats of the same kind on each link."""
    world = led_by(1)
    do(world, "latency 400ms")
    while len(flights(world, AppendEntriesRequest, 1, 2)) < 3:
        world.step()
    return world


def clicked(flight: Flight, kind: str = "AppendEntries") -> Choice:
    """The choice that a click on a message makes."""
    return Choice(kind, flight.source, flight.target, id=flight.id)


def act_of(record: Record) -> acts.Act:
    """The act as the history has it."""
    assert isinstance(record.event, Acted)
    return record.event.act


@pytest.mark.parametrize(("place", "nth"), [(0, ""), (1, "2nd "), (2, "3rd ")])
def test_a_click_is_kept_in_words_that_mean_the_same_of_several_alike(place: int, nth: str) -> None:
    world = alike()
    flight = flights(world, AppendEntriesRequest, 1, 2)[place]
    act = act_of(perform(world, acts.Drop(clicked(flight))))
    assert act_to_text(act) == f"drop {nth}AppendEntries S1 -> S2"
    assert flight.id not in world.flights


def test_an_act_in_words_is_kept_with_the_flight_it_meant() -> None:
    world = alike()
    flight = flights(world, AppendEntriesRequest, 1, 2)[1]
    act = act_of(do(world, "duplicate 2nd Heartbeat leader -> S2"))
    assert act == acts.Duplicate(Choice("Heartbeat", "leader", 2, 2, flight.id))


def test_a_click_that_came_too_late_is_kept_in_words_that_mean_no_other_message() -> None:
    world = alike()
    first, *others = flights(world, AppendEntriesRequest, 1, 2)
    while first.id in world.flights:
        world.step()
    left = len(flights(world, AppendEntriesRequest, 1, 2))
    act = act_of(perform(world, acts.Drop(clicked(first))))
    assert act == acts.Drop(Choice("AppendEntries", 1, 2, left + 1))
    assert all(flight.id in world.flights for flight in others)


def test_a_click_that_came_too_late_may_have_named_a_role_that_nobody_has() -> None:
    world = a_world(3)
    act = act_of(perform(world, acts.Drop(Choice("message", "leader", 2, id=99))))
    assert act == acts.Drop(Choice("message", "leader", 2))


def test_the_messages_of_a_tenth_client_can_be_named() -> None:
    world = led_by(1)
    for number in range(12):
        do(world, f"request x={number} to S1")
    (flight,) = flights(world, ClientRequest, -12)
    act = act_of(perform(world, acts.Drop(clicked(flight, "ClientRequest"))))
    assert act_from_text(act_to_text(act), 5) == acts.Drop(Choice("ClientRequest", -12, 1))
