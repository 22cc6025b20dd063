"""§7: log compaction: a log that begins behind a snapshot, and InstallSnapshot."""

import attrs
import pytest

from raftviz.raft import because as why
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.machine import Replica
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientResponse,
    InstallSnapshotRequest,
    InstallSnapshotResponse,
)
from raftviz.raft.server import (
    PROBING,
    Follower,
    Incoming,
    Persistent,
    Server,
    Snapshot,
    restarted,
)
from raftviz.raft.transition import Timer, Transition
from tests.raft.lab import (
    THREE,
    answer,
    append,
    chunk,
    compact,
    elected,
    entries,
    fire,
    lead,
    leader,
    reasons,
    receive,
    refusal,
    request,
    sent,
    server,
    stored,
    success,
    terms,
    with_snapshot,
)
from tests.raft.net import Net

STATE = Replica().apply(Command("x=7", -1, 3))[0]
TEXT = STATE.dumped()
THIRD = len(TEXT) // 3


def _parts(size: int = THIRD) -> list[tuple[int, str, bool]]:
    """The snapshot's text in chunks: where each begins, what it is, whether it is the last."""
    starts = range(0, len(TEXT), size)
    return [(at, TEXT[at : at + size], at + size >= len(TEXT)) for at in starts]


def _hear(who: Server, *numbers: int, included: tuple[int, int] = (3, 2)) -> Transition:
    """A follower receives these chunks of the snapshot, in this order."""
    transition = Transition(who, ())
    for number in numbers:
        offset, data, done = _parts()[number]
        message = chunk(4, included, offset, data, done=done)
        transition = receive(THREE, transition.server, 2, message)
    return transition


ALL = range(len(_parts()))


def _offset(transition: Transition) -> int:
    response = answer(transition, InstallSnapshotResponse)
    assert not response.installed
    return response.offset


def _chunks(transition: Transition, to: int = 2) -> list[tuple[int, int]]:
    """Of which snapshot, and from where on."""
    messages = sent(transition, InstallSnapshotRequest)
    return [(m.last_included_index, m.offset) for who, m in messages if who == to]


# Compacting


def test_compaction_reaches_as_far_as_is_applied_and_no_further() -> None:
    transition = compact(THREE, server(4, (1, 2, 4, 4), commit=2))
    assert transition.server.log.snapshot_index == 2
    assert terms(transition.server.log) == [4, 4]
    assert reasons(transition) == [why.COMPACT]


def test_compaction_asked_for_beyond_what_is_applied_stops_there() -> None:
    assert compact(THREE, server(4, (1, 2), commit=1), 2).server.log.snapshot_index == 1


def test_compaction_up_to_an_earlier_entry_keeps_the_state_as_it_was_there() -> None:
    """Else what follows the snapshot would be applied to a state that has it already."""
    who = receive(THREE, server(4), 2, append(4, (0, 0), (4, 4, 4), commit=3)).server
    after = compact(THREE, who, 2).server
    assert after.snapshot == Snapshot(2, 4, Replica().apply(Command("x=2"))[0])
    assert (after.last_applied, after.replica.values) == (3, {"x": "3"})
    again = compact(THREE, after, 3).server
    assert again.snapshot == Snapshot(3, 4, who.replica)


def test_an_earlier_state_is_found_from_the_last_snapshot_on() -> None:
    who = with_snapshot(server(4, (4, 4, 4, 4), commit=4), 2)
    after = compact(THREE, who, 3).server
    assert after.snapshot == Snapshot(3, 4, Replica().apply(Command("x=3"))[0])


def test_where_nothing_is_applied_since_there_is_nothing_to_compact() -> None:
    who = with_snapshot(server(4, (1, 2, 4)), 2)
    for through in (None, 1, 2, 3):
        transition = compact(THREE, who, through)
        assert transition.server is who
        assert reasons(transition) == [why.NOTHING_TO_COMPACT]


def test_the_snapshot_and_the_shorter_log_are_written_together() -> None:
    transition = compact(THREE, server(4, (1, 2), commit=2))
    assert transition.persist == transition.server.persistent
    assert transition.persist is not None
    assert transition.persist.snapshot == transition.server.snapshot


def test_compaction_changes_neither_role_nor_timer_and_says_nothing() -> None:
    who = leader(4, (4, 4), commit=2)
    transition = compact(THREE, who)
    assert transition.server.role is who.role
    assert transition.timer is Timer.KEEP
    assert transition.messages == ()


