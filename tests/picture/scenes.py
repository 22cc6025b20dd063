"""Worlds and moments that tests of pictures look at."""

from collections.abc import Callable

from raftviz.picture.cluster import cluster_picture
from raftviz.picture.primitives import ClusterPicture
from raftviz.raft.server import Candidate, Leader
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.events import Lost
from raftviz.sim.history import Moment
from raftviz.sim.network import Flight
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.world import World, begin

SIZE = (1000.0, 700.0)


def world(servers: int = 5, until_ms: int = 0, **settings: object) -> World:
    """A world of its own, run for a while."""
    made = World.at(begin(Settings(servers=servers, **settings)))  # type: ignore[arg-type]
    made.run_until(ms(until_ms))
    return made


def step_until(seen: World, what: Callable[[World], bool]) -> World:
    """Let events happen until something is so."""
    for _ in range(20_000):
        if what(seen):
            return seen
        seen.step()
    raise AssertionError("it never came to that")


def now(seen: World) -> Moment:
    """The newest moment of a world."""
    return Moment(seen.history, seen.branch, len(seen.branch), seen.time_us)


def picture(seen: World, time_us: float | None = None, **looks: object) -> ClusterPicture:
    """The newest picture of a world."""
    at_us = seen.time_us if time_us is None else time_us
    return cluster_picture(now(seen), at_us, SIZE, **looks)  # type: ignore[arg-type]


def leader(seen: World) -> int:
    """Who leads."""
    return next(h.id for h in seen.hosts.values() if h.is_up and isinstance(h.server.role, Leader))


def candidate(seen: World) -> int:
    """The first candidate, 0 if there is none."""
    hosts = seen.hosts.values()
    return next((h.id for h in hosts if isinstance(h.server.role, Candidate) and h.is_up), 0)


def quiet() -> World:
    """A leader, clients, messages in flight between servers."""
    seen = world(until_ms=1_000, requests_us=ms(60))
    return step_until(seen, lambda it: len(it.flights) >= 4)


def election() -> World:
    """A server stands for election; the old leader is down."""
    seen = world(until_ms=900)
    perform(seen, acts.Crash(leader(seen)))
    return step_until(seen, lambda it: candidate(it) > 0)


def loss() -> tuple[World, Flight]:
    """A message was lost on its way just now."""
    seen = world(loss=0.5, until_ms=400)
    seen = step_until(seen, lambda it: isinstance(it.branch[len(it.branch) - 1].event, Lost))
    event = seen.branch[len(seen.branch) - 1].event
    assert isinstance(event, Lost)
    return seen, event.flight
