"""What the inspector says of one thing: its fields, and what happened to it last."""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from raftviz.picture.event_words import event_sentence
from raftviz.picture.logs import entry_text
from raftviz.picture.marked import Marked, is_on
from raftviz.picture.primitives import (
    Picked,
    PickedClient,
    PickedEntry,
    PickedLink,
    PickedMessage,
    PickedServer,
    PickedVote,
    PipState,
)
from raftviz.picture.unknown import UNKNOWN, known
from raftviz.picture.votes import Votes
from raftviz.raft.messages import message_name
from raftviz.raft.names import Address, name, names
from raftviz.raft.server import Candidate, Follower, Leader, role_name
from raftviz.raft.values import value
from raftviz.sim.client import Client
from raftviz.sim.events import Lost
from raftviz.sim.history import Moment, State
from raftviz.sim.host import Host, Status
from raftviz.sim.network import Flight, Held, Network
from raftviz.sim.units import NEVER, in_ms

Row = tuple[str, str]

_SHOWN_ENTRIES = 6


@value
class Inspection:
    """A thing under the magnifying glass. ``last`` is what happened to it last, in a sentence.

    ``owner`` is the server or client whose fields the rows are; 0 where none can be asked why.
    """

    title: str
    subtitle: str
    rows: tuple[Row, ...]
    last: str = ""
    owner: Address = 0

    def asks(self, row: Row) -> bool:
        """Whether one can ask why a row's field is what it is."""
        key, value = row
        leads = key[:1] == "S" and key[1:].isdigit() and not value.endswith(_NOTHING_KNOWN)
        return bool(self.owner) and value not in _NO_VALUES and (key in _ASKED or leads)


_ASKED = frozenset(
    {
        *("current_term", "voted_for", "log", "commit_index", "last_applied", "leader"),
        *("votes of", "refused by", "heartbeat in", "times out in", "on its disk", "snapshot"),
        *("state machine", "answered", "command", "asked", "attempt"),
    }
)
_NO_VALUES = frozenset({"–", "0", "empty", "knows of none", UNKNOWN})
_NOTHING_KNOWN = "match_index 0"


def inspect(  # noqa: PLR0911 - a line a kind
    moment: Moment, picked: Picked | None, marked: Sequence[Marked] = ()
) -> Inspection:
    """What is to be said of ``picked`` at a moment; of the whole cluster when nothing is.

    Of the cluster, also which branch it is on, and what is noted there: ``marked`` are bookmarks.
    """
    match picked:
        case PickedServer(id=server) if server in moment.history.start.hosts:
            return _inspect_server(moment, server)
        case PickedClient(id=address):
            client = moment.history.part_at(moment.branch, address, moment.count)
            if isinstance(client, Client):
                return _inspect_client(moment, client)
        case PickedMessage(flight_id=flight):
            found = _inspect_flight(moment, flight)
            if found is not None:
                return found
        case PickedLink(source=source, target=target):
            return _inspect_link(moment, source, target)
        case PickedEntry():
            return _inspect_entry(moment, picked) or _inspect_server(moment, picked.server)
        case PickedVote():
            return _inspect_vote(moment, picked)
    return _inspect_cluster(moment, marked)


def _told(moment: Moment, number: int | None) -> str:
    """An event in a sentence; empty when there was none."""
    return "" if number is None or number < 0 else event_sentence(moment.branch[number])


def _inspect_server(moment: Moment, server_id: int) -> Inspection:
    host = moment.history.host_at(moment.branch, server_id, moment.count)
    last = moment.branch.last_change(server_id, moment.count)
    recording = moment.history.recording
    called = recording.names.get(server_id) if recording is not None else None
    rows = (("called", called),) if called else ()
    return Inspection(
        name(server_id),
        _server_subtitle(host),
        (*rows, *_server_rows(host, moment.time_us)),
        _told(moment, last),
        server_id,
    )


