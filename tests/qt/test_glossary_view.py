"""Looking up a word of Raft."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from raftviz.picture.theme import DARK, LIGHT, contrast
from raftviz.qt.glossary import GlossaryView, with_words
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
    assert 'href="word:term"' in with_words("in term 3 & <b>", LIGHT)
    assert "&amp; &lt;b&gt;" in with_words("in term 3 & <b>", LIGHT)
    person.window.look_up("word:majority")
    assert person.window.docks["Glossary"].isVisible()


def test_it_wears_the_windows_theme(person: Person, view: GlossaryView) -> None:
    person.press("Alt+3")
    assert DARK.muted.lower() in view.page.toHtml().lower()
    assert contrast(DARK.muted, DARK.surface) > 4.5
