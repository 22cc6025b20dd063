"""Reading a lesson's file: Markdown with a YAML head and fenced directives.

The prose comes first, and the file reads well wherever Markdown is shown. Every ``#`` heading begins a
step. A fence whose first word is in braces is a directive:

    ```{until} Crash the leader.
    crashed(S1)
    ```
"""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from raftviz.raft.names import name as server_name
from raftviz.sim.conditions import Condition, parse_condition
from raftviz.sim.scenario import parse_scenario, read_statements
from raftviz.sim.script_error import ScriptError, did_you_mean
from raftviz.sim.settings import MAX_SERVERS, Settings
from raftviz.sim.statement_words import Draft
from raftviz.sim.statements import Bookmark, OpenBranch, Placed
from raftviz.sim.statements import Do as Act
from raftviz.sim.units import US_PER_MS, US_PER_S
from raftviz.teaching.head import Head, rules_of
from raftviz.teaching.lesson import (
    Block,
    Do,
    Hint,
    Kind,
    Lesson,
    Notes,
    Option,
    Predict,
    Say,
    Solution,
    Step,
    Task,
    Watch,
)
from raftviz.teaching.prose import markdown, references

MAX_SIZE = 60_000
"""Bytes of a lesson: six times the longest that ships, and read within a second whatever they are."""

MAX_STEPS = 60
MAX_BLOCKS = 60

DEFAULT_WITHIN_US = 2 * US_PER_S
"""How far a question looks ahead that does not say ``within``."""

MAX_WITHIN_US = 60 * US_PER_S

PANELS = ("Inspector", "Why", "Next", "Rules", "Variants", "Glossary", "Logs", "State machine", "Timeline",
          "Branches", "Clients", "Plots", "cluster")  # fmt: skip
"""What ``panels`` can name."""

_LEADS = re.compile(r"leader S(\d{1,2}) in term (\d{1,4})")
_FENCE = re.compile(r"\{([a-z-]+)\}\s*(.*)")
_OPTION = re.compile(
    r"-\s+(?:\[(?P<mark>[ xX])\]\s+)?(?P<text>.*?)(?:\s+`if (?P<condition>[^`]+)`)?\s*"
)
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(ms|s)")
_KEY = re.compile(r"([a-z]+):\s*(.*)")


def read_lesson(text: str, name: str, folder: str = "", seed: int | None = None) -> Lesson:
    """Read a lesson; ``seed`` is for one that fixes none. Raises ScriptError with the line."""
    if len(text.encode()) > MAX_SIZE:
        raise ScriptError(f"the file is larger than {MAX_SIZE:,} bytes: it is no lesson")
    return _Reader(text, name, folder, seed).lesson()


def decode_lesson(data: bytes, name: str, folder: str = "", seed: int | None = None) -> Lesson:
    """Read a lesson from a file's bytes. Raises ScriptError for what is no text at all."""
    if len(data) > MAX_SIZE:
        raise ScriptError(f"the file is larger than {MAX_SIZE:,} bytes: it is no lesson")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScriptError("this is not text, so it is no lesson", line, 1) from error
    if "\0" in text:
        raise ScriptError("this is not text, so it is no lesson", 1, 1)
    return read_lesson(text, name, folder, seed)


@attrs.define
class _Fence:
    """A directive as it stands: its word, what follows it, its lines, and the first one's number."""

    word: str
    rest: str
    lines: list[str]
    line: int

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def error(self, message: str, at: int = -1) -> ScriptError:
        """An error on the directive's own line, or on its body's line ``at``."""
        return ScriptError(message, self.line + 1 + at, 1)


