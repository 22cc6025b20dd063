"""§5.3: log replication."""

from raftviz.raft import because as why
from raftviz.raft.algorithm import step
from raftviz.raft.cluster import Cluster
from raftviz.raft.inputs import Persisted
from raftviz.raft.log import Log
from raftviz.raft.messages import AppendEntriesRequest, AppendEntriesResponse
from raftviz.raft.rules import back_off
from raftviz.raft.server import Server
from raftviz.raft.transition import Transition
from tests.raft.lab import (
    FIVE,
    THREE,
    answer,
    append,
    elected,
    entries,
    entry,
    fire,
    lead,
    leader,
    reasons,
    receive,
    refusal,
    request,
    sent,
    server,
    success,
    terms,
)


def _requests(transition: Transition) -> list[tuple[int, int, int]]:
    """To whom, behind which entry, how many."""
    return [
        (to, m.prev_log_index, len(m.entries)) for to, m in sent(transition, AppendEntriesRequest)
    ]


# The follower (Figure 2, AppendEntries RPC, receiver)


def test_a_follower_without_the_entry_before_refuses() -> None:
    transition = receive(THREE, server(4, (1, 1)), 2, append(4, (3, 1), (4,)))
    assert answer(transition, AppendEntriesResponse) == refusal(4, 3)
    assert terms(transition.server.log) == [1, 1]


def test_a_follower_with_another_entry_there_refuses_and_names_its_whole_term() -> None:
    transition = receive(THREE, server(4, (1, 2, 2, 2)), 2, append(4, (4, 3), (4,)))
    assert answer(transition, AppendEntriesResponse) == refusal(4, 2, conflict_term=2)
    assert terms(transition.server.log) == [1, 2, 2, 2]


def test_a_refusal_commits_nothing() -> None:
    transition = receive(THREE, server(4, (1, 2)), 2, append(4, (2, 3), (), commit=2))
    assert transition.server.commit_index == 0


def test_new_entries_are_appended() -> None:
    transition = receive(THREE, server(4, (1,)), 2, append(4, (1, 1), (4, 4)))
    assert terms(transition.server.log) == [1, 4, 4]
    assert answer(transition, AppendEntriesResponse) == success(4, 3)


def test_a_conflicting_entry_and_all_that_follow_it_are_deleted() -> None:
    transition = receive(THREE, server(4, (1, 2, 3, 3)), 2, append(4, (1, 1), (2, 4)))
    assert terms(transition.server.log) == [1, 2, 4]
    assert reasons(transition)[-1] is why.REPLACE_ENTRIES


def test_an_old_request_does_not_shorten_the_log() -> None:
    """Only a conflict deletes: what a late request does not mention may be acknowledged already."""
    who = server(4, (1, 4, 4, 4))
    transition = receive(THREE, who, 2, append(4, (1, 1), (4,)))
    assert transition.server.log is who.log
    assert answer(transition, AppendEntriesResponse) == success(4, 2)


def test_a_heartbeat_behind_an_early_entry_does_not_shorten_the_log() -> None:
    who = server(4, (1, 4, 4))
    assert receive(THREE, who, 2, append(4, (1, 1))).server.log is who.log


def test_the_same_request_twice_is_the_same_as_once() -> None:
    asked = append(4, (1, 1), (4, 4), commit=2)
    once = receive(THREE, server(4, (1, 2, 2, 2)), 2, asked)
    twice = receive(THREE, once.server, 2, asked)
    assert twice.server is once.server
    assert twice.messages == once.messages


def test_a_success_proves_what_the_request_held_and_not_what_the_log_holds() -> None:
    transition = receive(THREE, server(4, (1, 4, 2, 2)), 2, append(4, (1, 1)))
    assert answer(transition, AppendEntriesResponse).match_index == 1


def test_a_follower_commits_no_further_than_the_request_proved() -> None:
    """The entries behind it may differ from the leader's: nobody has compared them."""
    transition = receive(THREE, server(4, (1, 2, 2)), 2, append(4, (1, 1), (), commit=3))
    assert transition.server.commit_index == 1


