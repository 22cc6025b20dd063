"""Simulated time: integer microseconds inside, milliseconds on screen."""

US_PER_MS = 1_000
US_PER_S = 1_000_000

NEVER = 1 << 62
"""Later than any instant of any run."""


def ms(milliseconds: float) -> int:
    """Milliseconds as simulated microseconds."""
    return round(milliseconds * US_PER_MS)


def in_ms(microseconds: int) -> float:
    """Simulated microseconds as milliseconds."""
    return microseconds / US_PER_MS


def duration_text(microseconds: int) -> str:
    """The shortest exact way to write a duration: ``"900ms"``, ``"1.5s"``, ``"250us"``."""
    if microseconds % US_PER_MS:
        return f"{microseconds}us"
    if microseconds % (US_PER_S // 10) == 0 and microseconds >= US_PER_S:
        return f"{microseconds / US_PER_S:g}s"
    return f"{microseconds // US_PER_MS}ms"


def instant_text(microseconds: int) -> str:
    """The shortest exact way to write an instant, always in ms: ``"912.25ms"``."""
    whole, part = divmod(microseconds, US_PER_MS)
    return f"{whole}.{part:03d}".rstrip("0").rstrip(".") + "ms"
