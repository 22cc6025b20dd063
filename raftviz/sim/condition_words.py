"""What a condition can speak of: names of things, fields of servers, functions; with their meanings."""

from collections.abc import Callable, Iterator, Mapping

from raftviz.raft.server import Candidate, Follower, Leader, role_name
from raftviz.raft.values import value
from raftviz.raft.variants import VARIANTS
from raftviz.sim.events import Acted
from raftviz.sim.history import Record
from raftviz.sim.host import Host, Status
from raftviz.sim.scene import Evaluate, Scene, Value
from raftviz.sim.script_error import ScriptError
from raftviz.sim.story import Memory, Story
from raftviz.sim.targets import is_of_kind
from raftviz.sim.text import MESSAGE_KINDS
from raftviz.sim.units import in_ms
from raftviz.sim.vocabulary import WORDS, act_word


def _leaders(scene: Scene) -> list[Host]:
    return [h for h in scene.hosts.values() if h.is_up and isinstance(h.server.role, Leader)]


def _leader(scene: Scene) -> Host | None:
    return max(_leaders(scene), key=lambda host: host.server.current_term, default=None)


def _count_role(role: type) -> Evaluate:
    return lambda scene: sum(
        host.is_up and isinstance(host.server.role, role) and "role" not in host.unknown
        for host in scene.hosts.values()
    )


def a_host(value: Value, function: str) -> Host | None:
    """The server that ``function`` asks for, or nobody. Raises ScriptError for anything else."""
    if value is None or isinstance(value, Host):
        return value
    raise ScriptError(f"{function} asks for a server")


def _votes(_: Scene, value: Value) -> int:
    host = a_host(value, "votes")
    role = host.server.role if host else None
    return len(role.granted) if isinstance(role, Candidate) else 0


def _following(scene: Scene) -> int:
    """The running followers that have heard of the leader's term from itself."""
    leader = _leader(scene)
    return sum(
        host.is_up
        and isinstance(host.server.role, Follower)
        and leader is not None
        and host.server.role.leader_id == leader.id
        and host.server.current_term == leader.server.current_term
        for host in scene.hosts.values()
    )


def _logs_agree(scene: Scene) -> bool:
    """All running servers hold the same log, and have committed all of it, as far as is known."""
    if any(host.unknown & {"log", "entries", "commit_index"} for host in scene.hosts.values()):
        return False
    up = [host.server for host in scene.hosts.values() if host.is_up]
    return all(
        server.log == up[0].log and server.commit_index == server.log.last_index for server in up
    )


