from pathlib import Path

import pytest

from raftviz import data


def test_scenarios_are_found() -> None:
    assert list(data.asset_path("scenarios").glob("*.raft"))


def test_lessons_are_found() -> None:
    assert data.lesson_path("README.md").is_file()


def test_installed_files_come_before_those_of_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed, checkout = tmp_path / "_data", tmp_path / "checkout"
    for root in (installed, checkout):
        (root / "assets").mkdir(parents=True)
    (checkout / "assets" / "only-here.svg").touch()
    monkeypatch.setattr(data, "_ROOTS", (installed, checkout))

    assert data.asset_path() == installed / "assets"
    assert data.asset_path("only-here.svg") == checkout / "assets" / "only-here.svg"


def test_a_missing_file_is_named_with_the_places_looked_in() -> None:
    with pytest.raises(
        data.MissingDataError, match=r"no assets/icons/no-such\.svg: looked in .+ or "
    ):
        data.asset_path("icons", "no-such.svg")
