"""Reasons and consequences in whole runs of a person at random, under all faults."""

import re
from collections import defaultdict
from functools import lru_cache

import pytest

from raftviz.checks.random_runs import run_random
from raftviz.picture.why.here import Here, Link
from raftviz.picture.why.links import links_of
from raftviz.picture.why.threads import Threads, all_threads
from raftviz.raft import because as why
from raftviz.raft.messages import (
    AppendEntriesResponse,
    InstallSnapshotResponse,
    RequestVoteResponse,
)
from raftviz.raft.quorum import majority
from raftviz.raft.server import Leader
from raftviz.sim.events import Acted, Delivered, TimedOut, Woke
from raftviz.sim.history import Branch, Record
from raftviz.sim.host import Host
from raftviz.sim.random_acts import Visitor
from raftviz.sim.world import World

RUNS = range(16)
ACTS = 60

_COUNTED = re.compile(r"\((\d+) of (\d+)\)")


@lru_cache(maxsize=8)
def threads_of_run(seed: int) -> Threads:
    history = run_random(seed, ACTS).history
    threads = Threads(history, history.root)
    threads.extend()
    return threads


@lru_cache(maxsize=8)
def every(threads: Threads) -> list[tuple[int, Record, list[Link]]]:
    """All events with what led to them."""
    branch = threads.branch
    return [(n, r, links_of(threads, n, r)) for n, r in enumerate(branch.records())]


def holds(branch: Branch, server: int, count: int, index: int, term: int) -> bool:
    """Whether a server's disk has an entry, or a snapshot in its place, at a position."""
    number = branch.last_change(server, count)
    assert number is not None
    host = branch[number].after
    assert isinstance(host, Host)
    log = host.disk.durable.log
    return index < log.snapshot_index or log.term_at(index) == term


