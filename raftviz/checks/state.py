"""Properties of the logs and of who leads: the four of Figure 3, and that no server outruns itself.

Each check defines its property; the first breach that a record shows is reported.
"""

from raftviz.checks.ledger import Fact
from raftviz.checks.seen import Broken, Seen
from raftviz.raft.names import name
from raftviz.raft.server import Leader, Server


def election_safety(seen: Seen) -> Broken | None:
    """For every term, all servers that ever turn from candidate to leader in it are one server."""
    leader = seen.new
    known = seen.first(("leader", leader.current_term), leader.id)
    if known is None or known.server == leader.id:
        return None
    return Broken(
        f"{name(leader.id)} was elected leader of term {leader.current_term}, and "
        f"{name(known.server)} had been elected in that term already.",
        frozenset({leader.id, known.server}),
        known.event,
        key=leader.current_term,
    )


def log_matching(seen: Seen) -> Broken | None:
    """If two logs hold an entry with the same index and term, they are equal up to it.

    For every index and term, all entries that ever stand in a log with these two have the same
    command, and the entries right before them have the same term.

    By induction on the index, logs that agree on an entry are then equal up to it. Only an entry
    that is new in a log can break this, so only those are compared, with the first of their kind.
    """
    log, first = seen.new.log, seen.ledger.first
    previous = log.term_at(seen.kept)
    for entry in log.recall(seen.kept + 1, log.last_index):
        if previous is None:  # it begins where a snapshot ends, or its beginning is gone
            previous = log.term_at(entry.index - 1)
        if previous is None:
            previous = entry.term
            continue
        shown = (previous, entry.command)
        known = first(("entry", entry.index, entry.term), shown, seen.new.id, seen.number)
        if known is not None and known.value != shown:
            differs = (
                "with different commands"
                if _second(known) != entry.command
                else "what comes before it differs"
            )
            # A server can contradict itself: it led a term that its disk never heard of.
            return Broken(
                f"{name(seen.new.id)} holds an entry {entry.index} of term {entry.term} as "
                f"{name(known.server)} did, but {differs}.",
                frozenset({seen.new.id, known.server}),
                known.event,
                entry.index,
            )
        previous = entry.term
    return None


def leader_completeness(seen: Seen) -> Broken | None:
    """What was committed in a term is in the log of every leader of a later term.

    For every entry that a server knew in term t to be committed, every server that leads, or is
    elected, in a term above t from then on has that entry in its log or below its snapshot.

    It goes by the leader's term and not by the time: who is elected late, or does not know yet
    that a later term has begun, need not have what that later term commits.
    """
    if isinstance(seen.new.role, Leader) and not isinstance(seen.old.role, Leader):
        # By Log Matching the last entry committed in an earlier term stands for all before it.
        index = seen.ledger.committed()
        while index and _committed_in(seen, index) >= seen.new.current_term:
            index -= 1
        return _lacks(seen, seen.new, index)
    index = seen.new.commit_index
    known = seen.find(("committed", index))
    if known is None or known.event != seen.number:
        return None  # others knew before, and the leaders were asked then
    for host in seen.leaders():
        if host.server.current_term > seen.new.current_term:
            broken = _lacks(seen, host.server, index)
            if broken is not None:
                return broken
    return None


def _committed_in(seen: Seen, index: int) -> int:
    known = seen.find(("committed", index))
    return -1 if known is None else _first(known)  # a recording need not tell which entry it was


def _lacks(seen: Seen, leader: Server, index: int) -> Broken | None:
    known = seen.find(("committed", index)) if index else None
    log = leader.log
    if known is None or index <= log.snapshot_index:
        return None
    if _first(known) >= leader.current_term:
        return None
    if index <= log.last_index and log[index] == _second(known):
        return None
    return Broken(
        f"{name(leader.id)} leads term {leader.current_term} without entry {index}, which "
        f"{name(known.server)} knew to be committed in term {_first(known)}.",
        frozenset({leader.id, known.server}),
        known.event,
        index,
    )


def state_machine_safety(seen: Seen) -> Broken | None:
    """All entries that any server ever applies at an index have the same term and command."""
    new, first = seen.new, seen.ledger.first
    for entry in new.log.recall(seen.old.last_applied + 1, new.last_applied):
        known = first(("applied", entry.index), entry, new.id, seen.number)
        if known is not None and known.value != entry:
            seen.conflict = known
            return Broken(
                f"{name(new.id)} applied another entry {entry.index} than {name(known.server)} "
                "did.",
                frozenset({new.id, known.server}),
                known.event,
                entry.index,
            )
    return None


def ordering(seen: Seen) -> Broken | None:
    """No server is ahead of itself.

    On every server, running or not, snapshot index ≤ last_applied ≤ commit_index ≤ last index;
    the terms of its log never fall from one entry to the next, begin at that of its snapshot, and
    end at or below its current term.
    """
    server, log = seen.new, seen.new.log
    if not (
        log.snapshot_index <= server.last_applied <= server.commit_index <= log.last_index
        and log.last_term <= server.current_term
    ):
        broken = _disorder(seen)
        if broken is not None:
            return broken
    if log is not seen.old.log:
        previous = log.term_at(seen.kept) or 0
        for entry in log.slice(seen.kept + 1, log.last_index):
            if entry.term < previous:
                return Broken(
                    f"{name(server.id)} holds entry {entry.index} of term {entry.term} behind one "
                    f"of term {previous}.",
                    frozenset({server.id}),
                    seen.last_change(server.id, lambda host: host.server.log),
                    entry.index,
                )
            previous = entry.term
    return None


def _disorder(seen: Seen) -> Broken | None:
    server, log = seen.new, seen.new.log
    marks = (
        ("its snapshot reaches", log.snapshot_index, "it has applied", server.last_applied),
        ("it has applied", server.last_applied, "it knows to be committed", server.commit_index),
        ("it knows to be committed", server.commit_index, "its log reaches", log.last_index),
        ("the term of its last entry is", log.last_term, "its term is", server.current_term),
    )
    known = zip(marks, _DISORDER_NEEDS, strict=True)
    wrong = (mark for mark, needs in known if mark[1] > mark[3] and not needs & seen.unknown)
    mark = next(wrong, None)
    if mark is None:
        return None
    less, low, more, high = mark
    return Broken(
        f"{name(server.id)} is ahead of itself: {less} {low}, but {more} {high}.",
        frozenset({server.id}),
        seen.last_change(server.id, lambda host: host.server),
        low if "term" not in less else log.last_index,
        key=less,
    )


_DISORDER_NEEDS = (
    frozenset({"log", "entries", "last_applied"}),
    frozenset({"last_applied", "commit_index"}),
    frozenset({"commit_index", "log"}),
    frozenset({"log", "current_term"}),
)
"""What must be known for each of these marks."""


def _first(fact: Fact) -> int:
    assert isinstance(fact.value, tuple)
    return int(fact.value[0])


def _second(fact: Fact) -> object:
    assert isinstance(fact.value, tuple)
    return fact.value[1]
