"""Once all faults stop, a cluster comes to life; one that cannot is told from one that may not."""

import attrs
import pytest

from raftviz.checks.liveness import demand_liveness, heal_all, waits_for_a_write
from raftviz.checks.properties import LIVENESS
from raftviz.raft.cluster import Options
from raftviz.raft.log import Command, Entry
from raftviz.sim.host import Status
from raftviz.sim.world import World
from tests.checks.forged import broken, led, watched
from tests.sim.worlds import do, run, wait

EVERY_FAULT = (
    "loss 0.3",
    "duplication 0.3",
    "reordering 0.3",
    "latency 80..140ms",
    "partition S1 S2 | S3 S4 S5",
    "cut S4 <-> S5",
    "requests every 30ms",
    "fill-disk S2",
    "fail-write S3",
    "fail-apply S4",
    "pause S5",
    "crash S1",
)


def test_healing_ends_every_fault() -> None:
    world = led(5).world
    do(world, *EVERY_FAULT)
    run(world, 400)
    heal_all(world)

    quality = world.network.quality
    assert (quality.loss, quality.duplicate, quality.reorder) == (0, 0, 0)
    assert quality.latency_us[1] == 15_000
    assert not world.network.groups
    assert not world.network.cuts
    assert all(host.status is Status.UP and not host.disk.full for host in world.hosts.values())
    assert not any(client.every_us for client in world.clients.values())


def test_healing_a_whole_world_does_nothing() -> None:
    world = led().world
    count = len(world.branch)
    heal_all(world)
    assert len(world.branch) == count


@pytest.mark.parametrize("machine", ["map", "counter", "lock"])
def test_a_healed_cluster_comes_to_life(machine: str) -> None:
    it = led(5, options=Options(machine=machine, snapshot_every=3, batch=3, pipeline=3))
    do(it.world, *EVERY_FAULT)
    run(it.world, 800)
    heal_all(it.world)

    assert demand_liveness(it.world) is None
    assert it.fallen == set()
    assert len({host.server.log.last_index for host in it.world.hosts.values()}) == 1


@pytest.mark.parametrize("servers", [1, 2, 3])
def test_a_cluster_in_which_nobody_leads_yet_comes_to_life(servers: int) -> None:
    assert demand_liveness(watched(servers).world) is None


@pytest.mark.parametrize("no_op", [False, True])
def test_without_a_no_op_entries_of_an_earlier_term_wait_for_a_write(no_op: bool) -> None:
    it = led(options=Options(no_op=no_op))
    log = it.world.hosts[1].server.log
    for server, host in it.world.hosts.items():
        longer = log.append((Entry(log.last_index + 1, 1),))
        it.forge(server, attrs.evolve(host.disk.durable, log=longer), log=longer)
    assert not waits_for_a_write(it.world)
    do(it.world, "timeout S2")
    wait(it.world, "leader == S2")
    run(it.world, 300)
    assert waits_for_a_write(it.world) is not no_op

    assert demand_liveness(it.world, election_timeouts=5) is None
    assert not waits_for_a_write(it.world)


def test_a_minority_that_is_down_for_good_does_not_matter() -> None:
    it = led(5)
    do(it.world, "damage S1", "damage S2", "crash S1", "crash S2")
    heal_all(it.world)

    assert [host.is_up for host in it.world.hosts.values()] == [False, False, True, True, True]
    assert demand_liveness(it.world) is None


def test_nothing_is_demanded_of_a_minority() -> None:
    it = led()
    do(it.world, "damage S1", "damage S2", "crash S1", "crash S2")
    heal_all(it.world)
    assert demand_liveness(it.world) is None


def test_a_cluster_that_elects_nobody_is_dead() -> None:
    it = watched(3, broken(quorum=lambda voters, configuration: False))
    began = len(it.world.branch)
    dead = demand_liveness(it.world, election_timeouts=3)

    assert dead is not None
    assert dead.property is LIVENESS
    assert "nobody leads" in dead.explanation
    assert "3 election timeouts" in dead.explanation
    assert (dead.earlier, dead.event) == (began - 1, len(it.world.branch) - 1)
    assert dead.time_us == it.world.time_us


def test_a_cluster_that_commits_nothing_is_dead() -> None:
    it = watched(3, broken(leader_commit_index=lambda log, replicated, term, commit: commit))
    dead = demand_liveness(it.world, election_timeouts=5)

    assert dead is not None
    assert "waited in vain" in dead.explanation
    assert len(dead.servers) == 1


def _without_s3(world: World) -> World:
    do(world, "cut S1 -> S3", "timeout S1")
    wait(world, "leader == S1")
    return world


def test_a_server_that_follows_nobody_is_seen() -> None:
    it = watched(3, election_timeout_us=(900_000, 1_000_000))
    dead = demand_liveness(_without_s3(it.world), election_timeouts=1)

    assert dead is not None
    assert 3 in dead.servers
    assert "S3" in dead.explanation


def test_a_state_that_differs_is_seen() -> None:
    it = led()
    replica = it.world.hosts[1].server.replica
    it.forge(3, replica=type(replica)())
    dead = demand_liveness(it.world, election_timeouts=1)

    assert dead is not None
    assert dead.servers == {1, 3}
    assert "state machines of S1 and S3 differ" in dead.explanation


def test_a_log_that_differs_is_seen() -> None:
    it = led()
    log = it.world.hosts[3].server.log.truncate_from(2)
    it.forge(3, log=log.append((Entry(2, 1, Command("x=2")),)))
    dead = demand_liveness(it.world, election_timeouts=1)

    assert dead is not None
    assert dead.servers == {1, 3}
    assert "logs of S1 and S3 differ" in dead.explanation
