"""Rules to break: a list in which each is switched on and off, and a page on the chosen one."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from raftviz.checks.properties import LIVENESS
from raftviz.picture.source import SourceMissingError
from raftviz.picture.theme import LIGHT, Theme
from raftviz.picture.variants.page import groups, page_of, rivals
from raftviz.qt.guard import guarded
from raftviz.qt.later import View
from raftviz.qt.plain import plain_label
from raftviz.qt.variant_text import variant_html
from raftviz.raft.variants import PROGRESS, Variant
from raftviz.session.session import Session
from raftviz.sim import acts
from raftviz.sim.history import NETWORK
from raftviz.sim.network import Network

_NAME = Qt.ItemDataRole.UserRole
_WIDE = 820
"""From so many pixels on, right and wrong code stand side by side."""

_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class VariantsView(View):
    """All variants. Switching one is an act like any other: it can be undone."""

    acted = Signal(object)
    """An act on the rules."""
    lesson_wanted = Signal(str)
    rule_wanted = Signal(str)
    """The id of a rule of the book that somebody wants to read."""

    def __init__(self, has_lesson: Callable[[str], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_lesson = has_lesson
        self._theme: Theme = LIGHT
        self._on: tuple[str, ...] = ()
        self._wide = False
        self.note = plain_label()
        self.note.setWordWrap(True)
        self.note.setContentsMargins(14, 10, 14, 6)
        self.list = _List()
        self.list.setAccessibleName("Rules to break")
        self.list.setAccessibleDescription("Enter breaks a rule, or mends it.")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.page = QTextBrowser()
        self.page.setAccessibleName("About the chosen mistake")
        self.page.setOpenLinks(False)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.document().setDocumentMargin(14)
        self.items: dict[str, QListWidgetItem] = {}
        """The rows of the list, by the names of the variants."""
        self._fill()
        self.list.itemChanged.connect(self._switched)
        self.list.currentItemChanged.connect(self._show_page)
        self.page.anchorClicked.connect(self._follow)
        self.list.setCurrentItem(next(iter(self.items.values())))
        self._say()

    def _fill(self) -> None:
        for title, variants in groups().items():
            heading = QListWidgetItem(title)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            _set_bold(heading, bold=True)
            self.list.addItem(heading)
            for variant in variants:
                item = self.items[variant.name] = _row(variant)
                self.list.addItem(item)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.list)
        split.addWidget(self.page)
        split.setChildrenCollapsible(False)
        split.setSizes([250, 360])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.note)
        column.addWidget(split, 1)
        self.setFocusProxy(self.list)

    # What is shown

    def show_session(self, session: Session) -> None:
        """Tick those that are on here."""
        moment = session.moment
        network = moment.history.part_at(moment.branch, NETWORK, moment.count)
        assert isinstance(network, Network)
        if network.variants != self._on:
            self._on = network.variants
            self._tick()

    def set_theme(self, theme: Theme) -> None:
        """Write in the colours of ``theme``."""
        self._theme = theme
        self.list.setStyleSheet(_sheet(theme))
        self._show_page()

    def look_at(self, thing: object) -> None:
        """Show a variant, by its name."""
        item = self.items.get(str(thing))
        if item is not None:
            self.list.setCurrentItem(item)
            self.list.scrollToItem(item)

    @property
    def chosen(self) -> str:
        """The name of the variant whose page is shown."""
        return str(self.list.currentItem().data(_NAME))

    def _tick(self) -> None:
        with QSignalBlocker(self.list):
            for name, item in self.items.items():
                item.setCheckState(_ON if name in self._on else _OFF)
                _set_bold(item, bold=name in self._on)
        self.list.viewport().update()
        self._say()

    def _say(self) -> None:
        count = len(self._on)
        if not count:
            words = "Tick a mistake (or Enter), and all servers make it from here on."
        else:
            rules = "One rule is" if count == 1 else f"{count} rules are"
            words = (
                f"{rules} broken here, on all servers. Untick to mend: Shift+H mends all. "
                "Shift+F finds where it matters."
            )
        self.note.setText(words)

    def _show_page(self) -> None:
        try:
            page = page_of(self.chosen)
        except SourceMissingError as error:
            self.page.setPlainText(f"{error}.")
            return
        lesson = bool(page.lesson) and self._has_lesson(page.lesson)
        self.page.setHtml(variant_html(page, self._theme, lesson=lesson, wide=self._wide))

    # What a person does

    def _switched(self, item: QListWidgetItem) -> None:
        name, on = str(item.data(_NAME)), item.checkState() is _ON
        if on is (name in self._on):
            return
        self.list.setCurrentItem(item)
        for rival in rivals(name, self._on) if on else ():
            self.acted.emit(acts.SwitchOff(rival))
        self.acted.emit(acts.SwitchOn(name) if on else acts.SwitchOff(name))
        self._tick()  # a recording lets nobody change anything

    def _follow(self, url: QUrl) -> None:
        kind, _, name = url.toString().partition(":")
        if kind == "lesson":
            self.lesson_wanted.emit(name)
        elif kind == "rule":
            self.rule_wanted.emit(name)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Right and wrong stand side by side where there is room."""
        super().resizeEvent(event)
        if self._wide is not (wide := self.width() >= _WIDE):
            self._wide = wide
            self._show_page()

    @guarded(default=QSize(400, 500))
    def sizeHint(self) -> QSize:
        """A few rows and the beginning of a page."""
        return QSize(400, 500)


class _List(QListWidget):
    """The list under keys."""

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter switches: Space lets time pass, here as everywhere."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            item.setCheckState(_OFF if item.checkState() is _ON else _ON)
        else:
            super().keyPressEvent(event)


def _sheet(theme: Theme) -> str:
    """Rows with air, a quiet selection, and boxes that are seen in every theme."""
    return f"""
    QListWidget {{ border: none; outline: none; }}
    QListWidget::item {{ padding: 3px 4px; }}
    QListWidget::item:selected {{ background: {theme.accent_soft}; color: {theme.text}; }}
    QListWidget::item:disabled {{ color: {theme.muted}; padding: 8px 4px 2px 4px; }}
    QListWidget:focus::item:selected {{ border: 1px solid {theme.accent}; border-radius: 4px; }}
    QListWidget::indicator {{ width: 12px; height: 12px; border: 2px solid {theme.muted};
        border-radius: 4px; background: {theme.surface}; }}
    QListWidget::indicator:checked {{ background: {theme.accent}; border-color: {theme.accent}; }}
    """


def _set_bold(item: QListWidgetItem, *, bold: bool) -> None:
    font = item.font()
    font.setBold(bold)
    item.setFont(font)


def _row(variant: Variant) -> QListWidgetItem:
    cost = " · progress only" if variant.falls in (PROGRESS, LIVENESS.name) else ""
    item = QListWidgetItem(f"{variant.title}{cost}")
    item.setData(_NAME, variant.name)
    item.setToolTip(variant.name)
    item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, variant.name)
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
    )
    item.setCheckState(_OFF)
    return item
