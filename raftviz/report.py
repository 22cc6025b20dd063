"""What a played scenario came to: for programs as JSON, for people as a few lines."""

from collections.abc import Iterator
from typing import Any

from raftviz.checks.properties import Violation
from raftviz.raft.names import name
from raftviz.raft.server import role_name
from raftviz.sim.history import Branch, History
from raftviz.sim.host import Host, Status
from raftviz.sim.player import Player
from raftviz.sim.trace import trace_hash
from raftviz.sim.units import in_ms


def as_json(player: Player, violations: list[Violation]) -> dict[str, Any]:
    """The result as plain data: the servers as the main branch ends, violations of all branches.

    A crashed server has the role ``"crashed"`` and shows what is on its disk. ``voted_for`` is
    null when no vote was cast, and a no-op's command is null. Times are in ms.
    """
    history = player.history
    root = history.root
    return {
        "time_ms": in_ms(end_of(player, root)),
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
            for failure in player.failures
        ],
    }


def end_of(player: Player, branch: Branch) -> int:
    """The instant in µs that a branch was played to."""
    world = player.world
    last = branch.time_at(len(branch))
    return max(last, world.time_us) if world.branch is branch else last


def _hosts(history: History, branch: Branch) -> list[Host]:
    return [history.host_at(branch, server, len(branch)) for server in history.start.hosts]


def _server(host: Host) -> dict[str, Any]:
    server = host.server
    return {
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


def _role(host: Host) -> str:
    return "crashed" if host.status is Status.CRASHED else role_name(host.server)


def summary(player: Player, violations: list[Violation]) -> Iterator[str]:
    """The result in lines for a person."""
    history, root = player.history, player.history.root
    title = player.scenario.title or "A cluster"
    yield (
        f"{title}: {in_ms(end_of(player, root)):,.1f} ms, {len(root):,} events, "
        f"trace {trace_hash(history)[:16]}"
    )
    for host in _hosts(history, root):
        server = host.server
        state = ", ".join(f"{k}={v}" for k, v in sorted(server.replica.values.items()))
        yield (
            f"  {name(server.id):4}{_role(host):10} term {server.current_term:<4} "
            f"log {server.log.last_index:<5} committed {server.commit_index:<5} {state}"
        )
    for branch in history.branches[1:]:
        yield f"  branch “{branch.name}”: {len(branch) - branch.fork:,} events of its own"
    for note in player.notes:
        yield f"  note, line {note.line}: {note.sentence}"
    for failure in player.failures:
        yield f"  FAILED, line {failure.line}, at {in_ms(failure.time_us):,.1f} ms: {failure.sentence}"
    for violation in violations:
        yield (
            f"  BROKEN, at {in_ms(violation.time_us):,.1f} ms: {violation.property.title}: "
            f"{violation.explanation}"
        )
    if not violations:
        yield "  No property was violated."
