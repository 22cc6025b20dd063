"""What led to an election, a vote, a refusal, a new term (§5.1, §5.2, §5.4.1)."""

from collections.abc import Iterator

from raftviz.picture.why.here import Here, Link, Values
from raftviz.raft import because as why
from raftviz.raft.names import name
from raftviz.raft.quorum import majority
from raftviz.sim.events import Acted
from raftviz.sim.host import Host, Status

_LOST_SHOWN = 3
"""How many of the heartbeats that did not come are worth naming."""


def step_down(here: Here, values: Values) -> Iterator[Link]:
    """The other server's way into the later term."""
    other = _server(values, "other")
    if other > 0:
        moved = here.moved_to_term(other, here.sent)
        yield Link(moved, f"{name(other)} moved to term {values['term']}")


def start_election(here: Here, values: Values) -> Iterator[Link]:
    """Why no heartbeat came in time; why the candidate had not won before."""
    me, before = _server(values, "me"), here.record.before
    if isinstance(here.record.event, Acted) or not isinstance(before, Host):
        return
    set_at = here.record.cause
    leader = before.server.leader_id
    if leader:
        stopped = here.stopped(leader, here.number)
        if stopped is not None:
            event, status = stopped
            did = "crashed" if status is Status.CRASHED else "was paused"
            yield Link(event, f"{name(leader)}, which led, {did}")
        lost = list(here.lost_between(leader, me, set_at))
        for event in reversed(lost[:_LOST_SHOWN]):
            yield Link(event, f"a message of {name(leader)}, which led, did not arrive")
    term = before.server.current_term
    tracks = here.threads.tracks
    for voter in here.threads.history.start.hosts:
        fact = tracks.last(("refused", me, voter), here.number)
        if fact is not None and fact[1] == term:
            yield Link(fact[0], f"{name(voter)} had not voted for {name(me)} in term {term}")


def count_votes(here: Here, values: Values) -> Iterator[Link]:
    """Each vote that the candidate has, its own first: that came with its timeout."""
    me, term = _server(values, "me"), values["term"]
    granted, servers = values["granted"], here.threads.history.start.hosts
    assert isinstance(granted, frozenset)
    began = here.changed_role(me, here.number) if here.number else -1
    votes = sorted((_vote(here, me, voter, began), voter) for voter in granted)
    needed = majority(len(servers))
    for count, (event, voter) in enumerate(votes, 1):
        who = "itself" if voter == me else name(me)
        words = f"{name(voter)} voted for {who} in term {term} ({count} of {needed})"
        yield Link(here.earlier(event), words)


def _vote(here: Here, candidate: int, voter: int, began: int) -> int:
    """When the candidate, which has been one since ``began``, got this vote: now, or before."""
    fact = here.threads.tracks.last(("granted", candidate, voter), here.after)
    return here.number if fact is None or fact[0] < began else fact[0]


def refuse_stale_term(here: Here, values: Values) -> Iterator[Link]:
    """How the voter, or whoever hears of an old term, came into its own."""
    me = _server(values, "me")
    moved = here.moved_to_term(me, here.number)
    yield Link(moved, f"{name(me)} had moved to term {values['term']}")


def refuse_voted(here: Here, values: Values) -> Iterator[Link]:
    """The vote that was given before."""
    me, other = _server(values, "me"), _server(values, "voted_for")
    whom = "itself" if other == me else name(other)
    yield Link(
        here.voted(me, here.number), f"{name(me)} had voted for {whom} in term {values['term']}"
    )


def refuse_log_behind(here: Here, values: Values) -> Iterator[Link]:
    """The entry that makes the voter's log the more up-to-date one."""
    me, index = _server(values, "me"), values["last_index"]
    assert isinstance(index, int)
    event = here.came(me, index, here.number)
    yield Link(event, f"{name(me)} holds {here.entry_words(event, index)}")


def leads_term(here: Here, values: Values) -> Iterator[Link]:
    """The election that the leader won."""
    leader = _server(values, "leader") or _server(values, "me")
    before = here.sent if leader != _server(values, "me") else here.number
    event = here.took_office(leader, before)
    yield Link(event, f"{name(leader)} won the election of term {values['term']}")


def knows_leader(here: Here, values: Values) -> Iterator[Link]:
    """How a server knows of the leader that it names."""
    me, leader = _server(values, "me"), _server(values, "leader")
    if leader:
        heard = here.heard_of_leader(me, here.number)
        yield Link(heard, f"{name(me)} had heard from {name(leader)}, the leader")


def no_longer(here: Here, values: Values) -> Iterator[Link]:
    """When a server ceased to be what an answer takes it for."""
    me = _server(values, "me")
    yield Link(here.changed_role(me, here.number), f"{name(me)} had changed its role")


def _server(values: Values, key: str) -> int:
    found = values.get(key, 0)
    return found if isinstance(found, int) else 0


MAKERS = {
    why.STEP_DOWN: step_down,
    why.START_ELECTION: start_election,
    why.COUNT_VOTE: count_votes,
    why.WIN_ELECTION: count_votes,
    why.REFUSE_VOTE_STALE_TERM: refuse_stale_term,
    why.IGNORE_STALE_RESPONSE: refuse_stale_term,
    why.REJECT_STALE_LEADER: refuse_stale_term,
    why.REFUSE_VOTE_ALREADY_VOTED: refuse_voted,
    why.REFUSE_VOTE_LOG_BEHIND: refuse_log_behind,
    why.FOLLOW_LEADER: leads_term,
    why.REJECT_SECOND_LEADER: leads_term,
    why.SEND_HEARTBEAT: leads_term,
    why.SEND_TO_LEADER: knows_leader,
    why.IGNORE_LATE_VOTE: no_longer,
    why.IGNORE_LATE_ANSWER: no_longer,
    why.FIRED_TOO_LATE: no_longer,
}
"""What else to look for, by the reason an event gives."""
