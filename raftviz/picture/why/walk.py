"""The way somebody takes through reasons and consequences, with a history to go back and forth in."""

from collections.abc import Callable

import attrs

from raftviz.picture.primitives import (
    PickedBreach,
    PickedClient,
    PickedEntry,
    PickedEvent,
    PickedField,
    PickedLink,
    PickedMessage,
    PickedServer,
    PickedVote,
    Subject,
)
from raftviz.raft.messages import message_name
from raftviz.raft.names import name
from raftviz.sim.network import Flight

LONGEST = 200
"""Steps that are remembered; older ones are forgotten."""


@attrs.frozen
class Walk:
    """The things one was at, and the place among them: 0 is *now*, whatever is selected or new."""

    steps: tuple[Subject, ...] = ()
    place: int = 0

    @property
    def subject(self) -> Subject | None:
        """What one is at; None for now."""
        return self.steps[self.place - 1] if self.place else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is somewhere to go back to."""
        return self.place > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether one went back before."""
        return self.place < len(self.steps)

    def to(self, subject: Subject, seen: Subject | None = None) -> "Walk":
        """Go on to a thing. ``seen`` is what was shown as *now*, to come back to."""
        if subject == self.subject:
            return self
        way = self.steps[: self.place]
        if not self.place and seen is not None and seen != subject:
            way = (seen,)
        way = (*way, subject)[-LONGEST:]
        return Walk(way, len(way))

    def at(self, place: int) -> "Walk":
        """Another place of the way; there are as many as ``steps``, and 0 is now."""
        return Walk(self.steps, min(max(0, place), len(self.steps)))

    def kept(self, is_there: Callable[[Subject], bool]) -> "Walk":
        """The way as far as its things are there, as in another branch they may not be."""
        steps, place = [], 0
        for at, subject in enumerate(self.steps, 1):
            if is_there(subject):
                steps.append(subject)
                if at <= self.place:
                    place = len(steps)
        if self.subject is not None and not is_there(self.subject):
            place = 0
        return Walk(tuple(steps), place)


def crumb(subject: Subject, flight: Flight | None = None) -> str:  # noqa: PLR0911 - a line a kind
    """A thing in a word or two, as a place on the way. ``flight`` is the message it is about."""
    match subject:
        case PickedEvent(number=number):
            return f"#{number + 1:,}"
        case PickedEntry(server=server, index=index):
            return f"entry {index} of {name(server)}"
        case PickedVote(voter=voter):
            return f"{name(voter)}'s vote"
        case PickedMessage():
            return message_name(flight.message) if flight is not None else "a message"
        case PickedBreach():
            return "what broke"
        case PickedServer(id=part) | PickedClient(id=part) | PickedField(owner=part):
            return name(part)
        case PickedLink(source=source, target=target):
            return f"{name(source)} ↔ {name(target)}"
