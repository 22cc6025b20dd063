"""Figure 7: six followers that differ from a new leader in every way there is."""

import pytest

from raftviz.raft.cluster import Cluster
from raftviz.raft.messages import AppendEntriesResponse, Message, RequestVoteResponse
from raftviz.raft.server import Leader
from tests.raft.lab import PLAIN, THREE, answer, ask_vote, leader, receive, request, server, terms
from tests.raft.net import Net

LEADER = (1, 1, 1, 4, 4, 5, 5, 6, 6, 6)
FOLLOWERS = {
    "a": (1, 1, 1, 4, 4, 5, 5, 6, 6),
    "b": (1, 1, 1, 4),
    "c": (1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6),
    "d": (1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7),
    "e": (1, 1, 1, 4, 4, 4, 4),
    "f": (1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3),
}
REFUSALS = {"a": 1, "b": 1, "c": 0, "d": 0, "e": 2, "f": 2}


@pytest.mark.parametrize("row", FOLLOWERS)
def test_the_leader_makes_the_followers_log_a_copy_of_its_own(row: str) -> None:
    net = Net.of(THREE, leader(8, LEADER), server(7, FOLLOWERS[row], me=2), server(7, LEADER, me=3))
    net.ask(1, request("y=1"))
    net.settle()
    assert terms(net.up[2].log) == [*LEADER, 8]
    assert net.up[2].log == net.up[1].log
    assert net.up[1].commit_index == 11


@pytest.mark.parametrize("row", FOLLOWERS)
def test_it_takes_one_refusal_for_each_conflicting_term_at_most(row: str) -> None:
    refused: list[Message] = []
    net = Net.of(
        THREE,
        leader(8, LEADER),
        server(7, FOLLOWERS[row], me=2),
        watcher=lambda _, transition: refused.extend(
            m
            for _, m in transition.messages
            if isinstance(m, AppendEntriesResponse) and not m.success
        ),
    )
    net.ask(1, request("y=1"))
    net.settle(1, 2)
    assert len(refused) == REFUSALS[row]


@pytest.mark.parametrize(
    ("row", "granted"), [("a", 1), ("b", 1), ("c", 0), ("d", 0), ("e", 1), ("f", 1)]
)
def test_the_leader_could_win_the_votes_of_a_b_e_and_f(row: str, granted: int) -> None:
    """Which with its own are five of seven: that is how it came to lead."""
    transition = receive(THREE, server(7, FOLLOWERS[row]), 2, ask_vote(8, (10, 6)))
    assert answer(transition, RequestVoteResponse).vote_granted == bool(granted)


@pytest.mark.parametrize("no_op", [True, False])
def test_all_seven_servers_agree_in_the_end(no_op: bool) -> None:
    cluster = Cluster.of_size(7) if no_op else Cluster.of_size(7, PLAIN)
    followers = [server(7, log, me=me) for me, log in enumerate(FOLLOWERS.values(), 2)]
    net = Net.of(cluster, server(7, LEADER), *followers)
    net.fire(1)
    net.settle()
    assert isinstance(net.up[1].role, Leader)
    net.ask(1, request("y=1"))
    net.settle()
    net.fire(1)
    net.settle()
    for who in net.up.values():
        assert terms(who.log) == [*LEADER, *([8] if no_op else []), 8]
        assert who.commit_index == who.log.last_index
        assert who.replica == net.up[1].replica
