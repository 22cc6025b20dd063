"""The map of all lessons: part by part, with how far one has come in each."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.challenge_cards import acts_text
from raftviz.qt.guard import guarded
from raftviz.qt.lesson_desk import LessonDesk
from raftviz.qt.plain import plain_tip, sentence
from raftviz.qt.students import said_name
from raftviz.session.lesson_files import Found, all_lessons
from raftviz.session.progress import ProgressError, Standing

_APART = 5 * " "
_PADDING_PX = 30
"""Left and right of a button's words."""

_LONGEST = 26
"""Letters of a student's name that there is room for."""


class LessonMap(QWidget):
    """A button a lesson; one that cannot be read says why."""

    def __init__(self, desk: LessonDesk) -> None:
        super().__init__()
        self._desk = desk
        self._theme: Theme = LIGHT
        self._made = False
        self.buttons: dict[str, QPushButton] = {}
        self.replays: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        title = QLabel("Lessons")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        title.setFont(font)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 12, 0)
        top.addWidget(title)
        top.addStretch(1)
        self.student = QPushButton()
        self.student.setToolTip("Choose who learns here: progress is kept for each student.")
        self.student.clicked.connect(lambda _=False: desk.window.students.show())
        self.own = QPushButton()
        self.own.clicked.connect(lambda _=False: desk.window.own_lessons.ask())
        top.addWidget(self.own)
        top.addWidget(self.student)
        column.addLayout(top)
        self._about = QLabel("Each takes some minutes. You do, foretell, and see.")
        self._about.setProperty("tone", "muted")
        self._about.setWordWrap(True)
        column.addWidget(self._about)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._area, 1)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of ``theme``."""
        self._theme = theme

    def refresh(self) -> None:
        """Read the lessons and how far one has come anew."""
        self._say_own()
        words = f"Student: {said_name(self._desk.student)}"
        room = self.fontMetrics().averageCharWidth() * _LONGEST
        self.student.setText(
            self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        )
        self.student.setVisible(self._desk.progress is not None)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 6, 12, 6)
        column.setSpacing(6)
        part = ""
        self.buttons = {}
        self.replays = {}
        faults = [self._desk.window.own_lessons.fault]
        for found in all_lessons(self._desk.window.own_lessons.folders):
            if found.lesson is None:
                faults.append(found.fault)
                continue
            if found.lesson.part != part:
                part = found.lesson.part
                column.addSpacing(6)
                column.addWidget(_label(part, "accent"))
            column.addLayout(self._row(found))
        if any(faults):
            column.addSpacing(6)
            column.addWidget(_label("Cannot be read", "accent"))
        for fault in filter(None, faults):
            column.addWidget(_label(sentence(fault), "broken"))
        column.addStretch(1)
        self._area.setWidget(page)

    def _say_own(self) -> None:
        """The way to lessons of one's own: the folder that is chosen, or that one can be."""
        folder = self._desk.window.own_lessons.folder
        self.own.setText("My lessons…")
        tip = f"{folder}. Choose another folder." if folder else "List your own lessons here, too."
        self.own.setToolTip(plain_tip(tip))

    def _row(self, found: Found) -> QHBoxLayout:
        """A lesson's button; a challenge that is met can be watched again."""
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._button(found), 1)
        if (
            found.lesson is not None
            and found.lesson.is_challenge
            and self._standing(found.name).best
        ):
            again = QPushButton("Replay")
            again.setToolTip("Watch your best solution again, as a session of its own.")
            again.setAccessibleName(f"Replay your best solution: {found.lesson.title}")
            again.clicked.connect(
                lambda _=False, name=found.name: self._desk.challenges.replay(name)
            )
            self.replays[found.name] = again
            row.addWidget(again)
        return row

    def _button(self, found: Found) -> QPushButton:
        lesson = found.lesson
        assert lesson is not None
        stands = self._standing(found.name)
        done, count = len(stands.steps), len(lesson.steps)
        state = "✓" if done >= count else f"{done} of {count}" if done else f"{lesson.minutes} min"
        if lesson.is_challenge and stands.best:
            state = f"✓ best: {acts_text(stands.best)}"
        number = f"{lesson.order}. " if lesson.order < 100 and not lesson.is_challenge else ""
        button = _LessonButton(f"{number}{lesson.title}", state)
        button.setProperty("choice", "true")
        if lesson.goals:
            button.setToolTip(plain_tip(", ".join(lesson.goals)))
        button.clicked.connect(lambda: self._desk.ask_to_open(str(found.path)))
        self.buttons[found.name] = button
        if stands != Standing():
            button.addAction(self._forgetting(found.name, lesson.title))
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        return button

    def _forgetting(self, lesson: str, title: str) -> QAction:
        forget = QAction("Forget the progress in this lesson…", self)
        students = self._desk.window.students
        forget.triggered.connect(lambda _=False: students.ask_to_forget(lesson, title))
        return forget

    def _standing(self, lesson: str) -> Standing:
        progress = self._desk.progress
        if progress is None:
            return Standing()
        try:
            return progress.standing(lesson)
        except ProgressError as error:
            self._about.setText(f"{error}.")
            return Standing()


class _LessonButton(QPushButton):
    """A lesson's title, shortened where it has no room, and how far one has come in it."""

    def __init__(self, title: str, state: str) -> None:
        super().__init__(f"{title}{_APART}{state}")
        self._title, self._state = title, f"{_APART}{state}"
        self.setAccessibleName(f"{title}, {state}")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """As much of the title as there is room for."""
        super().resizeEvent(event)
        metrics = self.fontMetrics()
        room = event.size().width() - _PADDING_PX - metrics.horizontalAdvance(self._state)
        title = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, max(40, room))
        self.setText(title + self._state)


def _label(words: str, tone: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("tone", tone)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names of files are nobody's markup
    return label
