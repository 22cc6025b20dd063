"""What can be done to a thing, for the menu that opens on it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from raftviz.picture.primitives import (
    Picked,
    PickedClient,
    PickedEntry,
    PickedLink,
    PickedMessage,
    PickedServer,
    PickedVote,
)
from raftviz.qt.commands import BY_ID
from raftviz.raft.names import name
from raftviz.sim import acts

if TYPE_CHECKING:
    from raftviz.qt.window import Window

_SERVER_COMMANDS = (
    "why",
    "crash",
    "restart",
    "timeout",
    "pause-server",
    "send-batch",
    "request-to",
    "isolate",
    "compact",
    "tear",
    "finish-write",
    "fill-disk",
    "fail-write",
    "fail-apply",
    "damage",
)
_MESSAGE_COMMANDS = ("why", "deliver", "hold", "drop", "duplicate", "delay")
_CLIENT_COMMANDS = ("why", "request", "requests", "wake", "act")
_ENTRY_COMMANDS = ("why", "request", "act")
_OTHER_COMMANDS = ("why", "request", "partition", "heal", "requests", "act")


def context_actions(window: "Window", picked: object) -> Iterator[QAction]:
    """What can be done to a thing; the thing is selected first, as the commands act on that."""
    if isinstance(picked, PickedLink):
        yield from _link_actions(window, picked)
        return
    if isinstance(picked, Picked):
        window.conductor.select(picked)
    for command in _commands_for(picked):
        action = window.command_actions[command]
        action.setEnabled(BY_ID[command].can(window))
        yield action
    if isinstance(picked, PickedMessage):
        yield from window.branches.sending_actions(picked.flight_id)
    else:
        yield from (window.command_actions[one] for one in ("open-branch", "bookmark"))


def _commands_for(picked: object) -> tuple[str, ...]:
    match picked:
        case PickedServer():
            return _SERVER_COMMANDS
        case PickedMessage():
            return _MESSAGE_COMMANDS
        case PickedClient():
            return _CLIENT_COMMANDS
        case PickedEntry() | PickedVote():
            return _ENTRY_COMMANDS
        case _:
            return _OTHER_COMMANDS


def _link_actions(window: "Window", link: PickedLink) -> Iterator[QAction]:
    """Cut or restore a link: both ways, or one of them."""
    a, b = link.source, link.target
    conductor = window.conductor
    cuts = conductor.session.moment.state.network.cuts
    for source, target, both in ((a, b, True), (a, b, False), (b, a, False)):
        verb, kind = ("Restore", acts.Restore) if (source, target) in cuts else ("Cut", acts.Cut)
        arrow = "↔" if both else "→"
        action = QAction(f"{verb} {name(source)} {arrow} {name(target)}", window)
        act = kind(source, target, both)
        action.triggered.connect(lambda _=False, act=act: conductor.dispatch(act))
        yield action
