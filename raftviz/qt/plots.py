"""Plots over simulated time, linked to the cursor, and their export."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.branch_index import Indexes
from raftviz.picture.measures import Measures, csv
from raftviz.picture.plots import summary
from raftviz.picture.theme import Theme
from raftviz.qt.later import View
from raftviz.qt.plots_canvas import PlotsCanvas
from raftviz.session.session import Session
from raftviz.sim.history import Branch, History, Moment

_SLICE = 8_000
"""Records read at a time: a few hundredths of a second."""

_DRAWN_EVERY = 8
"""While time passes, lines grow in every so many frames, and the cursor moves in each."""

_EMPTY = (
    "Nothing has happened yet. Press Space to let time pass: terms, commits and messages are drawn "
    "as they happen."
)
_HINT = (
    "over time, in ms · line = highest · dotted = lowest · dashed = the selected server · "
    "click to go there · scroll to zoom · double-click to see all"
)
_FILTERS = ("Picture (*.png)", "Drawing (*.svg)", "Table (*.csv)")


class PlotsView(View):
    """All plots, a hint above them, a button that exports them."""

    seek_wanted = Signal("qlonglong")  # type: ignore[arg-type]  # a time in µs outgrows 32 bits
    """Somebody wants to look at this instant, in µs."""
    said = Signal(str)
    """A sentence for the status line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: History | None = None
        self._indexes: Indexes[Measures] | None = None
        self._moment: Moment | None = None
        self._playing, self._frame = False, 0
        self._server = 0
        self._catching_up = False
        self.canvas = PlotsCanvas()
        self.canvas.seek_wanted.connect(self.seek_wanted)
        self._empty, self._hint = QLabel(_EMPTY), QLabel(_HINT)
        self.button = QToolButton()
        self._fill()

    def _fill(self) -> None:
        self._hint.setProperty("tone", "muted")
        self._empty.setProperty("tone", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self.button.setText("Export…")
        self.button.setProperty("compact", "true")
        self.button.setToolTip("Save the plots as a picture, a drawing or a table   Shift+F6")
        self.button.setAccessibleName("Export the plots")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.ask_export)
        top = QHBoxLayout()
        top.setContentsMargins(14, 4, 8, 0)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        top.addWidget(self._hint, 1)
        top.addWidget(self.button)
        self._stack = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(self._stack, 1)
        # Only now: a widget of no window would be shown as one.
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.canvas)
        self.setFocusProxy(self.canvas)

    # What is shown

    def show_session(self, session: Session) -> None:
        """Move the cursor; draw what is new, seldom while time passes."""
        moment = session.moment
        if moment.history is not self._history:
            self._history, self._indexes = moment.history, Indexes(_maker(moment.history))
            self.canvas.begin_anew()
        self._moment, self._playing = moment, session.playback.playing
        self._frame += 1
        self._renew()

    def show_selected(self, server: int) -> None:
        """Draw a line for this server too; 0 for none."""
        self._server = server
        self._renew()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme``."""
        self.canvas.set_theme(theme)

    def _renew(self) -> None:
        moment = self._moment
        if moment is None or self._indexes is None:
            return
        measures = self._indexes.of(moment.branch)
        if not measures.extend(_SLICE):
            self._empty.setText(
                f"Reading what has happened: {measures.read:,} of {len(moment.branch):,} events …"
            )
            self._stack.setCurrentIndex(0)
            self._catch_up_later()
            return
        self._stack.setCurrentIndex(1 if len(moment.branch) else 0)
        if not len(moment.branch):
            self._empty.setText(_EMPTY)
            return
        thrifty = self._playing and self._frame % _DRAWN_EVERY != 0
        head = moment.branch.time_at(len(moment.branch))
        self.canvas.show_measures(measures, moment.time_us, head, self._server, thrifty=thrifty)
        if not self._playing:
            self.canvas.setAccessibleDescription(summary(measures, moment.time_us))

    def _catch_up_later(self) -> None:
        if not self._catching_up:
            self._catching_up = True
            QTimer.singleShot(0, self, self._catch_up)

    def _catch_up(self) -> None:
        self._catching_up = False
        self._renew()

    # Exporting

    def ask_export(self) -> None:
        """Ask for a place, and save the plots there."""
        dialog = QFileDialog(self, "Export the plots", "plots.png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(_FILTERS)
        dialog.fileSelected.connect(
            lambda path: self.export(with_ending(Path(path), dialog.selectedNameFilter()))
        )
        dialog.open()

    def export(self, path: Path) -> None:
        """Save the plots as a picture, a drawing or a table, as the file's ending says."""
        write = {".svg": self._write_svg, ".csv": self._write_csv}.get(path.suffix, self._write_png)
        try:
            write(path)
        except OSError as error:
            self.said.emit(f"{path} cannot be written: {error.strerror}. Nothing was saved.")
            return
        self.said.emit(f"Saved: {path}.")

    def _write_csv(self, path: Path) -> None:
        moment = self._moment
        if moment is None or self._indexes is None:
            return
        measures = self._indexes.of(moment.branch)
        measures.extend()
        until = max(moment.time_us, moment.branch.time_at(len(moment.branch)))
        path.write_text(csv(measures, until), encoding="utf-8", newline="\n")

    def _write_png(self, path: Path) -> None:
        path.touch()  # Qt does not say why it cannot write
        self.canvas.grab().save(str(path), "PNG")

    def _write_svg(self, path: Path) -> None:
        path.touch()
        size = self.canvas.viewport().size()
        drawing = QSvgGenerator()
        drawing.setFileName(str(path))
        drawing.setSize(QSize(size.width(), size.height()))
        drawing.setViewBox(QRectF(0, 0, size.width(), size.height()))
        drawing.setTitle("raftviz")
        with QPainter(drawing) as painter:
            self.canvas.render(painter)


def with_ending(path: Path, chosen: str) -> Path:
    """A path with the ending that somebody chose, if they wrote none that we know."""
    if path.suffix in (".png", ".svg", ".csv"):
        return path
    return path.with_name(path.name + chosen.partition("*")[2].rstrip(")"))


def _maker(history: History) -> Callable[[Branch, Measures | None], Measures]:
    def make(branch: Branch, parent: Measures | None) -> Measures:
        return Measures(history, branch, parent)

    return make