@pytest.mark.parametrize("every", [1, 2, 3, 5])
def test_the_log_is_compacted_when_so_many_entries_are_applied(every: int) -> None:
    cluster = Cluster.of_size(3, Options(snapshot_every=every))
    who = server(4)
    for index in range(1, 11):
        prev = (index - 1, 4 if index > 1 else 0)
        who = receive(cluster, who, 2, append(4, prev, (4,), commit=index)).server
        assert who.log.snapshot_index == index // every * every
        assert who.last_applied == index


def test_without_a_threshold_nothing_is_compacted_by_itself() -> None:
    who = receive(THREE, server(4), 2, append(4, (0, 0), [4] * 500, commit=500)).server
    assert who.log.snapshot_index == 0


def test_a_leader_that_commits_compacts_too() -> None:
    cluster = Cluster.of_size(3, Options(snapshot_every=2))
    transition = receive(cluster, leader(4, (4, 4)), 2, success(4, 2))
    assert transition.server.log.snapshot_index == 2
    assert reasons(transition) == [why.COUNT_COPY, why.LEADER_COMMITS, why.COMPACT]
    assert transition.persist == transition.server.persistent


def test_a_snapshot_does_not_take_over_the_fault_that_waits_in_the_machine() -> None:
    who = server(4, (1,), commit=1)
    who = attrs.evolve(who, replica=attrs.evolve(who.replica, fails=True))
    after = compact(THREE, who).server
    assert after.snapshot is not None
    assert not after.snapshot.replica.fails
    assert after.replica.fails


# A log that begins behind a snapshot


def test_the_term_at_the_boundary_is_known_and_below_it_none_is() -> None:
    log = Log.of_terms(1, 2, 2, 4).compact(3)
    assert [log.term_at(index) for index in range(6)] == [None, None, None, 2, 4, None]


def test_reading_below_the_boundary_finds_nothing() -> None:
    log = Log.of_terms(1, 2, 2, 4).compact(3)
    for index in (0, 1, 3, 5):
        with pytest.raises(IndexError):
            _ = log[index]
    assert [entry.index for entry in log.slice(1, 9)] == [4]
    assert log.slice(1, 3) == ()
    assert len(log) == 1


def test_a_log_that_is_all_in_a_snapshot_still_has_its_last_index_and_term() -> None:
    log = Log.of_terms(1, 2, 2).compact(3)
    assert (log.last_index, log.last_term, list(log)) == (3, 2, [])
    assert log.append(entries(4, (4,))).last_index == 4


@pytest.mark.parametrize("index", [0, 1, 5])
def test_a_log_cannot_be_compacted_to_where_it_has_no_entry(index: int) -> None:
    with pytest.raises(ValueError, match="cannot be compacted"):
        Log.of_terms(1, 2, 2, 4).compact(3).compact(index)


def test_a_compacted_log_leaves_the_longer_one_as_it_was() -> None:
    log = Log.of_terms(1, 2, 2, 4)
    short = log.compact(3).append(entries(5, (5,)))
    assert terms(log) == [1, 2, 2, 4]
    assert terms(short) == [4, 5]
    assert terms(log.append(entries(5, (6,)))) == [1, 2, 2, 4, 6]


BEHIND = with_snapshot(server(4, (1, 2, 2, 4)), 3)
"""A follower with a snapshot up to entry 3 of term 2, and entry 4."""


@pytest.mark.parametrize(
    ("prev", "agrees"),
    [((0, 0), True), ((2, 2), True), ((3, 2), True), ((3, 1), False), ((4, 4), True)],
)
def test_the_consistency_check_at_and_around_the_boundary(
    prev: tuple[int, int], agrees: bool
) -> None:
    """Below it everything is committed, so that every leader has the same there."""
    response = answer(receive(THREE, BEHIND, 2, append(4, prev)), AppendEntriesResponse)
    assert response.success == agrees


def test_of_an_append_that_overlaps_the_snapshot_only_the_rest_is_stored() -> None:
    transition = receive(THREE, BEHIND, 2, append(4, (1, 1), (2, 2, 4, 4, 4)))
    assert [(e.index, e.term) for e in transition.server.log] == [(4, 4), (5, 4), (6, 4)]
    assert answer(transition, AppendEntriesResponse) == success(4, 6)


