"""Each row of ``conformance/`` is a test under its own name; an adapter for each kind of row."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from raftviz.raft.cluster import Cluster
from raftviz.raft.inputs import Received
from raftviz.raft.log import Log
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    RequestVoteRequest,
    RequestVoteResponse,
)
from raftviz.raft.quorum import Configuration, quorum_index
from raftviz.raft.rules import RULES, log_is_up_to_date
from raftviz.raft.server import Candidate, Leader, Role, Server, role_name
from tests.raft.lab import (
    PLAIN,
    THREE,
    answer,
    elected,
    entry,
    fire,
    leader,
    receive,
    request,
    sent,
    server,
    success,
    terms,
)
from tests.raft.net import Net

Row = dict[str, Any]

ROWS: list[Row] = [
    row
    for path in sorted((Path(__file__).parent / "conformance").glob("*.json"))
    for row in json.loads(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_row(row: Row) -> None:
    """What the row says is so."""
    ADAPTERS[row["kind"]](row)


def request_vote(row: Row) -> None:
    """A voter answers a RequestVote."""
    given, asked, then = row["given"], row["request"], row["then"]
    voter = _server(given, given["voter"], voted_for=given["votedFor"] or 0)
    message = RequestVoteRequest(
        asked["term"], asked["candidate"], asked["lastLogIndex"], asked["lastLogTerm"]
    )
    cluster = Cluster.of_size(5)
    transition = receive(cluster, voter, asked["candidate"], message)
    after = transition.server
    assert answer(transition, RequestVoteResponse).vote_granted == then["granted"]
    assert after.current_term == then["term"]
    assert after.voted_for == (then["votedFor"] or 0)
    assert role_name(after) == then.get("role", given["role"])


def up_to_date(row: Row) -> None:
    """The election restriction by itself."""
    asked = row["request"]
    log = _log(row["given"]["log"])
    holds = log_is_up_to_date(log, asked["lastLogIndex"], asked["lastLogTerm"])
    assert holds == row["then"]["upToDate"]


def request_vote_sent(row: Row) -> None:
    """An election timeout elapses."""
    given, then = row["given"], row["then"]
    cluster = Cluster(Configuration(tuple(given["voters"])))
    transition = fire(cluster, _server(given, given["node"]))
    after = transition.server
    assert role_name(after) == then["role"]
    assert (after.current_term, after.voted_for) == (then["term"], then["votedFor"])
    assert [(to, message) for to, message in transition.messages] == [
        (
            s["to"],
            RequestVoteRequest(s["term"], given["node"], s["lastLogIndex"], s["lastLogTerm"]),
        )
        for s in then["sends"]
    ]


def append_entries(row: Row) -> None:
    """A server answers an AppendEntries."""
    given, asked, then = row["given"], row["request"], row["then"]
    message = AppendEntriesRequest(
        asked["term"],
        asked["leader"],
        asked["prevLogIndex"],
        asked["prevLogTerm"],
        tuple(entry(index, term) for index, term in asked["entries"]),
        asked["leaderCommit"],
    )
    before = _server(given, given["node"])
    transition = receive(THREE, before, asked["leader"], message)
    after = transition.server
    assert _pairs(after.log) == then["log"]
    assert after.commit_index == then["commit"]
    response = answer(transition, AppendEntriesResponse)
    if then.get("mustNotApply"):
        assert after.log is before.log
        assert not response.success
        return
    assert response.success == then["success"]
    assert after.current_term == response.term == then["term"]
    if "applied" in then:
        assert list(range(before.last_applied + 1, after.last_applied + 1)) == then["applied"]


def commit_to(row: Row) -> None:
    """A leader's commit index arrives with proof of the whole log."""
    log = _log(row["given"]["log"])
    wanted, commit = row["request"]["commit"], row["given"]["commit"]
    proof = AppendEntriesRequest(3, 2, log.last_index, log.last_term, (), wanted)
    after = RULES.commit_index_from(proof, log, commit)
    if row["then"].get("error"):
        assert after <= log.last_index
    else:
        assert after == row["then"]["commit"]


