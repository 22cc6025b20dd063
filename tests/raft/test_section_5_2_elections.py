"""§5.2: leader election."""

import pytest

from raftviz.raft import because as why
from raftviz.raft.algorithm import step
from raftviz.raft.cluster import Cluster
from raftviz.raft.inputs import Persisted
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.server import Candidate, Follower, Leader, Server
from raftviz.raft.transition import Timer
from tests.raft.lab import (
    FIVE,
    PLAIN,
    THREE,
    answer,
    append,
    ask_vote,
    candidate,
    elected,
    fire,
    lead,
    leader,
    reasons,
    receive,
    sent,
    server,
    success,
    vote,
)


def test_servers_start_as_followers_of_nobody() -> None:
    assert Server(1).role == Follower(0)
    assert (Server(1).current_term, Server(1).voted_for) == (0, 0)


@pytest.mark.parametrize("who", [server(4), candidate(4)])
def test_an_election_timeout_starts_an_election_in_the_next_term(who: Server) -> None:
    transition = fire(THREE, who)
    after = transition.server
    assert (after.current_term, after.voted_for) == (5, 1)
    assert after.role == Candidate(frozenset({1}))
    assert [to for to, _ in sent(transition, RequestVoteRequest)] == [2, 3]
    assert transition.timer is Timer.ELECTION


def test_votes_of_the_last_election_do_not_count_in_the_next() -> None:
    who = receive(FIVE, candidate(4), 2, vote(4)).server
    assert fire(FIVE, who).server.role == Candidate(frozenset({1}))


@pytest.mark.parametrize(("size", "needed"), [(2, 2), (3, 2), (4, 3), (5, 3), (7, 4), (9, 5)])
def test_a_candidate_wins_with_a_majority_of_the_whole_cluster_and_not_before(
    size: int, needed: int
) -> None:
    cluster = Cluster.of_size(size)
    who = candidate(4)
    for voter in range(2, needed + 1):
        assert isinstance(who.role, Candidate)
        who = receive(cluster, who, voter, vote(4)).server
    assert isinstance(who.role, Leader)


def test_a_cluster_of_one_elects_itself_as_soon_as_its_vote_is_on_its_disk() -> None:
    alone = Cluster.of_size(1)
    stands = fire(alone, Server(1))
    assert isinstance(stands.server.role, Candidate)
    wins = step(alone, stands.server, Persisted(1, 0))
    assert isinstance(wins.server.role, Leader)
    assert wins.timer is Timer.HEARTBEAT
    assert stands.messages == wins.messages == ()


def test_its_own_vote_on_its_disk_makes_nobody_leader_of_several_servers() -> None:
    assert isinstance(step(THREE, candidate(4), Persisted(4, 0)).server.role, Candidate)


def test_a_vote_of_an_earlier_term_on_the_disk_elects_nobody() -> None:
    alone = Cluster.of_size(1)
    assert isinstance(step(alone, candidate(4), Persisted(3, 0)).server.role, Candidate)


def test_a_vote_heard_twice_counts_once() -> None:
    who = receive(FIVE, candidate(4), 2, vote(4)).server
    assert isinstance(receive(FIVE, who, 2, vote(4)).server.role, Candidate)


def test_a_refusal_is_no_vote() -> None:
    who = candidate(4)
    for voter in (2, 3):
        who = receive(THREE, who, voter, vote(4, granted=False)).server
    assert who.role == Candidate(frozenset({1}), frozenset({2, 3}))


def test_the_vote_of_a_stranger_does_not_count() -> None:
    assert isinstance(receive(THREE, candidate(4), 9, vote(4)).server.role, Candidate)


@pytest.mark.parametrize("who", [server(4), leader(4)])
def test_a_vote_that_comes_after_the_election_changes_nothing(who: Server) -> None:
    transition = receive(THREE, who, 2, vote(4))
    assert transition.server is who
    assert reasons(transition) == [why.IGNORE_LATE_VOTE]


def test_a_new_leader_speaks_to_everybody_at_once() -> None:
    transition = elected(FIVE, server(3, (1, 3)))
    messages = sent(transition, AppendEntriesRequest)
    assert [to for to, _ in messages] == [2, 3, 4, 5]
    assert {(m.term, m.leader_id, m.prev_log_index, m.prev_log_term) for _, m in messages} == {
        (4, 1, 2, 3)
    }
    assert transition.timer is Timer.HEARTBEAT


def test_a_new_leader_supposes_that_all_agree_and_knows_nothing() -> None:
    """Figure 2: nextIndex is last log index + 1, matchIndex 0; its own log it knows."""
    role = lead(elected(Cluster.of_size(3, PLAIN), server(3, (1, 3))).server)
    assert role.next_index == {2: 3, 3: 3}
    assert role.match_index == {1: 2, 2: 0, 3: 0}


