"""The map of all lessons: part by part, with how far one has come in each."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.lesson_desk import LessonDesk
from raftviz.session.lesson_files import Found, all_lessons
from raftviz.session.progress import ProgressError, Standing


class LessonMap(QWidget):
    """A button a lesson; one that cannot be read says why."""

    def __init__(self, desk: LessonDesk, folders: tuple[Path, ...] = ()) -> None:
        super().__init__()
        self._desk = desk
        self._folders = folders
        self._theme: Theme = LIGHT
        self._made = False
        self.buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        title = QLabel("Lessons")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        title.setFont(font)
        column.addWidget(title)
        self._about = QLabel("Each takes some minutes. You do, foretell, and see.")
        self._about.setProperty("tone", "muted")
        self._about.setWordWrap(True)
        column.addWidget(self._about)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        column.addWidget(self._area, 1)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of ``theme``."""
        self._theme = theme

    def refresh(self) -> None:
        """Read the lessons and how far one has come anew."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 6, 12, 6)
        column.setSpacing(6)
        part = ""
        self.buttons = {}
        for found in all_lessons(self._folders):
            if found.lesson is None:
                broken = QLabel(found.fault)
                broken.setProperty("tone", "broken")
                broken.setWordWrap(True)
                broken.setTextFormat(Qt.TextFormat.PlainText)
                column.addWidget(broken)
                continue
            if found.lesson.part != part:
                part = found.lesson.part
                head = QLabel(part)
                head.setProperty("tone", "accent")
                column.addSpacing(6)
                column.addWidget(head)
            column.addWidget(self._button(found))
        column.addStretch(1)
        self._area.setWidget(page)

    def _button(self, found: Found) -> QPushButton:
        lesson = found.lesson
        assert lesson is not None
        stands = self._standing(found.name)
        done, count = len(stands.steps), len(lesson.steps)
        state = "✓" if done >= count else f"{done} of {count}" if done else f"{lesson.minutes} min"
        if lesson.is_challenge and stands.best:
            state = f"✓ best: {stands.best} acts"
        number = f"{lesson.order}. " if lesson.order < 100 else ""
        button = QPushButton(f"{number}{lesson.title}     {state}")
        button.setProperty("choice", "true")
        if lesson.goals:
            button.setToolTip(", ".join(lesson.goals))
        button.clicked.connect(lambda: self._desk.ask_to_open(str(found.path)))
        self.buttons[found.name] = button
        return button

    def _standing(self, lesson: str) -> Standing:
        progress = self._desk.progress
        if progress is None:
            return Standing()
        try:
            return progress.standing(lesson)
        except ProgressError as error:
            self._about.setText(f"{error}.")
            return Standing()
