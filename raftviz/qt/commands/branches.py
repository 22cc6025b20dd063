"""Commands on branches and bookmarks."""

from raftviz.qt.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command(
        "open-branch", "Open a branch here", "Branch", ("N",),
        "Keep what happens from here on apart from the future that there is.",
        lambda w: w.conductor.open_branch(),
    ),
    Command(
        "next-branch", "Next branch", "Branch", ("Ctrl+B",),
        "Look at the next branch of this history, at the same instant.",
        lambda w: w.next_branch(), lambda w: len(w.conductor.session.history.visible) > 1,
    ),
)  # fmt: skip
