"""What each act does to a world.

An act that cannot have its effect (a crash of a crashed server, a leader where nobody leads) is
kept in the history with a note that says why; it is never an error, because a person may do
anything at any time. A server that the cluster does not have is an error: ``ActError``.
"""

from collections.abc import Callable

import attrs

from raftviz.raft.algorithm import step
from raftviz.raft.because import Because, Reason
from raftviz.raft.inputs import Compact, TimerFired
from raftviz.raft.log import Command
from raftviz.raft.messages import AppendEntriesRequest, ClientRequest, Message, message_name
from raftviz.raft.names import Address, name
from raftviz.raft.server import Candidate, Follower, Leader, Persistent, restarted
from raftviz.sim import acts, client, faults, platter
from raftviz.sim.client import Client
from raftviz.sim.events import Acted
from raftviz.sim.history import NETWORK, Record
from raftviz.sim.host import Disk, Host, Status, Write
from raftviz.sim.network import Flight, Link, Network, Quality
from raftviz.sim.units import NEVER
from raftviz.sim.world import CUT_PLACE, World


class ActError(ValueError):
    """An act on something that does not exist; the message says what."""


class InVain(Exception):  # noqa: N818 - it is no error
    """The act has no effect; the message says why."""


def perform(world: World, act: acts.Act) -> Record:
    """Do ``act`` now. Returns the act's own record; what it sets off may follow in others.

    Raises ActError when the act names a server that the cluster does not have.
    """
    number = len(world.branch)
    try:
        _ACTIONS[type(act)](world, act)
    except InVain as reason:
        _record(world, Acted(act, note=str(reason)), world.network)
    return world.branch[number]


def leader_of(hosts: dict[int, Host]) -> Host | None:
    """Who leads: of the servers that run and think so, the one in the highest term."""
    leaders = [h for h in hosts.values() if h.is_up and isinstance(h.server.role, Leader)]
    return max(leaders, key=lambda host: host.server.current_term, default=None)


def check_servers(act: acts.Act, servers: int) -> None:
    """Raise ActError if the act names a server that a cluster of this size does not have."""
    for target in acts.targets_of(act):
        of_message = isinstance(act, acts.OnMessage)
        if not of_message or (target != "*" and not _is_client(target)):
            _check(target, servers)


def _check(target: acts.Target, servers: int) -> None:
    if isinstance(target, int):
        if not 1 <= target <= servers:
            raise ActError(f"there is no server {name(target)}: the cluster has S1 to S{servers}")
    elif target not in acts.ROLES:
        raise ActError(f"no server is called “{target}”")


def _is_client(end: acts.Target) -> bool:
    return isinstance(end, int) and end < 0


def resolve(world: World, target: acts.Target) -> int:
    """The number of the server that ``target`` means right now."""
    _check(target, len(world.hosts))
    if isinstance(target, int):
        return target
    if target == "leader":
        leader = leader_of(world.hosts)
        if leader is None:
            raise InVain("nobody leads right now")
        return leader.id
    role = {"follower": Follower, "candidate": Candidate}[target]
    for host in world.hosts.values():
        if host.is_up and isinstance(host.server.role, role):
            return host.id
    raise InVain(f"no server is a {target} right now")


def find_flight(world: World, choice: acts.Choice) -> Flight:
    """The message in flight that is meant."""
    if choice.id is not None:
        if choice.id not in world.flights:
            raise InVain("the message is not in flight any more")
        return world.flights[choice.id]
    ends = [_end_of_link(world, end) for end in (choice.source, choice.target)]
    found = [
        flight
        for flight in sorted(world.flights.values(), key=lambda f: (f.sent_us, f.id))
        if _is_of_kind(flight.message, choice.kind)
        and ends[0] in (None, flight.source)
        and ends[1] in (None, flight.target)
    ]
    if len(found) < choice.nth:
        a, b = ("anyone" if end is None else name(end) for end in ends)
        raise InVain(f"no such {choice.kind} from {a} to {b} is in flight")
    return found[choice.nth - 1]


