"""What stands where somebody points at in the timeline, and what is to be said about it."""

import numpy as np

from raftviz.picture.act_words import event_words
from raftviz.picture.timeline import Arrows, Band, Mark, TimelinePicture, arrows, legs_in
from raftviz.picture.timeline_codes import Fate, StatusCode
from raftviz.picture.timeline_index import TimelineIndex
from raftviz.picture.timeline_scale import ms_text
from raftviz.picture.unknown import known
from raftviz.raft.messages import AppendEntriesRequest, ClientRequest, message_name
from raftviz.raft.names import name
from raftviz.raft.values import value
from raftviz.sim.acts import OnMessage
from raftviz.sim.events import Acted, Lost
from raftviz.sim.history import Record
from raftviz.sim.host import Host
from raftviz.sim.network import Flight

_CROWD = 200
"""With more arrows than this under the pointer, none of them is meant."""

Hit = Mark | Band | int
"""An act, the start of a band (a change of role or term), or the row of a message's leg."""


@value
class Pointer:
    """Where somebody points, in pixels, and how near a thing must be to be meant."""

    x: float
    y: float
    reach: float


def hit(
    index: TimelineIndex, picture: TimelinePicture, head_us: int, pointer: Pointer
) -> Hit | None:
    """What is pointed at: an act, else a change on a lane, else the nearest arrow."""
    near_mark = min(
        (m for m in picture.marks if _near_lane(picture, m.lane, pointer)),
        key=lambda m: abs(m.x - pointer.x),
        default=None,
    )
    if near_mark and abs(near_mark.x - pointer.x) <= 1.5 * pointer.reach:
        return near_mark
    for band in picture.bands:
        begins = band.event >= 0 and abs(band.x0 - pointer.x) <= pointer.reach
        if begins and _near_lane(picture, band.lane, pointer):
            return band
    return _nearest_leg(index, picture, head_us, pointer)


def band_at(picture: TimelinePicture, pointer: Pointer) -> Band | None:
    """The piece of a server's life that is pointed at."""
    for band in picture.bands:
        inside = band.x0 <= pointer.x <= band.x1
        if inside and _near_lane(picture, band.lane, pointer):
            return band
    return None


def _near_lane(picture: TimelinePicture, lane: int, pointer: Pointer) -> bool:
    return abs(picture.lanes.y(lane) - pointer.y) <= 1.5 * pointer.reach


def _nearest_leg(
    index: TimelineIndex, picture: TimelinePicture, head_us: int, pointer: Pointer
) -> int | None:
    scale = picture.scale
    first, last = (scale.time_us(pointer.x + side * pointer.reach) for side in (-1, 1))
    rows = legs_in(index, first, last, head_us)
    if not 0 < len(rows) <= _CROWD:
        return None
    distance = _distance(arrows(index, rows, scale, picture.lanes, head_us), pointer)
    nearest = int(np.argmin(distance))
    return int(rows[nearest]) if distance[nearest] <= pointer.reach else None


def _distance(some: Arrows, pointer: Pointer) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """From the pointer to each arrow, in pixels."""
    dx, dy = some.x1 - some.x0, some.y1 - some.y0
    length = np.maximum(dx * dx + dy * dy, 1e-9)
    along = ((pointer.x - some.x0) * dx + (pointer.y - some.y0) * dy) / length
    along = np.clip(along, 0.0, 1.0)
    x, y = some.x0 + along * dx - pointer.x, some.y0 + along * dy - pointer.y
    return np.hypot(x, y)


# Words


def leg_words(index: TimelineIndex, row: int, head_us: int) -> str:
    """A message in a few lines: what, from whom to whom, when, and what became of it."""
    flight = flight_of(index, row)
    ended = index.legs.value(row, "ended")
    fate = Fate(index.legs.value(row, "fate"))
    lines = [message_title(flight), f"sent at {ms_text(flight.sent_us)} ms"]
    end = ms_text(index.legs.value(row, "end"))
    receiver = name(flight.target)
    match fate:
        case Fate.ARRIVED:
            lines.append(f"arrived at {end} ms")
        case Fate.WAITS:
            lines.append(f"arrived at {end} ms and waits: {receiver} is paused")
        case Fate.LOST:
            lines.append(f"lost at {end} ms: {_why_lost(index.branch[ended], receiver)}")
        case Fate.UNTOLD:
            lines.append("nothing more is told of it: it may have arrived, or not")
        case Fate.SENT_ON:
            lines.append(_sent_on(index, row))
        case Fate.FLYING:
            still = "held" if index.legs.value(row, "held") else "on its way"
            lines.append(f"still {still} at {ms_text(head_us)} ms")
    return "\n".join(lines)