def test_a_conflict_behind_the_snapshot_is_replaced_by_an_append_that_overlaps_it() -> None:
    transition = receive(THREE, BEHIND, 2, append(5, (2, 2), (2, 5)))
    assert [(e.index, e.term) for e in transition.server.log] == [(4, 5)]


def test_an_append_that_ends_in_the_snapshot_is_acknowledged_as_far_as_it_goes() -> None:
    transition = receive(THREE, BEHIND, 2, append(4, (0, 0), (1, 2)))
    assert transition.server.log is BEHIND.log
    assert answer(transition, AppendEntriesResponse) == success(4, 2)


def test_a_conflict_is_never_said_to_begin_in_the_snapshot() -> None:
    """Terms 2 2 2 with the first in the snapshot: the hint is the entry behind it."""
    who = with_snapshot(server(4, (2, 2, 2)), 1)
    response = answer(receive(THREE, who, 2, append(4, (3, 4))), AppendEntriesResponse)
    assert response == refusal(4, 2, conflict_term=2)


def test_a_log_that_is_all_in_the_snapshot_asks_for_what_follows_it() -> None:
    who = with_snapshot(server(4, (1, 2, 2)), 3)
    response = answer(receive(THREE, who, 2, append(4, (7, 4))), AppendEntriesResponse)
    assert response == refusal(4, 4)


def test_a_leader_goes_back_to_its_boundary_if_that_has_the_conflicting_term() -> None:
    who = with_snapshot(leader(5, (1, 2, 3, 4), next_index={2: 5}), 2)
    transition = receive(THREE, who, 2, refusal(5, 1, conflict_term=2))
    assert lead(transition.server).next_index[2] == 3
    message = answer(transition, AppendEntriesRequest)
    assert (message.prev_log_index, message.prev_log_term) == (2, 2)


def test_the_snapshot_counts_in_an_election() -> None:
    won = elected(THREE, with_snapshot(server(4, (1, 2, 2)), 3))
    assert lead(won.server).next_index == {2: 4, 3: 4}
    assert {m.prev_log_index for _, m in sent(won, AppendEntriesRequest)} == {3}


# Restarting


def test_a_server_comes_up_with_the_state_of_its_snapshot_and_what_follows_in_its_log() -> None:
    disk = Persistent(4, 2, Log(entries(4, (4, 4)), 3, 2), Snapshot(3, 2, STATE))
    up = restarted(1, disk, Replica())
    assert (up.commit_index, up.last_applied, up.log.last_index) == (3, 3, 5)
    assert up.replica == STATE
    assert up.persistent == disk


def test_after_a_restart_what_follows_the_snapshot_is_applied_once() -> None:
    disk = Persistent(4, 2, Log(entries(4, (4, 4)), 3, 2), Snapshot(3, 2, Replica()))
    up = restarted(1, disk, Replica())
    after = receive(THREE, up, 2, append(4, (5, 4), commit=5)).server
    assert (after.last_applied, after.replica.values) == (5, {"x": "5"})


def test_a_restarted_server_can_lead_with_a_log_that_is_all_in_its_snapshot() -> None:
    disk = Persistent(4, 0, Log((), 3, 2), Snapshot(3, 2, STATE))
    won = elected(THREE, restarted(1, disk, Replica()))
    assert lead(won.server).match_index == {1: 3, 2: 0, 3: 0}
    assert won.server.log.last_index == 4


# InstallSnapshot, the follower (Figure 13)


def test_chunks_in_order_make_the_snapshot() -> None:
    who = server(4, (1,))
    for number in ALL[:-1]:
        transition = _hear(who, number)
        who = transition.server
        assert _offset(transition) == (number + 1) * THIRD
        assert terms(who.log) == [1]
        assert transition.persist is None
    last = _hear(who, ALL[-1])
    assert answer(last, InstallSnapshotResponse) == stored(4, 3, len(TEXT), installed=True)
    assert reasons(last) == [why.INSTALL]
    after = last.server
    assert (after.log.last_index, after.log.last_term, len(after.log)) == (3, 2, 0)
    assert (after.commit_index, after.last_applied) == (3, 3)
    assert after.snapshot == Snapshot(3, 2, STATE)


def test_the_snapshot_is_written_before_it_is_acknowledged() -> None:
    transition = _hear(server(4), *ALL)
    assert transition.persist == transition.server.persistent
    assert transition.persist is not None
    assert transition.persist.snapshot is not None


