"""Properties of the state machines: each is what its entries make of it, and so is each snapshot."""

from raftviz.checks.seen import Broken, Seen, same_state
from raftviz.raft.names import name


def applied_contiguous(seen: Seen) -> Broken | None:
    """A running server applies its entries one after the other, each exactly once.

    While a server runs, last_applied never goes back; and at all times its state machine, with
    the answers it remembers, is what the entries 1 … last_applied of its log lead to, each
    executed once and in order. (A client's command that stands in the log twice and is executed
    twice breaks ``acknowledged_not_lost``.)

    Skipping, repeating, exchanging or half executing an entry all show in the state. It is
    compared with the one kept for that entry when the first server came by; they are kept as they
    arise, one command after the other, and nothing is executed again.
    """
    old, new = seen.old, seen.new
    if seen.runs and new.last_applied < old.last_applied:
        return Broken(
            f"{name(new.id)} had applied entry {old.last_applied} and goes back to "
            f"{new.last_applied}.",
            frozenset({new.id}),
            seen.last_change(new.id, lambda host: host.server.last_applied),
            old.last_applied,
        )
    known = seen.replayed
    if known is None or not seen.contradicted or repeated(seen):
        return None
    return Broken(
        f"{name(new.id)} has applied {new.last_applied} entries, but its state is not what they "
        f"lead to: some were skipped, or executed differently than on {name(known.server)}.",
        frozenset({new.id, known.server}),
        _earlier(seen),
        new.last_applied,
    )


def repeated(seen: Seen) -> str:
    """The first command among those applied now that had been executed before; "" if there is none.

    A client that had no answer asks again, so the same command can be in the log twice (§8).
    """
    for entry in seen.new.log.recall(seen.old.last_applied + 1, seen.new.last_applied):
        command = entry.command
        if command is not None and command.client:
            known = seen.find(("command", command.client, command.serial))
            if known is not None and known.value != entry.index:
                return command.text
    return ""


def snapshot_faithful(seen: Seen) -> Broken | None:
    """A snapshot is exactly the state that the entries it replaces lead to.

    Every snapshot that a server takes, receives or starts with stands exactly for an entry that
    was applied: its state and remembered answers are those that the entries up to
    last_included_index lead to, the last of them has last_included_term, and the log begins
    behind it.
    """
    snapshot, log, me = seen.new.snapshot, seen.new.log, seen.new.id
    if snapshot is None:
        return None
    index, term = snapshot.last_included_index, snapshot.last_included_term
    known = seen.find(("replica", index, term))
    servers = {me}
    if known is None:
        why = f"nobody has applied an entry {index} of term {term}"
    elif (log.snapshot_index, log.snapshot_term) != (index, term):
        why = f"its log begins behind entry {log.snapshot_index} of term {log.snapshot_term}"
    elif not same_state(snapshot.replica, known.value):
        if seen.contradicted and index == seen.new.last_applied:
            return None  # it is true to the server's own state, and that is reported already
        servers.add(known.server)
        why = f"the entries up to there led {name(known.server)} to another state"
    else:
        return None
    return Broken(
        f"{name(me)} has a snapshot up to entry {index} of term {term}, but {why}.",
        frozenset(servers),
        -1 if known is None else _before(seen, known.event),
        index,
    )


def _earlier(seen: Seen) -> int:
    return -1 if seen.replayed is None else _before(seen, seen.replayed.event)


def _before(seen: Seen, event: int) -> int:
    """An earlier event, if it is one: a record may show both sides of a contradiction."""
    return event if event < seen.number else -1
