"""Scripts at the level of single messages, played on the algorithm: nothing moves by itself.

A script is a list of steps, each a mapping with its ``op``:

| op | and | what happens |
|---|---|---|
| timeout | node | its election timeout elapses (a leader gives up its office first) |
| client | node, cmd | a client's command arrives; ``incr#c1.2`` is request 2 of client 1 |
| replicate | node, to, limit | a leader sends one AppendEntries, or a snapshot if it must |
| deliver, drop, duplicate | type, from, to, nth | of the messages in flight that fit, the nth, oldest first |
| settle | nodes | deliver what is in flight among them, until it is quiet |
| lose_all | | whatever is in flight is lost |
| crash, restart | node, corrupt | memory is lost, the disk is kept, or damaged |
| compact | node, through | a snapshot is taken |
| fail_apply | node, index | the state machine fails once when it comes to this entry |

What the algorithm would send on its own to replicate is held back, so that only ``replicate``
sends it. A write is done as soon as it begins, and with it the messages leave that wait for it;
the server hears that it is done just before the next thing that reaches it.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from raftviz.raft.algorithm import step
from raftviz.raft.appending import send_to
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.inputs import Compact, Input, Persisted, Received, TimerFired
from raftviz.raft.log import Command
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    ClientResponse,
    InstallSnapshotRequest,
    InstallSnapshotResponse,
    Message,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.rules import RULES, Rules
from raftviz.raft.server import Flow, Follower, Leader, Persistent, Server, restarted
from tests.variants.watch import Stage, Watch

Step = Mapping[str, Any]

TYPES: dict[str, type[Message]] = {
    "RequestVote": RequestVoteRequest,
    "VoteReply": RequestVoteResponse,
    "AppendEntries": AppendEntriesRequest,
    "AppendReply": AppendEntriesResponse,
    "InstallSnapshot": InstallSnapshotRequest,
    "SnapshotReply": InstallSnapshotResponse,
}
NEVER_FULL = 10**9
CRASHES = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


class ScriptError(Exception):
    """The script asks for what cannot be: not a fault of the algorithm."""


@attrs.frozen
class Envelope:
    """A message in flight."""

    source: int
    target: int
    message: Message


@attrs.define
class Play(Stage):
    """A cluster on which a script is played. ``skipped``: steps that found nothing to deliver."""

    watch: Watch = attrs.field(factory=Watch)
    skipped: list[Step] = attrs.field(factory=list)
    flying: list[Envelope] = attrs.field(factory=list)
    unheard: dict[int, Persisted] = attrs.field(factory=dict)
    """Writes that are done, of which their server has not heard yet."""
    clients: int = 100
    tried: tuple[int, int] = (0, 0)
    """Whom the last ``replicate`` was from and to."""

    @classmethod
    def of(cls, size: int, rules: Rules = RULES, *, pipeline: int = 2) -> "Play":
        """Fresh servers that follow ``rules``."""
        options = Options(no_op=False, batch=NEVER_FULL, pipeline=pipeline)
        cluster = Cluster.of_size(size, options, rules)
        members = cluster.configuration.members
        up = {member: Server(member, replica=options.blank) for member in members}
        return cls(cluster, up, {member: server.persistent for member, server in up.items()})

    def play(self, steps: list[Step]) -> "Play":
        """Play a script to its end, or until a server panics; look at the properties throughout."""
        for one in steps:
            try:
                self._one(one)
            except CRASHES as error:
                self.watch.note("panic", f"{one}: {error!r}")
                break
            self.watch.look(self)
        return self

    def _one(self, one: Step) -> None:
        arguments = {k: v for k, v in one.items() if k not in ("op", "type", "from", "to")}
        if "type" in one:
            number = self._find(one["type"], one["from"], one["to"], arguments.get("nth", 0))
            if number is None:
                self.skipped.append(one)
            else:
                getattr(self, one["op"])(number)
        elif "to" in one:
            getattr(self, one["op"])(to=one["to"], **arguments)
        else:
            getattr(self, one["op"])(**arguments)

    def _find(self, kind: str, source: int, target: int, nth: int) -> int | None:
        fitting = [
            number
            for number, envelope in enumerate(self.flying)
            if (envelope.source, envelope.target) == (source, target)
            and isinstance(envelope.message, TYPES[kind])
        ]
        return fitting[nth] if nth < len(fitting) else None

    # What happens to the messages

    def deliver(self, number: int) -> None:
        """A message arrives; at a crashed server it is lost."""
        envelope = self.flying.pop(number)
        if envelope.target in self.up:
            self._do(envelope.target, Received(envelope.source, envelope.message))

    def drop(self, number: int) -> None:
        """A message is lost."""
        self.flying.pop(number)

    def duplicate(self, number: int) -> None:
        """A message is in flight once more."""
        self.flying.append(self.flying[number])

    def lose_all(self) -> None:
        """All messages are lost."""
        self.flying.clear()

    def settle(self, nodes: list[int]) -> None:
        """Messages among ``nodes`` arrive, oldest first, and so do the answers to them."""
        for _ in range(1000):
            among = (n for n, e in enumerate(self.flying) if {e.source, e.target} <= {*nodes})
            number = next(among, None)
            if number is None:
                return
            self.deliver(number)
        raise ScriptError("the servers never stop talking")

    # What happens to the servers

    def timeout(self, node: int) -> None:
        """An election timeout. A leader has none; it may always give up its office, and does."""
        server = self.up[node]
        if isinstance(server.role, Leader):
            self.up[node] = server.with_role(Follower())
        self._do(node, TimerFired())

    def client(self, node: int, cmd: str, term: int = 1) -> None:
        """A command arrives. Callers that name a term at all say 1, as the variant's do."""
        if term != 1:
            raise ScriptError("a client that names a term says 1")
        name, _, request = cmd.partition("#c")
        client, _, serial = request.partition(".")
        if not name or not request:
            self.clients += 1
            client, serial = str(self.clients), "1"
        command = Command(f"append done {cmd},", -int(client), int(serial))
        self._do(node, Received(command.client, ClientRequest(command)))

    def replicate(self, node: int, to: int, limit: int = NEVER_FULL) -> None:
        """A leader sends what ``to`` lacks, at most ``limit`` entries; whoever does not lead, nothing."""
        server = self.up[node]
        role = server.role
        if not isinstance(role, Leader):
            return
        self.tried = (node, to)
        reach = min(server.log.last_index, role.next_index[to] - 1 + limit)
        # Whatever was sent before is forgotten; with a pipeline, next_index runs ahead.
        idle = Flow(offset=role.flow[to].offset)
        ready = attrs.evolve(role, batched=reach, flow={**role.flow, to: idle})
        sent, messages = send_to(self.cluster, server.with_role(ready), (to,), heartbeat=True)
        self.up[node] = _held_back(sent)
        self.flying.extend(Envelope(node, target, message) for target, message in messages)

    def crash(self, node: int) -> None:
        """Memory is lost."""
        del self.up[node]
        self.unheard.pop(node, None)

    def restart(self, node: int, *, corrupt: bool = False) -> None:
        """A server comes up with what its disk holds, if the rules let it.

        A damaged disk still counts as holding what was written: no quorum can do without the vote
        of its server, which stays down.
        """
        found = self.cluster.rules.recovered(None if corrupt else self.disks[node])
        if found is not None:
            self.disks[node] = found
            self.up[node] = restarted(node, found, self.cluster.options.blank)

    def compact(self, node: int, through: int) -> None:
        """A snapshot is taken."""
        self._do(node, Compact(through))

    def fail_apply(self, node: int, index: int) -> None:
        """The next entry, which is this one, fails once."""
        server = self.up[node]
        if index != server.last_applied + 1:
            raise ScriptError("only the next command can be made to fail")
        self.up[node] = attrs.evolve(server, replica=attrs.evolve(server.replica, fails=True))

    def _do(self, who: int, happened: Input) -> None:
        done = self.unheard.pop(who, None)
        if done is not None:
            self._do(who, done)
        transition = step(self.cluster, self.up[who], happened)
        after = self.up[who] = _held_back(transition.server)
        if transition.persist is not None:
            self.disks[who] = written = transition.persist
            self.unheard[who] = Persisted(written.current_term, written.log.last_index)
        for to, message in transition.messages:
            if isinstance(message, ClientResponse):
                self.watch.hear(after, to, message.serial)
            elif to > 0 and not isinstance(message, AppendEntriesRequest | InstallSnapshotRequest):
                self.flying.append(Envelope(who, to, message))

    # What is to have come of it

    def look_for_progress(self) -> None:
        """Note what did not get on: an election without a winner, a follower that stays behind."""
        for who in [*self.unheard]:
            self._do(who, self.unheard.pop(who))
        leaders = [s for s in self.up.values() if isinstance(s.role, Leader)]
        if not leaders:
            self.watch.note("liveness:no leader", "nobody was elected")
        node, to = self.tried
        if node in self.up and self.up[to].log.last_index < self.up[node].log.last_index:
            self.watch.note("liveness:follower stuck", f"{to} lacks what {node} sent it")


