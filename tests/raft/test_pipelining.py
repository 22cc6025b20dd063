"""Pipelining: several appends to one follower may be unanswered (dissertation §10.2.1)."""

import itertools

import pytest

from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.messages import AppendEntriesRequest, AppendEntriesResponse, Message
from raftviz.raft.server import IDLE, PROBING, Flow, Server
from raftviz.raft.transition import Transition
from tests.raft.lab import (
    THREE,
    answer,
    append,
    elected,
    fire,
    lead,
    leader,
    receive,
    refusal,
    request,
    sent,
    server,
    success,
    terms,
)
from tests.raft.net import Net
from tests.raft.test_figure_7 import FOLLOWERS, LEADER

PIPE = Cluster.of_size(3, Options(pipeline=3))
ONES = Cluster.of_size(3, Options(pipeline=3, max_entries=1))
READY = leader(4, (4,), match={2: 1, 3: 1})


def _ask(who: Server, count: int = 1, cluster: Cluster = PIPE) -> Transition:
    transition = Transition(who, ())
    for number in range(count):
        transition = receive(cluster, transition.server, -1, request(f"x={number}", 0, 0))
    return transition


def _to(transition: Transition, follower: int = 2) -> list[tuple[int, int]]:
    """Behind which entry, how many."""
    messages = sent(transition, AppendEntriesRequest)
    return [(m.prev_log_index, len(m.entries)) for to, m in messages if to == follower]


def test_next_index_runs_ahead_of_the_answers() -> None:
    who = _ask(READY).server
    assert lead(who).next_index == {2: 3, 3: 3}
    assert lead(who).match_index[2] == 1


def test_the_next_command_is_sent_before_the_last_is_answered() -> None:
    who = _ask(READY).server
    transition = _ask(who)
    assert _to(transition) == [(2, 1)]
    assert lead(transition.server).flow[2].in_flight == (2, 3)


@pytest.mark.parametrize("window", [1, 2, 3, 7])
def test_no_more_appends_are_under_way_than_allowed(window: int) -> None:
    cluster = Cluster.of_size(3, Options(pipeline=window))
    who, messages = READY, 0
    for _ in range(10):
        transition = _ask(who, 1, cluster)
        who, messages = transition.server, messages + len(_to(transition))
        assert len(lead(who).flow[2].in_flight) <= window
    assert messages == window


def test_an_answer_makes_room_for_the_next_append_with_all_that_waited() -> None:
    who = _ask(READY, 6).server
    assert _to(receive(PIPE, who, 2, success(4, 2))) == [(4, 3)]


def test_max_entries_splits_what_is_sent_as_far_as_the_window_reaches() -> None:
    who = leader(4, [4] * 9, match={2: 1, 3: 9}, next_index={2: 2})
    beat = fire(ONES, who)
    assert _to(beat) == [(1, 1), (2, 1), (3, 1)]
    assert _to(receive(ONES, beat.server, 2, success(4, 3))) == [(4, 1), (5, 1)]


def test_an_answer_to_a_later_append_answers_those_before_it() -> None:
    """It would have been refused without them."""
    who = _ask(READY, 3).server
    who = receive(PIPE, who, 2, success(4, 4)).server
    assert (lead(who).flow[2], lead(who).match_index[2]) == (IDLE, 4)


@pytest.mark.parametrize("order", list(itertools.permutations([2, 3, 4])))
def test_answers_in_any_order_come_to_the_same(order: tuple[int, ...]) -> None:
    who = _ask(READY, 3).server
    for match in order:
        transition = receive(PIPE, who, 2, success(4, match))
        assert transition.messages == () or transition.server.commit_index > who.commit_index
        who = transition.server
    assert lead(who).match_index[2] == 4
    assert lead(who).next_index[2] == 5
    assert lead(who).flow[2] == IDLE


def test_match_index_is_what_was_answered_and_not_what_was_sent() -> None:
    who = _ask(READY, 3).server
    who = receive(PIPE, who, 2, success(4, 3)).server
    assert lead(who).match_index[2] == 3
    assert lead(who).flow[2].in_flight == (4,)
    assert receive(PIPE, who, 3, success(4, 3)).server.commit_index == 3


def test_a_refusal_brings_back_one_append_at_a_time() -> None:
    who = _ask(READY, 3).server
    transition = receive(PIPE, who, 2, refusal(4, 2))
    assert lead(transition.server).next_index[2] == 2
    assert lead(transition.server).flow[2].probing
    assert _to(transition) == [(1, 3)]
    more = _ask(transition.server)
    assert _to(more) == []
    assert _to(more, 3) == []


def test_after_a_success_it_runs_ahead_again() -> None:
    who = _ask(READY, 3).server
    who = receive(PIPE, who, 2, refusal(4, 2)).server
    who = receive(PIPE, who, 2, success(4, 4)).server
    assert not lead(who).flow[2].probing
    assert lead(_ask(_ask(who).server).server).flow[2].in_flight == (5, 6)


def test_the_other_refusals_of_the_same_run_are_no_reason_to_go_back_again() -> None:
    who = _ask(READY, 3).server
    who = receive(PIPE, who, 2, refusal(4, 2)).server
    again = receive(PIPE, who, 2, refusal(4, 2))
    assert again.server is who
    assert again.messages == ()


def test_a_new_leader_finds_out_where_a_follower_agrees_before_it_runs_ahead() -> None:
    who = elected(PIPE, server(3, (1, 1, 3))).server
    assert lead(who).next_index == {2: 4, 3: 4}
    assert {flow.probing for flow in lead(who).flow.values()} == {True}
    assert _to(_ask(who)) == []


