"""Looking up a word of Raft."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from raftviz.picture.rulebook import RULES
from raftviz.picture.theme import DARK, LIGHT, contrast
from raftviz.qt.glossary import GlossaryView
from raftviz.qt.rules import RulesView
from raftviz.qt.worded import Worded, with_words
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


@pytest.fixture
def view(person: Person) -> GlossaryView:
    person.press("Shift+F1")
    found = person.window.later["Glossary"].view
    assert isinstance(found, GlossaryView)
    return found


def test_the_key_opens_it_and_one_can_type_at_once(person: Person, view: GlossaryView) -> None:
    assert person.window.focusWidget() is view.line
    QTest.keyClicks(view.line, "split")
    words = view.page.toPlainText()
    assert words.startswith("split vote")
    assert "InstallSnapshot" not in words


def test_nothing_found_says_what_to_do(view: GlossaryView) -> None:
    QTest.keyClicks(view.line, "qqq")
    assert "Try fewer letters" in view.page.toPlainText()


def test_a_link_leads_to_its_entry(view: GlossaryView) -> None:
    QTest.keyClicks(view.line, "candidate")
    view.page.anchorClicked.emit(QUrl("word:up-to-date"))
    assert view.line.text() == ""
    assert view.page.verticalScrollBar().value() > 0


def test_a_link_to_elsewhere_leads_nowhere(view: GlossaryView) -> None:
    before = view.page.toPlainText()
    view.page.anchorClicked.emit(QUrl("https://example.com/"))
    view.page.anchorClicked.emit(QUrl("word:no such word"))
    assert view.page.toPlainText() == before


def test_words_in_other_texts_lead_here(person: Person) -> None:
    assert 'href="word:term"' in with_words("in term 3 & <b>", LIGHT.text)
    assert "&amp; &lt;b&gt;" in with_words("in term 3 & <b>", LIGHT.text)
    person.window.look_up("majority")
    assert person.window.docks["Glossary"].isVisible()


def test_it_wears_the_windows_theme(person: Person, view: GlossaryView) -> None:
    person.press("Alt+3")
    assert DARK.muted.lower() in view.page.toHtml().lower()
    assert contrast(DARK.muted, DARK.surface) > 4.5


class TestFromWhereItAppears:
    """Whoever points at a text finds the words of Raft in it."""

    def point_at(self, label: Worded, link: str) -> QPoint:
        """Move the mouse over a text until it is over a word, and stay there."""
        middle = QPointF(label.rect().center())
        QApplication.sendEvent(label, QEnterEvent(middle, middle, middle))
        for y in range(4, label.height(), 6):
            for x in range(2, label.width(), 6):
                QTest.mouseMove(label, QPoint(x, y))
                if label.over == link:
                    return QPoint(x, y)
        raise AssertionError(f"{link} is not in “{label.words}”")

    def is_looked_up(self, person: Person) -> bool:
        return person.window.docks["Glossary"].isVisible()

    def test_a_reason_below_the_picture_leads_to_its_words_and_not_to_what_led_to_it(
        self, person: Person
    ) -> None:
        asked: list[bool] = []
        band = person.window.why
        band.asked.connect(asked.append)
        [reason] = [label for label in band.findChildren(Worded) if "heartbeat" in label.words]
        at = self.point_at(reason, "word:leader")
        assert "<b>leader</b>" in reason.toolTip()
        QTest.mouseClick(reason, Qt.MouseButton.LeftButton, pos=at)
        assert self.is_looked_up(person)
        assert not asked

    def test_a_text_that_nobody_points_at_is_plain(self, person: Person) -> None:
        for label in person.window.why.findChildren(Worded):
            QApplication.sendEvent(label, QEvent(QEvent.Type.Leave))
            assert label.textFormat() is Qt.TextFormat.PlainText
            assert label.text() == label.words

    def test_a_field_of_a_server_says_what_it_is(self, person: Person) -> None:
        person.click_server(1)
        labels = person.window.inspector.findChildren(Worded)
        [field] = [label for label in labels if label.words == "commit_index"]
        at = self.point_at(field, "word:commit index")
        QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=at)
        assert self.is_looked_up(person)

    def test_a_rule_names_its_words(self, person: Person) -> None:
        person.press("F2")
        view = person.window.later["Rules"].view
        assert isinstance(view, RulesView)
        view.choose(next(rule.id for rule in RULES.values() if "candidate" in rule.text))
        [words] = [label for label in view.findChildren(QLabel) if "Look up" in label.text()]
        assert words.isVisible()
        words.linkActivated.emit("word:candidate")
        assert self.is_looked_up(person)

    def test_a_page_of_reasons_leads_to_its_words(self, person: Person) -> None:
        person.press("Right")
        person.press("Q")
        view = person.window.later["Why"].view
        assert view is not None
        [told] = [
            label
            for label in view.findChildren(QLabel)
            if 'href="word:leader"' in label.text() and label.isVisible()
        ]
        told.linkActivated.emit("word:leader")
        assert self.is_looked_up(person)
