"""The algorithm's rules as a book to read while it runs: what each says, and where it is obeyed.

They stand as in the paper's Figure 2, in words of our own: what a server remembers, the RPCs, the
rules for servers; then snapshots, compaction and clients. Which of them *fired* in an event can be
read from its record.
"""

from raftviz.picture.rulebook import clients, rpcs, servers, state
from raftviz.picture.rulebook.rule import Chapter, Rule
from raftviz.raft.because import Reason
from raftviz.sim.history import Record

CHAPTERS: tuple[Chapter, ...] = (
    *state.CHAPTERS,
    *rpcs.CHAPTERS,
    *servers.CHAPTERS,
    rpcs.INSTALL_SNAPSHOT,
    *clients.CHAPTERS,
)
"""The whole book, in reading order."""

RULES: dict[str, Rule] = {rule.id: rule for chapter in CHAPTERS for rule in chapter.rules}
"""The rules by their id."""

RULE_OF: dict[Reason, Rule] = {reason: rule for rule in RULES.values() for reason in rule.reasons}
"""The rule that each reason stands for."""

_SEEN = tuple((rule.id, rule.seen_in) for rule in RULES.values() if rule.seen_in is not None)


def fired(record: Record) -> tuple[str, ...]:
    """The ids of the rules that fired in an event: first those it gives as its reasons."""
    told = [RULE_OF[b.reason].id for b in record.because if b.reason in RULE_OF]
    told += [rule for rule, seen_in in _SEEN if seen_in(record)]
    return tuple(dict.fromkeys(told))


__all__ = ["CHAPTERS", "RULES", "RULE_OF", "Chapter", "Rule", "fired"]
