"""One event and what is known of the time before it: what the reasons of an event are looked up in."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from raftviz.picture.logs import entry_text
from raftviz.picture.why.noting import LEADER, STATUSES
from raftviz.picture.why.tracks import Key
from raftviz.raft.log import Entry
from raftviz.raft.names import Address
from raftviz.sim.events import Delivered, Lost
from raftviz.sim.history import Record
from raftviz.sim.host import Host, Status
from raftviz.sim.network import Flight

if TYPE_CHECKING:
    from raftviz.picture.why.threads import Threads

Values = Mapping[str, object]
"""What a reason held for, by name."""


@attrs.frozen
class Link:
    """One thing that led to an event: the earlier event, and what it contributed, in words.

    ``event`` is -1 for what was so from the beginning, or is a matter of chance.
    """

    event: int
    words: str


@attrs.frozen(eq=False)
class Here:
    """An event, seen together with what was before it. ``after`` it is what it has just shown."""

    threads: "Threads"
    number: int
    record: Record

    @classmethod
    def behind(cls, threads: "Threads", count: int) -> "Here":
        """The last of the first ``count`` events, of which there is at least one."""
        return cls(threads, count - 1, threads.branch[count - 1])

    @property
    def after(self) -> int:
        """The position behind the event."""
        return self.number + 1

    @property
    def sent(self) -> int:
        """The position behind the event that sent the message, or did whatever led here."""
        return self.record.cause + 1 if self.record.cause >= 0 else self.number

    def earlier(self, event: int) -> int:
        """The event itself, or what led here if it is this very one."""
        return event if event < self.number else self.record.cause

    # What was so

    def moved_to_term(self, server: Address, before: int) -> int:
        """When a server came into the term it was in."""
        return self._last(("term", server), before)

    def voted(self, server: int, before: int) -> int:
        """When a server gave the vote that it had given."""
        return self._last(("vote", server), before)

    def took_office(self, server: int, before: int) -> int:
        """When a server that led began to."""
        return next(
            (e for e, role in self.threads.tracks.backwards(("role", server), before)
             if role == LEADER),
            -1,
        )  # fmt: skip

    def heard_of_leader(self, server: int, before: int) -> int:
        """When a server learned of the leader it knew of."""
        return self._last(("follows", server), before)

    def changed_role(self, server: int, before: int) -> int:
        """When a server took the role it had."""
        return self._last(("role", server), before)

    def stopped(self, server: int, before: int) -> tuple[int, Status] | None:
        """When a server that was crashed or paused became so, and which of the two."""
        fact = self.threads.tracks.last(("status", server), before)
        if fact is None or STATUSES[fact[1]] is Status.UP:
            return None
        return fact[0], STATUSES[fact[1]]

    def reached(self, mark: str, server: int, index: int, before: int) -> int:
        """When a server's ``commit`` or ``applied`` index came to reach an entry."""
        tracks = self.threads.tracks
        fell = tracks.last((mark, "fell", server), before)
        while fell is not None and index <= fell[1]:  # what a snapshot kept was reached before
            before = fell[0]
            fell = tracks.last((mark, "fell", server), before)
        found = tracks.first_reaching((mark, server), index, fell[0] if fell else 0, before)
        return -1 if found is None else found

    def acknowledged(self, leader: int, server: int, index: int) -> int:
        """When the leader came to know that a server holds an entry."""
        since = self.took_office(leader, self.after)
        found = self.threads.tracks.first_reaching(
            ("match", leader, server), index, max(since, 0), self.after
        )
        return -1 if found is None else found

    def came(
        self, server: int, index: int, before: int, term: int | None = None, where: str = "stored"
    ) -> int:
        """When an entry came into a server's log, or onto its disk; -1: it was there from the start.

        Of ``term``, if that is given and another entry took its place later.
        """
        tracks, log = self.threads.tracks, (where, server)
        while True:
            cut = tracks.last((where, "cut", server), before)
            if cut is not None and index <= cut[1]:
                before = cut[0]
                continue
            found = tracks.first_reaching(log, index, cut[0] if cut else 0, before)
            if found is not None and self._is_of_term(found, index, term):
                return found
            if cut is None:
                return -1
            before = cut[0]

    def _is_of_term(self, event: int, index: int, term: int | None) -> bool:
        if term is None:
            return True
        entry = self.entry_at(event, index)
        return entry is None or entry.term == term

    def entry_at(self, event: int, index: int) -> Entry | None:
        """The entry with this index in the log that an event left."""
        after = self.threads.branch[event].after
        found = after.server.log.recall(index, index) if isinstance(after, Host) else ()
        return found[0] if found else None

    def entry_words(self, event: int, index: int) -> str:
        """``entry 4 (x=1, term 2)``."""
        entry = self.entry_at(event, index) if event >= 0 else None
        if entry is None:
            return f"entry {index}"
        return f"entry {index} ({entry_text(entry)}, term {entry.term})"

    # Messages

    @property
    def flight(self) -> Flight | None:
        """The message that the event ended."""
        event = self.record.event
        return event.flight if isinstance(event, Delivered | Lost) else None

    def lost_between(self, source: Address, target: Address, since: int) -> Iterator[int]:
        """The events after ``since`` in which a message from ``source`` to ``target`` was lost."""
        for event, sender in self.threads.tracks.backwards(("lost", target), self.number):
            if event <= since:
                return
            if sender == source:
                yield event

    def _last(self, key: Key, before: int) -> int:
        fact = self.threads.tracks.last(key, before)
        return fact[0] if fact else -1
