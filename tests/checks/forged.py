"""Worlds under the eyes of the properties, and records that no rule would have made."""

from collections.abc import Callable
from typing import Any

import attrs

from raftviz.checks.checker import Checker
from raftviz.checks.properties import Property, Violation
from raftviz.raft.messages import Message
from raftviz.raft.rules import RULES, Rules
from raftviz.raft.server import Persistent
from raftviz.sim.events import Wrote
from raftviz.sim.world import World
from tests.sim.worlds import a_world, do, run, wait


@attrs.frozen
class Watched:
    """A world and its checker, which has seen all of it."""

    world: World
    checker: Checker

    @property
    def fallen(self) -> set[str]:
        """The names of the properties that fell."""
        return {violation.property.name for violation in self.checker.violations}

    def first(self, fallen: Property) -> Violation:
        """How a property fell first; its explanation is checked as it is for all."""
        violation = next(v for v in self.checker.violations if v.property is fallen)
        assert violation.earlier < violation.event
        assert violation.explanation.endswith(".")
        assert all(f"S{server}" in violation.explanation for server in violation.servers)
        return violation

    def forge(self, server: int, disk: Persistent | None = None, **changes: Any) -> None:
        """Append a record after which a server is as no rule would have it; or its disk."""
        host = self.world.hosts[server]
        after = attrs.evolve(host, server=attrs.evolve(host.server, **changes))
        if disk is not None:
            after = attrs.evolve(after, disk=attrs.evolve(host.disk, durable=disk))
        self.world.record(Wrote(server), -1, server, after, ())

    def say(self, source: int, target: int, message: Message) -> None:
        """Append a record by which a server sends what no rule would have it send."""
        self.world.send(source, target, message)
        self.world.record(Wrote(source), -1, source, self.world.hosts[source], ())


def watched(servers: int = 3, rules: Rules = RULES, **changes: Any) -> Watched:
    """A new world, watched from its first event on."""
    world = a_world(servers, rules=rules, **changes)
    checker = Checker(world.history)
    world.watcher = checker
    return Watched(world, checker)


def led(servers: int = 3, rules: Rules = RULES, **changes: Any) -> Watched:
    """A world that S1 leads, with x=1 committed everywhere as entry 2, and at rest."""
    it = watched(servers, rules, **changes)
    do(it.world, "timeout S1")
    wait(it.world, "leader == S1")
    do(it.world, "request x=1 to S1")
    wait(it.world, f"S1.last_applied >= {1 + it.world.settings.options.no_op}")
    run(it.world, 120)
    return it


def broken(**rule: Callable[..., Any]) -> Rules:
    """The rules with some replaced."""
    return attrs.evolve(RULES, **rule)
