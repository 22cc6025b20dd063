"""Scenarios: a cluster, and what is done to it, as a text that a person writes (``.raft``).

A scenario begins with ``raft 1`` and a ``cluster`` line; then come statements, one a line: any act
of the vocabulary, and those that are declared here. ``at 900ms`` before a statement waits until
then; a statement without it follows at once. ``as "a name"`` behind an act on one server gives that
server a name. ``#`` begins a comment.
"""

from collections.abc import Callable

import attrs

from raftviz.raft.cluster import Options
from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.machine import MACHINES
from raftviz.raft.server import Persistent
from raftviz.sim import acts
from raftviz.sim.acts import Act
from raftviz.sim.conditions import Condition, parse_condition
from raftviz.sim.script_error import ScriptError, did_you_mean
from raftviz.sim.settings import MAX_SERVERS, Settings
from raftviz.sim.text import Line, Word, words_of
from raftviz.sim.units import US_PER_S
from raftviz.sim.vocabulary import BY_WORD, MIN_EVERY_US, read_act

VERSION = 1
"""The version of the format; a file of a later one is refused by name."""

MAX_SIZE = 1 << 20
"""Bytes of a scenario; a hundred times the longest one that ships."""

UNTIL_WITHIN_US = 60 * US_PER_S
"""How long ``until`` waits when it does not say ``within``."""


@attrs.frozen
class Do:
    """Do an act; ``name`` is what its server is called from here on, empty for nothing."""

    act: Act
    name: str = ""


@attrs.frozen
class At:
    """Let the world run until this instant, in µs."""

    time_us: int


@attrs.frozen
class Run:
    """Let the world run for so many µs."""

    duration_us: int


@attrs.frozen
class Step:
    """Let so many events happen."""

    events: int


@attrs.frozen
class Until:
    """Let the world run until a condition holds, and fail if it does not within so many µs."""

    condition: Condition
    within_us: int


@attrs.frozen
class Expect:
    """Fail unless a condition holds now."""

    condition: Condition


@attrs.frozen
class Bookmark:
    """Give this instant a name."""

    name: str


@attrs.frozen
class OpenBranch:
    """Go back to a bookmark and open a branch there."""

    name: str
    bookmark: str


Statement = Do | At | Run | Step | Until | Expect | Bookmark | OpenBranch


@attrs.frozen
class Placed:
    """A statement and the line it stands in."""

    statement: Statement
    line: int


@attrs.frozen
class Scenario:
    """What a ``.raft`` file says."""

    settings: Settings
    statements: tuple[Placed, ...] = ()
    title: str = ""


def parse_scenario(text: str) -> Scenario:
    """Read a scenario. Raises ScriptError with line and column for the first thing wrong."""
    if len(text) > MAX_SIZE:
        raise ScriptError(f"a scenario has at most {MAX_SIZE:,} characters")
    return _Reader().read(text)


def decode_scenario(data: bytes) -> Scenario:
    """Read a scenario from a file's bytes. Raises ScriptError for what is no text at all."""
    if len(data) > MAX_SIZE:
        raise ScriptError(f"the file is larger than {MAX_SIZE:,} bytes: it is no scenario")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScriptError("this is not text, so it is no scenario", line, 1) from error
    if "\0" in text:
        raise ScriptError("this is not text, so it is no scenario", 1, 1)
    return parse_scenario(text)