class _Reader:
    def __init__(self, text: str, name: str, folder: str, seed: int | None) -> None:
        self.text = text
        self.lines = text.splitlines()
        self.name = name
        self.folder = folder
        self.seed = seed
        self.draft = Draft()
        self.links: dict[str, int] = {}
        self.settings = Settings()

    def lesson(self) -> Lesson:
        tokens = front_matter_plugin_markdown().parse(self.text)
        if not tokens or tokens[0].type != "front_matter":
            raise ScriptError("a lesson begins with a head between two lines of “---”", 1, 1)
        head = Head(tokens[0])
        start_text, start_line = head.start()
        self.settings, start = self._start(head, start_text, start_line)
        self.draft.settings = self.settings
        steps = tuple(self._steps(tokens[1:]))
        if len(steps) > MAX_STEPS:
            message = f"a lesson has at most {MAX_STEPS} steps"
            raise ScriptError(message, steps[MAX_STEPS].line, 1)
        if not steps:
            raise ScriptError("a lesson has steps, each with a “# heading”", len(self.lines), 1)
        return Lesson(
            name=self.name,
            title=head.words("title"),
            part=head.words("part", "Lessons of your own"),
            order=head.number("order", 0, 9_999, 1_000),
            minutes=head.number("minutes", 1, 240, 10),
            goals=head.goals(),
            settings=self.settings,
            seeded=head.has("seed"),
            start=start,
            steps=steps,
            folder=self.folder,
            rules=rules_of(head, steps),
            links=self.links,
        )

    def _start(self, head: Head, text: str, line: int) -> tuple[Settings, tuple[Placed, ...]]:
        servers = head.number("servers", 1, MAX_SERVERS, 5)
        seed = head.number("seed", 0, 2**63, self.seed or 1) if head.has("seed") else self.seed or 1
        more = head.words("cluster", "")
        if "\n" in more:
            raise head.error("“cluster” is one line of settings, such as heartbeat=50ms", "cluster")
        lines = text.splitlines()
        short = _LEADS.fullmatch(text.strip())
        if short:
            term = int(short[2])
            lines = [f"server S{n} term={term - 1}" for n in range(1, servers + 1) if term > 1]
            lines += [f"timeout S{short[1]}", f"until leader == S{short[1]} within 2s"]
            lines += ["until logs_agree within 2s"]
        scenario = f"raft 1\ncluster {servers} seed={seed} {more}\n" + "\n".join(lines)
        try:
            read = parse_scenario(scenario)
        except ScriptError as error:
            at = head.line_of("cluster") if error.line <= 2 else line + error.line - 3
            at = head.line_of("start") if short and error.line > 2 else at
            raise ScriptError(error.message, at, error.column) from error
        for one in read.statements:
            if isinstance(one.statement, Bookmark):
                self.draft.bookmarks.add(one.statement.name)
            elif isinstance(one.statement, Act) and one.statement.name:
                self.draft.names.add(one.statement.name)
        moved = tuple(Placed(one.statement, line + one.line - 3) for one in read.statements)
        return read.settings, moved

    # Steps

    def _steps(self, tokens: list[Token]) -> Iterator[Step]:
        title, title_line = "", 0
        blocks: list[Block] = []
        for kind, token, first, last in _pieces(tokens):
            if kind == "heading":
                if title:
                    yield self._step(title, title_line, blocks)
                title, title_line, blocks = token.content.strip(), first + 1, []
                if not title:
                    raise ScriptError("a step's heading says what it is about", first + 1, 1)
                continue
            if not title:
                message = "before anything else a lesson has a “# heading”: its first step"
                raise ScriptError(message, first + 1, 1)
            fence = _fence_of(token, first) if kind == "fence" else None
            blocks.append(self._say(first, last) if fence is None else self._directive(fence))
            if len(blocks) > MAX_BLOCKS:
                raise ScriptError(f"a step has at most {MAX_BLOCKS} parts", first + 1, 1)
        if title:
            yield self._step(title, title_line, blocks)

    def _say(self, first: int, last: int) -> Say:
        text = "\n".join(self.lines[first:last])
        self._prose(text, first)
        return Say(text, first + 1)

    def _step(self, title: str, line: int, blocks: list[Block]) -> Step:
        if not blocks:
            raise ScriptError(f"the step “{title}” says nothing", line, 1)
        joined = tuple(_joined(blocks))
        _check_behind_questions(joined)
        return Step(title, line, joined)

    def _prose(self, text: str, first: int) -> None:
        for kind, target, at in references(text):
            self.links.setdefault(f"{kind} {target}", first + at + 1)

    # Directives

    def _directive(self, fence: _Fence) -> Block:
        make = _DIRECTIVES.get(fence.word)
        if make is None:
            message = f"there is no directive “{{{fence.word}}}”"
            raise fence.error(message + did_you_mean(fence.word, _DIRECTIVES))
        return make(self, fence)

    def condition(self, text: str, line: int) -> Condition:
        """A condition that stands in a line of the file."""
        return parse_condition(text.strip(), self.settings.servers, line, 1)

    def statements(self, fence: _Fence) -> tuple[Placed, ...]:
        """The body as statements of the language of scenarios."""
        if not fence.text.strip():
            raise fence.error(f"“{{{fence.word}}}” says what is done, such as crash leader")
        return read_statements(fence.text, self.draft, fence.line + 1)

    def until(self, fence: _Fence) -> Block:
        if not fence.rest:
            raise fence.error("“{until}” is followed by a sentence for the student")
        if not fence.text.strip():
            raise fence.error("“{until}” holds a condition, such as crashed(S1)")
        condition = self.condition(" ".join(fence.lines), fence.line + 1)
        return Task(fence.rest, condition, fence.line)

    def do(self, fence: _Fence) -> Block:
        when = None
        if fence.rest:
            word, _, text = fence.rest.partition(" ")
            if word != "when" or not text:
                raise fence.error("“{do}” may be followed by “when” and a condition")
            when = self.condition(text, fence.line)
        return Do(self.statements(fence), when, fence.line)

    def solution(self, fence: _Fence) -> Block:
        return Solution(self.statements(fence), fence.line)

    def hint(self, fence: _Fence) -> Block:
        text = f"{fence.rest}\n{fence.text}".strip()
        if not text:
            raise fence.error("“{hint}” says something that helps")
        self._prose(text, fence.line - 1)
        return Hint(text, fence.line)

    def notes(self, fence: _Fence) -> Block:
        return Notes(f"{fence.rest}\n{fence.text}".strip(), fence.line)

    def watch(self, fence: _Fence) -> Block:
        known = {"panels", "speed", "highlight", "pause"}
        values = self._values(fence, known)
        panels = tuple(
            filter(None, (p.strip() for p in values.get("panels", ("", 0))[0].split(",")))
        )
        for panel in panels:
            if panel.lower() not in {name.lower() for name in PANELS}:
                message = f"there is no view “{panel}”" + did_you_mean(panel, PANELS)
                raise fence.error(message, values["panels"][1])
        by_name = {name.lower(): name for name in PANELS}
        highlight, at = values.get("highlight", ("", 0))
        known_things = ["leader", *map(server_name, range(1, self.settings.servers + 1))]
        for thing in filter(None, (part.strip() for part in highlight.split(","))):
            if thing not in known_things:
                message = f"there is no “{thing}” to highlight" + did_you_mean(thing, known_things)
                raise fence.error(message, at)
        return Watch(
            tuple(by_name[panel.lower()] for panel in panels),
            self._speed(fence, *values["speed"]) if "speed" in values else None,
            tuple(filter(None, (thing.strip() for thing in highlight.split(",")))),
            values.get("pause", ("no", 0))[0] == "yes",
            fence.line,
        )

    def _speed(self, fence: _Fence, text: str, at: int) -> Fraction:
        match = re.fullmatch(r"(\d{1,4})(?:/(\d{1,4}))?\s*[x×]?", text)
        speed = Fraction(int(match[1]), int(match[2] or 1)) if match and match[2] != "0" else None
        if speed is None or not Fraction(1, 1000) <= speed <= 100:
            raise fence.error("a speed is expected from 1/1000 to 100, such as 1/50", at)
        return speed

    def _values(self, fence: _Fence, known: set[str]) -> dict[str, tuple[str, int]]:
        """The body as ``key: value`` lines, each with the number of its line in the body."""
        values: dict[str, tuple[str, int]] = {}
        for at, line in enumerate(fence.lines):
            if not line.strip():
                continue
            match = _KEY.fullmatch(line.strip())
            if not match or match[1] not in known:
                word = match[1] if match else line.strip()
                message = f"“{word}” means nothing in “{{{fence.word}}}”"
                raise fence.error(message + did_you_mean(word, known), at)
            if match[1] in values:
                raise fence.error(f"“{match[1]}” is given twice", at)
            values[match[1]] = (match[2].split(" #")[0].strip(), at)
        return values

    def predict(self, fence: _Fence) -> Block:
        if not fence.rest:
            raise fence.error("“{predict}” is followed by the question")
        chosen = [(at, line) for at, line in enumerate(fence.lines) if line.startswith("- ")]
        keys = _Fence(
            fence.word,
            "",
            ["" if line.startswith("- ") else line for line in fence.lines],
            fence.line,
        )
        values = self._values(keys, {"check", "answer", "until", "within", "because"})
        check = self._condition_in(fence, values, "check")
        answer = self._condition_in(fence, values, "answer")
        options = tuple(self._options(fence, chosen, check))
        if bool(options) == (answer is not None):
            raise fence.error("“{predict}” has either answers to choose, or “answer: …”")
        kind: Kind = "choose" if options else _kind_of(answer)
        return Predict(
            fence.rest,
            kind,
            options,
            answer,
            self._condition_in(fence, values, "until"),
            self._within(fence, values),
            values.get("because", ("", 0))[0],
            fence.line,
        )

    def _condition_in(
        self, fence: _Fence, values: dict[str, tuple[str, int]], key: str
    ) -> Condition | None:
        if key not in values:
            return None
        text, at = values[key]
        return self.condition(text, fence.line + 1 + at)

    def _options(
        self, fence: _Fence, chosen: list[tuple[int, str]], check: Condition | None
    ) -> Iterator[Option]:
        if len(chosen) == 1 or len(chosen) > 8:
            raise fence.error("a question has two to eight answers")
        marked = 0
        for at, line in chosen:
            match = _OPTION.fullmatch(line)
            if match is None or not match["text"]:
                raise fence.error("an answer is expected, such as - [x] Yes", at)
            right = (match["mark"] or " ") in "xX"
            marked += right
            own = match["condition"]
            if own:
                condition = self.condition(own, fence.line + 1 + at)
            elif check is not None:
                condition = check if right else _not(check)
            else:
                raise fence.error(
                    "how is the model to know? Give this answer a condition, as in "
                    "- Yes `if leader == S3`, or the question a “check:”",
                    at,
                )
            yield Option(match["text"], condition, fence.line + 1 + at)
        if check is not None and chosen and marked != 1:
            raise fence.error("with a “check:”, exactly one answer is marked with [x]")

    def _within(self, fence: _Fence, values: dict[str, tuple[str, int]]) -> int:
        if "within" not in values:
            return DEFAULT_WITHIN_US
        text, at = values["within"]
        match = _DURATION.fullmatch(text)
        if not match:
            raise fence.error("a duration is expected, such as 300 ms", at)
        within = round(float(match[1]) * (US_PER_MS if match[2] == "ms" else US_PER_S))
        if not 0 < within <= MAX_WITHIN_US:
            raise fence.error("a question looks ahead for at most 60 s", at)
        return within


