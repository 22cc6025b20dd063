"""The terms' numbers on a timeline's bands, as labels with their places: never colour alone."""

from collections.abc import Iterator, Sequence
from math import ceil

from raftviz.picture.geometry import Box
from raftviz.picture.timeline import Band
from raftviz.picture.timeline_codes import RoleCode, StatusCode
from raftviz.picture.timeline_scale import Lanes
from raftviz.picture.timeline_tracks import Measure
from raftviz.raft.values import value


@value
class Pill:
    """A term's number, and what the server is if there is room; ``plain`` when it does not run."""

    lane: int
    text: str
    term: int
    plain: bool
    box: Box


@value
class PillSizes:
    """How wide words are, how high, and one pixel at the usual font size."""

    measure: Measure
    height: float
    unit: float


def pills(
    bands: Sequence[Band], acted: frozenset[int], lanes: Lanes, width: float, sizes: PillSizes
) -> tuple[Pill, ...]:
    """The labels of bands in view. Narrow lanes share them: every third, say, has its own.

    ``acted`` are the events with a sign of their own where the band begins.
    """
    every = max(1, ceil(13 * sizes.unit / lanes.pitch))
    said: dict[int, int] = {}
    found = []
    for band in bands:
        if (band.lane - 1) % every or (band.goes_on and said.get(band.lane) == band.term):
            continue
        pill = _pill(band, acted, lanes, width, sizes)
        if pill is not None:
            said[band.lane] = band.term
            found.append(pill)
    return tuple(found)


def _pill(
    band: Band, acted: frozenset[int], lanes: Lanes, width: float, sizes: PillSizes
) -> Pill | None:
    unit = sizes.unit
    left, right = max(band.x0, 0.0), min(band.x1, width)
    if right - left < 12:
        return None
    if band.x0 >= 0 and band.event in acted:
        left += 7 * unit
    room = right - left - 4 * unit
    for text in _texts(band):
        wide = sizes.measure(text) + 8 * unit
        if wide <= room:
            high = min(sizes.height * 0.98, max(lanes.pitch - 2, 11 * unit))
            box = Box(left + 2, lanes.y(band.lane) - high / 2, wide, high)
            return Pill(band.lane, text, band.term, band.status != StatusCode.UP, box)
    return None


def _texts(band: Band) -> Iterator[str]:
    """What stands on a band, the longest first."""
    if band.status == StatusCode.CRASHED:
        yield "crashed"
    elif band.status == StatusCode.PAUSED:
        yield "‖ paused"
        yield "‖"
    elif band.term:
        role = {RoleCode.LEADER: "leader", RoleCode.CANDIDATE: "candidate"}.get(RoleCode(band.role))
        if role:
            yield f"term {band.term} · {role}"
        yield f"term {band.term}"
        yield str(band.term)
