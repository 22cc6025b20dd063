"""What a played scenario came to: for programs as JSON, for people as a few lines."""

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from raftviz.checks.properties import Violation
from raftviz.raft.names import name
from raftviz.raft.server import role_name
from raftviz.sim.history import Branch, History
from raftviz.sim.host import Host, Status
from raftviz.sim.player import Failure, Note, Player
from raftviz.sim.trace import trace_hash
from raftviz.sim.units import in_ms


@attrs.frozen
class Outcome:
    """A history that has come to its end: played, or read as it was recorded.

    ``end_us`` is the instant that its main branch came to. ``notes`` and ``failures`` are those of
    the scenario.
    """

    title: str
    history: History
    end_us: int
    notes: Sequence[Note] = ()
    failures: Sequence[Failure] = ()

    @classmethod
    def of_player(cls, player: Player) -> "Outcome":
        """What a scenario came to."""
        root, world = player.history.root, player.world
        end_us = root.time_at(len(root))
        if world.branch is root:
            end_us = max(end_us, world.time_us)
        return cls(player.scenario.title, player.history, end_us, player.notes, player.failures)

    @classmethod
    def of_recording(cls, history: History, title: str) -> "Outcome":
        """What a recording tells."""
        root = history.root
        return cls(title, history, root.time_at(len(root)))


def as_json(outcome: Outcome, violations: list[Violation]) -> dict[str, Any]:
    """The result as plain data: the servers as the main branch ends, violations of all branches.

    A crashed server has the role ``"crashed"`` and shows what is on its disk. ``voted_for`` is
    null when no vote was cast, and a no-op's command is null. Times are in ms. What a recording
    does not tell is null, and ``unknown`` names it.
    """
    history = outcome.history
    root = history.root
    on = history.settings.variants
    return {
        **({"variants": list(on)} if on else {}),
        "time_ms": in_ms(outcome.end_us),
        "events": sum(len(branch) - branch.fork for branch in history.branches),
        "trace_hash": trace_hash(history),
        "servers": [_server(host) for host in _hosts(history, root)],
        "violations": [
            {
                "property": violation.property.name,
                "event": violation.event,
                "time_ms": in_ms(violation.time_us),
                "explanation": violation.explanation,
            }
            for violation in violations
        ],
        "failures": [
            {
                "line": failure.line,
                "time_ms": in_ms(failure.time_us),
                "explanation": failure.sentence,
            }
            for failure in outcome.failures
        ],
    }


def _hosts(history: History, branch: Branch) -> list[Host]:
    return [history.host_at(branch, server, len(branch)) for server in history.start.hosts]


def _server(host: Host) -> dict[str, Any]:
    server, unknown = host.server, host.unknown
    told = {
        "id": server.id,
        "role": _role(host),
        "current_term": server.current_term,
        "voted_for": server.voted_for or None,
        "commit_index": server.commit_index,
        "last_applied": server.last_applied,
        "snapshot_index": server.log.snapshot_index,
        "log": [
            [entry.index, entry.term, entry.command and entry.command.text] for entry in server.log
        ],
        "state_machine": dict(server.replica.values),
    }
    if not unknown:
        return told
    hidden = {field for name, fields in _HIDES.items() if name in unknown for field in fields}
    nulls = dict.fromkeys(hidden | (unknown & told.keys()))
    return {**told, **nulls, "role": _role(host), "unknown": sorted(unknown)}


_HIDES = {"log": ("log", "snapshot_index"), "machine": ("state_machine",)}
"""What of a result is not known where a host's field of another name is not."""


def _role(host: Host) -> str | None:
    if host.status is Status.CRASHED:
        return "crashed"
    return None if host.unknown & {"role", "status"} else role_name(host.server)


def host_line(host: Host) -> str:
    """A server in a line: what it is, its term, its log, its state; ``?`` for what is not known."""
    server, unknown = host.server, host.unknown
    values = ", ".join(f"{k}={v}" for k, v in sorted(server.replica.values.items()))
    term, last, committed = (
        "?" if field in unknown else value
        for field, value in (
            ("current_term", server.current_term),
            ("log", server.log.last_index),
            ("commit_index", server.commit_index),
        )
    )
    return (
        f"{name(server.id):4}{_role(host) or '?':10} term {term:<4} "
        f"log {last:<5} committed {committed:<5} {'?' if 'machine' in unknown else values}"
    )


def summary(outcome: Outcome, violations: list[Violation]) -> Iterator[str]:
    """The result in lines for a person."""
    history, root = outcome.history, outcome.history.root
    title = outcome.title or "A cluster"
    yield (
        f"{title}: {in_ms(outcome.end_us):,.1f} ms, {len(root):,} events, "
        f"trace {trace_hash(history)[:16]}"
    )
    if history.settings.variants:
        yield f"  broken on purpose: {', '.join(history.settings.variants)}"
    for host in _hosts(history, root):
        yield f"  {host_line(host)}"
    for branch in history.branches[1:]:
        yield f"  branch “{branch.name}”: {len(branch) - branch.fork:,} events of its own"
    for note in outcome.notes:
        yield f"  note, line {note.line}: {note.sentence}"
    for failure in outcome.failures:
        yield f"  FAILED, line {failure.line}, at {in_ms(failure.time_us):,.1f} ms: {failure.sentence}"
    for violation in violations:
        yield (
            f"  BROKEN, at {in_ms(violation.time_us):,.1f} ms: {violation.property.title}: "
            f"{violation.explanation}"
        )
    if not violations:
        yield "  No property was violated."
