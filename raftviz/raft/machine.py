"""The replicated state machine: a key-value map that remembers what it answered (§8).

A machine is an immutable value. ``apply`` returns the machine after a command and the result, and
is deterministic, so that servers with equal logs have equal machines (§2).
"""

import re
from collections.abc import Mapping
from typing import Protocol

import attrs

from raftviz.raft.log import Command

_SET = re.compile(r"([^\s=]+)=(\S*)")
_GET = re.compile(r"get (\S+)")


class StateMachine(Protocol):
    """What the algorithm needs of a state machine."""

    def apply(self, command: Command) -> tuple["StateMachine", str]:
        """The machine after ``command``, and the result that its client is told."""
        ...


@attrs.frozen
class KeyValueMachine:
    """``key=value`` sets (an empty value deletes), ``get key`` reads.

    ``sessions`` holds, for each client, the serial number of its newest command and the result, so
    that a command which a client sent twice is executed once (§8; dissertation §6.3).
    """

    values: Mapping[str, str] = attrs.field(factory=dict)
    sessions: Mapping[int, tuple[int, str]] = attrs.field(factory=dict)

    def apply(self, command: Command) -> tuple["KeyValueMachine", str]:
        """See ``StateMachine``. What is no command of this machine changes nothing and says so."""
        if command.client:
            serial, result = self.sessions.get(command.client, (0, ""))
            if command.serial <= serial:
                return self, result
        values, result = self._execute(command.text)
        sessions = self.sessions
        if command.client:
            sessions = {**sessions, command.client: (command.serial, result)}
        return KeyValueMachine(values, sessions), result

    def _execute(self, text: str) -> tuple[Mapping[str, str], str]:
        if match := _SET.fullmatch(text):
            key, value = match.groups()
            if value:
                return {**self.values, key: value}, "ok"
            return {k: v for k, v in self.values.items() if k != key}, "ok"
        if match := _GET.fullmatch(text):
            return self.values, self.values.get(match[1], "")
        return self.values, "not understood"