def _end_of_link(world: World, end: acts.Target) -> Address | None:
    """Whose messages are meant; None for anybody's. Clients have messages in flight too."""
    if end == "*":
        return None
    return int(end) if _is_client(end) else resolve(world, end)


def _is_of_kind(message: Message, kind: str) -> bool:
    if kind == "message":
        return True
    if kind == "Heartbeat":
        return isinstance(message, AppendEntriesRequest) and not message.entries
    return message_name(message) == kind


def _record(
    world: World, event: Acted, network: Network, because: tuple[Because, ...] = ()
) -> None:
    world.record(event, -1, NETWORK, network, because)


# Servers


def _crash(world: World, act: acts.Crash) -> None:
    host = world.hosts[resolve(world, act.target)]
    if host.status is Status.CRASHED:
        raise InVain(f"{name(host.id)} is already down")
    world.record(Acted(act), -1, host.id, _crashed(world, host), _told(faults.CRASH, host))


def _crashed(world: World, host: Host, image: bytes | None = None) -> Host:
    """The host after a crash: what was not durable is gone, and so is the fault of a write."""
    durable = host.disk.durable
    disk = Disk(durable, image=image or host.disk.image, full=host.disk.full)
    server = restarted(host.id, durable, world.settings.options.blank)
    return Host(server, disk, Status.CRASHED)


def _tear(world: World, act: acts.Tear) -> None:
    host = _running(world, act.target)
    if not host.disk.writes:
        raise InVain(f"{name(host.id)} is writing nothing right now")
    unfinished = host.disk.writes[0].persistent
    image = host.disk.image or platter.torn(host.disk.durable, unfinished)
    after = _crashed(world, host, image)
    world.record(Acted(act), -1, host.id, after, _told(faults.TEAR, host))


def _damage(world: World, act: acts.Damage) -> None:
    host = world.hosts[resolve(world, act.target)]
    if host.disk.image is not None and host.status is not Status.CRASHED:
        raise InVain(f"the disk of {name(host.id)} is damaged already")
    image = host.disk.image or platter.encoded(host.disk.durable)
    after = attrs.evolve(
        host, disk=attrs.evolve(host.disk, image=platter.flipped(image, world.draw_bit(host.id)))
    )
    world.record(Acted(act), -1, host.id, after, _told(faults.DAMAGE, host))


def _fill_disk(world: World, act: acts.FillDisk) -> None:
    host = world.hosts[resolve(world, act.target)]
    if host.disk.full:
        raise InVain(f"the disk of {name(host.id)} is full already")
    after = attrs.evolve(host, disk=attrs.evolve(host.disk, full=True))
    world.record(Acted(act), -1, host.id, after, _told(faults.FULL, host))


def _free_disk(world: World, act: acts.FreeDisk) -> None:
    host = world.hosts[resolve(world, act.target)]
    if not host.disk.full:
        raise InVain(f"the disk of {name(host.id)} is not full")
    disk = attrs.evolve(host.disk, full=False, writes=_taken_up(host, world.time_us))
    after = attrs.evolve(host, disk=disk)
    world.record(Acted(act), -1, host.id, after, _told(faults.FREED, host))
    world.queue_disk(after)


def _taken_up(host: Host, now_us: int) -> tuple[Write, ...]:
    """Writes that could not get on, as they do from now."""
    return tuple(attrs.evolve(w, done_us=max(w.done_us, now_us)) for w in host.disk.writes)


def _fail_write(world: World, act: acts.FailWrite) -> None:
    host = _running(world, act.target)
    after = attrs.evolve(host, disk=attrs.evolve(host.disk, fails=True))
    world.record(Acted(act), -1, host.id, after, _told(faults.FAIL_WRITE, host))


