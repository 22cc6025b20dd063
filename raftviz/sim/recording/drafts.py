"""A host while a line changes it, field by field."""

from collections.abc import Mapping

import attrs

from raftviz.raft.machine import Replica
from raftviz.raft.server import Follower, Persistent, Server
from raftviz.sim.host import Disk, Host
from raftviz.sim.network import Flight
from raftviz.sim.partly import IN_MEMORY, OF_ROLES, PartlyKnownHost
from raftviz.sim.recording.entries import Entries
from raftviz.sim.recording.fields import Clock, Wrong
from raftviz.sim.recording.logs import ReadLog
from raftviz.sim.recording.messages import Messages
from raftviz.sim.recording.names import Names
from raftviz.sim.units import NEVER

Sessions = Mapping[int, tuple[int, str]]


@attrs.define
class Recall:
    """What lines refer to: who is who, and the entries, messages and states that were read."""

    names: Names
    entries: Entries
    messages: Messages
    blank: Replica
    clock: Clock = attrs.field(factory=Clock)
    arrived: Flight | None = None
    """The message that has just arrived, if one has."""
    replicas: dict[tuple[int, int], Replica] = attrs.field(factory=dict)
    """State machines by the last entry they applied, so that equal ones are one value."""

    def replica(self, values: Mapping[str, str], sessions: Sessions, *, fails: bool) -> Replica:
        """A state machine in this state."""
        try:
            return Replica(self.blank.machine.restored(values), sessions, fails)
        except (KeyError, ValueError) as error:
            raise Wrong("this cannot be the state of such a state machine") from error


class Draft:
    """A host that is being changed. ``before`` is how it was."""

    def __init__(self, before: Host, recall: Recall) -> None:
        server, disk = before.server, before.disk
        self.before = before
        self.recall = recall
        self.id = server.id
        self.unknown = set(before.unknown)
        self.status = before.status
        self.role = server.role
        self.term = server.current_term
        self.vote = server.voted_for
        self.log = server.log
        self.commit_index = server.commit_index
        self.last_applied = server.last_applied
        self.snapshot = server.snapshot
        self.durable = disk.durable
        self.writes = disk.writes
        self.image = disk.image
        self.full = disk.full
        self.fails = disk.fails
        self.timer = before.timer_us, before.timer_from_us, before.timer_cause
        self.backlog = before.backlog
        self.batch_us = before.batch_us
        self.refuses = before.refuses
        self.anew = False
        """Whether its state counts as another one though nothing in it changed."""
        self._replica = server.replica
        self._state: tuple[Mapping[str, str], Sessions, bool] | None = None

    # The state machine: its values and its answers are told apart, and make one value

    @property
    def state(self) -> tuple[Mapping[str, str], Sessions, bool]:
        """The values, the answers that are remembered, and whether the next command fails."""
        replica = self._replica
        return self._state or (replica.values, replica.sessions, replica.fails)

    @state.setter
    def state(self, state: tuple[Mapping[str, str], Sessions, bool]) -> None:
        self._state = state

    @property
    def replica(self) -> Replica:
        """The state machine as it is now; one value for all servers in the same state."""
        if self._state is not None:
            values, sessions, fails = self._state
            made = self.recall.replica(values, sessions, fails=fails)
            key = self.last_applied, self.log.term_at(self.last_applied) or 0
            known = self.recall.replicas.setdefault(key, made)
            self._replica, self._state = known if known == made else made, None
        return self._replica

    @replica.setter
    def replica(self, replica: Replica) -> None:
        self._replica, self._state = replica, None

    # The log

    @property
    def persistent(self) -> Persistent:
        """What the server would have to find again after a crash."""
        return Persistent(self.term, self.vote, self.log, self.snapshot)

    @property
    def read_log(self) -> ReadLog | None:
        """The log, if anything is known of it."""
        return None if "log" in self.unknown else ReadLog(self.log, "entries" in self.unknown)

    @read_log.setter
    def read_log(self, read: ReadLog) -> None:
        self.log = read.log
        if read.hidden:
            self.unknown |= {"entries", "clients"}
        else:
            self.unknown.discard("entries")

    # The whole

    def crash(self) -> None:
        """Forget what a crash takes away."""
        self.role = Follower()
        self.commit_index = self.last_applied = self.log.snapshot_index
        self.replica = self.recall.blank
        self.writes, self.backlog = (), ()
        self.timer, self.batch_us = (NEVER, 0, -1), NEVER
        self.unknown |= IN_MEMORY
        self.unknown.difference_update(OF_ROLES)

    def finished(self) -> Host:
        """The host, of the plain class if all of it is known."""
        old = self.before
        server = Server(
            self.id,
            self.term,
            self.vote,
            self.log,
            self.role,
            self.commit_index,
            self.last_applied,
            self.replica,
            self.snapshot,
        )
        # The checks ask first whether a thing is the same one.
        server = old.server if server == old.server and not self.anew else server
        disk = Disk(self.durable, self.writes, self.image, self.full, self.fails)
        disk = old.disk if disk == old.disk else disk
        rest = self.backlog, self.batch_us, self.refuses
        if self.unknown:
            unknown = frozenset(self.unknown)
            return PartlyKnownHost(server, disk, self.status, *self.timer, *rest, unknown)
        return Host(server, disk, self.status, *self.timer, *rest)