def _held_back(server: Server) -> Server:
    """A leader that sends entries only when it is told to."""
    role = server.role
    return server.with_role(attrs.evolve(role, batched=0)) if isinstance(role, Leader) else server


def read(script: str) -> list[Step]:
    """A script in short: ``timeout 1; deliver RequestVote 1>2; replicate 1>2 limit=1; client 1 a``."""
    return [_read(line.split()) for line in script.replace("\n", ";").split(";") if line.strip()]


def _read(words: list[str]) -> Step:
    op, *rest = words
    named = {k: int(v) for k, _, v in (word.partition("=") for word in rest if "=" in word)}
    plain = [word for word in rest if "=" not in word]
    if op in ("deliver", "drop", "duplicate"):
        source, _, target = plain[1].partition(">")
        return {"op": op, "type": plain[0], "from": int(source), "to": int(target), **named}
    if op == "replicate":
        source, _, target = plain[0].partition(">")
        return {"op": op, "node": int(source), "to": int(target), **named}
    if op == "settle":
        return {"op": op, "nodes": [int(node) for node in plain]}
    if op == "client":
        return {"op": op, "node": int(plain[0]), "cmd": plain[1], **named}
    return {"op": op, **({"node": int(plain[0])} if plain else {}), **named}


__all__ = ["Persistent", "Play", "ScriptError", "Step", "read"]
