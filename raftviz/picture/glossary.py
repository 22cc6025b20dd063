"""The words of Raft, each in a sentence or two; and finding them in other texts.

Sections are those of the paper unless they say otherwise. ``[word]`` in a text refers to another
entry.
"""

import re
from collections.abc import Callable
from functools import cache

from raftviz.raft.values import value


@value
class Entry:
    """A word, what it means, where the paper speaks of it, and under which forms it appears."""

    word: str
    meaning: str
    section: str
    forms: tuple[str, ...] = ()


GLOSSARY: tuple[Entry, ...] = (
    Entry(
        "acknowledgement",
        "A follower's answer that entries are in its [log] and on its disk. A leader counts them to "
        "know what is [committed].",
        "§5.3",
        ("acknowledgements", "acknowledged", "acknowledges", "acknowledge"),
    ),
    Entry(
        "AppendEntries",
        "The message with which a [leader] sends [entries] of its [log] to a [follower]. Without "
        "entries it is a [heartbeat].",
        "§5.3",
    ),
    Entry(
        "apply",
        "To execute a [committed] entry's command on the [state machine]. Every server applies the "
        "same entries in the same order.",
        "§5.3",
        ("applied", "applies", "applying", "last_applied"),
    ),
    Entry(
        "batch",
        "Several commands that a [leader] gathers and sends in one message, so that many cost "
        "little more than one.",
        "§10.2 of the dissertation",
        ("batches",),
    ),
    Entry(
        "branch",
        "In raftviz: another future of the same past. Whoever acts in the past opens one, and the "
        "old future stays.",
        "raftviz",
        ("branches",),
    ),
    Entry(
        "candidate",
        "A server that has not heard from a [leader] for too long and asks the others for their "
        "[votes].",
        "§5.2",
        ("candidates",),
    ),
    Entry(
        "client",
        "Who uses the cluster: it sends commands to the [leader] and asks again if no answer comes.",
        "§8",
        ("clients",),
    ),
    Entry(
        "cluster",
        "The servers that together keep one [replicated state machine]; three, five or seven as a "
        "rule.",
        "§2",
    ),
    Entry(
        "commit index",
        "The highest index that a server knows to be [committed]. It never goes back while the "
        "server runs.",
        "§5.3",
        ("commit_index",),
    ),
    Entry(
        "committed",
        "Safe for good: an entry is committed once the [leader] of whose [term] it is has it on a "
        "[majority]; every entry before it is then committed too. No later leader can lack it.",
        "§5.3, §5.4.2",
        ("commit", "commits", "commitment"),
    ),
    Entry(
        "conflict",
        "Two entries with one index and different [terms]. The [leader]'s is right; the [follower] "
        "removes its own and everything behind it.",
        "§5.3",
        ("conflicts", "conflicting"),
    ),
    Entry(
        "consistency check",
        "A [follower] takes new entries only if it has the very entry before them: "
        "same index, same [term].",
        "§5.3",
    ),
    Entry(
        "crash",
        "A server stops at once. Its memory is gone; what was on its disk is there when it "
        "restarts.",
        "§5.5",
        ("crashes", "crashed"),
    ),
    Entry(
        "durable",
        "On the disk, and so still there after a [crash].",
        "§5.1",
        ("persistent", "on disk"),
    ),
    Entry(
        "election",
        "How a [term] gets its [leader]: a [candidate] asks for [votes] and leads if a [majority] "
        "gives theirs. A term without a winner simply passes.",
        "§5.2",
        ("elections", "elected"),
    ),
    Entry(
        "election timeout",
        "How long a [follower] waits to hear from a [leader] before it becomes a [candidate]; "
        "drawn at random each time, so that two rarely come first together.",
        "§5.2",
        ("election timeouts",),
    ),
    Entry(
        "entry",
        "One place in the [log]: an index, the [term] in which a [leader] took it in, and a command.",
        "§5.3",
        ("entries", "log entry", "log entries"),
    ),
    Entry(
        "follower",
        "A server that answers to others and asks nothing by itself, until its [election timeout] "
        "runs out.",
        "§5.1",
        ("followers",),
    ),
    Entry(
        "heartbeat",
        "An [AppendEntries] without entries. It says: I lead, start no [election].",
        "§5.2",
        ("heartbeats",),
    ),
    Entry(
        "index",
        "An entry's place in the [log], counted from 1.",
        "§5.3",
        ("indexes", "log index"),
    ),
    Entry(
        "InstallSnapshot",
        "The message with which a [leader] sends a [snapshot] to a [follower] whose next entries it "
        "no longer has.",
        "§7",
    ),
    Entry(
        "leader",
        "The one server of a [term] that takes commands in and sends them to all others.",
        "§5.1",
        ("leaders", "leads", "lead"),
    ),
    Entry(
        "leader completeness",
        "What is [committed] in one [term] is in the [log] of every [leader] of every later one.",
        "§5.4",
    ),
    Entry(
        "linearizable",
        "Every operation seems to happen at one instant between its call and its answer, and all "
        "see these instants in one order.",
        "§8",
        ("linearizability",),
    ),
    Entry(
        "log",
        "The list of a server's [entries]. Raft makes all servers' logs equal.",
        "§2",
        ("logs",),
    ),
    Entry(
        "log compaction",
        "Replacing the beginning of a [log] by a [snapshot] of the state that it leads to.",
        "§7",
        ("compaction", "compact"),
    ),
    Entry(
        "log matching",
        "If two [logs] have an entry with the same [index] and [term], they are equal up to there.",
        "§5.3",
    ),
    Entry(
        "majority",
        "More than half of all servers, those that are down included. Any two majorities share a "
        "server, which is why no two can decide differently.",
        "§5.2",
        ("majorities", "quorum", "quorums"),
    ),
    Entry(
        "match_index",
        "For each [follower], the highest [index] up to which the [leader] knows its [log] to be "
        "the same as its own.",
        "Figure 2",
        ("match index",),
    ),
    Entry(
        "next_index",
        "For each [follower], the [index] of the entry that the [leader] will send it next. A "
        "refusal makes it go back.",
        "Figure 2",
        ("next index",),
    ),
    Entry(
        "no-op",
        "An entry without a command, which a new [leader] appends at once: as soon as it is "
        "[committed], so is everything before it.",
        "§8",
    ),
    Entry(
        "partition",
        "The network is cut into parts that do not reach each other. At most one part has a "
        "[majority] and goes on.",
        "§5.4",
        ("partitions", "partitioned"),
    ),
    Entry(
        "pipeline",
        "Sending the next [AppendEntries] before the last one is answered.",
        "§10.2 of the dissertation",
        ("pipelines", "pipelining"),
    ),
    Entry(
        "replicate",
        "To bring an entry into the [logs] of the others.",
        "§5.3",
        ("replicated", "replication", "replicates"),
    ),
    Entry(
        "replicated state machine",
        "The same [state machine] on several servers, fed the same commands in the same order: as "
        "long as a [majority] runs, it looks like one that never fails.",
        "§2",
        ("replicated state machines",),
    ),
    Entry(
        "RequestVote",
        "The message with which a [candidate] asks for a [vote]. It tells where its [log] ends.",
        "§5.2",
    ),
    Entry(
        "safety",
        "Nothing wrong ever happens, however slow, lossy or torn the network is. Only progress "
        "depends on time.",
        "§5.4",
    ),
    Entry(
        "server",
        "One member of the [cluster]: S1, S2, and so on.",
        "§5.1",
        ("servers",),
    ),
    Entry(
        "session",
        "What servers remember of a [client], so that a command that is sent twice is executed once.",
        "§8",
        ("sessions",),
    ),
    Entry(
        "snapshot",
        "The state of the [state machine] at some [index], in place of all entries up to it.",
        "§7",
        ("snapshots",),
    ),
    Entry(
        "split vote",
        "Several [candidates] share the [votes] so that none has a [majority]. The term passes and "
        "random [election timeouts] make it unlikely to happen again.",
        "§5.2",
        ("split votes",),
    ),
    Entry(
        "state machine",
        "What executes the commands and holds their results; here a map, a counter or a lock.",
        "§2",
        ("state machines",),
    ),
    Entry(
        "step down",
        "To become a [follower] again: whoever hears of a higher [term] does, at once.",
        "§5.1",
        ("steps down", "stepped down"),
    ),
    Entry(
        "term",
        "Raft's time: a number that grows with each [election] and has at most one [leader]. Old "
        "terms' messages are turned away.",
        "§5.1",
        ("terms", "current_term"),
    ),
    Entry(
        "up-to-date",
        "Of two [logs], the one whose last entry has the higher [term]; if they are equal, the "
        "longer one. Nobody votes for a [candidate] whose log is less up-to-date than its own.",
        "§5.4.1",
        ("up to date",),
    ),
    Entry(
        "variant",
        "In raftviz: the algorithm with one rule broken on purpose, to see what the rule is for.",
        "raftviz",
        ("variants",),
    ),
    Entry(
        "vote",
        "A server gives one in each [term], to the first [candidate] that asks and whose [log] is "
        "[up-to-date], and remembers it on disk.",
        "§5.2, §5.4.1",
        ("votes", "voted", "voted_for"),
    ),
)