def _fail_apply(world: World, act: acts.FailApply) -> None:
    host = _running(world, act.target)
    server = attrs.evolve(host.server, replica=attrs.evolve(host.server.replica, fails=True))
    after = attrs.evolve(host, server=server)
    world.record(Acted(act), -1, host.id, after, _told(faults.FAIL_APPLY, host))


def _compact(world: World, act: acts.Compact) -> None:
    host = _running(world, act.target)
    if host.server.last_applied <= host.server.log.snapshot_index:
        raise InVain(f"{name(host.id)} has applied nothing since its last snapshot")
    world.carry_out(Acted(act), -1, host, step(world.cluster, host.server, Compact()))


def _restart(world: World, act: acts.Restart) -> None:
    host = world.hosts[resolve(world, act.target)]
    if host.status is not Status.CRASHED:
        raise InVain(f"{name(host.id)} is not down")
    recovered, because = _read_disk(world, host)
    if recovered is None:
        refuses = because[0].sentence
        world.record(Acted(act), -1, host.id, attrs.evolve(host, refuses=refuses), because)
        return
    after = attrs.evolve(
        host,
        server=restarted(host.id, recovered, world.settings.options.blank),
        disk=Disk(recovered, full=host.disk.full),
        status=Status.UP,
        refuses="",
        timer_us=world.time_us + world.draw_election_timeout(host.id),
        timer_from_us=world.time_us,
        timer_cause=len(world.branch),
    )
    world.record(Acted(act), -1, host.id, after, because)


def _read_disk(world: World, host: Host) -> tuple[Persistent | None, tuple[Because, ...]]:
    """What a starting server finds, and why it starts or does not."""
    image = host.disk.image
    if image is None:
        return host.disk.durable, _told(faults.RESTART, host)
    try:
        found: Persistent | None = platter.decoded(image, world.settings.options.blank)
        because = (*_told(faults.TORN, host), *_told(faults.RESTART, host))
    except platter.DamagedError as damage:
        found = None
        because = (Because(faults.REFUSE_START, {"me": host.id, "why": str(damage)}),)
    return world.cluster.rules.recovered(found), because


def _timeout(world: World, act: acts.Timeout) -> None:
    host = _running(world, act.target)
    if isinstance(host.server.role, Leader):
        raise InVain(f"{name(host.id)} leads, and a leader has no election timeout")
    world.carry_out(Acted(act), -1, host, step(world.cluster, host.server, TimerFired()))


def _pause(world: World, act: acts.Pause) -> None:
    host = _running(world, act.target)
    after = attrs.evolve(host, status=Status.PAUSED)
    world.record(Acted(act), -1, host.id, after, _told(faults.PAUSE, host))


def _resume(world: World, act: acts.Resume) -> None:
    host = world.hosts[resolve(world, act.target)]
    if host.status is not Status.PAUSED:
        raise InVain(f"{name(host.id)} is not paused")
    now = world.time_us
    writes = _taken_up(host, now)
    after = attrs.evolve(
        host,
        status=Status.UP,
        timer_us=max(host.timer_us, now),
        batch_us=max(host.batch_us, now),
        disk=attrs.evolve(host.disk, writes=writes),
        backlog=(),
    )
    for flight in host.backlog:  # its mail has waited long enough
        world.put(attrs.evolve(flight, arrives_us=now, lost_us=None, lost_why=""))
    world.record(Acted(act), -1, host.id, after, _told(faults.RESUME, host))
    world.queue_disk(after)
    world.queue_batch(after)


def _told(reason: Reason, host: Host) -> tuple[Because, ...]:
    return (Because(reason, {"me": host.id}),)


def _running(world: World, target: acts.Target) -> Host:
    host = world.hosts[resolve(world, target)]
    if not host.is_up:
        raise InVain(f"{name(host.id)} is {host.status.value}")
    return host


# The network


