"""The window for somebody who does not see it: everything has a name, and everything can be done."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QMenuBar,
    QScrollBar,
    QTabBar,
    QTableView,
    QTextEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from raftviz.session.session import Session
from raftviz.shelf import read_scenario
from raftviz.sim.acts import Hold
from raftviz.sim.host import Status
from raftviz.sim.network import Held
from raftviz.sim.units import ms
from tests.qt.desk import Person, at_window

NAME, MORE = QAccessible.Text.Name, QAccessible.Text.Description


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    session = Session.of_scenario(read_scenario("leader-crashes"))
    session.seek(ms(1290))
    with at_window(qtbot, session) as somebody:
        yield somebody


def spoken(view: QWidget) -> list[QAccessibleInterface]:
    """The view's things, as an assistive tool reads them."""
    access = QAccessible.queryAccessibleInterface(view)
    assert access is not None
    return [access.child(at) for at in range(access.childCount())]


def thing(person: Person, begins: str) -> QAccessibleInterface:
    found = [one for one in spoken(person.window.canvas) if one.text(NAME).startswith(begins)]
    assert found, [one.text(NAME) for one in spoken(person.window.canvas)]
    return found[0]


def test_a_server_says_who_it_is_its_role_its_term_and_its_commit_index(person: Person) -> None:
    names = [one.text(NAME) for one in spoken(person.window.canvas)]
    assert "S4, leader, term 2, commit index 3" in names
    assert "S2, crashed" in names
    assert "log entries" in thing(person, "S4").text(MORE)


def test_messages_in_flight_and_clients_are_there(person: Person) -> None:
    flights = person.state.flights
    names = [one.text(NAME) for one in spoken(person.window.canvas)]
    assert len(names) == 5 + len(person.state.clients) + len(flights)
    assert any(name.startswith("AppendEntries from S4 to S2, term 2") for name in names)


def test_the_usual_action_selects(person: Person) -> None:
    one = thing(person, "S3")
    actions = one.actionInterface()
    assert actions is not None
    actions.doAction(actions.pressAction())
    assert person.selected_server() == 3
    assert bool(thing(person, "S3").state().selected)


def test_what_can_be_done_is_offered_and_done(person: Person) -> None:
    actions = thing(person, "S2").actionInterface()
    assert actions is not None
    assert "Restart" in actions.actionNames()
    actions.doAction("Restart")
    assert person.state.hosts[2].status is Status.UP
    again = thing(person, "S2").actionInterface()
    assert again is not None
    assert "Crash" in again.actionNames()


def test_a_message_can_be_held_and_then_says_so(person: Person) -> None:
    one = thing(person, "AppendEntries from S4")
    actions = one.actionInterface()
    assert actions is not None
    actions.doAction("Hold")
    assert any(isinstance(flight, Held) for flight in person.state.flights.values())
    assert any(", held" in one.text(NAME) for one in spoken(person.window.canvas))
    assert isinstance(person.session.history.branches[-1][person.session.count - 1].event.act, Hold)  # type: ignore[union-attr]  # an act was the last event


def test_what_stays_stays_the_same_and_what_is_gone_is_not_valid(person: Person) -> None:
    server, message = thing(person, "S3"), thing(person, "AppendEntries from S4")
    person.press("End")
    assert thing(person, "S3") is server
    spoken(person.window.canvas)
    assert server.isValid()
    assert not message.isValid()


def test_things_are_where_they_are_painted(person: Person) -> None:
    access = QAccessible.queryAccessibleInterface(person.window.canvas)
    assert access is not None
    place = person.window.canvas.mapToGlobal(person.server_at(5))
    found = access.childAt(place.x(), place.y())
    assert found is not None
    assert found.text(NAME).startswith("S5")
    assert found.rect().contains(place)
    assert access.childAt(*(place + QPoint(0, 5000)).toTuple()) is None


def test_children_and_parents_know_each_other(person: Person) -> None:
    access = QAccessible.queryAccessibleInterface(person.window.canvas)
    assert access is not None
    for at, child in enumerate(spoken(person.window.canvas)):
        assert access.indexOfChild(child) == at
        parent = child.parent()
        assert parent is not None
        assert parent.text(NAME) == "Cluster"


def test_entries_of_the_logs_are_read_out(person: Person) -> None:
    names = [one.text(NAME) for one in spoken(person.window.logs)]
    assert "S3, entry 2, term 1, x=1" in names
    entry = next(
        one for one in spoken(person.window.logs) if one.text(NAME).startswith("S2, entry 3")
    )
    assert "not committed" in entry.text(MORE)
    assert entry.role() is QAccessible.Role.Cell


_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QTextEdit,
)


_OF_QT = (QTabBar, QMenuBar, QTableView)
"""Qt's own, whose buttons have keys of their own."""


def nameless(person: Person) -> list[str]:
    """The controls in view that an assistive tool could not name."""
    found = []
    for kind in _CONTROLS:
        for widget in person.window.findChildren(kind):
            is_ours = not widget.objectName().startswith("qt_")  # parts of Qt's own controls
            inside = isinstance(widget.parent(), (QAbstractSpinBox, QComboBox, QAbstractItemView))
            if widget.isVisible() and is_ours and not inside and not isinstance(widget, QScrollBar):
                access = QAccessible.queryAccessibleInterface(widget)
                if not access.text(NAME):
                    found.append(f"{widget} in {widget.parent()}")
    return found


def test_every_control_has_a_name(person: Person) -> None:
    assert not nameless(person)


def test_every_control_of_every_view_has_a_name(person: Person) -> None:
    for title in person.window.docks:
        person.window.show_view(title)
        assert not nameless(person), title


def test_every_control_of_a_lesson_has_a_name(person: Person) -> None:
    person.window.lessons.open("a-leader-falls")
    for number in range(6):
        person.window.lessons.go(number)
        assert not nameless(person), number


def test_every_control_that_is_shown_can_be_reached_by_the_keys(person: Person) -> None:
    """By Tab, or by a command with a key: a button that an action stands behind has one."""
    for title in person.window.docks:
        person.window.show_view(title)
        for button in person.window.findChildren(QAbstractButton):
            if not button.isVisible() or isinstance(button.parent(), _OF_QT):
                continue
            commanded = isinstance(button, QToolButton) and button.defaultAction() is not None
            by_tab = bool(button.focusPolicy() & Qt.FocusPolicy.TabFocus)
            assert by_tab or commanded, f"{button.text()!r} in {title}"
