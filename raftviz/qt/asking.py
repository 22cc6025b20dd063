"""A question before something is done, with as many answers as there are."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

Answer = tuple[str, Callable[[], object]]
"""What stands on the button, and what is done then."""


class Asking(QDialog):
    """Asks what is to become of something. The last answer is also that of Escape."""

    def __init__(
        self, question: str, details: str, answers: Sequence[Answer], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("raftviz")
        self.setMinimumWidth(460)
        self.question, self.details = question, details
        self._otherwise = answers[-1][1]
        self._answer: Callable[[], object] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        head = _words(question)
        font = head.font()
        font.setBold(True)
        head.setFont(font)
        column.addWidget(head)
        column.addWidget(_words(details))
        self.buttons: list[QPushButton] = []
        row = QDialogButtonBox()
        roles = QDialogButtonBox.ButtonRole
        for number, (words, answer) in enumerate(answers):
            role = roles.AcceptRole if number == 0 else roles.ActionRole
            if number and number == len(answers) - 1:
                role = roles.RejectRole
            button = row.addButton(words, role)
            button.clicked.connect(lambda _=False, answer=answer: self._choose(answer))
            self.buttons.append(button)
        column.addWidget(row)
        self.buttons[0].setDefault(True)
        self.buttons[0].setFocus()
        self.finished.connect(self._finish)

    def _choose(self, answer: Callable[[], object]) -> None:
        self._answer = answer
        self.accept()

    def _finish(self) -> None:
        """The answer is given once the question is gone: what follows may ask the next one."""
        (self._answer or self._otherwise)()


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names of files are nobody's markup
    label.setWordWrap(True)
    return label
