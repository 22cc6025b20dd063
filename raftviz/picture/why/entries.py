"""A log entry as a page: from the client who asked for it to the answer."""

from collections.abc import Iterator

from raftviz.picture.logs import entry_text
from raftviz.picture.primitives import PickedEntry, PickedServer
from raftviz.picture.why.here import Here
from raftviz.picture.why.page import Page, Step, Told, step_to
from raftviz.picture.why.threads import Threads
from raftviz.raft.log import Entry
from raftviz.raft.names import name
from raftviz.sim.history import Moment
from raftviz.sim.host import Host

_COMMITTED = Told(
    "An entry is committed once it is on the disks of a majority, with an entry of the leader's "
    "own term. Then it is never lost.",
    ("§5.3", "§5.4.2"),
    "commit",
)
_OPEN = Told("It is not committed yet: a later leader might replace it.", ("§5.3",), "commit")
_GONE = Told(
    "It is no longer there: another leader's log took its place, or a crash took it.",
    ("§5.3", "§5.5"),
    "replace-entries",
)


def entry_page(threads: Threads, moment: Moment, picked: PickedEntry) -> Page | None:
    """What led to an entry, and what became of it."""
    life = _Life(threads, moment, picked)
    entry = life.entry
    if entry is None:
        return None
    steps = list(life.led())
    server = name(picked.server)
    return Page(
        picked,
        f"Entry {picked.index} of {server}: {entry_text(entry)}",
        f"of term {entry.term}, {life.state()}",
        (_GONE if life.is_gone() else _COMMITTED if life.is_committed() else _OPEN,),
        tuple(steps),
        tuple(life.caused()),
        life.stored if life.stored >= 0 else None,
        frozenset({PickedServer(picked.server), picked}),
    )


class _Life:
    """One entry in one server's log, as all that is recorded knows of it."""

    def __init__(self, threads: Threads, moment: Moment, picked: PickedEntry) -> None:
        self.threads, self.moment, self.picked = threads, moment, picked
        self.end = len(moment.branch)
        self.here = Here.behind(threads, self.end)
        self.stored = self._came(moment.count)
        if self.stored < 0:
            self.stored = self._came(self.end)
        self.entry = self._find()
        self.leader = self._leader()

    def _came(self, before: int) -> int:
        return self.here.came(self.picked.server, self.picked.index, before, self.picked.term)

    def _find(self) -> Entry | None:
        """The entry itself: where it came from, or where it still stands."""
        index, server = self.picked.index, self.picked.server
        entry = self.here.entry_at(self.stored, index) if self.stored >= 0 else None
        if entry is not None and entry.term == self.picked.term:
            return entry
        for count in (self.moment.count, 0):
            host = self.moment.history.host_at(self.moment.branch, server, count)
            for held in (host.server.log, host.disk.durable.log):
                found = held.recall(index, index)
                if found and found[0].term == self.picked.term:
                    return found[0]
        return None

    def _leader(self) -> int:
        """Who appended it first: the leader of its term."""
        known = self.threads.tracks.last(("leads", self.picked.term), self.end)
        return known[1] if known else 0

    def led(self) -> Iterator[Step]:
        """From the client to this log."""
        branch, count, entry = self.moment.branch, self.moment.count, self.entry
        assert entry is not None
        command = entry.command
        if command is not None and command.client:
            asked = self.threads.tracks.first_reaching(
                ("asked", command.client), command.serial, 0, self.end
            )
            if asked is not None:
                words = f"{name(command.client)} asked for {command.text}"
                yield step_to(branch, asked, words, count)
        appended = self._appended()
        if appended >= 0:
            words = f"{name(self.leader)} appended it as the leader of term {entry.term}"
            yield step_to(branch, appended, words, count)
        if self.stored >= 0 and self.stored != appended:
            words = f"{name(self.picked.server)} stored it"
            yield step_to(branch, self.stored, words, count)
        elif self.stored < 0:
            yield Step(f"{name(self.picked.server)} held it from the beginning")

    def _appended(self) -> int:
        if not self.leader:
            return -1
        before = self.stored + 1 if self.stored >= 0 else self.end
        return self.here.came(self.leader, self.picked.index, before, self.picked.term)

    def caused(self) -> Iterator[Step]:
        """What became of it, in the order of time."""
        steps = sorted(
            ((event, words) for event, words in self._after() if event >= max(self.stored, 0)),
            key=lambda step: step[0],
        )
        seen: dict[int, str] = {}
        for event, words in steps:
            seen[event] = f"{seen[event]}; {words}" if event in seen else words
        for event, words in seen.items():
            yield step_to(self.moment.branch, event, words, self.moment.count)

    def _after(self) -> Iterator[tuple[int, str]]:
        me, index, tracks = self.picked.server, self.picked.index, self.threads.tracks
        gone = self._gone()
        until = self.end if gone is None else gone
        here = self.here
        disk = here.came(me, index, until, self.picked.term, "durable")
        if disk >= 0:
            yield disk, f"it is on the disk of {name(me)}"
        committed = self._committed()
        if committed is not None:
            who = self.moment.branch[committed].part
            yield committed, f"{name(who)} committed it"
        since = max(self.stored, 0)
        for mark, words in (("commit", "knows it to be committed"), ("applied", "executed it")):
            known = tracks.first_reaching((mark, me), index, since, until)
            if known is not None and (mark == "applied" or known != committed):
                yield known, f"{name(me)} {words}"
        command = self.entry.command if self.entry else None
        if command is not None and command.client:
            done = tracks.first_reaching(("done", command.client), command.serial, since, self.end)
            if done is not None:
                yield done, f"{name(command.client)} was told that it is done"
        if gone is not None:
            yield gone, f"{name(me)} lost it"

    def _gone(self) -> int | None:
        """When it was taken from the log again."""
        last = None
        for event, kept in self.threads.tracks.backwards(
            ("stored", "cut", self.picked.server), self.end
        ):
            if event <= self.stored:
                break
            if kept < self.picked.index:
                last = event
        return last

    def _committed(self) -> int | None:
        """When a leader first committed it; None for another entry that was committed there."""
        index = self.picked.index
        event = self.threads.tracks.first_reaching("committed", index, 0, self.end)
        if event is None:
            return None
        found = self.here.entry_at(event, index)
        return event if found is None or found.term == self.picked.term else None

    def is_committed(self) -> bool:
        """Whether it is committed at the moment that is looked at."""
        committed = self._committed()
        return committed is not None and committed < self.moment.count

    def is_gone(self) -> bool:
        """Whether it has been taken from this log again."""
        gone = self._gone()
        return gone is not None and gone < self.moment.count

    def state(self) -> str:
        """Whether it is there, on the disk, committed, applied, in a few words."""
        host = self.moment.history.part_at(
            self.moment.branch, self.picked.server, self.moment.count
        )
        if not isinstance(host, Host) or self.is_gone():
            return "no longer there"
        index = self.picked.index
        parts = ["committed" if self.is_committed() else "not committed"]
        if host.server.last_applied >= index:
            parts.append("executed here")
        if host.disk.durable.log.last_index < index:
            parts.append("not on the disk yet")
        return ", ".join(parts)
