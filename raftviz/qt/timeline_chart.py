"""The timeline's chart as a pixmap that is carried on: only what is new of it is painted.

While a run plays, the view goes on by a few pixels in each frame and the newest messages get a
little further. All the rest of the chart has been painted already, and is moved along.
"""

from math import floor

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap

from raftviz.picture.timeline_scale import TimeScale

EDGE_PX = 12.0
"""How far the ends of arrows and bands, and what they are drawn with, reach beyond their place."""

_NEAR = 1e-3
"""Parts of a device pixel by which the view may have moved beside whole ones."""


class Chart:
    """The chart as it was painted last."""

    def __init__(self) -> None:
        self.pixmap = QPixmap()
        self._of: object = None
        self._start_us = 0.0
        self._settled_us = 0.0

    def carry_on(self, of: object, scale: TimeScale, height: int, ratio: float) -> float:
        """Move the chart along to ``scale``; from which x (in pixels) on it must be painted.

        ``of`` is all that the chart depends on but the beginning of the scale and what is newer
        than what was settled: if it is another, all must be painted.
        """
        size = QSize(round(scale.width * ratio), round(height * ratio))
        moved = (scale.start_us - self._start_us) / scale.us_per_px * ratio
        whole = round(moved)
        settled_x = floor(max(scale.x(self._settled_us), 0.0) - EDGE_PX)  # may be never
        exposed_x = floor(scale.width - whole / ratio - EDGE_PX)
        x = min(settled_x, exposed_x)
        old = self._of != of or self.pixmap.size() != size or abs(moved - whole) > _NEAR
        if old or whole < 0 or x <= 0:
            self.pixmap = QPixmap(size)
            self.pixmap.setDevicePixelRatio(ratio)
            x = 0
        elif whole:
            self.pixmap.scroll(-whole, 0, self.pixmap.rect())
        self._of, self._start_us = of, scale.start_us
        return x

    def painter(self, x: float, ground: QColor) -> QPainter:
        """A painter for what lies right of ``x``, on a fresh ground."""
        painter = QPainter(self.pixmap)
        size = self.pixmap.deviceIndependentSize()
        strip = QRectF(x, 0, size.width() - x, size.height())
        painter.setClipRect(strip)
        painter.fillRect(strip, ground)
        return painter

    def settle(self, settled_us: float) -> None:
        """What lies before ``settled_us`` will stay as it has been painted."""
        self._settled_us = settled_us
