"""What acts do to the rules that all servers follow: one is broken, or whole again."""

import attrs

from raftviz.raft.because import Because, Reason
from raftviz.raft.variants import VARIANTS, with_variant
from raftviz.sim import acts, faults
from raftviz.sim.acting_network import record
from raftviz.sim.events import Acted
from raftviz.sim.targets import InVain
from raftviz.sim.world import World


def switch_on(world: World, act: acts.SwitchOn) -> None:
    """Carry out ``acts.SwitchOn``."""
    try:
        variants = with_variant(world.network.variants, act.variant)
    except ValueError as error:
        raise InVain(str(error)) from error
    _follow(world, act, variants, faults.BREAK_RULE)


def switch_off(world: World, act: acts.SwitchOff) -> None:
    """Carry out ``acts.SwitchOff``."""
    on = world.network.variants
    if act.variant not in on:
        raise InVain(f"“{act.variant}” is not on")
    _follow(world, act, tuple(one for one in on if one != act.variant), faults.MEND_RULE)


def _follow(world: World, act: acts.OnRules, variants: tuple[str, ...], reason: Reason) -> None:
    because = Because(reason, {"why": VARIANTS[act.variant].title})
    record(world, Acted(act), attrs.evolve(world.network, variants=variants), (because,))
