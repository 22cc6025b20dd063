"""Painting what stands on the timeline: acts, broken rules, words, the axis, names and the cursor."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPolygonF

from raftviz.picture.timeline_scale import Lanes, Tick, TimeScale, ms_text
from raftviz.qt.timeline_style import Style, pen
from raftviz.raft.values import value

if TYPE_CHECKING:
    from raftviz.picture.timeline import Mark, TimelinePicture
    from raftviz.picture.timeline_words import Violation, Word


Words = Mapping[int, tuple[str, bool]]
"""By the number of an act's event: its sentence, and whether it stopped a server."""

_LEGEND = (
    "thick = leader · hatched = candidate · dotted = crashed · dashed arrow = answer · × = lost · "
    "‖ = held"
)


def paint_signs(
    painter: QPainter,
    picture: "TimelinePicture",
    style: Style,
    words: Words,
    violations: "Sequence[Violation]",
) -> None:
    """Acts and broken rules; their words come later, over the cursor."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    for mark in picture.marks:
        _paint_mark(painter, picture, style, mark, cross=words[mark.event][1])
    _paint_violations(painter, picture, style, violations)


def paint_words(painter: QPainter, words: "Sequence[Word]", style: Style) -> None:
    """What was done and what broke, in words that nothing covers."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    painter.setFont(style.bold)
    ground = QColor(style.theme.surface)
    ground.setAlpha(225)
    for word in words:
        box = QRectF(word.box.x, word.box.y, word.box.w, word.box.h)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box.adjusted(-2, 0, 2, 0), 3, 3)
        painter.setPen(QColor(style.theme.broken if word.tone == "broken" else style.theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word.text)


def _paint_mark(
    painter: QPainter, picture: "TimelinePicture", style: Style, mark: "Mark", *, cross: bool
) -> None:
    x, y, arm = mark.x, picture.lanes.y(mark.lane), 4.6 * style.unit
    if not mark.lane:  # the world changed: for every server from here on
        bottom = picture.lanes.top + picture.lanes.height
        painter.setPen(pen(style.theme.muted, 1.0, 1.0, 3.0))
        painter.drawLine(QLineF(x, y, x, bottom))
    if cross:
        lines = [
            QLineF(x - arm, y - arm, x + arm, y + arm),
            QLineF(x - arm, y + arm, x + arm, y - arm),
        ]
        for colour, width in ((style.theme.surface, 5.0), (style.theme.text, 2.4)):
            painter.setPen(pen(colour, width * style.unit))
            painter.drawLines(lines)
        return
    painter.setPen(pen(style.theme.surface, 1.5))
    painter.setBrush(QColor(style.theme.text))
    corners = ((0, -arm), (arm, 0), (0, arm), (-arm, 0))
    painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))


def _paint_violations(
    painter: QPainter,
    picture: "TimelinePicture",
    style: Style,
    violations: "Sequence[Violation]",
) -> None:
    lanes, broken = picture.lanes, style.theme.broken
    for time_us, servers, _ in violations:
        x = picture.scale.x(time_us)
        if not -10 <= x <= picture.scale.width + 10:
            continue
        ground = QColor(broken)
        ground.setAlpha(36)
        painter.fillRect(QRectF(x - 4, lanes.top, 8, lanes.height), ground)
        painter.setPen(pen(broken, 2.0 * style.unit))
        painter.drawLine(QLineF(x, lanes.top, x, lanes.top + lanes.height))
        painter.setBrush(QColor(style.theme.surface))
        for server in servers:
            radius = 5 * style.unit
            painter.drawEllipse(QPointF(x, lanes.y(server)), radius, radius)
            painter.drawPoint(QPointF(x, lanes.y(server)))


# What moves with the cursor, and what stands beside the lanes


class OverTime(Protocol):
    """Whatever lies along time: the timeline, and the clients' operations."""

    @property
    def scale(self) -> TimeScale:
        """What part of time is in view."""

    @property
    def lanes(self) -> Lanes:
        """Where the lanes are, above the axis."""

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """What stands at the axis."""


def paint_axis(
    painter: QPainter, picture: OverTime, style: Style, cursor_us: int, *, grip: bool = False
) -> None:
    """The axis, filled up to the cursor; labels make room for the cursor's time, and its grip."""
    theme, scale = style.theme, picture.scale
    y = picture.lanes.foot
    x = scale.x(cursor_us)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    if x > 0:
        begin = max(0.0, scale.x(0))
        painter.fillRect(QRectF(begin, y - 1, min(x, scale.width) - begin, 3), QColor(theme.accent))
    painter.setFont(style.small)
    metrics = QFontMetricsF(style.small)
    plate = cursor_plate(picture, style, cursor_us, grip=grip)
    painter.setPen(QColor(theme.muted))
    for tick in picture.ticks:
        at, wide = scale.x(tick.time_us), metrics.horizontalAdvance(tick.label) / 2
        left, right = at - wide - 4, at + wide + 4
        covered = plate is not None and left < plate.right and right > plate.box.left()
        if wide <= at <= scale.width - wide and not covered:
            box = QRectF(at - wide - 2, y + 4, 2 * wide + 4, style.axis - 5)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tick.label)
    if plate is not None:
        _paint_plate(painter, plate, style)


