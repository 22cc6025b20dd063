"""The legend: every sign of the picture, drawn as it is there, and what it means.

A row names the kinds of sign that it explains; a test knows all kinds that there are.
"""

from collections.abc import Iterator

from raftviz.picture import legend_samples as of
from raftviz.picture.legend_samples import Sample
from raftviz.picture.timeline_codes import Fate, Kind, RoleCode, StatusCode
from raftviz.raft.values import value
from raftviz.sim.host import Status


@value(eq=False)
class Row:
    """One sign: the ``kinds`` that it stands for, its picture, its name, what it means."""

    kinds: tuple[str, ...]
    sample: Sample
    title: str
    words: str


@value(eq=False)
class Section:
    """Signs that belong together."""

    title: str
    rows: tuple[Row, ...]


ACT_WORDS = {0: ("", False), 1: ("", True)}
"""What the events of the samples of acts are: whether they stopped a server."""


def legend() -> tuple[Section, ...]:
    """All of it, from top to bottom."""
    return (
        Section("Servers", tuple(_servers())),
        Section("Votes, beside a candidate", tuple(_votes())),
        Section("Messages between servers", tuple(_messages())),
        Section("Clients", tuple(_clients())),
        Section("Links", tuple(_links())),
        Section("Rules", tuple(_rules())),
        Section("Logs", tuple(_logs())),
        Section("Timeline", tuple(_timeline())),
    )


def _servers() -> Iterator[Row]:
    yield Row(
        ("term",), of.terms(1, 2, 3), "Term",
        "Each term has a colour, and its number beside it: on servers, messages, entries, and on "
        "the timeline. After six terms the colours begin again.",
    )  # fmt: skip
    yield Row(("role:follower",), of.server(), "Follower", "A thin outline.")
    yield Row(
        ("role:candidate",), of.server("candidate"), "Candidate",
        "A dashed outline: it asks for votes.",
    )  # fmt: skip
    yield Row(("role:leader",), of.server("leader"), "Leader", "A thick outline, and a crown.")
    yield Row(
        ("timer:election",), of.server(timer=0.7), "Election timeout",
        "The arc empties as time passes. When it is gone, the server stands for election.",
    )  # fmt: skip
    yield Row(
        ("timer:heartbeat",), of.server("leader", timer=0.4), "Heartbeat interval",
        "A leader's arc, in its term's colour: when it is empty, heartbeats are sent.",
    )  # fmt: skip
    yield Row(
        ("status:crashed",), of.server(status=Status.CRASHED), "Crashed",
        "A dotted outline: only what is on its disk is left.",
    )  # fmt: skip
    yield Row(
        ("status:paused",), of.server(status=Status.PAUSED), "Paused",
        "Its process stands still; its memory stays and its mail waits.",
    )  # fmt: skip
    yield Row(
        ("unwritten",), of.server(unwritten=True), "Not on disk yet",
        "A small disk: a crash now would take away something that is still being written.",
    )  # fmt: skip
    yield Row(
        ("broken", "tone:broken"), of.server(broken="Log Matching"), "A broken property",
        "Red, with an exclamation mark and the property's name. Nothing else is red.",
    )  # fmt: skip
    yield Row(
        ("selected",), of.server(selected=True), "Selected",
        "The inspector tells about it, and acts are done to it.",
    )  # fmt: skip
    yield Row(
        ("highlighted",), of.server(highlighted=True), "Pointed at",
        "Somebody speaks of it, or points at it elsewhere in the window.",
    )  # fmt: skip


def _votes() -> Iterator[Row]:
    for state, title, words in (
        ("granted", "Given", "This server has voted for the candidate."),
        ("refused", "Refused", "It votes for somebody else, or its log is further."),
        ("coming", "On its way", "The request or the answer is still in flight."),
        ("cannot", "Cannot come", "The voter is down or cut off, or a message was lost."),
    ):
        yield Row((f"pip:{state}",), of.pips(state), title, words)  # type: ignore[arg-type]


def _messages() -> Iterator[Row]:
    for shape, title, words in (
        ("ballot", "RequestVote", "A ballot: a candidate asks for a vote."),
        ("granted", "Vote given", "A tick."),
        ("refused", "Vote refused", "A cross."),
        ("stack", "AppendEntries", "A stack of entries, with their number."),
        ("dot", "Heartbeat", "A dot: AppendEntries with no entries."),
        ("plus", "Agreed", "A plus: the follower has what was sent, or a part of a snapshot."),
        ("minus", "Refused", "A minus: the entry before is not there, or the term is over."),
        ("box", "InstallSnapshot", "A box: a part of the leader's snapshot."),
    ):
        yield Row((f"shape:{shape}",), of.message(shape), title, words)  # type: ignore[arg-type]
    yield Row(
        ("tail",), of.message("stack", tail=20.0), "Which way",
        "A message draws a tail behind itself.",
    )  # fmt: skip
    yield Row(
        ("lost",), of.lost(), "Lost",
        "It falls off its link, and a cross marks the place where it was lost.",
    )  # fmt: skip
    yield Row(
        ("held",), of.message("stack", held=True), "Held back",
        "Between two bars: it stands still until somebody lets it go.",
    )  # fmt: skip
    yield Row(
        ("jump",), of.jump(), "Delivered at once",
        "From the ring, where it was, to where it arrived.",
    )  # fmt: skip


