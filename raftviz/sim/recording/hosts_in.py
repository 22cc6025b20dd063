"""A server after a line: what the line tells is changed, all else stays as it was.

What has never been told is unknown, and ``null`` makes something unknown again. A change of role or
term and a crash make unknown what they take away, unless the same line tells it.
"""

from collections.abc import Callable, Mapping

import attrs

from raftviz.raft.log import Log
from raftviz.sim.host import Host, Status
from raftviz.sim.network import Flight
from raftviz.sim.partly import PartlyKnownHost
from raftviz.sim.recording import disks_in, roles_in
from raftviz.sim.recording.drafts import Draft, Recall
from raftviz.sim.recording.fields import (
    Json,
    Wrong,
    each,
    get,
    integer,
    known_keys,
    line_of_text,
    log_index,
    mapping,
    need,
    one_of,
    shown,
    truth,
)
from raftviz.sim.recording.logs import ReadLog, log_in
from raftviz.sim.recording.schema import STATUSES
from raftviz.sim.units import NEVER

Change = Callable[[Draft, Json], None]

_STATUS = {status.value: status for status in Status}
_TIMER = frozenset({"from_us", "until_us", "cause"})
_read_status = one_of(*STATUSES)


def host_in(before: Host, value: Json, recall: Recall) -> Host:
    """The host after a line that tells ``value`` of it."""
    told = mapping(value)
    draft = Draft(before, recall)
    read = 0
    for key, change in CHANGES.items():
        if key in told:
            read += 1
            try:
                change(draft, told[key])
            except Wrong as wrong:
                raise wrong.under(key) from None
    if read < len(told):
        known_keys(told, CHANGES)
    if draft.term != before.server.current_term and "voted_for" not in told:
        draft.unknown.add("voted_for")  # a vote is for one term
        draft.vote = 0
    _check_end_of_log(draft, told)
    return draft.finished()


def seen_up(host: Host) -> Host:
    """The host, once an event is told that only a running server has."""
    if "status" not in host.unknown:
        return host
    assert isinstance(host, PartlyKnownHost)  # only these have unknown fields
    return attrs.evolve(host, unknown=host.unknown - {"status"})


def after_crash(host: Host, recall: Recall) -> Host:
    """The host, if nothing but its crash is told."""
    draft = Draft(host, recall)
    draft.crash()
    return draft.finished()


def _check_end_of_log(draft: Draft, told: Mapping[str, Json]) -> None:
    """Where the log ends may be all that is told of it; else it must be true."""
    if "last_log_index" not in told:
        if "last_log_term" in told:
            raise Wrong("“last_log_index” is missing")
        return
    index = need(told, "last_log_index", log_index)
    term = need(told, "last_log_term", integer) if index else 0
    log = draft.log
    if "log" not in draft.unknown and (log.last_index, log.last_term) == (index, term):
        return
    if "log" in told and told["log"] is not None:
        end = f"entry {log.last_index} of term {log.last_term}"
        raise Wrong(f"the log ends with {end}, as the same line tells", "last_log_index")
    if "log" not in draft.unknown and index < log.last_index and log.term_at(index) == term:
        draft.log = log.truncate_from(index + 1)
        return
    draft.unknown.discard("log")
    draft.read_log = ReadLog(Log((), index, term), hidden=index > 0)


# What is told by itself, and what it is when it is not known


def _status(draft: Draft, value: Json) -> None:
    status = _STATUS[_read_status(value)]
    if status is Status.CRASHED and draft.status is not Status.CRASHED:
        draft.crash()
    draft.status = status


def _term(draft: Draft, value: Json) -> None:
    draft.term = integer(value)


def _vote(draft: Draft, value: Json) -> None:
    draft.vote = draft.recall.names.server_or_nobody(value)


def _log(draft: Draft, value: Json) -> None:
    if value == "durable":
        draft.read_log = ReadLog(draft.durable.log, hidden=False)
    else:
        entries = draft.recall.entries
        entries.nameless = False
        draft.read_log = log_in(draft.read_log, value, entries)
        if entries.nameless:
            draft.unknown.add("clients")


