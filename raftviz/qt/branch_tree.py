"""The tree of branches as a widget: a click looks at a branch, a double click renames it."""

from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from raftviz.picture.branch_tree import (
    TreeFlag,
    TreeHit,
    TreeIndex,
    TreePicture,
    TreeRow,
    flag_words,
    row_words,
    shape_of,
    tree_hit,
    tree_picture,
)
from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.accessible import Thing
from raftviz.qt.branch_paint import TreeStyle, paint_tree
from raftviz.qt.guard import guarded
from raftviz.qt.inline_name import InlineName
from raftviz.qt.plain import show_tip
from raftviz.qt.timeline_style import pen
from raftviz.session.session import Session
from raftviz.sim.history import Branch

_OURS = (Qt.Key.Key_Delete, Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter)
"""Keys that mean something of their own here, whatever they mean in the window."""


class BranchTree(QAbstractScrollArea):
    """All branches that are seen, on one axis of time."""

    branch_wanted = Signal(object)
    """Somebody wants to look at this branch."""
    bookmark_wanted = Signal(object)
    """Somebody wants to go to this bookmark."""
    rename_wanted = Signal(object, str)
    """Somebody gave a branch another name."""
    delete_wanted = Signal(object)
    """Somebody wants this branch out of sight."""
    context_wanted = Signal(object, object, object)
    """Somebody wants to know what can be done: the branch, bookmarks or None, a global point."""

    def __init__(self, parent: QWidget | None = None, *, theme: Theme = LIGHT) -> None:
        super().__init__(parent)
        self._style = TreeStyle.of(theme, self.font())
        self._session: Session | None = None
        self._index: TreeIndex | None = None
        self._picture: TreePicture | None = None
        self._here: Branch | None = None
        self._editor = InlineName(self.viewport())
        self._editor.named.connect(self._named)
        self._editor.left.connect(self.setFocus)
        self._renamed: Branch | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Branches")
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)

    # What is shown

    def show_session(self, session: Session) -> None:
        """Show the branches of a session, and where it stands."""
        self._session = session
        if self.isVisible():
            self._renew()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._style = TreeStyle.of(theme, self.font())
        self._renew()

    @property
    def picture(self) -> TreePicture | None:
        """What is shown; None before there is anything."""
        return self._picture

    def _renew(self) -> None:
        session = self._session
        if session is None:
            return
        history, violations = session.history, session.checker.violations
        index = self._index
        shape = shape_of(history, session.bookmarks, len(violations))
        if index is None or index.history is not history or index.shape != shape:
            index = self._index = TreeIndex(history, session.bookmarks, violations)
            self._here = None
        width = self.viewport().width()
        sizes = self._style.sizes(width)
        self._picture = tree_picture(index, session.branch, session.time_us, width, sizes)
        bar = self.verticalScrollBar()
        room = self.viewport().height() - sizes.axis
        bar.setPageStep(max(1, int(room)))
        bar.setSingleStep(int(sizes.row))
        bar.setRange(0, max(0, int(self._picture.height - room)))
        if session.branch is not self._here:
            self._here = session.branch
            self._bring_into_view(self._here)
        self._place_editor()
        self.viewport().update()

    def _bring_into_view(self, branch: Branch) -> None:
        row = self._row_of(branch)
        if row is None:
            return
        bar, page = self.verticalScrollBar(), self.verticalScrollBar().pageStep()
        top, bottom = int(row.box.y), int(row.box.y + row.box.h)
        if not bar.value() <= top <= bottom <= bar.value() + page:
            bar.setValue(top - (page - int(row.box.h)) // 2)
        words = f"{len(self._rows())} branches; this is “{row.name}”, {row.detail}"
        self.setAccessibleDescription(words)

    def _rows(self) -> tuple[TreeRow, ...]:
        return self._picture.rows if self._picture else ()

    def _row_of(self, branch: Branch) -> TreeRow | None:
        return next((row for row in self._rows() if row.branch is branch), None)

    # Renaming in place

    def rename(self, branch: Branch, typed: str = "") -> None:
        """Let somebody type another name over the one that is there, or mend what was ``typed``."""
        self._renew()
        self._bring_into_view(branch)
        if self._row_of(branch) is not None:
            self._renamed = branch
            self._editor.edit(branch.name, typed)
            self._place_editor()

    def _place_editor(self) -> None:
        row = self._row_of(self._renamed) if self._renamed and self._editor.isVisible() else None
        if row is not None:
            sizes = self._style.sizes(self.viewport().width())
            top = row.box.y + sizes.axis - self.verticalScrollBar().value()
            high = self._editor.sizeHint().height()
            self._editor.setGeometry(
                int(row.name_box.x - 4),
                int(top + (row.box.h - high) / 2),
                int(row.name_box.w + 8),
                high,
            )

    def _named(self, name: str) -> None:
        if self._renamed is not None:
            self.rename_wanted.emit(self._renamed, name)

    # What Qt asks

    def sizeHint(self) -> QSize:
        """Half a dozen branches."""
        return QSize(420, 280)

    def minimumSizeHint(self) -> QSize:
        """Two branches."""
        return QSize(240, 110)

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """What happened while nobody looked."""
        super().showEvent(event)
        self._renew()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002
        """The same tree in another width."""
        self._renew()

    @guarded
    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002
        """Paint anew: the axis stays where it is."""
        self._place_editor()
        self.viewport().update()

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Sizes follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._style = TreeStyle.of(self._style.theme, self.font())
            self._renew()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """What is in view."""
        style, area = self._style, QRectF(self.viewport().rect())
        with QPainter(self.viewport()) as painter:
            painter.fillRect(area, QColor(style.theme.surface))
            if self._picture is not None:
                sizes = style.sizes(area.width())
                top = self.verticalScrollBar().value()
                part = QRectF(0, top, area.width(), area.height() - sizes.axis)
                paint_tree(painter, self._picture, style, sizes, part=part)
            if self.hasFocus():
                painter.setPen(pen(style.theme.accent, 2.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(area.adjusted(1, 1, -1, -1))

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the focus is gone."""
        super().focusOutEvent(event)
        self.viewport().update()

    # What a person does

    def hit(self, position: QPointF) -> TreeHit | None:
        """What is at a place in the viewport."""
        sizes = self._style.sizes(self.viewport().width())
        y = position.y() - sizes.axis + self.verticalScrollBar().value()
        if self._picture is None or position.y() < sizes.axis:
            return None
        return tree_hit(self._picture, position.x(), y, sizes)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look at the branch, or go to the bookmark, that is there."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        match self.hit(event.position()):
            case TreeRow(branch=branch):
                self.branch_wanted.emit(branch)
            case TreeFlag(marked=marked):
                self.bookmark_wanted.emit(marked[0])

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename the branch that is there."""
        found = self.hit(event.position())
        if event.button() == Qt.MouseButton.LeftButton and isinstance(found, TreeRow):
            self.rename(found.branch)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what can be clicked."""
        solid = self.hit(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if solid else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right mouse button, or the menu key for the branch that is looked at."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            row = self._row_of(self._here) if self._here else None
            if row is not None:
                sizes = self._style.sizes(self.viewport().width())
                y = row.y + sizes.axis - self.verticalScrollBar().value()
                at = self.viewport().mapToGlobal(QPointF(row.name_box.x, y).toPoint())
                self.context_wanted.emit(row.branch, None, at)
            return
        match self.hit(QPointF(event.pos())):
            case TreeRow(branch=branch):
                self.context_wanted.emit(branch, None, event.globalPos())
            case TreeFlag(marked=marked):
                self.context_wanted.emit(None, marked, event.globalPos())

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down look at other branches; Enter or F2 renames, Delete deletes; the rest is not ours."""
        rows, here = self._rows(), self._here
        at = next((n for n, row in enumerate(rows) if row.branch is here), None)
        if at is None or here is None:
            event.ignore()
            return
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self.branch_wanted.emit(rows[min(max(at + step, 0), len(rows) - 1)].branch)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F2:
                self.rename(here)
            case Qt.Key.Key_Delete:
                self.delete_wanted.emit(here)
            case _:
                event.ignore()

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

    @guarded(default=False)
    def viewportEvent(self, event: QEvent) -> bool:
        """Say what is pointed at."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def accessible_things(self) -> list[Thing]:
        """The branches, for screen readers."""
        if self._index is None:
            return []
        sizes = self._style.sizes(self.viewport().width())
        down = round(sizes.axis) - self.verticalScrollBar().value()
        things = []
        for row in self._rows():
            name, _, more = row_words(self._index, row.branch).partition("\n")
            box = QRectF(row.box.x, row.box.y, row.box.w, row.box.h).toRect().translated(0, down)
            look = partial(self.branch_wanted.emit, row.branch)
            others = {
                "Rename": partial(self.rename, row.branch),
                "Delete": partial(self.delete_wanted.emit, row.branch),
            }
            things.append(
                Thing(row.branch.number, name, more, box, look, others, selected=row.here)
            )
        return things

    def words_at(self, position: QPointF) -> str:
        """What is to be said about what stands at a place in the viewport; empty for nothing."""
        match self.hit(position):
            case TreeRow(branch=branch) if self._index is not None:
                return row_words(self._index, branch)
            case TreeFlag() as flag:
                return flag_words(flag)
            case _:
                return ""
