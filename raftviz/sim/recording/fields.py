"""Taking values out of JSON: each is of the kind and the size that is expected, or ``Wrong`` says why.

``Wrong`` carries the path to the value, collected while it passes upwards, so that nothing is spent
on paths while all is well.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from raftviz.sim.recording.schema import MAX_INDEX, MAX_NAME, MAX_NUMBER, MAX_TEXT, MAX_TIME_US
from raftviz.sim.script_error import did_you_mean
from raftviz.sim.units import NEVER

Json = Any
"""What ``json.loads`` gives."""

T = TypeVar("T")
D = TypeVar("D")

_SHOWN = 40


class Wrong(ValueError):  # noqa: N818 - what the value is, as ``except`` reads it
    """A value that cannot stand where it stands. ``path`` leads to it, from the line's object on."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def under(self, *steps: str | int) -> "Wrong":
        """This, seen from further above."""
        self.path = (*steps, *self.path)
        return self


def shown(value: Json) -> str:
    """A value as a sentence can name it: short, and on one line."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = "a very large value"
    text = "".join(letter if letter.isprintable() else " " for letter in text[: _SHOWN + 1])
    return f"“{text[:_SHOWN]}{'…' * (len(text) > _SHOWN)}”"


def integer(value: Json, low: int = 0, high: int = MAX_NUMBER) -> int:
    """A whole number."""
    if type(value) is not int:
        raise Wrong(f"a whole number is expected, not {shown(value)}")
    if not low <= value <= high:
        raise Wrong(f"a number from {low:,} to {high:,} is expected, not {shown(value)}")
    return value


def log_index(value: Json) -> int:
    """An index into a log; 0 is before its first entry."""
    return integer(value, 0, MAX_INDEX)


def instant(value: Json) -> int:
    """So many µs."""
    return integer(value, 0, MAX_TIME_US)


class Clock:
    """The recording's clock, which stood at ``origin_us`` when its time began."""

    def __init__(self, origin_us: int = 0) -> None:
        self._origin_us = origin_us

    def instant(self, value: Json) -> int:
        """An instant, in µs from the beginning."""
        found = integer(value)
        if found < self._origin_us:
            raise Wrong("this is earlier than “origin_us” in the header")
        return instant(found - self._origin_us)

    def alarm(self, value: Json) -> int:
        """An instant at which something will happen, or ``"never"``."""
        return NEVER if value == "never" else self.instant(value)


def fraction(value: Json) -> float:
    """A number from 0 to 1."""
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise Wrong(f"a number from 0 to 1 is expected, not {shown(value)}")
    return float(value)


def truth(value: Json) -> bool:
    """True or false."""
    if value is True or value is False:
        return value
    raise Wrong(f"true or false is expected, not {shown(value)}")


def text(value: Json, most: int = MAX_TEXT) -> str:
    """A text of bounded length; half a character is none."""
    if type(value) is not str:
        raise Wrong(f"a text is expected, not {shown(value)}")
    if len(value) > most:
        raise Wrong(f"a text of at most {most:,} characters is expected here")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Wrong("the text has half a character in it")
    return value


def line_of_text(value: Json, most: int = MAX_TEXT) -> str:
    """A text that stands on one line."""
    found = text(value, most)
    if not found.isprintable():
        raise Wrong(f"a text on one line is expected, not {shown(found)}")
    return found


def title(value: Json) -> str:
    """A name of something: a few words."""
    found = line_of_text(value, MAX_NAME)
    if not found.strip():
        raise Wrong("a name is expected, and this one is empty")
    return found


def items(value: Json) -> list[Json]:
    """A list."""
    if type(value) is not list:
        raise Wrong(f"a list is expected, not {shown(value)}")
    return value


def each(value: Json, read: Callable[[Json], T]) -> tuple[T, ...]:
    """A list, each of whose items ``read`` understands."""
    found = []
    for at, item in enumerate(items(value)):
        try:
            found.append(read(item))
        except Wrong as wrong:
            raise wrong.under(at) from None
    return tuple(found)


def mapping(value: Json) -> dict[str, Json]:
    """An object."""
    if type(value) is not dict:
        raise Wrong(f"an object is expected, not {shown(value)}")
    return value


def pairs(value: Json, read_key: Callable[[Json], T], read: Callable[[Json], Any]) -> dict[T, Any]:
    """An object whose keys and values are understood by ``read_key`` and ``read``."""
    found = {}
    for key, item in mapping(value).items():
        try:
            found[read_key(key)] = read(item)
        except Wrong as wrong:
            raise wrong.under(key) from None
    return found


def get(fields: Mapping[str, Json], key: str, read: Callable[[Json], T], default: D) -> T | D:
    """The field ``key`` if it is told, else ``default``."""
    if key not in fields:
        return default
    try:
        return read(fields[key])
    except Wrong as wrong:
        raise wrong.under(key) from None


def need(fields: Mapping[str, Json], key: str, read: Callable[[Json], T]) -> T:
    """The field ``key``, which must be told."""
    if key not in fields:
        raise Wrong(f"“{key}” is missing")
    try:
        return read(fields[key])
    except Wrong as wrong:
        raise wrong.under(key) from None


def known_keys(fields: Mapping[str, Json], known: "frozenset[str] | Mapping[str, Any]") -> None:
    """Refuse a field that means nothing here; ``x-`` begins the names of other people's fields."""
    for key in fields:
        if key not in known and not key.startswith("x-"):
            wrong = Wrong(f"{shown(key)} means nothing here{did_you_mean(key, known)}")
            raise wrong.under(key)


def one_of(*options: str) -> Callable[[Json], str]:
    """A reader of one of these words."""

    def read(value: Json) -> str:
        if value in options and isinstance(value, str):
            return value
        expected = ", ".join(f"“{option}”" for option in options[:-1])
        hint = did_you_mean(value, options) if isinstance(value, str) else ""
        raise Wrong(f"{expected} or “{options[-1]}” is expected, not {shown(value)}{hint}")

    return read
