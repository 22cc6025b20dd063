"""Somebody else's recording, with as little in it as they know: the rest is unknown, not zero."""

from typing import Any

import pytest

from raftviz.data import asset_path
from raftviz.raft.log import Command, Log
from raftviz.raft.messages import AppendEntriesRequest, NotLeader
from raftviz.raft.server import Candidate, Leader
from raftviz.sim.client import Client
from raftviz.sim.events import Delivered, Lost, Noted, TimedOut
from raftviz.sim.host import Host, Status
from raftviz.sim.partly import OF_HOST, OF_ROLES, UNTOLD
from tests.recording.recorded import Told, read, read_bytes, same_histories, written


def note(part: str, time_us: int = 0, **state: Any) -> Told:
    """An event of which only the state of a part is told."""
    return {"kind": "note", "part": part, "time_us": time_us, "state": state}


def send(time_us: int, *messages: Told, part: str = "S1") -> Told:
    return {"kind": "note", "part": part, "time_us": time_us, "sends": list(messages)}


def arrive(time_us: int, message: Told, **state: Any) -> Told:
    return {"kind": "deliver", "time_us": time_us, "message": message, "state": state}


VOTE: Told = {"type": "RequestVote", "term": 1, "last_log_index": 0, "last_log_term": 0}


# The recording that ships


def test_the_recording_that_ships_shows_a_vote_that_was_forgotten() -> None:
    found = read_bytes((asset_path("traces") / "two-leaders.jsonl").read_bytes())

    assert found.title == "A vote that was forgotten"
    assert found.fallen == ["vote_once", "election_safety"]
    assert found.violations[0].explanation == (
        "S2 had voted for S1 in term 1 and now votes for S3 in the same term."
    )


def test_its_servers_keep_their_own_names() -> None:
    found = read_bytes((asset_path("traces") / "two-leaders.jsonl").read_bytes())

    assert found.history.is_recording
    assert found.history.recording is not None
    assert found.history.recording.names == {1: "alpha", 2: "beta", 3: "gamma"}


# Nothing is known but what is told


def test_before_the_first_line_nothing_is_known() -> None:
    found = read()

    for server in (1, 2, 3):
        assert found.host(server).unknown == set(OF_HOST) - set(OF_ROLES) | {"language"}
    assert found.history.start.network.unknown == {"quality"}


def test_what_is_told_is_known_and_nothing_else() -> None:
    host = read(note("S1", current_term=3, role="follower")).host(1)

    assert host.server.current_term == 3
    assert not host.unknown & {"current_term", "role"}
    assert {"voted_for", "log", "commit_index", "durable", "timer", "leader"} <= host.unknown


def test_what_is_left_out_stays_as_it_was() -> None:
    host = read(note("S1", commit_index=4), note("S1", 10, last_applied=3)).host(1)

    assert (host.server.commit_index, host.server.last_applied) == (4, 3)


def test_null_makes_something_unknown_again() -> None:
    found = read(note("S1", commit_index=4), note("S1", 10, commit_index=None))

    assert "commit_index" not in found.host(1, 1).unknown
    assert "commit_index" in found.host(1).unknown


def test_in_a_new_term_the_vote_is_unknown_until_it_is_told() -> None:
    found = read(
        note("S1", current_term=3, voted_for="S2"),
        note("S1", 10, commit_index=1),
        note("S1", 20, current_term=4),
        note("S1", 30, voted_for="nobody"),
    )

    assert [found.host(1, n).server.voted_for for n in (1, 2, 3, 4)] == [2, 2, 0, 0]
    assert ["voted_for" in found.host(1, n).unknown for n in (1, 2, 3, 4)] == [
        False,
        False,
        True,
        False,
    ]


def test_another_role_begins_anew() -> None:
    found = read(
        note("S1", role="candidate", granted=["S1"]),
        note("S1", 10, role="leader"),
        note("S1", 20, match_index={"S2": 4}),
        note("S1", 30, match_index={"S3": 2}),
    )

    assert isinstance(found.host(1, 1).server.role, Candidate)
    assert {"next_index", "match_index"} <= found.host(1, 2).unknown
    leader = found.host(1).server.role
    assert isinstance(leader, Leader)
    assert leader.match_index == {2: 4, 3: 2}
    assert "next_index" in found.host(1).unknown
    assert "match_index" not in found.host(1).unknown


def test_a_crash_takes_away_what_was_in_memory() -> None:
    found = read(
        note("S1", role="leader", current_term=2, voted_for="S1", commit_index=5),
        note("S1", 10, status="crashed"),
        note("S1", 20, status="up"),
    )

    for count in (2, 3):
        host = found.host(1, count)
        assert {"role", "commit_index", "last_applied"} <= host.unknown
        assert (host.server.current_term, host.server.voted_for) == (2, 1)
    assert found.host(1, 2).status is Status.CRASHED
    assert found.host(1, 3).status is Status.UP


def test_a_server_to_which_something_happens_runs() -> None:
    found = read({"kind": "timeout", "part": "S2", "time_us": 5})

    assert isinstance(found.records[0].event, TimedOut)
    assert "status" not in found.host(2).unknown
    assert "status" in found.host(1).unknown


