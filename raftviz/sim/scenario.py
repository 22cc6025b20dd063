"""Reading ``.raft`` files: scenarios that people write, and sessions that were saved.

A file begins with ``raft 1`` and a ``cluster`` line; then come statements, one a line: any act of
the vocabulary, and those of ``statement_words``. ``at 900ms`` before a statement waits until then; a
statement without it follows at once. ``as "a name"`` behind an act on one server gives that server a
name. ``#`` begins a comment. A saved session also says where one looked, and ends with ``end``.
"""

import re
from collections.abc import Callable, Iterator

import attrs

from raftviz.sim import acts
from raftviz.sim.cluster_lines import read_cluster, read_server, read_variant
from raftviz.sim.script_error import ScriptError, did_you_mean
from raftviz.sim.settings import MAX_SERVERS
from raftviz.sim.statement_words import STATEMENTS, Draft, read_at
from raftviz.sim.statements import Do, Look, OpenBranch, Place, Placed, Scenario
from raftviz.sim.text import MAX_LINE, Line, Word, words_of
from raftviz.sim.vocabulary import BY_WORD, read_act

VERSION = 1
"""The version of the format; a file of a later one is refused by name."""

MAX_SIZE = 1 << 22
"""Bytes of a file: some hundred thousand acts."""

_LINES_AT_A_TIME = 500
"""Lines that are read before somebody who waits hears of it: some ten milliseconds."""

_NOTE = re.compile(r"\s*(?P<word>note)(?:[ \t](?P<text>.*))?")


def parse_scenario(text: str) -> Scenario:
    """Read a scenario. Raises ScriptError with line and column for the first thing wrong."""
    reader = Reader(text)
    for _ in reader.reading():
        pass
    return reader.scenario


def read_statements(text: str, draft: Draft, first_line: int) -> tuple[Placed, ...]:
    """Read the statements of a part of another file, whose first line is ``first_line`` there.

    ``draft`` knows the cluster, and the names of servers and bookmarks that parts before this one
    gave. Raises ScriptError with the line of the whole file.
    """
    before = len(draft.statements)
    draft.last_at_us = -1
    reader = Reader(text, draft)
    for number, source in enumerate(text.splitlines(), first_line):
        words = words_of(source, number)
        if words and words[0].text in _HEADINGS and not words[0].quoted:
            message = f"“{words[0].text}” cannot stand here, only what happens can"
            raise ScriptError(message, number, words[0].column)
        reader.read_line(source, number)
    return tuple(draft.statements[before:])


def decode_scenario(data: bytes) -> Scenario:
    """Read a scenario from a file's bytes. Raises ScriptError for what is no text at all."""
    return parse_scenario(decode_text(data))


def decode_text(data: bytes) -> str:
    """A file's bytes as text. Raises ScriptError for what is none, or far too much."""
    if len(data) > MAX_SIZE:
        raise ScriptError(f"the file is larger than {MAX_SIZE:,} bytes: it is no scenario")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScriptError("this is not text, so it is no scenario", line, 1) from error
    if "\0" in text:
        raise ScriptError("this is not text, so it is no scenario", 1, 1)
    return text


