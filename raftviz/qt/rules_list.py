"""The book of rules as a list: its rows, how they are painted, and where they can be clicked."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from raftviz.picture.rulebook import CHAPTERS, Rule
from raftviz.picture.rules_page import COLD, Heat, Standing, section_text
from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.guard import guarded
from raftviz.raft.values import value

AnyIndex = QModelIndex | QPersistentModelIndex

NOTHING: object = None
"""What a model says where it has nothing to say."""

ROW = Qt.ItemDataRole.UserRole + 1
"""The row itself: a chapter's title or a ``Rule``."""
STANDING = Qt.ItemDataRole.UserRole + 2
"""The rule's ``Standing``."""

Row = str | Rule
"""A chapter's title, or one of its rules."""


def _rows() -> Iterator[Row]:
    for chapter in CHAPTERS:
        yield chapter.title
        yield from chapter.rules


ROWS: tuple[Row, ...] = tuple(_rows())
"""All rows from top to bottom."""

ROW_OF = {row.id: at for at, row in enumerate(ROWS) if isinstance(row, Rule)}
"""The row of a rule, by its id."""

_SAID = {Heat.NOW: ", just now", Heat.RECENT: ", a moment ago", Heat.COLD: ""}


class RulesModel(QAbstractListModel):
    """The rows; a rule's standing changes, its words never do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._standings: Mapping[str, Standing] = {}

    def set_standings(self, standings: Mapping[str, Standing]) -> None:
        """Tell what has changed, and nothing else."""
        old, self._standings = self._standings, standings
        for rule, row in ROW_OF.items():
            if old.get(rule, COLD) != standings.get(rule, COLD):
                at = self.index(row)
                self.dataChanged.emit(at, at)

    @guarded(default=0)
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """All rows are there from the start."""
        return 0 if parent.isValid() else len(ROWS)

    @guarded(default=NOTHING)
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A row's words, and for a rule how it stands."""
        row = ROWS[index.row()]
        if role == ROW:
            return row
        if role == STANDING:
            return COLD if isinstance(row, str) else self._standings.get(row.id, COLD)
        if role == Qt.ItemDataRole.DisplayRole:
            return row if isinstance(row, str) else row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row if isinstance(row, str) else self._said(row)
        return None

    def _said(self, rule: Rule) -> str:
        standing = self._standings.get(rule.id, COLD)
        return f"{rule.text} {rule.section}. Fired {standing.times} times{_SAID[standing.heat]}."

    @guarded(default=Qt.ItemFlag.NoItemFlags)
    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Titles are passed over."""
        if isinstance(ROWS[index.row()], str):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


@value(eq=False)
class Places:
    """Where the parts of a rule's row are, in a row that fills ``rect``."""

    words: QRect
    section: QRect
    last: QRect
    times: QRect
    following: QRect


class RuleDelegate(QStyledItemDelegate):
    """Paints rows. Rows are as high as their words need in the width that there is."""

    def __init__(self, of: QListView) -> None:
        super().__init__(of)
        self._list = of
        self.theme: Theme = LIGHT
        self._heights: dict[tuple[int, int, str], int] = {}

    def places(self, rect: QRect, font: QFont) -> Places:
        """The parts of a rule's row; the arrows are wide enough to be hit."""
        line = QFontMetrics(font).lineSpacing()
        side = line + 6
        right = rect.right() - 10
        column = 3 * side + 12
        left, top = right - column, rect.top() + 7
        foot = top + line + 2
        return Places(
            QRect(rect.left() + 16, top, left - rect.left() - 26, rect.height() - 14),
            QRect(left - 8, top, column + 8, line),
            QRect(left, foot, side, side),
            QRect(left + side, foot, column - 2 * side, side),
            QRect(right - side, foot, side, side),
        )

    @guarded(default=QSize(100, 40))
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002
        """As wide as the list, as high as the words."""
        width, row = self._list.viewport().width(), index.data(ROW)
        font = self._list.font()
        line = QFontMetrics(font).lineSpacing()
        if isinstance(row, str):
            return QSize(width, round(2.2 * line))
        key = (width, line, row.id)
        if key not in self._heights:
            room = self.places(QRect(0, 0, width, 10), font).words
            flags = Qt.TextFlag.TextWordWrap
            box = QFontMetrics(font).boundingRect(0, 0, room.width(), 10_000, flags, row.text)
            self._heights[key] = max(box.height(), 2 * line + 8) + 14
        return QSize(width, self._heights[key])

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """A title, or a rule with its section and how often it fired."""
        row, standing = index.data(ROW), index.data(STANDING)
        font = self._list.font()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, str):
            self._paint_title(painter, option.rect, font, row)
        else:
            state = option.state
            self._paint_ground(painter, option.rect, standing.heat, state)
            self._paint_rule(painter, option.rect, font, row, standing)
        painter.restore()

    def _paint_title(self, painter: QPainter, rect: QRect, font: QFont, title: str) -> None:
        bold = QFont(font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(self.theme.text))
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        room = rect.adjusted(10, 0, -10, -4)
        words = QFontMetrics(bold).elidedText(title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, align, words)
        painter.setPen(QColor(self.theme.edge))
        painter.drawLine(rect.left() + 10, rect.bottom(), rect.right() - 10, rect.bottom())

    def _paint_ground(
        self, painter: QPainter, rect: QRect, heat: Heat, state: QStyle.StateFlag
    ) -> None:
        """What fired just now lies on a soft ground with a bar at its side; a moment ago: the bar."""
        theme = self.theme
        box = rect.adjusted(4, 2, -4, -2)
        painter.setPen(Qt.PenStyle.NoPen)
        if heat is Heat.NOW:
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(box, 6, 6)
        if heat is not Heat.COLD:
            painter.setBrush(QColor(theme.accent))
            wide = 5 if heat is Heat.NOW else 2
            painter.drawRoundedRect(QRect(box.left(), box.top(), wide, box.height()), 1.5, 1.5)
        if state & QStyle.StateFlag.State_Selected:
            focus = bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QColor(theme.accent if focus else theme.muted))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 6, 6)

    def _paint_rule(
        self, painter: QPainter, rect: QRect, font: QFont, rule: Rule, standing: Standing
    ) -> None:
        theme, places = self.theme, self.places(rect, font)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        top_left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.drawText(places.words, top_left | Qt.TextFlag.TextWordWrap, rule.text)
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(small)
        painter.setPen(QColor(theme.accent))
        section = section_text(rule.section)
        painter.drawText(places.section, Qt.AlignmentFlag.AlignRight, section)
        painter.setPen(QColor(theme.muted))
        middle = Qt.AlignmentFlag.AlignCenter
        painter.drawText(places.last, middle, "◀" if standing.times else "")
        painter.drawText(places.times, middle, _times(standing.times))
        painter.drawText(places.following, middle, "▶")

    def part_at(self, rect: QRect, font: QFont, at: QPoint) -> str:
        """What of a rule's row is at a point: ``"last"``, ``"next"`` or ``"words"``."""
        places = self.places(rect, font)
        if places.last.contains(at):
            return "last"
        return "next" if places.following.contains(at) else "words"


def _times(times: int) -> str:
    """A number in little room: ``128``, ``12k``, ``3M``; a dash for never."""
    if not times:
        return "–"
    if times < 10_000:
        return str(times)
    return f"{times // 1_000}k" if times < 1_000_000 else f"{times // 1_000_000}M"
