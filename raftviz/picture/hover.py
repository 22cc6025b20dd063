"""What is under the pointer, in words: a few short lines, the first one names it."""

from collections.abc import Iterator, Set

import attrs

from raftviz.picture.primitives import (
    Picked,
    PickedClient,
    PickedLink,
    PickedMessage,
    PickedServer,
    PickedVote,
    PipState,
)
from raftviz.picture.unknown import UNKNOWN, known
from raftviz.picture.votes import Votes
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    Message,
    NotLeader,
    message_name,
)
from raftviz.raft.names import name, names
from raftviz.raft.server import Candidate, role_name
from raftviz.sim.client import Client
from raftviz.sim.events import Lost
from raftviz.sim.history import Moment, State
from raftviz.sim.host import Host, Status
from raftviz.sim.network import Flight, Held, Network
from raftviz.sim.partly import OF_HOST
from raftviz.sim.units import NEVER

_ADDRESSES = frozenset({"candidate_id", "leader_id"})

_WHY_LOST = {
    "loss": "lost on its way",
    "cut": "lost where the link is cut",
    "crashed": "lost: its receiver is crashed",
    "untold": "not heard of again: it may have arrived, or not",
}


def describe(moment: Moment, time_us: float, picked: Picked) -> str:
    """The lines to show for ``picked``; empty when it is no longer there."""
    state = moment.state
    match picked:
        case PickedServer(id=number) if number in state.hosts:
            return "\n".join(server_lines(state.hosts[number], time_us))
        case PickedClient(id=address) if address in state.clients:
            return "\n".join(_client_lines(state.clients[address]))
        case PickedMessage(flight_id=number):
            return "\n".join(_flight_lines(moment, number, time_us))
        case PickedLink(source=source, target=target):
            return "\n".join(_link_lines(state.network, source, target))
        case PickedVote():
            return _vote_line(state, picked)
    return ""


_VOTES: dict[PipState, str] = {
    "granted": "given",
    "refused": "refused",
    "coming": "asked for, or on its way",
    "cannot": "it cannot come: crashed, cut off, or lost",
}


def _vote_line(state: State, vote: PickedVote) -> str:
    candidate = state.hosts[vote.candidate]
    whom = "itself" if vote.voter == vote.candidate else name(vote.candidate)
    title = f"{name(vote.voter)}'s vote for {whom} in term {vote.term}"
    if not isinstance(candidate.server.role, Candidate):
        return title
    return f"{title}: {_VOTES[Votes.of(state).of_voter(candidate, vote.voter)]}"


def summary(moment: Moment) -> str:
    """The cluster in a sentence, for those who do not see it: "5 servers. S2 leads term 3"."""
    hosts = moment.state.hosts.values()
    parts = [f"{len(hosts)} servers."]
    parts += [
        f"{name(host.id)} leads term {host.server.current_term}."
        for host in hosts
        if host.is_up and role_name(host.server) == "leader" and "current_term" not in host.unknown
    ]
    for status in (Status.CRASHED, Status.PAUSED):
        those = [host.id for host in hosts if host.status is status]
        if those:
            parts.append(f"{names(those)} {'is' if len(those) == 1 else 'are'} {status.value}.")
    if on := moment.state.network.variants:
        parts.append(f"Broken on purpose: {', '.join(on)}.")
    return " ".join(parts)


def rules_lines(moment: Moment) -> Iterator[str]:
    """The rules that are broken on purpose, for who points at their mark."""
    from raftviz.picture.variants.page import title_of  # noqa: PLC0415 - while any is broken

    on = moment.state.network.variants
    yield "Broken on purpose, on all servers:" if on else "All rules are whole"
    for one in on:
        yield f"{one}: {title_of(one)}"


def server_lines(host: Host, time_us: float) -> Iterator[str]:
    """A server: role, term, commit index; its timer, its vote, what is not on its disk yet."""
    server, disk = host.server, host.disk.durable
    if host.unknown:
        yield from _partly_known(host)
        return
    if host.status is Status.CRASHED:
        yield f"{name(host.id)}, crashed"
        yield f"on its disk: term {disk.current_term}, {disk.log.last_index} log entries"
        return
    paused = ", paused" if host.status is Status.PAUSED else ""
    yield (
        f"{name(host.id)}, {role_name(server)}{paused}, term {server.current_term}, "
        f"commit index {server.commit_index}"
    )
    voted = f"voted for {name(server.voted_for)}" if server.voted_for else "has not voted"
    yield f"{server.log.last_index} log entries, {voted} in this term"
    if host.is_up and host.timer_us < NEVER:
        what = "next heartbeat" if role_name(server) == "leader" else "election timeout"
        yield f"{what} in {_ms(host.timer_us - time_us)}"
    if host.backlog:
        yield f"{len(host.backlog)} messages wait for it"
    if host.disk.writes:
        yield "a write is not on its disk yet: a crash now would take it away"


