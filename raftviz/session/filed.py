"""What of a session its file holds, and whether saving over that file would lose anything."""

from collections.abc import Iterator
from pathlib import Path

from raftviz.keeping import keep
from raftviz.session.opening import Opening
from raftviz.session.outline import outline_of
from raftviz.session.scribe import Scribe, UnwritableError
from raftviz.session.session import Session
from raftviz.shelf import UnreadableError, is_there, read_text

MORE_THAN_A_SESSION = (
    "It holds more than a session does, such as comments, or what is waited for and expected. "
    "Saving over it loses that."
)
CHANGED_MEANWHILE = (
    "The file is not as it was when it was opened or saved here last. Saving over it loses what "
    "it holds now."
)
A_COPY = (
    "This is the copy that was kept of it. Saving over the file loses what it holds now, if that "
    "is something else."
)


class Filed:
    """A session and the file it is in; ``path`` is None as long as it is in none."""

    def __init__(self, session: Session, opening: Opening | None = None) -> None:
        self.session = session
        self.path: Path | None = None
        self.scribe = opening.scribe if opening else Scribe(session.history)
        self._deeds = opening.deeds if opening else self._deeds_now()
        self._text: str | None = None  # what the file is known to hold
        self._loses = ""  # what saving over it loses, whatever it holds
        self.written = self._written_deeds = ""

    @classmethod
    def of_fresh(cls, session: Session) -> "Filed":
        """A session that was fresh when it was opened; something may have been done in it since."""
        filed = cls(session)
        fresh = Session.of_settings(session.history.settings, session.title)
        filed._deeds = Scribe(fresh.history).deeds(outline_of(fresh))
        return filed

    @classmethod
    def of_file(cls, opening: Opening, path: Path) -> "Filed":
        """A session that was opened from a file."""
        filed = cls(opening.session, opening)
        filed.path = path
        filed._text = opening.text
        filed._loses = "" if opening.is_said_again else MORE_THAN_A_SESSION
        return filed

    @classmethod
    def of_copy(cls, opening: Opening, path: Path | None) -> "Filed":
        """A session that was found again after an accident; ``path`` is where it was to be saved."""
        filed = cls(opening.session, opening)
        filed.path = path
        filed._deeds = None
        filed._loses = A_COPY
        return filed

    @property
    def is_modified(self) -> bool:
        """Whether something would be lost that somebody did.

        Time that passed by itself is not: played again, it is the same.
        """
        return self._deeds is None or self._deeds_now() != self._deeds

    def _deeds_now(self) -> str | None:
        try:
            return self.scribe.deeds(outline_of(self.session))
        except UnwritableError:
            return ""

    def what_is_lost(self) -> str:
        """What saving over the file would lose, in a sentence; empty for nothing."""
        if self.path is None or not is_there(str(self.path)):
            return ""
        if self._loses:
            return self._loses
        try:
            there = read_text(str(self.path))
        except UnreadableError:
            return CHANGED_MEANWHILE
        return "" if there.splitlines() == (self._text or "").splitlines() else CHANGED_MEANWHILE

    def writing(self) -> Iterator[None]:
        """Put the session as it is now into words, pausing now and then. Raises UnwritableError."""
        outline = outline_of(self.session)
        yield from self.scribe.writing(outline)
        self.written = self.scribe.text
        self._written_deeds = self.scribe.deeds(outline)

    def save(self, path: Path) -> None:
        """Save what was written. Raises OSError; then the file is as it was."""
        keep(path, self.written.encode())
        self.path, self._text, self._loses = path, self.written, ""
        self._deeds = self._written_deeds
