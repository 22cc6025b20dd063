"""The words beside servers and clients, laid into the slots that the layout keeps for them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from raftviz.picture.geometry import Box, text_width
from raftviz.picture.places import Layout, Slot
from raftviz.picture.primitives import (
    Label,
    Picked,
    PickedClient,
    PickedServer,
    Pip,
    Tone,
)
from raftviz.picture.slots import line_height, pip_pitch, two_lines
from raftviz.picture.votes import Votes
from raftviz.raft.quorum import majority
from raftviz.raft.server import Candidate, Follower, role_name
from raftviz.sim.client import Client
from raftviz.sim.host import Host, Status


class Words(NamedTuple):
    """A line of words before it has a place."""

    text: str
    bold: bool = False
    tone: Tone = "text"


def server_words(host: Host, size: int, broken: str, *, stacked: bool) -> list[Words]:
    """What stands beside a server: its role, its votes, what its disk keeps while it is down."""
    first, second = _role_words(host, size)
    told = not host.unknown & {"status", "role"}
    bold = told and not (host.is_up and isinstance(host.server.role, Follower))
    tone: Tone = "muted" if host.status is Status.CRASHED or not bold else "text"
    if broken:
        alarm = two_lines(broken) if stacked else [broken]
        return [
            Words(first, bold, tone),
            *(Words(line, bold=True, tone="broken") for line in alarm),
        ]
    if not stacked:
        return [Words(f"{first} · {second}" if second else first, bold, tone)]
    more = [Words(second, tone="muted")] if second else []
    return [Words(first, bold, tone), *more]


def _role_words(host: Host, size: int) -> tuple[str, str]:
    unknown = host.unknown
    if "status" in unknown:
        return "not heard of", ""
    role = "role unknown" if "role" in unknown else role_name(host.server)
    if host.status is Status.CRASHED:
        count = host.disk.durable.log.last_index
        entries = f"{count} {'entry' if count == 1 else 'entries'}"
        return "crashed", f"disk: {'unknown' if 'durable' in unknown else entries}"
    if host.status is Status.PAUSED:
        waiting = len(host.backlog)
        return "paused", f"{waiting} waiting" if waiting else role
    if isinstance(host.server.role, Candidate):
        granted = "?" if "votes" in unknown else len(host.server.role.granted)
        return role, f"{granted} of {majority(size)} votes"
    return role, ""


def client_words(client: Client) -> str:
    """What a client waits for; nothing when it waits for nothing."""
    operation = client.operation
    if operation is None:
        return ""
    text = operation.command.text
    text = text if len(text) <= 8 else text[:7] + "…"
    return f"{text} · try {operation.attempts}" if operation.attempts > 1 else text


def labels(
    plan: Layout,
    hosts: Mapping[int, Host],
    clients: Mapping[int, Client],
    broken: Mapping[int, str],
) -> Iterator[Label]:
    """All words outside signs, each line in a box of its own."""
    for server, host in hosts.items():
        slot = plan.slots[server]
        name = broken.get(server, "")
        lines = server_words(host, len(hosts), name, stacked=slot.stacked)
        votes = isinstance(host.server.role, Candidate) and "votes" not in host.unknown
        pips = votes and host.is_up and not name
        yield from _laid(plan, slot, lines, PickedServer(server), pips=pips)
    for address, client in clients.items():
        if words := client_words(client):
            slot, lines = plan.slots[address], [Words(words, tone="muted")]
            yield from _laid(plan, slot, lines, PickedClient(address), pips=False)


def _laid(
    plan: Layout, slot: Slot, lines: list[Words], of: Picked, *, pips: bool
) -> Iterator[Label]:
    step = line_height(plan.font)
    y = _top(plan, slot, len(lines), pips=pips)
    for words in lines:
        wide = min(slot.box.w, text_width(words.text, plan.font, bold=words.bold))
        x = slot.box.x + (slot.box.w - wide) * (slot.align + 1) / 2
        yield Label(
            words.text, Box(x, y, wide, step), plan.font, words.bold, slot.align, words.tone, of
        )
        y += step


def _top(plan: Layout, slot: Slot, lines: int, *, pips: bool) -> float:
    """Where the first line begins, so that few words hang near their owner."""
    high = lines * line_height(plan.font) + (1.3 * plan.font if pips else 0.0)
    return slot.box.y + max(0.0, slot.box.h - high) * slot.hang


def pips(
    plan: Layout, hosts: Mapping[int, Host], votes: Votes, broken: Mapping[int, str]
) -> Iterator[Pip]:
    """A row of pips under the words of each candidate, one per voter, in the servers' order."""
    for server, host in hosts.items():
        if not (host.is_up and isinstance(host.server.role, Candidate)) or server in broken:
            continue
        if "votes" in host.unknown:
            continue
        slot = plan.slots[server]
        lines = 2 if slot.stacked else 1
        pitch = pip_pitch(plan)
        y = _top(plan, slot, lines, pips=True) + lines * line_height(plan.font) + 0.65 * plan.font
        left = slot.box.x + (slot.box.w - pitch * len(hosts)) * (slot.align + 1) / 2
        for i, voter in enumerate(hosts):
            state = votes.of_voter(host, voter)
            x = left + pitch * (i + 0.5)
            yield Pip(server, voter, state, host.server.current_term, x, y, 0.45 * pitch)
