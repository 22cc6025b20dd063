"""A search in a process of its own: whoever waits for it stays awake, and can end it at once.

What to do goes there as a ``Quest``; back come progress, now and then, and in the end the finding, or a
sentence that says why there is none.
"""

import multiprocessing
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import attrs

from raftviz.lab.crews import CrewError
from raftviz.lab.exhaustive.bounds import PLAIN, Bounds
from raftviz.lab.exhaustive.finding import exhaust
from raftviz.lab.exploring import LIMIT_S, explore
from raftviz.lab.findings import Finding, Progress, Search
from raftviz.lab.plans import Aim
from raftviz.memory import let_history_grow
from raftviz.raft.cluster import Options
from raftviz.raft.values import value

_EVERY_S = 0.05
"""So often the other process tells how far it is."""

_MOMENT_S = 0.02

LOST = "the search ended without a word, perhaps for want of memory"


@value
class Quest:
    """What is to be searched for, and how: at random, or all there is within ``bounds``.

    ``falls`` is the property that is to fall; empty: what the variant is told to break.
    """

    variant: str
    exhaustive: bool = False
    bounds: Bounds = attrs.field(factory=Bounds)
    options: Options = PLAIN
    seed: int = 0
    limit_s: float = LIMIT_S
    falls: str = ""


@value
class Failed:
    """Why there is no finding."""

    sentence: str


News = Progress | Finding | Failed
Make = Callable[[Quest], Search]


def search_of(quest: Quest) -> Search:
    """The search that a quest asks for. Raises ValueError, in a sentence, for one that makes no sense."""
    aim = Aim.of(quest.variant, quest.falls)
    if quest.exhaustive:
        return exhaust(aim, quest.bounds, quest.options)
    return explore(aim, seed=quest.seed, limit_s=quest.limit_s)


class Apart:
    """One search in a process of its own. ``stop`` ends it, in the middle of whatever it does."""

    def __init__(self, quest: Quest, make: Make = search_of) -> None:
        context = multiprocessing.get_context("spawn")  # whoever asks has a window, and threads
        self._news, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_work, args=(theirs, make, quest), daemon=True)
        self._process.start()
        theirs.close()
        self._open = True

    def news(self) -> News | None:
        """The newest that came since one asked last; None if nothing did."""
        newest: News | None = None
        try:
            while self._open and self._news.poll():
                newest = self._news.recv()
                if not isinstance(newest, Progress):
                    break
        except (EOFError, OSError):
            return Failed(LOST)
        return newest

    def stop(self) -> None:
        """End the search, if it goes on still, and give everything back."""
        if not self._open:
            return
        self._open = False
        self._news.close()
        self._process.kill()
        self._process.join(_MOMENT_S)
        if self._process.exitcode is not None:
            self._process.close()
        # Else the machine is still taking back a gigabyte, and nobody need wait for that: a process that
        # has ended is forgotten when the next one begins, or with this one.


def _work(news: Connection, make: Make, quest: Quest) -> None:
    """What the other process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one that asked
    let_history_grow()
    try:
        news.send(_told(news, make(quest)))
    except (ValueError, CrewError) as error:
        news.send(Failed(str(error)))
    except MemoryError:
        news.send(Failed(LOST))
    except BrokenPipeError:
        return  # nobody waits any more


def _told(news: Connection, search: Search) -> Finding:
    told_s, phase = 0.0, ""
    while True:
        try:
            progress = next(search)
        except StopIteration as end:
            finding: Finding = end.value
            return finding
        now = time.monotonic()
        if now - told_s >= _EVERY_S or progress.phase != phase:
            told_s, phase = now, progress.phase
            news.send(progress)
