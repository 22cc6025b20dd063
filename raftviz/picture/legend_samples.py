"""Small pictures of single signs, made of the very primitives that the large ones are made of."""

from functools import cache

import attrs
import numpy as np

from raftviz.picture import flying
from raftviz.picture.geometry import Box, Line
from raftviz.picture.logs import LogRow, LogsTable
from raftviz.picture.primitives import (
    ClientSign,
    ClusterPicture,
    CutMark,
    JumpSign,
    Label,
    LinkLine,
    LostSign,
    Messages,
    Pip,
    PipState,
    Ring,
    RoleName,
    RulesMark,
    ServerFace,
    ServerSign,
    Shape,
    Way,
)
from raftviz.picture.timeline import Arrows, Band, Fork, Mark, TimelinePicture, timeline_picture
from raftviz.picture.timeline_codes import Fate, Kind, RoleCode, StatusCode
from raftviz.picture.timeline_index import TimelineIndex
from raftviz.picture.timeline_scale import Lanes, TimeScale
from raftviz.raft.log import Log
from raftviz.sim.host import Status
from raftviz.sim.settings import Settings
from raftviz.sim.world import begin

WIDTH, HEIGHT = 116.0, 52.0
"""Of every sample, in logical pixels."""

_X, _Y = WIDTH / 2, HEIGHT / 2
_RADIUS, _SIZE = 19.0, 11.0

Sample = ClusterPicture | LogsTable | TimelinePicture

_FAR = ServerSign(ServerFace(1, "S1", 1, "1", "follower", Status.UP, _RADIUS), x=-4 * _RADIUS, y=_Y)
"""A server out of sight: marks on links are as large as servers are."""

_EMPTY = ClusterPicture(
    width=WIDTH,
    height=HEIGHT,
    ring=Ring(_X, _Y, 1.0, 1.0, 0.0),
    links=(),
    walls=(),
    messages=Messages((), [], [], 0.0),
    lost=(),
    servers=(_FAR,),
    clients=(),
    pips=(),
    labels=(),
)


# Cluster


def server(
    role: RoleName = "follower",
    status: Status = Status.UP,
    *,
    term: int = 2,
    timer: float | None = None,
    unwritten: bool = False,
    broken: str = "",
    selected: bool = False,
    highlighted: bool = False,
) -> ClusterPicture:
    """One server."""
    # The light behind one that is pointed at reaches far.
    radius = 0.55 * _RADIUS if highlighted else _RADIUS
    face = ServerFace(3, "S3", term, str(term), role, status, radius, unwritten, broken)
    sign = ServerSign(face, _X, _Y, timer, selected, highlighted)
    return attrs.evolve(_EMPTY, servers=(sign,))


def terms(*numbers: int) -> ClusterPicture:
    """Servers in different terms, side by side."""
    signs = []
    for at, term in enumerate(numbers):
        face = ServerFace(at + 1, f"S{at + 1}", term, str(term), "follower", Status.UP, 15.0)
        x = WIDTH * (at + 0.5) / len(numbers)
        signs.append(ServerSign(face, x, _Y))
    return attrs.evolve(_EMPTY, servers=tuple(signs))


def pips(*states: PipState) -> ClusterPicture:
    """Votes in a row."""
    made = [
        Pip(1, voter, state, 3, _X + 22.0 * (voter - len(states) / 2 + 0.5), _Y, 8.5)
        for voter, state in enumerate(states)
    ]
    return attrs.evolve(_EMPTY, pips=tuple(made))


_TEXTS: dict[Shape, str] = {"ballot": "?", "stack": "3", "ask": "x=1", "hint": "S2?"}


def message(shape: Shape, *, held: bool = False, tail: float = 0.0) -> ClusterPicture:
    """One message, in term 2 if it has one."""
    way = _way(shape, held=held)
    return attrs.evolve(_EMPTY, messages=Messages((way,), [_X], [_Y], tail))


def lost() -> ClusterPicture:
    """A message that has begun to fall from where it was lost."""
    way = _way("dot")
    return attrs.evolve(
        _EMPTY,
        links=(_link(),),
        lost=(LostSign(way, _X, 18.0, _X, 38.0, 0.85),),
    )


def jump() -> ClusterPicture:
    """A message that was delivered at once."""
    return attrs.evolve(_EMPTY, jumps=(JumpSign(_way("stack"), 24.0, _Y, WIDTH - 14.0, _Y, 1.0),))


def cut(*, both: bool) -> ClusterPicture:
    """A link that is cut, both ways or one way."""
    mark = CutMark(_X, _Y, 1.0, 0.0, both)
    line = Line(6.0, _Y, WIDTH - 6.0, _Y)
    pieces = (Line(6.0, _Y, _X - 10, _Y), Line(_X + 10, _Y, WIDTH - 6.0, _Y))
    link = LinkLine(1, 2, line, pieces if both else (line,), mark)
    return attrs.evolve(_EMPTY, links=(link,))


def wall() -> ClusterPicture:
    """The line that parts the cluster."""
    return attrs.evolve(cut(both=True), walls=(Line(_X - 14, 3.0, _X + 14, HEIGHT - 3.0),))


def rules_mark() -> ClusterPicture:
    """The mark while a rule is broken on purpose."""
    box = Box(4.0, _Y - 11.0, WIDTH - 8.0, 22.0)
    return attrs.evolve(_EMPTY, rules=RulesMark("Broken rule", box, 11.0))