def _clients() -> Iterator[Row]:
    yield Row(("client",), of.client(), "Client", "It asks for one thing at a time.")
    yield Row(
        ("client:waiting",), of.client(waiting=True), "Waiting",
        "A dashed line leads to the server that it asked last.",
    )  # fmt: skip
    yield Row(("shape:ask",), of.message("ask"), "Request", "What a client asks for.")
    yield Row(("shape:done",), of.message("done"), "Done", "Committed and executed.")
    yield Row(
        ("shape:hint",), of.message("hint"), "Ask somebody else",
        "The server does not lead, and names who does, as far as it knows.",
    )  # fmt: skip


def _links() -> Iterator[Row]:
    yield Row(("cut:both",), of.cut(both=True), "Cut", "No message passes, either way.")
    yield Row(
        ("cut:one way",), of.cut(both=False), "Cut one way",
        "An arrow that runs into a bar: nothing gets through that way; back it does.",
    )  # fmt: skip
    yield Row(
        ("wall",), of.wall(), "Partition", "Where the line runs, every link is cut.",
    )  # fmt: skip


def _rules() -> Iterator[Row]:
    yield Row(
        ("rules",), of.rules_mark(), "A broken rule",
        "A line in two pieces: all servers follow a rule of Raft that is broken on purpose. A click "
        "says which, and lets one choose.",
    )  # fmt: skip


def _logs() -> Iterator[Row]:
    yield Row(
        ("cell:uncommitted",), of.log(2), "An entry",
        "Its term and its command. Dashed: this server does not know it to be committed.",
    )  # fmt: skip
    yield Row(("cell:committed",), of.log(2, commit=1), "Committed", "Solid: it stays for ever.")
    yield Row(
        ("cell:unapplied",), of.log(2, commit=1, applied=0), "Not executed yet",
        "A small ring: committed, and not yet in this server's state machine.",
    )  # fmt: skip
    yield Row(
        ("cell:not durable",), of.log(2, durable=0), "Not on disk yet",
        "A dark corner: a crash of this server now would lose it.",
    )  # fmt: skip
    yield Row(
        ("cell:conflicts",), of.log(1, leads=(2,)), "Not what the leader has",
        "The leader has another entry there, or none: this one will be replaced.",
    )  # fmt: skip
    yield Row(
        ("cell:gone",), of.log(2, gone=1), "Just taken away",
        "Struck through: it conflicted with the leader's log, and the leader's holds.",
    )  # fmt: skip
    yield Row(
        ("cell:snapshot",), of.log(1, 1, 1, snapshot=2, commit=3), "Snapshot",
        "Hatched: a snapshot of the state machine stands for these entries.",
    )  # fmt: skip
    yield Row(
        ("row:crashed",), of.log(2, 2, commit=1, status=Status.CRASHED), "Crashed",
        "Pale: this is what the disk holds.",
    )  # fmt: skip
    yield Row(
        ("mark:next_index",), of.log(2, next_index=1), "▲ next_index",
        "As the leader sees this follower: the entry that it will send next.",
    )  # fmt: skip
    yield Row(
        ("mark:match_index",), of.log(2, match_index=1), "● match_index",
        "As the leader sees this follower: up to here the logs are known to agree.",
    )  # fmt: skip
    yield Row(
        ("line:commit",), of.commit_line(), "commit_index",
        "The line stands behind the last entry that the leader knows to be committed.",
    )  # fmt: skip


def _timeline() -> Iterator[Row]:
    role, status, kind = RoleCode, StatusCode, Kind
    bands = (
        ("band:follower", of.band(role.FOLLOWER), "Follower", "A thin band in its term's colour."),
        ("band:candidate", of.band(role.CANDIDATE), "Candidate", "A hatched band."),
        ("band:leader", of.band(role.LEADER), "Leader", "A thick band."),
        ("band:crashed", of.band(role.FOLLOWER, status.CRASHED), "Crashed", "Dots."),
        ("band:paused", of.band(role.FOLLOWER, status.PAUSED), "Paused", "An empty band."),
    )
    yield from (Row((name,), sample, title, words) for name, sample, title, words in bands)
    yield Row(
        ("arrow:entries", "arrow:vote_request", "arrow:client_request", "arrow:other"),
        of.arrow(kind.ENTRIES), "A request",
        "From the lane of who sent it to the lane of who received it; steeper is quicker.",
    )  # fmt: skip
    yield Row(
        ("arrow:entries_answer", "arrow:vote_granted", "arrow:client_answer"),
        of.arrow(kind.ENTRIES_ANSWER), "An answer", "A dashed arrow.",
    )  # fmt: skip
    yield Row(
        ("arrow:entries_refused", "arrow:vote_refused"), of.arrow(kind.VOTE_REFUSED),
        "A refusal", "A dashed line that ends in a bar.",
    )  # fmt: skip
    yield Row(
        ("arrow:heartbeat", "arrow:heartbeat_answer"), of.arrow(kind.HEARTBEAT), "A heartbeat",
        "A faint line, so that it does not hide the rest.",
    )  # fmt: skip
    yield Row(
        ("fate:lost",), of.arrow(kind.ENTRIES, Fate.LOST), "Lost",
        "The line ends in a cross, where and when the message was lost.",
    )  # fmt: skip
    yield Row(
        ("fate:held",), of.arrow(kind.ENTRIES, held=True), "Held back",
        "Two bars, and dots as long as it stands still.",
    )  # fmt: skip
    yield Row(("act",), of.act(), "An act", "Somebody did something to the world.")
    yield Row(("act:stopped",), of.stopped(), "A crash", "Somebody stopped this server.")
    yield Row(
        ("fork:own",), of.fork(own=True), "A branch begins",
        "Behind this line the shown branch goes its own way.",
    )  # fmt: skip
    yield Row(
        ("fork:other",), of.fork(own=False), "Another branch turns off",
        "Its events up to here are shared.",
    )  # fmt: skip
