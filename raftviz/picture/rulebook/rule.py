"""What a rule of the book is."""

from collections.abc import Callable
from typing import Any

from raftviz.raft.because import Reason
from raftviz.raft.server import Server
from raftviz.raft.values import value
from raftviz.sim.history import Record
from raftviz.sim.host import Host


@value
class Rule:
    """One rule in our words. ``code`` are the functions and classes of ``raft/`` that follow it.

    It *fires* in an event that gives one of ``reasons`` for what it did, or that ``seen_in`` says
    yes to. ``section`` is of the paper unless it says otherwise.
    """

    id: str
    text: str
    section: str
    code: tuple[Callable[..., Any], ...]
    reasons: tuple[Reason, ...] = ()
    seen_in: Callable[[Record], bool] | None = None


@value
class Chapter:
    """Rules that stand together, as in the paper's Figure 2. ``title`` begins with its box's."""

    title: str
    rules: tuple[Rule, ...]


def changes(differ: Callable[[Server, Server], bool]) -> Callable[[Record], bool]:
    """Whether an event leaves a running server in another state, as ``differ`` compares two."""

    def seen_in(record: Record) -> bool:
        before, after = record.before, record.after
        if not isinstance(before, Host) or not isinstance(after, Host) or not after.is_up:
            return False
        was, now = before.server, after.server
        return was is not now and differ(was, now)

    return seen_in
