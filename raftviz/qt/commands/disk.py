"""Commands on disks."""

from typing import TYPE_CHECKING

from raftviz.qt.commands.cluster import on_server, status_is
from raftviz.qt.commands.command import Command, has_server
from raftviz.sim import acts
from raftviz.sim.host import Status

if TYPE_CHECKING:
    from raftviz.qt.window import Window


def _is_writing(window: "Window") -> bool:
    host = window.selected_host()
    return host is not None and host.is_up and bool(host.disk.writes)


def _can_finish(window: "Window") -> bool:
    host = window.selected_host()
    return host is not None and host.can_write and bool(host.disk.writes)


def _fill_or_free(window: "Window") -> None:
    host = window.selected_host()
    if host is not None:
        act = acts.FreeDisk(host.id) if host.disk.full else acts.FillDisk(host.id)
        window.conductor.dispatch(act)


COMMANDS: tuple[Command, ...] = (
    Command(
        "compact", "Compact the log", "Disk", ("Z",),
        "A snapshot replaces the selected server's log, as far as it is applied.",
        on_server(acts.Compact), status_is(Status.UP),
    ),
    Command(
        "tear", "Crash while writing", "Disk", ("Shift+K",),
        "The selected server crashes in the middle of a write.",
        on_server(acts.Tear), _is_writing, separator=True,
    ),
    Command(
        "finish-write", "Finish the write", "Disk", ("Shift+Y",),
        "The oldest write on its way to the selected server's disk is there now.",
        on_server(acts.FinishWrite), _can_finish,
    ),
    Command(
        "fill-disk", "Fill or free the disk", "Disk", ("Y",),
        "Nothing more gets onto the selected server's disk, or it has room again.",
        _fill_or_free, has_server,
    ),
    Command(
        "fail-write", "Fail the next write", "Disk", ("W",),
        "The selected server's next write fails once and is tried again.",
        on_server(acts.FailWrite), status_is(Status.UP),
    ),
    Command(
        "fail-apply", "Fail the next command", "Disk", ("Shift+W",),
        "The next command that the selected server executes fails once and is tried again.",
        on_server(acts.FailApply), status_is(Status.UP),
    ),
    Command(
        "damage", "Damage the disk", "Disk", ("Shift+D",),
        "A bit on the selected server's disk turns over; its next start finds it.",
        on_server(acts.Damage), has_server,
    ),
)  # fmt: skip
