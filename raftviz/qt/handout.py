"""Writing a lesson's handout to a file: as PDF to be printed, or as a page of HTML."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QFileDialog

from raftviz.keeping import keep
from raftviz.qt.handout_page import handout
from raftviz.qt.plain import sentence
from raftviz.session.lesson_answers import answers_of
from raftviz.sim.script_error import ScriptError
from raftviz.teaching.lesson import Lesson

if TYPE_CHECKING:
    from raftviz.qt.window import Window

_PDF, _PAGE = ".pdf", ".html"
_ANSWERS = "with answers, for teachers"
_FILTERS = (
    f"PDF (*{_PDF})",
    f"PDF {_ANSWERS} (*{_PDF})",
    f"HTML (*{_PAGE})",
    f"HTML {_ANSWERS} (*{_PAGE})",
)
_MARGIN_MM = 6
"""Beside the two centimetres that a QTextDocument keeps by itself."""


def write_handout(lesson: Lesson, path: Path, *, answers: bool) -> None:
    """Write a handout, as PDF or as HTML as the file's name says.

    A PDF needs a QGuiApplication. Raises OSError, and ScriptError for a lesson that cannot be played.
    """
    page = handout(lesson, answers_of(lesson) if answers else None)
    as_page = path.suffix.lower() in (_PAGE, ".htm")
    keep(path, page.encode() if as_page else _pdf(page, lesson.title))


def _pdf(page: str, title: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    document = QTextDocument()
    document.setHtml(page)
    document.print_(writer)
    del writer  # it writes the end
    return bytes(buffer.data().data())


def ask_for_handout(window: "Window") -> None:
    """Ask for a file and write the handout of the lesson that is open."""
    run = window.lessons.run
    if run is None:
        return
    lesson = run.lesson
    dialog = QFileDialog(window, "Handout", str(Path.cwd()))
    dialog.setNameFilters(_FILTERS)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(f"{lesson.name}{_PDF}")

    def chosen(name: str) -> None:
        wanted = dialog.selectedNameFilter()
        path, suffix = Path(name), _PDF if wanted.startswith("PDF") else _PAGE
        if path.suffix.lower() not in (_PDF, _PAGE):
            path = path.with_name(f"{path.name}{suffix}")
        window.conductor.said.emit(_write(lesson, path, answers=_ANSWERS in wanted))

    dialog.fileSelected.connect(chosen)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _write(lesson: Lesson, path: Path, *, answers: bool) -> str:
    """Write a handout; a sentence about what came of it."""
    try:
        write_handout(lesson, path, answers=answers)
    except OSError as error:
        return f"{path} cannot be written: {error.strerror or error}."
    except ScriptError as error:
        return sentence(f"The lesson cannot be played to its end: {error}")
    return f"The handout is in {path.name}."
