"""What the plots show, and what is to be said about them; no pixels."""

from collections.abc import Callable

import attrs

from raftviz.picture.measures import Measures, Steps, value_at
from raftviz.raft.names import name
from raftviz.sim.units import US_PER_S, in_ms


@attrs.frozen
class Plot:
    """One of the plots. ``measure`` is one of ``MEASURES`` for those that tell of servers, or empty.

    ``whole``: there is nothing between two whole numbers.
    """

    id: str
    title: str
    measure: str = ""
    whole: bool = True


PLOTS = (
    Plot("term", "Term", "term"),
    Plot("commit", "Commit index", "commit_index"),
    Plot("log", "Log length", "last_index"),
    Plot("flying", "Messages in flight"),
    Plot("latency", "Commit latency, ms", whole=False),
    Plot("throughput", "Commits a second", whole=False),
)
"""All of them, in reading order."""

_SHORTEST_US = US_PER_S


def whole_us(head_us: int) -> int:
    """How much time is shown when all is: rounded up, so that it seldom changes as time passes."""
    whole = _SHORTEST_US
    while whole < head_us:
        whole = whole * 5 // 4
    return whole


def columns_for(width: int, height: int) -> int:
    """In how many columns so many plots look best in a place of this size (px)."""
    count = len(PLOTS)
    fitting = (n for n in range(1, count + 1) if count % n == 0)

    def badness(columns: int) -> float:
        wide, high = width / columns, height / (count // columns)
        return abs(wide / max(high, 1.0) - 2.4) + (5.0 if high < 70 else 0.0)

    return min(fitting, key=badness)


# Words


def words_at(plot: Plot, measures: Measures, time_us: int, server: int) -> str:
    """What a plot says at an instant; ``server`` is the selected one, 0 for none."""
    lines = [f"{plot.title} at {in_ms(time_us):,.1f} ms"]
    if plot.measure and plot.measure not in measures.told:
        lines.append("the recording does not tell it")
    elif plot.measure:
        high = value_at(measures.extreme("high", plot.measure), time_us)
        low = value_at(measures.extreme("low", plot.measure), time_us)
        lines.append(f"highest {high}, lowest {low}" if low != high else f"{high} on all that run")
        if server in measures.servers:
            mine = value_at(measures.of_server(server, plot.measure), time_us)
            lines.append(f"{name(server)}: {mine}")
    elif plot.id == "flying":
        lines.append(str(value_at(measures.in_flight(), time_us)))
    elif plot.id == "latency":
        lines.append(_last_commit(measures, time_us))
    return "\n".join(lines)


def _last_commit(measures: Measures, time_us: int) -> str:
    times, took = measures.latencies()
    at = int(times.searchsorted(time_us, side="right")) - 1
    if at < 0:
        return "nothing is committed yet"
    index = int(measures.commits.column("index")[at])
    return f"entry {index} was committed {took[at]:,.1f} ms after a leader appended it"


def summary(measures: Measures, time_us: int) -> str:
    """All of them at an instant in one line, for those who do not see them."""
    steps: list[tuple[str, Callable[[], Steps]]] = [
        ("term", lambda: measures.extreme("high", "term")),
        ("commit index", lambda: measures.extreme("high", "commit_index")),
        ("last index", lambda: measures.extreme("high", "last_index")),
        ("messages in flight", measures.in_flight),
    ]
    return ", ".join(f"{words} {value_at(of(), time_us)}" for words, of in steps)
