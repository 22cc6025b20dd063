"""What has happened along a line of events: told by reading each event once.

A condition over one instant cannot say that three elections in a row were split. These can: they
count from where a lesson's step began.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from raftviz.raft.log import Command, Log
from raftviz.raft.names import Address
from raftviz.raft.server import Candidate, Leader
from raftviz.sim.client import Client
from raftviz.sim.events import Delivered
from raftviz.sim.history import Branch, Record
from raftviz.sim.host import Host
from raftviz.sim.units import in_ms

if TYPE_CHECKING:
    from raftviz.sim.scene import Scene

Key = tuple[int, int, Command]
"""An entry with a command: its index, its term, and the command."""


class Story:
    """The events of a branch from number ``since`` to before ``count``, summed up."""

    def __init__(self, scene: "Scene") -> None:
        self.branch, count = scene.place
        self.since = min(scene.since, count)
        self.count = self.since
        self.candidates: dict[int, set[int]] = {}
        """Who stood for election, by term."""
        self.led: set[int] = set()
        """The terms in which somebody led."""
        self.highest = 0
        self.last_led_us = self.branch.time_at(self.since) if self.since else 0
        self.talked: set[int] = set()
        """The servers that another server's message reached, or whose message reached another."""
        self.disks: dict[int, Log] = {}
        self.holders: dict[Key, set[int]] = {}
        """On which disks each entry with a command stands."""
        self.most: dict[Key, int] = {}
        """On how many disks each of them stood at once."""
        self.told: set[Command] = set()
        """The commands of which a client was told that they are done."""
        for server, host in _before(scene.hosts, self.branch, self.since, count).items():
            self.highest = max(self.highest, host.server.current_term)
            self._put(server, host.disk.durable.log)
            if _leads(host):
                self.led.add(host.server.current_term)

    def read_to(self, count: int) -> None:
        """Read on."""
        for record in self.branch.records(self.count, count):
            self._read(record)
        self.count = max(self.count, count)

    def _read(self, record: Record) -> None:
        event, before, after = record.event, record.before, record.after
        if isinstance(event, Delivered) and event.flight.source > 0 and event.flight.target > 0:
            self.talked |= {int(event.flight.source), int(event.flight.target)}
        if isinstance(after, Client) and isinstance(before, Client):
            if before.operation is not None and after.answered > before.answered:
                self.told.add(before.operation.command)
            return
        if not isinstance(after, Host) or not isinstance(before, Host):
            return
        if _leads(before) and not _leads(after):
            self.last_led_us = record.time_us
        server = after.server
        self.highest = max(self.highest, server.current_term)
        if isinstance(server.role, Candidate):
            self.candidates.setdefault(server.current_term, set()).add(after.id)
        elif isinstance(server.role, Leader):
            self.led.add(server.current_term)
        if before.disk.durable.log is not after.disk.durable.log:
            self._put(after.id, after.disk.durable.log)

    def _put(self, server: int, log: Log) -> None:
        """A server's disk holds this log now."""
        before = self.disks.get(server, Log())
        same = before.agrees_until(log)
        for entry in before.recall(same + 1, before.last_index):
            if entry.command is not None:
                self.holders.get((entry.index, entry.term, entry.command), set()).discard(server)
        for entry in log.recall(same + 1, log.last_index):
            if entry.command is not None:
                key = entry.index, entry.term, entry.command
                held = self.holders.setdefault(key, set())
                held.add(server)
                self.most[key] = max(self.most.get(key, 0), len(held))
        self.disks[server] = log

    # What is asked

    def split_votes(self) -> int:
        """How many terms that are over were split in a row, the last of them included."""
        row = 0
        for term in sorted(self.candidates.keys() | self.led, reverse=True):
            if term in self.led:
                return row
            if term < self.highest:
                if len(self.candidates[term]) < 2:
                    return row
                row += 1
        return row

    def leaderless(self, scene: "Scene") -> float:
        """For how many ms nobody has led; 0 while somebody does."""
        if any(_leads(host) for host in scene.hosts.values()):
            return 0.0
        return in_ms(scene.time_us - self.last_led_us)

    def overwritten(self, disks: int) -> int:
        """How many commands stood on so many disks at once, and stand on fewer now."""
        return sum(most >= disks > len(self.holders[key]) for key, most in self.most.items())

    def lost(self) -> int:
        """How many commands a client was told are done, and stand on no disk now."""
        there = {command for (_, _, command), disks in self.holders.items() if disks}
        return len(self.told - there)


class Memory:
    """Keeps a story from one question to the next: mostly some events more have happened."""

    def __init__(self) -> None:
        self._story: Story | None = None

    def story(self, scene: "Scene") -> Story:
        """What has happened up to a scene."""
        branch, count = scene.place
        known = self._story
        if known is None or known.branch is not branch or known.since != min(scene.since, count):
            known = None
        if known is None or known.count > count:
            known = self._story = Story(scene)
        known.read_to(count)
        return known


def _before(hosts: Mapping[int, Host], branch: Branch, since: int, count: int) -> dict[int, Host]:
    """The hosts as they were behind the first ``since`` of ``count`` events."""
    found: dict[Address, Host] = {}
    for record in branch.records(since, count):
        if isinstance(record.before, Host) and record.part not in found:
            found[record.part] = record.before
    return {server: found.get(server, host) for server, host in hosts.items()}


def _leads(host: Host) -> bool:
    return host.is_up and isinstance(host.server.role, Leader)
