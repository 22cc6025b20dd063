"""Clusters of one, of even size, and of as many as there may be."""

import pytest

from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.messages import ClientResponse
from raftviz.raft.quorum import majority
from raftviz.raft.server import Candidate, Leader
from tests.raft.lab import request
from tests.raft.net import Net
from tests.raft.properties import Watch

EVERYTHING = Options(batch=2, pipeline=3, max_entries=2, snapshot_every=3, chunk=20)


@pytest.mark.parametrize("options", [Options(), EVERYTHING], ids=["plain", "everything"])
def test_one_server_alone_elects_itself_commits_and_answers(options: Options) -> None:
    net = Net.of(Cluster.of_size(1, options), watcher=Watch())
    net.fire(1)
    assert isinstance(net.up[1].role, Leader)
    for serial in range(1, 8):
        net.ask(1, request(f"x={serial}", -1, serial))
    assert net.told == [(-1, ClientResponse(serial, "ok")) for serial in range(1, 8)]
    assert net.up[1].commit_index == 8
    assert net.flying == []


@pytest.mark.parametrize("options", [Options(), EVERYTHING], ids=["plain", "everything"])
def test_one_server_alone_comes_back_with_all_it_said(options: Options) -> None:
    net = Net.of(Cluster.of_size(1, options), watcher=Watch())
    net.fire(1)
    for serial in range(1, 8):
        net.ask(1, request(f"append x {serial}", -1, serial))
    net.crash(1)
    net.restart(1)
    net.fire(1)
    net.ask(1, request("append x 7", -1, 7))
    assert net.up[1].replica.values == {"x": "1234567"}


def test_one_server_alone_with_a_slow_disk_answers_when_it_is_written() -> None:
    net = Net.of(Cluster.of_size(1), slow_disks=True)
    net.fire(1)
    net.settle()
    net.ask(1, request())
    assert net.told == []
    net.settle()
    assert net.told == [(-1, ClientResponse(1, "ok"))]


@pytest.mark.parametrize("size", [2, 4, 6, 8])
def test_half_of_an_even_cluster_is_no_majority(size: int) -> None:
    net = Net.of(Cluster.of_size(size))
    half = range(1, size // 2 + 1)
    net.fire(1)
    net.settle(*half)
    assert isinstance(net.up[1].role, Candidate)
    net.fire(1)
    net.settle(*half, size)
    assert isinstance(net.up[1].role, Leader)
    net.ask(1, request())
    net.settle(*half)
    assert net.up[1].commit_index == 1
    net.fire(1)
    net.fire(1)
    net.settle(*half, size)
    assert net.up[1].commit_index == 2


@pytest.mark.parametrize("size", [2, 3, 4, 9, 50, 51])
@pytest.mark.parametrize("options", [Options(), EVERYTHING], ids=["plain", "everything"])
def test_a_bare_majority_elects_and_commits_and_the_others_catch_up(
    size: int, options: Options
) -> None:
    net = Net.of(Cluster.of_size(size, options))
    away = range(majority(size) + 1, size + 1)
    net.crash(*away)
    net.fire(1)
    net.settle()
    assert isinstance(net.up[1].role, Leader)
    for serial in range(1, 7):
        net.ask(1, request(f"x={serial}", -1, serial))
        net.settle()
    net.fire(1)
    net.settle()
    assert net.up[1].commit_index == 7
    net.restart(*away)
    for _ in range(4):
        net.fire(1)
        net.settle()
    assert {who.commit_index for who in net.up.values()} == {7}
    assert all(who.replica == net.up[1].replica for who in net.up.values())


@pytest.mark.parametrize("size", [2, 3, 4, 9, 50, 51])
def test_less_than_a_majority_does_nothing(size: int) -> None:
    net = Net.of(Cluster.of_size(size))
    net.crash(*range(majority(size), size + 1))
    for _ in range(3):
        net.fire(1)
        net.settle()
    assert isinstance(net.up[1].role, Candidate)
