"""The start: the window opens at once, and whatever is said besides goes to the command line."""

import sys

from raftviz.door import open_window
from raftviz.memory import let_history_grow


def main() -> None:
    """Open the window, or do what the arguments say."""
    let_history_grow()  # before hundreds of modules and classes are made, which all stay
    if len(sys.argv) == 1:
        open_window(None)
    from raftviz import cli  # noqa: PLC0415 - who opens the window is not to wait for all commands

    cli.main(prog_name="raftviz")
