"""Applying what is committed, and replacing what is applied by a snapshot (§5.3, §7)."""

import attrs

from raftviz.raft import because as why
from raftviz.raft.appending import Outgoing
from raftviz.raft.because import Because
from raftviz.raft.cluster import Cluster
from raftviz.raft.machine import ApplyFailed, Replica
from raftviz.raft.messages import ClientResponse
from raftviz.raft.names import Address
from raftviz.raft.server import Leader, Server, Snapshot
from raftviz.raft.transition import Transition


def apply_committed(cluster: Cluster, server: Server, commit_index: int) -> tuple[Server, Outgoing]:
    """Apply the entries up to ``commit_index`` in order, each once (§5.3).

    A leader answers each client whose command it applied: only now is it told "done" (§8). A
    command that fails is neither passed over nor counted as applied: it is tried again with the
    next chance, and what follows it waits.
    """
    replica, applied = server.replica, server.last_applied
    answers: list[tuple[Address, ClientResponse]] = []
    leads = isinstance(server.role, Leader)
    for entry in server.log.slice(applied + 1, commit_index):
        command = entry.command
        if command is not None:
            try:
                replica, result = cluster.rules.execute(replica, command)
            except ApplyFailed as failed:
                replica = failed.replica
                applied = cluster.rules.applied_after_failure(applied, entry.index)
                break
            if leads and command.client:
                answers.append((command.client, ClientResponse(command.serial, result)))
        applied = entry.index
    return server.with_applied(commit_index, applied, replica), tuple(answers)


def compact(cluster: Cluster, server: Server, through: int | None) -> Transition:
    """Take a snapshot, so that the log below it can go (§7)."""
    index = cluster.rules.compaction_index(server, through)
    if index <= server.log.snapshot_index:
        return Transition(server, (Because(why.NOTHING_TO_COMPACT, {"me": server.id}),))
    log = server.log.compact(index)
    snapshot = Snapshot(index, log.snapshot_term, _replica_at(cluster, server, index))
    after = attrs.evolve(server, log=log, snapshot=snapshot)
    return Transition(after, (Because(why.COMPACT, {"me": server.id, "index": index}),))


def _replica_at(cluster: Cluster, server: Server, index: int) -> Replica:
    """The state machine as of ``index``. Where more is applied already, only replaying tells."""
    if index >= server.last_applied:
        replica = server.replica
        return attrs.evolve(replica, fails=False) if replica.fails else replica
    replica = server.snapshot.replica if server.snapshot else cluster.options.blank
    for entry in server.log.slice(server.log.snapshot_index + 1, index):
        if entry.command is not None:
            replica, _ = cluster.rules.execute(replica, entry.command)
    return replica
