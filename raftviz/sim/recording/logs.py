"""A server's log as what changed in it, and the copies of it that are on a disk or on their way there.

``from`` says where the log is another one from now on, and ``entries`` what stands there.
"""

from collections.abc import Mapping
from typing import NamedTuple

from raftviz.raft.log import Log
from raftviz.sim.recording.entries import Entries, entries_out
from raftviz.sim.recording.fields import (
    Json,
    Wrong,
    get,
    integer,
    known_keys,
    log_index,
    mapping,
    need,
)
from raftviz.sim.recording.names import Names
from raftviz.sim.recording.schema import MAX_INDEX

_KEYS = frozenset({"from", "entries", "before_term", "snapshot_index", "snapshot_term"})


class ReadLog(NamedTuple):
    """A log; ``hidden`` when what stands up to its ``snapshot_index`` is not known."""

    log: Log
    hidden: bool


def log_out(old: ReadLog | None, new: ReadLog, names: Names) -> dict[str, Json] | None:
    """What makes ``new`` of ``old``; None when they are equal."""
    if old is None or old.hidden != new.hidden:
        return whole_log_out(new, names)
    before, after = old.log, new.log
    if before is after:
        return None
    boundary = after.snapshot_index, after.snapshot_term
    moved = boundary != (before.snapshot_index, before.snapshot_term)
    agrees = before.term_at(after.snapshot_index) in (None, after.snapshot_term)
    if moved and (new.hidden or after.snapshot_index < before.snapshot_index or not agrees):
        return whole_log_out(new, names)
    told: dict[str, Json] = {}
    kept = before.agrees_until(after)
    # What was stored and compacted in one step is told as well, as far as it is at hand.
    added = after.recall(kept + 1, after.last_index)
    if added and added[0].index != kept + 1:
        return whole_log_out(new, names)
    if added or kept < before.last_index:
        told["from"] = kept + 1
        told["entries"] = entries_out(added, names)
    if moved:
        told["snapshot_index"], told["snapshot_term"] = boundary
    return told or None


def whole_log_out(read: ReadLog, names: Names) -> dict[str, Json]:
    """All of a log."""
    log = read.log
    told: dict[str, Json] = {"from": log.snapshot_index + 1, "entries": entries_out(log, names)}
    if log.snapshot_index:
        told["before_term"] = log.snapshot_term
        if not read.hidden:
            told["snapshot_index"], told["snapshot_term"] = log.snapshot_index, log.snapshot_term
    return told


def log_in(old: ReadLog | None, value: Json, entries: Entries) -> ReadLog:
    """The log after a change; ``old`` is None where nothing was known of it."""
    told = mapping(value)
    known_keys(told, _KEYS)
    found = old
    if "entries" in told or "from" in told:
        found = _spliced(old, told, entries)
    if "snapshot_index" in told:
        index = need(told, "snapshot_index", log_index)
        found = _compacted(found, index, get(told, "snapshot_term", integer, None))
    if found is None:
        raise Wrong("a log is told by its “entries”")
    return found


def _spliced(old: ReadLog | None, told: Mapping[str, Json], entries: Entries) -> ReadLog:
    added = get(told, "entries", entries.entries, ())
    last = old.log.last_index if old is not None else 0
    first = get(told, "from", lambda it: integer(it, 1, MAX_INDEX), 0)
    first = first or (added[0].index if added else last + 1)
    if added and added[0].index != first:
        raise Wrong(f"entry {added[0].index} stands where {first} belongs", "entries", 0, 0)
    if first == 1:
        log = Log() if old is None or old.log.snapshot_index else old.log.truncate_from(1)
        return ReadLog(log.append(added), hidden=False)
    if old is not None and old.log.snapshot_index < first <= last + 1:
        return ReadLog(old.log.truncate_from(first).append(added), old.hidden)
    if "before_term" in told:
        before = need(told, "before_term", integer)
        return ReadLog(Log(added, first - 1, before), hidden=True)
    if not added:
        raise Wrong(f"nothing is known of the entries before {first}; “before_term” is missing")
    # The first of them stands for what is not known before it: its term is all that matters there.
    return ReadLog(Log(added[1:], first, added[0].term), hidden=True)


def _compacted(found: ReadLog | None, index: int, term: int | None) -> ReadLog:
    """The log with a snapshot up to ``index`` in place of its beginning."""
    log = found.log if found is not None else Log()
    known = log.term_at(index)
    if index < log.snapshot_index:
        raise Wrong(f"there is a snapshot up to entry {log.snapshot_index} already")
    if term is None and known is None:
        raise Wrong(f"the log has no entry {index}; “snapshot_term” is missing")
    if term in (None, known):
        return ReadLog(log.compact(index), hidden=False)
    # It took over somebody else's snapshot, and keeps what may follow it.
    return ReadLog(Log(log.slice(index + 1, log.last_index), index, term or 0), hidden=False)