@pytest.mark.parametrize("seed", RUNS)
class TestEveryRun:
    def test_what_led_to_an_event_was_before_it(self, seed: int) -> None:
        for number, _, links in every(threads_of_run(seed)):
            assert all(-1 <= link.event < number for link in links)
            earlier = [link.event for link in links if link.event >= 0]
            assert len(earlier) == len(set(earlier))
            assert all(link.words for link in links)

    def test_every_chain_ends_at_the_beginning_an_act_a_timer_or_a_client(self, seed: int) -> None:
        for _, record, links in every(threads_of_run(seed)):
            if any(link.event >= 0 for link in links):
                continue  # and those, being earlier, have ends of their own
            event = record.event
            by_itself = isinstance(event, Woke) and event.address < 0
            from_the_start = isinstance(event, TimedOut) and record.cause < 0
            assert by_itself or from_the_start or isinstance(event, Acted)

    def test_forward_is_the_inverse_of_backward(self, seed: int) -> None:
        threads = threads_of_run(seed)
        forward = defaultdict(list)
        for number, _, links in every(threads):
            for link in links:
                if link.event >= 0:
                    forward[link.event].append(number)
        for number in range(len(threads.branch)):
            assert threads.consequences(number) == forward[number]

    def test_every_message_that_ended_is_among_what_its_sender_caused(self, seed: int) -> None:
        threads = threads_of_run(seed)
        for number, record in enumerate(threads.branch.records()):
            if record.ended is not None:
                assert number in threads.consequences(record.cause)

    def test_every_commit_names_acknowledgements_that_are_a_majority(self, seed: int) -> None:
        threads = threads_of_run(seed)
        branch, needed = threads.branch, majority(len(threads.history.start.hosts))
        for number, record, links in every(threads):
            before, after = record.before, record.after
            if not isinstance(before, Host) or not isinstance(after, Host):
                continue
            index, role = after.server.commit_index, after.server.role
            if not isinstance(role, Leader) or index <= before.server.commit_index:
                continue
            term = after.server.log.recall(index, index)[0].term
            named = {}
            for link in links:
                for words in link.words.split("; "):
                    counted = _COUNTED.search(words)
                    if counted:
                        assert int(counted[2]) == needed
                        named[int(words.split(" ")[0][1:])] = link.event
            at_once = {record.part} if threads.history.settings.disk_us[1] == 0 else set()
            assert len(set(named) | at_once) >= needed
            for server, event in named.items():
                assert event < number
                assert holds(branch, server, number + 1, index, term)
                if server != record.part:
                    self._acknowledges(branch[event], server, index)

    def _acknowledges(self, record: Record, server: int, index: int) -> None:
        """The event is the arrival of the answer, or the one that sent it."""
        if record.part == server:
            messages = [flight.message for flight in record.flights]
        else:
            assert isinstance(record.event, Delivered)
            assert record.event.flight.source == server
            messages = [record.event.flight.message]
        assert any(
            (isinstance(m, AppendEntriesResponse) and m.success and m.match_index >= index)
            or (isinstance(m, InstallSnapshotResponse) and m.installed)
            for m in messages
        )

    def test_every_election_names_votes_that_are_a_majority(self, seed: int) -> None:
        threads = threads_of_run(seed)
        branch, needed = threads.branch, majority(len(threads.history.start.hosts))
        for _, record, links in every(threads):
            won = [b for b in record.because if b.reason is why.WIN_ELECTION]
            if not won or needed == 1:
                continue
            me, term = won[0].values["me"], won[0].values["term"]
            votes = [link for link in links if "voted for" in link.words]
            assert len(votes) >= needed
            for vote in votes:
                voter, seen = int(vote.words.split(" ")[0][1:]), branch[vote.event]
                if voter == me:
                    assert isinstance(seen.after, Host)
                    assert seen.after.server.current_term == term
                    assert any(b.reason is why.START_ELECTION for b in seen.because)
                    continue
                flights = [*seen.flights]
                if isinstance(seen.event, Delivered):
                    flights.append(seen.event.flight)
                assert any(
                    isinstance(flight.message, RequestVoteResponse)
                    and flight.message.vote_granted
                    and flight.message.term == term
                    and (flight.source, flight.target) == (voter, me)
                    for flight in flights
                )

    def test_an_entry_came_when_the_log_held_it_and_had_not_before(self, seed: int) -> None:
        threads = threads_of_run(seed)
        branch = threads.branch
        here = Here.behind(threads, len(branch))
        for server in threads.history.start.hosts:
            for number, record in enumerate(branch.records()):
                host = record.after
                if record.part != server or number % 7 or not isinstance(host, Host):
                    continue
                log = host.server.log
                for index in {log.last_index, log.last_index // 2, log.snapshot_index + 1}:
                    entries = log.slice(index, index)
                    if not entries:
                        continue
                    came = here.came(server, index, number + 1)
                    if came < 0:
                        continue
                    then, was = branch[came].after, branch[came].before
                    assert isinstance(then, Host)
                    assert isinstance(was, Host)
                    assert then.server.log.recall(index, index)[:1] == entries or (
                        then.server.log.snapshot_index >= index
                    )
                    assert was.server.log.slice(index, index) != entries


class TestReadingOn:
    def test_a_history_that_is_read_in_pieces_is_read_as_at_once(self) -> None:
        whole = threads_of_run(3)
        pieces = Threads(whole.history, whole.branch)
        while not pieces.extend(17):
            pass
        for number in range(len(whole.branch)):
            assert pieces.consequences(number) == whole.consequences(number)

    @pytest.mark.parametrize("seed", range(6))
    def test_a_branch_shares_what_was_before_its_fork_and_nothing_after(self, seed: int) -> None:
        history = run_random(seed, ACTS).history
        root = Threads(history, history.root)
        root.extend()
        fork = len(history.root) // 2
        world = World.at(history, history.root, count=fork, new_branch="another")
        Visitor(world, swarm=True).visit(20)
        threads = Threads(history, world.branch, root)
        threads.extend()
        forward = defaultdict(list)
        for number, record in enumerate(world.branch.records()):
            for link in links_of(threads, number, record):
                if link.event >= 0:
                    forward[link.event].append(number)
        assert len(world.branch) > fork
        for number in range(len(world.branch)):
            assert threads.consequences(number) == forward[number]

    def test_a_branch_of_a_history_not_read_yet_reads_that_first(self) -> None:
        history = run_random(4, ACTS).history
        fork = len(history.root) // 2
        world = World.at(history, history.root, count=fork, new_branch="another")
        Visitor(world, swarm=True).visit(5)
        threads = all_threads(history).of(world.branch)
        while not threads.extend(50):
            pass
        assert any(threads.consequences(n) for n in range(fork))
