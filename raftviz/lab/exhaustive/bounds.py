"""How far an exhaustive search goes, and how many states that may be."""

from collections.abc import Iterator

from raftviz.raft.cluster import Options
from raftviz.raft.values import value

MOST = {"servers": 5, "terms": 6, "commands": 5, "crashes": 6}
"""Beyond these nothing ends, whatever the others are."""

LEAST = {"servers": 1, "terms": 1, "commands": 0, "crashes": 0}

MOST_STATES = 4_000_000
"""States that are kept in memory at once: about a gigabyte."""

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
