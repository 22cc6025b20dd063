"""The menu of the files that were open last."""

from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from raftviz.qt.filing import Filing
from raftviz.qt.preferences import Preferences
from raftviz.shelf import is_there


class RecentMenu(QMenu):
    """Made anew each time it is shown; a file that is gone is grey."""

    def __init__(self, filing: Filing, preferences: Preferences, parent: QWidget) -> None:
        super().__init__("Open recent", parent)
        self._filing = filing
        self._preferences = preferences
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """The files, newest first."""
        self.clear()
        files = self._preferences.recent
        for number, file in enumerate(files, 1):
            path = Path(file)
            words = f"{path.name} — {path.parent}".replace("&", "&&")
            action = self.addAction(f"&{number % 10}  {words}")
            action.setData(file)
            there = is_there(file)
            action.setEnabled(there)
            action.setToolTip(file if there else f"{file} is not there any more.")
            action.triggered.connect(lambda _=False, file=file: self._filing.open_path(file))
        if not files:
            self.addAction("No file yet").setEnabled(False)
            return
        self.addSeparator()
        self.addAction("Forget these").triggered.connect(self._preferences.forget_recent)