def test_a_follower_commits_no_further_than_its_leader() -> None:
    transition = receive(THREE, server(4, (1,)), 2, append(4, (1, 1), (4, 4), commit=2))
    assert transition.server.commit_index == 2


def test_the_commit_index_never_goes_back() -> None:
    who = server(4, (1, 1, 1), commit=3)
    assert receive(THREE, who, 2, append(4, (1, 1), (), commit=1)).server.commit_index == 3


def test_a_committed_entry_is_never_replaced() -> None:
    who = server(4, (1, 1, 1), commit=2)
    transition = receive(THREE, who, 2, append(4, (1, 1), (4,)))
    assert transition.server.log is who.log
    assert not answer(transition, AppendEntriesResponse).success


def test_entries_are_applied_in_order_and_each_once() -> None:
    who = receive(THREE, server(4), 2, append(4, (0, 0), (4, 4, 4), commit=1)).server
    assert (who.last_applied, who.replica.values) == (1, {"x": "1"})
    who = receive(THREE, who, 2, append(4, (3, 4), (), commit=3)).server
    assert (who.last_applied, who.replica.values) == (3, {"x": "3"})


def test_a_follower_answers_the_leader_and_nobody_else() -> None:
    transition = receive(THREE, server(4), 2, append(4, (0, 0), (4,), commit=1))
    assert [to for to, _ in transition.messages] == [2]


# The leader (Figure 2, Rules for Servers, Leaders)


def test_a_command_becomes_an_entry_of_the_leaders_own_term_and_is_sent_at_once() -> None:
    transition = receive(THREE, leader(4, (1,)), -1, request("y=1"))
    last = transition.server.log[2]
    assert last.term == 4
    assert last.command == request("y=1").command
    assert _requests(transition) == [(2, 1, 1), (3, 1, 1)]


def test_sending_does_not_move_next_index_but_an_answer_does() -> None:
    sending = receive(THREE, leader(4, (4,), match={2: 1, 3: 1}), -1, request()).server
    assert lead(sending).next_index == {2: 2, 3: 2}
    heard = receive(THREE, sending, 2, success(4, 2)).server
    assert lead(heard).next_index == {2: 3, 3: 2}
    assert lead(heard).match_index[2] == 2


def test_what_arrives_while_an_append_is_unanswered_goes_with_the_answer_not_the_heartbeat() -> (
    None
):
    who = receive(THREE, leader(4, (4,), match={2: 1, 3: 1}), -1, request()).server
    more = receive(THREE, who, -1, request("x=2", -2))
    assert _requests(more) == []
    assert _requests(receive(THREE, more.server, 2, success(4, 2))) == [(2, 2, 1)]


def test_a_lost_append_is_repeated_by_the_second_heartbeat_until_it_is_answered() -> None:
    """At the first its answer may still be on its way."""
    who = receive(THREE, leader(4, (4,), match={2: 1, 3: 1}), -1, request()).server
    for _ in range(3):
        first = fire(THREE, who)
        assert _requests(first) == [(2, 1, 0), (3, 1, 0)]
        second = fire(THREE, first.server)
        assert _requests(second) == [(2, 1, 1), (3, 1, 1)]
        who = second.server


def test_after_a_late_first_answer_the_rest_still_comes() -> None:
    """The heartbeat repeated more than was first sent, and its own answer is lost."""
    who = receive(THREE, leader(4, (4,), match={2: 1, 3: 1}), -1, request()).server
    who = receive(THREE, who, -1, request("x=2", -2)).server
    who = fire(THREE, fire(THREE, who).server).server
    who = receive(THREE, who, 2, success(4, 2)).server
    who = fire(THREE, who).server
    assert _requests(fire(THREE, who)) == [(2, 2, 1), (3, 1, 2)]


def test_a_late_or_repeated_success_takes_nothing_back() -> None:
    who = leader(4, (4, 4, 4), match={2: 3}, next_index={2: 4})
    transition = receive(THREE, who, 2, success(4, 1))
    assert transition.server is who
    assert transition.messages == ()


