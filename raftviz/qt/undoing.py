"""Edits of a session on Qt's undo stack."""

from PySide6.QtGui import QUndoCommand

from raftviz.qt.guard import guarded
from raftviz.session.edits import Edit


class Undoable(QUndoCommand):
    """An edit that is done already: the stack does what it is given once more when it is given it."""

    def __init__(self, edit: Edit) -> None:
        super().__init__(edit.title)
        self._edit = edit
        self._is_done = True

    @guarded
    def undo(self) -> None:
        """Take it back."""
        self._is_done = False
        self._edit.undo()

    @guarded
    def redo(self) -> None:
        """Do it again, unless it is done."""
        if not self._is_done:
            self._edit.redo()
        self._is_done = True
