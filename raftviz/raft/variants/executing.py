"""Mistakes between the log, the state machine and the clients (§5.3, §8)."""

import attrs

from raftviz.raft.log import Command
from raftviz.raft.machine import Replica
from raftviz.raft.variants.variant import breaks


@breaks(
    "applied_after_failure",
    "§5.3",
    "A command that failed counts as applied",
    "applied_contiguous",
)
def apply_error_skips(last_applied: int, index: int) -> int:  # noqa: ARG001 - has the rule's shape
    """Correct: last_applied moves when the command was executed; after a failure it is tried again.

    Mistake: the loop first counts and then executes, and the error leaves it in between.

    Falls: the contiguous application of the log. This server passes over one command for ever,
    and its state differs from that of all the others, with equal logs.
    """
    return index


@breaks(
    "may_answer",
    "§8",
    "The client is answered when its command is appended",
    "acknowledged_not_lost",
)
def ack_before_commit(index: int, commit_index: int) -> bool:  # noqa: ARG001 - has the rule's shape
    """Correct: a client is told "done" when its command is committed and executed.

    Mistake: the function that takes the command returns when it has appended and sent it, with
    "ok", whatever the followers will answer.

    Falls: what was acknowledged stays. The leader is deposed before a majority has the entry, and
    the next one puts another command in its place.
    """
    return True


@breaks(
    "execute",
    "§8; dissertation §6.3",
    "A retried command is executed twice",
    "acknowledged_not_lost",
)
def no_sessions(replica: Replica, command: Command) -> tuple[Replica, str]:
    """Correct: the state machine knows the last serial number of each client, and what it answered.

    Mistake: Raft replicates a log and does not say who asked. A client that hears nothing asks
    again, and the cluster has no way to know that it is the same request.

    Falls: exactly once. The answer was lost, not the command, and an increment counts twice.
    """
    return replica.apply(attrs.evolve(command, client=0))
