"""The head of a lesson's file: YAML between two lines of “---”, and the rules of a challenge."""

from io import StringIO

import attrs
from markdown_it.token import Token
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent

from raftviz.sim.script_error import ScriptError, did_you_mean
from raftviz.sim.vocabulary import WORDS
from raftviz.teaching.lesson import Rules, Step

MAX_GOALS = 12

_MAX_HEAD = 20_000
_MAX_HEAD_DEPTH = 4
"""Lists in lists in a head: YAML takes long over deep ones, and a lesson has none."""

_HEAD_KEYS = (
    "title", "part", "order", "minutes", "servers", "seed", "cluster", "start", "goals", "challenge",
    "allow", "forbid", "acts",
)  # fmt: skip


def _load(text: str) -> object:
    """Read YAML without names for parts, by which a short text can mean an endless one."""
    if len(text) > _MAX_HEAD:
        raise ScriptError(f"a head has at most {_MAX_HEAD:,} characters", 1, 1)
    yaml = YAML(typ="rt", pure=True)
    yaml.allow_duplicate_keys = False
    depth = 0
    for event in yaml.parse(StringIO(text)):
        if getattr(event, "anchor", None):
            raise ScriptError("a head has no “&” or “*” names", event.start_mark.line + 2, 1)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > _MAX_HEAD_DEPTH:
            raise ScriptError("a head has no lists in lists", event.start_mark.line + 2, 1)
    return yaml.load(StringIO(text))


class Head:
    """The YAML at the head of a file."""

    def __init__(self, token: Token) -> None:
        self.first = 1  # the line of the first “---”
        try:
            values = _load(token.content)
        except MarkedYAMLError as error:
            at = error.problem_mark.line + 2 if error.problem_mark else 1
            what = (error.problem or "this cannot be read").splitlines()[0]
            raise ScriptError(f"the head is not YAML: {what}", at, 1) from error
        except ScriptError:
            raise
        except (YAMLError, ValueError, RecursionError) as error:
            raise ScriptError("the head is not YAML", 1, 1) from error
        if not isinstance(values, CommentedMap):
            raise ScriptError("the head has lines such as “title: A leader falls”", 1, 1)
        self.values = values
        for key in values:
            if key not in _HEAD_KEYS:
                raise self.error(
                    f"“{key}” means nothing in a head" + did_you_mean(str(key), _HEAD_KEYS), key
                )

    def line_of(self, key: object) -> int:
        """The line of a key in the file."""
        if key not in self.values:
            return self.first
        return int(self.values.lc.key(key)[0]) + self.first + 1

    def error(self, message: str, key: object) -> ScriptError:
        """An error in the line of a key."""
        return ScriptError(message, self.line_of(key), 1)

    def has(self, key: str) -> bool:
        """Whether the head has a line for it."""
        return key in self.values

    def words(self, key: str, otherwise: str | None = None) -> str:
        """Some words; without ``otherwise`` they must be there."""
        value = self.values.get(key, otherwise)
        if value is None:
            raise self.error(f"the head has a “{key}: …”", key)
        if not isinstance(value, str) or len(value) > 20_000:
            raise self.error(f"“{key}” is a few words", key)
        return value.strip()

    def number(self, key: str, low: int, high: int, otherwise: int) -> int:
        """A whole number within bounds."""
        value = self.values.get(key, otherwise)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.error(f"“{key}” is a number from {low} to {high}", key)
        return int(value)

    def switch(self, key: str) -> bool:
        """True or false; false if it is not said."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.error(f"“{key}” is true or false", key)
        return value

    def several(self, key: str, example: str) -> tuple[str, ...]:
        """A list of words."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.error(f"“{key}” is a list of words, such as {example}", key)
        return tuple(map(str, value))

    def goals(self) -> tuple[str, ...]:
        """The words that one is to know afterwards."""
        found = self.several("goals", "[term, vote]")
        if len(found) > MAX_GOALS:
            raise self.error(f"a lesson has at most {MAX_GOALS} goals", "goals")
        return found

    def acts(self, key: str) -> tuple[str, ...]:
        """A list of acts by their first words."""
        found = self.several(key, "[drop, delay]")
        for word in found:
            if word not in WORDS:
                message = f"there is no act “{word}”" + did_you_mean(word, WORDS)
                raise self.error(message, key)
        return found

    def start(self) -> tuple[str, int]:
        """The text of ``start`` and the line in the file where it begins."""
        text = self.words("start", "")
        line = self.line_of("start")
        return text, line + 1 if "\n" in text else line


def rules_of(head: Head, steps: tuple[Step, ...]) -> Rules | None:
    """The rules of a challenge; None for a lesson."""
    if not head.switch("challenge"):
        for key in ("allow", "forbid", "acts"):
            if head.has(key):
                raise head.error(
                    f"“{key}” is for a challenge; write “challenge: true” as well", key
                )
        return None
    rules = Rules(head.acts("allow"), head.acts("forbid"), head.number("acts", 1, 999, 999))
    if rules.allowed and rules.forbidden:
        raise head.error("“allow” says it all; “forbid” is not needed beside it", "forbid")
    if len(steps) > 1:
        raise ScriptError("a challenge has one step", steps[1].line, 1)
    if steps and (steps[0].predictions or not steps[0].tasks):
        raise ScriptError("a challenge has tasks, and no questions", steps[0].line, 1)
    return rules if head.has("acts") else attrs.evolve(rules, most=0)
