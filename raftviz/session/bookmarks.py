"""Places in a history that somebody wants to find again."""

from typing import TYPE_CHECKING

import attrs

from raftviz.picture import marked
from raftviz.raft.values import value
from raftviz.session.edits import checked_name, checked_note, free_name
from raftviz.sim.history import Branch

if TYPE_CHECKING:
    from raftviz.session.session import Session


@value
class Bookmark:
    """A name and a note at a position: behind the first ``count`` events of ``branch``."""

    branch: Branch
    count: int
    time_us: int
    name: str
    note: str = ""

    def is_on(self, branch: Branch) -> bool:
        """Whether the place is one of ``branch`` too: in its own events or in those it shares."""
        return marked.is_on(self, branch)


def add_bookmark(session: "Session", name: str = "", note: str = "") -> Bookmark:
    """Mark the position that is looked at.

    Raises EditError for a name that is taken, and for a note that is too long.
    """
    taken = {bookmark.name for bookmark in session.bookmarks}
    name = checked_name(name, taken) if name else free_name("bookmark 1", taken)
    bookmark = Bookmark(session.branch, session.count, session.time_us, name, checked_note(note))
    _set(session, f"bookmark “{name}”", (*session.bookmarks, bookmark))
    return bookmark


def change_bookmark(session: "Session", bookmark: Bookmark, name: str, note: str) -> Bookmark:
    """Another name or note for a bookmark. Raises EditError as ``add_bookmark`` does."""
    taken = {other.name for other in session.bookmarks if other is not bookmark}
    changed = attrs.evolve(bookmark, name=checked_name(name, taken), note=checked_note(note))
    new = tuple(changed if other is bookmark else other for other in session.bookmarks)
    _set(session, f"change “{bookmark.name}”", new)
    return changed


def delete_bookmark(session: "Session", bookmark: Bookmark) -> None:
    """Forget a bookmark."""
    new = tuple(other for other in session.bookmarks if other is not bookmark)
    _set(session, f"delete “{bookmark.name}”", new)


def bookmarks_on(session: "Session", branch: Branch) -> list[Bookmark]:
    """The bookmarks whose places are in a branch, in the order of their places."""
    found = [bookmark for bookmark in session.bookmarks if bookmark.is_on(branch)]
    return sorted(found, key=lambda bookmark: (bookmark.count, bookmark.time_us))


def branch_of(session: "Session", bookmark: Bookmark) -> Branch | None:
    """The branch in which to look at a bookmark: the one that is looked at, if its place is there."""
    here = session.branch
    return here if bookmark.is_on(here) else home_of(session, bookmark)


def home_of(session: "Session", bookmark: Bookmark) -> Branch | None:
    """The branch that has a bookmark's place, wherever one looks: the one it was set in, if seen.

    None when no branch that is seen has the place: all were deleted, or their acts undone.
    """
    own = bookmark.branch
    if not own.hidden:
        return own
    near = (session.in_sight(own), *session.history.visible)
    return next((b for b in near if not b.hidden and bookmark.is_on(b)), None)


def bookmark_here(session: "Session") -> Bookmark | None:
    """The bookmark at the position that is looked at; of several, the one nearest in time."""
    here = [
        bookmark
        for bookmark in session.bookmarks
        if bookmark.count == session.count and bookmark.is_on(session.branch)
    ]
    return min(here, key=lambda one: abs(one.time_us - session.time_us), default=None)


def next_bookmark(session: "Session", *, back: bool = False) -> Bookmark | None:
    """The next bookmark behind the cursor on the branch that is looked at, or the last before."""
    here = (session.count, session.time_us)
    found = bookmarks_on(session, session.branch)
    if back:
        return next((b for b in reversed(found) if (b.count, b.time_us) < here), None)
    return next((b for b in found if (b.count, b.time_us) > here), None)


def _set(session: "Session", title: str, new: tuple[Bookmark, ...]) -> None:
    old = session.bookmarks

    def become(bookmarks: tuple[Bookmark, ...]) -> None:
        session.bookmarks = bookmarks

    session.do(title, lambda: become(new), lambda: become(old))
