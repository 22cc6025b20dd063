"""The timeline as a widget: it shows a moment's branch, and asks to be taken to other moments."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
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
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from raftviz.picture.geometry import Box
from raftviz.picture.marked import Marked, marked_words
from raftviz.picture.theme import LIGHT, Theme
from raftviz.picture.timeline_company import Company, company_key, company_of
from raftviz.picture.timeline_flags import FlagSign
from raftviz.picture.timeline_scale import TimeScale
from raftviz.picture.timeline_tracks import SideTrack, track_words
from raftviz.qt.accessible import Thing
from raftviz.qt.guard import guarded
from raftviz.qt.kept import KeptPaintings
from raftviz.qt.plain import show_tip
from raftviz.qt.timeline_chart import Chart
from raftviz.qt.timeline_pull import GRIP_WORDS, HINT, Pull, Spot
from raftviz.qt.timeline_signs import paint_header
from raftviz.qt.timeline_style import Style, pen
from raftviz.sim.history import History, Moment

if TYPE_CHECKING:
    from raftviz.picture.timeline_index import TimelineIndex
    from raftviz.picture.timeline_words import Violation
    from raftviz.qt.timeline_sheet import Found, TimelineSheet

# Charts need numpy, which takes as long to import as the rest of raftviz: the first frame, in which
# nothing has happened yet, does without.
# ruff: noqa: PLC0415


_FIRST_US_PER_PX = 420.0
"""About two thirds of a second in a usual window: an election and the heartbeats after it."""

_SHORTEST_FIT_US = 450_000
"""A run that has only begun is not blown up: there is room for its first election."""

_DRAG_PX = 3.0
_ZOOM_PER_NOTCH = 1.25
_NOTCH = 120.0


class TimelineView(QWidget):
    """The space-time diagram of one branch, with a cursor at the moment that is looked at."""

    seek_wanted = Signal("qlonglong")  # type: ignore[arg-type]  # a time in µs outgrows 32 bits
    """Somebody wants to look at this instant, in µs."""
    message_picked = Signal("qlonglong")  # type: ignore[arg-type]  # so does the id of a flight
    """Somebody clicked at a message: the id of its flight."""
    event_picked = Signal(int)
    """Somebody clicked at an act or a change: the number of its event."""
    branch_picked = Signal(object)
    """Somebody wants to look at this branch."""
    bookmark_picked = Signal(object)
    """Somebody wants to go to this bookmark."""
    branch_wanted = Signal(object)
    """Somebody wants a branch to begin at a ``Spot``; at the cursor if it is None."""
    all_branches_wanted = Signal()
    """Somebody wants to see those branches that have no room here."""
    context_wanted = Signal(object, QPoint)
    """Somebody wants to know what can be done at a ``Spot``; with it goes a global point."""

    _first_painted = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, theme: Theme = LIGHT, titled: bool = True
    ) -> None:
        super().__init__(parent)
        self._style = Style.of(theme, self.font(), titled=titled)
        self._chart, self._kept = Chart(), KeptPaintings()
        self._history: History | None = None
        self._indexes: dict[int, TimelineIndex] = {}
        self._moment: Moment | None = None
        self._ready = False
        self._first: Moment | None = None
        """What is to be shown before anything has happened, as long as charts are not ready."""
        self._first_painted.connect(self._get_ready, Qt.ConnectionType.QueuedConnection)
        self._head_us = 0
        self._violations: tuple[Violation, ...] = ()
        self._marked: Sequence[Marked] = ()
        self._company = Company()
        self._company_of: tuple[object, ...] = ()
        self._lit: tuple[int, ...] = ()
        self._scale = _home(1000.0)
        self._follows = True
        self._untouched, self._fits = True, False
        self._sheet: TimelineSheet | None = None
        self._hovered: Found | None = None
        self._pressed: QPointF | None = None
        self._scrubs = self._gripped = False
        self._pull: Pull | None = None
        self._panned: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription(HINT)

    # What is shown

    def show_moment(self, moment: Moment) -> None:
        """Show the branch of ``moment`` with the cursor at its instant."""
        if moment.history is not self._history:
            self._history, self._indexes = moment.history, {}
            self._moment, self._scale, self._follows = None, _home(self._scale.width), True
            self._untouched, self._fits = True, False
        if not self._ready and not len(moment.branch):
            self._first = moment
            self.update()
            return
        from raftviz.picture.timeline_index import index_of

        self._ready, self._first = True, None
        before, self._moment = self._moment, moment
        index = index_of(moment.history, moment.branch, self._indexes)
        same = before is not None and before.branch is moment.branch
        at_end = moment.count >= len(moment.branch)
        head = max(index.head_us, moment.time_us if at_end else 0, self._head_us if same else 0)
        self._follow(before.time_us if before else 0, moment.time_us)
        self._renew_company(moment)
        sheet = self._sheet
        if (
            sheet is None
            or not same
            or sheet.scale is not self._scale
            or not sheet.still_shows(head, len(index), self._company)
        ):
            self._forget()
        self._head_us = head
        self.update()

    @guarded
    def _get_ready(self) -> None:
        """Show what has been waiting for charts, now that there is something to look at meanwhile."""
        if self._first is not None:
            self._ready = True
            self.show_moment(self._first)

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._style = Style.of(theme, self.font(), titled=self._style.titled)
        self._kept = KeptPaintings()
        self._forget()

    def set_violations(self, violations: "Sequence[Violation]") -> None:
        """Mark these broken rules: (time in µs, numbers of servers, name of the property)."""
        if tuple(violations) != self._violations:
            self._violations = tuple(violations)
            self._forget()

    def set_bookmarks(self, marked: Sequence[Marked]) -> None:
        """Show these bookmarks, as far as they are on the branch that is shown."""
        self._marked = marked

    def _renew_company(self, moment: Moment) -> None:
        """Look anew at the other branches and the bookmarks, if somebody changed them."""
        key = company_key(moment.history, moment.branch, self._marked)
        if key != self._company_of:
            self._company_of = key
            self._company = company_of(moment.history, moment.branch, self._marked)

    def set_lit(self, events: Sequence[int]) -> None:
        """Put a ring around these events, by their numbers; the first one is where somebody is."""
        if tuple(events) != self._lit:
            self._lit = tuple(events)
            self.update()

    def fit_all(self) -> None:
        """Show everything from the beginning to the simulated end."""
        self._look(self._scale.fitted(max(self._head_us, _SHORTEST_FIT_US)))
        self._fits = True

    @property
    def scale(self) -> TimeScale:
        """What part of time is in view."""
        return self._scale

    def _follow(self, before_us: int, now_us: int) -> None:
        """Keep the cursor in view, unless somebody looks elsewhere while time goes on evenly."""
        jumped = not 0 <= now_us - before_us <= 0.1 * self._scale.width * self._scale.us_per_px
        if jumped or 0 <= self._scale.x(now_us) <= self._scale.width:
            self._follows = True
        if self._scrubs:  # only as far as the hand drags: nothing may slip away under it
            beyond = self._scale.x(now_us) - min(max(self._scale.x(now_us), 0), self._scale.width)
            self._scale = self._scale.panned(beyond, self._head_us) if beyond else self._scale
        elif self._follows and now_us != before_us:
            self._scale = self._scale.keeping(now_us, self._grain())

    def _grain(self) -> int:
        """Pixels in which the view goes on by itself: whole device pixels, so that it can be moved."""
        ratio = self.devicePixelRatioF()
        return next((grain for grain in (1, 2, 4) if (grain * ratio).is_integer()), 1)

    def _look(self, scale: TimeScale) -> None:
        """Look at another part of time because somebody wants to."""
        self._scale, self._untouched, self._fits = scale, False, False
        cursor = scale.x(self._moment.time_us if self._moment else 0)
        self._follows = 0 <= cursor <= scale.width
        self._forget()

    def _forget(self) -> None:
        self._sheet = None
        self._hovered = None
        self.update()

    def _shown(self) -> "TimelineSheet | None":
        """The sheet as it is now; None before anything is shown."""
        ratio = self.devicePixelRatioF()
        if self._moment is None:
            return None
        if self._sheet is None or self._sheet.ratio != ratio:
            from raftviz.qt.timeline_sheet import TimelineSheet

            index = self._indexes[self._moment.branch.number]
            self._sheet = TimelineSheet(
                index,
                self._head_us,
                scale=self._scale,
                style=self._style,
                height=self.height(),
                ratio=ratio,
                violations=self._violations,
                chart=self._chart,
                kept=self._kept,
                company=self._company,
            )
        return self._sheet

    # What Qt asks

    def sizeHint(self) -> QSize:
        """Five lanes with room for their arrows."""
        return QSize(900, 220)

    def minimumSizeHint(self) -> QSize:
        """Five thin lanes."""
        return QSize(320, 130)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The kept sheet with the cursor."""
        sheet, style = self._shown(), self._style
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(style.theme.surface))
            if sheet is None or self._moment is None:
                paint_header(painter, style, self.width(), "empty until something happens")
                self._first_painted.emit()
            else:
                sheet.paint(painter, self._moment.time_us, self._hovered, self._pull)
                sheet.paint_lit(painter, self._lit)
            if self.hasFocus():
                painter.setPen(pen(style.theme.accent, 2.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002
        """The same part of time from the left, in another width."""
        self._fill_width()

    def _fill_width(self) -> None:
        self._scale = self._scale.resized(max(50.0, self.width() - self._style.gutter))
        if self._untouched and self._moment is not None:
            # Nobody chose what is in view yet: show the beginning as long as it holds the cursor.
            self._scale = _home(self._scale.width).keeping(self._moment.time_us)
        elif self._fits:
            self._scale = self._scale.fitted(max(self._head_us, _SHORTEST_FIT_US))
        self._forget()

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Sizes follow the font."""
        if event.type() == QEvent.Type.FontChange:
            self._style = Style.of(self._style.theme, self.font(), titled=self._style.titled)
            self._kept = KeptPaintings()
            self._fill_width()
        super().changeEvent(event)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the focus is gone."""
        super().focusOutEvent(event)
        self.update()

    # What a person does

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Left: pick what is there, pull a branch, or take the cursor there. Middle: begin to pan."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self._gripped = self._grips(event.position())
            if not self._gripped and self._found(event.position()) is None:
                self._scrub_to(event.position())

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the cursor, pull a branch, pan, or see what is pointed at."""
        at = event.position()
        if self._panned is not None:
            moved = self._panned.x() - at.x()
            self._panned = at
            self._look(self._scale.panned(moved, self._head_us))
        elif self._pressed is None:
            self._point_at(at)
        elif self._pull is not None or self._begins_to_pull(at - self._pressed):
            self._pull_to(at)
        elif not self._gripped and (self._scrubs or abs(at.x() - self._pressed.x()) > _DRAG_PX):
            self._scrub_to(at)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A pull opens a branch; a click that was no drag picks what is there."""
        if self._panned is not None and event.button() == Qt.MouseButton.MiddleButton:
            self._panned = None
            self.unsetCursor()
        elif self._pressed is not None and event.button() == Qt.MouseButton.LeftButton:
            pull, clicked, gripped = self._pull, not self._scrubs, self._gripped
            self._let_go()
            if pull is not None:
                if pull.ready:
                    self.branch_wanted.emit(Spot(pull.time_us, pull.event))
            elif gripped:
                self.branch_wanted.emit(None)
            elif clicked:
                self._pick(event.position())

    def _let_go(self) -> None:
        self._pressed = self._pull = None
        self._scrubs = self._gripped = False
        self.unsetCursor()
        self.update()

    # Pulling a branch

    def _grips(self, position: QPointF) -> bool:
        sheet, moment = self._shown(), self._moment
        if sheet is None or moment is None:
            return False
        return sheet.grips(position.x(), position.y(), moment.time_us)

    def _begins_to_pull(self, moved: QPointF) -> bool:
        """The fork is pulled anywhere; an event is pulled down, out of its lane."""
        if self._scrubs or self._pressed is None:
            return False
        if self._gripped:
            return moved.manhattanLength() > _DRAG_PX
        return moved.y() > max(2 * _DRAG_PX, 2 * abs(moved.x())) and (
            self._event_at(self._pressed) is not None
        )

    def _pull_to(self, position: QPointF) -> None:
        sheet, moment = self._shown(), self._moment
        if sheet is None or moment is None or self._pressed is None:
            return
        if self._gripped:
            time_us = min(max(round(sheet.time_us(position.x())), 0), self._head_us)
            self._pull = Pull(time_us)
        else:
            event = self._event_at(self._pressed)
            if event is not None:
                below = position.y() > sheet.picture.lanes.bottom - _DRAG_PX
                self._pull = Pull(moment.branch[event].time_us, event, below)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.update()

    def _event_at(self, position: QPointF) -> int | None:
        sheet = self._shown()
        return sheet.event_of(self._found(position)) if sheet is not None else None

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc lets go of what is pulled; all other keys are the window's."""
        if event.key() == Qt.Key.Key_Escape and self._pull is not None:
            self._let_go()
        else:
            event.ignore()

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right mouse button, or the menu key for the cursor."""
        sheet, moment = self._shown(), self._moment
        if sheet is None or moment is None:
            return
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            x = self._style.gutter + min(max(self._scale.x(moment.time_us), 0), self._scale.width)
            at = QPointF(x, sheet.picture.lanes.bottom).toPoint()
            self.context_wanted.emit(Spot(moment.time_us, words=""), self.mapToGlobal(at))
        elif event.pos().x() >= self._style.gutter:
            spot = self._spot_at(sheet, moment, QPointF(event.pos()))
            self.context_wanted.emit(spot, event.globalPos())

    def _spot_at(self, sheet: "TimelineSheet", moment: Moment, position: QPointF) -> Spot:
        found = self._found(position)
        event = sheet.event_of(found)
        if event is not None:
            words = self.words_at(position).partition("\n")[0]
            flight = sheet.index.legs.value(found, "id") if isinstance(found, int) else None
            return Spot(moment.branch[event].time_us, event, words=words, flight=flight)
        time_us = min(max(round(sheet.time_us(position.x())), 0), self._head_us)
        if isinstance(found, SideTrack):
            return Spot(time_us, branch=found.branch)
        if isinstance(found, FlagSign):
            return Spot(time_us, marked=found.marked)
        return Spot(time_us)

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """See all."""
        if event.button() == Qt.MouseButton.LeftButton and not self._grips(event.position()):
            self.fit_all()

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; with shift, or sideways, pan."""
        turned = event.angleDelta()
        sideways = abs(turned.x()) > abs(turned.y())
        if sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            notches = (turned.x() if sideways else turned.y()) / _NOTCH
            step = -notches * 0.12 * self._scale.width
            self._look(self._scale.panned(step, self._head_us))
        elif turned.y():
            factor = _ZOOM_PER_NOTCH ** (turned.y() / _NOTCH)
            longest = max(1.5 * self._head_us, _FIRST_US_PER_PX * self._scale.width)
            x = event.position().x() - self._style.gutter
            self._look(self._scale.zoomed(factor, x, longest))
        event.accept()

    @guarded
    def leaveEvent(self, event: QEvent) -> None:  # noqa: ARG002
        """Nothing is pointed at any more."""
        self._hovered = None
        self.update()

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """Say what is pointed at."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._pull is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def accessible_things(self) -> list[Thing]:
        """The acts, the bookmarks and the other branches in view, for screen readers."""
        sheet = self._shown()
        if sheet is None:
            return []
        gutter, lanes = round(self._style.gutter), sheet.picture.lanes
        found: list[tuple[Hashable, str, Box, Callable[[], None]]] = [
            (
                ("event", mark.event),
                sheet.told(mark),
                Box(mark.x - 6, lanes.y(mark.lane) - 6, 12, 12),
                partial(self.event_picked.emit, mark.event),
            )
            for mark in sheet.picture.marks
        ]
        for flag in sheet.picture.flags.flags:
            for one in flag.marked:
                go = partial(self.bookmark_picked.emit, one)
                words = f"Bookmark {marked_words([one])}"
                found.append((("bookmark", one.name), words, flag.box(lanes), go))
        for track in sheet.picture.tracks.tracks:
            look = partial(self.branch_picked.emit, track.branch)
            words = f"Branch {track_words(track.other)}"
            found.append((("branch", track.branch.number), words, track.label, look))
        return [
            Thing(key, first, more, QRectF(*box).toRect().translated(gutter, 0), press)
            for key, words, box, press in found
            for first, _, more in (words.partition("\n"),)
        ]

    def words_at(self, position: QPointF) -> str:
        """What is to be said about what stands at a place in the widget; empty for nothing."""
        sheet = self._shown()
        if sheet is None or self._moment is None:
            return ""
        if position.x() < self._style.gutter:
            return "Show all branches" if self._is_more(sheet, position) else ""
        if self._grips(position):
            return GRIP_WORDS
        return sheet.words_at(position.x(), position.y())

    def _is_more(self, sheet: "TimelineSheet", position: QPointF) -> bool:
        """Whether the word about those branches that have no room is at a place."""
        lanes = sheet.picture.lanes
        in_gutter = position.x() < self._style.gutter
        return in_gutter and bool(lanes.rows) and lanes.bottom <= position.y() <= lanes.foot

    def _found(self, position: QPointF) -> "Found | None":
        sheet = self._shown()
        if sheet is None or position.x() < self._style.gutter:
            return None
        return sheet.hit(position.x(), position.y())

    def _point_at(self, position: QPointF) -> None:
        found, sheet = self._found(position), self._shown()
        solid = found is not None or (sheet is not None and self._is_more(sheet, position))
        shape = Qt.CursorShape.PointingHandCursor if solid else Qt.CursorShape.ArrowCursor
        if self._grips(position):
            shape = Qt.CursorShape.OpenHandCursor
        if shape != self.cursor().shape():
            self.setCursor(shape)
        if found != self._hovered:
            self._hovered = found
            self.update()

    def _scrub_to(self, position: QPointF) -> None:
        sheet = self._shown()
        if sheet is not None and position.x() >= self._style.gutter - 20:
            self._scrubs = True
            wanted = round(sheet.time_us(position.x()))
            self.seek_wanted.emit(min(max(wanted, 0), self._head_us))

    def _pick(self, position: QPointF) -> None:
        sheet, found = self._shown(), self._found(position)
        if sheet is None:
            return
        match found:
            case None:
                if self._is_more(sheet, position):
                    self.all_branches_wanted.emit()
            case int(row):
                self.message_picked.emit(sheet.index.legs.value(row, "id"))
            case SideTrack(branch=branch):
                self.branch_picked.emit(branch)
            case FlagSign(marked=marked):
                self.bookmark_picked.emit(marked[0])
            case _:
                self.event_picked.emit(found.event)


def _home(width: float) -> TimeScale:
    scale = TimeScale(0.0, _FIRST_US_PER_PX, width)
    return TimeScale(scale.home_us, scale.us_per_px, width)
