"""What the servers of a cluster have in common: who they are, and the rules they follow."""

import attrs

from raftviz.raft.quorum import Configuration
from raftviz.raft.rules import RULES, Rules


@attrs.frozen
class Options:
    """Choices the paper leaves open. ``no_op``: a new leader appends an empty entry (§8)."""

    no_op: bool = True


@attrs.frozen
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
