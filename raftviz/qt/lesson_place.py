"""Where a lesson is read and worked on; without one, the map of all lessons."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
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
from raftviz.qt.challenge_cards import AccountCard, MetCard
from raftviz.qt.later import View
from raftviz.qt.lesson_blocks import PredictCard, TaskCard, Tick
from raftviz.qt.lesson_desk import LessonDesk
from raftviz.qt.lesson_map import LessonMap
from raftviz.qt.plain import plain_label
from raftviz.qt.rich_text import rich_text
from raftviz.qt.segments import Segments
from raftviz.session.lesson_run import LessonRun, StepRun
from raftviz.session.session import Session
from raftviz.teaching.lesson import Predict, Say, Task

_PROSE = 1.12
"""What is read line by line is a little larger than what is glanced at."""

_HALL = 1.3
"""How much larger a lesson's words are in a hall than a projector's others."""


class LessonPlace(View):
    """The step that is worked on: its words, its tasks, its questions, and the way on."""

    link_wanted = Signal(str)

    def __init__(self, desk: LessonDesk) -> None:
        super().__init__()
        self.desk = desk
        self._theme: Theme = LIGHT
        self._shown: tuple[object, ...] = ()
        self._account: AccountCard | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 10, 12)
        column.setSpacing(8)
        self._part = _label(tone="accent")
        self._title = _label()
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        self._title.setFont(font)
        self._segments = Segments()
        self._segments.picked.connect(desk.go)
        self._fault = _label(tone="broken")
        self._page = QScrollArea()
        self._page.setWidgetResizable(True)
        self._page.setFrameShape(QFrame.Shape.NoFrame)
        self._page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page.setAccessibleName("The step")
        self.map = LessonMap(desk)
        self._foot = self._make_foot()
        for widget in (self._part, self._title, self._segments, self._fault):
            column.addWidget(widget)
        column.addWidget(self._page, 1)
        column.addWidget(self.map, 1)
        column.addWidget(self._foot)
        desk.changed.connect(self.refresh)
        self.refresh()

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 4, 8, 0)
        self.back = _button("Back", self.desk.back)
        self.hint = _button("Hint", self.desk.hint)
        self.show_me = _button("Show me", self.desk.show_me)
        self.reset = _button("Reset step", self.desk.reset)
        self.on = _button("Next", self._next)
        self.on.setProperty("primary", "true")
        row.addWidget(self.back)
        row.addStretch(1)
        for button in (self.hint, self.show_me, self.reset):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.on)
        return foot

    def _next(self) -> None:
        run = self.desk.run
        if run is not None and run.finished:
            self.desk.close()
        else:
            self.desk.next()

    # Showing

    def show_session(self, session: Session) -> None:  # noqa: ARG002 - the lesson's own
        """The lesson looks by itself; what a challenge counts is told as it is now."""
        if self._account is not None and self.desk.run is not None:
            self._account.show_account(self.desk.run.account())

    def set_theme(self, theme: Theme) -> None:
        """Write in the colours of ``theme``."""
        self._theme = theme
        self._segments.set_theme(theme)
        self.map.set_theme(theme)
        self._shown = ()
        self.refresh()

    def refresh(self) -> None:
        """Show how far the lesson is."""
        run = self.desk.run
        for widget in (self._part, self._title, self._segments, self._page, self._foot):
            widget.setVisible(run is not None)
        self.map.setVisible(run is None)
        self._fault.setVisible(bool(self.desk.fault))
        self._fault.setText(self.desk.fault)
        if run is None:
            self._shown, self._account = (), None
            self.map.refresh()
            return
        self._show_head(run)
        self._show_page(run)
        self._show_foot(run)

    def _show_head(self, run: LessonRun) -> None:
        lesson = run.lesson
        self._part.setText(lesson.part.upper())
        self._title.setText(lesson.title)
        done = {number for number, step in run.steps.items() if step.done}
        self._segments.show_steps([step.title for step in lesson.steps], run.number, done)

    def _show_foot(self, run: LessonRun) -> None:
        step = run.current
        last = run.number == len(run.lesson.steps) - 1
        self.back.setEnabled(run.number > 0)
        self.on.setText("Finish" if last else "Next")
        if self.on.hasFocus() and not step.done:
            self._page.setFocus()  # or else it goes astray when the button is greyed out
        self.on.setEnabled(step.done)
        left = len(step.step.hints) - step.hints
        self.hint.setVisible(bool(step.step.hints))
        self.hint.setEnabled(left > 0)
        works = bool(step.step.tasks or step.step.predictions)
        self.show_me.setVisible(works)
        self.reset.setVisible(works)

    def _show_page(self, run: LessonRun) -> None:
        """Paint the step anew, if it is another or anything in it changed."""
        step = run.current
        state = (
            id(step),
            step.at,
            frozenset(step.ticked),
            step.hints,
            self.desk.polling,
            self.desk.in_hall,
            tuple((at, a.value, a.revealed) for at, a in step.answers.items()),
        )
        if state == self._shown:
            return
        same_step = bool(self._shown) and self._shown[0] == state[0]
        self._shown = state
        at = self._page.verticalScrollBar().value()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 12, 8)
        column.setSpacing(12)
        heading = _label(run.current.step.title)
        font = heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setBold(True)
        heading.setFont(font)
        column.addWidget(heading)
        for widget in self._widgets(run, step):
            column.addWidget(widget)
        column.addStretch(1)
        if self.desk.in_hall:
            _enlarge(page)
        before = self._page.takeWidget()
        if before is not None:
            # Later: what is answered with a key is in the middle of hearing of that key.
            before.hide()
            before.deleteLater()
        self._page.setWidget(page)
        if same_step:
            page.adjustSize()
            self._page.verticalScrollBar().setValue(at)

    def _widgets(self, run: LessonRun, step: StepRun) -> list[QWidget]:
        """The step's parts up to the first question that has not been answered."""
        widgets: list[QWidget] = []
        tasks: list[tuple[Task, bool]] = []

        def put_tasks() -> None:
            if tasks:
                widgets.append(TaskCard(list(tasks), self._theme))
                tasks.clear()

        for at, block in enumerate(step.step.blocks):
            if isinstance(block, Task):
                tasks.append((block, at in step.ticked))
                continue
            if isinstance(block, Say):
                put_tasks()
                widgets.append(self._prose(block.text, run))
            elif isinstance(block, Predict):
                put_tasks()
                answer = step.answers.get(at)
                asked = at == step.at
                servers = run.lesson.settings.servers
                polling = self.desk.polling
                card = PredictCard(
                    block, answer, self._theme, servers, asked=asked, polling=polling
                )
                card.answered.connect(self.desk.answer)
                card.counted.connect(self.desk.answer_of_class)
                self.desk.pointed.connect(card.point)
                widgets.append(card)
                if answer is None or not answer.revealed:
                    break
        put_tasks()
        hints = step.step.hints[: step.hints]
        widgets += [_card("Hint", self._prose(hint.text, run)) for hint in hints]
        widgets += self._at_the_end(run)
        return widgets

    def _at_the_end(self, run: LessonRun) -> list[QWidget]:
        """What counts in a challenge, or how it was met; or that the lesson is done."""
        self._account = None
        if run.lesson.rules is not None and not run.finished:
            self._account = AccountCard(run.lesson.rules, self.desk.challenges.best)
            self._account.show_account(run.account())
            return [self._account]
        if run.met is not None:
            return [MetCard(run.met, self.desk)]
        return [self._done()] if run.finished else []

    def _done(self) -> QWidget:
        """That the lesson is done, and the way to the next one."""
        words = _label("You have finished this lesson.")
        following = self.desk.following()
        if following is None or following.lesson is None:
            return _card("Done", words)
        path = str(following.path)
        on = _button(f"Go on with: {following.lesson.title}", lambda: self.desk.ask_to_open(path))
        return _card("Done", words, on)

    def _prose(self, text: str, run: LessonRun) -> QLabel:
        folder = Path(run.lesson.folder) if run.lesson.folder else None
        label = _label()
        font = label.font()
        font.setPointSizeF(font.pointSizeF() * _PROSE)
        label.setFont(font)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setText(rich_text(text, self._theme, folder))
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        label.linkActivated.connect(self.desk.follow_link)
        return label


def _enlarge(page: QWidget) -> None:
    """Make the words of a page large enough for the last row of a hall."""
    fonts = [(widget, widget.font()) for widget in page.findChildren(QWidget)]
    for widget, font in fonts:
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * _HALL)
            widget.setFont(font)
    for tick in page.findChildren(Tick):
        tick.setFixedSize(tick.size() * _HALL)


def _label(text: str = "", tone: str = "") -> QLabel:
    label = plain_label(text)
    label.setWordWrap(True)
    if tone:
        label.setProperty("tone", tone)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def _button(text: str, do: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _=False: do())
    return button


def _card(title: str, *contents: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("block", "plain")
    column = QVBoxLayout(card)
    column.setContentsMargins(14, 10, 14, 12)
    head = _label(title, tone="muted")
    column.addWidget(head)
    for content in contents:
        column.addWidget(content)
    return card
