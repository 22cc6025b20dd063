"""Crews: who does the parts of a long work. One interface, for one process, many, and many machines.

A crew has an ``executor`` of the standard library's kind. ``done_by`` hands out parts, takes the answers as
they come and hands out again what a worker took with it when it was lost. What the parts come to does
not depend on who did them.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from typing import Any, Generic, Protocol, TypeVar

from raftviz.memory import let_history_grow

P = TypeVar("P")
R = TypeVar("R")

_AHEAD = 3
"""Parts that wait for each worker, so that none idles, and little was in vain when it is enough."""

_LOOK_UP_S = 0.2
"""So often whoever waits may look up: for a limit, or because somebody wants to stop."""

_LOSSES = 3
"""So often in a row workers may be lost without a single part being done."""


class CrewError(Exception):
    """Nobody does the work, or does it wrongly; the message is a sentence."""


class Crew(Protocol):
    """Those who do the work."""

    jobs: int

    @property
    def executor(self) -> Executor:
        """Who takes the parts."""

    def renew(self) -> None:
        """Workers were lost: get others. Raises CrewError when there are none."""

    def look(self) -> None:
        """Raise CrewError if nobody is there any more who works."""

    def told(self, error: Exception) -> Exception:
        """What to raise where ``error`` came in the place of an answer."""

    def close(self) -> None:
        """Send all home, in the middle of their work."""


class _AtOnce(Executor):
    """Does what it is given at once, here."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        future: Future[R] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Alone:
    """The process that asks does everything itself, one part after the other."""

    jobs = 1

    def __init__(self) -> None:
        self.executor: Executor = _AtOnce()

    def renew(self) -> None:
        """Nobody is ever lost."""

    def look(self) -> None:
        """Somebody is always there."""

    def told(self, error: Exception) -> Exception:
        """It came from the work itself."""
        return error

    def close(self) -> None:
        """Nobody has to be sent home."""


class Processes:
    """So many processes on this machine."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self.executor: Executor = self._pool()

    def _pool(self) -> ProcessPoolExecutor:
        # Not forked: whoever asks may have threads, and a window.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.jobs, context, initializer=_begin)

    def renew(self) -> None:
        """A process that is lost takes the pool with it."""
        self.close()
        self.executor = self._pool()

    def look(self) -> None:
        """A lost process is told by the parts that it took with it."""

    def told(self, error: Exception) -> Exception:
        """It came from the work itself."""
        return error

    def close(self) -> None:
        """Wait for the parts that are under way, which are short; forget the others."""
        self.executor.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """What a new process does first. Ctrl+C is for the one that asked, which sends all home."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    let_history_grow()


def crew_of(jobs: int) -> Crew:
    """So many workers on this machine."""
    return Alone() if jobs == 1 else Processes(jobs)


class Handing(Generic[P, R]):
    """Hands parts to a crew and takes back what they come to.

    ``answers`` yields (part, what it came to) as they come, and None whenever nothing has come for a
    moment. ``enough`` says which parts need not be done any more.
    """

    def __init__(self, crew: Crew, work: Callable[[P], R], parts: Iterator[P]) -> None:
        self._crew = crew
        self._work = work
        self._parts = parts
        self._waiting: dict[Future[R], P] = {}
        self._losses = 0
        self._keep: Callable[[P], bool] = lambda _: True

    def only(self, keep: Callable[[P], bool]) -> None:
        """From now on only such parts are wanted."""
        self._keep = keep
        for future, part in [*self._waiting.items()]:
            if not keep(part):
                future.cancel()
                del self._waiting[future]

    def answers(self) -> Iterator[tuple[P, R] | None]:
        """What the parts come to. Raises CrewError when nobody is left to do them."""
        try:
            self._hand_out()
            while self._waiting:
                done, _ = wait(self._waiting, _LOOK_UP_S, FIRST_COMPLETED)
                if not done:
                    self._crew.look()
                    yield None
                for future in done:
                    if future in self._waiting:
                        yield from self._take(future)
                self._hand_out()
        finally:
            for future in self._waiting:
                future.cancel()

    def _take(self, future: Future[R]) -> Iterator[tuple[P, R] | None]:
        part = self._waiting.pop(future)
        try:
            answer = future.result()
        except BrokenExecutor:
            self._begin_anew(part)
            yield None
            return
        except Exception as error:  # whatever it is, the crew knows whose it is
            raise self._crew.told(error) from error
        self._losses = 0
        yield part, answer

    def _begin_anew(self, part: P) -> None:
        """A worker is lost, and perhaps all: what was not done is handed out again."""
        self._losses += 1
        if self._losses > _LOSSES:
            raise CrewError("one worker after the other was lost, and none did anything")
        again = [part, *self._waiting.values()]
        self._waiting.clear()
        self._crew.renew()
        for one in again:
            self._hand(one)

    def _hand(self, part: P) -> None:
        self._waiting[self._crew.executor.submit(self._work, part)] = part

    def _hand_out(self) -> None:
        jobs = self._crew.jobs
        while len(self._waiting) < (jobs * _AHEAD if jobs > 1 else 1):
            part = next(self._parts, None)
            if part is None or not self._keep(part):
                return
            self._hand(part)
