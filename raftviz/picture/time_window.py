"""What part of time a view shows while the cursor moves: it follows, unless somebody looks elsewhere."""

from raftviz.picture.timeline_scale import TimeScale

_FIRST_US_PER_PX = 1_000.0
"""About a second and a half in a wide view: an operation of 50 ms is as wide as its words."""

_SHORTEST_FIT_US = 450_000
"""A run that has only begun is not blown up."""


class TimeWindow:
    """A ``TimeScale`` that moves with the cursor. ``head_us`` is how far time is simulated."""

    def __init__(self, width: float) -> None:
        self.scale = _home(width)
        self.head_us = 0
        self._now_us = 0
        self._follows = True

    def show(self, now_us: int, head_us: int) -> None:
        """The cursor stands at ``now_us``. A jump is followed, wherever somebody looks."""
        width_us = self.scale.width * self.scale.us_per_px
        jumped = not 0 <= now_us - self._now_us <= 0.1 * width_us
        if jumped or 0 <= self.scale.x(now_us) <= self.scale.width:
            self._follows = True
        if self._follows and now_us != self._now_us:
            self.scale = self.scale.keeping(now_us)
        self._now_us, self.head_us = now_us, head_us

    def zoom(self, factor: float, x: float) -> None:
        """So many times closer, about a place."""
        longest = max(1.5 * self.head_us, _FIRST_US_PER_PX * self.scale.width)
        self._look(self.scale.zoomed(factor, x, longest))

    def pan(self, pixels: float) -> None:
        """Look further to the right, or to the left if negative."""
        self._look(self.scale.panned(pixels, self.head_us))

    def fit(self) -> None:
        """Look at everything."""
        self._look(self.scale.fitted(max(self.head_us, _SHORTEST_FIT_US)))

    def look_at(self, first_us: float, last_us: float) -> None:
        """Look at a part of time."""
        per_px = (last_us - first_us) / self.scale.width
        self._look(TimeScale(first_us, per_px, self.scale.width))

    def bring(self, time_us: float) -> None:
        """Look where an instant is to be seen."""
        if not 0 <= self.scale.x(time_us) <= self.scale.width:
            self._look(self.scale.keeping(time_us))

    def resize(self, width: float) -> None:
        """Another width; the left edge stays where it is."""
        self.scale = self.scale.resized(max(width, 50.0))

    def _look(self, scale: TimeScale) -> None:
        self.scale = scale
        self._follows = 0 <= scale.x(self._now_us) <= scale.width


def _home(width: float) -> TimeScale:
    scale = TimeScale(0.0, _FIRST_US_PER_PX, width)
    return TimeScale(scale.home_us, scale.us_per_px, width)
