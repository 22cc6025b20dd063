"""Replicated state machines: immutable values that turn commands into results (§2).

A machine is deterministic, so servers with equal logs have equal machines. Which one a cluster
replicates is an option: the algorithm knows only the protocol ``Machine``.
"""

import json
from collections.abc import Mapping
from typing import Protocol

import attrs

from raftviz.raft.log import Command
from raftviz.raft.values import value


class Machine(Protocol):
    """A state machine without any memory of who asked what."""

    @property
    def values(self) -> Mapping[str, str]:
        """All of its state, as names and texts: what a snapshot keeps and a screen shows."""

    def execute(self, text: str) -> tuple["Machine", str]:
        """The machine after a command, and the result. What is no command changes nothing."""

    def restored(self, values: Mapping[str, str]) -> "Machine":
        """A machine of this kind with this state."""


NOT_UNDERSTOOD = "not understood"


@value
class KeyValueMachine:
    """A map from keys to values.

    ``k=v`` sets, ``k=`` and ``del k`` delete, ``get k`` reads, ``append k v`` lengthens, ``cas k old
    new`` sets only if the value is ``old`` (``-`` for none) and says whether it did.
    """

    values: Mapping[str, str] = attrs.field(factory=dict)

    def execute(self, text: str) -> tuple["KeyValueMachine", str]:  # noqa: PLR0911 - a line a command
        """See ``Machine``."""
        match text.split():
            case ["get", key]:
                return self, self.values.get(key, "")
            case ["del", key]:
                return self._set(key, ""), "ok"
            case ["append", key, more]:
                return self._set(key, self.values.get(key, "") + more), "ok"
            case ["cas", key, old, new]:
                if self.values.get(key, "-") != old:
                    return self, "no"
                return self._set(key, new), "ok"
            case [assignment] if "=" in assignment and not assignment.startswith("="):
                key, _, value = assignment.partition("=")
                return self._set(key, value), "ok"
        return self, NOT_UNDERSTOOD

    def _set(self, key: str, value: str) -> "KeyValueMachine":
        if value:
            return KeyValueMachine({**self.values, key: value})
        return KeyValueMachine({k: v for k, v in self.values.items() if k != key})

    def restored(self, values: Mapping[str, str]) -> "KeyValueMachine":
        """See ``Machine``."""
        return KeyValueMachine(values)


@value
class CounterMachine:
    """A number. ``+3`` and ``-1`` change it, anything else that is sent reads it."""

    count: int = 0

    @property
    def values(self) -> Mapping[str, str]:
        """See ``Machine``."""
        return {"count": str(self.count)}

    def execute(self, text: str) -> tuple["CounterMachine", str]:
        """See ``Machine``."""
        if text[:1] in "+-" and text[1:].isascii() and text[1:].isdigit() and len(text) < 20:
            counted = CounterMachine(self.count + int(text))
            return counted, str(counted.count)
        return self, str(self.count)

    def restored(self, values: Mapping[str, str]) -> "CounterMachine":
        """See ``Machine``."""
        return CounterMachine(int(values["count"]))


@value
class LockMachine:
    """A lock. ``lock NAME`` takes it if it is free, ``unlock NAME`` frees it if NAME holds it."""

    holder: str = ""

    @property
    def values(self) -> Mapping[str, str]:
        """See ``Machine``."""
        return {"holder": self.holder} if self.holder else {}

    def execute(self, text: str) -> tuple["LockMachine", str]:
        """See ``Machine``."""
        match text.split():
            case ["lock", who]:
                if self.holder in ("", who):
                    return LockMachine(who), "ok"
                return self, f"held by {self.holder}"
            case ["unlock", who] if who == self.holder:
                return LockMachine(), "ok"
            case ["unlock", _]:
                return self, f"held by {self.holder or 'nobody'}"
        return self, NOT_UNDERSTOOD

    def restored(self, values: Mapping[str, str]) -> "LockMachine":
        """See ``Machine``."""
        return LockMachine(values.get("holder", ""))


MACHINES: Mapping[str, Machine] = {
    "map": KeyValueMachine(),
    "counter": CounterMachine(),
    "lock": LockMachine(),
}
"""Every kind of machine, empty, by the name that scenarios use."""


class ApplyFailed(Exception):  # noqa: N818 - what happened, as ``except`` reads it
    """A command could not be executed this time; ``replica`` is the one to try again with."""

    def __init__(self, replica: "Replica") -> None:
        super().__init__("the state machine failed; the command is tried again")
        self.replica = replica


@value
class Replica:
    """A server's copy of the machine, and what it answered to whom.

    ``sessions`` holds, for each client, the serial number of its newest command and the result, so
    that a command which was sent twice is executed once (§8; dissertation §6.3). ``fails`` makes
    the next command fail once: a fault that the world can cause.
    """

    machine: Machine = attrs.field(factory=KeyValueMachine)
    sessions: Mapping[int, tuple[int, str]] = attrs.field(factory=dict)
    fails: bool = False
    _following: list[tuple[Command, "Replica", str]] = attrs.field(
        factory=list, init=False, eq=False, repr=False
    )
    """What ``apply`` gave last: servers with equal logs go through the same states, and so share
    them, which is most of the memory that a long run would need."""

    @property
    def values(self) -> Mapping[str, str]:
        """The machine's state."""
        return self.machine.values

    def apply(self, command: Command) -> tuple["Replica", str]:
        """The replica after ``command``, and its result. Raises ApplyFailed when it fails."""
        if self.fails:
            raise ApplyFailed(attrs.evolve(self, fails=False))
        for known, after, result in self._following:
            if known is command:
                return after, result
        after, result = self._executed(command)
        self._following[:] = [(command, after, result)]
        return after, result

    def _executed(self, command: Command) -> tuple["Replica", str]:
        client = command.client
        if client:
            serial, result = self.sessions.get(client, (0, ""))
            if command.serial <= serial:
                return self, result
        machine, result = self.machine.execute(command.text)
        sessions = self.sessions
        if client:
            sessions = {**sessions, client: (command.serial, result)}
        return Replica(machine, sessions), result

    def dumped(self) -> str:
        """All of it as a text: equal replicas give equal texts."""
        return json.dumps(
            {
                "values": dict(self.values),
                "sessions": [[client, *said] for client, said in sorted(self.sessions.items())],
            },
            sort_keys=True,
            separators=(",", ":"),
        )

    def loaded(self, text: str) -> "Replica":
        """A replica of the same machine from what ``dumped`` gave. Raises ValueError otherwise."""
        found = json.loads(text)
        sessions = {client: (serial, result) for client, serial, result in found["sessions"]}
        return Replica(self.machine.restored(found["values"]), sessions)
