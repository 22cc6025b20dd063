"""A server as a line tells it: what everybody asks first, and of all else what has changed."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Set
from typing import Any

from raftviz.raft.machine import Replica
from raftviz.raft.server import (
    Candidate,
    Flow,
    Follower,
    Incoming,
    Leader,
    Persistent,
    Role,
    Server,
    Snapshot,
    role_name,
)
from raftviz.sim.host import Host, Status, Write
from raftviz.sim.partly import OF_ROLES
from raftviz.sim.recording.drafts import Recall
from raftviz.sim.recording.entries import entries_out
from raftviz.sim.recording.fields import Json
from raftviz.sim.recording.hosts_in import after_crash
from raftviz.sim.recording.logs import ReadLog, log_out, whole_log_out
from raftviz.sim.recording.messages import message_out
from raftviz.sim.recording.names import Names
from raftviz.sim.recording.others import when
from raftviz.sim.recording.roles_in import FRESH
from raftviz.sim.units import NEVER

Told = dict[str, Json]


def host_out(before: Host, after: Host, recall: Recall) -> Told:
    """What a line tells of ``after`` to whoever knows ``before``."""
    told = _first(after, recall.names)
    if after.server is not before.server and after.server == before.server:
        told["anew"] = True
    if after.status is Status.CRASHED and before.status is not Status.CRASHED:
        before = after_crash(before, recall)
    _log(told, before, after, recall.names)
    if before.server is not after.server or before.unknown != after.unknown:
        _role(told, before, after, recall.names)
        _machine(_Changes(told, before.unknown, after.unknown), before.server, after.server, recall)
    if before.disk is not after.disk or before.unknown != after.unknown:
        _disk(_Changes(told, before.unknown, after.unknown), before, after, recall.names)
    _host(_Changes(told, before.unknown, after.unknown), before, after)
    if after.unknown:
        told |= dict.fromkeys(
            key for field, key in _NULLED.items() if field in after.unknown - before.unknown
        )
    return told


_NULLED = {
    **{
        field: field
        for field in (
            *("status", "role", "current_term", "voted_for", "log", "commit_index"),
            *("last_applied", "leader", "next_index", "match_index", "machine", "durable", "timer"),
        )
    },
    "votes": "granted",
}
"""Where a line says ``null`` of what is no longer known."""


class _Changes:
    """Tells what is another value now, or is known only now; and nothing of what is not known."""

    def __init__(self, told: Told, was_unknown: Set[str], is_unknown: Set[str]) -> None:
        self.told = told
        self.was_unknown = was_unknown
        self.is_unknown = is_unknown

    def tell(
        self,
        key: str,
        old: Any,
        new: Any,
        write: Callable[[Any], Json] = lambda value: value,
        field: str = "",
    ) -> None:
        """Tell ``new``, if ``field`` is known (it always is if it has no name) and ``old`` was not it."""
        if field in self.is_unknown:
            return
        if field in self.was_unknown or (old is not new and old != new):
            self.told[key] = write(new)

    def tell_changed(
        self,
        key: str,
        old: Mapping[Any, Any],
        new: Mapping[Any, Any],
        write: Callable[[Any, Any], tuple[str, Json]],
        field: str = "",
    ) -> None:
        """Like ``tell``, for a mapping of which only the changed items are told."""
        if field in self.is_unknown:
            return
        if field in self.was_unknown:
            old = {}
        elif old is new:
            return
        changed = {k: v for k, v in new.items() if k not in old or old[k] != v}
        gone = {write(k, v)[0]: None for k, v in old.items() if k not in new}
        if changed or gone or field in self.was_unknown:
            self.told[key] = {**dict(write(k, v) for k, v in changed.items()), **gone}


def _first(host: Host, names: Names) -> Told:
    """What every line tells of a server, as far as it is known."""
    server, unknown = host.server, host.unknown
    told: Told = {
        "status": host.status.value,
        "role": role_name(server),
        "current_term": server.current_term,
        "voted_for": names.of(server.voted_for),
        "last_log_index": server.log.last_index,
        "last_log_term": server.log.last_term,
        "commit_index": server.commit_index,
        "last_applied": server.last_applied,
    }
    if unknown:
        hidden = unknown | {"last_log_index", "last_log_term"} if "log" in unknown else unknown
        told = {field: value for field, value in told.items() if field not in hidden}
    return told


def _log(told: Told, before: Host, after: Host, names: Names) -> None:
    old, new = _read_log(before), _read_log(after)
    if new is None:
        return
    durable = before.disk.durable.log
    if old is not None and new.log is durable and old.log is not durable and not new.hidden:
        told["log"] = "durable"  # what a crash left, however much that is
        return
    changes = log_out(old, new, names)
    if changes is not None:
        told["log"] = changes


def _read_log(host: Host) -> ReadLog | None:
    if "log" in host.unknown:
        return None
    return ReadLog(host.server.log, "entries" in host.unknown)


# The role


def _role(told: Told, before: Host, after: Host, names: Names) -> None:
    if "role" in after.unknown:
        return
    old: Role = before.server.role
    new, was_unknown = after.server.role, before.unknown
    if "role" in was_unknown or type(old) is not type(new):
        old, fresh = FRESH[role_name(after.server)]
        was_unknown = (was_unknown - frozenset(OF_ROLES)) | frozenset(fresh)
    changes = _Changes(told, was_unknown, after.unknown)
    if isinstance(new, Follower) and isinstance(old, Follower):
        changes.tell("leader", old.leader_id, new.leader_id, names.of, "leader")
        changes.tell("incoming", old.incoming, new.incoming, _incoming)
    elif isinstance(new, Candidate) and isinstance(old, Candidate):
        servers = lambda voters: [names.of(voter) for voter in sorted(voters)]  # noqa: E731 - for two lines
        changes.tell("granted", old.granted, new.granted, servers, "votes")
        changes.tell("refused", old.refused, new.refused, servers)
    elif isinstance(new, Leader) and isinstance(old, Leader):
        named = lambda server, value: (names.of(server), value)  # noqa: E731 - for two lines
        changes.tell_changed("next_index", old.next_index, new.next_index, named, "next_index")
        changes.tell_changed("match_index", old.match_index, new.match_index, named, "match_index")
        changes.tell_changed("flow", old.flow, new.flow, lambda s, flow: (names.of(s), _flow(flow)))
        changes.tell("batched", old.batched, new.batched)


def _incoming(incoming: Incoming | None) -> Json:
    if incoming is None:
        return "none"
    return {
        "last_included_index": incoming.last_included_index,
        "last_included_term": incoming.last_included_term,
        "text": incoming.text,
    }


def _flow(flow: Flow) -> Told:
    told: Told = {
        "in_flight": list(flow.in_flight),
        "start": flow.start,
        "overdue": flow.overdue,
        "probing": flow.probing,
        "offset": flow.offset,
    }
    return {field: value for field, value in told.items() if value}


# The state machine


def _machine(changes: _Changes, before: Server, after: Server, recall: Recall) -> None:
    names = recall.names
    old, new = before.replica, after.replica
    if old is not new or "machine" in changes.was_unknown:
        if "machine" in changes.was_unknown:
            old = recall.blank
        changes.tell_changed("machine", old.values, new.values, lambda k, v: (k, v), "machine")
        if "machine" not in changes.is_unknown:
            changes.tell_changed("sessions", old.sessions, new.sessions, _said(names))
        changes.tell("machine_fails", old.fails, new.fails)
    changes.tell(
        "snapshot",
        before.snapshot,
        after.snapshot,
        lambda snapshot: _snapshot(snapshot, new, names),
    )


def _said(names: Names) -> Callable[[int, tuple[int, str]], tuple[str, Json]]:
    return lambda client, said: (names.of(client), list(said))


def _snapshot(snapshot: Snapshot | None, replica: Replica, names: Names) -> Json:
    if snapshot is None:
        return "none"
    told: Told = {
        "last_included_index": snapshot.last_included_index,
        "last_included_term": snapshot.last_included_term,
        "machine": "same",
    }
    if snapshot.replica != replica:
        said = _said(names)
        sessions = snapshot.replica.sessions
        told["machine"] = dict(snapshot.replica.values)
        told["sessions"] = dict(said(client, sessions[client]) for client in sessions)
    return told


# The disk


def _disk(changes: _Changes, before: Host, after: Host, names: Names) -> None:
    old, new = before.disk, after.disk
    memory = after.server.persistent

    def durable(persistent: Persistent) -> Json:
        if old.writes and persistent is old.writes[0].persistent and persistent != memory:
            return "oldest write"
        return _copy(persistent, after, names)

    changes.tell("durable", old.durable, new.durable, durable, "durable")
    changes.tell(
        "writes", old.writes, new.writes, lambda writes: _writes(old.writes, writes, after, names)
    )
    changes.tell("image", old.image, new.image, _image)
    changes.tell("disk_full", old.full, new.full)
    changes.tell("disk_fails", old.fails, new.fails)


def _copy(persistent: Persistent, host: Host, names: Names) -> Json:
    server = host.server
    if persistent == server.persistent:
        return "all"
    log = persistent.log
    told: Told = {
        "current_term": persistent.current_term,
        "voted_for": names.of(persistent.voted_for),
    }
    boundary = log.snapshot_index, log.snapshot_term
    if boundary == (server.log.snapshot_index, server.log.snapshot_term):
        same = log.agrees_until(server.log)
        told["log_until"] = same
        if same < log.last_index:
            told["log"] = {
                "from": same + 1,
                "entries": entries_out(log.slice(same + 1, log.last_index), names),
            }
    else:
        told["log"] = whole_log_out(ReadLog(log, hidden=False), names)
    if persistent.snapshot != server.snapshot:
        told["snapshot"] = _snapshot(persistent.snapshot, server.replica, names)
    return told


def _writes(old: tuple[Write, ...], new: tuple[Write, ...], host: Host, names: Names) -> list[Json]:
    places = {id(write): place for place, write in enumerate(old)}
    return [
        places[id(write)] if id(write) in places else _write(write, host, names) for write in new
    ]


def _write(write: Write, host: Host, names: Names) -> Told:
    return {
        "state": _copy(write.persistent, host, names),
        "done_us": write.done_us,
        "cause": write.cause,
        "messages": [
            {"to": names.of(target), **message_out(message, host.id, names)}
            for target, message in write.messages
        ],
    }


def _image(image: bytes | None) -> str:
    return b64encode(image).decode() if image is not None else "none"


# The machine it runs on


def _host(changes: _Changes, before: Host, after: Host) -> None:
    timer = after.timer_us, after.timer_from_us, after.timer_cause
    old = before.timer_us, before.timer_from_us, before.timer_cause
    changes.tell("timer", old, timer, _timer, "timer")
    changes.tell("backlog", before.backlog, after.backlog, lambda mail: [f.id for f in mail])
    changes.tell("batch_us", before.batch_us, after.batch_us, when)
    changes.tell("refuses", before.refuses, after.refuses)


def _timer(timer: tuple[int, int, int]) -> Json:
    until, since, cause = timer
    if timer == (NEVER, 0, -1):
        return "none"
    return {"from_us": since, "until_us": when(until), "cause": cause}
