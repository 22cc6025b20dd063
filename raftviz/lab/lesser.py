"""What is less than a plan: with a server less, an act that says less, a setting that is usual."""

from collections.abc import Iterator

import attrs

from raftviz.lab.plans import Plan, Step
from raftviz.raft.cluster import Options
from raftviz.sim import acts
from raftviz.sim.acts import Act, Target
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms

_PLAIN_LATENCY = ms(10), ms(10)
_PACES = (10, 5, 3, 7, 15, 20)
"""How fast acts follow each other when messages have another speed: tenths."""

_LUCK = 6
"""How many seeds are tried."""

_NO_DISK = 0, 0
_TIMERS = Settings()
_USUAL = Options()
_OPTIONS = [field.name for field in attrs.fields(Options) if field.init and field.name != "machine"]


def without_server(plan: Plan, server: int) -> Plan:
    """The plan in a cluster that lacks this server; the later ones move up a number."""
    steps = []
    for step in plan.steps:
        act = _without(step.act, server)
        if act is not None:
            steps.append(Step(step.at_us, act))
    settings = attrs.evolve(plan.settings, servers=plan.settings.servers - 1)
    return attrs.evolve(plan, settings=settings, steps=tuple(steps))


def _without(act: Act, server: int) -> Act | None:
    if isinstance(act, acts.Partition):
        groups = (tuple(one for one in group if one != server) for group in act.groups)
        act = acts.Partition(tuple(group for group in groups if group))
        if not act.groups:
            return None
    elif server in acts.targets_of(act):
        return None
    return acts.with_targets(act, lambda target: _moved_up(target, server))


def _moved_up(target: Target, server: int) -> Target:
    return target - 1 if isinstance(target, int) and target > server else target


def with_other_luck(plan: Plan) -> Iterator[Plan]:
    """The plan, and the same under other seeds, where chance has a part in how long messages take."""
    yield plan
    low, high = plan.settings.latency_us
    for seed in range(_LUCK if high > low else 0):
        yield attrs.evolve(plan, settings=attrs.evolve(plan.settings, seed=seed))


def steadier(plan: Plan) -> Iterator[Plan]:
    """The plan with every message as slow as every other, at one pace or another."""
    if plan.settings.latency_us == _PLAIN_LATENCY:
        return
    settings = attrs.evolve(plan.settings, latency_us=_PLAIN_LATENCY)
    for tenths in _PACES:
        steps = tuple(Step(_paced(step.at_us, tenths), step.act) for step in plan.steps)
        yield Plan(settings, steps, _paced(plan.end_us, tenths) + ms(50), plan.waits)


def _paced(time_us: int, tenths: int) -> int:
    return time_us * tenths // 10_000 * 1_000


def simpler(plan: Plan) -> Iterator[Plan]:
    """The plan with one act simpler."""
    for at, step in enumerate(plan.steps):
        for act in _simpler_acts(step.act):
            steps = (*plan.steps[:at], Step(step.at_us, act), *plan.steps[at + 1 :])
            yield attrs.evolve(plan, steps=steps)


def _simpler_acts(act: Act) -> Iterator[Act]:
    """Each leads to fewer ideas: a message that is lost is simpler than one that is held up."""
    if isinstance(act, acts.Tear | acts.Pause):
        yield acts.Crash(act.target)
    elif isinstance(act, acts.Cut) and act.both:
        yield acts.Cut(act.source, act.target)
    if isinstance(act, acts.Hold | acts.Delay):
        yield acts.Drop(act.choice)
    if isinstance(act, acts.OnMessage) and act.choice.nth > 1:
        yield attrs.evolve(act, choice=attrs.evolve(act.choice, nth=1))


def usual(plan: Plan) -> Iterator[Plan]:
    """The plan with one setting as it usually is, or as plain as it can be."""
    settings, options = plan.settings, plan.settings.options
    if settings.disk_us != _NO_DISK:
        yield attrs.evolve(plan, settings=attrs.evolve(settings, disk_us=_NO_DISK))
    slow = settings.election_timeout_us != _TIMERS.election_timeout_us
    if slow and (plan.waits or plan.end_us < _TIMERS.election_timeout_us[0]):
        # Behind that, timers would do what now are acts.
        quick = attrs.evolve(
            settings,
            election_timeout_us=_TIMERS.election_timeout_us,
            heartbeat_us=_TIMERS.heartbeat_us,
        )
        yield attrs.evolve(plan, settings=quick)
    for name in _OPTIONS:
        if getattr(options, name) != getattr(_USUAL, name):
            plainer = attrs.evolve(options, **{name: getattr(_USUAL, name)})
            yield attrs.evolve(plan, settings=attrs.evolve(settings, options=plainer))
    if options.machine != _USUAL.machine:
        yield _on_a_map(plan)


def _on_a_map(plan: Plan) -> Plan:
    """The plan on the usual state machine: each command another value of x."""
    options = attrs.evolve(plan.settings.options, machine=_USUAL.machine)
    steps = []
    for number, step in enumerate(plan.steps, 1):
        act = step.act
        if isinstance(act, acts.Request):
            act = attrs.evolve(act, command=f"x={number}")
        steps.append(Step(step.at_us, act))
    settings = attrs.evolve(plan.settings, options=options)
    return attrs.evolve(plan, settings=settings, steps=tuple(steps))
