"""Commands for whoever teaches or learns with others: students, own lessons."""

from typing import TYPE_CHECKING

from raftviz.qt.commands.command import Command

if TYPE_CHECKING:
    from raftviz.qt.window import Window


def _keeps(window: "Window") -> bool:
    return window.lessons.progress is not None


def _keeps_of_lesson(window: "Window") -> bool:
    return _keeps(window) and window.lessons.run is not None


def _in_lesson(window: "Window") -> bool:
    return window.lessons.run is not None


def _has_folder(window: "Window") -> bool:
    return window.own_lessons.folder is not None


def _forget_lesson(window: "Window") -> None:
    run = window.lessons.run
    if run is not None:
        window.students.ask_to_forget(run.lesson.name, run.lesson.title)


def _replay(window: "Window") -> None:
    run = window.lessons.run
    if run is not None:
        window.lessons.challenges.replay(run.lesson.name)


def _recording(window: "Window") -> str:
    recorder = window.recorder
    return "Stop recording acts" if recorder is not None and recorder.recording else "Record acts"


def _handout(window: "Window") -> None:
    from raftviz.qt.handout import ask_for_handout  # noqa: PLC0415 - for whoever prints one

    ask_for_handout(window)


COMMANDS: tuple[Command, ...] = (
    Command(
        "students", "Students…", "Lessons", ("Ctrl+Alt+P",),
        "Choose who learns here. For each student, progress is kept apart.",
        lambda w: w.students.show(), _keeps, submenu="Students",
    ),
    Command(
        "student-add", "Add a student…", "Lessons", ("Ctrl+Alt+A",),
        "Add somebody by name.",
        lambda w: w.students.show(add=True), _keeps, submenu="Students",
    ),
    Command(
        "student-remove", "Remove this student…", "Lessons", ("Ctrl+Alt+K",),
        "Forget whoever learns here, and all that they did; asks first.",
        lambda w: w.students.ask_to_remove(w.lessons.student), _keeps, submenu="Students",
    ),
    Command(
        "forget-lesson", "Forget the progress in this lesson…", "Lessons", ("Ctrl+Alt+F",),
        "Begin the lesson that is open as if for the first time; asks first.",
        _forget_lesson, _keeps_of_lesson, submenu="Students",
    ),
    Command(
        "forget-lessons", "Forget the progress in all lessons…", "Lessons", ("Ctrl+Alt+Shift+F",),
        "Begin all lessons as if for the first time; asks first.",
        lambda w: w.students.ask_to_forget(), _keeps, submenu="Students",
    ),
    Command(
        "progress-table", "Progress as a table…", "Lessons", ("Ctrl+Alt+E",),
        "Save everybody's progress as a table for a spreadsheet.",
        lambda w: w.students.ask_for_table(), _keeps, submenu="Students",
    ),
    Command(
        "poll", "Ask a class", "Lessons", ("Ctrl+Alt+V",),
        "Count hands for each answer of a question instead of giving one; or no longer.",
        lambda w: w.lessons.set_polling(polling=not w.lessons.polling), _in_lesson, separator=True,
    ),
    Command(
        "handout", "Handout…", "Lessons", ("Ctrl+Alt+H",),
        "Save the lesson to be printed: its words, what to do, and questions with room for answers.",
        _handout, _in_lesson,
    ),
    Command(
        "replay-best", "Replay my best solution", "Lessons", ("Ctrl+Alt+B",),
        "Watch the best way in which you have met the challenge that is open.",
        _replay, lambda w: w.lessons.challenges.best > 0,
    ),
    Command(
        "record-acts", "Record acts", "Lessons", ("Ctrl+Alt+R",),
        "Record what you do, to become a part of a lesson; once more to stop.",
        lambda w: w.record_acts(), separator=True, says=_recording,
    ),
    Command(
        "own-lessons", "Folder of my lessons…", "Lessons", ("Ctrl+Alt+O",),
        "Choose a folder; the lessons in it are listed beside those that ship.",
        lambda w: w.own_lessons.ask(), separator=True,
    ),
    Command(
        "no-own-lessons", "No lessons of my own", "Lessons", ("Ctrl+Alt+Shift+O",),
        "List only the lessons that ship.",
        lambda w: w.own_lessons.choose(""), _has_folder,
    ),
)  # fmt: skip
