"""The moves of a run at random: acts that belong together, biased towards what is rare.

They look for a message that is about to arrive, a server that leads or wants to, a term that another
server has too: where a broken rule matters if it ever does.
"""

from collections.abc import Callable, Sequence

from raftviz.raft.quorum import majority
from raftviz.raft.server import Follower, Leader
from raftviz.sim import acts
from raftviz.sim.acts import Act
from raftviz.sim.host import Host, Status
from raftviz.sim.network import Flight, Held
from raftviz.sim.random_acts import Dice
from raftviz.sim.targets import choice_of, held_flights
from raftviz.sim.units import NEVER, ms
from raftviz.sim.world import World

Move = Sequence[Act | int]
"""Acts that belong together, and how many µs to wait in between."""

Make = Callable[[Dice, World], Move]


def some_moves(dice: Dice) -> tuple[Make, ...]:
    """The moves that there are in one run: some, and some of them more often."""
    kept = dice.one_of((15, 40, 70))
    some = [make for make, weight in _KINDS if dice.happens(kept) for _ in range(weight)]
    return (*(_REIGNS if dice.happens(75) else _DUELS), *some)


def next_move(dice: Dice, world: World, kinds: Sequence[Make]) -> Move:
    """Something that can be done now: mending what is broken if there is much of it."""
    for host in world.hosts.values():
        if host.status is Status.CRASHED and not host.refuses and dice.happens(25):
            return (acts.Restart(host.id),)
        if host.status is Status.PAUSED and dice.happens(25):
            return (acts.Resume(host.id),)
    if (world.network.groups or world.network.cuts) and dice.happens(20):
        return (acts.Heal(),)
    if (held := held_flights(world)) and dice.happens(15):
        return (acts.Release(choice_of(dice.one_of(held))),)
    for _ in range(4):
        if made := dice.one_of(kinds)(dice, world):
            return made
    return ()


# Servers


def _up(world: World) -> list[Host]:
    return [host for host in world.hosts.values() if host.is_up]


def _leaders(world: World) -> list[Host]:
    return [host for host in _up(world) if isinstance(host.server.role, Leader)]


def _on_any(kind: Callable[[int], Act]) -> Make:
    def make(dice: Dice, world: World) -> Move:
        up = _up(world)
        return (kind(dice.one_of(up).id),) if up else ()

    return make


def _on_leader(kind: Callable[[int], Act]) -> Make:
    def make(dice: Dice, world: World) -> Move:
        leaders = _leaders(world)
        return (kind(dice.one_of(leaders).id),) if leaders else ()

    return make


def _stand(dice: Dice, world: World) -> Move:
    """Somebody's election timeout: rather one who does not lead."""
    followers = [host for host in _up(world) if not isinstance(host.server.role, Leader)]
    return (acts.Timeout(dice.one_of(followers).id),) if followers else ()


def _duel(dice: Dice, world: World) -> Move:
    """A second candidate in the term of one that there is, or two at once."""
    up = _up(world)
    terms = {h.server.current_term for h in up if not isinstance(h.server.role, Follower)}
    rivals = [host.id for host in up if host.server.current_term + 1 in terms]
    if rivals:
        return (acts.Timeout(dice.one_of(rivals)),)
    one, other = dice.one_of(up or [None]), dice.one_of(up or [None])
    return (acts.Timeout(one.id), acts.Timeout(other.id)) if one and other else ()


def _elect(dice: Dice, world: World) -> Move:
    """Somebody stands among just as many as can elect, and may be cut off as soon as it leads."""
    up = [host.id for host in _up(world)]
    if not up or len(world.hosts) < 3:
        return ()
    eager = [h.id for h in _up(world) if h.server.log.last_index > h.server.commit_index]
    stands = dice.one_of(eager if eager and dice.happens(50) else up)
    group = [stands]
    others = [server for server in world.hosts if server != stands]
    while len(group) < majority(len(world.hosts)):
        group.append(others.pop(dice.between(0, len(others) - 1)))
    term = max(world.hosts[server].server.current_term for server in group)
    times = 2 if term > world.hosts[stands].server.current_term else 1
    moves: list[Act | int] = [acts.Partition((tuple(sorted(group)),))]
    moves += [acts.Timeout(stands)] * times
    latency_us = world.settings.latency_us[1] + world.settings.disk_us[1]
    if dice.happens(60):
        return (*moves, latency_us * dice.between(2, 6))
    alone = acts.Partition(((stands,),))
    return (*moves, 2 * latency_us + ms(1), alone, acts.Request(_command(dice, world), stands))


def _request(dice: Dice, world: World) -> Move:
    """A command for one of those who think that they lead, the one who does not any more included."""
    leaders = _leaders(world)
    if not leaders:
        return ()
    return (acts.Request(_command(dice, world), dice.one_of(leaders).id),)


def _command(dice: Dice, world: World) -> str:
    counts = world.settings.options.machine == "counter"
    return "+1" if counts else dice.one_of(("x=1", "y=2", "x=3"))


def _wake(dice: Dice, world: World) -> Move:
    sleepers = [-address for address, c in world.clients.items() if c.alarm_us < NEVER]
    return (acts.Wake(dice.one_of(sleepers)),) if sleepers else ()


