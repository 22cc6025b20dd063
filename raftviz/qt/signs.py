"""Every sign of the cluster, drawn with QPainter round (0, 0). Shapes carry the meaning.

Whoever calls has moved the painter to where the sign belongs and switched antialiasing on.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from raftviz.picture.primitives import CutMark, Pip, RulesMark, ServerFace
from raftviz.picture.theme import TermColour, Theme
from raftviz.sim.host import Status


def font_of(family: str, size: float, *, bold: bool = False) -> QFont:
    """A font with a height in logical pixels."""
    font = QFont(family)
    font.setPixelSize(max(7, round(size)))
    font.setBold(bold)
    return font


def pen(colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen with round ends."""
    return QPen(QColor(colour), width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def words(p: QPainter, text: str, x: float, y: float, font: QFont, colour: str) -> None:
    """Words centred on a point, by the height of their capitals."""
    metrics = QFontMetricsF(font)
    p.setFont(font)
    p.setPen(QColor(colour))
    at = QPointF(x - metrics.horizontalAdvance(text) / 2, y + metrics.capHeight() / 2)
    p.drawText(at, text)


def tick(size: float) -> QPainterPath:
    """A tick mark, ``size`` from the middle to its ends."""
    path = QPainterPath(QPointF(-0.55 * size, 0.05 * size))
    path.lineTo(-0.12 * size, 0.48 * size)
    path.lineTo(0.6 * size, -0.42 * size)
    return path


def cross(size: float) -> QPainterPath:
    """A cross, ``size`` from the middle to its sides."""
    path = QPainterPath(QPointF(-size, -size))
    path.lineTo(size, size)
    path.moveTo(size, -size)
    path.lineTo(-size, size)
    return path


def _crown(width: float, height: float) -> QPainterPath:
    """A crown with three points, standing on y = 0."""
    half = width / 2
    path = QPainterPath(QPointF(-half * 0.8, 0))
    path.lineTo(-half, -0.78 * height)
    path.lineTo(-half * 0.42, -0.36 * height)
    path.lineTo(0, -height)
    path.lineTo(half * 0.42, -0.36 * height)
    path.lineTo(half, -0.78 * height)
    path.lineTo(half * 0.8, 0)
    path.closeSubpath()
    return path


# Servers


def server(p: QPainter, face: ServerFace, theme: Theme, family: str) -> None:
    """A server: the disc in its term's colour, its outline for its role, name and term."""
    colours, radius = theme.term(face.term), face.radius
    down = face.status is Status.CRASHED
    p.setBrush(QColor(theme.raised if down else colours.fill))
    p.setPen(_outline(face, colours, theme))
    p.drawEllipse(QPointF(0, 0), radius, radius)
    ink = theme.muted if down else colours.on_fill
    if radius < 22:
        _small_words(p, face, family, ink)
    else:
        _large_words(p, face, family, ink)
    if face.role == "leader":
        _mark_leader(p, radius, colours)
    if face.status is Status.PAUSED:
        _mark_paused(p, radius, theme)
    if face.unwritten and not down:
        _mark_unwritten(p, radius, ink)
    if face.broken:
        _mark_broken(p, radius, theme, family)


def _outline(face: ServerFace, colours: TermColour, theme: Theme) -> QPen:
    thin = max(1.2, 0.034 * face.radius) * theme.stroke
    if face.status is Status.CRASHED:
        dotted = QPen(QColor(theme.muted), 1.3 * thin)
        dotted.setCapStyle(Qt.PenCapStyle.RoundCap)
        dotted.setDashPattern([0.01, 2.6])
        return dotted
    colour = theme.broken if face.broken else colours.line
    if face.role == "candidate":
        dashed = QPen(QColor(colour), 2.0 * thin)
        dashed.setCapStyle(Qt.PenCapStyle.FlatCap)
        dashed.setDashPattern([2.6, 1.7])
        return dashed
    return QPen(QColor(colour), (2.7 if face.role == "leader" else 1.0) * thin)


def _large_words(p: QPainter, face: ServerFace, family: str, ink: str) -> None:
    radius = face.radius
    high = font_of(family, 0.44 * radius, bold=True)
    words(p, face.name, 0, -0.13 * radius, high, ink)
    words(p, face.term_words, 0, 0.31 * radius, font_of(family, 0.27 * radius), ink)


def _small_words(p: QPainter, face: ServerFace, family: str, ink: str) -> None:
    radius = face.radius
    words(p, face.name, 0, -0.3 * radius, font_of(family, 0.62 * radius, bold=True), ink)
    short = face.term_words.replace("term ", "t")  # as in the logs; the whole word is too wide
    words(p, short, 0, 0.46 * radius, font_of(family, 0.6 * radius), ink)


def _mark_leader(p: QPainter, radius: float, colours: TermColour) -> None:
    """A crown above the name; on the rim where a sign is too small to hold it."""
    small = radius < 22
    p.save()
    p.translate(0, -(0.86 if small else 0.5) * radius)
    p.setPen(pen(colours.line, max(1.0, 0.022 * radius)))
    p.setBrush(QColor(colours.solid))
    p.drawPath(
        _crown(0.62 * radius if small else 0.44 * radius, 0.4 * radius if small else 0.27 * radius)
    )
    p.restore()


def _mark_paused(p: QPainter, radius: float, theme: Theme) -> None:
    """Two bars on the rim, lower right, as on every player."""
    x = y = 0.74 * radius
    size = 0.25 * radius
    p.setPen(QPen(QColor(theme.text), max(1.2, 0.03 * radius)))
    p.setBrush(QColor(theme.surface))
    p.drawEllipse(QPointF(x, y), size, size)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(theme.text))
    for side in (-1, 1):
        bar = QRectF(0, 0, 0.3 * size, 0.95 * size)
        bar.moveCenter(QPointF(x + side * 0.28 * size, y))
        p.drawRoundedRect(bar, 1, 1)