def _partly_known(host: Host) -> Iterator[str]:
    """A server of which a recording does not tell all: what is told, and what is not."""
    server, unknown = host.server, host.unknown
    standing = "" if host.is_up else f", {host.status.value}"
    yield f"{name(host.id)}, {known(host, 'role', role_name(server))}{standing}"
    told = {
        "current_term": f"term {server.current_term}",
        "voted_for": f"voted for {name(server.voted_for)}"
        if server.voted_for
        else "has not voted in this term",
        "log": f"log up to entry {server.log.last_index}",
        "commit_index": f"commit index {server.commit_index}",
    }
    if words := [said for field, said in told.items() if field not in unknown]:
        yield ", ".join(words)
    if words := [field for field in OF_HOST if field in unknown]:
        yield f"not told: {', '.join(words)}"


def _client_lines(client: Client) -> Iterator[str]:
    operation = client.operation
    if "operation" in client.unknown:
        yield f"{name(client.id)}, a client; what it waits for is not told"
    elif operation is None:
        yield f"{name(client.id)}, a client, waits for nothing"
    else:
        yield f"{name(client.id)} asked {name(operation.asked)}: {operation.command.text}"
        if operation.attempts > 1:
            yield f"attempt {operation.attempts}"
    if client.answered:
        yield f"{client.answered} requests answered"


def _message_title(message: Message, unknown: Set[str]) -> str:
    """A message's type as students read it; a heartbeat is said to be one."""
    told = "entries" not in unknown
    heartbeat = told and isinstance(message, AppendEntriesRequest) and not message.entries
    return message_name(message) + (" (heartbeat)" if heartbeat else "")


def _flight_lines(moment: Moment, number: int, time_us: float) -> Iterator[str]:
    flight = moment.branch.flights(moment.count).get(number)
    if flight is not None:
        yield from _message_lines(flight)
        if isinstance(flight, Held):
            yield "held: it stands still until you release it, deliver it or drop it"
        else:
            yield arrival_words(flight, time_us)
        return
    ending = moment.branch.ending_of(number)
    event = moment.branch[ending].event if ending is not None else None
    if isinstance(event, Lost):
        yield from _message_lines(event.flight)
        yield _WHY_LOST.get(event.why, f"lost: {event.why}")


def arrival_words(flight: Flight, time_us: float) -> str:
    """When a message that is on its way arrives, if anybody knows."""
    if flight.lost_why == "untold":
        return "what becomes of it is not told"
    return f"arrives in {_ms(flight.arrives_us - time_us)}"


def _message_lines(flight: Flight) -> Iterator[str]:
    message, unknown = flight.message, flight.unknown
    yield f"{_message_title(message, unknown)} {name(flight.source)} → {name(flight.target)}"
    if isinstance(message, ClientRequest):
        yield f"command {known(flight, 'command', message.command.text)}"
        return
    for field in attrs.fields(type(message)):
        value = getattr(message, field.name)
        if field.name in unknown:
            yield f"{field.name} {UNKNOWN}"
        elif not _is_idle(message, field.name):
            yield f"{field.name} {_value(field.name, value)}"


def _is_idle(message: Message, field: str) -> bool:
    """Whether a field says nothing in this message: a conflict in a success, a match in none."""
    if isinstance(message, AppendEntriesResponse):
        return field.startswith("conflict") if message.success else field == "match_index"
    return isinstance(message, NotLeader) and field == "serial"


def _value(field: str, value: object) -> str:
    if field in _ADDRESSES and isinstance(value, int):
        return name(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return f"{len(value)} ({value[0].index}–{value[-1].index})" if value else "none"
    return str(value)


def _link_lines(network: Network, source: int, target: int) -> Iterator[str]:
    yield f"Link {name(source)} – {name(target)}"
    for one, other in ((source, target), (target, source)):
        if network.is_cut(one, other):
            yield f"cut from {name(one)} to {name(other)}"
    if "quality" in network.unknown and (source, target) not in network.links:
        yield "how long messages take is not told"
        return
    low, high = network.quality_of(source, target).latency_us
    yield f"takes {low / 1000:g} to {high / 1000:g} ms"
    if loss := network.quality_of(source, target).loss:
        yield f"loses {loss:.0%} of the messages"


def _ms(us: float) -> str:
    return f"{max(0.0, us) / 1000:.1f} ms"
