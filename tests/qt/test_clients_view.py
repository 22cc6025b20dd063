"""Clients' operations at the bottom of the window, looked at by a person."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from raftviz.lab.campaign import run_seed
from raftviz.picture.operations import Operation
from raftviz.picture.theme import DARK
from raftviz.qt.clients import ClientsView
from raftviz.raft.variants import variant_rules
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window
from tests.qt.test_window import play_until_led

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
        yield somebody


def view(person: Person) -> ClientsView:
    found = person.window.later["Clients"].view
    assert isinstance(found, ClientsView)
    return found


def answered(person: Person) -> None:
    """Send a request and step until it is answered."""
    play_until_led(person)
    person.press("C")
    while person.state.clients[-1].operation is not None:
        person.press("Right")


def place(person: Person, operation: Operation) -> QPoint:
    chart = view(person).chart
    bar = next(bar for bar in chart._seen().bars if bar.operation is operation)
    x = (bar.x0 + bar.x1) / 2 + chart._style.gutter
    return QPoint(round(x), round(chart._rows().y(bar.row)))


def only(person: Person) -> Operation:
    operations = view(person).chart._operations
    assert operations is not None
    return operations.all[0]


def turn(person: Person, at: QPoint, notches: int) -> None:
    viewport = view(person).chart.viewport()
    event = QWheelEvent(
        QPointF(at),
        viewport.mapToGlobal(QPointF(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_an_empty_place_says_what_to_do(person: Person) -> None:
    person.press("F5")

    assert view(person)._empty.isVisible()
    assert "Send a request (C)" in view(person)._empty.text()


def test_a_request_becomes_a_bar_and_a_verdict(person: Person) -> None:
    person.press("F5")
    answered(person)

    assert view(person).chart.isVisible()
    assert view(person).verdict.text() == "Linearizable: 1 operation."
    assert only(person).answer is not None


def test_pointing_at_a_bar_tells_about_it(person: Person) -> None:
    person.press("F5")
    answered(person)
    words = view(person).chart.words_at(QPointF(place(person, only(person))))

    assert words.startswith("C1: ")
    assert view(person).chart.words_at(QPointF(900, 3)) == ""


def test_a_click_chooses_a_bar_and_its_events_lead_there(person: Person) -> None:
    person.press("F5")
    answered(person)
    end = person.session.count
    QTest.mouseClick(view(person).chart.viewport(), LEFT, pos=place(person, only(person)))
    steps = view(person).steps
    told = [steps.item(n).text().split("  ")[-1] for n in range(1, steps.count())]
    first, *again = [attempt.server for attempt in only(person).attempts]
    assert told == [f"asks S{first}", *(f"asks S{s} again" for s in again), "is told “ok”"]
    QTest.mouseClick(steps.viewport(), LEFT, pos=steps.visualItemRect(steps.item(1)).center())
    assert person.session.count == only(person).call + 1
    QTest.mouseClick(
        steps.viewport(), LEFT, pos=steps.visualItemRect(steps.item(len(told))).center()
    )
    assert person.session.count == end


def test_keys_choose_an_operation_and_go_to_its_events(person: Person) -> None:
    person.press("F5")
    answered(person)
    end = person.session.count
    chart = view(person).chart
    QTest.keyClick(chart, Qt.Key.Key_Up)
    assert chart.chosen is only(person)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    assert person.session.count == only(person).call + 1
    QTest.keyClick(chart, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert person.session.count == end


def test_a_click_beside_the_bars_takes_the_cursor_there(person: Person) -> None:
    person.press("F5")
    answered(person)
    chart = view(person).chart
    at = QPoint(round(chart._window.scale.x(100_000) + chart._style.gutter), 5)
    QTest.mouseClick(chart.viewport(), LEFT, pos=at)

    assert person.session.time_us == pytest.approx(100_000, abs=2_000)


def test_the_wheel_zooms_and_a_double_click_shows_all(person: Person) -> None:
    person.press("F5")
    answered(person)
    chart = view(person).chart
    before = chart._window.scale.us_per_px
    turn(person, QPoint(300, 40), 3)
    assert chart._window.scale.us_per_px < before
    QTest.mouseDClick(chart.viewport(), LEFT, pos=QPoint(900, 5))
    assert chart._window.scale.x(0) >= 0
    assert chart._window.scale.x(chart._window.head_us) <= chart._window.scale.width


def test_what_is_chosen_stays_chosen_in_a_branch_that_shares_it(person: Person) -> None:
    person.press("F5")
    answered(person)
    QTest.keyClick(view(person).chart, Qt.Key.Key_Up)
    person.press("Left")
    person.press("N")

    chosen = view(person).chart.chosen
    assert person.session.branch.number == 1
    assert chosen is not None
    assert chosen.answer is None
    person.press("Home")
    person.press("N")
    assert view(person).chart.chosen is None


def test_a_chart_is_made_anew_only_when_something_changed(person: Person) -> None:
    person.press("F5")
    answered(person)
    chart = view(person).chart
    chart.viewport().grab()
    before = chart._seen()
    for _ in range(3):
        person.press("Right")
        chart.viewport().grab()

    assert chart._seen() is before


def test_what_no_order_explains_is_red_and_said(qtbot: QtBot) -> None:
    run = run_seed(0, 2_000, variant_rules("no_sessions"))
    session = Session(run.history, run.checker)
    with at_window(qtbot, session) as person:
        person.press("F5")
        person.press("End")

        assert view(person).verdict.text().startswith("Not linearizable: ")
        assert view(person).verdict.property("tone") == "broken"


def test_it_can_be_dark(person: Person) -> None:
    person.press("F5")
    answered(person)
    before = view(person).chart.viewport().grab().toImage()
    person.window.set_theme(DARK)

    assert view(person).chart.viewport().grab().toImage() != before


def test_another_session_begins_anew(person: Person) -> None:
    person.press("F5")
    answered(person)
    QTest.keyClick(view(person).chart, Qt.Key.Key_Up)
    person.window.conductor.open(Session.of_settings(Settings(seed=5)))

    assert view(person)._empty.isVisible()
    assert view(person).chart.accessibleName() == "Operations of clients"
