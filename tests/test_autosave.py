"""Copies for the case of an accident: whatever ends a process, and whenever, its last copy is found."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from raftviz.autosave import Autosave, Found, find_copies

TEXT = "raft 1\ncluster 3\n"

FOR_EVER = """
import sys
from pathlib import Path
from raftviz.autosave import Autosave

copies = Autosave(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    copies.keep("raft 1\\n" + f"{number}\\n" * 5_000 + "end\\n", None)
    print(number, flush=True)
"""
"""A process that keeps one copy after the other, and says which is kept."""

ENDED = """
import os, signal, sys
from pathlib import Path
from raftviz.autosave import Autosave

left = int(sys.argv[2])

def watch(event, arguments):
    global left
    if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.chmod", "os.listdir"):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

copies = Autosave(Path(sys.argv[1]))
sys.addaudithook(watch)
for number in (1, 2):
    copies.keep(f"raft 1\\n{number}\\nend\\n", Path("/somewhere/mine.raft"))
copies.drop()
"""
"""A process that keeps two copies and drops them, and is killed before a step of its dealings."""


def found(folder: Path) -> list[Found]:
    return list(find_copies(folder))


def copies_in(folder: Path) -> list[str]:
    texts = []
    for copy in found(folder):
        texts.append(copy.path.read_text(encoding="utf-8"))
        copy.leave()
    return texts


def python(source: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", source, *arguments]


@pytest.fixture(autouse=True)
def from_the_clone(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.fspath(clone))


@pytest.mark.parametrize("kept", [1, 2, 7, 30])
def test_a_process_that_is_killed_at_any_moment_leaves_a_whole_copy(
    tmp_path: Path, kept: int
) -> None:
    """It goes on writing while it is killed, so the moment is anybody's guess."""
    with subprocess.Popen(
        python(FOR_EVER, os.fspath(tmp_path)), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(kept):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    (text,) = copies_in(tmp_path)
    first, *numbers, last = text.split()[1:]
    assert (first, last) == ("1", "end")
    assert len(numbers) == 5_000
    assert len(set(numbers)) == 1
    assert int(numbers[0]) >= kept


def test_it_does_not_matter_before_which_step_it_is_killed(tmp_path: Path) -> None:
    seen = []
    for step in range(1, 100):
        folder = tmp_path / str(step)
        ended = subprocess.run(python(ENDED, os.fspath(folder), str(step)), check=False)
        texts = copies_in(folder)
        seen.append([text.split("\n")[2] for text in texts])
        assert all(text.endswith("\nend\n") for text in texts)
        if ended.returncode == 0:
            break
    assert seen[0] == []
    assert ["1"] in seen
    assert ["2"] in seen
    assert seen[-1] == []
    numbers = [int(numbers[0]) for numbers in seen if numbers]
    assert numbers == sorted(numbers)


def test_a_copy_of_a_window_that_is_open_is_nobody_elses(tmp_path: Path) -> None:
    one, other = Autosave(tmp_path), Autosave(tmp_path)
    one.keep(TEXT, None)
    other.keep(TEXT, None)
    assert found(tmp_path) == []
    one.drop()
    other.drop()


def test_after_a_proper_close_nothing_is_left(tmp_path: Path) -> None:
    copies = Autosave(tmp_path)
    copies.keep(TEXT, None)
    copies.keep(TEXT, None)
    copies.drop()
    copies.drop()
    assert list(tmp_path.iterdir()) == []


def test_a_copy_tells_which_file_it_is_of(tmp_path: Path) -> None:
    origin = Path('/home/somebody/a "strange"\nname \udc80.raft')
    abandon(tmp_path, TEXT, origin)
    (copy,) = found(tmp_path)
    assert copy.origin == origin
    assert copy.path.read_text(encoding="utf-8").splitlines()[0] == "raft 1"
    copy.discard()


def abandon(folder: Path, text: str, origin: Path | None = None) -> None:
    """A copy whose window ended without a word."""
    copies = Autosave(folder)
    copies.keep(text, origin)
    assert copies._own is not None
    copies._own.leave()


def test_one_that_is_discarded_is_gone(tmp_path: Path) -> None:
    abandon(tmp_path, TEXT)
    (copy,) = found(tmp_path)
    copy.discard()
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_left_is_found_again(tmp_path: Path) -> None:
    abandon(tmp_path, TEXT)
    for _ in range(2):
        (copy,) = found(tmp_path)
        copy.leave()


def test_one_that_somebody_is_asked_about_is_not_offered_twice(tmp_path: Path) -> None:
    abandon(tmp_path, TEXT)
    (copy,) = found(tmp_path)
    assert found(tmp_path) == []
    copy.discard()


def test_the_newest_comes_first(tmp_path: Path) -> None:
    for number in range(3):
        abandon(tmp_path, f"raft 1\n{number}\n")
    for copy in tmp_path.glob("*/session.raft"):
        number = int(copy.read_text(encoding="utf-8").split()[2])
        os.utime(copy, (number, number))
    assert [text.split()[2] for text in copies_in(tmp_path)] == ["2", "1", "0"]


@pytest.mark.parametrize("there", ["none", "file"])
def test_a_folder_that_cannot_be_read_holds_nothing(tmp_path: Path, there: str) -> None:
    if there == "file":
        (tmp_path / there).touch()
    assert found(tmp_path / there) == []


def test_strange_things_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("mine")
    assert found(tmp_path) == []
    assert (tmp_path / "a file").exists()


def test_a_place_where_nothing_can_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="Not a directory"):
        Autosave(tmp_path / "file").keep(TEXT, None)