def _server_subtitle(host: Host) -> str:
    if host.refuses:
        return host.refuses
    if host.status is Status.CRASHED:
        durable = "durable" not in host.unknown
        return "crashed: this is what its disk holds" if durable else "crashed"
    paused = "paused, " if host.status is Status.PAUSED else ""
    role = "role unknown" if "role" in host.unknown else role_name(host.server)
    term = f" in term {host.server.current_term}"
    return f"{paused}{role}{', term unknown' if 'current_term' in host.unknown else term}"


def _server_rows(host: Host, time_us: int) -> Iterator[Row]:
    server = host.server
    vote = name(server.voted_for) if server.voted_for else "–"
    yield "current_term", known(host, "current_term", server.current_term)
    yield "voted_for", known(host, "voted_for", vote)
    yield "log", known(host, "log", _log_words(host))
    yield "commit_index", known(host, "commit_index", server.commit_index)
    yield "last_applied", known(host, "last_applied", server.last_applied)
    yield from _role_rows(host)
    if host.is_up and host.timer_us < NEVER:
        what = "heartbeat in" if isinstance(server.role, Leader) else "times out in"
        yield what, f"{in_ms(max(0, host.timer_us - time_us)):.1f} ms"
    elif "timer" in host.unknown and host.is_up:
        yield "timer", UNKNOWN
    yield "on its disk", known(host, "durable", _disk_words(host))
    if server.snapshot is not None:
        yield "snapshot", f"up to entry {server.snapshot.last_included_index}"
    values = ", ".join(f"{k}={v}" for k, v in sorted(server.replica.values.items()))
    yield "state machine", known(host, "machine", values or "empty")


def _log_words(host: Host) -> str:
    log = host.server.log
    hidden = ", not told one by one" if "entries" in host.unknown else ""
    if not log.last_index:
        return "empty"
    return f"{log.last_index} entries, last of term {log.last_term}{hidden}"


def _role_rows(host: Host) -> Iterator[Row]:
    role = host.server.role
    if "role" in host.unknown:
        yield "leader", UNKNOWN
    elif isinstance(role, Follower):
        leader = name(role.leader_id) if role.leader_id else "knows of none"
        yield "leader", known(host, "leader", leader)
    elif isinstance(role, Candidate):
        yield "votes of", known(host, "votes", names(role.granted))
        yield "refused by", known(host, "votes", names(role.refused) if role.refused else "–")
    else:
        for follower in sorted({*role.next_index, *role.match_index} - {host.id}):
            following = role.next_index.get(follower, UNKNOWN)
            match = role.match_index.get(follower, UNKNOWN)
            yield name(follower), f"next_index {following}   match_index {match}"
        if not role.next_index and not role.match_index and "next_index" in host.unknown:
            yield "next_index", UNKNOWN
            yield "match_index", UNKNOWN


def _disk_words(host: Host) -> str:
    disk, server = host.disk.durable, host.server
    missing = ["(the disk is full)"] if host.disk.full else []
    if disk.current_term != server.current_term:
        missing.append("term")
    if disk.voted_for != server.voted_for:
        missing.append("vote")
    if disk.log.last_index < server.log.last_index or disk.log is not server.log:
        kept = disk.log.agrees_until(server.log)
        if kept < server.log.last_index:
            missing.append(f"entries from {kept + 1}")
    return f"all but: {', '.join(missing)}" if missing else "everything"


def _inspect_client(moment: Moment, client: Client) -> Inspection:
    operation = client.operation
    rows: list[Row] = [("answered", known(client, "answered", client.answered))]
    if operation is not None:
        rows += [
            ("command", operation.command.text),
            ("serial number", str(operation.command.serial)),
            ("asked", name(operation.asked)),
            ("attempt", str(operation.attempts)),
            ("waits for", f"{in_ms(moment.time_us - operation.invoked_us):.1f} ms"),
        ]
    leader = name(client.leader) if client.leader else "–"
    rows.append(("knows as leader", known(client, "leader", leader)))
    if client.every_us:
        rows.append(("asks every", f"{in_ms(client.every_us):g} ms"))
    last = moment.branch.last_change(client.id, moment.count)
    waits = "waits for an answer" if operation else "waits for nothing"
    subtitle = "what it waits for is not told" if "operation" in client.unknown else waits
    return Inspection(
        name(client.id), f"a client, {subtitle}", tuple(rows), _told(moment, last), client.id
    )


