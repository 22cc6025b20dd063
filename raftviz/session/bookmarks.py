"""Places in a history that somebody wants to find again."""

from typing import TYPE_CHECKING

import attrs

from raftviz.session.edits import checked_name, free_name
from raftviz.sim.history import Branch

if TYPE_CHECKING:
    from raftviz.session.session import Session


@attrs.frozen
class Bookmark:
    """A name and a note at a position: behind the first ``count`` events of ``branch``."""

    branch: Branch
    count: int
    time_us: int
    name: str
    note: str = ""

    def is_on(self, branch: Branch) -> bool:
        """Whether the place is one of ``branch`` too: in its own events or in those it shares."""
        return self.branch.shared_with(branch) >= self.count


def add_bookmark(session: "Session", name: str = "", note: str = "") -> Bookmark:
    """Mark the position that is looked at. Raises EditError for a name that is taken."""
    taken = {bookmark.name for bookmark in session.bookmarks}
    name = checked_name(name, taken) if name else free_name("bookmark 1", taken)
    bookmark = Bookmark(session.branch, session.count, session.time_us, name, note)
    _set(session, f"bookmark “{name}”", (*session.bookmarks, bookmark))
    return bookmark


def change_bookmark(session: "Session", bookmark: Bookmark, name: str, note: str) -> Bookmark:
    """Another name or note for a bookmark. Raises EditError for a name that is taken."""
    taken = {other.name for other in session.bookmarks if other is not bookmark}
    changed = attrs.evolve(bookmark, name=checked_name(name, taken), note=note)
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


def _set(session: "Session", title: str, new: tuple[Bookmark, ...]) -> None:
    old = session.bookmarks

    def become(bookmarks: tuple[Bookmark, ...]) -> None:
        session.bookmarks = bookmarks

    session.do(title, lambda: become(new), lambda: become(old))
