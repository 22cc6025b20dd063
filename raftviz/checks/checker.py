"""Watching a history: every record is seen once, as it is appended, and never looked at again.

The cost of a record is that of what it changed: most change no server, and cost a comparison.
"""

from raftviz.checks.ledger import Fact, Ledger, entry_key
from raftviz.checks.properties import (
    ELECTION_SAFETY,
    LEADER_APPEND_ONLY,
    LEADER_COMPLETENESS,
    LOG_MATCHING,
    STATE_MACHINE_SAFETY,
    Property,
    Violation,
)
from raftviz.raft.log import Entry
from raftviz.raft.names import name
from raftviz.raft.server import Leader, Server
from raftviz.sim.history import Branch, History, Record
from raftviz.sim.host import Host


class Checker:
    """A watcher for ``World``: calls are records, ``violations`` is what broke so far."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.violations: list[Violation] = []
        self._ledgers: dict[int, Ledger] = {}
        for host in history.start.hosts.values():
            self._see_start(host.server)

    def __call__(self, branch: Branch, number: int, record: Record) -> None:
        """See one record as it is appended to ``branch`` with this number."""
        after, before = record.after, record.before
        if not isinstance(after, Host) or not isinstance(before, Host):
            return
        new, old = after.server, before.server
        if new is old:
            return
        ledger = self._ledger(branch)
        see = _Seen(self, ledger, branch, number, record.time_us)
        if new.log is not old.log:
            see.log_changed(old, new)
        if isinstance(new.role, Leader) and not isinstance(old.role, Leader):
            see.elected(new)
        if new.commit_index > old.commit_index:
            see.committed(new, old.commit_index)
        if new.last_applied > old.last_applied:
            see.applied(new, old.last_applied)

    def violations_at(self, branch: Branch, count: int) -> list[Violation]:
        """What has broken among the first ``count`` events of ``branch``."""
        found = []
        line: Branch | None = branch
        while line is not None:
            found += [v for v in self.violations if v.branch == line.number and v.event < count]
            count = min(count, line.fork)
            line = line.parent
        return sorted(found, key=lambda violation: violation.event)

    def _see_start(self, server: Server) -> None:
        """Logs a scenario starts from: taken as they are, so that later ones can contradict."""
        ledger = self._ledger(self.history.root)
        previous = server.log.snapshot_term
        for entry in server.log:
            ledger.first(
                ("entry", entry.index, entry.term), (previous, entry.command), server.id, -1
            )
            previous = entry.term

    def _ledger(self, branch: Branch) -> Ledger:
        ledger = self._ledgers.get(branch.number)
        if ledger is None:
            parent = None if branch.parent is None else self._ledger(branch.parent)
            ledger = self._ledgers[branch.number] = Ledger(branch, parent)
        return ledger


class _Seen:
    """One record under the eyes of the properties."""

    def __init__(
        self, checker: Checker, ledger: Ledger, branch: Branch, number: int, time_us: int
    ) -> None:
        self.checker = checker
        self.ledger = ledger
        self.branch = branch
        self.number = number
        self.time_us = time_us

    def log_changed(self, old: Server, new: Server) -> None:
        """Leader Append-Only, and Log Matching for every entry that is new here."""
        kept = old.log.agrees_until(new.log)
        stays_leader = (
            isinstance(old.role, Leader)
            and isinstance(new.role, Leader)
            and old.current_term == new.current_term
        )
        if stays_leader and kept < old.log.last_index:
            self._broken(
                LEADER_APPEND_ONLY,
                f"{name(new.id)} leads term {new.current_term} and lost entry {kept + 1} of its "
                "own log.",
                {new.id},
                index=kept + 1,
            )
        if len(self.checker.history.start.hosts) == 1:
            # There is no second log to match. And a lone server leads before its disk knows of the
            # term, since nobody hears of it: a crash can take both, and it leads that term again.
            return
        previous = new.log.term_at(kept) or 0
        for entry in new.log.slice(kept + 1, new.log.last_index):
            self._matches(new, entry, previous)
            previous = entry.term

    def _matches(self, server: Server, entry: Entry, previous_term: int) -> None:
        """By induction on the index, equal predecessors are equal all the way down (§5.3)."""
        seen = (previous_term, entry.command)
        key = ("entry", entry.index, entry.term)
        known = self.ledger.first(key, seen, server.id, self.number)
        if known is not None and known.value != seen:
            self._broken(
                LOG_MATCHING,
                f"{name(server.id)} and {name(known.server)} both hold an entry {entry.index} of "
                f"term {entry.term}, but "
                + (
                    "with different commands."
                    if _second(known) != entry.command
                    else "what comes before it differs."
                ),
                {server.id, known.server},
                earlier=known.event,
                index=entry.index,
            )

    def elected(self, leader: Server) -> None:
        """Election Safety, and Leader Completeness for what is committed by now."""
        term = leader.current_term
        known = self.ledger.first(("leader", term), leader.id, leader.id, self.number)
        if known is not None and known.server != leader.id:
            self._broken(
                ELECTION_SAFETY,
                f"{name(leader.id)} was elected leader of term {term}, and {name(known.server)} "
                "had been elected in that term already.",
                {leader.id, known.server},
                earlier=known.event,
            )
        # By Log Matching the last entry committed in an earlier term stands for all before it. (Votes
        # may come late: then a later term has committed entries that this leader need not have.)
        index = self.ledger.committed()
        while index and self._committed_in(index) >= term:
            index -= 1
        self._is_complete(leader, index)

    def _committed_in(self, index: int) -> int:
        known = self.ledger.find(("committed", index))
        if known is None:
            return 0
        assert isinstance(known.value, tuple)  # as ``committed`` noted it
        committed_term, _ = known.value
        return int(committed_term)

    def _is_complete(self, leader: Server, index: int) -> None:
        known = self.ledger.find(("committed", index)) if index else None
        if known is None:
            return
        assert isinstance(known.value, tuple)  # as ``committed`` noted it
        committed_term, key = known.value
        log = leader.log
        if committed_term >= leader.current_term or index <= log.snapshot_index:
            return
        if index > log.last_index or entry_key(log[index]) != key:
            self._broken(
                LEADER_COMPLETENESS,
                f"{name(leader.id)} leads term {leader.current_term} without entry {index}, which "
                f"{name(known.server)} knew to be committed in term {committed_term}.",
                {leader.id, known.server},
                earlier=known.event,
                index=index,
            )

    def committed(self, server: Server, before: int) -> None:
        """Note what is committed now, and ask the leaders of later terms for it."""
        new = False
        for entry in server.log.slice(before + 1, server.commit_index):
            value = (server.current_term, entry_key(entry))
            key = ("committed", entry.index)
            new |= self.ledger.first(key, value, server.id, self.number) is None
        if new:
            self.ledger.note_commit(server.commit_index, self.number)
            for leader in self._leaders():
                if leader.current_term > server.current_term:
                    self._is_complete(leader, server.commit_index)

    def _leaders(self) -> list[Server]:
        """Who leads just now: a commit is rare enough to ask the history for all servers."""
        history = self.checker.history
        hosts = (
            history.host_at(self.branch, server, self.number + 1) for server in history.start.hosts
        )
        return [h.server for h in hosts if h.is_up and isinstance(h.server.role, Leader)]

    def applied(self, server: Server, before: int) -> None:
        """State Machine Safety for every entry applied now."""
        for entry in server.log.slice(before + 1, server.last_applied):
            value = entry_key(entry)
            known = self.ledger.first(("applied", entry.index), value, server.id, self.number)
            if known is not None and known.value != value:
                self._broken(
                    STATE_MACHINE_SAFETY,
                    f"{name(server.id)} applied another entry {entry.index} than "
                    f"{name(known.server)} did.",
                    {server.id, known.server},
                    earlier=known.event,
                    index=entry.index,
                )

    def _broken(
        self,
        broken: Property,
        explanation: str,
        servers: set[int],
        earlier: int = -1,
        index: int = 0,
    ) -> None:
        self.checker.violations.append(
            Violation(
                broken,
                self.branch.number,
                self.number,
                self.time_us,
                explanation,
                frozenset(servers),
                earlier,
                index,
            )
        )


def _second(fact: Fact) -> object:
    assert isinstance(fact.value, tuple)
    return fact.value[1]
