"""A box for a number."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from raftviz.qt.counter import Counter
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from tests.qt.desk import at_window


def test_its_arrows_count_up_and_down_and_are_seen(qtbot: QtBot) -> None:
    with at_window(qtbot, Session.of_settings(Settings())) as person:
        person.press("Ctrl+N")
        [box] = [c for c in person.window.findChildren(Counter) if c.maximum() == 9]
        before = box.value()
        for y, after in ((box.height() // 4, before + 1), (3 * box.height() // 4, before)):
            place = QPoint(box.width() - 12, y)
            QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=place)
            assert box.value() == after
            around = box.grab().toImage().copy(place.x() - 6, y - 6, 12, 12)
            colours = {around.pixel(x, y) for x in range(12) for y in range(12)}
            assert len(colours) > 2
        QTest.keyClick(box.window(), Qt.Key.Key_Escape)
