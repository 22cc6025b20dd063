"""Liveness: once all faults stop, a cluster comes to life (§5.4, §5.6).

A safety property is broken by an event; this one by something that does not happen. So it is not
watched but demanded: ``heal_all`` ends every fault, ``demand_liveness`` lets time pass and looks.
"""

from raftviz.checks.properties import LIVENESS, Violation
from raftviz.checks.seen import same_state
from raftviz.raft.names import name, names
from raftviz.raft.quorum import majority
from raftviz.raft.server import Leader
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.acts import Act
from raftviz.sim.host import Host, Status
from raftviz.sim.targets import choice_of, held_flights, leader_of
from raftviz.sim.world import World

ELECTION_TIMEOUTS = 30
"""How many of the longest election timeouts a cluster gets unless somebody says otherwise. Two or
three elections are usual; a split vote costs one more each time."""

_TIMELY = 10
"""Messages must be about so many times as fast as the shortest election timeout (§5.6)."""

_WRITES = {"map": "healed=yes", "counter": "+1", "lock": "lock healed"}


def heal_all(world: World) -> None:
    """End every fault: links are whole and fast, disks free, and all servers run that can.

    No message is held any longer. What is slower than §5.6 asks for counts as a fault of the network. Clients stop sending by
    themselves, so that the cluster can come to rest. A server that finds its disk damaged stays
    down.
    """
    for act in _cures(world):
        perform(world, act)


def _cures(world: World) -> list[Act]:
    cures = _cures_of_servers(world) + _cures_of_network(world)
    if any(client.every_us for client in world.clients.values()):
        cures.append(acts.SetRequests(0))
    return cures


def _cures_of_servers(world: World) -> list[Act]:
    cures: list[Act] = []
    for host in world.hosts.values():
        if host.disk.full:
            cures.append(acts.FreeDisk(host.id))
        if host.status is Status.PAUSED:
            cures.append(acts.Resume(host.id))
        elif host.status is Status.CRASHED:
            cures.append(acts.Restart(host.id))
    return cures


def _cures_of_network(world: World) -> list[Act]:
    network, quality = world.network, world.network.quality
    cures: list[Act] = [acts.Release(choice_of(flight)) for flight in held_flights(world)]
    if network.groups or network.cuts:
        cures.append(acts.Heal())
    qualities = (quality, *network.links.values())
    if any(one.loss for one in qualities):
        cures.append(acts.SetLoss(0.0))
    if any(one.duplicate for one in qualities):
        cures.append(acts.SetDuplication(0.0))
    if any(one.reorder for one in qualities):
        cures.append(acts.SetReorder(0.0))
    fast = world.settings.election_timeout_us[0] // _TIMELY
    if any(one.latency_us[1] > fast for one in qualities):
        cures.append(acts.SetLatency((min(quality.latency_us[0], fast), fast)))
    return cures


def demand_liveness(world: World, election_timeouts: int = ELECTION_TIMEOUTS) -> Violation | None:
    """Run ``world``, in which no fault goes on (see ``heal_all``), and say what does not come about.

    Within ``election_timeouts`` times the longest election timeout: exactly one server leads and
    all others that run follow it; a new client's command, sent now, is answered; no client waits
    for an answer; and all servers that run have equal logs, all of them applied, and equal state
    machines. Nothing is demanded of a cluster in which no majority runs: Raft promises nothing
    then. A minority that is down for good must not matter. Without a no-op at the start of a term,
    entries of earlier terms may rightly wait for the next command (§5.4.2, §8): then it is sent.

    Where a round of votes, disks included, takes longer than the timeouts differ from each other,
    or than the shortest of them, votes split again and again (§9.3): the cluster gets as many
    times longer.
    """
    running = [host.id for host in world.hosts.values() if host.is_up]
    if len(running) < majority(len(world.hosts)):
        return None
    began = len(world.branch) - 1
    client = 1 - min(world.clients, default=0)
    _write(world, client)
    limit = world.time_us + election_timeouts * _patience_us(world)
    missing = _missing(world, client)
    while missing is not None and world.time_us < limit:
        if waits_for_a_write(world):
            _write(world, client)
        world.run_until(min(limit, world.time_us + world.settings.heartbeat_us))
        missing = _missing(world, client)
    if missing is None:
        return None
    explanation, servers = missing
    return Violation(
        LIVENESS,
        world.branch.number,
        len(world.branch) - 1,
        world.time_us,
        f"{election_timeouts} election timeouts after all faults had stopped, {explanation}.",
        frozenset(servers),
        began,
    )


def _write(world: World, client: int) -> None:
    command = _WRITES.get(world.settings.options.machine, "healed")
    perform(world, acts.Request(command, client=client))


def waits_for_a_write(world: World) -> bool:
    """Whether a leader may commit none of what it has, and no client will send it anything more."""
    leader = leader_of(world.hosts)
    return (
        leader is not None
        and leader.server.commit_index < leader.server.log.last_index
        and leader.server.log.last_term < leader.server.current_term
        and all(client.operation is None for client in world.clients.values())
    )


def _patience_us(world: World) -> int:
    """The longest election timeout, as often as an election must be expected to fail."""
    shortest, longest = world.settings.election_timeout_us
    latencies = (world.network.quality, *world.network.links.values())
    latency = max(quality.latency_us[1] for quality in latencies)
    round_us = 2 * (world.settings.disk_us[1] + latency)
    return longest * (1 + round_us // max(1, min(shortest, longest - shortest)))


def _missing(world: World, client: int) -> tuple[str, list[int]] | None:
    """What is not yet as it must be, and on which servers."""
    running = [host for host in world.hosts.values() if host.is_up]
    leaders = [host for host in running if isinstance(host.server.role, Leader)]
    if len(leaders) != 1:
        ids = [host.id for host in leaders]
        return f"{names(ids)} {'lead' if len(ids) > 1 else 'leads'}", ids
    leader = leaders[0]
    strays = [
        h.id
        for h in running
        if h.server.leader_id != leader.id or h.server.current_term != leader.server.current_term
    ]
    if strays:
        return f"{names(strays)} do not follow {name(leader.id)}", [leader.id, *strays]
    waiting = [one.id for one in world.clients.values() if one.operation is not None]
    if waiting:
        new = " a fresh write" if -client in waiting else ""
        return f"{names(waiting)} waited in vain for{new or ' an answer'} by {name(leader.id)}", [
            leader.id
        ]
    return _differing(running, leader)


def _differing(running: list[Host], leader: Host) -> tuple[str, list[int]] | None:
    log = leader.server.log
    for host in running:
        other = host.server
        both = [leader.id] if host is leader else [leader.id, host.id]
        if other.log.last_index != log.last_index or other.log.agrees_until(log) != log.last_index:
            return f"the logs of {names(both)} differ", both
        if other.last_applied != log.last_index:
            return (
                f"{name(host.id)} has applied {other.last_applied} of {log.last_index} entries",
                [host.id],
            )
        if not same_state(other.replica, leader.server.replica):
            return f"the state machines of {names(both)} differ", both
    return None
