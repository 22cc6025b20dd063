"""Commands on time."""

from raftviz.qt.commands.command import Command

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
