"""The same search on a real Dask cluster: as good as here, and a killed worker costs little."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("distributed", reason="raftviz[distributed] is not installed")

from click.testing import CliRunner
from distributed import LocalCluster

from raftviz import cli
from raftviz.lab import exploring, far_away
from raftviz.lab.crews import CrewError, Handing
from raftviz.lab.exploring import explore
from raftviz.lab.far_away import FarAway
from raftviz.lab.plans import Aim
from tests.lab.searches import found, never, to_the_end

HERE: dict[str, Any] = {
    "threads_per_worker": 1,
    "processes": True,
    "dashboard_address": ":0",
    "host": "127.0.0.1",
    "silence_logs": 50,
}
"""Processes of this machine that know each other by network alone."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, **HERE) as cluster:
        yield cluster


def here_alone(number: int) -> int:
    """Something that workers do not have."""
    raise ModuleNotFoundError(f"no module for {number}")


def test_what_is_found_far_away_is_what_is_found_here(cluster: LocalCluster) -> None:
    here = found("commit_min_log_len")
    there = found("commit_min_log_len", crew=FarAway(cluster.scheduler_address))
    assert here.seed >= 16, "it is found in the first part already, which is never handed out"
    assert (there.seed, there.session) == (here.seed, here.session)


def test_a_killed_worker_costs_nothing_but_what_it_was_doing(cluster: LocalCluster) -> None:
    aim = Aim("none", "election_safety")
    search = explore(aim, runs=240, crew=FarAway(cluster.scheduler_address), clock=never)
    while next(search).runs < 32:
        pass
    os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
    finding, told = to_the_end(search)

    assert finding.runs == 240
    assert told[0].runs < 240


def test_a_search_far_away_can_be_stopped(cluster: LocalCluster) -> None:
    search = explore(Aim("none"), crew=FarAway(cluster.scheduler_address), clock=never)
    assert [next(search).runs for _ in range(3)]
    search.close()


def test_workers_of_another_version_are_refused(
    cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exploring, "code", lambda: "9.9.9 (of tomorrow)")
    crew = FarAway(cluster.scheduler_address)
    with pytest.raises(CrewError, match=r"a worker has version .*, and this one is 9\.9\.9"):
        to_the_end(explore(Aim("none"), crew=crew, clock=never))


def test_what_workers_cannot_even_begin_is_told_in_a_sentence(cluster: LocalCluster) -> None:
    crew = FarAway(cluster.scheduler_address)
    handing = Handing(crew, here_alone, iter(range(3)))
    with pytest.raises(CrewError, match="need this version of raftviz"):
        list(handing.answers())
    crew.close()


def test_a_scheduler_that_goes_in_the_middle_is_told_in_a_sentence() -> None:
    with LocalCluster(n_workers=1, **HERE) as cluster:
        search = explore(Aim("none"), crew=FarAway(cluster.scheduler_address), clock=never)
        while next(search).runs < 32:
            pass
    with pytest.raises(CrewError, match=r"is gone; [0-9]+ runs had found nothing by then"):
        to_the_end(search)


def test_the_command_takes_the_address(cluster: LocalCluster) -> None:
    arguments = ["explore", "--variant", "no_log_check", "--scheduler", cluster.scheduler_address]
    result = CliRunner().invoke(cli.main, arguments)
    assert result.exit_code == 0, result.output
    assert "Leader Completeness falls" in result.output


def test_a_scheduler_that_is_not_there_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(far_away, "CONNECT_S", 0.3)
    arguments = ["explore", "--variant", "none", "--scheduler", "tcp://127.0.0.1:9"]
    result = CliRunner().invoke(cli.main, arguments)
    assert result.exit_code == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in result.output


def test_a_scheduler_without_workers_is_told_in_a_sentence() -> None:
    with (
        LocalCluster(n_workers=0, **HERE) as empty,
        pytest.raises(CrewError, match="has no workers"),
    ):
        FarAway(empty.scheduler_address)
