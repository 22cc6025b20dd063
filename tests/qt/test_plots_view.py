"""Plots at the bottom of the window, looked at by a person."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from raftviz.picture.theme import DARK
from raftviz.qt.plots import PlotsView, with_ending
from raftviz.qt.plots_canvas import PlotsCanvas
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from tests.qt.desk import Person, at_window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    session = Session.of_settings(Settings(seed=4, requests_us=ms(60)))
    with at_window(qtbot, session) as somebody:
        yield somebody


def view(person: Person) -> PlotsView:
    found = person.window.later["Plots"].view
    assert isinstance(found, PlotsView)
    return found


def canvas(person: Person) -> PlotsCanvas:
    return view(person).canvas


def played(person: Person) -> None:
    """Let two simulated seconds pass."""
    person.session.playback.playing = True
    while person.session.time_us < ms(2_000):
        person.session.tick(10.0)
    person.session.playback.playing = False
    person.window.conductor.moment_changed.emit()
    QApplication.processEvents()


def spot(person: Person, plot: int, time_ms: float) -> QPoint:
    """A place in a plot, in the canvas's viewport."""
    box = canvas(person).panels[plot].box
    low, high = box.viewRange()[1]
    scene = box.mapViewToScene(QPointF(time_ms, (low + high) / 2))
    return QPoint(canvas(person).mapFromScene(scene))


def test_an_empty_place_says_what_to_do(person: Person) -> None:
    person.press("F6")

    assert view(person)._empty.isVisible()
    assert "Press Space" in view(person)._empty.text()


def test_all_six_are_drawn_and_the_cursor_stands_in_each(person: Person) -> None:
    person.press("F6")
    played(person)
    panels = canvas(person).panels

    assert [panel.title for panel in panels] == [
        "Term", "Commit index", "Log length", "Messages in flight", "Commit latency, ms",
        "Commits a second",
    ]  # fmt: skip
    for panel in panels:
        assert panel.cursor.value() == pytest.approx(2_000, abs=30)
        assert panel.points() > 1


def test_a_click_goes_to_that_instant(person: Person) -> None:
    person.press("F6")
    played(person)
    QTest.mouseClick(canvas(person).viewport(), LEFT, pos=spot(person, 1, 800))

    assert person.session.time_us == pytest.approx(ms(800), abs=ms(15))
    assert canvas(person).panels[3].cursor.value() == pytest.approx(800, abs=15)


def test_the_wheel_zooms_all_of_them_and_a_double_click_shows_all(person: Person) -> None:
    person.press("F6")
    played(person)
    at = QPointF(spot(person, 0, 1_000))
    event = QWheelEvent(
        at,
        canvas(person).viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, 480),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    all_of_it = canvas(person).span_ms
    QApplication.sendEvent(canvas(person).viewport(), event)
    first, last = canvas(person).span_ms
    assert last - first < 0.5 * (all_of_it[1] - all_of_it[0])
    assert first < 1_000 < last
    for panel in canvas(person).panels:
        assert panel.box.viewRange()[0] == pytest.approx([first, last])
    QTest.mouseDClick(canvas(person).viewport(), LEFT, pos=at.toPoint())
    assert canvas(person).span_ms == all_of_it


def test_keys_zoom_too(person: Person) -> None:
    person.press("F6")
    played(person)
    first, last = canvas(person).span_ms
    QTest.keyClick(canvas(person), Qt.Key.Key_Plus)
    nearer = canvas(person).span_ms
    assert nearer[1] - nearer[0] < last - first
    QTest.keyClick(canvas(person), Qt.Key.Key_Minus)
    assert canvas(person).span_ms[1] - canvas(person).span_ms[0] == pytest.approx(last - first)


def test_the_selected_server_has_a_line_of_its_own(person: Person) -> None:
    person.press("F6")
    played(person)
    assert canvas(person).panels[0].names() == {"high", "low"}
    person.press("3")
    assert canvas(person).panels[0].names() == {"high", "low", "one"}
    assert "S3: 1" in canvas(person).words_at(QPointF(spot(person, 0, 1_500)))
    person.press("Esc")
    assert canvas(person).panels[0].names() == {"high", "low"}


def test_pointing_at_a_plot_tells_its_value(person: Person) -> None:
    person.press("F6")
    played(person)

    assert canvas(person).words_at(QPointF(spot(person, 0, 1_000))).startswith("Term at ")
    assert canvas(person).words_at(QPointF(1, 1)) == ""
    assert canvas(person).accessibleDescription().startswith("term 1, commit index ")


def test_lines_grow_as_time_passes(person: Person) -> None:
    person.press("F6")
    played(person)
    before = canvas(person).panels[3].points()
    person.press("Space")
    person.wait(4.0, frames=40)
    person.press("Space")
    person.press("Right")

    assert canvas(person).panels[3].points() > before


def test_it_can_be_dark(person: Person) -> None:
    person.press("F6")
    played(person)
    person.window.set_theme(DARK)
    image = canvas(person).grab().toImage()

    assert image.pixelColor(2, 2).name().upper() == DARK.surface


def test_they_are_saved_as_a_picture_a_drawing_and_a_table(person: Person, tmp_path: Path) -> None:
    person.press("F6")
    played(person)
    for ending in (".png", ".svg", ".csv"):
        view(person).export(tmp_path / f"plots{ending}")
        assert person.window.statusBar().currentMessage().startswith("Saved: ")

    assert not QImage(str(tmp_path / "plots.png")).isNull()
    drawing = (tmp_path / "plots.svg").read_text(encoding="utf-8")
    assert "<svg" in drawing
    assert "Commit latency" in drawing
    assert (tmp_path / "plots.csv").read_text(encoding="utf-8").startswith("time_ms,measure,")


def test_a_key_asks_where_to_save_them(person: Person, tmp_path: Path) -> None:
    played(person)
    person.press("Shift+F6")
    dialog = view(person).findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.selectNameFilter("Table (*.csv)")
    dialog.fileSelected.emit(str(tmp_path / "mine"))
    dialog.close()

    assert (tmp_path / "mine.csv").exists()


def test_a_place_that_cannot_be_written_is_said(person: Person, tmp_path: Path) -> None:
    person.press("F6")
    played(person)
    for ending in (".png", ".svg", ".csv"):
        view(person).export(tmp_path / "nowhere" / f"plots{ending}")
        assert "Nothing was saved" in person.window.statusBar().currentMessage()


def test_a_name_without_an_ending_gets_the_chosen_one() -> None:
    assert with_ending(Path("a"), "Table (*.csv)") == Path("a.csv")
    assert with_ending(Path("a.svg"), "Table (*.csv)") == Path("a.svg")
    assert with_ending(Path("v1.2"), "Picture (*.png)") == Path("v1.2.png")


def test_pyqtgraph_is_imported_when_plots_are_first_seen(person: Person) -> None:
    hook = sys.excepthook
    person.press("F6")

    assert "pyqtgraph" in sys.modules
    assert sys.excepthook is hook


def test_another_session_begins_anew(person: Person) -> None:
    person.press("F6")
    played(person)
    QTest.keyClick(canvas(person), Qt.Key.Key_Plus)
    person.window.conductor.open(Session.of_settings(Settings(seed=5)))

    assert view(person)._empty.isVisible()
    assert canvas(person).span_ms[0] == 0.0