class Reader:
    """Reads one text, a slice at a time. ``scenario`` is there once ``reading`` has ended."""

    scenario: Scenario

    def __init__(self, text: str, draft: Draft | None = None) -> None:
        self._text = text
        self._draft = draft or Draft()
        self._versioned, self._ended = draft is not None, False

    def reading(self) -> Iterator[None]:
        """Read, pausing now and then. Raises ScriptError with line and column."""
        if len(self._text) > MAX_SIZE:
            raise ScriptError(f"a scenario has at most {MAX_SIZE:,} characters")
        number, last = 0, ""
        for number, last in enumerate(self._text.splitlines(), 1):
            self.read_line(last, number)
            if number % _LINES_AT_A_TIME == 0:
                yield
        self._finish(Line([], max(1, number), len(last) + 1, MAX_SERVERS))

    def read_line(self, source: str, number: int) -> None:
        """Read one line. Raises ScriptError."""
        note = _NOTE.fullmatch(source)
        if note and self._versioned:
            self._note(note, number)
            return
        words = words_of(source, number)
        if words:
            settings = self._draft.settings
            servers = settings.servers if settings else MAX_SERVERS
            self._line(Line(words, number, len(source) + 1, servers))

    def _line(self, line: Line) -> None:
        first = line.take("a statement")
        if self._ended:
            raise line.error("nothing more is expected behind “end”", first)
        if not self._versioned:
            self._version(line, first)
        elif first.text in _HEADINGS and not first.quoted:
            _HEADINGS[first.text](self, line, first)
        elif self._draft.settings is None:
            raise line.error("“cluster” is expected first, such as “cluster 5 seed=7”", first)
        else:
            line.at -= 1
            self._statement(line)
        line.end()

    def _finish(self, end: Line) -> None:
        draft = self._draft
        if not self._versioned:
            raise ScriptError("a scenario begins with “raft 1”", end.number, 1)
        if draft.settings is None:
            message = "the scenario has no “cluster” line, such as “cluster 5”"
            raise ScriptError(message, end.number, 1)
        if draft.look is not None:
            if not self._ended:
                raise end.error("the file is not whole: a saved session ends with “end”")
            branch = draft.look.place.branch
            if branch not in draft.branches:
                message = f"there is no branch “{branch}” to look at"
                hint = did_you_mean(branch, draft.branches)
                raise ScriptError(message + hint, draft.look.line, 1)
        self.scenario = Scenario(draft.settings, tuple(draft.statements), draft.title, draft.look)

    # What is said of the whole

    def _version(self, line: Line, first: Word) -> None:
        if first.text != "raft" or first.quoted:
            raise line.error("a scenario begins with “raft 1”", first)
        word = line.peek()
        if line.count(0) != VERSION:
            raise line.error(
                f"this scenario is of version {word.text if word else ''}; this raftviz reads "
                f"version {VERSION}",
                word,
            )
        self._versioned = True

    def _title(self, line: Line, _: Word) -> None:
        self._draft.title = line.quoted("a title")

    def _cluster(self, line: Line, first: Word) -> None:
        if self._draft.settings is not None:
            raise line.error("there is a “cluster” line already", first)
        self._draft.settings = read_cluster(line, first)

    def _server(self, line: Line, first: Word) -> None:
        settings = self._draft.settings
        if settings is None:
            raise line.error("“cluster” is expected first, such as “cluster 5 seed=7”", first)
        if self._draft.statements:
            raise line.error("“server” lines come before everything that happens", first)
        server, disk = read_server(line, first, settings.start)
        start = {**settings.start, server: disk}
        self._draft.settings = attrs.evolve(settings, start=start)

    def _variant(self, line: Line, first: Word) -> None:
        settings = self._draft.settings
        if settings is None:
            raise line.error("“cluster” is expected first, such as “cluster 5 seed=7”", first)
        if self._draft.statements:
            message = (
                "“variant” lines come before everything that happens; later, “variant-on” does"
            )
            raise line.error(message, first)
        variants = read_variant(line, settings.variants)
        self._draft.settings = attrs.evolve(settings, variants=variants)

    def _look(self, line: Line, first: Word) -> None:
        if self._draft.look is not None:
            raise line.error("there is a “look” line already", first)
        branch = line.quoted("a branch")
        if not line.accept("at"):
            raise line.error("“at” and an instant are expected, such as at 900ms")
        self._draft.look = Look(Place(branch, read_at(line)), line.number)

    def _end(self, _line: Line, _word: Word) -> None:
        self._ended = True

    # What is said of branches and bookmarks

    def _note(self, note: re.Match[str], number: int) -> None:
        if len(note[0]) > MAX_LINE:
            raise ScriptError(f"the line is longer than {MAX_LINE:,} characters", number, MAX_LINE)
        of = self._draft.last_described
        if of is None or self._ended:
            message = "a note stands below the branch or the bookmark that it belongs to"
            raise ScriptError(message, number, note.start("word") + 1)
        said = (note["text"] or "").rstrip()
        self._draft.describe(attrs.evolve(of, note=f"{of.note}\n{said}" if of.note else said))

    def _colour(self, line: Line, first: Word) -> None:
        of = self._draft.last_described
        if not isinstance(of, OpenBranch):
            raise line.error("a colour stands below the branch that it belongs to", first)
        self._draft.describe(attrs.evolve(of, colour=line.count(0)))

    # What happens

    def _statement(self, line: Line) -> None:
        draft = self._draft
        if line.accept("at"):
            word = line.peek()
            at = read_at(line)
            if at.time_us < draft.last_at_us:
                raise line.error(
                    "time runs back here: an earlier line stands at a later time", word
                )
            draft.last_at_us = at.time_us
            draft.add(at, line)
            if line.peek() is None:
                return
        word = line.peek()
        keyword = word.text if word and not word.quoted else ""
        if keyword in STATEMENTS:
            line.at += 1
            draft.add(STATEMENTS[keyword].read(draft, line), line)
        elif keyword in BY_WORD:
            self._act(line)
        else:
            known = (*STATEMENTS, *BY_WORD, *_HEADINGS, "at", "note")
            found = word.text if word else ""
            raise line.error(f"“{found}” is nothing one can do" + did_you_mean(found, known), word)

    def _act(self, line: Line) -> None:
        word = line.peek()
        act = read_act(line)
        names = self._draft.names
        for target in acts.targets_of(act):
            if isinstance(target, str) and target not in (*acts.ROLES, "*", *names):
                raise line.error(f"no server is called “{target}” by then", word)
        name = ""
        if line.accept("as"):
            if not isinstance(act, acts.OnServer):
                raise line.error("only an act on one server can give it a name", word)
            word = line.peek()
            name = line.quoted("a name")
            if name in (*acts.ROLES, "*"):
                raise line.error(
                    f"“{name}” has a meaning of its own; another name is expected", word
                )
            names.add(name)
        self._draft.add(Do(act, name), line)


