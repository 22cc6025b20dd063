"""Showing to a hall: full screen, large, nothing but the picture; a spotlight, a blank screen, notes."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QLabel

from raftviz.picture.theme import PROJECTOR, Theme
from raftviz.qt.guard import guarded
from raftviz.qt.layouts import restore_state
from raftviz.qt.overlay import Overlay
from raftviz.session.bookmarks import bookmarks_on

if TYPE_CHECKING:
    from raftviz.qt.window import Window

_DIMMED = 150
"""How dark it is outside the spotlight, of 255: what is there can still be made out."""

_NOTE_WIDTH = 520

_REASONS = 1.5
"""How much larger the reasons are than a projector's other words: they are read from the last row."""

_LESSON_WIDTH = 0.42
"""The part of the window's width that a lesson has before a hall."""


class Presenter:
    """The window as a stage. ``showing`` while it is one."""

    def __init__(self, window: "Window") -> None:
        self._window = window
        self.showing = False
        self._reasons = 1.0
        self._before: tuple[Qt.WindowState, Theme, QByteArray] | None = None
        self.blank = _Blank(window)
        self.spotlight = _Spotlight(window)
        self.note = _Note(window)

    def toggle(self) -> None:
        """Begin to show, or come back to everything as it was."""
        (self._end if self.showing else self._begin)()

    def _begin(self) -> None:
        window = self._window
        self._before = (window.windowState(), window.theme, window.saveState())
        self.showing = True
        teaches = window.lessons.run is not None
        for title, dock in window.docks.items():
            dock.setVisible(title == "Lesson" and teaches)
        window.lessons.set_polling(polling=teaches)
        window.lessons.set_in_hall(in_hall=teaches)
        self._show_frame(shown=False)
        window.looks.wear(PROJECTOR)
        # Beside a lesson there is no room for larger ones.
        self._reasons = 1.0 if teaches else _REASONS
        window.why.enlarge(self._reasons)
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)
        if teaches:
            width = round(window.width() * _LESSON_WIDTH)
            window.resizeDocks([window.docks["Lesson"]], [width], Qt.Orientation.Horizontal)
        window.canvas.setFocus()

    def _end(self) -> None:
        window = self._window
        assert self._before is not None
        state, theme, layout = self._before
        self.showing = False
        window.lessons.set_polling(polling=False)
        window.lessons.set_in_hall(in_hall=False)
        for overlay in (self.blank, self.spotlight, self.note):
            overlay.hide()
        self._show_frame(shown=True)
        window.setWindowState(state)
        restore_state(window, layout)
        window.why.enlarge(1 / self._reasons)
        window.looks.wear(theme)

    def _show_frame(self, *, shown: bool) -> None:
        window = self._window
        for part in (window.menu_bar, window.transport, window.statusBar()):
            part.setVisible(shown)
        window.stand_at_edges(at_edges=not shown)

    def show_moment(self) -> None:
        """Follow what is looked at."""
        if self.spotlight.isVisible():
            self.spotlight.follow()
        if self.note.isVisible():
            self.note.tell()


class _Blank(Overlay):
    """Nothing to see, so that all look at who speaks."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self.setAccessibleName("The screen is blank")

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Black."""
        with QPainter(self) as p:
            p.fillRect(self.rect(), QColor("black"))


class _Spotlight(Overlay):
    """Everything is dimmed but the server that is selected."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window.canvas)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def follow(self) -> None:
        """Shine on what is selected now."""
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """A dark sheet with a hole; without a server to shine on, all stays bright."""
        picture, server = self._window.canvas.picture, self._window.conductor.selected_server
        signs = [sign for sign in picture.servers if sign.id == server] if picture else []
        if not signs:
            return
        sheet = QPainterPath()
        sheet.addRect(QRectF(self.rect()))
        for sign in signs:
            reach = sign.radius * 2.1
            sheet.addEllipse(QPointF(sign.x, sign.y), reach, reach)
        with QPainter(self) as p:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            p.fillPath(sheet, QColor(0, 0, 0, _DIMMED))


class _Note(QLabel):
    """What whoever speaks has noted for this place.

    In a lesson, while it is shown to a hall, those are the notes of its step; else the note of the
    last bookmark that was passed.
    """

    def __init__(self, window: "Window") -> None:
        super().__init__(window.canvas)
        self._window = window
        self.setObjectName("note")
        self.setAccessibleName("Speaker's note")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def toggle(self) -> None:
        """Show the note, or take it away."""
        self.setVisible(not self.isVisible())
        self.tell()

    def tell(self) -> None:
        """The note for where one looks now."""
        self.setText(self._of_lesson() or self._of_bookmark())
        self.setFixedWidth(min(_NOTE_WIDTH, max(200, self._window.canvas.width() // 3)))
        self.adjustSize()
        self.move(16, 16)
        self.raise_()

    def _of_lesson(self) -> str:
        """The notes of the step. They are not for students: only while the window is a stage."""
        run = self._window.lessons.run
        if run is None or not self._window.presenter.showing:
            return ""
        from raftviz.teaching.lesson import Notes  # noqa: PLC0415 - there is a lesson by now

        notes = [block.text for block in run.current.step.blocks if isinstance(block, Notes)]
        return "\n\n".join(notes) or "The lesson has no notes for this step."

    def _of_bookmark(self) -> str:
        session = self._window.conductor.session
        passed = [
            mark
            for mark in bookmarks_on(session, session.branch)
            if (mark.count, mark.time_us) <= (session.count, session.time_us)
        ]
        words = f"{passed[-1].name}\n{passed[-1].note}".strip() if passed else ""
        return words or "No bookmark has been passed yet. A bookmark's note is shown here."