def _damage(dice: Dice, world: World) -> Move:
    """Damage that a cluster can live with, and that is found: a majority of disks is always whole."""
    damaged = sum(host.disk.image is not None for host in world.hosts.values())
    if damaged + 1 > (len(world.hosts) - 1) // 2:
        return ()
    server = dice.one_of(tuple(world.hosts))
    again = acts.Crash(server), acts.Restart(server)
    return (acts.Damage(server), *(again if dice.happens(70) else ()))


def _fall_over(dice: Dice, world: World) -> Move:
    """A crash from which somebody is back at once: nobody notices, but what was not on disk is gone."""
    up = _up(world)
    if not up:
        return ()
    server = dice.one_of(up).id
    return acts.Crash(server), acts.Restart(server)


def _compact(dice: Dice, world: World) -> Move:
    able = [h for h in _up(world) if h.server.last_applied > h.server.log.snapshot_index]
    return (acts.Compact(dice.one_of(able).id),) if able else ()


def _finish_write(dice: Dice, world: World) -> Move:
    writing = [host for host in _up(world) if host.disk.writes]
    return (acts.FinishWrite(dice.one_of(writing).id),) if writing else ()


# Links and messages


def _isolate(dice: Dice, world: World) -> Move:
    if len(world.hosts) == 1:
        return ()
    alone = dice.one_of([*world.hosts, *(host.id for host in _leaders(world))])
    return (acts.Partition(((alone,),)),)


def _lonely(dice: Dice, world: World) -> Move:
    """A leader that nobody hears any more takes commands."""
    leaders = _leaders(world)
    if not leaders or len(world.hosts) == 1:
        return ()
    alone = dice.one_of(leaders).id
    asks = [acts.Request(_command(dice, world), alone) for _ in range(dice.between(1, 2))]
    return acts.Partition(((alone,),)), *asks


def _split(dice: Dice, world: World) -> Move:
    sides: tuple[list[int], list[int]] = ([], [])
    for server in world.hosts:
        sides[dice.between(0, 1)].append(server)
    return (acts.Partition((tuple(sides[0]),)),) if all(sides) else ()


def _cut(dice: Dice, world: World) -> Move:
    one, other = dice.one_of([*world.hosts]), dice.one_of([*world.hosts])
    return (acts.Cut(one, other, both=dice.happens(40)),) if one != other else ()


def _flight(dice: Dice, flights: Sequence[Flight]) -> Flight:
    """One of these: each kind as likely as the others, however many there are of it."""
    kind = dice.one_of(sorted({type(flight.message).__name__ for flight in flights}))
    return dice.one_of([f for f in flights if type(f.message).__name__ == kind])


def _on_message(kind: Callable[[acts.Choice], Act]) -> Make:
    def make(dice: Dice, world: World) -> Move:
        moving = [f for f in world.flights.values() if not isinstance(f, Held)]
        return (kind(choice_of(_flight(dice, moving))),) if moving else ()

    return make


def _stutter(dice: Dice, world: World) -> Move:
    """The network says everything of one kind twice."""
    moving = [f for f in world.flights.values() if not isinstance(f, Held)]
    if not moving:
        return ()
    kind = type(_flight(dice, moving).message)
    again = [acts.Duplicate(choice_of(f)) for f in moving if isinstance(f.message, kind)]
    return again[:_AT_ONCE]


_AT_ONCE = 8


def _delay(dice: Dice, world: World) -> Move:
    moving = [f for f in world.flights.values() if not isinstance(f, Held)]
    by_us = dice.between(ms(5), dice.one_of((ms(20), ms(60), ms(200))))
    return (acts.Delay(choice_of(_flight(dice, moving)), by_us),) if moving else ()


def _repeat_later(dice: Dice, world: World) -> Move:
    """A message arrives now, and once more when much else has happened."""
    moving = [f for f in world.flights.values() if not isinstance(f, Held)]
    if not moving:
        return ()
    choice = choice_of(_flight(dice, moving))
    return acts.Duplicate(choice), acts.Hold(choice)


def _deliver(dice: Dice, world: World) -> Move:
    flights: list[Flight] = [*world.flights.values()]
    return (acts.Deliver(choice_of(_flight(dice, flights))),) if flights else ()


_REIGNS: tuple[Make, ...] = (_stand, _request, _elect, _elect)
_DUELS: tuple[Make, ...] = (_duel, _duel, _request, _stutter)
"""What a run is about: one leader after the other, or two who want to lead at once."""

_KINDS: tuple[tuple[Make, int], ...] = (
    (_stand, 2),
    (_duel, 3),
    (_elect, 4),
    (_request, 4),
    (_on_leader(acts.Timeout), 2),
    (_on_any(acts.Crash), 1),
    (_on_leader(acts.Crash), 2),
    (_fall_over, 2),
    (_on_any(acts.Pause), 1),
    (_compact, 2),
    (_damage, 3),
    (_on_any(acts.Tear), 1),
    (_on_any(acts.FailWrite), 1),
    (_finish_write, 1),
    (_on_any(acts.FailApply), 2),
    (_on_leader(acts.SendBatch), 1),
    (_wake, 2),
    (_lonely, 4),
    (_isolate, 3),
    (_split, 1),
    (_cut, 1),
    (_on_message(acts.Drop), 3),
    (_on_message(acts.Duplicate), 2),
    (_stutter, 3),
    (_repeat_later, 2),
    (_on_message(acts.Hold), 2),
    (_delay, 3),
    (_deliver, 3),
)
"""What there may be in a run, and how often at most."""
