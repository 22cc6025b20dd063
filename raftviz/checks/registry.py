"""Which check watches over which property, and what a record must change for it to be asked."""

from raftviz.checks import client, disk, machines, properties, state, step
from raftviz.checks.properties import Property
from raftviz.checks.seen import STATE, Check, On

Watch = tuple[Property, Check, tuple[On, ...]]

WATCHES: tuple[Watch, ...] = (
    (properties.ELECTION_SAFETY, state.election_safety, (On.ELECTED,)),
    (properties.LEADER_APPEND_ONLY, step.leader_append_only, (On.LOST,)),
    (properties.LOG_MATCHING, state.log_matching, (On.LOG,)),
    (properties.LEADER_COMPLETENESS, state.leader_completeness, (On.ELECTED, On.COMMITTED)),
    (properties.STATE_MACHINE_SAFETY, state.state_machine_safety, (On.APPLIED,)),
    (properties.COMMIT_QUORUM, disk.commit_quorum, (On.COMMITTED,)),
    (properties.COMMITTED_DURABLE, disk.committed_durable, (On.LOST,)),
    (properties.ORDERING, state.ordering, (On.MARKS,)),
    (properties.PROGRESS_SOUND, disk.progress_sound, (On.PROGRESS,)),
    (properties.PROGRESS_SOUND, disk.progress_kept, (On.LOST,)),
    (properties.SNAPSHOT_FAITHFUL, machines.snapshot_faithful, (On.SNAPSHOT,)),
    (properties.TERM_MONOTONIC, step.term_monotonic, (On.VOTE,)),
    (properties.COMMIT_MONOTONIC, step.commit_monotonic, (On.MARKS,)),
    (properties.VOTE_ONCE, step.vote_once, (On.VOTE,)),
    (properties.VOTE_ONCE, step.told_votes, (On.SENT,)),
    (properties.COMMITTED_STAYS, step.committed_stays, (On.LOST,)),
    (properties.DURABLE_BEFORE_REPLY, disk.durable_before_reply, (On.SENT,)),
    (properties.APPLIED_CONTIGUOUS, machines.applied_contiguous, (On.MISAPPLIED,)),
    (properties.ACKNOWLEDGED_NOT_LOST, client.acknowledged_not_lost, (On.SENT,)),
    (properties.ACKNOWLEDGED_NOT_LOST, client.stays_acknowledged, (On.MISAPPLIED,)),
    (properties.NO_PANIC, step.no_panic, (On.STOPPED,)),
)
"""One row a check; within a record they are asked in this order. Liveness has a driver of its own,
and what a client hears is told by no server's change: see ``liveness`` and ``client.heard``."""

NEEDS: dict[Check, frozenset[str]] = {
    state.election_safety: frozenset({"current_term"}),
    state.log_matching: frozenset({"log"}),
    state.leader_completeness: frozenset({"current_term", "log"}),
    state.state_machine_safety: frozenset({"last_applied", "log"}),
    state.ordering: frozenset(),  # it compares what is known
    step.leader_append_only: frozenset({"current_term", "log"}),
    step.term_monotonic: frozenset({"current_term"}),
    step.commit_monotonic: frozenset({"commit_index"}),
    step.vote_once: frozenset({"current_term", "voted_for"}),
    step.told_votes: frozenset(),  # what is told is known
    step.committed_stays: frozenset({"log"}),
    disk.commit_quorum: frozenset({"current_term", "log"}),
    disk.committed_durable: frozenset({"durable"}),
    disk.progress_sound: frozenset({"current_term", "log"}),
    disk.progress_kept: frozenset({"durable"}),
    disk.durable_before_reply: frozenset({"durable"}),
    machines.applied_contiguous: frozenset({"last_applied"}),
    machines.snapshot_faithful: STATE,
    client.acknowledged_not_lost: frozenset(),  # it looks at all servers
    client.stays_acknowledged: frozenset({"last_applied", "log"}),
    step.no_panic: frozenset(),  # the event says so itself
}
"""What each check must know of the server that changed: it is not asked if that is unknown. So no fact
is ever noted that is not known; where a check looks at other servers, it sees to it itself."""

CHECKS: dict[On, tuple[tuple[Property, Check, frozenset[str]], ...]] = {
    on: tuple((one, check, NEEDS[check]) for one, check, when in WATCHES if on in when) for on in On
}
"""The checks to ask about each kind of change, and what they must know."""
