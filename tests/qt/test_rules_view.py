"""The rules beside the picture, read and followed by a person."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from raftviz.data import asset_path
from raftviz.picture.rulebook import RULES, fired
from raftviz.picture.rules_page import Heat, Standing
from raftviz.picture.theme import DARK, LIGHT, Theme, contrast
from raftviz.qt.code import coloured
from raftviz.qt.rules import RulesView
from raftviz.qt.rules_list import ROW_OF, STANDING
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.tracefile import open_recording
from tests.qt.desk import Person, at_window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4, requests_us=ms(100)))) as somebody:
        yield somebody


def rules(person: Person) -> RulesView:
    view = person.window.later["Rules"].view
    assert isinstance(view, RulesView)
    return view


def standing(person: Person, rule: str) -> Standing:
    found = rules(person).list.model().index(ROW_OF[rule], 0).data(STANDING)
    assert isinstance(found, Standing)
    return found


def place(person: Person, rule: str, part: str) -> QPoint:
    """The middle of a part of a rule's row, scrolled into view."""
    view = rules(person).list
    index = view.model().index(ROW_OF[rule], 0)
    view.scrollTo(index)
    places = view.delegate.places(view.visualRect(index), view.font())
    spot = {"last": places.last, "next": places.following, "words": places.words}[part]
    return spot.center()


def click(person: Person, rule: str, part: str) -> None:
    QTest.mouseClick(rules(person).list.viewport(), LEFT, pos=place(person, rule, part))


def fires(person: Person, rule: str) -> bool:
    last = person.session.moment.last
    return last is not None and rule in fired(last)


def test_a_view_that_nobody_has_seen_is_not_made(person: Person) -> None:
    assert person.window.later["Rules"].view is None


def test_a_key_opens_it_and_the_rule_that_just_fired_is_lit(person: Person) -> None:
    person.press("F2")
    person.press("Right")
    while not fires(person, "start-election"):
        person.press("Right")

    assert rules(person).isVisible()
    assert standing(person, "start-election") == Standing(Heat.NOW, 1)
    assert (
        rules(person)
        .list.viewport()
        .rect()
        .intersects(
            rules(person).list.visualRect(
                rules(person).list.model().index(ROW_OF["current-term"], 0)
            )
        )
    )


def test_a_tab_opens_it(person: Person) -> None:
    tabs = next(
        bar
        for bar in person.window.findChildren(QTabBar)
        if "Rules" in [bar.tabText(at) for at in range(bar.count())]
    )
    at = [tabs.tabText(n) for n in range(tabs.count())].index("Rules")
    QTest.mouseClick(tabs, LEFT, pos=tabs.tabRect(at).center())

    assert rules(person).isVisible()


def test_it_is_not_told_of_what_happens_while_another_view_lies_above(person: Person) -> None:
    person.press("F2")
    person.window.show_view("Inspector")
    before = standing(person, "heartbeat").times
    person.press("Space")
    person.wait(10.0, frames=50)
    person.press("Space")
    assert standing(person, "heartbeat").times == before
    person.press("F2")
    assert standing(person, "heartbeat").times > before


def test_next_goes_on_until_it_fires_and_last_goes_back(person: Person) -> None:
    person.press("F2")
    person.press("Right")
    click(person, "win", "next")
    assert fires(person, "win")
    elected = person.session.count
    click(person, "commit", "next")
    first = person.session.count
    assert fires(person, "commit")
    click(person, "commit", "next")
    assert fires(person, "commit")
    assert person.session.count > first
    click(person, "commit", "last")
    assert person.session.count == first
    click(person, "win", "last")
    assert person.session.count == elected


