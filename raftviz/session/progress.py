"""How far each student has come in each lesson: kept in a small database, a transaction a change."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    import sqlite3

# The database is opened with the first lesson: whoever opens none is not to wait for it.
# ruff: noqa: PLC0415

SCHEMA = 2
"""The version of the tables; a store of a later one is left alone."""

LONGEST_NAME = 60

_TABLES = """
CREATE TABLE IF NOT EXISTS step (
    student TEXT NOT NULL, lesson TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (student, lesson, number));
CREATE TABLE IF NOT EXISTS prediction (
    student TEXT NOT NULL, lesson TEXT NOT NULL, number INTEGER NOT NULL, line INTEGER NOT NULL,
    right INTEGER NOT NULL, PRIMARY KEY (student, lesson, number, line));
CREATE TABLE IF NOT EXISTS challenge (
    student TEXT NOT NULL, lesson TEXT NOT NULL, acts INTEGER NOT NULL, session TEXT NOT NULL,
    PRIMARY KEY (student, lesson));
CREATE TABLE IF NOT EXISTS student (name TEXT PRIMARY KEY);
"""


class ProgressError(OSError):
    """Progress that cannot be kept, or a name that cannot be; the message is a sentence."""


@attrs.frozen
class Standing:
    """How far somebody is: steps done (by number), questions answered at first rightly and in all.

    ``best`` is the fewest acts of a challenge, 0 if it is not done.
    """

    steps: frozenset[int] = frozenset()
    right: int = 0
    asked: int = 0
    best: int = 0


class Progress:
    """A store in a file; ``student`` is whose standing is told and kept."""

    def __init__(self, path: Path, student: str = "") -> None:
        self.path = path
        self.student = student

    @contextmanager
    def _open(self) -> "Iterator[sqlite3.Connection]":
        """The database, in a transaction. Raises ProgressError."""
        import sqlite3

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=5)) as base, base:
                version = base.execute("PRAGMA user_version").fetchone()[0]
                if version > SCHEMA:
                    raise ProgressError("progress was kept by a newer raftviz, and is left alone")
                if version < SCHEMA:
                    base.executescript(_TABLES)
                    base.execute(f"PRAGMA user_version = {SCHEMA}")
                yield base
        except sqlite3.Error as error:
            raise ProgressError(f"progress cannot be kept in {self.path}: {error}") from error

    def step_done(self, lesson: str, number: int) -> None:
        """A step is done. Raises ProgressError."""
        with self._open() as base:
            base.execute(
                "INSERT OR IGNORE INTO step VALUES (?, ?, ?)", (self.student, lesson, number)
            )

    def predicted(self, lesson: str, number: int, line: int, *, right: bool) -> None:
        """A question was answered; only the first answer counts. Raises ProgressError."""
        row = (self.student, lesson, number, line, int(right))
        with self._open() as base:
            base.execute("INSERT OR IGNORE INTO prediction VALUES (?, ?, ?, ?, ?)", row)

    def challenge_done(self, lesson: str, acts: int, session: str) -> bool:
        """A challenge was met with so many acts; whether that is the best yet. Raises ProgressError."""
        with self._open() as base:
            found = base.execute(
                "SELECT acts FROM challenge WHERE student = ? AND lesson = ?",
                (self.student, lesson),
            ).fetchone()
            if found is not None and found[0] <= acts:
                return False
            row = (self.student, lesson, acts, session)
            base.execute("INSERT OR REPLACE INTO challenge VALUES (?, ?, ?, ?)", row)
            return True

    def best_session(self, lesson: str) -> str:
        """The session in which a challenge was met best, as text; empty if it was not."""
        with self._open() as base:
            found = base.execute(
                "SELECT session FROM challenge WHERE student = ? AND lesson = ?",
                (self.student, lesson),
            ).fetchone()
        return str(found[0]) if found else ""

    def standing(self, lesson: str) -> Standing:
        """How far the student is in a lesson. Raises ProgressError."""
        key = (self.student, lesson)
        with self._open() as base:
            steps = base.execute("SELECT number FROM step WHERE student = ? AND lesson = ?", key)
            done = frozenset(number for (number,) in steps)
            right, asked = base.execute(
                "SELECT COALESCE(SUM(right), 0), COUNT(*) FROM prediction "
                "WHERE student = ? AND lesson = ?",
                key,
            ).fetchone()
            best = base.execute(
                "SELECT acts FROM challenge WHERE student = ? AND lesson = ?", key
            ).fetchone()
        return Standing(done, right, asked, best[0] if best else 0)

    def forget(self, lesson: str = "") -> None:
        """Forget the student's progress in a lesson, or in all. Raises ProgressError."""
        with self._open() as base:
            for table in ("step", "prediction", "challenge"):
                if lesson:
                    base.execute(
                        f"DELETE FROM {table} WHERE student = ? AND lesson = ?",
                        (self.student, lesson),
                    )
                else:
                    base.execute(f"DELETE FROM {table} WHERE student = ?", (self.student,))

    def students(self) -> list[str]:
        """Everybody who was added, or of whom something is kept; ``""`` is whoever gave no name."""
        with self._open() as base:
            rows = base.execute(
                "SELECT name FROM student UNION SELECT student FROM step "
                "UNION SELECT student FROM prediction UNION SELECT student FROM challenge ORDER BY 1"
            )
            return [name for (name,) in rows]

    def add_student(self, name: str) -> str:
        """Keep a place for somebody; the name as it is kept. Raises ProgressError."""
        name = " ".join(name.split())
        if not name:
            raise ProgressError("a name has at least one letter")
        if len(name) > LONGEST_NAME:
            raise ProgressError(f"a name has at most {LONGEST_NAME} characters")
        if not name.isprintable():
            raise ProgressError("a name is made of signs that one can see")
        for other in self.students():
            if other.casefold() == name.casefold():
                raise ProgressError(f"there is a “{other}” already")
        with self._open() as base:
            base.execute("INSERT INTO student VALUES (?)", (name,))
        return name

    def remove_student(self, name: str) -> None:
        """Forget somebody, and all that they did. Raises ProgressError."""
        Progress(self.path, name).forget()
        with self._open() as base:
            base.execute("DELETE FROM student WHERE name = ?", (name,))

    def as_csv(self) -> str:
        """Everybody's progress for a teacher: a row a student and lesson."""
        import csv

        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("student", "lesson", "steps_done", "right", "asked", "best_acts"))
        with self._open() as base:
            pairs = base.execute(
                "SELECT student, lesson FROM step UNION SELECT student, lesson FROM prediction "
                "UNION SELECT student, lesson FROM challenge ORDER BY 1, 2"
            ).fetchall()
        for student, lesson in pairs:
            stands = Progress(self.path, student).standing(lesson)
            best = stands.best or ""
            writer.writerow(
                (_plain(student), lesson, len(stands.steps), stands.right, stands.asked, best)
            )
        return out.getvalue()


def _plain(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text
