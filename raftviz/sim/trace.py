"""Events in words: one line each, for golden files, and the hash over all of them.

A trace holds everything that the algorithm and the world decided, so two runs with one hash are one
run. Lines depend on values alone: never on hash order, identity or the process.
"""

import hashlib
from collections.abc import Iterator

from raftviz.raft.because import Because
from raftviz.raft.log import Entry
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    ClientResponse,
    InstallSnapshotRequest,
    InstallSnapshotResponse,
    Message,
    NotLeader,
    RequestVoteRequest,
    message_name,
)
from raftviz.raft.names import name
from raftviz.raft.server import Candidate, Leader, Server, role_name
from raftviz.sim.events import Delivered, Event, Lost, Noted, TimedOut, Woke, Wrote
from raftviz.sim.history import Branch, History, Record
from raftviz.sim.host import Host
from raftviz.sim.network import Flight
from raftviz.sim.units import US_PER_MS
from raftviz.sim.vocabulary import act_to_text


def command_text(entry: Entry) -> str:
    """An entry's command, or ``no-op``."""
    return "no-op" if entry.command is None else entry.command.text


def message_text(message: Message) -> str:
    """A message in one line: its type and the fields that matter."""
    return f"{message_name(message)} {_fields(message)}"


def _fields(message: Message) -> str:  # noqa: PLR0911 - a line a kind
    if isinstance(message, RequestVoteRequest):
        return f"term={message.term} last={message.last_log_index}:{message.last_log_term}"
    if isinstance(message, AppendEntriesRequest):
        entries = ",".join(f"{e.index}:{e.term}:{command_text(e)}" for e in message.entries)
        return (
            f"term={message.term} prev={message.prev_log_index}:{message.prev_log_term} "
            f"entries=[{entries}] commit={message.leader_commit}"
        )
    if isinstance(message, AppendEntriesResponse):
        if message.success:
            return f"term={message.term} yes match={message.match_index}"
        return f"term={message.term} no conflict={message.conflict_index}:{message.conflict_term}"
    if isinstance(message, InstallSnapshotRequest):
        last = f"{message.last_included_index}:{message.last_included_term}"
        size = f"{message.offset}+{len(message.data)}{' done' if message.done else ''}"
        return f"term={message.term} last={last} data={size}"
    if isinstance(message, InstallSnapshotResponse):
        state = "installed" if message.installed else f"has={message.offset}"
        return f"term={message.term} last={message.last_included_index} {state}"
    if isinstance(message, ClientRequest):
        return f"#{message.command.serial} {message.command.text}"
    if isinstance(message, ClientResponse):
        return f"#{message.serial} {message.result}"
    if isinstance(message, NotLeader):
        return f"#{message.serial} leader={name(message.leader_id)}"
    return f"term={message.term} {'yes' if message.vote_granted else 'no'}"


def event_text(event: Event) -> str:  # noqa: PLR0911 - a line a kind
    """What happened, in one line."""
    if isinstance(event, Delivered):
        return f"{'waits' if event.waits else 'deliver'} {_flight(event.flight)}"
    if isinstance(event, Lost):
        return f"lost ({event.why}) {_flight(event.flight)}"
    if isinstance(event, TimedOut):
        return f"timer {name(event.server)}"
    if isinstance(event, Wrote):
        return f"disk {name(event.server)}{' (failed)' if event.failed else ''}"
    if isinstance(event, Woke):
        return f"{'client' if event.address < 0 else 'batch'} {name(event.address)}"
    if isinstance(event, Noted):
        return f"note {name(event.address)} {event.text}".rstrip()
    note = f" (in vain: {event.note})" if event.note else ""
    return f"act {act_to_text(event.act)}{note}"


def _flight(flight: Flight) -> str:
    ends = f"{name(flight.source)} -> {name(flight.target)}"
    return f"{ends} {message_text(flight.message)}"


def server_text(server: Server) -> str:
    """A server's state in one line."""
    role = server.role
    vote = name(server.voted_for) if server.voted_for else "-"
    text = (
        f"{name(server.id)} {role_name(server)} term={server.current_term} vote={vote} "
        f"log={server.log.last_index}:{server.log.last_term} "
        f"commit={server.commit_index} applied={server.last_applied}"
    )
    if server.log.snapshot_index:
        text += f" snapshot={server.log.snapshot_index}:{server.log.snapshot_term}"
    if isinstance(role, Candidate):
        text += " votes=" + ",".join(name(voter) for voter in sorted(role.granted))
    elif isinstance(role, Leader):
        text += " match=" + ",".join(f"{name(s)}:{m}" for s, m in sorted(role.match_index.items()))
    return text


def record_lines(record: Record) -> Iterator[str]:
    """A record in words: when and what, then what it changed, then each reason."""
    ms, us = divmod(record.time_us, US_PER_MS)
    yield f"{ms:6d}.{us:03d} {event_text(record.event)}"
    before, after = record.before, record.after
    if isinstance(after, Host) and isinstance(before, Host):
        if after.status is not before.status:
            yield f"           {name(after.id)} is {after.status.value}"
        if after.server is not before.server:
            yield f"           {server_text(after.server)}"
    for because in record.because:
        yield f"           {_because(because)}"


def _because(because: Because) -> str:
    return f"{because.reason.section}: {because.sentence}"


def trace_lines(branch: Branch, first: int = 0, last: int | None = None) -> Iterator[str]:
    """The events of a branch in words."""
    for record in branch.records(first, last):
        yield from record_lines(record)


def trace_hash(history: History) -> str:
    """SHA-256 over every event of every branch, in hexadecimal."""
    digest = hashlib.sha256()
    for branch in history.branches:
        digest.update(f"branch {branch.name} {branch.fork}\n".encode())
        for line in trace_lines(branch, branch.fork):
            digest.update(line.encode())
            digest.update(b"\n")
    return digest.hexdigest()
