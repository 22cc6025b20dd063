"""The door: the window opens at once, and whatever is said besides goes to the command line."""

import sys
from typing import NoReturn

from raftviz.bootstrap import missing_libraries_sentence
from raftviz.memory import let_history_grow

BAD_INPUT = 2
"""Exit status for input that cannot be used."""


def main() -> None:
    """Open the window, or do what the arguments say."""
    let_history_grow()  # before hundreds of modules and classes are made, which all stay
    if len(sys.argv) == 1:
        open_window(None)
    from raftviz import cli  # noqa: PLC0415 - who opens the window is not to wait for all commands

    cli.main(prog_name="raftviz")


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
