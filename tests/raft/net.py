"""A toy network: nothing moves by itself, disks are slow, and every order can be played.

A message leaves only when everything written before it is on its sender's disk. A crash loses
the writes under way, with the messages that waited for them.
"""

from collections.abc import Callable

import attrs

from raftviz.raft.algorithm import step
from raftviz.raft.cluster import Cluster
from raftviz.raft.inputs import BatchDue, Compact, Input, Persisted, Received, TimerFired
from raftviz.raft.messages import Message
from raftviz.raft.server import Persistent, Server, restarted
from raftviz.raft.transition import Transition

Watcher = Callable[[Server, Transition], None]


@attrs.frozen
class Envelope:
    """A message in flight."""

    source: int
    target: int
    message: Message


@attrs.frozen
class Write:
    """What is being written, if anything, and the messages that wait for it."""

    persistent: Persistent | None
    messages: tuple[tuple[int, Message], ...]


@attrs.define
class Net:
    """Servers, disks and messages in flight. ``up`` lacks the crashed servers."""

    cluster: Cluster
    up: dict[int, Server]
    disks: dict[int, Persistent]
    slow_disks: bool = False
    writes: dict[int, list[Write]] = attrs.field(factory=dict)
    flying: list[Envelope] = attrs.field(factory=list)
    told: list[tuple[int, Message]] = attrs.field(factory=list)
    watchers: list[Watcher] = attrs.field(factory=list)
    gathering: set[int] = attrs.field(factory=set)
    """Servers whose commands gather, until ``batch_due``."""

    @classmethod
    def of(
        cls,
        cluster: Cluster,
        *given: Server,
        slow_disks: bool = False,
        watcher: Watcher | None = None,
    ) -> "Net":
        """A network of ``given`` servers, and of fresh ones where none is given."""
        blank = cluster.options.blank
        up = {m: Server(m, replica=blank) for m in cluster.configuration.members}
        up |= {s.id: s for s in given}
        disks = {m: s.persistent for m, s in up.items()}
        return cls(cluster, up, disks, slow_disks, watchers=[watcher] if watcher else [])

    def fork(self) -> "Net":
        """The same instant, to be continued in another way."""
        writes = {m: list(queue) for m, queue in self.writes.items()}
        return attrs.evolve(
            self,
            up=dict(self.up),
            disks=dict(self.disks),
            writes=writes,
            flying=list(self.flying),
            told=list(self.told),
            gathering=set(self.gathering),
        )

    def do(self, who: int, happened: Input) -> Transition:
        """Something happens to a server that is up."""
        before = self.up[who]
        transition = step(self.cluster, before, happened)
        self.up[who] = transition.server
        for watcher in self.watchers:
            watcher(before, transition)
        if transition.batch:
            self.gathering.add(who)
        queue = self.writes.setdefault(who, [])
        if transition.persist is not None or queue:
            queue.append(Write(transition.persist, transition.messages))
        else:
            self._send(who, transition.messages)
        if not self.slow_disks:
            while self.writes[who]:
                self.flush(who)
        return transition

    def flush(self, who: int) -> None:
        """The oldest write of a server is done."""
        write = self.writes[who].pop(0)
        self._send(who, write.messages)
        if write.persistent is not None:
            self.disks[who] = write.persistent
            last_index = write.persistent.log.last_index
            self.do(who, Persisted(write.persistent.current_term, last_index))

    def _send(self, source: int, messages: tuple[tuple[int, Message], ...]) -> None:
        for target, message in messages:
            if target < 0:
                self.told.append((target, message))
            else:
                self.flying.append(Envelope(source, target, message))

    def fire(self, who: int) -> Transition:
        """A server's timer runs out."""
        return self.do(who, TimerFired())

    def batch_due(self, who: int) -> Transition:
        """The time is over for which commands gather."""
        self.gathering.discard(who)
        return self.do(who, BatchDue())

    def compact(self, who: int) -> Transition:
        """A server takes a snapshot."""
        return self.do(who, Compact())

    def ask(self, who: int, message: Message) -> Transition:
        """A client's request arrives."""
        return self.do(who, Received(-1, message))

    def deliver(self, number: int) -> Transition | None:
        """One message in flight arrives, or is lost with its crashed receiver."""
        envelope = self.flying.pop(number)
        if envelope.target not in self.up:
            return None
        return self.do(envelope.target, Received(envelope.source, envelope.message))

    def lose_all(self) -> None:
        """Everything in flight is lost."""
        self.flying.clear()

    def settle(self, *among: int) -> None:
        """Deliver what is in flight among these servers (all of them), oldest first; lose the rest.

        Fails when it does not come to rest: replication must not chatter for ever.
        """
        for _ in range(10_000):
            self._flush_all()
            if not self.flying:
                return
            first = self.flying[0]
            if among and not {first.source, first.target} <= {*among}:
                self.flying.pop(0)
            else:
                self.deliver(0)
        raise AssertionError("the servers never stop talking")

    def _flush_all(self) -> None:
        for who, queue in self.writes.items():
            while queue and who in self.up:
                self.flush(who)

    def crash(self, *servers: int) -> None:
        """Memory is lost, and with it whatever is not on the disk yet."""
        for who in servers:
            del self.up[who]
            self.writes.pop(who, None)
            self.gathering.discard(who)

    def restart(self, *servers: int) -> None:
        """Servers come up with what their disks hold."""
        for who in servers:
            self.up[who] = restarted(who, self.disks[who], self.cluster.options.blank)
