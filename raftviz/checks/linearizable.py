"""Linearizability: whether what clients heard could come from one machine, one thing at a time.

Each operation must seem to happen at one instant between its call and its answer (§8). Calls and
answers are taken in as they come, and all *worlds* are kept that explain them: a state of the machine,
and which of the open operations have happened in it already, with what result. An operation is let
happen when somebody's answer needs it. No world left: no order explains the answers. An operation
without an answer may have happened or not.

To decide this is exponential in how many operations are open at once. Beyond ``MOST_TRIED`` worlds
for one answer the verdict is that there are too many to tell, and it stays so: it never guesses.

Operations on different keys of a map cannot explain each other, so each key is judged by itself,
which is sound because linearizability is local (Herlihy and Wing, 1990).
"""

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

import attrs

from raftviz.raft.machine import MACHINES
from raftviz.raft.values import value

MOST_TRIED = 2_000
"""Worlds that are looked at for one answer: less than a tenth of a second."""

_State = tuple[tuple[str, str], ...]
"""A machine's values, in order."""


class Verdict(Enum):
    """What can be said of a history."""

    FINE = "linearizable"
    BROKEN = "not linearizable"
    UNKNOWN = "too many to tell"


@value
class _World:
    """A state that may be the true one, and the results of open operations that have happened."""

    state: _State
    happened: frozenset[tuple[int, str]] = frozenset()

    def result_of(self, operation: int) -> str | None:
        return next((result for number, result in self.happened if number == operation), None)

    def without(self, operation: int) -> "_World":
        return _World(self.state, frozenset(h for h in self.happened if h[0] != operation))


@value
class Judged:
    """One part of a machine, as far as its operations are known. ``open`` are commands by number."""

    machine: str
    worlds: frozenset[_World]
    open: Mapping[int, str] = attrs.field(factory=dict)
    verdict: Verdict = Verdict.FINE


def unjudged(machine: str, *, known: bool = True) -> Judged:
    """A part before its first operation; ``known`` says that it began empty."""
    if not known:
        return Judged(machine, frozenset(), verdict=Verdict.UNKNOWN)
    return Judged(machine, frozenset({_World(_state(MACHINES[machine].values))}))


def part_of(machine: str, command: str) -> str:
    """The key that a command of a map speaks of; other machines have one part alone."""
    if machine != "map":
        return ""
    match command.split():
        case ["get" | "del", key] | ["append", key, _] | ["cas", key, _, _]:
            return key
        case [assignment] if "=" in assignment:
            return assignment.partition("=")[0]
    return ""


def called(judged: Judged, operation: int, command: str) -> Judged:
    """Somebody asks; ``operation`` is a number of their own."""
    return attrs.evolve(judged, open={**judged.open, operation: command})


def answered(judged: Judged, operation: int, result: str) -> Judged:
    """An open operation is answered."""
    left = {number: text for number, text in judged.open.items() if number != operation}
    if judged.verdict is not Verdict.FINE:
        return attrs.evolve(judged, open=left)
    after = _explained(judged, operation, result)
    if after is None:
        return Judged(judged.machine, frozenset(), left, Verdict.UNKNOWN)
    verdict = Verdict.FINE if after else Verdict.BROKEN
    return Judged(judged.machine, frozenset(after), left, verdict)


def _explained(judged: Judged, operation: int, result: str) -> set[_World] | None:
    """The worlds in which the operation gave this result; None if there are too many to look at."""
    after: set[_World] = set()
    ahead = list(judged.worlds)
    seen = set(ahead)
    while ahead:
        world = ahead.pop()
        given = world.result_of(operation)
        if given is not None:
            if given == result:
                after.add(world.without(operation))
            continue
        for number, following in _following(judged, world):
            if number != operation:
                if following not in seen:
                    seen.add(following)
                    ahead.append(following)
            elif following.result_of(operation) == result:
                after.add(following.without(operation))
        if len(seen) + len(after) > MOST_TRIED:
            return None
    return after


def _following(judged: Judged, world: _World) -> list[tuple[int, _World]]:
    """The worlds in which one more open operation has happened, with its number."""
    done = {number for number, _ in world.happened}
    worlds = []
    for number, command in judged.open.items():
        if number not in done:
            state, result = _executed(judged.machine, world.state, command)
            worlds.append((number, _World(state, world.happened | {(number, result)})))
    return worlds


@lru_cache(maxsize=16_384)
def _executed(machine: str, state: _State, command: str) -> tuple[_State, str]:
    after, result = MACHINES[machine].restored(dict(state)).execute(command)
    return _state(after.values), result


def _state(values: Mapping[str, str]) -> _State:
    return tuple(sorted(values.items()))
