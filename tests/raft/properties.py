"""The properties of the paper's Figure 3, watched over a whole run: written plainly, on lists."""

import attrs

from raftviz.raft.log import Entry
from raftviz.raft.machine import Replica
from raftviz.raft.messages import (
    AppendEntriesResponse,
    InstallSnapshotResponse,
    RequestVoteResponse,
)
from raftviz.raft.server import Leader, Server
from raftviz.raft.transition import Transition


class PropertyError(AssertionError):
    """A property fell."""


def _demand(holds: bool, what: str) -> None:
    if not holds:
        raise PropertyError(what)


_ANSWERS = RequestVoteResponse | AppendEntriesResponse | InstallSnapshotResponse


@attrs.define
class Watch:
    """Looks at every transition of a run, and remembers who led and what was committed."""

    blank: Replica = attrs.field(factory=Replica)
    leaders: dict[int, int] = attrs.field(factory=dict)
    committed: list[tuple[Entry, int]] = attrs.field(factory=list)
    """Each committed entry, with the term in which it was first known to be committed."""
    logs: dict[int, dict[int, Entry]] = attrs.field(factory=dict)
    """What each server holds of its log, by index: what is in a snapshot is not in it."""
    replayed: list[Replica] = attrs.field(factory=list)
    """What the machine is after so many committed entries."""
    said: set[str] = attrs.field(factory=set)
    machines_fail: bool = False
    """Whether somebody makes commands fail, so that less may be applied than is committed."""

    def __call__(self, before: Server, transition: Transition) -> None:
        """Check one transition."""
        after = transition.server
        for because in transition.because:
            self.said.add(because.sentence)
        _demand(after.current_term >= before.current_term, "a term went back")
        _demand(after.commit_index >= before.commit_index, "the commit index went back")
        _demand(after.commit_index <= after.log.last_index, "committed what is not there")
        behind = after.last_applied < after.commit_index and self.machines_fail
        all_applied = after.last_applied == after.commit_index
        _demand(all_applied or behind, "not applied what is committed")
        _demand(after.last_applied >= before.last_applied, "applied less than before")
        _demand(after.log.snapshot_index <= after.last_applied, "compacted what is not applied")
        self._persistence(before, transition)
        if after.log is not before.log or after.id not in self.logs:
            self._log_matching(before, after)
        if isinstance(after.role, Leader):
            self._leader(before, after)
        if after.commit_index > before.commit_index or after.replica is not before.replica:
            self._state_machine_safety(before, after)
        if after.snapshot is not before.snapshot:
            self._snapshot(after)

    def _persistence(self, before: Server, transition: Transition) -> None:
        changed = before.persistent != transition.server.persistent
        persist = transition.persist
        _demand(not changed or persist == transition.server.persistent, "not persisted")
        for _, message in transition.messages:
            if isinstance(message, _ANSWERS):
                _demand(message.term == transition.server.current_term, "answered in an old term")

    def _log_matching(self, before: Server, after: Server) -> None:
        mine = {entry.index: entry for entry in after.log}
        self.logs[after.id] = mine
        for other in self.logs.values():
            same_from_here_down = False
            for index in sorted(mine.keys() & other.keys(), reverse=True):
                one, two = mine[index], other[index]
                same_from_here_down = same_from_here_down or one.term == two.term
                _demand(not same_from_here_down or one == two, "log matching")
        if isinstance(before.role, Leader) and isinstance(after.role, Leader):
            kept = [entry for entry in before.log if entry.index > after.log.snapshot_index]
            _demand(list(after.log)[: len(kept)] == kept, "leader append-only")

    def _leader(self, before: Server, after: Server) -> None:
        known = self.leaders.setdefault(after.current_term, after.id)
        _demand(known == after.id, "election safety")
        if not isinstance(before.role, Leader):
            log = self.logs[after.id]
            for index, (entry, term) in enumerate(self.committed, 1):
                if term < after.current_term and index > after.log.snapshot_index:
                    _demand(log.get(index) == entry, "leader completeness")

    def _state_machine_safety(self, before: Server, after: Server) -> None:
        for index in range(before.commit_index + 1, after.commit_index + 1):
            entry = _entry(index, before, after)
            if entry is None:
                continue  # in a snapshot by now: the machine below shows what it was
            if index <= len(self.committed):
                _demand(self.committed[index - 1][0] == entry, "state machine safety")
            else:
                _demand(index == len(self.committed) + 1, "committed behind a gap")
                self.committed.append((entry, after.current_term))
        same = self._machine_at(after.last_applied) == attrs.evolve(after.replica, fails=False)
        _demand(same, "the machine is not what its log makes of it")

    def _snapshot(self, after: Server) -> None:
        """A snapshot is what replaying the entries that it replaces would give."""
        snapshot, log = after.snapshot, after.log
        assert snapshot is not None
        index = snapshot.last_included_index
        boundary = (snapshot.last_included_index, snapshot.last_included_term)
        _demand(boundary == (log.snapshot_index, log.snapshot_term), "a log without its snapshot")
        same = self._machine_at(index) == snapshot.replica
        _demand(same, "the snapshot is not what it replaces")
        _demand(self.committed[index - 1][0].term == log.snapshot_term, "a snapshot's term")

    def _machine_at(self, index: int) -> Replica:
        """The machine after so many committed entries."""
        _demand(index <= len(self.committed), "applied what nobody has committed")
        self.replayed = self.replayed or [self.blank]
        for entry, _ in self.committed[len(self.replayed) - 1 : index]:
            replica = self.replayed[-1]
            self.replayed.append(replica.apply(entry.command)[0] if entry.command else replica)
        return self.replayed[index]


def _entry(index: int, before: Server, after: Server) -> Entry | None:
    """A newly committed entry; None where it went into a snapshot in the same transition."""
    if index > after.log.snapshot_index:
        return after.log[index]
    if isinstance(before.role, Leader) and isinstance(after.role, Leader):
        return before.log[index]  # append-only, so it is what was compacted
    return None
