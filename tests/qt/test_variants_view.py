"""Breaking rules at the window: by mouse, by keys, and back again."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from raftviz.picture.theme import DARK
from raftviz.qt.rules import RulesView
from raftviz.qt.variants import VariantsView
from raftviz.raft.variants import VARIANTS
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window

ONE, RIVAL, OTHER = "vote_not_persisted", "log_not_persisted", "no_sessions"


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=7))) as somebody:
        somebody.session.reach(500_000)
        somebody.window.conductor.moment_changed.emit()
        yield somebody


def view(person: Person) -> VariantsView:
    if person.window.later["Variants"].view is None:
        person.press("Shift+V")
        QApplication.processEvents()
    found = person.window.later["Variants"].view
    assert isinstance(found, VariantsView)
    return found


def click_box(person: Person, name: str) -> None:
    """Click the box of a variant in the list."""
    shown = view(person)
    shown.look_at(name)
    place = shown.list.visualItemRect(shown.items[name])
    where = QPoint(place.left() + 14, place.center().y())
    QTest.mouseClick(shown.list.viewport(), Qt.MouseButton.LeftButton, pos=where)


def on(person: Person) -> tuple[str, ...]:
    return person.state.network.variants


def ticked(person: Person) -> set[str]:
    items = view(person).items
    return {name for name, item in items.items() if item.checkState() is Qt.CheckState.Checked}


def test_a_click_breaks_a_rule_and_another_mends_it(person: Person) -> None:
    click_box(person, OTHER)
    assert on(person) == (OTHER,)
    assert ticked(person) == {OTHER}
    click_box(person, OTHER)
    assert on(person) == ()


def test_keys_alone_do_so_as_well(person: Person) -> None:
    shown = view(person)
    QTest.keyClick(shown.list, Qt.Key.Key_Down)
    QTest.keyClick(shown.list, Qt.Key.Key_Return)
    assert on(person) == (shown.chosen,)
    QTest.keyClick(shown.list, Qt.Key.Key_Return)
    assert on(person) == ()


def test_it_is_an_act_and_can_be_undone(person: Person) -> None:
    click_box(person, OTHER)
    person.press("Ctrl+Z")
    assert on(person) == ()
    assert ticked(person) == set()
    person.press("Ctrl+Y")
    assert ticked(person) == {OTHER}


def test_who_goes_back_sees_the_rules_that_were_in_force_there(person: Person) -> None:
    click_box(person, OTHER)
    person.press("Home")
    assert ticked(person) == set()
    person.press("End")
    assert ticked(person) == {OTHER}


def test_breaking_a_rule_in_another_way_mends_the_first_way(person: Person) -> None:
    click_box(person, ONE)
    click_box(person, RIVAL)
    assert on(person) == (RIVAL,)
    assert ticked(person) == {RIVAL}


def test_one_key_mends_all(person: Person) -> None:
    click_box(person, ONE)
    click_box(person, OTHER)
    assert "2 rules are broken" in view(person).note.text()
    person.press("Shift+H")
    assert on(person) == ()
    assert not person.window.command_actions["mend-rules"].isEnabled()


def test_the_page_tells_the_rule_the_mistake_and_both_codes(person: Person) -> None:
    view(person).look_at(OTHER)
    told = view(person).page.toPlainText()

    assert VARIANTS[OTHER].title in told
    assert "def execute(" in told
    assert "def no_sessions(" in told


def test_every_page_can_be_read_in_the_dark(person: Person) -> None:
    person.window.set_theme(DARK)
    for name in VARIANTS:
        view(person).look_at(name)
        assert f"def {name}(" in view(person).page.toPlainText()


def test_wide_enough_right_and_wrong_stand_side_by_side(person: Person) -> None:
    narrow = view(person).page.toHtml().count("<td")
    view(person).resize(1000, 600)
    assert view(person).page.toHtml().count("<td") > narrow


def test_a_link_leads_to_the_rule_in_the_book(person: Person) -> None:
    shown = view(person)
    shown.look_at("commit_any_term")
    with_link = shown.page.toHtml()
    assert 'href="rule:commit"' in with_link
    shown.rule_wanted.emit("commit")
    rules = person.window.later["Rules"].view
    assert rules is not None
    assert person.window.docks["Rules"].isVisible()


def test_the_book_of_rules_shows_the_code_that_is_followed(person: Person) -> None:
    click_box(person, "commit_any_term")
    person.window.show_rule("commit")
    rules = person.window.later["Rules"].view
    assert isinstance(rules, RulesView)
    rules.toggle_code()
    assert "commit_any_term" in rules.broken.text()
    assert rules.broken.isVisibleTo(rules)
    told = rules.code.toPlainText()
    assert told.index("def leader_commit_index(") < told.index("def commit_any_term(")
    person.press("Ctrl+Z")
    assert "def commit_any_term(" not in rules.code.toPlainText()
    assert not rules.broken.isVisibleTo(rules)


# The mark on the picture


def mark_at(person: Person) -> QPoint:
    picture = person.window.canvas.picture
    assert picture is not None
    assert picture.rules is not None
    box = picture.rules.box
    return QPointF(box.x + box.w / 2, box.y + box.h / 2).toPoint()


def test_the_mark_is_there_while_a_rule_is_broken_and_tells_which(person: Person) -> None:
    click_box(person, OTHER)
    canvas = person.window.canvas
    assert "no_sessions: A retried command" in canvas.tip_at(QPointF(mark_at(person)))
    assert any(thing.key == "rules" for thing in canvas.accessible_things())
    click_box(person, OTHER)
    assert canvas.picture is not None
    assert canvas.picture.rules is None
    assert not any(thing.key == "rules" for thing in canvas.accessible_things())


def test_a_click_on_the_mark_opens_the_choice(person: Person) -> None:
    click_box(person, OTHER)
    person.window.show_view("Inspector")
    QTest.mouseClick(person.window.canvas, Qt.MouseButton.LeftButton, pos=mark_at(person))
    QApplication.processEvents()
    assert view(person).list.isVisible()


def test_it_is_marked_on_the_timeline(person: Person) -> None:
    click_box(person, OTHER)
    last = person.session.moment.last
    assert last is not None
    assert "no_sessions" in person.window.why.accessibleDescription() + str(last.event)
