"""Lessons of one's own: the folder they are looked for in, which is remembered."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from raftviz.qt.window import Window


class OwnLessons:
    """The folder of one's own lessons, as the preferences keep it."""

    def __init__(self, window: "Window") -> None:
        self._window = window

    @property
    def folder(self) -> Path | None:
        """Where they are; None if no folder was chosen."""
        kept = self._window.looks.preferences.lesson_folder
        return Path(kept) if kept else None

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders to look through besides that of the shipped lessons."""
        folder = self.folder
        return (folder,) if folder is not None else ()

    @property
    def fault(self) -> str:
        """What is wrong with the folder itself, as a sentence; empty for nothing."""
        folder = self.folder
        if folder is None:
            return ""
        try:
            is_there = folder.is_dir()
        except (OSError, ValueError):
            is_there = False
        return "" if is_there else f"{folder} is not there, or no folder; choose another one"

    def ask(self) -> None:
        """Ask for the folder of one's own lessons."""
        dialog = QFileDialog(self._window, "Folder of my lessons", str(self.folder or Path.cwd()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.choose)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def choose(self, folder: str) -> None:
        """List the lessons of this folder from here on; of none with an empty name."""
        self._window.looks.preferences.lesson_folder = folder
        self._window.lessons.changed.emit()
        words = f"Lessons in {folder} are listed, too." if folder else "Only what ships is listed."
        self._window.conductor.said.emit(words)
