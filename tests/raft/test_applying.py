"""Applying: in order, each once, whatever fails; and the machines there are to apply to."""

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftviz.raft.algorithm import step
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.inputs import Persisted
from raftviz.raft.log import Command
from raftviz.raft.machine import MACHINES, ApplyFailed, Replica
from raftviz.raft.messages import ClientResponse
from raftviz.raft.server import Server
from tests.raft.lab import (
    THREE,
    append,
    compact,
    fire,
    leader,
    receive,
    request,
    sent,
    server,
    success,
)
from tests.raft.net import Net


def _failing(who: Server) -> Server:
    return attrs.evolve(who, replica=attrs.evolve(who.replica, fails=True))


BEAT = append(4, (3, 4), commit=3)


def test_a_command_that_fails_is_not_counted_as_applied_and_those_behind_it_wait() -> None:
    after = receive(THREE, _failing(server(4, (4, 4, 4))), 2, BEAT).server
    assert (after.commit_index, after.last_applied) == (3, 0)
    assert after.replica.values == {}


def test_a_command_that_failed_comes_next_again() -> None:
    after = receive(THREE, _failing(server(4, (4, 4, 4))), 2, BEAT).server
    after = receive(THREE, after, 2, BEAT).server
    assert (after.last_applied, after.replica.values) == (3, {"x": "3"})


def test_a_failure_is_no_reason_to_refuse_entries() -> None:
    who = receive(THREE, _failing(server(4, (4, 4, 4))), 2, BEAT).server
    after = receive(THREE, _failing(who), 2, append(4, (3, 4), (4,), commit=3)).server
    assert after.log.last_index == 4


def test_what_was_applied_is_neither_skipped_nor_repeated_by_failures() -> None:
    net = Net.of(Cluster.of_size(3, Options(machine="counter")))
    net.fire(1)
    net.settle()
    for serial in range(1, 6):
        for who in net.up:
            net.up[who] = _failing(net.up[who])
        net.ask(1, request("+1", 0, 0))
        net.settle()
        assert net.up[1].last_applied == net.up[1].commit_index - 1
        for _ in range(3):
            net.fire(1)
            net.settle()
        assert [who.replica.values["count"] for who in net.up.values()] == [str(serial)] * 3
        assert {who.last_applied for who in net.up.values()} == {serial + 1}


def test_a_leader_answers_when_the_command_is_executed_and_not_when_it_failed() -> None:
    who = _failing(receive(THREE, leader(4), -1, request()).server)
    who = step(THREE, who, Persisted(4, 1)).server
    failed = receive(THREE, who, 2, success(4, 1))
    assert (failed.server.commit_index, failed.server.last_applied) == (1, 0)
    assert sent(failed, ClientResponse) == []
    again = fire(THREE, failed.server)
    assert sent(again, ClientResponse) == [(-1, ClientResponse(1, "ok"))]
    assert sent(fire(THREE, again.server), ClientResponse) == []


def test_a_command_that_failed_is_not_in_a_snapshot() -> None:
    after = receive(THREE, _failing(server(4, (4, 4, 4), commit=2)), 2, BEAT).server
    assert compact(THREE, after).server.log.snapshot_index == 2


def test_a_machine_fails_once_and_then_works() -> None:
    with pytest.raises(ApplyFailed) as failed:
        attrs.evolve(Replica(), fails=True).apply(Command("x=1"))
    assert failed.value.replica == Replica()


# The machines


def _run(machine: str, *texts: str) -> list[str]:
    replica, results = Replica(MACHINES[machine]), []
    for text in texts:
        replica, result = replica.apply(Command(text))
        results.append(result)
    return results


def test_a_map_sets_reads_and_deletes() -> None:
    assert _run("map", "x=1", "get x", "del x", "get x", "x=2", "x=", "get x") == [
        *("ok", "1", "ok", "", "ok", "ok", "")
    ]


