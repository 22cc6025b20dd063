"""Painting the tree of branches: what is in view of it, below an axis that stays."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from raftviz.picture.branch_tree import TreePicture, TreeRow, TreeSizes
from raftviz.picture.geometry import Box
from raftviz.picture.theme import Theme, branch_colour
from raftviz.qt.branch_signs import paint_flag, paint_shape
from raftviz.qt.timeline_style import Style, pen
from raftviz.raft.values import value

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@value(eq=False)
class TreeStyle:
    """A theme and the sizes that go with a font."""

    theme: Theme
    unit: float
    small: QFont
    name: QFont
    strong: QFont

    @classmethod
    def of(cls, theme: Theme, font: QFont) -> "TreeStyle":
        """The style for a widget's font."""
        style = Style.of(theme, font, titled=False)
        name = QFont(style.bold)
        name.setBold(False)
        return cls(theme, style.unit, style.small, name, style.bold)

    def sizes(self, width: float) -> TreeSizes:
        """The sizes for a view of this width: names take less than half of it."""
        unit = self.unit
        names = min(max(0.42 * width, 110 * unit), 250 * unit)
        return TreeSizes(40 * unit, 24 * unit, names, 10 * unit, unit)


def paint_tree(
    painter: QPainter, picture: TreePicture, style: TreeStyle, sizes: TreeSizes, *, part: QRectF
) -> None:
    """The rows in ``part`` of the picture, and the axis; the painter's y is 0 at the view's top."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    first = max(0, int(part.top() // sizes.row))
    last = min(len(picture.rows), int(part.bottom() // sizes.row) + 1)
    painter.save()
    painter.setClipRect(QRectF(0, sizes.axis, picture.width, part.height()))
    painter.translate(0, sizes.axis - part.top())
    for row in picture.rows[first:last]:
        if row.here:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(style.theme.accent_soft))
            painter.drawRoundedRect(_rect(row.box).adjusted(4, 1, -4, -1), 6, 6)
    _paint_ground(painter, picture, style, part)
    for row in picture.rows[first:]:  # those further down may turn off from one in view
        if row.turn is not None and row.turn < part.bottom():
            _paint_turn(painter, row, style, row.turn)
    for row in picture.rows[first:last]:
        _paint_track(painter, row, style)
        _paint_words(painter, row, style)
    for row in picture.rows[first:last]:
        if row.here:
            _paint_cursor(painter, picture.cursor_x, row.y, style)
    painter.restore()
    _paint_axis(painter, picture, style, sizes)


def _rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.w, box.h)


def _paint_ground(painter: QPainter, picture: TreePicture, style: TreeStyle, part: QRectF) -> None:
    painter.setPen(pen(style.theme.ring))
    for tick in picture.ticks:
        x = picture.scale.x(tick.time_us)
        painter.drawLine(QLineF(x, part.top(), x, part.bottom()))
    accent = QColor(style.theme.accent)
    accent.setAlpha(110)
    painter.setPen(pen(accent, 1.2))
    painter.drawLine(QLineF(picture.cursor_x, part.top(), picture.cursor_x, part.bottom()))


def _stroke(row: TreeRow, style: TreeStyle, *, own: bool) -> QPen:
    width = (4.0 if row.here else 2.6) * style.unit
    if own:
        return pen(style.theme.branch(row.colour), width)
    return pen(style.theme.faint, 1.6 * style.unit, 2.0, 2.0)


def _paint_turn(painter: QPainter, row: TreeRow, style: TreeStyle, turn: float) -> None:
    """From the other track down to this one, round the corner."""
    round_px = min(8 * style.unit, max(row.x1 - row.x0, 0.0))
    path = QPainterPath(QPointF(row.x0, turn))
    path.lineTo(row.x0, row.y - 8 * style.unit)
    path.quadTo(row.x0, row.y, row.x0 + round_px, row.y)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_stroke(row, style, own=row.segments[0].own))
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.theme.branch(row.colour)))
    painter.drawEllipse(QPointF(row.x0, turn), 2.4 * style.unit, 2.4 * style.unit)


def _paint_track(painter: QPainter, row: TreeRow, style: TreeStyle) -> None:
    corner = 8 * style.unit if row.turn is not None else 0.0
    for at, segment in enumerate(row.segments):
        x0 = segment.x0 + (corner if at == 0 else 0.0)
        if segment.x1 > x0:
            painter.setPen(_stroke(row, style, own=segment.own))
            painter.drawLine(QLineF(x0, row.y, segment.x1, row.y))
    paint_shape(painter, style.theme, row.colour, max(row.x1, row.x0), row.y, 4.2 * style.unit)
    for flag in row.flags:
        several = len(flag.marked) > 1
        paint_flag(painter, style.theme, flag.x, flag.y, 9 * style.unit, several=several)
    for broken in row.broken:
        radius = 4.6 * style.unit
        painter.setPen(pen(style.theme.broken, 1.8 * style.unit))
        painter.setBrush(QColor(style.theme.surface))
        painter.drawEllipse(QPointF(broken.x, broken.y), radius, radius)
        arm = 0.5 * radius
        for sign in (-1, 1):
            painter.drawLine(
                QLineF(broken.x - arm, broken.y - sign * arm, broken.x + arm, broken.y + sign * arm)
            )


def _paint_words(painter: QPainter, row: TreeRow, style: TreeStyle) -> None:
    theme, box = style.theme, _rect(row.name_box)
    swatch = box.left() - 11 * style.unit
    paint_shape(painter, theme, row.colour, swatch, box.center().y(), 4.6 * style.unit)
    font = style.strong if row.here else style.name
    metrics = QFontMetricsF(font)
    page = 14 * style.unit if row.note else 0.0
    words = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, box.width() - page)
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    painter.drawText(box, _LEFT, words)
    if row.note:
        left = box.left() + metrics.horizontalAdvance(words) + 5 * style.unit
        _paint_note(painter, style, left, box.center().y())
    detail = _rect(row.detail_box)
    painter.setFont(style.small)
    painter.setPen(QColor(theme.muted))
    small = QFontMetricsF(style.small)
    painter.drawText(
        detail, _LEFT, small.elidedText(row.detail, Qt.TextElideMode.ElideRight, detail.width())
    )


def _paint_note(painter: QPainter, style: TreeStyle, left: float, y: float) -> None:
    """A small page with two lines: somebody wrote a note."""
    unit = style.unit
    box = QRectF(left, y - 4.5 * unit, 7.5 * unit, 9 * unit)
    painter.setPen(pen(style.theme.muted, 1.0 * unit))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 1.5, 1.5)
    for down in (3.0, 5.6):
        painter.drawLine(
            QLineF(box.left() + 2 * unit, box.top() + down * unit, box.right() - 2 * unit,
                   box.top() + down * unit)
        )  # fmt: skip


def _paint_cursor(painter: QPainter, x: float, y: float, style: TreeStyle) -> None:
    """Where one looks: a dot with a rim, larger than anything else on the track."""
    painter.setPen(pen(style.theme.surface, 2.0 * style.unit))
    painter.setBrush(QColor(style.theme.accent))
    painter.drawEllipse(QPointF(x, y), 6 * style.unit, 6 * style.unit)


def _paint_axis(
    painter: QPainter, picture: TreePicture, style: TreeStyle, sizes: TreeSizes
) -> None:
    theme, scale = style.theme, picture.scale
    painter.fillRect(QRectF(0, 0, picture.width, sizes.axis), QColor(theme.surface))
    painter.setPen(pen(theme.edge))
    y = sizes.axis - 1
    painter.drawLine(QLineF(scale.left, y, scale.right, y))
    painter.setFont(style.small)
    metrics = QFontMetricsF(style.small)
    painter.setPen(QColor(theme.muted))
    free_from = 0.0
    for tick in picture.ticks:
        x, wide = scale.x(tick.time_us), metrics.horizontalAdvance(tick.label)
        left = min(x - wide / 2, picture.width - wide - 2)
        if left >= free_from:
            painter.drawText(
                QRectF(left, 0, wide + 1, y - 2), Qt.AlignmentFlag.AlignCenter, tick.label
            )
            free_from = left + wide + 6
    painter.drawText(QRectF(sizes.margin, 0, scale.left - sizes.margin, y - 2), _LEFT, "time in ms")
    if scale.is_folded:  # the sign of an axis that is not to scale
        painter.setPen(pen(theme.muted, 1.3 * style.unit))
        for aside in (-2.5, 1.5):
            x = scale.fold_x + aside * style.unit
            painter.drawLine(QLineF(x - 2, y + 3, x + 2, y - 5))


def shape_words(place: int) -> str:
    """A colour by its name and its shape, for those who do not see it."""
    colour = branch_colour(place)
    return f"{colour.name}, {colour.shape}"
