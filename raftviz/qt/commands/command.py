"""What a command is: one row of the table of everything one can do."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from raftviz.raft.values import value
from raftviz.sim.units import ms

if TYPE_CHECKING:
    from raftviz.qt.window import Window

Run = Callable[["Window"], object]
Can = Callable[["Window"], bool]


Says = Callable[["Window"], str]

REQUESTS_US = ms(100)
"""The interval of steady requests: slow enough that each is answered before the next."""


def _always(_: "Window") -> bool:
    return True


@value
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
    submenu: str = ""
    """The part of its menu that it stands in; empty for the menu itself."""
    says: Says | None = None
    """What its menu entry says now, where the title alone would say too little."""


def key_text(key: str) -> str:
    """A key as it stands on a keyboard: ``←`` for ``Left``."""
    arrows = {"Left": "←", "Right": "→", "Space": "Space"}
    return "+".join(arrows.get(part, part) for part in key.split("+")) if len(key) > 1 else key


def has_server(window: "Window") -> bool:
    """Whether a server is selected."""
    return window.conductor.selected_server is not None


def has_message(window: "Window") -> bool:
    """Whether a message that is in flight is selected."""
    return window.conductor.selected_message is not None
