"""The vocabulary of acts: everything a person, a lesson or a script can do to the world.

An act is a value. Its text form stands in ``vocabulary``; what it does to a world in ``acting``.
"""

from collections.abc import Callable

import attrs

from raftviz.raft.values import value

Target = int | str
"""A server: its number, a role (``"leader"``, ``"follower"``, ``"candidate"``), or in scripts a name
given to it before with ``as``."""

ROLES = ("leader", "follower", "candidate")


@value
class Request:
    """A client sends a command: to the leader it knows of, or to ``target``."""

    command: str
    target: Target | None = None
    client: int | None = None


@value
class Crash:
    """A server stops at once and loses all that is not on its disk."""

    target: Target


@value
class Restart:
    """A crashed server starts again with what its disk holds."""

    target: Target


@value
class Timeout:
    """A server's timer runs out now: its election timeout, or a leader's heartbeat interval."""

    target: Target


@value
class Pause:
    """A server's process is stopped: it keeps its memory, and its mail waits."""

    target: Target


@value
class Resume:
    """A paused server goes on."""

    target: Target


@value
class Compact:
    """A server replaces its log, as far as it is applied, by a snapshot."""

    target: Target


@value
class Tear:
    """A server crashes in the middle of a write: an unfinished record stays on its disk."""

    target: Target


@value
class Damage:
    """A bit of a server's disk turns over. It is found at the next start."""

    target: Target


@value
class FillDisk:
    """A server's disk is full: nothing more gets onto it until it is freed."""

    target: Target


@value
class FreeDisk:
    """A full disk has room again."""

    target: Target


@value
class FailWrite:
    """A server's next write fails once, and is tried again."""

    target: Target


@value
class FinishWrite:
    """The oldest write on its way to a server's disk is there now."""

    target: Target


@value
class FailApply:
    """The next command that a server's state machine executes fails once."""

    target: Target


@value
class SendBatch:
    """A leader that gathers commands sends them now."""

    target: Target


@value
class Wake:
    """A client does now what it would do next by itself: ask, or ask again."""

    client: int


@value
class Partition:
    """Only servers of one group reach each other. Servers not named form one more group."""

    groups: tuple[tuple[Target, ...], ...]


@value
class Heal:
    """The partition ends, and every cut link is restored."""


@value
class Cut:
    """A link lets nothing through, in one direction or in both."""

    source: Target
    target: Target
    both: bool = False


@value
class Restore:
    """A cut link works again, in one direction or in both."""

    source: Target
    target: Target
    both: bool = False


@value
class Choice:
    """Which message in flight: the ``nth`` (from 1, oldest first) of a type on a link.

    ``kind`` is a message's name, ``"Heartbeat"`` or ``"message"`` for any; ``"*"`` is any server.
    To be held only moving ones are counted, to be released only held ones.
    An ``id`` names one flight, as a click does, and then the rest only describes it. An act in the
    history has both: words that mean this flight, and its id.
    """

    kind: str
    source: Target = "*"
    target: Target = "*"
    nth: int = 1
    id: int | None = None


@value
class Drop:
    """A message in flight is lost where it is."""

    choice: Choice


@value
class Duplicate:
    """A message in flight is delivered twice."""

    choice: Choice


@value
class Delay:
    """A message in flight takes longer by ``by_us``."""

    choice: Choice
    by_us: int


@value
class Deliver:
    """A message in flight arrives now."""

    choice: Choice


@value
class Hold:
    """A message in flight stands still where it is, until it is released, delivered or dropped."""

    choice: Choice


@value
class Release:
    """A held message goes on from where it stands."""

    choice: Choice


@value
class SetLoss:
    """The probability that a message is lost, on all links or on one (both directions)."""

    probability: float
    link: tuple[Target, Target] | None = None


@value
class SetDuplication:
    """The probability that a message is delivered twice, on all links or on one."""

    probability: float
    link: tuple[Target, Target] | None = None


@value
class SetReorder:
    """The probability that a message is held up so that later ones overtake it."""

    probability: float
    link: tuple[Target, Target] | None = None


@value
class SetLatency:
    """How long messages take, in µs from … to, on all links or on one (both directions)."""

    latency_us: tuple[int, int]
    link: tuple[Target, Target] | None = None


@value
class SetRequests:
    """A client sends a request at this interval by itself; 0 stops it."""

    every_us: int


@value
class SwitchOn:
    """From now on all servers follow the algorithm with this variant's rule broken."""

    variant: str


@value
class SwitchOff:
    """From now on the rule that this variant breaks is whole again."""

    variant: str


Act = (
    Request
    | Crash
    | Restart
    | Timeout
    | Pause
    | Resume
    | Compact
    | Tear
    | Damage
    | FillDisk
    | FreeDisk
    | FailWrite
    | FinishWrite
    | FailApply
    | SendBatch
    | Wake
    | Partition
    | Heal
    | Cut
    | Restore
    | Drop
    | Duplicate
    | Delay
    | Deliver
    | Hold
    | Release
    | SetLoss
    | SetDuplication
    | SetReorder
    | SetLatency
    | SetRequests
    | SwitchOn
    | SwitchOff
)

OnServer = (
    Crash
    | Restart
    | Timeout
    | Pause
    | Resume
    | Compact
    | Tear
    | Damage
    | FillDisk
    | FreeDisk
    | FailWrite
    | FinishWrite
    | FailApply
    | SendBatch
)
"""The acts on one server, all with a ``target``."""

OnMessage = Drop | Duplicate | Delay | Deliver | Hold | Release
"""The acts on one message in flight, all with a ``choice``."""

OnRules = SwitchOn | SwitchOff
"""The acts on the rules that all servers follow, both with a ``variant``."""


def targets_of(act: Act) -> tuple[Target, ...]:  # noqa: PLR0911 - a line a kind
    """Every server that the act names, as it names them."""
    if isinstance(act, OnServer):
        return (act.target,)
    if isinstance(act, Request):
        return () if act.target is None else (act.target,)
    if isinstance(act, Partition):
        return tuple(target for group in act.groups for target in group)
    if isinstance(act, Cut | Restore):
        return (act.source, act.target)
    if isinstance(act, OnMessage):
        return (act.choice.source, act.choice.target)
    if isinstance(act, Heal | SetRequests | Wake | OnRules):
        return ()
    return act.link or ()


def with_targets(act: Act, change: Callable[[Target], Target]) -> Act:  # noqa: PLR0911 - a line a kind
    """The act with each server it names put through ``change``."""
    if isinstance(act, OnServer):
        return attrs.evolve(act, target=change(act.target))
    if isinstance(act, Request):
        return act if act.target is None else attrs.evolve(act, target=change(act.target))
    if isinstance(act, Partition):
        return Partition(tuple(tuple(map(change, group)) for group in act.groups))
    if isinstance(act, Cut | Restore):
        return attrs.evolve(act, source=change(act.source), target=change(act.target))
    if isinstance(act, OnMessage):
        choice = act.choice
        choice = attrs.evolve(choice, source=change(choice.source), target=change(choice.target))
        return attrs.evolve(act, choice=choice)
    if isinstance(act, Heal | SetRequests | Wake | OnRules) or act.link is None:
        return act
    return attrs.evolve(act, link=(change(act.link[0]), change(act.link[1])))