# Logs


def log_of(**told: Any) -> Host:
    return read(note("S1", **told)).host(1)


def test_a_log_can_be_told_entry_by_entry() -> None:
    found = read(
        note("S1", log={"entries": [[1, 1, None], [2, 1, "x=1"]]}),
        note("S1", 10, log={"entries": [[3, 1, "y=1"]]}),
        note("S1", 20, log={"from": 2, "entries": [[2, 2, "z=1"]]}),
        note("S1", 30, log={"from": 2}),
    )

    assert [len(found.host(1, n).server.log) for n in (1, 2, 3, 4)] == [2, 3, 2, 1]
    assert found.host(1, 3).server.log[2].command == Command("z=1")


def test_where_a_log_ends_may_be_all_that_is_known_of_it() -> None:
    host = log_of(last_log_index=7, last_log_term=3)

    assert (host.server.log.last_index, host.server.log.last_term, len(host.server.log)) == (
        7,
        3,
        0,
    )
    assert "entries" in host.unknown
    assert "log" not in host.unknown


def test_a_log_that_ends_earlier_lost_its_last_entries() -> None:
    found = read(
        note("S1", log={"entries": [[1, 1, None], [2, 1, "x=1"], [3, 1, "y=1"]]}),
        note("S1", 10, last_log_index=2, last_log_term=1),
    )

    assert len(found.host(1).server.log) == 2
    assert "entries" not in found.host(1).unknown


@pytest.mark.parametrize(("before", "hidden"), [({"before_term": 2}, 4), ({}, 5)])
def test_a_log_may_begin_with_what_nobody_knows(before: Told, hidden: int) -> None:
    host = log_of(log={"from": 5, "entries": [[5, 3, "x=1"], [6, 3, "y=1"]], **before})

    assert host.server.log.snapshot_index == hidden
    assert host.server.log.last_index == 6
    assert "entries" in host.unknown


def test_a_snapshot_is_known_to_be_one() -> None:
    host = log_of(log={"snapshot_index": 9, "snapshot_term": 2})

    assert (host.server.log.snapshot_index, host.server.log.snapshot_term) == (9, 2)
    assert "entries" not in host.unknown


def test_a_command_that_is_left_out_is_the_one_another_line_tells() -> None:
    found = read(
        note("S1", log={"entries": [[1, 1], [2, 1]]}),
        note("S2", 10, log={"entries": [[1, 1, "x=1"]]}),
    )

    log = found.host(1).server.log
    assert log[1].command == Command("x=1")
    assert log[2].command is UNTOLD
    assert found.violations == []


def test_everything_on_disk_can_be_said_in_a_word() -> None:
    host = log_of(current_term=2, voted_for="S3", log={"entries": [[1, 2, "x=1"]]}, durable="all")

    assert host.disk.durable.log == host.server.log
    assert (host.disk.durable.current_term, host.disk.durable.voted_for) == (2, 3)


# Messages


def test_a_message_is_on_its_way_until_the_line_that_tells_of_its_arrival() -> None:
    found = read(
        send(100, {"id": "a", "to": "S2", **VOTE}), arrive(350, {"id": "a"}), note("S3", 900)
    )

    (flight,) = found.history.root.flights(1).values()
    assert (flight.sent_us, flight.arrives_us, flight.lost_us) == (100, 350, None)
    assert not found.history.root.flights(2)
    assert isinstance(found.records[1].event, Delivered)
    assert found.records[1].cause == 0


def test_a_message_that_is_lost_is_lost_half_way() -> None:
    lose = {"kind": "lose", "time_us": 300, "message": {"id": 1}, "why": "loss"}
    found = read(send(100, {"id": 1, "to": "S2", **VOTE}), lose)

    (flight,) = found.history.root.flights(1).values()
    assert (flight.lost_us, flight.position(300)) == (300, 0.5)


def test_a_message_of_which_nothing_more_is_told_is_given_up() -> None:
    found = read(
        send(0, {"id": 1, "to": "S2", **VOTE}, {"id": 2, "to": "S3", **VOTE}),
        arrive(50, {"id": 1}),
        note("S3", 1_000, current_term=1),
    )

    given_up = found.records[2]
    assert isinstance(given_up.event, Lost)
    assert given_up.event.why == "untold"
    assert given_up.time_us == 50  # as long as the longest that arrived
    assert "nothing more" in given_up.because[0].sentence
    assert isinstance(found.records[3].event, Noted)


def test_it_is_still_in_the_air_where_the_recording_ends() -> None:
    found = read(send(0, {"id": 1, "to": "S2", **VOTE}), note("S3", 5))

    assert len(found.history.root.flights(2)) == 1
    assert len(found.records) == 2


def test_a_message_of_which_only_the_arrival_is_told_was_sent_nobody_knows_when() -> None:
    found = read(arrive(70, {"from": "S1", "to": "S2", **VOTE}, current_term=1))

    event = found.records[0].event
    assert isinstance(event, Delivered)
    assert "sent_us" in event.flight.unknown
    assert found.records[0].cause == -1
    assert not found.history.root.flights(1)


