"""Messages: how they look, where they are, and where they fell."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from raftviz.picture.geometry import Line, text_width
from raftviz.picture.parting import cut_part, rim_to_rim
from raftviz.picture.places import Layout
from raftviz.picture.primitives import (
    JumpSign,
    LostSign,
    MessageFace,
    Messages,
    Shape,
    Way,
)
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    ClientResponse,
    InstallSnapshotResponse,
    Message,
    NotLeader,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.values import value
from raftviz.sim.acts import Deliver
from raftviz.sim.events import Acted, Lost
from raftviz.sim.history import NETWORK, Branch, History, Record
from raftviz.sim.network import Flight, Held, Network
from raftviz.sim.units import NEVER, ms

MOST_WITH_TAGS = 1_000
"""Beyond so many messages in flight none shows its term's number, its words or a tail."""

FALL_US = ms(40)
"""How long a lost message is seen to fall, in simulated time: about three links' latency."""

_MOST_RECORDS = 3_000
"""How far back losses are looked for: in a storm, the latest are enough."""

TAIL = 2.6
"""How long a tail is, in half message sizes."""

HELD_BARS = 0.55
"""How much room the bars of a held message take on either side, in half message sizes."""

_STEPS = 4
"""With reduced motion a message is shown at so many places of its way, without gliding."""

_HALF: Mapping[Shape, tuple[float, float]] = {
    "ballot": (1.4, 1.1),
    "granted": (1.4, 1.1),
    "refused": (1.4, 1.1),
    "stack": (1.5, 1.15),
    "dot": (1.15, 0.85),
    "plus": (1.25, 0.95),
    "minus": (1.25, 0.95),
    "box": (1.4, 1.1),
}
"""Half the width and height of each shape with its tag, in half message sizes."""


def shape_of(message: Message) -> tuple[Shape, str, int]:
    """A message's shape, the words in it, and its term (0 for a client's)."""
    shape, text = _shape_and_words(message)
    return shape, text, getattr(message, "term", 0)


def _shape_and_words(message: Message) -> tuple[Shape, str]:
    looks: tuple[Shape, str] = ("box", "")  # what is left: a snapshot
    match message:
        case RequestVoteRequest():
            looks = "ballot", "?"
        case RequestVoteResponse(vote_granted=granted):
            looks = ("granted" if granted else "refused"), ""
        case AppendEntriesRequest(entries=entries):
            count = str(len(entries)) if len(entries) < 100 else "99+"
            looks = ("stack", count) if entries else ("dot", "")
        case AppendEntriesResponse(success=success):
            looks = ("plus" if success else "minus"), ""
        case InstallSnapshotResponse():
            looks = "plus", ""
        case ClientRequest(command=command):
            looks = "ask", command.text if len(command.text) <= 6 else command.text[:5] + "…"
        case ClientResponse():
            looks = "done", ""
        case NotLeader(leader_id=leader):
            looks = "hint", f"S{leader}?" if leader else "?"
    return looks


_SHAPED_BY = frozenset({"entries", "vote_granted", "success"})
"""Fields without which nobody can say what a message looks like."""


@lru_cache(maxsize=4096)
def face(
    shape: Shape, text: str, term: int, size: float, *, tags: bool = True, held: bool = False
) -> MessageFace:
    """How a message of this shape looks; without ``tags`` it is its bare shape.

    A held one stands between two bars, tags or not.
    """
    bars = HELD_BARS * size if held else 0.0
    if not tags:
        return MessageFace(shape, "", term, size, size + bars, size, held)
    if shape in _HALF:
        wide, high = (half * size for half in _HALF[shape])
    else:
        wide = text_width(text, 0.95 * size) / 2 + 0.6 * size if text else 0.9 * size
        wide, high = min(wide, 2.3 * size), 0.95 * size
    return MessageFace(shape, text, term, size, wide + bars, high, held)


Course = tuple[float, float, float, float]
"""A way as a function of time: x at time 0 and its gain per µs, y and its gain.

Thousands of places are worked out in every frame: each is to be one product and one sum.
"""

