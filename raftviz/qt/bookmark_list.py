"""All bookmarks that can be gone to, in the order of time."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from raftviz.picture.theme import LIGHT, Theme
from raftviz.picture.timeline_scale import ms_text
from raftviz.qt.branch_signs import branch_icon
from raftviz.qt.guard import guarded
from raftviz.qt.plain import plain_tip
from raftviz.session.bookmarks import Bookmark, bookmark_here, branch_of
from raftviz.session.session import Session

_OURS = (Qt.Key.Key_Delete, Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BookmarkList(QTreeWidget):
    """A row for each bookmark: its name, when, on which branch, and its note."""

    bookmark_wanted = Signal(object)
    """Somebody wants to go there."""
    change_wanted = Signal(object)
    """Somebody wants another name or note for it."""
    delete_wanted = Signal(object)
    """Somebody wants it gone."""
    context_wanted = Signal(object, QPoint)
    """Somebody wants to know what can be done with it; None beside all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._shown: tuple[object, ...] = ()
        self._marked: list[Bookmark] = []
        self.setHeaderLabels(["Name", "at", "Note"])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlternatingRowColors(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Bookmarks")
        self.setAccessibleDescription("Enter goes there, F2 changes, Delete deletes")
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self.itemClicked.connect(lambda item: self.bookmark_wanted.emit(self._of(item)))

    def set_theme(self, theme: Theme) -> None:
        """Show the branches' signs in the colours of ``theme``."""
        self._theme, self._shown = theme, ()

    def show_session(self, session: Session) -> None:
        """Show the bookmarks of a session whose places can be seen; the one here is selected."""
        seen = tuple((b.number, b.label.colour) for b in session.history.visible)
        shown = (id(session.history), session.bookmarks, session.branch.number, seen)
        if shown != self._shown:
            self._shown = shown
            self._fill(session)
        here = bookmark_here(session)
        current = self.current()
        if here is not None and here is not current:
            with QSignalBlocker(self):
                self.setCurrentIndex(self.model().index(self._marked.index(here), 0))
        elif here is None and current is not None and not self.hasFocus():
            with QSignalBlocker(self):
                self.setCurrentIndex(QModelIndex())

    def _fill(self, session: Session) -> None:
        places = [(bookmark, branch_of(session, bookmark)) for bookmark in session.bookmarks]
        seen = [(mark, branch) for mark, branch in places if branch is not None]
        seen.sort(key=lambda place: (place[0].time_us, place[0].name))
        self._marked = [mark for mark, _ in seen]
        icons = {branch.label.colour: None for _, branch in seen}
        signs = {colour: branch_icon(self._theme, colour) for colour in icons}
        with QSignalBlocker(self):
            self.clear()
            rows = []
            longest = f"{ms_text(max((mark.time_us for mark, _ in seen), default=0))} ms"
            self.setColumnWidth(1, self.fontMetrics().horizontalAdvance(longest) + 26)
            self.setColumnWidth(0, self.fontMetrics().averageCharWidth() * 22)
            for mark, branch in seen:
                first = mark.note.splitlines()[0] if mark.note else ""
                row = QTreeWidgetItem([mark.name, f"{ms_text(mark.time_us)} ms", first])
                row.setIcon(0, signs[branch.label.colour])
                row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                words = f"“{mark.name}” on “{branch.name}”\n{mark.note}".strip()
                for column in range(3):
                    row.setToolTip(column, plain_tip(words))
                rows.append(row)
            self.addTopLevelItems(rows)

    def current(self) -> Bookmark | None:
        """The selected bookmark."""
        item = self.currentItem()
        return self._of(item) if item is not None else None

    def _of(self, item: QTreeWidgetItem) -> Bookmark:
        return self._marked[self.indexOfTopLevelItem(item)]

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """Keep our own keys from the window's shortcuts."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OURS
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there, F2 changes, Delete deletes."""
        chosen = self.current()
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if chosen is not None:
                self.bookmark_wanted.emit(chosen)
            case Qt.Key.Key_F2 if chosen is not None:
                self.change_wanted.emit(chosen)
            case Qt.Key.Key_Delete if chosen is not None:
                self.delete_wanted.emit(chosen)
            case _:
                super().keyPressEvent(event)

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right mouse button, or the menu key for what is selected."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            item = self.currentItem()
            where = self.visualItemRect(item).center() if item else self.rect().center()
        else:
            where = self.viewport().mapFromGlobal(event.globalPos())
            item = self.itemAt(where)
        self.context_wanted.emit(
            self._of(item) if item else None, self.viewport().mapToGlobal(where)
        )
