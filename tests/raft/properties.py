"""The properties of the paper's Figure 3, watched over a whole run: written plainly, on lists."""

import attrs

from raftviz.raft.log import Entry
from raftviz.raft.machine import KeyValueMachine, StateMachine
from raftviz.raft.messages import AppendEntriesResponse, RequestVoteResponse
from raftviz.raft.server import Leader, Server
from raftviz.raft.transition import Transition


class PropertyError(AssertionError):
    """A property fell."""


def _demand(holds: bool, what: str) -> None:
    if not holds:
        raise PropertyError(what)


@attrs.define
class Watch:
    """Looks at every transition of a run, and remembers who led and what was committed."""

    leaders: dict[int, int] = attrs.field(factory=dict)
    committed: list[tuple[Entry, int]] = attrs.field(factory=list)
    """Each committed entry, with the term in which it was first known to be committed."""
    logs: dict[int, list[Entry]] = attrs.field(factory=dict)
    said: set[str] = attrs.field(factory=set)

    def __call__(self, before: Server, transition: Transition) -> None:
        """Check one transition."""
        after = transition.server
        for because in transition.because:
            self.said.add(because.sentence)
        _demand(after.current_term >= before.current_term, "a term went back")
        _demand(after.commit_index >= before.commit_index, "the commit index went back")
        _demand(after.commit_index <= after.log.last_index, "committed what is not there")
        _demand(after.last_applied == after.commit_index, "not applied what is committed")
        self._persistence(before, transition)
        if after.log is not before.log or after.id not in self.logs:
            self._log_matching(before, after)
        if isinstance(after.role, Leader):
            self._leader(before, after)
        if after.commit_index > before.commit_index:
            self._state_machine_safety(before, after)

    def _persistence(self, before: Server, transition: Transition) -> None:
        changed = before.persistent != transition.server.persistent
        persist = transition.persist
        _demand(not changed or persist == transition.server.persistent, "not persisted")
        for _, message in transition.messages:
            if isinstance(message, RequestVoteResponse | AppendEntriesResponse):
                _demand(message.term == transition.server.current_term, "answered in an old term")

    def _log_matching(self, before: Server, after: Server) -> None:
        mine = list(after.log)
        self.logs[after.id] = mine
        for other in self.logs.values():
            same_from_here_down = False
            for one, two in reversed(list(zip(mine, other, strict=False))):
                same_from_here_down = same_from_here_down or one.term == two.term
                _demand(not same_from_here_down or one == two, "log matching")
        if isinstance(before.role, Leader) and isinstance(after.role, Leader):
            _demand(list(before.log) == mine[: len(before.log)], "leader append-only")

    def _leader(self, before: Server, after: Server) -> None:
        known = self.leaders.setdefault(after.current_term, after.id)
        _demand(known == after.id, "election safety")
        if not isinstance(before.role, Leader):
            log = list(after.log)
            for index, (entry, term) in enumerate(self.committed):
                if term < after.current_term:
                    _demand(log[index : index + 1] == [entry], "leader completeness")

    def _state_machine_safety(self, before: Server, after: Server) -> None:
        for index in range(before.commit_index + 1, after.commit_index + 1):
            entry = after.log[index]
            if index <= len(self.committed):
                _demand(self.committed[index - 1][0] == entry, "state machine safety")
            else:
                self.committed.append((entry, after.current_term))
        machine: StateMachine = KeyValueMachine()
        for entry, _ in self.committed[: after.commit_index]:
            if entry.command is not None:
                machine = machine.apply(entry.command)[0]
        _demand(machine == after.machine, "the machine is not what its log makes of it")
