"""What a record shows that later events may be traced to, noted on the tracks of its branch.

Keys are a word and the servers it is about; each note is what is so from that event on.
"""

from raftviz.picture.why.tracks import Tracks
from raftviz.raft.log import Log
from raftviz.raft.server import Candidate, Follower, Leader, Role, Server
from raftviz.sim.client import Client
from raftviz.sim.events import Lost
from raftviz.sim.history import NETWORK, Record
from raftviz.sim.host import Host, Status

FOLLOWER, CANDIDATE, LEADER = range(3)
"""Roles as values of a track."""

STATUSES = tuple(Status)
"""A host's status as the value of a track: its place here."""


_NO_VOTES = Candidate(frozenset())


def role_value(role: Role) -> int:
    """A role as the value of a track."""
    if isinstance(role, Leader):
        return LEADER
    return CANDIDATE if isinstance(role, Candidate) else FOLLOWER


def note(tracks: Tracks, number: int, record: Record) -> None:
    """Note what is new in a record."""
    after, before = record.after, record.before
    if isinstance(after, Host):
        assert isinstance(before, Host)
        if after.server is not before.server:
            _note_server(tracks, number, before.server, after.server)
        if after.status is not before.status:
            tracks.note(("status", record.part), number, STATUSES.index(after.status))
        if after.disk.durable.log is not before.disk.durable.log:
            old, new = before.disk.durable.log, after.disk.durable.log
            _note_log(tracks, number, record.part, old, new, "durable")
    elif isinstance(after, Client):
        _note_client(tracks, number, record, after)
    elif after is not before:
        tracks.note("network", number, NETWORK)
    if isinstance(record.event, Lost):
        flight = record.event.flight
        tracks.note(("lost", flight.target), number, flight.source)
    for flight in record.flights:
        if flight.cause != number:  # sent before, and sent on another way now
            tracks.note(("detour", flight.id), number, flight.id)


def _note_server(tracks: Tracks, number: int, old: Server, new: Server) -> None:
    me = new.id
    moved = new.current_term != old.current_term
    if moved:
        tracks.note(("term", me), number, new.current_term)
    if moved or new.voted_for != old.voted_for:
        tracks.note(("vote", me), number, new.voted_for)
    if moved or new.role is not old.role:
        _note_role(tracks, number, old, new)
    if new.log is not old.log:
        _note_log(tracks, number, me, old.log, new.log, "stored")
    if new.commit_index != old.commit_index:
        _note_mark(tracks, number, ("commit", me), old.commit_index, new.commit_index)
        if isinstance(new.role, Leader):
            _note_first_commit(tracks, number, new.commit_index)
    if new.last_applied != old.last_applied:
        _note_mark(tracks, number, ("applied", me), old.last_applied, new.last_applied)
    if new.snapshot is not old.snapshot and new.snapshot is not None:
        tracks.note(("snapshot", me), number, new.snapshot.last_included_index)


def _note_mark(tracks: Tracks, number: int, key: tuple[str, int], was: int, now: int) -> None:
    if now < was:
        tracks.note((key[0], "fell", key[1]), number, now)
    tracks.note(key, number, now)


def _note_first_commit(tracks: Tracks, number: int, index: int) -> None:
    known = tracks.last("committed", number)
    if known is None or known[1] < index:
        tracks.note("committed", number, index)


def _note_role(tracks: Tracks, number: int, old: Server, new: Server) -> None:
    role = new.role
    if type(role) is not type(old.role) or new.current_term != old.current_term:
        tracks.note(("role", new.id), number, role_value(role))
        if isinstance(role, Leader):
            tracks.note(("leads", new.current_term), number, new.id)
    if isinstance(role, Leader):
        _note_progress(tracks, number, old, new.id, role)
    elif isinstance(role, Candidate):
        _note_votes(tracks, number, old, new, role)
    else:
        _note_following(tracks, number, old, new.id, role)


def _note_progress(tracks: Tracks, number: int, old: Server, me: int, role: Leader) -> None:
    known = old.role.match_index if isinstance(old.role, Leader) else {}
    if role.match_index is known:
        return
    for server, match in role.match_index.items():
        if match != known.get(server, 0):
            tracks.note(("match", me, server), number, match)


def _note_votes(tracks: Tracks, number: int, old: Server, new: Server, role: Candidate) -> None:
    was = old.role if new.current_term == old.current_term else None
    before = was if isinstance(was, Candidate) else _NO_VOTES
    for voter in role.granted - before.granted:
        tracks.note(("granted", new.id, voter), number, new.current_term)
    for voter in role.refused - before.refused:
        tracks.note(("refused", new.id, voter), number, new.current_term)


def _note_following(tracks: Tracks, number: int, old: Server, me: int, role: Follower) -> None:
    if role.leader_id and role.leader_id != old.leader_id:
        tracks.note(("follows", me), number, role.leader_id)
    was = old.role.incoming if isinstance(old.role, Follower) else None
    if role.incoming is not None and role.incoming is not was:
        tracks.note(("chunk", me), number, role.incoming.last_included_index)


def _note_log(tracks: Tracks, number: int, me: int, old: Log, new: Log, where: str) -> None:
    """How far the log reaches now, and up to where it stayed as it was if something was taken.

    ``where`` is ``"stored"`` for the log in memory and ``"durable"`` for the one on the disk.
    """
    kept = 0 if replaced_by_snapshot(old, new) else old.agrees_until(new)
    if kept < old.last_index:
        tracks.note((where, "cut", me), number, kept)
    if new.last_index > kept:
        tracks.note((where, me), number, new.last_index)


def replaced_by_snapshot(old: Log, new: Log) -> bool:
    """Whether a log gave way to a snapshot that it did not agree with."""
    index = new.snapshot_index
    return index > old.snapshot_index and old.term_at(index) != new.snapshot_term


def _note_client(tracks: Tracks, number: int, record: Record, after: Client) -> None:
    operation, before = after.operation, record.before
    if operation is not None and record.flights:
        tracks.note(("asked", after.id), number, operation.command.serial)
    if isinstance(before, Client) and after.answered > before.answered and before.operation:
        tracks.note(("done", after.id), number, before.operation.command.serial)
