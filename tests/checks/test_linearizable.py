"""Whether one machine, doing one thing at a time, could have told clients what they heard."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.checks.linearizable import (
    MOST_TRIED,
    Judged,
    Verdict,
    answered,
    called,
    part_of,
    unjudged,
)
from raftviz.raft.machine import MACHINES

Step = tuple[int, str] | tuple[int, str, bool]


def judge(machine: str, *steps: str) -> Verdict:
    """``"1? x=1"`` is a call of operation 1, ``"1! ok"`` its answer."""
    judged = unjudged(machine)
    for step in steps:
        number, words = int(step[0]), step[3:]
        judged = (called if step[1] == "?" else answered)(judged, number, words)
    return judged.verdict


def test_one_after_the_other() -> None:
    assert judge("map", "1? x=1", "1! ok", "2? get x", "2! 1") is Verdict.FINE


def test_a_value_that_was_never_written_cannot_be_read() -> None:
    assert judge("map", "1? x=1", "1! ok", "2? get x", "2! 2") is Verdict.BROKEN


def test_what_was_answered_is_not_forgotten() -> None:
    assert judge("map", "1? x=1", "1! ok", "2? get x", "2! ") is Verdict.BROKEN


def test_two_that_overlap_may_have_happened_either_way_round() -> None:
    start = ("1? x=1", "2? x=2", "1! ok", "2! ok", "3? get x")

    assert judge("map", *start, "3! 1") is Verdict.FINE
    assert judge("map", *start, "3! 2") is Verdict.FINE


def test_but_not_both_ways() -> None:
    start = ("1? x=1", "2? x=2", "1! ok", "2! ok", "3? get x", "3! 1", "4? get x")

    assert judge("map", *start, "4! 1") is Verdict.FINE
    assert judge("map", *start, "4! 2") is Verdict.BROKEN


def test_a_read_that_overlaps_a_write_may_see_it_or_not() -> None:
    assert judge("map", "1? x=1", "2? get x", "2! ") is Verdict.FINE
    assert judge("map", "1? x=1", "2? get x", "2! 1") is Verdict.FINE


def test_once_seen_a_write_stays_seen() -> None:
    seen = ("1? x=1", "2? get x", "2! 1", "3? get x")

    assert judge("map", *seen, "3! 1") is Verdict.FINE
    assert judge("map", *seen, "3! ") is Verdict.BROKEN


def test_who_was_never_answered_may_happen_at_any_time_or_never() -> None:
    never = ("1? x=1", "2? x=2", "2! ok", "3? get x", "3! 2", "4? get x")

    assert judge("map", *never, "4! 2") is Verdict.FINE
    assert judge("map", *never, "4! 1") is Verdict.FINE
    assert judge("map", *never, "4! 1", "5? get x", "5! 2") is Verdict.BROKEN


def test_an_increment_counts_once() -> None:
    assert judge("counter", "1? +2", "1! 2", "2? +3", "2! 5") is Verdict.FINE
    assert judge("counter", "1? +2", "1! 4") is Verdict.BROKEN


def test_a_lock_has_one_holder() -> None:
    two = ("1? lock C1", "2? lock C2", "1! ok")

    assert judge("lock", *two, "2! held by C1") is Verdict.FINE
    assert judge("lock", *two, "2! ok") is Verdict.BROKEN


def test_once_broken_it_stays_so() -> None:
    assert judge("counter", "1? +1", "1! 7", "2? +1", "2! 1") is Verdict.BROKEN


def test_too_many_at_once_are_not_guessed_at() -> None:
    many = [f"{n}? +{n}" for n in range(9)]

    assert judge("counter", *many, "8! 36") is Verdict.UNKNOWN
    assert judge("counter", *many, "8! 36", "1? get", "1! 0") is Verdict.UNKNOWN
    assert MOST_TRIED < 100_000


def test_without_a_known_beginning_nothing_can_be_said() -> None:
    assert unjudged("map", known=False).verdict is Verdict.UNKNOWN
    after = answered(called(unjudged("map", known=False), 1, "get x"), 1, "7")
    assert after.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(("command", "part"), [
    ("x=1", "x"), ("x=", "x"), ("get y", "y"), ("del z", "z"), ("append y 1", "y"),
    ("cas y 1 2", "y"), ("what is this", ""), ("", ""),
])  # fmt: skip
def test_a_command_of_a_map_speaks_of_one_key(command: str, part: str) -> None:
    assert part_of("map", command) == part
    assert part_of("counter", command) == ""


# Against a judge who tries every order


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, int, str]]:
    """Calls and answers of up to five operations on one key; answers may be lies."""
    commands = st.sampled_from(["x=1", "x=2", "get x", "append x 1", "cas x 1 2"])
    results = st.sampled_from(["ok", "no", "", "1", "2", "11", "21"])
    operations = draw(st.lists(st.tuples(commands, results, st.booleans()), max_size=5))
    steps: list[tuple[str, int, str]] = []
    for number, (command, result, answers) in enumerate(operations):
        at = draw(st.integers(0, len(steps)))
        steps.insert(at, ("?", number, command))
        if answers:
            steps.insert(draw(st.integers(at + 1, len(steps))), ("!", number, result))
    return steps


def by_every_order(steps: list[tuple[str, int, str]]) -> bool:
    """Whether some order of some of the operations explains all answers."""
    calls = {n: (at, c) for at, (kind, n, c) in enumerate(steps) if kind == "?"}
    answers = {n: (at, r) for at, (kind, n, r) in enumerate(steps) if kind == "!"}
    open_ones = [n for n in calls if n not in answers]
    for size in range(len(open_ones) + 1):
        for extra in permutations(open_ones, size):
            for order in permutations((*answers, *extra)):
                if _explains(order, calls, answers):
                    return True
    return False


def _explains(
    order: tuple[int, ...],
    calls: dict[int, tuple[int, str]],
    answers: dict[int, tuple[int, str]],
) -> bool:
    machine = MACHINES["map"]
    for place, number in enumerate(order):
        if any(n in answers and answers[n][0] < calls[number][0] for n in order[place + 1 :]):
            return False  # somebody later in this order was answered before this one was called
        machine, result = machine.execute(calls[number][1])
        if number in answers and answers[number][1] != result:
            return False
    return True


@given(histories())
def test_it_agrees_with_who_tries_every_order(steps: list[tuple[str, int, str]]) -> None:
    judged: Judged = unjudged("map")
    for kind, number, words in steps:
        judged = (called if kind == "?" else answered)(judged, number, words)

    assert judged.verdict is (Verdict.FINE if by_every_order(steps) else Verdict.BROKEN)
