"""Commands on servers, clients and the network."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from raftviz.qt.commands.command import Can, Command, Run, has_server
from raftviz.sim import acts
from raftviz.sim.client import Client
from raftviz.sim.host import Status
from raftviz.sim.units import NEVER

if TYPE_CHECKING:
    from raftviz.qt.window import Window


def status_is(*statuses: Status) -> Can:
    """Whether the selected server has one of these statuses."""

    def can(window: "Window") -> bool:
        host = window.selected_host()
        return host is not None and host.status in statuses

    return can


def _crash(window: "Window") -> None:
    server = window.conductor.selected_server
    window.conductor.dispatch(acts.Crash("leader" if server is None else server))


def _can_crash(window: "Window") -> bool:
    return window.selected_host() is None or status_is(Status.UP, Status.PAUSED)(window)


def _is_cut(window: "Window") -> bool:
    network = window.conductor.session.moment.state.network
    return bool(network.groups or network.cuts)


def on_server(act: Callable[[acts.Target], acts.Act]) -> Run:
    """Do an act on the selected server."""

    def run(window: "Window") -> None:
        server = window.conductor.selected_server
        if server is not None:
            window.conductor.dispatch(act(server))

    return run


def _pause_or_resume(window: "Window") -> None:
    host = window.selected_host()
    if host is not None:
        paused = host.status is Status.PAUSED
        window.conductor.dispatch(acts.Resume(host.id) if paused else acts.Pause(host.id))


def _gathers(window: "Window") -> bool:
    host = window.selected_host()
    return host is not None and host.is_up and host.batch_us < NEVER


def _broken_rules(window: "Window") -> tuple[str, ...]:
    """The variants that are on."""
    return window.conductor.session.moment.state.network.variants


def _mend_rules(window: "Window") -> None:
    for variant in _broken_rules(window):
        window.conductor.dispatch(acts.SwitchOff(variant))


def _sleeper(window: "Window") -> Client | None:
    """The selected client, if it would do something by itself."""
    conductor = window.conductor
    address = min(0, conductor.selected_address)
    client = conductor.session.moment.state.clients.get(address) if address else None
    return client if client is not None and client.alarm_us < NEVER else None


def _wake(window: "Window") -> None:
    client = _sleeper(window)
    if client is not None:
        window.conductor.dispatch(acts.Wake(-client.id))


COMMANDS: tuple[Command, ...] = (
    Command(
        "request", "Send a request", "Cluster", ("C",),
        "A client sends a request to the leader it knows of.",
        lambda w: w.send_request(), icon="request", short="Request",
    ),
    Command(
        "request-to", "Send a request to the selected server", "Cluster", ("Shift+C",),
        "A client sends a request to the selected server, whoever leads.",
        lambda w: w.send_request(to_selected=True), has_server,
    ),
    Command(
        "crash", "Crash", "Cluster", ("K",),
        "The selected server, or else the leader, stops at once; only what is on its disk stays.",
        _crash, _can_crash, icon="crash", separator=True,
    ),
    Command(
        "restart", "Restart", "Cluster", ("R",),
        "The selected server starts again with what its disk holds.",
        on_server(acts.Restart), status_is(Status.CRASHED),
    ),
    Command(
        "timeout", "Time out now", "Cluster", ("T",),
        "The selected server's timer runs out at once: it begins an election, or sends heartbeats.",
        on_server(acts.Timeout), status_is(Status.UP),
    ),
    Command(
        "pause-server", "Pause or resume the server", "Cluster", ("P",),
        "The selected server's process stops, or goes on; it keeps its memory.",
        _pause_or_resume, status_is(Status.UP, Status.PAUSED),
    ),
    Command(
        "send-batch", "Send the batch", "Cluster", ("Shift+G",),
        "The selected leader sends the commands that it gathers now.",
        on_server(acts.SendBatch), _gathers,
    ),
    Command(
        "partition", "Partition…", "Cluster", ("X",),
        "Cut the network in two: say who is on which side, or drag a line across the picture.",
        lambda w: w.ask_partition(), icon="partition", short="Partition", separator=True,
    ),
    Command(
        "isolate", "Cut off the selected server", "Cluster", ("Shift+X",),
        "The selected server reaches nobody, and nobody reaches it.",
        lambda w: w.isolate_selected(), has_server,
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
        "wake", "Wake the client", "Cluster", ("J",),
        "The selected client does now what it would do next by itself: ask, or ask again.",
        _wake, lambda w: _sleeper(w) is not None,
    ),
    Command(
        "variants", "Break a rule…", "Cluster", ("Shift+V",),
        "Choose mistakes that people make: each breaks one rule of Raft, on all servers.",
        lambda w: w.show_view("Variants"), separator=True,
    ),
    Command(
        "mend-rules", "Mend all rules", "Cluster", ("Shift+H",),
        "Every rule that is broken on purpose is whole again.",
        _mend_rules, lambda w: bool(_broken_rules(w)),
    ),
    Command(
        "act", "Type an act…", "Cluster", (":", "Ctrl+K"),
        "Type any act in words, such as “partition S1 S2 | S3 S4 S5” or “loss 10%”.",
        lambda w: w.prompt_act(), icon="prompt",
    ),
)  # fmt: skip
