"""What has happened and must not be contradicted later; and how much of the bounds is used up.

It is part of a state: two runs that led to the same servers and messages may differ in who led before,
or in what a server that crashed since had committed.
"""

from raftviz.checks import properties
from raftviz.lab.exhaustive.sites import Names, Outcome, lost_behind
from raftviz.raft.log import Entry
from raftviz.raft.messages import ClientResponse
from raftviz.raft.server import Leader, Server
from raftviz.raft.values import value


@value
class Past:
    """What was seen, and how often what is bounded has happened.

    ``leaders[term]``: who was elected (0: nobody yet). ``committed``: for each index from 1, the
    term of who first knew it to be committed, and the entry.
    """

    leaders: tuple[int, ...]
    committed: tuple[tuple[int, Entry], ...] = ()
    requests: int = 0
    crashes: int = 0

    def renamed(self, names: Names) -> "Past":
        """The past as it would be if the servers had other names."""
        leaders = tuple(names[leader] for leader in self.leaders)
        return Past(leaders, self.committed, self.requests, self.crashes)

    def after_request(self) -> "Past":
        """With one request more."""
        return Past(self.leaders, self.committed, self.requests + 1, self.crashes)

    def after_crash(self) -> "Past":
        """With one crash more."""
        return Past(self.leaders, self.committed, self.requests, self.crashes + 1)


def is_elected(outcome: Outcome) -> bool:
    """Whether the server has become leader."""
    old, new = outcome.before.server, outcome.after.server
    return isinstance(new.role, Leader) and not isinstance(old.role, Leader)


def matters(outcome: Outcome) -> bool:
    """Whether the past has to be asked, or told."""
    old, new = outcome.before.server, outcome.after.server
    return (
        is_elected(outcome)
        or new.commit_index > old.commit_index
        or new.last_applied > old.last_applied
        or any(isinstance(message, ClientResponse) for _, message in outcome.sent)
        or lost_behind(old.log, new.log) >= 0
        or lost_behind(outcome.before.durable.log, outcome.after.durable.log) >= 0
    )


def after(past: Past, outcome: Outcome, *, crashed: bool = False) -> tuple[Past, tuple[str, ...]]:
    """The past with what an input added to it, and the names of the properties that this broke."""
    old, new = outcome.before.server, outcome.after.server
    broken: list[str] = []
    leaders, committed = past.leaders, past.committed
    if is_elected(outcome):
        known = leaders[new.current_term]
        if known not in (0, new.id):
            broken.append(properties.ELECTION_SAFETY.name)
        else:
            leaders = (*leaders[: new.current_term], new.id, *leaders[new.current_term + 1 :])
    if new.commit_index > len(committed):
        committed += tuple(
            (new.current_term, entry)
            for entry in new.log.slice(len(committed) + 1, new.commit_index)
        )
    if any(
        entry != committed[entry.index - 1][1]
        for entry in new.log.slice(old.last_applied + 1, new.last_applied)
    ):
        broken.append(properties.STATE_MACHINE_SAFETY.name)
    if _loses_committed(past, outcome, crashed=crashed):
        broken.append(properties.COMMITTED_STAYS.name)
    if any(
        isinstance(message, ClientResponse) and not _is_among(committed, client, message.serial)
        for client, message in outcome.sent
    ):
        broken.append(properties.ACKNOWLEDGED_NOT_LOST.name)
    return Past(leaders, committed, past.requests, past.crashes), tuple(broken)


def _is_among(committed: tuple[tuple[int, Entry], ...], client: int, serial: int) -> bool:
    return any(
        (entry.command.client, entry.command.serial) == (client, serial)
        for _, entry in committed
        if entry.command is not None
    )


def _loses_committed(past: Past, outcome: Outcome, *, crashed: bool) -> bool:
    before, now = outcome.before, outcome.after
    pairs = [(before.durable.log, now.durable.log)]
    if not crashed:
        pairs.append((before.server.log, now.server.log))
    for old, new in pairs:
        kept = lost_behind(old, new)
        if 0 <= kept < len(past.committed) and old[kept + 1] == past.committed[kept][1]:
            return True
    return False


def lacks(past: Past, leader: Server) -> bool:
    """Whether a leader is without an entry that was committed in an earlier term."""
    log = leader.log
    return any(
        term < leader.current_term
        and not (entry.index <= log.last_index and log[entry.index] == entry)
        for term, entry in past.committed
    )
