"""The terms' numbers on the timeline's lanes: they stay in view as long as their bands do."""

from functools import partial
from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath

from raftviz.picture.timeline import Band, TimelinePicture
from raftviz.picture.timeline_index import RoleCode, StatusCode
from raftviz.qt.kept import KeptPaintings
from raftviz.qt.timeline_style import Style, pen


def paint_terms(
    painter: QPainter, picture: TimelinePicture, style: Style, kept: KeptPaintings
) -> None:
    """The terms' numbers: never colour alone. Narrow lanes share them: every third, say, has its own."""
    every = max(1, ceil(13 * style.unit / picture.lanes.pitch))
    said: dict[int, int] = {}
    acted = {mark.event for mark in picture.marks}
    for band in picture.bands:
        ours = (band.lane - 1) % every == 0
        again = band.goes_on and said.get(band.lane) == band.term
        if ours and not again:
            found = _fitting(picture, band, style, acted=band.event in acted)
            if found is not None:
                text, box = found
                plain = band.status != StatusCode.UP
                pill = partial(_paint_pill, text=text, term=band.term, plain=plain, style=style)
                kept.paint(painter, box, (text, band.term, plain), pill)
                said[band.lane] = band.term


def _fitting(
    picture: TimelinePicture, band: Band, style: Style, *, acted: bool
) -> tuple[str, QRectF] | None:
    """The term's number, and what the server is as far as there is room; None if there is none."""
    left, right = max(band.x0, 0.0), min(band.x1, picture.scale.width)
    if right - left < 12:
        return None
    if acted and band.x0 >= 0:
        left += 7 * style.unit
    metrics = QFontMetricsF(style.small)
    room = right - left - 4 * style.unit
    for text in _band_texts(band):
        width = metrics.horizontalAdvance(text) + 8 * style.unit
        if width <= room:
            high = min(metrics.height() * 0.98, max(picture.lanes.pitch - 2, 11 * style.unit))
            return text, QRectF(left + 2, picture.lanes.y(band.lane) - high / 2, width, high)
    return None


def _paint_pill(
    painter: QPainter, box: QRectF, *, text: str, term: int, plain: bool, style: Style
) -> None:
    colours = style.theme.term(term)
    painter.setPen(pen(style.theme.muted if plain else colours.line, 1.0))
    painter.setBrush(QColor(style.theme.surface if plain else colours.fill))
    path = QPainterPath()
    path.addRoundedRect(box, box.height() / 2.6, box.height() / 2.6)
    painter.drawPath(path)
    painter.setFont(style.small)
    painter.setPen(QColor(style.theme.text if plain else colours.on_fill))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _band_texts(band: Band) -> tuple[str, ...]:
    """What stands on a band, the longest first."""
    if band.status == StatusCode.CRASHED:
        return ("crashed",)
    if band.status == StatusCode.PAUSED:
        return ("‖ paused", "‖")
    number = str(band.term)
    if not band.term:
        return ()
    role = {RoleCode.LEADER: "leader", RoleCode.CANDIDATE: "candidate"}.get(RoleCode(band.role))
    long = f"term {number} · {role}" if role else f"term {number}"
    return (long, f"term {number}", number) if role else (long, number)
