"""The parts of a lesson's step that are worked with: what to try, and what to foretell."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.primitives import PickedEntry, PickedServer
from raftviz.picture.theme import Theme
from raftviz.qt.choice import Choice
from raftviz.qt.guard import guarded
from raftviz.qt.number_line import NumberLine
from raftviz.qt.plain import plain_label
from raftviz.qt.poll import PollForm, PollResult
from raftviz.raft.names import name
from raftviz.session.lesson_answers import answer_words
from raftviz.session.lesson_run import Answer
from raftviz.teaching.lesson import Predict, Task

_LARGEST_NUMBER = 1_000_000


class Tick(QWidget):
    """A circle: empty, ticked, or crossed."""

    def __init__(self, theme: Theme, mark: str) -> None:
        super().__init__()
        self._theme, self._mark = theme, mark
        self.setFixedSize(QSize(20, 20))
        self.setAccessibleName({"done": "done", "wrong": "not so"}.get(mark, "to do"))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The circle and what is in it."""
        theme, mark = self._theme, self._mark
        with QPainter(self) as p:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            if mark == "done":
                p.setPen(Qt.PenStyle.NoPen)
                p.setBrush(QColor(theme.good))
                p.drawEllipse(box)
                p.setPen(QPen(QColor(theme.surface), 2))
                p.drawPolyline([_at(box, 0.28, 0.52), _at(box, 0.44, 0.68), _at(box, 0.73, 0.34)])
            else:
                p.setPen(QPen(QColor(theme.muted), 1.6))
                p.drawEllipse(box)
                if mark == "wrong":
                    p.drawLine(_at(box, 0.32, 0.32), _at(box, 0.68, 0.68))
                    p.drawLine(_at(box, 0.68, 0.32), _at(box, 0.32, 0.68))


def _at(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.left() + x * box.width(), box.top() + y * box.height())


