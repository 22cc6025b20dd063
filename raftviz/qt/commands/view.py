"""Commands on what is shown, and help."""

from raftviz.qt.commands.command import Can, Command, Run


def _exists(server: int) -> Can:
    return lambda window: server in window.conductor.session.history.start.hosts


def _select(server: int) -> Run:
    return lambda window: window.select_server(server)


COMMANDS: tuple[Command, ...] = (
    Command(
        "theme", "Light or dark", "View", ("Ctrl+T",), "Change between light and dark.",
        lambda w: w.toggle_theme(),
    ),
    Command(
        "fit", "Whole timeline", "View", ("F",), "Show all of the timeline.",
        lambda w: w.fit_timeline(),
    ),
    Command(
        "select-none", "Select nothing", "View", ("Esc",), "Look at the whole cluster again.",
        lambda w: w.conductor.select(None), separator=True,
    ),
    *(
        Command(
            f"select-{n}", f"Select S{n}", "View", (str(n),), f"Look closer at server S{n}.",
            _select(n), _exists(n),
        )
        for n in range(1, 10)
    ),
    Command(
        "keys", "Keys", "Help", ("?", "F1"), "Show every key.", lambda w: w.show_keys(),
    ),
    Command(
        "about", "About raftviz", "Help", (), "What raftviz is, and its version.",
        lambda w: w.show_about(),
    ),
)  # fmt: skip
