"""The kinds of events that one can step by: a role change, a commit, an act and so on."""

from collections.abc import Callable

import attrs

from raftviz.picture.primitives import (
    Picked,
    PickedClient,
    PickedEntry,
    PickedLink,
    PickedMessage,
    PickedServer,
    PickedVote,
)
from raftviz.raft.server import Leader
from raftviz.session.session import Session, is_notable
from raftviz.sim import acts
from raftviz.sim.events import Acted, Delivered, Lost
from raftviz.sim.history import Record
from raftviz.sim.host import Host

Wanted = Callable[[int, Record], bool]
"""Whether the event with this number is one to stop at."""


@attrs.frozen
class Kind:
    """A kind of event. ``title`` names it in a menu, ``one`` in a sentence: “no … was found”."""

    id: str
    title: str
    one: str
    make: Callable[[Session, Picked | None], Wanted]

    def wanted(self, session: Session, selected: Picked | None) -> Wanted:
        """What to stop at in this session, while ``selected`` is selected."""
        return self.make(session, selected)


def _of_record(test: Callable[[Record], bool]) -> Callable[[Session, Picked | None], Wanted]:
    return lambda _session, _selected: lambda _number, record: test(record)


def changes_role(record: Record) -> bool:
    """Whether a server becomes follower, candidate or leader, crashes, starts, pauses or goes on."""
    before, after = record.before, record.after
    if not isinstance(before, Host) or not isinstance(after, Host):
        return False
    return (
        type(before.server.role) is not type(after.server.role) or before.status is not after.status
    )


def commits(record: Record) -> bool:
    """Whether a leader commits. That the others hear of it is another event."""
    before, after = record.before, record.after
    return (
        isinstance(before, Host)
        and isinstance(after, Host)
        and isinstance(after.server.role, Leader)
        and after.server.commit_index > before.server.commit_index
    )


def applies(record: Record) -> bool:
    """Whether a server executes an entry."""
    before, after = record.before, record.after
    return (
        isinstance(before, Host)
        and isinstance(after, Host)
        and after.server.last_applied > before.server.last_applied
    )


def _breaks(session: Session, _: Picked | None) -> Wanted:
    known, events = -1, set[int]()

    def wanted(number: int, _record: Record) -> bool:
        nonlocal known, events
        if len(session.checker.violations) != known:  # asked of each event, and few break anything
            known = len(session.checker.violations)
            found = session.checker.violations_at(session.branch, len(session.branch))
            events = {violation.event for violation in found}
        return number in events

    return wanted


def _concerns(_: Session, selected: Picked | None) -> Wanted:
    match selected:
        case PickedServer(id=part) | PickedClient(id=part) | PickedEntry(server=part):
            return lambda _, record: record.part == part
        case PickedVote(voter=voter, candidate=candidate):
            return lambda _, record: _between(record, voter, candidate)
        case PickedLink(source=source, target=target):
            return lambda _, record: _between(record, source, target)
        case PickedMessage(flight_id=flight):
            return lambda _, record: _is_of_flight(record, flight)
    return lambda _number, _record: True


def _between(record: Record, one: int, other: int) -> bool:
    event = record.event
    return isinstance(event, Delivered | Lost) and {event.flight.source, event.flight.target} == {
        one,
        other,
    }


def _is_of_flight(record: Record, flight_id: int) -> bool:
    event = record.event
    if isinstance(event, Acted) and isinstance(event.act, acts.OnMessage):
        return event.act.choice.id == flight_id
    return record.ended == flight_id or any(f.id == flight_id for f in record.flights)


KINDS: tuple[Kind, ...] = (
    Kind("event", "event", "event", _of_record(lambda _: True)),
    Kind("notable", "worth a look", "event worth looking at", _of_record(is_notable)),
    Kind("role", "role change", "role change", _of_record(changes_role)),
    Kind("commit", "commit", "commit", _of_record(commits)),
    Kind("apply", "apply", "applied entry", _of_record(applies)),
    Kind("violation", "violation", "broken property", _breaks),
    Kind("act", "act", "act", _of_record(lambda record: isinstance(record.event, Acted))),
    Kind("selected", "selected", "event of what is selected", _concerns),
)
"""All kinds, in the order in which they are offered."""

BY_ID = {kind.id: kind for kind in KINDS}
