"""What a picture of the cluster is made of: frozen signs with stable ids, and no Qt.

Lengths are in logical pixels, y grows downwards. A sign's id (a server's number, a flight's id)
stays the same from frame to frame, so that a view can recognise what it has drawn before.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, overload

from raftviz.picture.geometry import Box, Line
from raftviz.raft.names import Address
from raftviz.raft.values import value
from raftviz.sim.host import Status

RoleName = Literal["follower", "candidate", "leader"]
Tone = Literal["text", "muted", "broken"]
"""What a label's colour means; the theme says which colour it is."""


# What can be pointed at


@value
class PickedServer:
    """A server, by its number."""

    id: int


@value
class PickedMessage:
    """A message in flight, or one just lost, by the id of its flight."""

    flight_id: int


@value
class PickedClient:
    """A client, by its address (negative)."""

    id: Address


@value
class PickedLink:
    """A link between two servers, the lower number first."""

    source: int
    target: int


@value
class PickedEntry:
    """The entry with this index and term in a server's log."""

    server: int
    index: int
    term: int


@value
class PickedVote:
    """One voter's vote for a candidate in a term, given or not."""

    candidate: int
    voter: int
    term: int


@value
class PickedEvent:
    """An event of the branch that is looked at, by its number."""

    number: int


@value
class PickedBreach:
    """A property that was broken: its place among all that were, in the order of their finding."""

    place: int


@value
class PickedField:
    """A field of a server or a client, as the inspector names it."""

    owner: Address
    field: str


Picked = PickedServer | PickedMessage | PickedClient | PickedLink | PickedEntry | PickedVote
"""What can be selected."""

Subject = Picked | PickedEvent | PickedBreach | PickedField
"""What one can ask the reasons of."""


def server_of(picked: Picked | None) -> int | None:
    """The server that is picked, by itself or with something of its own; None if none is."""
    match picked:
        case PickedServer(id=server) | PickedEntry(server=server) | PickedVote(candidate=server):
            return server
    return None


@value
class Ring:
    """The band that the servers stand on: an ellipse with its half axes, ``band`` wide."""

    x: float
    y: float
    a: float
    b: float
    band: float


# Signs


@value
class Label:
    """Words in a box. ``align`` is -1 for left, 0 for the middle, 1 for right."""

    text: str
    box: Box
    size: float
    bold: bool = False
    align: int = 0
    tone: Tone = "text"
    of: Picked | None = None


PipState = Literal["granted", "refused", "coming", "cannot"]
"""A vote: given, refused, on its way, or it cannot come (crashed, cut off, or lost)."""


@value
class Pip:
    """One voter's vote beside a candidate."""

    candidate: int
    voter: int
    state: PipState
    term: int
    x: float
    y: float
    radius: float


@value
class ServerFace:
    """All that a server's sign shows and that stays the same until the next event.

    ``term`` is what its disk holds while it is crashed. ``unwritten``: a crash now would take
    away something that it still writes. ``broken`` names the property it breaks, or is empty.
    """

    id: int
    name: str
    term: int
    term_words: str
    role: RoleName
    status: Status
    radius: float
    unwritten: bool = False
    broken: str = ""


@value
class ServerSign:
    """A server at its place. ``timer`` is what is left of its timer (1 … 0), None if none runs."""

    face: ServerFace
    x: float
    y: float
    timer: float | None = None
    selected: bool = False
    highlighted: bool = False

    @property
    def id(self) -> int:
        """The server's number."""
        return self.face.id

    @property
    def radius(self) -> float:
        """Of its outline; the timer's arc runs outside."""
        return self.face.radius

    @property
    def words_box(self) -> Box:
        """Where its name and term stand, inside its outline."""
        return Box(self.x - 0.56 * self.radius, self.y - 0.42 * self.radius, *_words(self.radius))


def _words(radius: float) -> tuple[float, float]:
    return 1.12 * radius, 0.94 * radius


@value
class ClientSign:
    """A client at its place; ``half`` is half the side of its rounded square."""

    id: Address
    name: str
    x: float
    y: float
    half: float
    waiting: bool = False
    selected: bool = False
    highlighted: bool = False


Shape = Literal[
    "ballot", "granted", "refused", "stack", "dot", "plus", "minus", "box", "ask", "done", "hint"
]
"""A message's type. The last three are between clients and servers: request, answer, "ask S2"."""


@value
class MessageFace:
    """How a message looks, wherever it is. ``half_w`` and ``half_h`` reach to its box's edges.

    ``held``: it stands still between two bars, until somebody lets it go.
    """

    shape: Shape
    text: str
    term: int
    size: float
    half_w: float
    half_h: float
    held: bool = False


