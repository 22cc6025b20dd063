"""Opening a text, a slice at a time: it is read, played under the eyes of the checks, written again."""

from collections.abc import Iterator

from raftviz.checks.checker import Checker
from raftviz.session.outline import outline_of
from raftviz.session.scribe import Scribe
from raftviz.session.session import Session
from raftviz.sim.player import Player
from raftviz.sim.scenario import Reader

_READ, _PLAYED = 0.05, 0.97
"""The parts of the whole that are done when all is read, and when all is played."""


class Opening:
    """A text on its way to become a session, which is there once ``working`` has ended."""

    session: Session
    scribe: Scribe
    """Has written all of the session once."""
    looked_at: bool
    """Whether the text says where somebody looked: then it is a saved session."""
    is_said_again: bool
    """Whether saving the session writes the same text; else there was more or other in it."""
    deeds: str
    """What the text tells of what somebody did; see ``Scribe.deeds``."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.progress = 0.0
        """From 0 to 1."""
        self.failures: list[str] = []
        """What was expected in vain, or goes another way than it was written: sentences."""

    def working(self) -> Iterator[None]:
        """Work, pausing every few milliseconds. Raises ScriptError for what cannot be opened."""
        reader = Reader(self.text)
        for _ in reader.reading():
            yield
        self.looked_at = reader.scenario.look is not None
        player = Player(reader.scenario)
        checker = Checker(player.history)
        player.watch(checker)
        promised, statements = reader.scenario.events, len(reader.scenario.statements)
        for _ in player.playing():
            part = player.events / promised if promised else player.played / max(1, statements)
            self.progress = _READ + (_PLAYED - _READ) * min(1.0, part)
            yield
        self.progress = _PLAYED
        self.failures = [failure.sentence for failure in player.failures]
        self.session = Session.of_player(player, checker)
        self.scribe = Scribe(player.history)
        outline = outline_of(self.session)
        yield from self.scribe.writing(outline)
        self.is_said_again = self.scribe.text.splitlines() == self.text.splitlines()
        self.deeds = self.scribe.deeds(outline)
        self.progress = 1.0
