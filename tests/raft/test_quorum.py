"""Majorities, of one configuration and of two at once (§5.2, §6)."""

from itertools import combinations

import pytest

from raftviz.raft.quorum import Configuration, is_quorum, majority, quorum_index


@pytest.mark.parametrize(
    ("size", "more_than_half"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4), (9, 5)]
)
def test_a_majority_is_more_than_half(size: int, more_than_half: int) -> None:
    assert majority(size) == more_than_half


@pytest.mark.parametrize("size", range(1, 8))
def test_any_two_majorities_share_a_server(size: int) -> None:
    voters = tuple(range(1, size + 1))
    configuration = Configuration(voters)
    quorums = [
        {*servers}
        for count in range(size + 1)
        for servers in combinations(voters, count)
        if is_quorum(servers, configuration)
    ]
    assert all(one & two for one in quorums for two in quorums)


def test_strangers_do_not_count() -> None:
    assert not is_quorum({1, 8, 9}, Configuration((1, 2, 3)))


def test_during_a_change_both_configurations_must_agree() -> None:
    joint = Configuration((1, 2, 3), (3, 4, 5))
    assert not is_quorum({1, 2}, joint)
    assert not is_quorum({1, 2, 3}, joint)
    assert is_quorum({1, 3, 4}, joint)
    assert joint.members == (1, 2, 3, 4, 5)


@pytest.mark.parametrize("size", range(1, 8))
def test_the_quorum_index_is_the_highest_that_a_quorum_has_reached(size: int) -> None:
    voters = tuple(range(1, size + 1))
    configuration = Configuration(voters)
    match = {voter: (voter * 7) % 5 for voter in voters}
    reached = max(
        index
        for index in range(6)
        if is_quorum({v for v in voters if match[v] >= index}, configuration)
    )
    assert quorum_index(match, configuration) == reached


def test_who_is_not_known_has_reached_nothing() -> None:
    assert quorum_index({1: 9}, Configuration((1, 2, 3))) == 0
    assert quorum_index({1: 9, 2: 4}, Configuration((1, 2, 3))) == 4


def test_no_voters_limit_nothing() -> None:
    assert quorum_index({}, Configuration(())) is None
