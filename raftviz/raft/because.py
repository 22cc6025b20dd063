"""Why a server did what it did: a reason, the section it stands in, and the values it saw.

Each transition carries at least one ``Because``. The sentence is made only when somebody reads it.
"""

from collections.abc import Mapping

from raftviz.raft.names import name, names
from raftviz.raft.values import value


@value
class Reason:
    """A rule as a student reads it. ``sentence`` is a format string over a Because's values.

    ``rule`` is the algorithm's name for the decision; ``section`` is of the paper unless it says
    otherwise. ``notable`` marks what changes who leads or what is committed: the moments worth
    stopping at.
    """

    rule: str
    section: str
    sentence: str
    notable: bool = False


class Because:
    """One reason with the values it held for. Immutable, and equal to its equals.

    The values' names are shared among all that have the same ones: a history keeps one of these
    for nearly every event, and a dictionary of its own would be half of it.
    """

    __slots__ = ("_names", "_values", "reason")

    reason: Reason
    _names: tuple[str, ...]
    _values: tuple[object, ...]

    def __init__(self, reason: Reason, values: Mapping[str, object]) -> None:
        told = tuple(values)
        self.reason = reason
        self._names = _NAMES.setdefault(told, told)
        self._values = tuple(values.values())

    @property
    def values(self) -> Mapping[str, object]:
        """What the reason held for, by name."""
        return dict(zip(self._names, self._values, strict=True))

    @property
    def sentence(self) -> str:
        """The reason in words; servers are written S1, S2 and so on."""
        return self.told(self.reason.sentence)

    def told(self, template: str) -> str:
        """A format string filled in with the values the reason held for."""
        return template.format_map({k: _word(k, v) for k, v in self.values.items()})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Because):
            return NotImplemented
        return self.reason == other.reason and self.values == other.values

    def __hash__(self) -> int:
        return hash((self.reason, frozenset(self._names)))

    def __repr__(self) -> str:
        return f"Because({self.reason.rule}, {dict(self.values)})"


_NAMES: dict[tuple[str, ...], tuple[str, ...]] = {}


def _word(key: str, value: object) -> object:
    if key in _ADDRESSES and isinstance(value, int):
        return name(value)
    if isinstance(value, frozenset | tuple):
        return names(value)
    return value


_ADDRESSES = frozenset({"me", "other", "leader", "voted_for"})

