"""Crews: many workers come to what one comes to, and who is lost takes nothing along."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from itertools import count
from pathlib import Path

import pytest

from raftviz.lab import exploring
from raftviz.lab.crews import Alone, Crew, CrewError, Handing, Processes
from raftviz.lab.exploring import Done, Part, explore, search_part
from raftviz.lab.plans import Aim
from raftviz.lab.wandering import wander
from tests.lab.searches import found, never, to_the_end


def doubled(number: int) -> int:
    return 2 * number


def killed_once(path: str) -> str:
    """Takes its worker along, the first time."""
    file = Path(path)
    if file.suffix == ".lethal" and not file.exists():
        file.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return path


def answers(handing: Handing[int, int]) -> Iterator[tuple[int, int]]:
    return (answer for answer in handing.answers() if answer is not None)


class Clumsy(Alone):
    """Loses everybody each time."""

    class _Broken(Executor):
        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            from concurrent.futures import Future

            future: Future[int] = Future()
            future.set_exception(BrokenProcessPool())
            return future

    def __init__(self) -> None:
        self.executor: Executor = self._Broken()


def test_every_part_is_done() -> None:
    handing = Handing(Alone(), doubled, iter(range(9)))
    assert dict(answers(handing)) == {number: 2 * number for number in range(9)}


def test_parts_that_are_not_wanted_any_more_are_not_done() -> None:
    handing = Handing(Alone(), doubled, count())
    done = []
    for part, _ in answers(handing):
        done.append(part)
        if part == 3:
            handing.only(lambda other: other < 3)
    assert done == [0, 1, 2, 3]


def test_who_loses_one_worker_after_the_other_gives_up() -> None:
    with pytest.raises(CrewError, match="none did anything"):
        list(Handing(Clumsy(), doubled, iter(range(3))).answers())


def test_a_killed_process_costs_only_what_it_was_doing(tmp_path: Path) -> None:
    parts = [
        str(tmp_path / f"{number}.{'lethal' if number == 1 else 'harmless'}") for number in range(6)
    ]
    crew = Processes(2)
    try:
        handing = Handing(crew, killed_once, iter(parts))
        done = sorted(answer[0] for answer in handing.answers() if answer is not None)
    finally:
        crew.close()
    assert done == parts


def test_two_workers_find_what_one_finds() -> None:
    alone = found("commit_min_log_len")
    assert alone.seed >= 16, "it is found in the first part already, which is never handed out"
    together = found("commit_min_log_len", crew=Processes(2))
    assert (together.seed, together.session) == (alone.seed, alone.session)


def test_the_lowest_seed_wins_whoever_is_first(monkeypatch: pytest.MonkeyPatch) -> None:
    class Backwards(Alone):
        """Many workers, of whom the last is the quickest."""

        jobs = 4

    aim = Aim.of("caller_supplies_term")
    plan = next(plan for s in range(100) if (plan := wander(s, aim)) is not None)

    def work(part: Part) -> Done:
        # Both of these parts have one; the first part has none.
        return Done(part.runs, 1, part.first + 5, plan) if part.first >= 16 else Done(part.runs)

    monkeypatch.setattr(exploring, "search_part", work)
    finding, _ = to_the_end(explore(aim, crew=Backwards(), clock=never))
    assert finding.seed == 21


def test_a_worker_of_another_version_is_refused() -> None:
    done = search_part(Part(Aim.of("no_log_check"), 0, 5, "0.0.1 (another)"))
    assert done.runs == 0
    assert "0.0.1 (another)" in done.wrong


def test_what_was_looked_at_is_told_when_the_crew_gives_up() -> None:
    crew: Crew = Clumsy()
    with pytest.raises(CrewError, match="16 runs had found nothing by then"):
        to_the_end(explore(Aim("none", "election_safety"), crew=crew, clock=never))
