"""Painting the timeline's chart: lanes, bands, arrows or their density. It asks no model."""

from collections import defaultdict

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPolygonF

from raftviz.picture.timeline import DENSE_ABOVE, Arrows, Band, Density, TimelinePicture
from raftviz.picture.timeline_codes import Fate, Kind, RoleCode, StatusCode
from raftviz.qt.timeline_style import STROKES, Style, pen

_SMOOTH_BELOW = 1_200
"""Lines; more are drawn without smoothing, which costs most of the time then."""

_ENDS_BELOW = 350
"""Arrows; with more, their heads would be all that is seen."""


def paint_chart(painter: QPainter, picture: TimelinePicture, style: Style) -> None:
    """Everything that stays when the cursor moves. The painter's x is 0 at the view's left edge.

    A thing looks the same wherever the view begins: parts are painted at different times.
    """
    painter.setBrushOrigin(QPointF(-picture.scale.start_us / picture.scale.us_per_px % 8, 0))
    _paint_ground(painter, picture, style)
    if picture.density is not None:
        _paint_density(painter, picture, picture.density, style)
    if picture.arrows is not None:
        _paint_arrows(painter, picture, picture.arrows, style)
    for band in picture.bands:
        _paint_band(painter, picture, band, style)
    if picture.arrows is not None:
        _paint_ends(painter, picture, picture.arrows, style)


def _paint_ground(painter: QPainter, picture: TimelinePicture, style: Style) -> None:
    theme, lanes = style.theme, picture.lanes
    bottom = lanes.foot
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(pen(theme.ring))
    for tick in picture.ticks:
        x = round(picture.scale.x(tick.time_us))
        painter.drawLine(QLineF(x, lanes.top, x, bottom))
    for server in range(1, lanes.servers + 1):
        y = round(lanes.y(server))
        painter.drawLine(QLineF(0, y, picture.scale.width, y))
    beyond = QRectF(picture.head_x, lanes.top, picture.scale.width - picture.head_x, lanes.height)
    if beyond.width() > 0:
        beyond.setLeft(max(0.0, beyond.left()))
        painter.fillRect(beyond, QColor(theme.raised))
        words = "the recording ends here" if picture.recorded else "not yet simulated"
        _paint_beyond_words(painter, beyond, style, words)
    painter.setPen(pen(theme.edge))
    painter.drawLine(QLineF(0, bottom, picture.scale.width, bottom))
    painter.setPen(pen(theme.link))
    begin, end = max(0.0, picture.scale.x(0)), min(picture.head_x, picture.scale.width)
    painter.drawLine(QLineF(begin, round(lanes.y(0)), end, round(lanes.y(0))))


def _paint_beyond_words(painter: QPainter, beyond: QRectF, style: Style, words: str) -> None:
    painter.setFont(style.font)
    if painter.fontMetrics().horizontalAdvance(words) + 16 <= beyond.width():
        painter.setPen(QColor(style.theme.muted))
        painter.drawText(beyond, Qt.AlignmentFlag.AlignCenter, words)


# Arrows


def crowd(legs: int) -> int:
    """How arrows are drawn when there are so many in view: 0 with all they have, then plainer."""
    return (legs > _ENDS_BELOW) + (legs > _SMOOTH_BELOW) + (legs > DENSE_ABOVE)


def _paint_arrows(
    painter: QPainter, picture: TimelinePicture, arrows: Arrows, style: Style
) -> None:
    """All lines, the faint first; one pen for all of a kind and a term."""
    many = picture.legs > _SMOOTH_BELOW
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=not many)
    lines: defaultdict[tuple[int, int], list[QLineF]] = defaultdict(list)
    table = zip(
        arrows.kind.tolist(),
        arrows.term.tolist(),
        arrows.x0.tolist(),
        arrows.y0.tolist(),
        arrows.x1.tolist(),
        arrows.y1.tolist(),
        arrows.held.tolist(),
        strict=True,
    )
    standing: list[QLineF] = []
    for kind, term, x0, y0, x1, y1, held in table:
        (standing if held else lines[kind, term]).append(QLineF(x0, y0, x1, y1))
    for kind, term in sorted(lines):
        painter.setPen(style.message_pen(Kind(kind), term, plain=picture.legs > _ENDS_BELOW))
        painter.drawLines(lines[kind, term])
    if standing:
        _paint_held(painter, standing, style)


def _paint_held(painter: QPainter, lines: list[QLineF], style: Style) -> None:
    """Held messages stand still: a dotted line along time, and two bars where they were caught."""
    painter.setPen(pen(style.theme.muted, 1.4 * style.unit, 1.2, 2.4))
    painter.drawLines(lines)
    high, gap = 4.2 * style.unit, 1.9 * style.unit
    bars = [
        QLineF(line.x1() + side * gap, line.y1() - high, line.x1() + side * gap, line.y1() + high)
        for line in lines
        for side in (-1, 1)
    ]
    painter.setPen(pen(style.theme.surface, 3.4 * style.unit))
    painter.drawLines(bars)
    painter.setPen(pen(style.theme.text, 1.5 * style.unit))
    painter.drawLines(bars)


