"""Everything one can do in the window, declared once: menus, keys, tooltips and the list of keys.

A command runs on the window; whether it can run now is asked each time something changes. Each
module has its own rows; this is the whole table.
"""

from raftviz.qt.commands import (
    adversary,
    branches,
    classroom,
    cluster,
    compare,
    disk,
    edit,
    file,
    find,
    lessons,
    message,
    time,
    view,
    views,
    why,
)
from raftviz.qt.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    *file.COMMANDS,
    *edit.COMMANDS,
    *cluster.COMMANDS,
    *find.COMMANDS,
    *disk.COMMANDS,
    *message.COMMANDS,
    *time.COMMANDS,
    *adversary.COMMANDS,
    *branches.COMMANDS,
    *compare.COMMANDS,
    *why.COMMANDS,
    *lessons.COMMANDS,
    *classroom.COMMANDS,
    *view.COMMANDS,
    *views.COMMANDS,
)

MENUS = (
    "File",
    "Edit",
    "Cluster",
    "Disk",
    "Message",
    "Time",
    "Branch",
    "Why",
    "Lessons",
    "View",
    "Help",
)
"""The menus, from left to right."""

BY_ID = {command.id: command for command in COMMANDS}
"""The commands by their id."""
