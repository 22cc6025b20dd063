"""Painting what surrounds the lanes: other branches below them, bookmarks above, and where they part."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath

from raftviz.picture.geometry import Box
from raftviz.picture.timeline import Fork, TimelinePicture
from raftviz.picture.timeline_tracks import SideTrack
from raftviz.qt.branch_signs import paint_flag, paint_shape
from raftviz.qt.timeline_style import Style, pen

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TURN_PX = 5.0


def paint_strips(painter: QPainter, picture: TimelinePicture, style: Style) -> None:
    """All that stays when the cursor moves; bookmarks and names come later, over the cursor."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    for fork in picture.forks:
        _paint_fork(painter, picture, style, fork)
    for track in picture.tracks.tracks:
        _paint_turn(painter, picture, style, track)
    for track in picture.tracks.tracks:
        _paint_track(painter, style, track)
    if picture.lanes.rows:
        painter.setPen(pen(style.theme.edge))
        bottom = picture.lanes.bottom
        painter.drawLine(QLineF(0, bottom, picture.scale.width, bottom))


def _rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.w, box.h)


def _paint_fork(painter: QPainter, picture: TimelinePicture, style: Style, fork: Fork) -> None:
    """A line through the lanes: dashed where the shown branch begins, dotted where another leaves."""
    dashes = (4.0, 3.0) if fork.own else (1.0, 3.0)
    painter.setPen(pen(style.theme.branch(fork.colour), 1.5 * style.unit, *dashes))
    painter.drawLine(QLineF(fork.x, picture.lanes.top, fork.x, picture.lanes.bottom))


def _paint_turn(
    painter: QPainter, picture: TimelinePicture, style: Style, track: SideTrack
) -> None:
    if not 0 <= track.x0 <= picture.scale.width:
        return
    turn = _TURN_PX * style.unit
    path = QPainterPath(QPointF(track.x0, picture.lanes.bottom))
    path.lineTo(track.x0, track.y - turn)
    path.quadTo(track.x0, track.y, track.x0 + min(turn, track.x1 - track.x0), track.y)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(style.theme.branch(track.colour), 2.0 * style.unit))
    painter.drawPath(path)


def _paint_track(painter: QPainter, style: Style, track: SideTrack) -> None:
    theme = style.theme
    start = max(track.x0 + _TURN_PX * style.unit, -10.0)
    if track.x1 > start:
        painter.setPen(pen(theme.branch(track.colour), 2.4 * style.unit))
        painter.drawLine(QLineF(start, track.y, track.x1, track.y))
        painter.drawLine(QLineF(track.x1, track.y - 3, track.x1, track.y + 3))


def _paint_name(painter: QPainter, style: Style, track: SideTrack, *, hovered: bool) -> None:
    theme, box, unit = style.theme, _rect(track.label), style.unit
    painter.fillRect(box, QColor(theme.accent_soft if hovered else theme.surface))
    paint_shape(painter, theme, track.colour, box.left() + 5 * unit, track.y, 3.6 * unit)
    words = box.adjusted(12 * unit, 0, 0, 0)
    painter.setPen(QColor(theme.text))
    painter.drawText(words, _LEFT, _elided(style, track.name, words.width()))


def _elided(style: Style, text: str, width: float) -> str:
    metrics = QFontMetricsF(style.small)
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width + 1)


def paint_labels(
    painter: QPainter, picture: TimelinePicture, style: Style, hovered: object = None
) -> None:
    """Bookmarks, and the names of them, of other branches and of what begins here."""
    theme, lanes = style.theme, picture.lanes
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    painter.setFont(style.small)
    faint = QColor(theme.accent)
    faint.setAlpha(90)
    for flag in picture.flags.flags:
        painter.setPen(pen(faint, 1.0, 2.0, 3.0))
        painter.drawLine(QLineF(flag.x, lanes.top, flag.x, lanes.bottom))
        several = len(flag.marked) > 1
        paint_flag(painter, theme, flag.x, lanes.top, 0.76 * lanes.flags, several=several)
        if flag.label is not None:
            _paint_label(painter, style, flag.label, flag.text, theme.accent)
    for track in picture.tracks.tracks:
        _paint_name(painter, style, track, hovered=track == hovered)
    for begin in picture.flags.begins:
        _paint_label(painter, style, begin.label, begin.text, theme.branch(begin.colour))


def _paint_label(painter: QPainter, style: Style, box: Box, text: str, colour: str) -> None:
    painter.fillRect(_rect(box), QColor(style.theme.surface))
    painter.setPen(QColor(colour))
    painter.drawText(_rect(box), _LEFT, _elided(style, text, box.w))


def paint_beside(painter: QPainter, picture: TimelinePicture, style: Style) -> None:
    """What the rows are, beside them: how many more branches there are than have room."""
    rows = picture.lanes.track_rows
    if not rows:
        return
    words = ["branches"] + [""] * (len(rows) - 1)
    if picture.tracks.more:
        words[-1] = f"+{picture.tracks.more} more"
    painter.setFont(style.small)
    painter.setPen(QColor(style.theme.muted))
    align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    high, right = picture.lanes.row, style.gutter - 10 * style.unit
    for y, text in zip(rows, words, strict=True):
        painter.drawText(QRectF(0, y - high / 2, right, high), align, text)
