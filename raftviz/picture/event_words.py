"""Events in plain English: what just happened, in a sentence a student reads."""

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
)
from raftviz.raft.names import name
from raftviz.raft.server import Leader
from raftviz.sim.events import Acted, Delivered, Lost, TimedOut, Woke, Wrote
from raftviz.sim.history import Record
from raftviz.sim.host import Host

_WHY_LOST = {
    "loss": "was lost on its way",
    "cut": "was stopped where the link is cut",
    "dropped": "was dropped by you",
    "crashed": "arrived at a server that is down",
}


def message_words(message: Message) -> str:  # noqa: PLR0911 - a line a kind
    """A message as one says it: “a heartbeat”, “2 entries”, “a yes vote”."""
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
            words = message_words(flight.message)
            if flight.target < 0:
                return f"{name(flight.target)} got {words} from {name(flight.source)}."
            verb = "has waiting" if waits else "received"
            return f"{name(flight.target)} {verb} {words} from {name(flight.source)}."
        case Lost(flight=flight, why=why):
            words = message_words(flight.message)
            where = f"from {name(flight.source)} to {name(flight.target)}"
            return f"{words[0].upper()}{words[1:]} {where} {_WHY_LOST.get(why, 'was lost')}."
        case TimedOut(server=server):
            before = record.before
            if isinstance(before, Host) and isinstance(before.server.role, Leader):
                return f"{name(server)}'s heartbeat interval is over."
            return f"{name(server)}'s election timeout is over."
        case Wrote(server=server):
            return f"{name(server)}'s disk finished a write."
        case Woke(address=address) if address > 0:
            return f"{name(address)} has gathered commands for long enough."
        case Woke(address=client):
            return f"{name(client)} acts by itself: it is time to."
        case Acted():
            words = act_words.event_words(event, record.part)
            return f"{words[0].upper()}{words[1:]}."
    raise TypeError(event)
