"""Writing files that are whole or not there at all."""

import contextlib
import errno
import os
import stat
import uuid
from pathlib import Path


def keep(path: Path, data: bytes) -> None:
    """Put ``data`` into the file ``path``, all of it or nothing. Raises OSError, with a reason.

    The data goes into a new file beside it, onto the disk, and takes the old file's place in one
    step: whoever reads sees the old or the new, also when the power fails in between. A link
    stays a link, and the file keeps its permissions.
    """
    target = Path(os.path.realpath(path))
    mode = _mode_of(target)
    temporary = target.with_name(f".{uuid.uuid4().hex}.tmp")
    try:
        _write(temporary, data, mode)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def _mode_of(target: Path) -> int | None:
    """The permissions of the file that is there; None if there is none."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no ordinary file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it may only be read")
    return stat.S_IMODE(status.st_mode)


def _write(path: Path, data: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        if mode is not None:
            path.chmod(mode)
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Let the disk know the new name, too, where a system has a way to say so."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
