"""Long work, done a slice at a time, with progress and *Cancel* if it takes longer than a moment."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QProgressDialog, QWidget

PATIENCE_S = 0.2
"""So long nobody minds waiting; a window that comes and goes within it would only startle."""

SLICE_S = 0.03
"""How long one slice may take: the bar moves, and *Cancel* is heard at once."""

_STEPS = 1_000


class Work(QObject):
    """One piece of work. ``clock`` gives wall-clock seconds.

    When it is through, ``done`` is called; ``failed`` with the exception if it ends with one of
    ``failures``; ``cancelled`` if somebody has had enough of it.
    """

    def __init__(
        self,
        words: str,
        steps: Iterator[None],
        *,
        done: Callable[[], object],
        failed: Callable[[Exception], object],
        cancelled: Callable[[], object],
        failures: tuple[type[Exception], ...],
        progress: Callable[[], float] | None,
        clock: Callable[[], float],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._words = words
        self._steps = steps
        self._done, self._failed, self._cancelled = done, failed, cancelled
        self._failures = failures
        self._progress = progress
        self._clock = clock
        self._box: QProgressDialog | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._slice(SLICE_S))

    def begin(self) -> None:
        """Work for a moment; what is not done by then goes on beside a window with its progress."""
        if self._slice(PATIENCE_S):
            return
        box = self._box = QProgressDialog(self._words, "Cancel", 0, _STEPS, self._window)
        box.setWindowTitle("raftviz")
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setMinimumDuration(0)
        box.setMinimumWidth(360)
        box.setAutoClose(False)
        box.setAutoReset(False)
        if self._progress is None:
            box.setRange(0, 0)
        box.canceled.connect(self.cancel)
        box.show()
        self._go_on()

    def cancel(self) -> None:
        """Let it be."""
        self._end()
        self._cancelled()

    def _slice(self, seconds: float) -> bool:
        """Work for so long. Whether it is over."""
        until = self._clock() + seconds
        try:
            for _ in self._steps:
                if self._clock() >= until:
                    break
            else:
                self._end()
                self._done()
                return True
        except self._failures as error:
            self._end()
            self._failed(error)
            return True
        except BaseException:
            self._end()
            raise
        if self._box is not None:
            self._go_on()
        return False

    def _go_on(self) -> None:
        if self._box is not None and self._progress is not None:
            self._box.setValue(round(self._progress() * _STEPS))
        if self._box is not None:  # to set the value is to let *Cancel* be pressed
            self._timer.start(0)

    def _end(self) -> None:
        self._timer.stop()
        if self._box is not None:
            self._box.canceled.disconnect(self.cancel)
            self._box.close()
            self._box.deleteLater()
            self._box = None
        self.deleteLater()
