"""What the rules look like at a moment: which fired just now, which a moment ago, and how often."""

from enum import IntEnum

from raftviz.picture.branch_index import EventIndex
from raftviz.picture.rulebook import RULES, fired
from raftviz.raft.values import value
from raftviz.sim.history import Branch, Moment
from raftviz.sim.units import ms

RECENT_US = ms(40)
"""How long a rule that fired is seen to have fired, in simulated time: a few links' latency."""


class Heat(IntEnum):
    """How long ago a rule fired."""

    COLD = 0
    RECENT = 1
    NOW = 2
    """In the very last event."""


@value
class Standing:
    """One rule at a moment, and how often it has fired."""

    heat: Heat
    times: int


COLD = Standing(Heat.COLD, 0)


def firings(branch: Branch, parent: EventIndex | None) -> EventIndex:
    """The index of a branch's firings, by the ids of the rules."""
    return EventIndex(branch, parent, fired)


def standings(index: EventIndex, moment: Moment) -> dict[str, Standing]:
    """Every rule at a moment; ``index`` is of its branch."""
    return {rule: _standing(index, rule, moment) for rule in RULES}


def _standing(index: EventIndex, rule: str, moment: Moment) -> Standing:
    count = moment.count
    last = index.last(rule, count)
    if last is None:
        return COLD
    heat = Heat.COLD
    if last == count - 1:
        heat = Heat.NOW
    elif moment.branch[last].time_us > moment.time_us - RECENT_US:
        heat = Heat.RECENT
    return Standing(heat, index.how_many(rule, count))


def section_text(section: str) -> str:
    """A section as it stands beside a rule, where there is little room."""
    return section.replace("dissertation ", "diss. ").replace("Figure ", "Fig. ")
