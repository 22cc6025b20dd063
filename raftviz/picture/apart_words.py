"""Two events of one kind that are not the same: in what, in words."""

from collections.abc import Iterator

import attrs

from raftviz.compare.fields import differing, value_of
from raftviz.picture.event_words import message_words
from raftviz.picture.field_words import field_words, value_words
from raftviz.raft.log import Command, Entry
from raftviz.raft.messages import Message
from raftviz.sim.events import Delivered, Lost
from raftviz.sim.history import Record
from raftviz.sim.trace import command_text


def apart(left: Record, right: Record) -> str:
    """What makes two events of one kind differ: what came in, what they changed, what they sent."""
    for f, g in _messages(left, right):
        if told := _message_apart(f, g):
            return f"The message says something else: {told}."
    if told := _change_apart(left, right):
        return f"It did something else: {told}."
    here, there = (_sent_words(record) for record in (left, right))
    if here != there:
        return f"It sent {here} on the left, {there} on the right."
    for first, second in zip(left.flights, right.flights, strict=False):
        if told := _message_apart(first.message, second.message):
            return f"What it sent says something else: {told}."
    return "It did something else."


def _messages(left: Record, right: Record) -> Iterator[tuple[Message, Message]]:
    if isinstance(left.event, Delivered | Lost) and isinstance(right.event, Delivered | Lost):
        yield left.event.flight.message, right.event.flight.message


def _message_apart(f: Message, g: Message) -> str:
    """The first field in which two messages of one kind differ."""
    for field in attrs.fields(type(f)):
        here, there = getattr(f, field.name), getattr(g, field.name, None)
        if here != there:
            words = (short(value) for value in (here, there))
            return "{} {} on the left, {} on the right".format(field.name, *words)
    return ""


def _change_apart(left: Record, right: Record) -> str:
    """The most telling field that one of two events left with another value than the other did."""
    changed = (*differing(left.before, left.after), *differing(right.before, right.after))
    for field in dict.fromkeys(changed):
        was = [value_of(record.before, field) for record in (left, right)]
        became = [value_of(record.after, field) for record in (left, right)]
        if became[0] != became[1]:
            here, there = (value_words(field, value) for value in became)
            return f"{field_words(field)} {here} on the left, {there} on the right"
        if (was[0] == became[0]) != (was[1] == became[1]):
            here, there = (value_words(field, value) for value in was)
            return f"{field_words(field)} was {here} on the left, {there} on the right"
    return ""


def _sent_words(record: Record) -> str:
    sent = [message_words(flight.message) for flight in record.flights]
    return (
        f"{sent[0]}{f' and {len(sent) - 1} more' if len(sent) > 1 else ''}" if sent else "nothing"
    )


def short(value: object) -> str:
    """A value of a message or a setting."""
    if isinstance(value, tuple) and all(isinstance(each, Entry) for each in value):
        return ", ".join(command_text(entry) for entry in value) or "none"
    if isinstance(value, tuple) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    if isinstance(value, Command):
        return value.text
    return str(value) if isinstance(value, int | float | str) else "other"
