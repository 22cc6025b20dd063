"""Reading one line of a script, word by word; each reader says what it expected and where."""

import re

from raftviz.raft.values import value
from raftviz.sim.acts import ROLES, Choice, Target
from raftviz.sim.script_error import ScriptError, did_you_mean
from raftviz.sim.settings import MAX_SERVERS
from raftviz.sim.units import US_PER_MS, US_PER_S

MAX_LINE = 2_000
"""Characters; a longer line is not written by a person."""

MAX_DURATION_US = 24 * 3600 * US_PER_S
"""A day of simulated time: far more than any run that somebody watches."""

MAX_INSTANT_US = 1_000 * MAX_DURATION_US
"""As late as a run can come that somebody lets play for days."""

_WORD = re.compile(r'"(?P<quoted>[^"]*)"|(?P<open>"[^"]*$)|(?P<plain>[^\s"]+)')
_SERVER = re.compile(r"S(\d{1,6})")
_CLIENT = re.compile(r"C(\d{1,6})")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_DURATION = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(us|µs|ms|s|)")
_RANGE = re.compile(
    r"(\d{1,12}(?:\.\d{1,6})?)(us|µs|ms|s|)(?:\.\.|–)(\d{1,12}(?:\.\d{1,6})?)(us|µs|ms|s)"
)
_UNIT_US = {"us": 1, "µs": 1, "ms": US_PER_MS, "s": US_PER_S}

MAX_CLIENTS = 9
"""As many clients as a screen shows."""

MOST_CLIENTS = 999_999
"""Requests made faster than they are answered each get a client of their own, and their messages
have names too."""

MESSAGE_KINDS = (
    "message",
    "Heartbeat",
    "RequestVote",
    "RequestVoteResponse",
    "AppendEntries",
    "AppendEntriesResponse",
    "InstallSnapshot",
    "InstallSnapshotResponse",
    "ClientRequest",
    "ClientResponse",
    "NotLeader",
)
"""What a script can call a message; the first is any."""


@value
class Word:
    """A word or a quoted text, and the column (from 1) where it begins."""

    text: str
    column: int
    quoted: bool = False


def words_of(line: str, number: int) -> list[Word]:
    """The words of a line up to a ``#``. Raises ScriptError for a line too long or a lone quote."""
    if len(line) > MAX_LINE:
        raise ScriptError(f"the line is longer than {MAX_LINE:,} characters", number, MAX_LINE)
    words = []
    for match in _WORD.finditer(line):
        if match["open"] is not None:
            raise ScriptError("the quotation is not closed", number, match.start() + 1)
        if match["quoted"] is not None:
            words.append(Word(match["quoted"], match.start() + 1, quoted=True))
        elif match["plain"].startswith("#"):
            break
        else:
            words.append(Word(match["plain"], match.start() + 1))
    return words


