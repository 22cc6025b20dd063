"""Painting the grid of logs: only what is in view, straight from the logs as they are."""

from functools import partial

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPolygonF

from raftviz.picture.logs import LogRow, LogsTable, cells
from raftviz.picture.logs_grid import LogGrid
from raftviz.qt.kept import KeptPaintings
from raftviz.qt.logs_cells import paint_cell
from raftviz.qt.logs_style import LogStyle
from raftviz.qt.timeline_style import pen
from raftviz.sim.host import Status

_LEGENDS = (
    (
        "colour, t = term · solid = committed · dashed = not yet · ◥ not on disk · "
        "≠ not what the leader has · ▲ next_index · ● match_index"
    ),
    "colour = term · solid = committed · ▲ next_index · ● match_index",
)


def paint_logs(
    painter: QPainter,
    table: LogsTable,
    grid: LogGrid,
    style: LogStyle,
    selected: int,
    kept: KeptPaintings,
) -> None:
    """The whole grid below the title; ``kept`` belongs to this style."""
    theme = style.theme
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    painter.save()
    painter.setClipRect(QRectF(0, grid.top - 1, grid.width, grid.height))
    for at in grid.rows(len(table.rows)):
        row = table.rows[at]
        if row.server == selected:
            band = QRectF(4, grid.y(at), grid.width - 8, grid.pitch)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(band, 4, 4)
    painter.setClipRect(QRectF(grid.left - 2, grid.top - 1, grid.width, grid.height))
    for at in grid.rows(len(table.rows)):
        row, y = table.rows[at], grid.y(at)
        _paint_row(painter, row, grid, style, y, kept)
        if table.leader and row.server != table.leader:
            _paint_view(painter, row, grid, style, y + grid.pitch - grid.marks / 2)
    _paint_commit_line(painter, table, grid, style)
    painter.restore()
    _paint_indexes(painter, grid, style, kept)
    painter.setClipRect(QRectF(0, grid.top, grid.left, grid.height))
    for at in grid.rows(len(table.rows)):
        _paint_name(painter, table.rows[at], grid, style, grid.y(at))
    painter.setClipping(False)


def _paint_indexes(painter: QPainter, grid: LogGrid, style: LogStyle, kept: KeptPaintings) -> None:
    first, last = grid.columns
    painter.save()
    painter.setClipRect(QRectF(grid.left - 2, 0, grid.width, grid.top))
    height = 14 * style.unit
    for index in range(first, last + 1):
        box = QRectF(grid.x(index), grid.top - height - 1, grid.column, height)
        kept.paint(painter, box, index, partial(_paint_index, index=index, style=style))
    painter.restore()


def _paint_index(painter: QPainter, box: QRectF, *, index: int, style: LogStyle) -> None:
    painter.setFont(style.small)
    painter.setPen(QColor(style.theme.muted))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(index))


def _paint_commit_line(painter: QPainter, table: LogsTable, grid: LogGrid, style: LogStyle) -> None:
    if table.commit_index:
        x = grid.x(table.commit_index + 1)
        painter.setPen(pen(style.theme.good, 2.0 * style.unit))
        bottom = grid.y(len(table.rows)) - 2
        painter.drawLine(QLineF(x, grid.top - 1, x, bottom))


def _paint_name(painter: QPainter, row: LogRow, grid: LogGrid, style: LogStyle, y: float) -> None:
    theme, unit = style.theme, style.unit
    height = grid.pitch - grid.marks
    down = row.status is Status.CRASHED
    painter.setFont(style.name)
    painter.setPen(QColor(theme.muted if down else theme.text))
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QRectF(14 * unit, y, grid.left, height), align, f"S{row.server}")
    word = row.status.value if row.status is not Status.UP else "leader" if row.leads else ""
    if not word:
        return
    painter.setFont(style.small)
    used = 14 * unit + QFontMetricsF(style.name).horizontalAdvance(f"S{row.server} ")
    painter.setPen(QColor(theme.text if row.leads else theme.muted))
    painter.drawText(QRectF(used + 3 * unit, y, grid.left - used, height), align, word)
    if row.leads and row.status is Status.UP:
        painter.setPen(pen(theme.term(row.term).line, 1.0))
        painter.setBrush(QColor(theme.term(row.term).solid))
        painter.drawRoundedRect(QRectF(6 * unit, y + 2, 4 * unit, height - 4), 1.5, 1.5)


