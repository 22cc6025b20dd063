"""The scenarios that ship: each plays as its first lines say, and ends as the paper says."""

from functools import cache

import pytest

from raftviz.checks.checker import Checker
from raftviz.raft import because as why
from raftviz.raft.server import Leader
from raftviz.shelf import read_scenario, shipped_scenarios
from raftviz.sim.host import Host
from raftviz.sim.player import Player
from raftviz.sim.trace import trace_hash
from tests.golden.regenerate import GOLDEN, golden_path, trace_of
from tests.sim.worlds import commands, terms

NAMES = tuple(shipped_scenarios())


@cache
def play(name: str) -> tuple[Player, Checker]:
    """A shipped scenario, played under the eyes of the checks."""
    player = Player(read_scenario(name))
    checker = Checker(player.history)
    player.watch(checker)
    player.play()
    return player, checker


def hosts(name: str) -> dict[int, Host]:
    """The servers at the end."""
    return play(name)[0].world.hosts


def logs(name: str) -> set[tuple[str, ...]]:
    """The different logs at the end, as commands."""
    return {tuple(commands(host)) for host in hosts(name).values()}


def reasons(name: str) -> set[why.Reason]:
    """Everything that was a reason."""
    records = play(name)[0].branch.records()
    return {because.reason for record in records for because in record.because}


def test_the_five_scenarios_ship() -> None:
    assert set(NAMES) >= {
        "quiet-cluster",
        "leader-crashes",
        "split-vote",
        "partition",
        "figure-7",
    }


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_it_expects_comes_true(name: str) -> None:
    assert play(name)[0].failures == []


@pytest.mark.parametrize("name", NAMES)
def test_none_of_its_acts_is_in_vain(name: str) -> None:
    assert play(name)[0].notes == []


@pytest.mark.parametrize("name", NAMES)
def test_it_violates_nothing(name: str) -> None:
    assert play(name)[1].violations == []


@pytest.mark.parametrize("name", NAMES)
def test_it_plays_the_same_again(name: str) -> None:
    again = Player(read_scenario(name))
    again.play()
    assert trace_hash(again.history) == trace_hash(play(name)[0].history)


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_title_and_its_own_seed(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.title
    assert "seed=" in shipped_scenarios()[name].read_text(encoding="utf-8")


# How each ends


def test_in_the_quiet_cluster_one_election_is_enough() -> None:
    assert {host.server.current_term for host in hosts("quiet-cluster").values()} == {1}
    assert why.BACK_OFF not in reasons("quiet-cluster")


def test_in_the_quiet_cluster_all_logs_are_one_and_committed() -> None:
    assert len(logs("quiet-cluster")) == 1
    for host in hosts("quiet-cluster").values():
        assert host.server.commit_index == host.server.log.last_index >= 9


def test_after_the_leader_crashed_its_lost_entry_is_asked_for_again() -> None:
    """§5.3: what was not committed may go; §8: its client asks again."""
    (log,) = logs("leader-crashes")
    assert [command for command in log if command] == ["x=1", "z=1", "y=1"]


def test_after_the_leader_crashed_all_are_in_the_new_term() -> None:
    found = hosts("leader-crashes")
    (leader,) = (host for host in found.values() if isinstance(host.server.role, Leader))
    assert {host.server.current_term for host in found.values()} == {leader.server.current_term}
    assert leader.server.current_term >= 2
    assert why.REPLACE_ENTRIES in reasons("leader-crashes")


def test_after_a_split_vote_nobody_has_led_that_term() -> None:
    branch = play("split-vote")[0].branch
    led = {
        record.after.server.current_term
        for record in branch.records()
        if isinstance(record.after, Host) and isinstance(record.after.server.role, Leader)
    }
    assert 1 in led
    assert 2 not in led
    assert max(led) >= 3


def test_after_a_split_vote_requests_are_committed_again() -> None:
    up = [host for host in hosts("split-vote").values() if host.is_up]
    assert any("y=1" in commands(host) for host in up)


def test_after_the_partition_healed_there_is_one_log_without_what_was_never_committed() -> None:
    """The client of the lost entry asks again, so it may stand there, but in a later term."""
    (log,) = logs("partition")
    assert "x=1" in log
    assert "y=1" in log
    for host in hosts("partition").values():
        assert all(
            entry.term > 1
            for entry in host.server.log
            if entry.command and entry.command.text == "lost=1"
        )


def test_in_the_partition_the_minority_committed_nothing() -> None:
    player = play("partition")[0]
    cut = player.bookmarks["cut in two"]
    before = player.history.host_at(cut.branch, 1, cut.count).server.commit_index
    for record in player.branch.records(cut.count):
        if record.part == 1 and isinstance(record.after, Host):
            if not isinstance(record.after.server.role, Leader):
                break
            assert record.after.server.commit_index == before
    else:
        pytest.fail("S1 was never deposed")


def test_figure_7_begins_as_the_paper_draws_it() -> None:
    start = play("figure-7")[0].history.start
    assert {n: terms(host) for n, host in start.hosts.items()} == {
        1: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
        2: [1, 1, 1, 4, 4, 5, 5, 6, 6],
        3: [1, 1, 1, 4],
        4: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        5: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        6: [1, 1, 1, 4, 4, 4, 4],
        7: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    }


def test_figure_7_ends_with_the_leaders_log_everywhere() -> None:
    """§5.3: the leader forces the followers' logs to duplicate its own."""
    for host in hosts("figure-7").values():
        assert terms(host) == [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8]
        assert host.server.commit_index == 11


def test_in_figure_7_the_leader_wins_without_the_two_whose_logs_are_ahead() -> None:
    """S4's log is longer and S5's of a later term: they refuse (§5.4.1)."""
    player = play("figure-7")[0]
    state = player.history.state_at(player.branch, len(player.branch))
    assert {n for n in state.hosts if state.hosts[n].server.voted_for != 1} == {4, 5}


# Golden traces


@pytest.mark.parametrize("name", GOLDEN)
def test_the_trace_is_the_golden_one(name: str) -> None:
    """If the change is meant: ``python -m tests.golden.regenerate``, and read the difference."""
    assert trace_of(name).splitlines() == golden_path(name).read_text("utf-8").splitlines()
