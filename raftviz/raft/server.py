"""One server's state, with the paper's names (Figure 2, State).

Being crashed or paused is no part of it: that is something the world does to a server.
"""

from collections.abc import Mapping

import attrs

from raftviz.raft.log import Log
from raftviz.raft.machine import Replica
from raftviz.raft.values import value


@value
class Snapshot:
    """What replaces the log up to ``last_included_index`` (§7). ``replica`` is the state there."""

    last_included_index: int
    last_included_term: int
    replica: Replica


@value
class Incoming:
    """A snapshot that arrives in chunks: ``text`` is what has come so far (§7, Figure 13)."""

    last_included_index: int
    last_included_term: int
    text: str = ""


@value
class Follower:
    """Answers requests; ``leader_id`` is the leader of this term it heard from, 0 if none yet."""

    leader_id: int = 0
    incoming: Incoming | None = None


@value
class Candidate:
    """Asks for votes in its term. Votes are kept as sets of voters: a repeated answer counts once."""

    granted: frozenset[int]
    refused: frozenset[int] = frozenset()


@value
class Flow:
    """What a leader has under way to one follower.

    ``in_flight``: the last index of each append that is not answered yet, oldest first; they
    follow each other, and the oldest begins at ``start``.
    ``overdue``: the oldest of them at the last heartbeat; if it is still there at the next, it
    counts as lost. ``probing``: after a refusal, one append at a time until one succeeds.
    ``offset``: how much of a snapshot the follower is known to have.
    """

    in_flight: tuple[int, ...] = ()
    start: int = 0
    overdue: int = 0
    probing: bool = False
    offset: int = 0


IDLE = Flow()
"""Nothing is under way."""

PROBING = Flow(probing=True)
"""Nothing is under way, and where the follower agrees is yet to be found."""


@value
class Leader:
    """Replicates its log. All of this is reinitialised after election, and exists only here.

    ``next_index[s]``: the next entry to send to s. ``match_index[s]``: the highest entry known to
    be stored durably on s; the leader's own counts only once its disk has it (dissertation
    §10.2.1). ``batched``: entries above it still wait for others to be sent with.
    """

    next_index: Mapping[int, int]
    match_index: Mapping[int, int]
    flow: Mapping[int, Flow]
    batched: int = 0


Role = Follower | Candidate | Leader


@value
class Persistent:
    """What a server must find again after a crash (Figure 2, persistent state; §7)."""

    current_term: int = 0
    voted_for: int = 0
    log: Log = attrs.field(factory=Log)
    snapshot: Snapshot | None = None


@value
class Server:
    """The state of one server. ``voted_for`` is 0 when no vote was cast in ``current_term``."""

    id: int
    current_term: int = 0
    voted_for: int = 0
    log: Log = attrs.field(factory=Log)
    role: Role = attrs.field(factory=Follower)
    commit_index: int = 0
    last_applied: int = 0
    replica: Replica = attrs.field(factory=Replica)
    snapshot: Snapshot | None = None

    @property
    def persistent(self) -> Persistent:
        """The part that must survive a crash."""
        return Persistent(self.current_term, self.voted_for, self.log, self.snapshot)

    # These three changes happen at nearly every event that changes anything: spelling them out is
    # four times as fast as ``attrs.evolve``, which looks its fields up anew at each call.

    def with_role(self, role: Role) -> "Server":
        """This server in another role, or with another state of its role."""
        return Server(
            self.id,
            self.current_term,
            self.voted_for,
            self.log,
            role,
            self.commit_index,
            self.last_applied,
            self.replica,
            self.snapshot,
        )

    def with_log(self, log: Log) -> "Server":
        """This server with another log."""
        return Server(
            self.id,
            self.current_term,
            self.voted_for,
            log,
            self.role,
            self.commit_index,
            self.last_applied,
            self.replica,
            self.snapshot,
        )

    def with_applied(self, commit_index: int, last_applied: int, replica: Replica) -> "Server":
        """This server with what it knows to be committed, and what it has applied of it."""
        return Server(
            self.id,
            self.current_term,
            self.voted_for,
            self.log,
            self.role,
            commit_index,
            last_applied,
            replica,
            self.snapshot,
        )

    @property
    def leader_id(self) -> int:
        """The leader this server knows of in its term: itself, another, or 0."""
        if isinstance(self.role, Leader):
            return self.id
        return self.role.leader_id if isinstance(self.role, Follower) else 0


def restarted(server_id: int, disk: Persistent, blank: Replica) -> Server:
    """A server as it comes up with what its disk holds: a follower.

    Its state machine is that of the snapshot, or ``blank``; what is committed beyond it will be
    told by a leader.
    """
    snapshot = disk.snapshot
    return Server(
        server_id,
        disk.current_term,
        disk.voted_for,
        disk.log,
        commit_index=disk.log.snapshot_index,
        last_applied=disk.log.snapshot_index,
        replica=snapshot.replica if snapshot else blank,
        snapshot=snapshot,
    )


def role_name(server: Server) -> str:
    """``"follower"``, ``"candidate"`` or ``"leader"``."""
    return type(server.role).__name__.lower()
