"""Properties of a step: what must not go back, and what must not be taken back."""

from raftviz.checks.ledger import Fact
from raftviz.checks.seen import Broken, Seen
from raftviz.raft.log import Log
from raftviz.raft.messages import RequestVoteRequest, RequestVoteResponse
from raftviz.raft.names import name
from raftviz.raft.server import Leader
from raftviz.sim.faults import PANIC


def term_monotonic(seen: Seen) -> Broken | None:
    """A server's term never goes back, not even through a crash.

    While a server runs its current_term never falls, the term on its disk never falls at all,
    and a server starts with the term that was on its disk.

    A term that a crash takes before it is on disk was never told to anybody (see
    ``durable_before_reply``), so it does not count.
    """
    me = seen.new.id
    if seen.runs:
        old, new, where = seen.old.current_term, seen.new.current_term, "was in"
    else:
        old, new, where = seen.before.disk.durable.current_term, seen.new.current_term, "had noted"
    if new >= old:
        old, where = seen.before.disk.durable.current_term, "had noted"
        new = seen.after.disk.durable.current_term
    if new >= old or (where == "had noted" and "durable" in seen.unknown):
        return None
    return Broken(
        f"{name(me)} {where} term {old} and goes back to term {new}.",
        frozenset({me}),
        seen.last_change(me, lambda host: host.server.current_term),
        key=old,
    )


def commit_monotonic(seen: Seen) -> Broken | None:
    """While a server runs its commit_index never falls; it begins anew with a restart (§5.5)."""
    old, new = seen.old, seen.new
    if new.commit_index >= old.commit_index or not seen.runs:
        return None
    return Broken(
        f"{name(new.id)} knew entry {old.commit_index} to be committed and goes back to "
        f"{new.commit_index}.",
        frozenset({new.id}),
        seen.last_change(new.id, lambda host: host.server.commit_index),
        old.commit_index,
    )


def vote_once(seen: Seen) -> Broken | None:
    """A server votes for at most one candidate in a term, and a crash does not make it forget.

    For every server and term, all votes that the server casts are for one candidate: those in
    its memory while it runs, those on its disk at any time, and those it tells anybody of, its
    own candidacy included.

    A vote that was in memory only when the server crashed was told to nobody and does not count.
    """
    old, new = seen.old, seen.new
    same_term = seen.runs and old.current_term == new.current_term
    if same_term and old.voted_for not in (0, new.voted_for):
        event = seen.last_change(new.id, lambda host: host.server.voted_for)
        return _voted_twice(seen, new.current_term, old.voted_for, new.voted_for, event)
    durable, before = seen.after.disk.durable, seen.before.disk.durable
    if durable.voted_for and (durable.voted_for, durable.current_term) != (
        before.voted_for,
        before.current_term,
    ):
        broken = _cast(seen, durable.current_term, durable.voted_for)
        if broken is not None:
            return broken
    return None


def told_votes(seen: Seen) -> Broken | None:
    """``vote_once`` for the votes that a server tells of."""
    for flight in seen.flights:
        message = flight.message
        if isinstance(message, RequestVoteRequest):
            broken = _cast(seen, message.term, message.candidate_id)
        elif isinstance(message, RequestVoteResponse) and message.vote_granted:
            broken = _cast(seen, message.term, flight.target)
        else:
            continue
        if broken is not None:
            return broken
    return None


def _cast(seen: Seen, term: int, candidate: int) -> Broken | None:
    known = seen.first(("vote", seen.new.id, term), candidate)
    if known is None or known.value == candidate:
        return None
    assert isinstance(known.value, int)
    return _voted_twice(seen, term, known.value, candidate, known.event)


def _voted_twice(seen: Seen, term: int, once: int, twice: int, event: int) -> Broken:
    me = name(seen.new.id)
    again = f"votes for {name(twice)}" if twice else "takes its vote back"
    return Broken(
        f"{me} had voted for {name(once)} in term {term} and now {again} in the same term.",
        frozenset({seen.new.id, once, twice} - {0}),
        event,
        key=term,
    )


def leader_append_only(seen: Seen) -> Broken | None:
    """As long as a server leads a term, its log before each step is a beginning of its log after."""
    old, new = seen.old, seen.new
    if (
        seen.kept >= old.log.last_index
        or not isinstance(old.role, Leader)
        or not isinstance(new.role, Leader)
        or old.current_term != new.current_term
    ):
        return None
    lost = seen.kept + 1
    return Broken(
        f"{name(new.id)} leads term {new.current_term} and lost entry {lost} of its own log.",
        frozenset({new.id}),
        _entry_event(seen, old.log, lost),
        lost,
    )


def committed_stays(seen: Seen) -> Broken | None:
    """No server ever removes a committed entry.

    From when any server knows an entry to be committed, no server that has it in its log, or
    below its snapshot, is ever without it again while it runs; and no disk that has it ever loses
    it, not even through a crash.
    """
    if seen.runs and seen.new.log is not seen.old.log:
        broken = _lost(seen, seen.old.log, seen.new.log, seen.kept, "log")
        if broken is not None:
            return broken
    old, new = seen.before.disk.durable.log, seen.after.disk.durable.log
    if old is new or "durable" in seen.unknown:
        return None
    return _lost(seen, old, new, old.agrees_until(new), "disk")


def no_panic(seen: Seen) -> Broken | None:
    """No server that runs is ever brought to a stop by its own algorithm.

    A broken rule can lead it to an entry that is not there, or to replace what is in a snapshot.
    """
    because = next((b for b in seen.record.because if b.reason == PANIC), None)
    if because is None:
        return None
    return Broken(because.sentence, frozenset({seen.new.id}), seen.record.cause, key=seen.number)


def _lost(seen: Seen, old: Log, new: Log, kept: int, where: str) -> Broken | None:
    lost = kept + 1
    if kept >= old.last_index or lost <= new.snapshot_index or lost > seen.ledger.committed():
        return None
    known = seen.find(("committed", lost))
    if known is None or (lost > old.snapshot_index and old[lost] != _committed_entry(known)):
        return None
    return Broken(
        f"{name(seen.new.id)} lost entry {lost} from its {where}, and {name(known.server)} knew "
        "it to be committed.",
        frozenset({seen.new.id, known.server}),
        known.event,
        lost,
    )


def _committed_entry(fact: Fact) -> object:
    assert isinstance(fact.value, tuple)
    return fact.value[1]


def _entry_event(seen: Seen, log: Log, index: int) -> int:
    """When the entry with this index first stood in a log; -1 when it was there from the start."""
    known = seen.find(("entry", index, log.term_at(index)))
    return -1 if known is None else known.event
