"""Pictures of the window without a screen."""

from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner, Result
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from raftviz import still
from raftviz.cli import main
from raftviz.qt.window import Window
from raftviz.shelf import UnreadableError
from raftviz.still import Still, take


@pytest.fixture
def seen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str, int]]:
    """What each picture shows: its layout, theme, the lesson's title, the instant in µs."""
    kept: list[tuple[str, str, str, int]] = []

    def save(window: Window, out: Path) -> None:
        run = window.lessons.run
        title = run.current.step.title if run else ""
        session = window.conductor.session
        kept.append((window.layouts.name, window.theme.name, title, session.time_us))
        real(window, out)

    real = still.save
    monkeypatch.setattr(still, "save", save)
    return kept


SMALL = Still(size=(1000, 700))


def test_a_lesson_is_shown_in_its_layout_at_the_step_that_is_asked_for(
    seen: list[tuple[str, str, str, int]], tmp_path: Path
) -> None:
    take(attrs.evolve(SMALL, lesson="a-leader-falls", step=3), tmp_path / "x.png")
    [(layout, _, title, _)] = seen
    assert (layout, title) == ("lesson", "A candidate")
    assert QImage(str(tmp_path / "x.png")).width() == 1000


def test_an_instant_of_a_scenario_in_the_presenters_layout_wears_the_projectors_theme(
    seen: list[tuple[str, str, str, int]], tmp_path: Path
) -> None:
    shot = Still(size=(1200, 900), session="leader-crashes", at_ms=900.0, layout="presenter")
    take(shot, tmp_path / "x.png")
    assert seen == [("presenter", "projector", "", 900_000)]
    image = QImage(str(tmp_path / "x.png"))
    assert (image.width(), image.height()) == (1200, 900)


@pytest.mark.parametrize(
    ("shot", "words"),
    [
        (Still(lesson="no-such"), "there is no lesson “no-such”"),
        (Still(lesson="a-leader-falls", step=99), "has no step 99: it has 6"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(
    qtbot: QtBot,
    tmp_path: Path,
    shot: Still,
    words: str,
) -> None:
    with pytest.raises(UnreadableError, match=words):
        take(shot, tmp_path / "x.png")
    assert not (tmp_path / "x.png").exists()


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["screenshot", *arguments])


def test_one_looks_at_a_session_or_at_a_lesson() -> None:
    result = asked("x.png", "--session", "leader-crashes", "--lesson", "a-leader-falls")
    assert result.exit_code == 2
    assert "one of them, not both" in result.output


def test_a_layout_that_does_not_exist_is_refused() -> None:
    result = asked("x.png", "--layout", "sideways")
    assert result.exit_code == 2
    assert "'explore', 'lesson', 'presenter'" in result.output