def _sent_on(index: TimelineIndex, row: int) -> str:
    """How a leg ended that another one follows: the next one tells why."""
    end = index.legs.value(row, "end")
    flight_id = index.legs.value(row, "id")
    following = np.flatnonzero(index.legs.column("id")[row + 1 :] == flight_id)
    after = row + 1 + int(following[0])
    fate, at = Fate(index.legs.value(after, "fate")), f"at {ms_text(end)} ms"
    if index.legs.value(after, "end") == end and fate is not Fate.SENT_ON:
        ended = index.branch[index.legs.value(after, "ended")]
        if fate is Fate.LOST:
            return f"lost {at}: {_why_lost(ended, name(flight_of(index, row).target))}"
        return f"delivered from there {at}: you let it through"
    if index.legs.value(after, "held"):
        return f"held from {ms_text(end)} ms on"
    if index.legs.value(row, "held"):
        return f"held from {ms_text(index.legs.value(row, 'since'))} ms, let go {at}"
    return f"changed on its way {at}"


def flight_of(index: TimelineIndex, row: int) -> Flight:
    """The flight that a leg belongs to, as it was sent there."""
    flight_id = index.legs.value(row, "id")
    record = index.branch[index.legs.value(row, "event")]
    return next(flight for flight in record.flights if flight.id == flight_id)


def message_title(flight: Flight) -> str:
    """Type, from whom to whom, and the message's substance: ``AppendEntries S1 → S2, term 2``."""
    message = flight.message
    title = f"{message_name(message)} {name(flight.source)} → {name(flight.target)}"
    if isinstance(message, ClientRequest):
        return f"{title}: {message.command.text}"
    term = getattr(message, "term", 0)
    title = f"{title}, term {term}" if term else title
    if isinstance(message, AppendEntriesRequest):
        first, last = message.prev_log_index + 1, message.last_new_index
        if not message.entries:
            return f"{title}, heartbeat"
        return f"{title}, entry {last}" if first == last else f"{title}, entries {first}–{last}"
    granted = getattr(message, "vote_granted", getattr(message, "success", None))
    if granted is None:
        return title
    return f"{title}, {'yes' if granted else 'no'}"


def _why_lost(record: Record, receiver: str) -> str:
    why = record.event.why if isinstance(record.event, Lost) else ""
    return {
        "loss": "the network lost it",
        "cut": "the link is cut",
        "crashed": f"{receiver} had crashed",
        "dropped": "you dropped it",
    }.get(why, why or "it went nowhere")


def mark_words(index: TimelineIndex, mark: Mark) -> str:
    """An act as a short sentence, with the message it was about."""
    record = index.branch[mark.event]
    event = record.event
    if not isinstance(event, Acted):
        return ""
    act = event.act
    if isinstance(act, OnMessage) and act.choice.id is not None:
        rows = np.flatnonzero(index.legs.column("id") == act.choice.id)
        if len(rows):
            flight = flight_of(index, int(rows[0]))
            meant = f"{message_name(flight.message)} {name(flight.source)} → {name(flight.target)}"
            return event_words(event, record.part, meant)
    return event_words(event, record.part)


def mark_tip(index: TimelineIndex, mark: Mark) -> str:
    """An act with its instant and the reasons of what it made a server do."""
    record = index.branch[mark.event]
    reasons = [because.sentence for because in record.because]
    return "\n".join([f"{mark_words(index, mark)} at {ms_text(record.time_us)} ms", *reasons])


def _host_of(index: TimelineIndex, band: Band) -> Host:
    """The server as it was at the beginning of a band."""
    if band.event >= 0:
        after = index.branch[band.event].after
        assert isinstance(after, Host)  # a band is of a server
        return after
    return index.history.start.hosts[band.lane]


def band_words(index: TimelineIndex, band: Band) -> str:
    """What a server is in a piece of its life, since when and why."""
    who, since = name(band.lane), f"since {ms_text(band.start_us)} ms"
    host = _host_of(index, band)
    if band.status == StatusCode.CRASHED and "durable" in host.unknown:
        return f"{who} is down {since}"
    if band.status == StatusCode.CRASHED:
        return f"{who} is down {since}; its disk is in term {band.term}"
    if band.status == StatusCode.UNKNOWN:
        return f"{who}: nothing is told of it {since}"
    role = ("follower", "candidate", "leader", "role unknown")[band.role]
    paused = ", paused" if band.status == StatusCode.PAUSED else ""
    title = f"{who}: {role} in term {known(host, 'current_term', band.term)}{paused}, {since}"
    if band.event < 0:
        return title
    reasons = (because.sentence for because in index.branch[band.event].because)
    return "\n".join([title, *reasons])
