"""Finding and reading scenarios."""

from pathlib import Path

import pytest

from raftviz.shelf import UnreadableError, read_scenario, shipped_scenarios


def test_a_shipped_scenario_is_found_by_its_name() -> None:
    assert read_scenario("split-vote").title == "A split vote"


def test_a_shipped_scenario_is_found_by_its_name_with_the_ending() -> None:
    assert read_scenario("split-vote.raft").title == "A split vote"


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    file = tmp_path / "mine.raft"
    file.write_text('raft 1\ntitle "Mine"\ncluster 3\n')
    assert read_scenario(str(file)).title == "Mine"


def test_a_file_comes_before_a_shipped_scenario_of_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("split-vote").write_text('raft 1\ntitle "Mine"\ncluster 3\n')
    assert read_scenario("split-vote").title == "Mine"


def test_scenarios_are_in_alphabetical_order() -> None:
    assert list(shipped_scenarios()) == sorted(shipped_scenarios())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("split-vot", "there is no file or scenario “split-vot”; did you mean “split-vote”?"),
        ("no/such/file.raft", "there is no file or scenario “no/such/file.raft”"),
        ("x" * 5_000, "cannot be read: File name too long"),
        ("a\0b", "cannot be read"),
        (".", "cannot be read: Is a directory"),
    ],
)
def test_what_cannot_be_had_is_told_in_one_sentence(name: str, words: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_scenario(name)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mistake_in_a_file_is_told_with_the_file_and_the_place(tmp_path: Path) -> None:
    file = tmp_path / "mine.raft"
    file.write_text("raft 1\ncluster 3\ncrsh S1\n")
    with pytest.raises(UnreadableError, match=r"mine\.raft: line 3, column 1: .*“crash”"):
        read_scenario(str(file))
