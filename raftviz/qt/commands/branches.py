"""Commands on branches and bookmarks."""

from typing import TYPE_CHECKING

from raftviz.qt.commands.command import Command

if TYPE_CHECKING:
    from raftviz.qt.window import Window


def _has_several(window: "Window") -> bool:
    return len(window.conductor.session.history.visible) > 1


def _has_bookmarks(window: "Window") -> bool:
    return bool(window.conductor.session.bookmarks)


COMMANDS: tuple[Command, ...] = (
    Command(
        "open-branch", "Open a branch here", "Branch", ("N",),
        "Keep what happens from here on apart from the future that there is.",
        lambda w: w.conductor.open_branch(), icon="branch", short="Open here",
    ),
    Command(
        "next-branch", "Next branch", "Branch", ("Ctrl+B",),
        "Look at the next branch of this history, at the same instant.",
        lambda w: w.branches.look_further(1), _has_several,
    ),
    Command(
        "last-branch", "Previous branch", "Branch", ("Ctrl+Shift+B",),
        "Look at the previous branch of this history, at the same instant.",
        lambda w: w.branches.look_further(-1), _has_several,
    ),
    Command(
        "list-branches", "Choose a branch…", "Branch", ("Alt+B",),
        "Open the list of branches at the top of the window.",
        lambda w: w.transport.pill.open_list(),
    ),
    Command(
        "show-branches", "Tree of branches", "Branch", ("Shift+B",),
        "Show how the branches hang together, with their notes and bookmarks.",
        lambda w: w.branches.show_panel(),
    ),
    Command(
        "rename-branch", "Rename the branch", "Branch", ("Ctrl+F2",),
        "Type another name for the branch that you look at.",
        lambda w: w.branches.rename(), separator=True,
    ),
    Command(
        "describe-branch", "Name, note and colour…", "Branch", ("Shift+F2",),
        "Describe the branch that you look at: its name, a note, a colour.",
        lambda w: w.branches.describe(),
    ),
    Command(
        "delete-branch", "Delete the branch…", "Branch", ("Ctrl+Delete",),
        "Take the branch that you look at out of sight; undo brings it back.",
        lambda w: w.branches.delete(), _has_several,
    ),
    Command(
        "bookmark", "Bookmark here…", "Branch", ("Ctrl+D",),
        "Give the instant that you look at a name and a note, or change them.",
        lambda w: w.branches.bookmark(), icon="bookmark", short="Bookmark…", separator=True,
    ),
    Command(
        "next-bookmark", "Next bookmark", "Branch", ("Ctrl+Down",),
        "Go to the next bookmark on this branch.",
        lambda w: w.branches.go_further(), _has_bookmarks,
    ),
    Command(
        "last-bookmark", "Previous bookmark", "Branch", ("Ctrl+Up",),
        "Go back to the last bookmark on this branch.",
        lambda w: w.branches.go_further(back=True), _has_bookmarks,
    ),
    Command(
        "delete-bookmark", "Delete the bookmark here", "Branch", ("Ctrl+Shift+D",),
        "Forget the bookmark at the instant that you look at; undo brings it back.",
        lambda w: w.branches.delete_bookmark(), lambda w: w.branches.has_bookmark_here(),
    ),
)  # fmt: skip
