"""Reading a server's state machine, its snapshot, and what is on its disk or on the way there."""

from base64 import b64decode
from binascii import Error as NoBase64Error

from raftviz.raft.log import Log
from raftviz.raft.messages import Message
from raftviz.raft.names import Address
from raftviz.raft.server import Persistent, Snapshot
from raftviz.sim.host import Write
from raftviz.sim.recording.drafts import Draft
from raftviz.sim.recording.fields import (
    Json,
    Wrong,
    each,
    get,
    integer,
    items,
    known_keys,
    line_of_text,
    log_index,
    mapping,
    need,
    pairs,
    text,
    truth,
)
from raftviz.sim.recording.logs import ReadLog, log_in
from raftviz.sim.recording.schema import MAX_LINE

_SNAPSHOT = frozenset({"last_included_index", "last_included_term", "machine", "sessions"})
_COPY = frozenset({"current_term", "voted_for", "log_until", "log", "snapshot"})
_WRITE = frozenset({"state", "done_us", "cause", "messages"})


# The state machine


def machine(draft: Draft, value: Json) -> None:
    """The values that are others now; ``null`` takes one away."""
    values, sessions, fails = draft.state
    told = mapping(value)
    changed = {key: item for key, item in told.items() if item is not None}
    old = {} if "machine" in draft.unknown else values
    kept = {key: item for key, item in old.items() if key not in told}
    draft.state = {**kept, **_values(changed)}, sessions, fails


def no_machine(draft: Draft) -> None:
    """What it holds is not known."""
    draft.replica = draft.recall.blank


def _values(value: Json) -> dict[str, str]:
    return pairs(value, text, text)


def sessions(draft: Draft, value: Json) -> None:
    """The last answer to each client, if it is another one now; ``null`` takes one away."""
    values, old, fails = draft.state
    told = mapping(value)
    given = {client: said for client, said in told.items() if said is not None}
    gone = {draft.recall.names.client(client) for client, said in told.items() if said is None}
    kept = {client: said for client, said in old.items() if client not in gone}
    draft.state = values, {**kept, **_said(draft, given)}, fails


def _said(draft: Draft, value: Json) -> dict[Address, tuple[int, str]]:
    return pairs(value, draft.recall.names.client, _serial_and_result)


def _serial_and_result(value: Json) -> tuple[int, str]:
    told = items(value)
    if len(told) != 2:
        raise Wrong("a serial number and a result are expected")
    return integer(told[0]), line_of_text(told[1])


def machine_fails(draft: Draft, value: Json) -> None:
    """Whether the next command fails."""
    values, said, _ = draft.state
    draft.state = values, said, truth(value)


def snapshot(draft: Draft, value: Json) -> None:
    """The snapshot that the server keeps."""
    draft.snapshot = _snapshot(draft, value)


def _snapshot(draft: Draft, value: Json) -> Snapshot | None:
    if value == "none":
        return None
    told = mapping(value)
    known_keys(told, _SNAPSHOT)
    index = need(told, "last_included_index", log_index)
    term = need(told, "last_included_term", integer)
    if told.get("machine") == "same":
        return Snapshot(index, term, draft.replica)
    values = need(told, "machine", _values)
    said = get(told, "sessions", lambda it: _said(draft, it), {})
    return Snapshot(index, term, draft.recall.replica(values, said, fails=False))


# The disk


def durable(draft: Draft, value: Json) -> None:
    """What a crash would leave."""
    if value == "oldest write":
        if not draft.before.disk.writes:
            raise Wrong("no write was on its way to the disk")
        draft.durable = draft.before.disk.writes[0].persistent
    else:
        draft.durable = _copy(draft, value)


def not_durable(draft: Draft) -> None:
    """What a crash would leave is not known."""
    draft.durable = Persistent()


def _copy(draft: Draft, value: Json) -> Persistent:
    """What a disk holds or is to hold: what is in memory now, or told by itself."""
    if value == "all":
        return draft.persistent
    told = mapping(value)
    known_keys(told, _COPY)
    same = get(told, "log_until", log_index, 0)
    log = draft.log if same else Log()
    if same < log.snapshot_index:
        raise Wrong(f"the log itself begins behind entry {log.snapshot_index}", "log_until")
    kept = ReadLog(log.truncate_from(same + 1) if same else log, hidden=False)
    read = get(told, "log", lambda it: log_in(kept, it, draft.recall.entries), kept)
    saved = get(told, "snapshot", lambda it: _snapshot(draft, it), draft.snapshot)
    term = need(told, "current_term", integer)
    vote = need(told, "voted_for", draft.recall.names.server_or_nobody)
    return Persistent(term, vote, read.log, saved)


def writes(draft: Draft, value: Json) -> None:
    """What is on its way to the disk, the oldest first."""
    draft.writes = each(value, lambda it: _write(draft, it))


def _write(draft: Draft, value: Json) -> Write:
    if type(value) is int:  # as it was on its way before, at this place
        before = draft.before.disk.writes
        return before[integer(value, 0, len(before) - 1)]
    told = mapping(value)
    known_keys(told, _WRITE)
    return Write(
        need(told, "state", lambda it: _copy(draft, it)),
        need(told, "done_us", draft.recall.clock.instant),
        get(told, "cause", lambda it: integer(it, -1), -1),
        get(told, "messages", lambda it: each(it, lambda one: _waiting(draft, one)), ()),
    )


def _waiting(draft: Draft, value: Json) -> tuple[Address, Message]:
    told = dict(mapping(value))
    target = need(told, "to", draft.recall.names.address)
    del told["to"]
    return target, draft.recall.messages.message(told, draft.id)[0]


def image(draft: Draft, value: Json) -> None:
    """The bytes of a disk that somebody damaged."""
    if value == "none":
        draft.image = None
        return
    try:
        draft.image = b64decode(text(value, MAX_LINE), validate=True)
    except (NoBase64Error, ValueError):
        raise Wrong("the bytes of a disk are expected, in Base64") from None


def disk_full(draft: Draft, value: Json) -> None:
    """Whether nothing more gets onto the disk."""
    draft.full = truth(value)


def disk_fails(draft: Draft, value: Json) -> None:
    """Whether the next write fails."""
    draft.fails = truth(value)