def _joined(blocks: list[Block]) -> Iterator[Block]:
    """The blocks, with paragraphs that follow each other as one piece of prose."""
    said: Say | None = None
    for block in blocks:
        if isinstance(block, Say):
            said = Say(f"{said.text}\n\n{block.text}", said.line) if said else block
            continue
        if said:
            yield said
            said = None
        yield block
    if said:
        yield said


def _check_behind_questions(blocks: tuple[Block, ...]) -> None:
    """What is done right behind a question is foretold: from here, and not from somewhere else."""
    behind = False
    for block in blocks:
        behind = isinstance(block, Predict) or (behind and isinstance(block, Do))
        if behind and isinstance(block, Do) and block.when is None:
            for placed in block.statements:
                if isinstance(placed.statement, OpenBranch):
                    message = "a branch is opened before a question, not right behind it"
                    raise ScriptError(message, placed.line, 1)


def _not(check: Condition) -> Condition:
    return Condition(f"not ({check.text})", lambda scene: not check.holds(scene))


def _kind_of(answer: Condition | None) -> Kind:
    """A server is pointed at, anything else is a number."""
    text = answer.text.strip() if answer else ""
    return "point" if re.fullmatch(r"leader|S\d+|server\(.*\)", text) else "number"


_DIRECTIVES: dict[str, Callable[[_Reader, _Fence], Block]] = {
    "until": _Reader.until,
    "predict": _Reader.predict,
    "do": _Reader.do,
    "watch": _Reader.watch,
    "hint": _Reader.hint,
    "solution": _Reader.solution,
    "notes": _Reader.notes,
    "note": _Reader.notes,
}
"""What may stand in braces."""


