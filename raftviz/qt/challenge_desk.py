"""Challenges in the window: the best way to meet one is kept for each student, and played again."""

from typing import TYPE_CHECKING

from raftviz.qt.plain import sentence
from raftviz.session.progress import Progress, ProgressError

if TYPE_CHECKING:
    from raftviz.qt.lesson_desk import LessonDesk
    from raftviz.session.challenge import Met
    from raftviz.session.lesson_run import LessonRun

# What plays challenges is imported when one is met, or watched again.
# ruff: noqa: PLC0415


class Challenges:
    """What one does with challenges beside playing them."""

    def __init__(self, desk: "LessonDesk") -> None:
        self._desk = desk
        self._kept: Met | None = None

    def keep(self, run: "LessonRun", progress: Progress) -> None:
        """Keep a goal that was met, if nobody has shown how and it is the best way yet."""
        from raftviz.session.challenge import solution_text
        from raftviz.session.scribe import UnwritableError

        met = run.met
        if met is None or met.shown or met is self._kept:
            return
        self._kept = met
        progress.step_done(run.lesson.name, 0)
        try:
            text = solution_text(run.session, run.lesson.title, run.current.start, met)
        except UnwritableError as error:
            self._desk.window.conductor.said.emit(sentence(f"Your way cannot be kept: {error}"))
            return
        progress.challenge_done(run.lesson.name, met.acts, text)

    @property
    def best(self) -> int:
        """The fewest acts in which the student has met the challenge that is open; 0 for not yet."""
        run, progress = self._desk.run, self._desk.progress
        if run is None or progress is None or not run.lesson.is_challenge:
            return 0
        try:
            return progress.standing(run.lesson.name).best
        except ProgressError:
            return 0

    def replay(self, lesson: str) -> None:
        """Open the student's best way to meet a challenge as a session, and let it play."""
        from raftviz.session.filed import Filed
        from raftviz.session.opening import Opening

        window, progress = self._desk.window, self._desk.progress
        if progress is None:
            return
        try:
            text = progress.best_session(lesson)
        except ProgressError as error:
            window.conductor.said.emit(f"{error}.")
            return
        if not text:
            window.conductor.said.emit("This challenge has not been met yet.")
            return
        opening = Opening(text)

        def done() -> None:
            window.filing.take_opened(opening, Filed(opening.session, opening))
            window.conductor.play()

        window.filing.ask_before(lambda: window.filing.work_on(opening, "your best solution", done))
