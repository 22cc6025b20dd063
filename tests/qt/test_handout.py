"""A lesson on paper, for students and for teachers."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from raftviz.cli_lessons import lessons
from raftviz.qt.handout_page import handout
from raftviz.session.lesson_answers import answers_of
from raftviz.session.lesson_files import find_lesson, read_file
from raftviz.session.session import Session
from raftviz.sim.settings import Settings
from raftviz.teaching.lesson import Lesson
from raftviz.teaching.reading import read_lesson
from tests.qt.desk import Person, at_window
from tests.qt.test_files import choose_file, file_dialog, said
from tests.teaching.lessons import CRASH, FORETELL, HEAD, lesson

NOTES = "\n```{notes}\nLet them argue.\n```\n"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(lessons, ["handout", *arguments])
    return result.exit_code, result.output


def shipped(name: str) -> Lesson:
    return read_file(find_lesson(name))


class TestThePage:
    def test_a_student_has_the_words_the_tasks_and_room_for_answers(self) -> None:
        page = handout(lesson(CRASH + FORETELL + NOTES))
        assert "Take the leader away." in page
        assert "☐ &nbsp;Crash the leader." in page
        assert "Will S1 lead again?" in page
        assert page.count("____") > 3

    def test_nothing_of_the_answers_the_hints_and_the_notes_is_on_it(self) -> None:
        page = handout(lesson(CRASH + FORETELL + NOTES))
        for secret in ("It is down.", "Let them argue", "Press K", "crash S1", "model answers"):
            assert secret not in page

    def test_a_teacher_has_what_the_model_answers_and_the_notes(self) -> None:
        read = lesson(CRASH + FORETELL + NOTES)
        page = handout(read, answers_of(read))
        assert "The model answers: No. It is down." in page
        assert "Let them argue." in page
        assert "crash S1" in page

    def test_it_asks_for_numbers_and_servers_as_well(self) -> None:
        read = shipped("a-leader-falls")
        assert "A number: ___" in handout(read)
        assert "The model answers: 3." in handout(read, answers_of(read))

    def test_links_are_words_and_strangers_words_are_no_markup(self) -> None:
        read = lesson("\n# <b>S</b>\n\nA [word](word:leader) & <script>x</script>.\n")
        page = handout(read)
        assert "<a " not in page
        assert "<script" not in page
        assert "&lt;b&gt;S&lt;/b&gt;" in page

    def test_pictures_are_in_the_page(self, tmp_path: Path) -> None:
        (tmp_path / "plan.png").write_bytes(b"a picture")
        text = f"{HEAD}\n# A step\n\n![a plan](plan.png) ![none](gone.png)\n"
        page = handout(read_lesson(text, "x", str(tmp_path)))
        assert base64.b64encode(b"a picture").decode() in page
        assert "file:" not in page

    @pytest.mark.parametrize("name", ["why-agree", "what-is-committed", "partitions"])
    def test_each_question_of_a_shipped_lesson_has_an_answer(self, name: str) -> None:
        read = shipped(name)
        asked = sum(len(step.predictions) for step in read.steps)
        assert len(answers_of(read)) == asked


class TestTheCommandLine:
    def test_it_writes_a_pdf(self, qtbot: QtBot, tmp_path: Path) -> None:
        out = tmp_path / "out.pdf"
        assert run("a-leader-falls", str(out)) == (0, f"The handout is in {out}.\n")
        assert out.read_bytes().startswith(b"%PDF")

    def test_it_writes_a_page_with_answers(self, qtbot: QtBot, tmp_path: Path) -> None:
        out = tmp_path / "out.html"
        assert run("a-leader-falls", str(out), "--answers")[0] == 0
        assert "The model answers" in out.read_text()

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("a-leader-falls", "x.txt"), ".pdf or .html"),
            (("a-leader-fals", "x.pdf"), "did you mean “a-leader-falls”"),
            (("a-leader-falls", "nowhere/x.pdf"), "cannot be written"),
        ],
    )
    def test_what_cannot_be_is_one_sentence(
        self, qtbot: QtBot, arguments: tuple[str, str], words: str
    ) -> None:
        status, output = run(*arguments)
        assert status == 2
        assert words in output


class TestTheWindow:
    @pytest.fixture
    def person(self, qtbot: QtBot) -> Iterator[Person]:
        with at_window(qtbot, Session.of_settings(Settings(seed=4))) as somebody:
            yield somebody

    def test_there_is_none_without_a_lesson(self, person: Person) -> None:
        assert not person.window.command_actions["handout"].isEnabled()

    def test_the_kind_of_file_says_whom_it_is_for(self, person: Person, tmp_path: Path) -> None:
        person.window.lessons.open("a-leader-falls")
        person.press("Ctrl+Alt+H")
        dialog: QFileDialog = file_dialog(person)
        dialog.selectNameFilter(dialog.nameFilters()[3])
        choose_file(person, tmp_path / "mine")
        assert said(person) == "The handout is in mine.html."
        assert "The model answers" in (tmp_path / "mine.html").read_text()

    def test_a_place_that_cannot_be_written_is_told(self, person: Person, tmp_path: Path) -> None:
        person.window.lessons.open("a-leader-falls")
        person.press("Ctrl+Alt+H")
        choose_file(person, tmp_path / "gone" / "mine.pdf")
        assert "cannot be written" in said(person)