def front_matter_plugin_markdown() -> Any:
    """The Markdown of a whole file: prose, and a head in front."""
    return markdown().use(front_matter_plugin)


def _pieces(tokens: list[Token]) -> Iterator[tuple[str, Token, int, int]]:
    """The top-level pieces of a text: headings of steps, fences, and the rest; with their lines."""
    depth = 0
    for at, token in enumerate(tokens):
        if depth == 0 and token.nesting >= 0 and token.map:
            first, last = token.map
            if token.type == "heading_open" and token.tag == "h1":
                yield "heading", tokens[at + 1], first, last
            else:
                yield "fence" if token.type == "fence" else "prose", token, first, last
        depth += token.nesting


def _fence_of(token: Token, first: int) -> _Fence | None:
    """A directive; None for a fence that only shows code."""
    match = _FENCE.fullmatch(token.info.strip())
    if match is None:
        if token.info.strip().startswith("{"):
            raise ScriptError("a directive looks like ```{until} sentence", first + 1, 1)
        return None
    return _Fence(match[1], match[2].strip(), token.content.splitlines(), first + 1)


def name_of(path: Path) -> str:
    """What a lesson in a file is called: ``03-a-leader-falls.md`` is ``a-leader-falls``."""
    return re.sub(r"^\d+-", "", path.stem)
