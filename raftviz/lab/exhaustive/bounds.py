"""How far an exhaustive search goes, and how many states that may be."""

from collections.abc import Iterator
from math import log10

import attrs

from raftviz.raft.cluster import Options
from raftviz.raft.values import value
from raftviz.sim.script_error import did_you_mean

MOST = {"servers": 5, "terms": 6, "commands": 5, "crashes": 6}
"""Beyond these nothing ends, whatever the others are."""

LEAST = {"servers": 1, "terms": 1, "commands": 0, "crashes": 0}

MOST_STATES = 2_000_000
"""States that are kept in memory at once: one to two gigabytes."""

PLAIN = Options(no_op=False)
"""The algorithm of the paper's Figure 2: a new leader appends nothing of its own (that is §8). With
the no-op each election is a command more."""


class BoundsError(ValueError):
    """Bounds in which no search is begun; the message is a sentence that says why."""


@value
class Bounds:
    """What may happen, and how often at most.

    ``terms``: a server whose term is that high begins no election. ``commands``: clients send so many
    requests, to any server that believes to lead. ``crashes``: so many times a server crashes and
    starts again, any of them, at any moment.

    Messages need no bound. Each that was ever sent may arrive at any time, in any order, any number of
    times or never: a loss is a message that does not arrive, a duplicate one that arrives again.
    """

    servers: int = 3
    terms: int = 2
    commands: int = 1
    crashes: int = 1

    def check(self) -> None:
        """Raise BoundsError for what is no number for one of them."""
        for what, most in MOST.items():
            number, least = getattr(self, what), LEAST[what]
            if not least <= number <= most:
                raise BoundsError(f"{what} can be from {least} to {most}, not {number}")

    @property
    def words(self) -> str:
        """The bounds for people: ``3 servers, 2 terms, 1 command, 1 crash``."""
        return ", ".join(_counted(self))


def _counted(bounds: Bounds) -> Iterator[str]:
    for what in MOST:
        number = getattr(bounds, what)
        one = "crash" if what == "crashes" else what.removesuffix("s")
        yield f"{number} {one if number == 1 else what}"


# How many states there are

STATES_A_SECOND = 15_000
"""On one core, in the middle of a search; for estimates."""

_BY_SERVERS = {1: 0.2, 2: 0.5, 3: 1.0, 4: 1.25, 5: 1.75}
"""By what the decimal logarithm of the number of states with three servers is to be multiplied."""

HOPELESS = 5 * MOST_STATES
"""So many states, by an estimate that may be wrong by a few times, will never all be looked at."""


def estimate(bounds: Bounds, options: Options = PLAIN) -> int:
    """About how many states there are within these bounds: measured where a search ended, and drawn on.

    What a leader appends at the start of its term counts like a command in each term.
    """
    terms = bounds.terms - 1
    commands = bounds.commands + (bounds.terms if options.no_op else 0)
    digits = 1.25 + 1.25 * terms + 1.3 * commands + 0.4 * commands * (commands - 1)
    digits += 0.2 * terms * bool(commands) + 0.3 * (options.pipeline > 1)
    return round(10 ** (digits * _BY_SERVERS[bounds.servers] + 2 * log10(bounds.crashes + 1)))


def estimate_words(bounds: Bounds, options: Options = PLAIN) -> str:
    """The estimate for people: ``about 80,000 states, some 5 seconds``."""
    states = estimate(bounds, options)
    unit = 10 ** int(log10(max(states, 1)))
    return f"about {round(states / unit) * unit:,} states, {_some(states / STATES_A_SECOND)}"


def _some(seconds: float) -> str:
    for name, length in (("year", 31_557_600), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            number = round(seconds / length)
            return f"some {number:,} {name}{'s' if number > 1 else ''}"
    return "a moment" if seconds < 2 else f"some {round(seconds)} seconds"


def check_hope(bounds: Bounds, options: Options) -> None:
    """Raise BoundsError where a search of all states would not end."""
    if estimate(bounds, options) > HOPELESS:
        raise BoundsError(
            f"within {bounds.words} there are {estimate_words(bounds, options)}, and memory holds "
            f"{MOST_STATES:,} states: it would not end. Choose less of something"
        )


# What suits a variant

_PIPELINED = attrs.evolve(Options(), pipeline=2)

_USUAL: dict[str, tuple[Bounds, Options]] = {
    "count_next_index": (Bounds(3, 2, 1, 0), _PIPELINED),
    "match_is_current_len": (Bounds(3, 2, 1, 0), Options()),
    "unconditional_truncate": (Bounds(3, 2, 2, 0), PLAIN),
    "stale_term_accepted": (Bounds(3, 2, 0, 0), Options()),
    "commit_min_log_len": (Bounds(3, 2, 1, 0), Options()),
    "caller_supplies_term": (Bounds(3, 2, 2, 0), PLAIN),
    "corrupt_state_ignored": (Bounds(3, 2, 1, 1), PLAIN),
    "vote_not_persisted": (Bounds(3, 1, 0, 1), PLAIN),
    "vote_reset_in_term": (Bounds(3, 1, 0, 0), PLAIN),
    "votes_counted_not_set": (Bounds(4, 1, 0, 0), PLAIN),
    "even_majority": (Bounds(4, 1, 1, 0), PLAIN),
    "next_index_is_len": (Bounds(3, 1, 0, 0), PLAIN),
    "ack_before_commit": (Bounds(3, 1, 1, 0), PLAIN),
}


def usual(variants: tuple[str, ...] = ()) -> tuple[Bounds, Options]:
    """Bounds that end, and within which what these variants bring down is found, where that is known."""
    return next((_USUAL[name] for name in variants if name in _USUAL), (Bounds(), PLAIN))


def bounds_from(text: str, otherwise: Bounds) -> Bounds:
    """``terms=3 crashes=0``: these bounds, and the others as they are. Raises BoundsError."""
    bounds = otherwise
    for word in text.replace(",", " ").split():
        what, _, number = word.partition("=")
        if what not in MOST:
            known = ", ".join(MOST)
            hint = did_you_mean(what, MOST) or f": there are {known}"
            raise BoundsError(f"there is no bound called “{what}”{hint}")
        if not (number.isascii() and number.isdigit() and len(number) < 4):
            raise BoundsError(f"a number is expected behind {what}=, such as {what}=2")
        bounds = attrs.evolve(bounds, **{what: int(number)})
    bounds.check()
    return bounds
