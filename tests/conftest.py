"""What every test stands on: no screen, no settings of the person's own, nothing left running."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Before Qt looks: tests open no windows, whoever runs them.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

# The same examples each time, so that a failure is the change's; no deadline, for machines are unequal.
settings.register_profile("dev", derandomize=True, deadline=None)
# New examples, and many: `python3 -m raftviz test --hypothesis-profile=campaign`.
settings.register_profile("campaign", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile("dev")


@pytest.fixture(autouse=True)
def settings_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """QSettings read and write a folder of this test's own."""
    folder = os.fspath(tmp_path_factory.mktemp("settings"))
    for file_format in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(file_format, scope, folder)


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """A test that leaves a timer running or a window behind would be heard of in another test."""
    yield
    if not isinstance(QApplication.instance(), QApplication):
        return
    left = _left_behind()
    if left:
        gc.collect()  # a cycle that nobody holds is not a leak, but it is dear to look for
        left = _left_behind()
    assert not left, f"left behind by this test: {', '.join(left)}"


def _left_behind() -> list[str]:
    # Closed by pytest-qt, but deleted only by an event loop that no test has.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    timers = [
        wrapper
        for wrapper in Shiboken.getAllValidWrappers()
        if isinstance(wrapper, QTimer) and wrapper.isActive()
    ]
    return [repr(thing) for thing in (*timers, *QApplication.topLevelWidgets())]


@pytest.fixture
def clone() -> Path:
    """The checkout that these tests are part of."""
    return Path(__file__).resolve().parent.parent
