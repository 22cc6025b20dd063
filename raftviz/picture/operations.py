"""What clients asked and were told, read out of a branch: operations from call to answer."""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable

import attrs

from raftviz.checks.linearizable import Judged, Verdict, answered, called, part_of, unjudged
from raftviz.picture.branch_index import BranchIndex
from raftviz.raft.names import Address, name
from raftviz.raft.values import value
from raftviz.sim.client import Client
from raftviz.sim.history import Branch, History, Record


@value
class Attempt:
    """A request that was sent: the number of its event, when, and to which server."""

    event: int
    time_us: int
    server: int


@attrs.define(eq=False)
class Operation:
    """One thing that a client asked for. It waits while ``answer`` is None.

    ``call`` and ``answer`` are numbers of events. The first attempt is the call itself.
    ``unexplained``: with its answer, no order explains what clients were told.
    """

    number: int
    client: Address
    serial: int
    text: str
    attempts: list[Attempt]
    answer: int | None = None
    answer_us: int = 0
    result: str = ""
    unexplained: bool = False

    @property
    def call(self) -> int:
        """The number of the event of the call."""
        return self.attempts[0].event

    @property
    def call_us(self) -> int:
        """When it was called."""
        return self.attempts[0].time_us

    def before(self, count: int) -> "Operation":
        """The operation as it was when ``count`` events had happened; it was called by then."""
        attempts = [attempt for attempt in self.attempts if attempt.event < count]
        if self.answer is not None and self.answer < count:
            return self
        return Operation(self.number, self.client, self.serial, self.text, attempts)


_START = frozenset({"language", "log"})
"""What must be known of all servers at the start to judge what clients are told."""


class Operations(BranchIndex):
    """All operations of a branch in the order of their calls, and what can be said of them."""

    def __init__(self, history: History, branch: Branch, parent: "Operations | None") -> None:
        super().__init__(branch, parent)
        self._machine = history.settings.options.machine
        starts = history.start.hosts.values()
        # Servers that begin with entries have a state that no client can account for.
        self.known_start = not any(h.server.log.last_index or h.unknown & _START for h in starts)
        self.untold = any(host.unknown & _START for host in starts)
        """Whether a recording does not tell what commands do, or what there was at the start."""
        self.all: list[Operation] = []
        self.of_client: dict[Address, list[Operation]] = {}
        self._open: dict[Address, Operation] = {}
        self._judged: dict[str, list[tuple[int, Judged]]] = defaultdict(list)
        self._turns: list[tuple[int, Verdict, Operation]] = []
        self._answers = array("q")
        self._noted = 0

    def _begin(self) -> None:
        """The parent's operations as they were at the fork."""
        parent, fork = self.parent, self.branch.fork
        if parent is None:
            return
        assert isinstance(parent, Operations)
        for operation in parent.all[: bisect_left(parent.all, fork, key=lambda o: o.call)]:
            self._add(operation.before(fork))
        self._open = {o.client: o for o in self.all if o.answer is None}
        for part, known in parent._judged.items():
            at = bisect_left(known, fork, key=lambda noted: noted[0])
            if at:
                self._judged[part] = [known[at - 1]]
        self._turns = [turn for turn in parent._turns if turn[0] < fork]
        self._answers = parent._answers[: bisect_left(parent._answers, fork)]

    def _add(self, operation: Operation) -> None:
        self.all.append(operation)
        self.of_client.setdefault(operation.client, []).append(operation)

    def _note(self, number: int, record: Record) -> None:
        if record.part >= 0:
            return
        after, before = record.after, record.before
        assert isinstance(after, Client)
        self._noted += 1
        was = before.operation if isinstance(before, Client) else None
        now = after.operation
        if was is not None and (now is None or now.command != was.command):
            self._answer(number, record, after)
        if now is None:
            return
        attempt = Attempt(number, record.time_us, now.asked)
        if was is None or now.command != was.command:
            self._call(Operation(
                len(self.all), after.id, now.command.serial, now.command.text, [attempt]
            ))  # fmt: skip
        elif now.attempts > was.attempts and after.id in self._open:
            self._open[after.id].attempts.append(attempt)

    def _call(self, operation: Operation) -> None:
        self._add(operation)
        self._open[operation.client] = operation
        self._judge(operation, lambda j: called(j, operation.number, operation.text))

    def _answer(self, number: int, record: Record, client: Client) -> None:
        operation = self._open.pop(client.id, None)
        if operation is None:
            return  # a recording began in the middle of it
        operation.answer, operation.answer_us = number, record.time_us
        operation.result = client.last_result
        self._answers.append(number)
        self._judge(operation, lambda j: answered(j, operation.number, operation.result))

    def _judge(self, operation: Operation, step: Callable[[Judged], Judged]) -> None:
        part = part_of(self._machine, operation.text)
        known = self._judged[part]
        before = known[-1][1] if known else unjudged(self._machine, known=self.known_start)
        after = step(before)
        event = operation.call if operation.answer is None else operation.answer
        known.append((event, after))
        if after.verdict is not before.verdict:
            self._turns.append((event, after.verdict, operation))
            operation.unexplained = after.verdict is Verdict.BROKEN

    # Asking

    @property
    def changes(self) -> int:
        """Grows with everything that is noted."""
        return self._noted

    @property
    def is_waiting(self) -> bool:
        """Whether at the end of the branch somebody waits for an answer."""
        return bool(self._open)

    @property
    def clients(self) -> list[Address]:
        """Who ever asked for anything, C1 first."""
        return sorted(self.of_client, reverse=True)

    def verdict_at(self, count: int) -> tuple[Verdict, Operation | None]:
        """What can be said after ``count`` events, and the operation with which it came to that."""
        turns = [turn for turn in self._turns if turn[0] < count]
        for wanted in (Verdict.BROKEN, Verdict.UNKNOWN):
            for _, verdict, operation in turns:
                if verdict is wanted:
                    return verdict, operation
        return Verdict.FINE, None

    def between(self, client: Address, first_us: float, last_us: float) -> list[Operation]:
        """A client's operations that are under way at some time between two instants."""
        own = self.of_client[client]
        low = max(0, bisect_right(own, first_us, key=lambda o: o.call_us) - 1)
        high = bisect_right(own, last_us, key=lambda o: o.call_us)
        return own[low:high]

    def how_many(self, count: int) -> tuple[int, int]:
        """How many operations were called, and how many answered, in the first ``count`` events."""
        asked = bisect_left(self.all, count, key=lambda operation: operation.call)
        return asked, bisect_left(self._answers, count)


# Words


def verdict_words(operations: Operations, count: int) -> str:
    """What clients were told up to a position, in a sentence."""
    asked, told = operations.how_many(count)
    verdict, because = operations.verdict_at(count)
    waiting = f", {asked - told} waiting" if asked > told else ""
    many = f"{told} {'operation' if told == 1 else 'operations'}{waiting}"
    if operations.untold:
        return f"{many}. The recording does not tell enough to say whether they are linearizable."
    if not operations.known_start:
        return (
            f"{many}. The servers began with entries of nobody: linearizable or not, who can tell."
        )
    if verdict is Verdict.UNKNOWN:
        return f"{many}. Too many were open at once to tell whether they are linearizable."
    if because is None:
        return f"Linearizable: {many}."
    return (
        f"Not linearizable: {name(because.client)} was told that {because.text} gave "
        f"“{because.result}”, and no order of the operations explains it."
    )