STEP_DOWN = Reason(
    "step_down",
    "§5.1",
    "{other} is already in term {term}, so {me} moved to that term as a follower.",
    notable=True,
)
START_ELECTION = Reason(
    "start_election",
    "§5.2",
    "{me} heard from no leader for a whole election timeout. It moved to term {term}, voted for "
    "itself and asks the others for their votes.",
    notable=True,
)
GRANT_VOTE = Reason(
    "grant_vote",
    "§5.2, §5.4.1",
    "{me} granted its vote: it had voted for nobody else in term {term}, and the log of {other} "
    "is at least as up-to-date as its own.",
)
REFUSE_VOTE_STALE_TERM = Reason(
    "accepts_term",
    "§5.1",
    "{me} refused its vote: {other} asks for term {their_term}, and {me} is already in term "
    "{term}.",
)
REFUSE_VOTE_ALREADY_VOTED = Reason(
    "may_vote",
    "§5.2",
    "{me} refused its vote: in term {term} it has already voted for {voted_for}, and it votes "
    "once a term.",
)
REFUSE_VOTE_LOG_BEHIND = Reason(
    "log_is_up_to_date",
    "§5.4.1",
    "{me} refused its vote: its own log ends with entry {last_index} of term {last_term}, and "
    "that of {other} with entry {their_index} of term {their_term}, which is less up-to-date.",
)
COUNT_VOTE = Reason(
    "quorum",
    "§5.2",
    "{me} has the votes of {granted} in term {term}. It needs {majority}.",
)
NOTE_REFUSAL = Reason("quorum", "§5.2", "{other} did not vote for {me} in term {term}.")
WIN_ELECTION = Reason(
    "quorum",
    "§5.2",
    "{me} has the votes of {granted}: a majority. It leads term {term} and tells the others at "
    "once, so that they start no election.",
    notable=True,
)
IGNORE_STALE_RESPONSE = Reason(
    "accepts_term",
    "§5.1",
    "{me} ignored an answer from term {their_term}: it is now in term {term}.",
)
IGNORE_LATE_VOTE = Reason(
    "may_vote",
    "§5.2",
    "{me} had no more use for this vote: it is no candidate any longer.",
)
IGNORE_LATE_ANSWER = Reason(
    "accepts_term",
    "§5.1",
    "{me} had no use for this answer: it does not lead any longer.",
)
SEND_HEARTBEAT = Reason(
    "heartbeat",
    "§5.2",
    "{me} leads term {term} and says so at regular intervals, so that nobody starts an election.",
)
HEAR_HEARTBEAT = Reason(
    "heartbeat",
    "§5.2",
    "{me} heard from {leader}, the leader of term {term}, and waits a new election timeout.",
)
FOLLOW_LEADER = Reason(
    "follow_leader",
    "§5.2",
    "{leader} won term {term}, so {me} is its follower and waits a new election timeout.",
    notable=True,
)
STORE_ENTRIES = Reason(
    "merge_entries",
    "§5.3",
    "{me} has the entry before them just as {leader} has it, so it stored the new entries up to "
    "{index}.",
)
REPLACE_ENTRIES = Reason(
    "merge_entries",
    "§5.3",
    "{me} held other entries from {conflict} on. The leader's log wins: they were deleted, and "
    "the log of {leader} stands there up to {index}.",
    notable=True,
)
REJECT_STALE_LEADER = Reason(
    "accepts_leader",
    "§5.1",
    "{me} refused: {other} leads term {their_term}, which is over. {me} is in term {term}.",
)
REJECT_SECOND_LEADER = Reason(
    "accepts_leader",
    "§5.2",
    "{me} leads term {term} itself and refused: there cannot be a second leader in one term.",
)
REJECT_MISSING = Reason(
    "entries_match",
    "§5.3",
    "{me} refused: its log ends at entry {last_index}, so it cannot tell whether it agrees with "
    "{leader} at entry {index}.",
)
REJECT_MISMATCH = Reason(
    "entries_match",
    "§5.3",
    "{me} refused: at entry {index} it has term {my_term}, and {leader} has term {their_term}.",
)
REJECT_COMMITTED = Reason(
    "keeps_committed",
    "§5.4",
    "{me} refused: entry {index} is committed and can never be replaced.",
)
FOLLOWER_COMMITS = Reason(
    "commit_index_from",
    "§5.3",
    "{leader} has committed up to entry {index}, so {me} applies its entries up to there.",
)
COUNT_COPY = Reason(
    "match_index_after_success",
    "§5.3",
    "{other} holds everything up to entry {index}, as {me} now knows.",
)
NOTHING_NEW = Reason(
    "match_index_after_success", "§5.3", "{other} is still there; {me} learned nothing new."
)
LEADER_COMMITS = Reason(
    "leader_commit_index",
    "§5.3, §5.4.2",
    "Entry {index} is of term {term} and on a majority ({holders}), so {me} commits everything up "
    "to it.",
    notable=True,
)
HOLD_COMMIT = Reason(
    "leader_commit_index",
    "§5.4.2",
    "Entry {index} is on a majority, but it is of term {entry_term}. {me} counts copies only for "
    "entries of its own term {term}, and waits.",
    notable=True,
)
BACK_OFF = Reason(
    "back_off",
    "§5.3",
    "{other} does not agree there, so {me} goes back and tries again from entry {index}.",
)
LEADER_APPENDS = Reason(
    "leader_appends",
    "§5.3",
    "{me} leads, so it appended the command as entry {index} of term {term} and sends it on.",
)
SEND_TO_LEADER = Reason(
    "not_leader", "§8", "{me} does not lead. It names the leader it knows of: {leader}."
)
ALREADY_DURABLE = Reason(
    "persist_before_reply", "§5.3", "What {me} wrote is on its disk and survives a crash."
)
FIRED_TOO_LATE = Reason(
    "heartbeat", "§5.2", "{me} had nothing to do: a leader has no election timeout."
)
GATHER = Reason(
    "batch",
    "dissertation §10.2.2",
    "{me} leads, so it appended the command as entry {index} of term {term}. It waits for up to "
    "{batch} commands, to send them together.",
)
SEND_BATCH = Reason(
    "batch",
    "dissertation §10.2.2",
    "{me} has waited long enough and sends {count} commands together.",
)
NOTHING_GATHERED = Reason(
    "batch", "dissertation §10.2.2", "{me} has nothing left that waits to be sent."
)
COMPACT = Reason(
    "compact",
    "§7",
    "{me} has applied everything up to entry {index}. A snapshot of its state machine replaces "
    "these entries, and its log can be shorter.",
    notable=True,
)
NOTHING_TO_COMPACT = Reason(
    "compact",
    "§7",
    "{me} has applied nothing since its last snapshot, so there is nothing to compact.",
)
INSTALL = Reason(
    "install_snapshot",
    "§7",
    "{me} was so far behind that {leader} no longer has the entries it lacks. It took over the "
    "snapshot of everything up to entry {index}.",
    notable=True,
)
STORE_CHUNK = Reason(
    "install_snapshot",
    "§7",
    "{me} has the first {offset} characters of the snapshot that {leader} sends, and waits for the "
    "rest.",
)
OLDER_CHUNK = Reason(
    "install_snapshot",
    "§7",
    "{me} already has a part of a later snapshot of {leader} than this one, up to entry {index}, "
    "and waits for the rest of that.",
)
NEXT_CHUNK = Reason(
    "install_snapshot",
    "§7",
    "{other} has the first {offset} characters of the snapshot, and {me} sends it what follows.",
)
SNAPSHOT_KNOWN = Reason(
    "install_snapshot",
    "§7",
    "{me} holds everything up to entry {index} already and keeps its own log.",
)