def test_a_snapshot_in_one_chunk_is_installed_at_once() -> None:
    transition = receive(THREE, server(4), 2, chunk(4, (3, 2), 0, TEXT, done=True))
    assert transition.server.replica == STATE
    assert transition.server.role == Follower(2)


def test_state_machine_and_sessions_are_those_of_the_leader() -> None:
    after = _hear(server(4, (1,), commit=1), *ALL).server
    assert after.replica.values == {"x": "7"}
    assert after.replica.sessions == {-1: (3, "ok")}


def test_a_command_that_the_snapshot_executed_is_not_executed_again() -> None:
    """The client's retry is in the log behind it."""
    after = _hear(server(4), *ALL).server
    behind = (Entry(4, 4, Command("x=8", -2, 1)), Entry(5, 4, Command("x=7", -1, 3)))
    message = AppendEntriesRequest(4, 2, 3, 2, behind, 5)
    assert receive(THREE, after, 2, message).server.replica.values == {"x": "8"}


def test_a_chunk_behind_a_gap_is_not_stored() -> None:
    transition = _hear(server(4), 1)
    assert _offset(transition) == 0
    assert transition.server.role == Follower(2, Incoming(3, 2))


def test_the_last_chunk_without_those_before_it_installs_nothing() -> None:
    transition = _hear(server(4), 0, ALL[-1])
    assert _offset(transition) == THIRD
    assert transition.server.snapshot is None


def test_a_chunk_heard_twice_counts_once() -> None:
    transition = _hear(server(4), 0, 0)
    assert _offset(transition) == THIRD
    assert _hear(transition.server, *ALL[1:]).server.replica == STATE


def test_chunks_in_the_wrong_order_come_together_when_they_are_sent_again() -> None:
    after = _hear(server(4), *reversed(ALL), *ALL, 0).server
    assert after.replica == STATE


def test_a_chunk_that_comes_after_all_is_installed_changes_nothing() -> None:
    after = _hear(server(4), *ALL).server
    for number in ALL:
        transition = _hear(after, number)
        assert transition.server is after
        assert answer(transition, InstallSnapshotResponse).installed


def test_a_later_snapshot_takes_the_place_of_an_earlier_one() -> None:
    half = _hear(server(4), 0).server
    transition = _hear(half, 0, included=(5, 4))
    assert transition.server.role == Follower(2, Incoming(5, 4, TEXT[:THIRD]))


def test_chunks_of_two_snapshots_are_never_joined() -> None:
    """Even where one continues just where the other stopped."""
    half = _hear(server(4), 0).server
    transition = _hear(half, 1, included=(5, 4))
    assert _offset(transition) == 0
    assert transition.server.role == Follower(2, Incoming(5, 4))


@pytest.mark.parametrize("number", ALL)
def test_a_late_chunk_of_an_earlier_snapshot_does_not_disturb_the_later_one(number: int) -> None:
    half = _hear(server(4), 0, 1, included=(5, 4)).server
    transition = _hear(half, number)
    assert transition.server is half
    assert answer(transition, InstallSnapshotResponse) == stored(4, 3)
    assert reasons(transition) == [why.OLDER_CHUNK]
    assert _hear(half, *ALL[2:], included=(5, 4)).server.replica == STATE


def test_half_a_snapshot_of_the_last_leader_is_not_continued_with_that_of_the_next() -> None:
    """They may be of the same entry, but what they are written like is each leader's own."""
    half = _hear(server(4), 0).server
    offset, data, done = _parts()[1]
    message = chunk(5, (3, 2), offset, data, done=done, leader_id=3)
    transition = receive(THREE, half, 3, message)
    assert _offset(transition) == 0


def test_a_crash_forgets_half_a_snapshot_and_the_answer_says_so() -> None:
    half = _hear(server(4), 0).server
    transition = _hear(restarted(1, half.persistent, Replica()), 1)
    assert _offset(transition) == 0


def test_a_snapshot_from_a_stale_leader_is_refused() -> None:
    who = server(5, (1,), Follower(3))
    transition = receive(THREE, who, 2, chunk(4, (3, 2), 0, TEXT, done=True))
    assert transition.server is who
    assert answer(transition, InstallSnapshotResponse) == stored(5, 3)
    assert reasons(transition) == [why.REJECT_STALE_LEADER]
    assert transition.timer is Timer.KEEP


