"""Commands of the search for what a broken rule brings down."""

from typing import TYPE_CHECKING

from raftviz.qt.commands.command import Command

if TYPE_CHECKING:
    from raftviz.qt.find import FindView
    from raftviz.qt.window import Window

# A view is imported when it is first seen.
# ruff: noqa: PLC0415


def _known(window: "Window") -> "FindView | None":
    """The view, if somebody has seen it yet."""
    view = window.later["Find"].view
    if view is None:
        return None
    from raftviz.qt.find import FindView

    assert isinstance(view, FindView)
    return view


def _shown(window: "Window") -> "FindView":
    """The view, brought to the front."""
    window.show_view("Find")
    view = _known(window)
    assert view is not None
    return view


def _searches(window: "Window") -> bool:
    view = _known(window)
    return view is not None and view.hunt.runs


def _has_found(window: "Window") -> bool:
    view = _known(window)
    return view is not None and view.finding is not None and view.finding.found


COMMANDS: tuple[Command, ...] = (
    Command(
        "find", "Find where it matters…", "Cluster", ("Shift+F",),
        "Search for the shortest run in which a broken rule matters.",
        lambda w: w.show_view("Find"), separator=True,
    ),
    Command(
        "search", "Begin the search", "Cluster", ("Shift+S",),
        "Begin the search for what is chosen in Find, or end it.",
        lambda w: _shown(w).turn(),
        says=lambda w: "Cancel the search" if _searches(w) else "Begin the search",
    ),
    Command(
        "open-found", "Open what was found", "Cluster", ("Shift+E",),
        "Open what the search has found, beside the same acts with the rule whole.",
        lambda w: _shown(w).open_found(), _has_found,
    ),
)  # fmt: skip
