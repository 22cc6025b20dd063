"""Commands that bring views to the front, and that act in one."""

from typing import TYPE_CHECKING

from raftviz.qt.commands.command import Command

if TYPE_CHECKING:
    from raftviz.qt.rules import RulesView
    from raftviz.qt.window import Window


def _rules(window: "Window") -> "RulesView":
    """The book of rules, brought to the front."""
    from raftviz.qt.rules import RulesView  # noqa: PLC0415 - a view is imported when it is first seen

    window.show_view("Rules")
    view = window.later["Rules"].view
    assert isinstance(view, RulesView)
    return view


def _ask_entry(window: "Window") -> None:
    window.show_view("Logs")
    window.logs.ask_entry()


def _toggle_sessions(window: "Window") -> None:
    from raftviz.qt.machines import MachinesView  # noqa: PLC0415 - as above

    window.show_view("State machine")
    view = window.later["State machine"].view
    assert isinstance(view, MachinesView)
    view.toggle_sessions()


def _export_plots(window: "Window") -> None:
    from raftviz.qt.plots import PlotsView  # noqa: PLC0415 - as above

    window.show_view("Plots")
    view = window.later["Plots"].view
    assert isinstance(view, PlotsView)
    view.ask_export()


COMMANDS: tuple[Command, ...] = (
    Command(
        "rules", "Rules", "View", ("F2",),
        "Read the algorithm's rules, and see which one has just fired.",
        lambda w: w.show_view("Rules"), separator=True,
    ),
    Command(
        "rule-next", "Next time of the rule", "View", ("Ctrl+.",),
        "Go to the next time that the chosen rule fires, letting time pass for it if need be.",
        lambda w: _rules(w).turn("next"),
    ),
    Command(
        "rule-last", "Last time of the rule", "View", ("Ctrl+,",),
        "Go back to the last time that the chosen rule fired.",
        lambda w: _rules(w).turn("last"),
    ),
    Command(
        "rule-code", "Code of the rule", "View", ("Ctrl+U",),
        "Show the Python code that follows the chosen rule, or put it away.",
        lambda w: _rules(w).toggle_code(),
    ),
    Command(
        "go-to-entry", "Go to an entry…", "View", ("F7",),
        "Show an entry of the logs by its index.",
        _ask_entry, separator=True,
    ),
    Command(
        "machines", "State machine", "View", ("F3",),
        "See what each server has executed, and where they differ.",
        lambda w: w.show_view("State machine"),
    ),
    Command(
        "sessions", "Sessions of clients", "View", ("Shift+F3",),
        "Show what each server remembers of each client, or leave it out.",
        _toggle_sessions,
    ),
    Command(
        "clients", "Clients", "View", ("F5",),
        "See what clients asked and were told, and whether all of it can be true at once.",
        lambda w: w.show_view("Clients"),
    ),
    Command(
        "plots", "Plots", "View", ("F6",),
        "See terms, commits, logs and messages as lines over time.",
        lambda w: w.show_view("Plots"),
    ),
    Command(
        "export-plots", "Export plots…", "File", ("Shift+F6",),
        "Save the plots as a picture, a drawing or a table.",
        _export_plots,
    ),
    Command(
        "legend", "Legend", "Help", ("F8",),
        "See every sign of the picture, and what it means.",
        lambda w: w.show_view("Legend"),
    ),
)  # fmt: skip
