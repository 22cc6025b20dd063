"""What led to an event: each earlier event that it would not have come to this without.

First what its reasons ask for (``elections``, ``replication``), then what befell the message or the
server, then the one event that directly set it off.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from raftviz.picture.event_words import message_words
from raftviz.picture.why import befallen, elections, replication
from raftviz.picture.why.here import Here, Link, Values
from raftviz.raft.because import Reason
from raftviz.raft.names import name
from raftviz.raft.server import Leader
from raftviz.sim.events import Acted, Delivered, Lost, TimedOut, Woke, Wrote
from raftviz.sim.history import Record
from raftviz.sim.host import Host

if TYPE_CHECKING:
    from raftviz.picture.why.threads import Threads

_Maker = Callable[[Here, Values], Iterator[Link]]

_MAKERS: dict[Reason, _Maker] = {**elections.MAKERS, **replication.MAKERS}

_ASKING = frozenset(reason.sentence for reason in _MAKERS)
"""The same reasons by their sentences, whose hashes Python keeps."""


def links_of(threads: "Threads", number: int, record: Record) -> list[Link]:
    """All that led to an event: each earlier event once, with all that it contributed."""
    here = Here(threads, number, record)
    found: dict[int, str] = {}
    begun = []
    for link in _asked_for(here):
        if link.event < 0:
            begun.append(link)
        elif link.event < number:
            known = found.get(link.event)
            if known is None:
                found[link.event] = link.words
            elif link.words not in known:
                found[link.event] = f"{known}; {link.words}"
    links = [Link(event, words) for event, words in found.items()]
    set_off = _set_off(here)
    if set_off is not None and set_off.event not in found:
        links.append(set_off)
    return links + begun


def plain_cause(threads: "Threads", number: int, record: Record) -> int | None:
    """What set an event off, where it is seen at a glance that nothing else led there; else None.

    So it is with most events, and a long history is read in half the time.
    """
    event = record.event
    if type(event) is Delivered:
        if event.waits or threads.tracks.last(("detour", event.flight.id), number) is not None:
            return None
        if number and type(threads.branch[number - 1].event) is Acted:
            return None
    elif type(event) is not Wrote:
        return None
    for because in record.because:
        if because.reason.sentence in _ASKING:
            return None
    after, before = record.after, record.before
    if (
        isinstance(after, Host)
        and isinstance(before, Host)
        and (after.server.last_applied != before.server.last_applied)
    ):
        return None
    return record.cause if record.cause >= 0 else None


def _asked_for(here: Here) -> Iterator[Link]:
    """What the reasons ask for, and what befell."""
    record = here.record
    for because in record.because:
        make = _MAKERS.get(because.reason)
        if make is not None:
            yield from make(here, because.values)
    event = record.event
    if isinstance(event, Delivered | Lost):
        yield from befallen.message(here, event.flight)
    elif isinstance(event, Acted):
        yield from befallen.act(here, event.act)
    if isinstance(record.after, Host) and isinstance(record.before, Host):
        yield from replication.late_application(here, record.before.server, record.after.server)


def _set_off(here: Here) -> Link | None:
    """The one event that directly led here."""
    record = here.record
    event, cause = record.event, record.cause
    match event:
        case Woke(address=address) if address > 0 and replication.gathered(here):
            return None  # the alarm of a batch is set by the first command that waits
        case Delivered(flight=flight) | Lost(flight=flight):
            return Link(cause, f"{name(flight.source)} sent {message_words(flight.message)}")
        case TimedOut(server=server):
            leads = isinstance(record.before, Host) and isinstance(
                record.before.server.role, Leader
            )
            what = "heartbeat timer" if leads else "election timeout"
            since = "" if cause >= 0 else " when everything began"
            if cause < 0 and isinstance(record.before, Host) and "timer" in record.before.unknown:
                return Link(cause, f"when {name(server)} set its {what} is not told")
            return Link(cause, f"{name(server)} set its {what}{since}")
        case Wrote(server=server):
            return Link(cause, f"{name(server)} had this to write")
    return Link(cause, "it followed from this") if cause >= 0 else None