def test_fields_that_a_message_leaves_out_are_unknown() -> None:
    found = read(send(0, {"id": 1, "to": "S2", "type": "AppendEntries"}))

    (flight,) = found.records[0].flights
    assert isinstance(flight.message, AppendEntriesRequest)
    assert flight.message.leader_id == 1  # who else
    assert flight.unknown == {"term", "prev_log_index", "prev_log_term", "entries", "leader_commit"}


def test_who_is_spoken_to_is_there_from_the_start() -> None:
    answer = {"id": 1, "to": "C3", "type": "NotLeader", "serial": 4, "leader_id": "nobody"}
    found = read(send(0, answer), arrive(9, {"id": 1}))

    assert list(found.history.start.clients) == [-3]
    assert found.history.start.clients[-3].unknown == {"operation", "leader", "answered"}
    event = found.records[1].event
    assert isinstance(event, Delivered)
    assert event.flight.message == NotLeader(4, 0)


def test_a_client_that_speaks_first_appears_then() -> None:
    ask = {"id": 1, "to": "S1", "type": "ClientRequest", "command": "x=1", "serial": 1}
    found = read(send(20, ask, part="C1"), arrive(30, {"id": 1}))

    assert not found.history.start.clients
    assert found.records[0].before is None


# Times, causes, reasons


def test_times_may_begin_where_a_clock_stood() -> None:
    now = 1_790_000_000_000_000
    found = read(note("S1", now + 5), note("S2", now + 8), origin_us=now)

    assert [record.time_us for record in found.records] == [5, 8]


def test_causes_are_told_by_the_numbers_of_the_recording() -> None:
    send_one = {**send(0, {"id": 1, "to": "S2", **VOTE}), "number": 10}
    found = read(
        send_one,
        {**note("S1", 90_000), "number": 20},
        {**note("S3", 90_001), "number": 30, "cause": 20},
    )

    assert len(found.records) == 4  # one was given up in between
    assert found.records[3].cause == 2


def test_a_reason_can_be_a_sentence() -> None:
    found = read(
        {**note("S1"), "reasons": ["It felt {like} it.", {"sentence": "So.", "section": "§9"}]}
    )

    assert [b.sentence for b in found.records[0].because] == ["It felt {like} it.", "So."]
    assert found.records[0].because[1].reason.section == "§9"


def test_what_others_add_for_themselves_is_passed_over() -> None:
    found = read({**note("S1", current_term=1), "x-host": {"rack": 7}}, **{"x-made-by": "somebody"})

    assert found.host(1).server.current_term == 1


def test_empty_lines_and_a_byte_order_mark_do_no_harm() -> None:
    data = b'\xef\xbb\xbf{"schema":"raftviz-trace","version":1,"servers":2}\r\n\r\n  \n'

    assert len(read_bytes(data).history.start.hosts) == 2


# Once more


def test_what_is_read_can_be_written_and_read_again() -> None:
    shipped = read_bytes((asset_path("traces") / "two-leaders.jsonl").read_bytes())
    again = read_bytes(written(shipped.history, shipped.title))

    same_histories(again.history, shipped.history)
    assert again.history.recording == shipped.history.recording
    assert (again.title, again.violations) == (shipped.title, shipped.violations)


def test_whatever_is_unknown_stays_unknown_when_it_is_written() -> None:
    found = read(
        note("S1", role="leader", current_term=2, next_index={"S2": 3}, durable="all"),
        send(5, {"id": "m", "to": "S2", "type": "AppendEntries", "term": 2}),
        note("S2", 8, last_log_index=9, last_log_term=1, commit_index=3),
        arrive(10, {"id": "m"}, role=None, log={"from": 10, "entries": [[10, 2]]}),
        note("S1", 20, status="crashed", current_term=None),
        arrive(30, {"from": "C1", "to": "S2", "type": "ClientRequest"}),
        note("S2", 40, log=None, commit_index=None),
        settings={"seed": 3, "latency_us": [1000, 2000]},
    )
    again = read_bytes(written(found.history))

    same_histories(again.history, found.history)
    assert found.host(2).server.log == Log()


def test_every_instant_of_a_recording_is_of_its_own_clock() -> None:
    now = 5_000_000
    timer = {"from_us": now + 1, "until_us": now + 9}
    asked = {"command": "x=1", "asked": "S1", "invoked_us": now + 2}
    found = read(
        note("S1", now + 3, timer=timer),
        {"kind": "note", "part": "C1", "time_us": now + 4, "state": {"operation": asked}},
        send(now + 5, {"id": 1, "to": "S2", "arrives_us": now + 8, **VOTE}),
        origin_us=now,
    )

    assert (found.host(1, 1).timer_from_us, found.host(1, 1).timer_us) == (1, 9)
    assert found.records[2].flights[0].arrives_us == 8
    client = found.records[1].after
    assert isinstance(client, Client)
    assert client.operation is not None
    assert client.operation.invoked_us == 2
