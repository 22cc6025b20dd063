"""The command line for lessons: listed, begun, checked, told with file and line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from raftviz.cli_lessons import lessons
from tests.teaching.lessons import CRASH, HEAD


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(lessons, list(arguments))
    return result.exit_code, result.output


def test_those_that_ship_are_listed_part_by_part() -> None:
    status, output = run("list")
    assert status == 0
    assert output.index("The algorithm\n") < output.index("Challenges\n")
    assert "why-agree" in output


def test_a_program_reads_the_list_with_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text("no head")
    status, output = run("list", "--json", "--folder", str(tmp_path))
    rows = {row["name"]: row for row in json.loads(output)}
    assert status == 0
    assert rows["figure-8"]["challenge"] is True
    assert rows["why-agree"]["challenge"] is False
    assert rows["bad"]["fault"].startswith(f"{tmp_path / 'bad.md'}:1: a lesson begins")


@pytest.mark.parametrize("kind", [(), ("--challenge",)])
def test_what_one_begins_passes_the_checker(tmp_path: Path, kind: tuple[str, ...]) -> None:
    path = tmp_path / "mine.md"
    assert run("new", str(path), "--title", 'On: "a" & b', *kind)[0] == 0
    assert run("check", str(path)) == (0, "1 lesson, none of them with something to mend\n")


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text("mine")
    status, output = run("new", str(path))
    assert status == 2
    assert "stays as it is" in output
    assert path.read_text() == "mine"


def test_a_mistake_is_told_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text(HEAD + CRASH.replace("crashed(S1)", "crashd(S1)"))
    status, output = run("check", str(tmp_path))
    assert status == 1
    assert f"{path}:13: there is no “crashd(…)”; did you mean “crashed”?" in output


def test_a_lesson_that_is_not_there_is_a_sentence() -> None:
    status, output = run("check", "nowhere.md")
    assert status == 2
    assert output.startswith("raftviz: there is no nowhere.md")
    status, output = run("play", "why-agre")
    assert status == 2
    assert "did you mean “why-agree”?" in output
