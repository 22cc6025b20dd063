"""A lesson in the window: opens it, looks with it whenever something has happened, keeps progress."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from raftviz.picture.primitives import PickedServer
from raftviz.qt.challenge_desk import Challenges
from raftviz.qt.guard import guarded
from raftviz.qt.plain import sentence
from raftviz.raft.server import Leader
from raftviz.session.progress import Progress, ProgressError
from raftviz.sim.script_error import ScriptError

if TYPE_CHECKING:
    from raftviz.qt.window import Window
    from raftviz.session.lesson_files import Found
    from raftviz.session.lesson_run import LessonRun
    from raftviz.teaching.lesson import Watch
    from raftviz.teaching.poll import Poll

# What reads lessons is imported when one is opened: whoever opens none is not to wait for it.
# ruff: noqa: PLC0415

_SETTLE_MS = 200
"""An editor may write a file in several goes."""


class LessonDesk(QObject):
    """The lesson that is open, if one is. ``changed`` when its place is to be painted anew."""

    changed = Signal()
    pointed = Signal(object)
    """Somebody selected something in the picture or the logs."""

    def __init__(self, window: "Window", progress: Progress | None = None) -> None:
        super().__init__(window)
        self.window = window
        self.progress = progress
        self.challenges = Challenges(self)
        self.run: LessonRun | None = None
        self.path: Path | None = None
        self.data = b""
        """What was in the file when it was read."""
        self.fault = ""
        """What is wrong with the file since it was written anew."""
        self._files: QFileSystemWatcher | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._reread)
        self._looking = False
        self.polling: bool = False
        """Whether questions are put to a class."""
        self.in_hall: bool = False
        conductor = window.conductor
        conductor.moment_changed.connect(self.look)
        conductor.session_changed.connect(self._session_changed)
        conductor.selection_changed.connect(lambda: self.pointed.emit(conductor.selected))

    # Opening

    def open(self, name: str) -> bool:
        """Open a lesson by its name or its file; one that cannot be read leaves all as it is."""
        from raftviz.session.lesson_files import NoLessonError, find_lesson, read_bytes, ships

        try:
            path = find_lesson(name, self.window.own_lessons.folders)
            data = read_bytes(path)
            run = _started(path, data)
        except NoLessonError as error:
            self.window.conductor.said.emit(sentence(f"Not opened: {error}"))
            return False
        self._take(run, path, data)
        if not ships(path):
            self.window.looks.preferences.add_recent(str(path.absolute()))
        return True

    def following(self) -> "Found | None":
        """The lesson behind the one that is open, of those that can be read; None behind the last."""
        from raftviz.session.lesson_files import all_lessons

        run = self.run
        lessons = [
            found
            for found in all_lessons(self.window.own_lessons.folders)
            if found.lesson is not None and not found.lesson.is_challenge
        ]
        names = [found.name for found in lessons]
        if run is None or run.lesson.name not in names[:-1]:
            return None
        return lessons[names.index(run.lesson.name) + 1]

    @property
    def student(self) -> str:
        """Who learns here; empty for somebody without a name."""
        return "" if self.progress is None else self.progress.student

    def is_there(self, name: str) -> bool:
        """Whether there is a lesson of this name."""
        from raftviz.session.lesson_files import NoLessonError, find_lesson

        try:
            find_lesson(name, self.window.own_lessons.folders)
        except NoLessonError:
            return False
        return True

    def ask_to_open(self, name: str) -> None:
        """Open a lesson, after asking what is to become of what somebody did."""
        self.window.filing.ask_before(lambda: self.open(name))

    def _take(self, run: "LessonRun", path: Path, data: bytes) -> None:
        self.run, self.path, self.data, self.fault = run, path, data, ""
        self._follow(path)
        self.window.conductor.open(run.session)
        self.window.layouts.follow_lesson()
        self._after()

    def close(self) -> None:
        """Put the lesson away; its cluster stays to be explored."""
        self.run = self.path = None
        self.fault = ""
        self._follow(None)
        self.window.layouts.leave_lesson()
        self.changed.emit()

    def _session_changed(self) -> None:
        if self.run is not None and self.window.conductor.session is not self.run.session:
            self.close()

    # Live reload

    def _follow(self, path: Path | None) -> None:
        if self._files is not None:
            self._files.deleteLater()
            self._files = None
        if path is not None:
            self._files = QFileSystemWatcher([str(path)], self)
            self._files.fileChanged.connect(self._settle.start)

    @guarded
    def _reread(self) -> None:
        """The file was written anew: go on with it at the same step, or say what is wrong with it."""
        from raftviz.session.lesson_files import NoLessonError, read_bytes

        if self.path is None or self.run is None:
            return
        number = self.run.number
        try:
            data = read_bytes(self.path)
            run = _started(self.path, data, number)
        except NoLessonError as error:
            self.fault = sentence(str(error))
            self._follow(self.path)
            self.changed.emit()
            return
        self._take(run, self.path, data)

    # Working

    def look(self) -> None:
        """Look at what has happened."""
        run = self.run
        if run is None or self._looking or self.window.conductor.session is not run.session:
            return
        self._looking = True
        try:
            moved = run.session.cursor
            changed = run.observe()
            if changed:
                self._after()
            if run.session.cursor != moved:
                self.window.conductor.moment_changed.emit()
        finally:
            self._looking = False

    def _after(self) -> None:
        """What follows from a change: what to look at, progress kept, and a pause.

        Time stops before a question, and when a step is done: what the next one says of the picture
        is still so when it is read.
        """
        run = self.run
        assert run is not None
        if run.watching is not None:
            self._watch(run.watching)
            run.watching = None
        if run.current.question is not None or run.current.done:
            self.window.conductor.pause()
        self._keep()
        self.changed.emit()

    def _watch(self, watch: "Watch") -> None:
        window = self.window
        for panel in watch.panels:
            if panel in window.docks:
                window.docks[panel].show()
                window.docks[panel].raise_()
        window.docks["Lesson"].raise_()
        if watch.speed is not None:
            window.conductor.set_nearest_speed(watch.speed)
        if watch.pause:
            window.conductor.pause()
        window.canvas.set_highlighted(frozenset(filter(None, map(self._thing, watch.highlight))))

    def _thing(self, word: str) -> PickedServer | None:
        """What a lesson means by a word: a server by its name, or who leads."""
        hosts = self.window.conductor.session.moment.state.hosts
        if word == "leader":
            for host in hosts.values():
                if host.is_up and isinstance(host.server.role, Leader):
                    return PickedServer(host.id)
        number = word.removeprefix("S")
        return PickedServer(int(number)) if number.isdigit() and int(number) in hosts else None

    def _keep(self) -> None:
        run = self.run
        if run is None or self.progress is None:
            return
        name = run.lesson.name
        try:
            if run.lesson.is_challenge:
                self.challenges.keep(run, self.progress)
            elif run.current.done:
                self.progress.step_done(name, run.number)
            for at, answer in run.current.answers.items():
                if answer.revealed and answer.poll is None:  # a class is no student
                    line = run.current.step.blocks[at].line
                    self.progress.predicted(name, run.number, line, right=answer.is_right)
        except ProgressError as error:
            self.window.conductor.said.emit(f"{error}.")

    # What the student asks for

    def set_in_hall(self, *, in_hall: bool) -> None:
        """Whether the lesson is read from the last row of a hall."""
        if in_hall != self.in_hall:
            self.in_hall = in_hall
            self.changed.emit()

    def set_polling(self, *, polling: bool) -> None:
        """Ask a class from here on, by counting hands; or a single student."""
        if polling != self.polling:
            self.polling = polling
            self.changed.emit()

    def answer_of_class(self, hands: tuple[int, ...], values: tuple[float, ...]) -> None:
        """A class foretells: so many hands for each of the answers that have these values."""
        from raftviz.teaching.poll import Poll

        poll = Poll.of(hands)
        most = poll.favourite
        self.answer(-1.0 if most is None else values[most], poll)

    def answer(self, value: float, poll: "Poll | None" = None) -> None:
        """Foretell, and let time pass until the model has answered."""
        run = self.run
        if run is None or run.answer(value, poll) is None:
            return
        self._after()
        if run.current.waiting is not None:
            self.window.conductor.play()

    def next(self) -> None:
        """Go on to the next step."""
        if self.run is not None and self.run.next():
            self.window.canvas.set_highlighted(frozenset())
            self._moved()

    def go(self, number: int) -> None:
        """Go to any step."""
        if self.run is not None and 0 <= number < len(self.run.lesson.steps):
            self._try(lambda run: run.go(number))

    def back(self) -> None:
        """Go to the step before."""
        if self.run is not None:
            self.go(self.run.number - 1)

    def reset(self) -> None:
        """Begin the step anew."""
        self._try(lambda run: run.reset())

    def show_me(self) -> None:
        """Let the lesson do it, to be stepped through."""
        self._try(lambda run: run.show_me())

    def _try(self, move: "Callable[[LessonRun], None]") -> None:
        if self.run is None:
            return
        try:
            move(self.run)
        except ScriptError as error:
            self.window.conductor.said.emit(sentence(f"That cannot be done: {error}"))
        self._moved()

    def _moved(self) -> None:
        conductor = self.window.conductor
        conductor.pause()
        self._after()
        conductor.edits_changed.emit()
        conductor.moment_changed.emit()

    def hint(self) -> None:
        """One hint more."""
        if self.run is not None and self.run.hint() is not None:
            self.changed.emit()

    def follow_link(self, link: str) -> None:
        """Do what a link in a lesson leads to."""
        window = self.window
        kind, _, target = link.partition(":")
        if kind == "server" and target[1:].isdigit():
            window.select_server(int(target[1:]))
        elif kind == "word":
            window.look_up(target)
        elif kind == "rule":
            window.show_rule(target)
        elif kind == "variant":
            window.look_at("Variants", target)
        elif kind == "view" and target in window.docks:
            window.show_view(target)
        elif kind == "lesson":
            self.ask_to_open(target)


def _started(path: Path, data: bytes, step: int = 0) -> "LessonRun":
    """A lesson from a file, as far as a step. Raises NoLessonError, with the file and the line."""
    from raftviz.session.lesson_files import NoLessonError, lesson_of
    from raftviz.session.lesson_run import LessonRun

    lesson = lesson_of(path, data)
    try:
        run = LessonRun.of(lesson)
        if step:
            run.go(min(step, len(run.lesson.steps) - 1))
    except ScriptError as error:
        raise NoLessonError(f"{path}:{max(1, error.line)}: {error.message}") from error
    return run
