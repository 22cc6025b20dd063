"""Operations as bars: a row a client, from call to answer; and what is to be said about each."""

from collections.abc import Sequence

from raftviz.picture.operations import Operation, Operations
from raftviz.picture.timeline_scale import TimeScale
from raftviz.raft.names import Address, name
from raftviz.raft.values import value
from raftviz.sim.units import in_ms

MOST_BARS = 400
"""In a row: more are narrower than what tells them apart."""


@value(eq=False)
class Bar:
    """An operation in a row, from ``x0`` to ``x1``; ``waits`` when nobody has answered it yet.

    ``tries`` are where it was sent again.
    """

    operation: Operation
    row: int
    x0: float
    x1: float
    waits: bool
    tries: tuple[float, ...]


@value
class Crowd:
    """So many operations that they are told by number."""

    row: int
    x0: float
    x1: float
    count: int


@value(eq=False)
class Chart:
    """All that is in view. ``clients`` are the rows, from the top."""

    clients: tuple[Address, ...]
    bars: tuple[Bar, ...]
    crowds: tuple[Crowd, ...]


def chart(
    operations: Operations, scale: TimeScale, clients: Sequence[Address], head_us: int
) -> Chart:
    """The operations of these clients in ``scale``, simulated up to ``head_us``."""
    bars: list[Bar] = []
    crowds: list[Crowd] = []
    for row, client in enumerate(clients):
        found = operations.between(client, scale.start_us, scale.end_us)
        found = [o for o in found if o.answer is None or o.answer_us >= scale.start_us]
        if len(found) > MOST_BARS:
            end = found[-1].answer_us if found[-1].answer is not None else head_us
            x0, x1 = scale.x(found[0].call_us), scale.x(end)
            crowds.append(Crowd(row, x0, x1, len(found)))
            found = [operation for operation in found if operation.unexplained]
        bars += [_bar(operation, row, scale, head_us) for operation in found]
    return Chart(tuple(clients), tuple(bars), tuple(crowds))


def _bar(operation: Operation, row: int, scale: TimeScale, head_us: int) -> Bar:
    waits = operation.answer is None
    end = head_us if waits else operation.answer_us
    tries = tuple(scale.x(attempt.time_us) for attempt in operation.attempts[1:])
    return Bar(operation, row, scale.x(operation.call_us), scale.x(end), waits, tries)


def bar_at(seen: Chart, x: float, row: int, reach: float) -> Operation | None:
    """The operation under a point of a row, or within ``reach`` pixels of it."""
    near = [bar for bar in seen.bars if bar.row == row and bar.x0 - reach <= x <= bar.x1 + reach]
    nearest = min(near, key=lambda bar: max(bar.x0 - x, x - bar.x1, 0.0), default=None)
    return nearest.operation if nearest is not None else None


def next_operation(
    operations: Operations, current: Operation | None, count: int, step: int
) -> Operation | None:
    """The operation called next (or last); without a current one, the last called before ``count``."""
    known = operations.all
    if not known:
        return None
    if current is None:
        asked, _ = operations.how_many(count)
        return known[max(0, asked - 1)]
    return known[min(max(current.number + step, 0), len(known) - 1)]


# Words


def operation_words(operation: Operation, head_us: int) -> str:
    """All there is to say about an operation in a few lines."""
    lines = [f"{name(operation.client)}: {operation.text}"]
    if operation.answer is None:
        waited = in_ms(head_us - operation.call_us)
        lines.append(f"called at {_ms(operation.call_us)}, waits for {waited:,.1f} ms")
    else:
        took = in_ms(operation.answer_us - operation.call_us)
        lines.append(
            f"“{operation.result}” after {took:,.1f} ms, called at {_ms(operation.call_us)}"
        )
    servers = " → ".join(name(attempt.server) for attempt in operation.attempts)
    lines.append(f"asked {servers}")
    if operation.unexplained:
        lines.append("no order of the operations explains this answer")
    return "\n".join(lines)


def steps(operation: Operation) -> list[tuple[int, str]]:
    """The events of an operation: their numbers, and what happened in them."""
    first, *again = operation.attempts
    told = [(first.event, f"{_ms(first.time_us)}  asks {name(first.server)}")]
    told += [(a.event, f"{_ms(a.time_us)}  asks {name(a.server)} again") for a in again]
    if operation.answer is not None:
        result = f"“{operation.result}”" if operation.result else "nothing"
        told.append((operation.answer, f"{_ms(operation.answer_us)}  is told {result}"))
    return told


def _ms(time_us: int) -> str:
    return f"{in_ms(time_us):,.1f} ms"
