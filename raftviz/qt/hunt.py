"""A search that runs beside the window, in a process of its own."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from raftviz.lab.apart import Apart, Failed, News, Quest
from raftviz.lab.findings import Progress

LOOK_MS = 50
"""So often one looks whether there is news: as often as it is told."""


class Search(Protocol):
    """What runs elsewhere."""

    def news(self) -> News | None:
        """The newest since one asked last."""

    def stop(self) -> None:
        """End it, and give everything back."""


Begin = Callable[[Quest], Search]


class Hunt(QObject):
    """At most one search at a time. Nothing here waits for it."""

    progressed = Signal(object)
    """A ``Progress``."""
    ended = Signal(object)
    """A ``Finding``, or ``Failed``; not when somebody stopped it."""

    def __init__(self, begin: Begin = Apart, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._begin = begin
        self._search: Search | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def runs(self) -> bool:
        """Whether a search is under way."""
        return self._search is not None

    def begin(self, quest: Quest) -> None:
        """Begin a search; one that is under way is stopped."""
        self.stop()
        self._search = self._begin(quest)
        self._timer.start()

    def stop(self) -> None:
        """Stop at once; what it had come to is gone."""
        self._timer.stop()
        search, self._search = self._search, None
        if search is not None:
            search.stop()

    def look(self) -> None:
        """See what has come."""
        news = self._search.news() if self._search is not None else None
        if isinstance(news, Progress):
            self.progressed.emit(news)
        elif news is not None:
            self.stop()
            self.ended.emit(news)


__all__ = ["Begin", "Failed", "Hunt", "Search"]
