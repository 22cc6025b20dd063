"""What is painted of a branch, kept as long as it stays the same; no widget and no events.

A frame of a playing run that neither grew nor scrolled costs a copy of one pixmap and the cursor.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from math import inf

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from raftviz.picture.marked import marked_words
from raftviz.picture.timeline import Band, Mark, TimelinePicture, arrows, legs_in, timeline_picture
from raftviz.picture.timeline_company import Company
from raftviz.picture.timeline_flags import FlagSign, flag_at
from raftviz.picture.timeline_hit import (
    Hit,
    Pointer,
    band_at,
    band_words,
    hit,
    leg_words,
    mark_tip,
    mark_words,
)
from raftviz.picture.timeline_index import TimelineIndex
from raftviz.picture.timeline_pills import Pill, PillSizes, pills
from raftviz.picture.timeline_scale import TimeScale
from raftviz.picture.timeline_tracks import SideTrack, track_at, track_words
from raftviz.picture.timeline_words import Violation, Word, WordSizes, placed_words, sayings
from raftviz.qt.kept import KeptPaintings
from raftviz.qt.timeline_chart import EDGE_PX, Chart
from raftviz.qt.timeline_paint import crowd, paint_chart
from raftviz.qt.timeline_pull import HINT, Pull, paint_pull
from raftviz.qt.timeline_signs import (
    Words,
    cursor_plate,
    paint_axis,
    paint_cursor,
    paint_header,
    paint_names,
    paint_signs,
    paint_words,
)
from raftviz.qt.timeline_strip import paint_beside, paint_labels, paint_strips
from raftviz.qt.timeline_style import Style, pen
from raftviz.qt.timeline_terms import paint_terms
from raftviz.sim.acts import Crash
from raftviz.sim.events import Acted

Found = Hit | FlagSign | SideTrack
"""What can be picked: something on a lane, bookmarks, another branch."""


class TimelineSheet:
    """One branch up to ``head_us`` in one scale, style, height (px) and pixel ratio."""

    def __init__(
        self,
        index: TimelineIndex,
        head_us: int,
        *,
        scale: TimeScale,
        style: Style,
        height: int,
        ratio: float,
        violations: Sequence[Violation],
        chart: Chart,
        kept: KeptPaintings,
        company: Company,
    ) -> None:
        self.index = index
        self.read = len(index)
        self.company = company
        self.head_us = head_us
        self.style = style
        self.height = height
        self.ratio = ratio
        self.scale = scale
        self._violations = violations
        self._chart = chart
        self._kept = kept
        self._told: Words = {}
        self.picture = self._painted_chart()
        self.pills = self._label_bands()
        self.words = self._place()

    def _painted_chart(self) -> TimelinePicture:
        """Paint what is new of the chart."""
        index, scale, style, company = self.index, self.scale, self.style, self.company
        lanes = style.lanes(
            index.servers,
            self.height,
            flags=bool(company.marked or company.beginnings),
            others=len(company.others),
        )
        legs = len(legs_in(index, scale.start_us, scale.end_us, self.head_us))
        of = (
            index, style, lanes, scale.us_per_px, crowd(legs), tuple(self._violations),
        )  # fmt: skip
        x = self._chart.carry_on(of, scale, self.height, self.ratio)
        picture = timeline_picture(
            index,
            scale,
            lanes,
            self.head_us,
            tick_px=84 * style.unit,
            column_px=1 / self.ratio,
            fresh_us=scale.time_us(x - EDGE_PX),
            company=company,
            measure=QFontMetricsF(style.small).horizontalAdvance,
        )
        self._told = self._tell(picture)
        with self._chart.painter(x, QColor(style.theme.surface)) as painter:
            paint_chart(painter, picture, style)
            paint_signs(painter, picture, style, self._told, self._violations)
        # A density is evened out over all that is in view: one more message changes all of it.
        self._chart.settle(index.settled_us if picture.density is None else -inf)
        return picture

    def paint(
        self, painter: QPainter, cursor_us: int, hovered: Found | None, pull: Pull | None = None
    ) -> None:
        """The whole view, with the cursor, what is pointed at, and a branch that is pulled out."""
        style, picture = self.style, self.picture
        width = style.gutter + picture.scale.width
        painter.save()
        painter.setClipRect(QRectF(style.gutter, 0, picture.scale.width, self.height))
        painter.translate(style.gutter, 0)
        painter.drawPixmap(0, 0, self._chart.pixmap)
        if isinstance(hovered, int):
            self._paint_leg(painter, hovered)
        paint_strips(painter, picture, style)
        paint_terms(painter, self.pills, style, self._kept)
        paint_axis(painter, picture, style, cursor_us, grip=True)
        paint_cursor(painter, picture, style, cursor_us)
        paint_labels(painter, picture, style, hovered)
        paint_words(painter, self.words, style)
        if pull is not None:
            paint_pull(painter, picture, style, pull)
        painter.restore()
        names = partial(paint_names, picture=picture, style=style, clients=self.index.has_clients)
        high = picture.lanes.foot - picture.lanes.top + style.axis
        box = QRectF(0, picture.lanes.top - 1, style.gutter, high)
        self._keep(painter, box, (picture.lanes, self.index.has_clients), names)
        paint_beside(painter, picture, style)
        header = partial(paint_header, style=style, width=width, hint=self.hint)
        if picture.density is None:
            self._keep(painter, QRectF(0, 0, width, style.header), self.hint, header)
        else:  # its count is another in each frame
            header(painter)

    def _keep(
        self, painter: QPainter, box: QRectF, key: Hashable, paint: Callable[[QPainter], None]
    ) -> None:
        """Paint what stays the same, in the view's own pixels; only once."""

        def moved(p: QPainter, room: QRectF) -> None:
            p.translate(room.topLeft() - box.topLeft())
            paint(p)

        self._kept.paint(painter, box, key, moved)

    def still_shows(self, head_us: int, read: int, company: Company) -> bool:
        """Whether the sheet is good for a branch that has come so far.

        A density changes when the head has come a pixel further: more cannot be seen.
        """
        if company is not self.company:
            return False
        if self.picture.density is not None:
            return int(self.scale.x(head_us)) == int(self.scale.x(self.head_us))
        return head_us == self.head_us and read == self.read

    def paint_lit(self, painter: QPainter, events: Sequence[int]) -> None:
        """Rings around events that somebody walks; the first one is where they are."""
        style, picture = self.style, self.picture
        painter.save()
        painter.setClipRect(QRectF(style.gutter, 0, picture.scale.width, self.height))
        painter.translate(style.gutter, 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
        painter.setPen(pen(style.theme.accent, 2.2 * style.unit))
        for at, number in enumerate(events):
            if number >= len(self.index):
                continue
            record = self.index.branch[number]
            x, y = picture.scale.x(record.time_us), picture.lanes.y(max(0, record.part))
            radius = (7.0 if at == 0 else 4.5) * style.unit
            painter.setBrush(QColor(style.theme.accent if at == 0 else style.theme.surface))
            painter.drawEllipse(QPointF(x, y), radius, radius)
        painter.restore()

    @property
    def hint(self) -> str:
        """What can be done, or how to see more."""
        if self.picture.density is None:
            return HINT
        count = f"{self.picture.density.legs:,}".replace(",", "\u2009")
        return f"{count} messages in view, darker where there are more · zoom in to see each"

    def hit(self, x: float, y: float) -> Found | None:
        """What can be picked at a place in the widget."""
        picture, pointer = self.picture, self._pointer(x, y)
        flag = flag_at(picture.flags, picture.lanes, pointer.x, y)
        if flag is not None:
            return flag
        if y < picture.lanes.bottom:
            return hit(self.index, picture, self.head_us, pointer)
        return track_at(picture.tracks, pointer.x, y, pointer.reach)

    def grips(self, x: float, y: float, cursor_us: int) -> bool:
        """Whether the fork at the cursor, by which a branch is pulled, is at a place."""
        plate = cursor_plate(self.picture, self.style, cursor_us, grip=True)
        if plate is None or plate.grip is None:
            return False
        return plate.grip.contains(x - self.style.gutter, y)

    def event_of(self, found: Found | None) -> int | None:
        """The number of the event that made what was found, if one did."""
        match found:
            case Mark(event=event) | Band(event=event) if event >= 0:
                return event
            case int(row):
                return self.index.legs.value(row, "event")
            case _:
                return None

    def told(self, mark: Mark) -> str:
        """An act in words, and when."""
        return mark_tip(self.index, mark)

    def words_at(self, x: float, y: float) -> str:
        """What is to be said about what stands at a place: what can be picked, or a lane's band."""
        found = self.hit(x, y)
        if found is None and y < self.picture.lanes.bottom:
            found = band_at(self.picture, self._pointer(x, y))
        match found:
            case FlagSign(marked=marked):
                return marked_words(marked)
            case SideTrack() as track:
                return track_words(track.other)
            case Mark() as mark:
                return mark_tip(self.index, mark)
            case Band() as band:
                return band_words(self.index, band)
            case int(row):
                return leg_words(self.index, row, self.head_us)
            case _:
                return ""

    def time_us(self, x: float) -> float:
        """The instant at a place in the widget."""
        return self.picture.scale.time_us(x - self.style.gutter)

    def _pointer(self, x: float, y: float) -> Pointer:
        return Pointer(x - self.style.gutter, y, 5.0 * self.style.unit)

    def _place(self) -> tuple[Word, ...]:
        metrics, picture = QFontMetricsF(self.style.bold), self.picture
        told = {event: words for event, (words, _) in self._told.items()}
        marks = [(mark.x, mark.lane, mark.event) for mark in picture.marks]
        said = sayings(marks, told, self._violations, picture.scale)
        sizes = WordSizes(metrics.horizontalAdvance, metrics.height(), self.style.unit)
        return placed_words(said, picture.lanes, picture.scale.width, sizes, self.pills)

    def _label_bands(self) -> tuple[Pill, ...]:
        metrics, picture = QFontMetricsF(self.style.small), self.picture
        acted = frozenset(mark.event for mark in picture.marks)
        sizes = PillSizes(metrics.horizontalAdvance, metrics.height(), self.style.unit)
        return pills(picture.bands, acted, picture.lanes, picture.scale.width, sizes)

    def _tell(self, picture: TimelinePicture) -> Words:
        words = {}
        for mark in picture.marks:
            event = self.index.branch[mark.event].event
            stops = isinstance(event, Acted) and isinstance(event.act, Crash) and not event.note
            words[mark.event] = (mark_words(self.index, mark), stops)
        return words

    def _paint_leg(self, painter: QPainter, row: int) -> None:
        picture = self.picture
        leg = arrows(self.index, np.array([row]), picture.scale, picture.lanes, self.head_us)
        line = QLineF(float(leg.x0[0]), float(leg.y0[0]), float(leg.x1[0]), float(leg.y1[0]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
        painter.setPen(pen(self.style.theme.text, 2.6 * self.style.unit))
        painter.drawLine(line)
