"""Finding and reading lessons: those that ship, and those in folders of one's own."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import attrs

from raftviz.data import lesson_path
from raftviz.session.lesson_check import Fault, check_lesson
from raftviz.sim.script_error import ScriptError, did_you_mean
from raftviz.teaching.lesson import Lesson
from raftviz.teaching.reading import MAX_SIZE, decode_lesson, name_of

SUFFIX = ".md"

MAX_FILES = 200
"""Lessons in a folder: more than anybody teaches."""


class NoLessonError(ValueError):
    """A lesson that cannot be had; the message is a sentence with the file and the place."""


@attrs.frozen
class Found:
    """A lesson's file. What is wrong with it is said in ``fault``, and then there is no lesson."""

    name: str
    path: Path
    lesson: Lesson | None
    fault: str = ""


def shipped_folder() -> Path:
    """Where the lessons are that ship with raftviz."""
    return lesson_path()


def ships(path: Path) -> bool:
    """Whether a lesson is one of those that ship, and is nobody's to change."""
    return path.resolve().is_relative_to(shipped_folder().resolve())


def lessons_in(folder: Path) -> Iterator[Path]:
    """The files of a folder that may be lessons, in the order of their names."""
    try:
        found = sorted(folder.glob(f"*{SUFFIX}"))
    except (OSError, ValueError):  # it is not there any more, or nobody may look into it
        return
    files = (p for p in found if p.stem.lower() != "readme" and p.is_file())
    for _, path in zip(range(MAX_FILES), files, strict=False):
        yield path


def read_file(path: Path, seed: int | None = None) -> Lesson:
    """Read a lesson. Raises NoLessonError."""
    return lesson_of(path, read_bytes(path), seed)


def read_bytes(path: Path) -> bytes:
    """What is in a lesson's file, as far as a lesson can be long. Raises NoLessonError."""
    try:
        if not path.is_file():  # a pipe, say, might never come to an end
            raise NoLessonError(f"{path} is no file")
        with path.open("rb") as file:
            return file.read(MAX_SIZE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise NoLessonError(f"{path} cannot be read: {reason}") from error


def lesson_of(path: Path, data: bytes, seed: int | None = None) -> Lesson:
    """The lesson that a file's bytes say. Raises NoLessonError: ``FILE:LINE: sentence``."""
    try:
        return decode_lesson(data, name_of(path), str(path.parent), seed)
    except ScriptError as error:
        raise NoLessonError(f"{path}:{max(1, error.line)}: {error.message}") from error


@lru_cache(maxsize=2 * MAX_FILES)
def _found(path: Path, _changed_ns: int, _size: int) -> Found:
    """A file as it was when it was changed last: all lessons are looked through again and again."""
    try:
        return Found(name_of(path), path, read_file(path))
    except NoLessonError as error:
        return Found(name_of(path), path, None, str(error))


def _find(path: Path) -> Found:
    try:
        status = path.stat()
    except OSError as error:
        return Found(name_of(path), path, None, f"{path} cannot be read: {error.strerror}")
    return _found(path, status.st_mtime_ns, status.st_size)


def all_lessons(folders: Iterable[Path] = ()) -> list[Found]:
    """Every lesson that ships and those in other folders, by their order and then their names.

    Progress is kept by name: of two lessons of one name, the first is there.
    """
    found: dict[str, Found] = {}
    twice: list[Found] = []
    for folder in (shipped_folder(), *folders):
        for path in lessons_in(folder):
            one = _find(path)
            first = found.setdefault(one.name, one)
            if first.path != path:
                fault = f"{path}:1: a lesson “{one.name}” is there already; call the file otherwise"
                twice.append(Found(one.name, path, None, fault))
    return sorted(
        [*found.values(), *twice],
        key=lambda one: (one.lesson.order if one.lesson else 10_000, one.name),
    )


def find_lesson(name: str, folders: Iterable[Path] = ()) -> Path:
    """The file of a lesson: a path, or a lesson's name. Raises NoLessonError."""
    path = Path(name)
    try:
        if path.suffix.lower() == SUFFIX and path.exists():
            return path
    except (OSError, ValueError):
        pass  # no file can have such a name
    known: dict[str, Path] = {}
    for folder in (shipped_folder(), *folders):
        for found in lessons_in(folder):
            known.setdefault(name_of(found), found)
    if name in known:
        return known[name]
    raise NoLessonError(f"there is no lesson “{name}”" + did_you_mean(name, known))


def check_file(path: Path, names: set[str]) -> list[Fault]:
    """All that is wrong with a lesson's file; ``names`` are the lessons that links may lead to."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_SIZE else b"x" * (MAX_SIZE + 1)
    except OSError as error:
        return [Fault(0, f"cannot be read: {error.strerror}")]

    def read(seed: int | None) -> Lesson:
        return decode_lesson(data, name_of(path), str(path.parent), seed)

    return check_lesson(read, names, path.parent)
