"""Reasons as a line tells them: the rule, the section, the sentence, and what the sentence is made of.

Read back, a reason of ours is found again among those of the algorithm and the world, if with its
values it gives the very sentence; anybody else's is taken by its sentence.
"""

from collections.abc import Iterable

from raftviz.raft import because as algorithm
from raftviz.raft.because import Because, Reason
from raftviz.sim import client, faults
from raftviz.sim.recording.fields import (
    Json,
    Wrong,
    get,
    integer,
    items,
    known_keys,
    line_of_text,
    mapping,
    need,
    shown,
    text,
    truth,
)

Told = dict[str, Json]

_KEYS = frozenset({"rule", "section", "sentence", "notable", "values"})
_MOST_KEPT = 10_000


def _all_reasons() -> Iterable[Reason]:
    for module in (algorithm, client, faults):
        yield from (value for value in vars(module).values() if isinstance(value, Reason))
    yield from faults.LOST.values()


def _by_rule() -> dict[tuple[str, str], tuple[Reason, ...]]:
    found: dict[tuple[str, str], tuple[Reason, ...]] = {}
    for reason in _all_reasons():
        key = reason.rule, reason.section
        found[key] = (*found.get(key, ()), reason)
    return found


_OURS = _by_rule()

_TYPES = {"command": str, "why": str, "granted": frozenset, "holders": frozenset}
"""What the values of our reasons are, where they are no numbers."""


def reason_out(because: Because) -> Told:
    """A reason as a line tells it."""
    reason = because.reason
    told: Told = {"rule": reason.rule, "section": reason.section, "sentence": because.sentence}
    if reason.notable:
        told["notable"] = True
    values = because.values
    if values:
        told["values"] = {
            key: sorted(value) if isinstance(value, frozenset) else value
            for key, value in values.items()
        }
    return told


class Reasons:
    """Reads reasons. Those that are alike are one value: most events of a quiet cluster are."""

    def __init__(self) -> None:
        self._known: dict[str, Because] = {}

    def reason(self, value: Json) -> Because:
        """One reason; a sentence alone will do."""
        told = mapping({"sentence": value} if isinstance(value, str) else value)
        known = self._known.get(str(told))
        if known is None:
            known = _read(told)
            if len(self._known) < _MOST_KEPT:
                self._known[str(told)] = known
        return known


def _read(told: Told) -> Because:
    known_keys(told, _KEYS)
    sentence = need(told, "sentence", line_of_text)
    rule, section = get(told, "rule", _word, ""), get(told, "section", _word, "")
    notable = get(told, "notable", truth, default=False)
    ours = _ours(rule, section, sentence, get(told, "values", _values, {}))
    if ours is not None:
        return ours
    template = sentence.replace("{", "{{").replace("}", "}}")
    return Because(Reason(rule, section, template, notable), {})


def _ours(rule: str, section: str, sentence: str, values: dict[str, object]) -> Because | None:
    if not all(type(value) is _TYPES.get(key, int) for key, value in values.items()):
        return None
    for reason in _OURS.get((rule, section), ()):
        because = Because(reason, values)
        try:
            if because.sentence == sentence:
                return because
        except (KeyError, ValueError, TypeError, IndexError, AttributeError):
            continue  # made of other values
    return None


def _word(value: Json) -> str:
    return line_of_text(value, 200)


def _values(value: Json) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, item in mapping(value).items():
        if type(item) is int:
            found[key] = integer(item, -(1 << 62), 1 << 62)
        elif isinstance(item, list):
            found[key] = frozenset(integer(number, -(1 << 31), 1 << 31) for number in items(item))
        elif isinstance(item, str):
            found[key] = text(item)
        else:
            raise Wrong(
                f"a number, a text or a list of numbers is expected, not {shown(item)}", key
            )
    return found
