"""The messages servers and clients exchange, with the paper's field names (Figure 2, §8).

Each is frozen and carries the sender's term where the paper has one. Who sends it to whom is the
envelope's business (``raftviz.sim``), not the message's; ``candidate_id`` and ``leader_id`` are
here because the paper's RPCs carry them.
"""

from raftviz.raft.log import Command, Entry
from raftviz.raft.values import value


@value
class RequestVoteRequest:
    """A candidate asks for a vote (Figure 2, RequestVote RPC)."""

    term: int
    candidate_id: int
    last_log_index: int
    last_log_term: int


@value
class RequestVoteResponse:
    """The answer to a RequestVote; ``term`` lets a stale candidate update itself."""

    term: int
    vote_granted: bool


@value
class AppendEntriesRequest:
    """A leader replicates entries; with none it is a heartbeat (Figure 2, AppendEntries RPC)."""

    term: int
    leader_id: int
    prev_log_index: int
    prev_log_term: int
    entries: tuple[Entry, ...]
    leader_commit: int

    @property
    def last_new_index(self) -> int:
        """The last index that this request speaks of: what a success proves, and no more."""
        return self.prev_log_index + len(self.entries)


@value
class AppendEntriesResponse:
    """The answer to an AppendEntries.

    On success ``match_index`` is the last index that the *request* proved to agree, so that a late
    answer is never credited with what was sent since. On refusal ``conflict_index`` and
    ``conflict_term`` let the leader skip a whole term (§5.3, end); ``conflict_term`` is 0 when the
    follower's log is too short to hold a conflicting entry.
    """

    term: int
    success: bool
    match_index: int = 0
    conflict_index: int = 0
    conflict_term: int = 0


@value
class InstallSnapshotRequest:
    """A leader sends a chunk of its snapshot to a follower that is too far behind (Figure 13).

    ``offset`` is where in the snapshot's text ``data`` begins; ``done`` marks the last chunk.
    """

    term: int
    leader_id: int
    last_included_index: int
    last_included_term: int
    offset: int
    data: str
    done: bool


@value
class InstallSnapshotResponse:
    """The answer to a chunk. ``offset`` is how much of the snapshot has arrived in one piece.

    ``installed`` says that the follower now holds everything up to ``last_included_index``.
    """

    term: int
    last_included_index: int
    offset: int
    installed: bool


@value
class ClientRequest:
    """A client asks a server to have ``command`` executed (§8)."""

    command: Command


@value
class ClientResponse:
    """The command with this serial number was committed and executed with this result."""

    serial: int
    result: str


@value
class NotLeader:
    """The server asked is not the leader; ``leader_id`` is the one it knows of, 0 if none (§8)."""

    serial: int
    leader_id: int


ServerMessage = (
    RequestVoteRequest
    | RequestVoteResponse
    | AppendEntriesRequest
    | AppendEntriesResponse
    | InstallSnapshotRequest
    | InstallSnapshotResponse
)
Message = ServerMessage | ClientRequest | ClientResponse | NotLeader


def message_name(message: Message) -> str:
    """The message's type in one word, as the paper names its RPCs and their results.

    ``RequestVote``, ``RequestVoteResponse``, ``AppendEntries``, ``AppendEntriesResponse``,
    ``InstallSnapshot``, ``InstallSnapshotResponse``,
    ``ClientRequest``, ``ClientResponse``, ``NotLeader``.
    """
    return _NAMES.get(type(message)) or type(message).__name__


_NAMES: dict[type, str] = {
    RequestVoteRequest: "RequestVote",
    AppendEntriesRequest: "AppendEntries",
    InstallSnapshotRequest: "InstallSnapshot",
}