def test_a_leader_takes_no_snapshot_from_a_second_one() -> None:
    who = leader(4, (1,))
    transition = receive(THREE, who, 2, chunk(4, (3, 2), 0, TEXT, done=True))
    assert transition.server is who
    assert reasons(transition) == [why.REJECT_SECOND_LEADER]


def test_a_snapshot_of_a_later_term_deposes_a_leader() -> None:
    transition = receive(THREE, leader(4, (1,)), 2, chunk(5, (3, 2), 0, TEXT, done=True))
    assert (transition.server.current_term, transition.server.role) == (5, Follower(2))
    assert transition.server.replica == STATE


@pytest.mark.parametrize("number", ALL)
def test_who_sends_a_snapshot_leads_so_the_election_timeout_starts_anew(number: int) -> None:
    assert _hear(server(4), number).timer is Timer.ELECTION


def test_entries_behind_the_snapshot_stay_when_its_last_one_is_in_the_log() -> None:
    after = _hear(server(4, (1, 2, 2, 2, 4)), *ALL).server
    assert [(e.index, e.term) for e in after.log] == [(4, 2), (5, 4)]
    assert (after.log.snapshot_index, after.log.snapshot_term) == (3, 2)
    assert (after.commit_index, after.last_applied) == (3, 3)


@pytest.mark.parametrize("log", [(1, 1, 1, 1, 1), (1, 1, 4, 4), (1, 1), ()])
def test_the_whole_log_goes_when_the_snapshots_last_entry_is_not_in_it(
    log: tuple[int, ...],
) -> None:
    after = _hear(server(4, log), *ALL).server
    assert list(after.log) == []
    assert (after.log.last_index, after.log.last_term) == (3, 2)


def test_a_follower_that_holds_all_of_it_keeps_its_log() -> None:
    who = server(4, (1, 2, 2, 4), commit=4)
    transition = _hear(who, 0)
    assert transition.server.log is who.log
    assert transition.server.replica is who.replica
    assert answer(transition, InstallSnapshotResponse) == stored(4, 3, installed=True)
    assert reasons(transition) == [why.SNAPSHOT_KNOWN]


def test_an_older_snapshot_than_its_own_changes_nothing() -> None:
    who = with_snapshot(server(4, (1, 2, 2, 4), Follower(2)), 4)
    transition = _hear(who, *ALL)
    assert transition.server is who


def test_appends_go_on_behind_an_installed_snapshot() -> None:
    after = _hear(server(4), *ALL).server
    transition = receive(THREE, after, 2, append(4, (3, 2), (4,), commit=4))
    assert answer(transition, AppendEntriesResponse) == success(4, 4)
    assert transition.server.replica.values == {"x": "4"}


# InstallSnapshot, the leader

SHORT = Cluster.of_size(3, Options(chunk=10))


def _sender(next_index: int = 1) -> Server:
    """A leader with a snapshot up to entry 3 and entry 4, which S3 has too."""
    who = leader(4, (1, 2, 2, 4), match={3: 4}, next_index={2: next_index, 3: 5})
    return with_snapshot(who, 3)


@pytest.mark.parametrize("next_index", [1, 2, 3])
def test_who_needs_an_entry_that_is_in_the_snapshot_is_sent_the_snapshot(next_index: int) -> None:
    beat = fire(THREE, _sender(next_index))
    assert _chunks(beat) == [(3, 0)]
    assert [to for to, _ in sent(beat, AppendEntriesRequest)] == [3]


@pytest.mark.parametrize("next_index", [4, 5])
def test_who_needs_only_what_follows_it_is_sent_entries(next_index: int) -> None:
    beat = fire(THREE, _sender(next_index))
    assert _chunks(beat) == []
    assert [m.prev_log_index for to, m in sent(beat, AppendEntriesRequest) if to == 2] == [
        next_index - 1
    ]


def test_a_refusal_that_leads_below_the_log_is_answered_with_the_snapshot_at_once() -> None:
    transition = receive(THREE, _sender(5), 2, refusal(4, 1))
    message = answer(transition, InstallSnapshotRequest)
    assert (message.last_included_index, message.last_included_term) == (3, 2)
    assert (message.term, message.leader_id, message.offset) == (4, 1, 0)


