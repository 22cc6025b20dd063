"""What each act does to a world.

An act that cannot have its effect (a crash of a crashed server, a leader where nobody leads) is
kept in the history with a note that says why; it is never an error, because a person may do
anything at any time. A server that the cluster does not have is an error: ``ActError``.
"""

from collections.abc import Callable

from raftviz.sim import (
    acting_clients,
    acting_disks,
    acting_messages,
    acting_network,
    acting_servers,
    acts,
)
from raftviz.sim.acting_network import record
from raftviz.sim.events import Acted
from raftviz.sim.history import Record
from raftviz.sim.targets import InVain, named
from raftviz.sim.world import World


def perform(world: World, act: acts.Act) -> Record:
    """Do ``act`` now. Returns the act's own record; what it sets off may follow in others.

    The record holds the act in words that mean the same when they are said at the same position:
    written as text, read back and done there, it gives the same history.

    Raises ActError when the act names a server that the cluster does not have.
    """
    number = len(world.branch)
    try:
        if isinstance(act, acts.OnMessage):
            act = named(world, act)
        _ACTIONS[type(act)](world, act)
    except InVain as reason:
        record(world, Acted(act, note=str(reason)), world.network)
    return world.branch[number]


def _rules(world: World, act: acts.OnRules) -> None:
    from raftviz.sim import acting_rules  # noqa: PLC0415 - thirty variants, for who breaks a rule

    if isinstance(act, acts.SwitchOn):
        acting_rules.switch_on(world, act)
    else:
        acting_rules.switch_off(world, act)


# One row an act; a test compares it with ``acts.Act``.
_ACTIONS: dict[type, Callable[..., None]] = {
    acts.Request: acting_clients.request,
    acts.Crash: acting_servers.crash,
    acts.Restart: acting_servers.restart,
    acts.Timeout: acting_servers.timeout,
    acts.Pause: acting_servers.pause,
    acts.Resume: acting_servers.resume,
    acts.Compact: acting_disks.compact,
    acts.Tear: acting_disks.tear,
    acts.Damage: acting_disks.damage,
    acts.FillDisk: acting_disks.fill_disk,
    acts.FreeDisk: acting_disks.free_disk,
    acts.FailWrite: acting_disks.fail_write,
    acts.FinishWrite: acting_disks.finish_write,
    acts.FailApply: acting_disks.fail_apply,
    acts.SendBatch: acting_servers.send_batch,
    acts.Wake: acting_clients.wake,
    acts.Partition: acting_network.partition,
    acts.Heal: acting_network.heal,
    acts.Cut: acting_network.cut,
    acts.Restore: acting_network.restore,
    acts.Drop: acting_messages.drop,
    acts.Duplicate: acting_messages.duplicate,
    acts.Delay: acting_messages.delay,
    acts.Deliver: acting_messages.deliver,
    acts.Hold: acting_messages.hold,
    acts.Release: acting_messages.release,
    acts.SetLoss: acting_network.set_quality,
    acts.SetDuplication: acting_network.set_quality,
    acts.SetReorder: acting_network.set_quality,
    acts.SetLatency: acting_network.set_quality,
    acts.SetRequests: acting_clients.requests,
    acts.SwitchOn: _rules,
    acts.SwitchOff: _rules,
}