class _Reader:
    def __init__(self) -> None:
        self.settings: Settings | None = None
        self.title = ""
        self.statements: list[Placed] = []
        self.versioned = False
        self.bookmarks: set[str] = set()
        self.names: set[str] = set()
        self.last_at = -1

    def read(self, text: str) -> Scenario:
        number = 0
        for number, source in enumerate(text.splitlines(), 1):
            words = words_of(source, number)
            if words:
                servers = self.settings.servers if self.settings else MAX_SERVERS
                self._line(Line(words, number, len(source) + 1, servers))
        if not self.versioned:
            raise ScriptError("a scenario begins with “raft 1”", max(1, number), 1)
        if self.settings is None:
            raise ScriptError("the scenario has no “cluster” line, such as “cluster 5”", number, 1)
        return Scenario(self.settings, tuple(self.statements), self.title)

    def _line(self, line: Line) -> None:
        first = line.take("a statement")
        if not self.versioned:
            self._version(line, first)
        elif first.text == "title" and not first.quoted:
            self.title = line.quoted("a title")
        elif first.text == "cluster" and not first.quoted:
            self._cluster(line, first)
        elif self.settings is None:
            raise line.error("“cluster” is expected first, such as “cluster 5 seed=7”", first)
        elif first.text == "server" and not first.quoted:
            self._server(line, first)
        else:
            line.at -= 1
            self._statement(line)
        line.end()

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
        self.versioned = True

    def _cluster(self, line: Line, first: Word) -> None:
        if self.settings is not None:
            raise line.error("there is a “cluster” line already", first)
        changes: dict[str, object] = {"servers": line.count(1, MAX_SERVERS)}
        options: dict[str, object] = {}
        while (word := line.peek()) is not None:
            line.at += 1
            key, equals, value = word.text.partition("=")
            if key not in _CLUSTER_KEYS or not equals:
                message = f"“{word.text}” is no setting of a cluster"
                raise line.error(message + did_you_mean(key, _CLUSTER_KEYS), word)
            field, read = _CLUSTER_KEYS[key]
            into = options if key in _OPTION_KEYS else changes
            if field in into:
                raise line.error(f"“{key}” is given twice", word)
            into[field] = read(line, word, value)
        changes["options"] = Options(**options)  # type: ignore[arg-type]  # typed by _OPTION_KEYS
        self.settings = Settings(**changes)  # type: ignore[arg-type]  # typed by _CLUSTER_KEYS
        low, heartbeat = self.settings.election_timeout_us[0], self.settings.heartbeat_us
        if heartbeat >= low:
            raise line.error(
                "the heartbeat must be shorter than the shortest election timeout, or no leader "
                "lasts",
                first,
            )

    def _server(self, line: Line, first: Word) -> None:
        assert self.settings is not None
        if self.statements:
            raise line.error("“server” lines come before everything that happens", first)
        server = line.server()
        if not isinstance(server, int):
            raise line.error("a server's number is expected here, such as S3", first)
        term, vote, log = 0, 0, Log()
        while (word := line.peek()) is not None:
            line.at += 1
            key, _, value = word.text.partition("=")
            if key == "term":
                term = line.count_of(word, value, 0, 1_000_000)
            elif key == "vote":
                vote = _server_number(line, word, value)
            elif key == "log":
                log = _read_log(line, word, value)
            else:
                known = ("term", "vote", "log")
                message = f"“{word.text}” is nothing a server can start with"
                raise line.error(message + did_you_mean(key, known), word)
        if log.last_term > term:
            raise line.error(
                f"the log has an entry of term {log.last_term}, and the server's term is {term}",
                first,
            )
        start = {**self.settings.start, server: Persistent(term, vote, log)}
        self.settings = attrs.evolve(self.settings, start=start)

    def _statement(self, line: Line) -> None:
        if line.accept("at"):
            word = line.peek()
            time_us = line.duration()
            if time_us < self.last_at:
                raise line.error(
                    "time runs back here: an earlier line stands at a later time", word
                )
            self.last_at = time_us
            self._add(At(time_us), line)
            if line.peek() is None:
                return
        word = line.peek()
        keyword = word.text if word and not word.quoted else ""
        if keyword in STATEMENTS:
            line.at += 1
            self._add(STATEMENTS[keyword].read(self, line), line)
        elif keyword in BY_WORD:
            self._act(line)
        else:
            known = (*STATEMENTS, *BY_WORD, "at")
            found = word.text if word else ""
            raise line.error(f"“{found}” is nothing one can do" + did_you_mean(found, known), word)

    def _act(self, line: Line) -> None:
        word = line.peek()
        act = read_act(line)
        for target in acts.targets_of(act):
            if isinstance(target, str) and target not in (*acts.ROLES, "*", *self.names):
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
            self.names.add(name)
        self._add(Do(act, name), line)

    def _add(self, statement: Statement, line: Line) -> None:
        self.statements.append(Placed(statement, line.number))

    # The statements that are no acts

    def run(self, line: Line) -> Statement:
        return Run(line.duration())

    def step(self, line: Line) -> Statement:
        return Step(line.count() if line.peek() else 1)

    def until(self, line: Line) -> Statement:
        condition = self._condition(line, stop="within")
        within = line.duration() if line.accept("within") else UNTIL_WITHIN_US
        return Until(condition, within)

    def expect(self, line: Line) -> Statement:
        return Expect(self._condition(line))

    def bookmark(self, line: Line) -> Statement:
        word = line.peek()
        name = line.quoted("a name")
        if name in self.bookmarks:
            raise line.error(f"there is a bookmark “{name}” already", word)
        self.bookmarks.add(name)
        return Bookmark(name)

    def branch(self, line: Line) -> Statement:
        name = line.quoted("a name")
        if not line.accept("from"):
            raise line.error("“from” and a bookmark are expected")
        word = line.peek()
        bookmark = line.quoted("a bookmark")
        if bookmark not in self.bookmarks:
            message = f"there is no bookmark “{bookmark}” before this line"
            raise line.error(message + did_you_mean(bookmark, self.bookmarks), word)
        self.last_at = -1  # times in a branch count on from the bookmark
        return OpenBranch(name, bookmark)

    def _condition(self, line: Line, stop: str = "") -> Condition:
        first = line.take("a condition, such as leader or candidates >= 1")
        words = [first]
        while (word := line.peek()) is not None and (word.quoted or word.text != stop):
            words.append(word)
            line.at += 1
        # A quoted part keeps its quotation marks; spaces are put back where columns were apart.
        text = ""
        for word in words:
            text += " " * max(0, word.column - first.column - len(text))
            text += f'"{word.text}"' if word.quoted else word.text
        return parse_condition(text, line.servers, line.number, first.column)


