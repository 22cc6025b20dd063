"""The legend beside the picture, read by a person."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from raftviz.picture import legend_samples
from raftviz.picture.legend import Row, legend
from raftviz.picture.theme import THEMES, Theme
from raftviz.qt.legend import LegendView, SamplePainter, rows
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings())) as somebody:
        yield somebody


def view(person: Person) -> LegendView:
    found = person.window.later["Legend"].view
    assert isinstance(found, LegendView)
    return found


def test_one_key_opens_it_with_the_keys_in_it(person: Person) -> None:
    person.press("F8")
    QApplication.processEvents()

    assert view(person).list.isVisible()
    assert view(person).list.model().rowCount() == len(rows())


def test_arrow_keys_walk_from_sign_to_sign(person: Person) -> None:
    person.press("F8")
    QTest.keyClick(view(person).list, Qt.Key.Key_Down)
    QTest.keyClick(view(person).list, Qt.Key.Key_Down)
    row = rows()[view(person).list.currentIndex().row()]

    assert isinstance(row, Row)


def test_each_sign_is_told_to_those_who_do_not_see_it(person: Person) -> None:
    person.press("F8")
    model = view(person).list.model()
    said = [
        model.index(at, 0).data(Qt.ItemDataRole.AccessibleTextRole) for at in range(len(rows()))
    ]

    assert "Leader: A thick outline, and a crown." in said
    assert view(person).list.accessibleName() == "Legend"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_no_two_signs_look_the_same(qtbot: QtBot, theme: Theme) -> None:
    del qtbot
    painter = SamplePainter(theme, QApplication.font(), 1.0)
    seen: dict[bytes, str] = {}
    for section in legend():
        for row in section.rows:
            image = painter.pixmap(row.sample).toImage()
            blank = QImage(image)
            blank.fill(image.pixelColor(0, 0))
            assert image != blank, f"nothing is painted for {row.title}"
            bits = image.convertToFormat(QImage.Format.Format_RGB32).bits()
            assert bits is not None
            key = bytes(bits)
            assert key not in seen, f"{row.title} looks like {seen[key]}"
            seen[key] = f"{section.title}: {row.title}"


def test_samples_have_one_size(qtbot: QtBot) -> None:
    del qtbot
    painter = SamplePainter(THEMES["light"], QApplication.font(), 2.0)
    sizes = {
        (p.width(), p.height())
        for section in legend()
        for row in section.rows
        for p in [painter.pixmap(row.sample)]
    }

    assert sizes == {(round(2 * legend_samples.WIDTH), round(2 * legend_samples.HEIGHT))}
