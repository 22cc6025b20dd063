"""Watching a history: every record is seen once, as it is appended, and never looked at again.

The cost of a record is that of what it changed: most change no server and send heartbeats, and
cost a few comparisons.
"""

from raftviz.checks.client import heard
from raftviz.checks.disk import speaks_plainly
from raftviz.checks.ledger import Ledger
from raftviz.checks.properties import ACKNOWLEDGED_NOT_LOST, Property, Violation
from raftviz.checks.registry import CHECKS
from raftviz.checks.seen import STATE, Broken, On, Seen, note_commits, note_replay, note_start
from raftviz.raft.server import Leader
from raftviz.sim.client import Client
from raftviz.sim.history import Branch, History, Record
from raftviz.sim.host import CRASHED, Host


class Checker:
    """A watcher for ``World``: calls are records, ``violations`` is what broke so far.

    What is in the history already when the checker comes is taken as it is.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self.violations: list[Violation] = []
        root = history.root
        hosts = {server: history.host_at(root, server, len(root)) for server in history.start.hosts}
        self._ledger = Ledger(root, None, hosts)
        self._ledgers = {root.number: self._ledger}
        note_start(self._ledger, list(hosts.values()), len(root) - 1)

    def __call__(self, branch: Branch, number: int, record: Record) -> None:
        """See one record as it is appended to ``branch`` with this number."""
        after, before = record.after, record.before
        ledger = self._ledger
        if ledger.branch is not branch:
            ledger = self._ledger = self._ledger_of(branch, number)
        if isinstance(after, Host):
            assert isinstance(before, Host)
            ledger.hosts[record.part] = after
            if after.server is not before.server or (
                after.disk is not before.disk and after.disk.durable is not before.disk.durable
            ):
                self._look(Seen(ledger, number, record, before, after))
            if after.status is CRASHED and before.status is not CRASHED:
                self._ask(On.STOPPED, Seen(ledger, number, record, before, after))
            if record.flights and not speaks_plainly(after.disk.durable, record.flights):
                self._ask(On.SENT, Seen(ledger, number, record, before, after))
        elif (
            isinstance(after, Client)
            and isinstance(before, Client)
            and after.answered != before.answered
        ):
            self._tell(ledger, number, record, heard(ledger, record, before, after))

    def _look(self, seen: Seen) -> None:
        """Ask the checks about what changed. What follows from the record is noted on the way."""
        lost, voted = (False, False) if seen.new is seen.old else self._look_at_server(seen)
        was, durable = seen.before.disk.durable, seen.after.disk.durable
        if durable is not was:
            lost = lost or was.log.agrees_until(durable.log) < was.log.last_index
            voted = voted or (
                durable.current_term != was.current_term or durable.voted_for != was.voted_for
            )
        if lost:
            self._ask(On.LOST, seen)
        if voted:
            self._ask(On.VOTE, seen)

    def _look_at_server(self, seen: Seen) -> tuple[bool, bool]:
        """The part of ``_look`` in memory: whether entries were lost, whether term or vote moved."""
        old, new = seen.old, seen.new
        lost = False
        voted = new.current_term != old.current_term or new.voted_for != old.voted_for
        moved = voted or new.last_applied != old.last_applied
        if new.log is not old.log:
            seen.kept = old.log.agrees_until(new.log)
            lost, moved = seen.kept < old.log.last_index, True
            self._ask(On.LOG, seen)
        if new.commit_index != old.commit_index:
            moved = True
            if new.commit_index > old.commit_index:
                note_commits(seen)
                self._ask(On.COMMITTED, seen)
        if new.role is not old.role and isinstance(new.role, Leader):
            if not isinstance(old.role, Leader):
                self._ask(On.ELECTED, seen)
            self._ask(On.PROGRESS, seen)
        if new.replica is not old.replica or new.last_applied != old.last_applied:
            self._applied(seen)
        if new.snapshot is not old.snapshot:
            self._ask(On.SNAPSHOT, seen)
        if moved:
            self._ask(On.MARKS, seen)
        return lost, voted

    def _applied(self, seen: Seen) -> None:
        if not seen.unknown & STATE:
            note_replay(seen)
        self._ask(On.APPLIED, seen)
        back = seen.new.last_applied < seen.old.last_applied
        if back or seen.contradicted or seen.conflict is not None:
            self._ask(On.MISAPPLIED, seen)

    def _ask(self, on: On, seen: Seen) -> None:
        unknown = seen.unknown
        for one, check, needs in CHECKS[on]:
            if unknown and unknown & needs:
                continue
            broken = check(seen)
            if broken is not None:
                self._report(one, seen.ledger, seen.number, seen.record, broken)

    def _tell(self, ledger: Ledger, number: int, record: Record, broken: Broken | None) -> None:
        if broken is not None:
            self._report(ACKNOWLEDGED_NOT_LOST, ledger, number, record, broken)

    def _report(
        self, one: Property, ledger: Ledger, number: int, record: Record, broken: Broken
    ) -> None:
        """Note what broke, once: a state that is wrong may be seen again and again."""
        key = ("broken", one.name, broken.servers, broken.index, broken.key)
        if ledger.first(key, None, 0, number) is None:
            self.violations.append(
                Violation(
                    one,
                    ledger.branch.number,
                    number,
                    record.time_us,
                    broken.explanation,
                    broken.servers,
                    broken.earlier,
                    broken.index,
                )
            )

    def violations_at(self, branch: Branch, count: int) -> list[Violation]:
        """What has broken among the first ``count`` events of ``branch``."""
        found = []
        line: Branch | None = branch
        while line is not None:
            found += [v for v in self.violations if v.branch == line.number and v.event < count]
            count = min(count, line.fork)
            line = line.parent
        return sorted(found, key=lambda violation: violation.event)

    def _ledger_of(self, branch: Branch, number: int) -> Ledger:
        """The branch's ledger; a branch that is seen first now has its hosts from the history."""
        ledger = self._ledgers.get(branch.number)
        if ledger is None:
            parent = None
            if branch.parent is not None:
                parent = self._ledger_of(branch.parent, branch.fork)
            servers = self.history.start.hosts
            hosts = {server: self.history.host_at(branch, server, number) for server in servers}
            ledger = self._ledgers[branch.number] = Ledger(branch, parent, hosts)
        return ledger
