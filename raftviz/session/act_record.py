"""What somebody does, as the lines of a lesson: acts with the time that passes between them.

Played from where the record begins, the lines do the same again. They say no instants, only how long
one waits, so that they fit wherever the step of a lesson begins.
"""

from collections.abc import Iterator

import attrs

from raftviz.raft.cluster import Cluster
from raftviz.session.edits import Cursor
from raftviz.session.session import Session
from raftviz.sim import acts
from raftviz.sim.acts import Act
from raftviz.sim.events import Acted
from raftviz.sim.history import Branch
from raftviz.sim.units import instant_text
from raftviz.sim.vocabulary import act_to_text
from raftviz.sim.world import World

Part = tuple[Branch, int, int]
"""The events from the first number to before the second, of a branch."""


ELSEWHERE = "you are somewhere else than where recording began; go on from there"


class RecordError(ValueError):
    """A record that cannot be made; the message is a sentence."""


class ActRecord:
    """Records from where the session stands. ``lines`` tells what was done up to where it stands then.

    What was undone is not told, nor what was done in another branch than the one that is looked at.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.start: Cursor = session.cursor

    def count(self, but: list[Part]) -> int:
        """How many acts there are by now, ``but`` those in some parts; 0 somewhere else."""
        try:
            return len(self._acts(but))
        except RecordError:
            return 0

    def lines(self, but: list[Part], *, to_the_end: bool = False) -> list[str]:
        """The acts, ``but`` those in some parts: a lesson did them itself.

        With ``to_the_end``, time passes behind the last one as it did. Raises RecordError.
        """
        found = self._acts(but)
        lines: list[str] = []
        time_us, count = int(self.start.time_us), self.start.count
        for number in found:
            lines += self._waiting(time_us, count, number)
            record = self.session.branch[number]
            assert isinstance(record.event, Acted)
            lines.append(_words(record.event.act))
            time_us, count = record.time_us, number + 1
        if to_the_end and self.session.time_us > time_us:
            lines.append(f"run {instant_text(self.session.time_us - time_us)}")
        return lines

    def _acts(self, but: list[Part]) -> list[int]:
        """The numbers of the acts."""
        session, start = self.session, self.start
        branch = session.branch
        if min(branch.shared_with(start.branch), session.count) < start.count:
            raise RecordError(ELSEWHERE)
        return [
            number
            for number, record in enumerate(branch.records(start.count, session.count), start.count)
            if isinstance(record.event, Acted)
            and not record.event.note
            and not any(_is_in(number, branch, part) for part in but)
        ]

    def _waiting(self, time_us: int, count: int, number: int) -> Iterator[str]:
        """What takes one from behind so many events, at an instant, to before the act."""
        branch = self.session.branch
        then_us = branch[number].time_us
        if then_us < time_us:
            raise RecordError(ELSEWHERE)
        if then_us == time_us:
            first = count
        elif self._is_settled(number, then_us):
            yield f"run {instant_text(then_us - time_us)}"
            return
        else:
            # Somebody stopped between two events of one instant.
            first = max(count, branch.count_at(then_us - 1))
            if then_us - 1 > time_us:
                yield f"run {instant_text(then_us - 1 - time_us)}"
        happened = sum(_is_the_worlds(branch, other) for other in range(first, number))
        if happened:
            yield f"step {happened}"

    def _is_settled(self, count: int, time_us: int) -> bool:
        """Whether all that was due by an instant had happened behind so many events."""
        history, branch = self.session.history, self.session.branch
        state = history.state_at(branch, count, time_us)
        # The world is only asked what is due; it appends nothing.
        settings = history.settings
        cluster = Cluster.of_size(settings.servers, settings.options)
        return World(history, branch, state, cluster, None).next_us() > time_us


_TWICE = (acts.Drop, acts.Deliver, acts.FinishWrite, acts.Wake)
"""Acts that are followed at once by what they bring about, as an event of its own."""


def _is_the_worlds(branch: Branch, number: int) -> bool:
    """Whether an event happened by itself: it is no act, nor part of one."""
    if isinstance(branch[number].event, Acted):
        return False
    before = branch[number - 1].event if number else None
    return not (isinstance(before, Acted) and not before.note and isinstance(before.act, _TWICE))


def _is_in(number: int, branch: Branch, part: Part) -> bool:
    of, first, last = part
    return first <= number < last and branch.shared_with(of) > number


def _words(act: Act) -> str:
    if isinstance(act, acts.OnMessage):
        act = attrs.evolve(act, choice=attrs.evolve(act.choice, id=None))
    return act_to_text(act)


def fenced(lines: list[str], word: str) -> str:
    """The lines as a directive of a lesson."""
    return "\n".join(("```{" + word + "}", *lines, "```", ""))