def _inspect_flight(moment: Moment, flight_id: int) -> Inspection | None:
    flight = moment.branch.flights(moment.count).get(flight_id)
    if flight is not None:
        if isinstance(flight, Held):
            return _flight_page(moment, flight, "held", ("held", _since(flight)))
        fate = ("arrives in", f"{in_ms(max(0, flight.arrives_us - moment.time_us)):.1f} ms")
        if flight.lost_why == "untold":
            fate = ("arrives", UNKNOWN)
        return _flight_page(moment, flight, "in flight", fate)
    number = moment.branch.ending_of(flight_id)
    if number is None or number >= moment.count:
        return None
    event = moment.branch[number].event
    if isinstance(event, Lost):
        untold = event.why == "untold"
        fate = ("arrived", UNKNOWN) if untold else ("lost", event.why)
        return _flight_page(moment, event.flight, "not heard of again" if untold else "lost", fate)
    ended = getattr(event, "flight", None)
    if not isinstance(ended, Flight):
        return None
    at = ("arrived at", f"{in_ms(moment.branch[number].time_us):.1f} ms")
    return _flight_page(moment, ended, "arrived", at)


def _since(held: Held) -> str:
    left = in_ms(held.caught.arrives_us - held.since_us)
    return f"since {in_ms(held.since_us):.1f} ms; let go, it takes {left:.1f} ms more"


def _flight_page(moment: Moment, flight: Flight, state: str, fate: Row) -> Inspection:
    message = flight.message
    rows = [
        (
            field.name,
            known(flight, field.name, _field_words(field.name, getattr(message, field.name))),
        )
        for field in attrs.fields(type(message))
    ]
    rows += [("sent at", known(flight, "sent_us", f"{in_ms(flight.sent_us):.1f} ms")), fate]
    return Inspection(
        f"{message_name(message)} {name(flight.source)} → {name(flight.target)}",
        f"a message, {state}",
        tuple(rows),
        _told(moment, flight.cause),
    )


def _inspect_entry(moment: Moment, picked: PickedEntry) -> Inspection | None:
    """An entry as it stands in a log, in memory or, of a server that is down, on the disk."""
    host = moment.history.host_at(moment.branch, picked.server, moment.count)
    server, index = host.server, picked.index
    found = server.log.recall(index, index) or host.disk.durable.log.recall(index, index)
    if not found or found[0].term != picked.term:
        return None
    entry = found[0]
    rows = [("index", str(index)), ("term", str(picked.term)), ("command", entry_text(entry))]
    command = entry.command
    if command is not None and command.client:
        rows.append(("asked by", f"{name(command.client)}, request {command.serial}"))
    held = host.disk.durable.log
    durable = index <= held.snapshot_index or held.term_at(index) == picked.term
    rows += [
        ("on its disk", known(host, "durable", _yes(durable))),
        ("committed", known(host, "commit_index", _yes(index <= server.commit_index))),
        ("executed", known(host, "last_applied", _yes(index <= server.last_applied))),
    ]
    if index <= server.log.snapshot_index:
        rows.append(("in its snapshot", "yes"))
    return Inspection(f"Entry {index} of {name(picked.server)}", "a log entry", tuple(rows))


def _yes(so: bool) -> str:  # noqa: FBT001 - one word for one of two
    return "yes" if so else "not yet"


def _inspect_vote(moment: Moment, vote: PickedVote) -> Inspection:
    candidate = moment.history.host_at(moment.branch, vote.candidate, moment.count)
    voter = moment.history.host_at(moment.branch, vote.voter, moment.count)
    whom = "itself" if vote.voter == vote.candidate else name(vote.candidate)
    rows = [
        ("term", str(vote.term)),
        ("candidate's log", known(candidate, "log", _log_words(candidate))),
        ("voter's log", known(voter, "log", _log_words(voter))),
    ]
    if isinstance(candidate.server.role, Candidate):
        state = Votes.of(moment.state).of_voter(candidate, vote.voter)
        rows.insert(0, ("vote", _VOTES[state]))
    return Inspection(f"{name(vote.voter)}'s vote for {whom}", "a vote", tuple(rows))