def test_a_leader_sends_heartbeats_to_everybody_and_starts_the_interval_again() -> None:
    transition = fire(THREE, leader(4, (4,), match={2: 1, 3: 1}))
    assert [(to, m.entries) for to, m in sent(transition, AppendEntriesRequest)] == [
        (2, ()),
        (3, ()),
    ]
    assert transition.timer is Timer.HEARTBEAT
    assert transition.server.current_term == 4


@pytest.mark.parametrize("term", [4, 5])
def test_a_candidate_that_hears_a_leader_of_its_term_or_later_follows_it(term: int) -> None:
    transition = receive(THREE, candidate(4), 2, append(term))
    assert transition.server.role == Follower(2)
    assert transition.server.current_term == term
    assert transition.timer is Timer.ELECTION


def test_a_candidate_that_hears_a_leader_of_an_earlier_term_goes_on() -> None:
    transition = receive(THREE, candidate(4), 2, append(3))
    assert transition.server == candidate(4)
    assert transition.timer is Timer.KEEP


def test_following_a_leader_keeps_the_vote_cast_in_this_term() -> None:
    """A candidate that gave it up could vote twice in one term."""
    after = receive(THREE, candidate(4), 2, append(4)).server
    assert after.voted_for == 1
    assert not answer(
        receive(THREE, after, 3, ask_vote(4, (9, 4), sender=3)), RequestVoteResponse
    ).vote_granted


def test_a_server_votes_once_in_a_term_for_who_came_first() -> None:
    first = receive(THREE, server(4), 2, ask_vote(4))
    assert answer(first, RequestVoteResponse).vote_granted
    second = receive(THREE, first.server, 3, ask_vote(4, (9, 4), sender=3))
    assert not answer(second, RequestVoteResponse).vote_granted
    assert second.server.voted_for == 2


def test_asked_again_by_the_same_candidate_it_gives_the_same_answer() -> None:
    first = receive(THREE, server(4), 2, ask_vote(4))
    again = receive(THREE, first.server, 2, ask_vote(4))
    assert again.messages == first.messages
    assert again.server is first.server


@pytest.mark.parametrize("who", [candidate(4), leader(4)])
def test_candidates_and_leaders_voted_for_themselves(who: Server) -> None:
    transition = receive(THREE, who, 2, ask_vote(4, (9, 4)))
    assert answer(transition, RequestVoteResponse) == vote(4, granted=False)
    assert transition.server is who


def test_granting_a_vote_restarts_the_election_timeout_and_refusing_does_not() -> None:
    assert receive(THREE, server(4), 2, ask_vote(4)).timer is Timer.ELECTION
    assert receive(THREE, server(4, voted_for=3), 2, ask_vote(4)).timer is Timer.KEEP
    assert receive(THREE, server(4, (4,)), 2, ask_vote(4)).timer is Timer.KEEP
    assert receive(THREE, server(4), 2, ask_vote(3)).timer is Timer.KEEP


def test_the_current_leader_restarts_the_election_timeout_even_when_its_entries_do_not_fit() -> (
    None
):
    assert receive(THREE, server(4), 2, append(4)).timer is Timer.ELECTION
    assert receive(THREE, server(4), 2, append(4, (5, 4))).timer is Timer.ELECTION


def test_a_client_and_the_disk_do_not_touch_the_timer() -> None:
    assert receive(THREE, leader(4, (4,)), 2, success(4, 1)).timer is Timer.KEEP


def test_two_leaders_in_one_term_cannot_be_and_the_second_is_refused() -> None:
    who = leader(4, (4,))
    transition = receive(THREE, who, 2, append(4, (0, 0), (4, 4), commit=2))
    assert transition.server is who
    assert not answer(transition, AppendEntriesResponse).success


def test_a_split_vote_ends_with_nobody_and_the_next_term_decides() -> None:
    one, two = candidate(4), candidate(4, me=2)
    refused_one = answer(receive(THREE, two, 1, ask_vote(4, sender=1)), RequestVoteResponse)
    refused_two = answer(receive(THREE, one, 2, ask_vote(4)), RequestVoteResponse)
    assert not refused_one.vote_granted
    assert not refused_two.vote_granted
    again = fire(THREE, one)
    granted = receive(THREE, two, 1, sent(again, RequestVoteRequest)[0][1])
    assert answer(granted, RequestVoteResponse) == vote(5)
    assert isinstance(receive(THREE, again.server, 2, vote(5)).server.role, Leader)