@value
class Way:
    """The way of one flight over the picture, from rim to rim, and when it is where.

    It is at ``progress`` (0 … 1) at ``since_us`` and covers ``rate`` of the way per µs. (``ux``,
    ``uy``) is the way's direction and ``length`` its length.
    """

    flight_id: int
    source: Address
    target: Address
    face: MessageFace
    line: Line
    ux: float
    uy: float
    length: float
    since_us: int
    progress: float
    rate: float


class MessageSign(NamedTuple):
    """A message at its place; ``tail`` is how long a tail it draws behind itself."""

    way: Way
    x: float
    y: float
    tail: float

    @property
    def id(self) -> int:
        """The flight's id."""
        return self.way.flight_id

    @property
    def box(self) -> Box:
        """The rectangle that it covers."""
        face = self.way.face
        x, y = self.x - face.half_w, self.y - face.half_h
        return Box(x, y, 2 * face.half_w, 2 * face.half_h)


@value
class Messages(Sequence[MessageSign]):
    """The signs of all messages in flight, as columns: ``xs[i]`` and ``ys[i]`` belong to ``ways[i]``.

    ``tail`` is how long a tail each draws behind itself, 0 for none; one that is held draws none.

    A sign is made when it is asked for. Thousands made anew in every frame would keep Python's
    garbage collector so busy that frames stumble.
    """

    ways: Sequence[Way]
    xs: list[float]
    ys: list[float]
    tail: float

    def __len__(self) -> int:
        return len(self.xs)

    @overload
    def __getitem__(self, index: int) -> MessageSign: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[MessageSign]: ...
    def __getitem__(self, index: int | slice) -> MessageSign | Sequence[MessageSign]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        way = self.ways[index]
        tail = 0.0 if way.face.held else self.tail
        return MessageSign(way, self.xs[index], self.ys[index], tail)


class LostSign(NamedTuple):
    """A message that was lost at (``cross_x``, ``cross_y``) and has fallen to (``x``, ``y``).

    ``left`` says how much of it is still to be seen, from 1 to 0.
    """

    way: Way
    cross_x: float
    cross_y: float
    x: float
    y: float
    left: float

    @property
    def id(self) -> int:
        """The flight's id."""
        return self.way.flight_id

    @property
    def box(self) -> Box:
        """The rectangle that it covers, its cross included."""
        face = self.way.face
        x, y = min(self.x, self.cross_x) - face.half_w, min(self.y, self.cross_y) - face.half_h
        wide, high = abs(self.x - self.cross_x), abs(self.y - self.cross_y)
        return Box(x, y, wide + 2 * face.half_w, high + 2 * face.half_h)


class JumpSign(NamedTuple):
    """A message that somebody delivered at once: from (x, y), where it was, to (end_x, end_y).

    ``left`` says how much of the sign is still to be seen, from 1 to 0.
    """

    way: Way
    x: float
    y: float
    end_x: float
    end_y: float
    left: float


@value
class CutMark:
    """Where a link is cut. (``ux``, ``uy``) points the way that is cut, or either way if both."""

    x: float
    y: float
    ux: float
    uy: float
    both: bool


@value
class LinkLine:
    """A link from rim to rim, the lower number first. ``pieces`` are what cuts leave of it."""

    source: Address
    target: Address
    line: Line
    pieces: tuple[Line, ...]
    cut: CutMark | None = None


@value
class RulesMark:
    """Rules are broken on purpose: the words of the mark in its ``box``, and their size."""

    words: str
    box: Box
    size: float


@value
class ClusterPicture:
    """The whole picture at one instant, in the order in which it is painted.

    ``tags``: whether messages show their term's number and a tail; too many messages do not.
    """

    width: float
    height: float
    ring: Ring
    links: tuple[LinkLine, ...]
    walls: tuple[Line, ...]
    messages: Messages
    lost: tuple[LostSign, ...]
    servers: tuple[ServerSign, ...]
    clients: tuple[ClientSign, ...]
    pips: tuple[Pip, ...]
    labels: tuple[Label, ...]
    tags: bool = True
    selected: Picked | None = None
    highlighted: frozenset[Picked] = frozenset()
    jumps: tuple[JumpSign, ...] = ()
    rules: RulesMark | None = None

    def server(self, number: int) -> ServerSign:
        """The sign of one server. Raises StopIteration when there is no such server."""
        return next(sign for sign in self.servers if sign.id == number)

    def message(self, flight_id: int) -> MessageSign | LostSign | None:
        """The sign of one flight, in flight or falling."""
        every: Iterator[MessageSign | LostSign] = iter((*self.messages, *self.lost))
        return next((sign for sign in every if sign.id == flight_id), None)
