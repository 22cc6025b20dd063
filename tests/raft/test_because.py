"""Every reason is a whole sentence with a section, made of the values the algorithm gives."""

import re
from string import Formatter

import pytest

from raftviz.raft import because as why
from raftviz.raft.because import Because, Reason
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.machine import Replica
from raftviz.raft.names import name, names
from raftviz.raft.rules import RULES
from raftviz.raft.server import Server
from raftviz.raft.transition import Transition
from tests.raft.lab import (
    PLAIN,
    THREE,
    append,
    ask_vote,
    batch_due,
    candidate,
    chunk,
    compact,
    fire,
    leader,
    receive,
    refusal,
    request,
    server,
    stored,
    success,
    vote,
    with_snapshot,
)
from tests.raft.test_interleavings import play

REASONS = {key: value for key, value in vars(why).items() if isinstance(value, Reason)}


@pytest.mark.parametrize("key", REASONS)
def test_a_reason_has_a_rule_a_section_and_a_whole_sentence(key: str) -> None:
    reason = REASONS[key]
    assert reason.rule
    section = r"(dissertation )?§\d+(\.\d+)*"
    assert re.fullmatch(f"{section}(, {section})*", reason.section)
    assert reason.sentence.endswith(".")
    assert "  " not in reason.sentence


@pytest.mark.parametrize("key", REASONS)
def test_a_sentence_speaks_of_somebody(key: str) -> None:
    assert {"me", "other"} & _fields(REASONS[key])


def test_servers_and_clients_are_written_as_people_say_them() -> None:
    assert [name(3), name(-1), name(0)] == ["S3", "C1", "nobody"]
    assert [names(s) for s in ([], [2], [3, 1], (4, 1, 2))] == [
        "nobody",
        "S2",
        "S1 and S3",
        "S1, S2 and S4",
    ]


def _fields(reason: Reason) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(reason.sentence) if field}


def _read(transition: Transition) -> None:
    assert transition.because, "a transition without a reason"
    for because in transition.because:
        _whole(because)


def _whole(because: Because) -> None:
    sentence = because.sentence
    assert not re.search(r"[{}]|None|frozenset|\(\)", sentence), sentence
    assert sentence[0].isupper(), sentence
    # Servers are S1 … and never bare numbers where a name belongs.
    for key in {"me", "other", "leader", "voted_for"} & _fields(because.reason):
        assert name(int(str(because.values[key]))) in sentence


@pytest.mark.parametrize("seed", range(25))
def test_every_sentence_of_a_long_run_reads_well(seed: int) -> None:
    seen: set[str] = set()

    def read(_: Server, transition: Transition) -> None:
        _read(transition)
        seen.update(because.reason.rule for because in transition.because)

    options = PLAIN if seed % 3 == 0 else None
    play(Cluster.of_size(3, options), seed, 200, read)
    assert len(seen) > 5


BATCHES = Cluster.of_size(3, Options(batch=3))
SENDING = with_snapshot(leader(4, (1, 2, 4), next_index={2: 1}), 2)
RECEIVING = receive(THREE, server(4), 2, chunk(4, (3, 2), 0, "{")).server

