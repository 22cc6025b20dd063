"""Painting what stands on the timeline: acts, forks, broken rules, the axis, names and the cursor."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPolygonF

from raftviz.picture.timeline import Mark, TimelinePicture
from raftviz.picture.timeline_scale import Lanes, Tick, TimeScale, fitting, ms_text
from raftviz.qt.timeline_style import Style, pen

Violation = tuple[int, Sequence[int], str]
"""A broken rule: when (µs), the servers that contradict each other, the property's name."""


_FAR_PX = 400.0
"""Words of what lies that far to the left may still reach into view."""

Words = Mapping[int, tuple[str, bool]]
"""By the number of an act's event: its sentence, and whether it stopped a server."""

_LEGEND = (
    "thick = leader · hatched = candidate · dotted = crashed · dashed arrow = answer · × = lost · "
    "‖ = held"
)


def paint_signs(
    painter: QPainter,
    picture: TimelinePicture,
    style: Style,
    words: Words,
    violations: Sequence[Violation],
) -> None:
    """Acts, forks and broken rules; their words come later, over the cursor."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    _paint_forks(painter, picture, style)
    for mark in picture.marks:
        _paint_mark(painter, picture, style, mark, cross=words[mark.event][1])
    _paint_violations(painter, picture, style, violations)


def paint_words(
    painter: QPainter,
    picture: TimelinePicture,
    style: Style,
    words: Words,
    violations: Sequence[Violation],
) -> None:
    """What was done and what broke, in words that nothing covers."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    broken = [(picture.scale.x(v[0]), f"{v[2]} broken", style.theme.broken) for v in violations]
    strip = [*broken, *_texts(picture, style, words, 0)]
    _paint_words(painter, picture, style, 0, strip)
    for lane in sorted({mark.lane for mark in picture.marks} - {0}):
        _paint_words(painter, picture, style, lane, _texts(picture, style, words, lane))


def _texts(
    picture: TimelinePicture, style: Style, words: Words, lane: int
) -> list[tuple[float, str, str]]:
    here = (mark for mark in picture.marks if mark.lane == lane)
    return [(mark.x, words[mark.event][0], style.theme.text) for mark in here]


def _paint_mark(
    painter: QPainter, picture: TimelinePicture, style: Style, mark: Mark, *, cross: bool
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


def _paint_words(
    painter: QPainter,
    picture: TimelinePicture,
    style: Style,
    lane: int,
    words: list[tuple[float, str, str]],
) -> None:
    """Words to the right of their places, as many as can stand side by side."""
    words.sort()
    words = [word for word in words if -_FAR_PX < word[0] < picture.scale.width]
    metrics = QFontMetricsF(style.bold)
    widths = [metrics.horizontalAdvance(text) for _, text, _ in words]
    starts = [x + 8 * style.unit for x, _, _ in words]
    height = metrics.height()
    y = picture.lanes.y(lane)
    above = height + 6 * style.unit if picture.lanes.pitch > 1.6 * height else height + 1
    top = y - (above if lane else height / 2)
    painter.setFont(style.bold)
    ground = QColor(style.theme.surface)
    ground.setAlpha(225)
    fits = fitting(starts, widths)
    for (_, text, colour), start, width, fit in zip(words, starts, widths, fits, strict=True):
        if not fit or start + width < 0:
            continue
        box = QRectF(start, top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box.adjusted(-2, 0, 2, 0), 3, 3)
        painter.setPen(QColor(colour))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _paint_forks(painter: QPainter, picture: TimelinePicture, style: Style) -> None:
    """A dashed line where branches part, with words at its foot."""
    top, bottom = picture.lanes.y(0), picture.lanes.top + picture.lanes.height
    metrics, twig = QFontMetricsF(style.small), 5 * style.unit
    texts = [f"{fork.name} {'begins' if fork.own else 'leaves'} here" for fork in picture.forks]
    widths = [metrics.horizontalAdvance(text) for text in texts]
    starts = [fork.x + 6 * style.unit for fork in picture.forks]
    fits = fitting(starts, widths)
    painter.setFont(style.small)
    for fork, text, width, fit in zip(picture.forks, texts, widths, fits, strict=True):
        painter.setPen(pen(style.theme.accent, 1.6 * style.unit, *((4, 3) if fork.own else (1, 3))))
        painter.drawLine(QLineF(fork.x, top, fork.x, bottom))
        painter.setPen(pen(style.theme.accent, 1.6 * style.unit))
        painter.drawLine(QLineF(fork.x, bottom - 1, fork.x, bottom - 3 * twig))
        painter.drawLine(QLineF(fork.x, bottom - twig, fork.x + twig, bottom - 2.2 * twig))
        if fit:
            box = QRectF(
                fork.x + 7 * style.unit, bottom - metrics.height(), width, metrics.height()
            )
            painter.fillRect(box.adjusted(-1, 1, 2, 0), QColor(style.theme.surface))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _paint_violations(
    painter: QPainter,
    picture: TimelinePicture,
    style: Style,
    violations: Sequence[Violation],
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


def paint_axis(painter: QPainter, picture: OverTime, style: Style, cursor_us: int) -> None:
    """The axis, filled up to the cursor; labels make room for the cursor's time."""
    theme, scale = style.theme, picture.scale
    y = picture.lanes.top + picture.lanes.height
    x = scale.x(cursor_us)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    if x > 0:
        begin = max(0.0, scale.x(0))
        painter.fillRect(QRectF(begin, y - 1, min(x, scale.width) - begin, 3), QColor(theme.accent))
    painter.setFont(style.small)
    metrics = QFontMetricsF(style.small)
    text = f"{ms_text(cursor_us)} ms"
    half = QFontMetricsF(style.bold).horizontalAdvance(text) / 2 + 7 * style.unit
    inside = 0 <= x <= scale.width
    middle = min(max(x, half + 1), scale.width - half - 1)
    painter.setPen(QColor(theme.muted))
    for tick in picture.ticks:
        at, wide = scale.x(tick.time_us), metrics.horizontalAdvance(tick.label) / 2
        covered = inside and abs(at - middle) < half + wide + 4
        if wide <= at <= scale.width - wide and not covered:
            box = QRectF(at - wide - 2, y + 4, 2 * wide + 4, style.axis - 5)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tick.label)
    if inside:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
        box = QRectF(middle - half, y + 3, 2 * half, style.axis - 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(style.bold)
        painter.setPen(QColor(theme.on_accent))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_cursor(painter: QPainter, picture: OverTime, style: Style, cursor_us: int) -> None:
    """The line at the instant that is looked at, with a handle to pull it by."""
    x = round(picture.scale.x(cursor_us))
    if not -1 <= x <= picture.scale.width + 1:
        return
    top, bottom = picture.lanes.top, picture.lanes.top + picture.lanes.height
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
    painter: QPainter, picture: TimelinePicture, style: Style, *, clients: bool
) -> None:
    """The servers' names beside their lanes, as many as have room."""
    lanes, gutter = picture.lanes, style.gutter
    theme = style.theme
    painter.fillRect(
        QRectF(0, lanes.top - 1, gutter, lanes.height + style.axis), QColor(theme.surface)
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
    bottom = lanes.top + lanes.height
    painter.drawText(QRectF(0, bottom + 4, right, style.axis - 5), align, "ms")
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
