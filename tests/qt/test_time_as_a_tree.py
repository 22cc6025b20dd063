"""The whole of it, by keys: elect, propose, go back, drop, compare, name, save, find everything again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from raftviz.qt.compare.choose import ChooseOther
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from raftviz.sim.trace import trace_hash
from tests.qt.desk import Person, at_window
from tests.qt.test_compare import go_on_and_rewind, request_with_one_follower
from tests.qt.test_files import choose_file


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(servers=3, seed=4))) as somebody:
        yield somebody


def test_two_futures_are_compared_named_saved_and_found_again(
    qtbot: QtBot, person: Person, tmp_path: Path
) -> None:
    doomed = request_with_one_follower(person)
    go_on_and_rewind(person)
    old = person.session.branch
    while person.selected_message() != doomed.id:
        person.press("M")
    person.press("D")
    new = person.session.branch
    assert new is not old
    person.press("Space")
    person.wait(3.0, frames=30)
    person.press("Space")
    # Compare both.
    person.press("=")
    dialog = person.window.findChild(ChooseOther)
    assert dialog is not None
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    person.press("I")
    person.press("=")
    # Name the branch.
    person.press("Ctrl+F2")
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, "one acknowledgement less")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert new.name == "one acknowledgement less"
    # Save, and find everything again in another window.
    person.press("Ctrl+S")
    choose_file(person, tmp_path / "two.raft")
    assert (tmp_path / "two.raft").exists()
    before = trace_hash(person.session.history)
    with at_window(qtbot, Session.of_settings(Settings())) as later:
        later.window.filing.open_path(str(tmp_path / "two.raft"))
        names = [branch.name for branch in later.session.history.visible]
        assert names == [old.name, "one acknowledgement less"]
        assert trace_hash(later.session.history) == before