def _paint_ends(painter: QPainter, picture: TimelinePicture, arrows: Arrows, style: Style) -> None:
    """Heads at arrivals, bars for refusals, and a cross wherever a message was lost."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    lost = np.flatnonzero(arrows.fate == Fate.LOST)
    if len(lost) <= _SMOOTH_BELOW:
        _paint_crosses(painter, arrows, lost.tolist(), style)
    if picture.legs > _ENDS_BELOW:
        return
    arrived = (arrows.fate == Fate.ARRIVED) | (arrows.fate == Fate.WAITS)
    for row in np.flatnonzero(arrived).tolist():
        stroke = STROKES[Kind(int(arrows.kind[row]))]
        if stroke.end:
            colour = style.line_colour(int(arrows.term[row]), stroke.strength)
            _paint_end(painter, arrows, row, colour, style, bar=stroke.end == "bar")


def _paint_crosses(painter: QPainter, arrows: Arrows, rows: list[int], style: Style) -> None:
    arm = 3.6 * style.unit
    lines = []
    for row in rows:
        x, y = float(arrows.x1[row]), float(arrows.y1[row])
        lines.append(QLineF(x - arm, y - arm, x + arm, y + arm))
        lines.append(QLineF(x - arm, y + arm, x + arm, y - arm))
    painter.setPen(pen(style.theme.surface, 3.6 * style.unit))
    painter.drawLines(lines)
    painter.setPen(pen(style.theme.text, 1.5 * style.unit))
    painter.drawLines(lines)


def _paint_end(
    painter: QPainter, arrows: Arrows, row: int, colour: QColor, style: Style, *, bar: bool
) -> None:
    dx = float(arrows.x1[row] - arrows.x0[row])
    dy = float(arrows.y1[row] - arrows.y0[row])
    length = max((dx * dx + dy * dy) ** 0.5, 1e-6)
    dx, dy = dx / length, dy / length
    # The head ends at the edge of a follower's band, which is drawn over the line.
    tip = QPointF(float(arrows.x1[row]) - dx * 2.5, float(arrows.y1[row]) - dy * 2.5)
    if bar:
        half = 4.0 * style.unit
        painter.setPen(pen(colour, 1.8 * style.unit))
        side = QPointF(-dy * half, dx * half)
        painter.drawLine(QLineF(tip - side, tip + side))
        return
    long, half = 6.5 * style.unit, 2.8 * style.unit
    back = tip - QPointF(dx * long, dy * long)
    side = QPointF(-dy * half, dx * half)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([tip, back + side, back - side]))


# Density


def _paint_density(
    painter: QPainter, picture: TimelinePicture, density: Density, style: Style
) -> None:
    """One row of pixels a gap, stretched over it: dark where much was said."""
    image = _density_image(density, style)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    lanes, width = picture.lanes, picture.scale.width
    for gap in range(lanes.servers):
        top, bottom = lanes.y(gap), lanes.y(gap + 1)
        target = QRectF(0, top, width, bottom - top)
        source = QRectF(0, gap, width / density.column_px, 1)
        painter.drawImage(target, image, source)


def _density_image(density: Density, style: Style) -> QImage:
    gaps, columns = density.weight.shape
    # Evened out over neighbours: regular heartbeats and regular pixels would make a comb.
    padded = np.pad(density.weight, ((0, 0), (2, 2)), mode="edge")
    even = sum(
        part * padded[:, at : at + columns] for at, part in enumerate((0.1, 0.25, 0.3, 0.25, 0.1))
    )
    strength = np.sqrt(even / max(float(np.max(even)), 1e-9))
    alpha = np.where(even > 0, 30.0 + 190.0 * strength, 0.0)
    known = np.unique(density.term)
    lines = [style.line_colour(int(term)) for term in known]
    palette = np.array([(line.red(), line.green(), line.blue()) for line in lines])
    colour = palette[np.searchsorted(known, density.term)]
    pixels = np.empty((gaps, columns, 4), dtype=np.uint8)
    pixels[..., :3] = colour[None, :, ::-1] * (alpha[..., None] / 255.0)
    pixels[..., 3] = alpha
    data = pixels.tobytes()
    # The copy owns its pixels: the image must not outlive the bytes it would otherwise point into.
    return QImage(
        data, columns, gaps, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied
    ).copy()


# Bands


def _paint_band(painter: QPainter, picture: TimelinePicture, band: Band, style: Style) -> None:
    y = picture.lanes.y(band.lane)
    left, right = max(band.x0, -20.0), min(band.x1, picture.scale.width + 20.0)
    if right <= left:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    colours = style.theme.term(band.term)
    if band.status == StatusCode.CRASHED:
        painter.setPen(pen(style.theme.surface, 3.0))
        painter.drawLine(QLineF(left, y, right, y))
        dots = pen(style.theme.muted, 1.6 * style.unit, 1.5, 2.5)
        dots.setDashOffset((left - band.x0) / dots.widthF())
        painter.setPen(dots)
        painter.drawLine(QLineF(left, y, right, y))
        return
    part = {RoleCode.LEADER: 1.0, RoleCode.CANDIDATE: 0.72}.get(RoleCode(band.role), 0.42)
    thick = style.band_px(picture.lanes, part)
    box = QRectF(left, y - thick / 2, right - left, thick)
    ground = {
        RoleCode.LEADER: QColor(colours.solid),
        RoleCode.CANDIDATE: QColor(colours.fill),
    }.get(RoleCode(band.role), style.line_colour(band.term, 0.6) if band.term else None)
    edge = pen(colours.line if band.term else style.theme.faint, 1.0)
    if band.status == StatusCode.PAUSED:
        ground = QColor(style.theme.surface)
    painter.setPen(edge if box.width() > 2 else Qt.PenStyle.NoPen)
    painter.setBrush(ground or QColor(style.theme.link))
    painter.drawRoundedRect(box, min(3.0, thick / 2), min(3.0, thick / 2))
    if band.role == RoleCode.CANDIDATE and band.status == StatusCode.UP:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(QColor(colours.line), Qt.BrushStyle.BDiagPattern))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
