"""The legend in a list: each sign painted by the code that paints it in the picture."""

from functools import cache

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.legend import ACT_WORDS, Row, legend
from raftviz.picture.legend_samples import HEIGHT, WIDTH, Sample
from raftviz.picture.logs import LogsTable
from raftviz.picture.logs_grid import LogGrid
from raftviz.picture.primitives import ClusterPicture
from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.guard import guarded
from raftviz.qt.kept import KeptPaintings
from raftviz.qt.later import View
from raftviz.qt.logs_paint import paint_logs
from raftviz.qt.logs_style import LogStyle
from raftviz.qt.painting import Painter
from raftviz.qt.timeline_paint import paint_chart
from raftviz.qt.timeline_signs import paint_signs
from raftviz.qt.timeline_strip import paint_strips
from raftviz.qt.timeline_style import Style
from raftviz.session.session import Session

AnyIndex = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole + 1
_ROOT = QModelIndex()
_NOTHING: object = None
_GAP = 12


@cache
def rows() -> tuple[str | Row, ...]:
    """Titles of sections and their rows, from top to bottom."""
    found: list[str | Row] = []
    for section in legend():
        found += [section.title, *section.rows]
    return tuple(found)


class SamplePainter:
    """Paints samples in one theme, font and pixel ratio, each once."""

    def __init__(self, theme: Theme, font: QFont, ratio: float) -> None:
        self.of = (theme, font, ratio)
        self._theme, self._ratio = theme, ratio
        self._cluster = Painter(theme, font.family(), ratio)
        self._logs = LogStyle.of(theme, font, titled=False)
        self._timeline = Style.of(theme, font, titled=False)
        self._kept = KeptPaintings()
        self._pixmaps: dict[int, QPixmap] = {}

    def pixmap(self, sample: Sample) -> QPixmap:
        """A sample as it is painted in the picture."""
        kept = self._pixmaps.get(id(sample))
        if kept is None:
            kept = QPixmap(round(WIDTH * self._ratio), round(HEIGHT * self._ratio))
            kept.setDevicePixelRatio(self._ratio)
            kept.fill(QColor(self._theme.surface))
            with QPainter(kept) as painter:
                painter.setClipRect(QRectF(0, 0, WIDTH, HEIGHT))
                self._paint(painter, sample)
            self._pixmaps[id(sample)] = kept
        return kept

    def _paint(self, painter: QPainter, sample: Sample) -> None:
        if isinstance(sample, ClusterPicture):
            self._cluster.paint(painter, sample)
        elif isinstance(sample, LogsTable):
            self._paint_log(painter, sample)
        else:
            paint_chart(painter, sample, self._timeline)
            paint_strips(painter, sample, self._timeline)
            paint_signs(painter, sample, self._timeline, ACT_WORDS, ())

    def _paint_log(self, painter: QPainter, table: LogsTable) -> None:
        """The row without its name and the numbers of its columns: they stand aside, out of sight."""
        unit, columns = self._logs.unit, max(table.last_index, 1)
        column = WIDTH / columns if columns > 1 else 70 * unit
        aside = 200.0
        grid = LogGrid(aside, 4.0, column, 38.0, 9.5 * unit, aside + WIDTH, HEIGHT)
        painter.setClipRect(QRectF(0, 4, WIDTH, HEIGHT - 4))
        painter.translate((WIDTH - column * columns) / 2 - aside, 0)
        paint_logs(painter, table, grid, self._logs, 0, self._kept)


class _Model(QAbstractListModel):
    """The rows of the legend."""

    @guarded(default=0)
    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """All of them, always."""
        return 0 if parent.isValid() else len(rows())

    @guarded(default=_NOTHING)
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A row's words."""
        row = rows()[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row if isinstance(row, str) else row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row if isinstance(row, str) else f"{row.title}: {row.words}"
        return None

    @guarded(default=Qt.ItemFlag.NoItemFlags)
    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Titles are passed over."""
        if isinstance(rows()[index.row()], str):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    """Paints a title, or a sign with its name and its meaning."""

    def __init__(self, of: QListView) -> None:
        super().__init__(of)
        self._list = of
        self.theme: Theme = LIGHT
        self._samples: SamplePainter | None = None

    def _painter(self) -> SamplePainter:
        of = (self.theme, self._list.font(), self._list.devicePixelRatioF())
        if self._samples is None or self._samples.of != of:
            self._samples = SamplePainter(*of)
        return self._samples

    def _words_box(self, rect: QRect) -> QRect:
        left = round(WIDTH) + 2 * _GAP
        return rect.adjusted(left, 4, -_GAP, -4)

    @guarded(default=QSize(100, 60))
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002
        """As high as the sign, or as the words if they are longer."""
        width, row = self._list.viewport().width(), index.data(ROW)
        metrics = QFontMetrics(self._list.font())
        if isinstance(row, str):
            return QSize(width, round(2.3 * metrics.lineSpacing()))
        room = self._words_box(QRect(0, 0, width, 10)).width()
        flags = Qt.TextFlag.TextWordWrap
        words = metrics.boundingRect(0, 0, max(room, 60), 10_000, flags, row.words)
        high = words.height() + metrics.lineSpacing() + 12
        return QSize(width, max(high, round(HEIGHT) + 8))

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """A title, or a sign."""
        row, font, rect = index.data(ROW), QFont(self._list.font()), option.rect
        bold = QFont(font)
        bold.setBold(True)
        painter.save()
        painter.setFont(bold)
        painter.setPen(QColor(self.theme.text))
        if isinstance(row, str):
            align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
            painter.drawText(rect.adjusted(_GAP, 0, -_GAP, -4), align, row)
            painter.setPen(QColor(self.theme.edge))
            painter.drawLine(rect.left() + _GAP, rect.bottom(), rect.right() - _GAP, rect.bottom())
            painter.restore()
            return
        sample = self._painter().pixmap(row.sample)
        painter.drawPixmap(rect.left() + _GAP, rect.center().y() - round(HEIGHT / 2), sample)
        box = self._words_box(rect)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, row.title)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.muted))
        below = box.adjusted(0, QFontMetrics(font).lineSpacing() + 2, 0, 0)
        painter.drawText(below, Qt.TextFlag.TextWordWrap, row.words)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(self.theme.accent))
            painter.drawRoundedRect(rect.adjusted(4, 1, -4, -1), 6, 6)
        painter.restore()


class _List(QListView):
    """The list; rows wrap anew when it becomes wider or narrower."""

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words wrap anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class LegendView(View):
    """Every sign, and what it means. It shows no session: signs are the same in all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = _List()
        self.list.setStyleSheet("QListView { border: none; }")
        self.list.setModel(_Model(self))
        self._delegate = _Delegate(self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Legend")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.setFocusProxy(self.list)

    def show_session(self, session: Session) -> None:
        """Nothing of it shows."""

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self._delegate.theme = theme
        self.list.viewport().update()
