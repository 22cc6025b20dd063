"""Where in a line a value stands: looked for only when there is something wrong with it."""

import json
import re

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def column_of(line: str, path: tuple[str | int, ...]) -> int:
    """The column (from 1) of the value at ``path`` in a line of JSON; of what holds it if it is missing."""
    at = _skip(line, 0)
    for step in path:
        inside = _of_key(line, at, step) if isinstance(step, str) else _of_item(line, at, step)
        if inside is None:
            break
        at = inside
    return at + 1


def _skip(line: str, at: int) -> int:
    found = _SPACE.match(line, at)
    return found.end() if found else at


def _of_key(line: str, at: int, wanted: str) -> int | None:
    """Where the last value of this key begins: the last is the one that counts."""
    found = None
    at = _skip(line, at + 1)
    while line[at : at + 1] == '"':
        key, at = _DECODER.raw_decode(line, at)
        at = _skip(line, _skip(line, at) + 1)
        if key == wanted:
            found = at
        at = _past(line, at)
    return found


def _of_item(line: str, at: int, wanted: int) -> int | None:
    at = _skip(line, at + 1)
    for _ in range(wanted):
        if line[at : at + 1] in ("]", ""):
            return None
        at = _past(line, at)
    return None if line[at : at + 1] in ("]", "") else at


def _past(line: str, at: int) -> int:
    """Where the value after this one begins, or the bracket that closes both."""
    _, at = _DECODER.raw_decode(line, at)
    at = _skip(line, at)
    return _skip(line, at + 1) if line[at : at + 1] == "," else at
