"""A history that is written as a recording and read again is the same history."""

import json
from collections.abc import Iterator
from contextlib import suppress

import pytest

from raftviz.checks.checker import Checker
from raftviz.checks.random_runs import RandomRun, run_random
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.messages import AppendEntriesRequest
from raftviz.raft.server import Persistent
from raftviz.raft.variants import variant_rules
from raftviz.session.session import Session
from raftviz.shelf import read_scenario, shipped_scenarios
from raftviz.sim.history import FLIGHTS_PER_EVENT, History
from raftviz.sim.network import Held
from raftviz.sim.player import Player
from raftviz.sim.random_acts import WITH_RULES, Visitor, random_settings
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.world import World, begin
from tests.recording.recorded import (
    events_of,
    lines_of,
    read_bytes,
    same_histories,
    written,
)
from tests.sim.worlds import a_world, do, flights, led_by, played, run


def comes_back(history: History) -> None:
    """Fail unless reading gives what was written."""
    same_histories(read_bytes(written(history)).history, history)


# Whole runs


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_shipped_scenario_comes_back_as_it_was(name: str) -> None:
    scenario = read_scenario(name)
    player = Player(scenario)
    checker = Checker(player.history)
    player.watch(checker)
    player.play()

    found = read_bytes(written(player.history, scenario.title))

    same_histories(found.history, player.history)
    assert (found.title, found.violations) == (scenario.title, checker.violations)


@pytest.mark.parametrize("seed", range(16))
def test_a_run_of_random_acts_comes_back_as_it_was(seed: int) -> None:
    random = run_random(seed, 40)

    found = read_bytes(written(random.history))

    same_histories(found.history, random.history)
    assert found.violations == random.violations


@pytest.mark.parametrize("seed", range(8))
def test_a_run_in_which_rules_are_broken_and_mended_comes_back_as_it_was(seed: int) -> None:
    history = begin(random_settings(seed))
    checker = Checker(history)
    visitor = Visitor(World.at(history, watcher=checker))
    visitor.acts = WITH_RULES
    visitor.visit(40)

    found = read_bytes(written(history))

    same_histories(found.history, history)
    assert found.violations == checker.violations


VARIANTS = (
    "count_next_index",
    "match_is_current_len",
    "vote_not_persisted",
    "corrupt_state_ignored",
    "caller_supplies_term",
    "compact_uncommitted",
)
"""Between them they break nearly every property within a few runs."""


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_broke_is_found_broken_again(variant: str) -> None:
    broken = next(run for run in _runs(variant) if run.violations)

    found = read_bytes(written(broken.history))

    same_histories(found.history, broken.history)
    assert found.violations == broken.violations


def _runs(variant: str) -> Iterator[RandomRun]:
    for seed in range(60):
        with suppress(ValueError):  # what the algorithm raises when it is told what cannot be
            yield run_random(seed, 60, variant_rules(variant))


# Branches


