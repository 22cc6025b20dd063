"""Commands of whoever decides what happens next."""

from typing import TYPE_CHECKING

from raftviz.qt.commands.command import Command

if TYPE_CHECKING:
    from raftviz.qt.next_view import NextView
    from raftviz.qt.window import Window


def _next(window: "Window") -> "NextView | None":
    """The list, once somebody has looked at it."""
    view = window.later["Next"].view
    if view is None:
        return None
    from raftviz.qt.next_view import NextView  # noqa: PLC0415 - a view is imported when it is first seen

    assert isinstance(view, NextView)
    return view


def _choose(window: "Window") -> None:
    window.conductor.pause()
    window.show_view("Next")


def _let_happen(window: "Window") -> None:
    view = _next(window)
    if view is not None:
        view.let_happen()


def _can_let_happen(window: "Window") -> bool:
    view = _next(window)
    return view is not None and view.row is not None


def _show_only(window: "Window") -> None:
    _choose(window)
    view = _next(window)
    if view is not None:
        view.show_only(window.conductor.selected_address)


COMMANDS: tuple[Command, ...] = (
    Command(
        "next", "What may happen next", "Time", ("A",),
        "Play the adversary: pause, and pick what happens next from a list, in any order.",
        _choose, separator=True,
    ),
    Command(
        "let-happen", "Let it happen now", "Time", ("E",),
        "What is chosen in the list of what may happen next happens now; no time passes.",
        _let_happen, _can_let_happen,
    ),
    Command(
        "next-only", "Only what concerns the selected server", "Time", ("Shift+A",),
        "Show what may happen next to the selected server or client alone, or everything again.",
        _show_only,
    ),
)  # fmt: skip
