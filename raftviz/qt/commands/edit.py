"""Commands on what one did: undo and redo."""

from raftviz.qt.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command(
        "undo", "Undo", "Edit", ("Ctrl+Z",),
        "Take back the last act or edit, and go to where it was done.",
        lambda w: w.conductor.undo(), lambda w: w.conductor.undo_stack.canUndo(),
        says=lambda w: f"Undo {w.conductor.undo_stack.undoText()}".strip(),
    ),
    Command(
        "redo", "Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "Do again what was undone last.",
        lambda w: w.conductor.redo(), lambda w: w.conductor.undo_stack.canRedo(),
        says=lambda w: f"Redo {w.conductor.undo_stack.redoText()}".strip(),
    ),
)  # fmt: skip
