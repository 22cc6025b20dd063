"""The traps of Qt under Python that this project has met, sprung on purpose in a safe place."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from raftviz.qt.guard import guarded


class Faulty(QWidget):
    """Cannot paint itself."""

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        raise ValueError("no paint today")


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None is immortal: nobody can lose a reference to it"
)
def test_qt_calls_leave_the_references_to_none_flat(qtbot: QtBot) -> None:
    # PYSIDE-3474: each such call took one reference too many, until None itself was freed.
    model = QStandardItemModel(1, 1)
    index = model.index(0, 0)
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)

    for turn in range(1_000):
        model.setData(index, None)
        model.data(index)
        widget.setToolTip("")
        widget.resize(turn, 1)
        widget.parent()

    assert abs(sys.getrefcount(None) - before) < 100


def test_an_exception_while_painting_reaches_the_excepthook(qtbot: QtBot) -> None:
    widget = Faulty()
    qtbot.addWidget(widget)

    with qtbot.capture_exceptions() as exceptions:
        widget.grab()

    assert [str(value) for _, value, _ in exceptions] == ["no paint today"]


def test_an_exception_while_painting_leaves_the_process_alive(clone: Path) -> None:
    script = f"""
import sys
from PySide6.QtWidgets import QApplication
from {__name__} import Faulty
sys.excepthook = lambda kind, value, traceback: print("told of:", value)
application = QApplication([])
widget = Faulty()
for _ in range(100):
    widget.grab()
print("alive")
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert set(done.stdout.splitlines()) == {"told of: no paint today", "alive"}


def test_a_guarded_override_returns_what_it_returns() -> None:
    class Model:
        @guarded(default=-1)
        def row_count(self, rows: int, *, more: int = 0) -> int:
            """How many rows."""
            return 100 // rows + more

    assert Model().row_count(10, more=1) == 11
    assert Model.row_count.__doc__ == "How many rows."


def test_a_guarded_override_that_fails_returns_its_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, value, traceback: told.append(value))

    class Model:
        @guarded(default=-1)
        def row_count(self) -> int:
            raise KeyboardInterrupt

    assert Model().row_count() == -1
    assert [type(value) for value in told] == [KeyboardInterrupt]