def _mark_unwritten(p: QPainter, radius: float, ink: str) -> None:
    """A hollow disk under the term: what stands here is still being written."""
    p.save()
    p.translate(0, (0.62 if radius >= 22 else 0.78) * radius)
    p.setPen(QPen(QColor(ink), max(1.1, 0.028 * radius)))
    p.setBrush(Qt.BrushStyle.NoBrush)
    disk(p, 0.15 * radius)
    p.restore()


def disk(p: QPainter, half: float) -> None:
    """A disk from the side, ``half`` from its middle to its sides, with the painter's own pen."""
    high = 0.87 * half
    lid = QRectF(-half, -high / 2, 2 * half, 0.55 * high)
    p.drawEllipse(lid)
    middle = lid.center().y()
    side = QPainterPath(QPointF(-half, middle))
    side.lineTo(-half, middle + high)
    side.arcTo(QRectF(-half, lid.y() + high, 2 * half, lid.height()), 180, 180)
    side.lineTo(half, middle)
    p.drawPath(side)


def _mark_broken(p: QPainter, radius: float, theme: Theme, family: str) -> None:
    """An exclamation mark on the rim, upper right."""
    x, size = 0.74 * radius, 0.25 * radius
    p.setPen(QPen(QColor(theme.surface), 1.5))
    p.setBrush(QColor(theme.broken))
    p.drawEllipse(QPointF(x, -x), size, size)
    words(p, "!", x, -x, font_of(family, 1.4 * size, bold=True), theme.surface)


