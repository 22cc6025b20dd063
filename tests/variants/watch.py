"""What must hold at all times over a set of servers and their disks: written plainly, on lists.

The names are those that the scripts use.
"""

from collections.abc import Iterator

import attrs

from raftviz.raft.cluster import Cluster
from raftviz.raft.log import Entry, Log
from raftviz.raft.quorum import majority
from raftviz.raft.server import Leader, Persistent, Server


@attrs.define
class Stage:
    """The servers that are up, and the disks of all."""

    cluster: Cluster
    up: dict[int, Server]
    disks: dict[int, Persistent]


@attrs.define
class Watch:
    """Looks at a stage after every step. ``fell`` maps each property that broke to how it did."""

    fell: dict[str, str] = attrs.field(factory=dict)
    terms: dict[int, int] = attrs.field(factory=dict)
    votes: dict[tuple[int, int], int] = attrs.field(factory=dict)
    leaders: dict[int, int] = attrs.field(factory=dict)
    committed: dict[int, tuple[Entry, int]] = attrs.field(factory=dict)
    """Each entry that was declared committed, with the term of whoever declared it first."""
    applied: dict[int, Entry] = attrs.field(factory=dict)
    acknowledged: dict[int, Entry] = attrs.field(factory=dict)
    """What clients were told is done, by the index at which it then stood."""

    def note(self, name: str, how: str) -> None:
        """A property fell; the first time is kept."""
        self.fell.setdefault(name, how)

    def hear(self, leader: Server, client: int, serial: int) -> None:
        """A client is told that its command is done."""
        for entry in leader.log:
            command = entry.command
            if command is not None and (command.client, command.serial) == (client, serial):
                self.acknowledged.setdefault(entry.index, entry)
                return

    def look(self, stage: Stage) -> None:
        """Check everything there is."""
        for server in stage.up.values():
            self._terms_and_votes(server)
            self._applied(server)
            self._executed(server)
        self._log_matching(stage)
        for server in stage.up.values():
            self._commits(stage, server)
        self._committed_stays(stage)
        for server in stage.up.values():
            if isinstance(server.role, Leader):
                self._leader(server)

    def _terms_and_votes(self, server: Server) -> None:
        me, term, vote = server.id, server.current_term, server.voted_for
        if term < self.terms.get(me, 0):
            self.note("TermMonotonic", f"the term of {me} went back to {term}")
        self.terms[me] = term
        if vote and self.votes.setdefault((me, term), vote) != vote:
            self.note("VoteOnce", f"{me} voted for {self.votes[me, term]} and {vote} in {term}")

    def _leader(self, server: Server) -> None:
        me, term = server.id, server.current_term
        if self.leaders.setdefault(term, me) != me:
            self.note("ElectionSafety", f"{self.leaders[term]} and {me} lead term {term}")
        for entry, since in self.committed.values():
            if since < term and not _holds(server.log, entry):
                self.note("LeaderCompleteness", f"{me} leads term {term} without {entry}")

    def _applied(self, server: Server) -> None:
        for entry in server.log.slice(1, server.last_applied):
            if self.applied.setdefault(entry.index, entry) != entry:
                other = self.applied[entry.index]
                self.note("StateMachineSafety", f"{server.id} applied {entry}, another {other}")
        if server.log.snapshot_index > server.last_applied:
            self.note("SnapshotWithinApplied", f"{server.id} has a snapshot of what is not applied")

    def _executed(self, server: Server) -> None:
        done = server.replica.values.get("done", "").split(",")[:-1]
        if len(set(done)) < len(done):
            self.note("ExactlyOnce", f"{server.id} executed a command twice: {done}")
        for entry in server.log.slice(1, server.last_applied):
            if entry.command and entry.command.text.split()[-1][:-1] not in done:
                self.note("AppliedContiguous", f"{server.id} counts {entry}, and skipped it")

    def _log_matching(self, stage: Stage) -> None:
        logs = dict(_logs(stage))
        for one in logs.values():
            for two in logs.values():
                low = max(one.snapshot_index, two.snapshot_index)
                high = min(one.last_index, two.last_index)
                equal_from_here_down = False
                for index in range(high, low, -1):
                    equal_from_here_down |= one[index].term == two[index].term
                    if equal_from_here_down and one[index] != two[index]:
                        self.note("LogMatching", f"{one[index]} and {two[index]}")

    def _commits(self, stage: Stage, server: Server) -> None:
        for entry in server.log.slice(1, server.commit_index):
            if entry.index in self.committed:
                continue
            self.committed[entry.index] = entry, server.current_term
            if not _on_a_majority(stage, entry):
                self.note("CommitQuorum", f"{server.id} committed {entry} too early")

    def _committed_stays(self, stage: Stage) -> None:
        for entry, _ in self.committed.values():
            if not _on_a_majority(stage, entry):
                self.note("CommittedDurable", f"{entry} is committed, and not on a majority")
            told = self.acknowledged.get(entry.index, entry)
            if told != entry:
                self.note("AckedNotLost", f"a client was told {told} is done; there is {entry}")


def _logs(stage: Stage) -> Iterator[tuple[int, Log]]:
    for member, disk in stage.disks.items():
        yield member, stage.up[member].log if member in stage.up else disk.log


def _holds(log: Log, entry: Entry) -> bool:
    """Whether the entry is in the log, or below it in a snapshot."""
    if entry.index <= log.snapshot_index:
        return True
    return entry.index <= log.last_index and log[entry.index] == entry


def _on_a_majority(stage: Stage, entry: Entry) -> bool:
    copies = sum(_holds(disk.log, entry) for disk in stage.disks.values())
    return copies >= majority(len(stage.disks))
