"""The acts in words: one table that reads, writes and documents them.

A menu entry, a click, a lesson, a saved session and the command line all say the same things in the
words declared here. ``python -m raftviz acts`` prints this table.
"""

from collections.abc import Callable

from raftviz.raft.names import name
from raftviz.raft.values import value
from raftviz.sim import acts
from raftviz.sim.acts import Act, Choice, Target
from raftviz.sim.script_error import did_you_mean
from raftviz.sim.text import COMMAND_ENDS, MOST_CLIENTS, Line, words_of
from raftviz.sim.units import duration_text


@value
class Form:
    """How an act is said. ``read`` takes what follows the first word; ``write`` is its inverse."""

    word: str
    kinds: tuple[type, ...]
    usage: str
    meaning: str
    example: str
    read: Callable[[Line], Act]
    write: Callable[..., str]


def act_from_text(text: str, servers: int, line_number: int = 1) -> Act:
    """The act that a line says. Raises ScriptError with the column of the first wrong word."""
    line = Line(words_of(text, line_number), line_number, len(text) + 1, servers)
    act = read_act(line)
    line.end()
    return act


def read_act(line: Line) -> Act:
    """The act that the line says from where it stands."""
    word = line.take("an act, such as crash leader")
    form = None if word.quoted else BY_WORD.get(word.text)
    if form is None:
        message = f"there is no act “{word.text}”" + did_you_mean(word.text, BY_WORD)
        raise line.error(message, word)
    return form.read(line)


def act_word(act: Act) -> str:
    """The act's first word: ``crash``, ``drop``."""
    return _BY_KIND[type(act)].word


def act_to_text(act: Act) -> str:
    """The act in words; ``act_from_text`` reads it back."""
    form = _BY_KIND[type(act)]
    rest = form.write(act)
    return f"{form.word} {rest}" if rest else form.word


def target_text(target: Target) -> str:
    """A server as scripts name it: ``S3``, ``leader``, ``"the old leader"``."""
    if isinstance(target, int):
        return name(target)
    return target if target in (*acts.ROLES, "*") else f'"{target}"'


def _choice_text(choice: Choice) -> str:
    nth = choice.nth
    ending = "th" if 10 <= nth % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(nth % 10, "th")
    order = f"{nth}{ending} " if nth > 1 else ""
    return f"{order}{choice.kind} {target_text(choice.source)} -> {target_text(choice.target)}"


def _read_request(line: Line) -> Act:
    command = line.command()
    target: Target | None = None
    client: int | None = None
    while True:
        if line.accept("to"):
            target = line.server()
        elif line.accept("from"):
            client = line.client()
        else:
            return acts.Request(command, target, client)


def _write_request(act: acts.Request) -> str:
    words = act.command.split(" ")
    plain = all(word.isprintable() and word and word[0] != "#" for word in words)
    if not plain or any(word in COMMAND_ENDS for word in words):
        text = f'"{act.command}"'
    else:
        text = act.command
    if act.target is not None:
        text += f" to {target_text(act.target)}"
    return f"{text} from C{act.client}" if act.client is not None else text


def _one_server(kind: Callable[[Target], Act]) -> Callable[[Line], Act]:
    return lambda line: kind(line.server())


def _write_target(act: acts.Crash) -> str:
    return target_text(act.target)


def _read_delay(line: Line) -> Act:
    choice = line.choice()
    if not line.accept("by"):
        raise line.error("“by” and a duration are expected, such as by 20ms")
    return acts.Delay(choice, line.duration())


def _link_end(line: Line) -> tuple[Target, Target] | None:
    if not line.accept("on"):
        return None
    source, target, _ = line.link()
    return source, target


def _write_on(link: tuple[Target, Target] | None) -> str:
    return f" on {target_text(link[0])} <-> {target_text(link[1])}" if link else ""


def _percent(kind: Callable[[float, tuple[Target, Target] | None], Act]) -> Callable[[Line], Act]:
    def read(line: Line) -> Act:
        probability = line.probability()
        return kind(probability, _link_end(line))

    return read


def _write_percent(act: acts.SetLoss) -> str:
    return f"{percent_text(act.probability)}{_write_on(act.link)}"


def _read_latency(line: Line) -> Act:
    span = line.span()
    return acts.SetLatency(span, _link_end(line))


def _read_requests(line: Line) -> Act:
    if line.accept("off"):
        return acts.SetRequests(0)
    if not line.accept("every"):
        raise line.error("“every” and a duration, or “off”, are expected")
    word = line.peek()
    every = line.duration()
    if every < MIN_EVERY_US:
        raise line.error(f"at least {duration_text(MIN_EVERY_US)} are expected", word)
    return acts.SetRequests(every)


