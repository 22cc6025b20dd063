"""Recordings for tests: of our own histories, and of somebody else's cluster, line by line."""

import json
from typing import Any

import attrs

from raftviz.checks.checker import Checker
from raftviz.checks.properties import Violation
from raftviz.sim.history import History, Record
from raftviz.sim.host import Host
from raftviz.sim.recording.reading import RecordingReader
from raftviz.sim.recording.writing import recording_lines
from raftviz.sim.script_error import ScriptError
from raftviz.sim.trace import trace_hash

Told = dict[str, Any]

HEADER: Told = {"schema": "raftviz-trace", "version": 1, "servers": 3}


@attrs.frozen
class Read:
    """What a recording came to."""

    history: History
    violations: list[Violation]
    title: str

    @property
    def records(self) -> list[Record]:
        """The events of the main branch."""
        return list(self.history.root.records())

    @property
    def fallen(self) -> list[str]:
        """The names of the properties that fell, in order."""
        return [violation.property.name for violation in self.violations]

    def host(self, server: int, count: int | None = None) -> Host:
        """A server's host at the end, or after so many events."""
        root = self.history.root
        return self.history.host_at(root, server, len(root) if count is None else count)


def read_bytes(data: bytes) -> Read:
    """A file's bytes, read as a recording. Raises ScriptError."""
    checkers: list[Checker] = []

    def watch(history: History) -> Checker:
        checkers.append(Checker(history))
        return checkers[0]

    reader = RecordingReader(lambda: data.splitlines(keepends=True), watch)
    history = reader.read_all()
    return Read(history, checkers[0].violations, reader.title)


def file_of(*lines: Told | str, header: Told | None = None) -> bytes:
    """A file of these lines, behind a header."""
    told = [HEADER if header is None else header, *lines]
    texts = [line if isinstance(line, str) else json.dumps(line) for line in told]
    return "".join(f"{text}\n" for text in texts).encode()


def read(*lines: Told, **header: Any) -> Read:
    """These lines, read behind a header of three servers, or with these changes."""
    return read_bytes(file_of(*lines, header={**HEADER, **header}))


def refusal(*lines: Told | str, **header: Any) -> ScriptError:
    """How these lines are refused."""
    return refusal_of(file_of(*lines, header={**HEADER, **header}))


def refusal_of(data: bytes) -> ScriptError:
    """How a file is refused."""
    try:
        read_bytes(data)
    except ScriptError as error:
        return error
    raise AssertionError("it was read")


def written(history: History, title: str = "") -> bytes:
    """A history as a file."""
    return "".join(f"{line}\n" for line in recording_lines(history, title)).encode()


def lines_of(data: bytes) -> list[Told]:
    """A file's lines as objects."""
    return [json.loads(line) for line in data.splitlines()]


def events_of(data: bytes) -> list[Told]:
    """The events that a file tells."""
    return [told for told in lines_of(data) if "time_us" in told and told["kind"] != "branch"]


def same_histories(one: History, other: History) -> None:
    """Fail unless both have the same start, the same branches and equal records all along."""
    assert one.start == other.start
    assert [_shape(branch) for branch in one.branches] == [_shape(b) for b in other.branches]
    for ours, theirs in zip(one.branches, other.branches, strict=True):
        for number in range(ours.fork, len(ours)):
            assert ours[number] == theirs[number], f"{ours.name}: event {number} differs"
    assert trace_hash(one) == trace_hash(other)


def _shape(branch: Any) -> tuple[Any, ...]:
    return (branch.number, branch.label, branch.fork, branch.forked_us, branch.hidden, len(branch))
