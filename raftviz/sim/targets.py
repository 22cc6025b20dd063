"""Whom an act means: servers by number or role, messages in flight; and when it means nobody."""

from collections.abc import Mapping
from typing import Protocol

import attrs

from raftviz.raft.messages import AppendEntriesRequest, Message, message_name
from raftviz.raft.names import Address, name
from raftviz.raft.server import Candidate, Follower, Leader
from raftviz.sim import acts
from raftviz.sim.host import Host
from raftviz.sim.network import Flight, Held


class Scene(Protocol):
    """What acts are about: a world, or its state at some moment."""

    @property
    def hosts(self) -> Mapping[int, Host]:
        """The servers' hosts by number."""

    @property
    def flights(self) -> Mapping[int, Flight]:
        """The messages in flight by id."""


class ActError(ValueError):
    """An act on something that does not exist; the message says what."""


class InVain(Exception):  # noqa: N818 - it is no error
    """The act has no effect; the message says why."""


def leader_of(hosts: Mapping[int, Host]) -> Host | None:
    """Who leads: of the servers that run and think so, the one in the highest term."""
    leaders = [h for h in hosts.values() if h.is_up and isinstance(h.server.role, Leader)]
    return max(leaders, key=lambda host: host.server.current_term, default=None)


def check_servers(act: acts.Act, servers: int) -> None:
    """Raise ActError if the act names what there is not: such a server in a cluster of this size.

    Or such a variant at all.
    """
    if isinstance(act, acts.OnRules):
        _check_variant(act.variant)
    for target in acts.targets_of(act):
        of_message = isinstance(act, acts.OnMessage)
        if not of_message or (target != "*" and not _is_client(target)):
            _check(target, servers)


def _check_variant(variant: str) -> None:
    from raftviz.raft.variants import VARIANTS  # noqa: PLC0415 - for who breaks a rule

    if variant not in VARIANTS:
        raise ActError(f"there is no variant “{variant}”")


def _check(target: acts.Target, servers: int) -> None:
    if isinstance(target, int):
        if not 1 <= target <= servers:
            raise ActError(f"there is no server {name(target)}: the cluster has S1 to S{servers}")
    elif target not in acts.ROLES:
        raise ActError(f"no server is called “{target}”")


def _is_client(end: acts.Target) -> bool:
    return isinstance(end, int) and end < 0


def resolve(scene: Scene, target: acts.Target) -> int:
    """The number of the server that ``target`` means right now."""
    _check(target, len(scene.hosts))
    if isinstance(target, int):
        return target
    if target == "leader":
        leader = leader_of(scene.hosts)
        if leader is None:
            raise InVain("nobody leads right now")
        return leader.id
    role = {"follower": Follower, "candidate": Candidate}[target]
    for host in scene.hosts.values():
        if host.is_up and isinstance(host.server.role, role):
            return host.id
    raise InVain(f"no server is a {target} right now")


def find_flight(scene: Scene, act: acts.OnMessage) -> Flight:
    """The message in flight that is meant. Raises InVain when there is none."""
    choice = act.choice
    if choice.id is not None:
        if choice.id not in scene.flights:
            raise InVain("the message is not in flight any more")
        return scene.flights[choice.id]
    found = _described(scene, act)
    if len(found) < choice.nth:
        source, target = (
            "anyone" if end is None else name(end)
            for end in (_end_of_link(scene, choice.source), _end_of_link(scene, choice.target))
        )
        raise InVain(f"no such {choice.kind} from {source} to {target} is {_state_for(act)}")
    return found[choice.nth - 1]


def named(scene: Scene, act: acts.OnMessage) -> acts.OnMessage:
    """The act as the history keeps it: words that mean the same flight at this position, and its id.

    A click names a flight by its id, which no text can say: it is given the words for it. A choice
    in words keeps them and is given the id. A flight that is over, or cannot be meant by this act,
    gets words that mean none. Raises InVain when words mean none.
    """
    choice = act.choice
    if choice.id is None:
        return _with(act, attrs.evolve(choice, id=find_flight(scene, act).id))
    flight = scene.flights.get(choice.id)
    act = _with(act, attrs.evolve(choice, nth=1, id=None) if flight is None else choice_of(flight))
    try:
        alike = _described(scene, act)
    except InVain:  # a role that nobody has: these words mean no flight anyway
        return act
    if flight in alike:
        return _with(act, attrs.evolve(act.choice, nth=alike.index(flight) + 1))
    return _with(act, attrs.evolve(act.choice, nth=len(alike) + 1, id=None))


def held_flights(scene: Scene) -> list[Held]:
    """The messages that somebody holds, oldest first."""
    return [flight for _, flight in sorted(scene.flights.items()) if isinstance(flight, Held)]


def said(scene: Scene, act: acts.Act) -> acts.Act:
    """The act in words that mean the same; as it is if it will be in vain."""
    try:
        return named(scene, act) if isinstance(act, acts.OnMessage) else act
    except InVain:
        return act


def choice_of(flight: Flight) -> acts.Choice:
    """The choice of this very flight, as a click makes it."""
    return acts.Choice(message_name(flight.message), flight.source, flight.target, id=flight.id)


def _with(act: acts.OnMessage, choice: acts.Choice) -> acts.OnMessage:
    return attrs.evolve(act, choice=choice)


def _described(scene: Scene, act: acts.OnMessage) -> list[Flight]:
    """All flights that the act can mean of this kind on this link, oldest first."""
    choice = act.choice
    source, target = (_end_of_link(scene, end) for end in (choice.source, choice.target))
    return [
        flight
        for flight in sorted(scene.flights.values(), key=lambda f: (f.sent_us, f.id))
        if is_of_kind(flight.message, choice.kind)
        and source in (None, flight.source)
        and target in (None, flight.target)
        and _can_be_meant(act, flight)
    ]


def _can_be_meant(act: acts.OnMessage, flight: Flight) -> bool:
    if isinstance(act, acts.Hold | acts.Release):
        return isinstance(flight, Held) is isinstance(act, acts.Release)
    return True


def _state_for(act: acts.OnMessage) -> str:
    """What a message must be for this act to mean it."""
    if isinstance(act, acts.Hold):
        return "on its way"
    return "held" if isinstance(act, acts.Release) else "in flight"


def _end_of_link(scene: Scene, end: acts.Target) -> Address | None:
    """Whose messages are meant; None for anybody's. Clients have messages in flight too."""
    if end == "*":
        return None
    return int(end) if _is_client(end) else resolve(scene, end)


def is_of_kind(message: Message, kind: str) -> bool:
    """Whether a message is what an act or a condition calls it."""
    if kind == "message":
        return True
    if kind == "Heartbeat":
        return isinstance(message, AppendEntriesRequest) and not message.entries
    return message_name(message) == kind
