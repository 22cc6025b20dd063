"""What acts do to the network: partitions, cuts, and how good links are."""

import attrs

from raftviz.raft.because import Because
from raftviz.sim import acts, faults
from raftviz.sim.events import Acted
from raftviz.sim.history import NETWORK
from raftviz.sim.network import Flight, Held, Link, Network, Quality
from raftviz.sim.targets import InVain, resolve
from raftviz.sim.world import CUT_PLACE, World


def record(world: World, event: Acted, network: Network, because: tuple[Because, ...] = ()) -> None:
    """Append the record of an act that concerns the network, or nothing."""
    world.record(event, -1, NETWORK, network, because)


def partition(world: World, act: acts.Partition) -> None:
    """Carry out ``acts.Partition``."""
    groups = [frozenset(resolve(world, t) for t in group) for group in act.groups]
    named = [server for group in groups for server in group]
    if len(named) != len(set(named)):
        raise InVain("a server cannot be on two sides of a partition")
    rest = frozenset(world.hosts) - frozenset(named)
    sides = tuple(group for group in (*groups, rest) if group)
    if len(sides) < 2:
        raise InVain("all servers are on one side")
    because = (Because(faults.PARTITION, {}),)
    _change_network(world, act, attrs.evolve(world.network, groups=sides), because)


def heal(world: World, act: acts.Heal) -> None:
    """Carry out ``acts.Heal``."""
    if not world.network.groups and not world.network.cuts:
        raise InVain("nothing is cut")
    whole = attrs.evolve(world.network, groups=(), cuts=frozenset())
    _change_network(world, act, whole, (Because(faults.HEAL, {}),))


def _directions(world: World, act: acts.Cut | acts.Restore) -> set[Link]:
    source, target = resolve(world, act.source), resolve(world, act.target)
    if source == target:
        raise InVain("a server needs no link to itself")
    return {(source, target), (target, source)} if act.both else {(source, target)}


def cut(world: World, act: acts.Cut) -> None:
    """Carry out ``acts.Cut``."""
    cuts = world.network.cuts | _directions(world, act)
    _change_network(world, act, attrs.evolve(world.network, cuts=cuts))


def restore(world: World, act: acts.Restore) -> None:
    """Carry out ``acts.Restore``."""
    cuts = world.network.cuts - _directions(world, act)
    if cuts == world.network.cuts:
        raise InVain("that link is not cut")
    _change_network(world, act, attrs.evolve(world.network, cuts=cuts))


def _change_network(
    world: World, act: acts.Act, network: Network, because: tuple[Because, ...] = ()
) -> None:
    """Put the new network in place; messages that have not passed the cut yet are stopped there."""
    for flight in tuple(world.flights.values()):
        cut = network.is_cut(flight.source, flight.target)
        changed = _on_its_way(flight, world.time_us, cut=cut)
        if changed is not flight:
            world.put(changed)
    record(world, Acted(act), network, because)


def _on_its_way(flight: Flight, now_us: int, *, cut: bool) -> Flight:
    """The flight as it goes on at ``now_us`` over a link that is cut, or is not."""
    if isinstance(flight, Held):  # what becomes of it is seen when it is let go
        caught = _on_its_way(flight.caught, flight.since_us, cut=cut)
        return flight if caught is flight.caught else attrs.evolve(flight, caught=caught)
    if cut and flight.lost_us is None and flight.position(now_us) < CUT_PLACE:
        stops = max(now_us, flight.time_of(CUT_PLACE))
        return attrs.evolve(flight, lost_us=stops, lost_why="cut")
    if not cut and flight.lost_why == "cut":
        return attrs.evolve(flight, lost_us=None, lost_why="")
    return flight


_QualityAct = acts.SetLoss | acts.SetDuplication | acts.SetReorder | acts.SetLatency


def set_quality(world: World, act: _QualityAct) -> None:
    """Carry out ``acts.SetLoss`` and its like."""
    network = world.network
    if act.link is None:
        quality = _with(network.quality, act)
        links = {link: _with(own, act) for link, own in network.links.items()}
    else:
        a, b = (resolve(world, end) for end in act.link)
        quality = network.quality
        links = {
            **network.links,
            (a, b): _with(network.quality_of(a, b), act),
            (b, a): _with(network.quality_of(b, a), act),
        }
    record(world, Acted(act), attrs.evolve(network, quality=quality, links=links))


def _with(quality: Quality, act: _QualityAct) -> Quality:
    if isinstance(act, acts.SetLoss):
        return attrs.evolve(quality, loss=act.probability)
    if isinstance(act, acts.SetDuplication):
        return attrs.evolve(quality, duplicate=act.probability)
    if isinstance(act, acts.SetReorder):
        return attrs.evolve(quality, reorder=act.probability)
    return attrs.evolve(quality, latency_us=act.latency_us)