def test_lost_appends_are_sent_again_by_the_second_heartbeat_from_the_first_lost_on() -> None:
    who = _ask(READY, 3).server
    first = fire(PIPE, who)
    assert _to(first) == [(4, 0)]
    second = fire(PIPE, first.server)
    assert _to(second) == [(1, 3)]
    assert lead(second.server).flow[2].in_flight == (4,)


def test_what_came_after_a_lost_append_is_sent_again_with_it() -> None:
    """The first arrived, the second is lost, the third was refused; that answer is lost too."""
    who = receive(PIPE, _ask(READY, 3).server, 2, success(4, 2)).server
    who = fire(PIPE, fire(PIPE, who).server).server
    assert lead(who).flow[2].in_flight == (4,)
    assert lead(who).next_index[2] == 5
    who = receive(PIPE, who, 2, success(4, 4)).server
    assert (lead(who).match_index[2], lead(who).flow[2]) == (4, IDLE)


def test_an_empty_heartbeat_that_is_refused_finds_a_lost_append_sooner() -> None:
    who = _ask(READY, 1).server
    beat = fire(PIPE, who)
    assert _to(beat) == [(2, 0)]
    transition = receive(PIPE, beat.server, 2, refusal(4, 2))
    assert _to(transition) == [(1, 1)]


def test_while_answers_come_nothing_is_sent_twice() -> None:
    who = READY
    seen: set[int] = set()
    for number in range(12):
        asked = _ask(who)
        for prev, count in _to(asked):
            new = set(range(prev + 1, prev + count + 1))
            assert not new & seen
            seen |= new
        who = receive(PIPE, asked.server, 2, success(4, number + 2)).server
        beat = fire(PIPE, who)
        assert all(count == 0 for _, count in _to(beat))
        who = beat.server
    assert seen == set(range(2, 14))


def test_a_late_success_of_less_takes_nothing_back() -> None:
    who = receive(PIPE, _ask(READY, 3).server, 2, success(4, 4)).server
    transition = receive(PIPE, who, 2, success(4, 2))
    assert transition.server is who
    assert transition.messages == ()


def test_an_answer_in_this_term_to_who_led_an_earlier_one_tells_nothing_of_this_log() -> None:
    """It was refused for its term, came to lead the follower's term, and only then heard of it."""
    stale = answer(
        receive(THREE, server(5, (1,), me=2), 1, append(4, (3, 4), leader_id=1)),
        AppendEntriesResponse,
    )
    who = leader(5, (1, 4, 4, 5), next_index={2: 4, 3: 4}, flow={2: Flow((4,), 4, 0, probing=True)})
    transition = receive(THREE, who, 2, stale)
    assert transition.server is who
    assert transition.messages == ()


def test_after_losing_and_regaining_leadership_nothing_of_the_old_office_is_left() -> None:
    who = _ask(READY, 3).server
    deposed = receive(PIPE, who, 3, append(5, leader_id=3)).server
    won = elected(Cluster.of_size(3, Options(pipeline=3, no_op=False)), deposed).server
    assert lead(won).flow == {2: PROBING, 3: PROBING}
    assert lead(won).next_index == {2: 5, 3: 5}
    assert lead(won).match_index == {1: 4, 2: 0, 3: 0}
    for late in (success(4, 4), refusal(4, 2), success(5, 1)):
        assert receive(PIPE, won, 2, late).server is won


# With everything off


def test_with_everything_off_the_messages_are_as_the_plain_paper_has_them() -> None:
    """One append at a time, with all that is new; an empty one where nothing is; no more."""
    net = Net.of(Cluster.of_size(3, Options(no_op=False, skip_terms=False)))
    messages: list[tuple[int, int, int]] = []

    def note(_: Server, transition: Transition) -> None:
        messages.extend(
            (to, m.prev_log_index, len(m.entries))
            for to, m in sent(transition, AppendEntriesRequest)
        )

    net.watchers.append(note)
    net.fire(1)
    net.settle()
    net.ask(1, request("x=1", -1, 1))
    net.ask(1, request("x=2", -1, 2))
    net.settle()
    net.fire(1)
    net.settle()
    assert messages == [
        (2, 0, 0),
        (3, 0, 0),
        (2, 0, 1),
        (3, 0, 1),
        (2, 1, 1),
        (3, 1, 1),
        (2, 2, 0),
        (3, 2, 0),
    ]


@pytest.mark.parametrize("row", FOLLOWERS)
@pytest.mark.parametrize("pipeline", [1, 4])
def test_figure_7_with_terms_skipped_and_one_by_one(row: str, pipeline: int) -> None:
    refusals = {}
    for skip_terms in (True, False):
        refused: list[Message] = []

        def note(_: Server, transition: Transition, refused: list[Message] = refused) -> None:
            answers = [m for _, m in transition.messages if isinstance(m, AppendEntriesResponse)]
            refused.extend(m for m in answers if not m.success)

        cluster = Cluster.of_size(3, Options(skip_terms=skip_terms, pipeline=pipeline))
        followers = (server(7, FOLLOWERS[row], me=2), server(7, LEADER, me=3))
        net = Net.of(cluster, server(7, LEADER), *followers, watcher=note)
        net.fire(1)
        net.settle()
        assert terms(net.up[2].log) == [*LEADER, 8]
        refusals[skip_terms] = len(refused)
    agreed = next(
        (n for n, (a, b) in enumerate(zip(LEADER, FOLLOWERS[row], strict=False)) if a != b),
        min(len(LEADER), len(FOLLOWERS[row])),
    )
    assert refusals[False] == len(LEADER) - agreed
    assert refusals[True] <= refusals[False]
