"""A branch that somebody pulls out of the timeline: where it would begin, before they let go."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath

from raftviz.picture.marked import Marked
from raftviz.picture.primitives import PickedEvent, PickedMessage, Subject
from raftviz.picture.timeline_scale import ms_text
from raftviz.qt.timeline_style import Style, pen
from raftviz.raft.values import value
from raftviz.sim.history import Branch

if TYPE_CHECKING:
    from raftviz.picture.timeline import TimelinePicture

HINT = (
    "drag to rewind · scroll to zoom · click an arrow for its message · pull the fork at the cursor "
    "for a branch"
)
GRIP_WORDS = (
    "Open a branch here: click, or pull it to the instant where the branch is to begin (N)\n"
    "Esc lets go. An event can be pulled down out of its lane, too."
)


@value
class Spot:
    """A place on the timeline that somebody means: an instant, and what is there besides.

    ``event`` is the number of an event of the shown branch, and ``words`` say what it is; it sent
    the message ``flight``, if that is meant.
    """

    time_us: int
    event: int | None = None
    branch: Branch | None = None
    marked: Sequence[Marked] = ()
    words: str = ""
    flight: int | None = None

    @property
    def subject(self) -> Subject | None:
        """What one can ask the reasons of here."""
        if self.flight is not None:
            return PickedMessage(self.flight)
        return None if self.event is None else PickedEvent(self.event)


@value
class Pull:
    """A branch would begin at ``time_us``, behind ``event`` if it is pulled out of one.

    ``ready`` when it would be opened if the hand let go now.
    """

    time_us: int
    event: int | None = None
    ready: bool = True


def paint_pull(painter: QPainter, picture: "TimelinePicture", style: Style, pull: Pull) -> None:
    """The branch as it would turn off, and in words where it would."""
    theme, lanes, unit = style.theme, picture.lanes, style.unit
    x = picture.scale.x(pull.time_us)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    painter.setPen(pen(theme.accent, 2.0 * unit, 3.0, 2.0))
    painter.drawLine(QLineF(x, lanes.top, x, lanes.bottom - 10 * unit))
    if not pull.ready:
        return
    low, far = lanes.foot - 2 * unit, 46 * unit
    path = QPainterPath(QPointF(x, lanes.bottom - 10 * unit))
    path.lineTo(x, low - 8 * unit)
    path.quadTo(x, low, x + 8 * unit, low)
    path.lineTo(x + far, low)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(theme.accent, 3.0 * unit))
    painter.drawPath(path)
    words = f"a branch from {ms_text(pull.time_us)} ms"
    wide = QFontMetricsF(style.bold).horizontalAdvance(words) + 14 * unit
    high = QFontMetricsF(style.bold).height() + 4 * unit
    left = min(max(x + 12 * unit, 2.0), picture.scale.width - wide - 2)
    box = QRectF(left, low - high - 6 * unit, wide, high)
    painter.setPen(pen(theme.accent, 1.0))
    painter.setBrush(QColor(theme.surface))
    painter.drawRoundedRect(box, 5, 5)
    painter.setFont(style.bold)
    painter.setPen(QColor(theme.accent))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
