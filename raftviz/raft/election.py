"""Leader election (§5.1, §5.2, §5.4.1)."""

import attrs

from raftviz.raft import because as why
from raftviz.raft.because import Because
from raftviz.raft.cluster import Cluster
from raftviz.raft.leading import take_office
from raftviz.raft.messages import RequestVoteRequest, RequestVoteResponse
from raftviz.raft.quorum import majority
from raftviz.raft.server import Candidate, Leader, Server
from raftviz.raft.transition import KEEP, Transition


def start_election(cluster: Cluster, server: Server) -> Transition:
    """The election timeout elapsed: new term, own vote, RequestVote to all others (§5.2)."""
    if isinstance(server.role, Leader):
        return Transition(server, (Because(why.FIRED_TOO_LATE, {"me": server.id}),))
    term = server.current_term + 1
    server = attrs.evolve(
        server,
        current_term=term,
        voted_for=server.id,
        role=Candidate(granted=frozenset({server.id})),
    )
    because = (Because(why.START_ELECTION, {"me": server.id, "term": term}),)
    return Transition(server, because, _ask(cluster, server), cluster.rules.timer_for_election())


def _ask(cluster: Cluster, server: Server) -> tuple[tuple[int, RequestVoteRequest], ...]:
    """RequestVote to whom this candidate is to ask now."""
    role = server.role
    assert isinstance(role, Candidate)
    answered = (role.granted | role.refused) - {server.id}
    others = cluster.rules.whom_to_ask(cluster.others(server.id), answered)
    if not others:
        return ()
    log = cluster.rules.last_log(server.log)
    request = RequestVoteRequest(server.current_term, server.id, *log)
    return tuple((other, request) for other in others)


def answer_vote_request(
    cluster: Cluster, server: Server, request: RequestVoteRequest
) -> Transition:
    """RequestVote RPC, receiver (Figure 2). The caller has seen to a higher term already."""
    rules, candidate = cluster.rules, request.candidate_id
    if not rules.accepts_term(server.current_term, request.term):
        refusal = Because(
            why.REFUSE_VOTE_STALE_TERM,
            {
                "me": server.id,
                "other": candidate,
                "term": server.current_term,
                "their_term": request.term,
            },
        )
    elif not rules.may_vote(server.voted_for, candidate):
        refusal = Because(
            why.REFUSE_VOTE_ALREADY_VOTED,
            {"me": server.id, "voted_for": server.voted_for, "term": server.current_term},
        )
    elif not rules.log_is_up_to_date(server.log, request.last_log_index, request.last_log_term):
        refusal = Because(
            why.REFUSE_VOTE_LOG_BEHIND,
            {
                "me": server.id,
                "other": candidate,
                "last_index": server.log.last_index,
                "last_term": server.log.last_term,
                "their_index": request.last_log_index,
                "their_term": request.last_log_term,
            },
        )
    else:
        return _grant(cluster, server, candidate)
    answer = RequestVoteResponse(server.current_term, vote_granted=False)
    timer = rules.timer_after_vote_request(answer.vote_granted)
    if isinstance(server.role, Leader):
        timer = KEEP  # it has no election timeout
    return Transition(server, (refusal,), ((candidate, answer),), timer)


def _grant(cluster: Cluster, server: Server, candidate: int) -> Transition:
    if server.voted_for != candidate:
        server = attrs.evolve(server, voted_for=candidate)
    values = {"me": server.id, "other": candidate, "term": server.current_term}
    answer = RequestVoteResponse(server.current_term, vote_granted=True)
    # Let the candidate try.
    timer = cluster.rules.timer_after_vote_request(answer.vote_granted)
    return Transition(server, (Because(why.GRANT_VOTE, values),), ((candidate, answer),), timer)


def count_vote(
    cluster: Cluster, server: Server, voter: int, response: RequestVoteResponse
) -> Transition:
    """An answer to this candidate's RequestVote (§5.2)."""
    role = server.role
    if not isinstance(role, Candidate):
        return Transition(server, (Because(why.IGNORE_LATE_VOTE, {"me": server.id}),))
    values: dict[str, object] = {"me": server.id, "other": voter, "term": server.current_term}
    if not response.vote_granted:
        server = server.with_role(attrs.evolve(role, refused=role.refused | {voter}))
        because = (Because(why.NOTE_REFUSAL, values),)
        return Transition(server, because, _ask(cluster, server))
    granted = cluster.rules.add_vote(role.granted, voter, cluster.configuration)
    role = attrs.evolve(role, granted=granted)
    server = attrs.evolve(server, role=role)
    values |= {"granted": role.granted, "majority": majority(len(cluster.configuration.voters))}
    if cluster.rules.quorum(role.granted, cluster.configuration):
        return take_office(cluster, server, (Because(why.WIN_ELECTION, values),))
    return Transition(server, (Because(why.COUNT_VOTE, values),), _ask(cluster, server))