class TaskCard(QFrame):
    """What the student is to bring about, ticked off as it happens."""

    def __init__(self, tasks: list[tuple[Task, bool]], theme: Theme) -> None:
        super().__init__()
        self.setProperty("block", "plain")
        self.setAccessibleName("Try it")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        head = QLabel("Try it")
        head.setProperty("tone", "muted")
        column.addWidget(head)
        for task, done in tasks:
            row = QHBoxLayout()
            row.setSpacing(10)
            words = QLabel(task.sentence)
            words.setWordWrap(True)
            words.setTextFormat(Qt.TextFormat.PlainText)
            if done:
                words.setProperty("tone", "muted")
            tick = Tick(theme, "done" if done else "open")
            row.addWidget(tick, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(words, 1)
            column.addLayout(row)


class PredictCard(QFrame):
    """A question: the student answers, then the model does."""

    answered = Signal(float)
    counted = Signal(object, object)
    """A class answered: the hands for each answer, and the answers' values."""

    def __init__(
        self,
        question: Predict,
        answer: Answer | None,
        theme: Theme,
        servers: int,
        *,
        asked: bool,
        polling: bool = False,
    ) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("block", "question")
        self.setAccessibleName("Predict")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        head = QLabel("Predict")
        head.setProperty("tone", "accent")
        words = plain_label(question.question)
        words.setWordWrap(True)
        bold = words.font()
        bold.setBold(True)
        words.setFont(bold)
        column.addWidget(head)
        column.addWidget(words)
        self.choices: list[Choice] = []
        self.number: NumberLine | None = None
        self._server = 0
        self._can_point = False
        self._takes_entries = asked and answer is None and question.asks_for_entry
        self.poll: PollForm | None = None
        self.result: PollResult | None = None
        texts, values = _answers(question, servers)
        poll = answer.poll if answer is not None else None
        if poll is not None and answer is not None:
            truth = answer.truth.value
            right = values.index(truth) if answer.revealed and truth in values else None
            self.result = PollResult(texts, poll, theme, right)
            column.addWidget(self.result)
        elif polling and texts and answer is None:
            self.poll = PollForm(texts, free=asked)
            self.poll.counted.connect(lambda hands: self.counted.emit(hands, values))
            column.addWidget(self.poll)
        elif question.kind == "choose":
            for at, option in enumerate(question.options):
                self._choice(column, option.text, float(at), answer, free=asked)
        elif question.kind == "point":
            row = QHBoxLayout()
            for server in range(1, servers + 1):
                self._choice(row, name(server), float(server), answer, free=asked)
            row.addStretch(1)
            column.addLayout(row)
            self._ask_to_point(column, free=asked and answer is None)
        else:
            self._ask_number(column, answer, free=asked)
        column.addWidget(self._verdict(question, answer))

    def _ask_to_point(self, column: QVBoxLayout, *, free: bool) -> None:
        """A button that says what was pointed at; until then it is not there."""
        self.pointed = Choice("")
        self.pointed.setProperty("primary", "true")
        self.pointed.hide()
        self.pointed.clicked.connect(lambda: self.answered.emit(float(self._server)))
        self._can_point = free
        column.addWidget(self.pointed)

    def point(self, picked: object) -> None:
        """Somebody points at something in a view: it may be the answer, once they say so."""
        if isinstance(picked, PickedServer) and self._can_point:
            self._server = picked.id
            self.pointed.setText(f"{name(picked.id)} is my answer")
            self.pointed.show()
        elif isinstance(picked, PickedEntry) and self._takes_entries and self.number is not None:
            self.number.setValue(picked.index)

    def _choice(
        self,
        into: QVBoxLayout | QHBoxLayout,
        text: str,
        value: float,
        answer: Answer | None,
        *,
        free: bool,
    ) -> None:
        button = Choice(text)
        button.setProperty("choice", "true")
        button.setEnabled(free and answer is None)
        if answer is not None and value == answer.value:
            button.setProperty("chosen", "true")
            button.setText(f"{text}   ·  your answer")
        if answer is not None and answer.revealed and value == answer.truth.value:
            button.setProperty("right", "true")
            button.setText(f"✓  {button.text()}")
        button.clicked.connect(lambda: self.answered.emit(value))
        self.choices.append(button)
        into.addWidget(button)

    def _ask_number(self, column: QVBoxLayout, answer: Answer | None, *, free: bool) -> None:
        row = QHBoxLayout()
        self.number = NumberLine(_LARGEST_NUMBER)
        self.number.setAccessibleName("Your answer, a number")
        self.number.setEnabled(free and answer is None)
        if answer is not None:
            self.number.setValue(int(answer.value))
        for sign, step in (("−", -1), ("+", 1)):
            button = Choice(sign)
            button.setAccessibleName("One more" if step > 0 else "One less")
            button.setEnabled(free and answer is None)
            button.clicked.connect(lambda _=False, step=step: self._step(step))
            row.addWidget(button)
            if step < 0:
                row.addWidget(self.number)
        go = Choice("That is my answer")
        go.setEnabled(free and answer is None)
        spin = self.number
        go.clicked.connect(lambda: self.answered.emit(float(spin.value())))
        self.number.returnPressed.connect(go.click)
        self.choices.append(go)
        row.addWidget(go)
        row.addStretch(1)
        column.addLayout(row)

    def _step(self, step: int) -> None:
        if self.number is not None:
            self.number.step(step)

    def _verdict(self, question: Predict, answer: Answer | None) -> QWidget:
        verdict = plain_label()
        verdict.setWordWrap(True)
        if answer is None:
            first = "Answer first" if self.poll is None else "Count the hands"
            where = _where_to_point(question) if self.poll is None else ""
            verdict.setText(f"{first}; then the model plays on and answers.{where}")
            verdict.setProperty("tone", "muted")
        elif not answer.revealed:
            verdict.setText("Now watch. The model answers by playing on.")
        elif answer.poll is not None:
            verdict.setText(_of_class(question, answer))
        elif answer.truth.value is None:
            verdict.setText("From here none of these comes true. " + question.because)
        elif answer.is_right:
            verdict.setText("Yes. " + question.because)
        else:
            verdict.setText(f"The model says: {_words(question, answer)}. {question.because}")
        return verdict


def _answers(question: Predict, servers: int) -> tuple[list[str], tuple[float, ...]]:
    """The answers one can raise a hand for, and what each stands for; none to a number."""
    if question.kind == "choose":
        texts = [option.text for option in question.options]
        return texts, tuple(map(float, range(len(texts))))
    if question.kind == "point":
        numbers = range(1, servers + 1)
        return list(map(name, numbers)), tuple(map(float, numbers))
    return [], ()


def _where_to_point(question: Predict) -> str:
    if question.kind == "point":
        return " You may point: click the server in the picture."
    return " You may point: click the entry in the logs." if question.asks_for_entry else ""


def _of_class(question: Predict, answer: Answer) -> str:
    poll, truth = answer.poll, answer.truth.value
    assert poll is not None
    if truth is None:
        return f"From here none of these comes true. {question.because}"
    place = int(truth) - (1 if question.kind == "point" else 0)
    return f"{poll.words(place)} The model says: {_words(question, answer)}. {question.because}"


def _words(question: Predict, answer: Answer) -> str:
    value = answer.truth.value
    assert value is not None
    return answer_words(question, value)
