"""The very text of a function or class of the house, and where it stands."""

import inspect
from collections.abc import Callable
from textwrap import dedent
from typing import Any

from raftviz.raft.values import value


@value
class Source:
    """A piece of a file: ``path`` from the folder that holds the package, its first line, its text."""

    path: str
    line: int
    text: str


class SourceMissingError(Exception):
    """The file is not at hand, as in a bundled program; the message is a sentence that says so."""


def source_of(thing: Callable[..., Any]) -> Source:
    """The source of a function or a class. Raises SourceMissingError."""
    path = thing.__module__.replace(".", "/") + ".py"
    try:
        lines, first = inspect.getsourcelines(thing)
    except (OSError, TypeError) as error:
        raise SourceMissingError(f"{path} is not part of this installation") from error
    return Source(path, first, dedent("".join(lines)).rstrip() + "\n")