def test_the_same_by_keys(person: Person) -> None:
    person.press("F2")
    rules(person).choose("win")
    person.press("Ctrl+.")
    assert fires(person, "win")
    elected = person.session.count
    rules(person).choose("heartbeat")
    QTest.keyClick(rules(person).list, Qt.Key.Key_Return)
    assert fires(person, "heartbeat")
    heartbeat = person.session.count
    QTest.keyClick(rules(person).list, Qt.Key.Key_Return)
    QTest.keyClick(rules(person).list, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert person.session.count == heartbeat
    rules(person).choose("win")
    person.press("Ctrl+,")
    assert person.session.count == elected


def test_what_never_fires_is_looked_for_and_said(person: Person) -> None:
    person.press("F2")
    for _ in range(40):
        person.press("Right")
    person.press("Home")
    click(person, "replace-entries", "next")

    assert person.session.count == 0
    assert "does not happen" in person.window.statusBar().currentMessage()


def test_before_the_first_time_there_is_nothing_to_go_back_to(person: Person) -> None:
    person.press("F2")
    person.press("Right")
    here = person.session.count
    click(person, "install", "last")

    assert person.session.count == here
    assert "first time" in person.window.statusBar().currentMessage()


def test_without_a_chosen_rule_it_says_what_to_do(person: Person) -> None:
    person.press("F2")
    person.press("Ctrl+.")

    assert "Choose a rule" in person.window.statusBar().currentMessage()


def test_another_branch_has_its_own_firings(person: Person) -> None:
    person.press("F2")
    rules(person).choose("commit")
    person.press("Ctrl+.")
    person.press("Ctrl+.")
    person.press("Ctrl+,")
    seen = standing(person, "commit").times
    person.press("N")
    assert standing(person, "commit").times == seen
    person.press("Ctrl+.")
    assert person.session.branch.number == 1
    assert standing(person, "commit").times == seen + 1


def test_the_code_of_a_rule_can_be_read(person: Person) -> None:
    person.press("F2")
    assert not rules(person).code.isVisible()
    person.press("Ctrl+U")
    click(person, "vote-once", "words")
    text = rules(person).code.toPlainText()

    assert "raftviz/raft/rules.py, line " in text
    assert "def may_vote(voted_for: int, candidate_id: int) -> bool:" in text
    assert "return voted_for in (0, candidate_id)" in text
    person.press("Ctrl+U")
    assert not rules(person).code.isVisible()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_code_wears_the_colours_of_the_theme(person: Person, theme: Theme) -> None:
    from raftviz.picture.source import source_of

    html = coloured(source_of(RULES["commit"].code[0]), theme)

    assert theme.accent.lower() in html.lower()
    assert "<pre" in html
    for colour in (theme.accent, theme.good, theme.muted, theme.text):
        assert contrast(colour, theme.surface) >= 4.5


def test_a_long_history_is_read_in_slices(qtbot: QtBot) -> None:
    session = Session.of_settings(Settings(seed=4, requests_us=ms(20)))
    with at_window(qtbot, session) as person:
        session.playback.playing = True
        while session.count < 9_000:
            session.tick(10.0)
        session.playback.playing = False
        person.window.conductor.moment_changed.emit()
        person.press("F2")
        view = rules(person)
        qtbot.waitUntil(lambda: view._indexes.of(session.branch).read == len(session.branch))
        assert standing(person, "heartbeat").times > 100


def test_it_says_how_each_rule_stands(person: Person) -> None:
    person.press("F2")
    rules(person).choose("win")
    person.press("Ctrl+.")
    model = rules(person).list.model()
    said = model.index(ROW_OF["win"], 0).data(Qt.ItemDataRole.AccessibleTextRole)

    assert rules(person).list.accessibleName()
    assert "Fired 1 times, just now." in said


def test_behind_the_end_of_a_recording_nothing_is_looked_for(qtbot: QtBot) -> None:
    session = open_recording(str(asset_path("traces") / "two-leaders.jsonl"))
    with at_window(qtbot, session) as person:
        person.press("F2")
        person.press("Right")
        click(person, "install", "next")

        assert session.count == 1
        assert "in this recording" in person.window.statusBar().currentMessage()