def _partition(world: World, act: acts.Partition) -> None:
    groups = [frozenset(resolve(world, t) for t in group) for group in act.groups]
    named = [server for group in groups for server in group]
    if len(named) != len(set(named)):
        raise InVain("a server cannot be on two sides of a partition")
    rest = frozenset(world.hosts) - frozenset(named)
    sides = tuple(group for group in (*groups, rest) if group)
    if len(sides) < 2:
        raise InVain("all servers are on one side")
    because = (Because(faults.PARTITION, {}),)
    _change_network(world, act, attrs.evolve(world.network, groups=sides), because)


def _heal(world: World, act: acts.Heal) -> None:
    if not world.network.groups and not world.network.cuts:
        raise InVain("nothing is cut")
    whole = attrs.evolve(world.network, groups=(), cuts=frozenset())
    _change_network(world, act, whole, (Because(faults.HEAL, {}),))


def _directions(world: World, act: acts.Cut | acts.Restore) -> set[Link]:
    source, target = resolve(world, act.source), resolve(world, act.target)
    if source == target:
        raise InVain("a server needs no link to itself")
    return {(source, target), (target, source)} if act.both else {(source, target)}


def _cut(world: World, act: acts.Cut) -> None:
    cuts = world.network.cuts | _directions(world, act)
    _change_network(world, act, attrs.evolve(world.network, cuts=cuts))


def _restore(world: World, act: acts.Restore) -> None:
    cuts = world.network.cuts - _directions(world, act)
    if cuts == world.network.cuts:
        raise InVain("that link is not cut")
    _change_network(world, act, attrs.evolve(world.network, cuts=cuts))


def _change_network(
    world: World, act: acts.Act, network: Network, because: tuple[Because, ...] = ()
) -> None:
    """Put the new network in place; messages that have not passed the cut yet are stopped there."""
    for flight in tuple(world.flights.values()):
        cut = network.is_cut(flight.source, flight.target)
        if cut and flight.lost_us is None and flight.position(world.time_us) < CUT_PLACE:
            stops = max(world.time_us, flight.time_of(CUT_PLACE))
            world.put(attrs.evolve(flight, lost_us=stops, lost_why="cut"))
        elif not cut and flight.lost_why == "cut":
            world.put(attrs.evolve(flight, lost_us=None, lost_why=""))
    _record(world, Acted(act), network, because)


_QualityAct = acts.SetLoss | acts.SetDuplication | acts.SetReorder | acts.SetLatency


def _set_quality(world: World, act: _QualityAct) -> None:
    network = world.network
    if act.link is None:
        quality = _with(network.quality, act)
        links = {link: _with(own, act) for link, own in network.links.items()}
    else:
        a, b = (resolve(world, end) for end in act.link)
        quality = network.quality
        links = {
            **network.links,
            (a, b): _with(network.quality_of(a, b), act),
            (b, a): _with(network.quality_of(b, a), act),
        }
    _record(world, Acted(act), attrs.evolve(network, quality=quality, links=links))


def _with(quality: Quality, act: _QualityAct) -> Quality:
    if isinstance(act, acts.SetLoss):
        return attrs.evolve(quality, loss=act.probability)
    if isinstance(act, acts.SetDuplication):
        return attrs.evolve(quality, duplicate=act.probability)
    if isinstance(act, acts.SetReorder):
        return attrs.evolve(quality, reorder=act.probability)
    return attrs.evolve(quality, latency_us=act.latency_us)


# Messages


def _drop(world: World, act: acts.Drop) -> None:
    flight = find_flight(world, act.choice)
    _record(world, Acted(act), world.network)
    del world.flights[flight.id]
    world.lose(attrs.evolve(flight, lost_us=world.time_us, lost_why="dropped"), "dropped")


def _deliver(world: World, act: acts.Deliver) -> None:
    flight = find_flight(world, act.choice)
    _record(world, Acted(act), world.network)
    del world.flights[flight.id]
    world.deliver(attrs.evolve(flight, lost_us=None, lost_why="", arrives_us=world.time_us))


