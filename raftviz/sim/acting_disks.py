"""What acts do to disks and state machines: tear, damage, fill, fail, compact."""

import attrs

from raftviz.raft.inputs import Compact
from raftviz.raft.names import name
from raftviz.sim import acts, faults, platter
from raftviz.sim.acting_servers import running, taken_up, told
from raftviz.sim.events import Acted
from raftviz.sim.host import Status, crashed
from raftviz.sim.targets import InVain, resolve
from raftviz.sim.world import World


def tear(world: World, act: acts.Tear) -> None:
    """Carry out ``acts.Tear``."""
    host = running(world, act.target)
    if not host.disk.writes:
        raise InVain(f"{name(host.id)} is writing nothing right now")
    unfinished = host.disk.writes[0].persistent
    image = host.disk.image or platter.torn(host.disk.durable, unfinished)
    after = crashed(host, world.settings.options.blank, image)
    world.record(Acted(act), -1, host.id, after, told(faults.TEAR, host))


def damage(world: World, act: acts.Damage) -> None:
    """Carry out ``acts.Damage``."""
    host = world.hosts[resolve(world, act.target)]
    if host.disk.image is not None and host.status is not Status.CRASHED:
        raise InVain(f"the disk of {name(host.id)} is damaged already")
    image = host.disk.image or platter.encoded(host.disk.durable)
    after = attrs.evolve(
        host, disk=attrs.evolve(host.disk, image=platter.flipped(image, world.draw_bit(host.id)))
    )
    world.record(Acted(act), -1, host.id, after, told(faults.DAMAGE, host))


def fill_disk(world: World, act: acts.FillDisk) -> None:
    """Carry out ``acts.FillDisk``."""
    host = world.hosts[resolve(world, act.target)]
    if host.disk.full:
        raise InVain(f"the disk of {name(host.id)} is full already")
    after = attrs.evolve(host, disk=attrs.evolve(host.disk, full=True))
    world.record(Acted(act), -1, host.id, after, told(faults.FULL, host))


def free_disk(world: World, act: acts.FreeDisk) -> None:
    """Carry out ``acts.FreeDisk``."""
    host = world.hosts[resolve(world, act.target)]
    if not host.disk.full:
        raise InVain(f"the disk of {name(host.id)} is not full")
    disk = attrs.evolve(host.disk, full=False, writes=taken_up(host, world.time_us))
    after = attrs.evolve(host, disk=disk)
    world.record(Acted(act), -1, host.id, after, told(faults.FREED, host))
    world.queue_disk(after)


def fail_write(world: World, act: acts.FailWrite) -> None:
    """Carry out ``acts.FailWrite``."""
    host = running(world, act.target)
    after = attrs.evolve(host, disk=attrs.evolve(host.disk, fails=True))
    world.record(Acted(act), -1, host.id, after, told(faults.FAIL_WRITE, host))


def finish_write(world: World, act: acts.FinishWrite) -> None:
    """Carry out ``acts.FinishWrite``: the act, and then the end of the write as it always is."""
    host = running(world, act.target)
    if not host.disk.writes:
        raise InVain(f"{name(host.id)} is writing nothing right now")
    if host.disk.full:
        raise InVain(f"the disk of {name(host.id)} is full")
    oldest, *later = host.disk.writes
    done = (attrs.evolve(oldest, done_us=world.time_us), *later)
    after = attrs.evolve(host, disk=attrs.evolve(host.disk, writes=done))
    world.record(Acted(act), -1, host.id, after, ())
    world.finish_write(host.id)


def fail_apply(world: World, act: acts.FailApply) -> None:
    """Carry out ``acts.FailApply``."""
    host = running(world, act.target)
    server = attrs.evolve(host.server, replica=attrs.evolve(host.server.replica, fails=True))
    after = attrs.evolve(host, server=server)
    world.record(Acted(act), -1, host.id, after, told(faults.FAIL_APPLY, host))


def compact(world: World, act: acts.Compact) -> None:
    """Carry out ``acts.Compact``."""
    host = running(world, act.target)
    if host.server.last_applied <= host.server.log.snapshot_index:
        raise InVain(f"{name(host.id)} has applied nothing since its last snapshot")
    world.let(Acted(act), -1, host, Compact())
