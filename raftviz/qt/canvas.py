"""The cluster on screen: shows a picture, says what was pointed at, and turns a stroke into an act.

It keeps no copy of anything simulated: each frame it is given a moment and an instant, and paints
``cluster_picture`` of them.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from raftviz.picture.cluster import cluster_picture
from raftviz.picture.geometry import Line
from raftviz.picture.hover import describe, rules_lines, summary
from raftviz.picture.parting import divided
from raftviz.picture.pointing import at
from raftviz.picture.primitives import (
    ClusterPicture,
    Picked,
    PickedClient,
    PickedLink,
    PickedServer,
    ServerSign,
    server_of,
)
from raftviz.picture.spoken import Spoken, spoken
from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.accessible import Thing, say_selected
from raftviz.qt.gestures import paint_focus, paint_stroke
from raftviz.qt.guard import guarded
from raftviz.qt.painting import Painter
from raftviz.qt.plain import show_tip
from raftviz.raft.names import Address
from raftviz.sim.acts import Partition
from raftviz.sim.history import Moment


class ClusterCanvas(QWidget):
    """Paints a cluster. ``picked`` carries a ``Picked``, or None for a click on nothing.

    ``context_wanted`` carries the same and a global position; ``acted`` carries an ``Act``.
    """

    picked = Signal(object)
    rules_asked = Signal()
    """Somebody clicked the mark of the rules that are broken on purpose."""
    context_wanted = Signal(object, QPoint)
    acted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moment: Moment | None = None
        self._time_us = 0.0
        self._theme = LIGHT
        self._selected: Picked | None = None
        self._highlighted: frozenset[Picked] = frozenset()
        self._highlights: dict[str, frozenset[Picked]] = {}
        self._broken: dict[int, str] = {}
        self._reduced_motion = False
        self._text_scale = 1.0
        self._picture: ClusterPicture | None = None
        self._painter: Painter | None = None
        self._pressed: QPointF | None = None
        self._stroke: Line | None = None
        self._by_keys = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 200)
        self.setAccessibleName(self.tr("Cluster"))

    @guarded(default=QSize(720, 520))
    def sizeHint(self) -> QSize:
        """The size of a comfortable picture of five servers."""
        return QSize(720, 520)

    # What is shown

    def show_picture(self, moment: Moment, time_us: float) -> None:
        """Show the cluster at ``time_us``, which lies where ``moment`` lies."""
        before, self._moment, self._time_us = self._moment, moment, time_us
        if before is None or (before.branch, before.count) != (moment.branch, moment.count):
            self._describe_itself(moment)
        self._renew()

    def _describe_itself(self, moment: Moment) -> None:
        words = summary(moment)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme, self._painter = theme, None
        self.update()

    def set_selected(self, selected: Picked | Address | None) -> None:
        """Mark what is selected: anything picked, or a server or client by its address."""
        if isinstance(selected, int):
            selected = PickedServer(selected) if selected > 0 else PickedClient(selected)
        self._selected = selected
        self._renew()
        say_selected(self, selected)

    def set_highlighted(self, highlighted: frozenset[Picked], by: str = "") -> None:
        """Put a soft light behind what a lesson speaks of, or somebody walks or points at.

        ``by`` says who wants it: each has things of its own, and no one puts out another's.
        """
        self._highlights[by] = highlighted
        self._highlighted = frozenset[Picked]().union(*self._highlights.values())
        self._renew()

    def set_broken(self, broken: Mapping[int, str]) -> None:
        """Mark servers in red, each with the name of the property that it breaks."""
        if broken != self._broken:
            self._broken = dict(broken)
            self._renew()

    def set_reduced_motion(self, *, reduced: bool) -> None:
        """Show places and timers in steps, without gliding and falling."""
        self._reduced_motion = reduced
        self._renew()

    def set_text_scale(self, scale: float) -> None:
        """Enlarge the words beside the servers."""
        self._text_scale = scale
        self._renew()

    def _renew(self) -> None:
        self._picture = None
        self.update()

    @property
    def picture(self) -> ClusterPicture | None:
        """What is shown now; None before the first moment."""
        if self._picture is None and self._moment is not None:
            self._picture = cluster_picture(
                self._moment,
                self._time_us,
                (self.width(), self.height()),
                selected=self._selected,
                highlighted=self._highlighted,
                broken=self._broken,
                reduced_motion=self._reduced_motion,
                text_scale=self._text_scale,
            )
        return self._picture

    # Painting

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint one frame."""
        picture, painter = self.picture, self._painter_now()
        with QPainter(self) as p:
            if picture is None:
                p.fillRect(self.rect(), self._theme.surface)
                return
            painter.paint(p, picture)
            if self._stroke is not None:
                groups = divided(picture, self._stroke)
                paint_stroke(
                    p,
                    self._stroke,
                    groups=groups,
                    size=self.size(),
                    theme=self._theme,
                    family=painter.family,
                )
            if self._by_keys and self.hasFocus():
                paint_focus(p, self.size(), self._theme)

    def _painter_now(self) -> Painter:
        """The painter for the theme, font and pixel ratio of this very frame."""
        family, ratio = self.font().family(), self.devicePixelRatioF()
        kept = self._painter
        if kept is None or kept.family != family or kept.ratio != ratio:
            kept = self._painter = Painter(self._theme, family, ratio)
        return kept

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture fills the new size."""
        self._picture = None
        super().resizeEvent(event)

    # Pointing

    def accessible_things(self) -> list[Thing]:
        """Servers, clients and messages, for screen readers."""
        picture, moment = self.picture, self._moment
        if picture is None or moment is None:
            return []
        things = [self._thing(one) for one in spoken(moment, self._time_us, picture)]
        return [*things, *self._rules_thing(moment, picture)]

    def _rules_thing(self, moment: Moment, picture: ClusterPicture) -> Iterator[Thing]:
        if picture.rules is not None:
            box = QRectF(*picture.rules.box).toRect()
            more = "\n".join(rules_lines(moment))
            yield Thing("rules", picture.rules.words, more, box, self.rules_asked.emit)

    def _thing(self, one: Spoken) -> Thing:
        box = one.box
        return Thing(
            one.picked,
            one.name,
            one.more,
            QRectF(*box).toRect(),
            lambda: self._pick(one.picked),
            {title: partial(self.acted.emit, act) for title, act in one.actions},
            selected=one.picked == self._selected,
        )

    def picked_at(self, where: QPointF) -> Picked | None:
        """What is under a point of the widget."""
        picture = self.picture
        return at(picture, where.x(), where.y()) if picture is not None else None

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """Say what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            words = self.tip_at(QPointF(event.pos()))
            show_tip(event.globalPos(), words, self)
            return True
        return super().event(event)

    def tip_at(self, where: QPointF) -> str:
        """The words for what is under a point; empty when nothing is."""
        if self._moment is not None and self._is_on_rules(where):
            return "\n".join((*rules_lines(self._moment), "Click to choose"))
        found = self.picked_at(where)
        if found is None or self._moment is None:
            return ""
        return describe(self._moment, self._time_us, found)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a click, or a stroke if it begins on nothing or on a link."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._by_keys = event.position(), False
            self.update()

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the stroke as far as it is; otherwise show what can be clicked."""
        here, pressed = event.position(), self._pressed
        if pressed is None:
            solid = self._is_on_rules(here) or self.picked_at(here) is not None
            shape = Qt.CursorShape.PointingHandCursor if solid else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            return
        far = (here - pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._stroke is not None or (far and self._may_begin_at(pressed)):
            self._stroke = Line(pressed.x(), pressed.y(), here.x(), here.y())
            self.setCursor(Qt.CursorShape.CrossCursor)
            self.update()

    def _may_begin_at(self, where: QPointF) -> bool:
        found = self.picked_at(where)
        return found is None or isinstance(found, PickedLink)

    def _is_on_rules(self, where: QPointF) -> bool:
        """Whether a point is on the mark of the broken rules."""
        mark = self.picture.rules if self.picture is not None else None
        return mark is not None and mark.box.contains(where.x(), where.y())

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A stroke across links parts the cluster; a press without one is a click."""
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        pressed, stroke = self._pressed, self._stroke
        self._forget_stroke()
        if stroke is None:
            if (event.position() - pressed).manhattanLength() < QApplication.startDragDistance():
                self._click(event.position())
            return
        picture = self.picture
        groups = divided(picture, stroke) if picture is not None else ()
        if groups:
            self.acted.emit(Partition(groups))

    def _click(self, where: QPointF) -> None:
        if self._is_on_rules(where):
            self.rules_asked.emit()
        else:
            self._pick(self.picked_at(where))

    def _forget_stroke(self) -> None:
        self._pressed = self._stroke = None
        self.unsetCursor()
        self.update()

    def _pick(self, found: Picked | None) -> None:
        self.set_selected(found)
        self.picked.emit(found)

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right mouse button, or the menu key for what is selected."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            server = self._selected_server()
            where = QPointF(server.x, server.y).toPoint() if server else self.rect().center()
            self.context_wanted.emit(self._selected, self.mapToGlobal(where))
        else:
            found = self.picked_at(QPointF(event.pos()))
            self.context_wanted.emit(found, event.globalPos())

    # Keys

    def _selected_server(self) -> ServerSign | None:
        picture, chosen = self.picture, server_of(self._selected)
        if picture is None or chosen is None:
            return None
        return next((sign for sign in picture.servers if sign.id == chosen), None)

    def _walk(self, step: int, *, round_and_round: bool) -> bool:
        """Select the next server on the ring; False when there is none."""
        picture = self.picture
        if picture is None or not picture.servers:
            return False
        numbers = [sign.id for sign in picture.servers]
        server = self._selected_server()
        place = numbers.index(server.id) + step if server else (0 if step > 0 else -1)
        if server and not round_and_round and not 0 <= place < len(numbers):
            return False
        self._by_keys = True
        self._pick(PickedServer(numbers[place % len(numbers)]))
        return True

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk from server to server; Esc gives up a stroke, then the selection."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self._walk(step, round_and_round=True)
        elif event.key() == Qt.Key.Key_Escape and self._pressed is not None:
            self._forget_stroke()
        elif event.key() == Qt.Key.Key_Escape and self._selected is not None:
            self._pick(None)
        else:
            super().keyPressEvent(event)

    @guarded(default=False)
    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's own
        """Tab goes through the servers, and then on to the next widget."""
        if self._by_keys and self._walk(1 if forward else -1, round_and_round=False):
            return True
        return super().focusNextPrevChild(forward)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Arriving by key shows the focus and selects a server, so that keys have a place."""
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._by_keys = (
            event.reason() in keys or event.reason() is Qt.FocusReason.ShortcutFocusReason
        )
        if self._by_keys and self._selected_server() is None:
            self._walk(-1 if event.reason() is keys[1] else 1, round_and_round=True)
        super().focusInEvent(event)

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A stroke does not outlive the focus."""
        self._by_keys = False
        if self._pressed is not None:
            self._forget_stroke()
        super().focusOutEvent(event)


_STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
}