def test_after_a_refusal_the_leader_goes_back_and_tries_again_at_once() -> None:
    transition = receive(THREE, leader(4, (1, 1, 4, 4)), 2, refusal(4, 2))
    assert lead(transition.server).next_index[2] == 2
    assert _requests(transition) == [(2, 1, 3)]


def test_back_off_goes_behind_the_leaders_own_last_entry_of_the_conflicting_term() -> None:
    """Figure 7 (e) refuses at 7 with term 4 from 4 on; entries 4 and 5 agree and are not resent."""
    log = Log.of_terms(1, 1, 1, 4, 4, 5, 5, 6, 6, 6)
    assert back_off(log, 0, refusal(8, 4, conflict_term=4)) == 6


def test_back_off_skips_a_term_that_the_leader_does_not_have() -> None:
    """Figure 7 (f) refuses at 10 with term 3 from 7 on."""
    log = Log.of_terms(1, 1, 1, 4, 4, 5, 5, 6, 6, 6)
    assert back_off(log, 0, refusal(8, 7, conflict_term=3)) == 7


def test_back_off_goes_to_the_end_of_a_log_that_is_too_short() -> None:
    assert back_off(Log.of_terms(1, 1, 1, 4), 0, refusal(4, 2)) == 2
    assert back_off(Log.of_terms(1, 1, 1, 4), 0, refusal(4, 1)) == 1


def test_one_append_for_each_term_with_conflicting_entries_is_enough() -> None:
    who = leader(9, (1, *[5] * 20), me=1)
    follower = server(9, (1, *[2] * 8, *[3] * 8, *[4] * 8), me=2)
    message: AppendEntriesRequest = sent(fire(THREE, who), AppendEntriesRequest)[0][1]
    refusals = 0
    while True:
        reply = receive(THREE, follower, 1, message)
        response = answer(reply, AppendEntriesResponse)
        if response.success:
            break
        refusals += 1
        again = receive(THREE, who, 2, response)
        who, message = again.server, answer(again, AppendEntriesRequest)
    assert refusals == 3
    assert reply.server.log == who.log


def test_a_late_refusal_does_not_go_below_what_is_known_to_agree() -> None:
    who = leader(4, (1, 1, 4, 4), match={2: 3}, next_index={2: 4})
    after = receive(THREE, who, 2, refusal(4, 1)).server
    assert lead(after).next_index[2] == 4
    assert lead(after).match_index[2] == 3


def test_a_late_refusal_does_not_move_next_index_forward() -> None:
    """It tells of an attempt further on, which the leader has given up since."""
    who = leader(4, (1, 2, 3, 4, 4), next_index={2: 2})
    assert lead(receive(THREE, who, 2, refusal(4, 5)).server).next_index[2] == 2


def test_a_refusal_heard_twice_is_acted_upon_once() -> None:
    """Else every copy of a message would start a chain of its own, each with the whole log."""
    first = receive(THREE, leader(4, (1, 1, 4, 4)), 2, refusal(4, 2))
    again = receive(THREE, first.server, 2, refusal(4, 2))
    assert again.server is first.server
    assert again.messages == ()


def test_a_follower_that_never_agrees_is_asked_again_at_the_heartbeat_and_not_before() -> None:
    """Its disk lost what it acknowledged: broken, but no storm of messages."""
    who = leader(4, (1, 1, 4), match={2: 3}, next_index={2: 4})
    follower = server(4, (1,), me=2)
    message = sent(fire(THREE, who), AppendEntriesRequest)[0][1]
    response = answer(receive(THREE, follower, 1, message), AppendEntriesResponse)
    transition = receive(THREE, who, 2, response)
    assert transition.messages == ()
    assert _requests(fire(THREE, transition.server))[0] == (2, 3, 0)


def test_an_answer_to_who_leads_no_longer_changes_nothing() -> None:
    who = server(4, (4,))
    transition = receive(THREE, who, 2, success(4, 1))
    assert transition.server is who
    assert reasons(transition) == [why.IGNORE_LATE_ANSWER]


