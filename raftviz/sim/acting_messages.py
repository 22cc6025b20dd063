"""What acts do to messages in flight: drop, deliver, delay, duplicate."""

import attrs

from raftviz.sim import acts
from raftviz.sim.acting_network import record
from raftviz.sim.events import Acted
from raftviz.sim.targets import find_flight
from raftviz.sim.world import CUT_PLACE, World


def drop(world: World, act: acts.Drop) -> None:
    """Carry out ``acts.Drop``."""
    flight = find_flight(world, act.choice)
    record(world, Acted(act), world.network)
    del world.flights[flight.id]
    world.lose(attrs.evolve(flight, lost_us=world.time_us, lost_why="dropped"), "dropped")


def deliver(world: World, act: acts.Deliver) -> None:
    """Carry out ``acts.Deliver``."""
    flight = find_flight(world, act.choice)
    record(world, Acted(act), world.network)
    del world.flights[flight.id]
    world.deliver(attrs.evolve(flight, lost_us=None, lost_why="", arrives_us=world.time_us))


def delay(world: World, act: acts.Delay) -> None:
    """Carry out ``acts.Delay``."""
    flight = find_flight(world, act.choice)
    later = attrs.evolve(
        flight,
        since_us=world.time_us,
        progress=flight.position(world.time_us),
        arrives_us=flight.arrives_us + act.by_us,
    )
    if flight.lost_us is not None:  # later, and at the same place
        later = attrs.evolve(later, lost_us=later.time_of(flight.position(flight.lost_us)))
    world.put(later)
    record(world, Acted(act), world.network)


def duplicate(world: World, act: acts.Duplicate) -> None:
    """Carry out ``acts.Duplicate``."""
    flight = find_flight(world, act.choice)
    now = world.time_us
    copy = attrs.evolve(
        flight,
        id=world.new_flight_id(),
        since_us=now,
        progress=flight.position(now),
        # Half a way behind, so that the two are seen apart.
        arrives_us=flight.arrives_us + (flight.arrives_us - flight.sent_us) // 2,
        lost_us=None,
        lost_why="",
    )
    if flight.lost_why == "cut":  # chance may spare the copy, but a cut stops all alike
        copy = attrs.evolve(copy, lost_us=copy.time_of(CUT_PLACE), lost_why="cut")
    world.put(copy)
    record(world, Acted(act), world.network)