@cache
def _by_form() -> dict[str, Entry]:
    return {form.lower(): entry for entry in GLOSSARY for form in (entry.word, *entry.forms)}


@cache
def _pattern() -> re.Pattern[str]:
    # The longest form first: "election timeout" before "election".
    forms = sorted(_by_form(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", re.IGNORECASE)


def entry_of(word: str) -> Entry | None:
    """The entry for a word in any of its forms."""
    return _by_form().get(word.strip().lower())


def linked(text: str, link: Callable[[str, Entry], str], plain: Callable[[str], str] = str) -> str:
    """``text`` with the first place of each entry's word put through ``link``, the rest ``plain``."""
    parts, at, seen = [], 0, set()
    for found in _pattern().finditer(text):
        entry = _by_form()[found.group().lower()]
        if entry.word in seen:
            continue
        seen.add(entry.word)
        parts += [plain(text[at : found.start()]), link(found.group(), entry)]
        at = found.end()
    return "".join((*parts, plain(text[at:])))


def words_in(text: str) -> list[Entry]:
    """The entries whose words stand in a text, each once, in order."""
    found: list[Entry] = []

    def note(word: str, entry: Entry) -> str:
        found.append(entry)
        return word

    linked(text, note)
    return found


def plain_meaning(entry: Entry) -> str:
    """What an entry's word means, without references."""
    return re.sub(r"\[([^\]]+)\]", r"\1", entry.meaning)


def references(entry: Entry) -> list[Entry]:
    """The entries that an entry's meaning refers to, in order."""
    found = []
    for word in re.findall(r"\[([^\]]+)\]", entry.meaning):
        other = entry_of(word)
        if other is not None and other not in found:
            found.append(other)
    return found


def search(typed: str) -> list[Entry]:
    """The entries whose words, or else whose meanings, hold what is typed; in alphabetical order."""
    wanted = typed.strip().lower()
    ordered = sorted(GLOSSARY, key=lambda entry: entry.word.lower())
    named = [e for e in ordered if any(wanted in form.lower() for form in (e.word, *e.forms))]
    return named + [e for e in ordered if e not in named and wanted in e.meaning.lower()]