_HEADINGS: dict[str, Callable[[Reader, Line, Word], None]] = {
    "title": Reader._title,  # noqa: SLF001 - the table of this class's own lines
    "cluster": Reader._cluster,  # noqa: SLF001
    "server": Reader._server,  # noqa: SLF001
    "variant": Reader._variant,  # noqa: SLF001
    "look": Reader._look,  # noqa: SLF001
    "colour": Reader._colour,  # noqa: SLF001
    "end": Reader._end,  # noqa: SLF001
}
"""Lines that say something of the whole, or of what stands above them; never behind ``at``."""

SAID_ONCE = (
    ('title "NAME"', "What it is about.", 'title "A split vote"'),
    (
        "cluster SERVERS [SETTING=VALUE …]",
        "How many servers there are, and what they, the network and the disks are like.",
        "cluster 5 seed=7 latency=10..15ms",
    ),
    (
        "server SERVER [term=TERM] [vote=SERVER] [log=TERM[:COMMAND],…]",
        "What is on a server's disk when all begins; one more such line goes on with its log.",
        "server S2 term=7 vote=S1 log=1,1,4:x=2",
    ),
    (
        "variant VARIANT",
        "A rule of the algorithm is broken from the beginning; one more such line breaks one more.",
        "variant commit_any_term",
    ),
    (
        "at TIME [after COUNT] [STATEMENT]",
        "All that is due by then happens first; with “after”, only so many events of that instant.",
        "at 912.25ms after 2 crash S1",
    ),
    ("note TEXT", "A note on the branch or the bookmark above; all of the line.", "note Here!"),
    ("colour NUMBER", "The colour of the branch above.", "colour 3"),
    (
        'look "BRANCH" at TIME [after COUNT]',
        "Where one looked when the session was saved. Such a file ends with “end”.",
        'look "main" at 950ms',
    ),
    ("end", "Nothing comes behind this: the file is whole.", "end"),
)
"""How the other lines are said: usage, meaning, example."""
