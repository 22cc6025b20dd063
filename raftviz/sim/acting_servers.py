"""What acts do to servers: crash, restart, time out, pause, resume."""

import attrs

from raftviz.raft.because import Because, Reason
from raftviz.raft.inputs import BatchDue, TimerFired
from raftviz.raft.names import name
from raftviz.raft.server import Persistent, restarted
from raftviz.sim import acts, faults, platter
from raftviz.sim.events import Acted
from raftviz.sim.host import Disk, Host, Status, Write, crashed
from raftviz.sim.targets import InVain, resolve
from raftviz.sim.units import NEVER
from raftviz.sim.world import World


def crash(world: World, act: acts.Crash) -> None:
    """Carry out ``acts.Crash``."""
    host = world.hosts[resolve(world, act.target)]
    if host.status is Status.CRASHED:
        raise InVain(f"{name(host.id)} is already down")
    after = crashed(host, world.settings.options.blank)
    world.record(Acted(act), -1, host.id, after, told(faults.CRASH, host))


def restart(world: World, act: acts.Restart) -> None:
    """Carry out ``acts.Restart``."""
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
        return host.disk.durable, told(faults.RESTART, host)
    try:
        found: Persistent | None = platter.decoded(image, world.settings.options.blank)
        because = (*told(faults.TORN, host), *told(faults.RESTART, host))
    except platter.DamagedError as damage:
        found = None
        because = (Because(faults.REFUSE_START, {"me": host.id, "why": str(damage)}),)
    return world.cluster.rules.recovered(found), because


def timeout(world: World, act: acts.Timeout) -> None:
    """Carry out ``acts.Timeout``."""
    host = running(world, act.target)
    world.let(Acted(act), -1, host, TimerFired())


def send_batch(world: World, act: acts.SendBatch) -> None:
    """Carry out ``acts.SendBatch``."""
    host = running(world, act.target)
    if host.batch_us >= NEVER:
        raise InVain(f"{name(host.id)} gathers no commands right now")
    rested = attrs.evolve(host, batch_us=NEVER)
    world.let(Acted(act), -1, rested, BatchDue())


def pause(world: World, act: acts.Pause) -> None:
    """Carry out ``acts.Pause``."""
    host = running(world, act.target)
    after = attrs.evolve(host, status=Status.PAUSED)
    world.record(Acted(act), -1, host.id, after, told(faults.PAUSE, host))


def resume(world: World, act: acts.Resume) -> None:
    """Carry out ``acts.Resume``."""
    host = world.hosts[resolve(world, act.target)]
    if host.status is not Status.PAUSED:
        raise InVain(f"{name(host.id)} is not paused")
    now = world.time_us
    writes = taken_up(host, now)
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
    world.record(Acted(act), -1, host.id, after, told(faults.RESUME, host))
    world.queue_disk(after)
    world.queue_batch(after)


def told(reason: Reason, host: Host) -> tuple[Because, ...]:
    """A reason that speaks of this server alone."""
    return (Because(reason, {"me": host.id}),)


def running(world: World, target: acts.Target) -> Host:
    """The host that is meant. Raises InVain unless it runs."""
    host = world.hosts[resolve(world, target)]
    if not host.is_up:
        raise InVain(f"{name(host.id)} is {host.status.value}")
    return host


def taken_up(host: Host, now_us: int) -> tuple[Write, ...]:
    """Writes that could not get on, as they do from now."""
    return tuple(attrs.evolve(w, done_us=max(w.done_us, now_us)) for w in host.disk.writes)
