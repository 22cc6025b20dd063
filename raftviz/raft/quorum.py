"""Majorities of any cluster size, and of two configurations at once (§5.2, §6)."""

from collections.abc import Collection, Mapping

from raftviz.raft.values import value


@value
class Configuration:
    """The servers whose agreement counts; during a change of members both sets must agree (§6)."""

    voters: tuple[int, ...]
    outgoing: tuple[int, ...] = ()

    @property
    def members(self) -> tuple[int, ...]:
        """All servers of either set, ascending."""
        return self.voters if not self.outgoing else tuple(sorted({*self.voters, *self.outgoing}))


def majority(size: int) -> int:
    """How many of ``size`` servers are more than half: 3 of 5, and 3 of 4."""
    return size // 2 + 1


def is_quorum(servers: Collection[int], configuration: Configuration) -> bool:
    """Whether ``servers`` hold a majority of each set of voters.

    A set with no voters asks for nothing, which is what an absent second set must do.
    """
    return all(
        sum(voter in servers for voter in voters) >= majority(len(voters))
        for voters in (configuration.voters, configuration.outgoing)
        if voters
    )


def quorum_index(match_index: Mapping[int, int], configuration: Configuration) -> int | None:
    """The highest index that a majority of each set of voters has reached.

    A voter that is missing from ``match_index`` has reached 0. None when there are no voters at
    all: nothing limits the index then.
    """
    limits = [
        sorted([match_index.get(voter, 0) for voter in voters])[(len(voters) - 1) // 2]
        for voters in (configuration.voters, configuration.outgoing)
        if voters
    ]
    return min(limits) if limits else None
