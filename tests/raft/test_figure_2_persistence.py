"""Figure 2, persistent state: updated on stable storage before responding to RPCs."""

import pytest

from raftviz.raft.algorithm import step
from raftviz.raft.inputs import Input, Persisted, Received, TimerFired
from raftviz.raft.log import Log
from raftviz.raft.machine import Replica
from raftviz.raft.messages import RequestVoteResponse
from raftviz.raft.server import Follower, Persistent, Server, restarted
from tests.raft.lab import (
    THREE,
    answer,
    append,
    ask_vote,
    candidate,
    entries,
    fire,
    leader,
    receive,
    refusal,
    request,
    server,
    success,
    vote,
)

CHANGES: dict[str, tuple[Server, Input]] = {
    "an election: term and vote": (server(4), TimerFired()),
    "a later term in a request": (server(4, (4,)), Received(2, ask_vote(5))),
    "a later term in an answer": (leader(4), Received(2, refusal(5, 1))),
    "a vote granted": (server(4), Received(2, ask_vote(4))),
    "new entries": (server(4), Received(2, append(4, (0, 0), (4,)))),
    "entries replaced": (server(4, (1, 2)), Received(2, append(4, (1, 1), (4,)))),
    "a command": (leader(4), Received(-1, request())),
    "the no-op of a new leader": (candidate(4), Received(2, vote(4))),
}

NO_CHANGES: dict[str, tuple[Server, Input]] = {
    "a vote refused": (server(4, voted_for=3), Received(2, ask_vote(4))),
    "the same vote again": (server(4, voted_for=2), Received(2, ask_vote(4))),
    "a vote that does not decide": (candidate(4), Received(2, vote(4, granted=False))),
    "a heartbeat heard": (server(4, (4,)), Received(2, append(4, (1, 4)))),
    "a leader found": (candidate(4), Received(2, append(4))),
    "entries known already": (server(4, (4,)), Received(2, append(4, (0, 0), (4,)))),
    "entries refused": (server(4), Received(2, append(4, (1, 4), (4,)))),
    "a stale leader": (server(4), Received(2, append(3, (0, 0), (3,)))),
    "a commit": (server(4, (4,)), Received(2, append(4, (1, 4), (), commit=1))),
    "an answer": (leader(4, (4,)), Received(2, success(4, 1))),
    "a refusal": (leader(4, (1, 4)), Received(2, refusal(4, 1))),
    "a heartbeat sent": (leader(4, (4,)), TimerFired()),
    "a client sent away": (server(4), Received(-1, request())),
    "the disk": (leader(4, (4,), match={1: 0}), Persisted(4, 1)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_term_vote_or_log_is_to_be_written_with_its_messages(name: str) -> None:
    """Whole: a disk holds one state, and the messages that tell of it wait for that write."""
    transition = step(THREE, *CHANGES[name])
    assert transition.server.persistent != CHANGES[name][0].persistent
    assert transition.persist == transition.server.persistent


@pytest.mark.parametrize("name", NO_CHANGES)
def test_what_changes_nothing_of_it_is_not_written(name: str) -> None:
    transition = step(THREE, *NO_CHANGES[name])
    assert transition.persist is None
    assert transition.server.persistent == NO_CHANGES[name][0].persistent


@pytest.mark.parametrize(
    ("name", "messages"),
    [
        ("an election: term and vote", 2),
        ("a vote granted", 1),
        ("new entries", 1),
        ("entries replaced", 1),
        ("a command", 2),
        ("the no-op of a new leader", 2),
    ],
)
def test_the_messages_that_tell_of_a_change_are_in_the_same_transition(
    name: str, messages: int
) -> None:
    assert len(step(THREE, *CHANGES[name]).messages) == messages


def test_a_server_comes_up_with_its_term_vote_and_log_and_nothing_else() -> None:
    who = server(4, (1, 4), Follower(2), voted_for=3, commit=2)
    assert restarted(1, who.persistent, Replica()) == Server(1, 4, 3, Log.of_terms(1, 4))


def test_a_leader_comes_up_as_a_follower() -> None:
    assert restarted(1, leader(4, (4,)).persistent, Replica()).role == Follower()


def test_what_is_in_the_snapshot_is_committed_when_a_server_comes_up() -> None:
    who = restarted(1, Persistent(4, 0, Log(entries(6, (4,)), 5, 3)), Replica())
    assert (who.commit_index, who.last_applied) == (5, 5)


def test_after_a_crash_it_does_not_vote_for_another_in_the_same_term() -> None:
    granted = receive(THREE, server(4), 2, ask_vote(5))
    assert granted.persist is not None
    up = restarted(1, granted.persist, Replica())
    other = receive(THREE, up, 3, ask_vote(5, (9, 5), sender=3))
    assert not answer(other, RequestVoteResponse).vote_granted
    again = receive(THREE, up, 2, ask_vote(5))
    assert answer(again, RequestVoteResponse).vote_granted


def test_after_a_crash_a_candidate_does_not_stand_again_in_the_same_term() -> None:
    stood = fire(THREE, server(4))
    assert stood.persist is not None
    assert fire(THREE, restarted(1, stood.persist, Replica())).server.current_term == 6


def test_an_older_persistent_state_is_not_changed_by_what_came_after() -> None:
    """The disk may still be writing it."""
    first = receive(THREE, server(4), 2, append(4, (0, 0), (4, 4)))
    assert first.persist is not None
    receive(THREE, first.server, 3, append(5, (1, 4), (5,), leader_id=3))
    receive(THREE, first.server, 2, append(4, (2, 4), (4,)))
    assert [e.term for e in first.persist.log] == [4, 4]
