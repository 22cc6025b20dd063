"""How far students have come: kept at once, told for each, never mixed up."""

import sqlite3
from pathlib import Path

import pytest

from raftviz.session.progress import Progress, ProgressError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "not there yet" / "progress.sqlite"


def test_nothing_is_done_at_first(path: Path) -> None:
    standing = Progress(path).standing("terms")
    assert (standing.steps, standing.right, standing.asked, standing.best) == (frozenset(), 0, 0, 0)


def test_what_is_done_is_there_for_the_next_window(path: Path) -> None:
    Progress(path).step_done("terms", 0)
    Progress(path).step_done("terms", 2)
    assert Progress(path).standing("terms").steps == {0, 2}
    assert not Progress(path).standing("votes").steps


def test_only_the_first_answer_counts(path: Path) -> None:
    progress = Progress(path)
    progress.predicted("terms", 0, 12, right=False)
    progress.predicted("terms", 0, 12, right=True)
    progress.predicted("terms", 0, 30, right=True)
    assert (progress.standing("terms").right, progress.standing("terms").asked) == (1, 2)


def test_the_best_of_a_challenge_is_kept_with_its_session(path: Path) -> None:
    progress = Progress(path)
    assert progress.challenge_done("split", 9, "nine")
    assert not progress.challenge_done("split", 11, "eleven")
    assert progress.challenge_done("split", 7, "seven")
    assert progress.standing("split").best == 7
    assert progress.best_session("split") == "seven"


def test_several_students_share_a_machine(path: Path) -> None:
    Progress(path, "Ada").step_done("terms", 0)
    Progress(path, "Bea").step_done("terms", 1)
    assert Progress(path, "Ada").standing("terms").steps == {0}
    assert Progress(path).students() == ["Ada", "Bea"]


def test_one_may_begin_anew_and_the_others_keep_theirs(path: Path) -> None:
    for student in ("Ada", "Bea"):
        for lesson in ("terms", "votes"):
            Progress(path, student).step_done(lesson, 0)
    Progress(path, "Ada").forget("terms")
    assert not Progress(path, "Ada").standing("terms").steps
    assert Progress(path, "Ada").standing("votes").steps
    Progress(path, "Ada").forget()
    assert Progress(path).students() == ["Bea"]


def test_a_teacher_gets_a_table_that_is_no_formula(path: Path) -> None:
    Progress(path, "=1+1").step_done("terms", 0)
    Progress(path, "Bea").predicted("votes", 0, 3, right=True)
    lines = Progress(path).as_csv().splitlines()
    assert lines[0] == "student,lesson,steps_done,right,asked,best_acts"
    assert lines[1:] == ["'=1+1,terms,1,0,0,", "Bea,votes,0,1,1,"]


def test_a_file_that_is_no_store_is_told_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is something else entirely, and longer than a header")
    with pytest.raises(ProgressError, match="cannot be kept"):
        Progress(path).step_done("terms", 0)
    assert path.read_bytes().startswith(b"this is something else")


def test_a_newer_store_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    base = sqlite3.connect(path)
    base.execute("PRAGMA user_version = 99")
    base.commit()
    base.close()
    with pytest.raises(ProgressError, match="newer raftviz"):
        Progress(path).standing("terms")


def test_students_are_added_before_they_have_done_anything(path: Path) -> None:
    progress = Progress(path)
    assert progress.add_student("  Ada   Lovelace ") == "Ada Lovelace"
    assert progress.students() == ["Ada Lovelace"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("  ", "at least one letter"),
        ("x" * 61, "at most 60"),
        ("ADA", "already"),
        ("a\x07b", "can see"),
    ],
)
def test_a_name_that_cannot_be_is_refused(path: Path, name: str, words: str) -> None:
    Progress(path).add_student("Ada")
    with pytest.raises(ProgressError, match=words):
        Progress(path).add_student(name)


def test_who_is_removed_is_forgotten_with_all_they_did(path: Path) -> None:
    progress = Progress(path)
    progress.add_student("Ada")
    Progress(path, "Ada").step_done("terms", 0)
    progress.remove_student("Ada")
    assert progress.students() == []
    assert not Progress(path, "Ada").standing("terms").steps


def test_a_store_of_the_first_version_goes_on(path: Path) -> None:
    Progress(path, "Ada").step_done("terms", 0)
    base = sqlite3.connect(path)
    base.execute("DROP TABLE student")
    base.execute("PRAGMA user_version = 1")
    base.commit()
    base.close()
    assert Progress(path).students() == ["Ada"]
    Progress(path).add_student("Bea")
    assert Progress(path).students() == ["Ada", "Bea"]
