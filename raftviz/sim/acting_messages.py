"""What acts do to messages in flight: drop, deliver, hold, release, delay, duplicate."""

import attrs

from raftviz.raft.because import Because
from raftviz.sim import acts, faults
from raftviz.sim.acting_network import record
from raftviz.sim.events import Acted
from raftviz.sim.network import Held
from raftviz.sim.targets import find_flight
from raftviz.sim.world import CUT_PLACE, World


def drop(world: World, act: acts.Drop) -> None:
    """Carry out ``acts.Drop``: the act, which leaves it no more way, and then the loss."""
    now, flight = world.time_us, find_flight(world, act).let_go(world.time_us)
    world.put(attrs.evolve(flight, lost_us=now, lost_why="dropped"))
    record(world, Acted(act), world.network)
    world.lose(world.flights.pop(flight.id), "dropped")


def deliver(world: World, act: acts.Deliver) -> None:
    """Carry out ``acts.Deliver``: the act, which takes it all the way, and then the arrival."""
    now, flight = world.time_us, find_flight(world, act).let_go(world.time_us)
    world.put(
        attrs.evolve(
            flight,
            since_us=now,
            progress=flight.position(now),
            arrives_us=now,
            lost_us=None,
            lost_why="",
        )
    )
    record(world, Acted(act), world.network)
    world.deliver(world.flights.pop(flight.id))


def hold(world: World, act: acts.Hold) -> None:
    """Carry out ``acts.Hold``."""
    world.put(find_flight(world, act).held(world.time_us))
    record(world, Acted(act), world.network, (Because(faults.HOLD, {}),))


def release(world: World, act: acts.Release) -> None:
    """Carry out ``acts.Release``."""
    world.put(find_flight(world, act).let_go(world.time_us))
    record(world, Acted(act), world.network)


def delay(world: World, act: acts.Delay) -> None:
    """Carry out ``acts.Delay``. A held message will take longer when it is let go."""
    now, found = world.time_us, find_flight(world, act)
    flight = found.let_go(now)
    later = attrs.evolve(
        flight,
        since_us=now,
        progress=flight.position(now),
        arrives_us=flight.arrives_us + act.by_us,
    )
    if flight.lost_us is not None:  # later, and at the same place
        later = attrs.evolve(later, lost_us=later.time_of(flight.position(flight.lost_us)))
    world.put(later.held(now) if isinstance(found, Held) else later)
    record(world, Acted(act), world.network)


def duplicate(world: World, act: acts.Duplicate) -> None:
    """Carry out ``acts.Duplicate``. The copy of a held message is not held."""
    now, flight = world.time_us, find_flight(world, act).let_go(world.time_us)
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
