"""A file is whole or not there: whatever fails, the old one stays as it was."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from raftviz.keeping import keep


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.raft"
    path.write_bytes(b"old")
    return path


def alone(path: Path) -> bool:
    """Whether nothing else is left in the folder."""
    return list(path.parent.iterdir()) == [path]


def test_a_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    keep(tmp_path / "new.raft", b"new")
    (tmp_path / "usual").touch()
    assert (tmp_path / "new.raft").read_bytes() == b"new"
    assert (tmp_path / "new.raft").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_an_old_file_keeps_its_own(old: Path) -> None:
    old.chmod(0o640)
    keep(old, b"new")
    assert old.read_bytes() == b"new"
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert alone(old)


def test_a_link_stays_a_link(old: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.raft"
    link.symlink_to(old)
    keep(link, b"new")
    assert link.is_symlink()
    assert old.read_bytes() == b"new"


def test_a_link_to_nothing_makes_what_it_points_to(tmp_path: Path) -> None:
    link = tmp_path / "link.raft"
    link.symlink_to(tmp_path / "new.raft")
    keep(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "new.raft").read_bytes() == b"new"


def failing(reason: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(reason, os.strerror(reason))

    return fail


@pytest.mark.parametrize("step", ["fsync", "replace", "fdopen"])
def test_a_disk_that_fails_leaves_the_old_file_and_no_other(
    old: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    if step == "fdopen":  # writing is the first thing that is done with it
        opened = os.fdopen

        class Full:
            def __init__(self, descriptor: int, mode: str) -> None:
                self.file = opened(descriptor, mode)

            def __enter__(self) -> "Full":
                return self

            def __exit__(self, *_: object) -> None:
                self.file.close()

            write = staticmethod(failing(errno.ENOSPC))

        monkeypatch.setattr(os, "fdopen", Full)
    else:
        monkeypatch.setattr(os, step, failing(errno.ENOSPC))
    with pytest.raises(OSError, match="No space left on device"):
        keep(old, b"new")
    monkeypatch.undo()
    assert old.read_bytes() == b"old"
    assert alone(old)


def test_a_file_that_may_only_be_read_is_not_replaced(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write everything, so the system is asked as somebody else would be.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError, match="it may only be read"):
        keep(old, b"new")
    assert old.read_bytes() == b"old"


def test_what_is_no_ordinary_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(OSError, match="it is no ordinary file"):
            keep(path, b"new")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        keep(tmp_path / "none" / "new.raft", b"new")
