"""Events in plain English: what just happened, in a sentence a student reads."""

from collections.abc import Set

from raftviz.picture import act_words
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    ClientResponse,
    InstallSnapshotRequest,
    InstallSnapshotResponse,
    Message,
    NotLeader,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.names import name
from raftviz.raft.server import Leader
from raftviz.raft.values import NOTHING
from raftviz.sim.events import Acted, Delivered, Lost, Noted, TimedOut, Woke, Wrote
from raftviz.sim.history import Record
from raftviz.sim.host import Host

_WHY_LOST = {
    "loss": "was lost on its way",
    "cut": "was stopped where the link is cut",
    "dropped": "was dropped by you",
    "crashed": "arrived at a server that is down",
    "untold": "is not heard of again",
}


def lost_words(why: str) -> str:
    """What became of a message that went nowhere, as the end of a sentence about it."""
    return _WHY_LOST.get(why, "was lost")


def message_words(message: Message, unknown: Set[str] = NOTHING) -> str:
    """A message as one says it: “a heartbeat”, “2 entries”, “a yes vote”.

    ``unknown`` are fields of which nothing can be said.
    """
    if unknown & _TOLD_BY.get(type(message), NOTHING):
        return _UNTOLD[type(message)]
    return _words(message)


_TOLD_BY: dict[type, frozenset[str]] = {
    RequestVoteRequest: frozenset({"term"}),
    RequestVoteResponse: frozenset({"vote_granted"}),
    AppendEntriesRequest: frozenset({"entries"}),
    AppendEntriesResponse: frozenset({"success"}),
    InstallSnapshotResponse: frozenset({"installed"}),
    ClientRequest: frozenset({"command"}),
}
"""What the words for a message tell of it."""

_UNTOLD: dict[type, str] = {
    RequestVoteRequest: "a RequestVote",
    RequestVoteResponse: "an answer to RequestVote",
    AppendEntriesRequest: "AppendEntries",
    AppendEntriesResponse: "an answer to AppendEntries",
    InstallSnapshotResponse: "an answer to InstallSnapshot",
    ClientRequest: "a request",
}
"""The words for a message if that is not known."""


def _words(message: Message) -> str:  # noqa: PLR0911 - a line a kind
    match message:
        case RequestVoteRequest(term=term):
            return f"a RequestVote of term {term}"
        case AppendEntriesRequest(entries=()):
            return "a heartbeat"
        case AppendEntriesRequest(entries=entries):
            count = len(entries)
            return f"AppendEntries with {count} {'entry' if count == 1 else 'entries'}"
        case AppendEntriesResponse(success=success):
            return "an acknowledgement" if success else "a refusal"
        case ClientRequest(command=command):
            return f"the request {command.text}"
        case ClientResponse():
            return "the answer “done”"
        case NotLeader():
            return "the answer “not leader”"
        case InstallSnapshotRequest():
            return "a piece of a snapshot"
        case InstallSnapshotResponse(installed=installed):
            return "“snapshot installed”" if installed else "“piece received”"
    return "a vote" if message.vote_granted else "a refused vote"


def event_sentence(record: Record) -> str:  # noqa: PLR0911 - a line a kind
    """What happened, in a sentence."""
    event = record.event
    match event:
        case Delivered(flight=flight, waits=waits):
            words = message_words(flight.message, flight.unknown)
            if flight.target < 0:
                return f"{name(flight.target)} got {words} from {name(flight.source)}."
            verb = "has waiting" if waits else "received"
            return f"{name(flight.target)} {verb} {words} from {name(flight.source)}."
        case Lost(flight=flight, why=why):
            words = message_words(flight.message, flight.unknown)
            where = f"from {name(flight.source)} to {name(flight.target)}"
            return f"{words[0].upper()}{words[1:]} {where} {lost_words(why)}."
        case TimedOut(server=server):
            return f"{name(server)}'s {_timer_words(record.before)}."
        case Wrote(server=server):
            return f"{name(server)}'s disk finished a write."
        case Woke(address=address) if address > 0:
            return f"{name(address)} has gathered commands for long enough."
        case Woke(address=client):
            return f"{name(client)} acts by itself: it is time to."
        case Noted(address=address, text=text):
            return f"{name(address)}: {text or 'a line tells how it is'}."
        case Acted():
            words = act_words.event_words(event, record.part)
            return f"{words[0].upper()}{words[1:]}."
    raise TypeError(event)


def _timer_words(before: object) -> str:
    if not isinstance(before, Host) or "role" in before.unknown:
        return "timer ran out"
    what = "heartbeat interval" if isinstance(before.server.role, Leader) else "election timeout"
    return f"{what} is over"
