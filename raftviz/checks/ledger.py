"""What a branch has shown once and for all: the first leader of a term, what stands at an index.

Most properties say that something, once so, stays so. So the checker keeps the first
fact of each kind, with the event that showed it, and compares later events with it. A branch's
ledger holds its own facts and asks its parent's for those from before the fork: opening a branch
anywhere costs nothing.
"""

from collections.abc import Hashable

from raftviz.raft.values import value
from raftviz.sim.history import Branch
from raftviz.sim.host import Host


@value
class Fact:
    """Something that was so: the value, the server it was seen on, the event that showed it."""

    value: Hashable
    server: int
    event: int


class Ledger:
    """The first facts of one branch, by key, and its ``hosts`` as the last event seen left them."""

    def __init__(self, branch: Branch, parent: "Ledger | None", hosts: dict[int, Host]) -> None:
        self.branch = branch
        self.hosts = hosts
        self._parent = parent
        self._facts: dict[Hashable, Fact] = {}
        self._commits: list[tuple[int, int]] = []

    def find(self, key: Hashable) -> Fact | None:
        """The fact with this key, if it is one in this branch."""
        fact = self._facts.get(key)
        if fact is not None or self._parent is None:
            return fact
        ledger: Ledger | None = self._parent
        bound = self.branch.fork
        while ledger is not None:
            fact = ledger._facts.get(key)
            if fact is not None and fact.event < bound:
                return fact
            bound = min(bound, ledger.branch.fork)
            ledger = ledger._parent
        return None

    def first(self, key: Hashable, value: Hashable, server: int, event: int) -> Fact | None:
        """Note a fact unless one with this key is known; return the known one."""
        known = self._facts.get(key)
        if known is None and self._parent is not None:
            known = self.find(key)
        if known is None:
            self._facts[key] = Fact(value, server, event)
        return known

    def note_commit(self, index: int, event: int) -> None:
        """Note that everything up to ``index`` is committed."""
        self._commits.append((index, event))

    def committed(self) -> int:
        """The highest index known to be committed in this branch."""
        ledger: Ledger | None = self
        bound: int | None = None
        while ledger is not None:
            for index, event in reversed(ledger._commits):
                if bound is None or event < bound:
                    return index
            fork = ledger.branch.fork
            bound = fork if bound is None else min(bound, fork)
            ledger = ledger._parent
        return 0
