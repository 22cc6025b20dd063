"""What led to a stored, refused, committed, applied or compacted entry (§5.3, §5.4.2, §7, §8)."""

from collections.abc import Iterator

from raftviz.picture.why.here import Here, Link, Values
from raftviz.raft import because as why
from raftviz.raft.messages import AppendEntriesRequest
from raftviz.raft.names import name
from raftviz.raft.quorum import majority
from raftviz.raft.server import Follower, Leader, Server
from raftviz.sim.client import RETRY, WAIT_FOR_LEADER
from raftviz.sim.events import Lost, Woke
from raftviz.sim.host import Host


def leader_commits(here: Here, values: Values) -> Iterator[Link]:
    """Every copy that is counted, in the order in which the leader heard of it; then the entry."""
    me, index = _int(values, "me"), _int(values, "index")
    holders = values.get("holders")
    if not isinstance(holders, frozenset):  # it may not commit: whoever holds it, then
        holders = _holders(here, index)
    yield from copies(here, me, index, holders)
    event = here.came(me, index, here.after)
    yield Link(here.earlier(event), f"{name(me)} appended {here.entry_words(event, index)}")


def _holders(here: Here, index: int) -> frozenset[int]:
    after = here.record.after
    role = after.server.role if isinstance(after, Host) else None
    if not isinstance(role, Leader):
        return frozenset()
    return frozenset(server for server, match in role.match_index.items() if match >= index)


def copies(here: Here, me: int, index: int, holders: frozenset[int]) -> Iterator[Link]:
    """The acknowledgements that a leader counts for an entry, and the write of its own disk."""
    heard = sorted((here.acknowledged(me, holder, index), holder) for holder in holders)
    needed = majority(len(here.threads.history.start.hosts))
    for count, (event, holder) in enumerate(heard, 1):
        if holder == me:
            words = f"{name(me)} has entry {index} on its own disk"
        else:
            words = f"{name(holder)} acknowledged entry {index}"
        yield Link(here.earlier(event), f"{words} ({count} of {needed})")


def follower_commits(here: Here, values: Values) -> Iterator[Link]:
    """The leader's commit, of which the message tells; and where the entry came from."""
    me, leader, index = _int(values, "me"), _int(values, "leader"), _int(values, "index")
    yield Link(
        here.reached("commit", leader, index, here.sent),
        f"{name(leader)} had committed up to entry {index}",
    )
    stored = here.came(me, index, here.after)
    if stored >= 0:  # this very event, maybe: then it goes without saying
        yield Link(stored, f"{name(me)} stored {here.entry_words(stored, index)}")


def store(here: Here, values: Values) -> Iterator[Link]:
    """Where the entries came from: the leader's own log."""
    leader, index = _int(values, "leader"), _int(values, "index")
    event = here.came(leader, index, here.sent)
    yield Link(event, f"{name(leader)} has {here.entry_words(event, index)}")


def replace(here: Here, values: Values) -> Iterator[Link]:
    """Where the entries came from, and those that stood in their place."""
    me, conflict = _int(values, "me"), _int(values, "conflict")
    old = here.came(me, conflict, here.number)
    yield Link(old, f"{name(me)} held another {here.entry_words(old, conflict)}")
    leader = _int(values, "leader")
    event = here.came(leader, conflict, here.sent)
    yield Link(event, f"{name(leader)} has {here.entry_words(event, conflict)} there")


def reject_missing(here: Here, values: Values) -> Iterator[Link]:
    """The entry that is missing, where the leader has it from, and why it never came."""
    me, leader = _int(values, "me"), _int(values, "leader")
    index, last = _int(values, "index"), _int(values, "last_index")
    event = here.came(leader, index, here.sent)
    yield Link(event, f"{name(leader)} has {here.entry_words(event, index)}, {name(me)} has not")
    first = here.came(leader, last + 1, here.sent)
    lost = _append_lost(here, leader, me, first, last + 1)
    if lost >= 0:
        yield Link(lost, f"the message that brought entry {last + 1} was lost")
    cut = here.threads.tracks.last(("stored", "cut", me), here.number)
    if cut is not None and cut[1] == last:
        yield Link(cut[0], f"{name(me)} lost what it held behind entry {last}")
    elif last:
        own = here.came(me, last, here.number)
        yield Link(own, f"{name(me)}'s log ends with {here.entry_words(own, last)}")


def _append_lost(here: Here, leader: int, me: int, since: int, index: int) -> int:
    """The loss of the first message since an event that had an entry for this follower."""
    for event in here.lost_between(leader, me, max(since, 0)):
        lost = here.threads.branch[event].event
        message = lost.flight.message if isinstance(lost, Lost) else None
        if isinstance(message, AppendEntriesRequest) and any(
            entry.index == index for entry in message.entries
        ):
            return event
    return -1


