"""Writing a session as the text of a ``.raft`` file: what was done, and when, branch by branch.

Played again, the text gives the very same history. An act stands ``at`` the instant at which it was
done; where other things are due at that very instant and had not happened yet, ``after`` says
how many had. Behind each branch stand fingerprints of its events, so that whoever opens the file
learns whether they are still the same.

A scribe remembers what it has written: writing again costs only what is new.
"""

from collections.abc import Iterator
from heapq import merge

import attrs

from raftviz.raft.cluster import Cluster
from raftviz.session.outline import Line, Mark, Outline, written
from raftviz.sim import acts
from raftviz.sim.acts import Act
from raftviz.sim.cluster_lines import cluster_lines
from raftviz.sim.events import Acted
from raftviz.sim.fingerprint import Fingerprint
from raftviz.sim.history import Branch, History
from raftviz.sim.scenario import MAX_SIZE, VERSION, parse_scenario
from raftviz.sim.script_error import ScriptError
from raftviz.sim.settings import Settings
from raftviz.sim.text import MAX_LINE
from raftviz.sim.units import instant_text
from raftviz.sim.vocabulary import act_from_text, act_to_text
from raftviz.sim.world import World

_AT_A_TIME = 1_000
"""Records that are looked through before somebody who waits hears of it: a part of a
millisecond."""


class UnwritableError(ValueError):
    """A session that no file can hold; the message is a sentence that says why."""


@attrs.define
class _Acts:
    """The acts among a branch's own events that were ``read`` so far: their numbers and words."""

    read: int
    found: list[tuple[int, str]] = attrs.field(factory=list)