def test_the_chunks_are_the_text_of_the_snapshot_and_the_last_one_says_so() -> None:
    who, text = _sender(), ""
    transition = fire(SHORT, who)
    while True:
        ((_, message),) = (found for found in sent(transition, InstallSnapshotRequest))
        assert message.offset == len(text)
        assert 0 < len(message.data) <= 10
        text += message.data
        if message.done:
            break
        transition = receive(SHORT, transition.server, 2, stored(4, 3, len(text)))
        assert reasons(transition) == [why.NEXT_CHUNK]
    assert who.snapshot is not None
    assert text == who.snapshot.replica.dumped()


def test_the_next_chunk_goes_when_the_last_one_is_answered_and_not_before() -> None:
    who = fire(SHORT, _sender()).server
    asked = receive(SHORT, who, -1, request())
    assert _chunks(asked) == []
    assert _chunks(receive(SHORT, asked.server, 2, stored(4, 3, 10))) == [(3, 10)]


def test_a_lost_chunk_is_sent_again_by_the_heartbeat() -> None:
    who = fire(SHORT, _sender()).server
    who = receive(SHORT, who, 2, stored(4, 3, 10)).server
    for _ in range(3):
        beat = fire(SHORT, who)
        assert _chunks(beat) == [(3, 10)]
        who = beat.server


def test_the_same_answer_twice_is_acted_upon_once() -> None:
    who = fire(SHORT, _sender()).server
    first = receive(SHORT, who, 2, stored(4, 3, 10))
    again = receive(SHORT, first.server, 2, stored(4, 3, 10))
    assert again.server is first.server
    assert again.messages == ()


def test_a_follower_that_lost_what_it_had_is_sent_it_from_there_again() -> None:
    who = fire(SHORT, _sender()).server
    who = receive(SHORT, who, 2, stored(4, 3, 10)).server
    assert _chunks(receive(SHORT, who, 2, stored(4, 3, 0))) == [(3, 0)]


def test_after_the_snapshot_entries_are_sent_again_at_once() -> None:
    who = fire(THREE, _sender()).server
    transition = receive(THREE, who, 2, stored(4, 3, 99, installed=True))
    role = lead(transition.server)
    assert (role.match_index[2], role.next_index[2]) == (3, 4)
    message = answer(transition, AppendEntriesRequest)
    assert (message.prev_log_index, message.prev_log_term, len(message.entries)) == (3, 2, 1)


def test_an_installed_snapshot_counts_as_a_copy_of_what_it_replaces() -> None:
    who = fire(THREE, _sender()).server
    transition = receive(THREE, who, 2, stored(4, 3, 99, installed=True))
    assert reasons(transition)[0] is why.COUNT_COPY
    assert receive(THREE, transition.server, 2, success(4, 4)).server.commit_index == 4


def test_the_answer_to_a_snapshot_heard_twice_takes_nothing_back() -> None:
    who = fire(THREE, _sender()).server
    who = receive(THREE, who, 2, stored(4, 3, 99, installed=True)).server
    who = receive(THREE, who, 2, success(4, 4)).server
    transition = receive(THREE, who, 2, stored(4, 3, 99, installed=True))
    assert transition.server is who
    assert transition.messages == ()


def test_a_late_answer_to_a_chunk_sends_nothing_to_who_needs_no_snapshot_any_more() -> None:
    who = fire(THREE, _sender()).server
    who = receive(THREE, who, 2, stored(4, 3, 99, installed=True)).server
    transition = receive(THREE, who, 2, stored(4, 3, 10))
    assert transition.server is who
    assert transition.messages == ()


def test_an_answer_of_an_earlier_term_is_ignored() -> None:
    who = fire(THREE, _sender()).server
    transition = receive(THREE, who, 2, stored(3, 3, 99, installed=True))
    assert transition.server is who
    assert reasons(transition) == [why.IGNORE_STALE_RESPONSE]


def test_an_answer_to_who_leads_no_longer_is_ignored() -> None:
    who = server(4, (1, 2))
    assert receive(THREE, who, 2, stored(4, 2, installed=True)).server is who


def test_an_answer_of_a_later_term_deposes_the_leader() -> None:
    assert receive(THREE, _sender(), 2, stored(5, 3)).server.role == Follower()


def _compacted_while_sending() -> Server:
    who = fire(SHORT, _sender()).server
    who = receive(SHORT, who, 2, stored(4, 3, 10)).server
    return compact(SHORT, attrs.evolve(who, commit_index=4, last_applied=4)).server


