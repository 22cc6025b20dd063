"""Everything one can do in the window, declared once: menus, keys, tooltips and the list of keys.

A command runs on the window; whether it can run now is asked each time something changes.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

from raftviz.raft.server import Leader
from raftviz.sim import acts
from raftviz.sim.acts import Choice
from raftviz.sim.host import Status
from raftviz.sim.units import ms

if TYPE_CHECKING:
    from raftviz.qt.window import Window

Run = Callable[["Window"], object]
Can = Callable[["Window"], bool]

DELAY_US = ms(30)
"""How much longer *Hold back* lets a message take: twice the usual way."""


def _always(_: "Window") -> bool:
    return True


@attrs.frozen
class Command:
    """One row: a stable id, its title and menu, its keys, one sentence, and what it does."""

    id: str
    title: str
    menu: str
    keys: tuple[str, ...]
    about: str
    run: Run
    can: Can = _always
    icon: str = ""
    short: str = ""
    """What its button says, where the title is too long."""
    separator: bool = False
    """Whether a line is drawn above it in its menu."""


def _has_server(window: "Window") -> bool:
    return window.conductor.selected_server is not None


def _has_message(window: "Window") -> bool:
    return window.conductor.selected_message is not None


def _status_is(*statuses: Status) -> Can:
    def can(window: "Window") -> bool:
        host = window.selected_host()
        return host is not None and host.status in statuses

    return can


def _can_time_out(window: "Window") -> bool:
    host = window.selected_host()
    return host is not None and host.is_up and not isinstance(host.server.role, Leader)


def _crash(window: "Window") -> None:
    server = window.conductor.selected_server
    window.conductor.dispatch(acts.Crash("leader" if server is None else server))


def _can_crash(window: "Window") -> bool:
    return window.selected_host() is None or _status_is(Status.UP, Status.PAUSED)(window)


def _is_cut(window: "Window") -> bool:
    network = window.conductor.session.moment.state.network
    return bool(network.groups or network.cuts)


def _on_server(act: Callable[[acts.Target], acts.Act]) -> Run:
    def run(window: "Window") -> None:
        server = window.conductor.selected_server
        if server is not None:
            window.conductor.dispatch(act(server))

    return run


def _on_message(act: Callable[[Choice], acts.Act]) -> Run:
    def run(window: "Window") -> None:
        choice = window.selected_choice()
        if choice is not None:
            window.conductor.dispatch(act(choice))

    return run


def _pause_or_resume(window: "Window") -> None:
    host = window.selected_host()
    if host is not None:
        paused = host.status is Status.PAUSED
        window.conductor.dispatch(acts.Resume(host.id) if paused else acts.Pause(host.id))


def _exists(server: int) -> Can:
    return lambda window: server in window.conductor.session.history.start.hosts


def _is_writing(window: "Window") -> bool:
    host = window.selected_host()
    return host is not None and host.is_up and bool(host.disk.writes)


def _fill_or_free(window: "Window") -> None:
    host = window.selected_host()
    if host is not None:
        act = acts.FreeDisk(host.id) if host.disk.full else acts.FillDisk(host.id)
        window.conductor.dispatch(act)


def _select(server: int) -> Run:
    return lambda window: window.select_server(server)


COMMANDS: tuple[Command, ...] = (
    # File
    Command(
        "new", "New cluster…", "File", ("Ctrl+N",),
        "Begin with a fresh cluster of as many servers as you like.",
        lambda w: w.new_cluster(),
    ),
    Command(
        "open", "Open scenario…", "File", ("Ctrl+O",),
        "Open a scenario from a .raft file.",
        lambda w: w.open_file(),
    ),
    Command(
        "picture", "Save picture…", "File", ("Ctrl+Shift+S",),
        "Save what the window shows as a picture.",
        lambda w: w.save_picture(),
    ),
    Command(
        "quit", "Quit", "File", ("Ctrl+Q",), "Close raftviz.",
        lambda w: w.close(), separator=True,
    ),
    # Cluster
    Command(
        "request", "Send a request", "Cluster", ("C",),
        "A client sends a request to the leader it knows of.",
        lambda w: w.send_request(), icon="request", short="Request",
    ),
    Command(
        "request-to", "Send a request to the selected server", "Cluster", ("Shift+C",),
        "A client sends a request to the selected server, whoever leads.",
        lambda w: w.send_request(to_selected=True), _has_server,
    ),
    Command(
        "crash", "Crash", "Cluster", ("K",),
        "The selected server, or else the leader, stops at once; only what is on its disk stays.",
        _crash, _can_crash, icon="crash", separator=True,
    ),
    Command(
        "restart", "Restart", "Cluster", ("R",),
        "The selected server starts again with what its disk holds.",
        _on_server(acts.Restart), _status_is(Status.CRASHED),
    ),
    Command(
        "timeout", "Time out now", "Cluster", ("T",),
        "The selected server's election timeout elapses at once.",
        _on_server(acts.Timeout), _can_time_out,
    ),
    Command(
        "pause-server", "Pause or resume the server", "Cluster", ("P",),
        "The selected server's process stops, or goes on; it keeps its memory.",
        _pause_or_resume, _status_is(Status.UP, Status.PAUSED),
    ),
    Command(
        "partition", "Partition…", "Cluster", ("X",),
        "Cut the network in two: say who is on which side, or drag a line across the picture.",
        lambda w: w.ask_partition(), icon="partition", short="Partition", separator=True,
    ),
    Command(
        "isolate", "Cut off the selected server", "Cluster", ("Shift+X",),
        "The selected server reaches nobody, and nobody reaches it.",
        lambda w: w.isolate_selected(), _has_server,
    ),
    Command(
        "heal", "Heal the network", "Cluster", ("H",),
        "The partition ends and every cut link works again.",
        lambda w: w.conductor.dispatch(acts.Heal()), _is_cut, icon="heal", short="Heal",
    ),
    Command(
        "requests", "Steady requests", "Cluster", ("Ctrl+R",),
        "A client sends a request every 100 ms by itself, or stops doing so.",
        lambda w: w.toggle_requests(), separator=True,
    ),
    Command(
        "act", "Type an act…", "Cluster", (":", "Ctrl+K"),
        "Type any act in words, such as “partition S1 S2 | S3 S4 S5” or “loss 10%”.",
        lambda w: w.prompt_act(), icon="prompt",
    ),
    # Disk
    Command(
        "compact", "Compact the log", "Disk", ("Z",),
        "A snapshot replaces the selected server's log, as far as it is applied.",
        _on_server(acts.Compact), _status_is(Status.UP),
    ),
    Command(
        "tear", "Crash while writing", "Disk", ("Shift+K",),
        "The selected server crashes in the middle of a write.",
        _on_server(acts.Tear), _is_writing, separator=True,
    ),
    Command(
        "fill-disk", "Fill or free the disk", "Disk", ("Y",),
        "Nothing more gets onto the selected server's disk, or it has room again.",
        _fill_or_free, _has_server,
    ),
    Command(
        "fail-write", "Fail the next write", "Disk", ("W",),
        "The selected server's next write fails once and is tried again.",
        _on_server(acts.FailWrite), _status_is(Status.UP),
    ),
    Command(
        "fail-apply", "Fail the next command", "Disk", ("Shift+W",),
        "The next command that the selected server executes fails once and is tried again.",
        _on_server(acts.FailApply), _status_is(Status.UP),
    ),
    Command(
        "damage", "Damage the disk", "Disk", ("Shift+D",),
        "A bit on the selected server's disk turns over; its next start finds it.",
        _on_server(acts.Damage), _has_server,
    ),
    # Message
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
        _on_message(acts.Drop), _has_message, separator=True,
    ),
    Command(
        "duplicate", "Duplicate", "Message", ("U",), "The selected message arrives twice.",
        _on_message(acts.Duplicate), _has_message,
    ),
    Command(
        "delay", "Hold back", "Message", ("B",),
        f"The selected message takes {DELAY_US // 1000} ms longer.",
        _on_message(lambda choice: acts.Delay(choice, DELAY_US)), _has_message,
    ),
    Command(
        "deliver", "Deliver now", "Message", ("V",), "The selected message arrives at once.",
        _on_message(acts.Deliver), _has_message,
    ),
    # Time
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
    Command(
        "next-branch", "Next branch", "Time", ("Ctrl+B",),
        "Look at the next branch of this history, at the same instant.",
        lambda w: w.next_branch(), lambda w: len(w.conductor.session.history.branches) > 1,
        separator=True,
    ),
    # View
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
    # Help
    Command(
        "keys", "Keys", "Help", ("?", "F1"), "Show every key.", lambda w: w.show_keys(),
    ),
    Command(
        "about", "About raftviz", "Help", (), "What raftviz is, and its version.",
        lambda w: w.show_about(),
    ),
)  # fmt: skip

MENUS = ("File", "Cluster", "Disk", "Message", "Time", "View", "Help")
"""The menus, from left to right."""

BY_ID = {command.id: command for command in COMMANDS}
"""The commands by their id."""
