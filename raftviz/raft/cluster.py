"""What the servers of a cluster have in common: who they are, and the rules they follow."""

import attrs

from raftviz.raft.machine import MACHINES, Replica
from raftviz.raft.quorum import Configuration
from raftviz.raft.rules import RULES, Rules
from raftviz.raft.values import value


@value
class Options:
    """Choices the paper leaves open.

    ``no_op``: a new leader appends an empty entry (§8). ``skip_terms``: a refusal lets the leader
    go back a whole term at a time (§5.3, end), not one entry. ``batch``: so many commands are sent
    together (1: each at once). ``pipeline``: so many appends to one follower may be unanswered;
    with more than one, ``next_index`` runs ahead (dissertation §10.2.1). ``max_entries``: at most
    so many entries in one append. ``snapshot_every``: compact the log when so many entries are
    applied since the last snapshot (0: never). ``chunk``: characters of a snapshot in a message.
    ``machine``: which state machine is replicated.
    """

    no_op: bool = True
    skip_terms: bool = True
    batch: int = 1
    pipeline: int = 1
    max_entries: int = 512
    snapshot_every: int = 0
    chunk: int = 200
    machine: str = "map"

    blank: Replica = attrs.field(init=False, eq=False, repr=False)
    """The state machine before any command: one value for all, so that all that follows is shared."""

    @blank.default
    def _blank(self) -> Replica:
        return Replica(MACHINES[self.machine])


@value
class Cluster:
    """The servers' configuration, options and rules."""

    configuration: Configuration
    options: Options = attrs.field(factory=Options)
    rules: Rules = RULES

    @classmethod
    def of_size(cls, size: int, options: Options | None = None, rules: Rules = RULES) -> "Cluster":
        """Servers 1 … ``size``, all with a vote."""
        return cls(Configuration(tuple(range(1, size + 1))), options or Options(), rules)

    def others(self, server_id: int) -> tuple[int, ...]:
        """All members but this one."""
        return tuple(member for member in self.configuration.members if member != server_id)
