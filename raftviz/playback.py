"""Playing time: how fast simulated time passes, and whether it passes at all."""

from fractions import Fraction

import attrs

SPEEDS = (
    *(Fraction(1, slow) for slow in (1000, 500, 200, 100, 50, 20, 10, 5, 2)),
    *(Fraction(fast) for fast in (1, 2, 5, 10, 20, 50, 100)),
)
"""Simulated seconds per second, slowest first."""

START_SPEED = Fraction(1, 20)
"""A message of 12 ms is seen for a quarter of a second, a heartbeat comes every second."""

LONGEST_TICK_S = 0.25
"""A machine that hung for longer does not make the cluster jump."""


def speed_text(speed: Fraction) -> str:
    """``"1/50×"``, ``"1×"``, ``"20×"``."""
    return f"{speed.numerator}×" if speed.denominator == 1 else f"1/{speed.denominator}×"


@attrs.define
class Playback:
    """Whether time passes and how fast. Asked with wall-clock seconds, which its owner supplies."""

    playing: bool = False
    speed: Fraction = START_SPEED

    def elapsed_us(self, wall_s: float) -> float:
        """The simulated µs that pass in ``wall_s`` seconds; none while paused."""
        if not self.playing:
            return 0.0
        return min(wall_s, LONGEST_TICK_S) * 1_000_000 * float(self.speed)

    def change_speed(self, steps: int) -> None:
        """Go ``steps`` places faster (or slower, if negative) in ``SPEEDS``."""
        at = SPEEDS.index(self.speed) + steps
        self.speed = SPEEDS[min(max(at, 0), len(SPEEDS) - 1)]
