"""The panel of branches: the tree of them, and the bookmarks on them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QToolButton, QVBoxLayout, QWidget

from raftviz.picture.theme import Theme
from raftviz.qt.bookmark_list import BookmarkList
from raftviz.qt.branch_tree import BranchTree
from raftviz.qt.later import View
from raftviz.session.session import Session

_ONE_BRANCH = (
    "There is one future so far. Go back in time and do something else, press N, or pull the fork "
    "below the timeline's cursor: both futures stay, and are shown here."
)
_NO_BOOKMARK = "Mark what you want to find again: Ctrl+D here, or a right click on the timeline."


class BranchPanel(View):
    """Shows a session's branches and bookmarks; it holds nothing itself."""

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = BranchTree()
        self.bookmarks = BookmarkList()
        self._only = _hint(_ONE_BRANCH)
        self._none = _hint(_NO_BOOKMARK)
        upper = _section("Branches", actions["open-branch"], self.tree, self._only)
        lower = _section("Bookmarks", actions["bookmark"], self.bookmarks, self._none)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.addWidget(upper)
        halves.addWidget(lower)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(halves)
        self.setFocusProxy(self.tree)

    def show_session(self, session: Session) -> None:
        """Show a session as it is now."""
        self.tree.show_session(session)
        self.bookmarks.show_session(session)
        self._only.setVisible(len(session.history.visible) == 1)
        self._none.setVisible(not session.bookmarks)

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self.tree.set_theme(theme)
        self.bookmarks.set_theme(theme)


def _hint(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("tone", "muted")
    label.setWordWrap(True)
    label.setContentsMargins(10, 2, 10, 6)
    return label


def _section(title: str, action: QAction, view: QWidget, hint: QLabel) -> QWidget:
    """A title with a button for what one does most, the view, and what to do while it is empty."""
    section = QWidget()
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    row = QHBoxLayout()
    row.setContentsMargins(10, 2, 4, 0)
    head = QLabel(title)
    font = head.font()
    font.setBold(True)
    head.setFont(font)
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.text())
    row.addWidget(head)
    row.addStretch(1)
    row.addWidget(button)
    column.addLayout(row)
    column.addWidget(view, 1)
    column.addWidget(hint)
    return section
