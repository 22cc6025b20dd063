"""Lines of a file as JSON objects, or one clear sentence with the place: nothing is trusted yet."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple, NoReturn

from raftviz.sim.recording.fields import Json, Wrong, mapping
from raftviz.sim.recording.places import column_of
from raftviz.sim.recording.schema import MAX_LINE, MAX_SIZE
from raftviz.sim.script_error import ScriptError

_MOST_VALUES = 2_000_000
"""Values in a line: at some 60 bytes each, what is safe to have at once."""

_LONG = 1 << 16

_BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line as it was read, and where: its number (from 1), and where it ends in the file (bytes)."""

    number: int
    text: str
    told: dict[str, Json]
    end: int


def objects(lines: Iterable[bytes]) -> Iterator[Line]:
    """The object of each line that is not empty. Raises ScriptError."""
    read = 0
    for number, raw in enumerate(lines, 1):
        read += len(raw)
        if read > MAX_SIZE:
            raise ScriptError(f"a recording has at most {MAX_SIZE >> 20:,} MiB", number, 1)
        if raw.isspace() or not raw:
            continue
        if number == 1:
            raw = raw.removeprefix(_BOM)  # noqa: PLW2901 - the same line without it
        text = _decoded(raw, number)
        yield Line(number, text, _parsed(text, number, whole=raw.endswith(b"\n")), read)


def _decoded(raw: bytes, number: int) -> str:
    if len(raw) > MAX_LINE:
        raise ScriptError(f"the line has more than {MAX_LINE >> 20} MiB", number, MAX_LINE)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        column = len(raw[: error.start].decode(errors="replace")) + 1
        raise ScriptError("this is no text in UTF-8", number, column) from None


def _parsed(text: str, number: int, *, whole: bool) -> dict[str, Json]:
    """The object that a line holds. ``whole`` says that the line has an end."""
    if len(text) > _LONG and sum(map(text.count, ",[{:")) > _MOST_VALUES:
        raise ScriptError(f"the line holds more than {_MOST_VALUES:,} values", number, 1)
    try:
        found = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        if not whole and text.lstrip().startswith("{"):
            message = "the file ends in the middle of this line: it is cut short"
            raise ScriptError(message, number, len(text) + 1) from None
        raise ScriptError("this is no JSON", number, error.colno) from None
    except RecursionError:
        raise ScriptError("lists in lists are nested too deeply", number, 1) from None
    except ValueError as error:  # a number of thousands of digits, or one that is none
        message = str(error) if isinstance(error, Wrong) else "a number here is too large"
        raise ScriptError(message, number, 1) from None
    try:
        return mapping(found)
    except Wrong as wrong:
        raise at(wrong, number, text) from None


def _no_constant(word: str) -> NoReturn:
    raise Wrong(f"{word} is no number")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def at(wrong: Wrong, number: int, text: str) -> ScriptError:
    """What is wrong with a line, and where in it."""
    return ScriptError(wrong.message, number, column_of(text, wrong.path))
