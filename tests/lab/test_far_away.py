"""The same search on a real Dask cluster: as good as here, and a killed worker costs little."""

import os
import signal
from collections.abc import Iterator

import pytest

pytest.importorskip("distributed", reason="raftviz[distributed] is not installed")

from click.testing import CliRunner
from distributed import LocalCluster

from raftviz import cli
from raftviz.lab import far_away
from raftviz.lab.crews import CrewError
from raftviz.lab.exploring import explore
from raftviz.lab.far_away import FarAway
from raftviz.lab.plans import Aim
from tests.lab.searches import found, never, to_the_end


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        host="127.0.0.1",
        silence_logs=50,
    ) as cluster:
        yield cluster


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
        LocalCluster(
            n_workers=0,
            processes=True,
            threads_per_worker=1,
            dashboard_address=":0",
            host="127.0.0.1",
            silence_logs=50,
        ) as empty,
        pytest.raises(CrewError, match="has no workers"),
    ):
        FarAway(empty.scheduler_address)
