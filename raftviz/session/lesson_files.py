"""Finding and reading lessons: those that ship, and those in folders of one's own."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from raftviz.data import lesson_path
from raftviz.session.lesson_check import Fault, check_lesson
from raftviz.sim.script_error import ScriptError, did_you_mean
from raftviz.teaching.lesson import Lesson
from raftviz.teaching.reading import MAX_SIZE, decode_lesson, name_of

SUFFIX = ".md"

MAX_FILES = 500
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


def lessons_in(folder: Path) -> Iterator[Path]:
    """The files of a folder that may be lessons, in the order of their names."""
    files = (p for p in sorted(folder.glob(f"*{SUFFIX}")) if p.stem.lower() != "readme")
    for number, path in enumerate(files):
        if number < MAX_FILES and path.is_file():
            yield path


def read_file(path: Path, seed: int | None = None) -> Lesson:
    """Read a lesson. Raises NoLessonError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise NoLessonError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return decode_lesson(data, name_of(path), str(path.parent), seed)
    except ScriptError as error:
        raise NoLessonError(f"{path}: {error}") from error


def all_lessons(folders: Iterable[Path] = ()) -> list[Found]:
    """Every lesson that ships and those in other folders, by their order and then their names."""
    found: dict[str, Found] = {}
    for folder in (shipped_folder(), *folders):
        for path in lessons_in(folder):
            name = name_of(path)
            try:
                found[name] = Found(name, path, read_file(path))
            except NoLessonError as error:
                found[name] = Found(name, path, None, str(error))
    return sorted(
        found.values(), key=lambda one: (one.lesson.order if one.lesson else 10_000, one.name)
    )


def find_lesson(name: str, folders: Iterable[Path] = ()) -> Path:
    """The file of a lesson: a path, or a lesson's name. Raises NoLessonError."""
    path = Path(name)
    if path.suffix == SUFFIX and path.is_file():
        return path
    known = {name_of(p): p for folder in (shipped_folder(), *folders) for p in lessons_in(folder)}
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
