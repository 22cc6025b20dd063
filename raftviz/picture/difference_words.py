"""What differs between two lines, in words: each difference, what it follows from, and the parting."""

import attrs

from raftviz.compare.causes import Link, Why, chain, twin_of
from raftviz.compare.comparison import Comparison, Kind
from raftviz.compare.fields import Field, value_of
from raftviz.picture.act_words import event_words
from raftviz.picture.apart_words import apart, short
from raftviz.picture.event_words import event_sentence, lost_words, message_words
from raftviz.picture.field_words import field_words, value_words, whose_words
from raftviz.picture.timeline_scale import ms_text
from raftviz.raft.because import Because
from raftviz.raft.names import Address, name
from raftviz.sim.acts import OnMessage
from raftviz.sim.events import Acted, Delivered, Lost
from raftviz.sim.history import Record

SIGNS = {Kind.LEFT: "◧", Kind.RIGHT: "◨", Kind.BOTH: "≠"}
"""Only on the left, only on the right, on both and not the same."""

SAID = {
    Kind.LEFT: "only on the left",
    Kind.RIGHT: "only on the right",
    Kind.BOTH: "not the same on both",
}
"""The signs in words."""


@attrs.frozen
class Sides:
    """What the two lines are called."""

    left: str
    right: str

    @classmethod
    def named(cls, left: str, right: str) -> "Sides":
        """These names, told apart if they are the same."""
        return cls(f"{left}, left", f"{right}, right") if left == right else cls(left, right)

    def of(self, kind: Kind) -> str:
        """The name of one side, in quotation marks."""
        return f"“{self.left if kind is Kind.LEFT else self.right}”"


@attrs.frozen
class Step:
    """A difference on the way back to the parting: what happened, and how it follows from the next.

    ``where`` says on which side it happened; ``link`` leads to the next step, or ends the way.
    """

    index: int
    time_us: int
    kind: Kind
    where: str
    sentence: str
    reason: str
    because: tuple[Because, ...]
    link: str


@attrs.frozen
class Row:
    """A difference in a list."""

    index: int
    time_us: int
    kind: Kind
    sentence: str


def row(comparison: Comparison, index: int) -> Row:
    """A difference in a line."""
    return Row(
        index, comparison.time_us(index), comparison[index].kind, _sentence(comparison, index)
    )


def parting_words(comparison: Comparison, sides: Sides) -> str:
    """Where the two part, and what parts them."""
    if unlike := comparison.settings_differ:
        return f"They part at the first event: {_settings_words(comparison, unlike)}."
    if not len(comparison):
        return "They do not differ, as far as both have happened."
    first = comparison[0]
    kind = Kind.RIGHT if first.kind is Kind.RIGHT else Kind.LEFT
    when = ms_text(comparison.time_us(0))
    where = f"They part at {when} ms, event #{first.at(kind) + 1:,} of {sides.of(kind)}"
    return f"{where}: {_lowered(_sentence(comparison, 0))}"


def parting_label(comparison: Comparison) -> str:
    """What parts the two, to stand on the timeline of the side on which it did not happen."""
    if comparison.settings_differ or not len(comparison):
        return ""
    if comparison[0].kind is Kind.BOTH:
        return "they part here"
    return f"on the other side: {_lowered(_sentence(comparison, 0)).removesuffix('.')}"


def _settings_words(comparison: Comparison, unlike: tuple[str, ...]) -> str:
    left, right = comparison.left.history.settings, comparison.right.history.settings
    return "; ".join(
        f"{field.removesuffix('_us').replace('_', ' ')} {short(getattr(left, field))} on the left "
        f"and {short(getattr(right, field))} on the right"
        for field in unlike[:3]
    )


def steps(comparison: Comparison, sides: Sides, index: int) -> list[Step]:
    """The way from a difference back to the parting."""
    return [_step(comparison, sides, at, link) for at, link in chain(comparison, index)]


def _step(comparison: Comparison, sides: Sides, index: int, link: Link) -> Step:
    kind = comparison[index].kind
    left, right = comparison.records(index)
    record = left or right
    assert record is not None
    return Step(
        index,
        comparison.time_us(index),
        kind,
        SAID[kind],
        _sentence(comparison, index),
        _reasons(left, right),
        (*left.because, *right.because) if left and right else record.because,
        link_words(comparison, sides, index, link),
    )