class Scribe:
    """Writes one history, again and again."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._cluster = Cluster.of_size(history.settings.servers, history.settings.options)
        self._head: list[str] = []
        self._acts: dict[int, _Acts] = {}
        self._fingerprints: dict[tuple[int, int], Fingerprint] = {}
        self.text = ""
        """What was written last."""

    def write(self, outline: Outline) -> str:
        """The whole text. Raises UnwritableError."""
        for _ in self.writing(outline):
            pass
        return self.text

    def writing(self, outline: Outline) -> Iterator[None]:
        """Write the whole text, pausing now and then. Raises UnwritableError."""
        line, count, time_us = outline.look
        text = list(self._heading(outline))
        # Early on, so that a file that breaks off anywhere behind it is known to want its end.
        text.insert(1, f'look "{line.name}" {_at(line, count, time_us)}')
        for line in outline.lines:
            for _ in self._reading_acts(line):
                yield
            fingerprint = self._fingerprint(line)
            while fingerprint.events != line.length - line.start:
                yield from fingerprint.taking(line.length - line.start)
                fingerprint = self._fingerprint(line)  # somebody else may have gone on with it
            text += ["", *self._said_of(line)]
            text.append(self._position(line.branch, line.length, line.end_us))
            marks = fingerprint.marks
            if fingerprint.events:
                last = fingerprint.mark()
                marks = [*(mark for mark in marks if mark.events < last.events), last]
            text += [f"trace {mark.events} events {mark.fingerprint}" for mark in marks]
            yield
        self.text = "\n".join((*text, "", "end", ""))
        if len(self.text) > MAX_SIZE:
            raise UnwritableError(
                f"with more than {MAX_SIZE:,} characters, the file could not be opened again"
            )

    def deeds(self, outline: Outline) -> str:
        """What somebody did, and nothing of how far time went, or where they look.

        Two sessions with equal deeds differ by nothing that is lost with one of them.
        """
        for _ in self.noting(outline):
            pass
        text = list(self._heading(outline))
        for line in outline.lines:
            text += self._said_of(line)
        return "\n".join(text)

    def noting(self, outline: Outline) -> Iterator[None]:
        """Put into words all acts that are not yet, pausing now and then."""
        for line in outline.lines:
            yield from self._reading_acts(line)

    # What stands at the beginning

    def _heading(self, outline: Outline) -> Iterator[str]:
        if self._history.is_recording:
            raise UnwritableError("a recording is no session: it can only be saved as a recording")
        yield f"raft {VERSION}"
        if outline.title:
            yield f'title "{outline.title}"'
        self._head = self._head or head_of(self._history.settings)
        yield from self._head

    # Branches

    def _said_of(self, line: Line) -> Iterator[str]:
        if line.parent is None:
            yield f'branch "{line.name}"'
        else:
            place = _at(line.parent, line.start, line.start_us)
            yield f'branch "{line.name}" from "{line.parent.name}" {place}'
        if line.colour != line.number:
            yield f"colour {line.colour}"
        yield from note_lines(line.note)
        marks = [(mark.count, 0, self._said_there(line, mark)) for mark in line.marks]
        acts = [(number, 1, [text]) for number, text in self._acts_of(line)]
        for _, _, lines in merge(marks, acts, key=lambda told: told[:2]):
            yield from lines

    def _said_there(self, line: Line, mark: Mark) -> list[str]:
        place = self._position(line.branch, mark.count, mark.time_us)
        return [f'{place} bookmark "{mark.name}"', *note_lines(mark.note)]

    def _position(self, branch: Branch, count: int, time_us: int) -> str:
        """A position while the branch is played: what is due by then has happened, or ``after``."""
        state = self._history.state_at(branch, count, time_us)
        # The world is only asked what is due; it appends nothing.
        world = World(self._history, branch, state, self._cluster, None)
        if world.next_us() > time_us:
            return f"at {instant_text(time_us)}"
        return f"at {instant_text(time_us)} after {_of_instant(branch, count, time_us)}"

    def _fingerprint(self, line: Line) -> Fingerprint:
        key = line.branch.number, line.start
        known = self._fingerprints.get(key)
        if known is None or known.events > line.length - line.start:
            known = Fingerprint(self._history, line.branch, line.start)
            self._fingerprints[key] = known
        return known

    # Acts

    def _acts_of(self, line: Line) -> Iterator[tuple[int, str]]:
        """The acts that a line tells of: the number of each, and its words with its place."""
        for branch, first, last in line.owners():
            for number, text in self._acts[branch.number].found:
                if first <= number < last:
                    yield number, text

    def _reading_acts(self, line: Line) -> Iterator[None]:
        for branch, _, last in line.owners():
            known = self._acts.setdefault(branch.number, _Acts(branch.fork))
            while known.read < last:
                first, stop = known.read, min(last, known.read + _AT_A_TIME)
                found = []
                for number, record in enumerate(branch.records(first, stop), first):
                    if type(record.event) is Acted:
                        place = self._position(branch, number, record.time_us)
                        words = self._words(record.event.act, record.time_us)
                        found.append((number, f"{place} {words}"))
                        yield
                if known.read == first:  # or somebody else has written on meanwhile
                    known.found += found
                    known.read = stop
                yield

    def _words(self, act: Act, time_us: int) -> str:
        """An act in words that mean just this act. Raises UnwritableError when there are none."""
        if isinstance(act, acts.OnMessage):
            act = attrs.evolve(act, choice=attrs.evolve(act.choice, id=None))
        words = act_to_text(act)
        try:
            same = act_from_text(words, self._history.settings.servers) == act
        except ScriptError:
            same = False
        if not same:
            raise UnwritableError(f"there are no words for an act at {instant_text(time_us)}")
        return words


def head_of(settings: Settings) -> list[str]:
    """The lines of the cluster. Raises UnwritableError for what cannot be read back just so."""
    lines = list(cluster_lines(settings))
    try:
        same = parse_scenario("\n".join((f"raft {VERSION}", *lines))).settings == settings
    except ScriptError:
        same = False
    if not same:
        raise UnwritableError("there are no words for all that this cluster begins with")
    return lines


def note_lines(note: str) -> Iterator[str]:
    """A note, a line each; a line that is too long for a file goes on in the next."""
    for line in note.strip().splitlines():
        rest = written(line).rstrip()
        while len(rest) > _LONGEST_NOTE:
            at = rest.rfind(" ", 1, _LONGEST_NOTE)
            cut = at if at > 0 else _LONGEST_NOTE
            yield f"note {rest[:cut]}".rstrip()
            rest = rest[cut:].lstrip()
        yield f"note {rest}".rstrip()


_LONGEST_NOTE = MAX_LINE - len("note ")


def _at(line: Line, count: int, time_us: int) -> str:
    """A position of a line that has been told, as one finds it again."""
    at = f"at {instant_text(time_us)}"
    if count == min(line.length, line.branch.count_at(time_us)):
        return at
    return f"{at} after {_of_instant(line.branch, count, time_us)}"


def _of_instant(branch: Branch, count: int, time_us: int) -> int:
    """How many of the first ``count`` events happened at this very instant."""
    return count - min(count, branch.count_at(time_us - 1))