def leader_commit(row: Row) -> None:
    """A leader hears again what its followers hold."""
    given, then = row["given"], row["then"]
    match = {int(voter): index for voter, index in given["matchIndex"].items()}
    log, term, commit = _log(given["log"]), given["currentTerm"], given["commit"]
    cluster = Cluster(Configuration(tuple(match)), PLAIN)
    replicated = _replicated(match, cluster)
    assert RULES.leader_commit_index(log, replicated, term, commit) == then["commit"]
    if len(match) == 1:
        return
    # The same through the door: the last follower's answer arrives.
    known = {**match, max(match): 0}
    before = leader(term, terms(log), of=len(match), commit=commit, match=known)
    heard = receive(cluster, before, max(match), success(term, match[max(match)]))
    if match[max(match)] == 0 or _was_enough(cluster, known, before):
        return
    assert heard.server.commit_index == then["commit"]
    if "applied" in then:
        assert list(range(commit + 1, heard.server.last_applied + 1)) == then["applied"]
    if "nextAppendEntriesCarryCommit" in then:
        for _, message in sent(fire(cluster, heard.server), AppendEntriesRequest):
            assert message.leader_commit == then["nextAppendEntriesCarryCommit"]


def _was_enough(cluster: Cluster, known: dict[int, int], before: Server) -> bool:
    return _replicated(known, cluster) > before.commit_index


def _replicated(match: dict[int, int], cluster: Cluster) -> int:
    return RULES.replicated_index(Leader({}, match, {}), cluster.configuration)


def quorum_commit_index(row: Row) -> None:
    """What a majority of each configuration has reached."""
    given, then = row["given"], row["then"]["commitIndex"]
    configuration = Configuration(tuple(given["voters"]), tuple(given["votersOutgoing"]))
    acked = {int(voter): index for voter, index in given["acked"].items()}
    assert quorum_index(acked, configuration) == (None if then == "infinity" else then)


def log_reconcile(row: Row) -> None:
    """A new leader makes a follower's log equal to its own."""
    given, then = row["given"], row["then"]
    term = given["leaderTerm"]
    first = server(term - 1, _log(given["leaderLog"]))
    won = elected(THREE, first)
    assert won.server.current_term == term
    follower = server(given["followerTerm"], _log(given["followerLog"]), me=2)
    helper = server(term, _log(given["leaderLog"]), me=3)
    net = Net.of(THREE, first, follower, helper)
    net.fire(1)
    for response in (2, 3):
        if not isinstance(net.up[1].role, Leader):
            net.do(1, _granted(response, term))
    net.flying = [letter for letter in net.flying if not _asks_vote(letter.message)]
    if len(then["followerLog"]) == len(given["leaderLog"]) + 2:
        net.ask(1, request())
    net.settle()
    assert net.up[1].log.agrees_until(_log(given["followerLog"])) == then["agreementPoint"]
    assert _pairs(net.up[2].log) == then["followerLog"]
    assert net.up[2].log == net.up[1].log
    if "finalCommit" in then:
        net.fire(1)
        net.settle()
        assert net.up[2].commit_index == then["finalCommit"]


def _granted(voter: int, term: int) -> Received:
    return Received(voter, RequestVoteResponse(term, vote_granted=True))


def _asks_vote(message: object) -> bool:
    return isinstance(message, RequestVoteRequest)


def _server(given: Row, me: int, *, voted_for: int = 0) -> Server:
    role: Role | None = None
    if given["role"] == "candidate":
        role = Candidate(frozenset({me}))
    elif given["role"] == "leader":
        role = leader(me=me, of=5).role
    log = _log(given["log"])
    return server(
        given["term"], log, role, me=me, voted_for=voted_for, commit=given.get("commit", 0)
    )


def _log(pairs: list[list[int]]) -> Log:
    return Log(entry(index, term) for index, term in pairs)


def _pairs(log: Log) -> list[list[int]]:
    return [[e.index, e.term] for e in log]


ADAPTERS: dict[str, Callable[[Row], None]] = {
    "request_vote": request_vote,
    "up_to_date": up_to_date,
    "request_vote_sent": request_vote_sent,
    "append_entries": append_entries,
    "commit_to": commit_to,
    "leader_commit": leader_commit,
    "quorum_commit_index": quorum_commit_index,
    "log_reconcile": log_reconcile,
}