def _delay(world: World, act: acts.Delay) -> None:
    flight = find_flight(world, act.choice)
    later = attrs.evolve(
        flight,
        since_us=world.time_us,
        progress=flight.position(world.time_us),
        arrives_us=flight.arrives_us + act.by_us,
    )
    if flight.lost_us is not None:  # later, and at the same place
        later = attrs.evolve(later, lost_us=later.time_of(flight.position(flight.lost_us)))
    world.put(later)
    _record(world, Acted(act), world.network)


def _duplicate(world: World, act: acts.Duplicate) -> None:
    flight = find_flight(world, act.choice)
    now = world.time_us
    copy = attrs.evolve(
        flight,
        id=world.new_flight_id(),
        since_us=now,
        progress=flight.position(now),
        # Half a way behind, so that the two are seen apart.
        arrives_us=flight.arrives_us + (flight.arrives_us - flight.sent_us) // 2,
        lost_us=None,
        lost_why="",
    )
    if flight.lost_why == "cut":  # chance may spare the copy, but a cut stops all alike
        copy = attrs.evolve(copy, lost_us=copy.time_of(CUT_PLACE), lost_why="cut")
    world.put(copy)
    _record(world, Acted(act), world.network)


# Clients


def _request(world: World, act: acts.Request) -> None:
    asker = _client(world, act.client)
    server = resolve(world, act.target) if act.target is not None else asker.leader
    if not server:
        known = [c.leader for c in world.clients.values() if c.leader]
        server = known[0] if known else world.draw_server(asker.id)
    command = Command(act.command, asker.id, asker.serial + 1)
    timeout_us = world.settings.client_timeout_us
    after, because = client.ask(asker, command, server, world.time_us, timeout_us)
    world.send(after.id, server, ClientRequest(command))
    world.record(Acted(act), -1, after.id, after, because)


def _client(world: World, number: int | None) -> Client:
    """The client asked for, or the first that waits for no answer."""
    if number is not None:
        asker = world.clients.get(-number, Client(-number))
        if asker.operation is not None:
            raise InVain(f"{name(asker.id)} still waits for an answer")
        return asker
    address: Address = -1
    while True:
        asker = world.clients.get(address, Client(address))
        if asker.operation is None and not asker.every_us:
            return asker
        address -= 1


def _requests(world: World, act: acts.SetRequests) -> None:
    rhythmic = next((c for c in world.clients.values() if c.every_us), None)
    if not act.every_us and rhythmic is None:
        raise InVain("no client sends requests by itself")
    asker = rhythmic or _client(world, None)
    after = attrs.evolve(
        asker,
        every_us=act.every_us,
        next_us=world.time_us + act.every_us if act.every_us else NEVER,
    )
    world.record(Acted(act), -1, after.id, after, ())


# One row an act; a test compares it with ``acts.Act``.
_ACTIONS: dict[type, Callable[..., None]] = {
    acts.Request: _request,
    acts.Crash: _crash,
    acts.Restart: _restart,
    acts.Timeout: _timeout,
    acts.Pause: _pause,
    acts.Resume: _resume,
    acts.Compact: _compact,
    acts.Tear: _tear,
    acts.Damage: _damage,
    acts.FillDisk: _fill_disk,
    acts.FreeDisk: _free_disk,
    acts.FailWrite: _fail_write,
    acts.FailApply: _fail_apply,
    acts.Partition: _partition,
    acts.Heal: _heal,
    acts.Cut: _cut,
    acts.Restore: _restore,
    acts.Drop: _drop,
    acts.Duplicate: _duplicate,
    acts.Delay: _delay,
    acts.Deliver: _deliver,
    acts.SetLoss: _set_quality,
    acts.SetDuplication: _set_quality,
    acts.SetReorder: _set_quality,
    acts.SetLatency: _set_quality,
    acts.SetRequests: _requests,
}
