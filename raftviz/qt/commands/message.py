"""Commands on messages in flight."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from raftviz.qt.commands.command import Command, Run, has_message
from raftviz.sim import acts
from raftviz.sim.acts import Choice
from raftviz.sim.network import Held
from raftviz.sim.units import ms

if TYPE_CHECKING:
    from raftviz.qt.window import Window

DELAY_US = ms(30)
"""How much longer *Delay* lets a message take: twice the usual way."""


def _hold_or_release(window: "Window") -> None:
    choice = window.selected_choice()
    if choice is not None:
        held = isinstance(window.selected_flight(), Held)
        window.conductor.dispatch(acts.Release(choice) if held else acts.Hold(choice))


def _on_message(act: Callable[[Choice], acts.Act]) -> Run:
    def run(window: "Window") -> None:
        choice = window.selected_choice()
        if choice is not None:
            window.conductor.dispatch(act(choice))

    return run


COMMANDS: tuple[Command, ...] = (
    Command(
        "next-message", "Select the next message", "Message", ("M",),
        "Select the messages in flight one after the other.",
        lambda w: w.conductor.select_next_message(),
    ),
    Command(
        "last-message", "Select the previous message", "Message", ("Shift+M",),
        "Select the messages in flight the other way round.",
        lambda w: w.conductor.select_next_message(-1),
    ),
    Command(
        "drop", "Drop", "Message", ("D",), "The selected message is lost where it is.",
        _on_message(acts.Drop), has_message, separator=True,
    ),
    Command(
        "duplicate", "Duplicate", "Message", ("U",), "The selected message arrives twice.",
        _on_message(acts.Duplicate), has_message,
    ),
    Command(
        "hold", "Hold or release", "Message", ("G",),
        "The selected message stands still where it is, or goes on.",
        _hold_or_release, has_message,
    ),
    Command(
        "delay", "Delay", "Message", ("B",),
        f"The selected message takes {DELAY_US // 1000} ms longer.",
        _on_message(lambda choice: acts.Delay(choice, DELAY_US)), has_message,
    ),
    Command(
        "deliver", "Deliver now", "Message", ("V",), "The selected message arrives at once.",
        _on_message(acts.Deliver), has_message,
    ),
)  # fmt: skip