def test_a_majority_commits_and_less_does_not() -> None:
    who = leader(4, (4,), of=5)
    two = receive(FIVE, who, 2, success(4, 1)).server
    assert two.commit_index == 0
    assert receive(FIVE, two, 3, success(4, 1)).server.commit_index == 1


def test_the_same_follower_twice_is_no_majority() -> None:
    who = receive(FIVE, leader(4, (4,), of=5), 2, success(4, 1)).server
    assert receive(FIVE, who, 2, success(4, 1)).server.commit_index == 0


def test_followers_may_commit_before_the_leaders_own_disk_is_done() -> None:
    """Dissertation §10.2.1: the leader counts itself when its disk has the entry."""
    who = receive(THREE, leader(4, (), match={1: 0}), -1, request()).server
    one = receive(THREE, who, 2, success(4, 1)).server
    assert one.commit_index == 0
    assert receive(THREE, one, 3, success(4, 1)).server.commit_index == 1
    assert step(THREE, one, Persisted(4, 1)).server.commit_index == 1


def test_what_the_disk_finished_for_an_earlier_term_is_not_counted() -> None:
    """The entries of that write may have been replaced since."""
    who = leader(4, (1, 4, 4), match={1: 1})
    assert step(THREE, who, Persisted(3, 3)).server is who


def test_the_next_message_carries_the_commit_index() -> None:
    who = receive(THREE, leader(4, (4,)), 2, success(4, 1)).server
    assert {m.leader_commit for _, m in sent(fire(THREE, who), AppendEntriesRequest)} == {1}


def test_a_cluster_of_one_commits_when_its_disk_is_done() -> None:
    alone = Cluster.of_size(1)
    who = step(alone, fire(alone, Server(1)).server, Persisted(1, 0)).server
    assert who.commit_index == 0
    assert step(alone, who, Persisted(1, 1)).server.commit_index == 1


def test_a_leader_never_deletes_or_overwrites_its_own_entries() -> None:
    who = elected(THREE, server(3, (1, 3))).server
    asked = receive(THREE, who, -1, request()).server
    assert asked.log.slice(1, 3) == who.log.slice(1, 3)


def test_step_is_pure_so_that_a_past_instant_can_be_continued_twice() -> None:
    who = leader(4, (4,))
    one = receive(THREE, who, -1, request("x=1"))
    two = receive(THREE, who, -1, request("x=2"))
    assert who.log == Log([entry(1, 4)])
    assert [one.server.log[2].command, two.server.log[2].command] == [
        request("x=1").command,
        request("x=2").command,
    ]
    assert receive(THREE, who, -1, request("x=1")) == one


# The boundary of a snapshot (§7)


def test_what_lies_below_the_snapshot_agrees_and_only_the_rest_is_stored() -> None:
    who = server(4, Log(entries(4, [3]), 3, 2), commit=3)
    transition = receive(THREE, who, 2, append(4, (1, 1), (2, 2, 3, 4)))
    assert [(e.index, e.term) for e in transition.server.log] == [(4, 3), (5, 4)]
    assert answer(transition, AppendEntriesResponse) == success(4, 5)


def test_at_the_boundary_the_snapshots_term_is_compared() -> None:
    who = server(4, Log((), 3, 2), commit=3)
    assert answer(
        receive(THREE, who, 2, append(4, (3, 2), (4,))), AppendEntriesResponse
    ) == success(4, 4)
    assert not answer(receive(THREE, who, 2, append(4, (3, 1))), AppendEntriesResponse).success


def test_a_request_wholly_below_the_snapshot_changes_nothing() -> None:
    who = server(4, Log((), 3, 2), commit=3)
    transition = receive(THREE, who, 2, append(4, (0, 0), (1, 1), commit=2))
    assert transition.server.log is who.log
    assert transition.server.commit_index == 3
    assert answer(transition, AppendEntriesResponse) == success(4, 2)