def client(*, waiting: bool = False) -> ClusterPicture:
    """A client, with its link to the server it asked if it waits for an answer."""
    sign = ClientSign(-1, "C1", 30.0 if waiting else _X, _Y, 12.0, waiting)
    links = (LinkLine(-1, 1, Line(44.0, _Y, WIDTH - 6.0, _Y), (), None),) if waiting else ()
    return attrs.evolve(_EMPTY, clients=(sign,), links=links)


def words(text: str, *, broken: bool = False) -> ClusterPicture:
    """Words as they stand beside a server."""
    box = Box(0.0, _Y - 8.0, WIDTH, 16.0)
    label = Label(text, box, 12.0, bold=True, tone="broken" if broken else "text")
    return attrs.evolve(_EMPTY, labels=(label,))


def _link() -> LinkLine:
    line = Line(6.0, 18.0, WIDTH - 6.0, 18.0)
    return LinkLine(1, 2, line, (line,))


def _way(shape: Shape, *, held: bool = False) -> Way:
    clients = shape in ("ask", "done", "hint")
    face = flying.face(shape, _TEXTS.get(shape, ""), 0 if clients else 2, _SIZE, held=held)
    return Way(1, 1, 2, face, Line(0.0, _Y, WIDTH, _Y), 1.0, 0.0, WIDTH, 0, 0.5, 0.0)


# Logs


def log(
    *entries: int,
    commit: int = 0,
    applied: int | None = None,
    durable: int | None = None,
    snapshot: int = 0,
    next_index: int | None = None,
    match_index: int | None = None,
    gone: int = 0,
    leads: tuple[int, ...] | None = None,
    status: Status = Status.UP,
) -> LogsTable:
    """A row of entries of these terms. ``gone``: so many more were just taken away at its end."""
    held = Log.of_terms(*entries)
    before = Log.of_terms(*entries, *[1] * gone)
    if snapshot:
        held = before = held.compact(snapshot)
    on_disk = held if durable is None else held.truncate_from(durable + 1)
    row = LogRow(
        server=2,
        status=status,
        term=2,
        leads=False,
        log=held,
        durable=on_disk,
        commit_index=commit,
        last_applied=commit if applied is None else applied,
        next_index=next_index,
        match_index=match_index,
        gone=before if gone else None,
        gone_after=held.last_index,
        leads_with=Log.of_terms(*leads) if leads is not None else None,
    )
    return LogsTable((row,), 1, 0, 0, len(entries) + gone)


def commit_line() -> LogsTable:
    """Two entries with the line of the commit index between them."""
    return attrs.evolve(log(2, 2, commit=1), commit_index=1, commit_server=1)


# Timeline

LANES = Lanes(1, 4.0, HEIGHT - 8.0, 6.0)
_PAIR = Lanes(2, 2.0, HEIGHT - 4.0, 4.0)


@cache
def _quiet() -> TimelinePicture:
    """A timeline on which nothing happens."""
    history = begin(Settings(servers=1))
    index = TimelineIndex(history, history.root)
    scale = TimeScale(0.0, 1_000.0, WIDTH)
    picture = timeline_picture(index, scale, LANES, round(scale.end_us) + 1_000)
    return attrs.evolve(picture, bands=(), ticks=(), head_x=WIDTH + 1)


def band(role: RoleCode, status: StatusCode = StatusCode.UP) -> TimelinePicture:
    """A piece of a server's life."""
    piece = Band(1, 4.0, WIDTH - 4.0, 2, role, status, 0, 0, goes_on=False)
    return attrs.evolve(_quiet(), bands=(piece,))


def arrow(kind: Kind, fate: Fate = Fate.ARRIVED, *, held: bool = False) -> TimelinePicture:
    """A message from one lane to the other."""
    top, bottom = _PAIR.y(1), _PAIR.y(2)
    part = 0.6 if fate is Fate.LOST else 1.0
    fate = Fate.FLYING if held else fate
    y1 = top if held else top + part * (bottom - top)
    columns = ([0], [28.0], [top], [28.0 + part * 60.0], [y1], [kind], [2], [fate], [int(held)])
    pieces = tuple(
        Band(lane, 4.0, WIDTH - 4.0, 2, RoleCode.FOLLOWER, StatusCode.UP, 0, 0, goes_on=True)
        for lane in (1, 2)
    )
    return attrs.evolve(
        _quiet(),
        lanes=_PAIR,
        legs=1,
        arrows=Arrows(*(np.array(column) for column in columns)),
        bands=pieces,
    )


def act() -> TimelinePicture:
    """Something that somebody did. Its event is number 0; see ``legend.ACT_WORDS``."""
    return attrs.evolve(band(RoleCode.FOLLOWER), marks=(Mark(WIDTH / 2, 1, 0),))


def stopped() -> TimelinePicture:
    """A server that somebody stopped; the event is number 1."""
    return attrs.evolve(band(RoleCode.FOLLOWER), marks=(Mark(WIDTH / 2, 1, 1),))


def fork(*, own: bool) -> TimelinePicture:
    """Where lines part."""
    return attrs.evolve(band(RoleCode.FOLLOWER), forks=(Fork(WIDTH / 2, "what if", own, 1),))
