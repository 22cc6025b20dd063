"""Where the views are when raftviz is new: three places, and what shares each of them."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QWidget

from raftviz.qt import views
from raftviz.qt.cards import Dock
from raftviz.qt.later import Later

if TYPE_CHECKING:
    from raftviz.qt.window import Window

# Pixels at 1600×1000: five logs and five lanes are seen whole, with other branches below them, and
# the picture has most of the room.
_BESIDE_WIDTH, _LOGS_HEIGHT, _TIMELINE_HEIGHT = 456, 202, 230


def dock_views(window: "Window") -> None:
    """Put the views of a window beside and below the picture, each in a dock with a name."""
    areas = Qt.DockWidgetArea
    window.setCorner(Qt.Corner.BottomRightCorner, areas.BottomDockWidgetArea)
    window.setCorner(Qt.Corner.BottomLeftCorner, areas.BottomDockWidgetArea)
    window.setTabPosition(areas.AllDockWidgetAreas, QTabWidget.TabPosition.North)
    window.setDocumentMode(True)
    # To the right what is said of one thing; below what each server holds, and what lies along time.
    groups = [
        [_dock(window, "Inspector", window.inspector, beside=True)],
        [_dock(window, "Logs", window.logs)],
        [_dock(window, "Timeline", window.timeline)],
    ]
    makers = (views.BESIDE, views.WITH_LOGS, views.WITH_TIMELINE)
    for group, later in zip(groups, makers, strict=True):
        beside = later is views.BESIDE
        group += [_dock(window, name, view, beside=beside) for name, view in _later(window, later)]
    window.below = [dock.windowTitle() for group in groups[1:] for dock in group]
    beside_all, logs, timeline = (group[0] for group in groups)
    window.addDockWidget(areas.RightDockWidgetArea, beside_all)
    window.addDockWidget(areas.BottomDockWidgetArea, logs)
    window.splitDockWidget(logs, timeline, Qt.Orientation.Vertical)
    for first, *others in groups:
        _share_place(window, first, others)
    for title in views.ON_DEMAND:
        window.docks[title].hide()
    window.resizeDocks([beside_all], [_BESIDE_WIDTH], Qt.Orientation.Horizontal)
    heights = [_LOGS_HEIGHT, _TIMELINE_HEIGHT]
    window.resizeDocks([logs, timeline], heights, Qt.Orientation.Vertical)


def _share_place(window: "Window", first: Dock, others: list[Dock]) -> None:
    """Behind one another, with a tab each if there are several; the first is in front."""
    layout = window.layout()
    assert layout is not None
    for behind in others:
        window.tabifyDockWidget(first, behind)
        # Or else Qt leaves a bar of tabs behind for each step of the way (seen with 6.11).
        layout.activate()
    first.raise_()


def _later(window: "Window", makers: Mapping[str, views.Make]) -> Iterator[tuple[str, QWidget]]:
    """Places for views that are made when they are first seen."""
    for title, make in makers.items():
        window.later[title] = Later(title, partial(make, window.conductor))
        yield title, window.later[title]


def _dock(window: "Window", name: str, view: QWidget, *, beside: bool = False) -> Dock:
    dock = window.docks[name] = Dock(name, view, window, beside=beside)
    if isinstance(view, Later):
        dock.visibilityChanged.connect(view.set_seen)
    return dock