_Laid = tuple[Flight, Way, Course, int]
"""A flight, its way, twice over, and when it ends in µs."""


@value(eq=False)
class Ways:
    """The ways of everything in flight, and of what was lost just before."""

    plan: Layout
    tags: bool
    ways: dict[int, _Laid]
    flying: tuple[Way, ...]
    courses: tuple[Course, ...]
    first_end_us: int
    losses: tuple[tuple[Way, int, float], ...]
    """The way, when it was lost, and at which part of the way."""
    jumps: tuple[tuple[Way, int, float], ...]
    """What somebody delivered at once: its way, when, and from which part of the way."""


def ways(plan: Layout, history: History, branch: Branch, count: int, known: Ways | None) -> Ways:
    """The ways after ``count`` events. What ``known`` has already laid out is taken from there."""
    flights = branch.flights(count)
    tags = len(flights) <= MOST_WITH_TAGS
    old: Mapping[int, _Laid] = {}
    if known is not None and known.plan is plan and known.tags == tags:
        old = known.ways
    laid = {}
    for number, flight in flights.items():
        # A flight's id can stand for another flight in another branch: compare the flight itself.
        kept = old.get(number)
        if kept is None or kept[0] is not flight:
            way = _way(plan, history, branch, flight, tags=tags)
            kept = (flight, way, _course(way), flight.due_us)
        laid[number] = kept
    losses, jumps = [], []
    for record in _latest(branch, count):
        event = record.event
        if isinstance(event, Lost) and event.why != "untold":
            way = _way(plan, history, branch, event.flight, tags=tags)
            part = way.progress + way.rate * (record.time_us - way.since_us)
            losses.append((way, record.time_us, part))
        elif isinstance(event, Acted) and isinstance(event.act, Deliver):
            for flight in record.flights:
                way = _way(plan, history, branch, flight, tags=tags)
                jumps.append((way, record.time_us, flight.progress))
    return Ways(
        plan,
        tags,
        laid,
        tuple([way for _, way, _, _ in laid.values()]),
        tuple([course for _, _, course, _ in laid.values()]),
        min([end for _, _, _, end in laid.values()], default=NEVER),
        tuple(losses),
        tuple(jumps),
    )


def _course(way: Way) -> Course:
    pace = way.rate * way.length
    gone = way.progress * way.length - pace * way.since_us
    return (
        way.line.x1 + way.ux * gone,
        way.ux * pace,
        way.line.y1 + way.uy * gone,
        way.uy * pace,
    )


def _way(plan: Layout, history: History, branch: Branch, flight: Flight, *, tags: bool) -> Way:
    shape, text, term = shape_of(flight.message)
    if flight.unknown & _SHAPED_BY:
        shape, text = "box", "?"
    look = face(shape, text, term, plan.message, tags=tags)
    line, ux, uy, length = _lane(plan, flight, look)
    held = isinstance(flight, Held)
    if held:  # on the lane of one that moves: to be held is not to jump
        look = face(shape, text, term, plan.message, tags=tags, held=True)
    since = flight.since_us if flight.since_us >= 0 else flight.sent_us
    span = flight.arrives_us - since
    squeeze = _squeeze(plan, history, branch, flight)
    return Way(
        flight.id,
        flight.source,
        flight.target,
        look,
        line,
        ux,
        uy,
        length,
        since,
        squeeze * (flight.progress if span > 0 else 1.0),
        squeeze * (1.0 - flight.progress) / span if span > 0 and not held else 0.0,
    )


def _lane(plan: Layout, flight: Flight, look: MessageFace) -> tuple[Line, float, float, float]:
    """A message's way, on the right of its link, from where it clears one sign to the other."""
    line = rim_to_rim(plan, flight.source, flight.target, plan.lane)
    dx, dy = line.x2 - line.x1, line.y2 - line.y1
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / length, dy / length
    clear = min(abs(ux) * look.half_w + abs(uy) * look.half_h, 0.42 * length)
    sx, sy = ux * clear, uy * clear
    return Line(line.x1 + sx, line.y1 + sy, line.x2 - sx, line.y2 - sy), ux, uy, length - 2 * clear


