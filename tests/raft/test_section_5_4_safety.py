"""§5.4: safety: who may lead, and what counts as committed."""

from collections.abc import Callable

import attrs
import pytest

from raftviz.raft import because as why
from raftviz.raft.algorithm import step
from raftviz.raft.cluster import Cluster
from raftviz.raft.inputs import Persisted
from raftviz.raft.log import Log
from raftviz.raft.messages import RequestVoteResponse
from raftviz.raft.rules import RULES, log_is_up_to_date
from raftviz.raft.server import Leader
from tests.raft.lab import (
    FIVE,
    PLAIN,
    THREE,
    answer,
    ask_vote,
    elected,
    leader,
    reasons,
    receive,
    request,
    server,
    success,
    terms,
)
from tests.raft.net import Net

# §5.4.1


@pytest.mark.parametrize(
    ("mine", "theirs", "holds"),
    [
        ([], (0, 0), True),
        ([1], (0, 0), False),
        ([1], (1, 1), True),
        ([1, 1], (1, 1), False),
        ([1], (2, 1), True),
        ([1, 1, 1], (1, 2), True),
        ([2], (9, 1), False),
    ],
)
def test_the_later_last_term_wins_and_then_the_longer_log(
    mine: list[int], theirs: tuple[int, int], holds: bool
) -> None:
    assert log_is_up_to_date(Log.of_terms(*mine), *theirs) is holds


def test_a_server_refuses_its_vote_to_a_log_behind_its_own() -> None:
    transition = receive(THREE, server(3, (1, 2)), 2, ask_vote(3, (5, 1)))
    assert not answer(transition, RequestVoteResponse).vote_granted
    assert transition.server.voted_for == 0
    assert reasons(transition) == [why.REFUSE_VOTE_LOG_BEHIND]


def test_a_vote_refused_for_the_log_can_still_go_to_another_candidate() -> None:
    refused = receive(THREE, server(3, (1, 2)), 2, ask_vote(4, (1, 1)))
    granted = receive(THREE, refused.server, 3, ask_vote(4, (2, 2), sender=3))
    assert answer(granted, RequestVoteResponse).vote_granted


def test_the_snapshot_counts_as_the_end_of_the_log() -> None:
    log = Log((), 5, 3)
    assert not log_is_up_to_date(log, 4, 3)
    assert log_is_up_to_date(log, 5, 3)


# §5.4.2


def test_a_leader_commits_no_entry_of_an_earlier_term_by_counting_copies() -> None:
    who = leader(4, (1, 2), of=3)
    transition = receive(THREE, who, 2, success(4, 2))
    assert transition.server.commit_index == 0
    assert reasons(transition)[-1] is why.HOLD_COMMIT


def test_with_an_entry_of_its_own_term_it_commits_everything_before_it() -> None:
    transition = receive(THREE, leader(4, (1, 2, 4)), 2, success(4, 3))
    assert transition.server.commit_index == 3
    assert transition.server.last_applied == 3


def test_only_a_majority_counts_for_the_entry_of_its_own_term() -> None:
    """A majority holds entry 2, and only the leader entry 3 of its own term."""
    transition = receive(THREE, leader(4, (1, 2, 4)), 2, success(4, 2))
    assert transition.server.commit_index == 0


def test_the_no_op_of_a_new_leader_commits_what_the_last_one_left() -> None:
    won = elected(THREE, server(3, (1, 2))).server
    durable = step(THREE, won, Persisted(4, 3)).server
    assert receive(THREE, durable, 2, success(4, 3)).server.commit_index == 3


# Figure 8, played as messages


def _figure_8_until_c(cluster: Cluster) -> Net:
    """Until S1 leads term 4 and has copied its entry of term 2 to S2 and S3."""
    net = Net.of(cluster, *(server(1, (1,), me=who, commit=1) for who in range(1, 6)))
    # (a) S1 leads term 2 and copies entry 2 to S2 only.
    net.fire(1)
    net.settle()
    net.ask(1, request("a=1"))
    net.settle(1, 2)
    net.crash(1)
    # (b) S5 leads term 3 with the votes of S3 and S4, and writes another entry 2.
    net.fire(5)
    net.settle(3, 4, 5)
    net.ask(5, request("b=1"))
    net.lose_all()
    net.crash(5)
    # (c) S1 leads term 4 (in term 3 it finds no majority) and copies entry 2 to S3.
    net.restart(1)
    net.fire(1)
    net.lose_all()
    net.fire(1)
    net.settle(1, 2, 3)
    return net


def _logs(net: Net) -> list[list[int]]:
    return [terms(net.disks[who].log) for who in range(1, 6)]


def _five(rules: Callable[..., int] = RULES.leader_commit_index) -> Cluster:
    return attrs.evolve(FIVE, options=PLAIN, rules=attrs.evolve(RULES, leader_commit_index=rules))


def test_figure_8_c_the_entry_of_term_2_is_on_a_majority_and_not_committed() -> None:
    net = _figure_8_until_c(_five())
    assert _logs(net) == [[1, 2], [1, 2], [1, 2], [1], [1, 3]]
    assert net.up[1].current_term == 4
    assert isinstance(net.up[1].role, Leader)
    assert net.up[1].commit_index < 2


def _figure_8_d(net: Net) -> None:
    net.ask(1, request("c=1", -3))
    net.lose_all()
    net.crash(1)
    net.restart(5)
    net.fire(5)
    net.lose_all()  # in term 4, S2 and S3 have voted
    net.fire(5)
    net.settle()


def test_figure_8_d_s5_leads_term_5_and_replaces_it() -> None:
    net = _figure_8_until_c(_five())
    _figure_8_d(net)
    assert isinstance(net.up[5].role, Leader)
    assert _logs(net) == [[1, 2, 4], [1, 3], [1, 3], [1, 3], [1, 3]]


def test_figure_8_e_with_an_entry_of_term_4_on_a_majority_s5_cannot_win_any_more() -> None:
    net = _figure_8_until_c(_five())
    net.ask(1, request("c=1", -3))
    net.settle(1, 2, 3)
    assert net.up[1].commit_index == 3
    net.crash(1)
    net.restart(5)
    for _ in range(3):
        net.fire(5)
        net.settle()
    assert not isinstance(net.up[5].role, Leader)
    assert _logs(net) == [[1, 2, 4], [1, 2, 4], [1, 2, 4], [1], [1, 3]]


def test_figure_8_is_what_happens_to_who_counts_copies_of_old_entries() -> None:
    """The rule broken on purpose: in (c) S1 commits entry 2, and in (d) it is replaced."""

    def eager(_log: Log, replicated: int, _term: int, commit_index: int) -> int:
        return max(replicated, commit_index)

    net = _figure_8_until_c(_five(eager))
    assert net.up[1].commit_index == 2
    told_committed = net.up[1].log[2]
    _figure_8_d(net)
    assert net.up[2].log[2] != told_committed


def test_a_second_leader_of_a_term_does_not_chatter_with_the_first() -> None:
    """It cannot be, but a broken rule makes it so, and then it must be watchable."""
    one, two = leader(4, (1, 4)), leader(4, (1, 4), me=2)
    net = Net.of(THREE, one, two)
    net.fire(1)
    net.fire(2)
    net.settle(1, 2)
    assert isinstance(net.up[1].role, Leader)
    assert isinstance(net.up[2].role, Leader)