@value
class Plate:
    """The cursor's time on the axis in ``box``, and beside it a ``grip`` to pull a branch by."""

    text: str
    box: QRectF
    grip: QRectF | None

    @property
    def right(self) -> float:
        """Where it ends."""
        return (self.grip or self.box).right()


def cursor_plate(picture: OverTime, style: Style, cursor_us: int, *, grip: bool) -> Plate | None:
    """Where the cursor's time stands; None while the cursor is out of view."""
    scale, x = picture.scale, picture.scale.x(cursor_us)
    if not 0 <= x <= scale.width:
        return None
    text = f"{ms_text(cursor_us)} ms"
    half = QFontMetricsF(style.bold).horizontalAdvance(text) / 2 + 7 * style.unit
    wide = 21 * style.unit if grip else 0.0
    middle = min(max(x, half + 1), scale.width - half - wide - 1)
    top, high = picture.lanes.foot + 3, style.axis - 4
    box = QRectF(middle - half, top, 2 * half, high)
    return Plate(text, box, QRectF(box.right() + 1, top, wide - 1, high) if grip else None)


def _paint_plate(painter: QPainter, plate: Plate, style: Style) -> None:
    theme = style.theme
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.accent))
    painter.drawRoundedRect(plate.box, 4, 4)
    painter.setFont(style.bold)
    painter.setPen(QColor(theme.on_accent))
    painter.drawText(plate.box, Qt.AlignmentFlag.AlignCenter, plate.text)
    if plate.grip is not None:
        _paint_grip(painter, plate.grip, style)


def _paint_grip(painter: QPainter, grip: QRectF, style: Style) -> None:
    """A fork in the road."""
    theme = style.theme
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(grip, 4, 4)
    painter.setPen(pen(theme.on_accent, 1.6 * style.unit))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    left, right = grip.left() + 5 * style.unit, grip.right() - 4 * style.unit
    high, low = grip.center().y() - 3 * style.unit, grip.center().y() + 4 * style.unit
    painter.drawLine(QLineF(left, high, right, high))
    path = QPainterPath(QPointF(left + 1, high))
    path.cubicTo(left + 6, high, left + 3, low, right, low)
    painter.drawPath(path)


def paint_cursor(painter: QPainter, picture: OverTime, style: Style, cursor_us: int) -> None:
    """The line at the instant that is looked at, with a handle to pull it by."""
    x = round(picture.scale.x(cursor_us))
    if not -1 <= x <= picture.scale.width + 1:
        return
    top, bottom = picture.lanes.top, picture.lanes.foot
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    painter.setPen(pen(style.theme.surface, 4.0 * style.unit))
    painter.drawLine(QLineF(x, top, x, bottom))
    painter.setPen(pen(style.theme.accent, 2.0 * style.unit))
    painter.drawLine(QLineF(x, top, x, bottom))
    wide = 6.5 * style.unit
    handle = [(-wide, -8), (wide, -8), (wide, -2), (0, 5), (-wide, -2)]
    painter.setPen(pen(style.theme.surface, 1.2))
    painter.setBrush(QColor(style.theme.accent))
    points = [QPointF(x + dx, top + dy * style.unit) for dx, dy in handle]
    painter.drawPolygon(QPolygonF(points))


def paint_names(
    painter: QPainter, picture: "TimelinePicture", style: Style, *, clients: bool
) -> None:
    """The servers' names beside their lanes, as many as have room."""
    lanes, gutter = picture.lanes, style.gutter
    theme = style.theme
    painter.fillRect(
        QRectF(0, lanes.top - 1, gutter, lanes.foot - lanes.top + style.axis),
        QColor(theme.surface),
    )
    metrics = QFontMetricsF(style.bold)
    every = max(1, -(-int(metrics.height()) // max(1, int(lanes.pitch))))
    painter.setFont(style.bold)
    painter.setPen(QColor(theme.text))
    right = gutter - 10 * style.unit
    align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for server in range(1, lanes.servers + 1, every):
        y = lanes.y(server)
        box = QRectF(0, y - metrics.height() / 2, right, metrics.height())
        painter.drawText(box, align, f"S{server}")
    painter.setFont(style.small)
    painter.setPen(QColor(theme.muted))
    painter.drawText(QRectF(0, lanes.foot + 4, right, style.axis - 5), align, "ms")
    if clients:
        height = metrics.height()
        box = QRectF(0, lanes.y(0) - height / 2, right, height)
        painter.drawText(box, align, "clients")


def paint_header(painter: QPainter, style: Style, width: float, hint: str) -> None:
    """The view's title and what can be done with it."""
    if not style.titled:
        return
    top, left = QRectF(14 * style.unit, 2, width, style.header - 2), 14 * style.unit
    title = QFont(style.font)
    title.setBold(True)
    painter.setFont(title)
    painter.setPen(QColor(style.theme.text))
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(top, align, "Timeline")
    left += QFontMetricsF(title).horizontalAdvance("Timeline") + 10 * style.unit
    painter.setFont(style.small)
    painter.setPen(QColor(style.theme.muted))
    painter.drawText(QRectF(left, 2, width - left - 8, style.header - 2), align, hint)
    used = left + QFontMetricsF(style.small).horizontalAdvance(hint) + 30 * style.unit
    if used + QFontMetricsF(style.small).horizontalAdvance(_LEGEND) < width - 14 * style.unit:
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        room = QRectF(used, 2, width - 14 * style.unit - used, style.header - 2)
        painter.drawText(room, align, _LEGEND)
