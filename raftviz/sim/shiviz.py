"""A history as the log that ShiViz reads: each event with the vector clock of its server or client.

A process's clock counts its own events and, of each other process, those it can have heard of. What
arrives brings the clock of the event that sent it. So one event happened before another exactly if
its clock says so. What changes no server and no client (a lost message, a partition) has no place
in such a log.

The first line is the regular expression by which ShiViz takes the log apart, the second the one that
tells branches from each other: each branch is an execution of its own, from the beginning on.
"""

import json
from collections.abc import Iterator, Mapping

from raftviz.raft.names import Address, name
from raftviz.sim.events import Delivered
from raftviz.sim.history import NETWORK, Branch, History, Record
from raftviz.sim.trace import event_text
from raftviz.sim.units import US_PER_MS

PARSER = r"(?<ms>\S+) (?<event>.*)\n(?<why>.*)\n(?<host>\S+) (?<clock>\{.*\})"
"""How ShiViz reads an event: three lines."""

DELIMITER = r"^=== (?<trace>.*) ===$"
"""How ShiViz tells executions from each other, and what it calls them."""

Clock = Mapping[Address, int]


def shiviz_lines(history: History) -> Iterator[str]:
    """The log, line by line, without their ends."""
    yield PARSER
    yield DELIMITER
    for place, branch in enumerate(history.visible, 1):
        # ShiViz knows an execution by its name alone.
        yield f"=== {place}: {' '.join(branch.name.split())} ==="
        for record, clock in clocks(branch):
            ms, us = divmod(record.time_us, US_PER_MS)
            yield f"{ms}.{us:03d} {_on_one_line(event_text(record.event))}"
            yield _on_one_line(" ".join(because.sentence for because in record.because))
            counts = {name(process): count for process, count in sorted(clock.items())}
            yield f"{name(record.part)} {json.dumps(counts)}"


def clocks(branch: Branch) -> Iterator[tuple[Record, Clock]]:
    """Each event of a branch that happens to a server or client, with its vector clock."""
    now: dict[Address, Clock] = {}
    sent: dict[int, Clock] = {}
    for number, record in enumerate(branch.records()):
        part = record.part
        if part == NETWORK:
            continue
        clock = dict(now.get(part, {}))
        event = record.event
        # Mail that waits for a paused server has not been heard yet.
        if isinstance(event, Delivered) and not event.waits:
            for process, count in sent.get(event.flight.cause, {}).items():
                clock[process] = max(clock.get(process, 0), count)
        clock[part] = clock.get(part, 0) + 1
        now[part] = clock
        if record.flights:
            sent[number] = clock
        yield record, clock


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
