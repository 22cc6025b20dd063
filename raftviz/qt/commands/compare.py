"""Commands on two lines side by side."""

from typing import TYPE_CHECKING

from raftviz.qt.commands.command import Command

if TYPE_CHECKING:
    from raftviz.qt.window import Window


def _comparing(window: "Window") -> bool:
    return window.compare.showing


COMMANDS: tuple[Command, ...] = (
    Command(
        "compare", "Compare with…", "Branch", ("=",),
        "Put another branch, or another session, beside this one on the same clock; "
        "once more to look at one again.",
        lambda w: w.compare.toggle(), separator=True, short="Leave",
        says=lambda w: "Leave the comparison" if w.compare.showing else "Compare with…",
    ),
    Command(
        "next-difference", "Next difference", "Branch", ("I",),
        "Go to the next event that is not the same on both sides.",
        lambda w: w.compare.go_further(), _comparing, short="Next ▸", submenu="Comparison",
    ),
    Command(
        "last-difference", "Previous difference", "Branch", ("Shift+I",),
        "Go back to the last event that was not the same on both sides.",
        lambda w: w.compare.go_further(back=True), _comparing, short="◂ Previous",
        submenu="Comparison",
    ),
    Command(
        "first-difference", "Where they part", "Branch", ("Ctrl+Shift+I",),
        "Go to the first event that is not the same on both sides.",
        lambda w: w.compare.go_to_parting(), _comparing, short="Parting", submenu="Comparison",
    ),
    Command(
        "difference-cause", "What it follows from", "Branch", ("Alt+I",),
        "Go one step back in the chain from the difference that you look at to the parting.",
        lambda w: w.compare.go_to_cause(), _comparing, submenu="Comparison",
    ),
    Command(
        "turn-side", "Other side", "Branch", ("\\",),
        "Let acts go to the other side; a click in it does the same.",
        lambda w: w.compare.turn(), _comparing, submenu="Comparison",
    ),
    Command(
        "swap-sides", "Swap the sides", "Branch", ("|",), "Left becomes right.",
        lambda w: w.conductor.comparing.swap(), _comparing, short="Swap", submenu="Comparison",
    ),
)  # fmt: skip
