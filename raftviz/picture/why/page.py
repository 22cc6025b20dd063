"""A page of the walk: one thing in the middle, what led to it above, what it caused below."""

import attrs

from raftviz.picture.event_words import event_sentence
from raftviz.picture.primitives import Picked, PickedEvent, Subject
from raftviz.picture.rulebook import RULE_OF
from raftviz.picture.timeline_scale import ms_text
from raftviz.picture.why.outcomes import outcome
from raftviz.raft.because import Because
from raftviz.sim.history import Branch, Record

MOST_STEPS = 12
"""So many reasons or consequences are shown at first."""


@attrs.frozen
class Step:
    """One way to go on: what it contributed, what happened there, and where it leads.

    ``target`` is None where nothing was before. ``later``: behind the instant that is looked at.
    """

    words: str
    about: str = ""
    target: Subject | None = None
    later: bool = False


@attrs.frozen
class Told:
    """A reason in full words, the sections it stands in, and where the book of rules has it.

    ``rule`` is an id of the book, empty for what is no rule of the algorithm.
    """

    sentence: str
    sections: tuple[str, ...] = ()
    rule: str = ""

    @classmethod
    def of(cls, because: Because) -> "Told":
        """A reason as it is told."""
        reason = because.reason
        rule = RULE_OF.get(reason)
        sections = tuple(reason.section.split(", "))
        return cls(because.sentence, sections, rule.id if rule is not None else "")


@attrs.frozen
class Page:
    """One thing and its reasons. ``event`` is where to go in time, None if it has no time.

    ``title`` says what it came to, ``about`` what happened. ``lit`` is what to light up in the
    picture and ``events`` on the timeline.
    """

    subject: Subject
    title: str
    about: str
    told: tuple[Told, ...]
    led: tuple[Step, ...]
    caused: tuple[Step, ...]
    event: int | None = None
    lit: frozenset[Picked] = frozenset()
    broken: bool = False

    @property
    def events(self) -> tuple[int, ...]:
        """The events on it: its own first, then what led to it and what it caused."""
        targets = [step.target for step in (*self.led, *self.caused)]
        beside = [target.number for target in targets if isinstance(target, PickedEvent)]
        return tuple(dict.fromkeys(([] if self.event is None else [self.event]) + beside))


def when(number: int, record: Record) -> str:
    """``#412 at 1 284.20 ms``."""
    return f"#{number + 1:,} at {ms_text(record.time_us)} ms"


def step_to(branch: Branch, number: int, words: str = "", count: int | None = None) -> Step:
    """A step to an event; ``count`` is the position that is looked at.

    Without ``words`` it says what the event came to.
    """
    record = branch[number]
    came = outcome(record)
    words = words or came
    told = came if came != words else event_sentence(record).rstrip(".")
    about = when(number, record) if told == words else f"{when(number, record)} · {told}"
    later = count is not None and number >= count
    return Step(words[0].upper() + words[1:], about, PickedEvent(number), later)
