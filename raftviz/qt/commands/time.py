"""Commands on time."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from raftviz.qt.commands.command import Command
from raftviz.session.kinds import BY_ID

if TYPE_CHECKING:
    from raftviz.qt.window import Window

_KINDS = (
    ("role", "change of role", "R", "A server becomes follower, candidate or leader, or crashes."),
    ("commit", "commit", "C", "A leader commits."),
    ("apply", "applied entry", "A", "A server executes an entry."),
    ("violation", "broken property", "V", "A property breaks."),
    ("act", "act", "D", "Somebody does something."),
    ("selected", "event of what is selected", "S", "Something happens to what is selected."),
)


def _of_each_kind() -> Iterator[Command]:
    """To the next, or the last, event of each kind."""
    for kind, title, key, about in _KINDS:
        yield Command(
            f"next-{kind}", f"Next {title}", "Time", (f"Alt+{key}",), f"To the next time: {about}",
            partial(_step, kind=kind, back=False), submenu="Next",
        )  # fmt: skip
    for kind, title, key, about in _KINDS:
        yield Command(
            f"last-{kind}", f"Previous {title}", "Time", (f"Alt+Shift+{key}",),
            f"Back to the last time: {about}",
            partial(_step, kind=kind, back=True), submenu="Previous",
        )  # fmt: skip


def _step(window: "Window", *, kind: str, back: bool) -> None:
    window.stepping.to_kind(BY_ID[kind], back=back)


COMMANDS: tuple[Command, ...] = (
    Command(
        "play", "Play or pause", "Time", ("Space",), "Let time pass, or stop it at once.",
        lambda w: w.conductor.toggle(), icon="play",
    ),
    Command(
        "step", "Next event", "Time", ("Right",), "Let the next event happen.",
        lambda w: w.conductor.step(), icon="step", separator=True,
    ),
    Command(
        "step-back", "Previous event", "Time", ("Left",), "Go back to before the last event.",
        lambda w: w.conductor.step_back(), icon="step-back",
    ),
    Command(
        "step-notable", "Next event worth looking at", "Time", ("Shift+Right",),
        "Go on to the next act, change of role or term, or commit.",
        lambda w: w.conductor.step_notable(),
    ),
    Command(
        "step-back-notable", "Previous event worth looking at", "Time", ("Shift+Left",),
        "Go back to the last act, change of role or term, or commit.",
        lambda w: w.conductor.step_back_notable(),
    ),
    Command(
        "step-by", "Next of the chosen kind", "Time", ("Ctrl+Right",),
        "Go to the next event of the kind that the bar at the top shows.",
        lambda w: w.stepping.by_chosen(), icon="step",
    ),
    Command(
        "step-back-by", "Previous of the chosen kind", "Time", ("Ctrl+Left",),
        "Go to the last event of the kind that the bar at the top shows.",
        lambda w: w.stepping.by_chosen(back=True), icon="step-back",
    ),
    *_of_each_kind(),
    Command(
        "go-to", "Go to…", "Time", ("Ctrl+G",),
        "Go to an instant, such as 1284.2ms, or to an event, such as #412.",
        lambda w: w.stepping.ask_place(), separator=True,
    ),
    Command(
        "until", "Go on until…", "Time", ("Ctrl+F",),
        "Go to where a condition becomes true, such as “leader.term >= 3”, forward or back.",
        lambda w: w.stepping.ask_condition(),
    ),
    Command(
        "home", "To the beginning", "Time", ("Home",), "Go back to the first instant.",
        lambda w: w.conductor.home(), icon="home",
    ),
    Command(
        "end", "To the end", "Time", ("End",), "Go to the end of what has happened.",
        lambda w: w.conductor.end(), icon="end",
    ),
    Command(
        "slower", "Slower", "Time", ("[",), "Time passes more slowly.",
        lambda w: w.conductor.change_speed(-1), separator=True,
    ),
    Command(
        "faster", "Faster", "Time", ("]",), "Time passes faster.",
        lambda w: w.conductor.change_speed(1),
    ),
)  # fmt: skip