def _paint_row(
    painter: QPainter, row: LogRow, grid: LogGrid, style: LogStyle, y: float, kept: KeptPaintings
) -> None:
    height = grid.pitch - grid.marks
    if row.log.snapshot_index or "log" in row.unknown:
        _paint_snapshot(painter, row, grid, style, y)
    for cell in cells(row, *grid.columns):
        box = QRectF(grid.x(cell.index) + 1.5, y + 1, grid.column - 3, height - 1)
        paint_cell(painter, row, cell, box, style, kept)


def _paint_view(painter: QPainter, row: LogRow, grid: LogGrid, style: LogStyle, y: float) -> None:
    """The leader's ● and ▲ for this follower, under the columns they mean."""
    radius = 2.9 * style.unit
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.theme.text))
    if row.match_index is not None:
        middle = grid.x(row.match_index) + grid.column / 2
        # Nothing known to match yet: before the first column.
        x = middle if row.match_index else grid.x(1) + radius + 1
        painter.drawEllipse(QPointF(x, y), radius, radius)
    if row.next_index is not None:
        x, wide = grid.x(row.next_index) + grid.column / 2, 4.2 * style.unit
        painter.setBrush(QColor(style.theme.accent))
        points = [
            QPointF(x, y - radius),
            QPointF(x + wide, y + radius),
            QPointF(x - wide, y + radius),
        ]
        painter.drawPolygon(QPolygonF(points))


def _paint_snapshot(
    painter: QPainter, row: LogRow, grid: LogGrid, style: LogStyle, y: float
) -> None:
    theme = style.theme
    untold = "log" in row.unknown
    columns = 3 if untold else row.log.snapshot_index  # room for the words
    left, right = grid.x(1) + 1.5, grid.x(columns + 1) - 1.5
    if right < grid.left:
        return
    box = QRectF(left, y + 1, right - left, grid.pitch - grid.marks - 1)
    painter.setPen(pen(theme.muted, 1.2))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(QBrush(QColor(theme.link), Qt.BrushStyle.BDiagPattern))
    painter.drawRoundedRect(box, 4, 4)
    text = f"snapshot up to {row.log.snapshot_index}"
    if "entries" in row.unknown:
        text = f"not told up to {row.log.snapshot_index}"
    elif untold:
        text = "log not told"
    seen = box.intersected(QRectF(grid.left, y, grid.width - grid.left, grid.pitch))
    width = QFontMetricsF(style.small).horizontalAdvance(text) + 10
    painter.setFont(style.small)
    if width <= seen.width():
        label = QRectF(0, 0, width, box.height() - 4)
        label.moveCenter(seen.center())
        painter.fillRect(label, QColor(theme.raised))
        painter.setPen(QColor(theme.text))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)


def paint_title(painter: QPainter, table: LogsTable | None, style: LogStyle, width: float) -> None:
    """The title, the legend as far as there is room, and the commit index.

    ``width`` is what the title may take: something may stand to its right.
    """
    if not style.titled:
        return
    theme, unit = style.theme, style.unit
    left, height = 14 * unit, 26 * unit
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.setFont(style.title)
    painter.setPen(QColor(theme.text))
    painter.drawText(QRectF(left, 1, width, height), align, "Logs")
    left += QFontMetricsF(style.title).horizontalAdvance("Logs") + 10 * unit
    right = width - 14 * unit
    if table is not None and table.commit_server:
        text = f"━ commit_index {table.commit_index}"
        wide = QFontMetricsF(style.name).horizontalAdvance(text)
        painter.setFont(style.name)
        painter.setPen(QColor(theme.good))
        painter.drawText(QRectF(right - wide, 1, wide + 2, height), align, text)
        right -= wide + 12 * unit
    metrics = QFontMetricsF(style.small)
    painter.setFont(style.small)
    painter.setPen(QColor(theme.muted))
    for legend in _LEGENDS:
        if metrics.horizontalAdvance(legend) <= right - left:
            painter.drawText(QRectF(left, 1, right - left, height), align, legend)
            return
    legend = metrics.elidedText(_LEGENDS[-1], Qt.TextElideMode.ElideRight, max(right - left, 0))
    painter.drawText(QRectF(left, 1, right - left, height), align, legend)