def test_a_leader_that_compacts_while_it_sends_begins_with_the_new_snapshot() -> None:
    who = _compacted_while_sending()
    assert _chunks(fire(SHORT, who)) == [(4, 0)]
    assert _chunks(receive(SHORT, who, 2, stored(4, 3, 20))) == [(4, 0)]


def test_what_is_answered_about_the_old_snapshot_does_not_disturb_the_new_one() -> None:
    who = fire(SHORT, _compacted_while_sending()).server
    who = receive(SHORT, who, 2, stored(4, 4, 10)).server
    transition = receive(SHORT, who, 2, stored(4, 3, 20))
    assert transition.server is who
    assert transition.messages == ()


def test_the_old_snapshot_installed_counts_and_the_new_one_follows() -> None:
    transition = receive(SHORT, _compacted_while_sending(), 2, stored(4, 3, 99, installed=True))
    role = lead(transition.server)
    assert (role.match_index[2], role.next_index[2]) == (3, 4)
    assert _chunks(transition) == [(4, 0)]


def test_a_leader_that_compacts_while_an_append_is_unanswered_waits_for_the_answer() -> None:
    """Its follower most likely needs no snapshot."""
    cluster = Cluster.of_size(3, Options(snapshot_every=1))
    who = receive(cluster, leader(4, (4,), match={2: 1, 3: 1}, commit=1), -1, request()).server
    who = attrs.evolve(who, role=attrs.evolve(lead(who), match_index={1: 2, 2: 1, 3: 1}))
    committed = receive(cluster, who, 3, success(4, 2))
    assert committed.server.log.snapshot_index == 2
    assert sent(committed, InstallSnapshotRequest) == []
    heard = receive(cluster, committed.server, 2, success(4, 2))
    assert lead(heard.server).next_index[2] == 3
    assert sent(heard, InstallSnapshotRequest) == []


def test_a_new_leader_begins_without_anything_under_way() -> None:
    """What it had under way in an earlier term of its own is forgotten."""
    who = fire(SHORT, _sender()).server
    deposed = receive(SHORT, who, 3, append(5, (0, 0), leader_id=3)).server
    role = lead(elected(Cluster.of_size(3, Options(no_op=False)), deposed).server)
    assert role.flow == {2: PROBING, 3: PROBING}
    assert role.next_index == {2: 5, 3: 5}


def test_a_new_leader_sends_no_snapshot_to_who_only_does_not_answer() -> None:
    """It supposes that all agree with its whole log, until somebody refuses (§5.3)."""
    who = elected(THREE, with_snapshot(server(3, (1, 2, 2)), 3)).server
    for _ in range(5):
        beat = fire(THREE, who)
        assert sent(beat, InstallSnapshotRequest) == []
        assert {m.prev_log_index for _, m in sent(beat, AppendEntriesRequest)} == {3}
        who = beat.server


# Whole runs


def test_who_was_away_comes_back_by_a_snapshot_and_then_entries() -> None:
    net = Net.of(Cluster.of_size(3, Options(snapshot_every=4, chunk=7)))
    net.fire(1)
    net.settle()
    net.crash(3)
    for serial in range(1, 11):
        net.ask(1, request(f"append x {serial}", -1, serial))
        net.settle()
    net.restart(3)
    for _ in range(4):
        net.fire(1)
        net.settle()
    assert net.up[3].snapshot is not None
    assert net.up[3].replica == net.up[1].replica
    assert net.up[3].commit_index == net.up[1].commit_index == 11
    assert net.up[3].replica.sessions == {-1: (10, "ok")}


def test_a_command_sent_again_to_a_leader_that_got_it_by_snapshot_is_executed_once() -> None:
    net = Net.of(Cluster.of_size(3, Options(snapshot_every=1)))
    net.fire(1)
    net.settle()
    net.crash(3)
    net.ask(1, request("append x a", -1, 1))
    net.settle()
    net.restart(3)
    for _ in range(3):
        net.fire(1)
        net.settle()
    net.crash(1)
    net.fire(3)
    net.settle()
    net.told.clear()
    net.ask(3, request("append x a", -1, 1))
    net.settle()
    assert net.up[3].replica.values == {"x": "a"}
    assert net.told == [(-1, ClientResponse(1, "ok"))]