def vote_pip(p: QPainter, pip: Pip, theme: Theme) -> None:
    """One vote: tick, cross, three dots while it is on its way, a slash when it cannot come."""
    colours, r = theme.term(pip.term), pip.radius
    width = max(1.2, 0.16 * r)
    granted = pip.state == "granted"
    p.setBrush(QColor(colours.solid if granted else theme.surface))
    if pip.state == "cannot":
        p.setPen(QPen(QColor(theme.muted), width, Qt.PenStyle.DotLine))
    else:
        p.setPen(QPen(QColor(colours.line if granted else theme.muted), width))
    p.drawEllipse(QPointF(0, 0), r, r)
    p.setBrush(Qt.BrushStyle.NoBrush)
    if granted:
        p.setPen(pen(colours.on_solid, 1.5 * width))
        p.drawPath(tick(0.85 * r))
    elif pip.state == "refused":
        p.setPen(pen(theme.text, 1.3 * width))
        p.drawPath(cross(0.4 * r))
    elif pip.state == "cannot":
        p.setPen(pen(theme.muted, width))
        p.drawLine(QPointF(-0.42 * r, 0.42 * r), QPointF(0.42 * r, -0.42 * r))
    else:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(theme.muted))
        for x in (-0.48, 0.0, 0.48):
            p.drawEllipse(QPointF(x * r, 0), 0.15 * r, 0.15 * r)


def rules_mark(p: QPainter, mark: RulesMark, theme: Theme, family: str) -> None:
    """A rule, broken in two, and which one: a pill with a dashed edge, drawn around (0, 0)."""
    w, h, size = mark.box.w, mark.box.h, mark.size
    p.setBrush(QColor(theme.raised))
    p.setPen(QPen(QColor(theme.text), 1.3 * theme.stroke, Qt.PenStyle.DashLine))
    p.drawRoundedRect(QRectF(-w / 2, -h / 2, w, h), 0.5 * h, 0.5 * h)
    p.setPen(pen(theme.text, 0.15 * size))
    left, up = -w / 2 + 0.75 * size, 0.16 * size
    p.drawLine(QPointF(left, up), QPointF(left + 0.42 * size, -up))
    p.drawLine(QPointF(left + 0.72 * size, up), QPointF(left + 1.14 * size, -up))
    p.setFont(font_of(family, size, bold=True))
    words = QRectF(left + 1.5 * size, -h / 2, w, h)
    p.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, mark.words)


def client(p: QPainter, half: float, name: str, theme: Theme, family: str) -> None:
    """A client: a rounded square, so that nobody takes it for a server."""
    p.setPen(QPen(QColor(theme.muted), max(1.3, 0.06 * half)))
    p.setBrush(QColor(theme.surface))
    p.drawRoundedRect(QRectF(-half, -half, 2 * half, 2 * half), 0.35 * half, 0.35 * half)
    words(p, name, 0, 0, font_of(family, 0.82 * half, bold=True), theme.text)


def cut(p: QPainter, mark: CutMark, size: float, theme: Theme) -> None:
    """Where a link is cut: two bars; or for one direction an arrow that runs into a bar."""
    p.setPen(pen(theme.text, max(1.6, 0.15 * size)))
    nx, ny = -mark.uy * 0.5 * size, mark.ux * 0.5 * size
    if mark.both:
        for side in (-0.62, 0.62):
            x, y = mark.ux * side * size, mark.uy * side * size
            p.drawLine(QPointF(x - nx, y - ny), QPointF(x + nx, y + ny))
        return
    # An arrow that does not get through: head, bar, and nothing behind it.
    p.setBrush(QColor(theme.text))
    tip, back = -0.2 * size, -1.25 * size
    arrow = QPainterPath(QPointF(mark.ux * tip, mark.uy * tip))
    arrow.lineTo(mark.ux * back + 1.1 * nx, mark.uy * back + 1.1 * ny)
    arrow.lineTo(mark.ux * back - 1.1 * nx, mark.uy * back - 1.1 * ny)
    arrow.closeSubpath()
    p.fillPath(arrow, QColor(theme.text))
    x, y = mark.ux * 0.15 * size, mark.uy * 0.15 * size
    p.drawLine(QPointF(x - 1.6 * nx, y - 1.6 * ny), QPointF(x + 1.6 * nx, y + 1.6 * ny))
