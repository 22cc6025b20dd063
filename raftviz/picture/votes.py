"""The votes of an election, as they can be seen from above: given, refused, coming, or not."""

from collections.abc import Iterator

from raftviz.picture.primitives import PipState
from raftviz.raft.messages import Message, RequestVoteRequest, RequestVoteResponse
from raftviz.raft.names import Address
from raftviz.raft.server import Candidate
from raftviz.raft.values import value
from raftviz.sim.history import State
from raftviz.sim.host import Host, Status

Vote = tuple[Address, Address, int]
"""(candidate, voter, term)."""


@value(eq=False)
class Votes:
    """Which votes are on their way: looked up once for a whole picture.

    ``asked`` are requests that travel or wait for a paused voter; ``answered`` are answers that
    travel or wait for the voter's disk. What travels towards a cut is in neither.
    """

    hosts: dict[int, Host]
    asked: frozenset[Vote]
    answered: frozenset[Vote]

    @classmethod
    def of(cls, state: State) -> "Votes":
        """Look through everything that is in flight or waits somewhere."""
        asked, answered = set(), set()
        for source, target, message in _underway(state):
            if isinstance(message, RequestVoteRequest):
                asked.add((source, target, message.term))
            elif isinstance(message, RequestVoteResponse):
                answered.add((target, source, message.term))
        return cls(dict(state.hosts), frozenset(asked), frozenset(answered))

    def of_voter(self, candidate: Host, voter: int) -> PipState:
        """What became of one voter's vote for a candidate."""
        role = candidate.server.role
        assert isinstance(role, Candidate)
        if voter in role.granted:
            return "granted"
        if voter in role.refused:
            return "refused"
        vote = (candidate.id, voter, candidate.server.current_term)
        if vote in self.answered:
            return "coming"
        crashed = self.hosts[voter].status is Status.CRASHED
        return "coming" if vote in self.asked and not crashed else "cannot"


def _underway(state: State) -> Iterator[tuple[Address, Address, Message]]:
    for flight in state.flights.values():
        if not state.network.is_cut(flight.source, flight.target):
            yield flight.source, flight.target, flight.message
    for host in state.hosts.values():
        for flight in host.backlog:
            yield flight.source, flight.target, flight.message
        for write in host.disk.writes:
            for target, message in write.messages:
                yield host.id, target, message
