"""The log for ShiViz: it is read as ShiViz reads it, and its clocks say what happened before what."""

import json
import re
from collections.abc import Iterator

import pytest

from raftviz.checks.random_runs import run_random
from raftviz.sim.events import Delivered
from raftviz.sim.history import NETWORK, Branch, History
from raftviz.sim.shiviz import clocks, shiviz_lines
from raftviz.sim.world import World
from tests.sim.worlds import do, led_by, played, run

Parsed = list[tuple[str, dict[str, int]]]


def parsed(history: History) -> dict[str, Parsed]:
    """The executions by name: hosts and clocks, taken apart by the log's own expressions."""
    parser, delimiter, *lines = shiviz_lines(history)
    of_python = [expression.replace("(?<", "(?P<") for expression in (parser, delimiter)]
    text = "\n".join(lines)
    names = re.findall(of_python[1], text, re.MULTILINE)
    texts = re.split(of_python[1].replace("(?P<trace>", "(?:"), text, flags=re.MULTILINE)[1:]
    return {
        name: [(m["host"], json.loads(m["clock"])) for m in re.finditer(of_python[0], part)]
        for name, part in zip(names, texts, strict=True)
    }


def happened_before(branch: Branch) -> dict[int, set[int]]:
    """For each event of a server or client, by its number, all that can have led to it.

    Worked out from what the history records alone: the order at each place, and what each message
    that arrived was sent by.
    """
    before: dict[int, set[int]] = {}
    last: dict[int, int] = {}
    for number, record in enumerate(branch.records()):
        if record.part == NETWORK:
            continue
        event = record.event
        direct = {last[record.part]} if record.part in last else set()
        if isinstance(event, Delivered) and not event.waits:
            direct.add(event.flight.cause)
        before[number] = direct.union(*(before[earlier] for earlier in direct))
        last[record.part] = number
    return before


def numbers(branch: Branch) -> Iterator[int]:
    """The numbers of the events that have a clock."""
    return (n for n, record in enumerate(branch.records()) if record.part != NETWORK)


# As ShiViz reads it


@pytest.mark.parametrize("seed", range(4))
def test_every_clock_is_one_that_shiviz_accepts(seed: int) -> None:
    (events,) = parsed(run_random(seed, 30).history).values()

    counts: dict[str, int] = {}
    for host, clock in events:
        counts[host] = counts.get(host, 0) + 1
        assert clock[host] == counts[host]  # from 1 on, by one each time
    for _, clock in events:
        assert all(1 <= clock[other] <= counts[other] for other in clock)


def test_every_event_of_a_server_or_client_is_in_the_log() -> None:
    history = played("cluster 3 seed=1\nuntil leader\nrequest x=1\nrun 200ms").history
    (events,) = parsed(history).values()

    hosts = [record.part for record in history.root.records() if record.part != NETWORK]
    assert [host for host, _ in events] == [f"S{n}" if n > 0 else f"C{-n}" for n in hosts]


def test_each_branch_is_an_execution_from_the_beginning_on() -> None:
    world = led_by(1)
    fork = len(world.branch) - 5
    other = World.at(world.history, world.branch, count=fork, new_branch="another")
    do(other, "crash S1")
    run(other, 100)

    executions = parsed(world.history)

    assert list(executions) == ["1: main", "2: another"]
    main, another = executions.values()
    shared = sum(record.part != NETWORK for record in world.branch.records(0, fork))
    assert main[:shared] == another[:shared]
    assert main[shared:] != another[shared:]


def test_commands_cannot_break_the_log() -> None:
    history = played('cluster 3 seed=1\nuntil leader\nrequest "=== {} ===" to S1\nrun 90ms').history
    (events,) = parsed(history).values()

    assert len(events) == sum(record.part != NETWORK for record in history.root.records())


# What the clocks say


@pytest.mark.parametrize("seed", range(6))
def test_one_clock_is_before_another_exactly_if_its_event_happened_before(seed: int) -> None:
    branch = run_random(seed, 12).history.root
    before = happened_before(branch)
    stamped = dict(zip(numbers(branch), (clock for _, clock in clocks(branch)), strict=True))

    for number, clock in stamped.items():
        for earlier, other in stamped.items():
            is_before = other != clock and all(clock.get(p, 0) >= n for p, n in other.items())
            assert is_before == (earlier in before[number])


@pytest.mark.parametrize("seed", range(6))
def test_what_the_history_calls_a_cause_happened_before(seed: int) -> None:
    branch = run_random(seed, 12).history.root
    stamped = dict(zip(numbers(branch), (clock for _, clock in clocks(branch)), strict=True))

    for number, clock in stamped.items():
        cause = stamped.get(branch[number].cause)
        event = branch[number].event
        waits = isinstance(event, Delivered) and event.waits
        if cause is not None and not waits:
            assert all(clock.get(process, 0) >= count for process, count in cause.items())
