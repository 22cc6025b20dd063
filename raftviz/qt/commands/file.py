"""Commands on files and on the window itself."""

from raftviz.qt.commands.command import Command

COMMANDS: tuple[Command, ...] = (
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
)  # fmt: skip
