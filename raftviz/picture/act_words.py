"""Acts in a few words of plain English, as they stand on the timeline: “you crashed S1”."""

from raftviz.raft.names import Address, name
from raftviz.sim import acts
from raftviz.sim.events import Acted

_SERVER_WORDS: dict[type, str] = {
    acts.Compact: "you compacted the log of {}",
    acts.Tear: "you crashed {} while it was writing",
    acts.Damage: "you damaged the disk of {}",
    acts.FillDisk: "you filled the disk of {}",
    acts.FreeDisk: "you freed the disk of {}",
    acts.FailWrite: "you made the next write of {} fail",
    acts.FinishWrite: "you let {} finish a write",
    acts.FailApply: "you made the next command of {} fail",
    acts.SendBatch: "you let {} send its batch",
}


def event_words(event: Acted, part: Address, message: str = "") -> str:
    """What somebody did, and why it had no effect if it had none.

    ``part`` is what the act changed: it says which server “the leader” was at that moment.
    ``message`` says which message an act was about, if somebody knows.
    """
    words = act_words(event.act, part, message)
    return f"{words} (no effect: {event.note})" if event.note else words


def act_words(act: acts.Act, part: Address = 0, message: str = "") -> str:  # noqa: C901, PLR0911, PLR0912 - one line an act
    """An act as a short sentence about “you”."""
    match act:
        case acts.Crash():
            return f"you crashed {_who(act.target, part)}"
        case acts.Restart():
            return f"you restarted {_who(act.target, part)}"
        case acts.Timeout():
            return f"you timed out {_who(act.target, part)}"
        case acts.Pause():
            return f"you paused {_who(act.target, part)}"
        case acts.Resume():
            return f"you resumed {_who(act.target, part)}"
        case (
            acts.Compact()
            | acts.Tear()
            | acts.Damage()
            | acts.FillDisk()
            | acts.FreeDisk()
            | acts.FailWrite()
            | acts.FinishWrite()
            | acts.FailApply()
            | acts.SendBatch()
        ):
            return _SERVER_WORDS[type(act)].format(_who(act.target, part))
        case acts.Request():
            return f"you requested {act.command}"
        case acts.SetRequests():
            if not act.every_us:
                return "you stopped the requests"
            return f"you set a request every {act.every_us / 1000:g} ms"
        case acts.Wake():
            return f"you woke {name(-act.client)}"
        case acts.SwitchOn():
            return f"you broke a rule: {act.variant}"
        case acts.SwitchOff():
            return f"you mended the rule: {act.variant}"
        case _ if isinstance(act, acts.OnMessage):
            return _message_words(act, message or _choice_words(act.choice))
        case _:
            return _network_words(act)


def _message_words(act: acts.OnMessage, message: str) -> str:
    match act:
        case acts.Drop():
            return f"you dropped {message}"
        case acts.Duplicate():
            return f"you duplicated {message}"
        case acts.Delay():
            return f"you held back {message} by {act.by_us / 1000:g} ms"
        case acts.Hold():
            return f"you held {message}"
        case acts.Release():
            return f"you released {message}"
        case acts.Deliver():
            return f"you let {message} through"


def _network_words(act: acts.Act) -> str:  # noqa: PLR0911 - one line an act
    match act:
        case acts.Partition():
            sides = (" ".join(_who(t) for t in group) for group in act.groups)
            return f"you partitioned {' | '.join(sides)}"
        case acts.Heal():
            return "you healed the network"
        case acts.Cut() | acts.Restore():
            verb = "cut" if isinstance(act, acts.Cut) else "restored"
            arrow = "↔" if act.both else "→"
            return f"you {verb} {_who(act.source)} {arrow} {_who(act.target)}"
        case acts.SetLoss():
            return f"you set loss to {act.probability:.3g}{_on(act.link)}"
        case acts.SetDuplication():
            return f"you set duplication to {act.probability:.3g}{_on(act.link)}"
        case acts.SetReorder():
            return f"you set reordering to {act.probability:.3g}{_on(act.link)}"
        case acts.SetLatency():
            low, high = (us / 1000 for us in act.latency_us)
            return f"you set latency to {low:g}–{high:g} ms{_on(act.link)}"
        case _:
            return f"you did: {type(act).__name__.lower()}"


def _who(target: acts.Target, part: Address = 0) -> str:
    if part > 0:
        return name(part)
    if isinstance(target, int):
        return name(target)
    named = target.startswith('"')
    return target.strip('"') if named else "anyone" if target == "*" else f"the {target}"


def _on(link: tuple[acts.Target, acts.Target] | None) -> str:
    return f" on {_who(link[0])} ↔ {_who(link[1])}" if link else ""


def _choice_words(choice: acts.Choice) -> str:
    kind = "a message" if choice.kind in ("", "message") else choice.kind
    if choice.source in (0, "*") and choice.target in (0, "*"):
        return kind
    return f"{kind} {_who(choice.source)} → {_who(choice.target)}"
