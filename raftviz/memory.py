"""Telling the garbage collector what a history is: millions of values that stay, and no cycles."""

import gc

_YOUNG = 1_000_000
"""New values before they are looked at: a hundred thousand events. Python's 700 are two frames."""

_OLDER = 50
"""Looks at the younger before a look at all there is, which costs time in step with the history."""


def let_history_grow() -> None:
    """Collect rarely. For a process that simulates: a third of its time would go into looking."""
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)