def _sentence(comparison: Comparison, index: int) -> str:
    left, right = comparison.records(index)
    here, there = (
        _said(comparison, index, kind, record)
        for kind, record in ((Kind.LEFT, left), (Kind.RIGHT, right))
    )
    if left is None or right is None:
        return here or there
    if here != there:
        return f"Left: {here} Right: {there}"
    return f"{here} {apart(left, right)}"


def _said(comparison: Comparison, index: int, kind: Kind, record: Record | None) -> str:
    if record is None:
        return ""
    event = record.event
    if not isinstance(event, Acted) or not isinstance(event.act, OnMessage):
        return event_sentence(record)
    flying = comparison.line(kind).branch.flights(comparison[index].at(kind))
    flight = flying.get(event.act.choice.id or 0)
    if flight is None:
        return event_sentence(record)
    message = f"{message_words(flight.message)} {name(flight.source)} → {name(flight.target)}"
    words = event_words(event, record.part, message)
    return f"{words[0].upper()}{words[1:]}."


def _reasons(left: Record | None, right: Record | None) -> str:
    """The rules behind it; on both sides, if they are not the same."""
    here, there = (
        " ".join(because.sentence for because in record.because) if record is not None else ""
        for record in (left, right)
    )
    if left is None or right is None or here == there:
        return here or there
    return " ".join(f"{side}: {said}" for side, said in (("Left", here), ("Right", there)) if said)


def _lowered(sentence: str) -> str:
    """A sentence after a colon: names of servers stay as they are."""
    first = sentence.split(" ", 1)[0]
    return sentence if first[1:2].isdigit() or "'" in first else sentence[0].lower() + sentence[1:]


# What it follows from


def link_words(comparison: Comparison, sides: Sides, index: int, link: Link) -> str:
    """How a difference follows from the next one of its chain."""
    kind = comparison[index].kind
    match link.why:
        case Why.FATE:
            words = _fate_words(comparison, sides, index)
        case Why.STATE:
            words = f"{_state_words(comparison, sides, index, link)}, since"
        case Why.LINK:
            words = "Its link treats messages otherwise since"
        case Why.SENT:
            never = f"In {sides.of(kind.other)} this message was never sent"
            words = "It was sent with other content" if kind is Kind.BOTH else never
        case Why.START:
            return "The two were not alike from the beginning."
        case _:
            return "Here the two part." if index == 0 else "This was done on one side only."
    return f"{words}:"


def _fate_words(comparison: Comparison, sides: Sides, index: int) -> str:
    left, right = comparison.records(index)
    side = Kind.LEFT if left is not None else Kind.RIGHT
    record = left or right
    event = record.event if record is not None else None
    if comparison[index].kind is Kind.BOTH or not isinstance(event, Delivered | Lost):
        return "The message ended otherwise on each side"
    other, branch = sides.of(side.other), comparison.line(side.other).branch
    twin = twin_of(comparison, side, event.flight)
    number = branch.ending_of(twin.id) if twin is not None else None
    if number is None:
        return f"In {other} this message did not end like this"
    ending, when = branch[number], ms_text(branch[number].time_us)
    if isinstance(ending.event, Lost):
        return f"In {other} this message {lost_words(ending.event.why)} at {when} ms"
    return f"In {other} this message arrived at {when} ms"


def _state_words(comparison: Comparison, sides: Sides, index: int, link: Link) -> str:
    if link.field is None:
        return "What was on its way differed"
    difference = comparison[index]
    values = [
        value_words(
            link.field,
            value_of(line.history.part_at(line.branch, link.part, difference.at(kind)), link.field),
        )
        for kind, line in ((Kind.LEFT, comparison.left), (Kind.RIGHT, comparison.right))
    ]
    return _field_differs(sides, link.part, link.field, values[0], values[1])


def _field_differs(sides: Sides, part: Address, field: Field, left: str, right: str) -> str:
    whose = whose_words(part, field)
    head = f"{whose[0].upper()}{whose[1:]}: {field_words(field)} was"
    return f"{head} {left} in {sides.of(Kind.LEFT)} and {right} in {sides.of(Kind.RIGHT)}"
