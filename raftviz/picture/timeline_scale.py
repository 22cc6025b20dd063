"""From time to x and back, and from servers to lanes: where things stand in the timeline."""

from math import ceil, floor

import attrs

from raftviz.raft.values import value

_NICE = (1, 2, 5)
_CLOSEST_US_PER_PX = 0.5
_FOLLOWED_AT = 0.7
"""Where in the view the cursor is kept while the view follows it."""


@value
class TimeScale:
    """What part of time is in view: from ``start_us`` on, ``us_per_px`` µs in each pixel."""

    start_us: float
    us_per_px: float
    width: float

    @property
    def end_us(self) -> float:
        """The instant at the right edge."""
        return self.start_us + self.us_per_px * self.width

    def x(self, time_us: float) -> float:
        """Pixels from the left edge at ``time_us``."""
        return (time_us - self.start_us) / self.us_per_px

    def time_us(self, x: float) -> float:
        """The instant at ``x`` pixels from the left edge."""
        return self.start_us + x * self.us_per_px

    def zoomed(self, factor: float, x: float, longest_us: float) -> "TimeScale":
        """``factor`` times closer (or farther, below 1) with the instant at ``x`` staying there.

        Never shows more than about ``longest_us``.
        """
        farthest = max(longest_us / max(self.width, 1.0), _CLOSEST_US_PER_PX)
        per_px = min(max(self.us_per_px / factor, _CLOSEST_US_PER_PX), farthest)
        return attrs.evolve(self, start_us=self.time_us(x) - x * per_px, us_per_px=per_px)

    def panned(self, pixels: float, head_us: float) -> "TimeScale":
        """Moved so that what is seen goes ``pixels`` to the left, with some of the run in view."""
        margin = 0.2 * self.width * self.us_per_px
        start = self.start_us + pixels * self.us_per_px
        lowest, highest = margin - self.width * self.us_per_px, head_us - margin
        return attrs.evolve(self, start_us=min(max(start, lowest), max(highest, lowest)))

    def resized(self, width: float) -> "TimeScale":
        """The same beginning and closeness in another width."""
        return attrs.evolve(self, width=width)

    def fitted(self, head_us: float) -> "TimeScale":
        """All from 0 to ``head_us``, with a little room on both sides."""
        per_px = max(head_us * 1.04 / max(self.width, 1.0), _CLOSEST_US_PER_PX)
        return attrs.evolve(self, start_us=-0.015 * per_px * self.width, us_per_px=per_px)

    def keeping(self, time_us: float, grain: int = 1) -> "TimeScale":
        """The same closeness, moved no more than it takes to keep ``time_us`` in quiet view.

        It goes on by a whole multiple of ``grain`` pixels.
        """
        beyond = self.x(time_us) - _FOLLOWED_AT * self.width
        if beyond > 0:
            pixels = ceil(beyond / grain) * grain
            return attrs.evolve(self, start_us=self.start_us + pixels * self.us_per_px)
        if self.x(time_us) < 0:
            start = time_us - (1 - _FOLLOWED_AT) * self.width * self.us_per_px
            return attrs.evolve(self, start_us=max(start, self.home_us))
        return self

    @property
    def home_us(self) -> float:
        """Where the view starts when it shows the beginning of time."""
        return -0.015 * self.us_per_px * self.width


@value
class Lanes:
    """Where the lanes are: the world's (0) in the middle of the strip on top, then one a server.

    ``top`` and ``height`` in pixels hold all of them; ``strip`` is the height of the world's.
    Above them is a row ``flags`` high, below them are ``rows`` for other branches, ``row`` high.
    ``unit`` is a pixel at the usual font size.
    """

    servers: int
    top: float
    height: float
    strip: float
    flags: float = 0.0
    rows: int = 0
    row: float = 0.0
    unit: float = 1.0

    @property
    def bottom(self) -> float:
        """Where the lanes end."""
        return self.top + self.height

    @property
    def foot(self) -> float:
        """Where the rows below the lanes end, too, and the axis begins."""
        return self.bottom + (self.rows + 0.25) * self.row if self.rows else self.bottom

    @property
    def track_rows(self) -> tuple[float, ...]:
        """The middles of the rows for other branches."""
        return tuple(self.bottom + (at + 0.6) * self.row for at in range(self.rows))

    @property
    def pitch(self) -> float:
        """Pixels from one server's lane to the next."""
        return (self.height - self.strip) / max(self.servers, 1)

    def y(self, lane: int) -> float:
        """The middle of a lane; 0 is the world's and the clients'."""
        if lane <= 0:
            return self.top + self.strip / 2
        return self.top + self.strip + (lane - 0.5) * self.pitch

    def lane_at(self, y: float) -> int:
        """The lane nearest to ``y``."""
        if y < self.top + self.strip:
            return 0
        lane = floor((y - self.top - self.strip) / self.pitch) + 1
        return min(max(lane, 1), self.servers)


@value
class Tick:
    """A line of the time axis and what stands at it, in ms."""

    time_us: int
    label: str


def tick_step_us(us_per_px: float, apart_px: float) -> int:
    """The least of 1, 2, 5, 10, … µs that keeps ticks at least ``apart_px`` pixels apart."""
    least = max(us_per_px * apart_px, 1.0)
    power = 1
    while True:
        for nice in _NICE:
            if nice * power >= least:
                return nice * power
        power *= 10


def ticks(scale: TimeScale, apart_px: float) -> tuple[Tick, ...]:
    """The ticks in view, none before the beginning of time."""
    step = tick_step_us(scale.us_per_px, apart_px)
    first = max(0, ceil(scale.start_us / step))
    last = floor(scale.end_us / step)
    decimals = 0 if step >= 1000 else 1 if step >= 100 else 2 if step >= 10 else 3
    return tuple(Tick(n * step, ms_text(n * step, decimals)) for n in range(first, last + 1))


def ms_text(time_us: float, decimals: int = 2) -> str:
    """A time in ms with thin spaces between thousands: ``"1 284.20"``."""
    return f"{time_us / 1000:,.{decimals}f}".replace(",", "\u2009")


def fitting(starts: list[float], widths: list[float], gap: float = 6.0) -> list[bool]:
    """Which of several words in a row, given in order of x, can stand without overlapping."""
    fits, free_from = [], float("-inf")
    for start, width in zip(starts, widths, strict=True):
        fits.append(start >= free_from)
        if fits[-1]:
            free_from = start + width + gap
    return fits
