"""Since when a field of a server or a client is what it is: the event that made it so."""

from raftviz.picture.primitives import PickedField
from raftviz.picture.why.threads import Threads
from raftviz.picture.why.tracks import Key
from raftviz.raft.names import Address, name
from raftviz.sim.history import Moment
from raftviz.sim.host import Host

_SERVER = {
    "current_term": "term",
    "voted_for": "vote",
    "log": "stored",
    "commit_index": "commit",
    "last_applied": "applied",
    "leader": "follows",
    "on its disk": "durable",
    "snapshot": "snapshot",
    "state machine": "applied",
}
_CLIENT = {"answered": "done", "command": "asked", "asked": "asked", "attempt": "asked"}
_VOTES = {"votes of": "granted", "refused by": "refused"}


def event_of_field(threads: Threads, moment: Moment, picked: PickedField) -> int | None:
    """The last event before a moment that made a field what it is; None if it was so always."""
    owner, field, count = picked.owner, picked.field, moment.count
    if field in ("heartbeat in", "times out in"):
        host = moment.history.part_at(moment.branch, owner, count)
        return host.timer_cause if isinstance(host, Host) and host.timer_cause >= 0 else None
    events = [
        fact[0]
        for key in _keys(threads, owner, field)
        if (fact := threads.tracks.last(key, count)) is not None
    ]
    return max(events, default=None)


def _keys(threads: Threads, owner: Address, field: str) -> list[Key]:
    servers = threads.history.start.hosts
    if field in _VOTES:
        return [(_VOTES[field], owner, voter) for voter in servers]
    if owner < 0:
        return [(_CLIENT[field], owner)] if field in _CLIENT else []
    kind = _SERVER.get(field)
    if kind is None:  # a leader's view of a follower
        return [("match", owner, server) for server in servers if name(server) == field]
    # What a crash took away counts as well.
    return [(kind, owner), (kind, "fell", owner), (kind, "cut", owner)]
