"""What the model will do: it is played ahead on a branch that nobody sees, from where one stands."""

from collections.abc import Mapping

import attrs

from raftviz.sim.history import Branch, History
from raftviz.sim.host import Host
from raftviz.sim.player import Player
from raftviz.sim.statements import Placed, Scenario
from raftviz.sim.world import World
from raftviz.teaching.lesson import Predict

MAX_EVENTS = 50_000
"""Events of one look ahead: a second's work, and far more than a question is about."""


@attrs.frozen
class Truth:
    """The model's answer: an option's place, a server's number or a number; None if there is none.

    It is known at ``time_us``, when ``events`` more have happened.
    """

    value: float | None
    time_us: int
    events: int


def look_ahead(
    history: History,
    branch: Branch,
    count: int,
    time_us: int,
    question: Predict,
    first: tuple[Placed, ...] = (),
    names: Mapping[str, int] | None = None,
) -> Truth:
    """The answer to a question asked behind the first ``count`` events of a branch.

    ``first`` is what the lesson does as soon as it is answered; ``names`` are what servers are called.
    Raises ScriptError if that cannot be done.
    """
    state = history.state_at(branch, count, time_us)
    # The branch is not one of the history's: nothing is left behind of looking.
    aside = Branch(len(history.branches), "ahead", branch, count, time_us)
    world = World.beside(history, aside, state)
    Player(Scenario(history.settings, first), world, dict(names or {}), most=MAX_EVENTS).play()
    end_us = world.time_us + question.within_us
    while not (question.until is not None and question.until.holds(world)):
        if world.next_us() > end_us or len(aside) - count >= MAX_EVENTS:
            world.run_until(min(end_us, world.next_us()))
            break
        world.step()
    return Truth(_answer(question, world), world.time_us, len(aside) - count)


def _answer(question: Predict, world: World) -> float | None:
    if question.options:
        right = [at for at, one in enumerate(question.options) if one.condition.holds(world)]
        return right[0] if len(right) == 1 else None
    assert question.answer is not None
    value = question.answer.evaluate(world)
    if isinstance(value, Host):
        return value.id
    return float(value) if isinstance(value, bool | int | float) else None