def _commit(draft: Draft, value: Json) -> None:
    draft.commit_index = log_index(value)


def _applied(draft: Draft, value: Json) -> None:
    draft.last_applied = log_index(value)


def _timer(draft: Draft, value: Json) -> None:
    if value == "none":
        draft.timer = NEVER, 0, -1
        return
    told = mapping(value)
    known_keys(told, _TIMER)
    clock = draft.recall.clock
    until, since = need(told, "until_us", clock.alarm), need(told, "from_us", clock.instant)
    draft.timer = until, since, get(told, "cause", lambda it: integer(it, -1), -1)


def _backlog(draft: Draft, value: Json) -> None:
    waiting = {flight.id: flight for flight in draft.before.backlog}
    if draft.recall.arrived is not None:
        waiting[draft.recall.arrived.id] = draft.recall.arrived

    def find(item: Json) -> Flight:
        if type(item) is not int or item not in waiting:
            raise Wrong(f"no message {shown(item)} waits here")
        return waiting[item]

    draft.backlog = each(value, find)


def _batch(draft: Draft, value: Json) -> None:
    draft.batch_us = draft.recall.clock.alarm(value)


def _refuses(draft: Draft, value: Json) -> None:
    draft.refuses = line_of_text(value)


def _anew(draft: Draft, value: Json) -> None:
    draft.anew = truth(value)


def _checked_later(_: Draft, __: Json) -> None:
    """See ``_check_end_of_log``."""


def _set(**values: object) -> Callable[[Draft], None]:
    def reset(draft: Draft) -> None:
        for name, value in values.items():
            setattr(draft, name, value)

    return reset


def _hide_log(draft: Draft) -> None:
    draft.log = Log()
    draft.unknown.discard("entries")


def _may_be_unknown(field: str, change: Change, reset: Callable[[Draft], None]) -> Change:
    """A field that ``null`` makes unknown: it is then as a new server has it."""

    def read(draft: Draft, value: Json) -> None:
        if value is None:
            reset(draft)
            draft.unknown.add(field)
        else:
            change(draft, value)
            draft.unknown.discard(field)

    return read


CHANGES: dict[str, Change] = {
    "status": _may_be_unknown("status", _status, _set(status=Status.UP)),
    "role": _may_be_unknown("role", roles_in.role, roles_in.no_role),
    "current_term": _may_be_unknown("current_term", _term, _set(term=0)),
    "voted_for": _may_be_unknown("voted_for", _vote, _set(vote=0)),
    "log": _may_be_unknown("log", _log, _hide_log),
    "commit_index": _may_be_unknown("commit_index", _commit, _set(commit_index=0)),
    "last_applied": _may_be_unknown("last_applied", _applied, _set(last_applied=0)),
    "leader": _may_be_unknown("leader", roles_in.leader, roles_in.no_leader),
    "incoming": roles_in.incoming,
    "granted": _may_be_unknown("votes", roles_in.granted, roles_in.no_votes),
    "refused": roles_in.refused,
    "next_index": _may_be_unknown("next_index", roles_in.next_index, roles_in.no_next_index),
    "match_index": _may_be_unknown("match_index", roles_in.match_index, roles_in.no_match_index),
    "flow": roles_in.flow,
    "batched": roles_in.batched,
    "machine": _may_be_unknown("machine", disks_in.machine, disks_in.no_machine),
    "sessions": disks_in.sessions,
    "machine_fails": disks_in.machine_fails,
    "snapshot": disks_in.snapshot,
    "durable": _may_be_unknown("durable", disks_in.durable, disks_in.not_durable),
    "writes": disks_in.writes,
    "image": disks_in.image,
    "disk_full": disks_in.disk_full,
    "disk_fails": disks_in.disk_fails,
    "timer": _may_be_unknown("timer", _timer, _set(timer=(NEVER, 0, -1))),
    "backlog": _backlog,
    "batch_us": _batch,
    "refuses": _refuses,
    "anew": _anew,
    "last_log_index": _checked_later,
    "last_log_term": _checked_later,
}
"""Every field of a server, in the order in which they are read: some refer to those before them."""
