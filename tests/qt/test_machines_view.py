"""The state machines under the picture, looked at by a person."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from raftviz.picture.theme import DARK
from raftviz.qt.machines import MachinesView
from raftviz.qt.machines_table import LOOK
from raftviz.session.session import Session
from raftviz.sim import acts
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window
from tests.qt.test_window import play_until_led

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


def view(person: Person) -> MachinesView:
    found = person.window.later["State machine"].view
    assert isinstance(found, MachinesView)
    return found


def heads(person: Person) -> list[str]:
    model = view(person).model
    across = Qt.Orientation.Horizontal
    return [str(model.headerData(at, across)) for at in range(model.columnCount())]


def cell(person: Person, server: int, head: str, role: int = Qt.ItemDataRole.DisplayRole) -> object:
    model = view(person).model
    return model.data(model.index(server - 1, heads(person).index(head)), role)


def executed(person: Person) -> None:
    """Send a request and step until it is executed somewhere."""
    play_until_led(person)
    before = max(h.server.last_applied for h in person.state.hosts.values())
    person.press("C")
    for _ in range(300):
        person.press("Right")
        if max(h.server.last_applied for h in person.state.hosts.values()) > before + 1:
            return
        if person.state.clients and person.state.clients[-1].answered:
            return


def test_an_empty_place_says_what_to_do(person: Person) -> None:
    person.press("F3")

    assert "Send a request (C)" in view(person)._empty.text()
    assert view(person)._empty.isVisible()


def test_what_was_just_executed_is_lit(person: Person) -> None:
    person.press("F3")
    executed(person)
    leader = person.leader().id
    name = heads(person)[3]

    assert view(person).table.isVisible()
    assert "changed" in cell(person, leader, name, LOOK)  # type: ignore[operator]
    assert str(cell(person, leader, name)).startswith("– → ")
    head = view(person).model.headerData(leader - 1, Qt.Orientation.Vertical)
    assert head == f"S{leader}  leader"


def test_enter_goes_to_where_a_server_executed_its_last_entry(person: Person) -> None:
    person.press("F3")
    executed(person)
    at = person.session.count
    leader = person.leader().id
    for _ in range(20):
        person.press("Right")
    table = view(person).table
    table.setCurrentIndex(view(person).model.index(leader - 1, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)

    assert person.session.count == at


def test_a_click_on_a_server_inspects_it(person: Person) -> None:
    person.press("F3")
    executed(person)
    table = view(person).table
    place = table.visualRect(view(person).model.index(2, 0)).center()
    QTest.mouseClick(table.viewport(), LEFT, pos=place)

    assert person.selected_server() == 3


def test_a_server_that_is_down_says_so(person: Person) -> None:
    person.press("F3")
    executed(person)
    person.window.conductor.dispatch(acts.Crash(2))

    assert view(person).model.headerData(1, Qt.Orientation.Vertical) == "S2  down"
    assert "its memory is gone" in str(
        cell(person, 2, heads(person)[3], Qt.ItemDataRole.ToolTipRole)
    )


def test_sessions_come_on_demand(person: Person) -> None:
    person.press("F3")
    executed(person)
    assert "C1 asked" not in heads(person)
    person.press("Shift+F3")
    assert cell(person, person.leader().id, "C1 asked") == "#1: ok"
    QTest.mouseClick(view(person).switch, LEFT)
    assert "C1 asked" not in heads(person)


def test_nothing_is_made_anew_while_nothing_is_executed(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.press("F3")
    executed(person)
    for _ in range(60):
        person.press("Right")
    shown: list[int] = []
    monkeypatch.setattr(view(person).model, "show_table", lambda *_, **__: shown.append(1))
    before = person.session.count
    person.press("Space")
    person.wait(4.0, frames=40)
    person.press("Space")

    assert person.session.count > before + 10
    assert not shown


def test_it_can_be_dark(person: Person) -> None:
    person.press("F3")
    executed(person)
    before = view(person).table.viewport().grab().toImage()
    person.window.set_theme(DARK)

    assert view(person).table.viewport().grab().toImage() != before


def test_it_has_names_for_those_who_do_not_see_it(person: Person) -> None:
    person.press("F3")
    executed(person)

    assert view(person).table.accessibleName() == "State machines"
    assert str(cell(person, 1, "executed", Qt.ItemDataRole.AccessibleTextRole)).startswith("S1, ")
