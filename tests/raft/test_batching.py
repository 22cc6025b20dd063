"""Batching: commands that arrive close together are sent together (dissertation §10.2.2)."""

import pytest

from raftviz.raft import because as why
from raftviz.raft.algorithm import step
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.inputs import Persisted
from raftviz.raft.messages import AppendEntriesRequest, ClientResponse
from raftviz.raft.server import Server
from raftviz.raft.transition import Transition
from tests.raft.lab import (
    PLAIN,
    THREE,
    append,
    batch_due,
    elected,
    fire,
    lead,
    leader,
    reasons,
    receive,
    request,
    sent,
    server,
    success,
)
from tests.raft.net import Net

BATCHES = Cluster.of_size(3, Options(batch=3))


def _ask(who: Server, count: int, cluster: Cluster = BATCHES) -> Transition:
    """So many commands arrive; what the last of them does."""
    transition = Transition(who, ())
    for number in range(count):
        asked = request(f"x={number}", -1 - number)
        transition = receive(cluster, transition.server, -1 - number, asked)
    return transition


def _appends(transition: Transition) -> list[tuple[int, int, int]]:
    """To whom, behind which entry, how many."""
    return [
        (to, m.prev_log_index, len(m.entries)) for to, m in sent(transition, AppendEntriesRequest)
    ]


READY = leader(4, (4,), match={2: 1, 3: 1})


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_commands_than_a_batch_are_appended_and_not_sent(count: int) -> None:
    transition = _ask(READY, count)
    assert transition.server.log.last_index == 1 + count
    assert transition.messages == ()
    assert reasons(transition) == [why.GATHER]


def test_what_gathers_is_written_at_once_all_the_same() -> None:
    transition = _ask(READY, 1)
    assert transition.persist == transition.server.persistent


def test_a_full_batch_is_sent_together() -> None:
    transition = _ask(READY, 3)
    assert _appends(transition) == [(2, 1, 3), (3, 1, 3)]
    assert reasons(transition) == [why.LEADER_APPENDS]


def test_the_next_batch_begins_behind_the_last() -> None:
    who = _ask(READY, 3).server
    who = receive(BATCHES, who, 2, success(4, 4)).server
    assert _ask(who, 2).messages == ()
    assert _appends(_ask(who, 3)) == [(2, 4, 3)]


def test_the_first_command_of_a_batch_asks_for_an_end_to_the_waiting() -> None:
    """And so does each that follows: it is the world that asks only once."""
    assert _ask(READY, 1).batch
    assert _ask(READY, 2).batch
    assert not _ask(READY, 3).batch


def test_when_the_time_is_over_whatever_gathered_is_sent() -> None:
    transition = batch_due(BATCHES, _ask(READY, 2).server)
    assert _appends(transition) == [(2, 1, 2), (3, 1, 2)]
    assert reasons(transition) == [why.SEND_BATCH]
    assert transition.persist is None


def test_when_the_time_is_over_and_nothing_gathered_nothing_happens() -> None:
    who = _ask(READY, 3).server
    transition = batch_due(BATCHES, who)
    assert transition.server is who
    assert transition.messages == ()


def test_who_leads_no_longer_sends_no_batch() -> None:
    deposed = receive(BATCHES, _ask(READY, 2).server, 2, append(5)).server
    transition = batch_due(BATCHES, deposed)
    assert transition.server is deposed
    assert transition.messages == ()


def test_what_gathered_in_an_earlier_office_is_sent_by_the_first_message_of_the_next() -> None:
    """Nothing is left over that would never be sent."""
    deposed = receive(BATCHES, _ask(READY, 2).server, 2, append(5)).server
    won = elected(Cluster.of_size(3, Options(batch=3, no_op=False)), deposed).server
    assert lead(won).batched == won.log.last_index


def test_a_heartbeat_takes_along_what_gathered() -> None:
    assert _appends(fire(BATCHES, _ask(READY, 1).server)) == [(2, 1, 1), (3, 1, 1)]


def test_an_answer_does_not_end_the_gathering() -> None:
    who = _ask(READY, 3).server
    who = _ask(who, 2).server
    assert _appends(receive(BATCHES, who, 2, success(4, 4))) == []


def test_a_follower_that_was_busy_is_sent_the_full_batch_with_its_answer() -> None:
    who = _ask(_ask(READY, 3).server, 3).server
    assert _appends(receive(BATCHES, who, 2, success(4, 4))) == [(2, 4, 3)]


def test_max_entries_splits_a_batch() -> None:
    cluster = Cluster.of_size(3, Options(batch=5, max_entries=2))
    first = _ask(READY, 5, cluster)
    assert _appends(first) == [(2, 1, 2), (3, 1, 2)]
    second = receive(cluster, first.server, 2, success(4, 3))
    assert _appends(second) == [(2, 3, 2)]
    third = receive(cluster, second.server, 2, success(4, 5))
    assert _appends(third) == [(2, 5, 1)]


def test_the_no_op_of_a_new_leader_does_not_wait_for_a_batch() -> None:
    assert _appends(elected(BATCHES, server(3))) == [(2, 0, 1), (3, 0, 1)]


def test_everybody_in_a_batch_is_answered() -> None:
    who = _ask(READY, 3).server
    who = step(BATCHES, who, Persisted(4, 4)).server
    transition = receive(BATCHES, who, 2, success(4, 4))
    assert [to for to, _ in sent(transition, ClientResponse)] == [-1, -2, -3]


def test_one_server_alone_commits_what_gathers_as_soon_as_it_is_on_its_disk() -> None:
    net = Net.of(Cluster.of_size(1, Options(batch=9)))
    net.fire(1)
    net.ask(1, request())
    assert net.up[1].commit_index == 2


def test_without_batches_each_command_is_sent_at_once() -> None:
    transition = _ask(READY, 1, THREE)
    assert _appends(transition) == [(2, 1, 1), (3, 1, 1)]
    assert not transition.batch


@pytest.mark.parametrize("batch", [2, 5, 100])
def test_the_logs_come_out_the_same_with_and_without_batches(batch: int) -> None:
    logs = []
    for options in (PLAIN, Options(no_op=False, batch=batch)):
        net = Net.of(Cluster.of_size(3, options))
        net.fire(1)
        net.settle()
        for number in range(11):
            net.ask(1, request(f"x={number}", -1, number + 1))
            if number % 4 == 3:
                net.settle()
        for _ in range(2):
            net.fire(1)
            net.settle()
        assert net.up[2].commit_index == 11
        logs.append(net.up[2].log)
    assert logs[0] == logs[1]
