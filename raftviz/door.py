"""The door of the window: it opens, or it says in one sentence why not."""

import sys
from typing import NoReturn

from raftviz.bootstrap import missing_libraries_sentence

BAD_INPUT = 2
"""Exit status for input that cannot be used."""


def open_window(scenario: str | None) -> NoReturn:
    """Show the window, on a scenario or on a fresh cluster, and exit when it is closed."""
    need_libraries()
    from raftviz import app  # noqa: PLC0415 - Qt, now that its libraries are there
    from raftviz.shelf import UnreadableError  # noqa: PLC0415 - it is imported by app

    try:
        sys.exit(app.show(scenario))
    except UnreadableError as error:
        refuse(str(error))


def need_libraries() -> None:
    """Refuse, and say what to install, when Qt would not load here."""
    sentence = missing_libraries_sentence()
    if sentence is not None:
        refuse(sentence)


def refuse(sentence: str) -> NoReturn:
    """Say in one sentence what is wrong with the input, and exit."""
    sys.stderr.write(f"raftviz: {sentence}\n")
    sys.exit(BAD_INPUT)
