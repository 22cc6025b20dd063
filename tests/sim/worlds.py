"""Worlds and what is done to them, said tersely: acts and conditions in the words of scenarios."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from raftviz.raft.cluster import Cluster
from raftviz.raft.rules import RULES, Rules
from raftviz.sim.acting import perform
from raftviz.sim.conditions import parse_condition
from raftviz.sim.events import Acted
from raftviz.sim.history import Branch, History, Record
from raftviz.sim.host import Host
from raftviz.sim.network import Flight
from raftviz.sim.player import Player
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.vocabulary import act_from_text, act_to_text
from raftviz.sim.world import Watcher, World, begin

HEAD = "raft 1\n"


def a_world(
    servers: int = 5, *, rules: Rules = RULES, watcher: Watcher | None = None, **changes: Any
) -> World:
    """A new world; ``changes`` are settings."""
    settings = Settings(servers=servers, **changes)
    cluster = Cluster.of_size(servers, settings.options, rules)
    return World.at(begin(settings), cluster=cluster, watcher=watcher)


def led_by(leader: int = 1, servers: int = 5, **changes: Any) -> World:
    """A world whose leader is elected, and known to all."""
    world = a_world(servers, **changes)
    do(world, f"timeout S{leader}")
    wait(world, f"leader == S{leader} and logs_agree and messages == 0")
    return world


def do(world: World, *lines: str) -> Record:
    """Do acts now, one after the other; the record of the last."""
    records = [perform(world, act_from_text(line, world.settings.servers)) for line in lines]
    return records[-1]


def note_of(record: Record) -> str:
    """Why an act was in vain, if it was."""
    assert isinstance(record.event, Acted)
    return record.event.note


def wait(world: World, condition: str, within_ms: float = 10_000) -> None:
    """Let the world run until a condition of the scenarios holds."""
    wanted = parse_condition(condition, world.settings.servers)
    limit = world.time_us + ms(within_ms)
    while not wanted.holds(world):
        assert world.next_us() <= limit, f"waited in vain for {condition}"
        world.step()


def run(world: World, milliseconds: float) -> None:
    """Let so much time pass."""
    world.run_until(world.time_us + ms(milliseconds))


def flights(world: World, kind: type, source: int = 0, target: int = 0) -> list[Flight]:
    """What is in flight of one kind of message, oldest first."""
    return [
        flight
        for flight in sorted(world.flights.values(), key=lambda f: f.id)
        if isinstance(flight.message, kind)
        and source in (0, flight.source)
        and target in (0, flight.target)
    ]


def of_kind(branch: Branch, kind: type, first: int = 0) -> list[Record]:
    """The records of one kind of event."""
    return [record for record in branch.records(first) if isinstance(record.event, kind)]


def sent(branch: Branch, first: int = 0) -> Iterator[tuple[int, Record, Flight]]:
    """Each message as it was sent: the event's number, its record, the flight."""
    for number, record in enumerate(branch.records(first), first):
        for flight in record.flights:
            if flight.cause == number and flight.sent_us == record.time_us:
                yield number, record, flight


def terms(host: Host) -> list[int]:
    """A log as the terms of its entries."""
    return [entry.term for entry in host.server.log]


def commands(host: Host) -> list[str]:
    """The commands in a log; a no-op is empty."""
    return [entry.command.text if entry.command else "" for entry in host.server.log]


def played(text: str, watcher: Callable[[Player], Watcher] | None = None) -> Player:
    """A scenario without its first line, played."""
    player = Player(parse_scenario(HEAD + text))
    if watcher is not None:
        player.watch(watcher(player))
    player.play()
    return player


def as_sent(flight: Flight) -> Flight:
    """A flight without the numbers that differ from branch to branch."""
    return attrs.evolve(flight, id=0, cause=0)


def said_again(branch: Branch, history: History) -> History:
    """A new history in which every act of ``branch`` is read from its words and done where it was.

    What an act sets off itself (a loss, a delivery) follows it; all else happens by itself.
    """
    world = World.at(begin(history.settings))
    for number, record in enumerate(branch.records()):
        if number < len(world.branch):
            continue  # set off by the act before it
        if isinstance(record.event, Acted):
            world.stand_at(record.time_us)
            assert len(world.branch) == number
            text = act_to_text(record.event.act)
            perform(world, act_from_text(text, history.settings.servers))
        else:
            world.step()
    return world.history