def test_a_map_appends_to_a_value_or_to_none() -> None:
    assert _run("map", "append x a", "append x b", "get x") == ["ok", "ok", "ab"]


def test_a_map_compares_and_sets() -> None:
    assert _run("map", "cas x - 1", "cas x - 2", "cas x 1 2", "cas x 1 3", "get x") == [
        *("ok", "no", "ok", "no", "2")
    ]


def test_a_counter_counts_up_and_down_and_is_read() -> None:
    assert _run("counter", "+3", "-1", "get", "", "-10", "+x") == ["3", "2", "2", "2", "-8", "-8"]


def test_a_lock_has_one_holder() -> None:
    assert _run("lock", "lock a", "lock b", "lock a", "unlock b", "unlock a", "lock b") == [
        *("ok", "held by a", "ok", "held by a", "ok", "ok")
    ]
    assert _run("lock", "unlock a", "open") == ["held by nobody", "not understood"]


def test_an_old_serial_changes_nothing() -> None:
    replica = Replica(MACHINES["counter"])
    for serial in (1, 2, 3):
        replica, _ = replica.apply(Command("+1", -1, serial))
    for serial in (1, 2, 3):
        again, result = replica.apply(Command("+1", -1, serial))
        assert again == replica
        assert result == "3"


TEXTS = {
    "map": st.one_of(
        st.sampled_from(["x=1", "y=2", "x=", "del y", "append x é", "cas x - 1", "cas x 1 2"]),
        st.text(max_size=8),
        st.builds("{}={}".format, st.text(min_size=1, max_size=3), st.text(max_size=5)),
    ),
    "counter": st.one_of(st.builds("{:+d}".format, st.integers(-(10**17), 10**17)), st.text()),
    "lock": st.one_of(
        st.sampled_from(["lock a", "lock b", "unlock a", "unlock b", "?"]),
        st.builds("lock {}".format, st.text(min_size=1, max_size=3)),
    ),
}


@pytest.mark.parametrize("machine", MACHINES)
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_what_is_dumped_and_loaded_is_the_same_and_goes_on_alike(
    machine: str, data: st.DataObject
) -> None:
    blank = Replica(MACHINES[machine])
    commands = st.lists(
        st.builds(Command, TEXTS[machine], st.integers(-3, 0), st.integers(1, 4)), max_size=12
    )
    replica = blank
    for command in data.draw(commands):
        replica, _ = replica.apply(command)
    text = replica.dumped()
    loaded = blank.loaded(text)
    assert loaded == replica
    assert loaded.dumped() == text
    for command in data.draw(commands):
        replica, result = replica.apply(command)
        loaded, same = loaded.apply(command)
        assert (loaded, same) == (replica, result)


def test_equal_replicas_are_written_alike_whoever_came_first() -> None:
    one, two = Replica(), Replica()
    for client in (-1, -2):
        one, _ = one.apply(Command(f"k{client}=1", client, 1))
    for client in (-2, -1):
        two, _ = two.apply(Command(f"k{client}=1", client, 1))
    assert one == two
    assert one.dumped() == two.dumped()


@pytest.mark.parametrize("machine", MACHINES)
def test_every_machine_is_replicated_and_caught_up_by_snapshot(machine: str) -> None:
    options = Options(machine=machine, snapshot_every=2, chunk=10)
    net = Net.of(Cluster.of_size(3, options))
    net.fire(1)
    net.settle()
    net.crash(3)
    for serial, text in enumerate(("+2", "lock a", "x=1", "+5", "unlock b"), 1):
        net.ask(1, request(text, -1, serial))
        net.settle()
    net.restart(3)
    for _ in range(3):
        net.fire(1)
        net.settle()
    values = net.up[1].replica.values
    assert (
        values == {"map": {"x": "1"}, "counter": {"count": "7"}, "lock": {"holder": "a"}}[machine]
    )
    assert {who: up.replica for who, up in net.up.items()} == dict.fromkeys(
        (1, 2, 3), net.up[1].replica
    )