NAMES: dict[str, tuple[Evaluate, str]] = {
    "leader": (_leader, "the server that leads (of the highest term, if several think so)"),
    "any_leader": (lambda scene: bool(_leaders(scene)), "whether any server leads"),
    "leaders": (lambda scene: len(_leaders(scene)), "how many servers think that they lead"),
    "candidates": (_count_role(Candidate), "how many running servers are candidates"),
    "most_votes": (
        lambda scene: max((_votes(scene, host) for host in scene.hosts.values()), default=0),
        "how many votes the candidate has that has most",
    ),
    "servers": (lambda scene: len(scene.hosts), "how many servers there are"),
    "majority": (lambda scene: len(scene.hosts) // 2 + 1, "how many of them are a majority"),
    "followers": (_count_role(Follower), "how many running servers are followers"),
    "following": (_following, "how many running servers have heard from the leader"),
    "term": (
        lambda scene: max(host.server.current_term for host in scene.hosts.values()),
        "the highest term of any server",
    ),
    "time": (lambda scene: in_ms(scene.time_us), "the time in ms"),
    "messages": (lambda scene: len(scene.flights), "how many messages are in flight"),
    "partitioned": (lambda scene: bool(scene.network.groups), "whether a partition stands"),
    "logs_agree": (_logs_agree, "whether all running servers hold and committed one log"),
    "answered": (
        lambda scene: sum(client.answered for client in scene.clients.values()),
        "how many requests were answered",
    ),
    "waiting": (
        lambda scene: sum(client.operation is not None for client in scene.clients.values()),
        "how many requests wait for an answer",
    ),
}
"""What a condition can name, besides servers (``S1`` …)."""

Tell = Callable[[Story, Scene], Value]
"""What a story says at a scene."""

TOLD: dict[str, tuple[Tell, str]] = {
    "split_votes": (
        lambda story, _: story.split_votes(),
        "how many elections in a row had several candidates and no winner, in a lesson in this step",
    ),
    "leaderless": (
        lambda story, scene: story.leaderless(scene),
        "for how many ms nobody has led, in a lesson in this step",
    ),
    "lost_answers": (
        lambda story, _: story.lost(),
        "how many commands a client was told are done, and stand on no disk now",
    ),
    "connected": (
        lambda story, _: len(story.talked),
        "how many servers have had a message from another, or got one through, in a lesson in this step",
    ),
}
"""What a condition can name that one instant does not tell."""


def _told_anew(tell: Tell) -> Evaluate:
    return lambda scene: tell(Memory().story(scene), scene)


NAMES |= {word: (_told_anew(tell), meaning) for word, (tell, meaning) in TOLD.items()}

ATTRIBUTES: dict[str, tuple[Callable[[Host], Value], str]] = {
    "term": (lambda host: host.server.current_term, "its current term"),
    "current_term": (lambda host: host.server.current_term, "its current term"),
    "voted_for": (lambda host: host.server.voted_for, "the number of the server it voted for"),
    "role": (lambda host: role_name(host.server), '"follower", "candidate" or "leader"'),
    "commit_index": (lambda host: host.server.commit_index, "its commit index"),
    "last_applied": (lambda host: host.server.last_applied, "the last entry it applied"),
    "last_log_index": (lambda host: host.server.log.last_index, "the index of its last entry"),
    "last_log_term": (lambda host: host.server.log.last_term, "the term of its last entry"),
    "snapshot_index": (
        lambda host: host.server.log.snapshot_index,
        "the last entry that its snapshot holds, or 0",
    ),
    "id": (lambda host: host.id, "its number"),
}
"""What a condition can ask of a server."""

FIELDS = {
    "term": "current_term",
    "last_log_index": "log",
    "last_log_term": "log",
    "snapshot_index": "entries",
}
"""What a host calls what it does not know, where a condition has another word."""


def _status_is(status: Status, function: str) -> Callable[[Scene, Value], Value]:
    def ask(_: Scene, value: Value) -> Value:
        host = a_host(value, function)
        return host is not None and host.status is status and "status" not in host.unknown

    return ask


def _committed(scene: Scene, value: Value) -> Value:
    """Whether a running server has applied an entry with this command."""
    return any(
        entry.command is not None and entry.command.text == value
        for host in scene.hosts.values()
        if host.is_up
        for entry in host.server.log.slice(1, host.server.commit_index)
    )


def _holders(scene: Scene, value: Value) -> Value:
    return sum(
        any(e.command is not None and e.command.text == value for e in host.server.log)
        for host in scene.hosts.values()
    )


def _acts(scene: Scene, word: Value) -> Iterator[Record]:
    """The acts of this word, the last one first."""
    branch, count = scene.place
    for record in branch.acts(scene.since, count):
        assert isinstance(record.event, Acted)
        if not record.event.note and act_word(record.event.act) == word:
            yield record


def _did(scene: Scene, word: Value) -> Value:
    return sum(1 for _ in _acts(scene, word))


def _time_since(scene: Scene, word: Value) -> Value:
    for record in _acts(scene, word):
        return in_ms(scene.time_us - record.time_us)
    return None


def _in_flight(scene: Scene, kind: Value) -> Value:
    return sum(is_of_kind(flight.message, str(kind)) for flight in scene.flights.values())


def _has(_: Scene, value: Value, command: Value) -> Value:
    host = a_host(value, "has")
    return host is not None and any(
        entry.command is not None and entry.command.text == command for entry in host.server.log
    )


def _holds_value(_: Scene, value: Value, key: Value) -> Value:
    """What stands under a key in a running server's state machine, as text; None for nothing."""
    host = a_host(value, "value")
    if host is None or not host.is_up:
        return None
    return host.server.replica.machine.values.get(str(key))


def _log_term(_: Scene, value: Value, index: Value) -> Value:
    host = a_host(value, "term_at")
    if host is None or not isinstance(index, int) or index < 1:
        return None
    log = host.server.log
    return log.term_at(index) if index <= log.last_index else None


def _voted(_: Scene, value: Value, candidate: Value) -> Value:
    voter, other = a_host(value, "voted"), a_host(candidate, "voted")
    return voter is not None and other is not None and voter.server.voted_for == other.id


def _seen_by_leader(which: str) -> Callable[[Scene, Value], Value]:
    def ask(scene: Scene, value: Value) -> Value:
        host, leader = a_host(value, which), _leader(scene)
        if host is None or leader is None or not isinstance(leader.server.role, Leader):
            return None
        known: Mapping[int, int] = getattr(leader.server.role, which)
        return known.get(host.id)

    return ask


def _acknowledged(scene: Scene, index: Value) -> Value:
    """How many followers the leader knows to hold an entry; it does not count itself."""
    leader = _leader(scene)
    if leader is None or not isinstance(leader.server.role, Leader) or not isinstance(index, int):
        return None
    known = leader.server.role.match_index
    return sum(matched >= index for server, matched in known.items() if server != leader.id)


def _durable(_: Scene, value: Value) -> Value:
    host = a_host(value, "durable")
    if host is None:
        return False
    disk, server = host.disk.durable, host.server
    return (
        disk.current_term == server.current_term
        and disk.voted_for == server.voted_for
        and disk.log == server.log
    )


def _overwritten(story: Story, disks: Value) -> Value:
    return story.overwritten(disks) if isinstance(disks, int) and disks > 0 else None


def _reaches(scene: Scene, source: Value, target: Value) -> Value:
    one, other = a_host(source, "reaches"), a_host(target, "reaches")
    return one is not None and other is not None and not scene.network.is_cut(one.id, other.id)


def _plays(scene: Scene, variant: Value) -> Value:
    return variant in scene.network.variants


@value
class Function:
    """What a condition can call: how many things it takes, and what it says.

    One that ``takes`` a list of words is given one of them, with or without quotation marks.
    """

    call: Callable[..., Value]
    meaning: str
    arguments: int = 1
    takes: tuple[str, ...] = ()


FUNCTIONS: dict[str, Function] = {
    "crashed": Function(_status_is(Status.CRASHED, "crashed"), "crashed(S1): whether it is down"),
    "paused": Function(_status_is(Status.PAUSED, "paused"), "paused(S1): whether it is paused"),
    "up": Function(_status_is(Status.UP, "up"), "up(S1): whether it runs"),
    "votes": Function(_votes, "votes(S3): how many votes it has as a candidate"),
    "voted": Function(_voted, "voted(S2, S3): whether S2's vote in its term is S3's", 2),
    "committed": Function(_committed, 'committed("x=1"): whether a running server committed it'),
    "copies": Function(_holders, 'copies("x=1"): how many servers hold it in their log'),
    "has": Function(_has, 'has(S2, "x=1"): whether it is in this server\'s log', 2),
    "term_at": Function(_log_term, "term_at(S2, 3): the term of entry 3 in its log", 2),
    "value": Function(
        _holds_value, 'value(S2, "x"): what its state machine holds under x, as in == "1"', 2
    ),
    "next_index": Function(
        _seen_by_leader("next_index"), "next_index(S2): what the leader will send S2 next"
    ),
    "match_index": Function(
        _seen_by_leader("match_index"), "match_index(S2): up to where the leader knows S2's log"
    ),
    "acknowledged": Function(
        _acknowledged, "acknowledged(3): how many followers the leader knows to hold entry 3"
    ),
    "durable": Function(_durable, "durable(S1): whether all it knows is on its disk"),
    "overwritten": Function(
        _overwritten,
        "overwritten(3): how many commands stood on 3 disks at once, and stand on fewer now",
    ),
    "reaches": Function(_reaches, "reaches(S1, S2): whether nothing cuts S1 off from S2", 2),
    "in_flight": Function(
        _in_flight,
        "in_flight(RequestVote): how many such messages are under way",
        takes=MESSAGE_KINDS,
    ),
    "did": Function(
        _did, "did(crash): how many times this act was done, in a lesson in this step", takes=WORDS
    ),
    "time_since": Function(
        _time_since, "time_since(crash): ms since this act was done last", takes=WORDS
    ),
    "plays": Function(
        _plays, "plays(no_sessions): whether this variant of Raft is on", takes=tuple(VARIANTS)
    ),
}
"""What a condition can call."""
