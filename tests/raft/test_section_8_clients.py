"""§8: what clients are told, and when."""

import pytest

from raftviz.raft.algorithm import step
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.inputs import Persisted
from raftviz.raft.log import Command, Entry
from raftviz.raft.machine import Replica
from raftviz.raft.messages import AppendEntriesRequest, ClientResponse, NotLeader
from raftviz.raft.server import Candidate, Follower, Server
from tests.raft.lab import (
    PLAIN,
    THREE,
    answer,
    append,
    ask_vote,
    elected,
    leader,
    receive,
    request,
    sent,
    server,
    success,
    terms,
)
from tests.raft.net import Net


def _values(who: Server) -> dict[str, str]:
    return dict(who.replica.values)


def test_a_new_leader_appends_a_no_op_of_its_term() -> None:
    won = elected(THREE, server(3, (1, 3)))
    assert terms(won.server.log) == [1, 3, 4]
    assert won.server.log[3].command is None
    assert {m.entries for _, m in sent(won, AppendEntriesRequest)} == {(won.server.log[3],)}


def test_without_the_no_op_the_log_stays_as_it_is() -> None:
    won = elected(Cluster.of_size(3, PLAIN), server(3, (1, 3)))
    assert terms(won.server.log) == [1, 3]


def test_a_no_op_changes_no_value_and_answers_nobody() -> None:
    won = step(THREE, elected(THREE, server(3)).server, Persisted(4, 1)).server
    transition = receive(THREE, won, 2, success(4, 1))
    assert transition.server.last_applied == 1
    assert transition.server.replica == Replica()
    assert transition.messages == ()


@pytest.mark.parametrize(
    ("role", "known"), [(Follower(3), 3), (Follower(), 0), (Candidate(frozenset({1})), 0)]
)
def test_who_does_not_lead_says_so_and_names_the_leader_it_knows(
    role: Follower | Candidate, known: int
) -> None:
    who = server(4, (), role)
    transition = receive(THREE, who, -7, request("x=1", -7, 5))
    assert transition.messages == ((-7, NotLeader(5, known)),)
    assert transition.server is who


def test_a_new_term_makes_the_old_leader_no_hint() -> None:
    who = server(4, (), Follower(3))
    assert receive(THREE, who, 2, append(3)).server.leader_id == 3
    assert receive(THREE, who, 2, ask_vote(5)).server.leader_id == 0


def test_a_command_that_nobody_waits_for_is_answered_to_nobody() -> None:
    assert receive(THREE, server(4), 0, request("x=1", 0, 0)).messages == ()
    who = receive(THREE, leader(4, ()), 0, request("x=1", 0, 0)).server
    who = step(THREE, who, Persisted(4, 1)).server
    done = receive(THREE, who, 2, success(4, 1))
    assert _values(done.server) == {"x": "1"}
    assert done.messages == ()


def test_a_client_is_answered_only_when_its_command_is_committed_and_applied() -> None:
    asked = receive(THREE, leader(4), -1, request("x=1", -1, 8))
    assert sent(asked, ClientResponse) == []
    durable = step(THREE, asked.server, Persisted(4, 1))
    assert durable.messages == ()
    done = receive(THREE, durable.server, 2, success(4, 1))
    assert done.messages == ((-1, ClientResponse(8, "ok")),)
    assert _values(done.server) == {"x": "1"}


def test_the_answer_comes_once() -> None:
    who = receive(THREE, leader(4), -1, request()).server
    who = step(THREE, who, Persisted(4, 1)).server
    who = receive(THREE, who, 2, success(4, 1)).server
    assert sent(receive(THREE, who, 3, success(4, 1)), ClientResponse) == []


def test_followers_apply_and_do_not_answer() -> None:
    entry = Entry(1, 4, request("x=1").command)
    message = AppendEntriesRequest(4, 2, 0, 0, (entry,), 1)
    transition = receive(THREE, server(4), 2, message)
    assert _values(transition.server) == {"x": "1"}
    assert sent(transition, ClientResponse) == []


def test_a_command_sent_twice_is_executed_once_and_answered_both_times() -> None:
    net = Net.of(THREE)
    net.fire(1)
    net.settle()
    net.ask(1, request("x=1", -1, 1))
    net.settle()
    net.ask(1, request("x=2", -2, 1))
    net.settle()
    net.ask(1, request("x=1", -1, 1))
    net.settle()
    assert _values(net.up[1]) == {"x": "2"}
    assert net.told == [(client, ClientResponse(1, "ok")) for client in (-1, -2, -1)]


def test_a_command_retried_at_the_next_leader_is_executed_once() -> None:
    """The first leader crashed between committing and answering."""
    net = Net.of(THREE)
    net.fire(1)
    net.settle()
    net.ask(1, request("x=1", -1, 1))
    net.settle()
    net.told.clear()
    net.crash(1)
    net.fire(2)
    net.settle()
    net.ask(2, request("x=9", -2, 1))
    net.ask(2, request("x=1", -1, 1))
    net.settle()
    assert _values(net.up[2]) == {"x": "9"}
    assert (-1, ClientResponse(1, "ok")) in net.told


def test_a_read_goes_through_the_log_and_sees_what_was_committed_before() -> None:
    net = Net.of(Cluster.of_size(3, Options()))
    net.fire(1)
    net.settle()
    net.ask(1, request("x=1", -1, 1))
    net.ask(1, request("get x", -1, 2))
    net.settle()
    assert net.told[-1] == (-1, ClientResponse(2, "1"))


def test_a_deposed_leader_answers_nobody() -> None:
    who = receive(THREE, leader(4), -1, request()).server
    transition = receive(THREE, who, 2, append(5, (0, 0), (5,), commit=1))
    assert sent(transition, ClientResponse) == []
    assert terms(transition.server.log) == [5]


def test_the_command_stands_in_the_log_as_the_client_sent_it() -> None:
    who = receive(THREE, leader(4), -3, request("k=v", -3, 4)).server
    assert who.log[1].command == Command("k=v", -3, 4)
    assert answer(receive(THREE, server(4), -3, request("k=v", -3, 4)), NotLeader).serial == 4
