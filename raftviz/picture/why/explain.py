"""Any event, entry, vote, message or broken property as a page: what led to it, what it caused."""

from collections.abc import Iterator, Sequence

from raftviz.checks.properties import Violation
from raftviz.picture.event_words import event_sentence, message_words
from raftviz.picture.primitives import (
    Picked,
    PickedBreach,
    PickedClient,
    PickedEntry,
    PickedEvent,
    PickedMessage,
    PickedServer,
    PickedVote,
    Subject,
)
from raftviz.picture.why.breaches import breach_page
from raftviz.picture.why.entries import entry_page
from raftviz.picture.why.flights import message_page
from raftviz.picture.why.links import links_of
from raftviz.picture.why.outcomes import outcome
from raftviz.picture.why.page import Page, Step, Told, step_to, when
from raftviz.picture.why.subjects import is_on
from raftviz.picture.why.threads import Threads
from raftviz.picture.why.votes import vote_page
from raftviz.raft.names import Address, name
from raftviz.sim.events import Delivered, Lost
from raftviz.sim.history import Moment, Record


def explain(
    threads: Threads, moment: Moment, subject: Subject, violations: Sequence[Violation] = ()
) -> Page | None:
    """The page of a thing, as it is known at a moment; None if there is no such thing.

    ``violations`` are all that were found, in the order of their finding.
    """
    threads.extend()
    match subject:
        case PickedEvent(number=number) if 0 <= number < len(moment.branch):
            return _event_page(threads, moment, number, violations)
        case PickedEntry():
            return entry_page(threads, moment, subject)
        case PickedVote():
            return vote_page(threads, moment, subject)
        case PickedMessage():
            return message_page(threads, moment, subject)
        case PickedBreach(place=place) if 0 <= place < len(violations):
            return breach_page(moment, subject, violations[place])
    return None


def _event_page(
    threads: Threads, moment: Moment, number: int, violations: Sequence[Violation]
) -> Page:
    record = moment.branch[number]
    sentence = event_sentence(record)
    came = outcome(record)
    about = when(number, record)
    if came != sentence.rstrip("."):
        about = f"{about} · {sentence}"
    broken = list(_breaches(moment, number, violations))
    return Page(
        PickedEvent(number),
        came,
        about,
        tuple(Told.of(because) for because in record.because),
        tuple(_reasons(threads, moment, number, record)),
        (*broken, *_consequences(threads, moment, number, record)),
        number,
        _lit(record),
        bool(broken),
    )


def _reasons(threads: Threads, moment: Moment, number: int, record: Record) -> Iterator[Step]:
    for link in links_of(threads, number, record):
        if link.event >= 0:
            yield step_to(moment.branch, link.event, link.words, moment.count)
        else:
            yield Step(link.words[0].upper() + link.words[1:])


def _breaches(moment: Moment, number: int, violations: Sequence[Violation]) -> Iterator[Step]:
    for place, violation in enumerate(violations):
        if violation.event == number and is_on(moment, violation):
            yield Step(
                f"It broke {violation.property.title}", violation.explanation, PickedBreach(place)
            )


def _consequences(threads: Threads, moment: Moment, number: int, record: Record) -> Iterator[Step]:
    ended = set()
    for event in threads.consequences(number):
        ended.add(moment.branch[event].ended)
        yield step_to(moment.branch, event, "", moment.count)
    for flight in record.flights:
        if flight.id not in ended:
            words = f"{message_words(flight.message)} is on its way to {name(flight.target)}"
            yield Step(words[0].upper() + words[1:], "", PickedMessage(flight.id))


def _lit(record: Record) -> frozenset[Picked]:
    event = record.event
    parts: tuple[Address, ...] = (record.part,)
    if isinstance(event, Delivered | Lost):
        parts = (event.flight.source, event.flight.target)
    return frozenset(part_picked(part) for part in parts if part)


def part_picked(part: Address) -> Picked:
    """A server or a client as what is picked."""
    return PickedServer(part) if part > 0 else PickedClient(part)
