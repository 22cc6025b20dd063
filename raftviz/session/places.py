"""Places in time as one types them: an instant, or the number of an event."""

import re

import attrs

from raftviz.sim.units import US_PER_MS, US_PER_S

_NUMBER = re.compile(r"#\s*(\d+)")
_TIME = re.compile(r"(\d+(?:\.\d+)?)(us|µs|ms|s|min|)")
_UNITS = {"us": 1, "µs": 1, "ms": US_PER_MS, "": US_PER_MS, "s": US_PER_S, "min": 60 * US_PER_S}

LONGEST_US = 24 * 3600 * US_PER_S
"""A day: nobody simulates longer by hand."""


class PlaceError(ValueError):
    """What was typed is no place; the message is a sentence that says what one is."""


@attrs.frozen
class EventPlace:
    """Just behind an event, by its number."""

    number: int


@attrs.frozen
class TimePlace:
    """An instant in µs."""

    time_us: int


def parse_place(text: str) -> EventPlace | TimePlace:
    """Read ``1284.2ms``, ``1.2 s``, ``1 284.2`` (ms) or ``#412``.

    Raises PlaceError for anything else.
    """
    # As the window writes it, with spaces or commas between thousands, must do as well.
    bare = re.sub(r"(?<=\d)[\s,](?=\d{3}\b)", "", text.strip())
    if match := _NUMBER.fullmatch(bare.replace(",", "")):
        if not int(match[1]):
            raise PlaceError("Events are counted from 1.")
        return EventPlace(int(match[1]) - 1)
    match = _TIME.fullmatch(re.sub(r"\s+", "", bare).lower())
    if match is None:
        raise PlaceError("Write an instant, such as 1284.2ms or 1.2 s, or an event, such as #412.")
    time_us = round(float(match[1]) * _UNITS[match[2]])
    if time_us > LONGEST_US:
        raise PlaceError("That is more than a day away.")
    return TimePlace(time_us)
