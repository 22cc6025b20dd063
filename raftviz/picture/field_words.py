"""What a field of a server, a client or the network holds, in a word or two."""

from collections.abc import Callable, Mapping
from typing import Any

from raftviz.compare.fields import ENTRY, RULES, Field
from raftviz.raft.log import Entry, Log
from raftviz.raft.machine import Replica
from raftviz.raft.names import Address, name, names
from raftviz.raft.server import Flow, Incoming, Snapshot
from raftviz.sim.client import Operation
from raftviz.sim.history import NETWORK
from raftviz.sim.host import Status
from raftviz.sim.network import Quality
from raftviz.sim.trace import command_text
from raftviz.sim.units import NEVER, in_ms

NOTHING = "none"

_ADDRESSES = frozenset({"voted_for", "leader", "vote on disk"})
_INSTANTS = frozenset({"times out", "sends its batch", "wake_us", "next_us"})
_FIELDS = {
    "times out": "timer runs out",
    "wake_us": "loses patience",
    "next_us": "next request",
    "every_us": "asks every",
    "operation": "request",
    "last_result": "last answer",
    "writes": "writes under way",
    "cuts": "cut links",
    "groups": "partition",
    "flow": "unanswered appends",
    "variants": "the broken rule",
}


def part_words(part: Address) -> str:
    """Whose field it is."""
    return "the network" if part == NETWORK else name(part)


def whose_words(part: Address, field: Field) -> str:
    """Whose field it is; all servers follow one set of rules."""
    return "all servers" if field == RULES else part_words(part)


def field_words(field: Field) -> str:
    """A field's name as people read it: ``match_index of S2``, ``entry 4``."""
    if field.name == ENTRY:
        return f"entry {field.of}"
    words = _FIELDS.get(field.name, field.name)
    return f"{words} of {name(field.of)}" if field.of else words


def value_words(field: Field, value: object) -> str:
    """A value in a field, short."""
    if value is None or value in ("", ()):
        return NOTHING
    if isinstance(value, int) and not isinstance(value, bool):
        return _number_words(field.name, value)
    words = next((words for kind, words in _WORDS.items() if isinstance(value, kind)), None)
    return words(value) if words is not None else "something else"


def _number_words(field: str, value: int) -> str:
    if field in _ADDRESSES:
        return name(value)
    if field in _INSTANTS:
        return f"{in_ms(value):,.1f} ms" if value < NEVER else "never"
    return f"{in_ms(value):g} ms" if field.endswith("_us") else str(value)


def _log_words(log: Log) -> str:
    if not log.last_index:
        return "empty"
    begins = f"snapshot to {log.snapshot_index}, " if log.snapshot_index else ""
    return f"{begins}to entry {log.last_index}, last of term {log.last_term}"


def _pairs(values: Mapping[str, str]) -> str:
    shown = [f"{key}={value}" for key, value in sorted(values.items())]
    return " ".join(shown[:6]) + (" …" if len(shown) > 6 else "") if shown else "empty"


def _quality_words(quality: Quality) -> str:
    low, high = (in_ms(us) for us in quality.latency_us)
    return f"{low:g}–{high:g} ms, loses {quality.loss:.0%}"


_WORDS: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "yes" if value else "no",
    str: str,
    Status: lambda status: status.value,
    frozenset: lambda group: (
        names(group) if group and isinstance(next(iter(group)), int) else "some"
    ),
    Entry: lambda entry: f"{command_text(entry)} (term {entry.term})",
    Log: _log_words,
    Replica: lambda replica: _pairs(replica.values),
    Snapshot: lambda snapshot: f"up to entry {snapshot.last_included_index}",
    Incoming: lambda incoming: f"up to entry {incoming.last_included_index}",
    Operation: lambda operation: f"{operation.command.text}, to {name(operation.asked)}",
    Flow: lambda flow: str(len(flow.in_flight)),
    Quality: _quality_words,
    bytes: lambda data: f"{len(data)} bytes",
    tuple: lambda several: ", ".join(several) if isinstance(several[0], str) else str(len(several)),
}
