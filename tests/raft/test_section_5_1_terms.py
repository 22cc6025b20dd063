"""§5.1: terms are a logical clock."""

import pytest

from raftviz.raft import because as why
from raftviz.raft.messages import (
    AppendEntriesResponse,
    ClientResponse,
    Message,
    NotLeader,
    RequestVoteResponse,
)
from raftviz.raft.server import Follower, Server
from raftviz.raft.transition import Timer
from tests.raft.lab import (
    THREE,
    answer,
    append,
    ask_vote,
    candidate,
    leader,
    reasons,
    receive,
    refusal,
    server,
    success,
    vote,
)

FROM_THE_FUTURE: list[Message] = [
    ask_vote(7),
    append(7),
    vote(7),
    vote(7, granted=False),
    success(7, 0),
    refusal(7, 1),
]
EVERY_ROLE = [server(4), candidate(4), leader(4)]


def _ids(value: object) -> str:
    return type(value.role if isinstance(value, Server) else value).__name__


@pytest.mark.parametrize("message", FROM_THE_FUTURE, ids=_ids)
@pytest.mark.parametrize("who", EVERY_ROLE, ids=_ids)
def test_any_message_of_a_later_term_makes_any_server_a_follower_of_that_term(
    who: Server, message: Message
) -> None:
    transition = receive(THREE, who, 2, message)
    assert transition.server.current_term == 7
    assert isinstance(transition.server.role, Follower)
    assert reasons(transition)[0] is why.STEP_DOWN


@pytest.mark.parametrize("message", [vote(3), vote(3, granted=False), success(3, 9), refusal(3, 1)])
@pytest.mark.parametrize("who", EVERY_ROLE, ids=_ids)
def test_an_answer_of_an_earlier_term_changes_nothing(who: Server, message: Message) -> None:
    transition = receive(THREE, who, 2, message)
    assert transition.server is who
    assert transition.messages == ()
    assert transition.timer is Timer.KEEP
    assert reasons(transition) == [why.IGNORE_STALE_RESPONSE]


@pytest.mark.parametrize("who", EVERY_ROLE, ids=_ids)
def test_a_request_for_votes_of_an_earlier_term_is_refused_with_the_newer_term(who: Server) -> None:
    transition = receive(THREE, who, 2, ask_vote(3, (99, 3)))
    assert transition.server is who
    assert answer(transition, RequestVoteResponse) == vote(4, granted=False)


@pytest.mark.parametrize("who", EVERY_ROLE, ids=_ids)
def test_entries_of_an_earlier_term_are_refused_with_the_newer_term(who: Server) -> None:
    transition = receive(THREE, who, 2, append(3, new=(3,), commit=1))
    assert transition.server is who
    assert transition.timer is Timer.KEEP
    response = answer(transition, AppendEntriesResponse)
    assert (response.term, response.success) == (4, False)


def test_a_stale_leader_steps_down_when_it_hears_the_refusal() -> None:
    old = leader(3, (3,))
    refused = answer(
        receive(THREE, server(4, me=2), 1, append(3, leader_id=1)), AppendEntriesResponse
    )
    after = receive(THREE, old, 2, refused).server
    assert (after.current_term, after.role) == (4, Follower())


def test_a_new_term_starts_without_a_vote() -> None:
    after = receive(THREE, server(4, voted_for=3), 2, append(5)).server
    assert after.voted_for == 0


def test_the_same_term_heard_again_keeps_the_vote() -> None:
    after = receive(THREE, server(4, voted_for=3), 2, append(4)).server
    assert after.voted_for == 3


def test_stepping_down_keeps_the_log_and_what_is_committed() -> None:
    old = leader(3, (1, 2, 3), commit=2)
    after = receive(THREE, old, 2, vote(9)).server
    assert after.log is old.log
    assert (after.commit_index, after.replica) == (2, old.replica)


def test_a_leader_that_steps_down_starts_an_election_timeout() -> None:
    """It had none running: without one it would never stand for election again."""
    assert receive(THREE, leader(3), 2, refusal(9, 1)).timer is Timer.ELECTION
    # Even when the vote that it is asked for is refused.
    refused = receive(THREE, leader(3, (3,)), 2, ask_vote(9))
    assert not answer(refused, RequestVoteResponse).vote_granted
    assert refused.timer is Timer.ELECTION


@pytest.mark.parametrize("who", [server(3, (3,)), candidate(3, (3,))], ids=_ids)
def test_a_later_term_alone_does_not_restart_the_election_timeout(who: Server) -> None:
    """Figure 2, Followers: only a current leader or a vote granted does."""
    assert receive(THREE, who, 2, ask_vote(9)).timer is Timer.KEEP
    assert receive(THREE, who, 2, vote(9, granted=False)).timer is Timer.KEEP


@pytest.mark.parametrize("message", [ClientResponse(1, "ok"), NotLeader(1, 2)], ids=_ids)
def test_what_only_clients_receive_is_an_error(message: Message) -> None:
    with pytest.raises(TypeError, match=type(message).__name__):
        receive(THREE, server(), 2, message)
