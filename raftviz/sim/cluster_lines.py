"""The cluster in words: ``cluster``, ``variant`` and ``server`` lines of a ``.raft`` file, both ways.

One table says of each setting how it is called, read and written.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from raftviz.raft.cluster import Options
from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.machine import MACHINES
from raftviz.raft.names import name
from raftviz.raft.server import Persistent
from raftviz.raft.values import value
from raftviz.sim.script_error import did_you_mean
from raftviz.sim.settings import MAX_SERVERS, Settings
from raftviz.sim.text import Line, Word
from raftviz.sim.units import duration_text
from raftviz.sim.vocabulary import MIN_EVERY_US, percent_text, span_text

_MAX_TERM = 1_000_000

_LONGEST_LOG = 1_500
"""Characters of a log in one line; the rest stands in a line of its own."""


@value
class Setting:
    """A setting of a ``cluster`` line: the field of ``Settings`` or ``Options`` that it sets.

    One that is ``always`` written is so even when it has its default: a reader wants to see it.
    """

    key: str
    field: str
    read: Callable[[Line, Word, str], object]
    write: Callable[[Any], str]
    of_options: bool = False
    always: bool = False


def _count(low: int, high: int) -> Callable[[Line, Word, str], int]:
    return lambda line, word, text: line.count_of(word, text, low, high)


def _switch(line: Line, word: Word, text: str) -> bool:
    if text not in ("on", "off"):
        raise line.error(f"“on” or “off” is expected, not “{text}”", word)
    return text == "on"


def _machine(line: Line, word: Word, text: str) -> str:
    if text not in MACHINES:
        known = ", ".join(MACHINES)
        raise line.error(f"a state machine is expected ({known}), not “{text}”", word)
    return text


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


def _on_or_off(on: bool) -> str:  # noqa: FBT001 - a value that is written
    return "on" if on else "off"


def _number_or_off(number: int) -> str:
    return str(number or "off")


def _duration_or_off(duration_us: int) -> str:
    return duration_text(duration_us) if duration_us else "off"


SETTINGS = (
    Setting("seed", "seed", _count(0, 2**63), str, always=True),
    Setting("latency", "latency_us", Line.span_of, span_text, always=True),
    Setting(
        "election_timeout", "election_timeout_us", _positive_span, span_text, always=True
    ),
    Setting("heartbeat", "heartbeat_us", _positive, duration_text, always=True),
    Setting("disk", "disk_us", Line.span_of, span_text, always=True),
    Setting("loss", "loss", Line.probability_of, percent_text),
    Setting("duplication", "duplicate", Line.probability_of, percent_text),
    Setting("reordering", "reorder", Line.probability_of, percent_text),
    Setting("requests", "requests_us", _every, _duration_or_off),
    Setting("client_timeout", "client_timeout_us", _positive, duration_text),
    Setting("batch_wait", "batch_us", _positive, duration_text),
    Setting("drift", "drift", Line.probability_of, percent_text),
    Setting("no_op", "no_op", _switch, _on_or_off, of_options=True),
    Setting("skip_terms", "skip_terms", _switch, _on_or_off, of_options=True),
    Setting("batch", "batch", _count(1, 10_000), str, of_options=True),
    Setting("pipeline", "pipeline", _count(1, 1_000), str, of_options=True),
    Setting("max_entries", "max_entries", _count(1, 10_000), str, of_options=True),
    Setting("snapshot_every", "snapshot_every", _off_or_count, _number_or_off, of_options=True),
    Setting("chunk", "chunk", _count(1, 1_000_000), str, of_options=True),
    Setting("machine", "machine", _machine, str, of_options=True),
)  # fmt: skip
"""What can stand behind ``cluster N``. Their defaults are part of the format: see CONTRIBUTING."""

_BY_KEY = {setting.key: setting for setting in SETTINGS}


def read_cluster(line: Line, first: Word) -> Settings:
    """What stands behind the word ``cluster``."""
    changes: dict[str, Any] = {"servers": line.count(1, MAX_SERVERS)}
    options: dict[str, Any] = {}
    while (word := line.peek()) is not None:
        line.at += 1
        key, equals, value = word.text.partition("=")
        setting = _BY_KEY.get(key)
        if setting is None or not equals:
            message = f"“{word.text}” is no setting of a cluster"
            raise line.error(message + did_you_mean(key, _BY_KEY), word)
        into = options if setting.of_options else changes
        if setting.field in into:
            raise line.error(f"“{key}” is given twice", word)
        into[setting.field] = setting.read(line, word, value)
    settings = Settings(**changes, options=Options(**options))
    if settings.heartbeat_us >= settings.election_timeout_us[0]:
        raise line.error(
            "the heartbeat must be shorter than the shortest election timeout, or no leader lasts",
            first,
        )
    return settings


def read_server(line: Line, first: Word, start: Mapping[int, Persistent]) -> tuple[int, Persistent]:
    """What stands behind the word ``server``: who, and what is on its disk when all begins.

    A further line for a server of ``start`` tells more of its log.
    """
    server = line.server()
    if not isinstance(server, int):
        raise line.error("a server's number is expected here, such as S3", first)
    begun = start.get(server)
    term, vote, log = (begun.current_term, begun.voted_for, begun.log) if begun else (0, 0, Log())
    while (word := line.peek()) is not None:
        line.at += 1
        key, _, value = word.text.partition("=")
        if key == "log":
            log = _read_log(line, word, value, log)
        elif key in ("term", "vote") and begun:
            raise line.error(
                f"{name(server)} has its {key} already; more of its log can follow", word
            )
        elif key == "term":
            term = line.count_of(word, value, 0, _MAX_TERM)
        elif key == "vote":
            vote = _server_number(line, word, value)
        else:
            message = f"“{word.text}” is nothing a server can start with"
            raise line.error(message + did_you_mean(key, ("term", "vote", "log")), word)
    if log.last_term > term:
        raise line.error(
            f"the log has an entry of term {log.last_term}, and the server's term is {term}", first
        )
    return server, Persistent(term, vote, log)


def read_variant(line: Line, on: tuple[str, ...]) -> tuple[str, ...]:
    """What stands behind the word ``variant``, and those ``on`` by then."""
    word = line.peek()
    variant = line.variant()
    from raftviz.raft.variants import with_variant  # noqa: PLC0415 - for who breaks a rule

    try:
        return with_variant(on, variant)
    except ValueError as error:
        raise line.error(str(error), word) from error


def _server_number(line: Line, word: Word, text: str) -> int:
    if text == "none":
        return 0
    inner = Line([Word(text, word.column)], line.number, line.end_column, line.servers)
    server = inner.server()
    if not isinstance(server, int):
        raise line.error("a server's number is expected, such as S3", word)
    return server


def _read_log(line: Line, word: Word, text: str, log: Log) -> Log:
    """``1,1,4:x=2,4:``: an entry a comma, its term, its command if it matters, none if empty."""
    entries: list[Entry] = []
    last_term, terms = log.last_term, dict[str, int]()
    for index, item in enumerate(filter(None, text.split(",")), log.last_index + 1):
        term_text, colon, command = item.partition(":")
        term = terms.get(term_text)  # a hundred thousand entries have a few terms
        if term is None:
            term = terms[term_text] = line.count_of(word, term_text, 1, _MAX_TERM)
        if term < last_term:
            raise line.error("the terms of a log never fall", word)
        last_term = term
        said = None if colon and not command else Command(command or _usual(index))
        entries.append(Entry(index, term, said))
    return log.append(tuple(entries))


def _usual(index: int) -> str:
    """The command of an entry of which only the term matters."""
    return f"x={index}"


# Writing


def cluster_lines(settings: Settings) -> Iterator[str]:
    """The settings in words: the ``cluster`` line, then ``server`` lines, in the servers' order."""
    words = [f"cluster {settings.servers}"]
    usual = Settings()
    for setting in SETTINGS:
        of, usually = (settings.options, usual.options) if setting.of_options else (settings, usual)
        value = getattr(of, setting.field)
        if setting.always or value != getattr(usually, setting.field):
            words.append(f"{setting.key}={setting.write(value)}")
    yield " ".join(words)
    yield from (f"variant {variant}" for variant in settings.variants)
    for server, disk in sorted(settings.start.items()):
        yield from _server_lines(server, disk)


def _server_lines(server: int, disk: Persistent) -> Iterator[str]:
    words = [f"server {name(server)}"]
    if disk.current_term:
        words.append(f"term={disk.current_term}")
    if disk.voted_for:
        words.append(f"vote={name(disk.voted_for)}")
    items: list[str] = []
    length = 0
    for entry in disk.log:
        items.append(_entry_text(entry))
        length += len(items[-1]) + 1
        if length > _LONGEST_LOG:
            yield " ".join((*words, f"log={','.join(items)}"))
            words, items, length = [f"server {name(server)}"], [], 0
    if items:
        words.append(f"log={','.join(items)}")
    if len(words) > 1 or not len(disk.log):
        yield " ".join(words)


def _entry_text(entry: Entry) -> str:
    if entry.command is None:
        return f"{entry.term}:"
    text = entry.command.text
    return str(entry.term) if text == _usual(entry.index) else f"{entry.term}:{text}"


def cluster_settings() -> tuple[str, ...]:
    """What can stand behind ``cluster N``."""
    return tuple(_BY_KEY)