def test_branches_and_their_branches_come_back() -> None:
    world = led_by(1)
    do(world, "request x=1")
    run(world, 40)
    history, root = world.history, world.branch
    first = World.at(history, root, count=len(root) // 2, new_branch="without")
    do(first, "crash S1", "request y=2")
    run(first, 400)
    second = World.at(history, first.branch, count=len(root) // 2 + 3, new_branch="deeper")
    run(second, 200)
    later = World.at(history, root, count=len(root) - 1, new_branch="late")
    do(later, "partition S1 | S2 S3")
    run(later, 100)
    first.branch.label.note, first.branch.label.colour = "S1 is gone", 5

    comes_back(history)


def test_each_event_is_told_once() -> None:
    world = led_by(1)
    run(world, 200)
    branch = World.at(world.history, world.branch, count=20, new_branch="again")
    run(branch, 100)

    told = [(event["branch"], event["number"]) for event in events_of(written(world.history))]

    assert len(set(told)) == len(told) == len(world.branch) + len(branch.branch) - 20


def test_what_was_undone_is_told_only_as_far_as_others_build_on_it() -> None:
    session = Session.of_settings(Settings(servers=3, seed=1))
    for _ in range(12):
        session.step()
    history, root = session.history, session.branch
    branch = World.at(history, root, count=8, new_branch="instead")
    run(branch, 50)
    root.hidden = True
    gone = World.at(history, root, count=4, new_branch="gone")
    run(gone, 50)
    gone.branch.hidden = True

    found = read_bytes(written(history)).history

    assert [b.name for b in found.branches] == ["main", "instead"]
    assert [len(b) for b in found.branches] == [8, len(branch.branch)]
    assert [b.hidden for b in found.branches] == [True, False]


# What is rare


def test_what_is_on_disks_at_the_start_comes_back() -> None:
    log = Log(Entry(i, 1 + i // 20, Command(f"x={i}")) for i in range(1, 41))
    start = {1: Persistent(4, 2, log), 2: Persistent(3, 0, log.truncate_from(30))}
    world = a_world(3, start=start)
    run(world, 300)

    comes_back(world.history)


def test_a_long_log_is_told_in_lines_of_bounded_length() -> None:
    log = Log(Entry(i, 1, Command(f"x={i % 7}")) for i in range(1, 25_001))
    history = begin(Settings(servers=2, start={1: Persistent(1, 0, log)}))

    data = written(history)

    assert max(map(len, data.splitlines())) < 300_000
    same_histories(read_bytes(data).history, history)


def test_snapshots_that_travel_in_pieces_come_back() -> None:
    world = led_by(1, options=Options(snapshot_every=3, chunk=20))
    do(world, "crash S3")
    for n in range(9):
        do(world, f"request key{n}=value{n}")
        run(world, 60)
    do(world, "restart S3")
    run(world, 900)
    assert any(host.server.snapshot for host in world.hosts.values())

    comes_back(world.history)


def test_damaged_torn_and_full_disks_come_back() -> None:
    world = led_by(1, disk_us=(ms(5), ms(10)))
    do(world, "fail-write S2", "request x=1", "fill-disk S3")
    run(world, 4)
    do(world, "damage S2", "fail-apply S1")
    run(world, 300)
    do(world, "crash S2", "restart S2", "free-disk S3")
    run(world, 200)
    do(world, "request y=1")
    while not world.hosts[1].disk.writes:
        world.step()
    do(world, "tear S1", "restart S1")
    run(world, 300)
    assert world.hosts[2].refuses

    comes_back(world.history)


def test_mail_that_waits_for_a_paused_server_comes_back() -> None:
    world = led_by(1)
    do(world, "pause S2", "request x=1")
    run(world, 120)
    assert world.hosts[2].backlog
    do(world, "resume S2")
    run(world, 100)

    comes_back(world.history)


def test_messages_that_were_held_delayed_and_doubled_come_back() -> None:
    world = led_by(1)
    do(world, "request x=1")
    while not flights(world, AppendEntriesRequest, 1, 3):
        world.step()
    do(world, "duplicate AppendEntries S1 -> S2", "hold AppendEntries S1 -> S3")
    run(world, 20)
    do(world, "delay AppendEntries S1 -> S3 by 10ms", "partition S3 | S1 S2", "heal")
    assert any(isinstance(flight, Held) for flight in world.flights.values())
    do(world, "release AppendEntries S1 -> S3")
    run(world, 100)

    comes_back(world.history)


@pytest.mark.parametrize("machine", ["map", "counter", "lock"])
def test_every_kind_of_state_machine_comes_back(machine: str) -> None:
    command = {"map": "x=1", "counter": "+3", "lock": "lock me"}[machine]
    world = led_by(1, options=Options(machine=machine))
    do(world, f"request {command}", f"request {command} from C2", "crash S2")
    run(world, 200)
    do(world, "restart S2")
    run(world, 300)

    comes_back(world.history)


def test_a_variant_that_breaks_a_rule_is_told_like_any_other_run() -> None:
    history = begin(Settings(servers=3, seed=3, disk_us=(ms(5), ms(9))))
    cluster = Cluster.of_size(3, Options(snapshot_every=2), variant_rules("log_not_persisted"))
    world = World.at(history, cluster=cluster)
    do(world, "timeout S1")
    run(world, 100)
    do(world, "request x=1", "request y=1", "request z=1")
    run(world, 100)
    do(world, "crash S2", "restart S2")
    run(world, 300)

    comes_back(history)


# How it looks


def test_every_line_says_what_it_is() -> None:
    data = written(
        played("cluster 5 seed=1\ntimeout S1\nuntil leader\nrequest x=1\nrun 100ms").history,
        "A title",
    )
    header, *lines = lines_of(data)

    assert (header["schema"], header["version"], header["title"]) == ("raftviz-trace", 1, "A title")
    assert header["servers"] == [f"S{n}" for n in range(1, len(header["servers"]) + 1)]
    assert header["events"] == len(events_of(data))
    assert header["settings"]["seed"] == 1
    assert {line["kind"] for line in lines} >= {"start", "branch", "act", "deliver", "write"}


def test_an_event_tells_what_happened_the_messages_the_state_and_the_reasons() -> None:
    history = played(
        "cluster 5 seed=1\ntimeout S1\nuntil leader == S1\nrequest x=1 to S1\nrun 60ms"
    ).history
    events = events_of(written(history))

    (timeout, *_) = (event for event in events if event.get("act") == "timeout S1")
    assert timeout["part"] == "S1"
    assert timeout["reasons"][0]["section"] == "§5.2"
    assert "S1 heard from no leader" in timeout["reasons"][0]["sentence"]
    sent = next(message for event in events for message in event.get("sends", []))
    assert (sent["type"], sent["from"], sent["candidate_id"]) == ("RequestVote", "S1", "S1")
    arrived = next(e for e in events if e["kind"] == "deliver" and e["message"]["id"] == sent["id"])
    assert arrived["time_us"] == sent["arrives_us"]
    assert arrived["cause"] == sent["id"] // FLIGHTS_PER_EVENT
    state = arrived["state"]
    assert (state["current_term"], state["voted_for"], state["status"]) == (1, "S1", "up")
    appended = [e for e in events if "x=1" in json.dumps(e.get("state", {}).get("log", ""))]
    assert {event["part"] for event in appended} == {f"S{n}" for n in range(1, 6)}


def test_a_line_does_not_depend_on_the_lines_before_it_for_what_is_asked_first() -> None:
    history = played("cluster 5 seed=1\ntimeout S1\nrun 500ms").history
    first = {"status", "role", "current_term", "voted_for", "commit_index", "last_applied"}

    for event in events_of(written(history)):
        if event["part"].startswith("S"):
            assert first <= event["state"].keys()