def _squeeze(plan: Layout, history: History, branch: Branch, flight: Flight) -> float:
    """What to scale a way by so that a message for a cut link ends where the cut is drawn.

    The network loses such a message half-way; the wall may stand elsewhere on the link. A message
    that was on its way before the wall stood keeps its pace: it must not jump.
    """
    if isinstance(flight, Held):
        flight = flight.caught  # it stands where it was caught
    if flight.lost_us is None or flight.lost_why != "cut":
        return 1.0
    network = history.part_at(branch, NETWORK, flight.cause)
    assert isinstance(network, Network)
    end = flight.position(flight.lost_us)
    if end <= 0 or not network.groups or not network.is_cut(flight.source, flight.target):
        return 1.0
    return cut_part(plan, network, flight.source, flight.target) / end


def _latest(branch: Branch, count: int) -> Iterable[Record]:
    """What happened a short while before the newest of ``count`` events, newest first."""
    since = branch.time_at(count) - FALL_US
    for number in range(count - 1, max(-1, count - 1 - _MOST_RECORDS), -1):
        record = branch[number]
        if record.time_us <= since:
            return
        yield record


def message_signs(laid: Ways, time_us: float, *, reduced_motion: bool) -> Messages:
    """Every message at its place at ``time_us``. This runs for each message in each frame."""
    tail = TAIL * laid.plan.message if laid.tags and not reduced_motion else 0.0
    if reduced_motion or time_us > laid.first_end_us:
        return Messages(laid.flying, *_places(laid, time_us, _STEPS if reduced_motion else 0), tail)
    return Messages(
        laid.flying,
        [x + gain * time_us for x, gain, _, _ in laid.courses],
        [y + gain * time_us for _, _, y, gain in laid.courses],
        tail,
    )


def _places(laid: Ways, time_us: float, steps: int) -> tuple[list[float], list[float]]:
    """Places that do not go beyond the ends of the ways; with ``steps``, only so many of each way."""
    xs, ys = [], []
    for way in laid.flying:
        part = min(max(way.progress + way.rate * (time_us - way.since_us), 0.0), 1.0)
        if steps:
            part = (min(int(part * steps), steps - 1) + 0.5) / steps
        xs.append(way.line.x1 + way.ux * part * way.length)
        ys.append(way.line.y1 + way.uy * part * way.length)
    return xs, ys


def lost_signs(laid: Ways, time_us: float, *, reduced_motion: bool) -> tuple[LostSign, ...]:
    """What was lost a short while before ``time_us``, falling off its link towards the middle."""
    return tuple(
        _fallen(laid.plan, way, part, (time_us - lost_us) / FALL_US, reduced_motion=reduced_motion)
        for way, lost_us, part in laid.losses
        if 0 <= time_us - lost_us < FALL_US
    )


def jump_signs(laid: Ways, time_us: float) -> tuple[JumpSign, ...]:
    """What somebody delivered at once a short while before ``time_us``: from where to where."""
    signs = []
    for way, jumped_us, part in laid.jumps:
        left = 1.0 - (time_us - jumped_us) / FALL_US
        if 0.0 < left <= 1.0:
            signs.append(JumpSign(way, *way.line.at(part), way.line.x2, way.line.y2, left))
    return tuple(signs)


def _fallen(plan: Layout, way: Way, part: float, age: float, *, reduced_motion: bool) -> LostSign:
    x, y = way.line.at(min(1.0, part))
    if reduced_motion:
        return LostSign(way, x, y, x, y, 1.0)
    # Square to its link, and inwards: outside stand words. If both are inwards, down.
    side = (plan.ring.x - x) * -way.uy + (plan.ring.y - y) * way.ux
    turn = side if abs(side) > 0.12 * plan.ring.b else way.ux
    depth = (2.6 if turn > 0 else -2.6) * plan.message * age * age
    return LostSign(way, x, y, x - way.uy * depth, y + way.ux * depth, 1.0 - age * age)
