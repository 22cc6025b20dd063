"""What acts do to clients: a request now, or requests at an interval."""

import attrs

from raftviz.raft.log import Command
from raftviz.raft.messages import ClientRequest
from raftviz.raft.names import Address, name
from raftviz.sim import acts, client
from raftviz.sim.client import Client
from raftviz.sim.events import Acted
from raftviz.sim.targets import InVain, resolve
from raftviz.sim.units import NEVER
from raftviz.sim.world import World


def request(world: World, act: acts.Request) -> None:
    """Carry out ``acts.Request``."""
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


def wake(world: World, act: acts.Wake) -> None:
    """Carry out ``acts.Wake``: the act, and then what the client does as it always does."""
    sleeper = world.clients.get(-act.client)
    if sleeper is None or sleeper.alarm_us >= NEVER:
        raise InVain(f"{name(-act.client)} would do nothing by itself")
    now = world.time_us
    if sleeper.wake_us <= sleeper.next_us:
        awake = attrs.evolve(sleeper, wake_us=now)
    else:
        awake = attrs.evolve(sleeper, next_us=now)
    world.record(Acted(act), -1, sleeper.id, awake, ())
    world.wake_client(sleeper.id)


def requests(world: World, act: acts.SetRequests) -> None:
    """Carry out ``acts.SetRequests``."""
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
