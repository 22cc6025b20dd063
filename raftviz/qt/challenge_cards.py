"""What a challenge says beside its goal: what is allowed, what was done, and how it was met."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from raftviz.qt.plain import plain_label
from raftviz.session.challenge import Account, Met
from raftviz.teaching.lesson import Rules

if TYPE_CHECKING:
    from raftviz.qt.lesson_desk import LessonDesk


def acts_text(count: int) -> str:
    """So many acts, in words."""
    return "1 act" if count == 1 else f"{count} acts"


class AccountCard(QFrame):
    """The rules, and the acts on the line that one is on."""

    def __init__(self, rules: Rules, best: int) -> None:
        super().__init__()
        self.setProperty("block", "plain")
        self.setAccessibleName("What counts")
        self._rules, self._shown = rules, Account()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        head = plain_label("What counts")
        head.setProperty("tone", "muted")
        column.addWidget(head)
        about = plain_label(rules_text(rules))
        about.setWordWrap(True)
        column.addWidget(about)
        self.count = plain_label()
        self.count.setProperty("tone", "strong")
        column.addWidget(self.count)
        self._best = f"   Your best: {acts_text(best)}." if best else ""
        self.hindrance = plain_label()
        self.hindrance.setWordWrap(True)
        self.hindrance.setProperty("tone", "accent")
        self.hindrance.hide()
        column.addWidget(self.hindrance)
        self._tell()

    def show_account(self, account: Account) -> None:
        """Show what was done by now."""
        if account != self._shown:
            self._shown = account
            self._tell()

    def _tell(self) -> None:
        account, most = self._shown, self._rules.most
        of = f" of at most {most}" if most else ""
        self.count.setText(f"Acts: {account.acts}{of}.{self._best}")
        hindrance = account.hindrance(self._rules)
        self.hindrance.setText(hindrance)
        self.hindrance.setVisible(bool(hindrance))


def rules_text(rules: Rules) -> str:
    """What is allowed, in a sentence or two."""
    about = "What you do counts, as few acts as possible; time that passes does not."
    if rules.allowed:
        about += f" Allowed: {', '.join(rules.allowed)}."
    if rules.forbidden:
        about += f" Not allowed: {', '.join(rules.forbidden)}."
    return f"{about} You may go back and try another way: only the line that you are on counts."


class MetCard(QFrame):
    """The goal is met."""

    def __init__(self, met: Met, desk: "LessonDesk") -> None:
        super().__init__()
        self.setProperty("block", "question")
        self.setAccessibleName("Done")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        head = plain_label("Done")
        head.setProperty("tone", "accent")
        column.addWidget(head)
        self.words = plain_label(_met_text(met, desk.challenges.best))
        self.words.setWordWrap(True)
        column.addWidget(self.words)
        row = QHBoxLayout()
        again = QPushButton("Try for fewer")
        again.clicked.connect(lambda _=False: desk.reset())
        self.replay = QPushButton("Replay my best")
        self.replay.setVisible(desk.challenges.best > 0)
        run = desk.run
        name = run.lesson.name if run is not None else ""
        self.replay.clicked.connect(lambda _=False: desk.challenges.replay(name))
        row.addWidget(again)
        row.addWidget(self.replay)
        row.addStretch(1)
        column.addLayout(row)


def _met_text(met: Met, best: int) -> str:
    if met.shown:
        return f"The goal is met, with {acts_text(met.acts)}; but this way was shown. Find one of your own."
    words = f"You have met the goal with {acts_text(met.acts)}."
    if best and best < met.acts:
        return f"{words} Your best is {acts_text(best)}."
    return f"{words} That is your best." if best else words