@attrs.frozen
class StatementForm:
    """How a statement that is no act is said."""

    usage: str
    meaning: str
    example: str
    read: Callable[[_Reader, Line], Statement]


STATEMENTS: dict[str, StatementForm] = {
    "run": StatementForm("run DURATION", "The world runs for so long.", "run 200ms", _Reader.run),
    "step": StatementForm("step [COUNT]", "So many events happen.", "step 3", _Reader.step),
    "until": StatementForm(
        "until CONDITION [within DURATION]",
        "The world runs until a condition holds; it fails if that takes longer than a minute, or "
        "than it says.",
        "until candidates >= 1 within 2s",
        _Reader.until,
    ),
    "expect": StatementForm(
        "expect CONDITION",
        "The scenario fails unless the condition holds.",
        'expect committed("x=1")',
        _Reader.expect,
    ),
    "bookmark": StatementForm(
        'bookmark "NAME"',
        "This instant gets a name.",
        'bookmark "before healing"',
        _Reader.bookmark,
    ),
    "branch": StatementForm(
        'branch "NAME" from "BOOKMARK"',
        "What follows happens in a branch that starts at the bookmark.",
        'branch "what if" from "before healing"',
        _Reader.branch,
    ),
}


def _server_number(line: Line, word: Word, text: str) -> int:
    if text == "none":
        return 0
    inner = Line([Word(text, word.column)], line.number, line.end_column, line.servers)
    server = inner.server()
    if not isinstance(server, int):
        raise line.error("a server's number is expected, such as S3", word)
    return server


def _read_log(line: Line, word: Word, text: str) -> Log:
    """``1,1,4:x=2``: an entry a comma, its term and, if it matters, its command."""
    entries: list[Entry] = []
    for index, item in enumerate(filter(None, text.split(",")), 1):
        term_text, _, command = item.partition(":")
        term = line.count_of(word, term_text, 1, 1_000_000)
        if entries and term < entries[-1].term:
            raise line.error("the terms of a log never fall", word)
        entries.append(Entry(index, term, Command(command or f"x={index}")))
    return Log(entries)


def _switch(line: Line, word: Word, text: str) -> bool:
    if text not in ("on", "off"):
        raise line.error(f"“on” or “off” is expected, not “{text}”", word)
    return text == "on"


def _machine(line: Line, word: Word, text: str) -> str:
    if text not in MACHINES:
        known = ", ".join(MACHINES)
        raise line.error(f"a state machine is expected ({known}), not “{text}”", word)
    return text


def _count(low: int, high: int) -> Callable[[Line, Word, str], int]:
    return lambda line, word, text: line.count_of(word, text, low, high)


def _off_or_count(line: Line, word: Word, text: str) -> int:
    return 0 if text == "off" else line.count_of(word, text, 1, 1_000_000)


def _positive_span(line: Line, word: Word, text: str) -> tuple[int, int]:
    span = line.span_of(word, text)
    if span[0] <= 0:
        raise line.error("a time above 0 is expected", word)
    return span


def _positive(line: Line, word: Word, text: str) -> int:
    return _positive_span(line, word, text)[0]


def _every(line: Line, word: Word, text: str) -> int:
    if text == "off":
        return 0
    every = line.duration_of(word, text)
    if every < MIN_EVERY_US:
        raise line.error("at least 1ms is expected", word)
    return every


_OPTION_KEYS: dict[str, tuple[str, Callable[[Line, Word, str], object]]] = {
    "no_op": ("no_op", _switch),
    "skip_terms": ("skip_terms", _switch),
    "batch": ("batch", _count(1, 10_000)),
    "pipeline": ("pipeline", _count(1, 1_000)),
    "max_entries": ("max_entries", _count(1, 10_000)),
    "snapshot_every": ("snapshot_every", _off_or_count),
    "chunk": ("chunk", _count(1, 1_000_000)),
    "machine": ("machine", _machine),
}
"""The options of the algorithm that a ``cluster`` line can set."""

_CLUSTER_KEYS: dict[str, tuple[str, Callable[[Line, Word, str], object]]] = {
    "seed": ("seed", lambda line, word, text: line.count_of(word, text, 0, 2**63)),
    "latency": ("latency_us", Line.span_of),
    "election_timeout": ("election_timeout_us", _positive_span),
    "heartbeat": ("heartbeat_us", _positive),
    "disk": ("disk_us", Line.span_of),
    "loss": ("loss", Line.probability_of),
    "duplication": ("duplicate", Line.probability_of),
    "reordering": ("reorder", Line.probability_of),
    "requests": ("requests_us", _every),
    "client_timeout": ("client_timeout_us", _positive),
    "batch_wait": ("batch_us", _positive),
    "drift": ("drift", Line.probability_of),
    **_OPTION_KEYS,
}
"""The settings of a ``cluster`` line: the field of ``Settings``, and how its value is read."""


def cluster_settings() -> tuple[str, ...]:
    """What can stand behind ``cluster N``."""
    return tuple(_CLUSTER_KEYS)