ONE_OF_EACH: dict[str, Transition] = {
    "STEP_DOWN": receive(THREE, leader(4), 2, vote(5)),
    "START_ELECTION": fire(THREE, server(4)),
    "GRANT_VOTE": receive(THREE, server(4), 2, ask_vote(4)),
    "REFUSE_VOTE_STALE_TERM": receive(THREE, server(4), 2, ask_vote(3)),
    "REFUSE_VOTE_ALREADY_VOTED": receive(THREE, server(4, voted_for=3), 2, ask_vote(4)),
    "REFUSE_VOTE_LOG_BEHIND": receive(THREE, server(4, (4,)), 2, ask_vote(4)),
    "COUNT_VOTE": receive(Cluster.of_size(5), candidate(4), 2, vote(4)),
    "NOTE_REFUSAL": receive(THREE, candidate(4), 2, vote(4, granted=False)),
    "WIN_ELECTION": receive(THREE, candidate(4), 2, vote(4)),
    "IGNORE_STALE_RESPONSE": receive(THREE, candidate(4), 2, vote(3)),
    "IGNORE_LATE_VOTE": receive(THREE, leader(4), 2, vote(4)),
    "IGNORE_LATE_ANSWER": receive(THREE, server(4), 2, success(4, 1)),
    "SEND_HEARTBEAT": fire(THREE, leader(4)),
    "HEAR_HEARTBEAT": receive(THREE, receive(THREE, server(4), 2, append(4)).server, 2, append(4)),
    "FOLLOW_LEADER": receive(THREE, server(4), 2, append(4)),
    "STORE_ENTRIES": receive(THREE, server(4), 2, append(4, (0, 0), (4,))),
    "REPLACE_ENTRIES": receive(THREE, server(4, (1, 2)), 2, append(4, (1, 1), (4,))),
    "REJECT_STALE_LEADER": receive(THREE, server(4), 2, append(3)),
    "REJECT_SECOND_LEADER": receive(THREE, leader(4), 2, append(4)),
    "REJECT_MISSING": receive(THREE, server(4), 2, append(4, (2, 1))),
    "REJECT_MISMATCH": receive(THREE, server(4, (1, 2)), 2, append(4, (2, 1))),
    "REJECT_COMMITTED": receive(THREE, server(4, (1,), commit=1), 2, append(4, (0, 0), (4,))),
    "FOLLOWER_COMMITS": receive(THREE, server(4, (4,)), 2, append(4, (1, 4), (), commit=1)),
    "COUNT_COPY": receive(THREE, leader(4, (4,)), 2, success(4, 1)),
    "NOTHING_NEW": receive(THREE, leader(4, (4,), match={2: 1}), 2, success(4, 1)),
    "LEADER_COMMITS": receive(THREE, leader(4, (4,)), 2, success(4, 1)),
    "HOLD_COMMIT": receive(THREE, leader(4, (3,)), 2, success(4, 1)),
    "BACK_OFF": receive(THREE, leader(4, (3,)), 2, refusal(4, 1)),
    "LEADER_APPENDS": receive(THREE, leader(4), -1, request()),
    "SEND_TO_LEADER": receive(THREE, server(4), -1, request()),
    "GATHER": receive(BATCHES, leader(4), -1, request()),
    "SEND_BATCH": batch_due(BATCHES, receive(BATCHES, leader(4), -1, request()).server),
    "NOTHING_GATHERED": batch_due(BATCHES, leader(4)),
    "COMPACT": compact(THREE, server(4, (1, 2), commit=2)),
    "NOTHING_TO_COMPACT": compact(THREE, server(4, (1, 2))),
    "INSTALL": receive(THREE, server(4), 2, chunk(4, (3, 2), 0, Replica().dumped(), done=True)),
    "STORE_CHUNK": receive(THREE, server(4), 2, chunk(4, (3, 2), 0, "{")),
    "NEXT_CHUNK": receive(THREE, SENDING, 2, stored(4, 2, 10)),
    "OLDER_CHUNK": receive(THREE, RECEIVING, 2, chunk(4, (2, 2), 0, "{")),
    "SNAPSHOT_KNOWN": receive(THREE, server(4, (1, 2), commit=2), 2, chunk(4, (2, 2), 0, "{")),
}
UNREACHED = {"ALREADY_DURABLE", "FIRED_TOO_LATE"}


@pytest.mark.parametrize("key", ONE_OF_EACH)
def test_the_reason_is_given_where_it_applies_and_reads_well(key: str) -> None:
    transition = ONE_OF_EACH[key]
    assert REASONS[key] in [because.reason for because in transition.because]
    _read(transition)


def test_no_reason_is_forgotten_here() -> None:
    assert REASONS.keys() - ONE_OF_EACH.keys() <= UNREACHED


def test_a_refused_copy_says_that_nothing_was_learned() -> None:
    first = receive(THREE, leader(4, (3, 3)), 2, refusal(4, 1))
    again = receive(THREE, first.server, 2, refusal(4, 1))
    assert [because.reason for because in again.because] == [why.NOTHING_NEW]
    _read(again)


def test_a_rule_named_by_a_reason_is_a_rule_of_the_algorithm_or_an_act() -> None:
    acts = {
        "step_down",
        "start_election",
        "grant_vote",
        "heartbeat",
        "follow_leader",
        "leader_appends",
        "not_leader",
        "persist_before_reply",
        "batch",
        "compact",
        "install_snapshot",
    }
    assert {reason.rule for reason in REASONS.values()} <= acts | {*dir(RULES)}
