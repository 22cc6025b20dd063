"""A line in which any act of the vocabulary can be typed; a wrong word is marked as one types."""

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from raftviz.qt.fonts import mono_font
from raftviz.sim.script_error import ScriptError
from raftviz.sim.vocabulary import BY_WORD, FORMS, act_from_text


class ActPrompt(QDialog):
    """Asks for one act in words."""

    act_wanted = Signal(object)

    def __init__(self, servers: int, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._servers = servers
        self.setWindowTitle("Type an act")
        self.setMinimumWidth(560)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(8)
        self.line = QLineEdit(text)
        self.line.setFont(mono_font(12))
        self.line.setPlaceholderText("crash leader")
        self.line.setAccessibleName("An act in words")
        self.line.setMaxLength(500)
        completer = QCompleter(QStringListModel([form.word for form in FORMS], self), self)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        self.line.setCompleter(completer)
        self._usage = QLabel()
        self._usage.setFont(mono_font(9.5))
        self._usage.setProperty("tone", "muted")
        self._meaning = QLabel()
        self._meaning.setWordWrap(True)
        self._error = QLabel()
        self._error.setProperty("tone", "broken")
        self._error.setWordWrap(True)
        self._error.setMinimumHeight(self.fontMetrics().lineSpacing() * 2)
        self._error.setAlignment(Qt.AlignmentFlag.AlignTop)
        for widget in (self.line, self._usage, self._meaning, self._error):
            column.addWidget(widget)
        self.line.textEdited.connect(self._describe)
        self.line.returnPressed.connect(self._try)
        self._describe(text)

    def _describe(self, text: str) -> None:
        self._error.clear()
        word = text.split(" ", maxsplit=1)[0]
        form = BY_WORD.get(word)
        if form is not None:
            self._usage.setText(form.usage)
            self._meaning.setText(form.meaning)
        else:
            known = [form.word for form in FORMS if form.word.startswith(word)] or list(BY_WORD)
            self._usage.setText("  ".join(known[:7]) + ("  …" if len(known) > 7 else ""))
            self._meaning.setText("An act begins with one of these words.")

    def _try(self) -> None:
        try:
            act = act_from_text(self.line.text(), self._servers)
        except ScriptError as error:
            self._error.setText(error.message[0].upper() + error.message[1:] + ".")
            self.line.setCursorPosition(max(0, error.column - 1))
            return
        self.act_wanted.emit(act)
        self.accept()
