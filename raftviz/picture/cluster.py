"""The picture of the cluster, as a function of a moment and an instant.

Animation is evaluating it again at the next instant: nothing here moves by itself. What does not
depend on the instant (everything but timers and messages' places) is worked out once for each
position in the history and remembered.
"""

from collections.abc import Mapping
from functools import lru_cache

import attrs

from raftviz.picture import flying, parting, ring, wording
from raftviz.picture.geometry import Line
from raftviz.picture.places import Layout
from raftviz.picture.primitives import (
    ClientSign,
    ClusterPicture,
    Label,
    LinkLine,
    Picked,
    PickedClient,
    PickedServer,
    Pip,
    RoleName,
    RulesMark,
    ServerFace,
    ServerSign,
    server_of,
)
from raftviz.picture.rules_mark import mark
from raftviz.picture.votes import Votes
from raftviz.raft.names import name
from raftviz.raft.server import Candidate, Leader
from raftviz.raft.values import value
from raftviz.sim.client import Client
from raftviz.sim.history import Branch, History, Moment, State
from raftviz.sim.host import Host, Status
from raftviz.sim.units import NEVER

_TIMER_STEPS = 12
"""With reduced motion a timer's arc shrinks in so many steps."""

Broken = Mapping[int, str]
"""The servers that break a property, and the property's name in words."""

_NOTHING: Broken = {}


def cluster_picture(
    moment: Moment,
    time_us: float,
    size: tuple[float, float],
    *,
    selected: Picked | None = None,
    highlighted: frozenset[Picked] = frozenset(),
    broken: Broken = _NOTHING,
    reduced_motion: bool = False,
    text_scale: float = 1.0,
) -> ClusterPicture:
    """The cluster at ``time_us``, in a widget of ``size`` (width and height in logical pixels).

    ``time_us`` lies where the moment lies: not before its last event, and before the next one.
    ``broken`` marks servers in red with a property's name; ``text_scale`` enlarges the words.
    """
    alarm = tuple(sorted(broken.items())) if broken else ()
    still = _still(moment.history, moment.branch, moment.count, size, text_scale, alarm)
    return ClusterPicture(
        still.plan.width,
        still.plan.height,
        still.plan.ring,
        still.links,
        still.walls,
        flying.message_signs(still.ways, time_us, reduced_motion=reduced_motion),
        flying.lost_signs(still.ways, time_us, reduced_motion=reduced_motion),
        _servers(still, time_us, selected, highlighted, reduced_motion=reduced_motion),
        _marked(still.clients, selected, highlighted),
        still.pips,
        still.labels,
        still.ways.tags,
        selected,
        highlighted,
        flying.jump_signs(still.ways, time_us),
        still.rules,
    )


@value(eq=False)
class _Still:
    """All of a picture that stays the same between two events."""

    plan: Layout
    links: tuple[LinkLine, ...]
    walls: tuple[Line, ...]
    servers: tuple[tuple[Host, ServerFace, float, float], ...]
    clients: tuple[ClientSign, ...]
    pips: tuple[Pip, ...]
    labels: tuple[Label, ...]
    ways: flying.Ways
    rules: RulesMark | None


_latest_ways: dict[str, flying.Ways] = {}
"""The ways laid out last: most messages of one event are still in flight at the next.

A memo and no state: with it or without it the picture is the same.
"""


@lru_cache(maxsize=6)
def _still(
    history: History,
    branch: Branch,
    count: int,
    size: tuple[float, float],
    text_scale: float,
    alarm: tuple[tuple[int, str], ...],
) -> _Still:
    state = history.state_at(branch, count)
    plan = ring.layout(size, tuple(state.hosts), tuple(state.clients), text_scale)
    broken = dict(alarm)
    laid = flying.ways(plan, history, branch, count, _latest_ways.get("latest"))
    _latest_ways["latest"] = laid
    return _Still(
        plan,
        (*parting.links(plan, state.network), *_client_links(plan, state)),
        parting.walls(plan, state.network.groups),
        tuple([_placed(host, plan, broken.get(host.id, "")) for host in state.hosts.values()]),
        tuple(_client(plan, client) for client in state.clients.values()),
        *_words(plan, state, broken),
        laid,
        mark(plan, state.network.variants),
    )