class Line:
    """A cursor over the words of one line."""

    def __init__(self, words: list[Word], number: int, end_column: int, servers: int) -> None:
        self.words = words
        self.number = number
        self.at = 0
        self.end_column = end_column
        self.servers = servers

    def error(self, message: str, word: Word | None = None) -> ScriptError:
        """An error at ``word``, or where the cursor stands."""
        word = word or self.peek()
        return ScriptError(message, self.number, word.column if word else self.end_column)

    def peek(self) -> Word | None:
        """The next word, if any."""
        return self.words[self.at] if self.at < len(self.words) else None

    def take(self, expected: str) -> Word:
        """The next word; ``expected`` says what the line would have needed."""
        word = self.peek()
        if word is None:
            comma = "," * (", such as" in expected)
            raise self.error(f"the line ends where {expected}{comma} is expected")
        self.at += 1
        return word

    def accept(self, text: str) -> bool:
        """Step over the next word if it is ``text``."""
        word = self.peek()
        if word is None or word.quoted or word.text != text:
            return False
        self.at += 1
        return True

    def end(self) -> None:
        """Raise ScriptError unless the line ends here."""
        word = self.peek()
        if word is not None:
            raise self.error(f"nothing more is expected here, but “{word.text}” stands there")

    # What can stand in a line

    def server(self) -> Target:
        """A server: ``S3``, a role, or a quoted name."""
        return self._target(self._skip_articles("a server, such as S3 or leader"))

    def _skip_articles(self, expected: str) -> Word:
        word = self.take(expected)
        while not word.quoted and word.text in ("a", "the"):
            word = self.take(expected)
        return word

    def _target(self, word: Word) -> Target:
        if word.quoted:
            return word.text
        if word.text in ROLES:
            return word.text
        match = _SERVER.fullmatch(word.text)
        if match is None:
            message = f"a server is expected, such as S3 or leader, not “{word.text}”"
            raise self.error(message + did_you_mean(word.text, ROLES), word)
        number = int(match[1])
        if not 1 <= number <= self.servers:
            raise self.error(
                f"there is no server S{number}: the cluster has S1 to S{self.servers}", word
            )
        return number

    def any_server(self) -> Target:
        """A server, or ``*`` for any."""
        word = self._skip_articles("a server or *")
        if not word.quoted and _CLIENT.fullmatch(word.text):
            self.at -= 1
            return -self.client(MOST_CLIENTS)
        return "*" if word.text == "*" and not word.quoted else self._target(word)

    def client(self, most: int = MAX_CLIENTS) -> int:
        """A client: ``C1`` is 1."""
        word = self.take("a client, such as C1")
        match = _CLIENT.fullmatch(word.text)
        if match is None or not 1 <= int(match[1]) <= most:
            raise self.error(f"a client is expected, C1 to C{MAX_CLIENTS}, not “{word.text}”", word)
        return int(match[1])

    def duration(self) -> int:
        """A duration in µs: ``200ms``, ``1.5s``, ``250us``; a bare ``0`` needs no unit."""
        word = self.take("a duration, such as 200ms")
        return self.duration_of(word, word.text)

    def instant(self) -> int:
        """An instant in µs since the beginning."""
        word = self.take("an instant, such as 900ms")
        return self.duration_of(word, word.text, MAX_INSTANT_US)

    def duration_of(self, word: Word, text: str, most_us: int = MAX_DURATION_US) -> int:
        """``text`` (a part of ``word``) as a duration in µs."""
        match = _DURATION.fullmatch(text)
        if match is None or (not match[2] and float(match[1]) != 0):
            raise self.error(f"a duration is expected, such as 200ms or 1.5s, not “{text}”", word)
        duration = round(float(match[1]) * _UNIT_US[match[2] or "ms"])
        if duration > most_us:
            days = most_us // MAX_DURATION_US
            limit = "a day" if days == 1 else f"{days:,} days"
            raise self.error(f"“{text}” is more than {limit}", word)
        return duration

    def span(self) -> tuple[int, int]:
        """A range of durations in µs: ``10..15ms``, or one duration for both ends."""
        word = self.take("a range, such as 10..15ms")
        return self.span_of(word, word.text)

    def span_of(self, word: Word, text: str) -> tuple[int, int]:
        """``text`` (a part of ``word``) as a range of durations in µs."""
        match = _RANGE.fullmatch(text)
        if match is None:
            if ".." in text:
                raise self.error(f"a range is expected, such as 10..15ms, not “{text}”", word)
            both = self.duration_of(word, text)
            return both, both
        low = self.duration_of(word, match[1] + (match[2] or match[4]))
        high = self.duration_of(word, match[3] + match[4])
        if low > high:
            raise self.error(f"the range “{text}” runs backwards", word)
        return low, high

    def probability(self) -> float:
        """A probability: ``10%`` or ``0.1``."""
        word = self.take("a probability, such as 10%")
        return self.probability_of(word, word.text)

    def probability_of(self, word: Word, text: str) -> float:
        """``text`` (a part of ``word``) as a probability from 0 to 1."""
        number, percent = (text[:-1], True) if text.endswith("%") else (text, False)
        if not _NUMBER.fullmatch(number) or len(number) > 12:
            raise self.error(f"a probability is expected, such as 10%, not “{text}”", word)
        value = float(number) / (100 if percent else 1)
        if value > 1:
            raise self.error(f"a probability is at most 100%, and “{text}” is more", word)
        return round(value, 10)  # as finely as it is written

    def count(self, low: int = 1, high: int = 1_000_000) -> int:
        """A whole number."""
        word = self.take("a number")
        return self.count_of(word, word.text, low, high)

    def count_of(self, word: Word, text: str, low: int, high: int) -> int:
        """``text`` (a part of ``word``) as a whole number from ``low`` to ``high``."""
        if not text.isascii() or not text.isdigit() or len(text) > 20:
            raise self.error(f"a whole number is expected, not “{text}”", word)
        if not low <= int(text) <= high:
            raise self.error(f"a number from {low:,} to {high:,} is expected, not {text}", word)
        return int(text)

    def quoted(self, what: str) -> str:
        """A text in quotation marks."""
        word = self.take(f"{what} in quotation marks")
        if not word.quoted or not word.text:
            raise self.error(f"{what} in quotation marks is expected, not “{word.text}”", word)
        return word.text

    def variant(self) -> str:
        """The name of a variant of the algorithm."""
        from raftviz.raft.variants import VARIANTS  # noqa: PLC0415 - for who breaks a rule

        word = self.take("a variant, such as commit_any_term")
        if word.quoted or word.text not in VARIANTS:
            message = f"there is no variant “{word.text}”"
            hint = did_you_mean(word.text, VARIANTS) or "; raftviz variants lists them"
            raise self.error(message + hint, word)
        return word.text

    def groups(self) -> tuple[tuple[Target, ...], ...]:
        """The sides of a partition: ``S1 S2 | S3 S4 S5``."""
        groups: list[tuple[Target, ...]] = []
        side: list[Target] = []
        while (word := self.peek()) is not None and (word.quoted or word.text != "as"):
            if self.accept("|"):
                if not side:
                    raise self.error("a side of the partition is empty", word)
                groups.append(tuple(side))
                side = []
            else:
                server = self.server()
                if any(server in group for group in (*groups, side)):
                    raise self.error(f"{word.text} stands on two sides", word)
                side.append(server)
        if not side:
            raise self.error("a partition names its sides, such as S1 S2 | S3 S4 S5")
        return (*groups, tuple(side))

    def link(self) -> tuple[Target, Target, bool]:
        """A link: ``S1 -> S2`` in one direction, ``S1 <-> S2`` in both."""
        source = self.server()
        word = self.take("-> or <->")
        if word.text not in ("->", "→", "<->", "↔"):
            raise self.error(f"-> or <-> is expected, not “{word.text}”", word)
        return source, self.server(), word.text in ("<->", "↔")

    def choice(self) -> Choice:
        """A message in flight: ``RequestVote S3 -> S1``, ``2nd AppendEntries * -> leader``."""
        nth = 1
        word = self.take("a message, such as RequestVote")
        if match := re.fullmatch(r"(\d{1,6})(st|nd|rd|th)", word.text):
            nth = max(1, int(match[1]))
            word = self.take("a message, such as RequestVote")
        if word.text not in MESSAGE_KINDS:
            message = f"a message is expected, such as RequestVote, not “{word.text}”"
            raise self.error(message + did_you_mean(word.text, MESSAGE_KINDS), word)
        source = self.any_server()
        arrow = self.take("->")
        if arrow.text not in ("->", "→"):
            raise self.error(f"-> is expected, not “{arrow.text}”", arrow)
        return Choice(word.text, source, self.any_server(), nth)

    def command(self) -> str:
        """A command for the state machine: the words up to ``to``, ``from`` or ``as``.

        In quotation marks it can be any text without one.
        """
        taken = [self.take("a command, such as x=1")]
        while (word := self.peek()) is not None and (word.quoted or word.text not in COMMAND_ENDS):
            taken.append(word)
            self.at += 1
        text = " ".join(word.text for word in taken)
        if len(text) > MAX_COMMAND:
            raise self.error(f"a command has at most {MAX_COMMAND} characters", taken[0])
        return text


COMMAND_ENDS = ("to", "from", "as")
"""The words that end a command, unless they are in quotation marks."""

MAX_COMMAND = 200
"""Characters of a command."""

assert MAX_SERVERS < 10**6  # what the server pattern can read