MIN_EVERY_US = 1_000
"""A client sends at most one request a millisecond by itself."""


def _write_link(act: acts.Cut) -> str:
    arrow = "<->" if act.both else "->"
    return f"{target_text(act.source)} {arrow} {target_text(act.target)}"


def percent_text(probability: float) -> str:
    """A probability as scripts write it: ``12.5%``."""
    return f"{probability * 100:.8f}".rstrip("0").rstrip(".") + "%"


def span_text(span: tuple[int, int]) -> str:
    """A range of durations as scripts write it: ``10ms..15ms``; one duration when both are one."""
    low, high = map(duration_text, span)
    return low if low == high else f"{low}..{high}"


FORMS = (
    Form(
        "request",
        (acts.Request,),
        "request COMMAND [to SERVER] [from CLIENT]",
        "A client sends a command: to the leader it knows of, or to the server named.",
        "request x=1 to S2",
        _read_request,
        _write_request,
    ),
    Form(
        "crash",
        (acts.Crash,),
        "crash SERVER",
        "A server stops at once; only what is on its disk stays.",
        "crash leader",
        _one_server(acts.Crash),
        _write_target,
    ),
    Form(
        "restart",
        (acts.Restart,),
        "restart SERVER",
        "A crashed server starts again with what its disk holds.",
        "restart S1",
        _one_server(acts.Restart),
        _write_target,
    ),
    Form(
        "timeout",
        (acts.Timeout,),
        "timeout SERVER",
        "A server's timer runs out now: its election timeout; a leader's heartbeat interval.",
        "timeout S4",
        _one_server(acts.Timeout),
        _write_target,
    ),
    Form(
        "pause",
        (acts.Pause,),
        "pause SERVER",
        "A server's process stops; it keeps its memory, and its messages wait.",
        "pause a follower",
        _one_server(acts.Pause),
        _write_target,
    ),
    Form(
        "resume",
        (acts.Resume,),
        "resume SERVER",
        "A paused server goes on.",
        "resume S2",
        _one_server(acts.Resume),
        _write_target,
    ),
    *(
        Form(
            word,
            (kind,),
            f"{word} SERVER",
            meaning,
            f"{word} {who}",
            _one_server(kind),
            _write_target,
        )
        for word, kind, meaning, who in (
            (
                "compact",
                acts.Compact,
                "A snapshot replaces a server's log, as far as it is applied.",
                "leader",
            ),
            ("tear", acts.Tear, "A server crashes in the middle of a write.", "S2"),
            (
                "damage",
                acts.Damage,
                "A bit on a server's disk turns over; its next start finds it.",
                "S2",
            ),
            (
                "fill-disk",
                acts.FillDisk,
                "A server's disk is full: what needs writing waits.",
                "S3",
            ),
            ("free-disk", acts.FreeDisk, "A full disk has room again.", "S3"),
            (
                "fail-write",
                acts.FailWrite,
                "A server's next write fails once and is tried again.",
                "S1",
            ),
            (
                "finish-write",
                acts.FinishWrite,
                "The oldest write on its way to a server's disk is there now.",
                "S2",
            ),
            ("fail-apply", acts.FailApply, "The next command a server executes fails once.", "S1"),
            (
                "send-batch",
                acts.SendBatch,
                "A leader that gathers commands sends them now.",
                "leader",
            ),
        )
    ),
    Form(
        "partition",
        (acts.Partition,),
        "partition SERVERS | SERVERS …",
        "Only servers on one side reach each other; those not named are one more side.",
        "partition S1 S2 | S3 S4 S5",
        lambda line: acts.Partition(line.groups()),
        lambda act: " | ".join(" ".join(map(target_text, group)) for group in act.groups),
    ),
    Form(
        "heal",
        (acts.Heal,),
        "heal",
        "The partition ends and every cut link works again.",
        "heal",
        lambda _: acts.Heal(),
        lambda _: "",
    ),
    Form(
        "cut",
        (acts.Cut,),
        "cut SERVER -> SERVER   (or <-> for both directions)",
        "A link lets nothing through.",
        "cut S1 -> S2",
        lambda line: acts.Cut(*line.link()),
        _write_link,
    ),
    Form(
        "restore",
        (acts.Restore,),
        "restore SERVER -> SERVER   (or <-> for both directions)",
        "A cut link works again.",
        "restore S1 <-> S2",
        lambda line: acts.Restore(*line.link()),
        _write_link,
    ),
    Form(
        "drop",
        (acts.Drop,),
        "drop [NTH] MESSAGE SERVER -> SERVER",
        "A message in flight is lost where it is. * is any server; the oldest is first.",
        "drop RequestVote S3 -> S1",
        lambda line: acts.Drop(line.choice()),
        lambda act: _choice_text(act.choice),
    ),
    Form(
        "duplicate",
        (acts.Duplicate,),
        "duplicate [NTH] MESSAGE SERVER -> SERVER",
        "A message in flight is delivered twice.",
        "duplicate AppendEntries leader -> S2",
        lambda line: acts.Duplicate(line.choice()),
        lambda act: _choice_text(act.choice),
    ),
    Form(
        "delay",
        (acts.Delay,),
        "delay [NTH] MESSAGE SERVER -> SERVER by DURATION",
        "A message in flight takes longer.",
        "delay 2nd AppendEntries S1 -> S2 by 40ms",
        _read_delay,
        lambda act: f"{_choice_text(act.choice)} by {duration_text(act.by_us)}",
    ),
    Form(
        "deliver",
        (acts.Deliver,),
        "deliver [NTH] MESSAGE SERVER -> SERVER",
        "A message in flight arrives now.",
        "deliver RequestVoteResponse * -> S3",
        lambda line: acts.Deliver(line.choice()),
        lambda act: _choice_text(act.choice),
    ),
    Form(
        "hold",
        (acts.Hold,),
        "hold [NTH] MESSAGE SERVER -> SERVER",
        "A message stands still until it is released, delivered or dropped. Held ones do not count.",
        "hold RequestVoteResponse * -> S3",
        lambda line: acts.Hold(line.choice()),
        lambda act: _choice_text(act.choice),
    ),
    Form(
        "release",
        (acts.Release,),
        "release [NTH] MESSAGE SERVER -> SERVER",
        "A held message goes on from where it stands. Only held ones count.",
        "release message * -> S3",
        lambda line: acts.Release(line.choice()),
        lambda act: _choice_text(act.choice),
    ),
    Form(
        "wake",
        (acts.Wake,),
        "wake CLIENT",
        "A client does now what it would do next by itself: ask, or ask again.",
        "wake C1",
        lambda line: acts.Wake(line.client(MOST_CLIENTS)),
        lambda act: name(-act.client),
    ),
    Form(
        "loss",
        (acts.SetLoss,),
        "loss PERCENT [on SERVER <-> SERVER]",
        "How many messages are lost, on all links or on one.",
        "loss 10% on S1 <-> S2",
        _percent(acts.SetLoss),
        _write_percent,
    ),
    Form(
        "duplication",
        (acts.SetDuplication,),
        "duplication PERCENT [on SERVER <-> SERVER]",
        "How many messages are delivered twice.",
        "duplication 5%",
        _percent(acts.SetDuplication),
        _write_percent,
    ),
    Form(
        "reordering",
        (acts.SetReorder,),
        "reordering PERCENT [on SERVER <-> SERVER]",
        "How many messages are held up so that later ones overtake them.",
        "reordering 20%",
        _percent(acts.SetReorder),
        _write_percent,
    ),
    Form(
        "latency",
        (acts.SetLatency,),
        "latency RANGE [on SERVER <-> SERVER]",
        "How long messages take.",
        "latency 10..15ms",
        _read_latency,
        lambda act: f"{span_text(act.latency_us)}{_write_on(act.link)}",
    ),
    Form(
        "requests",
        (acts.SetRequests,),
        "requests every DURATION   (or off)",
        "A client sends a request at this interval by itself.",
        "requests every 100ms",
        _read_requests,
        lambda act: f"every {duration_text(act.every_us)}" if act.every_us else "off",
    ),
    Form(
        "variant-on",
        (acts.SwitchOn,),
        "variant-on VARIANT",
        "From now on all servers follow one broken rule: raftviz variants lists them.",
        "variant-on commit_any_term",
        lambda line: acts.SwitchOn(line.variant()),
        lambda act: act.variant,
    ),
    Form(
        "variant-off",
        (acts.SwitchOff,),
        "variant-off VARIANT",
        "From now on that rule is whole again.",
        "variant-off commit_any_term",
        lambda line: acts.SwitchOff(line.variant()),
        lambda act: act.variant,
    ),
)

BY_WORD = {form.word: form for form in FORMS}
"""The forms by their first word."""

WORDS = tuple(BY_WORD)
"""The first words of all acts."""

_BY_KIND = {kind: form for form in FORMS for kind in form.kinds}