def _words(plan: Layout, state: State, broken: Broken) -> tuple[tuple[Pip, ...], tuple[Label, ...]]:
    if plan.crowded:
        return (), ()
    labels = tuple(wording.labels(plan, state.hosts, state.clients, broken))
    if not any(isinstance(host.server.role, Candidate) for host in state.hosts.values()):
        return (), labels
    return tuple(wording.pips(plan, state.hosts, Votes.of(state), broken)), labels


def _client_links(plan: Layout, state: State) -> tuple[LinkLine, ...]:
    """A client has a link only while it waits for an answer, to the server it asked."""
    asking = [client for client in state.clients.values() if client.operation is not None]
    return tuple(_client_link(plan, client) for client in asking)


def _client_link(plan: Layout, client: Client) -> LinkLine:
    assert client.operation is not None
    line = parting.rim_to_rim(plan, client.id, client.operation.asked)
    return LinkLine(client.id, client.operation.asked, line, (line,))


def _placed(host: Host, plan: Layout, broken: str) -> tuple[Host, ServerFace, float, float]:
    spot = plan.servers[host.id]
    return host, _face(host, plan, broken), spot.x, spot.y


def _face(host: Host, plan: Layout, broken: str) -> ServerFace:
    crashed = host.status is Status.CRASHED
    on_disk = crashed and "durable" not in host.unknown
    term = host.disk.durable.current_term if on_disk else host.server.current_term
    number = "?" if "current_term" in host.unknown and not on_disk else str(term)
    return ServerFace(
        host.id,
        name(host.id),
        term,
        number if plan.crowded else f"term {number}",
        "follower" if crashed else _role(host),
        host.status,
        plan.radius,
        bool(host.disk.writes),
        broken,
    )


def _role(host: Host) -> RoleName:
    role = host.server.role
    if isinstance(role, Leader):
        return "leader"
    return "candidate" if isinstance(role, Candidate) else "follower"


def _servers(
    still: _Still,
    time_us: float,
    selected: Picked | None,
    highlighted: frozenset[Picked],
    *,
    reduced_motion: bool,
) -> tuple[ServerSign, ...]:
    chosen = server_of(selected)
    lit = {picked.id for picked in highlighted if isinstance(picked, PickedServer)}
    return tuple(
        [
            ServerSign(
                face, x, y, _timer(host, time_us, reduced_motion=reduced_motion),
                face.id == chosen, face.id in lit,
            )
            for host, face, x, y in still.servers
        ]
    )  # fmt: skip


def _timer(host: Host, time_us: float, *, reduced_motion: bool) -> float | None:
    """What is left of a running timer, 1 … 0. A server that is down or paused has none."""
    if not host.is_up or host.timer_us >= NEVER:
        return None
    span = host.timer_us - host.timer_from_us
    left = max(0.0, min(1.0, (host.timer_us - time_us) / span)) if span > 0 else 0.0
    return round(left * _TIMER_STEPS) / _TIMER_STEPS if reduced_motion else left


def _client(plan: Layout, client: Client) -> ClientSign:
    spot = plan.clients[client.id]
    waiting = client.operation is not None
    return ClientSign(client.id, name(client.id), spot.x, spot.y, 0.8 * plan.client, waiting)


def _marked(
    clients: tuple[ClientSign, ...], selected: Picked | None, highlighted: frozenset[Picked]
) -> tuple[ClientSign, ...]:
    if not highlighted and not isinstance(selected, PickedClient):
        return clients
    return tuple(
        attrs.evolve(client, selected=picked == selected, highlighted=picked in highlighted)
        for client in clients
        for picked in (PickedClient(client.id),)
    )