_VOTES: dict[PipState, str] = {
    "granted": "given",
    "refused": "refused",
    "coming": "asked for, or on its way",
    "cannot": "cannot come: crashed, cut off, or lost",
}


def _field_words(field: str, value: object) -> str:
    if field in ("candidate_id", "leader_id") and isinstance(value, int):
        return name(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field == "command":
        return str(getattr(value, "text", value))
    if isinstance(value, tuple):
        shown = [f"{e.index}: {entry_text(e)} (term {e.term})" for e in value[:_SHOWN_ENTRIES]]
        more = [f"and {len(value) - _SHOWN_ENTRIES} more"] if len(value) > _SHOWN_ENTRIES else []
        return "\n".join(shown + more) if shown else "none: a heartbeat"
    return str(value)


def _inspect_link(moment: Moment, source: int, target: int) -> Inspection:
    network = moment.history.part_at(moment.branch, 0, moment.count)
    assert isinstance(network, Network)
    rows: list[Row] = []
    for a, b in ((source, target), (target, source)):
        quality = network.quality_of(a, b)
        low, high = (in_ms(us) for us in quality.latency_us)
        lasts = f"{low:g}–{high:g} ms"
        if "quality" in network.unknown and (a, b) not in network.links:
            lasts = UNKNOWN
        state = "cut" if network.is_cut(a, b) else lasts
        if quality.loss:
            state += f", loses {quality.loss:.0%}"
        rows.append((f"{name(a)} → {name(b)}", state))
    return Inspection(f"{name(source)} ↔ {name(target)}", "a link", tuple(rows))


def _inspect_cluster(moment: Moment, marked: Sequence[Marked]) -> Inspection:
    state, recording = moment.state, moment.history.recording
    hosts = state.hosts.values()
    up = [host for host in hosts if host.is_up and "status" not in host.unknown]
    leaders = [host.id for host in up if isinstance(host.server.role, Leader)]
    nobody = UNKNOWN if any("role" in host.unknown for host in hosts) else names(())
    terms = [h.server.current_term for h in hosts if "current_term" not in h.unknown]
    commits = [h.server.commit_index for h in up if "commit_index" not in h.unknown]
    untold = recording is not None and "seed" in recording.untold
    rows: list[Row] = [
        ("servers", f"{len(hosts)}, of which {len(up)} run{_unheard_of(state)}"),
        ("leader", names(leaders) if leaders else nobody),
        ("highest term", str(max(terms)) if terms else UNKNOWN),
        ("committed", f"up to entry {max(commits)}" if commits else _nothing(hosts)),
        ("in flight", "1 message" if len(state.flights) == 1 else f"{len(state.flights)} messages"),
        ("seed", UNKNOWN if untold else str(moment.history.settings.seed)),
    ]
    last = moment.count - 1
    return Inspection(
        "The cluster",
        "click a server or a message to look closer",
        (*rows, *_notes(moment, marked)),
        _told(moment, last),
    )


def _notes(moment: Moment, marked: Sequence[Marked]) -> Iterator[Row]:
    """The branch if there are several, its note, and the bookmarks at this place."""
    label = moment.branch.label
    if label.note or len(moment.history.visible) > 1:
        yield "branch", f"{label.name}: {label.note}" if label.note else label.name
    for one in marked:
        if one.count == moment.count and is_on(one, moment.branch):
            yield "bookmark", f"{one.name}: {one.note}" if one.note else one.name


def _nothing(hosts: Iterable[Host]) -> str:
    """What is committed where no running server tells."""
    return UNKNOWN if any("commit_index" in host.unknown for host in hosts) else "up to entry 0"


def _unheard_of(state: State) -> str:
    count = sum("status" in host.unknown for host in state.hosts.values())
    return f"; of {count} nothing is told yet" if count else ""