def reject_mismatch(here: Here, values: Values) -> Iterator[Link]:
    """The two entries that stand in one place."""
    me, leader, index = _int(values, "me"), _int(values, "leader"), _int(values, "index")
    mine = here.came(me, index, here.number)
    yield Link(mine, f"{name(me)} holds {here.entry_words(mine, index)}")
    theirs = here.came(leader, index, here.sent)
    yield Link(theirs, f"{name(leader)} holds {here.entry_words(theirs, index)}")


def reject_committed(here: Here, values: Values) -> Iterator[Link]:
    """When the entry was committed."""
    me, index = _int(values, "me"), _int(values, "index")
    known = here.reached("commit", me, index, here.number)
    yield Link(known, f"{name(me)} had committed entry {index}")


def compact(here: Here, values: Values) -> Iterator[Link]:
    """When the last entry that the snapshot replaces was applied."""
    me, index = _int(values, "me"), _int(values, "index")
    applied = here.reached("applied", me, index, here.after)
    yield Link(applied, f"{name(me)} applied everything up to entry {index}")


def from_snapshot(here: Here, values: Values) -> Iterator[Link]:
    """The snapshot that is sent, and its pieces that came before."""
    me, leader = _int(values, "me"), _int(values, "leader")
    tracks, flight = here.threads.tracks, here.flight
    index = getattr(flight.message, "last_included_index", 0) if flight is not None else 0
    taken = tracks.first_reaching(("snapshot", leader), index, 0, here.sent)
    yield Link(
        -1 if taken is None else taken, f"{name(leader)} took a snapshot up to entry {index}"
    )
    for event, of in tracks.backwards(("chunk", me), here.number):
        if of != index:
            break
        yield Link(event, f"{name(me)} had the first {_received(here, event):,} characters of it")


def _received(here: Here, event: int) -> int:
    """How much of a snapshot had come with an event."""
    after = here.threads.branch[event].after
    role = after.server.role if isinstance(after, Host) else None
    incoming = role.incoming if isinstance(role, Follower) else None
    return len(incoming.text) if incoming is not None else 0


def send_batch(here: Here, values: Values) -> Iterator[Link]:
    """The commands that waited."""
    before = here.record.before
    role = before.server.role if isinstance(before, Host) else None
    if isinstance(before, Host) and isinstance(role, Leader):
        me = _int(values, "me")
        log = before.server.log
        told = log.snapshot_index if "entries" in before.unknown else 0
        for index in range(max(role.batched, told) + 1, log.last_index + 1):
            event = here.came(me, index, here.number)
            yield Link(event, f"{here.entry_words(event, index)} waited to be sent")


def gathered(here: Here) -> bool:
    """Whether a leader sends what has gathered."""
    return isinstance(here.record.event, Woke) and any(
        because.reason is why.SEND_BATCH for because in here.record.because
    )


def late_application(here: Here, old: Server, new: Server) -> Iterator[Link]:
    """An entry that is applied some time after it was committed: a command had failed."""
    if new.last_applied > old.last_applied and new.commit_index == old.commit_index:
        known = here.reached("commit", new.id, new.last_applied, here.number)
        yield Link(known, f"{name(new.id)} had committed entry {new.last_applied}")


def ask_again(here: Here, values: Values) -> Iterator[Link]:
    """The request that was not answered."""
    me = _int(values, "me")
    asked = here.threads.tracks.last(("asked", me), here.number)
    if asked is not None:
        yield Link(asked[0], f"{name(me)} had asked and was not answered")


def _int(values: Values, key: str) -> int:
    found = values.get(key, 0)
    return found if isinstance(found, int) else 0


MAKERS = {
    why.LEADER_COMMITS: leader_commits,
    why.HOLD_COMMIT: leader_commits,
    why.FOLLOWER_COMMITS: follower_commits,
    why.STORE_ENTRIES: store,
    why.REPLACE_ENTRIES: replace,
    why.REJECT_MISSING: reject_missing,
    why.REJECT_MISMATCH: reject_mismatch,
    why.REJECT_COMMITTED: reject_committed,
    why.COMPACT: compact,
    why.INSTALL: from_snapshot,
    why.STORE_CHUNK: from_snapshot,
    why.SEND_BATCH: send_batch,
    RETRY: ask_again,
    WAIT_FOR_LEADER: ask_again,
}
"""What else to look for, by the reason an event gives."""
