"""Commands on files and on the window itself."""

from typing import TYPE_CHECKING

from raftviz.qt.commands.command import Command

if TYPE_CHECKING:
    from raftviz.qt.window import Window


def _can_be_saved(window: "Window") -> bool:
    """A recording is a file of its own kind, and nothing in it can be changed."""
    return not window.filing.session.is_recording


COMMANDS: tuple[Command, ...] = (
    Command(
        "new", "New cluster…", "File", ("Ctrl+N",),
        "Begin with a fresh cluster of as many servers as you like.",
        lambda w: w.new_cluster(),
    ),
    Command(
        "open", "Open…", "File", ("Ctrl+O",),
        "Open a session or a scenario from a .raft file, or a lesson.",
        lambda w: w.filing.open(),
    ),
    Command(
        "recent", "Open recent…", "File", ("Ctrl+Shift+O",),
        "Choose among the files that were open last.",
        lambda w: w.show_recent(),
    ),
    Command(
        "save", "Save", "File", ("Ctrl+S",),
        "Save the session: its branches, bookmarks, notes, and where you look.",
        lambda w: w.filing.save(), _can_be_saved, separator=True,
    ),
    Command(
        "save-as", "Save as…", "File", ("Ctrl+Shift+S",),
        "Save the session to another file.",
        lambda w: w.filing.save_as(), _can_be_saved,
    ),
    Command(
        "copy-session", "Copy session as text", "File", ("Ctrl+Shift+C",),
        "Put the session on the clipboard as text, to send it or to read it.",
        lambda w: w.filing.copy(), _can_be_saved, separator=True,
    ),
    Command(
        "paste-session", "Paste session", "File", ("Ctrl+V",),
        "Open the session that is on the clipboard as text.",
        lambda w: w.filing.paste(),
    ),
    Command(
        "export", "Export trace…", "File", ("Ctrl+E",),
        "Write every event to a file for other programs: JSON Lines, or for ShiViz.",
        lambda w: w.filing.export(), separator=True,
    ),
    Command(
        "picture", "Save picture…", "File", ("Ctrl+Alt+S",),
        "Save what the window shows as a picture.",
        lambda w: w.save_picture(), separator=True,
    ),
    Command(
        "quit", "Quit", "File", ("Ctrl+Q",), "Close raftviz.",
        lambda w: w.close(), separator=True,
    ),
)  # fmt: skip
