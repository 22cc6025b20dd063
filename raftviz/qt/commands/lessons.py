"""Commands on lessons."""

from typing import TYPE_CHECKING

from raftviz.qt.commands.command import Command

if TYPE_CHECKING:
    from raftviz.qt.window import Window


def _in_lesson(window: "Window") -> bool:
    return window.lessons.run is not None


def _can_go_on(window: "Window") -> bool:
    run = window.lessons.run
    return run is not None and run.current.done and not run.finished


COMMANDS: tuple[Command, ...] = (
    Command(
        "lessons", "Lessons", "Lessons", ("Ctrl+Shift+L",),
        "Show the lesson that is open, or all lessons to choose from.",
        lambda w: w.show_view("Lesson"),
    ),
    Command(
        "lesson-next", "Next step", "Lessons", ("Ctrl+PgDown",),
        "Go on to the lesson's next step.", lambda w: w.lessons.next(), _can_go_on, separator=True,
    ),
    Command(
        "lesson-back", "Step before", "Lessons", ("Ctrl+PgUp",),
        "Go back to the lesson's step before.", lambda w: w.lessons.back(), _in_lesson,
    ),
    Command(
        "lesson-hint", "Hint", "Lessons", ("Ctrl+I",), "Help a little.",
        lambda w: w.lessons.hint(), _in_lesson,
    ),
    Command(
        "lesson-show", "Show me", "Lessons", ("Ctrl+J",),
        "The lesson does what the step asks, and you step through it.",
        lambda w: w.lessons.show_me(), _in_lesson,
    ),
    Command(
        "lesson-reset", "Reset the step", "Lessons", ("Ctrl+Shift+R",),
        "Begin the step anew. What you did is kept as a branch.",
        lambda w: w.lessons.reset(), _in_lesson,
    ),
    Command(
        "lesson-close", "Put the lesson away", "Lessons", ("Ctrl+Shift+W",),
        "Close the lesson, and go on exploring its cluster.",
        lambda w: w.lessons.close(), _in_lesson,
    ),
)  # fmt: skip
