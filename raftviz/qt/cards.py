"""Cards: the quiet surfaces that views lie on, in the middle of the window and in its docks."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QFrame, QVBoxLayout, QWidget

from raftviz.qt.guard import guarded

GAP = 10
"""Pixels between a card and the window's edge."""


def card(*contents: QWidget, margin: int = 0) -> QFrame:
    """A card with widgets from top to bottom; the first one takes the room there is."""
    frame = QFrame()
    frame.setProperty("card", "true")
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin, margin, margin, margin)
    column.setSpacing(margin)
    for at, widget in enumerate(contents):
        column.addWidget(widget, 1 if at == 0 else 0)
    return frame


class Island(QWidget):
    """Holds a widget of fixed height whose words change often.

    With every new text Qt lays out all that lies around a label anew, up to the window, and even asks
    the window manager. Here it ends at the island's shore.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget
        widget.setParent(self)
        self.setFixedHeight(widget.minimumHeight())

    @guarded(default=False)
    def event(self, event: QEvent) -> bool:
        """The widget wants another size: only its height is its own affair."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.setFixedHeight(self._widget.minimumHeight())
        return super().event(event)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The widget fills the island."""
        self._widget.setGeometry(self.rect())
        super().resizeEvent(event)


class Dock(QDockWidget):
    """A view in a card that can be hidden; the view itself paints its name and what one can do."""

    def __init__(
        self, name: str, view: QWidget, parent: QWidget | None = None, *, beside: bool = False
    ) -> None:
        super().__init__(name, parent)
        self.setObjectName(f"dock-{name.lower()}")
        self.view = view
        self._beside = beside
        page = QWidget()
        self._around = QVBoxLayout(page)
        self._around.addWidget(card(view, margin=2))
        self.stand_at_edge(at_edge=True)
        self.setWidget(page)
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self.show_handle(shown=False)

    def stand_at_edge(self, *, at_edge: bool) -> None:
        """Whether the card's right side is at the window's edge, and so keeps away from it."""
        self._around.setContentsMargins(0 if self._beside else GAP, 0, GAP if at_edge else 0, 0)

    def show_handle(self, *, shown: bool) -> None:
        """Show Qt's title bar, by which the view is dragged, floated and closed; or none."""
        if shown:
            self.setTitleBarWidget(None)  # type: ignore[arg-type]  # Qt's own, as documented
            return
        empty = QWidget()
        empty.setFixedHeight(0)
        self.setTitleBarWidget(empty)
