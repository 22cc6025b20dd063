"""What a frame costs: the real canvas, beside as many bare sprites in one call."""

import time
from array import array

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from raftviz.qt.canvas import ClusterCanvas
from raftviz.qt.sprites import draw_fragments
from raftviz.sim.history import Moment

_SIZE = QSize(1600, 1000)
_SPRITE = 32


def measure(moment: Moment, frames: int) -> tuple[list[float], list[float]]:
    """Seconds of each frame: ours, then the baseline's. Needs a QApplication, and makes one."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - only this function needs one

    application = QApplication.instance() or QApplication(["raftviz"])
    canvas = ClusterCanvas()
    canvas.resize(_SIZE)
    image = QImage(_SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    ours, bare = [], []
    sprites = _Sprites(len(moment.branch.flights(moment.count)))
    for frame in range(-5, frames):  # the first ones fill caches and are not counted
        started = time.perf_counter()
        canvas.show_picture(moment, moment.time_us + max(0, frame))
        canvas.render(image)
        took = time.perf_counter() - started
        started = time.perf_counter()
        sprites.paint(image, frame)
        if frame >= 0:
            ours.append(took)
            bare.append(time.perf_counter() - started)
    canvas.deleteLater()
    application.processEvents()
    return ours, bare


class _Sprites:
    """The least that a picture of so many messages can cost."""

    def __init__(self, count: int) -> None:
        self.pixmap = QPixmap(_SPRITE, _SPRITE)
        self.pixmap.fill(Qt.GlobalColor.darkCyan)
        self.count = count

    def paint(self, image: QImage, frame: int) -> None:
        # x, y, source rectangle, scale x and y, rotation, opacity: as Qt's PixmapFragment has them.
        values = array("d")
        for i in range(self.count):
            values.extend((16 * (i % 90), frame % 900, 0, 0, _SPRITE, _SPRITE, 1.0, 1.0, 0.0, 1.0))
        with QPainter(image) as painter:
            painter.fillRect(image.rect(), Qt.GlobalColor.white)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_fragments(painter, values, self.pixmap)
