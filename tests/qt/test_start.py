"""Starting the window on a file, as the command line does."""

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from raftviz import app, still
from raftviz.qt.asking import Asking
from raftviz.qt.window import Window
from raftviz.shelf import UnreadableError, shipped_scenarios
from tests.test_autosave import abandon

FILE = "tests/files/version-1/one-acknowledgement.raft"

See = Callable[[Window], object]


@pytest.fixture
def started(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[str | None, See], None]:
    """Starts the window on a file, and lets somebody see it instead of waiting for them."""
    monkeypatch.setattr(app, "has_screen", lambda: True)
    monkeypatch.setattr(app, "dead_display_sentence", lambda: None)
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path / "data")
    monkeypatch.setattr(app, "_PROTECT_MS", 0)

    def start(name: str | None, see: See) -> None:
        def exec_(*_: object) -> int:
            (window,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, Window))
            window.conductor.pause()
            QApplication.processEvents()
            see(window)
            window.filing.let_go()
            window.close()
            window.deleteLater()
            return 0

        monkeypatch.setattr(QApplication, "exec", exec_)
        assert app.show(name) == 0

    return start


def test_a_saved_session_opens_where_somebody_looked(
    started: Callable[[str | None, See], None], clone: Path
) -> None:
    def see(window: Window) -> None:
        session = window.conductor.session
        assert session.branch.name == "one is lost"
        assert session.time_us == 1_207_747
        assert window.windowTitle() == (
            "One acknowledgement (one-acknowledgement.raft)[*] — raftviz"
        )
        assert not window.isWindowModified()
        assert window.looks.preferences.recent == [str(clone / FILE)]

    started(str(clone / FILE), see)


@pytest.mark.parametrize("name", ["split-vote", str(shipped_scenarios()["split-vote"])])
def test_a_scenario_that_ships_is_in_no_file(
    started: Callable[[str | None, See], None], name: str
) -> None:
    def see(window: Window) -> None:
        assert window.conductor.session.title == "A split vote"
        assert window.filing.filed.path is None

    started(name, see)


def test_without_a_file_a_cluster_runs(started: Callable[[str | None, See], None]) -> None:
    def see(window: Window) -> None:
        assert window.windowTitle() == "A cluster[*] — raftviz"
        assert not window.isWindowModified()

    started(None, see)


def test_a_file_that_goes_another_way_opens_and_says_so(
    started: Callable[[str | None, See], None], clone: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.raft"
    text = (clone / FILE).read_text(encoding="utf-8")
    other.write_text(text.replace("request x=1", "request x=2 to S3"), encoding="utf-8")

    def see(window: Window) -> None:
        assert "goes another way here" in window.statusBar().currentMessage()

    started(str(other), see)


def test_what_was_not_closed_properly_is_offered(
    started: Callable[[str | None, See], None], tmp_path: Path
) -> None:
    abandon(tmp_path / "data" / "copies", 'raft 1\ntitle "Mine"\ncluster 3\ncrash S1\n')

    def see(window: Window) -> None:
        (asking,) = window.findChildren(Asking)
        assert asking.question == "“Mine” was not closed properly. Restore it?"
        asking.buttons[1].click()

    started(None, see)


def test_what_cannot_be_opened_opens_no_window(
    started: Callable[[str | None, See], None], tmp_path: Path
) -> None:
    (tmp_path / "bad.raft").write_text("raft 1\ncluster 3\ncrsh S1\n")
    with pytest.raises(UnreadableError, match=r"bad\.raft: line 3, column 1: .*“crash”"):
        app.show(str(tmp_path / "bad.raft"))


def test_a_picture_of_a_saved_session_shows_where_somebody_looked(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, clone: Path, tmp_path: Path
) -> None:
    seen: list[tuple[str, int]] = []

    def save(window: Window, out: Path) -> None:
        session = window.conductor.session
        seen.append((session.branch.name, session.time_us))
        real(window, out)

    real = still.save
    monkeypatch.setattr(still, "save", save)
    out = tmp_path / "x.png"
    where = still.Still(str(clone / FILE), size=(1000, 700))
    still.take(where, out)
    still.take(attrs.evolve(where, at_ms=600.0), out)
    assert seen == [("one is lost", 1_207_747), ("one is lost", 600_000)]
    assert not QImage(str(out)).isNull()
